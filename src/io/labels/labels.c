#include "io/labels/labels.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/value.h"
#include "io/embeddings.h"
#include "io/file_form.h"
#include "io/text/csv.h"
#include "io/files/foreign_files.h"
#include "io/h5/h5.h"
#include "io/h5/h5_variable.h"
#include "io/labels/label_codes.h"
#include "io/labels/label_objects.h"
#include "io/labels/labels_npz.h"
#include "io/labels/missing_labels.h"
#include "io/npy.h"

void zsc_labels_free(zsc_labels *labels)
{
    free(labels->source);
    free(labels->name);
    free(labels->code);
    free(labels->id);
    *labels = (zsc_labels){0};
}

/* --- CSV */
/* Whole numbers as they are, and INT32_MIN where one is missing: as in other files, negative ones are missing labels,
 * and clusters. *done is false where there is more than numbers of 32 bits. */
static void numbers_of(char *const *text, size_t n, const zsc_missing_labels *missing, int32_t *code, bool *done)
{
    *done = zsc_are_label_numbers(missing, text, n);
    for (size_t i = 0; i < n && *done; i++) {
        bool none = zsc_is_missing(missing, text[i]);
        long long value = none ? INT32_MIN : strtoll(text[i], NULL, 10);
        code[i] = (int32_t)value;
        *done = none || (value > INT32_MIN && value <= INT32_MAX);
    }
}

/* The first number that is not whole; 0 where there is none, or where there is more than numbers. */
static double fraction_among(char *const *text, size_t n, const zsc_missing_labels *missing)
{
    double first = 0;
    for (size_t i = 0; i < n; i++) {
        double value = 0;
        if (zsc_is_missing(missing, text[i])) continue;
        if (!zsc_value_number(text[i], &value)) return 0;
        if (first == 0 && value != floor(value)) first = value;
    }
    return first;
}

static const char *const id_names[] = {"id", "processid", NULL};

/* Texts that are still being read: letters, and where each one starts. */
typedef struct gathered {
    char *letters;
    size_t length, letter_capacity, *start, count, start_capacity;
} gathered;

static zsc_status gather(gathered *g, const char *text, size_t length)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_grow(&g->letters, &g->letter_capacity, g->length + length + 1, 1, "labels"));
    ZSC_TRY(zsc_grow(&g->start, &g->start_capacity, g->count + 1, sizeof *g->start, "labels"));
    memcpy(g->letters + g->length, text, length);
    g->letters[g->length + length] = '\0';
    g->start[g->count++] = g->length;
    g->length += length + 1;
done:
    return status;
}

/* Pointers and letters in one block. */
static zsc_status gathered_block(const gathered *g, char ***out)
{
    char **block = zsc_malloc(1, g->count * sizeof *block + g->length + 1, "labels");
    if (!block) return ZSC_EINTERNAL;
    char *letters = (char *)(block + g->count);
    if (g->length) memcpy(letters, g->letters, g->length);
    for (size_t i = 0; i < g->count; i++) block[i] = letters + g->start[i];
    *out = block;
    return ZSC_OK;
}

typedef struct csv_pair {
    gathered label, id;
    const char *path;
    zsc_label_rows *rows; /* may be NULL */
    const bool *present;  /* of the columns that choose rows */
} csv_pair;

/* Whether the table has the columns that choose rows: all or none. */
static zsc_status check_rows(csv_pair *pair)
{
    size_t present = 0, missing = 0;
    for (size_t i = 0; i < pair->rows->count; i++) {
        present += pair->present[i];
        if (!pair->present[i]) missing = i;
    }
    pair->rows->used = pair->rows->used || present;
    if (present == 0 || present == pair->rows->count) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s' has no column %s, which chooses rows beside others that it has", pair->path,
                    pair->rows->column[missing].names[0]);
}

static zsc_status on_row(void *data, const zsc_csv_row *row)
{
    csv_pair *pair = data;
    if (pair->rows && pair->rows->count) {
        zsc_status good = pair->label.count ? ZSC_OK : check_rows(pair);
        if (good != ZSC_OK) return good;
        if (pair->present[0] && !pair->rows->takes(pair->rows->data, row)) return ZSC_OK;
    }
    zsc_status status = gather(&pair->label, row->field[0], row->length[0]);
    return status == ZSC_OK ? gather(&pair->id, row->field[1], row->length[1]) : status;
}

static zsc_status read_csv(const char *path, const char *column, const zsc_missing_labels *missing,
                           zsc_label_rows *rows, zsc_labels *out)
{
    zsc_status status = ZSC_OK;
    csv_pair pair = {.path = path, .rows = rows};
    char **text = NULL;
    bool *present = NULL;
    const char *names[] = {column, NULL};
    zsc_csv_column *columns = NULL;
    size_t more = rows ? rows->count : 0;
    ZSC_NEW(present, ZSC_LABEL_ROWS + more);
    ZSC_NEW(columns, ZSC_LABEL_ROWS + more);
    pair.present = present + ZSC_LABEL_ROWS;
    columns[0] = (zsc_csv_column){names, true};
    columns[1] = (zsc_csv_column){id_names, false};
    for (size_t i = 0; i < more; i++) columns[ZSC_LABEL_ROWS + i] = rows->column[i];
    ZSC_TRY(zsc_csv_read(path, NULL, columns, ZSC_LABEL_ROWS + more, present, on_row, &pair));
    if (more && pair.present[0] && pair.label.count == 0) {
        status = zsc_fail(ZSC_EINPUT, "'%s': no row has the values that were asked for in %s", path,
                          rows->column[0].names[0]);
        goto done;
    }
    out->n = pair.label.count;
    bool numbers = false;
    ZSC_NEW_RAW(out->code, out->n);
    ZSC_TRY(gathered_block(&pair.label, &text));
    numbers_of(text, out->n, missing, out->code, &numbers);
    out->text = !numbers;
    if (!numbers) {
        out->fraction = fraction_among(text, out->n, missing);
        ZSC_TRY(zsc_label_codes(text, out->n, missing, out->code));
    }
    if (present[1]) ZSC_TRY(gathered_block(&pair.id, &out->id));
done:
    free(text);
    free(present);
    free(columns);
    free(pair.label.letters);
    free(pair.label.start);
    free(pair.id.letters);
    free(pair.id.start);
    return status;
}

/* --- HDF5 */
static zsc_status read_h5_integers(zsc_h5 *file, const char *object, zsc_labels *out)
{
    zsc_status status = ZSC_OK;
    int64_t *value = NULL;
    ZSC_NEW_RAW(value, out->n);
    ZSC_TRY(zsc_h5_read_rows(file, object, ZSC_H5_I64, 0, out->n, 1, value));
    for (size_t i = 0; i < out->n; i++) {
        if (value[i] < INT32_MIN || value[i] > INT32_MAX) {
            status = zsc_fail(ZSC_EINPUT, "'%s': labels '%s' have the value %lld in row %zu; expected 32-bit integers",
                              zsc_h5_path(file), object, (long long)value[i], i + 1);
            goto done;
        }
        out->code[i] = (int32_t)value[i];
    }
done:
    free(value);
    return status;
}

/* Numbers as they are, INT32_MIN where there is none. */
static zsc_status read_variable_numbers(zsc_h5 *file, const zsc_h5_variable *x, zsc_labels *out)
{
    zsc_status status = ZSC_OK;
    double *value = NULL;
    ZSC_NEW_RAW(value, out->n);
    ZSC_TRY(zsc_h5_read(file, x->object, ZSC_H5_F64, 2, x->info.shape, value));
    for (size_t i = 0; i < out->n; i++) {
        bool none = isnan(value[i]);
        if (!none && (value[i] != trunc(value[i]) || fabs(value[i]) > INT32_MAX)) {
            status = zsc_fail(ZSC_EINPUT, "'%s': labels '%s' have the value %.9g in row %zu; expected 32-bit integers",
                              zsc_h5_path(file), x->object, value[i], i + 1);
            goto done;
        }
        out->code[i] = none ? INT32_MIN : (int32_t)value[i];
    }
done:
    free(value);
    return status;
}

static zsc_status read_h5_codes(zsc_h5 *file, const zsc_h5_variable *x, const zsc_missing_labels *missing,
                                zsc_labels *out)
{
    zsc_status status = ZSC_OK;
    char **text = NULL;
    ZSC_NEW_RAW(out->code, out->n);
    if (zsc_h5_variable_is_vector(x)) return read_variable_numbers(file, x, out);
    if (!*x->class && x->info.type == ZSC_H5_INTEGER) return read_h5_integers(file, x->object, out);
    out->text = true;
    ZSC_TRY(*x->class ? zsc_h5_variable_texts(file, x, true, &text)
                      : zsc_h5_read_label_rows(file, x->object, 0, out->n, &text));
    ZSC_TRY(zsc_label_codes(text, out->n, missing, out->code));
done:
    free(text);
    return status;
}

/* A column of any type that can name rows; *rows: how many there are. */
static zsc_status find_h5_list(zsc_h5 *file, const char *object, zsc_h5_variable *out, size_t *rows)
{
    zsc_status status = zsc_h5_variable_find(file, object, out);
    if (status == ZSC_OK && !*out->class) status = zsc_h5_check_texts(file, object, &out->info);
    if (status != ZSC_OK) return status;
    *rows = *out->class ? zsc_h5_variable_length(out) : out->info.shape[0];
    if (zsc_h5_variable_conversion(out)) return zsc_h5_variable_texts(file, out, true, NULL); /* refuses it */
    if (*rows == SIZE_MAX)
        return zsc_fail(ZSC_EINPUT, "'%s:%s' is a %s of %s in several rows and columns, expected one label per row",
                        zsc_h5_path(file), object, out->class, zsc_h5_variable_program(out));
    return ZSC_OK;
}

/* The dataset or variable of the ids; NULL: none. */
static const char *find_h5_ids(zsc_h5 *file)
{
    for (const char *const *name = id_names; *name; name++)
        if (zsc_h5_has(file, *name)) return *name;
    return NULL;
}

/* Ids that are there and cannot be used are no reason to join by position. */
static zsc_status read_h5_ids(zsc_h5 *file, zsc_labels *out)
{
    zsc_h5_variable x = {0};
    size_t rows = 0;
    const char *name = find_h5_ids(file);
    if (!name) return ZSC_OK;
    zsc_status status = zsc_context(find_h5_list(file, name, &x, &rows), "ids");
    if (status == ZSC_OK && rows != out->n)
        status = zsc_fail(ZSC_EINPUT, "'%s': /%s has %zu rows, and there are %zu labels; expected one id per label",
                          zsc_h5_path(file), name, rows, out->n);
    if (status == ZSC_OK)
        status = *x.class ? zsc_h5_variable_texts(file, &x, false, &out->id)
                          : zsc_h5_read_text_rows(file, name, 0, out->n, &out->id);
    zsc_h5_variable_free(&x);
    return status;
}

static zsc_status read_h5_object(zsc_h5 *file, const char *object, const zsc_missing_labels *missing, zsc_labels *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5_variable x = {0};
    size_t rows = 0;
    ZSC_TRY(zsc_context(find_h5_list(file, object, &x, &rows), "labels"));
    if (rows > INT32_MAX) {
        status = zsc_fail(ZSC_EINPUT, "'%s': '%s' has %zu rows; at most %d are supported", zsc_h5_path(file), object,
                          rows, INT32_MAX);
        goto done;
    }
    out->n = rows;
    ZSC_TRY(read_h5_codes(file, &x, missing, out));
    ZSC_TRY(read_h5_ids(file, out));
done:
    zsc_h5_variable_free(&x);
    return status;
}

/* A column of a file of embeddings, such as a categorical one of AnnData, by its name or "/obs/NAME", "/labels/NAME".
 * *found is false where it is none. */
static zsc_status read_column(const char *path, const char *column, const zsc_missing_labels *missing, zsc_labels *out,
                              bool *found)
{
    static const char *const groups[] = {"/obs/", "/labels/", "/"};
    zsc_status status = ZSC_OK;
    zsc_embeddings *v = NULL;
    char **text = NULL;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (strncmp(column, groups[i], strlen(groups[i])) != 0) continue;
        column += strlen(groups[i]);
        break;
    }
    *found = false;
    if (zsc_embeddings_open(path, NULL, &v) != ZSC_OK) {
        zsc_error_clear();
        return ZSC_OK;
    }
    if (!zsc_embeddings_has_text(v, column)) goto done;
    *found = out->text = true;
    out->n = v->n;
    ZSC_NEW_RAW(out->code, out->n);
    ZSC_TRY(zsc_embeddings_text(v, column, 0, v->n, &text));
    ZSC_TRY(zsc_label_codes(text, out->n, missing, out->code));
    if (!v->idless) status = zsc_embeddings_ids(v, &out->id);
done:
    free(text);
    zsc_embeddings_close(v);
    return status;
}

static zsc_status read_h5(const char *path, const char *object, const zsc_missing_labels *missing, zsc_labels *out)
{
    zsc_h5 *file = NULL;
    zsc_h5_info info = {.is_group = true};
    bool found = false;
    zsc_status status = zsc_h5_open(path, &file);
    if (status == ZSC_OK && zsc_h5_has(file, object) && !zsc_h5_is_octave(file, object))
        status = zsc_h5_stat(file, object, &info);
    else if (status == ZSC_OK)
        info.is_group = !zsc_h5_has(file, object);
    if (status == ZSC_OK && info.is_group) status = read_column(path, object, missing, out, &found);
    if (status == ZSC_OK && !found) status = read_h5_object(file, object, missing, out);
    zsc_h5_close(file);
    return status;
}

static zsc_status read_npz(const char *path, const char *array, const zsc_missing_labels *missing, zsc_labels *out)
{
    zsc_npz_labels labels = {0};
    zsc_status status = zsc_labels_read_npz(path, array, missing, &labels);
    out->code = labels.code;
    out->id = labels.id;
    out->n = labels.n;
    out->text = labels.text;
    return status;
}

/* --- Any of them */
zsc_status zsc_labels_split_source(const char *source, char **file, char **member)
{
    *member = NULL;
    const char *colon = strstr(source, ":/");
    if (!colon) colon = strrchr(source, ':');
    if (!colon || colon == source || !colon[1] || access(source, F_OK) == 0) {
        *file = zsc_strdup(source);
        return *file ? ZSC_OK : ZSC_EINTERNAL;
    }
    *file = zsc_strndup(source, (size_t)(colon - source));
    *member = zsc_strdup(colon + 1);
    if (*file && *member) return ZSC_OK;
    free(*file);
    free(*member);
    *file = *member = NULL;
    return ZSC_EINTERNAL;
}

static zsc_status read_any(const char *source, const char *path, const char *member, zsc_file_form form,
                           const zsc_missing_labels *missing, zsc_label_rows *rows, zsc_labels *out)
{
    bool hdf5 = form == ZSC_FORM_HDF5;
    if (form == ZSC_FORM_NPY && !member) return zsc_npy_read_labels(path, missing, &out->code, &out->n, &out->text);
    if (form == ZSC_FORM_NPY)
        return zsc_fail(ZSC_EINPUT, "'%s': a .npy file holds one array and no paths; give '%s'", source, path);
    if (form == ZSC_FORM_NPZ && access(path, R_OK) == 0) return read_npz(path, member, missing, out);
    if (!hdf5 && (!member || form != ZSC_FORM_TEXT) && access(path, R_OK) == 0) {
        zsc_status status = zsc_refuse_foreign(path, "a file of labels (FILE.csv:COLUMN, FILE.h5:/PATH, FILE.npy or "
                                                     "FILE.npz:ARRAY)");
        if (status != ZSC_OK) return status;
    }
    if (access(path, R_OK) == 0 && !member)
        return zsc_fail(ZSC_EUSAGE, "'%s' holds several labels; name one: %s:%s", source, path,
                        hdf5 ? "/PATH" : "COLUMN");
    if (!member)
        return zsc_fail(ZSC_EINPUT,
                        "no such file: '%s'; labels are FILE.csv:COLUMN, FILE.h5:/PATH, FILE.npz:ARRAY or "
                        "FILE.npy",
                        source);
    return hdf5 ? read_h5(path, member, missing, out) : read_csv(path, member, missing, rows, out);
}

/* Where no column or path is named: that under which zsc itself writes clusters, if the file has it. *member is the
 * caller's, or stays NULL. */
static zsc_status find_clusters(const char *path, zsc_file_form form, char **member)
{
    const char *name = NULL;
    zsc_list header = {0};
    zsc_h5 *file = NULL;
    zsc_status status = ZSC_OK;
    if (access(path, R_OK) != 0) return ZSC_OK;
    if (form == ZSC_FORM_HDF5) {
        status = zsc_h5_open(path, &file);
        if (status == ZSC_OK && zsc_h5_has(file, "/clusters")) name = "/clusters";
        zsc_h5_close(file);
    } else if (form == ZSC_FORM_TEXT) {
        status = zsc_refuse_foreign(path, "a file of labels (FILE.csv:COLUMN, FILE.h5:/PATH, FILE.npy or "
                                          "FILE.npz:ARRAY)");
        if (status == ZSC_OK) status = zsc_csv_header(path, NULL, &header, NULL);
        if (status == ZSC_OK && zsc_list_has(&header, "cluster")) name = "cluster";
        zsc_list_free(&header);
    }
    if (status == ZSC_OK && name && !(*member = zsc_strdup(name))) status = ZSC_EINTERNAL;
    return status;
}

/* The user's list, or the default one; results hold empty texts where their own list found a label missing, and all
 * other texts are labels. */
static zsc_status make_missing(const char *path, zsc_file_form form, const char *given, zsc_missing_labels *out)
{
    zsc_h5 *file = NULL;
    int64_t result = 0;
    if (!given && form == ZSC_FORM_HDF5 && access(path, R_OK) == 0) {
        zsc_status status = zsc_h5_open(path, &file);
        if (status == ZSC_OK) status = zsc_h5_get_int(file, "/", "zsc_result", 0, &result);
        zsc_h5_close(file);
        if (status != ZSC_OK) return status;
    }
    return zsc_missing_labels_make(result ? "" : given, out);
}

zsc_status zsc_labels_read(const char *source, const char *missing_values, zsc_labels *out)
{
    return zsc_labels_read_rows(source, missing_values, NULL, out);
}

zsc_status zsc_labels_read_rows(const char *source, const char *missing_values, zsc_label_rows *rows, zsc_labels *out)
{
    zsc_status status = ZSC_OK;
    zsc_labels labels = {0};
    zsc_missing_labels missing = {0};
    char *path = NULL, *member = NULL;
    zsc_file_form form;
    ZSC_TRY(zsc_labels_split_source(source, &path, &member));
    ZSC_TRY(zsc_file_form_find(path, &form));
    if (!member) ZSC_TRY(find_clusters(path, form, &member));
    ZSC_TRY(make_missing(path, form, missing_values, &missing));
    ZSC_TRY(read_any(source, path, member, form, &missing, rows, &labels));
    const char *whole = member ? member : path, *slash = strrchr(whole, '/');
    labels.source = zsc_strdup(source);
    labels.name = zsc_strdup(slash && slash[1] ? slash + 1 : whole);
    if (!labels.source || !labels.name) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    *out = labels;
    labels = (zsc_labels){0};
done:
    zsc_labels_free(&labels);
    zsc_missing_labels_free(&missing);
    free(path);
    free(member);
    return status;
}

static size_t distinct_codes(const zsc_labels *labels)
{
    int32_t most = -1;
    for (size_t i = 0; i < labels->n; i++)
        if (labels->code[i] > most) most = labels->code[i];
    return (size_t)((int64_t)most + 1);
}

/* Coarse to fine; ranks of as many labels in order of name, which is how they come. */
static void sort_by_distinct(zsc_labels *labels, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && distinct_codes(&labels[j - 1]) > distinct_codes(&labels[j]); j--) {
            zsc_labels swap = labels[j];
            labels[j] = labels[j - 1];
            labels[j - 1] = swap;
        }
}

zsc_status zsc_labels_read_all(const char *path, const char *missing_values, zsc_labels **out, size_t *count)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    zsc_list names = {0};
    zsc_labels *labels = NULL;
    size_t read = 0;
    zsc_missing_labels missing = {0};
    ZSC_TRY(make_missing(path, ZSC_FORM_HDF5, missing_values, &missing));
    ZSC_TRY(zsc_h5_open(path, &file));
    ZSC_TRY(zsc_h5_verify_present(file)); /* names are read from the group: a damaged one has no line in the list */
    if (zsc_h5_has(file, "/labels")) ZSC_TRY(zsc_label_objects(file, "/labels", &names));
    ZSC_NEW(labels, names.count);
    for (; read < names.count; read++) {
        char *object = zsc_asprintf("/labels/%s", names.item[read]);
        status = object ? read_h5_object(file, object, &missing, &labels[read]) : ZSC_EINTERNAL;
        free(object);
        if (status == ZSC_OK &&
            (!(labels[read].name = zsc_strdup(names.item[read])) || !(labels[read].source = zsc_strdup(path))))
            status = ZSC_EINTERNAL;
        if (status != ZSC_OK) {
            zsc_labels_free(&labels[read]);
            goto done;
        }
    }
    sort_by_distinct(labels, read);
    *count = read;
    *out = labels;
    labels = NULL;
done:
    for (size_t i = 0; labels && i < read; i++) zsc_labels_free(&labels[i]);
    free(labels);
    zsc_missing_labels_free(&missing);
    zsc_list_free(&names);
    zsc_h5_close(file);
    return status;
}

/* --- Two of them */
static zsc_status index_ids(const zsc_labels *labels, zsc_text_lookup *x)
{
    zsc_status status = zsc_text_lookup_make(labels->id, labels->n, x);
    for (size_t i = 0; status == ZSC_OK && i < labels->n; i++) {
        size_t at = zsc_text_lookup_slot(x, labels->id[i]);
        if (x->row[at] >= 0)
            status = zsc_fail(ZSC_EINPUT, "'%s': rows %d and %zu have the same id '%s'", labels->source, x->row[at] + 1,
                              i + 1, labels->id[i]);
        else
            x->row[at] = (int32_t)i;
    }
    return status;
}

zsc_status zsc_labels_match(const zsc_labels *a, const zsc_labels *b, int32_t **out)
{
    zsc_status status = ZSC_OK;
    zsc_text_lookup x = {0}, y = {0};
    int32_t *at = NULL;
    size_t matched = 0;
    ZSC_NEW_RAW(at, a->n);
    if (!a->id || !b->id) {
        if (a->n != b->n) {
            status = zsc_fail(
                ZSC_EINPUT, "'%s' has %zu rows and '%s' has %zu; without ids on both sides they must be the same rows",
                a->source, a->n, b->source, b->n);
            goto done;
        }
        for (size_t i = 0; i < a->n; i++) at[i] = (int32_t)i;
    } else {
        ZSC_TRY(index_ids(a, &y)); /* ids of A must not repeat either */
        ZSC_TRY(index_ids(b, &x));
        for (size_t i = 0; i < a->n; i++) matched += (at[i] = x.row[zsc_text_lookup_slot(&x, a->id[i])]) >= 0;
        if (matched == 0 && a->n + b->n > 0) {
            status = zsc_fail(ZSC_EINPUT, "'%s' and '%s' have no id in common", a->source, b->source);
            goto done;
        }
    }
    *out = at;
    at = NULL;
done:
    free(at);
    free(x.row);
    free(y.row);
    return status;
}
