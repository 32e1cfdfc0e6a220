#include "io/vectors.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "io/input_files.h"
#include "io/source.h"

/* In the order in which they are tried. */
static const zsc_vectors_layout *const layouts[] = {
    &zsc_layout_pointed, &zsc_layout_native, &zsc_layout_clibd, &zsc_layout_anndata,
    &zsc_layout_samples, &zsc_layout_npy,    &zsc_layout_npz,   &zsc_layout_columns,
};

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

static zsc_status new_vectors(const char *path, const zsc_pointing *pointing, zsc_vectors **out)
{
    static const char *const none[] = {NULL};
    zsc_vectors *v = zsc_calloc(1, sizeof *v, "embeddings");
    if (!v) return ZSC_EINTERNAL;
    v->missing = none;
    v->pointing = pointing;
    if (!(v->path = zsc_strdup(path))) {
        zsc_vectors_close(v);
        return ZSC_EINTERNAL;
    }
    *out = v;
    return ZSC_OK;
}

/* The file open as far as it takes to recognise it; layout stays NULL where it is none. */
static zsc_status begin(const char *path, const zsc_pointing *pointing, zsc_vectors **out)
{
    zsc_status status = ZSC_OK;
    zsc_vectors *v = NULL;
    bool hdf5;
    ZSC_TRY(new_vectors(path, pointing, &v));
    ZSC_TRY(is_hdf5(path, &hdf5));
    if (hdf5) ZSC_TRY(zsc_h5_open(path, &v->h5));
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts && !v->layout; i++)
        if (layouts[i]->hdf5 == (v->h5 != NULL) && layouts[i]->recognise(v)) v->layout = layouts[i];
    if (v->h5 && zsc_h5_troubled(v->h5)) { /* it may be another layout than it seems, or one at all */
        status = zsc_fail(ZSC_EINPUT, "'%s' cannot be read: the file is damaged, or memory or its disk has failed",
                          path);
        goto done;
    }
    *out = v;
    v = NULL;
done:
    zsc_vectors_close(v);
    return status;
}

static zsc_status recognise_file(const char *path, const zsc_pointing *pointing, zsc_vectors_class *out)
{
    zsc_vectors *v = NULL;
    zsc_status status = begin(path, pointing, &v);
    if (status == ZSC_OK) *out = v->layout ? ZSC_VECTORS_EMBEDDINGS : v->h5 ? ZSC_VECTORS_HDF5 : ZSC_VECTORS_NONE;
    zsc_vectors_close(v);
    return status;
}

/* --- Several files that are one */
static void parts_free(zsc_vectors_parts *parts)
{
    zsc_list_free(&parts->part);
    zsc_list_free(&parts->left_out);
}

/* ".h5", ".csv.gz" in small letters; "" where the name has none. */
static void ending_of(const char *path, char ending[], size_t size)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    if (dot && (strcmp(dot, ".gz") == 0 || strcmp(dot, ".zst") == 0))
        while (dot > name && *--dot != '.') continue;
    snprintf(ending, size, "%s", dot ? dot : "");
    for (char *p = ending; *p; p++) *p = (char)tolower((unsigned char)*p);
}

/* A file of a folder that is no embedding, though it is called like one: as good as damaged. */
static zsc_status check_left_out(const char *folder, const zsc_vectors_parts *parts)
{
    char ending[64], other[64];
    for (size_t i = 0; i < parts->left_out.count; i++) {
        ending_of(parts->left_out.item[i], ending, sizeof ending);
        for (size_t k = 0; k < parts->part.count; k++) {
            ending_of(parts->part.item[k], other, sizeof other);
            if (strcmp(ending, other) == 0)
                return zsc_fail(ZSC_EINPUT,
                                "'%s' holds no embeddings, as '%s' does: it is damaged, or no part of '%s' and should "
                                "lie elsewhere",
                                parts->left_out.item[i], parts->part.item[k], folder);
        }
    }
    return ZSC_OK;
}

static bool is_regular(const char *path, zsc_status *status)
{
    struct stat s;
    *status = stat(path, &s) == 0 ? ZSC_OK : zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(errno));
    return *status == ZSC_OK && S_ISREG(s.st_mode);
}

/* The parts that PATH stands for: files that the user joins, and those in folders that hold embeddings. A path that is
 * one file has no parts. */
static zsc_status list_parts(const char *path, const zsc_pointing *pointing, zsc_vectors_parts *out)
{
    zsc_status status = ZSC_OK;
    zsc_input_files files = {0};
    ZSC_TRY(zsc_input_list(path, &files));
    if (files.count == 1 && files.item[0].named) goto done;
    for (size_t i = 0; i < files.count; i++) {
        const zsc_input_file *f = &files.item[i];
        zsc_vectors_class class = f->named ? ZSC_VECTORS_EMBEDDINGS : ZSC_VECTORS_NONE;
        if (!f->named && is_regular(f->path, &status)) status = recognise_file(f->path, pointing, &class);
        if (status != ZSC_OK) goto done;
        ZSC_TRY(zsc_list_add(class == ZSC_VECTORS_EMBEDDINGS ? &out->part : &out->left_out, f->path));
    }
    ZSC_TRY(check_left_out(path, out));
    if (out->part.count == 0) {
        status = zsc_fail(ZSC_EINPUT, "cannot read '%s': it is a folder, and none of its %zu files holds embeddings",
                          path, files.count);
        goto done;
    }
done:
    zsc_input_files_free(&files);
    return status;
}

zsc_status zsc_vectors_recognise(const char *path, const zsc_pointing *pointing, zsc_vectors_class *out)
{
    zsc_vectors_parts parts = {0};
    zsc_status status = list_parts(path, pointing, &parts);
    bool several = parts.part.count > 0;
    parts_free(&parts);
    if (status != ZSC_OK) return status;
    if (!several) return recognise_file(path, pointing, out);
    *out = ZSC_VECTORS_EMBEDDINGS;
    return ZSC_OK;
}

static void add_names(zsc_text *text, const char *before, const zsc_list *names)
{
    enum { MOST = 20 };
    for (size_t i = 0; i < names->count && i < MOST; i++)
        zsc_text_printf(text, "%s%s", i ? ", " : before, names->item[i]);
    if (names->count > MOST) zsc_text_printf(text, " and %zu more ('zsc info' lists all)", names->count - MOST);
}

void zsc_vectors_note_parts(const zsc_vectors *v)
{
    zsc_text text = {0};
    if (v->listed.part.count == 0) return;
    add_names(&text, ": ", &v->listed.part);
    add_names(&text, "; left out: ", &v->listed.left_out);
    zsc_note("embeddings '%s' of %zu file%s%s", v->given_path, v->listed.part.count,
             v->listed.part.count == 1 ? "" : "s", text.data ? text.data : "");
    free(text.data);
}

/* What keeps a file from being read, in the order of likelihood. */
static zsc_status fail_unknown(const zsc_vectors *v)
{
    if (v->h5 && v->pointing && v->pointing->embedding)
        return zsc_fail(ZSC_EINPUT, "'%s' has no %s; 'zsc info' lists what is there", v->path, v->pointing->embedding);
    if (v->h5)
        return zsc_fail(ZSC_EINPUT,
                        "'%s' holds no embeddings in a layout that zsc knows; 'zsc info' lists what is there", v->path);
    zsc_source *source = NULL;
    zsc_status status = zsc_source_open(v->path, &source); /* no such file, a folder, empty */
    zsc_source_close(source);
    if (status != ZSC_OK) return status;
    return zsc_fail(ZSC_EINPUT, "'%s' is not an HDF5 file, nor a NumPy array, nor a table of numbers", v->path);
}

zsc_status zsc_vectors_open(const char *path, const zsc_pointing *pointing, zsc_vectors **out)
{
    zsc_status status = ZSC_OK;
    zsc_vectors *v = NULL;
    zsc_vectors_parts parts = {0};
    ZSC_TRY(list_parts(path, pointing, &parts));
    size_t count = parts.part.count;
    ZSC_TRY(count > 1 ? new_vectors(path, pointing, &v) : begin(count == 1 ? parts.part.item[0] : path, pointing, &v));
    v->listed = parts;
    parts = (zsc_vectors_parts){0};
    if (!(v->given_path = zsc_strdup(path))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    if (count > 1) v->layout = &zsc_layout_several;
    if (!v->layout) {
        status = fail_unknown(v);
        goto done;
    }
    ZSC_TRY(count > 1 ? zsc_vectors_open_several(&v->listed.part, v) : v->layout->open(v));
    if (v->n > INT32_MAX) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has %zu rows; zsc handles 2147483647", path, v->n);
        goto done;
    }
    *out = v;
    v = NULL;
done:
    parts_free(&parts);
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
    for (size_t i = 0; i < v->parts; i++) zsc_vectors_close(v->part[i]);
    free(v->part);
    free(v->given_id);
    free(v->split_of_name);
    free(v->encoder);
    zsc_list_free(&v->text);
    zsc_list_free(&v->ranks);
    parts_free(&v->listed);
    free(v->given_path);
    free(v->path);
    free(v);
}

/* Rows without ids go by their numbers. */
static zsc_status number_rows(size_t n, char ***out)
{
    enum { DIGITS = 24 };
    char **id = malloc(n * (sizeof *id + DIGITS) + 1);
    if (!id) return zsc_fail_memory(n, sizeof *id + DIGITS, "ids");
    char *letters = (char *)(id + n);
    for (size_t i = 0; i < n; i++) {
        id[i] = letters + i * DIGITS;
        snprintf(id[i], DIGITS, "%zu", i + 1);
    }
    *out = id;
    return ZSC_OK;
}

zsc_status zsc_vectors_ids(zsc_vectors *v, char ***out)
{
    if (v->given_id) return zsc_strings_copy(v->given_id, v->n, out);
    return v->idless ? number_rows(v->n, out) : v->layout->ids(v, out);
}

void zsc_vectors_give_ids(zsc_vectors *v, char **ids)
{
    free(v->given_id);
    v->given_id = ids;
}

/* No layout is asked for rows that it has not: those in memory, and parts, would read beyond their arrays. */
static zsc_status check_range(const zsc_vectors *v, const char *kind, const char *name, size_t rows, size_t first,
                              size_t count)
{
    if (first <= rows && count <= rows - first) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "embeddings '%s': %s %s has %zu rows, expected %zu", v->path, kind, name, rows,
                    first + count);
}

bool zsc_vectors_has_text(const zsc_vectors *v, const char *column) { return zsc_list_has(&v->text, column); }

zsc_status zsc_vectors_text(zsc_vectors *v, const char *column, size_t first, size_t count, char ***out)
{
    zsc_status status = check_range(v, "column", column, v->n, first, count);
    return status == ZSC_OK ? v->layout->text(v, column, first, count, out) : status;
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
    zsc_status status = check_range(v, "encoder", encoder->name, encoder->n, first, count);
    return status == ZSC_OK ? v->layout->rows(v, encoder, first, count, out) : status;
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
        status = zsc_fail(ZSC_EINPUT, "embeddings '%s': no encoder '%s'; did you mean '%s'? It holds: %s", v->path,
                          name, near, list);
    else
        status = zsc_fail(ZSC_EINPUT, "embeddings '%s': no encoder '%s'; it holds: %s", v->path, name, list);
done:
    free(text.data);
    free(names);
    return status;
}

zsc_status zsc_vectors_check_rows(const zsc_vectors *v, const zsc_encoder *encoder)
{
    for (size_t i = 0; i < v->parts; i++) {
        zsc_status status = zsc_vectors_check_rows(v->part[i], zsc_vectors_part_encoder(v, i, encoder));
        if (status != ZSC_OK) return status;
    }
    if (encoder->n == v->n) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "embeddings '%s': encoder %s has %zu rows, and there are %zu ids", v->path,
                    encoder->name, encoder->n, v->n);
}

zsc_status zsc_vectors_encoder(zsc_vectors *v, const char *name, const zsc_encoder **out)
{
    size_t which = !name && v->encoders == 1 ? 0 : v->encoders;
    for (size_t i = 0; name && i < v->encoders; i++)
        if (strcmp(v->encoder[i].name, name) == 0 || strcmp(v->encoder[i].object, name) == 0 ||
            (v->encoder[i].object[0] == '/' && strcmp(v->encoder[i].object + 1, name) == 0))
            which = i;
    if (which == v->encoders) return no_encoder(v, name);
    const zsc_encoder *found = &v->encoder[which];
    zsc_status status = zsc_vectors_check_rows(v, found);
    if (status != ZSC_OK) return status;
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
    while (!zsc_input_exists(file) && colon) {
        length = (size_t)(colon - spec);
        file[length] = '\0';
        while (colon > spec && *--colon != ':') continue;
        if (*colon != ':') break;
    }
    if (!zsc_input_exists(file) && (colon = strrchr(spec, ':'))) { /* nothing exists: the last colon is the one */
        length = (size_t)(colon - spec);
        memcpy(file, spec, length);
        file[length] = '\0';
    }
    if (spec[length] == ':' && !(name = zsc_strdup(spec + length + 1))) {
        free(file);
        return ZSC_EINTERNAL;
    }
    if (name && !*name)
        status = zsc_fail(ZSC_EUSAGE, "embeddings '%s': the name of an encoder is missing after the colon", spec);
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

char *zsc_vectors_base_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return zsc_strndup(name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

zsc_status zsc_vectors_name_split(zsc_vectors *v)
{
    static const char *const known[] = {"pretrain",   "train",      "val",         "test",
                                        "key_unseen", "val_unseen", "test_unseen", "other_heldout",
                                        "all_keys",   "seen_keys",  "val_seen",    "test_seen"};
    char *name = zsc_vectors_base_name(v->path);
    size_t length = name ? strlen(name) : 0, best = 0;
    const char *found = NULL;
    if (!name) return ZSC_EINTERNAL;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t own = strlen(known[i]);
        if (own > length || own <= best || strcmp(name + length - own, known[i]) != 0) continue;
        if (own < length && !strchr("_-. ", name[length - own - 1])) continue;
        found = known[i];
        best = own;
    }
    free(name);
    if (found && !(v->split_of_name = zsc_strdup(found))) return ZSC_EINTERNAL;
    return ZSC_OK;
}

/* --- Data in memory */
zsc_status zsc_strings_copy(char *const *text, size_t count, char ***out)
{
    size_t letters = 0;
    for (size_t i = 0; i < count; i++) letters += strlen(text[i]) + 1;
    char **copy = malloc(count * sizeof *copy + letters + 1);
    if (!copy) return zsc_fail_memory(count * sizeof *copy + letters, 1, "strings");
    char *at = (char *)(copy + count);
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(text[i]) + 1;
        memcpy(at, text[i], size);
        copy[i] = at;
        at += size;
    }
    *out = copy;
    return ZSC_OK;
}

static zsc_vectors_memory *memory_of(zsc_vectors *v)
{
    if (!v->state) v->state = zsc_calloc(1, sizeof(zsc_vectors_memory), "embeddings");
    return v->state;
}

zsc_status zsc_memory_add(zsc_vectors *v, const char *name, float *x, size_t n, size_t d, const char *type)
{
    zsc_vectors_memory *memory = memory_of(v);
    float **grown = memory ? realloc(memory->x, (v->encoders + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(x);
        return zsc_fail_memory(v->encoders + 1, sizeof *grown, "encoders");
    }
    memory->x = grown;
    memory->x[v->encoders] = x;
    size_t before = v->encoders;
    zsc_status status = zsc_vectors_add(v, name, name, n, d, type);
    if (v->encoders == before) free(x);
    return status;
}

zsc_status zsc_memory_add_column(zsc_vectors *v, const char *name, char **text, bool rank)
{
    zsc_vectors_memory *memory = memory_of(v);
    char ***grown = memory ? realloc(memory->column, (v->text.count + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(text);
        return zsc_fail_memory(v->text.count + 1, sizeof *grown, "columns");
    }
    memory->column = grown;
    memory->column[v->text.count] = text;
    size_t before = v->text.count;
    zsc_status status = rank ? zsc_vectors_add_rank(v, name) : zsc_list_add(&v->text, name);
    if (v->text.count == before) free(text);
    return status;
}

zsc_status zsc_memory_set_ids(zsc_vectors *v, char **ids)
{
    zsc_vectors_memory *memory = memory_of(v);
    if (!memory) {
        free(ids);
        return ZSC_EINTERNAL;
    }
    free(memory->id);
    memory->id = ids;
    return ZSC_OK;
}

zsc_status zsc_memory_ids(zsc_vectors *v, char ***out)
{
    const zsc_vectors_memory *memory = v->state;
    return zsc_strings_copy(memory->id, v->n, out);
}

zsc_status zsc_memory_text(zsc_vectors *v, const char *column, size_t first, size_t count, char ***out)
{
    const zsc_vectors_memory *memory = v->state;
    for (size_t i = 0; i < v->text.count; i++)
        if (strcmp(v->text.item[i], column) == 0) return zsc_strings_copy(memory->column[i] + first, count, out);
    return zsc_fail(ZSC_EINTERNAL, "'%s' has no column %s", v->path, column);
}

zsc_status zsc_memory_rows(zsc_vectors *v, const zsc_encoder *encoder, size_t first, size_t count, float *out)
{
    const zsc_vectors_memory *memory = v->state;
    memcpy(out, memory->x[encoder - v->encoder] + first * encoder->d, count * encoder->d * sizeof *out);
    return ZSC_OK;
}

void zsc_memory_close(zsc_vectors *v)
{
    zsc_vectors_memory *memory = v->state;
    if (!memory) return;
    for (size_t i = 0; i < v->encoders && memory->x; i++) free(memory->x[i]);
    for (size_t i = 0; i < v->text.count && memory->column; i++) free(memory->column[i]);
    free(memory->x);
    free(memory->column);
    free(memory->id);
    free(memory);
}
