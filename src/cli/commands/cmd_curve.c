/* zsc curve: AMI at every cut of one dendrogram. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "base/text.h"
#include "cli/endings.h"
#include "cli/cli.h"
#include "cli/inputs.h"
#include "io/file_form.h"
#include "cli/labelled_rows.h"
#include "io/labels/labels.h"
#include "io/files/atomic.h"
#include "io/text/csv.h"
#include "io/h5/h5.h"
#include "cli/print_results.h"
#include "metrics/scores.h"
#include "zsc/zsc.h"

typedef struct curve_arguments {
    cli_common common;
    zsc_list labels, ranks;
    const char *output;
    const char *missing_values, *ids;
    zsc_list where;
    int missing, format;
} curve_arguments;

static const cli_option options[] = {
    {.letter = 'l',
     .name = "labels",
     .kind = CLI_REPEAT,
     .offset = offsetof(curve_arguments, labels),
     .arg = "LABELS",
     .file = CLI_READS,
     .help =
         "true labels: FILE.csv:COLUMN, FILE.h5:/PATH, FILE.npz:ARRAY, FILE.npy, or FILE.h5 for all its /labels; may "
         "be repeated",
     .shown_default = "/labels of FILE.h5 itself"},
    {.name = "ranks",
     .kind = CLI_NAMES,
     .offset = offsetof(curve_arguments, ranks),
     .arg = "RANK,...",
     .help = "ranks to score, by name",
     .shown_default = "all present"},
    CLI_MISSING_OPTION(offsetof(curve_arguments, missing)),
    CLI_MISSING_VALUES_OPTION(offsetof(curve_arguments, missing_values)),
    CLI_WHERE_OPTION(offsetof(curve_arguments, where)),
    CLI_IDS_OPTION(offsetof(curve_arguments, ids)),
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = offsetof(curve_arguments, output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "write the whole curves: .csv (one row per cut, one column per rank) or .h5 (/curve/RANK)"},
    {.name = "format",
     .kind = CLI_CHOICE,
     .offset = offsetof(curve_arguments, format),
     .arg = "FORMAT",
     .help = "format of the summary on stdout",
     .choices = CLI_FORMATS},
    CLI_FORCE_OPTION,
};

/* --- Input */
typedef struct dendrogram {
    double *z;
    zsc_labels rows; /* no labels: how many rows there are, and their ids */
    bool *taken;     /* the rows that --ids lists; NULL: all */
} dendrogram;

static zsc_status read_linkage(zsc_h5 *file, dendrogram *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    if (!zsc_h5_has(file, "/linkage"))
        return zsc_fail(ZSC_EINPUT, "'%s' holds no /linkage; zsc ward and zsc run write one", zsc_h5_path(file));
    ZSC_TRY(zsc_h5_stat(file, "/linkage", &info));
    if (info.is_group || info.rank != 2 || info.shape[1] != 4 || info.shape[0] >= INT32_MAX)
        return zsc_fail(ZSC_EINPUT, "'%s': /linkage is not an array [n - 1, 4]", zsc_h5_path(file));
    out->rows.n = info.shape[0] + 1;
    ZSC_NEW_RAW(out->z, 4 * info.shape[0]);
    if (info.shape[0]) ZSC_TRY(zsc_h5_read(file, "/linkage", ZSC_H5_F64, 2, info.shape, out->z));
    if (zsc_h5_has(file, "/id")) {
        size_t n;
        ZSC_TRY(zsc_h5_read_all_strings(file, "/id", &out->rows.id, &n));
        if (n != out->rows.n)
            status = zsc_fail(ZSC_EINPUT,
                              "'%s': /id has %zu ids; expected one for each of the %zu rows of the dendrogram",
                              zsc_h5_path(file), n, out->rows.n);
    }
done:
    return status;
}

static zsc_status read_dendrogram(const char *path, dendrogram *out)
{
    zsc_h5 *file = NULL;
    zsc_status status = zsc_h5_open(path, &file);
    if (status == ZSC_OK) status = read_linkage(file, out);
    zsc_h5_close(file);
    if (status == ZSC_OK && !(out->rows.source = zsc_strdup(path))) status = ZSC_EINTERNAL;
    return status;
}

typedef struct label_set {
    zsc_labels *item;
    size_t count, capacity;
} label_set;

static bool wanted(const curve_arguments *a, const char *name)
{
    return a->ranks.count == 0 || zsc_list_has(&a->ranks, name);
}

/* Moves LABELS into the set, in the order of the dendrogram's rows; those that were not asked for are freed. */
static zsc_status take(const curve_arguments *a, const dendrogram *tree, zsc_labels *labels, label_set *set)
{
    zsc_status status = ZSC_OK;
    int32_t *at = NULL, *code = NULL;
    size_t absent = 0;
    if (!wanted(a, labels->name)) goto done;
    ZSC_TRY(zsc_labels_match(&tree->rows, labels, &at));
    ZSC_NEW_RAW(code, tree->rows.n);
    for (size_t i = 0; i < tree->rows.n; i++) {
        code[i] = at[i] < 0 ? -1 : labels->code[at[i]];
        absent += at[i] < 0;
    }
    if (absent)
        zsc_warn("%zu of %zu rows are not in %s; their labels are missing", absent, tree->rows.n, labels->source);
    ZSC_TRY(zsc_grow(&set->item, &set->capacity, set->count + 1, sizeof *set->item, "labels"));
    free(labels->code);
    labels->code = code;
    labels->n = tree->rows.n;
    code = NULL;
    set->item[set->count++] = *labels;
    *labels = (zsc_labels){0};
done:
    zsc_labels_free(labels);
    free(at);
    free(code);
    return status;
}

static zsc_status take_all(const curve_arguments *a, const dendrogram *tree, const char *path, label_set *set)
{
    zsc_labels *labels = NULL;
    size_t count = 0;
    zsc_status status = zsc_labels_read_all(path, a->missing_values, &labels, &count);
    for (size_t i = 0; i < count; i++) {
        if (status == ZSC_OK)
            status = take(a, tree, &labels[i], set);
        else
            zsc_labels_free(&labels[i]);
    }
    free(labels);
    return status;
}

static zsc_status read_labels(const curve_arguments *a, const char *path, const dendrogram *tree, zsc_label_rows *rows,
                              label_set *set)
{
    zsc_status status = ZSC_OK;
    if (a->labels.count == 0) ZSC_TRY(take_all(a, tree, path, set));
    for (size_t i = 0; i < a->labels.count; i++) {
        const char *source = a->labels.item[i];
        zsc_file_form form;
        ZSC_TRY(zsc_file_form_find(source, &form));
        if (form == ZSC_FORM_HDF5) { /* with a path in it, it would be no file */
            ZSC_TRY(take_all(a, tree, source, set));
        } else {
            zsc_labels labels = {0};
            ZSC_TRY(zsc_labels_read_rows(source, a->missing_values, rows, &labels));
            ZSC_TRY(take(a, tree, &labels, set));
        }
    }
    for (size_t i = 0; i < a->ranks.count; i++) {
        size_t j = 0;
        while (j < set->count && strcmp(set->item[j].name, a->ranks.item[i]) != 0) j++;
        if (j == set->count) return zsc_fail(ZSC_EINPUT, "no labels of rank '%s'", a->ranks.item[i]);
    }
    if (set->count == 0) return zsc_fail(ZSC_EINPUT, "'%s' holds no /labels; give the true labels with --labels", path);
done:
    return status;
}

/* The curve of the rows that are listed. Others have no label, and a missing label that is a class of its own gets a
 * number for it. */
static zsc_status make_curve(const curve_arguments *a, const dendrogram *tree, zsc_labels *labels, zsc_curve *out)
{
    zsc_missing missing = (zsc_missing)a->missing;
    int64_t next = 0;
    size_t without = 0;
    for (size_t i = 0; tree->taken && i < tree->rows.n; i++) {
        if (labels->code[i] >= next) next = (int64_t)labels->code[i] + 1;
        without += tree->taken[i] && labels->code[i] < 0;
    }
    if (next > INT32_MAX && missing == ZSC_MISSING_CLASS)
        return zsc_fail(ZSC_EINPUT, "labels of %s reach %d, which leaves no number for missing ones", labels->name,
                        INT32_MAX);
    for (size_t i = 0; tree->taken && i < tree->rows.n; i++)
        if (!tree->taken[i])
            labels->code[i] = -1;
        else if (labels->code[i] < 0 && missing == ZSC_MISSING_CLASS)
            labels->code[i] = (int32_t)next;
    const zsc_exec exec = zsc_memory_hold(&a->common.exec, tree->rows.n * (4 * sizeof *tree->z + sizeof *labels->code));
    zsc_status status = zsc_ami_curve(tree->z, tree->rows.n, labels->code, tree->taken ? ZSC_MISSING_DROP : missing,
                                      &exec, out);
    if (status == ZSC_OK && tree->taken) out->missing = without;
    return status;
}

/* --- Summary */
typedef struct rank_curve {
    const char *name;
    zsc_curve curve;
} rank_curve;

/* AMI at as many clusters as the rank has classes; NaN if nothing was scored. */
static double ami_at_true_k(const zsc_curve *c)
{
    return c->classes >= 1 && c->classes <= c->n ? c->ami[c->classes - 1] : NAN;
}

enum { COLUMNS = 7, CELL = ZSC_NUMBER_TEXT };

static void fraction_text(double value, bool csv, char *text)
{
    if (isnan(value))
        snprintf(text, CELL, "%s", csv ? "" : "-");
    else if (csv)
        zsc_number_text(value, text);
    else
        snprintf(text, CELL, "%.4f", value);
}

static zsc_status print_summary(const rank_curve *curves, size_t count, bool csv)
{
    static const char *const titles[] = {"rank",           "rows",          "missing", "classes",
                                         "AMI at classes", "best clusters", "best AMI"};
    static const char *const keys[] = {"rank",           "rows",          "missing", "classes",
                                       "ami_at_classes", "best_clusters", "best_ami"};
    zsc_status status = ZSC_OK;
    char(*text)[COLUMNS][CELL] = NULL;
    const char **cells = NULL;
    ZSC_NEW(text, count);
    ZSC_NEW(cells, count * COLUMNS);
    for (size_t i = 0; i < count; i++) {
        const zsc_curve *c = &curves[i].curve;
        snprintf(text[i][1], CELL, "%zu", c->rows);
        snprintf(text[i][2], CELL, "%zu", c->missing);
        snprintf(text[i][3], CELL, "%zu", c->classes);
        fraction_text(ami_at_true_k(c), csv, text[i][4]);
        if (c->best_clusters)
            snprintf(text[i][5], CELL, "%zu", c->best_clusters);
        else
            snprintf(text[i][5], CELL, "%s", csv ? "" : "-");
        fraction_text(c->best_ami, csv, text[i][6]);
        for (size_t j = 0; j < COLUMNS; j++) cells[i * COLUMNS + j] = j ? text[i][j] : curves[i].name;
    }
    (csv ? cli_print_csv : cli_print_table)(csv ? keys : titles, COLUMNS, cells, count);
done:
    free(text);
    free(cells);
    return status;
}

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static zsc_status print_json(const rank_curve *curves, size_t count, const char *path)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const zsc_curve *c = &curves[i].curve;
        json_t *best = c->best_clusters
                           ? json_pack("{s:I, s:o}", "clusters", (json_int_t)c->best_clusters, "ami", real(c->best_ami))
                           : json_null();
        json_t *item = json_pack("{s:s, s:I, s:I, s:I, s:o, s:o}", "rank", curves[i].name, "rows", (json_int_t)c->rows,
                                 "missing", (json_int_t)c->missing, "classes", (json_int_t)c->classes, "ami_at_classes",
                                 real(ami_at_true_k(c)), "best", best);
        if (isnan(ami_at_true_k(c)))
            json_object_set_new(item, "ami_undefined", json_string(zsc_ami_why_undefined(c->rows, c->classes)));
        json_array_append_new(list, item);
    }
    json_t *root = json_pack("{s:s, s:s, s:o}", "zsc", zsc_version(), "dendrogram", path, "ranks", list);
    return cli_print_json(root);
}

/* --- The curves themselves */
static zsc_status write_csv(const char *path, const rank_curve *curves, size_t count, size_t n)
{
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    FILE *stream = zsc_atomic_stream(file);
    fputs("clusters", stream);
    for (size_t i = 0; i < count; i++) {
        putc(',', stream);
        zsc_csv_write_field(stream, curves[i].name);
    }
    putc('\n', stream);
    for (size_t k = 1; k <= n; k++) {
        fprintf(stream, "%zu", k);
        for (size_t i = 0; i < count; i++) {
            double value = curves[i].curve.ami[k - 1];
            if (isnan(value))
                putc(',', stream);
            else
                fprintf(stream, ",%s", zsc_number_text(value, (char[ZSC_NUMBER_TEXT]){0}));
        }
        putc('\n', stream);
    }
    return zsc_atomic_commit(file);
}

static zsc_status write_h5_curve(zsc_h5 *file, const rank_curve *r)
{
    zsc_status status = ZSC_OK;
    const zsc_curve *c = &r->curve;
    size_t shape[] = {c->n};
    char *object = zsc_asprintf("/curve/%s", r->name);
    if (!object) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_h5_write(file, object, ZSC_H5_F64, 1, shape, c->ami));
    ZSC_TRY(zsc_h5_set_int(file, object, "rows", (int64_t)c->rows));
    ZSC_TRY(zsc_h5_set_int(file, object, "missing", (int64_t)c->missing));
    ZSC_TRY(zsc_h5_set_int(file, object, "classes", (int64_t)c->classes));
    ZSC_TRY(zsc_h5_set_int(file, object, "best_clusters", (int64_t)c->best_clusters));
    ZSC_TRY(zsc_h5_set_double(file, object, "best_ami", c->best_ami));
done:
    free(object);
    return status;
}

static zsc_status write_h5(const char *path, const rank_curve *curves, size_t count)
{
    zsc_h5 *file = NULL;
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_h5_create(path, &file));
    for (size_t i = 0; i < count; i++) ZSC_TRY(write_h5_curve(file, &curves[i]));
    zsc_h5 *whole = file;
    file = NULL;
    status = zsc_h5_commit(whole);
done:
    zsc_h5_close(file);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)count;
    const curve_arguments *a = data;
    zsc_status status = ZSC_OK;
    dendrogram tree = {0};
    label_set set = {0};
    rank_curve *curves = NULL;
    size_t done_curves = 0;
    cli_labelled_rows choice = {0};
    ZSC_TRY(cli_labelled_rows_make(&a->where, a->missing_values, a->ids, &choice));
    ZSC_TRY(read_dendrogram(operands[0], &tree));
    ZSC_TRY(cli_labelled_rows_choose(&choice, &tree.rows, &tree.taken));
    ZSC_TRY(read_labels(a, operands[0], &tree, &choice.rows, &set));
    ZSC_TRY(cli_labelled_rows_check_where(&choice));
    ZSC_NEW(curves, set.count);
    for (; done_curves < set.count; done_curves++) {
        zsc_labels *labels = &set.item[done_curves];
        rank_curve *r = &curves[done_curves];
        r->name = labels->name;
        ZSC_TRY(zsc_context(make_curve(a, &tree, labels, &r->curve), "'%s'", operands[0]));
        if (r->curve.rows == 0) zsc_warn("no row has a label of rank %s: nothing to score", r->name);
    }
    if (a->output)
        ZSC_TRY(cli_ends(a->output, "csv") ? write_csv(a->output, curves, set.count, tree.rows.n)
                                           : write_h5(a->output, curves, set.count));
    status = a->format == CLI_JSON ? print_json(curves, set.count, operands[0])
                                   : print_summary(curves, set.count, a->format == CLI_CSV);
done:
    for (size_t i = 0; i < done_curves; i++) zsc_curve_free(&curves[i].curve);
    free(curves);
    for (size_t i = 0; i < set.count; i++) zsc_labels_free(&set.item[i]);
    free(set.item);
    zsc_labels_free(&tree.rows);
    cli_labelled_rows_free(&choice);
    free(tree.taken);
    free(tree.z);
    return status;
}

const cli_command cli_curve_command = {
    .name = "curve",
    .group = "Single steps",
    .summary = "score every cut of a dendrogram against labels",
    .operands = "FILE.h5",
    .min_operands = 1,
    .max_operands = 1,
    .description = "FILE.h5 is a result of zsc run or the output of zsc ward; it holds a /linkage. zsc computes the "
                   "AMI of all its cuts at each rank, from as many clusters as rows down to one. For each rank it "
                   "prints the AMI at as many clusters as the rank has classes, and the best AMI of all cuts with "
                   "its number of clusters. The difference is what the choice of the cut costs.\n\n"
                   "Labels from another file are matched by id if both have ids. Otherwise they must be the same "
                   "rows in the same order.",
    .examples = "  $ zsc curve results/4f1c.h5 -o curve.csv\n"
                "  $ zsc curve tree.h5 -l metadata.csv:species -l metadata.csv:genus",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(curve_arguments),
    .run = run,
    .closing_line = true,
};
