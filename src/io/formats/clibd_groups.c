/* CLIBD's features of an evaluation: extracted_feature_from_<test|val>_split.hdf5 with the groups /seen, /unseen and
 * /key, each of encoded_dna_feature, encoded_image_feature, encoded_language_feature, averaged_feature and
 * concatenated_feature [n, d]. Beside it lie processed_id_<test|val>.json, {"seen_id_list": [...], ...}, and
 * labels_<test|val>.json, {"seen_gt_dict": [{"order": ..., "family": ..., "genus": ..., "species": ...}, ...], ...}.
 *
 * The groups are parts of one embedding. /key/all_key_features has the rows of /key three times, and is left alone. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/embeddings_parts.h"
#include "io/formats/clibd.h"
#include "io/formats/formats.h"
#include "io/formats/in_memory.h"
#include "io/files/input_files.h"
#include "io/files/read_file.h"

enum { TEST, VAL, EVALUATIONS };
static const char *const evaluations[EVALUATIONS] = {"test", "val"};

/* In BIOSCAN-5M the keys are train and key_unseen; which of them a row is of, the metadata say. */
static const struct {
    const char *object, *ids, *labels, *split[EVALUATIONS];
} groups[] = {{"/seen", "seen_id_list", "seen_gt_dict", {"test", "val"}},
              {"/unseen", "unseen_id_list", "unseen_gt_dict", {"test_unseen", "val_unseen"}},
              {"/key", "key_id_list", "key_gt_dict", {"all_keys", "all_keys"}}};
enum { GROUPS = sizeof groups / sizeof *groups };

static bool recognise(zsc_embeddings *v)
{
    for (size_t i = 0; i < GROUPS; i++)
        if (zsc_clibd_has_features(v, groups[i].object)) return true;
    return false;
}

/* --- The JSON files */
/* KIND_<evaluation>.json in the folder of PATH. */
static char *json_path(const char *path, const char *kind, int evaluation)
{
    const char *slash = strrchr(path, '/');
    return zsc_asprintf("%.*s%s_%s.json", slash ? (int)(slash - path + 1) : 0, path, kind, evaluations[evaluation]);
}

/* The evaluation that the file's name says; otherwise the one whose ids are there. */
static zsc_status find_evaluation(const zsc_embeddings *v, int *out)
{
    const char *slash = strrchr(v->path, '/'), *name = slash ? slash + 1 : v->path;
    bool there[EVALUATIONS], named[EVALUATIONS];
    for (int i = 0; i < EVALUATIONS; i++) {
        char *mark = zsc_asprintf("_%s_", evaluations[i]), *ids = json_path(v->path, "processed_id", i);
        named[i] = mark && strstr(name, mark);
        there[i] = ids && zsc_input_exists(ids);
        bool failed = !mark || !ids;
        free(mark), free(ids);
        if (failed) return ZSC_EINTERNAL;
    }
    const bool *by = named[TEST] != named[VAL] ? named : there;
    int found = by[VAL] ? VAL : TEST;
    if (by == there && there[TEST] && there[VAL])
        return zsc_fail(ZSC_EINPUT,
                        "'%s': processed_id_test.json and processed_id_val.json lie beside it, and its name does not "
                        "say whose ids it has: it should be called extracted_feature_from_test_split.hdf5 or "
                        "extracted_feature_from_val_split.hdf5",
                        v->path);
    if (!there[found])
        return zsc_fail(ZSC_EINPUT,
                        "'%s' has no ids: CLIBD writes them into processed_id_%s.json in the same folder, and there is "
                        "none",
                        v->path, evaluations[found]);
    *out = found;
    return ZSC_OK;
}

static zsc_status read_json(const char *path, json_t **out)
{
    char *text = NULL;
    size_t length = 0;
    json_error_t error;
    zsc_status status = zsc_read_file(path, &text, &length);
    if (status != ZSC_OK) return status;
    *out = json_loadb(text, length, 0, &error);
    free(text);
    return *out ? ZSC_OK : zsc_fail(ZSC_EINPUT, "'%s', line %d, is no JSON: %s", path, error.line, error.text);
}

/* --- A group */
/* Count strings in one block: of LIST itself where FIELD is NULL, otherwise of that member of its objects. */
static zsc_status texts_of(const char *path, const json_t *list, const char *field, char ***out)
{
    zsc_status status = ZSC_OK;
    const size_t count = json_array_size(list);
    const char **text = NULL;
    ZSC_NEW(text, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i), *value = field ? json_object_get(item, field) : item;
        text[i] = json_string_value(value);
        if (!text[i] && field && (!value || json_is_null(value))) text[i] = "";
        if (text[i]) continue;
        status = zsc_fail(ZSC_EINPUT, "'%s': entry %zu%s%s is no text", path, i + 1, field ? ", " : "",
                          field ? field : "");
        goto done;
    }
    status = zsc_strings_copy((char *const *)text, count, out);
done:
    free(text);
    return status;
}

static zsc_status add_ids(zsc_embeddings *part, const char *path, const json_t *ids, size_t group)
{
    char **id = NULL;
    const json_t *list = json_object_get(ids, groups[group].ids);
    if (!json_is_array(list))
        return zsc_fail(ZSC_EINPUT, "'%s' has no list %s, the ids of '%s'", path, groups[group].ids, part->path);
    zsc_status status = texts_of(path, list, NULL, &id);
    if (status != ZSC_OK) return status;
    part->n = json_array_size(list);
    for (size_t i = 0; i < part->n; i++) zsc_clibd_strip_name(id[i]);
    return zsc_format_memory_set_ids(part, id);
}

/* Labels that cannot be read are left out. */
static zsc_status add_labels(zsc_embeddings *part, const char *path, const json_t *labels, size_t group)
{
    static const char *const ranks[] = {"order", "family", "genus", "species"};
    zsc_status status = ZSC_OK;
    const json_t *list = json_object_get(labels, groups[group].labels);
    for (size_t i = 0; i < sizeof ranks / sizeof *ranks && labels; i++) {
        char **text = NULL;
        if (!json_is_array(list) || json_array_size(list) != part->n)
            status = zsc_fail(ZSC_EINPUT, "'%s': %s has %zu entries, and there are %zu ids", path, groups[group].labels,
                              json_array_size(list), part->n);
        else
            status = texts_of(path, list, ranks[i], &text);
        if (status == ZSC_OK)
            ZSC_TRY(zsc_format_memory_add_column(part, ranks[i], text));
        else
            ZSC_TRY(zsc_format_skip_labels(part, ranks[i], status));
    }
done:
    return status;
}

static zsc_status add_split(zsc_embeddings *part, const char *split)
{
    char **text = NULL, **same = malloc((part->n + 1) * sizeof *same);
    if (!same) return zsc_fail_memory(part->n, sizeof *same, "splits");
    for (size_t i = 0; i < part->n; i++) same[i] = (char *)split;
    zsc_status status = zsc_strings_copy(same, part->n, &text);
    free(same);
    return status == ZSC_OK ? zsc_format_memory_add_column(part, "split", text) : status;
}

static zsc_status open_nothing(zsc_embeddings *part)
{
    return zsc_fail(ZSC_EINTERNAL, "'%s': a group is opened with its file", part->path);
}

static bool recognise_nothing(zsc_embeddings *part)
{
    (void)part;
    return false;
}

static const zsc_format format_group = {
    .name = "clibd-group",
    .description = "a group of an evaluation of CLIBD (HDF5)",
    .hdf5 = true,
    .recognise = recognise_nothing,
    .open = open_nothing,
    .ids = zsc_format_memory_ids,
    .text = zsc_format_memory_text,
    .rows = zsc_format_h5_rows,
    .close = zsc_format_memory_close,
};

/* Adds a part; V owns it from the start. */
static zsc_status add_part(zsc_embeddings *v, size_t group, zsc_embeddings **out)
{
    zsc_embeddings *part = zsc_calloc(1, sizeof *part, "embeddings");
    if (!part) return ZSC_EINTERNAL;
    part->format = &format_group;
    zsc_status status = ZSC_OK;
    if (!(part->path = zsc_asprintf("%s:%s", v->path, groups[group].object))) status = ZSC_EINTERNAL;
    if (status == ZSC_OK) status = zsc_h5_open(v->path, &part->h5);
    if (status != ZSC_OK) {
        zsc_embeddings_close(part);
        return status;
    }
    *out = part;
    return ZSC_OK;
}

static zsc_status open_groups(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    int evaluation = TEST;
    json_t *ids = NULL, *labels = NULL;
    zsc_embeddings *part = NULL;
    char *id_path = NULL, *label_path = NULL;
    ZSC_TRY(find_evaluation(v, &evaluation));
    if (!(id_path = json_path(v->path, "processed_id", evaluation)) ||
        !(label_path = json_path(v->path, "labels", evaluation))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(read_json(id_path, &ids));
    if (zsc_input_exists(label_path)) ZSC_TRY(read_json(label_path, &labels));
    ZSC_TRY(zsc_embeddings_parts_begin(v, GROUPS));
    for (size_t i = 0; i < GROUPS; i++) {
        if (!zsc_clibd_has_features(v, groups[i].object)) continue;
        ZSC_TRY(add_part(v, i, &part));
        ZSC_TRY(add_ids(part, id_path, ids, i));
        ZSC_TRY(zsc_clibd_add_features(part, groups[i].object));
        ZSC_TRY(add_labels(part, label_path, labels, i));
        ZSC_TRY(add_split(part, groups[i].split[evaluation]));
        zsc_embeddings *ready = part;
        part = NULL;
        ZSC_TRY(zsc_embeddings_parts_add(v, ready));
    }
    status = zsc_embeddings_parts_end(v);
done:
    zsc_embeddings_close(part);
    json_decref(ids);
    json_decref(labels);
    free(id_path);
    free(label_path);
    return status;
}

/* --- As several files that are one */
static zsc_status read_ids(zsc_embeddings *v, char ***out) { return zsc_format_parts.ids(v, out); }

static zsc_status read_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    return zsc_format_parts.text(v, column, first, count, out);
}

static zsc_status read_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, void *out)
{
    return zsc_format_parts.rows(v, encoder, first, count, out);
}

static void close_groups(zsc_embeddings *v) { zsc_format_parts.close(v); }

const zsc_format zsc_format_clibd_groups = {
    .name = "clibd-groups",
    .description = "features of an evaluation of CLIBD: seen, unseen and key (HDF5), with ids in JSON",
    .hdf5 = true,
    .recognise = recognise,
    .open = open_groups,
    .ids = read_ids,
    .text = read_text,
    .rows = read_rows,
    .close = close_groups,
};
