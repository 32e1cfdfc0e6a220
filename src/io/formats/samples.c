/* One dataset per sample, as protein language models are often stored: each a vector of floats, [d] or [1, d].
 *
 * The path of the dataset is the sample's id, so that an id may hold slashes. Where samples are groups, with the
 * vectors under the same name in each (/ABC1/mean_representations), the group's path is the id and the name is the
 * encoder's. An attribute original_id of the dataset or its group is the id instead, since bio_embeddings writes its
 * own numbers as names. What else the file holds is left out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/formats/formats.h"

enum { DEPTH = 8, LOOKED_AT = 64 };

/* The vectors of a file, by path without the first slash. */
typedef struct vectors {
    zsc_list path, other; /* other: datasets that are no vectors of floats */
    size_t *d;            /* of each path */
    size_t capacity;
    size_t most; /* paths to look at */
} vectors;

typedef struct samples {
    zsc_list id;       /* paths of samples */
    zsc_list suffix;   /* encoders: "/mean_representations"; one, "", where a sample is a dataset */
    bool original_ids; /* the attributes name the samples */
} samples;

static void free_vectors(vectors *w)
{
    zsc_list_free(&w->path);
    zsc_list_free(&w->other);
    free(w->d);
}

static zsc_status walk(zsc_embeddings *v, const char *group, int depth, vectors *out)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    char *path = NULL;
    zsc_h5_info info;
    ZSC_TRY(zsc_h5_children(v->h5, *group ? group : "/", &names));
    for (size_t i = 0; i < names.count && out->path.count + out->other.count < out->most; i++) {
        free(path);
        if (!(path = zsc_asprintf("%s/%s", group, names.item[i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        if (!zsc_h5_has(v->h5, path)) continue; /* a link that leads nowhere */
        ZSC_TRY(zsc_h5_stat(v->h5, path, &info));
        if (info.is_group && depth < DEPTH) ZSC_TRY(walk(v, path, depth + 1, out));
        if (info.is_group) continue;
        size_t d = info.type != ZSC_H5_FLOAT              ? 0
                   : info.rank == 1                       ? info.shape[0]
                   : info.rank == 2 && info.shape[0] == 1 ? info.shape[1]
                                                          : 0;
        ZSC_TRY(zsc_list_add(d ? &out->path : &out->other, path + 1));
        if (!d) continue;
        ZSC_TRY(zsc_grow(&out->d, &out->capacity, out->path.count, sizeof *out->d, "samples"));
        out->d[out->path.count - 1] = d;
    }
done:
    free(path);
    zsc_list_free(&names);
    return status;
}

/* The length that most vectors have, and how many have it. */
static size_t usual_length(const vectors *w, size_t *count)
{
    size_t d = 0, lead = 0; /* the one that outvotes all others, if there is one */
    for (size_t i = 0; i < w->path.count; i++) {
        if (lead == 0) d = w->d[i];
        lead = w->d[i] == d ? lead + 1 : lead - 1;
    }
    *count = 0;
    for (size_t i = 0; i < w->path.count; i++) *count += w->d[i] == d;
    return d;
}

/* --- Which part of a path is the id */
/* The part of PATH from its slash number `slash` on; NULL: it has no such slash. */
static const char *suffix_of(const char *path, int slash)
{
    for (const char *p = path; *p; p++)
        if (*p == '/' && --slash == 0) return p;
    return NULL;
}

static int slashes(const char *path)
{
    int count = 0;
    for (; *path; path++) count += *path == '/';
    return count;
}

/* How many paths begin with the first `length` bytes of START. */
static size_t count_starts(const zsc_list *path, const char *start, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < path->count; i++) count += strncmp(path->item[i], start, length) == 0;
    return count;
}

static size_t count_ends(const zsc_list *path, const char *end)
{
    size_t count = 0;
    for (size_t i = 0; i < path->count; i++) count += zsc_text_ends(path->item[i], end);
    return count;
}

/* The suffixes of one sample: the names of what all samples hold. */
static zsc_status add_suffixes(const zsc_list *path, const char *id, size_t length, samples *out)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < path->count && status == ZSC_OK; i++)
        if (strncmp(path->item[i], id, length) == 0) status = zsc_list_add(&out->suffix, path->item[i] + length - 1);
    return status;
}

/* Groups per sample: the part of a path from one of its slashes on is that of most samples. */
static zsc_status find_suffixes(const zsc_list *path, samples *out)
{
    for (size_t i = 0; i < path->count && i < 3; i++) { /* the first may be something else */
        const char *sample = path->item[i];
        for (int slash = 1; slash <= slashes(sample); slash++) {
            const char *suffix = suffix_of(sample, slash);
            size_t length = (size_t)(suffix - sample) + 1, held = count_starts(path, sample, length),
                   like = count_ends(path, suffix);
            if (like > 1 && 2 * like * held > path->count) return add_suffixes(path, sample, length, out);
        }
    }
    return zsc_list_add(&out->suffix, "");
}

/* Vectors in most of what the file holds, of one length; or of several, under the same names in each sample. */
static bool recognise(zsc_embeddings *v)
{
    vectors w = {.most = LOOKED_AT};
    samples s = {0};
    size_t usual = 0;
    bool found = walk(v, "", 0, &w) == ZSC_OK && w.path.count > w.other.count && find_suffixes(&w.path, &s) == ZSC_OK;
    if (found) usual_length(&w, &usual);
    found = found && (2 * usual > w.path.count + w.other.count || *s.suffix.item[0]);
    zsc_list_free(&s.suffix);
    free_vectors(&w);
    zsc_error_clear();
    return found;
}

/* The samples: what stands before the first suffix. */
static zsc_status find_ids(const vectors *w, size_t d, zsc_embeddings *v, samples *out)
{
    zsc_status status = ZSC_OK;
    const char *suffix = out->suffix.item[0];
    for (size_t i = 0; i < w->path.count; i++) {
        char *path = w->path.item[i];
        size_t length = strlen(path) - strlen(suffix);
        bool known = false;
        for (size_t k = 0; k < out->suffix.count && !known; k++) known = zsc_text_ends(path, out->suffix.item[k]);
        if (!known || (out->suffix.count == 1 && w->d[i] != d)) {
            status = zsc_fail(ZSC_EINPUT, "'%s:/%s' is no vector of %zu numbers, as the samples are", v->path, path, d);
            ZSC_TRY(zsc_format_skip_labels(v, path, status));
            continue;
        }
        if (!zsc_text_ends(path, suffix)) continue;
        char held = path[length];
        path[length] = '\0';
        status = zsc_list_add(&out->id, path);
        path[length] = held;
        if (status != ZSC_OK) goto done;
    }
done:
    return status;
}

/* --- The format */
static char *object_of(const samples *s, size_t sample, size_t encoder)
{
    return zsc_asprintf("/%s%s", s->id.item[sample], s->suffix.item[encoder]);
}

static zsc_status add_encoders(zsc_embeddings *v, const samples *s, const char *base)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    char *object = NULL;
    for (size_t k = 0; k < s->suffix.count; k++) {
        const char *suffix = s->suffix.item[k];
        free(object);
        if (!(object = object_of(s, 0, k))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(zsc_h5_stat(v->h5, object, &info));
        ZSC_TRY(zsc_format_add_encoder(v, s->suffix.count == 1 ? base : suffix + 1, suffix, v->n,
                                       info.rank == 1 ? info.shape[0] : info.shape[1], info.type_name));
        v->encoder[k].block = 1024;
    }
done:
    free(object);
    return status;
}

static zsc_status original_id(zsc_embeddings *v, const samples *s, size_t sample, char **out)
{
    zsc_status status = ZSC_OK;
    char *text = NULL;
    for (int group = 0; group < 2 && !(text && *text) && status == ZSC_OK; group++) {
        char *object = group ? zsc_asprintf("/%s", s->id.item[sample]) : object_of(s, sample, 0);
        free(text);
        text = NULL;
        status = object ? zsc_h5_get_text(v->h5, object, "original_id", "", &text) : ZSC_EINTERNAL;
        free(object);
    }
    if (status == ZSC_OK) *out = text;
    return status;
}

static zsc_status open_samples(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    samples *s = NULL;
    vectors w = {.most = SIZE_MAX};
    size_t usual = 0;
    char *base = NULL, *first = NULL;
    ZSC_TRY(zsc_format_name_encoder(v, &base));
    ZSC_NEW(s, 1);
    v->state = s;
    ZSC_TRY(walk(v, "", 0, &w));
    size_t d = usual_length(&w, &usual);
    ZSC_TRY(find_suffixes(&w.path, s));
    for (size_t i = 0; i < w.other.count; i++) {
        status = zsc_fail(ZSC_EINPUT, "'%s:/%s' is no vector of %zu numbers, as the samples are", v->path,
                          w.other.item[i], d);
        ZSC_TRY(zsc_format_skip_labels(v, w.other.item[i], status));
    }
    ZSC_TRY(find_ids(&w, d, v, s));
    v->n = s->id.count;
    ZSC_TRY(add_encoders(v, s, base));
    v->named_by_file = v->encoders == 1 && strcmp(v->encoder[0].name, base) == 0;
    ZSC_TRY(original_id(v, s, 0, &first));
    s->original_ids = *first != '\0';
done:
    free(first);
    free(base);
    free_vectors(&w);
    return status;
}

static zsc_status read_ids(zsc_embeddings *v, char ***out)
{
    zsc_status status = ZSC_OK;
    const samples *s = v->state;
    char **id = NULL;
    if (!s->original_ids) return zsc_strings_copy(s->id.item, s->id.count, out);
    ZSC_NEW(id, v->n);
    for (size_t i = 0; i < v->n; i++) {
        ZSC_TRY(original_id(v, s, i, &id[i]));
        if (*id[i]) continue;
        status = zsc_fail(ZSC_EINPUT, "'%s': sample %s has no attribute original_id, as the first one has", v->path,
                          s->id.item[i]);
        goto done;
    }
    status = zsc_strings_copy(id, v->n, out);
done:
    for (size_t i = 0; id && i < v->n; i++) free(id[i]);
    free(id);
    return status;
}

static zsc_status read_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    (void)first, (void)count, (void)out;
    return zsc_fail(ZSC_EINTERNAL, "'%s' has no column %s", v->path, column);
}

static zsc_status read_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, float *out,
                            zsc_narrowing *loss)
{
    zsc_status status = ZSC_OK;
    const samples *s = v->state;
    size_t which = (size_t)(encoder - v->encoder), d = encoder->d;
    char *object = NULL;
    double *wide = NULL;
    zsc_h5_info info;
    ZSC_NEW_RAW(wide, loss ? d : 1);
    for (size_t i = 0; i < count; i++) {
        free(object);
        if (!(object = object_of(s, first + i, which))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(zsc_h5_stat(v->h5, object, &info));
        size_t own = info.rank == 1 ? info.shape[0] : info.rank == 2 && info.shape[0] == 1 ? info.shape[1] : 0;
        if (info.is_group || own != d) {
            status = zsc_fail(ZSC_EINPUT, "'%s': sample %s is no vector of %zu numbers as the first one is", v->path,
                              s->id.item[first + i], d);
            goto done;
        }
        ZSC_TRY(zsc_h5_read(v->h5, object, loss ? ZSC_H5_F64 : ZSC_H5_F32, info.rank, info.shape,
                            loss ? (void *)wide : out + i * d));
        for (size_t j = 0; loss && j < d; j++) out[i * d + j] = zsc_narrow(loss, i, wide[j]);
    }
done:
    free(wide);
    free(object);
    return status;
}

static void close_samples(zsc_embeddings *v)
{
    samples *s = v->state;
    if (!s) return;
    zsc_list_free(&s->id);
    zsc_list_free(&s->suffix);
    free(s);
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
