#include "cli/commands/retrieve_output.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/retrieval_file.h"
#include "experiment/settings/choices.h"
#include "zsc/zsc.h"

/* --- Table and CSV */
static void add_fraction(cli_cells *c, double value, bool csv)
{
    if (isnan(value))
        cli_cells_add(c, "%s", csv ? "" : "-");
    else
        cli_cells_add(c, csv ? "%.17g" : "%.1f", csv ? value : 100 * value);
}

static void add_none(cli_cells *c, size_t count, bool csv)
{
    for (size_t i = 0; i < count; i++) cli_cells_add(c, "%s", csv ? "" : "-");
}

static void add_row(cli_cells *c, const zsc_retrieve_result *r, const zsc_retrieve_options *o, size_t rank, size_t k,
                    size_t column, bool csv)
{
    const zsc_retrieval_scores *s = zsc_retrieve_score(r, rank, k, column);
    cli_cells_add(c, "%s", r->rank[rank]);
    cli_cells_add(c, "%zu", o->k[k]);
    cli_cells_add(c, "%s", r->column[column].split);
    cli_cells_add(c, "%zu", s->queries);
    cli_cells_add(c, "%zu", s->missing);
    cli_cells_add(c, "%zu", s->classes);
    cli_cells_add(c, "%zu", s->reachable);
    cli_cells_add(c, "%zu", s->reachable_classes);
    add_fraction(c, s->micro, csv);
    add_fraction(c, s->macro, csv);
}

/* Of the columns; PRINTED: of percentages with one decimal, as tables have them. */
static void harmonic(const zsc_retrieve_result *r, size_t rank, size_t k, bool printed, double *micro, double *macro)
{
    double value[2][CLI_MOST_COLUMNS];
    size_t count = r->columns;
    for (size_t c = 0; c < count; c++) {
        const zsc_retrieval_scores *s = zsc_retrieve_score(r, rank, k, c);
        value[0][c] = s->micro;
        value[1][c] = s->macro;
    }
    *micro = printed ? zsc_retrieval_printed_mean(value[0], count) / 100 : zsc_harmonic_mean(value[0], count);
    *macro = printed ? zsc_retrieval_printed_mean(value[1], count) / 100 : zsc_harmonic_mean(value[1], count);
}

static zsc_status print_cells(const zsc_retrieve_result *r, const zsc_retrieve_options *o, bool csv)
{
    static const char *const header[] = {
        "rank", "k", "split", "queries", "missing", "classes", "reachable", "reachable classes", "micro %", "macro %"};
    static const char *const csv_header[] = {
        "rank", "k", "split", "queries", "missing", "classes", "reachable", "reachable_classes", "micro", "macro"};
    cli_cells cells = {0};
    for (size_t rank = 0; rank < r->ranks; rank++)
        for (size_t k = 0; k < r->ks; k++) {
            double micro, macro;
            for (size_t c = 0; c < r->columns; c++) add_row(&cells, r, o, rank, k, c, csv);
            if (r->columns < 2) continue;
            harmonic(r, rank, k, !csv, &micro, &macro);
            cli_cells_add(&cells, "%s", r->rank[rank]);
            cli_cells_add(&cells, "%zu", o->k[k]);
            cli_cells_add(&cells, "%s", csv ? "harmonic_mean" : "harmonic mean");
            add_none(&cells, 5, csv);
            add_fraction(&cells, micro, csv);
            add_fraction(&cells, macro, csv);
        }
    return cli_cells_print(&cells, csv ? csv_header : header, 10, csv);
}

/* --- JSON */
static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }
static json_t *whole(size_t value) { return json_integer((json_int_t)value); }

/* A dataset's files and encoders. */
static json_t *source(const zsc_dataset *data)
{
    json_t *files = json_array(), *encoders = json_array(), *labels = json_array(), *modalities = json_array();
    for (size_t m = 0; m < data->modalities; m++) {
        json_array_append_new(files, json_string(data->modality[m].path));
        json_array_append_new(encoders, json_string(data->modality[m].encoder));
        json_array_append_new(labels, json_string(data->modality[m].label));
        json_array_append_new(modalities, json_string(data->modality[m].modality));
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "embeddings", files, "encoders", encoders, "labels", labels, "modalities",
                     modalities);
}

static json_t *columns(const zsc_retrieve_result *r)
{
    json_t *list = json_array();
    for (size_t c = 0; c < r->columns; c++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "split", r->column[c].split, "rows",
                                              whole(r->column[c].rows), "among_keys", whole(r->column[c].known)));
    return list;
}

static json_t *score(const zsc_retrieve_result *r, const zsc_retrieve_options *o, size_t rank, size_t k, size_t c)
{
    const zsc_retrieval_scores *s = zsc_retrieve_score(r, rank, k, c);
    return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "rank", r->rank[rank], "k",
                     whole(o->k[k]), "split", r->column[c].split, "queries", whole(s->queries), "missing",
                     whole(s->missing), "classes", whole(s->classes), "reachable", whole(s->reachable),
                     "reachable_classes", whole(s->reachable_classes), "right", whole(s->right), "micro",
                     real(s->micro), "macro", real(s->macro));
}

static void add_scores(const zsc_retrieve_result *r, const zsc_retrieve_options *o, json_t *scores, json_t *means)
{
    for (size_t rank = 0; rank < r->ranks; rank++)
        for (size_t k = 0; k < r->ks; k++) {
            double micro, macro;
            for (size_t c = 0; c < r->columns; c++) json_array_append_new(scores, score(r, o, rank, k, c));
            harmonic(r, rank, k, false, &micro, &macro);
            if (r->columns > 1)
                json_array_append_new(means, json_pack("{s:s, s:o, s:o, s:o}", "rank", r->rank[rank], "k",
                                                       whole(o->k[k]), "micro", real(micro), "macro", real(macro)));
        }
}

static zsc_status print_json(const zsc_retrieve_result *r, const zsc_retrieve_options *o, int barcodes)
{
    char metric[32], sides[16], known[16];
    zsc_value_choice_text(ZSC_QUERY_METRIC_CHOICES, (int)o->metric, metric, sizeof metric);
    zsc_value_choice_text(CLI_BARCODE_SIDES, barcodes, sides, sizeof sides);
    zsc_value_choice_text(CLI_KNOWN_QUERIES, (int)o->known, known, sizeof known);
    json_t *scores = json_array(), *means = json_array(), *ks = json_array(), *keys = source(&r->key_data),
           *queries = source(&r->query_data[0]);
    add_scores(r, o, scores, means);
    for (size_t k = 0; k < o->ks; k++) json_array_append_new(ks, whole(o->k[k]));
    if (keys) {
        json_object_set_new(keys, "split", json_string(o->keys.split ? o->keys.split : "all"));
        json_object_set_new(keys, "rows", whole(r->keys));
        json_object_set_new(keys, "distinct", whole(r->distinct_keys));
    }
    if (queries) json_object_set_new(queries, "columns", columns(r));
    json_t *root = json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:b, s:s, s:s, s:b, s:o, s:o}", "zsc", zsc_version(),
                             "kind", "retrieval", "keys", keys, "queries", queries, "dim", whole(r->dim), "metric",
                             metric, "k", ks, "weighted", o->weighted, "one_per_barcode", sides, "known_queries", known,
                             "simulated", r->simulated, "scores", scores, "harmonic_mean", means);
    char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(root);
    if (!text) return zsc_fail(ZSC_EINTERNAL, "out of memory, or names of files or labels that are not UTF-8");
    puts(text);
    free(text);
    return ZSC_OK;
}

static void names_of(const zsc_dataset *data, zsc_text *text)
{
    for (size_t m = 0; m < data->modalities; m++)
        zsc_text_printf(text, "%s%s", m ? "+" : "", data->modality[m].encoder);
}

/* What is compared with what. */
static zsc_status print_heading(const zsc_retrieve_result *r, const zsc_retrieve_options *o)
{
    char metric[32];
    zsc_text queries = {0}, keys = {0};
    names_of(&r->query_data[0], &queries);
    names_of(&r->key_data, &keys);
    zsc_value_choice_text(ZSC_QUERY_METRIC_CHOICES, (int)o->metric, metric, sizeof metric);
    bool failed = queries.failed || keys.failed;
    if (!failed)
        printf("%s in %s: %zu keys, %s%s%s\n", queries.data, keys.data, r->keys, metric,
               o->weighted ? ", weighted votes" : "", r->simulated ? " (simulated data)" : "");
    free(queries.data);
    free(keys.data);
    return failed ? ZSC_EINTERNAL : ZSC_OK;
}

zsc_status cli_print_retrieval(const zsc_retrieve_result *r, const zsc_retrieve_options *o, int barcodes,
                               cli_format format)
{
    if (format == CLI_JSON) return print_json(r, o, barcodes);
    zsc_status status = format == CLI_TABLE ? print_heading(r, o) : ZSC_OK;
    return status == ZSC_OK ? print_cells(r, o, format == CLI_CSV) : status;
}
