#include "io/embeddings.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "io/embeddings_beside.h"
#include "io/embeddings_parts.h"
#include "io/files/file_names.h"
#include "io/formats/formats.h"
#include "io/files/foreign_files.h"
#include "io/formats/h5_paths.h"
#include "io/files/input_files.h"
#include "io/files/source.h"

/* In the order in which they are tried. */
static const zsc_format *const formats[] = {
    &zsc_format_h5_paths, &zsc_format_pandas, &zsc_format_matlab,       &zsc_format_octave,
    &zsc_format_native,   &zsc_format_clibd,  &zsc_format_clibd_groups, &zsc_format_anndata,
    &zsc_format_samples,  &zsc_format_npy,    &zsc_format_npz,          &zsc_format_columns,
};

static zsc_status new_embeddings(const char *path, const zsc_file_layout *file_layout, zsc_embeddings **out)
{
    zsc_embeddings *v = zsc_calloc(1, sizeof *v, "embeddings");
    if (!v) return ZSC_EINTERNAL;
    v->file_layout = file_layout;
    if (!(v->path = zsc_strdup(path))) {
        zsc_embeddings_close(v);
        return ZSC_EINTERNAL;
    }
    *out = v;
    return ZSC_OK;
}

/* The file open as far as it takes to recognise it; layout stays NULL where it is none. */
static zsc_status begin(const char *path, const zsc_file_layout *file_layout, zsc_embeddings **out)
{
    zsc_status status = ZSC_OK;
    zsc_embeddings *v = NULL;
    bool hdf5;
    ZSC_TRY(new_embeddings(path, file_layout, &v));
    ZSC_TRY(zsc_h5_is_hdf5(path, &hdf5));
    if (hdf5) ZSC_TRY(zsc_h5_open(path, &v->h5));
    for (size_t i = 0; i < sizeof formats / sizeof *formats && !v->format; i++)
        if (formats[i]->hdf5 == (v->h5 != NULL) && formats[i]->recognise(v)) v->format = formats[i];
    if (v->h5 && zsc_h5_troubled(v->h5)) { /* it may be another layout than it seems, or one at all */
        status = zsc_h5_starved(v->h5)
                     ? zsc_fail(ZSC_EINTERNAL, "out of memory: '%s' cannot be read", path)
                     : zsc_fail(ZSC_EINPUT, "'%s' cannot be read: the file is damaged, or its disk has failed", path);
        goto done;
    }
    *out = v;
    v = NULL;
done:
    zsc_embeddings_close(v);
    return status;
}

/* *what, unless WHAT is NULL: what it is instead of embeddings. */
static zsc_status recognise_file(const char *path, const zsc_file_layout *file_layout, zsc_embeddings_class *out,
                                 const char **what)
{
    zsc_embeddings *v = NULL;
    zsc_status status = begin(path, file_layout, &v);
    if (status == ZSC_OK) *out = v->format ? ZSC_CLASS_EMBEDDINGS : v->h5 ? ZSC_CLASS_HDF5 : ZSC_CLASS_OTHER;
    if (status == ZSC_OK && what)
        *what = !v->h5                                           ? "no embeddings"
                : zsc_h5_has_attribute(v->h5, "/", "zsc_result") ? "a result of zsc"
                                                                 : "HDF5 without embeddings";
    zsc_embeddings_close(v);
    return status;
}

/* --- Several files that are one */
/* ".h5", ".csv.gz" in small letters; "" where the name has none. */
static void ending_of(const char *path, char ending[], size_t size)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    snprintf(ending, size, "%s", name + zsc_file_name_stem(name));
    for (char *p = ending; *p; p++) *p = (char)tolower((unsigned char)*p);
}

/* A file of a folder that is no embedding, though it is called like one: as good as damaged. */
static zsc_status check_left_out(const char *folder, const zsc_embeddings_parts *parts)
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

/* One file under two names: its rows would count twice. */
static zsc_status check_same_file(const char *whole, const zsc_embeddings_parts *parts)
{
    zsc_status status = ZSC_OK;
    struct stat *s = NULL;
    bool *there = NULL;
    ZSC_NEW(s, parts->part.count);
    ZSC_NEW(there, parts->part.count);
    for (size_t i = 0; i < parts->part.count; i++) {
        there[i] = stat(parts->part.item[i], &s[i]) == 0;
        for (size_t k = 0; k < i && there[i]; k++) {
            const char *one = parts->part.item[k], *other = parts->part.item[i];
            if (!there[k] || s[k].st_dev != s[i].st_dev || s[k].st_ino != s[i].st_ino) continue;
            status = strcmp(one, other) == 0
                         ? zsc_fail(ZSC_EINPUT, "'%s' names '%s' twice: its rows would count twice; name it once",
                                    whole, one)
                         : zsc_fail(
                               ZSC_EINPUT,
                               "'%s' and '%s', parts of '%s', are one file under two names (links): its rows would "
                               "count twice; leave one of them out",
                               one, other, whole);
            goto done;
        }
    }
done:
    free(s);
    free(there);
    return status;
}

/* The parts that PATH stands for: files that the user joins, and those in folders that hold embeddings. A path that is
 * one file has no parts. */
static zsc_status list_parts(const char *path, const zsc_file_layout *file_layout, zsc_embeddings_parts *out)
{
    zsc_status status = ZSC_OK;
    zsc_input_files files = {0};
    ZSC_TRY(zsc_input_list(path, &files));
    if (files.count == 1 && files.item[0].named) goto done;
    for (size_t i = 0; i < files.count; i++) {
        const zsc_input_file *f = &files.item[i];
        zsc_embeddings_class class = f->named ? ZSC_CLASS_EMBEDDINGS : ZSC_CLASS_OTHER;
        const char *what = "no file";
        if (!f->named && is_regular(f->path, &status)) status = recognise_file(f->path, file_layout, &class, &what);
        if (status != ZSC_OK) goto done;
        ZSC_TRY(zsc_list_add(class == ZSC_CLASS_EMBEDDINGS ? &out->part : &out->left_out, f->path));
        if (class != ZSC_CLASS_EMBEDDINGS) ZSC_TRY(zsc_list_add(&out->why, what));
    }
    ZSC_TRY(check_same_file(path, out));
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

zsc_status zsc_embeddings_recognise(const char *path, const zsc_file_layout *file_layout, zsc_embeddings_class *out)
{
    zsc_embeddings_parts parts = {0};
    zsc_status status = list_parts(path, file_layout, &parts);
    bool several = parts.part.count > 0;
    zsc_embeddings_parts_free(&parts);
    if (status != ZSC_OK) return status;
    if (!several) return recognise_file(path, file_layout, out, NULL);
    *out = ZSC_CLASS_EMBEDDINGS;
    return ZSC_OK;
}

static void add_names(zsc_text *text, const char *before, const zsc_list *names, const zsc_list *why)
{
    enum { MOST = 20 };
    for (size_t i = 0; i < names->count && i < MOST; i++) {
        zsc_text_printf(text, "%s%s", i ? ", " : before, names->item[i]);
        if (why) zsc_text_printf(text, " (%s)", why->item[i]);
    }
    if (names->count > MOST) zsc_text_printf(text, " and %zu more ('zsc info' lists all)", names->count - MOST);
}

static void note_skipped(const zsc_embeddings *v)
{
    enum { MOST = 3 };
    size_t count = 0;
    for (size_t i = 0; i < v->skipped.count; i++) {
        if (!v->skipped_is_label[i] || ++count > MOST) continue;
        zsc_warn("left out: %s", v->why_skipped.item[i]);
    }
    if (count > MOST) zsc_warn("left out: %zu more of '%s'", count - MOST, v->path);
}

void zsc_embeddings_note(const zsc_embeddings *v)
{
    zsc_text text = {0};
    note_skipped(v);
    for (size_t i = 0; i < v->parts; i++)
        if (v->part[i]->remark) zsc_note("'%s': %s", v->part[i]->path, v->part[i]->remark);
    if (v->remark) zsc_note("'%s': %s", v->path, v->remark);
    if (v->listed.part.count == 0) return;
    add_names(&text, ": ", &v->listed.part, NULL);
    add_names(&text, "; left out: ", &v->listed.left_out, &v->listed.why);
    zsc_note("embeddings '%s' of %zu file%s%s", v->given_path, v->listed.part.count,
             v->listed.part.count == 1 ? "" : "s", text.data ? text.data : "");
    free(text.data);
}

/* What keeps a file from being read, in the order of likelihood. */
static zsc_status fail_unknown(const zsc_embeddings *v)
{
    if (v->h5 && v->file_layout && v->file_layout->embedding)
        return zsc_fail(ZSC_EINPUT, "'%s' has no %s, which --h5-embedding names; 'zsc info' lists what is there",
                        v->path, v->file_layout->embedding);
    if (v->h5)
        return zsc_fail(ZSC_EINPUT,
                        "'%s' holds no embeddings in a layout that zsc knows; 'zsc info' lists what is there, and "
                        "--h5-embedding /PATH names one of its arrays",
                        v->path);
    zsc_source *source = NULL;
    zsc_status status = zsc_source_open(v->path, &source); /* no such file, a folder, empty */
    zsc_source_close(source);
    if (status != ZSC_OK) return status;
    const char *foreign = zsc_foreign_file(v->path);
    if (foreign) return zsc_fail(ZSC_EINPUT, "'%s' is %s", v->path, foreign);
    return zsc_format_explain_table(v->path, v->file_layout);
}

static zsc_status open_file(const char *path, const zsc_file_layout *file_layout, zsc_embeddings **out)
{
    zsc_embeddings *v = NULL;
    zsc_status status = begin(path, file_layout, &v);
    if (status == ZSC_OK) status = v->format ? v->format->open(v) : fail_unknown(v);
    if (status == ZSC_OK) status = zsc_format_check_names(v);
    if (status == ZSC_OK)
        *out = v;
    else
        zsc_embeddings_close(v);
    return status;
}

/* PATHS in groups of files with the same rows: one group is the whole, several are its parts. */
static zsc_status open_several(const char *path, const zsc_list *paths, const zsc_file_layout *file_layout,
                               zsc_embeddings **out)
{
    zsc_status status = ZSC_OK;
    zsc_embeddings *whole = NULL, **file = NULL;
    size_t count = 0, taken = 0;
    ZSC_NEW(file, paths->count);
    for (; count < paths->count; count++) ZSC_TRY(open_file(paths->item[count], file_layout, &file[count]));
    ZSC_TRY(zsc_embeddings_group(file, &count));
    if (count == 1) {
        *out = file[taken++];
        goto done;
    }
    ZSC_TRY(new_embeddings(path, file_layout, &whole));
    whole->format = &zsc_format_parts;
    ZSC_TRY(zsc_embeddings_parts_begin(whole, count));
    while (taken < count) ZSC_TRY(zsc_embeddings_parts_add(whole, file[taken++]));
    ZSC_TRY(zsc_embeddings_parts_end(whole));
    *out = whole;
    whole = NULL;
done:
    for (size_t i = taken; i < count && file; i++) zsc_embeddings_close(file[i]);
    free(file);
    zsc_embeddings_close(whole);
    return status;
}

/* How many files of the split of file I are called after ENCODER; SIZE_MAX: the files do not say. */
static size_t count_namesakes(const zsc_file_name *name, size_t count, size_t i, const char *encoder)
{
    size_t found = 0;
    for (size_t k = 0; k < count; k++) {
        if (!name[k].of_study || !name[k].split) return SIZE_MAX;
        found += strcmp(name[k].split, name[i].split) == 0 && strcmp(name[k].encoder, encoder) == 0;
    }
    return found;
}

/* Leaves the files of ENCODER where their names say which they are and each split has one. */
static zsc_status keep_encoder(zsc_list *paths, const char *encoder, bool *kept)
{
    zsc_status status = ZSC_OK;
    zsc_file_name *name = NULL;
    zsc_list own = {0};
    const size_t count = paths->count;
    bool all = count > 1;
    ZSC_NEW(name, count + 1);
    for (size_t i = 0; i < count; i++) ZSC_TRY(zsc_file_name_read(paths->item[i], &name[i]));
    for (size_t i = 0; i < count && all; i++) {
        all = count_namesakes(name, count, i, encoder) == 1;
        if (all && strcmp(name[i].encoder, encoder) == 0) ZSC_TRY(zsc_list_add(&own, paths->item[i]));
    }
    *kept = all;
    if (all) {
        zsc_list_free(paths);
        *paths = own;
        own = (zsc_list){0};
    }
done:
    for (size_t i = 0; name && i < count; i++) free(name[i].encoder);
    free(name);
    zsc_list_free(&own);
    return status;
}

zsc_status zsc_embeddings_open_for(const char *path, const char *encoder, const zsc_file_layout *file_layout,
                                   zsc_embeddings **out)
{
    zsc_status status = ZSC_OK;
    zsc_embeddings *v = NULL;
    zsc_embeddings_parts parts = {0};
    bool one_encoder = false;
    ZSC_TRY(list_parts(path, file_layout, &parts));
    if (encoder) ZSC_TRY(keep_encoder(&parts.part, encoder, &one_encoder));
    size_t count = parts.part.count;
    ZSC_TRY(count > 1 ? open_several(path, &parts.part, file_layout, &v)
                      : open_file(count == 1 ? parts.part.item[0] : path, file_layout, &v));
    v->listed = parts;
    parts = (zsc_embeddings_parts){0};
    v->one_encoder = one_encoder;
    if (!(v->given_path = zsc_strdup(path))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    if (v->n > INT32_MAX) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has %zu rows; zsc handles 2147483647", path, v->n);
        goto done;
    }
    *out = v;
    v = NULL;
done:
    zsc_embeddings_parts_free(&parts);
    zsc_embeddings_close(v);
    return status;
}

zsc_status zsc_embeddings_open(const char *path, const zsc_file_layout *file_layout, zsc_embeddings **out)
{
    return zsc_embeddings_open_for(path, NULL, file_layout, out);
}

/* --- Encoders by name */
static zsc_status no_encoder(const zsc_embeddings *v, const char *name)
{
    zsc_status status = ZSC_OK;
    zsc_text text = {0};
    const char **names = NULL;
    ZSC_NEW(names, v->encoders + 1);
    for (size_t i = 0; i < v->encoders; i++) {
        names[i] = v->encoder[i].name;
        zsc_text_printf(&text, "%s%s", i ? ", " : "", names[i]);
    }
    const char *path = v->besides ? v->given_path : v->path;
    const char *list = text.data ? text.data : "none", *near = name ? zsc_nearest(name, names, v->encoders) : NULL;
    if (!name && v->encoders == 0 && v->skipped.count > 0)
        status = zsc_fail(ZSC_EINPUT, "%s", v->why_skipped.item[0]);
    else if (!name)
        status = v->encoders ? zsc_fail(ZSC_EINPUT, "embeddings '%s': which encoder? It holds: %s", path, list)
                             : zsc_fail(ZSC_EINPUT, "embeddings '%s': it holds no encoder", path);
    else if (near)
        status = zsc_fail(ZSC_EINPUT, "embeddings '%s': no encoder '%s'; did you mean '%s'? It holds: %s", path, name,
                          near, list);
    else
        status = zsc_fail(ZSC_EINPUT, "embeddings '%s': no encoder '%s'; it holds: %s", path, name, list);
done:
    free(text.data);
    free(names);
    return status;
}

zsc_status zsc_embeddings_check_rows(const zsc_embeddings *v, const zsc_encoder *encoder)
{
    for (size_t i = 0; i < v->parts; i++) {
        zsc_status status = zsc_embeddings_check_rows(v->part[i], zsc_embeddings_part_encoder(v, i, encoder));
        if (status != ZSC_OK) return status;
    }
    if (encoder->n == v->n) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "embeddings '%s': encoder %s has %zu rows, and there are %zu ids", v->path,
                    encoder->name, encoder->n, v->n);
}

zsc_status zsc_embeddings_encoder(zsc_embeddings *v, const char *name, const zsc_encoder **out)
{
    size_t which = !name && v->encoders == 1 ? 0 : v->encoders;
    for (size_t i = 0; name && i < v->encoders; i++)
        if (strcmp(v->encoder[i].name, name) == 0 || strcmp(v->encoder[i].object, name) == 0 ||
            (v->encoder[i].object[0] == '/' && strcmp(v->encoder[i].object + 1, name) == 0))
            which = i;
    if (which == v->encoders && name && zsc_embeddings_why_skipped(v, name))
        return zsc_fail(ZSC_EINPUT, "%s", zsc_embeddings_why_skipped(v, name));
    if (which == v->encoders) return no_encoder(v, name);
    const zsc_encoder *found = &v->encoder[which];
    zsc_status status = zsc_embeddings_check_rows(v, found);
    if (status != ZSC_OK) return status;
    if (found->d == 0) return zsc_fail(ZSC_EINPUT, "embeddings '%s': encoder %s has no columns", v->path, found->name);
    *out = found;
    return ZSC_OK;
}

bool zsc_embeddings_is_pattern(const char *encoder) { return encoder && strpbrk(encoder, "*?["); }

bool zsc_embeddings_matches(const zsc_embeddings *v, const zsc_encoder *encoder, const char *pattern)
{
    for (size_t i = 0; i < v->encoders && pattern; i++) /* a name may have marks of patterns itself */
        if (strcmp(v->encoder[i].name, pattern) == 0) return encoder == &v->encoder[i];
    return !pattern || fnmatch(pattern, encoder->name, 0) == 0;
}

zsc_status zsc_embeddings_unfold(const char *spec, const zsc_file_layout *file_layout, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    zsc_embeddings *file = NULL;
    char *path = NULL, *pattern = NULL, *name = NULL;
    ZSC_TRY(zsc_embeddings_split_name(spec, &path, &pattern));
    if (!zsc_embeddings_is_pattern(pattern)) {
        status = zsc_list_add(out, spec);
        goto done;
    }
    ZSC_TRY(zsc_embeddings_open(path, file_layout, &file));
    size_t before = out->count;
    for (size_t i = 0; i < file->encoders; i++) {
        if (!zsc_embeddings_matches(file, &file->encoder[i], pattern)) continue;
        free(name);
        if (!(name = zsc_asprintf("%s:%s", path, file->encoder[i].name))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(zsc_list_add(out, name));
    }
    if (out->count == before) status = zsc_fail(ZSC_EINPUT, "no encoder of '%s' matches '%s'", path, pattern);
done:
    zsc_embeddings_close(file);
    free(path);
    free(pattern);
    free(name);
    return status;
}

zsc_status zsc_embeddings_split_name(const char *spec, char **path, char **encoder)
{
    zsc_status status = ZSC_OK;
    size_t length = strlen(spec);
    char *file = zsc_strdup(spec), *name = NULL;
    const char *colon = strrchr(spec, ':');
    if (!file) return ZSC_EINTERNAL;
    while (!zsc_input_exists(file) && colon) {
        length = (size_t)(colon - spec);
        file[length] = '\0';
        if (colon == spec) break;
        while (--colon > spec && *colon != ':') continue;
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
