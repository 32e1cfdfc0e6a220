/* An order in which near rows stand together. */
#ifndef ZSC_KNN_PD_TREE_H
#define ZSC_KNN_PD_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

enum { ZSC_PD_TREE_MOST = 32 }; /* coordinates */

/* order (n, a permutation on entry) is split by halves, each across the direction in which its rows spread most, until
 * the nodes hold at most `leaf` rows; nodes are whole multiples of `leaf` but for the last. z: n x q coordinates, z[i]
 * those of row i; q at most ZSC_PD_TREE_MOST. The same at any number of threads. O(n q log(n / leaf)).
 * Questions whether to go on are asked as STAGE. */
zsc_status zsc_pd_tree_order(const float *z, size_t n, size_t q, size_t leaf, const char *stage, const zsc_exec *exec,
                             int32_t *order);
size_t zsc_pd_tree_memory(size_t n);

/* The columns of x (n x d) of largest variance in a sample, ZSC_PD_TREE_MOST at most, ascending. */
zsc_status zsc_pd_tree_choose_columns(const float *x, size_t n, size_t d, size_t *column, size_t *count);
/* zsc_pd_tree_order of x (n x d) by those columns; order (n) is filled. Takes a
 * copy of those columns besides zsc_pd_tree_memory. */
zsc_status zsc_pd_tree_order_rows(const float *x, size_t n, size_t d, size_t leaf, const char *stage,
                                  const zsc_exec *exec, int32_t *order);

#endif
