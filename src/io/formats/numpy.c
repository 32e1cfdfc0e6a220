/* NumPy's arrays: .npy (one embedding) and .npz (zip archives of arrays, as zs-ssl-clustering writes them).
 *
 * Neither holds ids, unless an .npz has a member id, ids or processid (zsc_format_id_rank), strings or integers: rows
 * are known by their place then. The rows of zs-ssl-clustering are those of a split in order of processid. Other
 * members of an .npz: two-dimensional arrays of numbers are encoders, lists of strings are columns, as are lists of
 * integers that are called y_true or as a rank. A list is [n] or [n, 1]. Other arrays are left out by name. Pickles are
 * never loaded: zs-ssl-clustering's config is left alone. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/labels/column_names.h"
#include "io/files/foreign_files.h"
#include "io/labels/label_names.h"
#include "io/npy.h"
#include "io/formats/formats.h"
#include "io/formats/in_memory.h"

static bool starts_with(const char *path, const char *mark, size_t size)
{
    char start[16];
    FILE *file = fopen(path, "rb");
    size_t got = file ? fread(start, 1, size, file) : 0;
    if (file) fclose(file);
    return got == size && memcmp(start, mark, size) == 0;
}

/* --- .npy; packed with gzip or zstd, too */
static bool recognise_npy(zsc_embeddings *v)
{
    static const char mark[] = "\x93NUMPY";
    char start[sizeof mark - 1];
    size_t got = zsc_source_start(v->path, start, sizeof start, NULL);
    zsc_error_clear();
    return got == sizeof start && memcmp(start, mark, sizeof start) == 0;
}

/* Rows are read when they are wanted, or the array is held whole where they cannot be found in the file. */
typedef struct npy_file {
    zsc_source *source; /* NULL: held */
    zsc_npy_rows rows;
    zsc_npy_numbers held;
} npy_file;

static zsc_status open_npy(zsc_embeddings *v)
{
    enum { BLOCK_BYTES = 1 << 22 };
    zsc_status status = ZSC_OK;
    npy_file *f = v->state = zsc_calloc(1, sizeof *f, "embeddings");
    zsc_npy array;
    char *name = NULL;
    if (!f) return ZSC_EINTERNAL;
    v->idless = true;
    ZSC_TRY(zsc_format_name_encoder(v, &name));
    ZSC_TRY(zsc_source_open(v->path, &f->source));
    ZSC_TRY(zsc_npy_header(f->source, v->path, &array));
    ZSC_TRY(zsc_npy_find_rows(f->source, v->path, &array, &f->rows));
    if (!f->rows.in_place) {
        ZSC_TRY(zsc_npy_read_numbers(f->source, v->path, &array, &f->held));
        zsc_source_close(f->source);
        f->source = NULL;
    }
    v->n = f->rows.n;
    ZSC_TRY(zsc_format_add_encoder(v, name, name, v->n, f->rows.d, array.type_name, f->rows.wide));
    size_t fit = f->rows.d ? BLOCK_BYTES / (f->rows.d * sizeof(double)) : 1;
    if (f->source) v->encoder[0].block = fit ? fit : 1;
    ZSC_TRY(zsc_format_name_split(v));
done:
    free(name);
    return status;
}

static zsc_status npy_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, void *out)
{
    const npy_file *f = v->state;
    if (f->source) return zsc_npy_rows_read(f->source, &f->rows, first, count, out);
    const char *x = f->held.f64 ? (const char *)f->held.f64 : (const char *)f->held.f32;
    size_t row = encoder->d * (f->held.f64 ? sizeof(double) : sizeof(float));
    if (count) memcpy(out, x + first * row, count * row);
    return ZSC_OK;
}

static size_t npy_held(const zsc_embeddings *v)
{
    const npy_file *f = v->state;
    if (!f || f->source) return 0;
    return f->rows.n * f->rows.d * (f->held.f64 ? sizeof(double) : sizeof(float));
}

/* It has no columns. */
static zsc_status npy_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    (void)first, (void)count, (void)out;
    return zsc_fail(ZSC_EINTERNAL, "'%s' has no column %s", v->path, column);
}

static zsc_status npy_ids(zsc_embeddings *v, char ***out) { return npy_text(v, "of ids", 0, 0, out); }

static void close_npy(zsc_embeddings *v)
{
    npy_file *f = v->state;
    if (!f) return;
    zsc_source_close(f->source);
    free(f->held.f32);
    free(f->held.f64);
    free(f);
}

/* --- .npz */
static bool recognise_npz(zsc_embeddings *v)
{
    zsc_archive *archive = NULL;
    bool arrays = false;
    if (!starts_with(v->path, "PK\x03\x04", 4) || zsc_archive_open(v->path, &archive) != ZSC_OK)
        return starts_with(v->path, "PK\x03\x04", 4) && !zsc_foreign_file(v->path); /* damaged: opening it says so */
    for (size_t i = 0; i < zsc_archive_count(archive) && !arrays; i++) {
        const char *name = zsc_archive_name(archive, i);
        arrays = strlen(name) > 4 && zsc_text_ends(name, ".npy");
    }
    zsc_archive_close(archive);
    return arrays;
}

static bool is_list(const zsc_npy *array) { return array->rank == 1 || (array->rank == 2 && array->shape[1] == 1); }

/* Takes TEXT over. */
static zsc_status add_strings(zsc_embeddings *v, const char *name, char **text, size_t n, bool ids)
{
    if (v->n == SIZE_MAX) v->n = n;
    if (n != v->n) {
        free(text);
        return zsc_fail(ZSC_EINPUT, "'%s': %s has %zu rows, and there are %zu embeddings", v->path, name, n, v->n);
    }
    if (ids) {
        v->idless = false;
        return zsc_format_memory_set_ids(v, text);
    }
    return zsc_format_memory_add_column(v, name, text);
}

/* -1 is a missing label, and an id as any other. */
static zsc_status add_integers(zsc_embeddings *v, const char *name, const int64_t *value, size_t n, bool ids)
{
    enum { DIGITS = 24 };
    char **text = malloc(n * (sizeof *text + DIGITS) + 1);
    if (!text) return zsc_fail_memory(n, sizeof *text + DIGITS, "labels");
    for (size_t i = 0; i < n; i++) {
        text[i] = (char *)(text + n) + i * DIGITS;
        snprintf(text[i], DIGITS, "%" PRId64, value[i]);
        if (value[i] == -1 && !ids) text[i][0] = '\0';
    }
    return add_strings(v, name, text, n, ids);
}

static zsc_status add_floats(zsc_embeddings *v, const char *name, const char *base, zsc_source *source,
                             const char *called, const zsc_npy *array)
{
    zsc_npy_numbers x;
    zsc_status status = zsc_npy_read_numbers(source, called, array, &x);
    if (status != ZSC_OK) return status;
    if (v->n == SIZE_MAX) v->n = x.n;
    return zsc_format_memory_add(v, strcmp(name, "embeddings") == 0 ? base : name, x.f64 ? (void *)x.f64 : x.f32,
                                 x.f64 != NULL, x.n, x.d, array->type_name);
}

static zsc_status add_list(zsc_embeddings *v, const char *name, zsc_source *source, const zsc_npy *array, bool ids)
{
    zsc_status status = ZSC_OK;
    const char *called = zsc_source_path(source);
    char **text = NULL;
    int64_t *value = NULL;
    size_t n = 0;
    if (strchr("SU", array->kind)) {
        ZSC_TRY(zsc_npy_strings(source, called, array, &text, &n));
        status = add_strings(v, name, text, n, ids);
    } else {
        ZSC_TRY(zsc_npy_integers(source, called, array, &value, &n));
        status = add_integers(v, name, value, n, ids);
    }
done:
    free(value);
    return status;
}

/* "(200, 2)" */
static const char *shape_text(const zsc_npy *array, char *buffer, size_t size)
{
    size_t used = (size_t)snprintf(buffer, size, "(");
    for (int i = 0; i < array->rank && used < size; i++)
        used += (size_t)snprintf(buffer + used, size - used, "%s%zu", i ? ", " : "", array->shape[i]);
    if (used < size) snprintf(buffer + used, size - used, array->rank == 1 ? ",)" : ")");
    return buffer;
}

static bool is_label(const char *name) { return strcmp(name, "y_true") == 0 || zsc_known_column(name); }

/* Whole numbers called y, label, target and the like are labels if there is one per row, as in tables of numbers. */
static bool is_label_list(const zsc_embeddings *v, const char *name, const zsc_npy *array)
{
    if (!is_list(array)) return false;
    if (strchr("SU", array->kind)) return true;
    if (!strchr("iub", array->kind)) return false;
    return is_label(name) || (zsc_is_label_name(name) && v->n == array->shape[0]);
}

/* What no layout has: as labels, with a warning, where it may be labels; else as an encoder, for whoever asks for it.
 */
static zsc_status leave_out(zsc_embeddings *v, const char *name, const zsc_npy *array)
{
    char shape[96];
    bool text = strchr("SU", array->kind), list = is_list(array);
    bool integers = strchr("iub", array->kind), label = is_label(name) || text || (list && integers);
    if (label && array->rank > 0 && v->n != SIZE_MAX && array->shape[0] != v->n) label = is_label(name);
    const char
        *how = is_label(name) || text ? "labels are strings or integers of shape (n,) or (n, 1), one per row"
               : list && integers
                   ? "to read labels, save them as strings, or name the array y, label or as a rank, with one per row"
               : list ? "to read an encoder of one column, save it with shape (n, 1)"
                      : "an encoder has rows and columns: (n, d)";
    zsc_status status = zsc_fail(ZSC_EINPUT, "'%s': array '%s' is %s of shape %s, which is not read: %s", v->path, name,
                                 array->type_name, shape_text(array, shape, sizeof shape), how);
    return label ? zsc_format_skip_labels(v, name, status) : zsc_format_skip_encoder(v, name, status);
}

static zsc_status leave_out_pickle(zsc_embeddings *v, const char *name)
{
    zsc_status status = zsc_fail(ZSC_EINPUT,
                                 "'%s': array '%s' is of Python objects (a pickle), which zsc never loads: save it as "
                                 "strings, in Python %s.astype(str)",
                                 v->path, name, name);
    return zsc_format_skip_labels(v, name, status);
}

/* Ids that cannot be read are an error: without them the rows would be guessed from the metadata. */
static zsc_status add_ids(zsc_embeddings *v, const char *name, zsc_source *source, const zsc_npy *array)
{
    char shape[96];
    if (is_list(array) && strchr("SUiu", array->kind)) return add_list(v, name, source, array, true);
    return zsc_fail(ZSC_EINPUT,
                    "'%s': the ids (array '%s') are %s of shape %s, expected strings or integers of shape (n,) or "
                    "(n, 1), one per row of the embeddings",
                    v->path, name, array->type_name, shape_text(array, shape, sizeof shape));
}

static zsc_status add_member(zsc_embeddings *v, zsc_archive *archive, size_t member, const char *base, bool ids)
{
    zsc_status status = ZSC_OK;
    zsc_source *source = NULL;
    zsc_npy array;
    char *name = NULL;
    const char *file = zsc_archive_name(archive, member);
    if (strlen(file) <= 4 || !zsc_text_ends(file, ".npy")) return ZSC_OK;
    if (!(name = zsc_strndup(file, strlen(file) - 4))) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_archive_member(archive, member, &source));
    const char *called = zsc_source_path(source);
    bool other = false, asked_for = ids || strcmp(name, "embeddings") == 0 || strcmp(name, "y_true") == 0;
    ZSC_TRY(asked_for ? zsc_npy_header(source, called, &array) : zsc_npy_header_of_any(source, called, &array, &other));
    if (other) { /* the settings of zs-ssl-clustering are a pickle */
        status = zsc_source_skip(source);
        if (status == ZSC_OK && zsc_known_column(name)) status = leave_out_pickle(v, name);
    } else if (ids) {
        status = add_ids(v, name, source, &array);
    } else if (strcmp(name, "simulated") == 0) { /* zsc simulate --release */
        status = zsc_source_skip(source);
        v->simulated = true;
    } else if (zsc_format_id_rank(name)) { /* others than those taken */
        status = zsc_source_skip(source);
    } else if (is_label_list(v, name, &array)) {
        status = add_list(v, name, source, &array, false);
    } else if (array.rank == 2 && strchr("fiub", array.kind)) {
        status = add_floats(v, name, base, source, called, &array);
    } else if (strcmp(name, "embeddings") == 0) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has %d dimensions, expected rows and columns", called, array.rank);
    } else { /* not wanted, by what its header says: which is true where the checksum is right */
        status = zsc_source_skip(source);
        if (status == ZSC_OK) status = leave_out(v, name, &array);
    }
done:
    zsc_source_close(source);
    free(name);
    return status;
}

/* The member that holds the ids; SIZE_MAX: none. */
static zsc_status find_ids(const zsc_embeddings *v, zsc_archive *archive, size_t *member)
{
    int best = 0;
    *member = SIZE_MAX;
    for (size_t i = 0; i < zsc_archive_count(archive); i++) {
        const char *file = zsc_archive_name(archive, i);
        if (strlen(file) <= 4 || !zsc_text_ends(file, ".npy")) continue;
        char *name = zsc_strndup(file, strlen(file) - 4);
        if (!name) return ZSC_EINTERNAL;
        int rank = zsc_format_id_rank(name);
        free(name);
        if (rank && rank == best)
            return zsc_fail(ZSC_EINPUT, "'%s' has two arrays of ids, %s and %s, expected one", v->path,
                            zsc_archive_name(archive, *member), file);
        if (rank > best) {
            best = rank;
            *member = i;
        }
    }
    return ZSC_OK;
}

/* Embeddings come first: they say how many rows there are, and thus whether y is a list of labels. */
enum { PASSES = 3 };
static int pass_of(const char *file)
{
    char name[64];
    if (strcmp(file, "embeddings.npy") == 0) return 0;
    if (strlen(file) <= 4 || strlen(file) - 4 >= sizeof name) return 1;
    snprintf(name, sizeof name, "%.*s", (int)strlen(file) - 4, file);
    return zsc_is_label_name(name) && !is_label(name) ? 2 : 1;
}

static zsc_status open_npz(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    zsc_archive *archive = NULL;
    size_t ids = SIZE_MAX;
    char *base = NULL;
    v->idless = v->sorted = true;
    v->n = SIZE_MAX;
    ZSC_TRY(zsc_format_name_encoder(v, &base));
    ZSC_TRY(zsc_archive_open(v->path, &archive));
    ZSC_TRY(find_ids(v, archive, &ids));
    for (int pass = 0; pass < PASSES; pass++)
        for (size_t i = 0; i < zsc_archive_count(archive); i++)
            if (pass_of(zsc_archive_name(archive, i)) == pass) ZSC_TRY(add_member(v, archive, i, base, i == ids));
    if (v->encoders == 0) {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' has no two-dimensional array of numbers, such as embeddings; arrays of Python objects "
                          "are never loaded",
                          v->path);
        goto done;
    }
    v->named_by_file = v->encoders == 1 && strcmp(v->encoder[0].name, base) == 0;
    ZSC_TRY(zsc_format_name_split(v));
done:
    zsc_archive_close(archive);
    free(base);
    return status;
}

const zsc_format zsc_format_npy = {
    .name = "npy",
    .description = "NumPy array, rows in the order of the metadata",
    .recognise = recognise_npy,
    .open = open_npy,
    .ids = npy_ids,
    .text = npy_text,
    .rows = npy_rows,
    .held = npy_held,
    .close = close_npy,
};

const zsc_format zsc_format_npz = {
    .name = "npz",
    .description = "NumPy arrays in a zip archive, rows in the order of the ids of their split",
    .recognise = recognise_npz,
    .open = open_npz,
    .ids = zsc_format_memory_ids,
    .text = zsc_format_memory_text,
    .rows = zsc_format_memory_rows,
    .held = zsc_format_memory_held,
    .close = zsc_format_memory_close,
};
