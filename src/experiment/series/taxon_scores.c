#include "experiment/series/taxon_scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

typedef struct entry { /* of the contingency table, sparse */
    int32_t cluster, taxon;
    size_t rows;
} entry;

static int by_cluster(const void *left, const void *right)
{
    const entry *a = left, *b = right;
    if (a->cluster != b->cluster) return a->cluster < b->cluster ? -1 : 1;
    return (a->taxon > b->taxon) - (a->taxon < b->taxon);
}

static int by_rows(const void *left, const void *right)
{
    const zsc_taxon_score *a = left, *b = right;
    if (a->rows != b->rows) return a->rows > b->rows ? -1 : 1;
    return (a->code > b->code) - (a->code < b->code);
}

static size_t count_entries(entry *e, size_t n)
{
    size_t used = 0;
    qsort(e, n, sizeof *e, by_cluster);
    for (size_t i = 0; i < n; i++) {
        if (used && by_cluster(&e[used - 1], &e[i]) == 0)
            e[used - 1].rows++;
        else
            e[used++] = e[i];
    }
    return used;
}

/* The pairs of taxa that share clusters, summed: share of u around t. Sorted lists, so that no table of taxa x taxa is
 * needed. */
typedef struct overlap {
    int32_t taxon, other;
    double share; /* rows of t in the cluster x share of u in it */
} overlap;

static int by_taxa(const void *left, const void *right)
{
    const overlap *a = left, *b = right;
    if (a->taxon != b->taxon) return a->taxon < b->taxon ? -1 : 1;
    return (a->other > b->other) - (a->other < b->other);
}

static zsc_status find_confused(const entry *e, size_t used, zsc_taxon_score *score)
{
    zsc_status status = ZSC_OK;
    overlap *m = NULL;
    size_t count = 0, capacity = 0;
    for (size_t first = 0, next; first < used; first = next) {
        double rows = 0;
        for (next = first; next < used && e[next].cluster == e[first].cluster; next++) rows += (double)e[next].rows;
        for (size_t a = first; a < next; a++)
            for (size_t b = first; b < next; b++) {
                if (a == b) continue;
                ZSC_TRY(zsc_grow(&m, &capacity, count + 1, sizeof *m, "taxa that share clusters"));
                m[count++] = (overlap){e[a].taxon, e[b].taxon, (double)e[a].rows * (double)e[b].rows / rows};
            }
    }
    if (count) qsort(m, count, sizeof *m, by_taxa);
    for (size_t i = 0; i < count;) {
        size_t j = i;
        double sum = 0;
        for (; j < count && by_taxa(&m[i], &m[j]) == 0; j++) sum += m[j].share;
        zsc_taxon_score *s = &score[m[i].taxon];
        double share = sum / (double)s->rows;
        if (share > s->confused_share) {
            s->confused_share = share;
            s->confused = m[i].other;
        }
        i = j;
    }
done:
    free(m);
    return status;
}

/* Clusters are in ascending order, so that of equal shares the lower number comes first. */
static void keep_top(zsc_taxon_score *s, int32_t cluster, double share)
{
    for (int i = 0; i < 3; i++) {
        if (share <= s->top_share[i]) continue;
        for (int j = 2; j > i; j--) {
            s->top[j] = s->top[j - 1];
            s->top_share[j] = s->top_share[j - 1];
        }
        s->top[i] = cluster;
        s->top_share[i] = share;
        return;
    }
}

zsc_status zsc_taxon_scores(const zsc_column *column, const int32_t *clusters, size_t n, zsc_taxon_score *out,
                            size_t *count)
{
    zsc_status status = ZSC_OK;
    entry *e = NULL;
    zsc_taxon_score *score = NULL;
    size_t labelled = 0, kept = 0;
    ZSC_NEW(e, n);
    ZSC_NEW(score, column->levels + 1);
    for (size_t t = 0; t < column->levels; t++)
        score[t] = (zsc_taxon_score){.code = (int32_t)t, .top = {-1, -1, -1}, .confused = -1};
    for (size_t i = 0; i < n; i++)
        if (column->code[i] >= 0) {
            if (clusters[i] >= 0) e[labelled++] = (entry){clusters[i], column->code[i], 1};
            score[column->code[i]].rows++;
            score[column->code[i]].noise += clusters[i] < 0;
        }
    size_t used = count_entries(e, labelled);
    for (size_t first = 0, next; first < used; first = next) {
        double rows = 0;
        for (next = first; next < used && e[next].cluster == e[first].cluster; next++) rows += (double)e[next].rows;
        for (size_t i = first; i < next; i++) {
            zsc_taxon_score *s = &score[e[i].taxon];
            double share = (double)e[i].rows / (double)s->rows;
            s->clusters++;
            s->completeness += (double)e[i].rows * ((double)e[i].rows - 1);
            s->homogeneity += share * (double)e[i].rows / rows;
            keep_top(s, e[i].cluster, share);
        }
    }
    for (size_t t = 0; t < column->levels; t++) { /* each row of noise is a cluster of its own */
        zsc_taxon_score *s = &score[t];
        const double rows = (double)s->rows, noise = (double)s->noise;
        if (!s->noise) continue;
        s->completeness += noise / rows / rows;
        s->homogeneity += noise / rows;
    }
    ZSC_TRY(find_confused(e, used, score));
    for (size_t t = 0; t < column->levels; t++) {
        if (score[t].rows == 0) continue;
        double rows = (double)score[t].rows;
        score[t].completeness = rows > 1 ? score[t].completeness / (rows * (rows - 1)) : NAN;
        out[kept++] = score[t];
    }
    qsort(out, kept, sizeof *out, by_rows);
    *count = kept;
done:
    free(e);
    free(score);
    return status;
}

/* --- Taxa by their rows */
static _Thread_local const zsc_column *sorted_column; /* for by_count, which qsort calls without an argument */
static _Thread_local const size_t *sorted_counts;

static int by_count(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    if (sorted_counts[a] != sorted_counts[b]) return sorted_counts[a] > sorted_counts[b] ? -1 : 1;
    return strcmp(sorted_column->level[a], sorted_column->level[b]);
}

zsc_status zsc_taxa_by_rows(const zsc_column *column, size_t rows, size_t *order, size_t *counts)
{
    size_t *raw = zsc_calloc(column->levels + 1, sizeof *raw, "counts of taxa");
    if (!raw) return ZSC_EINTERNAL;
    for (size_t i = 0; i < column->levels; i++) order[i] = i;
    for (size_t i = 0; raw && i < rows; i++)
        if (column->code[i] >= 0) raw[column->code[i]]++;
    sorted_column = column;
    sorted_counts = raw;
    qsort(order, column->levels, sizeof *order, by_count);
    for (size_t i = 0; i < column->levels; i++) counts[i] = raw[order[i]];
    free(raw);
    return ZSC_OK;
}
