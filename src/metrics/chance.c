/* What chance gives: AMI where clusters of the same sizes are assigned to the rows at random.
 *
 * The model is that of the expected mutual information: all assignments of the rows to clusters of these sizes are
 * equally likely. The mean AMI under it is 0, exactly, since EMI is exact. Its variance has no closed form of less than
 * one term per pair of cells, (classes x clusters)^2 (Romano et al., ICML 2014, of which pairs of sizes save little),
 * so that the deviation and the p-value come from B random permutations of the clusters among the rows:
 *
 *     sd = sqrt(sum AMI_b^2 / B)          p = (1 + number of MI_b >= MI) / (B + 1)
 *
 * The mean in sd is the known one, 0. The p-value is that of an exact test: the clustering is one of the B + 1
 * assignments (Phipson and Smyth 2010). Permutation b is a function of (seed, b).
 *
 * MI needs sum f(c) over cells of c rows, f(c) = c log c. Rows are visited class by class; the row that makes a cell
 * grow to c adds f(c) - f(c - 1). Cost: O(n) per permutation, in parallel over permutations. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/elementary.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "metrics/scores.h"
#include "metrics/sum.h"

enum { BATCH = 64 };            /* permutations between two reports of progress */
static const double tie = 1e-9; /* nats; MI of equal tables differ by rounding, some 1e-13 */

typedef struct permuted {
    size_t rows, classes, clusters;
    int32_t *start;            /* classes + 1: rows of class c are start[c] .. start[c + 1] - 1 */
    int32_t *cluster;          /* of each row */
    double *growth;            /* growth[c]: f(c) - f(c - 1) */
    int32_t *shuffled, *count; /* threads x rows, threads x clusters */
} permuted;

static void permuted_free(permuted *p)
{
    free(p->start);
    free(p->cluster);
    free(p->growth);
    free(p->shuffled);
    free(p->count);
}

static size_t bytes_needed(size_t n, size_t threads) { return n * (6 + 2 * threads) * sizeof(int32_t) + n * 8; }

static zsc_status permuted_make(const int32_t *labels, const int32_t *clusters, size_t n, zsc_missing missing,
                                size_t threads, permuted *p)
{
    zsc_status status = ZSC_OK;
    int32_t *row = NULL, *class = NULL, *cluster = NULL, *next = NULL;
    ZSC_NEW_RAW(row, n);
    ZSC_NEW_RAW(class, n);
    ZSC_NEW_RAW(cluster, n);
    zsc_contingency_select_rows(labels, n, missing, row, class, &p->rows);
    for (size_t i = 0; i < p->rows; i++) cluster[i] = clusters[row[i]];
    ZSC_TRY(zsc_contingency_codes(class, p->rows, class, &p->classes));
    ZSC_TRY(zsc_contingency_codes(cluster, p->rows, cluster, &p->clusters));
    ZSC_NEW(p->start, p->classes + 1);
    ZSC_NEW_RAW(next, p->classes + 1);
    ZSC_NEW_RAW(p->cluster, p->rows);
    ZSC_NEW_RAW(p->growth, p->rows + 1);
    ZSC_NEW_RAW(p->shuffled, threads * p->rows);
    ZSC_NEW(p->count, threads * p->clusters);
    for (size_t i = 0; i < p->rows; i++) p->start[class[i] + 1]++;
    for (size_t c = 0; c < p->classes; c++) p->start[c + 1] += p->start[c];
    memcpy(next, p->start, (p->classes + 1) * sizeof *next);
    for (size_t i = 0; i < p->rows; i++) p->cluster[next[class[i]]++] = cluster[i];
    p->growth[0] = 0;
    for (size_t c = 1; c <= p->rows; c++) {
        double k = (double)c;
        p->growth[c] = c == 1 ? 0 : k * zsc_log(k) - (k - 1) * zsc_log(k - 1);
    }
done:
    free(row);
    free(class);
    free(cluster);
    free(next);
    return status;
}

/* Fisher and Yates, from the order of the rows. */
static void shuffle(const permuted *p, uint64_t seed, size_t b, int32_t *out)
{
    zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_PERMUTATION, b);
    memcpy(out, p->cluster, p->rows * sizeof *out);
    for (size_t i = p->rows; i > 1; i--) {
        size_t j = (size_t)zsc_stream_below(&stream, i);
        int32_t swap = out[i - 1];
        out[i - 1] = out[j];
        out[j] = swap;
    }
}

/* Sum of c log c over the cells of classes and CLUSTER. COUNT: zeros, and zeros afterwards. */
static double sum_cells(const permuted *p, const int32_t *cluster, int32_t *count)
{
    double sum = 0;
    for (size_t c = 0; c < p->classes; c++) {
        for (int32_t i = p->start[c]; i < p->start[c + 1]; i++) sum += p->growth[++count[cluster[i]]];
        for (int32_t i = p->start[c]; i < p->start[c + 1]; i++) count[cluster[i]] = 0;
    }
    return sum;
}

/* MI of permutation b into mi[b]. */
static zsc_status permute(const permuted *p, const zsc_information *i, size_t permutations, uint64_t seed,
                          const zsc_exec *exec, double *mi)
{
    double n = (double)p->rows;
    for (size_t first = 0; first < permutations; first += BATCH) {
        size_t last = permutations - first < BATCH ? permutations : first + BATCH;
#pragma omp parallel for num_threads(zsc_threads(exec)) schedule(dynamic, 1)
        for (size_t b = first; b < last; b++) {
            size_t thread = (size_t)omp_get_thread_num();
            int32_t *shuffled = p->shuffled + thread * p->rows;
            shuffle(p, seed, b, shuffled);
            double cells = zsc_log(n) - sum_cells(p, shuffled, p->count + thread * p->clusters) / n;
            mi[b] = i->h_classes + i->h_clusters - cells;
        }
        if (!zsc_progress(exec, "permutations", (double)last, (double)permutations))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    }
    return ZSC_OK;
}

zsc_status zsc_score_chance(const int32_t *labels, const int32_t *clusters, size_t n, zsc_missing missing,
                            size_t permutations, uint64_t seed, const zsc_exec *exec, zsc_chance *out)
{
    zsc_status status = ZSC_OK;
    zsc_chance chance = {.permutations = permutations, .sd = NAN, .p_value = NAN};
    zsc_scores s;
    permuted p = {0};
    double *mi = NULL;
    size_t threads = (size_t)zsc_threads(exec), reached = 0;
    zsc_sum squares = {0};
    ZSC_TRY(zsc_score(labels, clusters, n, missing, exec, &s));
    if (permutations == 0 || isnan(s.ami[ZSC_ARITHMETIC])) {
        *out = chance;
        return ZSC_OK;
    }
    ZSC_TRY(zsc_memory_check(exec, bytes_needed(n, threads) + permutations * sizeof *mi, "permutations of clusters"));
    ZSC_TRY(permuted_make(labels, clusters, n, missing, threads, &p));
    ZSC_NEW_RAW(mi, permutations);
    zsc_information i = {.rows = s.rows,
                         .classes = s.classes,
                         .clusters = s.clusters,
                         .emi = s.emi,
                         .h_classes = s.h_classes,
                         .h_clusters = s.h_clusters};
    ZSC_TRY(permute(&p, &i, permutations, seed, exec, mi));
    for (size_t b = 0; b < permutations; b++) {
        i.mi = mi[b];
        zsc_information_set_exact_cases(&i);
        reached += mi[b] >= s.mi - tie;
        double ami = zsc_ami(&i, ZSC_ARITHMETIC);
        zsc_sum_add(&squares, ami * ami);
    }
    chance.sd = sqrt(zsc_sum_value(&squares) / (double)permutations);
    chance.p_value = (double)(1 + reached) / (double)(permutations + 1);
    *out = chance;
done:
    permuted_free(&p);
    free(mi);
    return status;
}
