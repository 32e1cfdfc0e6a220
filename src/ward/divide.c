/* Groups are cells of k-means. Planes that halve the vectors, as in a tree of boxes, cut clusters apart where there are
 * many of them in many dimensions: each plane goes through some, and what is left are boxes of pieces of many clusters.
 * Many centroids leave most clusters whole.
 *
 * So that a vector is not compared with all centroids, these are divided among about as many regions as a region has
 * centroids, and a vector is compared with those of the PROBES regions whose centres are nearest to it. Some vectors
 * miss their nearest centroid, and some clusters have none: a few of their rows in each group would make balls of all
 * groups large. Rows that are far from their centroids are therefore divided again, among themselves, and groups whose
 * radius is still well above the median are split in two, repeatedly. Then groups are split into cells in the same
 * way. */
#include "ward/divide.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "ward/kernels_cells.h"

enum {
    GROUP_SHARE = 17, /* a group has sqrt(m) / GROUP_SHARE vectors on average, but no fewer than */
    GROUP_LEAST = 12, /* this, */
    GROUP_MOST = 24,  /* and no more than this */
    SAMPLE = 8,       /* vectors per centroid that k-means sees */
    ROUNDS = 2,       /* of k-means */
    ONE_REGION = 64,  /* groups, with which there is but one region */
    PROBES = 6,       /* regions that a vector is compared with */
    PASSES = 3,       /* over rows that are far from their centroids */
    TRIALS = 3,       /* of splitting by radius, with larger and larger ones */
    SPLITS = 6,       /* of a group of too large a radius, one after the other */
    CELL_LEAST = 12,  /* a cell has at most 1 / CELLS of all vectors, but no fewer than this, */
    CELLS = 4096,     /* and no more than ZSC_WARD_CELL_MOST */
    SHARE = 4,        /* a part of a group has this share of its vectors at least */
    PARALLEL_LEAST = 4096
};

/* How far a division is after the first pass over its rows, and when they are labelled, and in groups. */
static const double FIRST_PASS = 0.6, LABELLED = 0.7, GROUPED = 0.85;

static const float FAR = 3;  /* times the median of the squared distances of a centroid's rows */
static const float WIDE = 2; /* times the median of the squared radii */

typedef struct vectors {
    const float *x;
    size_t count, d, width;
    size_t step;        /* every step-th is meant */
    const int32_t *row; /* of these, or of all of x where this is NULL */
} vectors;

static const float *vector_at(const vectors *v, size_t i)
{
    size_t k = i * v->step;
    return v->x + (v->row ? (size_t)v->row[k] : k) * v->width;
}

/* --- Centroids, in regions of near ones */
typedef struct centroids {
    size_t count, regions, d, width;
    float *x;            /* count x width, by region */
    int32_t *begin;      /* regions + 1: the first centroid of each */
    int32_t *first;      /* regions + 1: the first block of each in `block` */
    float *block;        /* the same in blocks, each region from a new one on */
    float *region_x;     /* regions x width */
    float *region_block; /* the same in blocks */
    double *sum;         /* count x d */
    int32_t *members;    /* count */
    int32_t *label;      /* count: region */
    float *copy;         /* count x width */
    float *apart;        /* of each thread: distances to all regions */
} centroids;

static size_t forced = 0;

void zsc_ward_divide_force(size_t most) { forced = most; }

static size_t group_size(size_t m)
{
    if (forced) return forced;
    size_t size = (size_t)sqrt((double)m) / GROUP_SHARE;
    return size < GROUP_LEAST ? GROUP_LEAST : size > GROUP_MOST ? GROUP_MOST : size;
}

static size_t centroids_of(size_t m, size_t size) { return (m + size - 1) / size; }

static size_t regions_of(size_t count) { return count > ONE_REGION ? (size_t)sqrt((double)count) : 1; }

/* Blocks that regions of so many centroids begin anew. */
static size_t region_blocks_most(size_t count) { return zsc_ward_blocks(count) + regions_of(count); }

static zsc_status centroids_make(size_t m, size_t size, size_t d, size_t width, int threads, centroids *out)
{
    zsc_status status = ZSC_OK;
    size_t count = centroids_of(m, size), regions = regions_of(count);
    *out = (centroids){.count = count, .regions = regions, .d = d, .width = width};
    ZSC_NEW(out->x, count * width);
    ZSC_NEW_RAW(out->begin, regions + 1);
    ZSC_NEW_RAW(out->first, regions + 1);
    ZSC_NEW_RAW(out->block, region_blocks_most(count) * ZSC_WARD_BLOCK * d);
    ZSC_NEW_RAW(out->region_x, regions * width);
    ZSC_NEW_RAW(out->region_block, zsc_ward_blocks(regions) * ZSC_WARD_BLOCK * d);
    ZSC_NEW_RAW(out->sum, count * d);
    ZSC_NEW_RAW(out->members, count);
    ZSC_NEW_RAW(out->label, count);
    ZSC_NEW_RAW(out->copy, count * width);
    ZSC_NEW_RAW(out->apart, (size_t)threads * zsc_ward_blocks(regions) * ZSC_WARD_BLOCK);
done:
    return status;
}

static void centroids_free(centroids *c)
{
    free(c->x);
    free(c->begin);
    free(c->first);
    free(c->block);
    free(c->region_x);
    free(c->region_block);
    free(c->sum);
    free(c->members);
    free(c->label);
    free(c->copy);
    free(c->apart);
    *c = (centroids){0};
}

/* Writes `count` vectors in blocks; the last block is filled with vectors that are far from everything. */
static void put_blocks(const float *x, size_t count, size_t d, size_t width, float *block)
{
    for (size_t k = 0; k < zsc_ward_blocks(count) * ZSC_WARD_BLOCK; k++) {
        float *to = block + k / ZSC_WARD_BLOCK * d * ZSC_WARD_BLOCK + k % ZSC_WARD_BLOCK;
        for (size_t j = 0; j < d; j++) to[j * ZSC_WARD_BLOCK] = k < count ? x[k * width + j] : INFINITY;
    }
}

/* x: count x width, becomes the means of the vectors with each label; it stays where there are none. */
static void take_means(const vectors *v, const int32_t *label, size_t count, float *x, double *sum, int32_t *members)
{
    memset(sum, 0, count * v->d * sizeof *sum);
    memset(members, 0, count * sizeof *members);
    for (size_t i = 0; i < v->count; i++) {
        const float *from = vector_at(v, i);
        double *to = sum + (size_t)label[i] * v->d;
        members[label[i]]++;
        for (size_t j = 0; j < v->d; j++) to[j] += (double)from[j];
    }
    for (size_t k = 0; k < count; k++)
        for (size_t j = 0; j < v->d && members[k]; j++) x[k * v->width + j] = (float)(sum[k * v->d + j] / members[k]);
}

static void find_regions(centroids *c, int threads)
{
    const zsc_ward_cell_kernels *kernels = ZSC_SIMD_PICK(zsc_ward_cell_kernels);
    const vectors all = {c->x, c->count, c->d, c->width, 1, NULL};
    for (size_t r = 0; r < c->regions; r++)
        memcpy(c->region_x + r * c->width, c->x + r * c->count / c->regions * c->width, c->width * sizeof *c->x);
    for (size_t round = 0; round <= ROUNDS; round++) {
        put_blocks(c->region_x, c->regions, c->d, c->width, c->region_block);
#pragma omp parallel for schedule(static) num_threads(threads) if (c->count > PARALLEL_LEAST)
        for (size_t k = 0; k < c->count; k++) {
            float least = INFINITY;
            int32_t near = kernels->nearest(c->x + k * c->width, c->region_block, zsc_ward_blocks(c->regions), c->d,
                                            &least);
            c->label[k] = near < 0 ? 0 : near;
        }
        if (round < ROUNDS) take_means(&all, c->label, c->regions, c->region_x, c->sum, c->members);
    }
}

/* Sorts the centroids by region. */
static void sort_by_region(centroids *c)
{
    memset(c->begin, 0, (c->regions + 1) * sizeof *c->begin);
    for (size_t k = 0; k < c->count; k++) c->begin[c->label[k] + 1]++;
    for (size_t r = 0; r < c->regions; r++) c->begin[r + 1] += c->begin[r];
    memcpy(c->copy, c->x, c->count * c->width * sizeof *c->x);
    for (size_t k = 0; k < c->count; k++)
        memcpy(c->x + (size_t)c->begin[c->label[k]]++ * c->width, c->copy + k * c->width, c->width * sizeof *c->x);
    for (size_t r = c->regions; r > 0; r--) c->begin[r] = c->begin[r - 1];
    c->begin[0] = c->first[0] = 0;
    for (size_t r = 0; r < c->regions; r++) {
        size_t from = (size_t)c->begin[r], count = (size_t)c->begin[r + 1] - from, first = (size_t)c->first[r];
        put_blocks(c->x + from * c->width, count, c->d, c->width, c->block + first * ZSC_WARD_BLOCK * c->d);
        c->first[r + 1] = (int32_t)(first + zsc_ward_blocks(count));
    }
}

/* The nearest centroid of the regions that are nearest, and the square of its distance. APART: as many numbers as there
 * are regions, in blocks. */
static int32_t nearest_centroid(const centroids *c, const float *x, float *apart, float *square)
{
    const zsc_ward_cell_kernels *kernels = ZSC_SIMD_PICK(zsc_ward_cell_kernels);
    size_t near[PROBES], count = 0;
    kernels->distances(x, c->region_block, zsc_ward_blocks(c->regions), c->d, apart);
    for (size_t r = 0; r < c->regions; r++) {
        if (count == PROBES && !(apart[r] < apart[near[PROBES - 1]])) continue;
        size_t at = count < PROBES ? count++ : PROBES - 1;
        for (; at > 0 && apart[near[at - 1]] > apart[r]; at--) near[at] = near[at - 1];
        near[at] = r;
    }
    float least = INFINITY;
    int32_t best = 0;
    for (size_t k = 0; k < count; k++) {
        size_t first = (size_t)c->first[near[k]], blocks = (size_t)c->first[near[k] + 1] - first;
        int32_t found = kernels->nearest(x, c->block + first * ZSC_WARD_BLOCK * c->d, blocks, c->d, &least);
        if (found >= 0) best = c->begin[near[k]] + found;
    }
    *square = least;
    return best;
}

/* square: NULL, or the squares of the distances. */
static zsc_status assign(const centroids *c, const vectors *v, int threads, zsc_polls *polls, int32_t *label,
                         float *square)
{
    size_t each = zsc_ward_blocks(c->regions) * ZSC_WARD_BLOCK;
#pragma omp parallel for schedule(static) num_threads(threads) if (v->count > PARALLEL_LEAST)
    for (size_t i = 0; i < v->count; i++) {
        float least;
        if (!zsc_poll(polls, (double)i * threads / (double)v->count)) continue; /* of the first thread's */
        label[i] = nearest_centroid(c, vector_at(v, i), c->apart + (size_t)zsc_thread_number() * each, &least);
        if (square) square[i] = least;
    }
    return zsc_polled(polls);
}

/* label: m, scratch. */
static zsc_status find_centroids(centroids *c, const vectors *v, int threads, zsc_polls *polls, int32_t *label)
{
    zsc_status status = ZSC_OK;
    size_t step = v->count / (SAMPLE * c->count) + 1;
    const vectors some = {v->x, (v->count + step - 1) / step, v->d, v->width, step, v->row};
    for (size_t k = 0; k < c->count; k++)
        memcpy(c->x + k * c->width, vector_at(v, k * v->count / c->count), c->width * sizeof *c->x);
    find_regions(c, threads);
    sort_by_region(c);
    const double begin = polls->begin, each = (polls->end - begin) / ROUNDS;
    for (size_t round = 0; round < ROUNDS; round++) {
        polls->begin = begin + (double)round * each;
        polls->end = polls->begin + each;
        ZSC_TRY(assign(c, &some, threads, polls, label, NULL));
        take_means(&some, label, c->count, c->x, c->sum, c->members);
        find_regions(c, threads);
        sort_by_region(c);
    }
done:
    return status;
}

/* The vectors in the order of their centroids; begin: count + 1, the first of each. */
static void sort_by_label(const int32_t *label, size_t m, size_t count, int32_t *order, int32_t *begin)
{
    memset(begin, 0, (count + 1) * sizeof *begin);
    for (size_t i = 0; i < m; i++) begin[label[i] + 1]++;
    for (size_t k = 0; k < count; k++) begin[k + 1] += begin[k];
    for (size_t i = 0; i < m; i++) order[begin[label[i]]++] = (int32_t)i;
    for (size_t k = count; k > 0; k--) begin[k] = begin[k - 1];
    begin[0] = 0;
}

/* --- Splitting in two */
typedef struct splitting {
    const float *x;
    size_t width;
    size_t most; /* vectors of a part */
    float limit; /* the square of the radius of a part */
    int32_t *order;
    unsigned char *begins; /* in the order: a part begins here */
    zsc_polls *polls;
} splitting;

/* The mean of the vectors, and the square of the largest distance from it. */
static float find_ball(const splitting *s, size_t from, size_t count, float *mean)
{
    const zsc_ward_cell_kernels *kernels = ZSC_SIMD_PICK(zsc_ward_cell_kernels);
    float most = 0, share = 1 / (float)count;
    memset(mean, 0, s->width * sizeof *mean);
    for (size_t i = from; i < from + count; i++) {
        const float *x = s->x + (size_t)s->order[i] * s->width;
        for (size_t j = 0; j < s->width; j++) mean[j] += x[j] * share;
    }
    for (size_t i = from; i < from + count; i++)
        most = fmaxf(most, kernels->apart(s->x + (size_t)s->order[i] * s->width, mean, s->width));
    return most;
}

static const float *farthest_vector(const splitting *s, size_t from, size_t count, const float *x)
{
    const zsc_ward_cell_kernels *kernels = ZSC_SIMD_PICK(zsc_ward_cell_kernels);
    size_t best = from;
    float most = -1;
    for (size_t i = from; i < from + count; i++) {
        float here = kernels->apart(s->x + (size_t)s->order[i] * s->width, x, s->width);
        if (here > most) {
            most = here;
            best = i;
        }
    }
    return s->x + (size_t)s->order[best] * s->width;
}

/* Moves the vectors that are nearer to a than to b to the front; how many. */
static size_t part_two(const splitting *s, size_t from, size_t count, const float *a, const float *b)
{
    const zsc_ward_cell_kernels *kernels = ZSC_SIMD_PICK(zsc_ward_cell_kernels);
    size_t left = from;
    for (size_t i = from; i < from + count; i++) {
        const float *x = s->x + (size_t)s->order[i] * s->width;
        if (kernels->apart(x, a, s->width) > kernels->apart(x, b, s->width)) continue;
        int32_t here = s->order[i];
        s->order[i] = s->order[left];
        s->order[left++] = here;
    }
    return left - from;
}

/* Two-means from two vectors that are far apart; how many are in the first part. mean: 2 x width, scratch, the first of
 * which is the mean of all. */
static size_t two_means(const splitting *s, size_t from, size_t count, float *mean)
{
    float *a = mean, *b = mean + s->width;
    memcpy(b, farthest_vector(s, from, count, a), s->width * sizeof *a);
    memcpy(a, farthest_vector(s, from, count, b), s->width * sizeof *a);
    for (size_t round = 0;; round++) {
        size_t left = part_two(s, from, count, a, b);
        if (round == ROUNDS || left == 0 || left == count) return left;
        find_ball(s, from, left, a);
        find_ball(s, from + left, count - left, b);
    }
}

/* Splits the vectors until each part is small enough and, with no more than so many splits one after the other, of a
 * small radius. */
static void split(const splitting *s, size_t from, size_t count, size_t splits, float *mean)
{
    bool large = count > s->most;
    if (count < 2 || (!large && splits == 0)) return;
    float radius = find_ball(s, from, count, mean);
    if (!large && radius <= s->limit) return;
    /* a small part may be what makes the radius large */
    size_t least = splits > 0 && radius > s->limit ? 1 : (count + SHARE - 1) / SHARE;
    size_t left = two_means(s, from, count, mean);
    left = left < least ? least : left > count - least ? count - least : left;
    s->begins[from + left] = 1;
    if (splits > 0) splits--;
    split(s, from, left, splits, mean);
    split(s, from + left, count - left, splits, mean);
}

/* Splits each of `parts` parts of the order; begin: parts + 1. */
static void split_parts(const splitting *s, const int32_t *begin, size_t parts, size_t splits, int threads,
                        float *means)
{
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads) if (begin[parts] > PARALLEL_LEAST)
    for (size_t p = 0; p < parts; p++) {
        size_t from = (size_t)begin[p], count = (size_t)begin[p + 1] - from;
        if (count == 0 || !zsc_poll(s->polls, (double)p / (double)parts)) continue;
        s->begins[from] = 1;
        split(s, from, count, splits, means + (size_t)zsc_thread_number() * 2 * s->width);
    }
}

static size_t count_begins(const unsigned char *begins, size_t m)
{
    size_t count = 0;
    for (size_t i = 0; i < m; i++) count += begins[i];
    return count;
}

static zsc_status take_begins(const unsigned char *begins, size_t m, int32_t **out, size_t *count)
{
    zsc_status status = ZSC_OK;
    int32_t *begin = NULL;
    *count = 0;
    ZSC_NEW_RAW(begin, count_begins(begins, m) + 1);
    for (size_t i = 0; i < m; i++)
        if (begins[i]) begin[(*count)++] = (int32_t)i;
    begin[*count] = (int32_t)m;
    *out = begin;
done:
    return status;
}

/* --- Groups and cells */
static size_t labels_most(size_t m, size_t size) { return PASSES * (centroids_of(m, size) + 1); }

/* A group that is split for its size has more than twice as many rows as usual, and its parts a SHARE of them. */
static size_t groups_most(size_t m, size_t size) { return labels_most(m, size) + m / ((2 * size + SHARE) / SHARE); }

/* Two divisions have PASSES more labels for what they round up, and as many that may be empty. */
size_t zsc_ward_groups_most(size_t m, size_t of) { return groups_most(m, group_size(of)) + 2 * PASSES; }

static size_t cell_most(size_t m)
{
    if (forced) return forced;
    size_t most = m / CELLS;
    return most < CELL_LEAST ? CELL_LEAST : most > ZSC_WARD_CELL_MOST ? ZSC_WARD_CELL_MOST : most;
}

/* A part that is split has more than cell_most vectors, and its parts a SHARE of them. */
size_t zsc_ward_cells_most(size_t m, size_t of)
{
    return zsc_ward_groups_most(m, of) + m / ((cell_most(of) + SHARE) / SHARE);
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static zsc_status median_radius(const splitting *s, const int32_t *begin, size_t parts, int threads, float *means,
                                float *out)
{
    zsc_status status = ZSC_OK;
    float *radius = NULL;
    ZSC_NEW_RAW(radius, parts);
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads) if (begin[parts] > PARALLEL_LEAST)
    for (size_t p = 0; p < parts; p++) {
        size_t from = (size_t)begin[p], count = (size_t)begin[p + 1] - from;
        radius[p] = count ? find_ball(s, from, count, means + (size_t)zsc_thread_number() * 2 * s->width) : 0;
    }
    qsort(radius, parts, sizeof *radius, by_value);
    *out = radius[parts / 2];
done:
    free(radius);
    return status;
}

/* begin: those of the centroids' vectors. Where there would be too many groups, larger ones stay whole, or all. */
static zsc_status find_groups(splitting *s, const int32_t *begin, size_t count, size_t size, int threads, float *means,
                              zsc_ward_division *out, int32_t **group_first)
{
    zsc_status status = ZSC_OK;
    size_t m = (size_t)begin[count];
    s->most = 2 * size;
    s->polls->begin = LABELLED;
    s->polls->end = GROUPED;
    ZSC_TRY(median_radius(s, begin, count, threads, means, &s->limit));
    for (size_t trial = 0; trial <= TRIALS; trial++) {
        s->limit *= WIDE;
        memset(s->begins, 0, m);
        split_parts(s, begin, count, trial < TRIALS ? SPLITS : 0, threads, means);
        ZSC_TRY(zsc_polled(s->polls));
        s->polls->begin = GROUPED;
        if (count_begins(s->begins, m) <= groups_most(m, size)) break;
    }
    ZSC_TRY(take_begins(s->begins, m, group_first, &out->groups));
done:
    return status;
}

static zsc_status find_cells(splitting *s, const int32_t *group_first, size_t size, int threads, float *means,
                             zsc_ward_division *out)
{
    zsc_status status = ZSC_OK;
    size_t m = (size_t)group_first[out->groups], cell = 0;
    s->most = size;
    s->limit = INFINITY;
    s->polls->end = 1;
    split_parts(s, group_first, out->groups, 0, threads, means);
    ZSC_TRY(zsc_polled(s->polls));
    ZSC_TRY(take_begins(s->begins, m, &out->cell_begin, &out->cells));
    ZSC_NEW_RAW(out->group_begin, out->groups + 1);
    for (size_t g = 0; g <= out->groups; g++) {
        while (cell < out->cells && out->cell_begin[cell] < group_first[g]) cell++;
        out->group_begin[g] = (int32_t)cell;
    }
done:
    return status;
}

/* Rows that are to be labelled, and what is known of each of them. */
typedef struct labelling {
    int32_t *row;   /* those that are left */
    int32_t *label; /* of each row: its group */
    int32_t *near;  /* of each that is left: its centroid */
    float *square;  /* and the square of its distance */
    float *sorted;  /* these, by centroid */
    size_t left, groups;
} labelling;

/* The median of the squared distances of each centroid's rows, in place of its first one in l->sorted. */
static void find_medians(const centroids *c, const labelling *l, int32_t *begin, int threads)
{
    memset(begin, 0, (c->count + 1) * sizeof *begin);
    for (size_t i = 0; i < l->left; i++) begin[l->near[i] + 1]++;
    for (size_t k = 0; k < c->count; k++) begin[k + 1] += begin[k];
    for (size_t i = 0; i < l->left; i++) l->sorted[begin[l->near[i]]++] = l->square[i];
    for (size_t k = c->count; k > 0; k--) begin[k] = begin[k - 1];
    begin[0] = 0;
#pragma omp parallel for schedule(dynamic, 64) num_threads(threads) if (l->left > PARALLEL_LEAST)
    for (size_t k = 0; k < c->count; k++) {
        float *from = l->sorted + begin[k];
        size_t count = (size_t)(begin[k + 1] - begin[k]);
        if (count == 0) continue;
        qsort(from, count, sizeof *from, by_value);
        from[0] = from[count / 2];
    }
}

/* Labels the rows; keeps those that are far from their centroids. begin: c->count + 1, scratch. */
static void keep_far(const centroids *c, labelling *l, int32_t *begin, int threads)
{
    size_t far = 0;
    find_medians(c, l, begin, threads);
    for (size_t i = 0; i < l->left; i++) {
        int32_t row = l->row[i], near = l->near[i];
        l->label[row] = (int32_t)l->groups + near;
        if (l->square[i] > FAR * l->sorted[begin[near]]) l->row[far++] = row;
    }
    l->groups += c->count;
    l->left = far;
}

static double share_before(size_t pass)
{
    return pass ? FIRST_PASS + (LABELLED - FIRST_PASS) * (double)(pass - 1) / (PASSES - 1) : 0;
}

/* Rows far from their centroids either missed the nearest or belong to clusters without a centroid: they are divided
 * among themselves. */
static zsc_status label_rows(const float *vector, size_t m, size_t size, size_t d, size_t width, int threads,
                             zsc_polls *polls, labelling *l)
{
    zsc_status status = ZSC_OK;
    centroids c = {0};
    int32_t *begin = NULL;
    l->left = m;
    for (size_t i = 0; i < m; i++) l->row[i] = (int32_t)i;
    ZSC_NEW_RAW(begin, centroids_of(m, size) + 1);
    for (size_t pass = 0; pass < PASSES && l->left > 0; pass++) {
        const vectors v = {vector, l->left, d, width, 1, l->row};
        ZSC_TRY(centroids_make(l->left, size, d, width, threads, &c));
        polls->begin = share_before(pass);
        polls->end = (polls->begin + share_before(pass + 1)) / 2;
        ZSC_TRY(find_centroids(&c, &v, threads, polls, l->near));
        polls->begin = polls->end;
        polls->end = share_before(pass + 1);
        ZSC_TRY(assign(&c, &v, threads, polls, l->near, l->square));
        keep_far(&c, l, begin, threads);
        centroids_free(&c);
    }
done:
    centroids_free(&c);
    free(begin);
    return status;
}

static zsc_status order_by_group(const float *vector, size_t m, size_t size, size_t d, size_t width, int threads,
                                 zsc_polls *polls, int32_t *order, int32_t **begin, size_t *groups)
{
    zsc_status status = ZSC_OK;
    labelling l = {0};
    ZSC_NEW_RAW(l.row, m);
    ZSC_NEW_RAW(l.label, m);
    ZSC_NEW_RAW(l.near, m);
    ZSC_NEW_RAW(l.square, m);
    ZSC_NEW_RAW(l.sorted, m);
    ZSC_TRY(label_rows(vector, m, size, d, width, threads, polls, &l));
    ZSC_NEW_RAW(*begin, l.groups + 1);
    sort_by_label(l.label, m, l.groups, order, *begin);
    *groups = l.groups;
done:
    free(l.row);
    free(l.label);
    free(l.near);
    free(l.square);
    free(l.sorted);
    return status;
}

zsc_status zsc_ward_divide(const float *vector, size_t m, size_t of, size_t d, size_t width, zsc_polls *polls,
                           int32_t *order, zsc_ward_division *out)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(polls->exec);
    int32_t *begin = NULL, *group_first = NULL;
    float *means = NULL;
    splitting s = {.x = vector, .width = width, .order = order, .polls = polls};
    zsc_ward_division division = {0};
    size_t count = 0, size = group_size(of);
    ZSC_TRY(order_by_group(vector, m, size, d, width, threads, polls, order, &begin, &count));
    ZSC_NEW(s.begins, m);
    ZSC_NEW_RAW(means, (size_t)threads * 2 * width);
    ZSC_TRY(find_groups(&s, begin, count, size, threads, means, &division, &group_first));
    ZSC_TRY(find_cells(&s, group_first, cell_most(of), threads, means, &division));
    *out = division;
    division = (zsc_ward_division){0};
done:
    zsc_ward_division_free(&division);
    free(begin);
    free(group_first);
    free(means);
    free(s.begins);
    return status;
}

void zsc_ward_division_free(zsc_ward_division *division)
{
    free(division->group_begin);
    free(division->cell_begin);
    *division = (zsc_ward_division){0};
}

size_t zsc_ward_divide_memory(size_t m, size_t of, size_t d, int threads)
{
    size_t width = zsc_ward_blocks(d) * ZSC_WARD_BLOCK, count = centroids_of(m, group_size(of)),
           regions = regions_of(count), in_blocks = region_blocks_most(count) + zsc_ward_blocks(regions);
    size_t finding = count * (8 * width + 8 * d + 12) + in_blocks * ZSC_WARD_BLOCK * d * 4 + regions * (width * 4 + 8) +
                     (size_t)threads * zsc_ward_blocks(regions) * ZSC_WARD_BLOCK * 4 + m * 20;
    size_t parting = m + labels_most(m, group_size(of)) * 8 +
                     (zsc_ward_groups_most(m, of) + zsc_ward_cells_most(m, of)) * 8 + (size_t)threads * 2 * width * 4;
    return finding > parting ? finding : parting;
}
