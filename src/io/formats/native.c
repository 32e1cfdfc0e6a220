/* The suite's own layout: /id (or /processid), /embeddings/<encoder>, /labels/<rank>, /split, /dna_barcode. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/formats/formats.h"
#include "io/labels/label_objects.h"

static bool recognise(zsc_embeddings *v)
{
    zsc_h5_info info;
    return zsc_h5_has(v->h5, "/embeddings") && zsc_h5_stat(v->h5, "/embeddings", &info) == ZSC_OK && info.is_group;
}

static const char *id_object(zsc_embeddings *v) { return zsc_h5_has(v->h5, "/id") ? "/id" : "/processid"; }

static zsc_status add_encoder(zsc_embeddings *v, const char *name)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    char *object = zsc_asprintf("/embeddings/%s", name);
    if (!object) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_h5_stat(v->h5, object, &info));
    if (info.is_group || (info.type != ZSC_H5_FLOAT && info.type != ZSC_H5_INTEGER)) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s%s, expected numbers", v->path, object,
                          info.is_group ? "a " : "", info.type_name);
        goto done;
    }
    if (info.rank != 2) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %d dimension%s, expected rows and columns", v->path, object,
                          info.rank, info.rank == 1 ? "" : "s");
        goto done;
    }
    ZSC_TRY(zsc_format_add_encoder(v, name, object, info.shape[0], info.shape[1], info.type_name,
                                   zsc_is_wide(info.type == ZSC_H5_FLOAT, info.bytes)));
    ZSC_TRY(zsc_format_describe_h5(v));
done:
    free(object);
    return status;
}

static zsc_status check_column(zsc_embeddings *v, const char *object)
{
    zsc_h5_info info;
    zsc_status status = zsc_h5_stat(v->h5, object, &info);
    if (status == ZSC_OK) status = zsc_h5_check_texts(v->h5, object, &info);
    if (status == ZSC_OK && info.shape[0] != v->n)
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu rows, and there are %zu ids", v->path, object, info.shape[0],
                          v->n);
    if (status != ZSC_OK || info.type != ZSC_H5_FLOAT) return status;
    char **text = NULL; /* floats name classes where they are whole numbers, which their type does not say */
    status = zsc_h5_read_text_rows(v->h5, object, 0, v->n, &text);
    free(text);
    return status;
}

static zsc_status add_labels(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    char *object = NULL;
    if (!zsc_h5_has(v->h5, "/labels")) return ZSC_OK;
    ZSC_TRY(zsc_label_objects(v->h5, "/labels", &names));
    for (size_t i = 0; i < names.count; i++) {
        free(object);
        if (!(object = zsc_asprintf("/labels/%s", names.item[i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        if ((status = check_column(v, object)) == ZSC_OK)
            ZSC_TRY(zsc_format_add_column(v, names.item[i]));
        else
            ZSC_TRY(zsc_format_skip_labels(v, names.item[i], status));
    }
done:
    free(object);
    zsc_list_free(&names);
    return status;
}

static zsc_status open_native(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    zsc_h5_info info;
    int64_t simulated = 0;
    static const char *const others[] = {"split", "dna_barcode"};
    if (!zsc_h5_has(v->h5, id_object(v))) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has neither /id nor /processid", v->path);
        goto done;
    }
    ZSC_TRY(zsc_h5_stat(v->h5, id_object(v), &info));
    ZSC_TRY(zsc_h5_check_texts(v->h5, id_object(v), &info));
    v->n = info.shape[0];
    ZSC_TRY(zsc_h5_children(v->h5, "/embeddings", &names));
    for (size_t i = 0; i < names.count; i++) {
        status = add_encoder(v, names.item[i]);
        ZSC_TRY(zsc_format_skip_encoder(v, names.item[i], status));
    }
    ZSC_TRY(add_labels(v));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const char *object = i ? "/dna_barcode" : "/split";
        if (!zsc_h5_has(v->h5, object)) continue;
        if ((status = check_column(v, object)) == ZSC_OK)
            ZSC_TRY(zsc_format_add_column(v, others[i]));
        else
            ZSC_TRY(zsc_format_skip_labels(v, others[i], status));
    }
    ZSC_TRY(zsc_h5_get_int(v->h5, "/", "simulated", 0, &simulated));
    v->simulated = simulated != 0;
done:
    zsc_list_free(&names);
    return status;
}

static zsc_status read_ids(zsc_embeddings *v, char ***out)
{
    return zsc_h5_read_text_rows(v->h5, id_object(v), 0, v->n, out);
}

static zsc_status read_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    bool plain = strcmp(column, "split") == 0 || strcmp(column, "dna_barcode") == 0;
    char *object = zsc_asprintf(plain ? "/%s" : "/labels/%s", column);
    zsc_status status = object ? zsc_h5_read_label_rows(v->h5, object, first, count, out) : ZSC_EINTERNAL;
    free(object);
    return status;
}

const zsc_format zsc_format_native = {
    .name = "zsc",
    .description = "embeddings file of zsc",
    .hdf5 = true,
    .recognise = recognise,
    .open = open_native,
    .ids = read_ids,
    .text = read_text,
    .rows = zsc_format_h5_rows,
};
