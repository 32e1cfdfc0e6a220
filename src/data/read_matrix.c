/* The vectors of the rows that stay. Files are read in runs of neighbouring rows, in the order of the file; what lies
 * between two runs is read only where that is cheaper than another request. */
#include "data/read_matrix.h"

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
    if (bad->count++ == 0) {
        bad->first = (size_t)w->row;
        bad->first_to = (size_t)w->to;
    }
    if (worst > 0x7f800000) bad->nan = true;
    for (size_t j = 0; j < d && !bad->infinite; j++) bad->infinite = row[j] - row[j] != 0 && row[j] == row[j];
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

/* --- Rows that narrowing makes equal */
typedef struct row_hashes {
    uint64_t narrow, wide;
} row_hashes;

static int by_hashes(const void *a, const void *b)
{
    const row_hashes *x = a, *y = b;
    if (x->narrow != y->narrow) return (x->narrow > y->narrow) - (x->narrow < y->narrow);
    return (x->wide > y->wide) - (x->wide < y->wide);
}

/* A warning where rows that differ in the file are equal as floats. WIDE: hashes of the n rows of the file. */
static zsc_status compare_rows(const zsc_loading *l, size_t m, const float *x, size_t stride, const uint64_t *wide)
{
    zsc_status status = ZSC_OK;
    size_t n = l->selection.kept, d = l->encoder[m]->d, equal = 0;
    row_hashes *h = NULL;
    ZSC_NEW(h, n);
    for (size_t i = 0; i < n; i++) {
        zsc_narrowing own = {.hash = &h[i].narrow};
        for (size_t j = 0; j < d; j++) zsc_narrow(&own, 0, (double)x[i * stride + j]);
        h[i].wide = wide[i];
    }
    qsort(h, n, sizeof *h, by_hashes);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && h[end].narrow == h[i].narrow;) end++;
        if (h[end - 1].wide != h[i].wide) equal += end - i;
    }
    if (equal)
        zsc_warn(
            "embeddings '%s': %zu of %zu rows of %s differ from others in the file and are equal to them in single "
            "precision, in which zsc computes; subtract the mean of each column and divide by a constant first",
            l->file[m]->path, equal, n, l->encoder[m]->name);
done:
    free(h);
    return status;
}

/* Wishes first .. last - 1 are one run: as many rows as one block, and no wide gaps. */
static size_t end_of_run(const zsc_encoder *e, const wish *w, size_t first, size_t n)
{
    size_t block_end = ((size_t)w[first].row / e->block + 1) * e->block, last = first + 1;
    while (last < n && (size_t)w[last].row < block_end && (size_t)(w[last].row - w[last - 1].row) <= e->gap + 1) last++;
    return last;
}

zsc_status zsc_read_matrix(zsc_loading *l, size_t m, float *x, size_t stride)
{
    zsc_status status = ZSC_OK;
    const zsc_encoder *e = l->encoder[m];
    size_t n = l->selection.kept, d = e->d, capacity = 0, last;
    wish *w = NULL;
    float *buffer = NULL;
    bad_rows bad = {0};
    zsc_narrowing loss = {0};
    uint64_t *wide = NULL;
    size_t hashes = 0;
    ZSC_TRY(make_wishes(l, m, &w));
    if (e->wide) ZSC_NEW(wide, n);
    for (size_t first = 0; first < n; first = last) {
        last = end_of_run(e, w, first, n);
        size_t rows = (size_t)(w[last - 1].row - w[first].row) + 1;
        bool direct = stride == d && rows == last - first;
        for (size_t i = first + 1; i < last && direct; i++) direct = w[i].to == w[i - 1].to + 1;
        float *to = direct ? x + (size_t)w[first].to * d : buffer;
        if (!direct && (!buffer || rows * d > capacity)) {
            free(buffer);
            capacity = rows * d;
            ZSC_NEW_RAW(buffer, capacity);
            to = buffer;
        }
        if (wide) ZSC_TRY(zsc_grow(&loss.hash, &hashes, rows, sizeof *loss.hash, "embeddings"));
        ZSC_TRY(zsc_embeddings_rows(l->file[m], e, (size_t)w[first].row, rows, to, wide ? &loss : NULL));
        for (size_t i = first; i < last; i++) {
            const float *row = to + (size_t)(w[i].row - w[first].row) * d;
            check_row(row, d, &w[i], &bad);
            if (wide) wide[w[i].to] = loss.hash[w[i].row - w[first].row];
            if (!direct) memcpy(x + (size_t)w[i].to * stride, row, d * sizeof *row);
        }
        if (!zsc_progress(l->exec, "load", (double)(m * n + last), (double)(l->files * n))) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
    }
    bad.beyond = loss.beyond;
    if (bad.count)
        status = fail_bad(l, m, &bad);
    else if (wide)
        status = compare_rows(l, m, x, stride, wide);
done:
    free(loss.hash);
    free(wide);
    free(w);
    free(buffer);
    return status;
}
