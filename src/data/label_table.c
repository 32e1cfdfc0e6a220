#include "data/label_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "data/dataset_cache.h"
#include "io/embeddings.h"
#include "io/files/atomic.h"
#include "io/files/file_names.h"
#include "io/files/foreign_files.h"
#include "io/files/piped_input.h"
#include "io/files/source.h"
#include "io/labels/column_names.h"
#include "io/labels/label_names.h"
#include "io/labels/metadata.h"
#include "io/npy.h"
#include "io/text/csv.h"

typedef struct labels {
    size_t n;
    char **id; /* NULL: there are none */
    char ***text;
    zsc_list name; /* one per column of text */
    char *content; /* what single labels of a text file point into */
} labels;

static void labels_free(labels *x)
{
    for (size_t i = 0; x->text && i < x->name.count; i++) free(x->text[i]);
    free(x->text);
    free(x->id);
    free(x->content);
    zsc_list_free(&x->name);
}

/* One column, called as the file is, or NAME; takes TEXT over. */
static zsc_status set_column(labels *x, const char *path, const char *name, char **text)
{
    zsc_status status = ZSC_OK;
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    char *own = name ? zsc_strdup(name) : zsc_strndup(base, zsc_file_name_stem(base));
    ZSC_NEW(x->text, 1);
    x->text[0] = text;
    text = NULL;
    status = own ? zsc_list_add(&x->name, own) : ZSC_EINTERNAL;
    if (status != ZSC_OK) {
        text = x->text[0];
        x->text[0] = NULL;
    }
done:
    free(own);
    free(text);
    return status;
}

/* --- An array */
static zsc_status integer_texts(const int64_t *value, size_t n, char ***out)
{
    enum { DIGITS = 24 };
    char **text = zsc_malloc(n + 1, sizeof *text + DIGITS, "labels");
    if (!text) return ZSC_EINTERNAL;
    for (size_t i = 0; i < n; i++) {
        text[i] = (char *)(text + n) + i * DIGITS;
        snprintf(text[i], DIGITS, "%" PRId64, value[i]);
        if (value[i] == -1) text[i][0] = '\0'; /* missing, as in other arrays of labels */
    }
    *out = text;
    return ZSC_OK;
}

static zsc_status read_array(const char *path, labels *x)
{
    zsc_status status = ZSC_OK;
    zsc_source *source = NULL;
    zsc_npy array;
    int64_t *value = NULL;
    char **text = NULL;
    ZSC_TRY(zsc_source_open(path, &source));
    ZSC_TRY(zsc_npy_header(source, path, &array));
    bool list = array.rank == 1 || (array.rank == 2 && array.shape[1] == 1);
    if (!list || !strchr("SUiub", array.kind)) {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' is a NumPy array of %d dimensions, %s; labels are strings or whole numbers of shape "
                          "(n,), in Python y.astype(int) or y.astype(str), or a table (CSV or TSV) with ids",
                          path, array.rank, array.type_name);
        goto done;
    }
    if (strchr("SU", array.kind)) {
        ZSC_TRY(zsc_npy_strings(source, path, &array, &text, &x->n));
    } else {
        ZSC_TRY(zsc_npy_integers(source, path, &array, &value, &x->n));
        ZSC_TRY(integer_texts(value, x->n, &text));
    }
    status = set_column(x, path, NULL, text);
done:
    free(value);
    zsc_source_close(source);
    return status;
}

/* --- A file of embeddings */
static zsc_status read_embeddings(const char *path, const char *missing_values, labels *x)
{
    zsc_status status = ZSC_OK;
    zsc_embeddings *v = NULL;
    const zsc_file_layout layout = {.table.missing = missing_values};
    ZSC_TRY(zsc_embeddings_open(path, &layout, &v));
    if (v->text.count == 0) {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' holds embeddings and no labels; expected a table (CSV or TSV) with ids, or a file that "
                          "holds labels",
                          path);
        goto done;
    }
    x->n = v->n;
    if (!v->idless) ZSC_TRY(zsc_embeddings_ids(v, &x->id));
    ZSC_NEW(x->text, v->text.count);
    for (size_t i = 0; i < v->text.count; i++) {
        ZSC_TRY(zsc_list_add(&x->name, v->text.item[i]));
        ZSC_TRY(zsc_embeddings_text(v, v->text.item[i], 0, v->n, &x->text[i]));
    }
done:
    zsc_embeddings_close(v);
    return status;
}

/* --- A text of one column */
/* The column that the rules or its name say is that of ids. */
static bool has_ids(const zsc_loading *l, const char *name)
{
    return zsc_columns_rename(&l->options->columns, "processid") || zsc_format_id_rank(name);
}

static zsc_status read_text(const char *path, char **out)
{
    enum { BLOCK = 1 << 16 };
    zsc_status status = ZSC_OK;
    zsc_source *source = NULL;
    zsc_text text = {0};
    char *block = NULL;
    size_t got = BLOCK;
    ZSC_NEW_RAW(block, BLOCK);
    ZSC_TRY(zsc_source_open(path, &source));
    while (got == BLOCK) {
        ZSC_TRY(zsc_source_read(source, block, BLOCK, &got));
        zsc_text_append_n(&text, block, got);
    }
    if (text.failed || !text.data) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    *out = text.data;
    text.data = NULL;
done:
    zsc_source_close(source);
    free(text.data);
    free(block);
    return status;
}

/* Lines without blanks and quotes around them; those at the end that are empty are none. */
static zsc_status split_lines(char *content, char ***line, size_t *count)
{
    zsc_status status = ZSC_OK;
    size_t n = 1, used = 0;
    for (const char *p = content; *p; p++) n += *p == '\n';
    ZSC_NEW(*line, n);
    for (char *p = content; p;) {
        char *end = strchr(p, '\n'), *last = end ? end : p + strlen(p);
        if (end) *end = '\0';
        while (last > p && strchr(" \t\r\"", last[-1])) *--last = '\0';
        p += strspn(p, " \t\"");
        (*line)[used++] = p;
        p = end ? end + 1 : NULL;
    }
    while (used > 0 && !*(*line)[used - 1]) used--;
    *count = used;
done:
    return status;
}

/* The first line is a header where it is called as labels are, or there is one line more than rows. */
static zsc_status read_lines(const char *path, size_t rows, labels *x)
{
    zsc_status status = ZSC_OK;
    size_t count = 0;
    char **line = NULL;
    ZSC_TRY(read_text(path, &x->content));
    ZSC_TRY(split_lines(x->content, &line, &count));
    bool header = count > 0 && (zsc_known_column(line[0]) || zsc_is_label_name(line[0]) || count == rows + 1);
    const char *name = header ? line[0] : NULL;
    x->n = count - header;
    if (header) memmove(line, line + 1, x->n * sizeof *line);
    status = set_column(x, path, name, line);
    line = NULL;
done:
    free(line);
    return status;
}

/* --- All */
static bool begins(const char *path, const char *mark)
{
    char start[8];
    size_t length = strlen(mark), got = zsc_source_start(path, start, length, NULL);
    zsc_error_clear();
    return got == length && memcmp(start, mark, length) == 0;
}

/* *found: PATH is an array or a file of embeddings. */
static zsc_status read_binary(const char *path, const char *missing_values, labels *x, bool *found)
{
    bool hdf5 = false;
    struct stat s;
    zsc_status status = stat(path, &s) == 0 && S_ISREG(s.st_mode) ? zsc_h5_is_hdf5(path, &hdf5) : ZSC_OK;
    *found = true;
    if (status != ZSC_OK) return status;
    if (hdf5 || begins(path, "PK\x03\x04")) return read_embeddings(path, missing_values, x);
    if (begins(path, "\x93NUMPY")) return read_array(path, x);
    *found = false;
    return ZSC_OK;
}

zsc_status zsc_label_table_check(const char *path)
{
    labels x = {0};
    zsc_list header = {0};
    bool found = false;
    zsc_status status = read_binary(path, NULL, &x, &found);
    if (status == ZSC_OK && !found) status = zsc_csv_header(path, NULL, &header, NULL);
    labels_free(&x);
    zsc_list_free(&header);
    return status;
}

/* FILE:COLUMN names labels elsewhere. */
static zsc_status check_path(const char *path)
{
    const char *colon = strrchr(path, ':');
    if (!colon || colon == path || access(path, F_OK) == 0) return ZSC_OK;
    char *file = zsc_strndup(path, (size_t)(colon - path));
    if (!file) return ZSC_EINTERNAL;
    zsc_status status = access(file, F_OK) == 0
                            ? zsc_fail(ZSC_EINPUT,
                                       "no such file: '%s'; metadata are a whole file, named without a "
                                       "column: '%s'",
                                       path, file)
                            : ZSC_OK;
    free(file);
    return status;
}

static zsc_status read_labels(const zsc_loading *l, size_t rows, labels *x, bool *found)
{
    zsc_status status = ZSC_OK;
    zsc_list header = {0};
    const char *path = l->options->metadata;
    ZSC_TRY(check_path(path));
    ZSC_TRY(read_binary(path, l->options->missing_values, x, found));
    if (*found || zsc_foreign_file(path)) goto done; /* reading it as a table says what it is */
    *found = true;
    if (zsc_csv_header(path, &l->options->file_layout.table, &header, NULL) == ZSC_OK && header.count == 1 &&
        !has_ids(l, header.item[0])) {
        status = read_lines(path, rows, x);
    } else {
        zsc_error_clear(); /* whatever it is, it is read as a table */
        *found = false;
    }
done:
    zsc_list_free(&header);
    return status;
}

static zsc_status check(const zsc_loading *l, const zsc_embeddings *v, const labels *x)
{
    const char *path = l->options->metadata;
    if (x->id) return ZSC_OK;
    if (!v->idless)
        return zsc_fail(ZSC_EINPUT,
                        "'%s' holds %zu labels without ids, and embeddings '%s' have ids (%zu rows): expected a table "
                        "with the columns processid and %s",
                        path, x->n, v->path, v->n, x->name.item[0]);
    if (x->n != v->n)
        return zsc_fail(ZSC_EINPUT,
                        "'%s' holds %zu labels without ids, and embeddings '%s' have %zu rows: expected one label per "
                        "row",
                        path, x->n, v->path, v->n);
    return ZSC_OK;
}

static int digits_of(size_t n)
{
    int digits = 1;
    while (n >= 10) n /= 10, digits++;
    return digits;
}

/* Row numbers have zeros before them, so that they sort as numbers. */
static void write_table(FILE *stream, const labels *x)
{
    int digits = digits_of(x->n);
    fputs("processid", stream);
    for (size_t i = 0; i < x->name.count; i++) {
        putc(',', stream);
        zsc_csv_write_field(stream, x->name.item[i]);
    }
    putc('\n', stream);
    for (size_t r = 0; r < x->n; r++) {
        if (x->id)
            zsc_csv_write_field(stream, x->id[r]);
        else
            fprintf(stream, "%0*zu", digits, r + 1);
        for (size_t i = 0; i < x->name.count; i++) {
            putc(',', stream);
            zsc_csv_write_field(stream, x->text[i][r]);
        }
        putc('\n', stream);
    }
}

/* The table in a file without a name, which is opened as l->table. */
static zsc_status keep_table(zsc_loading *l, const labels *x)
{
    int file = -1, again = -1;
    char *path = NULL;
    FILE *stream = NULL;
    zsc_status status = zsc_context(zsc_temporary_file("zsc-labels", &file, &path), "labels of '%s'",
                                    l->options->metadata);
    if (status != ZSC_OK) return status;
    unlink(path);
    if ((again = dup(file)) < 0 || !(stream = fdopen(again, "w"))) {
        if (again >= 0) close(again);
        status = zsc_fail(ZSC_EINTERNAL, "cannot write the labels of '%s' to a temporary file", l->options->metadata);
        goto done;
    }
    write_table(stream, x);
    bool failed = ferror(stream) != 0;
    if (fclose(stream) != 0 || failed) {
        status = zsc_fail(ZSC_EINPUT, "cannot write the labels of '%s' to a temporary file (TMPDIR names its folder)",
                          l->options->metadata);
        goto done;
    }
    if (!(l->own_table = zsc_asprintf("%s (its labels)", l->options->metadata))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_input_stand_in(l->own_table, file));
    file = -1;
    l->table = l->own_table;
    l->table_layout = NULL;
    l->by_row = !x->id;
done:
    if (file >= 0) close(file);
    free(path);
    return status;
}

zsc_status zsc_label_table_open(zsc_loading *l, const zsc_embeddings *first)
{
    zsc_status status = ZSC_OK;
    labels x = {0};
    bool found = false;
    l->table = l->options->metadata;
    l->table_layout = &l->options->file_layout.table;
    if (!l->table) return ZSC_OK;
    ZSC_TRY(zsc_context(read_labels(l, first->n, &x, &found), "metadata"));
    if (!found) goto done;
    ZSC_TRY(zsc_context(check(l, first, &x), "metadata"));
    status = keep_table(l, &x);
    if (status == ZSC_OK && l->by_row && zsc_dataset_cache_first_mention(l->cache, l->own_table))
        zsc_note("neither '%s' nor embeddings '%s' have ids: their %zu rows are taken for the same, in this order",
                 l->options->metadata, first->path, x.n);
done:
    labels_free(&x);
    return status;
}
