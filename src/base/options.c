#include "base/options.h"

#include <string.h>

bool zsc_options_take(void *whole, size_t size, const void *given, size_t first)
{
    size_t own;
    memcpy(&own, given, sizeof own);
    if (own == 0) own = first;
    memcpy(whole, given, own < size ? own : size);
    memcpy(whole, &size, sizeof size);
    return own <= size;
}

void zsc_options_fill(void *given, size_t given_size, const void *whole, size_t size)
{
    size_t filled = given_size < size ? given_size : size;
    memset(given, 0, given_size);
    memcpy(given, whole, filled);
    memcpy(given, &filled, sizeof filled);
}

zsc_status zsc_options_refuse(const char *what, size_t given, size_t size)
{
    return zsc_fail(ZSC_EUSAGE,
                    "%s of %zu bytes are those of a later zsc; this library, %zu bytes, lacks some of their fields",
                    what, given, size);
}
