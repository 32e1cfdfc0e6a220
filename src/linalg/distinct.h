/* Rows that repeat exactly: found once, so that searches, layouts and clusterings can work on the distinct ones. */
#ifndef ZSC_LINALG_DISTINCT_H
#define ZSC_LINALG_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

/* The n rows as `count` groups of equal rows (0.0 equals -0.0), numbered by their first row. */
typedef struct zsc_distinct {
    size_t n, count;
    int32_t *group;  /* n: the group of each row */
    int32_t *first;  /* count: the first row of each group, ascending; first[g] >= g */
    int32_t *offset; /* count + 1: where each group's rows begin in `member` */
    int32_t *member; /* n: rows group by group, ascending within one */
} zsc_distinct;

/* The groups of x (n x d, row-major, without NaN; n at most INT32_MAX), in single or in double precision. Rows of equal
 * hash are compared in full. O(n d) for few repeats; *out is set on success only, the caller frees it. Fails when
 * memory runs out. */
zsc_status zsc_distinct_find(const float *x, size_t n, size_t d, const zsc_exec *exec, zsc_distinct *out);
zsc_status zsc_distinct_find_f64(const double *x, size_t n, size_t d, const zsc_exec *exec, zsc_distinct *out);
void zsc_distinct_free(zsc_distinct *distinct);

/* Bytes that zsc_distinct_find needs at most, its result included. */
size_t zsc_distinct_memory(size_t n);
size_t zsc_distinct_kept(size_t n); /* its result alone */

#endif
