/* Making the message of a failure. The message is made where the error is found; callers add context. */
#ifndef ZSC_BASE_ERROR_H
#define ZSC_BASE_ERROR_H

#include <stddef.h>

#include "zsc/status.h"

/* Sets this thread's message and returns STATUS. */
__attribute__((format(printf, 2, 3))) zsc_status zsc_fail(zsc_status status, const char *format, ...);
/* What comes back is said here, so that compilers and analysers of a caller alone see it. */
static inline zsc_status zsc_failed(zsc_status status, zsc_status told)
{
    (void)told;
    return status;
}
#define zsc_fail(status, ...) zsc_failed(status, zsc_fail(status, __VA_ARGS__))

/* Puts "CONTEXT: " before this thread's message if STATUS is a failure; returns STATUS. */
__attribute__((format(printf, 2, 3))) zsc_status zsc_context(zsc_status status, const char *format, ...);

/* ZSC_EINTERNAL with "out of memory: COUNT x SIZE bytes for WHAT". */
zsc_status zsc_fail_memory(size_t count, size_t size, const char *what);

void zsc_error_clear(void);

/* How a message calls row, column or neighbour INDEX of an array: zsc_count_from. */
size_t zsc_number(size_t index);

/* For functions with one exit: a variable `status` and a label `done`. */
#define ZSC_TRY(call)                                                                                                  \
    do {                                                                                                               \
        if ((status = (call)) != ZSC_OK) goto done;                                                                    \
    } while (0)

#endif
