/* zsc compare: encoders side by side, with uncertainty. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "cli/cli.h"
#include "cli/commands/compare_cells.h"
#include "cli/commands/compare_clusters.h"
#include "cli/commands/compare_components.h"
#include "cli/commands/compare_measures.h"
#include "cli/read_results.h"
#include "experiment/series/comparison.h"
#include "experiment/series/comparison_effective.h"
#include "experiment/series/comparison_estimand.h"
#include "experiment/series/retrieval_comparison.h"
#include "cli/print_results.h"
#include "zsc/zsc.h"

typedef struct compare_arguments {
    cli_common common;
    zsc_compare_options o;
    zsc_list ranks, where;
    size_t seed, k, recluster;
    int format, score, control;
    bool measures, p_values, wilcoxon;
    zsc_encoder_ranks over_cells; /* with --wilcoxon */
    const char *output;
} compare_arguments;

enum { AMI, MACRO, MICRO };
#define SCORES "ami|macro|micro"

static zsc_status defaults(void *data)
{
    compare_arguments *a = data;
    a->o = zsc_compare_defaults();
    return ZSC_OK;
}

#define FIELD(name) offsetof(compare_arguments, name)
static const cli_option options[] = {
    {.name = "ranks",
     .kind = CLI_NAMES,
     .offset = FIELD(ranks),
     .arg = "RANK,...",
     .help = "ranks to compare",
     .shown_default = "all present"},
    CLI_RESULTS_WHERE_OPTION(FIELD(where)),
    CLI_RESAMPLING_OPTIONS(FIELD(o.unit), FIELD(o.resampling.count), FIELD(o.level), ""),
    {.name = "recluster",
     .kind = CLI_COUNT,
     .offset = FIELD(recluster),
     .arg = "N",
     .help = "make each run again, from its inputs, on both halves of N random splits, and on two quarters of each: "
             "intervals then hold what clustering a sample anew changes (some 2 N times the time of a run; 100 is "
             "enough); 0: take the clusters as they are",
     .maximum = 1e5},
    {.name = "control",
     .kind = CLI_CHOICE,
     .offset = FIELD(control),
     .arg = "WHAT",
     .help = "differences whose intervals hold together: those of all ranks, or of each rank",
     .choices = "all|rank"},
    {.name = "p-values",
     .kind = CLI_FLAG,
     .offset = FIELD(p_values),
     .help = "also print p-values of the differences to the best, adjusted as --control says"},
    {.name = "wilcoxon",
     .kind = CLI_FLAG,
     .offset = FIELD(wilcoxon),
     .help = "also print the mean rank of each encoder over all ranks and selections of rows, and exact signed-rank "
             "tests"},
    {.name = "seed",
     .kind = CLI_COUNT,
     .offset = FIELD(seed),
     .arg = "N",
     .help = "seed of the resamples",
     .maximum = 9e15},
    {.name = "score",
     .kind = CLI_CHOICE,
     .offset = FIELD(score),
     .arg = "SCORE",
     .help = "ami: of clusters; macro, micro: accuracy of zsc retrieve, the mean over classes, or over queries",
     .choices = SCORES},
    {'k', "k", CLI_COUNT, FIELD(k), "K", .help = "how many of the nearest keys count (retrieval)", .minimum = 1,
     .maximum = 1e9, .shown_default = "the first that all have"},
    {.name = "measures",
     .kind = CLI_FLAG,
     .offset = FIELD(measures),
     .help =
         "whether measures agree across encoders instead: Spearman's correlation of AMI at a rank (--ranks, species) "
         "with 1-NN accuracy and with silhouette"},
    CLI_FORMAT_OPTION(FIELD(format)),
    CLI_OUTPUT_OPTION(FIELD(output)),
    CLI_FORCE_OPTION,
};

/* --- Aligned tables, in per cent */
static void add_interval(cli_cells *c, double value, zsc_interval i, const char *mark)
{
    if (isnan(value))
        cli_cells_add(c, "-");
    else if (isnan(i.low))
        cli_cells_add(c, "%.2f%s", 100 * value, mark);
    else
        cli_cells_add(c, "%.2f [%.2f, %.2f]%s", 100 * value, 100 * i.low, 100 * i.high, mark);
}

static const char *score_title(const zsc_compare_group *g)
{
    return strcmp(g->score, "ami") == 0     ? "AMI %: mean over seeds"
           : strcmp(g->score, "macro") == 0 ? "macro accuracy %"
                                            : "micro accuracy %";
}

/* The same in a sentence. */
static const char *score_name(const zsc_compare_group *g)
{
    return strcmp(g->score, "ami") == 0 ? "AMI %" : score_title(g);
}

/* Resamples that were left out, and ranks without intervals. */
static void print_unusable(const zsc_compare_group *g, const compare_arguments *a)
{
    for (size_t q = 0; g->unusable && q < g->ranks; q++)
        if (g->unusable[q])
            printf("%s: AMI is not defined in %zu of %zu resamples (one class is left), %s\n", g->rank[q],
                   g->unusable[q], a->o.resampling.count,
                   g->unusable[q] * ZSC_MOST_UNUSABLE > a->o.resampling.count ? "so there are no intervals"
                                                                              : "which are left out");
}

static void print_estimand(const zsc_compare_group *g)
{
    char *words = zsc_compare_estimand(g);
    if (words) printf("they are of %s\n", words);
    free(words);
    if (g->rate_assumed)
        puts("quarters of the units are too few to cluster: variances are taken to fall as 1 / n, which is not tested");
}

/* Ranks at which a score is too near 1, or an accuracy 0. */
static void print_perfect(const zsc_compare_group *g, const compare_arguments *a)
{
    for (size_t q = 0; q < g->ranks; q++) {
        size_t count = 0;
        for (size_t e = 0; e < g->encoders; e++)
            count += zsc_compare_is_perfect(g, q, g->cell[q * g->encoders + e].mean);
        if (count && zsc_compare_units(g, q) >= zsc_compare_least_units(&a->o))
            printf("%s: %zu of %zu %s are within 1/%zu of %s, less than one of the %s, and have no interval\n",
                   g->rank[q], count, g->encoders, g->accuracy ? "accuracies" : "AMI", zsc_compare_units(g, q),
                   g->accuracy ? "0 or 1" : "1", g->unit_words);
    }
}

/* A row of a table: how many units decide the scores, or the differences, of each rank. */
static void add_effective(cli_cells *c, const zsc_compare_group *g,
                          zsc_effective_units (*units_of)(const zsc_compare_group *g, size_t q))
{
    for (size_t q = 0; q < g->ranks; q++) {
        zsc_effective_units e = units_of(g, q);
        if (e.known == 0)
            cli_cells_add(c, "-");
        else if (e.most - e.least < 0.5)
            cli_cells_add(c, "%.0f", e.least);
        else
            cli_cells_add(c, "%.0f to %.0f", e.least, e.most);
    }
}

/* What is refused for too few of them, and what may not hold as often as it says. */
static void print_effective(const zsc_compare_group *g)
{
    size_t few = 0;
    for (size_t q = 0; q < g->ranks; q++) {
        zsc_effective_units score = zsc_effective_of_scores(g, q), difference = zsc_effective_of_differences(g, q);
        if (zsc_compare_units(g, q) >= ZSC_FEW_UNITS) few += score.few + difference.few;
        if (score.refused + difference.refused > 0)
            printf("%s: %zu scores and %zu differences have fewer than %d effective units, and no interval\n",
                   g->rank[q], score.refused, difference.refused, ZSC_LEAST_UNITS);
    }
    if (few > 0)
        zsc_warn("%zu intervals are of fewer than %d effective %s, and may hold less often than "
                 "they say",
                 few, ZSC_FEW_UNITS, g->unit_words);
}

static bool has_interval(const zsc_compare_group *g, size_t q)
{
    for (size_t e = 0; e < g->encoders; e++)
        if (!isnan(g->cell[q * g->encoders + e].interval.low)) return true;
    return false;
}

static void print_retrieval_title(const zsc_compare_group *g, const compare_arguments *a)
{
    printf("%s%s: %zu%s%s\n%g %% intervals from %zu %s the classes of each rank (%zu at most)\n",
           g->harmonic_mean ? "" : "queries of ", g->subset, g->rows, g->harmonic_mean ? " queries" : "",
           g->simulated ? " (simulated data)" : "", 100 * a->o.level, a->o.resampling.count,
           "random splits into halves of", g->units);
    print_estimand(g);
    if (g->few_units)
        printf("no intervals at ranks of fewer than %zu classes, since they have too few different resamples\n",
               zsc_compare_least_units(&a->o));
    print_perfect(g, a);
    print_effective(g);
    for (size_t q = 0; q < g->ranks; q++)
        if (g->units_at[q] < ZSC_FEW_UNITS && has_interval(g, q))
            zsc_warn("%s: intervals from %zu classes are too narrow; expected %d or more", g->rank[q], g->units_at[q],
                     ZSC_FEW_UNITS);
}

static void print_title(const zsc_compare_group *g, const compare_arguments *a)
{
    if (a->score != AMI) {
        print_retrieval_title(g, a);
        return;
    }
    printf("%s%s%s: %zu rows%s\n%g %% intervals from %zu %s %zu %s", g->subset,
           strcmp(g->per_barcode, "all") == 0 ? "" : ", one row per barcode, ",
           strcmp(g->per_barcode, "all") == 0 ? "" : g->per_barcode, g->rows, g->simulated ? " (simulated data)" : "",
           100 * a->o.level, a->o.resampling.count, "random splits into halves of", g->units - g->unlabelled,
           g->unit_words);
    if (g->unlabelled) printf("\nand of %zu rows without a label at %s", g->unlabelled, g->unit);
    if (g->few_units)
        printf("\nno intervals: they need %zu units or more, since fewer have too few different resamples\n",
               zsc_compare_least_units(&a->o));
    else {
        putchar('\n');
        print_estimand(g);
    }
    print_unusable(g, a);
    print_perfect(g, a);
    print_effective(g);
    if (!g->few_units && g->units < ZSC_FEW_UNITS)
        zsc_warn("intervals from %zu %s are too narrow; expected %d or more", g->units, g->unit_words, ZSC_FEW_UNITS);
}

static const char **header_of(const zsc_compare_group *g, const char *first, const char *second)
{
    const char **header = zsc_calloc(g->ranks + 2, sizeof *header, "a table");
    size_t columns = 0;
    if (!header) return NULL;
    header[columns++] = first;
    if (second) header[columns++] = second;
    for (size_t q = 0; q < g->ranks; q++) header[columns++] = g->rank[q];
    return header;
}

static zsc_status print_means(const zsc_compare_group *g)
{
    cli_cells c = {0};
    bool has_seeds = strcmp(g->score, "ami") == 0;
    const char **header = header_of(g, "encoder", has_seeds ? "seeds" : NULL);
    if (!header) return ZSC_EINTERNAL;
    printf("\n%s [interval]; * best, + second\n", score_title(g));
    for (size_t e = 0; e < g->encoders; e++) {
        size_t runs = 0;
        for (size_t q = 0; q < g->ranks; q++)
            runs = g->cell[q * g->encoders + e].runs > runs ? g->cell[q * g->encoders + e].runs : runs;
        cli_cells_add(&c, "%s", g->encoder[e]);
        if (has_seeds) cli_cells_add(&c, "%zu", runs);
        for (size_t q = 0; q < g->ranks; q++) {
            const zsc_compare_cell *cell = &g->cell[q * g->encoders + e];
            add_interval(&c, cell->mean, cell->interval, cell->best ? "*" : cell->second ? "+" : " ");
        }
    }
    cli_cells_add(&c, "effective units");
    if (has_seeds) cli_cells_add(&c, "%s", "");
    add_effective(&c, g, zsc_effective_of_scores);
    zsc_status status = cli_cells_print(&c, header, g->ranks + 1 + has_seeds, false);
    printf("effective units: as many %s decide how much the scores vary, from the least to the most of the encoders\n",
           g->unit_words);
    free(header);
    return status;
}

/* The difference of two encoders at a rank, in either order. */
static zsc_difference difference_of(const zsc_compare_group *g, size_t q, size_t a, size_t b)
{
    size_t pairs = g->encoders * (g->encoders - 1) / 2, low = a < b ? a : b, high = a < b ? b : a;
    zsc_difference d = g->difference[q * pairs + low * (2 * g->encoders - low - 1) / 2 + high - low - 1];
    if (a < b) return d;
    d.value = -d.value;
    d.interval = (zsc_interval){-d.interval.high, -d.interval.low};
    d.joint = (zsc_interval){-d.joint.high, -d.joint.low};
    return d;
}

/* The first of the best; as many as there are encoders: there is none. */
static size_t best_at(const zsc_compare_group *g, size_t q)
{
    size_t e = 0;
    while (e < g->encoders && !g->cell[q * g->encoders + e].best) e++;
    return e;
}

static void print_differences_title(const zsc_compare_group *g, const compare_arguments *a)
{
    printf("\nDifference to the best, %s [simultaneous %g %% interval of all %zu differences of %s%s];\n~ its interval "
           "holds 0, ? without an interval it is not known\n",
           score_name(g), 100 * a->o.level, g->compared, a->o.control == ZSC_CONTROL_ALL ? "all ranks" : "its rank",
           a->o.control == ZSC_CONTROL_ALL ? "" : " at most");
}

static void add_difference(cli_cells *c, const zsc_difference *d, bool p_values)
{
    const char *mark = isnan(d->joint.low) ? "?" : d->holds ? " " : "~";
    add_interval(c, d->value, d->joint, mark);
    if (!p_values || isnan(d->p_adjusted)) return;
    char *cell = c->list.item[c->list.count - 1], *longer = zsc_asprintf("%s p %.3g", cell, d->p_adjusted);
    if (!longer) c->status = ZSC_EINTERNAL;
    if (!longer) return;
    free(cell);
    c->list.item[c->list.count - 1] = longer;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of the smallest differences that would be seen, over the pairs of a rank. */
static double detectable_at(const zsc_compare_group *g, size_t q, double *scratch)
{
    size_t n = 0;
    for (size_t i = 0; i < g->differences; i++)
        if (g->difference[i].rank == q && !isnan(g->difference[i].detectable))
            scratch[n++] = g->difference[i].detectable;
    qsort(scratch, n, sizeof *scratch, ascending);
    return n ? (scratch[(n - 1) / 2] + scratch[n / 2]) / 2 : NAN;
}

static zsc_status print_differences(const zsc_compare_group *g, const compare_arguments *a)
{
    cli_cells c = {0};
    if (g->encoders < 2) return ZSC_OK;
    double *scratch = zsc_calloc(g->differences + 1, sizeof *scratch, "differences");
    const char **header = header_of(g, "encoder", NULL);
    if (!header || !scratch) {
        free(scratch);
        free(header);
        return ZSC_EINTERNAL;
    }
    print_differences_title(g, a);
    for (size_t e = 0; e < g->encoders; e++) {
        cli_cells_add(&c, "%s", g->encoder[e]);
        for (size_t q = 0; q < g->ranks; q++) {
            size_t best = best_at(g, q);
            bool is_best = g->cell[q * g->encoders + e].best;
            if (is_best || best == g->encoders) {
                cli_cells_add(&c, is_best ? "best" : "-");
                continue;
            }
            zsc_difference d = difference_of(g, q, e, best);
            add_difference(&c, &d, a->p_values);
        }
    }
    cli_cells_add(&c, "detectable");
    for (size_t q = 0; q < g->ranks; q++) cli_cells_real(&c, 100 * detectable_at(g, q, scratch), false, 2);
    cli_cells_add(&c, "effective units");
    add_effective(&c, g, zsc_effective_of_differences);
    zsc_status status = cli_cells_print(&c, header, g->ranks + 1, false);
    puts("detectable: a difference of this size would hold four times in five (median over pairs of encoders)");
    free(header);
    free(scratch);
    return status;
}

static zsc_status print_tables(const zsc_comparison *comparison, const compare_arguments *a)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < comparison->groups; i++) {
        const zsc_compare_group *g = &comparison->group[i];
        if (i) putchar('\n');
        print_title(g, a);
        ZSC_TRY(print_means(g));
        ZSC_TRY(cli_print_compared_clusters(g));
        ZSC_TRY(print_differences(g, a));
    }
    ZSC_TRY(cli_print_components(comparison));
    if (a->wilcoxon) status = cli_print_encoder_ranks(&a->over_cells);
done:
    return status;
}

/* --- CSV: one row per cell, then one per difference, at the end one per component of variance; fractions */
static void add_number(cli_cells *c, double value)
{
    if (isnan(value))
        cli_cells_add(c, "%s", "");
    else
        cli_cells_add(c, "%s", zsc_number_text(value, (char[ZSC_NUMBER_TEXT]){0}));
}

static void add_group(cli_cells *c, const zsc_compare_group *g, const char *kind, const char *rank, const char *encoder)
{
    cli_cells_add(c, "%s", kind);
    cli_cells_add(c, "%s", g->subset);
    cli_cells_add(c, "%s", g->per_barcode);
    cli_cells_add(c, "%zu", g->rows);
    cli_cells_add(c, "%s", rank);
    cli_cells_add(c, "%s", encoder);
}

/* A component of encoder C at rank Q: SD of COUNT seeds, draws or units. */
static void add_component(cli_cells *table, const zsc_compare_group *g, const zsc_components *c, size_t q,
                          const char *what, size_t count, double sd)
{
    add_group(table, g, "component", g->rank[q], g->encoder[c->encoder]);
    cli_cells_add(table, "%s", what);
    cli_cells_add(table, "%zu", count);
    cli_cells_add(table, "%s", "");
    add_number(table, sd);
    for (int k = 0; k < 10; k++) cli_cells_add(table, "%s", "");
}

/* Of encoder E: the mean VALUE of its runs, which WHAT names. */
static void add_clusters(cli_cells *table, const zsc_compare_group *g, size_t e, const char *what, double value,
                         double sd)
{
    if (isnan(value)) return;
    add_group(table, g, "clusters", "", g->encoder[e]);
    cli_cells_add(table, "%s", what);
    cli_cells_add(table, "%zu", g->clusters[e].runs);
    add_number(table, value);
    add_number(table, sd);
    for (int k = 0; k < 10; k++) cli_cells_add(table, "%s", "");
}

static void add_components(cli_cells *table, const zsc_comparison *comparison)
{
    for (size_t k = 0; k < comparison->component_count; k++) {
        const zsc_components *c = &comparison->components[k];
        const zsc_compare_group *g = &comparison->group[c->group];
        for (size_t q = 0; q < g->ranks; q++) {
            add_component(table, g, c, q, "seed", c->most_seeds, c->at[q].seed);
            if (c->drawn) add_component(table, g, c, q, "draw", c->draws, c->at[q].draw);
            add_component(table, g, c, q, "sample", g->units, c->at[q].sample);
        }
    }
}

static zsc_status print_rows(const zsc_comparison *comparison)
{
    const char *const header[] = {"kind",
                                  "subset",
                                  "one_per_barcode",
                                  "rows",
                                  "rank",
                                  "encoder",
                                  "other",
                                  "runs",
                                  comparison->group[0].score,
                                  "sd",
                                  "low",
                                  "high",
                                  "joint_low",
                                  "joint_high",
                                  "place",
                                  "holds",
                                  "p_value",
                                  "p_adjusted",
                                  "detectable",
                                  "effective_units"};
    cli_cells c = {0};
    for (size_t i = 0; i < comparison->groups; i++) {
        const zsc_compare_group *g = &comparison->group[i];
        for (size_t q = 0; q < g->ranks; q++)
            for (size_t e = 0; e < g->encoders; e++) {
                const zsc_compare_cell *cell = &g->cell[q * g->encoders + e];
                add_group(&c, g, "score", g->rank[q], g->encoder[e]);
                cli_cells_add(&c, "%s", "");
                cli_cells_add(&c, "%zu", cell->runs);
                add_number(&c, cell->mean);
                add_number(&c, cell->sd);
                add_number(&c, cell->interval.low);
                add_number(&c, cell->interval.high);
                cli_cells_add(&c, "%s", "");
                cli_cells_add(&c, "%s", "");
                cli_cells_add(&c, cell->place ? "%zu" : "%.0zu", cell->place);
                for (int k = 0; k < 4; k++) cli_cells_add(&c, "%s", "");
                add_number(&c, cell->effective);
            }
        for (size_t e = 0; e < g->encoders && cli_has_compared_clusters(g); e++) {
            add_clusters(&c, g, e, "count", g->clusters[e].count, g->clusters[e].count_sd);
            add_clusters(&c, g, e, "clustered", g->clusters[e].clustered, NAN);
            add_clusters(&c, g, e, "silhouette", g->clusters[e].silhouette, g->clusters[e].silhouette_sd);
            add_clusters(&c, g, e, "stability_subsamples", g->clusters[e].subsamples, NAN);
            add_clusters(&c, g, e, "stability_seeds", g->clusters[e].seeds, NAN);
        }
        for (size_t j = 0; j < g->differences; j++) {
            const zsc_difference *d = &g->difference[j];
            add_group(&c, g, "difference", g->rank[d->rank], g->encoder[d->a]);
            cli_cells_add(&c, "%s", g->encoder[d->b]);
            cli_cells_add(&c, "%s", "");
            add_number(&c, d->value);
            cli_cells_add(&c, "%s", "");
            add_number(&c, d->interval.low);
            add_number(&c, d->interval.high);
            add_number(&c, d->joint.low);
            add_number(&c, d->joint.high);
            cli_cells_add(&c, "%s", "");
            cli_cells_add(&c, "%s", isnan(d->joint.low) ? "NA" : d->holds ? "yes" : "no");
            add_number(&c, d->p_value);
            add_number(&c, d->p_adjusted);
            add_number(&c, d->detectable);
            add_number(&c, d->effective);
        }
    }
    add_components(&c, comparison);
    return cli_cells_print(&c, header, sizeof header / sizeof *header, true);
}

/* --- JSON */
static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static json_t *interval(zsc_interval i) { return json_pack("[o, o]", real(i.low), real(i.high)); }

static json_t *json_rank(const zsc_compare_group *g, size_t q)
{
    json_t *encoders = json_array(), *differences = json_array();
    for (size_t e = 0; e < g->encoders; e++) {
        const zsc_compare_cell *cell = &g->cell[q * g->encoders + e];
        json_t *item = json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:I}", "encoder", g->encoder[e], "runs",
                                 (json_int_t)cell->runs, g->score, real(cell->mean), "sd", real(cell->sd), "interval",
                                 interval(cell->interval), "effective_units", real(cell->effective), "share_of_pairs",
                                 real(cell->pairs), "place", (json_int_t)cell->place);
        if (cell->runs && isnan(cell->mean))
            json_object_set_new(item, "ami_undefined", json_string("no row is scored, or one class"));
        json_array_append_new(encoders, item);
    }
    for (size_t j = 0; j < g->differences; j++) {
        const zsc_difference *d = &g->difference[j];
        if (d->rank != q) continue;
        json_array_append_new(
            differences,
            json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "encoder", g->encoder[d->a], "other",
                      g->encoder[d->b], g->score, real(d->value), "interval", interval(d->interval), "joint_interval",
                      interval(d->joint), "holds", isnan(d->joint.low) ? json_null() : json_boolean(d->holds),
                      "p_value", real(d->p_value), "p_adjusted", real(d->p_adjusted), "detectable", real(d->detectable),
                      "effective_units", real(d->effective), "share_of_pairs", real(d->pairs)));
    }
    return json_pack("{s:s, s:I, s:o, s:o}", "rank", g->rank[q], "unusable_resamples",
                     (json_int_t)(g->unusable ? g->unusable[q] : 0), "encoders", encoders, "differences", differences);
}

static json_t *json_group(const zsc_compare_group *g, json_t *ranks)
{
    char *words = zsc_compare_estimand(g);
    json_t *out = json_pack("{s:s, s:s, s:I, s:s, s:I, s:I, s:I, s:b, s:o}", "subset", g->subset, "one_per_barcode",
                            g->per_barcode, "rows", (json_int_t)g->rows, "unit", g->unit, "units", (json_int_t)g->units,
                            "unlabelled_units", (json_int_t)g->unlabelled, "compared_together", (json_int_t)g->compared,
                            "simulated", g->simulated, "ranks", ranks);
    if (out && words) json_object_set_new(out, "estimand", json_string(words));
    free(words);
    if (out && cli_has_compared_clusters(g)) json_object_set_new(out, "clusters", cli_json_compared_clusters(g));
    return out;
}

static zsc_status print_json(const zsc_comparison *comparison, const compare_arguments *a)
{
    json_t *groups = json_array();
    for (size_t i = 0; i < comparison->groups; i++) {
        const zsc_compare_group *g = &comparison->group[i];
        json_t *ranks = json_array();
        for (size_t q = 0; q < g->ranks; q++) json_array_append_new(ranks, json_rank(g, q));
        json_array_append_new(groups, json_group(g, ranks));
    }
    json_t *root = json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:f, s:I, s:o}", "zsc", zsc_version(), "unit", comparison->group[0].unit, "method",
        "halves", "control", a->o.control == ZSC_CONTROL_ALL ? "all" : "rank", "resamples",
        (json_int_t)a->o.resampling.count, "level", a->o.level, "seed", (json_int_t)a->seed, "groups", groups);
    if (root && a->score == AMI) json_object_set_new(root, "components", cli_json_components(comparison));
    if (root && a->wilcoxon) json_object_set_new(root, "over_cells", cli_json_encoder_ranks(&a->over_cells));
    return cli_print_json(root);
}

static zsc_status compare_runs(const compare_arguments *a, char **operands, int count, zsc_comparison *out)
{
    zsc_status status = ZSC_OK;
    zsc_result_list results = {0};
    ZSC_TRY(
        zsc_results_read((const char *const *)operands, (size_t)count, ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE, &results));
    ZSC_TRY(zsc_results_keep_where(&results, &a->where));
    if (results.count == 0) {
        status = zsc_fail(ZSC_EINPUT, "--where leaves no result; zsc ls lists them");
        goto done;
    }
    status = zsc_compare(&results, &a->o, &a->common.exec, out);
done:
    zsc_results_free(&results);
    return status;
}

static zsc_status compare_retrieval(const compare_arguments *a, char **operands, int count, zsc_comparison *out)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_file *files = NULL;
    size_t n = 0;
    char score[8];
    zsc_value_choice_text(SCORES, a->score, score, sizeof score);
    ZSC_TRY(zsc_retrieval_files_read((const char *const *)operands, (size_t)count, ZSC_RESULTS_OF_QUERIES, &files, &n));
    status = zsc_retrieval_compare(files, n, &a->o, score, a->k, out);
done:
    zsc_retrieval_files_free(files, n);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    compare_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_comparison comparison = {0};
    if (a->measures) {
        if (a->ranks.count > 1) return cli_usage("--measures are of one rank, and --ranks names %zu", a->ranks.count);
        return cli_compare_measures(operands, count, &a->where, a->ranks.count ? a->ranks.item[0] : NULL,
                                    (cli_format)a->format);
    }
    a->o.control = (zsc_control)a->control;
    if (a->recluster > 0 && a->recluster < 20)
        return cli_usage("--recluster %zu is too few splits, expected 0, or 20 and more", a->recluster);
    a->o.recluster = a->recluster > 0;
    if (a->o.recluster) a->o.resampling.count = a->recluster;
    a->o.resampling.seed = a->seed;
    a->o.ranks = a->ranks.count ? (const char *const *)a->ranks.item : NULL;
    a->o.rank_count = a->ranks.count;
    ZSC_TRY((a->score == AMI ? compare_runs : compare_retrieval)(a, operands, count, &comparison));
    if (comparison.groups > 1 && a->score == AMI)
        zsc_note("the results have %zu different selections of rows or labels; each is compared separately",
                 comparison.groups);
    if (a->wilcoxon) ZSC_TRY(zsc_encoder_ranks_make(&comparison, &a->over_cells));
    status = a->format == CLI_JSON  ? print_json(&comparison, a)
             : a->format == CLI_CSV ? print_rows(&comparison)
                                    : print_tables(&comparison, a);
done:
    zsc_encoder_ranks_free(&a->over_cells);
    zsc_comparison_free(&comparison);
    return status;
}

const cli_command cli_compare_command = {
    .name = "compare",
    .group = "Experiments",
    .summary = "compare encoders, with intervals",
    .operands = "RESULTS...",
    .min_operands = 1,
    .max_operands = -1,
    .description =
        "RESULTS are result files of zsc run and zsc sweep, or folders of them. Runs that differ only in "
        "their seed count as one encoder. For each rank, zsc prints the mean AMI over seeds with an "
        "interval, the best and the second best, the difference to the best with an interval, and the components of "
        "variance: seed, barcode draw (of runs that differ in --barcode-seed), sample. Equal means are a tie: all of "
        "them are marked, and they share "
        "their place in CSV and JSON (1, 1, 3). Where clusterers or cuts found the number of clusters, or runs have "
        "silhouettes or stability, these follow, with the share of the rows that is clustered and the numbers of "
        "classes.\n\n"
        "Intervals are of the mean AMI over other samples of as many species (or specimens, taxa of another rank, "
        "values "
        "of any column of the metadata that the runs were made of): an output says so in words. From fewer than 20 "
        "units "
        "they are too narrow, which is a warning; a unit that is named and has fewer than 5 is refused. The same holds "
        "of effective units, of which there are as many as decide how much a score or a difference varies: where a few "
        "large species do, intervals may hold less often than they say, which is a warning, and of fewer than 5 there "
        "is no interval. The units are "
        "split into random halves, which are independent samples; how much "
        "the AMI of the two differs gives the standard error, and Student's t allows for few units of unequal size. An "
        "interval of AMI is symmetric on the scale of Fisher's z, and so within 1; an AMI so near 1 that less than one "
        "unit is amiss has none. "
        "All encoders are scored on the same halves, so differences are paired. Seeds are resampled too, as many as "
        "there are; with one seed the variance of seeds is not known. The clusters are taken as given: what clustering "
        "other samples anew would "
        "change is not in the intervals (doc/metrics.md says how much that is). Where scores of 80 units or more vary "
        "by pairs of units more than by units, as those of species do from few specimens, the variance is taken to "
        "fall as that of pairs does. "
        "With --recluster N the runs are made "
        "again on the halves of N splits, and their quarters, from the inputs that the results name, and it is in "
        "them; an interrupted "
        "comparison starts anew. A split of which a half has one class at a rank is of no use; they are counted, and a "
        "rank with more than one in ten has no intervals.\n\n"
        "Differences have simultaneous intervals, wide enough for all differences of all ranks together (max-t; "
        "--control rank: of each rank). A difference holds if 0 lies outside its interval. CSV and JSON also have "
        "the interval of each difference alone, p-values, and the difference that would hold four times in five. "
        "Only results of the same rows are compared.\n\n"
        "With --score macro or micro, RESULTS are files of zsc retrieve -o FILE.json, its results, and folders of "
        "them. Each pair of query and "
        "key encoders is compared on queries of the same classes, split by split; at each rank the classes of "
        "the queries are resampled with all of their queries. Intervals are symmetric on the scale of the logit; an "
        "accuracy "
        "within one class's share of 0 or 1 has none.\n\n"
        "With --measures, zsc prints AMI, 1-NN accuracy (of results of zsc retrieve in the same folders, of an "
        "encoder in itself: micro, at k 1, of the first split) and silhouette (of runs with --internal) "
        "of each encoder, means over its runs, and how AMI correlates with the others.",
    .examples = "  $ zsc compare results\n"
                "  $ zsc compare results --unit specimens --ranks genus,species --format csv\n"
                "  $ zsc compare --score macro dna-dna.json image-dna.json\n"
                "  $ zsc compare --measures results --ranks genus",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(compare_arguments),
    .defaults = defaults,
    .run = run,
    .closing_line = true,
};
