#include "experiment/series/confusion.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

typedef struct labelled_row {
    int32_t cluster, taxon;
    size_t row;
} labelled_row;

static int by_cluster(const void *left, const void *right)
{
    const labelled_row *a = left, *b = right;
    if (a->cluster != b->cluster) return a->cluster < b->cluster ? -1 : 1;
    if (a->taxon != b->taxon) return a->taxon < b->taxon ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* Rows of one taxon in one cluster of another. */
typedef struct share {
    int32_t taxon, other, cluster;
    size_t rows, first; /* in the sorted rows */
} share;

static int by_pair(const void *left, const void *right)
{
    const share *a = left, *b = right;
    if (a->taxon != b->taxon) return a->taxon < b->taxon ? -1 : 1;
    if (a->other != b->other) return a->other < b->other ? -1 : 1;
    if (a->rows != b->rows) return a->rows > b->rows ? -1 : 1;
    return (a->cluster > b->cluster) - (a->cluster < b->cluster);
}

static int by_value(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return (a > b) - (a < b);
}

/* The most frequent taxon of each cluster; rows are sorted by cluster and taxon. */
static void find_owners(const labelled_row *e, size_t n, char *const *level, zsc_confusion *c)
{
    size_t most = 0;
    for (size_t first = 0, next; first < n; first = next) {
        int32_t cluster = e[first].cluster, *owner = &c->taxon_of[cluster];
        for (next = first; next < n && e[next].cluster == cluster && e[next].taxon == e[first].taxon;) next++;
        if (*owner < 0) most = 0;
        size_t rows = next - first;
        if (rows < most || (rows == most && strcmp(level[e[first].taxon], level[*owner]) > 0)) continue;
        most = rows;
        *owner = e[first].taxon;
    }
}

static size_t find_shares(const labelled_row *e, size_t n, const zsc_confusion *c, share *out)
{
    size_t count = 0;
    for (size_t first = 0, next; first < n; first = next) {
        for (next = first; next < n && e[next].cluster == e[first].cluster && e[next].taxon == e[first].taxon;) next++;
        int32_t owner = c->taxon_of[e[first].cluster];
        if (owner != e[first].taxon)
            out[count++] = (share){e[first].taxon, owner, e[first].cluster, next - first, first};
    }
    return count;
}

/* Pairs in order of their taxa, with their clusters and rows. */
static void gather_pairs(const labelled_row *e, const share *s, size_t shares, zsc_confusion *c)
{
    for (size_t i = 0; i < shares; i++) {
        zsc_confused_pair *pair = c->pairs ? &c->pair[c->pairs - 1] : NULL;
        if (!pair || pair->taxon != s[i].taxon || pair->other != s[i].other) {
            pair = &c->pair[c->pairs++];
            *pair = (zsc_confused_pair){
                .taxon = s[i].taxon, .other = s[i].other, .first_row = c->confused, .first_cluster = i};
        }
        c->cluster[i] = s[i].cluster;
        pair->clusters++;
        for (size_t k = 0; k < s[i].rows; k++) c->row[c->confused++] = e[s[i].first + k].row;
        pair->rows += s[i].rows;
    }
    for (size_t i = 0; i < c->pairs; i++)
        qsort(c->row + c->pair[i].first_row, c->pair[i].rows, sizeof *c->row, by_value);
}

static _Thread_local char *const *sorted_level; /* for by_rows, which qsort calls without an argument */

static int by_rows(const void *left, const void *right)
{
    const zsc_confused_pair *a = left, *b = right;
    if (a->rows != b->rows) return a->rows > b->rows ? -1 : 1;
    int order = strcmp(sorted_level[a->taxon], sorted_level[b->taxon]);
    return order ? order : strcmp(sorted_level[a->other], sorted_level[b->other]);
}

zsc_status zsc_confusion_make(const zsc_column *column, const int32_t *clusters, size_t n, zsc_confusion *out)
{
    zsc_status status = ZSC_OK;
    zsc_confusion c = {0};
    labelled_row *e = NULL;
    share *s = NULL;
    size_t clustered = 0;
    for (size_t i = 0; i < n; i++)
        if (clusters[i] >= 0 && (size_t)clusters[i] + 1 > c.clusters) c.clusters = (size_t)clusters[i] + 1;
    ZSC_NEW(e, n + 1);
    ZSC_NEW(s, n + 1);
    ZSC_NEW(c.taxon_of, c.clusters + 1);
    ZSC_NEW(c.rows_of, column->levels + 1);
    for (size_t k = 0; k < c.clusters; k++) c.taxon_of[k] = -1;
    for (size_t i = 0; i < n; i++) {
        if (column->code[i] < 0) continue;
        if (clusters[i] >= 0)
            e[clustered++] = (labelled_row){clusters[i], column->code[i], i};
        else
            c.noise++;
        c.labelled++;
        c.rows_of[column->code[i]]++;
    }
    qsort(e, clustered, sizeof *e, by_cluster);
    find_owners(e, clustered, column->level, &c);
    size_t shares = find_shares(e, clustered, &c, s);
    qsort(s, shares, sizeof *s, by_pair);
    ZSC_NEW(c.pair, shares + 1);
    ZSC_NEW(c.cluster, shares + 1);
    ZSC_NEW(c.row, c.labelled + 1);
    gather_pairs(e, s, shares, &c);
    sorted_level = column->level;
    qsort(c.pair, c.pairs, sizeof *c.pair, by_rows);
    *out = c;
    c = (zsc_confusion){0};
done:
    free(e);
    free(s);
    zsc_confusion_free(&c);
    return status;
}

void zsc_confusion_free(zsc_confusion *c)
{
    free(c->pair);
    free(c->row);
    free(c->cluster);
    free(c->taxon_of);
    free(c->rows_of);
    *c = (zsc_confusion){0};
}
