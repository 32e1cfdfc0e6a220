/* zsc rerun RESULT: the run again, and whether it gives the same bytes. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/isa.h"
#include "base/log.h"
#include "cli/cli.h"
#include "experiment/pipeline/pipeline.h"
#include "experiment/rerun.h"
#include "experiment/settings/input_digests.h"
#include "experiment/store/result_fields.h"
#include "experiment/store/retrieval_result.h"
#include "experiment/verify.h"
#include "zsc/zsc.h"

typedef struct rerun_arguments {
    cli_common common;
    const char *folder;
    int format;
} rerun_arguments;

enum { FORMAT_TABLE, FORMAT_JSON };

static const cli_option options[] = {
    {.name = "folder",
     .kind = CLI_TEXT,
     .offset = offsetof(rerun_arguments, folder),
     .arg = "DIR",
     .help = "folder that the run's relative paths are relative to",
     .shown_default = "where the run was made, if that is there; else this one"},
    {.name = "format",
     .kind = CLI_CHOICE,
     .offset = offsetof(rerun_arguments, format),
     .arg = "FORMAT",
     .help = "output format",
     .choices = "table|json"},
};

static zsc_status enter(const rerun_arguments *a, const zsc_rerun *r)
{
    const char *folder = a->folder ? a->folder : r->folder;
    if (!folder || chdir(folder) == 0) return ZSC_OK;
    if (a->folder) return zsc_fail(ZSC_EINPUT, "cannot enter the folder '%s'", folder);
    zsc_note("the run was made in '%s', which is not there: its paths are taken from here (--folder)", folder);
    return ZSC_OK;
}

/* What is known of the inputs: the digest of vectors, ids and labels; in older results that of the matrix alone. */
static const char *inputs_of(const zsc_rerun *r, const zsc_result *before, const zsc_result *after,
                             const zsc_dataset *data)
{
    char digest[ZSC_DIGEST_TEXT];
    zsc_digest_text((zsc_digest){data->fingerprint[0], data->fingerprint[1]}, digest);
    bool same_matrix = before->matrix && *before->matrix && strcmp(before->matrix, after->matrix) == 0;
    if (r->fingerprint && strcmp(r->fingerprint, digest) == 0) return "unchanged";
    if (!r->fingerprint) return same_matrix ? "vectors unchanged, labels not recorded" : "changed, or not recorded";
    return same_matrix ? "changed: ids or labels" : "changed: vectors or rows";
}

static zsc_status print_table(const zsc_array_check *check, size_t count)
{
    static const char *const header[] = {"array", "values", "differing", "agrees"};
    enum { COLUMNS = sizeof header / sizeof *header };
    cli_cells c = {0};
    for (size_t i = 0; i < count; i++) {
        cli_cells_add(&c, "%s", check[i].name);
        cli_cells_add(&c, "%zu", check[i].values);
        cli_cells_add(&c, "%zu", check[i].differing);
        cli_cells_add(&c, "%s", check[i].differing ? "no" : "yes");
    }
    return cli_cells_print(&c, header, COLUMNS, false);
}

static zsc_status print_json(const zsc_result *before, const char *inputs, const zsc_array_check *check, size_t count,
                             bool agrees)
{
    json_t *arrays = json_array();
    int failed = 0;
    for (size_t i = 0; i < count; i++)
        failed |= json_array_append_new(
            arrays, json_pack("{s:s, s:I, s:I, s:b}", "array", check[i].name, "values", (json_int_t)check[i].values,
                              "differing", (json_int_t)check[i].differing, "agrees", !check[i].differing));
    json_t *root = json_pack("{s:s, s:s, s:s, s:b, s:o}", "zsc", zsc_version(), "key", before->key, "inputs", inputs,
                             "agrees", agrees, "arrays", arrays);
    char *text = root && !failed ? json_dumps(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    if (!text) return zsc_fail(ZSC_EINTERNAL, "out of memory for JSON");
    puts(text);
    free(text);
    return ZSC_OK;
}

/* Files that are not what they were; results of before 2026-11-30 do not say. */
static zsc_status note_changed_files(const zsc_rerun *r)
{
    zsc_list changed = {0};
    zsc_status status = zsc_input_digests_changed(json_object_get(r->provenance, "inputs"), &changed);
    for (size_t i = 0; status == ZSC_OK && i < changed.count; i++)
        zsc_note("'%s' has other contents than when the run was made", changed.item[i]);
    zsc_list_free(&changed);
    return status;
}

static zsc_status report(const rerun_arguments *a, const zsc_rerun *r, const zsc_result *before,
                         const zsc_result *after, const zsc_dataset *data)
{
    zsc_array_check check[ZSC_ARRAY_CHECKS];
    size_t count = 0, differing = 0;
    const char *inputs = inputs_of(r, before, after, data), *here = zsc_isa_name(zsc_isa_active());
    zsc_rerun_compare(before, after, check, &count);
    for (size_t i = 0; i < count; i++) differing += check[i].differing != 0;
    char verified[ZSC_DIGEST_TEXT];
    if (!r->verified && r->kernels && strcmp(r->kernels, here) != 0)
        zsc_note("the run used the kernels for %s, and this one those for %s; zsc of that time rounded by kernels",
                 r->kernels, here);
    if (r->verified && zsc_verify_digest(verified) == ZSC_OK && strcmp(r->verified, verified) != 0)
        zsc_note("the run was made where zsc version --verify has another result than here: bytes may differ");
    if (r->version && strcmp(r->version, zsc_version()) != 0)
        zsc_note("the run was made by zsc %s, and this is %s", r->version, zsc_version());
    zsc_status status = ZSC_OK;
    if (a->format == FORMAT_JSON) {
        status = print_json(before, inputs, check, count, differing == 0);
    } else {
        printf("%s: inputs %s\n", before->key, inputs);
        status = print_table(check, count);
    }
    if (status == ZSC_OK && differing)
        status = zsc_fail(ZSC_ENUMERIC, "%zu of %zu arrays differ from those of '%s' (inputs %s)", differing, count,
                          before->path, inputs);
    return status;
}

/* --- Retrieval */
/* What is compared: each of them a list in both records; the last one of linear probes, within "probe". */
static const char *const retrieval_parts[] = {"scores", "harmonic_mean", "classes", "confusions", "fits"};
enum { RETRIEVAL_PARTS = sizeof retrieval_parts / sizeof *retrieval_parts };

static const json_t *part_of(const json_t *record, size_t part)
{
    return json_object_get(part + 1 == RETRIEVAL_PARTS ? json_object_get(record, "probe") : record,
                           retrieval_parts[part]);
}

static zsc_status report_retrieval(const rerun_arguments *a, const zsc_result *before, const zsc_result *after)
{
    zsc_status status = ZSC_OK;
    zsc_array_check check[RETRIEVAL_PARTS];
    json_t *old = json_loads(before->retrieval, 0, NULL), *new = json_loads(after->retrieval, 0, NULL);
    size_t differing = 0, parts = zsc_result_is_probe(before) ? RETRIEVAL_PARTS : RETRIEVAL_PARTS - 1;
    const char *inputs = strcmp(before->key, after->key) == 0 ? "unchanged" : "changed: vectors, rows or labels";
    for (size_t p = 0; p < parts; p++) {
        const json_t *x = part_of(old, p), *y = part_of(new, p);
        size_t count = json_array_size(x) > json_array_size(y) ? json_array_size(x) : json_array_size(y);
        check[p] = (zsc_array_check){retrieval_parts[p], count, 0};
        for (size_t i = 0; i < count; i++)
            check[p].differing += !json_equal(json_array_get(x, i), json_array_get(y, i));
        differing += check[p].differing > 0;
    }
    json_decref(old);
    json_decref(new);
    if (a->format == FORMAT_JSON) {
        status = print_json(before, inputs, check, parts, differing == 0);
    } else {
        printf("%s: inputs %s\n", before->key, inputs);
        status = print_table(check, parts);
    }
    if (status == ZSC_OK && differing)
        status = zsc_fail(ZSC_ENUMERIC, "%zu of %zu lists differ from those of '%s' (inputs %s)", differing, parts,
                          before->path, inputs);
    return status;
}

static zsc_status rerun_retrieval(const rerun_arguments *a, const zsc_result *before, const zsc_rerun *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_options o = {0};
    zsc_retrieve_result found = {0};
    zsc_result after = {0};
    ZSC_TRY(zsc_context(zsc_retrieval_options_read(&r->options.data, r->config, r->provenance, &o), "result '%s'",
                        before->path));
    ZSC_TRY(zsc_retrieve(&o.options, &a->common.exec, NULL, NULL, &found));
    ZSC_TRY(zsc_retrieval_result_make(&found, &o.options, &after));
    status = report_retrieval(a, before, &after);
done:
    zsc_result_free(&after);
    zsc_retrieve_free(&found);
    zsc_retrieval_options_free(&o);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)count;
    const rerun_arguments *a = data;
    const unsigned all = ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE |
                         ZSC_RESULT_RETRIEVAL;
    zsc_status status = ZSC_OK;
    zsc_result before = {0}, after = {0};
    zsc_rerun r = {0};
    zsc_input input = {0};
    zsc_tree tree = {0};
    ZSC_TRY(zsc_result_read(operands[0], all, &before));
    ZSC_TRY(zsc_rerun_read(&before, &r));
    ZSC_TRY(enter(a, &r));
    ZSC_TRY(note_changed_files(&r));
    if (zsc_result_is_retrieval(&before)) {
        status = rerun_retrieval(a, &before, &r);
        goto done;
    }
    ZSC_TRY(zsc_input_load(&r.options, &a->common.exec, &input));
    ZSC_TRY(zsc_tree_grow(&r.options, &a->common.exec, &input, &tree));
    ZSC_TRY(zsc_tree_score(&r.options, &a->common.exec, &input, &tree, &after));
    status = report(a, &r, &before, &after, &input.data);
done:
    zsc_tree_free(&tree);
    zsc_input_free(&input);
    zsc_result_free(&after);
    zsc_rerun_free(&r);
    zsc_result_free(&before);
    return status;
}

const cli_command cli_rerun_command = {
    .name = "rerun",
    .group = "Experiments",
    .summary = "repeat the run of a result, and compare the bytes",
    .operands = "RESULT",
    .min_operands = 1,
    .max_operands = 1,
    .description =
        "A result holds its command line, its options as they were in effect, where its data was, and a "
        "digest of vectors, ids and labels, and one of the contents of each file. zsc rerun computes the run again "
        "from these, says whether the "
        "inputs are what they were, and compares each array: ids, labels, reduced vectors (if kept), "
        "linkage, clusters, probabilities, layers, curves, external and internal scores; of a result of zsc retrieve "
        "or zsc probe scores, classes, confusions and losses. "
        "Nothing is written.\n\n"
        "The exit status is 0 if all agree to the last bit, and 4 if one differs. On another instruction "
        "set the last digits of UMAP differ.",
    .examples = "  $ zsc rerun results/0a1b2c3d4e5f60718293a4b5c6d7e8f9.h5",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(rerun_arguments),
    .run = run,
    .closing_line = true,
};
