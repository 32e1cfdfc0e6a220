/* Option structs that can grow. The first member of each is its size; the head of zsc/status.h states the rule. A
 * public function takes a whole copy of what it was given before it reads anything. Defined in options.c. */
#ifndef ZSC_BASE_OPTIONS_H
#define ZSC_BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Copies what the caller's struct has over the defaults in whole (size bytes); false where it has more. FIRST: bytes of
 * the struct in zsc 0.1.0, which a caller's size of 0 stands for. */
bool zsc_options_take(void *whole, size_t size, const void *given, size_t first);

/* Writes as much of whole (size bytes) as the caller's struct of given_size bytes holds, with that as its size. */
void zsc_options_fill(void *given, size_t given_size, const void *whole, size_t size);

zsc_status zsc_options_refuse(const char *what, size_t given, size_t size);

/* At the beginning of a function: POINTER points to a whole copy from here on; NULL stands for the defaults. */
#define ZSC_OPTIONS_COPY(type, pointer, defaults)                                                                      \
    type pointer##_whole = defaults;                                                                                   \
    const bool pointer##_known = !(pointer) ||                                                                         \
                                 zsc_options_take(&pointer##_whole, sizeof pointer##_whole, (pointer), type##_first)
/* In functions that return a status, and in others: fields that are not known count as if they were not there. */
#define ZSC_OPTIONS(type, pointer, defaults)                                                                           \
    ZSC_OPTIONS_COPY(type, pointer, defaults);                                                                         \
    if (!pointer##_known) return zsc_options_refuse(#type, *(const size_t *)(const void *)(pointer), sizeof(type));    \
    (pointer) = &pointer##_whole
#define ZSC_OPTIONS_KNOWN(type, pointer, defaults)                                                                     \
    ZSC_OPTIONS_COPY(type, pointer, defaults);                                                                         \
    (void)pointer##_known;                                                                                             \
    (pointer) = &pointer##_whole

#endif
