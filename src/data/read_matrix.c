/* The vectors of the rows that stay. Files are read in runs of neighbouring rows, in the order of the file; what lies
 * between two runs is read only where that is cheaper than another request. */
#include "data/read_matrix.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/threads.h"

typedef struct wish { /* a row of the file, and where it goes */
    int32_t row, to;
} wish;

static int by_row(const void *a, const void *b)
{
    const wish *x = a, *y = b;
    return (x->row > y->row) - (x->row < y->row);
}

static zsc_status make_wishes(const zsc_loading *l, size_t m, wish **out)
{
    zsc_status status = ZSC_OK;
    size_t n = l->selection.kept;
    wish *w = NULL;
    const int32_t *place = l->place[m];
    bool sorted = true;
    ZSC_NEW_RAW(w, n);
    for (size_t i = 0; i < n; i++) {
        w[i] = (wish){place ? place[l->kept[i]] : l->kept[i], (int32_t)i};
        sorted = sorted && (i == 0 || w[i].row > w[i - 1].row);
    }
    if (!sorted) qsort(w, n, sizeof *w, by_row);
    *out = w;
done:
    return status;
}

typedef struct bad_rows {
    size_t count, first, first_to;
    bool nan, infinite;
    double beyond; /* a finite number of the file that is beyond floats; 0: there is none */
} bad_rows;

static void note_bad_row(const wish *w, bad_rows *bad)
{
    if (bad->count++ > 0) return;
    bad->first = (size_t)w->row;
    bad->first_to = (size_t)w->to;
}

static void check_row(const float *row, size_t d, const wish *w, bad_rows *bad)
{
    uint32_t worst = 0;
    for (size_t j = 0; j < d; j++) {
        uint32_t bits;
        memcpy(&bits, row + j, sizeof bits);
        bits &= 0x7fffffff;
        worst = bits > worst ? bits : worst;
    }
    if (worst < 0x7f800000) return;
    note_bad_row(w, bad);
    if (worst > 0x7f800000) bad->nan = true;
    for (size_t j = 0; j < d && !bad->infinite; j++) bad->infinite = row[j] - row[j] != 0 && row[j] == row[j];
}

static void check_row_f64(const double *row, size_t d, const wish *w, bad_rows *bad)
{
    bool nan = false, infinite = false;
    for (size_t j = 0; j < d; j++) {
        nan = nan || isnan(row[j]);
        infinite = infinite || isinf(row[j]);
    }
    if (nan || infinite) note_bad_row(w, bad);
    bad->nan = bad->nan || nan;
    bad->infinite = bad->infinite || infinite;
}

static zsc_status fail_bad(const zsc_loading *l, size_t m, const bad_rows *bad)
{
    char beyond[160];
    snprintf(beyond, sizeof beyond,
             "numbers beyond single precision, in which zsc computes, such as %.3g (divide all by a constant)",
             bad->beyond);
    const char *infinite = bad->beyond != 0 ? beyond : "infinity";
    return zsc_fail(ZSC_EINPUT, "embeddings '%s': %zu of %zu rows of %s hold %s%s%s, first at row %zu (id %s)",
                    l->file[m]->path, bad->count, l->selection.kept, l->encoder[m]->name, bad->nan ? "NaN" : "",
                    bad->nan && bad->infinite ? " or " : "", bad->infinite ? infinite : "", bad->first + 1,
                    zsc_names_get(&l->id, (size_t)l->kept[bad->first_to]));
}

/* --- Rows that become equal as floats */
typedef struct row_hashes {
    uint64_t narrow, wide;
} row_hashes;

static void add_number(uint64_t *hash, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t mixed = (*hash ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
    *hash = mixed ^ mixed >> 29;
}

/* TO are the d numbers of ROW as floats. */
static void narrow_row(const double *row, size_t d, float *to, row_hashes *hash, bad_rows *bad)
{
    *hash = (row_hashes){0};
    for (size_t j = 0; j < d; j++) {
        to[j] = (float)row[j];
        add_number(&hash->wide, row[j]);
        add_number(&hash->narrow, (double)to[j]);
        if (isinf(to[j]) && !isinf(row[j])) bad->beyond = row[j];
    }
}

static int by_hashes(const void *a, const void *b)
{
    const row_hashes *x = a, *y = b;
    if (x->narrow != y->narrow) return (x->narrow > y->narrow) - (x->narrow < y->narrow);
    return (x->wide > y->wide) - (x->wide < y->wide);
}

/* What of a column differs from the first row that was read: its numbers in the file, or as floats. */
enum { DIFFERS = 1, DIFFERS_NARROW = 2 };

typedef struct columns_seen {
    double *first;          /* d: numbers of that row; NULL: there are no rows that become floats */
    unsigned char *differs; /* d */
    bool any;
} columns_seen;

static void compare_columns(const double *row, size_t d, columns_seen *seen)
{
    if (!seen->any) memcpy(seen->first, row, d * sizeof *row);
    seen->any = true;
    for (size_t j = 0; j < d; j++) {
        if (row[j] == seen->first[j]) continue;
        seen->differs[j] |= (float)row[j] == (float)seen->first[j] ? DIFFERS : DIFFERS | DIFFERS_NARROW;
    }
}

/* A warning where columns that differ between rows of the file are constant as floats, such as numbers below 1e-45,
 * which become 0. */
static void warn_of_columns(const zsc_loading *l, size_t m, const columns_seen *seen)
{
    size_t d = l->encoder[m]->d, constant = 0, first = 0;
    for (size_t j = 0; j < d; j++)
        if (seen->differs[j] == DIFFERS && constant++ == 0) first = j;
    if (constant)
        zsc_warn(
            "embeddings '%s': %zu of %zu columns of %s differ between rows in the file and are the same in all rows "
            "in single precision, in which zsc computes all but linkages of rows that are not reduced, first column "
            "%zu, which becomes %g; subtract the mean of each column and divide by a constant first",
            l->file[m]->path, constant, d, l->encoder[m]->name, first + 1, (double)(float)seen->first[first]);
}

/* A warning where rows that differ in the file are equal as floats; sorts the n hashes. */
static void compare_rows(const zsc_loading *l, size_t m, row_hashes *h)
{
    size_t n = l->selection.kept, equal = 0;
    qsort(h, n, sizeof *h, by_hashes);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && h[end].narrow == h[i].narrow;) end++;
        if (h[end - 1].wide != h[i].wide) equal += end - i;
    }
    if (equal)
        zsc_warn(
            "embeddings '%s': %zu of %zu rows of %s differ from others in the file and are equal to them in single "
            "precision, in which zsc computes all but linkages of rows that are not reduced; subtract the mean of each "
            "column and divide by a constant first",
            l->file[m]->path, equal, n, l->encoder[m]->name);
}

/* Wishes first .. last - 1 are one run: as many rows as one block, and no wide gaps. */
static size_t end_of_run(const zsc_encoder *e, const wish *w, size_t first, size_t n)
{
    size_t block_end = ((size_t)w[first].row / e->block + 1) * e->block, last = first + 1;
    while (last < n && (size_t)w[last].row < block_end && (size_t)(w[last].row - w[last - 1].row) <= e->gap + 1) last++;
    return last;
}

/* What is read, and what was found on the way. */
typedef struct reading {
    zsc_loading *l;
    size_t m;
    zsc_matrix_block to;
    wish *w;
    float *narrow; /* a run of rows, of the type that it is read as */
    double *wide;
    size_t narrow_capacity, wide_capacity;
    row_hashes *hash; /* n, where doubles become floats; NULL elsewhere */
    columns_seen seen;
    bad_rows bad;
} reading;

/* Into floats, from a file that has no wider numbers. Rows that follow each other in the file and in TO go there
 * without a copy between. */
static zsc_status read_floats(reading *r, size_t first, size_t last)
{
    zsc_status status = ZSC_OK;
    const zsc_encoder *e = r->l->encoder[r->m];
    const wish *w = r->w;
    size_t d = e->d, rows = (size_t)(w[last - 1].row - w[first].row) + 1;
    bool direct = r->to.stride == d && rows == last - first;
    for (size_t i = first + 1; i < last && direct; i++) direct = w[i].to == w[i - 1].to + 1;
    if (!direct) ZSC_TRY(zsc_grow(&r->narrow, &r->narrow_capacity, rows * d, sizeof *r->narrow, "embeddings"));
    float *to = direct ? r->to.f32 + (size_t)w[first].to * d : r->narrow;
    ZSC_TRY(zsc_embeddings_rows(r->l->file[r->m], e, (size_t)w[first].row, rows, to));
    for (size_t i = first; i < last; i++) {
        const float *row = to + (size_t)(w[i].row - w[first].row) * d;
        check_row(row, d, &w[i], &r->bad);
        if (!direct) memcpy(r->to.f32 + (size_t)w[i].to * r->to.stride, row, d * sizeof *row);
    }
done:
    return status;
}

/* Into doubles, or from doubles into floats. */
static zsc_status read_doubles(reading *r, size_t first, size_t last)
{
    zsc_status status = ZSC_OK;
    const zsc_encoder *e = r->l->encoder[r->m];
    const wish *w = r->w;
    size_t d = e->d, rows = (size_t)(w[last - 1].row - w[first].row) + 1;
    ZSC_TRY(zsc_grow(&r->wide, &r->wide_capacity, rows * d, sizeof *r->wide, "embeddings"));
    ZSC_TRY(zsc_embeddings_rows_f64(r->l->file[r->m], e, (size_t)w[first].row, rows, r->wide));
    for (size_t i = first; i < last; i++) {
        const double *row = r->wide + (size_t)(w[i].row - w[first].row) * d;
        size_t at = (size_t)w[i].to * r->to.stride;
        if (r->to.f64) {
            check_row_f64(row, d, &w[i], &r->bad);
            memcpy(r->to.f64 + at, row, d * sizeof *row);
        } else {
            narrow_row(row, d, r->to.f32 + at, &r->hash[w[i].to], &r->bad);
            compare_columns(row, d, &r->seen);
            check_row(r->to.f32 + at, d, &w[i], &r->bad);
        }
    }
done:
    return status;
}

zsc_status zsc_read_matrix(zsc_loading *l, size_t m, zsc_matrix_block to)
{
    zsc_status status = ZSC_OK;
    const zsc_encoder *e = l->encoder[m];
    size_t n = l->selection.kept, last;
    reading r = {.l = l, .m = m, .to = to};
    ZSC_TRY(make_wishes(l, m, &r.w));
    if (e->wide && !to.f64) {
        ZSC_NEW(r.hash, n);
        ZSC_NEW(r.seen.first, e->d);
        ZSC_NEW(r.seen.differs, e->d);
    }
    for (size_t first = 0; first < n; first = last) {
        last = end_of_run(e, r.w, first, n);
        ZSC_TRY(to.f64 || e->wide ? read_doubles(&r, first, last) : read_floats(&r, first, last));
        if (!zsc_progress(l->exec, "load", (double)(m * n + last), (double)(l->files * n))) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
    }
    if (r.bad.count) {
        status = fail_bad(l, m, &r.bad);
    } else if (r.hash && !l->silent) {
        compare_rows(l, m, r.hash);
        warn_of_columns(l, m, &r.seen);
    }
done:
    free(r.hash);
    free(r.seen.first);
    free(r.seen.differs);
    free(r.w);
    free(r.narrow);
    free(r.wide);
    return status;
}
