/* Vectors divided into cells of near ones, and cells into groups (divide.c). */
#ifndef ZSC_WARD_DIVIDE_H
#define ZSC_WARD_DIVIDE_H

#include <stddef.h>
#include <stdint.h>

#include "base/threads.h"
#include "zsc/status.h"

typedef struct zsc_ward_division {
    size_t groups, cells;
    int32_t *group_begin; /* groups + 1: the first cell of each */
    int32_t *cell_begin;  /* cells + 1: the first vector of each, in the order */
} zsc_ward_division;

/* m vectors, 1 or more, of `width` numbers each, of which those beyond d are 0, into groups and cells as large as if
 * there were `of` of them. order: m, from the caller, receives their numbers by cell. Nothing but speed depends on the
 * division. Some sqrt(m) / 2 to 2 sqrt(m) distances per vector.
 * ZSC_EINTERRUPTED: it was stopped. The caller frees *out with zsc_ward_division_free. */
zsc_status zsc_ward_divide(const float *vector, size_t m, size_t of, size_t d, size_t width, zsc_polls *polls,
                           int32_t *order, zsc_ward_division *out);
void zsc_ward_division_free(zsc_ward_division *division);

/* For tests: groups and cells of about so many vectors, so that few vectors have several; 0: as usual. */
void zsc_ward_divide_force(size_t most);

/* How many groups and cells m vectors have at most, in one division or in two of so many together; bytes of dividing
 * them, beside the vectors and their order. */
size_t zsc_ward_groups_most(size_t m, size_t of);
size_t zsc_ward_cells_most(size_t m, size_t of);
size_t zsc_ward_divide_memory(size_t m, size_t of, size_t d, int threads);

#endif
