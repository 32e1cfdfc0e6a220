#include "io/labels/labels_npz.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/files/source.h"
#include "io/formats/format.h"
#include "io/npy.h"

static bool is_list(const zsc_npy *array)
{
    return strchr("SUiub", array->kind) && (array->rank == 1 || (array->rank == 2 && array->shape[1] == 1));
}

/* The name of an array: that of its member without its ending. NULL: it is none, or memory ran out. */
static char *array_name(const zsc_archive *archive, size_t member)
{
    const char *file = zsc_archive_name(archive, member);
    return strlen(file) > 4 && zsc_text_ends(file, ".npy") ? zsc_strndup(file, strlen(file) - 4) : NULL;
}

/* The member called NAME, or so but for upper and lower case; NAME NULL: that of the ids. SIZE_MAX: none. */
static size_t find_member(const zsc_archive *archive, const char *name)
{
    size_t found = SIZE_MAX;
    int best = 0;
    for (size_t i = 0; i < zsc_archive_count(archive); i++) {
        char *own = array_name(archive, i);
        int rank = !own ? 0 : !name ? zsc_format_id_rank(own) : strcmp(own, name) == 0 ? 2 : strcasecmp(own, name) == 0;
        free(own);
        if (rank <= best) continue;
        best = rank;
        found = i;
    }
    return found;
}

/* What may be labels, for a message. */
static zsc_status list_arrays(zsc_archive *archive, zsc_text *out)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < zsc_archive_count(archive) && status == ZSC_OK; i++) {
        zsc_source *source = NULL;
        zsc_npy array;
        bool other = false;
        char *name = array_name(archive, i);
        if (!name) continue;
        status = zsc_archive_member(archive, i, &source);
        if (status == ZSC_OK) status = zsc_npy_header_of_any(source, name, &array, &other);
        if (status == ZSC_OK && !other && is_list(&array) && !zsc_format_id_rank(name))
            zsc_text_printf(out, "%s%s", out->length ? ", " : "", name);
        zsc_source_close(source);
        free(name);
    }
    return status == ZSC_OK && out->failed ? ZSC_EINTERNAL : status;
}

static zsc_status fail_without(const char *path, zsc_archive *archive, const char *array)
{
    zsc_text names = {0};
    zsc_status status = list_arrays(archive, &names);
    const char *which = names.data ? names.data : "none, which are strings or whole numbers of shape (n,)";
    if (status == ZSC_OK)
        status = array ? zsc_fail(ZSC_EINPUT, "'%s' has no array '%s'; arrays of labels in it: %s", path, array, which)
                       : zsc_fail(ZSC_EUSAGE,
                                  "'%s' is an archive of NumPy arrays (.npz); name the one of the labels: "
                                  "%s:ARRAY; arrays of labels in it: %s",
                                  path, path, which);
    free(names.data);
    return status;
}

static zsc_status open_list(const char *path, zsc_archive *archive, size_t member, zsc_source **source, zsc_npy *array)
{
    zsc_status status = zsc_archive_member(archive, member, source);
    const char *called = status == ZSC_OK ? zsc_source_path(*source) : path;
    if (status == ZSC_OK) status = zsc_npy_header(*source, called, array);
    if (status != ZSC_OK || is_list(array)) return status;
    return zsc_fail(
        ZSC_EINPUT,
        "'%s' holds %s in %d dimensions, expected labels: strings or whole numbers of shape (n,), in Python "
        "y.astype(int) or y.astype(str)",
        called, array->type_name, array->rank);
}

static zsc_status integer_texts(const int64_t *value, size_t n, char ***out)
{
    enum { DIGITS = 24 };
    char **text = zsc_malloc(n + 1, sizeof *text + DIGITS, "ids");
    if (!text) return ZSC_EINTERNAL;
    for (size_t i = 0; i < n; i++) {
        text[i] = (char *)(text + n) + i * DIGITS;
        snprintf(text[i], DIGITS, "%" PRId64, value[i]);
    }
    *out = text;
    return ZSC_OK;
}

/* Ids that are there and cannot be used are no reason to join by position. */
static zsc_status read_ids(const char *path, zsc_archive *archive, zsc_npz_labels *out)
{
    zsc_status status = ZSC_OK;
    zsc_source *source = NULL;
    zsc_npy array;
    int64_t *value = NULL;
    size_t member = find_member(archive, NULL), n = 0;
    if (member == SIZE_MAX) return ZSC_OK;
    ZSC_TRY(open_list(path, archive, member, &source, &array));
    const char *called = zsc_source_path(source);
    if (array.shape[0] != out->n) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has %zu rows, and there are %zu labels; expected one id per label", called,
                          array.shape[0], out->n);
        goto done;
    }
    if (strchr("SU", array.kind)) {
        status = zsc_npy_strings(source, called, &array, &out->id, &n);
    } else {
        ZSC_TRY(zsc_npy_integers(source, called, &array, &value, &n));
        status = integer_texts(value, n, &out->id);
    }
done:
    free(value);
    zsc_source_close(source);
    return zsc_context(status, "ids");
}

zsc_status zsc_labels_read_npz(const char *path, const char *array, const zsc_missing_labels *missing,
                               zsc_npz_labels *out)
{
    zsc_status status = ZSC_OK;
    zsc_archive *archive = NULL;
    zsc_source *source = NULL;
    zsc_npy header;
    ZSC_TRY(zsc_archive_open(path, &archive));
    size_t member = array ? find_member(archive, *array == '/' ? array + 1 : array) : SIZE_MAX;
    if (member == SIZE_MAX) {
        status = fail_without(path, archive, array);
        goto done;
    }
    ZSC_TRY(open_list(path, archive, member, &source, &header));
    ZSC_TRY(zsc_npy_labels(source, zsc_source_path(source), &header, missing, &out->code, &out->n, &out->text));
    status = read_ids(path, archive, out);
done:
    zsc_source_close(source);
    zsc_archive_close(archive);
    return status;
}
