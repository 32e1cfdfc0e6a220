/* BIOSCAN-CLIP / CLIBD: extracted_features_of_<split>.hdf5 with /encoded_dna_feature, /encoded_image_feature,
 * /encoded_language_feature [n, d], /processid or /file_name (or file_name_list), /order_list ... /species_list. The
 * split is the file's name's; several files, one a split, are opened as one (io/embeddings.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "io/formats/clibd.h"
#include "io/formats/formats.h"

static const struct {
    const char *object, *name, *modality;
} encoders[] = {{"encoded_dna_feature", "dna", "dna"},
                {"encoded_image_feature", "image", "image"},
                {"encoded_language_feature", "language", "text"},
                {"averaged_feature", "averaged", ""},
                {"concatenated_feature", "concatenated", ""}};
enum { ENCODERS = sizeof encoders / sizeof *encoders };
static const char *const id_objects[] = {"/processid", "/processid_list", "/file_name", "/file_name_list", "/id"};

bool zsc_clibd_has_features(zsc_embeddings *v, const char *group)
{
    enum { ENCODED = 3 }; /* the others go with them, and have names that other files may have too */
    char object[128];
    for (size_t i = 0; i < ENCODED; i++) {
        snprintf(object, sizeof object, "%s/%s", group, encoders[i].object);
        if (zsc_h5_has(v->h5, object)) return true;
    }
    return false;
}

static bool recognise(zsc_embeddings *v) { return zsc_clibd_has_features(v, ""); }

static zsc_status find_id(zsc_embeddings *v, const char **object)
{
    for (size_t i = 0; i < sizeof id_objects / sizeof *id_objects; i++) {
        if (!zsc_h5_has(v->h5, id_objects[i])) continue;
        *object = id_objects[i];
        return ZSC_OK;
    }
    return zsc_fail(ZSC_EINPUT, "'%s' has neither /processid nor /file_name", v->path);
}

static zsc_status add_encoder(zsc_embeddings *v, const char *object, size_t which)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    ZSC_TRY(zsc_h5_stat(v->h5, object, &info));
    if (info.rank != 2 || (info.type != ZSC_H5_FLOAT && info.type != ZSC_H5_INTEGER)) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s in %d dimension%s, expected numbers in rows and columns",
                          v->path, object, info.type_name, info.rank, info.rank == 1 ? "" : "s");
        goto done;
    }
    ZSC_TRY(zsc_format_add_encoder(v, encoders[which].name, object, info.shape[0], info.shape[1], info.type_name,
                                   zsc_is_wide(info.type == ZSC_H5_FLOAT, info.bytes)));
    ZSC_TRY(zsc_format_describe_h5(v));
    zsc_encoder *e = &v->encoder[v->encoders - 1];
    if (!*e->modality) {
        free(e->modality);
        if (!(e->modality = zsc_strdup(encoders[which].modality))) status = ZSC_EINTERNAL;
    }
done:
    return status;
}

zsc_status zsc_clibd_add_features(zsc_embeddings *v, const char *group)
{
    char object[128];
    for (size_t i = 0; i < ENCODERS; i++) {
        snprintf(object, sizeof object, "%s/%s", group, encoders[i].object);
        zsc_status status = zsc_h5_has(v->h5, object) ? add_encoder(v, object, i) : ZSC_OK;
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

/* "order_list" -> the rank order. */
static zsc_status add_lists(zsc_embeddings *v, const char *id)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    char object[256];
    zsc_h5_info info;
    ZSC_TRY(zsc_h5_children(v->h5, "/", &names));
    for (size_t i = 0; i < names.count; i++) {
        size_t length = strlen(names.item[i]);
        if (length <= 5 || length > 200 || strcmp(names.item[i] + length - 5, "_list") != 0) continue;
        snprintf(object, sizeof object, "/%s", names.item[i]);
        ZSC_TRY(zsc_h5_stat(v->h5, object, &info));
        if (info.type != ZSC_H5_STRING || strcmp(object, id) == 0 || strncmp(object, "/file_name", 10) == 0) continue;
        if (info.rank < 1 || info.shape[0] != v->n) {
            status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu rows, and there are %zu ids", v->path, object,
                              info.rank < 1 ? (size_t)1 : info.shape[0], v->n);
            goto done;
        }
        names.item[i][length - 5] = '\0';
        ZSC_TRY(zsc_format_add_column(v, names.item[i]));
    }
done:
    zsc_list_free(&names);
    return status;
}

static zsc_status open_clibd(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    int64_t simulated = 0;
    const char *id = NULL;
    ZSC_TRY(find_id(v, &id));
    ZSC_TRY(zsc_h5_stat(v->h5, id, &info));
    if (info.type != ZSC_H5_STRING || info.rank < 1) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s, expected a list of strings", v->path, id, info.type_name);
        goto done;
    }
    v->n = info.shape[0];
    ZSC_TRY(zsc_clibd_add_features(v, ""));
    ZSC_TRY(add_lists(v, id));
    ZSC_TRY(zsc_h5_get_int(v->h5, "/", "simulated", 0, &simulated));
    v->simulated = simulated != 0;
    ZSC_TRY(zsc_format_name_split(v));
    if (v->split_of_name && !zsc_list_has(&v->text, "split")) ZSC_TRY(zsc_format_add_column(v, "split"));
done:
    return status;
}

void zsc_clibd_strip_name(char *name)
{
    static const char *const kinds[] = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"};
    char *slash = strrchr(name, '/');
    if (slash) memmove(name, slash + 1, strlen(slash));
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t own = strlen(kinds[i]);
        if (length > own && strcasecmp(name + length - own, kinds[i]) == 0) {
            name[length - own] = '\0';
            return;
        }
    }
}

static zsc_status read_ids(zsc_embeddings *v, char ***out)
{
    const char *object = NULL;
    char **id = NULL;
    zsc_status status = find_id(v, &object);
    if (status == ZSC_OK) status = zsc_h5_read_strings(v->h5, object, v->n, &id);
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < v->n && strncmp(object, "/file_name", 10) == 0; i++) zsc_clibd_strip_name(id[i]);
    *out = id;
    return ZSC_OK;
}

static zsc_status read_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    if (strcmp(column, "split") == 0 && !zsc_h5_has(v->h5, "/split_list")) {
        char **text = malloc((count + 1) * sizeof *text), **copy = NULL;
        if (!text) return zsc_fail_memory(count, sizeof *text, "splits");
        for (size_t i = 0; i < count; i++) text[i] = v->split_of_name;
        zsc_status status = zsc_strings_copy(text, count, &copy);
        free(text);
        if (status == ZSC_OK) *out = copy;
        return status;
    }
    char *object = zsc_asprintf("/%s_list", column);
    zsc_status status = object ? zsc_h5_read_string_rows(v->h5, object, first, count, out) : ZSC_EINTERNAL;
    free(object);
    return status;
}

const zsc_format zsc_format_clibd = {
    .name = "clibd",
    .description = "features of BIOSCAN-CLIP / CLIBD (HDF5)",
    .hdf5 = true,
    .recognise = recognise,
    .open = open_clibd,
    .ids = read_ids,
    .text = read_text,
    .rows = zsc_format_h5_rows,
};
