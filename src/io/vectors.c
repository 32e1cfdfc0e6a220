#include "io/vectors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

/* In the order in which they are tried. */
static const zsc_vectors_layout *const layouts[] = {&zsc_layout_native};

/* A file that is not there, or a folder, is no HDF5 file; fail_unknown says so later. */
static zsc_status is_hdf5(const char *path, bool *out)
{
    static const unsigned char mark[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    unsigned char start[8];
    size_t got = 0;
    ssize_t more = 1;
    *out = false;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return errno == ENOENT ? ZSC_OK : zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(errno));
    while (got < sizeof start && more != 0) {
        more = read(descriptor, start + got, sizeof start - got);
        if (more < 0 && errno != EINTR) break;
        if (more > 0) got += (size_t)more;
    }
    int saved = errno;
    close(descriptor);
    if (more < 0 && saved != EISDIR) return zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(saved));
    *out = got == sizeof start && memcmp(start, mark, sizeof mark) == 0;
    return ZSC_OK;
}

/* The file open as far as it takes to recognise it; layout stays NULL where it is none. */
static zsc_status begin(const char *path, zsc_vectors **out)
{
    static const char *const none[] = {NULL};
    zsc_status status = ZSC_OK;
    zsc_vectors *v = NULL;
    ZSC_NEW(v, 1);
    v->missing = none;
    if (!(v->path = zsc_strdup(path))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    bool hdf5;
    ZSC_TRY(is_hdf5(path, &hdf5));
    if (hdf5) ZSC_TRY(zsc_h5_open(path, &v->h5));
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts && !v->layout; i++)
        if (layouts[i]->hdf5 == (v->h5 != NULL) && layouts[i]->recognise(v)) v->layout = layouts[i];
    *out = v;
    v = NULL;
done:
    zsc_vectors_close(v);
    return status;
}

zsc_status zsc_vectors_recognise(const char *path, zsc_vectors_class *out)
{
    zsc_vectors *v = NULL;
    zsc_status status = begin(path, &v);
    if (status == ZSC_OK) *out = v->layout ? ZSC_VECTORS_EMBEDDINGS : v->h5 ? ZSC_VECTORS_HDF5 : ZSC_VECTORS_NONE;
    zsc_vectors_close(v);
    return status;
}

/* What keeps a file from being read, in the order of likelihood. */
static zsc_status fail_unknown(const zsc_vectors *v)
{
    if (v->h5) return zsc_fail(ZSC_EINPUT, "'%s' holds no embeddings in a layout that zsc knows; 'zsc info' lists what is there", v->path);
    zsc_h5 *file = NULL;
    zsc_status status = zsc_h5_open(v->path, &file); /* no such file, a folder, empty, not HDF5 */
    zsc_h5_close(file);
    return status != ZSC_OK ? status : zsc_fail(ZSC_EINPUT, "'%s' changed while it was read", v->path);
}

zsc_status zsc_vectors_open(const char *path, zsc_vectors **out)
{
    zsc_status status = ZSC_OK;
    zsc_vectors *v = NULL;
    ZSC_TRY(begin(path, &v));
    if (!v->layout) {
        status = fail_unknown(v);
        goto done;
    }
    ZSC_TRY(v->layout->open(v));
    if (v->n > INT32_MAX) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has %zu rows; zsc handles 2147483647", path, v->n);
        goto done;
    }
    *out = v;
    v = NULL;
done:
    zsc_vectors_close(v);
    return status;
}

void zsc_vectors_close(zsc_vectors *v)
{
    if (!v) return;
    if (v->layout && v->layout->close) v->layout->close(v);
    zsc_h5_close(v->h5);
    for (size_t i = 0; i < v->encoders; i++) {
        zsc_encoder *e = &v->encoder[i];
        free(e->name), free(e->modality), free(e->label), free(e->architecture), free(e->object);
    }
    free(v->encoder);
    zsc_list_free(&v->text);
    zsc_list_free(&v->ranks);
    free(v->path);
    free(v);
}

zsc_status zsc_vectors_ids(zsc_vectors *v, char ***out) { return v->layout->ids(v, out); }

bool zsc_vectors_has_text(const zsc_vectors *v, const char *column) { return zsc_list_has(&v->text, column); }

zsc_status zsc_vectors_text(zsc_vectors *v, const char *column, size_t first, size_t count, char ***out)
{
    return v->layout->text(v, column, first, count, out);
}

bool zsc_vectors_missing(const zsc_vectors *v, const char *text)
{
    if (zsc_text_missing(text)) return true;
    for (const char *const *m = v->missing; *m; m++)
        if (strcmp(text, *m) == 0) return true;
    return false;
}

zsc_status zsc_vectors_rows(zsc_vectors *v, const zsc_encoder *encoder, size_t first, size_t count, float *out)
{
    return v->layout->rows(v, encoder, first, count, out);
}

/* --- Encoders by name */
static zsc_status no_encoder(const zsc_vectors *v, const char *name)
{
    zsc_status status = ZSC_OK;
    zsc_text text = {0};
    const char **names = NULL;
    ZSC_NEW(names, v->encoders + 1);
    for (size_t i = 0; i < v->encoders; i++) {
        names[i] = v->encoder[i].name;
        zsc_text_printf(&text, "%s%s", i ? ", " : "", names[i]);
    }
    const char *list = text.data ? text.data : "none", *near = name ? zsc_nearest(name, names, v->encoders) : NULL;
    if (!name)
        status = v->encoders ? zsc_fail(ZSC_EINPUT, "embeddings '%s': which encoder? It holds: %s", v->path, list)
                             : zsc_fail(ZSC_EINPUT, "embeddings '%s': it holds no encoder", v->path);
    else if (near)
        status = zsc_fail(ZSC_EINPUT, "embeddings '%s': no encoder '%s'; did you mean '%s'? It holds: %s", v->path, name, near, list);
    else
        status = zsc_fail(ZSC_EINPUT, "embeddings '%s': no encoder '%s'; it holds: %s", v->path, name, list);
done:
    free(text.data);
    free(names);
    return status;
}

zsc_status zsc_vectors_encoder(zsc_vectors *v, const char *name, const zsc_encoder **out)
{
    const zsc_encoder *found = NULL;
    if (!name && v->encoders == 1) found = v->encoder;
    for (size_t i = 0; name && i < v->encoders; i++)
        if (strcmp(v->encoder[i].name, name) == 0) found = &v->encoder[i];
    if (!found) return no_encoder(v, name);
    if (found->n != v->n)
        return zsc_fail(ZSC_EINPUT, "embeddings '%s': encoder %s has %zu rows, and there are %zu ids", v->path, found->name,
                        found->n, v->n);
    if (found->d == 0) return zsc_fail(ZSC_EINPUT, "embeddings '%s': encoder %s has no columns", v->path, found->name);
    *out = found;
    return ZSC_OK;
}

zsc_status zsc_vectors_split_name(const char *spec, char **path, char **encoder)
{
    zsc_status status = ZSC_OK;
    size_t length = strlen(spec);
    char *file = zsc_strdup(spec), *name = NULL;
    const char *colon = strrchr(spec, ':');
    if (!file) return ZSC_EINTERNAL;
    while (access(file, F_OK) != 0 && colon) {
        length = (size_t)(colon - spec);
        file[length] = '\0';
        while (colon > spec && *--colon != ':') continue;
        if (*colon != ':') break;
    }
    if (access(file, F_OK) != 0 && (colon = strrchr(spec, ':'))) { /* nothing exists: the last colon is the one */
        length = (size_t)(colon - spec);
        memcpy(file, spec, length);
        file[length] = '\0';
    }
    if (spec[length] == ':' && !(name = zsc_strdup(spec + length + 1))) {
        free(file);
        return ZSC_EINTERNAL;
    }
    if (name && !*name) status = zsc_fail(ZSC_EUSAGE, "embeddings '%s': the name of an encoder is missing after the colon", spec);
    if (!*file) status = zsc_fail(ZSC_EUSAGE, "embeddings '%s': the name of a file is missing", spec);
    if (status != ZSC_OK) {
        free(file);
        free(name);
        return status;
    }
    *path = file;
    *encoder = name;
    return ZSC_OK;
}

/* --- For layouts */
zsc_status zsc_vectors_add(zsc_vectors *v, const char *name, const char *object, size_t n, size_t d, const char *type)
{
    zsc_encoder *grown = realloc(v->encoder, (v->encoders + 1) * sizeof *grown);
    if (!grown) return zsc_fail_memory(v->encoders + 1, sizeof *grown, "encoders");
    v->encoder = grown;
    zsc_encoder *e = &v->encoder[v->encoders];
    *e = (zsc_encoder){.n = n, .d = d, .block = 4096, .gap = 0};
    snprintf(e->type, sizeof e->type, "%s", type);
    v->encoders++;
    if (!(e->name = zsc_strdup(name)) || !(e->object = zsc_strdup(object)) || !(e->modality = zsc_strdup("")) ||
        !(e->label = zsc_strdup("")) || !(e->architecture = zsc_strdup("")))
        return ZSC_EINTERNAL;
    return ZSC_OK;
}

static zsc_status attribute(zsc_vectors *v, const char *object, const char *name, char **field)
{
    char *text = NULL;
    zsc_status status = zsc_h5_get_text(v->h5, object, name, "", &text);
    if (status != ZSC_OK) return status;
    free(*field);
    *field = text;
    return ZSC_OK;
}

zsc_status zsc_vectors_describe_h5(zsc_vectors *v)
{
    enum { SKIP = 1 << 16 }; /* bytes that are read faster than skipped */
    zsc_status status = ZSC_OK;
    zsc_encoder *e = &v->encoder[v->encoders - 1];
    e->block = zsc_h5_block_rows(v->h5, e->object);
    e->gap = SKIP / (4 * (e->d ? e->d : 1));
    ZSC_TRY(attribute(v, e->object, "modality", &e->modality));
    ZSC_TRY(attribute(v, e->object, "label", &e->label));
    ZSC_TRY(attribute(v, e->object, "architecture", &e->architecture));
done:
    return status;
}

zsc_status zsc_vectors_add_rank(zsc_vectors *v, const char *name)
{
    zsc_status status = zsc_list_add(&v->text, name);
    return status == ZSC_OK ? zsc_list_add(&v->ranks, name) : status;
}
