/* Names and numbers: each distinct string gets the next number, found again by hash. For ids (number = row) and for the
 * levels of a column. */
#ifndef ZSC_BASE_NAMES_H
#define ZSC_BASE_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "zsc/status.h"

typedef struct zsc_names { /* start from {0} */
    char *letters;         /* the names one after the other, each with its zero */
    size_t used, capacity;
    size_t *offset;
    size_t count, offset_capacity;
    uint64_t *slot; /* upper half: of the hash; lower half: number + 1 */
    size_t slots;   /* a power of two */
    size_t last;    /* number that was given last: names often come several times in a row */
} zsc_names;

/* *number is the name's; *added (may be NULL) tells whether it is new. At most 2^31 - 1 names. */
zsc_status zsc_names_add(zsc_names *names, const char *text, size_t length, int32_t *number, int *added);
/* -1: not there. */
int32_t zsc_names_find(const zsc_names *names, const char *text, size_t length);
static inline const char *zsc_names_get(const zsc_names *names, size_t number)
{
    return names->letters + names->offset[number];
}
void zsc_names_free(zsc_names *names);

#endif
