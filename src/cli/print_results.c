#include "experiment/series/results_table_read.h"
#include "base/number_text.h"
#include "cli/print_layers.h"
#include "cli/print_results.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/reference_scores.h"
#include "experiment/series/run_identity.h"
#include "experiment/store/result_fields.h"
#include "io/text/json_text.h"
#include "metrics/scores.h"
#include "zsc/zsc.h"

/* --- Cells */
/* A fraction as percent; "-" where there is none. */
static void add_percent(cli_cells *c, double value)
{
    if (isnan(value))
        cli_cells_add(c, "-");
    else
        cli_cells_add(c, "%.2f", 100 * value);
}

/* --- Table */
static bool same_but_seed(const zsc_result_list *results)
{
    bool same = true;
    if (results->count == 1) return true;
    zsc_results_row first = {0}, row = {0};
    if (zsc_results_row_describe(&results->item[0], &first) != ZSC_OK) return false;
    for (size_t i = 1; same && i < results->count; i++) {
        same = results->item[i].scores == results->item[0].scores &&
               zsc_results_row_describe(&results->item[i], &row) == ZSC_OK;
        same = same && zsc_same_series(&first, &row) && row.seed != first.seed;
        zsc_results_row_clear(&row);
    }
    zsc_results_row_clear(&first);
    return same;
}

static void mean_sd(const zsc_result_list *results, size_t rank, double *mean, double *sd)
{
    double sum = 0, square = 0;
    size_t n = results->count;
    for (size_t i = 0; i < n; i++) sum += results->item[i].score[rank].scores.ami[ZSC_ARITHMETIC];
    *mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) {
        double d = results->item[i].score[rank].scores.ami[ZSC_ARITHMETIC] - *mean;
        square += d * d;
    }
    *sd = n > 1 ? sqrt(square / (double)(n - 1)) : NAN;
}

static void encoders_text(const zsc_result *r, char *buffer, size_t size)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t m = 0; m < r->modalities && used < size; m++)
        used += (size_t)snprintf(buffer + used, size - used, "%s%s", m ? "+" : "", r->modality[m].encoder);
}

/* --internal: of the clusters, and of the true labels at each rank. Silhouettes are fractions from -1 to 1. */
static void add_internal(cli_cells *c, const char *of, const zsc_internal_scores *s)
{
    if (!isfinite(s->davies_bouldin)) return;
    cli_cells_add(c, "%s", of);
    cli_cells_real(c, s->silhouette, false, 3);
    cli_cells_real(c, s->davies_bouldin, false, 3);
    cli_cells_real(c, s->calinski_harabasz, false, 1);
}

static zsc_status print_internal(const zsc_result *r, bool many)
{
    static const char *const header[] = {"groups", "silhouette (-1 to 1)", "Davies-Bouldin", "Calinski-Harabasz"};
    cli_cells c = {0};
    add_internal(&c, "clusters", &r->internal);
    add_internal(&c, "clusters, before reduction", &r->internal_original);
    for (size_t j = 0; j < r->scores; j++) add_internal(&c, r->score[j].rank, &r->score[j].internal);
    if (c.list.count == 0) return c.status;
    printf("\nInternal scores of the clusters, and of the labels at each rank");
    if (many) printf(", seed %" PRIu64, r->seed);
    putchar('\n');
    return cli_cells_print(&c, header, sizeof header / sizeof *header, false);
}

static void print_mean(double mean, double sd)
{
    printf("%.3f", mean);
    if (!isnan(sd)) printf(" (sd %.3f)", sd);
}

static void print_stability(const zsc_result *r, bool many)
{
    const zsc_stability *s = &r->stability;
    if (s->repeats == 0) return;
    printf("\nStability");
    if (many) printf(", seed %" PRIu64, r->seed);
    printf(": AMI of clusters between %zu subsamples of 80 %% of the rows ", s->repeats);
    print_mean(s->subsamples, s->subsamples_sd);
    if (!isnan(s->seeds)) {
        printf(", between %zu seeds ", s->repeats);
        print_mean(s->seeds, s->seeds_sd);
    }
    putchar('\n');
}

static bool leaves_noise(const zsc_result *r) { return zsc_result_clusterer(r)->noise; }

/* ", HDBSCAN: 53 clusters with 91.3 % of the rows": of other than agglomerative clustering. */
static void print_found(const zsc_result *r)
{
    if (!zsc_result_names_clusterer(r)) return;
    printf(", %s: %zu clusters", zsc_result_clusterer(r)->title, r->clusters);
    if (leaves_noise(r)) printf(" with %.1f %% of the rows", 100 * (double)r->clustered / (double)r->rows);
}

/* The share of the rows that are clustered, and AMI without noise, and with noise as single rows. */
static void add_noise(cli_cells *c, const zsc_rank_scores *s)
{
    add_percent(c, s->scores.rows ? (double)s->noise.clustered / (double)s->scores.rows : NAN);
    add_percent(c, s->noise.ami_clustered);
    add_percent(c, s->noise.ami_singletons);
}

static zsc_status print_one_table(const zsc_result_list *results)
{
    static const char *const header[] = {"rank",
                                         "rows",
                                         "classes",
                                         "clusters",
                                         "AMI %",
                                         "sd",
                                         "NMI %",
                                         "ARI %",
                                         "homogeneity %",
                                         "completeness %",
                                         "clustered %",
                                         "AMI % clustered",
                                         "AMI % single rows"};
    cli_cells c = {0};
    const zsc_result *r = &results->item[0];
    char name[256];
    encoders_text(r, name, sizeof name);
    bool many = results->count > 1;
    if (many)
        printf("%s: %zu rows, %zu seeds; AMI is the mean, other scores are of seed %" PRIu64, name, r->rows,
               results->count, r->seed);
    else
        printf("%s: %zu rows, seed %" PRIu64, name, r->rows, r->seed);
    print_found(r);
    puts(r->simulated ? " (simulated data)" : "");
    for (size_t j = 0; j < r->scores; j++) {
        const zsc_scores *s = &r->score[j].scores;
        double mean, sd;
        mean_sd(results, j, &mean, &sd);
        cli_cells_add(&c, "%s", r->score[j].rank);
        cli_cells_add(&c, "%zu", s->rows);
        cli_cells_add(&c, "%zu", s->classes);
        cli_cells_add(&c, "%zu", s->clusters);
        add_percent(&c, mean);
        add_percent(&c, sd);
        add_percent(&c, s->nmi[ZSC_ARITHMETIC]);
        add_percent(&c, s->ari);
        add_percent(&c, s->homogeneity);
        add_percent(&c, s->completeness);
        if (leaves_noise(r)) add_noise(&c, &r->score[j]);
    }
    enum { ALL = sizeof header / sizeof *header, OF_NOISE = 3 };
    zsc_status status = cli_cells_print(&c, header, leaves_noise(r) ? ALL : ALL - OF_NOISE, false);
    if (status == ZSC_OK) status = print_internal(r, many);
    if (status == ZSC_OK) print_stability(r, many);
    return status == ZSC_OK ? cli_print_layers(r) : status;
}

/* --- CSV, and the table of results that differ in more than their seed */
static zsc_status print_rows(const zsc_result_list *results, bool csv)
{
    static const char *const header[] = {
        "key",       "encoders",  "subset",        "one_per_barcode", "scale",        "reduce",
        "seed",      "rank",      "rows",          "classes",         "clusters",     "ami",
        "nmi",       "ari",       "fmi",           "homogeneity",     "completeness", "v_measure",
        "clusterer", "clustered", "ami_clustered", "ami_singletons"};
    enum { COLUMNS = sizeof header / sizeof *header };
    cli_cells c = {0};
    for (size_t i = 0; i < results->count; i++) {
        const zsc_result *r = &results->item[i];
        char name[256];
        encoders_text(r, name, sizeof name);
        for (size_t j = 0; j < r->scores; j++) {
            const zsc_scores *s = &r->score[j].scores;
            cli_cells_add(&c, csv ? "%s" : "%.8s", r->key);
            cli_cells_add(&c, "%s", name);
            cli_cells_add(&c, "%s", r->subset);
            cli_cells_add(&c, "%s", r->per_barcode);
            cli_cells_add(&c, "%s", r->scale);
            cli_cells_add(&c, "%s", r->reduce);
            cli_cells_add(&c, "%" PRIu64, r->seed);
            cli_cells_add(&c, "%s", r->score[j].rank);
            cli_cells_add(&c, "%zu", s->rows);
            cli_cells_add(&c, "%zu", s->classes);
            cli_cells_add(&c, "%zu", s->clusters);
            const double value[] = {s->ami[ZSC_ARITHMETIC], s->nmi[ZSC_ARITHMETIC], s->ari,      s->fmi,
                                    s->homogeneity,         s->completeness,        s->v_measure};
            for (size_t v = 0; v < sizeof value / sizeof *value; v++) cli_cells_real(&c, value[v], csv, 4);
            cli_cells_add(&c, "%s", zsc_result_clusterer(r)->name);
            cli_cells_add(&c, "%zu", r->score[j].noise.clustered);
            cli_cells_real(&c, r->score[j].noise.ami_clustered, csv, 4);
            cli_cells_real(&c, r->score[j].noise.ami_singletons, csv, 4);
        }
    }
    return cli_cells_print(&c, header, COLUMNS, csv);
}

/* --- JSON */
static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

/* Where they were asked for. */
static void set_internal(json_t *o, const char *name, const zsc_internal_scores *s)
{
    if (isfinite(s->davies_bouldin))
        json_object_set_new(o, name,
                            json_pack("{s:o, s:o, s:o}", "silhouette", real(s->silhouette), "davies_bouldin",
                                      real(s->davies_bouldin), "calinski_harabasz", real(s->calinski_harabasz)));
}

static json_t *json_scores(const zsc_result *r)
{
    double *ceiling = NULL;
    if (zsc_result_ceilings(r, &ceiling) != ZSC_OK) return NULL;
    json_t *list = json_array();
    for (size_t j = 0; j < r->scores; j++) {
        const zsc_rank_scores *q = &r->score[j];
        const zsc_scores *s = &q->scores;
        json_t *o = json_pack("{s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "rank", q->rank, "rows",
                              (json_int_t)s->rows, "missing", (json_int_t)s->missing, "classes", (json_int_t)s->classes,
                              "clusters", (json_int_t)s->clusters, "ami", real(s->ami[ZSC_ARITHMETIC]), "nmi",
                              real(s->nmi[ZSC_ARITHMETIC]), "ari", real(s->ari), "fmi", real(s->fmi), "homogeneity",
                              real(s->homogeneity), "completeness", real(s->completeness), "v_measure",
                              real(s->v_measure));
        if (isnan(s->ami[ZSC_ARITHMETIC]))
            json_object_set_new(o, "ami_undefined", json_string(zsc_ami_why_undefined(s->rows, s->classes)));
        if (leaves_noise(r)) {
            json_object_set_new(o, "clustered", json_integer((json_int_t)q->noise.clustered));
            json_object_set_new(o, "ami_clustered", real(q->noise.ami_clustered));
            json_object_set_new(o, "ami_singletons", real(q->noise.ami_singletons));
        }
        json_object_set_new(o, "ceiling", real(ceiling[j]));
        if (q->best_clusters)
            json_object_set_new(
                o, "best", json_pack("{s:I, s:o}", "clusters", (json_int_t)q->best_clusters, "ami", real(q->best_ami)));
        set_internal(o, "internal", &q->internal);
        json_array_append_new(list, o);
    }
    free(ceiling);
    return list;
}

/* What the rule of --cut measured at numbers of clusters. */
static json_t *json_cut_curve(const zsc_cut_curve *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->count; i++)
        json_array_append_new(list,
                              json_pack("{s:I, s:o}", "clusters", (json_int_t)c->k[i], "value", real(c->value[i])));
    return list;
}

static json_t *json_stability(const zsc_stability *s)
{
    json_t *o = json_pack("{s:I, s:f, s:{s:o, s:o}}", "repeats", (json_int_t)s->repeats, "share", 0.8, "subsamples",
                          "mean", real(s->subsamples), "sd", real(s->subsamples_sd));
    if (o && !isnan(s->seeds))
        json_object_set_new(o, "seeds", json_pack("{s:o, s:o}", "mean", real(s->seeds), "sd", real(s->seeds_sd)));
    return o;
}

static json_t *json_result(const zsc_result *r)
{
    json_t *paths = json_array(), *encoders = json_array(), *seconds = json_object();
    for (size_t m = 0; m < r->modalities; m++) {
        json_array_append_new(paths, json_string(r->modality[m].path));
        json_array_append_new(encoders, json_string(r->modality[m].encoder));
    }
    for (size_t i = 0; i < r->stages; i++)
        json_object_set_new(seconds, r->stage[i].stage, json_real(r->stage[i].seconds));
    json_t *o = json_pack("{s:s, s:s, s:o, s:o, s:I, s:I, s:I, s:I, s:o, s:I, s:b, s:o}", "key", r->key, "path",
                          r->path, "embeddings", paths, "encoders", encoders, "rows", (json_int_t)r->rows, "dim",
                          (json_int_t)r->dim, "clusters", (json_int_t)r->clusters, "seed", (json_int_t)r->seed,
                          "seconds", seconds, "peak_rss_bytes", (json_int_t)r->peak_rss, "simulated", r->simulated,
                          "scores", json_scores(r));
    if (o) json_object_set_new(o, "clusterer", json_string(zsc_result_clusterer(r)->name));
    if (o) json_object_set_new(o, "clustered", json_integer((json_int_t)r->clustered));
    if (o && r->stability.repeats) json_object_set_new(o, "stability", json_stability(&r->stability));
    if (o && r->layers) json_object_set_new(o, "layers", cli_json_layers(r));
    if (o && r->cut_curve.count) json_object_set_new(o, "cut_curve", json_cut_curve(&r->cut_curve));
    if (o) set_internal(o, "internal", &r->internal);
    if (o) set_internal(o, "internal_original", &r->internal_original);
    if (o) {
        json_t *config = json_loads(r->config, 0, NULL);
        if (config) json_object_set_new(o, "config", config);
    }
    return o;
}

zsc_status cli_print_json(json_t *root)
{
    char *text = root ? zsc_json_text(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    if (!text) return zsc_fail(ZSC_EINTERNAL, "out of memory, or names that are not UTF-8");
    puts(text);
    free(text);
    return ZSC_OK;
}

static zsc_status print_json(const zsc_result_list *results)
{
    json_t *runs = json_array();
    for (size_t i = 0; i < results->count; i++) json_array_append_new(runs, json_result(&results->item[i]));
    json_t *root = json_pack("{s:s, s:o}", "zsc", zsc_version(), "runs", runs);
    return cli_print_json(root);
}

zsc_status cli_print_results(const zsc_result_list *results, cli_format format)
{
    if (results->count == 0) return ZSC_OK;
    if (format == CLI_JSON) return print_json(results);
    if (format == CLI_CSV) return print_rows(results, true);
    return same_but_seed(results) ? print_one_table(results) : print_rows(results, false);
}
