/* Tiles of each row with the blocks whose centroids are nearest to it, for approximate searches.
 *
 * A tile of two blocks serves rows that may be far from the centroid of their own. Here each row chooses for itself: of
 * all blocks the `probes` whose centroids are nearest, its own always among them (an inverted file; Jegou, Douze,
 * Schmid 2011, with the index's blocks for clusters). The rows of one block that chose the same other one are put side
 * by side and make one tile with it. Cost: n x blocks x depth multiplications to choose, n x probes x ZSC_TILE x depth
 * for the tiles. */
#include "knn/blocks/ivf_probe.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/top_k.h"
#include "linalg/kernels.h"

typedef struct prober {                        /* a thread's own */
    float *rows;                               /* ZSC_TILE x depth: the coordinates of a block's rows */
    float *closeness;                          /* ZSC_TILE x blocks: y . centroid */
    float *worst;                              /* probes: a heap */
    int32_t *chosen;                           /* ZSC_TILE x probes */
    int32_t *start;                            /* blocks + 1: the rows that chose each block ... */
    int32_t *who;                              /* ... ZSC_TILE x probes */
    float *panels;                             /* ZSC_TILE x depth: the rows of a tile side by side */
    float *half, *limit, *own_limit, *nothing; /* ZSC_TILE each */
    zsc_tile_pair *pairs;
} prober;

typedef struct probing {
    const zsc_block_index *index;
    const zsc_pairs_pass *pass;
    size_t probes;
    float *centroid; /* depth x blocks */
    float *square;   /* blocks: half its squared length */
    prober *probers;
} probing;

static void take_rows(const zsc_block_index *f, size_t b, float *rows)
{
    const float *panels = f->panels + b * ZSC_TILE * f->depth;
    for (size_t r = 0; r < ZSC_TILE; r++) f->kernels->take(panels, f->depth, r, rows + r * f->depth);
}

static void find_centroids(const probing *p, int threads)
{
    const zsc_block_index *f = p->index;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t b = 0; b < f->blocks; b++) {
        float *rows = p->probers[zsc_thread_number()].rows;
        size_t count = zsc_block_rows(f, b);
        double square = 0;
        take_rows(f, b, rows);
        for (size_t c = 0; c < f->depth; c++) {
            double sum = 0;
            for (size_t r = 0; r < count; r++) sum += (double)rows[r * f->depth + c];
            sum = isfinite(sum) ? sum / (double)count : 0;
            p->centroid[c * f->blocks + b] = (float)sum;
            square += sum * sum;
        }
        p->square[b] = (float)(square / 2);
    }
}

/* Which blocks the rows of block `at` choose, and the rows of each choice together. */
static void choose(const probing *p, prober *own, size_t at)
{
    const zsc_block_index *f = p->index;
    size_t rows = zsc_block_rows(f, at), blocks = f->blocks;
    take_rows(f, at, own->rows);
    const zsc_product shape = {rows, blocks, f->depth, f->depth, 1, blocks, blocks, false};
    ZSC_SIMD_PICK(zsc_linalg_kernels_of)->product(&shape, own->rows, p->centroid, own->closeness);
    memset(own->start, 0, (blocks + 1) * sizeof *own->start);
    for (size_t r = 0; r < rows; r++) {
        size_t size = 0;
        const float *closeness = own->closeness + r * blocks;
        for (size_t b = 0; b < blocks; b++) {
            float far = b == at ? -INFINITY : p->square[b] - closeness[b];
            if (size == p->probes && !(far < own->worst[0])) continue;
            zsc_top_k_offer(own->worst, own->chosen + r * p->probes, &size, p->probes, isnan(far) ? INFINITY : far,
                            (int32_t)b);
        }
        for (size_t c = 0; c < p->probes; c++) own->start[own->chosen[r * p->probes + c] + 1]++;
    }
    for (size_t b = 0; b < blocks; b++) own->start[b + 1] += own->start[b];
    for (size_t r = rows; r-- > 0;) /* the last first: each goes before those that are there */
        for (size_t c = 0; c < p->probes; c++) own->who[--own->start[own->chosen[r * p->probes + c] + 1]] = (int32_t)r;
}

/* The tile of the rows of block `at` that chose block `there`. After `choose`, start[there + 1] is where they begin. */
static void probe(const probing *p, int thread, size_t at, size_t there, const int32_t *who, size_t count)
{
    const zsc_block_index *f = p->index;
    prober *own = &p->probers[thread];
    size_t kept = 0;
    p->pass->limits(p->pass->data, at, own->own_limit);
    for (size_t m = 0; m < count; m++) {
        size_t r = (size_t)who[m];
        f->kernels->put(own->rows + r * f->depth, f->depth, m, own->panels);
        own->half[m] = f->half[at * ZSC_TILE + r];
        own->limit[m] = own->own_limit[r];
    }
    zsc_tile_side a = {own->panels, own->half, own->limit, count};
    zsc_tile_side b = {f->panels + there * ZSC_TILE * f->depth, f->half + there * ZSC_TILE, own->nothing,
                       zsc_block_rows(f, there)};
    size_t found = f->kernels->tile[f->tile](&a, &b, f->depth, own->pairs);
    for (size_t q = 0; q < found; q++) {
        zsc_tile_pair pair = own->pairs[q];
        pair.i = (uint16_t)who[pair.i];
        if (at != there || pair.i != pair.j) own->pairs[kept++] = pair;
    }
    if (kept) p->pass->found(p->pass->data, thread, at, there, own->pairs, kept);
}

static void probe_block(void *data, int thread, size_t at)
{
    const probing *p = data;
    prober *own = &p->probers[thread];
    size_t blocks = p->index->blocks, all = zsc_block_rows(p->index, at) * p->probes;
    choose(p, own, at);
    for (size_t k = 0; k < blocks; k++) { /* its own first: limits become tight early */
        size_t there = k == 0 ? at : k <= at ? k - 1 : k;
        size_t from = (size_t)own->start[there + 1], to = there + 1 < blocks ? (size_t)own->start[there + 2] : all;
        if (to > from) probe(p, thread, at, there, own->who + from, to - from);
    }
}

static zsc_status make_probers(probing *p, int threads)
{
    zsc_status status = ZSC_OK;
    size_t depth = p->index->depth, blocks = p->index->blocks;
    ZSC_NEW(p->probers, (size_t)threads);
    for (int t = 0; t < threads; t++) {
        prober *own = &p->probers[t];
        ZSC_NEW_RAW(own->rows, ZSC_TILE * depth);
        ZSC_NEW_RAW(own->closeness, ZSC_TILE * blocks);
        ZSC_NEW_RAW(own->worst, p->probes);
        ZSC_NEW_RAW(own->chosen, ZSC_TILE * p->probes);
        ZSC_NEW_RAW(own->start, blocks + 1);
        ZSC_NEW_RAW(own->who, ZSC_TILE * p->probes);
        ZSC_NEW(own->panels, ZSC_TILE * depth);
        ZSC_NEW(own->half, ZSC_TILE);
        ZSC_NEW(own->limit, ZSC_TILE);
        ZSC_NEW(own->own_limit, ZSC_TILE);
        ZSC_NEW(own->nothing, ZSC_TILE);
        ZSC_NEW_RAW(own->pairs, ZSC_TILE * ZSC_TILE);
        for (size_t r = 0; r < ZSC_TILE; r++) own->nothing[r] = -INFINITY;
    }
done:
    return status;
}

static void free_probers(probing *p, int threads)
{
    for (int t = 0; p->probers && t < threads; t++) {
        prober *own = &p->probers[t];
        free(own->rows);
        free(own->closeness);
        free(own->worst);
        free(own->chosen);
        free(own->start);
        free(own->who);
        free(own->panels);
        free(own->half);
        free(own->limit);
        free(own->own_limit);
        free(own->nothing);
        free(own->pairs);
    }
    free(p->probers);
}

zsc_status zsc_ivf_probe(const zsc_block_index *index, size_t probes, const zsc_pairs_pass *pass, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    probing p = {.index = index, .pass = pass, .probes = probes < index->blocks ? probes : index->blocks};
    ZSC_NEW_RAW(p.centroid, index->blocks * index->depth);
    ZSC_NEW_RAW(p.square, index->blocks);
    ZSC_TRY(make_probers(&p, threads));
    find_centroids(&p, threads);
    ZSC_TRY(zsc_pairs_each(&pass->stage, index->blocks, probe_block, &p, exec));
done:
    free_probers(&p, threads);
    free(p.centroid);
    free(p.square);
    return status;
}

size_t zsc_ivf_probe_memory(size_t blocks, size_t depth, size_t probes, int threads)
{
    size_t each = ZSC_TILE * (2 * depth + blocks + 2 * probes + 4) * 4 + blocks * 4 +
                  ZSC_TILE * ZSC_TILE * sizeof(zsc_tile_pair);
    return blocks * (depth + 1) * 4 + (size_t)threads * each;
}
