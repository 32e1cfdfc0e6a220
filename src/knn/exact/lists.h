/* The neighbours found so far, a list per row and concatenation.
 *
 * Rows go by their position in the blocked index. First pass: a list holds positions by the values of tiles, without
 * order, the row itself at -infinity. Second pass: rows by their distances, a heap of k in which the row itself stands
 * at -1, before whatever else is at distance 0.
 *
 * Locks are pthread's: those of LLVM's OpenMP are of no use in the child of a process that had any. */
#ifndef ZSC_KNN_EXACT_LISTS_H
#define ZSC_KNN_EXACT_LISTS_H

#include <math.h>
#include <pthread.h>

#include "knn/blocks/block_index.h"
#include "knn/top_k.h"

/* The lists of one concatenation. */
typedef struct zsc_exact_list {
    int32_t *index; /* n x capacity */
    float *value;
    size_t *size;
    float *limit; /* blocks x ZSC_TILE: values beyond are of no use; -infinity: the row is finished */
} zsc_exact_list;

typedef struct zsc_exact_lists {
    size_t n, blocks, count;      /* rows, blocks, concatenations */
    size_t k, keep, capacity;     /* keep: how many the first pass is to leave of a row, k or more */
    const zsc_block_index *index; /* whose order positions are of, and whose scale limits are in */
    const zsc_block_index *keys;  /* those that are listed: of the same index, or of another */
    int32_t first_key;            /* of another: the number of its first row among all keys */
    zsc_exact_list *list;         /* count */
    pthread_mutex_t *lock;        /* one per block, for all concatenations */
    size_t locks;
    int threads;
    uint64_t measured; /* distances that were computed in double */
} zsc_exact_lists;

/* A pair of rows of two blocks, as one concatenation has it. */
typedef struct zsc_exact_pair {
    uint16_t i, j;  /* within their blocks */
    float value;    /* of the tiles; later the distance */
    double squares; /* between quantised vectors, later of the distance: feature blocks are added one by one */
} zsc_exact_pair;

/* Lists of the rows of `keys` for those of `index`; where both are the same, each row has itself. The indices stay the
 * caller's and must outlive the lists. */
zsc_status zsc_exact_lists_make(const zsc_block_index *index, const zsc_block_index *keys, size_t count, size_t k,
                                size_t keep, int threads, zsc_exact_lists *out);
void zsc_exact_lists_free(zsc_exact_lists *lists);
size_t zsc_exact_lists_memory(size_t n, size_t count, size_t keep);

/* Whether rows are listed for each other. */
static inline bool zsc_exact_lists_own(const zsc_exact_lists *s) { return s->index == s->keys; }

/* A list of the row itself alone, or of nothing where others are listed; `row`: its position or its row, as the pass
 * has it. */
void zsc_exact_lists_begin(const zsc_exact_lists *s, size_t c, size_t at, int32_t row, float itself);
static inline void zsc_exact_lists_restart(const zsc_exact_lists *s, size_t c, size_t at)
{
    zsc_exact_lists_begin(s, c, at, s->index->order[at], -1);
}
/* The half-limit that stands for a distance in the list of the row at a position, which is -1 for the row itself. */
static inline float zsc_exact_lists_limit_of(const zsc_exact_lists *s, size_t at, float distance)
{
    return zsc_block_index_limit(s->index, at, zsc_exact_lists_own(s) ? fmaxf(0, distance) : distance);
}

/* Copies the limits of block b of all concatenations (count x ZSC_TILE). False if no row looks for anything. */
bool zsc_exact_lists_limits(zsc_exact_lists *lists, size_t b, float *limit);

/* First pass: pairs of blocks b and other for the rows of b, the first (side 0) or second of each pair. COPY, unless
 * NULL: the caller's copy of the limits of b. */
void zsc_exact_lists_keep(zsc_exact_lists *lists, size_t c, int side, size_t b, size_t other,
                          const zsc_tile_pair *pairs, size_t count, float *copy);

/* zsc_exact_lists_keep, of the `keep` first in the order (value, position): what is kept does not depend on the order
 * in which pairs come, and so not on threads. */
void zsc_exact_lists_keep_first(zsc_exact_lists *lists, size_t c, int side, size_t b, size_t other,
                                const zsc_tile_pair *pairs, size_t count);

/* Second pass: the same with distances in `value`. */
void zsc_exact_lists_merge(zsc_exact_lists *lists, size_t c, int side, size_t b, size_t other,
                           const zsc_exact_pair *pairs, size_t count);

static inline void zsc_exact_lists_count(zsc_exact_lists *s, size_t measured)
{
    __atomic_fetch_add(&s->measured, measured, __ATOMIC_RELAXED);
}

/* Takes what is certainly not among the best out of a list of the first pass. */
static inline void zsc_exact_lists_cut(const zsc_exact_lists *s, size_t c, size_t at)
{
    const zsc_exact_list *l = &s->list[c];
    zsc_top_k_cut(s->index->kernels, l->value + at * s->capacity, l->index + at * s->capacity, &l->size[at], s->keep,
                  &l->limit[at]);
}

/* The k best of concatenation c, by row (n x k each, from the caller), the row itself first at distance 0 where it is
 * listed. Frees its lists. */
void zsc_exact_lists_take(zsc_exact_lists *lists, size_t c, int32_t *index, float *distance);

#endif
