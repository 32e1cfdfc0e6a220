/* The result store, as values: the input fills a result, which is written as zsc writes it (the checksums are right),
 * so that whatever its numbers and words are, readers, tables, cuts and comparisons meet them. What was written and is
 * taken must read as it was written; what is refused must be refused with a sentence. (fuzz_layout damages the file
 * itself.) */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/series/taxon_scores.h"
#include "experiment/series/results_table_read.h"
#include "experiment/series/results_table_filter.h"
#include "base/memory.h"
#include "experiment/store/store.h"
#include "fuzz.h"
#include "experiment/series/comparison.h"
#include "experiment/store/result_parts.h"
#include "report/tables/tables.h"
#include "zsc/metrics.h"
#include "zsc/ward.h"

static double take_real(fuzz_input *in)
{
    static const double special[] = {0,   1,        -1,        0.5,        1e300,      -1e300, 1e-300,
                                     NAN, INFINITY, -INFINITY, 2147483647, 4294967296, 1.8e19};
    unsigned how = fuzz_take(in);
    return how < 128 ? how / 127.0 : special[how % (sizeof special / sizeof *special)];
}

static size_t take_size(fuzz_input *in, size_t usual)
{
    static const size_t special[] = {0,        1, 2, 3, INT32_MAX, (size_t)INT32_MAX + 1, UINT32_MAX, INT64_MAX - 1,
                                     INT64_MAX};
    unsigned how = fuzz_take(in);
    return how < 192 ? usual : special[how % (sizeof special / sizeof *special)];
}

static char *take_text(fuzz_input *in, const char *usual)
{
    static const char *const words[] = {"",
                                        "all",
                                        "species",
                                        "genus",
                                        "dna_bin",
                                        "none",
                                        "umap",
                                        "a+b",
                                        "a,b",
                                        "\"",
                                        "'",
                                        "\\",
                                        "$x_1$",
                                        "<b>",
                                        "|",
                                        "\n",
                                        "\t",
                                        "%s%n",
                                        "\xc3\xa9",
                                        "{}",
                                        "{\"neighbors\": 5}",
                                        "{\"seed\":1,\"embeddings\":[{\"encoder\":\"a\"}]}",
                                        "[1, [2]]",
                                        "dino",
                                        "/",
                                        ".."};
    unsigned how = fuzz_take(in);
    return zsc_strdup(how < 128 ? usual : words[how % (sizeof words / sizeof *words)]);
}

enum { MOST_ROWS = 18 };
#define FUZZ_KEY "0123456789abcdef0123456789abcdef"

static void fill_settings(fuzz_input *in, zsc_result *r)
{
    static const char *const encoders[] = {"a", "b"};
    r->key = zsc_strdup(FUZZ_KEY);
    r->config = take_text(in, "{\"reduce\": \"none\"}");
    r->provenance = take_text(in, "{}");
    r->subset = take_text(in, "all");
    r->per_barcode = take_text(in, "all");
    r->scale = take_text(in, "none");
    r->reduce = take_text(in, "none");
    r->linkage = take_text(in, "ward");
    r->clusters_rule = take_text(in, "species");
    r->modalities = fuzz_take(in) % 3;
    r->modality = calloc(r->modalities + 1, sizeof *r->modality);
    for (size_t m = 0; r->modality && m < r->modalities; m++) {
        r->modality[m] = (zsc_modality){.path = take_text(in, "x.h5"),
                                        .encoder = take_text(in, encoders[m]),
                                        .modality = take_text(in, m ? "image" : "dna"),
                                        .label = take_text(in, ""),
                                        .architecture = take_text(in, ""),
                                        .d = take_size(in, 8),
                                        .simulated = fuzz_take(in) & 1};
    }
    r->selection.kept = take_size(in, r->rows);
    r->selection.embedded = take_size(in, r->rows);
    r->dim = take_size(in, 8);
    r->clusters = take_size(in, r->rows / 2);
    r->peak_rss = take_size(in, 1 << 20);
    r->seed = fuzz_take(in);
    r->stages = fuzz_take(in) % 3;
    r->stage = calloc(r->stages + 1, sizeof *r->stage);
    for (size_t i = 0; r->stage && i < r->stages; i++)
        r->stage[i] = (zsc_stage_seconds){take_text(in, "ward"), take_real(in)};
    r->internal = (zsc_internal_scores){take_real(in), NAN, NAN};
}

static void fill_scores(fuzz_input *in, zsc_result *r)
{
    static const char *const ranks[] = {"order", "genus", "species"};
    r->scores = fuzz_take(in) % 4;
    r->score = calloc(r->scores + 1, sizeof *r->score);
    r->taxon = calloc(r->scores + 1, sizeof *r->taxon);
    for (size_t j = 0; r->score && r->taxon && j < r->scores; j++) {
        zsc_rank_scores *s = &r->score[j];
        zsc_column *c = &r->taxon[j];
        s->rank = take_text(in, ranks[j]);
        bool usable = s->rank && *s->rank && !strchr(s->rank, '/') &&
                      *s->rank != '.'; /* a rank is the name of a dataset, one each */
        for (size_t k = 0; usable && k < j; k++) usable = r->score[k].rank && strcmp(r->score[k].rank, s->rank) != 0;
        if (!usable) {
            free(s->rank);
            s->rank = zsc_asprintf("rank%zu", j);
        }
        s->scores = (zsc_scores){.rows = take_size(in, r->rows),
                                 .classes = take_size(in, 2),
                                 .clusters = take_size(in, 2),
                                 .ari = take_real(in)};
        s->scores.ami[0] = take_real(in);
        s->scores.nmi[0] = take_real(in);
        s->k = take_size(in, 1 + r->rows / 2);
        s->best_clusters = take_size(in, 2);
        s->best_ami = take_real(in);
        c->name = s->rank ? zsc_strdup(s->rank) : NULL;
        c->levels = 3;
        c->level = calloc(3, sizeof *c->level);
        c->code = calloc(r->rows, sizeof *c->code);
        for (size_t i = 0; c->level && i < 3; i++)
            c->level[i] = zsc_asprintf("%zu%s", i, i == 1 && fuzz_take(in) & 1 ? "<&\\_$\"',;" : "");
        for (size_t i = 0; c->code && i < r->rows; i++) c->code[i] = (int32_t)(fuzz_take(in) % 4) - 1;
    }
}

static void fill_rows(fuzz_input *in, zsc_result *r)
{
    unsigned damage = fuzz_take(in);
    r->id = calloc(r->rows, sizeof *r->id);
    r->label = calloc(r->rows, sizeof *r->label);
    r->linkage_matrix = calloc(4 * r->rows, sizeof *r->linkage_matrix);
    for (size_t i = 0; r->id && i < r->rows; i++)
        r->id[i] = damage & 1 ? take_text(in, "same") : zsc_asprintf("id%zu", i);
    for (size_t i = 0; r->label && i < r->rows; i++)
        r->label[i] = damage & 2 ? (int32_t)(int8_t)fuzz_take(in) * 16777216
                                 : (int32_t)(r->clusters ? i % r->clusters : 0);
    for (size_t i = 0; r->linkage_matrix && i + 1 < r->rows; i++) { /* a chain, some of it bent */
        double *z = r->linkage_matrix + 4 * i;
        z[0] = i ? (double)(i + 1) : 0;
        z[1] = i ? (double)(r->rows + i - 1) : 1;
        z[2] = damage & 4 ? take_real(in) : (double)i;
        z[3] = damage & 8 ? take_real(in) * 20 : (double)(i + 2);
        if (damage & 16) z[fuzz_take(in) & 1] = (double)(fuzz_take(in) % (2 * MOST_ROWS));
        if (damage & 32 && fuzz_take(in) & 1) z[fuzz_take(in) & 1] = take_real(in);
    }
    if (damage & 64) {
        r->reduced_dim = 1 + fuzz_take(in) % 3;
        r->reduced = calloc(r->rows * r->reduced_dim, sizeof *r->reduced);
        for (size_t i = 0; r->reduced && i < r->rows * r->reduced_dim; i++) r->reduced[i] = (float)take_real(in);
    }
    if (damage & 128) {
        r->curve = calloc(r->scores + 1, sizeof *r->curve);
        for (size_t j = 0; r->curve && j < r->scores; j++) {
            r->curve[j] = calloc(r->rows, sizeof **r->curve);
            for (size_t i = 0; r->curve[j] && i < r->rows; i++) r->curve[j][i] = take_real(in);
        }
    }
}

static bool same_bits(const void *a, const void *b, size_t size) { return !a == !b && (!a || memcmp(a, b, size) == 0); }

/* What was read is what was written. */
static void expect_same(const zsc_result *a, const zsc_result *b)
{
    if (strcmp(a->config, b->config) != 0 || strcmp(a->subset, b->subset) != 0) fuzz_wrong("a setting has changed");
    if (a->rows != b->rows || a->scores != b->scores || a->modalities != b->modalities || a->stages != b->stages)
        fuzz_wrong("a count has changed");
    if (!same_bits(a->label, b->label, a->rows * sizeof *a->label)) fuzz_wrong("a cluster has changed");
    if (!same_bits(a->linkage_matrix, b->linkage_matrix, 4 * (a->rows - 1) * sizeof(double)))
        fuzz_wrong("the linkage has changed");
    for (size_t i = 0; i < a->rows; i++)
        if (strcmp(a->id[i], b->id[i]) != 0) fuzz_wrong("id %zu has changed", i);
    for (size_t j = 0; j < a->scores; j++)
        if (strcmp(a->score[j].rank, b->score[j].rank) != 0 ||
            !same_bits(&a->score[j].scores.ari, &b->score[j].scores.ari, sizeof(double)))
            fuzz_wrong("the scores of rank %zu have changed", j);
}

/* Cuts, curves and trees of a linkage matrix that may be nonsense. */
static void use_linkage(const zsc_result *r)
{
    int32_t label[MOST_ROWS];
    double heights[] = {-1, 0, 0.5, 3, NAN};
    char *newick = NULL;
    for (size_t k = 0; k <= r->rows + 1; k++) fuzz_check_status(zsc_cut_clusters(r->linkage_matrix, r->rows, k, label));
    for (size_t i = 0, k; i < sizeof heights / sizeof *heights; i++)
        fuzz_check_status(zsc_cut_height(r->linkage_matrix, r->rows, heights[i], label, &k));
    zsc_status status = zsc_newick(r->linkage_matrix, r->rows, (const char *const *)r->id, &newick);
    fuzz_check_status(status);
    if (status == ZSC_OK) free(newick);
    for (size_t j = 0; j < r->scores; j++) {
        zsc_curve curve = {0};
        zsc_scores scores;
        size_t order[4], counts[4];
        status = zsc_ami_curve(r->linkage_matrix, r->rows, r->taxon[j].code, ZSC_MISSING_DROP, NULL, &curve);
        fuzz_check_status(status);
        if (status == ZSC_OK) zsc_curve_free(&curve);
        status = zsc_result_clusters(r, j, label);
        fuzz_check_status(status);
        if (status == ZSC_OK)
            fuzz_check_status(zsc_score(r->taxon[j].code, label, r->rows, ZSC_MISSING_CLASS, NULL, &scores));
        if (r->taxon[j].levels <= 4) fuzz_check_status(zsc_taxa_by_rows(&r->taxon[j], r->rows, order, counts));
    }
}

static void use_table(zsc_table *table)
{
    for (int format = ZSC_TABLE_LATEX; format <= ZSC_TABLE_HTML; format++) {
        char *text = NULL;
        size_t size = 0;
        FILE *stream = open_memstream(&text, &size);
        if (!stream) return;
        fuzz_check_status(zsc_table_write(table, (zsc_table_format)format, stream));
        fclose(stream);
        free(text);
    }
    zsc_table_free(table);
}

/* Tidy rows, written as CSV and read again: as many, with the same AMI. */
static void use_tidy(const zsc_result *r, const char *folder)
{
    zsc_results_table rows = {0}, again = {0};
    zsc_series_set set = {0};
    zsc_styles styles = {0};
    zsc_list none = {0};
    zsc_table table = {0};
    char path[300];
    zsc_status status = zsc_results_table_add(&rows, r);
    fuzz_check_status(status);
    if (status == ZSC_OK && rows.count > 0) {
        const char *paths[1] = {path};
        snprintf(path, sizeof path, "%s/tidy.csv", folder);
        FILE *file = fopen(path, "w");
        if (!file) fuzz_wrong("cannot write %s", path);
        zsc_results_table_writer writer = {.out = file, .delimiter = ','};
        for (size_t i = 0; i < rows.count; i++) fuzz_check_status(zsc_results_table_write(&writer, &rows.item[i]));
        fuzz_check_status(zsc_results_table_finish(&writer));
        fclose(file);
        status = zsc_results_table_read(paths, 1, &again);
        fuzz_check_status(status);
        if (status == ZSC_OK && again.count != rows.count)
            fuzz_wrong("%zu tidy rows became %zu", rows.count, again.count);
        if (status == ZSC_OK && rows.item[0].ami != again.item[0].ami &&
            isfinite(rows.item[0].ami)) /* others are written as empty fields */
            fuzz_wrong("AMI %.17g became %.17g", rows.item[0].ami, again.item[0].ami);
        zsc_results_table_free(&again);
        status = zsc_styles_load(NULL, &styles);
        if (status == ZSC_OK) status = zsc_series_make(&rows, &styles, &none, &set);
        fuzz_check_status(status);
        if (status == ZSC_OK) {
            zsc_table_options options = {.decimals = 1, .rank = "species"};
            status = zsc_table_ranks(&set, &options, &table);
            fuzz_check_status(status);
            if (status == ZSC_OK) use_table(&table);
            status = zsc_table_crossmodal(&set, &styles, &options, &table);
            fuzz_check_status(status);
            if (status == ZSC_OK) use_table(&table);
            zsc_series_free(&set);
        }
        zsc_styles_free(&styles);
    }
    zsc_results_table_free(&rows);
}

static void use_comparison(zsc_result *r)
{
    zsc_result_list list = {r, 1};
    zsc_compare_options options = zsc_compare_defaults();
    zsc_comparison comparison = {0};
    options.resampling.count = 3;
    zsc_status status = zsc_compare(&list, &options, NULL, &comparison);
    fuzz_check_status(status);
    if (status == ZSC_OK) zsc_comparison_free(&comparison);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size};
    zsc_result r = {0}, again = {0};
    bool found = false;
    char path[300];
    unsigned use = fuzz_take(&in); /* which readers: all of them take long */
    r.rows = 2 + fuzz_take(&in) % (MOST_ROWS - 1);
    fill_settings(&in, &r);
    fill_scores(&in, &r);
    fill_rows(&in, &r);
    zsc_status status = zsc_result_write(&r, fuzz_folder());
    fuzz_check_status(status);
    if (status == ZSC_OK) {
        snprintf(path, sizeof path, "%s/" FUZZ_KEY ".h5", fuzz_folder());
        status = zsc_result_read(path, ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE,
                                 &again);
        fuzz_check_status(status);
        if (status == ZSC_OK) {
            expect_same(&r, &again);
            use_linkage(&again);
            if (use & 1) use_tidy(&again, fuzz_folder());
            if (use & 2) use_comparison(&again);
            zsc_result_free(&again);
        }
        if (use & 4) {
            bool taken = status == ZSC_OK;
            fuzz_check_status(zsc_store_find_key(fuzz_folder(), FUZZ_KEY, &again, &found));
            if (found != taken) fuzz_wrong("the store and the reader do not agree on a result");
            if (found) zsc_result_free(&again);
        }
    }
    zsc_result_free(&r);
    return 0;
}
