#include "kmeans/update.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"

enum { COLUMNS = 16 }; /* columns that are added up together: of few clusters several threads take a part each */

typedef struct far_row {
    float square;
    int32_t row;
} far_row;

typedef struct update {
    const zsc_kmeans_tree *tree;
    const float *x;
    size_t k;
    int32_t *label;
    size_t *offset;  /* k + 1 */
    int32_t *member; /* n: rows by label, ascending */
    float *next;     /* k x width */
} update;

/* --- Empty clusters */
static bool farther(far_row a, far_row b) { return a.square > b.square || (a.square == b.square && a.row < b.row); }

/* Sifts the nearest of the heap's rows to its root, from place `at` on. */
static void sift_down(far_row *heap, size_t count, size_t at)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count) return;
        if (child + 1 < count && farther(heap[child], heap[child + 1])) child++;
        if (!farther(heap[at], heap[child])) return;
        far_row swap = heap[at];
        heap[at] = heap[child];
        heap[child] = swap;
        at = child;
    }
}

static int by_distance(const void *a, const void *b)
{
    return farther(*(const far_row *)a, *(const far_row *)b) ? -1 : 1;
}

/* The `most` farthest rows, or fewer, into HEAP, the farthest first. */
static size_t farthest(const float *square, const int32_t *label, const size_t *rows, size_t n, far_row *heap,
                       size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        far_row row = {square[i], (int32_t)i};
        if (!(square[i] > 0) || rows[label[i]] < 2) continue;
        if (count < most) {
            heap[count++] = row;
            if (count == most)
                for (size_t at = count / 2; at-- > 0;) sift_down(heap, count, at);
        } else if (farther(row, heap[0])) {
            heap[0] = row;
            sift_down(heap, count, 0);
        }
    }
    qsort(heap, count, sizeof *heap, by_distance);
    return count;
}

static zsc_status relocate(update *u, const float *square, size_t *relocated)
{
    zsc_status status = ZSC_OK;
    size_t *rows = NULL, empty = 0;
    far_row *heap = NULL;
    ZSC_NEW(rows, u->k);
    *relocated = 0;
    for (size_t i = 0; i < u->tree->n; i++) rows[u->label[i]]++;
    for (size_t c = 0; c < u->k; c++) empty += rows[c] == 0;
    if (empty == 0) goto done;
    ZSC_NEW_RAW(heap, empty);
    size_t found = farthest(square, u->label, rows, u->tree->n, heap, empty), next = 0;
    for (size_t c = 0; c < u->k; c++) {
        if (rows[c] > 0) continue;
        while (next < found && rows[u->label[heap[next].row]] < 2) next++;
        if (next == found) break;
        int32_t row = heap[next++].row;
        rows[u->label[row]]--;
        rows[c] = 1;
        u->label[row] = (int32_t)c;
        ++*relocated;
    }
done:
    free(rows);
    free(heap);
    return status;
}

/* --- Means */
static void sort_by_label(update *u)
{
    size_t n = u->tree->n;
    memset(u->offset, 0, (u->k + 1) * sizeof *u->offset);
    for (size_t i = 0; i < n; i++) u->offset[u->label[i] + 1]++;
    for (size_t c = 0; c < u->k; c++) u->offset[c + 1] += u->offset[c];
    for (size_t i = 0; i < n; i++) u->member[u->offset[u->label[i]]++] = (int32_t)i;
    memmove(u->offset + 1, u->offset, u->k * sizeof *u->offset);
    u->offset[0] = 0;
}

static void add_columns(const update *u, size_t cluster, size_t from, size_t count, double *sum)
{
    for (size_t j = 0; j < count; j++) sum[j] = 0;
    for (size_t m = u->offset[cluster]; m < u->offset[cluster + 1]; m++) {
        const float *row = u->x + (size_t)u->member[m] * u->tree->d + from;
        for (size_t j = 0; j < count; j++) sum[j] += (double)row[j];
    }
}

static void average(update *u, const float *centre, int threads)
{
    size_t d = u->tree->d, width = u->tree->width, parts = width / COLUMNS;
    double scale = ldexp(1, -u->tree->exponent);
#pragma omp parallel for schedule(dynamic, 16) num_threads(threads)
    for (size_t item = 0; item < u->k * parts; item++) {
        size_t cluster = item / parts, from = item % parts * COLUMNS, rows = u->offset[cluster + 1];
        size_t count = d - from < COLUMNS ? d - from : COLUMNS;
        double sum[COLUMNS];
        float *out = u->next + cluster * width + from;
        rows -= u->offset[cluster];
        memcpy(out, centre + cluster * width + from, COLUMNS * sizeof *out);
        if (rows == 0) continue;
        add_columns(u, cluster, from, count, sum);
        for (size_t j = 0; j < count; j++) out[j] = (float)(sum[j] * scale / (double)rows);
    }
}

static double move(const update *u, float *centre, float *moved)
{
    double total = 0;
    for (size_t c = 0; c < u->k; c++) {
        double squares = 0;
        for (size_t j = 0; j < u->tree->d; j++) {
            double gap = (double)u->next[c * u->tree->width + j] - (double)centre[c * u->tree->width + j];
            squares += gap * gap;
        }
        moved[c] = (float)sqrt(squares) * u->tree->slack;
        total += squares;
    }
    memcpy(centre, u->next, u->k * u->tree->width * sizeof *centre);
    return total;
}

zsc_status zsc_kmeans_update(const zsc_kmeans_tree *t, const float *x, size_t k, const float *square, int32_t *label,
                             const zsc_exec *exec, float *centre, float *moved, zsc_kmeans_update_report *report)
{
    zsc_status status = ZSC_OK;
    update u = {.tree = t, .x = x, .k = k, .label = label};
    ZSC_NEW_RAW(u.offset, k + 1);
    ZSC_NEW_RAW(u.member, t->n);
    ZSC_NEW_RAW(u.next, k * t->width);
    ZSC_TRY(relocate(&u, square, &report->relocated));
    sort_by_label(&u);
    average(&u, centre, zsc_threads(exec));
    report->moved = move(&u, centre, moved);
done:
    free(u.offset);
    free(u.member);
    free(u.next);
    return status;
}

size_t zsc_kmeans_update_memory(size_t n, size_t d, size_t k)
{
    return n * 4 + k * (8 + (d + ZSC_KMEANS_PADDING) * 4) + k * (sizeof(far_row) * 2 + 8);
}
