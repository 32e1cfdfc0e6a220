/* Dividing millions of clusters into cells can take longer than all the searches in the tree that it would replace.
 * Whether cells compare less can be seen from some of the clusters: ranges of neighbouring blocks of the tree, in which
 * clusters are near one another. The number of groups is in proportion to the number of clusters. The clusters and
 * cells that a query is compared with grow with a power of it: 0.5 to 0.9 on UMAP output and isotropic data
 * (doc/ward.md). The estimate takes the square root. */
#include "ward/cells_sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"

enum {
    QUERIES = 64,
    AT_ONCE = 16, /* clusters that a cell is searched for, on average */
    RANGES = 4,
    RANGE = 8192, /* clusters of a range */
    USEFUL = 2    /* times as many clusters as those of all ranges */
};

/* With how many clusters and cells a query is compared, the mean of a sample. */
static double compared_nearby(const zsc_ward_cells *cells, const zsc_ward_clusters *s,
                              const zsc_ward_cells_scratch *scratch, int threads)
{
    size_t compared = 0, step = cells->positions / QUERIES;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) reduction(+ : compared)
    for (size_t q = 0; q < QUERIES; q++) {
        zsc_ward_near_list near;
        const int32_t slot = cells->slot[q * step];
        const zsc_ward_cells_scratch *own = &scratch[zsc_thread_number()];
        size_t together = zsc_ward_cells_search(cells, s, &slot, 1, false, own, &near);
        compared += near.radius < 0 ? zsc_ward_cells_search(cells, s, &slot, 1, true, own, &near) : together;
    }
    return (double)compared / QUERIES;
}

/* A query alone is compared with all groups, of which those of a cell share the cost. */
static double in_blocks(double nearby, double groups) { return (nearby + groups / AT_ONCE) / ZSC_WARD_BLOCK; }

double zsc_ward_cells_compared(const zsc_ward_cells *cells, const zsc_ward_clusters *s,
                               const zsc_ward_cells_scratch *scratch, int threads)
{
    return in_blocks(compared_nearby(cells, s, scratch, threads), (double)cells->group.count);
}

bool zsc_ward_cells_sample_useful(size_t clusters) { return clusters >= USEFUL * RANGES * RANGE; }

size_t zsc_ward_cells_sample_memory(size_t d, int threads)
{
    const size_t clusters = RANGES * RANGE;
    return clusters * (zsc_ward_stride(d) + 1) * sizeof(double) +
           zsc_ward_cells_memory(clusters, clusters, d, threads) + zsc_ward_cells_scratch_memory(clusters, clusters, d);
}

/* The clusters of the ranges, to SOME: RANGES x RANGE of them at most. */
static void take_ranges(const zsc_ward_box_tree *tree, const zsc_ward_clusters *s, zsc_ward_clusters *some)
{
    const size_t size = RANGE / ZSC_WARD_BLOCK;
    for (size_t r = 0; r < RANGES; r++) {
        const size_t first = (2 * r + 1) * tree->blocks / (2 * RANGES) - size / 2;
        for (size_t p = first * ZSC_WARD_BLOCK; p < (first + size) * ZSC_WARD_BLOCK; p++) {
            if (tree->slot[p] < 0) continue;
            const size_t slot = (size_t)tree->slot[p];
            memcpy(some->c + some->m * some->stride, s->c + slot * s->stride, s->stride * sizeof *s->c);
            some->weight[some->m++] = s->weight[slot];
        }
    }
    some->live = some->m;
}

zsc_status zsc_ward_cells_sample(const zsc_ward_box_tree *tree, const zsc_ward_clusters *s, const zsc_exec *exec,
                                 double *compared)
{
    zsc_status status = ZSC_OK;
    zsc_ward_clusters some = {.d = s->d, .stride = s->stride};
    zsc_ward_cells cells = {0};
    zsc_ward_cells_scratch scratch = {0};
    ZSC_NEW_RAW(some.c, RANGES * RANGE * s->stride);
    ZSC_NEW_RAW(some.weight, RANGES * RANGE);
    take_ranges(tree, s, &some);
    ZSC_TRY(zsc_ward_cells_make(&some, zsc_ward_cells_as_of(s), exec, &cells));
    ZSC_TRY(zsc_ward_cells_scratch_make(&cells, &scratch));
    const double times = (double)s->live / (double)some.live;
    *compared = in_blocks(sqrt(times) * compared_nearby(&cells, &some, &scratch, 1), times * (double)cells.group.count);
done:
    zsc_ward_cells_scratch_free(&scratch);
    zsc_ward_cells_free(&cells);
    free(some.c);
    free(some.weight);
    return status;
}
