/* The algorithms: the m - 1 merges of the distinct rows, with heights in the scale of the input. *how is set to a
 * static string that names the algorithm.
 *
 *   zsc_ward_run_reciprocal   Ward                    ward.c
 *   zsc_ward_run_single       single linkage          single.c
 *   zsc_ward_run_nn_chain     average and complete    nn_chain.c
 */
#ifndef ZSC_WARD_METHODS_H
#define ZSC_WARD_METHODS_H

#include "ward/linkage_state.h"
#include "ward/prepare.h"
#include "zsc/ward.h"

/* Bytes that Ward's method of m distinct rows holds beside its search. */
size_t zsc_ward_row_memory(size_t m);
/* Clusters sleep (ward.c) from this many distinct rows on; 0: as it is by itself. For tests. */
void zsc_ward_sleep_force(size_t rows);
/* KEEPER may be NULL. */
zsc_status zsc_ward_run_reciprocal(const zsc_ward_points *points, const zsc_ward_keeper *keeper, const zsc_exec *exec,
                                   zsc_ward_merge *merges, const char **how);
zsc_status zsc_ward_run_single(const zsc_ward_points *points, const zsc_exec *exec, zsc_ward_merge *merges,
                               const char **how);
zsc_status zsc_ward_run_nn_chain(const zsc_ward_points *points, zsc_linkage_method method, const zsc_exec *exec,
                                 zsc_ward_merge *merges, const char **how);
size_t zsc_ward_nn_chain_memory(size_t m); /* of m distinct rows, beside them, at most; it checks what it needs */

#endif
