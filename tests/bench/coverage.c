/* coverage FILE:ENCODER FILE:ENCODER UNIT U STUDIES SPLITS NOISE: how often the intervals of `zsc compare` hold what
 * they are of. The rows of the files are the population; their vectors are the first principal components, with normal
 * noise of NOISE standard deviations. UNIT: specimens or species. A study draws U units without replacement, makes
 * clusters by Ward's linkage with as many as there are species, and intervals of level 0.95 from SPLITS splits, as zsc
 * compare does: of clusters that are those of the whole population (fixed), of each sample's own and their fixed labels
 * (ignored: what an interval without --recluster misses of clustering anew), and of halves that are clustered anew.
 * Prints a line each of a Markdown table; the truth is the mean over the studies. Coverages in per cent; the last
 * column is the share of studies in which any simultaneous interval of the three differences misses. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "experiment/series/comparison_statistics.h"
#include "zsc/zsc.h"

enum { ENCODERS = 2, RANKS = 3, COLUMNS = 8, SPECIES = 2, SCORES = ENCODERS * RANKS };
static const char *const rank_name[RANKS] = {"family", "genus", "species"};

typedef struct population {
    size_t n, species, units;
    float *x[ENCODERS]; /* n x COLUMNS */
    int32_t *label[RANKS], *fixed[ENCODERS];
    size_t *start, *row; /* rows of unit u: row[start[u]] .. row[start[u + 1] - 1] */
} population;

static void *memory(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size);
    if (!p) exit(1);
    return p;
}

static void must(zsc_status status)
{
    if (status == ZSC_OK) return;
    fprintf(stderr, "coverage: %s\n", zsc_error_message());
    exit(1);
}

/* --- Population */
static void load(population *p, const char *name, size_t e, double noise)
{
    zsc_dataset_options o = zsc_dataset_defaults();
    zsc_dataset d;
    const zsc_column *c[RANKS];
    zsc_stream random = zsc_stream_open(99 + e, ZSC_RANDOM_TEST, 0);
    double square = 0;
    o.embeddings = &name;
    o.embedding_count = 1;
    must(zsc_dataset_load(&o, NULL, &d));
    for (size_t q = 0; q < RANKS; q++) c[q] = zsc_dataset_rank(&d, rank_name[q]);
    size_t *kept = memory(d.n, sizeof *kept), n = 0;
    for (size_t i = 0; i < d.n; i++)
        if (c[0]->code[i] >= 0 && c[1]->code[i] >= 0 && c[SPECIES]->code[i] >= 0) kept[n++] = i;
    float *x = memory(n * d.d, sizeof *x);
    for (size_t i = 0; i < n; i++) memcpy(x + i * d.d, d.x + kept[i] * d.d, d.d * sizeof *x);
    p->x[e] = memory(n * COLUMNS, sizeof *x);
    must(zsc_pca(x, n, d.d, COLUMNS, NULL, p->x[e]));
    for (size_t i = 0; i < n * COLUMNS; i++) square += (double)p->x[e][i] * (double)p->x[e][i];
    double scale = noise * sqrt(square / (double)(n * COLUMNS));
    for (size_t i = 0; i < n * COLUMNS; i++) p->x[e][i] += (float)(scale * zsc_stream_normal(&random));
    for (size_t q = 0; q < RANKS && e == 0; q++) {
        p->label[q] = memory(n, sizeof **p->label);
        for (size_t i = 0; i < n; i++) p->label[q][i] = c[q]->code[kept[i]];
    }
    p->n = n;
    p->species = c[SPECIES]->levels;
    free(kept);
    free(x);
    zsc_dataset_free(&d);
}

static void make_units(population *p, bool species)
{
    size_t *size = memory(p->species + 1, sizeof *size), at = 0;
    p->start = memory((species ? p->species : p->n) + 1, sizeof *p->start);
    p->row = memory(p->n, sizeof *p->row);
    for (size_t i = 0; i < p->n; i++) size[p->label[SPECIES][i]]++;
    for (size_t s = 0; s < p->species && species; s++) {
        if (size[s]) p->start[p->units++] = at;
        for (size_t i = 0; i < p->n && size[s]; i++)
            if (p->label[SPECIES][i] == (int32_t)s) p->row[at++] = i;
    }
    for (size_t i = 0; i < p->n && !species; i++) p->start[p->units++] = p->row[i] = i;
    p->start[p->units] = p->n;
    free(size);
}

/* --- Scores */
static size_t count_species(const population *p, const size_t *row, size_t n)
{
    bool *seen = memory(p->species, sizeof *seen);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        bool *s = &seen[p->label[SPECIES][row ? row[i] : i]];
        count += !*s;
        *s = true;
    }
    free(seen);
    return count;
}

/* ROW NULL: all. */
static void cluster(const population *p, size_t e, const size_t *row, size_t n, int32_t *out)
{
    const zsc_exec one = {.threads = 1};
    float *x = memory(n * COLUMNS, sizeof *x);
    double *z = memory(4 * n, sizeof *z);
    for (size_t i = 0; i < n; i++) memcpy(x + i * COLUMNS, p->x[e] + (row ? row[i] : i) * COLUMNS, COLUMNS * sizeof *x);
    must(zsc_linkage(x, n, COLUMNS, ZSC_WARD, &one, z, NULL));
    must(zsc_cut_clusters(z, n, count_species(p, row, n), out));
    free(x);
    free(z);
}

/* AMI of encoder e at rank q: out[q * ENCODERS + e]. CLUSTERS: by row of the population; NULL: of these rows anew. */
static void score(const population *p, int32_t *const clusters[ENCODERS], const size_t *row, size_t n, double *out)
{
    const zsc_exec one = {.threads = 1};
    int32_t *label = memory(n, sizeof *label), *cut = memory(n, sizeof *cut);
    for (size_t e = 0; e < ENCODERS; e++) {
        if (!clusters) cluster(p, e, row, n, cut);
        for (size_t i = 0; i < n && clusters; i++) cut[i] = clusters[e][row[i]];
        for (size_t q = 0; q < RANKS; q++) {
            zsc_scores s;
            for (size_t i = 0; i < n; i++) label[i] = p->label[q][row[i]];
            must(zsc_score(label, cut, n, ZSC_MISSING_DROP, &one, &s));
            out[q * ENCODERS + e] = s.ami[ZSC_ARITHMETIC];
        }
    }
    free(label);
    free(cut);
}

static size_t rows_of(const population *p, const size_t *unit, size_t units, size_t *row)
{
    size_t n = 0;
    for (size_t i = 0; i < units; i++)
        for (size_t j = p->start[unit[i]]; j < p->start[unit[i] + 1]; j++) row[n++] = p->row[j];
    return n;
}

static void shuffle(zsc_stream *r, size_t *order, size_t count, size_t first)
{
    for (size_t i = 0; i < first; i++) {
        size_t j = i + (size_t)zsc_stream_below(r, count - i), chosen = order[j];
        order[j] = order[i];
        order[i] = chosen;
    }
}

/* --- Studies */
enum { FIXED, IGNORED, ANEW, TARGETS };
static const char *const target_name[TARGETS] = {"fixed", "anew, intervals of fixed clusters", "anew, `--recluster`"};

typedef struct study { /* of one target */
    double estimate[SCORES];
    zsc_interval own[SCORES];
    zsc_difference difference[RANKS];
} study;

/* Deviations of the two halves, as in comparison_deviations.c. */
static void split(const population *p, int32_t *const clusters[ENCODERS], const size_t *unit, size_t u, size_t splits,
                  uint64_t seed, double *value)
{
    size_t *order = memory(u, sizeof *order), *row = memory(p->n, sizeof *row);
    for (size_t b = 0; b < splits; b++) {
        double v[SCORES], w[SCORES];
        zsc_stream r = zsc_stream_open(seed, ZSC_RANDOM_TEST, b);
        memcpy(order, unit, u * sizeof *order);
        shuffle(&r, order, u, u / 2);
        score(p, clusters, row, rows_of(p, order, u / 2, row), v);
        score(p, clusters, row, rows_of(p, order + u / 2, u - u / 2, row), w);
        for (size_t i = 0; i < SCORES; i++)
            value[i * splits + b] = (v[i] - w[i]) * sqrt((double)(u / 2) * (double)(u - u / 2)) / (double)u;
    }
    free(order);
    free(row);
}

static void judge(const double *estimate, double *value, size_t u, size_t splits, study *out)
{
    zsc_compare_options o = zsc_compare_defaults();
    zsc_compare_cell cell[SCORES] = {{0}};
    bool there[SCORES];
    zsc_compare_group g = {.units = u, .split = true, .ranks = RANKS, .encoders = ENCODERS, .cell = cell};
    double *used = memory(splits, sizeof *used);
    o.resampling.count = splits;
    for (size_t i = 0; i < SCORES; i++) {
        there[i] = true;
        cell[i].mean = out->estimate[i] = estimate[i];
    }
    must(zsc_compare_mark_unusable(&o, there, true, value, &g));
    for (size_t i = 0; i < SCORES; i++)
        out->own[i] = zsc_split_interval(used, zsc_compare_usable(value + i * splits, splits, used), estimate[i], u,
                                         o.level);
    must(zsc_compare_differences(&o, value, &g));
    memcpy(out->difference, g.difference, sizeof out->difference);
    free(g.difference);
    free(g.unusable);
    free(used);
}

static void make_study(const population *p, size_t u, size_t splits, uint64_t number, study out[TARGETS])
{
    size_t *unit = memory(p->units, sizeof *unit), *row = memory(p->n, sizeof *row);
    double *value = memory(SCORES * splits, sizeof *value), estimate[SCORES];
    int32_t *own[ENCODERS], *cut = memory(p->n, sizeof *cut);
    zsc_stream r = zsc_stream_open(17, ZSC_RANDOM_TEST, number);
    for (size_t i = 0; i < p->units; i++) unit[i] = i;
    shuffle(&r, unit, p->units, u);
    size_t n = rows_of(p, unit, u, row);
    score(p, p->fixed, row, n, estimate);
    split(p, p->fixed, unit, u, splits, number, value);
    judge(estimate, value, u, splits, &out[FIXED]);
    for (size_t e = 0; e < ENCODERS; e++) { /* clusters of the sample, which are then taken as given */
        own[e] = memory(p->n, sizeof **own);
        cluster(p, e, row, n, cut);
        for (size_t i = 0; i < n; i++) own[e][row[i]] = cut[i];
    }
    score(p, own, row, n, estimate);
    split(p, own, unit, u, splits, number, value);
    judge(estimate, value, u, splits, &out[IGNORED]);
    split(p, NULL, unit, u, splits, number, value);
    judge(estimate, value, u, splits, &out[ANEW]);
    for (size_t e = 0; e < ENCODERS; e++) free(own[e]);
    free(unit);
    free(row);
    free(value);
    free(cut);
}

/* --- Table */
static bool holds(zsc_interval i, double truth) { return i.low <= truth && (truth <= i.high || i.high >= 1); }

typedef struct tally {
    size_t held, known;
} tally;

static void count(zsc_interval i, double truth, tally *t)
{
    t->known += !isnan(i.low);
    t->held += holds(i, truth);
}

static void print_coverage(const tally *t) { printf(" %.1f |", 100.0 * (double)t->held / (double)t->known); }

static void report(const char *const *argument, const study *all, size_t studies, size_t target)
{
    double truth[SCORES] = {0};
    tally own[RANKS] = {{0}}, pair[RANKS] = {{0}}, together = {0};
    size_t unknown = 0;
    for (size_t s = 0; s < studies; s++)
        for (size_t i = 0; i < SCORES; i++) truth[i] += all[s * TARGETS + target].estimate[i] / (double)studies;
    for (size_t s = 0; s < studies; s++) {
        const study *t = &all[s * TARGETS + target];
        bool miss = false;
        for (size_t q = 0; q < RANKS; q++) {
            double difference = truth[q * ENCODERS] - truth[q * ENCODERS + 1];
            for (size_t e = 0; e < ENCODERS; e++) count(t->own[q * ENCODERS + e], truth[q * ENCODERS + e], &own[q]);
            count(t->difference[q].interval, difference, &pair[q]);
            unknown += isnan(t->difference[q].joint.low);
            miss |= t->difference[q].joint.low > difference || t->difference[q].joint.high < difference;
        }
        together.held += miss;
    }
    printf("| %s %s | %s |", argument[4], argument[3], target_name[target]);
    for (size_t q = 0; q < RANKS; q++) print_coverage(&own[q]);
    for (size_t q = 0; q < RANKS; q++) print_coverage(&pair[q]);
    printf(" %.3f | %.1f | %zu |\n", (double)together.held / (double)studies, 100 * sqrt(0.95 * 0.05 / (double)studies),
           unknown);
}

int main(int argc, char **argv)
{
    population p = {0};
    if (argc != 8) {
        fputs("usage: coverage FILE:ENCODER FILE:ENCODER UNIT U STUDIES SPLITS NOISE\n", stderr);
        return 2;
    }
    size_t u = strtoul(argv[4], NULL, 10), studies = strtoul(argv[5], NULL, 10), splits = strtoul(argv[6], NULL, 10);
    for (size_t e = 0; e < ENCODERS; e++) load(&p, argv[1 + e], e, strtod(argv[7], NULL));
    make_units(&p, strcmp(argv[3], "species") == 0);
    if (u > p.units || u < 8 || studies < 2 || splits < 20) {
        fprintf(stderr, "coverage: expected 8 to %zu units, 2 studies and 20 splits or more\n", p.units);
        return 2;
    }
    for (size_t e = 0; e < ENCODERS; e++) {
        p.fixed[e] = memory(p.n, sizeof **p.fixed);
        cluster(&p, e, NULL, p.n, p.fixed[e]);
    }
    study *all = memory(studies * TARGETS, sizeof *all);
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t s = 0; s < studies; s++) make_study(&p, u, splits, s, all + s * TARGETS);
    for (size_t t = 0; t < TARGETS; t++) report((const char *const *)argv, all, studies, t);
    return 0;
}
