#include "base/value.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

/* --- Numbers */
static bool digits(const char *text, size_t length, uint64_t *out)
{
    uint64_t value = 0;
    if (length == 0) return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value))
            return false;
    }
    *out = value;
    return true;
}

bool zsc_value_digits(const char *text, uint64_t *out) { return digits(text, strlen(text), out); }

bool zsc_value_number(const char *text, double *out)
{
    char *end;
    if (!*text || strspn(text, "+-.0123456789eE") != strlen(text))
        return false; /* no blank, no 0x1p3, no nan, no inf */
    errno = 0;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value) || (errno && value == 0)) return false;
    *out = value;
    return true;
}

static zsc_status refuse(const zsc_value_owner *o, const char *expected, const char *text)
{
    return zsc_fail(o->status, "%s%s expects %s, not '%s'", o->prefix, o->name, expected, text);
}

static zsc_status check_range(const zsc_value_owner *o, const char *text, double value, double least, double most)
{
    if ((least == 0 && most == 0) || (value >= least && value <= most)) return ZSC_OK;
    if (isinf(most))
        return zsc_fail(o->status, "%s%s expects a number from %.15g, not '%s'", o->prefix, o->name, least, text);
    return zsc_fail(o->status, "%s%s expects a number from %.15g to %.15g, not '%s'", o->prefix, o->name, least, most,
                    text);
}

zsc_status zsc_value_count(const zsc_value_owner *owner, const char *text, double least, double most, size_t *out)
{
    static const double greatest = 9007199254740992; /* 2^53: doubles count no further */
    uint64_t count = 0;
    double number = 0;
    if (!zsc_value_digits(text, &count)) {
        if (!zsc_value_number(text, &number) || number != floor(number) || number < 0 || number > greatest)
            return refuse(owner, "a whole number", text);
        count = (uint64_t)number;
    }
    if (count > INT64_MAX || count > SIZE_MAX) return refuse(owner, "a whole number below 2^63", text);
    zsc_status status = check_range(owner, text, (double)count, least, most);
    if (status == ZSC_OK) *out = (size_t)count;
    return status;
}

zsc_status zsc_value_real(const zsc_value_owner *owner, const char *text, double least, double most, double *out)
{
    double number = 0;
    if (!zsc_value_number(text, &number)) return refuse(owner, "a number", text);
    zsc_status status = check_range(owner, text, number, least, most);
    if (status == ZSC_OK) *out = number;
    return status;
}

/* --- Words */
zsc_status zsc_value_choice(const zsc_value_owner *owner, const char *text, const char *choices, int *out)
{
    size_t length = strlen(text);
    const char *p = choices;
    for (int i = 0; *p; i++) {
        size_t n = strcspn(p, "|");
        if (n == length && strncmp(p, text, n) == 0) {
            *out = i;
            return ZSC_OK;
        }
        p += n + (p[n] == '|');
    }
    return zsc_fail(owner->status, "%s%s expects one of %s, not '%s'", owner->prefix, owner->name, choices, text);
}

const char *zsc_value_choice_text(const char *choices, int n, char *buffer, size_t size)
{
    for (; n > 0; n--) {
        choices += strcspn(choices, "|");
        choices += *choices == '|';
    }
    snprintf(buffer, size, "%.*s", (int)strcspn(choices, "|"), choices);
    return buffer;
}

zsc_status zsc_value_optional_choice(const zsc_value_owner *owner, const char *text, const char *choices, int *out)
{
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) return zsc_value_choice(owner, text, choices, out);
    *out = text[0] == 't';
    return ZSC_OK;
}

zsc_status zsc_value_flag(const zsc_value_owner *owner, const char *text, bool *out)
{
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) return refuse(owner, "true or false", text);
    *out = text[0] == 't';
    return ZSC_OK;
}

/* --- Seeds */
/* One of "3" and "3-9", up to the comma or the end; *next: what follows. */
static bool range_of(const char *text, uint64_t *first, uint64_t *last, const char **next)
{
    enum { MOST = 100000 };
    size_t length = strcspn(text, ","), dash = strcspn(text, "-,");
    if (!digits(text, dash, first)) return false;
    *last = *first;
    if (dash < length && !digits(text + dash + 1, length - dash - 1, last)) return false;
    *next = text[length] ? text + length + 1 : text + length;
    return *last >= *first && *last - *first < MOST && !(text[length] && !text[length + 1]);
}

static bool has(const zsc_seeds *seeds, uint64_t seed)
{
    if (seeds->count == 0 || seed > seeds->greatest) return false;
    for (size_t i = 0; i < seeds->count; i++)
        if (seeds->item[i] == seed) return true;
    return false;
}

static zsc_status add(zsc_seeds *seeds, uint64_t seed)
{
    if (has(seeds, seed)) {
        seeds->repeated++;
        return ZSC_OK;
    }
    zsc_status status = zsc_grow(&seeds->item, &seeds->capacity, seeds->count + 1, sizeof *seeds->item, "seeds");
    if (status != ZSC_OK) return status;
    seeds->item[seeds->count++] = seed;
    if (seed > seeds->greatest) seeds->greatest = seed;
    return ZSC_OK;
}

zsc_status zsc_value_seeds(const zsc_value_owner *owner, const char *text, zsc_seeds *seeds)
{
    const char *p = text;
    do {
        uint64_t first = 0, last = 0;
        if (!range_of(p, &first, &last, &p)) return refuse(owner, "seeds such as 0, or 0,1,2, or 0-9", text);
        for (uint64_t s = first;; s++) {
            zsc_status status = add(seeds, s);
            if (status != ZSC_OK) return status;
            if (s == last) break;
        }
    } while (*p);
    return ZSC_OK;
}

bool zsc_value_has_seed(const char *text, uint64_t seed)
{
    const char *p = text;
    do {
        uint64_t first = 0, last = 0;
        if (!range_of(p, &first, &last, &p)) return false;
        if (seed >= first && seed <= last) return true;
    } while (*p);
    return false;
}
