/* Failure messages, one per thread. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE_SIZE = 1024 };
static _Thread_local char message[MESSAGE_SIZE];

const char *zsc_error_message(void) { return message; }

static size_t first_number;

void zsc_count_from(int first) { first_number = first > 0 ? (size_t)first : 0; }

size_t zsc_number(size_t index) { return index + first_number; }

void zsc_error_clear(void) { message[0] = '\0'; }

zsc_status(zsc_fail)(zsc_status status, const char *format, ...)
{
    char text[MESSAGE_SIZE]; /* the arguments may point into the old message */
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    memcpy(message, text, sizeof message);
    return status;
}

zsc_status zsc_context(zsc_status status, const char *format, ...)
{
    if (status == ZSC_OK) return status;
    char before[MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(before, sizeof before, format, args);
    va_end(args);
    char inner[MESSAGE_SIZE];
    memcpy(inner, message, sizeof inner);
    int used = snprintf(message, sizeof message, "%s: ", before);
    if (used >= 0 && used < MESSAGE_SIZE) strncat(message, inner, sizeof message - (size_t)used - 1);
    return status;
}

zsc_status zsc_fail_memory(size_t count, size_t size, const char *what)
{
    return zsc_fail(ZSC_EINTERNAL, "out of memory: %zu x %zu bytes for %s", count, size, what);
}
