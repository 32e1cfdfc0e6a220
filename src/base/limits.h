/* The process's own limits (setrlimit, ulimit) on what it may map. */
#ifndef ZSC_BASE_LIMITS_H
#define ZSC_BASE_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether address space (RLIMIT_AS, ulimit -v) or data (RLIMIT_DATA, ulimit -d) is limited. */
bool zsc_limits_are_set(void);

/* Whether BYTES more can be mapped at once; asks the system by mapping them. */
bool zsc_limits_allow(size_t bytes);

/* Bytes that the two limits leave; SIZE_MAX where there is none. */
size_t zsc_limits_address_space(void);
size_t zsc_limits_data(void);

#endif
