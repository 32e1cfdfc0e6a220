/* A user's value from its text: one reading for the command line, sweep files and tables. The whole text must be the
 * value, and lie in its range; blanks, hexadecimal numbers, NaN and infinities are refused. */
#ifndef ZSC_BASE_VALUE_H
#define ZSC_BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/status.h"

/* Digits alone, at most 2^64 - 1. */
bool zsc_value_digits(const char *text, uint64_t *out);
/* A finite decimal number, such as 0.5 or 1e-3. */
bool zsc_value_number(const char *text, double *out);

/* Whose value it is: a refusal reads "<prefix><name> expects ..., not '<text>'" and has this status. */
typedef struct zsc_value_owner {
    const char *prefix, *name;
    zsc_status status;
} zsc_value_owner;

/* From LEAST to MOST; both 0: any. A count may be written as 1e3 too. */
zsc_status zsc_value_count(const zsc_value_owner *owner, const char *text, double least, double most, size_t *out);
zsc_status zsc_value_real(const zsc_value_owner *owner, const char *text, double least, double most, double *out);
/* The position of TEXT in CHOICES, "a|b|c". */
zsc_status zsc_value_choice(const zsc_value_owner *owner, const char *text, const char *choices, int *out);
/* The same where the value may be left out: true is the second choice, false the first. */
zsc_status zsc_value_optional_choice(const zsc_value_owner *owner, const char *text, const char *choices, int *out);
zsc_status zsc_value_flag(const zsc_value_owner *owner, const char *text, bool *out);

/* The N-th of CHOICES, from 0, cut to what BUFFER takes, or "" where there are fewer; BUFFER. */
const char *zsc_value_choice_text(const char *choices, int n, char *buffer, size_t size);

/* Seeds in the order in which they were given, each once; start from {0}, the owner frees .item. */
typedef struct zsc_seeds {
    uint64_t *item;
    size_t count, capacity;
    size_t repeated;   /* how many were given again */
    uint64_t greatest; /* of those that are there */
} zsc_seeds;
/* Adds those of "0", "0,1,2", "0-9" or "0,5-9". */
zsc_status zsc_value_seeds(const zsc_value_owner *owner, const char *text, zsc_seeds *seeds);
/* Whether SEED is one of TEXT, which zsc_value_seeds takes. */
bool zsc_value_has_seed(const char *text, uint64_t seed);

#endif
