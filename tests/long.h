/* How many random cases tests run: the usual number, ZSC_CHECK_LONG times as many (make check-long), or one in
 * ZSC_CHECK_PART of them (.ci/run with a second compiler and under sanitizers, after all have run without). */
#ifndef ZSC_TESTS_LONG_H
#define ZSC_TESTS_LONG_H

#include <stdlib.h>

static inline size_t check_number(const char *name)
{
    const char *text = getenv(name);
    size_t number = text ? (size_t)strtoul(text, NULL, 10) : 1;
    return number ? number : 1; /* any other word counts as 1: never as none */
}

static inline size_t check_long(void) { return check_number("ZSC_CHECK_LONG"); }

static inline size_t check_cases(size_t usual)
{
    size_t part = check_number("ZSC_CHECK_PART");
    return (usual * check_long() + part - 1) / part;
}

#endif
