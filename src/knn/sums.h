/* What the files of the search over many concatenations share (sums.c says how it goes). */
#ifndef ZSC_KNN_SUMS_H
#define ZSC_KNN_SUMS_H

#include <omp.h>

#include "knn/frame.h"
#include "zsc/knn.h"

enum {
    ZSC_SUMS_SPARE = 6,      /* rows kept beyond k in the first walk */
    ZSC_SUMS_STRIP = 24,     /* rows of a strip, at least: tiles of 16 parts take 370 kB */
    ZSC_SUMS_PICKED = 65536, /* pairs of a tile that are put together before they are sorted by set */
    ZSC_SUMS_PAIRS =
        1 << 20, /* pairs that are looked at together, and batches of them: those of a unit's tiles, if they fit */
    ZSC_SUMS_BATCHES = 2 * ZSC_TILE_GROUP * ZSC_TILE_GROUP,
    ZSC_SUMS_WORDS = (ZSC_TILE + 31) / 32 /* of 32 bits: a bit for each row of a block */
};

/* The neighbours so far of one set's rows, by position. First walk: positions by their sums, without order. Second
 * walk: rows by their distances, a heap of k in which the row itself stands at -1, before whatever else is at distance
 * 0. */
typedef struct zsc_sums_list {
    const size_t *part;
    size_t parts;
    int32_t *index; /* n x room */
    float *value;
    size_t *size;
    float *limit; /* blocks x ZSC_TILE: sums beyond are of no use; -infinity: the row is finished */
    float *error; /* how far the coarse vectors of all parts together may be from the true ones */
    float *slop;  /* of all parts */
} zsc_sums_list;

/* A pair of a tile that a set picked; i and j count within the two blocks. */
typedef struct zsc_sums_picked {
    uint16_t i, j;
    int32_t set;
    float sum;
} zsc_sums_picked;

typedef struct zsc_sums_pair {
    uint16_t i, j;
    float sum;      /* of the tiles; later the distance */
    double squares; /* between coarse vectors, later of the distance: parts are added one by one */
} zsc_sums_pair;

/* Pairs of tile (i, j), set by set. */
typedef struct zsc_sums_batch {
    size_t i, j;   /* blocks */
    size_t *first; /* of each set's in `pair`; sets + 2 */
} zsc_sums_batch;

typedef struct zsc_sums_worker {
    float **left, **right; /* by part: panels of a group of blocks and of one block, where the frame holds none */
    const float **a, **b;  /* by part: the panels of the two blocks at work */
    float *room;
    float *tiles;         /* parts x strip x ZSC_TILE */
    const float **tile;   /* those of a set */
    float *limit[2];      /* sets x ZSC_TILE, of the two blocks */
    zsc_tile_pair *found; /* strip x ZSC_TILE */
    float *values;        /* a list and a row of a tile: room + ZSC_TILE */
    int32_t *index;
    zsc_sums_picked *picked; /* PICKED, as they come */
    size_t count;
    zsc_sums_pair *pair;   /* PAIRS, batch by batch */
    zsc_sums_batch *batch; /* BATCHES */
    size_t *first;         /* theirs */
    size_t batches;
    uint32_t *asked; /* ZSC_TILE x WORDS, a bit each: pairs of the tile of which a part's share is wanted; none between
                        uses */
    double *memo;    /* ZSC_TILE x ZSC_TILE: those shares */
    int32_t held;    /* the group in `left` */
} zsc_sums_worker;

typedef struct zsc_sums {
    const zsc_knn_part *part;
    size_t parts, sets, n, k, keep, room, blocks, widest, strip;
    zsc_rows *rows;
    zsc_frame *frame; /* one order, one scale */
    bool projected;   /* any part is */
    zsc_sums_list *list;
    size_t *user, *first_user; /* sets that have part p: user[first_user[p]] .. */
    omp_lock_t *lock;          /* one a block, for all sets */
    size_t locks;
    zsc_tile_unit *units;
    size_t unit_count;
    bool second; /* walk */
    zsc_sums_worker *workers;
    int threads;
    const zsc_tile_kernels *kernels;
    const zsc_measure_kernels *measure;
} zsc_sums;

/* --- Walking (sums_walk.c) */
zsc_status zsc_sums_make_workers(zsc_sums *s);
void zsc_sums_free_workers(zsc_sums *s);
size_t zsc_sums_worker_memory(const zsc_knn_part *parts, size_t part_count, size_t sets);
void zsc_sums_fill(void *sums, int thread, size_t block);
void zsc_sums_unit(void *sums, int thread, size_t unit);
void zsc_sums_limits(zsc_sums *s, zsc_sums_worker *w, size_t i,
                     size_t j); /* copies those of both blocks, of all sets */

/* --- A closer look (sums_look.c) */
void zsc_sums_put(zsc_sums *s, zsc_sums_worker *w, size_t i, size_t j); /* what was picked of tile (I, J): a batch */
void zsc_sums_look(zsc_sums *s, zsc_sums_worker *w);                    /* at all batches, which are then forgotten */

/* --- Lists (sums_lists.c) */
zsc_status zsc_sums_make_list(const zsc_sums *s, zsc_sums_list *l, const size_t *part, size_t parts);
void zsc_sums_free_list(zsc_sums_list *l);
/* Pairs of blocks b and other for the rows of b, the first (side 0) or second of each pair. COPY: the limits of b. */
void zsc_sums_keep(zsc_sums *s, zsc_sums_list *l, int side, size_t b, size_t other, const zsc_tile_pair *pairs,
                   size_t count, float *copy);
void zsc_sums_merge(zsc_sums *s, zsc_sums_list *l, int side, size_t b, size_t other, const zsc_sums_pair *pairs,
                    size_t count);
/* After the first walk: limits, and lists begun anew; *finished where nothing is left to do. */
zsc_status zsc_sums_bound(zsc_sums *s, bool *finished);
/* Takes the lists of a set apart. */
zsc_status zsc_sums_take(const zsc_sums *s, zsc_sums_list *l, zsc_knn *out);

#endif
