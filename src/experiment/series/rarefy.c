/* Rarefaction: scores of random choices of N of the rows that are scored.
 *
 * In choice b row i has the key mix(k_b + h_i), h_i being the hash of its id and k_b a random number of b, and the N
 * rows of least keys are taken: a choice without replacement that depends neither on the order of the rows nor on the
 * other rows, so that runs on the same rows have the same choices. Rank by rank, since other rows have labels there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include "experiment/series/rarefy.h"
#include "experiment/store/result_parts.h"

typedef struct workspace {
    uint64_t *hash, *key, *scratch; /* of the m rows that are scored */
    int32_t *label, *cluster;       /* of these; LABEL and CLUSTER of a choice stand in the next two */
    int32_t *chosen_label, *chosen_cluster;
    size_t m;
} workspace;

static void workspace_free(workspace *w)
{
    free(w->hash);
    free(w->key);
    free(w->scratch);
    free(w->label);
    free(w->cluster);
    free(w->chosen_label);
    free(w->chosen_cluster);
}

/* The rows that are scored at rank j, with the clusters in CLUSTERS. */
static zsc_status take_rows(const zsc_result *r, size_t j, const int32_t *clusters, size_t n, workspace *w)
{
    zsc_status status = ZSC_OK;
    const int32_t *code = r->taxon[j].code;
    bool drop = zsc_result_missing(r) == ZSC_MISSING_DROP;
    ZSC_NEW_RAW(w->hash, r->rows);
    ZSC_NEW_RAW(w->label, r->rows);
    ZSC_NEW_RAW(w->cluster, r->rows);
    for (size_t i = 0; i < r->rows; i++) {
        if (drop && code[i] < 0) continue;
        w->hash[w->m] = zsc_hash64(r->id[i], strlen(r->id[i]));
        w->label[w->m] = code[i];
        w->cluster[w->m++] = clusters[i];
    }
    ZSC_NEW_RAW(w->key, w->m + 1);
    ZSC_NEW_RAW(w->scratch, w->m + 1);
    ZSC_NEW_RAW(w->chosen_label, n + 1);
    ZSC_NEW_RAW(w->chosen_cluster, n + 1);
done:
    return status;
}

/* The n-th least (from 1) of m keys, which are put into another order (Hoare 1961). */
static uint64_t nth_least(uint64_t *key, size_t m, size_t n)
{
    size_t low = 0, high = m - 1, at = n - 1;
    while (low < high) {
        uint64_t pivot = key[low + (high - low) / 2];
        size_t i = low, j = high;
        while (i <= j) {
            while (key[i] < pivot) i++;
            while (key[j] > pivot) j--;
            if (i > j) break;
            uint64_t swap = key[i];
            key[i++] = key[j];
            key[j] = swap;
            if (j-- == 0) break;
        }
        if (at <= j && j != SIZE_MAX)
            high = j;
        else if (at >= i)
            low = i;
        else
            break;
    }
    return key[at];
}

/* N rows of choice B. */
static void choose(workspace *w, size_t n, size_t b)
{
    zsc_stream stream = zsc_stream_open(0, ZSC_RANDOM_RAREFY, b);
    uint64_t of_choice = zsc_stream_u64(&stream);
    size_t taken = 0;
    for (size_t i = 0; i < w->m; i++) w->key[i] = zsc_mix64(of_choice + w->hash[i]);
    memcpy(w->scratch, w->key, w->m * sizeof *w->key);
    uint64_t last = nth_least(w->scratch, w->m, n);
    for (int equal = 0; equal < 2; equal++) /* rows whose key is the last are taken as long as there is space */
        for (size_t i = 0; i < w->m && taken < n; i++) {
            if (equal ? w->key[i] != last : w->key[i] >= last) continue;
            w->chosen_label[taken] = w->label[i];
            w->chosen_cluster[taken++] = w->cluster[i];
        }
}

/* Sums of scores; those that are not defined in a choice are no part of its mean. */
typedef struct sums {
    double value[7], classes, clusters;
    size_t defined[7];
} sums;

static void add_scores(const zsc_scores *s, sums *sum)
{
    const double value[] = {s->ami[ZSC_ARITHMETIC], s->nmi[ZSC_ARITHMETIC], s->ari,      s->fmi,
                            s->homogeneity,         s->completeness,        s->v_measure};
    for (size_t k = 0; k < sizeof value / sizeof *value; k++) {
        if (isnan(value[k])) continue;
        sum->value[k] += value[k];
        sum->defined[k]++;
    }
    sum->classes += (double)s->classes;
    sum->clusters += (double)s->clusters;
}

static double mean_of(const sums *s, size_t k) { return s->defined[k] ? s->value[k] / (double)s->defined[k] : NAN; }

static void set_means(const sums *s, size_t n, zsc_results_row *row)
{
    row->scored = n;
    row->classes = (size_t)llround(s->classes / ZSC_RAREFACTIONS);
    row->found = (size_t)llround(s->clusters / ZSC_RAREFACTIONS);
    row->ami = mean_of(s, 0);
    row->nmi = mean_of(s, 1);
    row->ari = mean_of(s, 2);
    row->fmi = mean_of(s, 3);
    row->homogeneity = mean_of(s, 4);
    row->completeness = mean_of(s, 5);
    row->v_measure = mean_of(s, 6);
    row->ceiling = row->chance_sd = row->p_value = NAN; /* of all rows */
    row->ami_clustered = row->ami_singletons = NAN;
}

zsc_status zsc_rarefy(const zsc_result *r, size_t j, const int32_t *clusters, size_t n, const zsc_exec *exec,
                      zsc_results_row *row)
{
    zsc_status status = ZSC_OK;
    workspace w = {0};
    sums sum = {0};
    ZSC_TRY(take_rows(r, j, clusters, n, &w));
    if (w.m < n)
        ZSC_TRY(zsc_fail(ZSC_EINPUT,
                         "--rarefy %zu: '%s' has %zu rows that are scored at rank %s, expected %zu or more; rarefy to "
                         "fewer, or choose --ranks",
                         n, r->path, w.m, r->score[j].rank, n));
    for (size_t b = 0; b < ZSC_RAREFACTIONS; b++) {
        zsc_scores s;
        choose(&w, n, b);
        ZSC_TRY(zsc_score(w.chosen_label, w.chosen_cluster, n, ZSC_MISSING_CLASS, exec, &s));
        add_scores(&s, &sum);
    }
    set_means(&sum, n, row);
done:
    workspace_free(&w);
    return status;
}
