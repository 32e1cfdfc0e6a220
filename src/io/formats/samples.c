/* One dataset per sample, as protein language models are often stored: the names of the datasets at the top are the
 * ids, each is a vector [d] or [1, d]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/formats/formats.h"

/* The columns of a sample; 0: it is none. */
static size_t columns_of(zsc_embeddings *v, const char *name, zsc_h5_info *info)
{
    char *object = zsc_asprintf("/%s", name);
    bool found = object && zsc_h5_stat(v->h5, object, info) == ZSC_OK && !info->is_group && info->type == ZSC_H5_FLOAT;
    free(object);
    if (!found) return 0;
    return info->rank == 1 ? info->shape[0] : info->rank == 2 && info->shape[0] == 1 ? info->shape[1] : 0;
}

static bool recognise(zsc_embeddings *v)
{
    enum { LOOKED_AT = 16 };
    zsc_list names = {0};
    zsc_h5_info info;
    size_t d = 0;
    bool same = zsc_h5_children(v->h5, "/", &names) == ZSC_OK && names.count > 0;
    for (size_t i = 0; same && i < names.count && i < LOOKED_AT; i++) {
        size_t own = columns_of(v, names.item[i], &info);
        same = own > 0 && (i == 0 || own == d);
        d = own;
    }
    zsc_list_free(&names);
    return same;
}

static zsc_status open_samples(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_list *names = NULL;
    zsc_h5_info info = {0};
    char *base = zsc_format_base_name(v->path);
    if (!base) return ZSC_EINTERNAL;
    ZSC_NEW(names, 1);
    v->state = names;
    ZSC_TRY(zsc_h5_children(v->h5, "/", names));
    v->n = names->count;
    size_t d = columns_of(v, names->item[0], &info);
    ZSC_TRY(zsc_format_add_encoder(v, base, "/", v->n, d, info.type_name));
    v->encoder[0].block = 1024;
done:
    free(base);
    return status;
}

static zsc_status read_ids(zsc_embeddings *v, char ***out)
{
    const zsc_list *names = v->state;
    return zsc_strings_copy(names->item, names->count, out);
}

static zsc_status read_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    (void)first, (void)count, (void)out;
    return zsc_fail(ZSC_EINTERNAL, "'%s' has no column %s", v->path, column);
}

static zsc_status read_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, float *out)
{
    zsc_status status = ZSC_OK;
    const zsc_list *names = v->state;
    char *object = NULL;
    zsc_h5_info info;
    for (size_t i = 0; i < count; i++) {
        size_t d = columns_of(v, names->item[first + i], &info);
        if (d != encoder->d) {
            status = zsc_fail(ZSC_EINPUT, "'%s': sample %s is no vector of %zu numbers as the first one is", v->path,
                              names->item[first + i], encoder->d);
            goto done;
        }
        free(object);
        if (!(object = zsc_asprintf("/%s", names->item[first + i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(zsc_h5_read(v->h5, object, ZSC_H5_F32, info.rank, info.shape, out + i * d));
    }
done:
    free(object);
    return status;
}

static void close_samples(zsc_embeddings *v)
{
    zsc_list *names = v->state;
    if (names) zsc_list_free(names);
    free(names);
}

const zsc_format zsc_format_samples = {
    .name = "samples",
    .description = "one HDF5 dataset per sample",
    .hdf5 = true,
    .recognise = recognise,
    .open = open_samples,
    .ids = read_ids,
    .text = read_text,
    .rows = read_rows,
    .close = close_samples,
};
