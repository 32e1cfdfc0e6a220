/* pandas' HDFStore (DataFrame.to_hdf), the fixed format: /KEY/axis0 names the columns, /KEY/axis1 the rows, and each
 * type has a block, /KEY/block0_values [n, d], of the columns /KEY/block0_items. A frame with one block of floats is an
 * encoder, called by its key. Blocks of whole numbers and of Python objects (pickles) are left out, with the reason.
 *
 * An index 0, 1, 2, ... is pandas' own and no list of ids. The table format is refused by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/formats/formats.h"

enum { DEPTH = 3 };

typedef struct frames {
    char *first; /* the path of the frame whose index names the rows */
} frames;

static char *below(const char *group, const char *name) { return zsc_asprintf("%s/%s", group, name); }

/* --- The index */
/* Whether the index is 0, 1, 2, ... */
static zsc_status is_plain_index(zsc_embeddings *v, const char *axis, size_t n, bool *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    int64_t *value = NULL;
    ZSC_TRY(zsc_h5_stat(v->h5, axis, &info));
    *out = info.type == ZSC_H5_INTEGER;
    if (!*out) goto done;
    ZSC_NEW_RAW(value, n);
    ZSC_TRY(zsc_h5_read(v->h5, axis, ZSC_H5_I64, 1, &n, value));
    for (size_t i = 0; i < n && *out; i++) *out = value[i] == (int64_t)i;
done:
    free(value);
    return status;
}

/* Dates are kept as whole numbers, which would be no ids that anyone knows. */
static zsc_status check_kind(zsc_embeddings *v, const char *frame, const char *axis)
{
    static const char *const known[] = {"", "string", "integer", "float"};
    char *kind = NULL;
    bool is_known = false;
    zsc_status status = zsc_h5_get_text(v->h5, axis, "kind", "", &kind);
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) is_known |= strcmp(kind, known[i]) == 0;
    if (!is_known)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s:%s' has an index of type %s, expected strings or whole numbers; in Python: x.index = "
                          "x.index.astype(str)",
                          v->path, frame, kind);
    free(kind);
    return status;
}

static zsc_status same_ids(zsc_embeddings *v, const char *axis, const char *other, bool *same)
{
    zsc_status status = ZSC_OK;
    char **a = NULL, **b = NULL;
    ZSC_TRY(zsc_h5_read_text_rows(v->h5, axis, 0, v->n, &a));
    ZSC_TRY(zsc_h5_read_text_rows(v->h5, other, 0, v->n, &b));
    for (size_t i = 0; i < v->n && *same; i++) *same = strcmp(a[i], b[i]) == 0;
done:
    free(a);
    free(b);
    return status;
}

/* The first frame names the rows; another must have the same. */
static zsc_status take_index(zsc_embeddings *v, const char *frame, size_t n)
{
    zsc_status status = ZSC_OK;
    frames *f = v->state;
    bool plain = false, same = true;
    zsc_h5_info info;
    char *axis = below(frame, "axis1"), *other = f->first ? below(f->first, "axis1") : NULL;
    if (!axis || (f->first && !other)) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    if (!zsc_h5_has(v->h5, axis)) {
        char *level = below(frame, "axis1_level0");
        bool several = level && zsc_h5_has(v->h5, level);
        free(level);
        status = several ? zsc_fail(ZSC_EINPUT, "'%s:%s' has an index of several levels, expected one", v->path, frame)
                         : zsc_fail(ZSC_EINPUT, "'%s:%s' has no index: %s is not there", v->path, frame, axis);
        goto done;
    }
    ZSC_TRY(zsc_h5_stat(v->h5, axis, &info));
    ZSC_TRY(zsc_h5_check_texts(v->h5, axis, &info));
    ZSC_TRY(check_kind(v, frame, axis));
    if (info.shape[0] != n) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu rows, and its index has %zu", v->path, frame, n, info.shape[0]);
        goto done;
    }
    if (!f->first) {
        v->n = n;
        ZSC_TRY(is_plain_index(v, axis, n, &plain));
        v->idless = plain;
        f->first = zsc_strdup(frame);
        status = f->first ? ZSC_OK : ZSC_EINTERNAL;
        goto done;
    }
    same = n == v->n;
    if (same) ZSC_TRY(same_ids(v, axis, other, &same));
    if (!same)
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has other rows than '%s', expected the same index", v->path, frame,
                          f->first);
done:
    free(axis);
    free(other);
    return status;
}

/* --- Frames */
/* The name of a block's columns, for messages: the first few. */
static zsc_status block_columns(zsc_embeddings *v, const char *frame, size_t block, zsc_text *out)
{
    zsc_status status = ZSC_OK;
    char **name = NULL, *items = zsc_asprintf("%s/block%zu_items", frame, block);
    zsc_h5_info info;
    size_t count;
    if (!items) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_h5_stat(v->h5, items, &info));
    ZSC_TRY(zsc_h5_check_texts(v->h5, items, &info));
    count = info.shape[0] < 3 ? info.shape[0] : 3;
    ZSC_TRY(zsc_h5_read_text_rows(v->h5, items, 0, count, &name));
    for (size_t i = 0; i < count; i++) zsc_text_printf(out, "%s%.40s", i ? ", " : "", name[i]);
    if (info.shape[0] > count) zsc_text_append(out, ", ...");
done:
    free(items);
    free(name);
    return status;
}

static zsc_status leave_out(zsc_embeddings *v, const char *frame, size_t block, const zsc_h5_info *info)
{
    zsc_text columns = {0};
    zsc_status status = block_columns(v, frame, block, &columns);
    if (status != ZSC_OK && status != ZSC_EINPUT) goto done;
    const char *key = frame + 1;
    status = zsc_fail(ZSC_EINPUT,
                      "'%s:%s' holds %s in the columns %s; zsc reads its floats; labels come from --metadata, or in "
                      "Python: pandas.read_hdf('x.h5', '%s').to_csv('x.csv')",
                      v->path, frame, info->type == ZSC_H5_INTEGER ? "whole numbers" : "Python objects",
                      columns.data ? columns.data : "of another type", key);
    status = zsc_format_skip_labels(v, key, status);
done:
    free(columns.data);
    return status;
}

/* The block of floats: *found is its number. Others are left out. */
static zsc_status find_floats(zsc_embeddings *v, const char *frame, int64_t blocks, zsc_h5_info *out, size_t *found)
{
    zsc_status status = ZSC_OK;
    size_t count = 0;
    char *values = NULL;
    for (int64_t b = 0; b < blocks; b++) {
        zsc_h5_info info;
        free(values);
        if (!(values = zsc_asprintf("%s/block%lld_values", frame, (long long)b))) return ZSC_EINTERNAL;
        ZSC_TRY(zsc_h5_stat(v->h5, values, &info));
        bool floats = info.type == ZSC_H5_FLOAT && info.rank == 2;
        if (!floats) ZSC_TRY(leave_out(v, frame, (size_t)b, &info));
        if (!floats) continue;
        if (count++ == 0) *found = (size_t)b;
        if (count == 1) *out = info;
    }
    if (count != 1)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s:%s' has %zu blocks of floats, expected one; in Python: pandas.read_hdf('x.h5', "
                          "'%s').astype('float64').to_hdf('y.h5', key='%s')",
                          v->path, frame, count, frame + 1, frame + 1);
done:
    free(values);
    return status;
}

static zsc_status open_frame(zsc_embeddings *v, const char *frame)
{
    zsc_status status = ZSC_OK;
    char *values = NULL, *items = NULL;
    zsc_h5_info info, item_info;
    size_t block = 0;
    int64_t blocks = 0;
    ZSC_TRY(zsc_h5_get_int(v->h5, frame, "nblocks", 0, &blocks));
    ZSC_TRY(find_floats(v, frame, blocks, &info, &block));
    values = zsc_asprintf("%s/block%zu_values", frame, block);
    items = zsc_asprintf("%s/block%zu_items", frame, block);
    if (!values || !items) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_h5_stat(v->h5, items, &item_info));
    /* names of several types (0, 1, ..., species) are a pickle, and not needed */
    if (item_info.type != ZSC_H5_OTHER && (item_info.rank != 1 || item_info.shape[0] != info.shape[1])) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu columns, and their names in '%s' are %zu", v->path, values,
                          info.shape[1], items, item_info.rank ? item_info.shape[0] : 0);
        goto done;
    }
    ZSC_TRY(take_index(v, frame, info.shape[0]));
    ZSC_TRY(zsc_format_add_encoder(v, frame + 1, values, info.shape[0], info.shape[1], info.type_name,
                                   zsc_is_wide(true, info.bytes)));
    ZSC_TRY(zsc_format_describe_h5(v));
done:
    free(values);
    free(items);
    return status;
}

/* What a group with the attribute pandas_type is. */
static zsc_status take_group(zsc_embeddings *v, const char *group, const char *type)
{
    zsc_status status;
    if (strcmp(type, "frame") == 0)
        status = open_frame(v, group);
    else
        status = zsc_fail(ZSC_EINPUT,
                          "'%s:%s' is a %s of pandas%s, which zsc does not read; in Python: pandas.read_hdf('x.h5', "
                          "'%s').to_csv('x.csv')",
                          v->path, group, strstr(type, "series") ? "series" : "frame",
                          strstr(type, "table") ? " in the table format" : "", group + 1);
    return zsc_format_skip_encoder(v, group + 1, status);
}

/* Adds to OUT the groups below GROUP that have the attribute pandas_type. */
static zsc_status find_frames(zsc_embeddings *v, const char *group, int depth, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    char *path = NULL;
    zsc_h5_info info;
    ZSC_TRY(zsc_h5_children(v->h5, *group ? group : "/", &names));
    for (size_t i = 0; i < names.count; i++) {
        free(path);
        if (!(path = below(group, names.item[i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        if (!zsc_h5_has(v->h5, path)) continue; /* a link that leads nowhere */
        ZSC_TRY(zsc_h5_stat(v->h5, path, &info));
        if (!info.is_group) continue;
        if (zsc_h5_has_attribute(v->h5, path, "pandas_type")) {
            status = zsc_list_add(out, path);
        } else if (depth < DEPTH)
            status = find_frames(v, path, depth + 1, out);
        if (status != ZSC_OK) goto done;
    }
done:
    free(path);
    zsc_list_free(&names);
    return status;
}

/* Files of PyTables without a frame are taken for what else they are. */
static bool recognise(zsc_embeddings *v)
{
    zsc_list found = {0};
    bool is_store = zsc_h5_has_attribute(v->h5, "/", "PYTABLES_FORMAT_VERSION") &&
                    find_frames(v, "", 1, &found) == ZSC_OK && found.count > 0;
    zsc_list_free(&found);
    return is_store;
}

static zsc_status open_pandas(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_list found = {0};
    char *type = NULL;
    if (!(v->state = zsc_calloc(1, sizeof(frames), "embeddings"))) return ZSC_EINTERNAL;
    ZSC_TRY(find_frames(v, "", 1, &found));
    for (size_t i = 0; i < found.count; i++) {
        free(type);
        type = NULL;
        ZSC_TRY(zsc_h5_get_text(v->h5, found.item[i], "pandas_type", "", &type));
        ZSC_TRY(take_group(v, found.item[i], type));
    }
    if (v->encoders == 0)
        status = zsc_fail(ZSC_EINPUT, "%s",
                          v->skipped.count ? v->why_skipped.item[v->skipped.count - 1] : "no frame of pandas");
    if (v->idless) ZSC_TRY(zsc_format_name_split(v));
done:
    free(type);
    zsc_list_free(&found);
    return status;
}

static zsc_status read_ids(zsc_embeddings *v, char ***out)
{
    const frames *f = v->state;
    char *axis = below(f->first, "axis1");
    zsc_status status = axis ? zsc_h5_read_text_rows(v->h5, axis, 0, v->n, out) : ZSC_EINTERNAL;
    free(axis);
    return status;
}

static zsc_status read_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    (void)first, (void)count, (void)out;
    return zsc_fail(ZSC_EINTERNAL, "'%s' has no column %s", v->path, column);
}

static void close_pandas(zsc_embeddings *v)
{
    frames *f = v->state;
    if (f) free(f->first);
    free(f);
}

const zsc_format zsc_format_pandas = {
    .name = "pandas",
    .description = "frames of pandas (HDFStore, fixed format)",
    .hdf5 = true,
    .recognise = recognise,
    .open = open_pandas,
    .ids = read_ids,
    .text = read_text,
    .rows = zsc_format_h5_rows,
    .close = close_pandas,
};
