/* The fuzzy simplicial set: from lists of neighbours to one symmetric sparse matrix.
 *
 * 1. Smoothed distances: sigma_i and rho_i of each row (smooth.c). sigma_i is at least 1e-3 of the mean distance of the
 *    row (of the mean of all distances where rho_i = 0).
 * 2. Membership w_ij = exp(-max(0, d_ij - rho_i) / sigma_i); a row is no neighbour of itself.
 * 3. Union: mix (A + A' - A o A') + (1 - mix) A o A', o being the product by elements.
 * McInnes, Healy, Melville, arXiv 1802.03426, algorithms 2 and 3; the constants are umap-learn's. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/elementary.h"
#include "base/finite.h"
#include "base/memory.h"
#include "base/threads.h"
#include "umap/graph.h"
#include "umap/smooth.h"

/* How far the graph is when distances are smoothed, members found, transposed, and counted. */
static const double SMOOTHED = 0.35, MEMBERS = 0.5, TRANSPOSED = 0.8, COUNTED = 0.9;

static const char SCALE[] = "scale the matrix so that distances are near 1 (--scale)";

void zsc_graph_free(zsc_graph *graph)
{
    if (!graph) return;
    free(graph->offset);
    free(graph->column);
    free(graph->weight);
    *graph = (zsc_graph){0};
}

/* --- Smoothed distances */
/* Neighbours of row i before the first of index -1. */
static size_t connected(const zsc_knn *knn, size_t i)
{
    size_t count = 0;
    while (count < knn->k && knn->index[i * knn->k + count] >= 0) count++;
    return count;
}

/* Whether to go on: of a loop over n rows whose first thread is at row i of its own. */
static bool goes_on(zsc_polls *polls, size_t i, size_t n, int threads)
{
    enum { APART = 64 }; /* rows between two questions */
    if (i % APART) return !atomic_load_explicit(&polls->stop, memory_order_relaxed);
    return zsc_poll(polls, (double)i * threads / (double)n);
}

static void smooth(const zsc_knn *knn, double local_connectivity, int threads, zsc_polls *polls, float *sigma,
                   float *rho)
{
    size_t n = knn->n, k = knn->k;
    double total = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        size_t there = connected(knn, i);
        for (size_t j = 0; j < there; j++) sum += knn->distance[i * k + j];
        total += sum;
        pairs += there;
    }
    double mean_all = pairs ? total / (double)pairs : 0;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < n; i++) {
        if (!goes_on(polls, i, n, threads)) continue;
        const float *d = knn->distance + i * k;
        size_t there = connected(knn, i);
        double mean = 0;
        for (size_t j = 0; j < there; j++) mean += d[j];
        mean = there ? mean / (double)there : 0;
        double r = zsc_umap_rho(d, there, local_connectivity), s = zsc_umap_sigma(d, there, k, r, mean);
        s = fmax(s, ZSC_UMAP_MIN_SCALE * (r > 0 ? mean : mean_all));
        rho[i] = (float)r;
        sigma[i] = (float)s;
    }
}

/* --- Membership and union. Lists of one row are sorted by column. */
typedef struct entry {
    int32_t column;
    float weight;
} entry;

static int by_column(const void *a, const void *b)
{
    int32_t x = ((const entry *)a)->column, y = ((const entry *)b)->column;
    return (x > y) - (x < y);
}

/* Stable; by insertion, unless lists are long. */
static void sort_by_column(entry *list, size_t count)
{
    enum { SHORT = 64 };
    if (count > SHORT) {
        qsort(list, count, sizeof *list, by_column);
        return;
    }
    for (size_t j = 1; j < count; j++) {
        const entry own = list[j];
        size_t at = j;
        for (; at > 0 && list[at - 1].column > own.column; at--) list[at] = list[at - 1];
        list[at] = own;
    }
}

/* Lists of at most k entries for each row. */
typedef struct lists {
    size_t k;
    int32_t *column; /* n x k: the neighbours' own memory, where that is consumed */
    float *weight;
    uint32_t *count;
} lists;

/* Row i's neighbours with a membership above 0, into list (k entries); their number. */
static size_t members(const zsc_knn *knn, size_t i, float sigma, float rho, entry *list)
{
    size_t count = 0;
    for (size_t j = 0; j < knn->k; j++) {
        int32_t column = knn->index[i * knn->k + j];
        if (column < 0 || (size_t)column == i) continue;
        float gap = knn->distance[i * knn->k + j] - rho;
        float w = gap <= 0 || sigma == 0 ? 1 : zsc_expf(-(gap / sigma));
        if (w > 0) list[count++] = (entry){column, w};
    }
    sort_by_column(list, count);
    size_t kept = 0; /* a list that names a neighbour twice counts it once */
    for (size_t j = 0; j < count; j++)
        if (!kept || list[kept - 1].column != list[j].column) list[kept++] = list[j];
    return kept;
}

/* The members of all rows into lists, which may be those of the neighbours; `own` has k entries for each thread. */
static void find_members(const zsc_knn *knn, const float *sigma, const float *rho, int threads, zsc_polls *polls,
                         entry *own, const lists *to)
{
    size_t k = knn->k;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < knn->n; i++) {
        if (!goes_on(polls, i, knn->n, threads)) continue;
        entry *list = own + (size_t)zsc_thread_number() * k;
        size_t count = members(knn, i, sigma[i], rho[i], list);
        for (size_t j = 0; j < count; j++) {
            to->column[i * k + j] = list[j].column;
            to->weight[i * k + j] = list[j].weight;
        }
        to->count[i] = (uint32_t)count;
    }
}

/* The transpose of lists; `start` has n + 1 entries, to[start[c]..] are column c's rows, ascending. */
static void transpose(const lists *list, size_t n, zsc_polls *polls, size_t *start, entry *to)
{
    size_t k = list->k;
    memset(start, 0, (n + 1) * sizeof *start);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < list->count[i]; j++) start[list->column[i * k + j] + 1]++;
    for (size_t i = 0; i < n; i++) start[i + 1] += start[i];
    for (size_t i = 0; i < n && goes_on(polls, i, n, 1); i++)
        for (size_t j = 0; j < list->count[i]; j++)
            to[start[list->column[i * k + j]]++] = (entry){(int32_t)i, list->weight[i * k + j]};
    memmove(start + 1, start, n * sizeof *start);
    start[0] = 0;
}

typedef struct merged {
    int32_t *column; /* NULL: only count */
    float *weight;
} merged;

/* Row r of the union of A (its row in the lists) and A' (its row `b`); the number of entries that are not 0. */
static size_t merge_row(const lists *a, size_t r, const entry *b, size_t nb, float mix, merged out)
{
    const int32_t *a_column = a->column + r * a->k;
    const float *a_weight = a->weight + r * a->k;
    size_t i = 0, j = 0, count = 0, na = a->count[r];
    while (i < na || j < nb) {
        int32_t ca = i < na ? a_column[i] : INT32_MAX, cb = j < nb ? b[j].column : INT32_MAX;
        int32_t column = ca < cb ? ca : cb;
        float x = ca == column ? a_weight[i++] : 0, y = cb == column ? b[j++].weight : 0;
        float product = x * y, w = mix * (x + y - product) + (1 - mix) * product;
        if (!(w > 0)) continue;
        if (out.column) {
            out.column[count] = column;
            out.weight[count] = w;
        }
        count++;
    }
    return count;
}

static zsc_status check_arguments(const zsc_knn *knn, double local_connectivity, double set_op_mix_ratio)
{
    if (!(local_connectivity >= 0 && isfinite(local_connectivity)))
        return zsc_fail(ZSC_EUSAGE, "local_connectivity is %g; expected a number of neighbours, 0 or more",
                        local_connectivity);
    if (!(set_op_mix_ratio >= 0 && set_op_mix_ratio <= 1))
        return zsc_fail(ZSC_EUSAGE, "set_op_mix_ratio is %g; expected 0 to 1", set_op_mix_ratio);
    if (knn->n > INT32_MAX || (knn->n > 0 && knn->k == 0))
        return zsc_fail(
            ZSC_EUSAGE,
            "cannot make a graph of %zu rows with %zu neighbours each; expected at most %d rows and at least 1 "
            "neighbour",
            knn->n, knn->k, INT32_MAX);
    for (size_t i = 0; i < knn->n * knn->k; i++) {
        if (knn->index[i] < -1 || (knn->index[i] >= 0 && (size_t)knn->index[i] >= knn->n))
            return zsc_fail(ZSC_EINPUT, "neighbour %zu of row %zu has index %d; expected 0 to %zu",
                            zsc_number(i % knn->k), zsc_number(i / knn->k), knn->index[i], knn->n - 1);
        if (knn->index[i] < 0) continue;
        if (i % knn->k && knn->index[i - 1] < 0)
            return zsc_fail(ZSC_EINPUT, "neighbour %zu of row %zu has index %d after one of index -1; those come last",
                            zsc_number(i % knn->k), zsc_number(i / knn->k), knn->index[i]);
        if (!(knn->distance[i] >= 0) || !isfinite(knn->distance[i]))
            return zsc_fail(ZSC_ENUMERIC,
                            "neighbour %zu of row %zu has distance %g; expected a finite number, 0 or more",
                            zsc_number(i % knn->k), zsc_number(i / knn->k), (double)knn->distance[i]);
    }
    return ZSC_OK;
}

size_t zsc_umap_graph_memory(size_t n, size_t edges) { return (n + 1) * sizeof(size_t) + edges * 8; }

size_t zsc_umap_graph_making(size_t n, size_t k, size_t entries, size_t edges)
{
    return (n * k + entries) * sizeof(entry) + n * 20 + zsc_umap_graph_memory(n, edges);
}

/* CONSUME: the lists of members take the place of the neighbours, which are gone afterwards, also on failure. */
static zsc_status make_graph(zsc_knn *knn, bool consume, double local_connectivity, double set_op_mix_ratio,
                             const zsc_exec *exec, float *sigma, float *rho, zsc_graph *out)
{
    zsc_status status = ZSC_OK;
    size_t n = knn->n, k = knn->k, there = consume ? n * k * sizeof(entry) : 0;
    int threads = zsc_threads(exec);
    float mix = (float)set_op_mix_ratio;
    float *own_sigma = NULL, *own_rho = NULL;
    lists list = {.k = k};
    entry *own = NULL, *back = NULL;
    size_t *start = NULL;
    zsc_graph g = {.n = n};
    ZSC_TRY(check_arguments(knn, local_connectivity, set_op_mix_ratio));
    ZSC_TRY(zsc_memory_check(exec, zsc_umap_graph_making(n, k, 0, 0) - there, "UMAP's graph"));
    ZSC_NEW_RAW(own_sigma, n);
    ZSC_NEW_RAW(own_rho, n);
    ZSC_NEW_RAW(own, k * (size_t)threads);
    ZSC_NEW_RAW(list.count, n);
    ZSC_NEW_RAW(start, n + 1);
    ZSC_NEW_RAW(g.offset, n + 1);
    if (!consume) {
        ZSC_NEW_RAW(list.column, n * k);
        ZSC_NEW_RAW(list.weight, n * k);
    }
    zsc_polls polls = {.exec = exec, .stage = "graph", .end = SMOOTHED};
    smooth(knn, local_connectivity, threads, &polls, own_sigma, own_rho);
    ZSC_TRY(zsc_polled(&polls));
    if (consume) {
        list.column = knn->index;
        list.weight = knn->distance;
    }
    polls.begin = polls.end;
    polls.end = MEMBERS;
    find_members(knn, own_sigma, own_rho, threads, &polls, own, &list);
    if (consume) {
        knn->index = NULL;
        knn->distance = NULL;
    }
    ZSC_TRY(zsc_polled(&polls));
    size_t entries = 0;
    for (size_t i = 0; i < n; i++) entries += list.count[i];
    ZSC_NEW_RAW(back, entries);
    polls.begin = polls.end;
    polls.end = TRANSPOSED;
    transpose(&list, n, &polls, start, back);
    ZSC_TRY(zsc_polled(&polls));
    polls.begin = polls.end;
    polls.end = COUNTED;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < n; i++)
        if (goes_on(&polls, i, n, threads))
            g.offset[i + 1] = merge_row(&list, i, back + start[i], start[i + 1] - start[i], mix, (merged){0});
    ZSC_TRY(zsc_polled(&polls));
    g.offset[0] = 0;
    for (size_t i = 0; i < n; i++) g.offset[i + 1] += g.offset[i];
    ZSC_TRY(zsc_memory_check(exec, zsc_umap_graph_making(n, k, entries, g.offset[n]) - there, "UMAP's graph"));
    ZSC_NEW_RAW(g.column, g.offset[n]);
    ZSC_NEW_RAW(g.weight, g.offset[n]);
    polls.begin = polls.end;
    polls.end = 1;
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < n; i++)
        if (goes_on(&polls, i, n, threads))
            merge_row(&list, i, back + start[i], start[i + 1] - start[i], mix,
                      (merged){g.column + g.offset[i], g.weight + g.offset[i]});
    ZSC_TRY(zsc_polled(&polls));
    ZSC_TRY(zsc_check_finite(own_sigma, n, 1, (zsc_boundary){"UMAP's smoothed distances", SCALE}, exec));
    ZSC_TRY(zsc_check_finite(g.weight, g.offset[n], 1, (zsc_boundary){"UMAP's graph, its edges as rows", SCALE}, exec));
    if (sigma) memcpy(sigma, own_sigma, n * sizeof *sigma);
    if (rho) memcpy(rho, own_rho, n * sizeof *rho);
    *out = g;
    g = (zsc_graph){0};
done:
    zsc_graph_free(&g);
    free(own_sigma);
    free(own_rho);
    free(own);
    free(back);
    free(start);
    free(list.column);
    free(list.weight);
    free(list.count);
    if (consume) zsc_knn_free(knn);
    return status;
}

zsc_status zsc_umap_graph_consume(zsc_knn *knn, double local_connectivity, double set_op_mix_ratio,
                                  const zsc_exec *exec, zsc_graph *out)
{
    return make_graph(knn, true, local_connectivity, set_op_mix_ratio, exec, NULL, NULL, out);
}

zsc_status zsc_fuzzy_simplicial_set(const zsc_knn *knn, double local_connectivity, double set_op_mix_ratio,
                                    const zsc_exec *exec, float *sigma, float *rho, zsc_graph *out)
{
    zsc_knn copy = *knn;
    return make_graph(&copy, false, local_connectivity, set_op_mix_ratio, exec, sigma, rho, out);
}

/* --- Finding components: breadth first from every row that has none yet. */
zsc_status zsc_graph_components(const zsc_graph *graph, int32_t *component, size_t *count)
{
    zsc_status status = zsc_graph_check(graph);
    return status == ZSC_OK ? zsc_graph_find_components(graph, component, count) : status;
}

zsc_status zsc_graph_find_components(const zsc_graph *graph, int32_t *component, size_t *count)
{
    zsc_status status = ZSC_OK;
    int32_t *queue = NULL, *label = NULL;
    size_t found = 0, n = graph->n;
    ZSC_NEW_RAW(queue, n);
    ZSC_NEW_RAW(label, n);
    for (size_t i = 0; i < n; i++) label[i] = -1;
    for (size_t first = 0; first < n; first++) {
        if (label[first] >= 0) continue;
        size_t head = 0, tail = 0;
        label[first] = (int32_t)found;
        queue[tail++] = (int32_t)first;
        while (head < tail) {
            int32_t i = queue[head++];
            for (size_t e = graph->offset[i]; e < graph->offset[i + 1]; e++) {
                int32_t j = graph->column[e];
                if (label[j] >= 0) continue;
                label[j] = (int32_t)found;
                queue[tail++] = j;
            }
        }
        found++;
    }
    memcpy(component, label, n * sizeof *label);
    *count = found;
done:
    free(queue);
    free(label);
    return status;
}

/* The weight below which an edge is not updated even once. */
static float least_weight(const zsc_graph *graph, const zsc_umap_options *options)
{
    enum { FEW = 10 };
    zsc_umap_options plain = *options;
    float most = 0;
    if (plain.n_epochs <= FEW) plain.n_epochs = ZSC_UMAP_DEFAULT_EPOCHS;
    for (size_t e = 0; e < graph->offset[graph->n]; e++) most = fmaxf(most, graph->weight[e]);
    return most / (float)zsc_umap_epochs(&plain, graph->n);
}

/* --- Pruning and components */
zsc_status zsc_umap_graph_prune(const zsc_graph *graph, const zsc_umap_options *options, zsc_graph *out)
{
    zsc_status status = ZSC_OK;
    size_t n = graph->n, kept = 0;
    float least = least_weight(graph, options);
    zsc_graph g = {.n = n};
    for (size_t e = 0; e < graph->offset[n]; e++) kept += graph->weight[e] >= least;
    ZSC_NEW_RAW(g.offset, n + 1);
    ZSC_NEW_RAW(g.column, kept);
    ZSC_NEW_RAW(g.weight, kept);
    kept = 0;
    for (size_t i = 0; i < n; i++) {
        g.offset[i] = kept;
        for (size_t e = graph->offset[i]; e < graph->offset[i + 1]; e++) {
            if (!(graph->weight[e] >= least)) continue;
            g.column[kept] = graph->column[e];
            g.weight[kept++] = graph->weight[e];
        }
    }
    g.offset[n] = kept;
    *out = g;
    g = (zsc_graph){0};
done:
    zsc_graph_free(&g);
    return status;
}

void zsc_umap_graph_prune_in_place(zsc_graph *g, const zsc_umap_options *options)
{
    float least = least_weight(g, options);
    size_t kept = 0, first = 0;
    for (size_t i = 0; i < g->n; i++) {
        size_t last = g->offset[i + 1];
        g->offset[i] = kept;
        for (size_t e = first; e < last; e++) {
            if (!(g->weight[e] >= least)) continue;
            g->column[kept] = g->column[e];
            g->weight[kept++] = g->weight[e];
        }
        first = last;
    }
    g->offset[g->n] = kept;
}

zsc_status zsc_umap_graph_component(const zsc_graph *graph, const int32_t *rows, size_t count, const int32_t *position,
                                    int threads, zsc_graph *out)
{
    zsc_status status = ZSC_OK;
    zsc_graph g = {.n = count};
    ZSC_NEW_RAW(g.offset, count + 1);
    g.offset[0] = 0;
    for (size_t i = 0; i < count; i++)
        g.offset[i + 1] = g.offset[i] + graph->offset[rows[i] + 1] - graph->offset[rows[i]];
    ZSC_NEW_RAW(g.column, g.offset[count]);
    ZSC_NEW_RAW(g.weight, g.offset[count]);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < count; i++)
        for (size_t e = graph->offset[rows[i]], to = g.offset[i]; e < graph->offset[rows[i] + 1]; e++, to++) {
            g.column[to] = position[graph->column[e]];
            g.weight[to] = graph->weight[e];
        }
    *out = g;
    g = (zsc_graph){0};
done:
    zsc_graph_free(&g);
    return status;
}
