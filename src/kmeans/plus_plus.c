/* k-means++ (Arthur and Vassilvitskii 2007), with several candidates for each centre, of which the one that lowers the
 * sum of squares most is taken; 2 + log(k) of them, as in scikit-learn.
 *
 *   first centre: any row. Then, k - 1 times: candidates are drawn in proportion to the rows' squared distances D^2 to
 *   the nearest centre so far; each would lower the sum of D^2 by its gain; the one of largest gain, the first of
 *   equals, is the next centre.
 *
 * A candidate can only gain on rows that are nearer to it than their D: a node with ball (b, r) whose D are at most u
 * is passed over where b is farther than r + u from the candidate. The same tree holds the sums of D^2, from which
 * candidates are drawn. Sums are made in the tree's order, so that threads do not matter. */
#include "kmeans/plus_plus.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/elementary.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"

enum {
    TRIALS_MOST = 64,  /* 2 + log(k) is less for any k */
    THREADED = 1 << 22 /* coordinates compared in a step from which on it is worth several threads */
};

typedef struct seeding {
    const zsc_kmeans_tree *tree;
    const zsc_kmeans_kernels *kernels;
    const float *x;
    size_t trials;
    float *square; /* n, by place: D^2 */
    float *most;   /* nodes: the largest D */
    double *sum;   /* nodes: of D^2 */
    float *point;  /* trials x width: candidates */
    double *gain;  /* tops x trials */
    size_t blocks; /* compared with a candidate in the last step */
    int threads;
} seeding;

static size_t trials_of(size_t k) { return 2 + (size_t)zsc_log((double)k); }

/* --- Draws */
static size_t draw(const seeding *s, zsc_stream *stream)
{
    const zsc_kmeans_tree *t = s->tree;
    double left = zsc_stream_uniform(stream) * s->sum[0];
    size_t node = 0;
    while (t->right[node] >= 0) {
        size_t right = (size_t)t->right[node];
        if (left < s->sum[node + 1] || s->sum[right] == 0) {
            node = node + 1;
        } else {
            left -= s->sum[node + 1];
            node = right;
        }
    }
    size_t chosen = (size_t)t->from[node];
    for (size_t p = chosen; p < (size_t)t->end[node]; p++) {
        if (s->square[p] > 0) {
            chosen = p;
            if (left < (double)s->square[p]) break;
        }
        left -= (double)s->square[p];
    }
    return chosen;
}

static void put_point(const seeding *s, size_t place, float *out)
{
    zsc_kmeans_tree_scale(s->tree, s->x + (size_t)s->tree->order[place] * s->tree->d, out);
}

/* --- Gains and updates */
/* Of LIST, the candidates that may gain on rows of the node. */
static size_t filter(const seeding *s, size_t node, const int32_t *list, size_t count, int32_t *out)
{
    const zsc_kmeans_tree *t = s->tree;
    float squares[TRIALS_MOST], bound = (s->most[node] + t->radius[node]) * t->slack;
    s->kernels->to_rows(t->ball + node * t->width, s->point, t->width, list, count, squares);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        out[kept] = list[i];
        kept += squares[i] < bound * bound;
    }
    return kept;
}

/* Returns how many blocks were compared. */
static size_t add_gains(const seeding *s, size_t node, const int32_t *list, size_t count, double *gain)
{
    int32_t kept[TRIALS_MOST];
    float squares[ZSC_KMEANS_BLOCK];
    const zsc_kmeans_tree *t = s->tree;
    count = filter(s, node, list, count, kept);
    if (count == 0) return 0;
    if (t->right[node] >= 0) {
        size_t left = add_gains(s, node + 1, kept, count, gain);
        return left + add_gains(s, (size_t)t->right[node], kept, count, gain);
    }
    size_t from = (size_t)t->from[node], rows = (size_t)t->end[node] - from;
    for (size_t i = 0; i < count; i++) {
        size_t trial = (size_t)kept[i];
        s->kernels->to_block(s->point + trial * t->width, zsc_kmeans_tree_block(t, node), t->d, squares);
        for (size_t l = 0; l < rows; l++)
            if (squares[l] < s->square[from + l]) gain[trial] += (double)s->square[from + l] - (double)squares[l];
    }
    return count;
}

static void add_up(seeding *s, size_t node)
{
    size_t right = (size_t)s->tree->right[node];
    s->sum[node] = s->sum[node + 1] + s->sum[right];
    s->most[node] = fmaxf(s->most[node + 1], s->most[right]);
}

static void take(seeding *s, size_t node, const int32_t *trial)
{
    int32_t kept[1];
    float squares[ZSC_KMEANS_BLOCK], most = 0;
    const zsc_kmeans_tree *t = s->tree;
    if (filter(s, node, trial, 1, kept) == 0) return;
    if (t->right[node] >= 0) {
        take(s, node + 1, trial);
        take(s, (size_t)t->right[node], trial);
        add_up(s, node);
        return;
    }
    size_t from = (size_t)t->from[node], rows = (size_t)t->end[node] - from;
    s->kernels->to_block(s->point + (size_t)*trial * t->width, zsc_kmeans_tree_block(t, node), t->d, squares);
    s->sum[node] = 0;
    for (size_t l = 0; l < rows; l++) {
        float *square = s->square + from + l;
        *square = fminf(*square, squares[l]);
        most = fmaxf(most, *square);
        s->sum[node] += (double)*square;
    }
    s->most[node] = sqrtf(most) * t->slack;
}

static int threads_for(const seeding *s, size_t trials)
{
    return s->blocks / s->trials * trials * ZSC_KMEANS_BLOCK * s->tree->d > THREADED ? s->threads : 1;
}

static void take_trial(seeding *s, int32_t trial)
{
#pragma omp parallel for schedule(dynamic) num_threads(threads_for(s, 1))
    for (size_t i = 0; i < s->tree->tops; i++) take(s, (size_t)s->tree->top[i], &trial);
    for (size_t i = s->tree->tops - 1; i-- > 0;) add_up(s, (size_t)s->tree->parent[i]);
}

static int32_t best_trial(seeding *s)
{
    int32_t all[TRIALS_MOST], best = 0;
    size_t blocks = 0;
    double total[TRIALS_MOST] = {0};
    for (size_t i = 0; i < s->trials; i++) all[i] = (int32_t)i;
    memset(s->gain, 0, s->tree->tops * s->trials * sizeof *s->gain);
#pragma omp parallel for schedule(dynamic) reduction(+ : blocks) num_threads(threads_for(s, s->trials))
    for (size_t i = 0; i < s->tree->tops; i++)
        blocks += add_gains(s, (size_t)s->tree->top[i], all, s->trials, s->gain + i * s->trials);
    s->blocks = blocks;
    for (size_t i = 0; i < s->tree->tops; i++)
        for (size_t c = 0; c < s->trials; c++) total[c] += s->gain[i * s->trials + c];
    for (size_t c = 1; c < s->trials; c++)
        if (total[c] > total[best]) best = (int32_t)c;
    return best;
}

/* --- The whole */
static zsc_status choose(seeding *s, size_t k, zsc_stream *stream, const zsc_exec *exec, float *centre, size_t *made)
{
    const zsc_kmeans_tree *t = s->tree;
    s->threads = zsc_threads(exec);
    s->blocks = t->leaves * s->trials;
    int32_t best = 0;
    for (size_t p = 0; p < t->n; p++) s->square[p] = INFINITY;
    for (size_t i = 0; i < t->nodes; i++) s->most[i] = INFINITY;
    put_point(s, (size_t)zsc_stream_below(stream, t->n), s->point);
    for (*made = 0;;) {
        if (!zsc_progress(exec, "k-means++", (double)*made, (double)k))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        memcpy(centre + *made * t->width, s->point + (size_t)best * t->width, t->width * sizeof *centre);
        take_trial(s, best);
        if (++*made == k || !(s->sum[0] > 0)) return ZSC_OK;
        for (size_t i = 0; i < s->trials; i++) put_point(s, draw(s, stream), s->point + i * t->width);
        best = best_trial(s);
    }
}

zsc_status zsc_kmeans_plus_plus(const zsc_kmeans_tree *t, const float *x, size_t k, uint64_t seed, size_t start,
                                const zsc_exec *exec, float *centre, size_t *made)
{
    zsc_status status = ZSC_OK;
    zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_KMEANS, start);
    seeding s = {.tree = t, .kernels = ZSC_SIMD_PICK(zsc_kmeans_kernels), .x = x, .trials = trials_of(k)};
    ZSC_NEW_RAW(s.square, t->n);
    ZSC_NEW_RAW(s.most, t->nodes);
    ZSC_NEW_RAW(s.sum, t->nodes);
    ZSC_NEW(s.point, s.trials * t->width);
    ZSC_NEW_RAW(s.gain, t->tops * s.trials);
    ZSC_TRY(choose(&s, k, &stream, exec, centre, made));
done:
    free(s.square);
    free(s.most);
    free(s.sum);
    free(s.point);
    free(s.gain);
    return status;
}

size_t zsc_kmeans_plus_plus_memory(size_t n, size_t d, size_t k)
{
    size_t leaves = n / ZSC_KMEANS_BLOCK + 1;
    return n * 4 + 2 * leaves * 12 + trials_of(k) * ((d + ZSC_KMEANS_PADDING) * 4 + leaves * 8);
}
