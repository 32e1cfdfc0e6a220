/* zsc info: what a file holds. */
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "cli/inputs.h"
#include "cli/print_results.h"
#include "experiment/store/result_checksums.h"
#include "experiment/store/result_choice.h"
#include "experiment/store/result_read.h"
#include "experiment/store/store.h"
#include "inspect/info.h"
#include "inspect/run_line.h"
#include "zsc/zsc.h"

typedef struct info_arguments {
    cli_common common;
    cli_inputs inputs;
    zsc_list where;
    int format;
} info_arguments;

enum { FORMAT_TABLE, FORMAT_JSON };

/* --- Table */
static void add_real(cli_cells *c, double value)
{
    if (isfinite(value))
        cli_cells_add(c, "%.4g", value);
    else
        cli_cells_add(c, "-");
}

static zsc_status print_cells(cli_cells *c, const char *const *header, size_t columns)
{
    if (c->status == ZSC_OK && c->list.count) {
        putchar('\n');
        cli_print_table(header, columns, (const char *const *)c->list.item, c->list.count / columns);
    }
    zsc_list_free(&c->list);
    return c->status;
}

static zsc_status print_encoders(const zsc_info *info)
{
    static const char *const header[] = {"encoder", "modality", "n", "d", "type", "norm min", "mean", "sd", "max"};
    cli_cells c = {0};
    for (size_t i = 0; i < info->encoders; i++) {
        const zsc_encoder_stats *e = &info->encoder[i];
        cli_cells_add(&c, "%s", e->name);
        cli_cells_add(&c, "%s", *e->modality ? e->modality : "-");
        cli_cells_add(&c, "%zu", e->n), cli_cells_add(&c, "%zu", e->d), cli_cells_add(&c, "%s", e->type);
        add_real(&c, e->norm_least), add_real(&c, e->norm_mean), add_real(&c, e->norm_sd), add_real(&c, e->norm_most);
    }
    return print_cells(&c, header, sizeof header / sizeof *header);
}

static zsc_status print_checks(const zsc_info *info)
{
    static const char *const header[] = {"encoder",  "rows with NaN", "with infinity",    "of zeros",
                                         "constant", "repeated",      "columns constant", "repeated"};
    cli_cells c = {0};
    for (size_t i = 0; i < info->encoders; i++) {
        const zsc_encoder_stats *e = &info->encoder[i];
        cli_cells_add(&c, "%s", e->name);
        cli_cells_add(&c, "%zu", e->nan_rows), cli_cells_add(&c, "%zu", e->infinite_rows),
            cli_cells_add(&c, "%zu", e->zero_rows);
        cli_cells_add(&c, "%zu", e->constant_rows), cli_cells_add(&c, "%zu", e->repeated_rows);
        cli_cells_add(&c, "%zu", e->constant_columns), cli_cells_add(&c, "%zu", e->repeated_columns);
    }
    return print_cells(&c, header, sizeof header / sizeof *header);
}

static zsc_status print_ranks(const zsc_info *info)
{
    static const char *const header[] = {"rank", "classes", "labelled", "missing", "largest", "name of the largest"};
    cli_cells c = {0};
    for (size_t i = 0; i < info->row_stats.ranks; i++) {
        const zsc_class_stats *r = &info->row_stats.rank[i];
        cli_cells_add(&c, "%s", r->name), cli_cells_add(&c, "%zu", r->classes),
            cli_cells_add(&c, "%zu", info->row_stats.rows - r->missing);
        cli_cells_add(&c, "%zu", r->missing), cli_cells_add(&c, "%zu", r->largest),
            cli_cells_add(&c, "%s", r->largest_name);
    }
    return print_cells(&c, header, sizeof header / sizeof *header);
}

static zsc_status print_splits(const zsc_info *info)
{
    static const char *const header[] = {"split", "rows"};
    cli_cells c = {0};
    for (size_t i = 0; i < info->row_stats.splits; i++)
        cli_cells_add(&c, "%s", info->row_stats.split[i].name), cli_cells_add(&c, "%zu", info->row_stats.split[i].rows);
    if (info->row_stats.splits && info->row_stats.without_split)
        cli_cells_add(&c, "(none)"), cli_cells_add(&c, "%zu", info->row_stats.without_split);
    return print_cells(&c, header, sizeof header / sizeof *header);
}

static zsc_status print_objects(const zsc_info *info)
{
    static const char *const header[] = {"object", "type", "shape"};
    cli_cells c = {0};
    for (size_t i = 0; i < info->contents.objects; i++)
        cli_cells_add(&c, "%s", info->contents.object[i].path), cli_cells_add(&c, "%s", info->contents.object[i].type),
            cli_cells_add(&c, "%s", info->contents.object[i].shape);
    return print_cells(&c, header, sizeof header / sizeof *header);
}

static void print_names(const char *what, const zsc_list *names)
{
    if (names->count == 0) return;
    printf("%-10s", what);
    for (size_t i = 0; i < names->count; i++) printf("%s%s", i ? ", " : "", names->item[i]);
    putchar('\n');
}

static zsc_status print_text(const zsc_info *info, const char *run_line)
{
    zsc_status status = ZSC_OK;
    printf("file      %s\nlayout    %s: %s\n", info->path, info->layout, info->description);
    if (info->remark) printf("read as   %s\n", info->remark);
    if (info->contents.objects == 0) printf("rows      %zu\n", info->row_stats.rows);
    print_names("parts", &info->parts);
    print_names("left out", &info->left_out);
    if (info->simulated) puts("data      simulated");
    if (info->checksums) printf("checksums %s\n", info->checksums);
    if (info->row_stats.barcodes)
        printf("barcodes  %zu distinct, %zu rows repeat one, %zu rows have none\n", info->row_stats.distinct_barcodes,
               info->row_stats.repeated_barcodes, info->row_stats.without_barcode);
    print_names("others", &info->other);
    ZSC_TRY(print_encoders(info));
    ZSC_TRY(print_checks(info));
    ZSC_TRY(print_ranks(info));
    ZSC_TRY(print_splits(info));
    ZSC_TRY(print_objects(info));
    if (run_line) printf("\nuse it by  %s\n", run_line);
    if (info->problem.count) puts("\nproblems");
    for (size_t i = 0; i < info->problem.count; i++) printf("  %s\n", info->problem.item[i]);
done:
    return status;
}

/* --- JSON */
static json_t *whole(size_t value) { return json_integer((json_int_t)value); }
static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static json_t *json_encoders(const zsc_info *info)
{
    json_t *list = json_array();
    for (size_t i = 0; i < info->encoders; i++) {
        const zsc_encoder_stats *e = &info->encoder[i];
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:{s:o, s:o, s:o, s:o}, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
                      "encoder", e->name, "modality", e->modality, "label", e->label, "type", e->type, "rows",
                      whole(e->n), "columns", whole(e->d), "norm", "min", real(e->norm_least), "mean",
                      real(e->norm_mean), "sd", real(e->norm_sd), "max", real(e->norm_most), "nan_rows",
                      whole(e->nan_rows), "infinite_rows", whole(e->infinite_rows), "zero_rows", whole(e->zero_rows),
                      "repeated_rows", whole(e->repeated_rows), "constant_rows", whole(e->constant_rows),
                      "repeated_columns", whole(e->repeated_columns), "constant_columns", whole(e->constant_columns)));
    }
    return list;
}

static json_t *json_ranks(const zsc_info *info)
{
    json_t *list = json_array();
    for (size_t i = 0; i < info->row_stats.ranks; i++) {
        const zsc_class_stats *r = &info->row_stats.rank[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:s}", "rank", r->name, "classes",
                                              whole(r->classes), "labelled", whole(info->row_stats.rows - r->missing),
                                              "missing", whole(r->missing), "largest", whole(r->largest),
                                              "largest_name", r->largest_name));
    }
    return list;
}

static json_t *json_splits(const zsc_info *info)
{
    json_t *list = json_array();
    for (size_t i = 0; i < info->row_stats.splits; i++)
        json_array_append_new(list, json_pack("{s:s, s:o}", "split", info->row_stats.split[i].name, "rows",
                                              whole(info->row_stats.split[i].rows)));
    return list;
}

static json_t *json_objects(const zsc_info *info)
{
    json_t *list = json_array();
    for (size_t i = 0; i < info->contents.objects; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "path", info->contents.object[i].path, "type",
                                              info->contents.object[i].type, "shape", info->contents.object[i].shape));
    return list;
}

static json_t *json_texts(const zsc_list *texts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < texts->count; i++) json_array_append_new(list, json_string(texts->item[i]));
    return list;
}

static zsc_status print_json(const zsc_info *info, const char *run_line)
{
    json_t *o = json_pack(
        "{s:s, s:s, s:s, s:s, s:s?, s:s?, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "zsc",
        zsc_version(), "file", info->path, "layout", info->layout, "description", info->description, "read_as",
        info->remark, "run", run_line, "parts", json_texts(&info->parts), "left_out", json_texts(&info->left_out),
        "rows", whole(info->row_stats.rows), "simulated", info->simulated, "repeated_ids",
        whole(info->row_stats.repeated_ids), "empty_ids", whole(info->row_stats.empty_ids), "encoders",
        json_encoders(info), "ranks", json_ranks(info), "splits", json_splits(info), "objects", json_objects(info),
        "other_columns", json_texts(&info->other), "problems", json_texts(&info->problem));
    if (o && info->row_stats.barcodes)
        json_object_set_new(o, "barcodes",
                            json_pack("{s:o, s:o, s:o}", "distinct", whole(info->row_stats.distinct_barcodes),
                                      "repeated", whole(info->row_stats.repeated_barcodes), "missing",
                                      whole(info->row_stats.without_barcode)));
    if (o && info->checksums) json_object_set_new(o, "checksums", json_string(info->checksums));
    char *text = o ? json_dumps(o, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(o);
    if (!text)
        return zsc_fail(ZSC_EINTERNAL,
                        "cannot write the contents of '%s' as JSON: out of memory, or text that is not UTF-8",
                        info->path);
    puts(text);
    free(text);
    return ZSC_OK;
}

/* --- Command */
/* A result is read as the other commands read it: its scores and settings have checksums of their own, and the arrays
 * of an older one are compared all together. */
static zsc_status check_result(const char *path, zsc_info *info)
{
    const unsigned all = ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE |
                         ZSC_RESULT_RETRIEVAL;
    zsc_result r = {0};
    bool newer = false;
    if (!info->checksums || info->damaged) return ZSC_OK;
    zsc_status status = zsc_result_read_known(path, all, &r, &newer);
    zsc_result_free(&r);
    if (status != ZSC_EINPUT) return status;
    status = zsc_list_add(&info->problem, zsc_error_message());
    if (newer || status != ZSC_OK) return status;
    info->damaged++;
    free(info->checksums);
    return zsc_copy_text("damaged", &info->checksums);
}

/* What a result is of, before its arrays: `zsc ls` of it, and where it comes from. */
static zsc_status print_origin(const char *path, zsc_info *info)
{
    zsc_result_list list = {0};
    char checksum[ZSC_DIGEST_TEXT];
    zsc_status status = zsc_results_read(&path, 1, ZSC_RESULT_RETRIEVAL, &list);
    if (status == ZSC_EINPUT) { /* what can be read is shown */
        status = zsc_list_add(&info->problem, zsc_error_message());
        info->contents.unreadable++;
        return status;
    }
    if (status == ZSC_OK) status = cli_print_list(&list, CLI_TABLE);
    if (status == ZSC_OK) status = zsc_result_print_origin(&list.item[0], stdout);
    if (status == ZSC_OK) status = zsc_result_checksum_scores(&list.item[0], false, checksum);
    if (status == ZSC_OK) printf("checksum of settings and scores: %s\n", checksum);
    zsc_results_free(&list);
    putchar('\n');
    return status;
}

static bool is_folder_of_results(const char *path)
{
    struct stat s;
    zsc_list paths = {0};
    zsc_result first = {0};
    bool good = stat(path, &s) == 0 && S_ISDIR(s.st_mode) && zsc_store_list(path, &paths) == ZSC_OK && paths.count &&
                zsc_result_read(paths.item[0], ZSC_RESULT_RETRIEVAL, &first) == ZSC_OK;
    zsc_result_free(&first);
    zsc_list_free(&paths);
    zsc_error_clear();
    return good;
}

static zsc_status print_folder(const char *path, cli_format format)
{
    zsc_result_list list = {0};
    zsc_status status = zsc_results_read(&path, 1, ZSC_RESULT_RETRIEVAL, &list);
    if (status == ZSC_OK) status = cli_print_list(&list, format);
    zsc_results_free(&list);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)count;
    info_arguments *a = data;
    if (is_folder_of_results(operands[0]))
        return print_folder(operands[0], a->format == FORMAT_JSON ? CLI_JSON : CLI_TABLE);
    zsc_info info = {0};
    char *run_line = NULL;
    zsc_file_layout file_layout;
    zsc_columns columns;
    zsc_status status = cli_inputs_resolve(&a->inputs, &file_layout, &columns);
    if (status == ZSC_OK)
        status = zsc_info_read(operands[0], &file_layout, &columns, a->inputs.missing_values, &a->where, a->inputs.ids,
                               &a->common.exec, &info);
    if (status == ZSC_OK) status = check_result(operands[0], &info);
    if (status == ZSC_OK && info.checksums && !info.damaged && a->format != FORMAT_JSON)
        status = print_origin(operands[0], &info);
    if (status == ZSC_OK)
        status = zsc_info_run_line(&info, &file_layout, &columns, a->inputs.missing_values, &a->where, a->inputs.ids,
                                   &run_line);
    if (status == ZSC_OK) status = a->format == FORMAT_JSON ? print_json(&info, run_line) : print_text(&info, run_line);
    if (status == ZSC_OK && info.damaged)
        status = zsc_fail(ZSC_EINPUT, "%s", info.problem.item[info.problem.count - 1]);
    if (status == ZSC_OK && info.contents.unreadable)
        status = zsc_fail(ZSC_EINPUT, "'%s' cannot be read completely: %s", operands[0],
                          info.problem.item[info.problem.count - 1]);
    zsc_info_free(&info);
    free(run_line);
    return status;
}

#define LAYOUT_FIELD(field) inputs.file_layout.field
#define SETTING(letter, name, level, kind, field, ...)                                                                 \
    CLI_SETTING(letter, name, kind, offsetof(info_arguments, field), __VA_ARGS__)
static const cli_option options[] = {
    {.name = "format",
     .kind = CLI_CHOICE,
     .offset = offsetof(info_arguments, format),
     .arg = "FORMAT",
     .help = "output format",
     .choices = "table|json"},
#include "experiment/settings/file_layout.def"
    CLI_LABELS_OPTION(offsetof(info_arguments, inputs.labels)),
    CLI_COLUMN_OPTION(offsetof(info_arguments, inputs.columns)),
    CLI_WHERE_OPTION(offsetof(info_arguments, where)),
    CLI_IDS_OPTION(offsetof(info_arguments, inputs.ids)),
    CLI_MISSING_VALUES_OPTION(offsetof(info_arguments, inputs.missing_values)),
};
#undef SETTING
#undef LAYOUT_FIELD

const cli_command cli_info_command = {
    .name = "info",
    .group = "Data",
    .summary = "show what a file holds, and any problems with it",
    .operands = "FILE[:ENCODER]",
    .min_operands = 1,
    .max_operands = 1,
    .description =
        "Recognises the file by its content: embeddings in any layout that zsc reads, metadata (CSV or "
        "TSV, also compressed with gzip or zstd), results and folders of them (as zsc ls lists them), other HDF5 "
        "files. "
        "Prints:\n\n"
        "encoders: rows, columns, type, norms of the rows, rows with NaN or infinity, repeated and "
        "constant rows and columns;\n\n"
        "ranks: classes, missing labels, the largest class;\n\n"
        "use it by: the command line that runs the file, where METADATA.csv and EMBEDDINGS stand for files of "
        "yours;\n\n"
        "splits, repeated barcodes and ids, and any problems that keep zsc from using the file. If an "
        "object cannot be read, or is not what its checksum in a result says, it is listed as a problem, and the "
        "exit status is 3.\n\n"
        "A row counts as repeated if it equals an earlier row; the same holds for columns.",
    .examples = "  $ zsc info embeddings.h5\n"
                "  $ zsc info --format json metadata.csv",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(info_arguments),
    .run = run,
};
