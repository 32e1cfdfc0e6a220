/* Which numbers a float cannot hold. */
#ifndef ZSC_IO_NUMBER_WIDTH_H
#define ZSC_IO_NUMBER_WIDTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a float cannot hold all numbers of a type: floats, or else integers, of so many bytes. */
static inline bool zsc_is_wide(bool floats, size_t bytes) { return bytes > (floats ? sizeof(float) : sizeof(int16_t)); }

#endif
