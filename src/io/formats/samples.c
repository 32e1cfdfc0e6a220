/* One dataset per sample, as protein language models are often stored: each a vector of floats, [d] or [1, d].
 *
 * The path of the dataset is the sample's id, so that an id may hold slashes. Where samples are groups, with vectors
 * under the same name in each (/ABC1/mean_representations), the group's path is the id and the name is the encoder's;
 * what else a sample's group holds, such as matrices of a row per residue, is an encoder that cannot be read. The
 * attribute original_id of the dataset or its group is the id instead, since bio_embeddings writes its own numbers as
 * names: of all samples or of none.
 *
 * Paths come in the order of a walk through the file, so that those of one group follow each other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/formats/formats.h"

enum { DEPTH = 8, LOOKED_AT = 64 };

/* The datasets of a file, by path without the first slash. */
typedef struct datasets {
    zsc_list path;
    size_t *d; /* numbers of each that is a vector of floats; 0: it is none */
    size_t capacity;
    size_t vectors;
    size_t most; /* paths to look at */
} datasets;

typedef struct samples {
    int depth;       /* components of a sample's path where samples are groups; 0: they are datasets */
    zsc_list suffix; /* encoders: "/mean_representations"; one, "", where a sample is a dataset */
    size_t *d;       /* of each */
    zsc_list id;     /* paths of samples */
} samples;

static void free_datasets(datasets *w)
{
    zsc_list_free(&w->path);
    free(w->d);
}

static void free_samples(samples *s)
{
    zsc_list_free(&s->suffix);
    zsc_list_free(&s->id);
    free(s->d);
}

static zsc_status walk(zsc_embeddings *v, const char *group, int depth, datasets *out)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    char *path = NULL;
    zsc_h5_info info;
    ZSC_TRY(zsc_h5_children(v->h5, *group ? group : "/", &names));
    for (size_t i = 0; i < names.count && out->path.count < out->most; i++) {
        free(path);
        if (!(path = zsc_asprintf("%s/%s", group, names.item[i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        if (!zsc_h5_has(v->h5, path)) continue; /* a link that leads nowhere */
        ZSC_TRY(zsc_h5_stat(v->h5, path, &info));
        if (info.is_group && depth < DEPTH) ZSC_TRY(walk(v, path, depth + 1, out));
        if (info.is_group) continue;
        ZSC_TRY(zsc_list_add(&out->path, path + 1));
        ZSC_TRY(zsc_grow(&out->d, &out->capacity, out->path.count, sizeof *out->d, "samples"));
        size_t d = info.type != ZSC_H5_FLOAT              ? 0
                   : info.rank == 1                       ? info.shape[0]
                   : info.rank == 2 && info.shape[0] == 1 ? info.shape[1]
                                                          : 0;
        out->d[out->path.count - 1] = d;
        out->vectors += d > 0;
    }
done:
    free(path);
    zsc_list_free(&names);
    return status;
}

/* --- Which part of a path is the id */
/* A vector in a group: what follows the group's path, from the slash on. */
typedef struct member {
    const char *suffix;
    size_t d, at; /* at: in the list of datasets */
} member;

static int by_suffix(const void *a, const void *b)
{
    const member *x = a, *y = b;
    int c = strcmp(x->suffix, y->suffix);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

/* The part of PATH from its slash number `slash` on; NULL: it has no such slash. */
static const char *suffix_of(const char *path, int slash)
{
    for (const char *p = path; *p; p++)
        if (*p == '/' && --slash == 0) return p;
    return NULL;
}

static bool same_group(const char *a, const char *b, int depth)
{
    const char *suffix = suffix_of(a, depth), *other = suffix_of(b, depth);
    return suffix && other && suffix - a == other - b && memcmp(a, b, (size_t)(suffix - a)) == 0;
}

/* The length that most have, and how many have it. */
static size_t usual_length(const member *list, size_t n, size_t *count)
{
    size_t d = 0, lead = 0; /* the one that outvotes all others, if there is one */
    for (size_t i = 0; i < n; i++) {
        if (lead == 0) d = list[i].d;
        lead = list[i].d == d ? lead + 1 : lead - 1;
    }
    *count = 0;
    for (size_t i = 0; i < n; i++) *count += list[i].d == d;
    return d;
}

static zsc_status add_suffix(samples *s, const char *suffix, size_t d)
{
    size_t capacity = s->suffix.count;
    zsc_status status = zsc_grow(&s->d, &capacity, s->suffix.count + 1, sizeof *s->d, "encoders");
    if (status == ZSC_OK) s->d[s->suffix.count] = d;
    return status == ZSC_OK ? zsc_list_add(&s->suffix, suffix) : status;
}

/* The encoder whose vector the dataset is; suffix.count: none's. */
static size_t encoder_of(const samples *s, const char *path, size_t d)
{
    const char *suffix = s->depth ? suffix_of(path, s->depth) : "";
    size_t k = 0;
    while (k < s->suffix.count && (!suffix || s->d[k] != d || strcmp(s->suffix.item[k], suffix) != 0)) k++;
    return k;
}

/* One past the last dataset of the group that begins with dataset `first`; where it is in no group, first + 1. */
static size_t end_of_group(const datasets *w, size_t first, int depth)
{
    size_t end = first + 1;
    while (depth && end < w->path.count && same_group(w->path.item[first], w->path.item[end], depth)) end++;
    return end;
}

/* Whether a sample is among datasets [first, end), which are a group or one that is in none. */
static bool holds_sample(const datasets *w, const samples *s, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (w->d[i] && encoder_of(s, w->path.item[i], w->d[i]) < s->suffix.count) return true;
    return false;
}

/* Whether samples are groups, by what they would leave out: vectors as long as an encoder's are samples, too, so that
 * few of them may be left out; a vector may be of another length. */
static bool leaves_few_out(const datasets *w, const samples *s)
{
    enum { FEW = 10 };
    size_t held = 0, lost = 0;
    for (size_t first = 0, end = 0; first < w->path.count; first = end) {
        end = end_of_group(w, first, s->depth);
        bool sample = holds_sample(w, s, first, end);
        held += sample;
        for (size_t i = first; i < end && !sample; i++)
            for (size_t k = 0; k < s->suffix.count && w->d[i]; k++)
                if (s->d[k] == w->d[i]) {
                    lost++;
                    break;
                }
    }
    return lost <= held / FEW;
}

/* Groups of `depth` components: encoders are the vectors that most groups hold. *found is false where there are none,
 * or as many of them as groups: then the last components tell samples apart. */
static zsc_status try_depth(const datasets *w, int depth, samples *out, bool *found)
{
    zsc_status status = ZSC_OK;
    member *list = NULL;
    size_t n = 0, groups = 0, count;
    *out = (samples){.depth = depth};
    ZSC_NEW(list, w->vectors);
    for (size_t i = 0; i < w->path.count; i++) {
        const char *path = w->path.item[i], *suffix = suffix_of(path, depth);
        if (!w->d[i] || !suffix) continue;
        groups += n == 0 || !same_group(w->path.item[list[n - 1].at], path, depth);
        list[n++] = (member){suffix, w->d[i], i};
    }
    if (n > 1) qsort(list, n, sizeof *list, by_suffix);
    for (size_t first = 0, end; groups > 1 && first < n; first = end) {
        for (end = first + 1; end < n && strcmp(list[end].suffix, list[first].suffix) == 0;) end++;
        size_t d = usual_length(list + first, end - first, &count);
        if (2 * count > groups) ZSC_TRY(add_suffix(out, list[first].suffix, d));
    }
    *found = out->suffix.count > 0 && out->suffix.count <= groups && leaves_few_out(w, out);
done:
    free(list);
    return status;
}

static zsc_status find_samples(const datasets *w, samples *out)
{
    zsc_status status = ZSC_OK;
    member *list = NULL;
    bool found = false;
    size_t n = 0, count;
    for (int depth = 1; depth <= DEPTH && !found; depth++) {
        free_samples(out);
        ZSC_TRY(try_depth(w, depth, out, &found));
    }
    if (found) goto done;
    free_samples(out);
    *out = (samples){0};
    ZSC_NEW(list, w->vectors);
    for (size_t i = 0; i < w->path.count; i++)
        if (w->d[i]) list[n++] = (member){"", w->d[i], i};
    status = add_suffix(out, "", usual_length(list, n, &count));
done:
    free(list);
    return status;
}

/* Whether samples are more than what else there is: all of it, or, where they are groups, what is in none of them. */
static bool are_most(const datasets *w, const samples *s)
{
    size_t held = 0, other = 0;
    for (size_t first = 0, end = 0; first < w->path.count; first = end) {
        end = end_of_group(w, first, s->depth);
        if (holds_sample(w, s, first, end))
            held++;
        else
            other += end - first;
    }
    return held > other;
}

/* A result of zsc run holds its scores as vectors of one length, which are no samples. */
static bool recognise(zsc_embeddings *v)
{
    if (zsc_h5_has_attribute(v->h5, "/", "zsc_result")) return false; /* its arrays are scores, one per rank */
    datasets w = {.most = LOOKED_AT};
    samples s = {0};
    if (zsc_h5_has_attribute(v->h5, "/", "zsc_result")) return false;
    bool found = walk(v, "", 0, &w) == ZSC_OK && w.vectors > 0 && find_samples(&w, &s) == ZSC_OK && are_most(&w, &s);
    free_samples(&s);
    free_datasets(&w);
    zsc_error_clear();
    return found;
}

/* --- What is left out */
static zsc_status leave_out(zsc_embeddings *v, const samples *s, const char *path)
{
    zsc_status status = zsc_fail(ZSC_EINPUT, "'%s:/%s' is no vector of %zu numbers, as the samples are", v->path, path,
                                 s->d[0]);
    return zsc_format_skip_labels(v, path, status);
}

/* What samples hold beside their vectors: by name, with the first of its kind. */
static zsc_status leave_out_members(zsc_embeddings *v, member *other, size_t n, const datasets *w)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    char *object = NULL;
    if (n > 1) qsort(other, n, sizeof *other, by_suffix);
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && strcmp(other[end].suffix, other[first].suffix) == 0;) end++;
        free(object);
        if (!(object = zsc_asprintf("/%s", w->path.item[other[first].at]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(zsc_h5_stat(v->h5, object, &info));
        status = zsc_fail(ZSC_EINPUT,
                          "'%s:%s' holds %s in %d dimension%s, and %zu samples have this: expected a vector of floats, "
                          "as long in each sample",
                          v->path, object, info.type_name, info.rank, info.rank == 1 ? "" : "s", end - first);
        ZSC_TRY(zsc_format_skip_encoder(v, other[first].suffix + 1, status));
    }
done:
    free(object);
    return status;
}

static zsc_status add_id(samples *s, const char *path)
{
    const char *suffix = s->depth ? suffix_of(path, s->depth) : NULL;
    char *id = suffix ? zsc_strndup(path, (size_t)(suffix - path)) : zsc_strdup(path);
    zsc_status status = id ? zsc_list_add(&s->id, id) : ZSC_EINTERNAL;
    free(id);
    return status;
}

/* The samples, what is left out, and how many samples have a vector of each encoder. */
static zsc_status find_ids(zsc_embeddings *v, const datasets *w, samples *s, size_t *held)
{
    zsc_status status = ZSC_OK;
    member *other = NULL;
    size_t others = 0;
    ZSC_NEW(other, w->path.count);
    for (size_t first = 0, end = 0; first < w->path.count; first = end) {
        end = end_of_group(w, first, s->depth);
        bool sample = holds_sample(w, s, first, end);
        if (sample) ZSC_TRY(add_id(s, w->path.item[first]));
        for (size_t i = first; i < end; i++) {
            size_t k = w->d[i] ? encoder_of(s, w->path.item[i], w->d[i]) : s->suffix.count;
            if (k < s->suffix.count)
                held[k]++;
            else if (!sample)
                ZSC_TRY(leave_out(v, s, w->path.item[i]));
            else if (!zsc_list_has(&s->suffix, suffix_of(w->path.item[i], s->depth)))
                other[others++] = (member){suffix_of(w->path.item[i], s->depth), 0, i};
        }
    }
    status = leave_out_members(v, other, others, w);
done:
    free(other);
    return status;
}

/* Why an encoder has fewer vectors than there are samples: the first that lacks one. */
static zsc_status explain_gap(zsc_embeddings *v, const datasets *w, const samples *s, size_t encoder, size_t held)
{
    size_t sample = 0;
    for (size_t first = 0, end = 0; first < w->path.count; first = end) {
        bool has = false;
        end = end_of_group(w, first, s->depth);
        if (!holds_sample(w, s, first, end)) continue;
        for (size_t i = first; i < end; i++)
            has = has || (w->d[i] && encoder_of(s, w->path.item[i], w->d[i]) == encoder);
        if (!has) break;
        sample++;
    }
    return zsc_fail(ZSC_EINPUT, "'%s': sample %s has no vector %s of %zu numbers, as %zu of %zu samples have", v->path,
                    s->id.item[sample], s->suffix.item[encoder] + 1, s->d[encoder], held, s->id.count);
}

/* --- The format */
static char *object_of(const samples *s, size_t sample, const char *suffix)
{
    return zsc_asprintf("/%s%s", s->id.item[sample], suffix);
}

static zsc_status add_encoders(zsc_embeddings *v, const datasets *w, const samples *s, const size_t *held,
                               const char *base)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    char *object = NULL;
    for (size_t k = 0; k < s->suffix.count; k++) {
        const char *suffix = s->suffix.item[k];
        if (held[k] < s->id.count) {
            status = explain_gap(v, w, s, k, held[k]);
            ZSC_TRY(zsc_format_skip_encoder(v, suffix + 1, status));
            continue;
        }
        free(object);
        if (!(object = object_of(s, 0, suffix))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(zsc_h5_stat(v->h5, object, &info));
        ZSC_TRY(zsc_format_add_encoder(v, s->suffix.count == 1 ? base : suffix + 1, suffix, v->n, s->d[k],
                                       info.type_name, zsc_is_wide(info.type == ZSC_H5_FLOAT, info.bytes)));
        v->encoder[v->encoders - 1].block = 1024;
    }
done:
    free(object);
    return status;
}

static zsc_status open_samples(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    samples *s = NULL;
    datasets w = {.most = SIZE_MAX};
    size_t *held = NULL;
    char *base = NULL;
    ZSC_TRY(zsc_format_name_encoder(v, &base));
    ZSC_NEW(s, 1);
    v->state = s;
    ZSC_TRY(walk(v, "", 0, &w));
    ZSC_TRY(find_samples(&w, s));
    ZSC_NEW(held, s->suffix.count);
    ZSC_TRY(find_ids(v, &w, s, held));
    v->n = s->id.count;
    ZSC_TRY(add_encoders(v, &w, s, held, base));
    v->named_by_file = v->encoders == 1 && strcmp(v->encoder[0].name, base) == 0;
done:
    free(held);
    free(base);
    free_datasets(&w);
    return status;
}

/* --- Ids */
/* The attribute of a sample's datasets, or else of its group; "": it has none. */
static zsc_status original_id(zsc_embeddings *v, const samples *s, size_t sample, char **out)
{
    zsc_status status = ZSC_OK;
    char *text = NULL, *object = NULL;
    size_t places = s->suffix.count + (s->depth > 0);
    for (size_t k = 0; k < places && !(text && *text); k++) {
        free(text), free(object);
        text = NULL;
        object = object_of(s, sample, k < s->suffix.count ? s->suffix.item[k] : "");
        if (!object) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        if (!zsc_h5_has(v->h5, object)) continue;
        ZSC_TRY(zsc_h5_get_text(v->h5, object, "original_id", "", &text));
    }
    if (!text && !(text = zsc_strdup(""))) status = ZSC_EINTERNAL;
done:
    free(object);
    if (status == ZSC_OK)
        *out = text;
    else
        free(text);
    return status;
}

/* All samples have the attribute, or none: those without it would be known by names of another kind. */
static zsc_status check_original_ids(const zsc_embeddings *v, const samples *s, char *const *id, size_t given)
{
    size_t with = 0, without = 0;
    if (given == 0 || given == v->n) return ZSC_OK;
    while (!*id[with]) with++;
    while (*id[without]) without++;
    return zsc_fail(
        ZSC_EINPUT,
        "'%s': sample %s has no attribute original_id, as %zu of %zu samples have (the first is %s): give it "
        "to all samples, or remove it from all to use their names",
        v->path, s->id.item[without], given, v->n, s->id.item[with]);
}

static zsc_status read_ids(zsc_embeddings *v, char ***out)
{
    zsc_status status = ZSC_OK;
    const samples *s = v->state;
    char **id = NULL;
    size_t given = 0;
    ZSC_NEW(id, v->n);
    for (size_t i = 0; i < v->n; i++) {
        ZSC_TRY(original_id(v, s, i, &id[i]));
        given += *id[i] != '\0';
    }
    ZSC_TRY(check_original_ids(v, s, id, given));
    status = zsc_strings_copy(given ? id : s->id.item, v->n, out);
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

static zsc_status read_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, void *out)
{
    zsc_status status = ZSC_OK;
    const samples *s = v->state;
    size_t d = encoder->d;
    char *object = NULL;
    zsc_h5_info info;
    for (size_t i = 0; i < count; i++) {
        free(object);
        if (!(object = object_of(s, first + i, encoder->object))) {
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
        ZSC_TRY(zsc_h5_read(v->h5, object, encoder->wide ? ZSC_H5_F64 : ZSC_H5_F32, info.rank, info.shape,
                            encoder->wide ? (void *)((double *)out + i * d) : (float *)out + i * d));
    }
done:
    free(object);
    return status;
}

static void close_samples(zsc_embeddings *v)
{
    samples *s = v->state;
    if (!s) return;
    free_samples(s);
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
