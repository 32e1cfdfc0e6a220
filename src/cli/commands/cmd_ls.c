/* zsc ls, zsc rm: what a folder of results holds, and removing some of it. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "metrics/scores.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/nesting.h"
#include "base/number_text.h"
#include "cli/cli.h"
#include "cli/print_results.h"
#include "cli/read_results.h"
#include "experiment/store/result_choice.h"
#include "experiment/store/result_fields.h"
#include "experiment/store/run_index.h"
#include "io/files/atomic.h"
#include "zsc/zsc.h"

typedef struct store_arguments {
    cli_common common;
    zsc_list where;
    int format;
    bool dry_run;
} store_arguments;

#define FIELD(name_) offsetof(store_arguments, name_)
#define WHERE_OPTION CLI_RESULTS_WHERE_OPTION(FIELD(where))

/* --- One line per result */
static const char *const header[] = {"key",  "encoders", "rows",  "settings", "clusters",
                                     "seed", "rank",     "AMI %", "finished", "version"};
enum { COLUMNS = sizeof header / sizeof *header };

static zsc_status find_finest(const zsc_result *r, size_t *out)
{
    zsc_status status = ZSC_OK;
    size_t *classes = NULL;
    const char **name = NULL;
    ZSC_NEW(classes, r->scores + 1);
    ZSC_NEW(name, r->scores + 1);
    for (size_t j = 0; j < r->scores; j++) {
        classes[j] = r->score[j].scores.classes;
        name[j] = r->score[j].rank;
    }
    *out = zsc_finest_by_classes(name, classes, r->scores);
done:
    free(classes);
    free(name);
    return status;
}

static zsc_status add_line(cli_cells *c, const zsc_result *r, bool exact)
{
    zsc_status status = ZSC_OK;
    zsc_text encoders = {0}, settings = {0};
    char finished[32] = "", version[32] = "";
    size_t j = SIZE_MAX;
    ZSC_TRY(find_finest(r, &j));
    double ami = j < r->scores ? r->score[j].scores.ami[ZSC_ARITHMETIC] : NAN;
    bool clustered = !zsc_result_is_retrieval(r);
    ZSC_TRY(zsc_result_encoders_text(r, &encoders));
    ZSC_TRY(zsc_result_settings_text(r, &settings));
    ZSC_TRY(zsc_result_origin(r, finished, sizeof finished, version, sizeof version));
    cli_cells_add(c, exact ? "%s" : "%.8s", r->key);
    cli_cells_add(c, "%s", encoders.data ? encoders.data : "");
    cli_cells_add(c, "%zu", r->rows);
    cli_cells_add(c, "%s", settings.data ? settings.data : "");
    cli_cells_add(c, clustered ? "%zu" : exact ? "%.0zu" : "-", r->clusters);
    if (clustered)
        cli_cells_add(c, "%" PRIu64, r->seed);
    else
        cli_cells_add(c, "%s", exact ? "" : "-");
    cli_cells_add(c, "%s", j < r->scores ? r->score[j].rank : "");
    cli_cells_real(c, exact ? ami : 100 * ami, exact, 2);
    cli_cells_add(c, "%s", finished);
    cli_cells_add(c, "%s", version);
done:
    free(encoders.data);
    free(settings.data);
    return status;
}

/* A text of JSON; without one, null. NULL: memory ran out, or it is damaged. */
static json_t *json_of(const char *text) { return json_loads(text ? text : "null", JSON_DECODE_ANY, NULL); }

static json_t *json_line(const zsc_result *r)
{
    json_t *encoders = json_array(), *scores = json_object(), *undefined = json_object();
    int failed = 0;
    for (size_t m = 0; m < r->modalities; m++)
        failed |= json_array_append_new(encoders, json_string(r->modality[m].encoder));
    for (size_t j = 0; j < r->scores; j++) {
        const zsc_scores *s = &r->score[j].scores;
        double ami = s->ami[ZSC_ARITHMETIC];
        failed |= json_object_set_new(scores, r->score[j].rank, isnan(ami) ? json_null() : json_real(ami));
        if (isnan(ami))
            failed |= json_object_set_new(undefined, r->score[j].rank,
                                          json_string(zsc_ami_why_undefined(s->rows, s->classes)));
    }
    json_t *line = json_pack("{s:s, s:s, s:o, s:I, s:I, s:I, s:o, s:o, s:o}", "key", r->key, "path", r->path,
                             "encoders", encoders, "rows", (json_int_t)r->rows, "clusters", (json_int_t)r->clusters,
                             "seed", (json_int_t)r->seed, "ami", scores, "config", json_of(r->config), "provenance",
                             json_of(r->provenance));
    if (zsc_result_is_retrieval(r)) {
        json_t *record = json_of(r->retrieval);
        failed |= json_object_set_new(line, "kind", json_string(r->kind));
        failed |= json_object_set(line, "retrieval", json_object_get(record, "scores"));
        json_decref(record);
    }
    if (json_object_size(undefined) > 0) failed |= json_object_set(line, "ami_undefined", undefined);
    json_decref(undefined);
    if (!failed) return line;
    json_decref(line);
    return NULL;
}

zsc_status cli_print_list(const zsc_result_list *list, cli_format format)
{
    if (format == CLI_JSON) {
        json_t *results = json_array();
        int failed = 0;
        for (size_t i = 0; i < list->count; i++) failed |= json_array_append_new(results, json_line(&list->item[i]));
        json_t *root = json_pack("{s:s, s:o}", "zsc", zsc_version(), "results", results);
        if (failed) {
            json_decref(root);
            root = NULL;
        }
        return cli_print_json(root);
    }
    cli_cells cells = {0};
    for (size_t i = 0; i < list->count; i++) {
        zsc_status status = add_line(&cells, &list->item[i], format == CLI_CSV);
        if (cells.status == ZSC_OK) cells.status = status;
    }
    return cli_cells_print(&cells,
                           format == CLI_CSV ? (const char *const[]){"key", "encoders", "rows", "settings", "clusters",
                                                                     "seed", "rank", "ami", "finished", "version"}
                                             : header,
                           COLUMNS, format == CLI_CSV);
}

/* The results that --where chooses. */
static zsc_status choose(const store_arguments *a, char **paths, int count, zsc_result_list *list)
{
    zsc_status status = zsc_results_read((const char *const *)paths, (size_t)count, ZSC_RESULT_RETRIEVAL, list);
    return status == ZSC_OK ? zsc_results_keep_where(list, &a->where) : status;
}

/* Why no result was chosen; the caller's. */
static char *explain_none(const store_arguments *a)
{
    const char *one, *other;
    if (!zsc_conditions_on_one_name(&a->where, &one, &other)) return zsc_strdup("no result is of this kind");
    return zsc_asprintf("no result is of this kind: it must meet all conditions, and '%s' and '%s' are on one setting; "
                        "write '%s|%s' for either value",
                        one, other, one, other + strcspn(other, "=") + 1);
}

static zsc_status run_ls(void *data, char **operands, int count)
{
    const store_arguments *a = data;
    zsc_result_list list = {0};
    zsc_status status = choose(a, operands, count, &list);
    if (status == ZSC_OK) status = cli_print_list(&list, (cli_format)a->format);
    if (status == ZSC_OK && list.count == 0) {
        char *why = explain_none(a);
        if (why) zsc_note("%s", why);
        free(why);
    }
    zsc_results_free(&list);
    return status;
}

/* --- Removing */
/* The folder of a file; the caller's. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? zsc_strndup(path, (size_t)(slash - path)) : zsc_strdup(".");
}

static zsc_status remove_one(const zsc_result *r, bool *busy)
{
    zsc_status status = ZSC_OK;
    char *folder = folder_of(r->path);
    int claim = -1;
    *busy = false;
    if (!folder) return ZSC_EINTERNAL;
    claim = zsc_run_index_claim(folder, r->key, NULL, &status);
    if (claim < 0) {
        *busy = status == ZSC_OK;
        goto done;
    }
    if (unlink(r->path) != 0 && errno != ENOENT)
        status = zsc_fail(ZSC_EINPUT, "cannot remove '%s': %s", r->path, strerror(errno));
    if (status == ZSC_OK) status = zsc_run_index_forget(folder, r->key);
done:
    if (claim >= 0) zsc_run_index_release(folder, r->key, claim);
    free(folder);
    return status;
}

static zsc_status check_operands(const store_arguments *a, char **operands, int count)
{
    struct stat s;
    for (int i = 0; i < count && a->where.count == 0; i++)
        if (stat(operands[i], &s) == 0 && S_ISDIR(s.st_mode))
            return cli_usage("'%s' is a folder: name result files, or say by --where which of its results go",
                             operands[i]);
    return ZSC_OK;
}

/* A result that is named twice goes once. */
static bool is_repeated(const zsc_result_list *list, size_t i)
{
    size_t j = 0;
    while (j < i && strcmp(list->item[j].path, list->item[i].path) != 0) j++;
    return j < i;
}

static zsc_status run_rm(void *data, char **operands, int count)
{
    const store_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_result_list list = {0};
    size_t removed = 0;
    ZSC_TRY(check_operands(a, operands, count));
    ZSC_TRY(choose(a, operands, count, &list));
    if (list.count == 0) {
        char *why = explain_none(a);
        status = why ? zsc_fail(ZSC_EINPUT, "%s; zsc ls lists them", why) : ZSC_EINTERNAL;
        free(why);
        goto done;
    }
    for (size_t i = 0; i < list.count; i++) {
        bool busy = false;
        if (is_repeated(&list, i)) continue;
        if (!a->dry_run) ZSC_TRY(remove_one(&list.item[i], &busy));
        if (busy)
            zsc_warn("'%s' stays: another process computes this run", list.item[i].path);
        else
            puts(list.item[i].path);
        removed += !busy;
    }
    zsc_note("%zu result%s %s", removed, removed == 1 ? "" : "s", a->dry_run ? "would go" : "removed");
done:
    zsc_results_free(&list);
    return status;
}

static const cli_option ls_options[] = {WHERE_OPTION, CLI_FORMAT_OPTION(FIELD(format))};

const cli_command cli_ls_command = {
    .name = "ls",
    .group = "Experiments",
    .summary = "list results: encoders, settings, seed, AMI",
    .operands = "RESULTS...",
    .min_operands = 1,
    .max_operands = -1,
    .description =
        "Prints one line per result: the first digits of its key, encoders, rows, the settings that differ "
        "from the defaults, number of clusters, seed, AMI at the finest rank, when it was made, and by "
        "which version. Of a result of zsc retrieve it prints queries in keys, splits, k and the macro "
        "accuracy at the finest rank. CSV holds whole keys and AMI as a fraction; JSON the whole configuration, "
        "provenance, and AMI at all ranks.",
    .examples = "  $ zsc ls results\n"
                "  $ zsc ls results --where neighbors=15 --where seed=0",
    .options = ls_options,
    .option_count = sizeof ls_options / sizeof *ls_options,
    .size = sizeof(store_arguments),
    .run = run_ls,
};

static const cli_option rm_options[] = {
    WHERE_OPTION,
    {.name = "dry-run", .kind = CLI_FLAG, .offset = FIELD(dry_run), .help = "only print which results would go"},
};

const cli_command cli_rm_command = {
    .name = "rm",
    .group = "Experiments",
    .summary = "remove results",
    .operands = "RESULTS...",
    .min_operands = 1,
    .max_operands = -1,
    .description = "Removes the result files that are named, or those of a folder that --where chooses, and prints "
                   "their names. It does not ask. A run that another process computes stays. A sweep that is started "
                   "again computes what was removed.",
    .examples = "  $ zsc rm results --where scale=zscore --dry-run\n"
                "  $ zsc rm results/0a1b2c3d4e5f60718293a4b5c6d7e8f9.h5",
    .options = rm_options,
    .option_count = sizeof rm_options / sizeof *rm_options,
    .size = sizeof(store_arguments),
    .run = run_rm,
};
