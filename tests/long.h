/* How many times as long tests run: ZSC_CHECK_LONG (make check-long), or 1. */
#ifndef ZSC_TESTS_LONG_H
#define ZSC_TESTS_LONG_H

#include <stdlib.h>

static inline size_t check_long(void)
{
    const char *text = getenv("ZSC_CHECK_LONG");
    size_t times = text ? (size_t)strtoul(text, NULL, 10) : 1;
    return times ? times : 1; /* any other word asks for a long check, too: never for none */
}

#endif
