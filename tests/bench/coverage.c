/* coverage FILE:ENCODER FILE:ENCODER UNIT U STUDIES SPLITS NOISE COPIES [fixed|all [FIRST]]: how often the intervals of
 * `zsc compare` hold what they are of. The rows of the files are the population; their vectors are the first principal
 * components, with normal noise of NOISE standard deviations. With COPIES of 2 or more the population is a model of the
 * rows (below), large beside a study; 1: the rows themselves. UNIT: specimens, species or classes. A study draws U
 * units without replacement, makes clusters by Ward's linkage with as many as there are species, and intervals of level
 * 0.95 from SPLITS splits, as zsc compare does: of clusters that are those of the whole population (fixed), of each
 * sample's own and their fixed labels (ignored: what an interval without --recluster misses of clustering anew), and of
 * halves that are clustered anew, which takes most of the time and is left out with "fixed". Prints a line each of a
 * Markdown table; the truth is the mean over the studies. Coverages in per cent of the intervals that there are; then
 * the share of studies in which any simultaneous interval of the three differences misses, its Monte Carlo error and
 * that of the coverages, medians of the effective units of scores and of differences, and the per cent of intervals
 * that zsc compare refuses for these and for other reasons. Studies are numbered from FIRST (0) on, which are their
 * seeds: others than those that a rule was chosen on.
 *
 * UNIT classes: accuracy instead. A random half of the rows are keys; the other rows are queries, which are right if
 * the nearest key is of their species. A study draws U species with all of their queries, and U for the second of two
 * splits that the harmonic mean is of, each with replacement: two species may have the same queries. The columns are
 * macro, micro and the harmonic mean of the two macro accuracies. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "experiment/series/comparison_differences.h"
#include "experiment/series/comparison_statistics.h"
#include "metrics/retrieval_resample.h"
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

/* --- A large population like a small one
 *
 * A species is the centre of its genus, a deviation of a species from its genus, and the deviations of a species'
 * specimens from their mean, each drawn on its own, so that genera and families are those that there are, with COPIES
 * times as many species. */
typedef struct model {
    size_t species, genera;
    int32_t *genus, *family; /* of species */
    size_t *count, *members; /* specimens of a species, species of a genus */
    double *centre, *middle; /* of species, of genera */
} model;

static void add_to(double *sum, const double *row, double by)
{
    for (size_t j = 0; j < COLUMNS; j++) sum[j] += by * row[j];
}

static model model_of(const population *p, const float *x)
{
    model m = {.species = p->species};
    for (size_t i = 0; i < p->n; i++)
        if ((size_t)p->label[1][i] >= m.genera) m.genera = (size_t)p->label[1][i] + 1;
    m.genus = memory(m.species, sizeof *m.genus);
    m.family = memory(m.species, sizeof *m.family);
    m.count = memory(m.species, sizeof *m.count);
    m.members = memory(m.genera, sizeof *m.members);
    m.centre = memory(m.species * COLUMNS, sizeof *m.centre);
    m.middle = memory(m.genera * COLUMNS, sizeof *m.middle);
    for (size_t i = 0; i < p->n; i++) m.count[p->label[SPECIES][i]]++;
    for (size_t i = 0; i < p->n; i++) {
        size_t s = (size_t)p->label[SPECIES][i];
        m.family[s] = p->label[0][i];
        m.genus[s] = p->label[1][i];
        for (size_t j = 0; j < COLUMNS; j++)
            m.centre[s * COLUMNS + j] += (double)x[i * COLUMNS + j] / (double)m.count[s];
    }
    for (size_t s = 0; s < m.species; s++) m.members[m.genus[s]] += m.count[s] > 0;
    for (size_t s = 0; s < m.species; s++)
        if (m.count[s])
            add_to(m.middle + (size_t)m.genus[s] * COLUMNS, m.centre + s * COLUMNS, 1 / (double)m.members[m.genus[s]]);
    return m;
}

static void model_free(model *m)
{
    free(m->genus);
    free(m->family);
    free(m->count);
    free(m->members);
    free(m->centre);
    free(m->middle);
}

/* A random species, of a genus of two or more where SEVERAL. */
static size_t any_species(const model *m, bool several, zsc_stream *random)
{
    for (;;) {
        size_t s = (size_t)zsc_stream_below(random, m->species);
        if (m->count[s] && (!several || m->members[m->genus[s]] > 1)) return s;
    }
}

/* The centre of a new species of GENUS. Deviations from a mean of k vary by (k - 1) / k. */
static void draw_centre(const model *m, size_t genus, zsc_stream *random, double *centre)
{
    size_t s = any_species(m, true, random);
    double k = (double)m->members[m->genus[s]], by = sqrt(k / (k - 1)) * (zsc_stream_below(random, 2) ? 1 : -1);
    memcpy(centre, m->middle + genus * COLUMNS, COLUMNS * sizeof *centre);
    add_to(centre, m->centre + s * COLUMNS, by);
    add_to(centre, m->middle + (size_t)m->genus[s] * COLUMNS, -by);
}

/* Replaces vectors (p->n rows of X) and, of the first encoder, labels. All encoders have the same draws. */
static void enlarge(population *p, size_t copies, const float *x, const int32_t *const *label, size_t e)
{
    zsc_stream random = zsc_stream_open(98, ZSC_RANDOM_TEST, 0);
    model m = model_of(p, x);
    size_t most = 0, total = 0, *start = memory(m.species + 1, sizeof *start), *row = memory(p->n, sizeof *row);
    for (size_t s = 0; s < m.species; s++) {
        most = m.count[s] > most ? m.count[s] : most;
        start[s + 1] = start[s] + m.count[s];
    }
    size_t *at = memory(m.species, sizeof *at);
    for (size_t i = 0; i < p->n; i++) row[start[label[SPECIES][i]] + at[label[SPECIES][i]]++] = i;
    p->x[e] = memory(m.species * copies * most * COLUMNS, sizeof(float));
    for (size_t q = 0; q < RANKS && e == 0; q++) p->label[q] = memory(m.species * copies * most, sizeof(int32_t));
    for (size_t t = 0; t < copies * m.species; t++) {
        double centre[COLUMNS];
        size_t s = t % m.species;
        if (!m.count[s]) continue;
        draw_centre(&m, (size_t)m.genus[s], &random, centre);
        size_t like = any_species(&m, false, &random);
        for (size_t k = start[like]; k < start[like + 1]; k++, total++) {
            for (size_t j = 0; j < COLUMNS; j++)
                p->x[e][total * COLUMNS + j] = (float)(centre[j] + (double)x[row[k] * COLUMNS + j] -
                                                       m.centre[like * COLUMNS + j]);
            if (e > 0) continue;
            p->label[0][total] = m.family[s];
            p->label[1][total] = m.genus[s];
            p->label[SPECIES][total] = (int32_t)t;
        }
    }
    p->n = total;
    p->species = copies * m.species;
    model_free(&m);
    free(start);
    free(at);
    free(row);
}

/* --- Population */
static void load(population *p, const char *name, size_t e, double noise, size_t copies)
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
    int32_t *label[RANKS];
    for (size_t i = 0; i < d.n; i++)
        if (c[0]->code[i] >= 0 && c[1]->code[i] >= 0 && c[SPECIES]->code[i] >= 0) kept[n++] = i;
    float *x = memory(n * d.d, sizeof *x);
    for (size_t i = 0; i < n; i++) memcpy(x + i * d.d, d.x + kept[i] * d.d, d.d * sizeof *x);
    p->x[e] = memory(n * COLUMNS, sizeof *x);
    must(zsc_pca(x, n, d.d, COLUMNS, NULL, p->x[e]));
    for (size_t i = 0; i < n * COLUMNS; i++) square += (double)p->x[e][i] * (double)p->x[e][i];
    double scale = noise * sqrt(square / (double)(n * COLUMNS));
    for (size_t q = 0; q < RANKS; q++) {
        label[q] = memory(n, sizeof *label[q]);
        for (size_t i = 0; i < n; i++) label[q][i] = c[q]->code[kept[i]];
    }
    population rows = {.n = n, .species = c[SPECIES]->levels, .label = {label[0], label[1], label[2]}};
    p->n = n;
    p->species = rows.species;
    if (copies > 1) {
        float *before = p->x[e];
        enlarge(&rows, copies, before, (const int32_t *const *)label, e);
        free(before);
        p->n = rows.n;
        p->species = rows.species;
        p->x[e] = rows.x[e];
    }
    for (size_t i = 0; i < p->n * COLUMNS; i++) p->x[e][i] += (float)(scale * zsc_stream_normal(&random));
    for (size_t q = 0; q < RANKS; q++) {
        if (e == 0) p->label[q] = rows.label[q];
        if (e > 0 || copies > 1) free(label[q]);
    }
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
    double effective[SCORES];
    zsc_difference difference[RANKS];
} study;

/* The differences of scores of two parts of UNITS units, scaled to samples of U units, as in comparison_deviations.c.
 */
static void differences(const population *p, int32_t *const clusters[ENCODERS], const size_t *unit, size_t units,
                        size_t u, size_t *row, double out[SCORES], double average[SCORES])
{
    double v[SCORES], w[SCORES];
    size_t a = units / 2, b = units - a;
    score(p, clusters, row, rows_of(p, unit, a, row), v);
    score(p, clusters, row, rows_of(p, unit + a, b, row), w);
    for (size_t i = 0; i < SCORES; i++) {
        out[i] = (v[i] - w[i]) * sqrt((double)a * (double)b / ((double)units * (double)u));
        average[i] = (v[i] + w[i]) / 2;
    }
}

/* Deviations of the two halves that zsc compare draws, their means, and deviations of the two quarters of each
 * (QUARTER; NULL: none). */
static void split(const population *p, int32_t *const clusters[ENCODERS], const size_t *unit, size_t u, size_t splits,
                  uint64_t seed, double *value, double *average, double *quarter)
{
    const zsc_resampling all = {.count = splits, .seed = seed, .quarter = 1}; /* of which the whole order is drawn */
    size_t *order = memory(u, sizeof *order), *row = memory(p->n, sizeof *row);
    int32_t *drawn = memory(u, sizeof *drawn);
    uint16_t *weight = memory(u, sizeof *weight);
    for (size_t b = 0; b < splits; b++) {
        double d[SCORES], mean[SCORES];
        zsc_resample_draw(&all, b, u, drawn, weight);
        for (size_t i = 0; i < u; i++) order[i] = unit[drawn[i]];
        differences(p, clusters, order, u, u, row, d, mean);
        for (size_t i = 0; i < SCORES; i++) {
            value[i * splits + b] = d[i];
            average[i * splits + b] = mean[i];
        }
        for (size_t h = 0; h < 2 && quarter; h++) {
            differences(p, clusters, order + h * (u / 2), h ? u - u / 2 : u / 2, u, row, d, mean);
            for (size_t i = 0; i < SCORES; i++) quarter[(i * splits + b) * 2 + h] = d[i];
        }
    }
    free(order);
    free(row);
    free(drawn);
    free(weight);
}

/* UNITS: by rank. PAIRS: by rank, where units are rows; else NULL. */
static void judge(const double *estimate, double *value, double *average, double *quarter, double *const given[2],
                  double *influence, size_t *units, double *pairs, bool accuracy, size_t splits, study *out)
{
    zsc_compare_options o = zsc_compare_defaults();
    zsc_compare_cell cell[SCORES] = {{0}};
    bool there[SCORES];
    zsc_compare_group g = {.units_at = units,
                           .pairs = pairs,
                           .units = units[RANKS - 1],
                           .accuracy = accuracy,
                           .ranks = RANKS,
                           .encoders = ENCODERS,
                           .cell = cell};
    zsc_deviations of = {.count = splits,
                         .value = value,
                         .average = average,
                         .quarter = quarter,
                         .given = given ? given[0] : NULL,
                         .given_average = given ? given[1] : NULL,
                         .influence = influence,
                         .scratch = memory(7 * splits + g.units, sizeof *value)};
    o.resampling.count = splits;
    for (size_t i = 0; i < SCORES; i++) {
        there[i] = true;
        cell[i].mean = out->estimate[i] = estimate[i];
    }
    must(zsc_compare_mark_unusable(&o, there, true, value, &g));
    for (size_t i = 0; i < SCORES; i++) {
        zsc_spread spread = zsc_compare_spread(&of, &g, i / ENCODERS, i % ENCODERS, SIZE_MAX);
        out->own[i] = zsc_compare_score_interval(&g, i / ENCODERS, spread, estimate[i], o.level);
        out->effective[i] = spread.effective;
    }
    must(zsc_compare_differences(&o, &of, &g));
    memcpy(out->difference, g.difference, sizeof out->difference);
    free(g.difference);
    free(g.unusable);
    free(of.scratch);
}

/* The same of AMI: influences are of the deviations that are usable. */
static void judge_ami(const double *estimate, double *value, double *average, double *quarter, double *const given[2],
                      double *pairs, size_t u, size_t splits, uint64_t seed, study *out)
{
    const zsc_resampling halves = {.count = splits, .seed = seed};
    const zsc_exec one = {.threads = 1};
    size_t units[RANKS] = {u, u, u};
    double *influence = memory(SCORES * u, sizeof *influence);
    must(zsc_split_influences(&halves, 0, u, value, SCORES, &one, u, influence));
    judge(estimate, value, average, quarter, given, influence, units, pairs, false, splits, out);
    free(influence);
}

static void make_study(const population *p, size_t u, size_t splits, uint64_t number, size_t targets, study *out)
{
    size_t *unit = memory(p->units, sizeof *unit), *row = memory(p->n, sizeof *row);
    double *value = memory(SCORES * splits, sizeof *value), *average = memory(SCORES * splits, sizeof *value),
           *quarter = memory(SCORES * 2 * splits, sizeof *value);
    double estimate[SCORES];
    int32_t *own[ENCODERS], *cut = memory(p->n, sizeof *cut);
    zsc_stream r = zsc_stream_open(17, ZSC_RANDOM_TEST, number);
    for (size_t i = 0; i < p->units; i++) unit[i] = i;
    shuffle(&r, unit, p->units, u);
    size_t n = rows_of(p, unit, u, row);
    double of_classes[RANKS], *pairs = p->units == p->n ? of_classes : NULL;
    for (size_t q = 0; q < RANKS && pairs; q++) {
        for (size_t i = 0; i < n; i++) cut[i] = p->label[q][row[i]];
        zsc_scores s;
        must(zsc_score(cut, cut, n, ZSC_MISSING_DROP, NULL, &s));
        pairs[q] = (double)s.pairs[1][1] / 2;
    }
    score(p, p->fixed, row, n, estimate);
    split(p, p->fixed, unit, u, splits, number, value, average, NULL);
    judge_ami(estimate, value, average, NULL, NULL, pairs, u, splits, number, &out[FIXED]);
    for (size_t e = 0; e < ENCODERS; e++) { /* clusters of the sample, which are then taken as given */
        own[e] = memory(p->n, sizeof **own);
        cluster(p, e, row, n, cut);
        for (size_t i = 0; i < n; i++) own[e][row[i]] = cut[i];
    }
    score(p, own, row, n, estimate);
    split(p, own, unit, u, splits, number, value, average, NULL);
    judge_ami(estimate, value, average, NULL, NULL, pairs, u, splits, number, &out[IGNORED]);
    if (targets > ANEW) {
        double *anew = memory(SCORES * splits, sizeof *anew), *mean = memory(SCORES * splits, sizeof *mean);
        double *const given[2] = {value, average}; /* of the clusters of all of the sample */
        split(p, NULL, unit, u, splits, number, anew, mean, quarter);
        judge_ami(estimate, anew, mean, quarter, given, pairs, u, splits, number, &out[ANEW]);
        free(anew);
        free(mean);
    }
    for (size_t e = 0; e < ENCODERS; e++) free(own[e]);
    free(unit);
    free(row);
    free(value);
    free(average);
    free(quarter);
    free(cut);
}

/* --- Retrieval */
typedef struct queries {
    zsc_class_recall *of[ENCODERS]; /* by unit, which are species with queries */
    size_t units;
} queries;

static int32_t nearest(const population *p, size_t e, size_t i, const bool *is_key)
{
    const float *x = p->x[e];
    double least = INFINITY;
    size_t at = i;
    for (size_t k = 0; k < p->n; k++) {
        double distance = 0;
        for (size_t j = 0; j < COLUMNS && is_key[k]; j++) {
            double d = (double)x[i * COLUMNS + j] - (double)x[k * COLUMNS + j];
            distance += d * d;
        }
        if (is_key[k] && distance < least) {
            least = distance;
            at = k;
        }
    }
    return p->label[SPECIES][at];
}

static queries make_queries(const population *p)
{
    queries q = {.units = 0};
    zsc_stream random = zsc_stream_open(97, ZSC_RANDOM_TEST, 0);
    bool *is_key = memory(p->n, sizeof *is_key), *right = memory(p->n, sizeof *right);
    for (size_t i = 0; i < p->n; i++) is_key[i] = zsc_stream_below(&random, 2);
    for (size_t e = 0; e < ENCODERS; e++) {
        zsc_class_recall *all = memory(p->species, sizeof *all);
#pragma omp parallel for schedule(dynamic, 64)
        for (size_t i = 0; i < p->n; i++) right[i] = !is_key[i] && nearest(p, e, i, is_key) == p->label[SPECIES][i];
        for (size_t i = 0; i < p->n; i++) {
            all[p->label[SPECIES][i]].queries += !is_key[i];
            all[p->label[SPECIES][i]].right += right[i];
        }
        q.of[e] = memory(p->species, sizeof **q.of);
        q.units = 0;
        for (size_t s = 0; s < p->species; s++)
            if (all[s].queries > 0) q.of[e][q.units++] = all[s];
        free(all);
    }
    free(is_key);
    free(right);
    return q;
}

static void make_retrieval_study(const queries *q, size_t u, size_t splits, uint64_t number, study *out)
{
    const zsc_resampling halves = {.count = splits, .seed = number};
    const zsc_class_recalls *list[2 * ENCODERS];
    zsc_class_recalls recalls[2 * ENCODERS]; /* split * ENCODERS + encoder */
    size_t *unit = memory(2 * u, sizeof *unit), units[RANKS] = {u, u, 2 * u};
    double *value = memory(SCORES * splits, sizeof *value), estimate[SCORES];
    double *influence = memory(SCORES * 2 * u, sizeof *influence);
    zsc_stream r = zsc_stream_open(18, ZSC_RANDOM_TEST, number);
    for (size_t i = 0; i < 2 * u; i++) unit[i] = zsc_stream_below(&r, q->units); /* as of a population without end */
    for (size_t l = 0; l < 2 * ENCODERS; l++) {
        recalls[l] = (zsc_class_recalls){memory(u, sizeof *recalls[l].class), u};
        for (size_t i = 0; i < u; i++) recalls[l].class[i] = q->of[l % ENCODERS][unit[l / ENCODERS * u + i]];
        list[l] = &recalls[l];
    }
    for (size_t k = 0; k < RANKS; k++) { /* macro, micro, the harmonic mean of two macro */
        size_t several = k == 2 ? 2 : 1;
        double *of_score = value + k * ENCODERS * splits;
        must(zsc_class_recalls_resample(list, several, ENCODERS, k != 1, &halves, of_score));
        must(zsc_class_recalls_influences(list, several, ENCODERS, &halves, of_score, 2 * u,
                                          influence + k * ENCODERS * 2 * u));
        for (size_t e = 0; e < ENCODERS; e++) {
            const zsc_class_recalls of[2] = {recalls[e], recalls[ENCODERS + e]};
            estimate[k * ENCODERS + e] = zsc_class_recalls_mean(of, several, k != 1);
        }
    }
    judge(estimate, value, NULL, NULL, NULL, influence, units, NULL, true, splits, out);
    for (size_t l = 0; l < 2 * ENCODERS; l++) free(recalls[l].class);
    free(unit);
    free(value);
    free(influence);
}

/* --- Table */
static bool holds(zsc_interval i, double truth) { return i.low <= truth && truth <= i.high; }

typedef struct tally {
    size_t held, known;
} tally;

static void count(zsc_interval i, double truth, tally *t)
{
    t->known += !isnan(i.low);
    t->held += holds(i, truth);
}

static void print_coverage(const tally *t)
{
    if (t->known)
        printf(" %.1f |", 100.0 * (double)t->held / (double)t->known);
    else
        printf(" - |");
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of the effective units at each rank, of differences or of scores, without those that nothing decides. */
static void print_effective(const study *all, size_t studies, size_t targets, size_t target, bool differences)
{
    double *value = memory(studies * ENCODERS, sizeof *value);
    for (size_t q = 0; q < RANKS; q++) {
        size_t n = 0;
        for (size_t s = 0; s < studies; s++)
            for (size_t e = 0; e < (differences ? 1 : ENCODERS); e++) {
                const study *t = &all[s * targets + target];
                double units = differences ? t->difference[q].effective : t->effective[q * ENCODERS + e];
                if (!isnan(units)) value[n++] = units;
            }
        qsort(value, n, sizeof *value, ascending);
        printf("%s%.0f", q ? ", " : " ", n ? value[n / 2] : NAN);
    }
    printf(" |");
    free(value);
}

/* TARGET of TARGETS studies each. */
static void report(const char *const *argument, const char *name, const study *all, size_t studies, size_t targets,
                   size_t target)
{
    double truth[SCORES] = {0};
    tally own[RANKS] = {{0}}, pair[RANKS] = {{0}}, together = {0};
    size_t unknown = 0, few = 0;
    for (size_t s = 0; s < studies; s++)
        for (size_t i = 0; i < SCORES; i++) truth[i] += all[s * targets + target].estimate[i] / (double)studies;
    for (size_t s = 0; s < studies; s++) {
        const study *t = &all[s * targets + target];
        bool miss = false;
        for (size_t q = 0; q < RANKS; q++) {
            double difference = truth[q * ENCODERS] - truth[q * ENCODERS + 1];
            for (size_t e = 0; e < ENCODERS; e++) count(t->own[q * ENCODERS + e], truth[q * ENCODERS + e], &own[q]);
            count(t->difference[q].interval, difference, &pair[q]);
            unknown += isnan(t->difference[q].joint.low);
            for (size_t e = 0; e < ENCODERS; e++) unknown += isnan(t->own[q * ENCODERS + e].low);
            few += isnan(t->difference[q].joint.low) && t->difference[q].effective < ZSC_LEAST_UNITS;
            for (size_t e = 0; e < ENCODERS; e++)
                few += isnan(t->own[q * ENCODERS + e].low) && t->effective[q * ENCODERS + e] < ZSC_LEAST_UNITS;
            miss |= t->difference[q].joint.low > difference || t->difference[q].joint.high < difference;
        }
        together.held += miss;
    }
    printf("| %s %s | %s |", argument[4], argument[3], name);
    for (size_t q = 0; q < RANKS; q++) print_coverage(&own[q]);
    for (size_t q = 0; q < RANKS; q++) print_coverage(&pair[q]);
    printf(" %.3f | %.1f |", (double)together.held / (double)studies, 100 * sqrt(0.95 * 0.05 / (double)studies));
    print_effective(all, studies, targets, target, false);
    print_effective(all, studies, targets, target, true);
    double intervals = 3.0 * RANKS * (double)studies;
    printf(" %.1f | %.1f |\n", 100 * (double)few / intervals, 100 * (double)(unknown - few) / intervals);
}

int main(int argc, char **argv)
{
    population p = {0};
    bool fixed = argc > 9 && strcmp(argv[9], "fixed") == 0;
    if (argc < 9 || argc > 11 || (argc > 9 && !fixed && strcmp(argv[9], "all") != 0)) {
        fputs("usage: coverage FILE:ENCODER FILE:ENCODER UNIT U STUDIES SPLITS NOISE COPIES [fixed|all [FIRST]]\n",
              stderr);
        return 2;
    }
    size_t first = argc > 10 ? strtoul(argv[10], NULL, 10) : 0;
    size_t u = strtoul(argv[4], NULL, 10), studies = strtoul(argv[5], NULL, 10), splits = strtoul(argv[6], NULL, 10);
    for (size_t e = 0; e < ENCODERS; e++) load(&p, argv[1 + e], e, strtod(argv[7], NULL), strtoul(argv[8], NULL, 10));
    make_units(&p, strcmp(argv[3], "species") == 0);
    bool classes = strcmp(argv[3], "classes") == 0;
    queries q = {0};
    if (classes) {
        q = make_queries(&p);
        p.units = q.units;
    }
    if (u > p.units || u < 8 || studies < 2 || splits < 20) {
        fprintf(stderr, "coverage: expected 8 to %zu units, 2 studies and 20 splits or more\n", p.units);
        return 2;
    }
    for (size_t e = 0; e < ENCODERS && !classes; e++) {
        p.fixed[e] = memory(p.n, sizeof **p.fixed);
        cluster(&p, e, NULL, p.n, p.fixed[e]);
    }
    size_t targets = classes ? 1 : fixed ? ANEW : TARGETS;
    study *all = memory(studies * targets, sizeof *all);
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t s = 0; s < studies; s++) {
        if (classes)
            make_retrieval_study(&q, u, splits, first + s, all + s);
        else
            make_study(&p, u, splits, first + s, targets, all + s * targets);
    }
    for (size_t t = 0; t < targets; t++)
        report((const char *const *)argv, classes ? "as they are" : target_name[t], all, studies, targets, t);
    return 0;
}
