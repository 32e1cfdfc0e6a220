/* Coarse vectors: a byte a coordinate, in common steps, which fit caches where rows do not. How far each is from the
 * true one is known, so that the length between two coarse vectors bounds the true one from both sides.
 *
 * Of a projected row they hold what the projection leaves: |w_i - w_j|^2 = |P w_i - P w_j|^2 + |r_i - r_j|^2, and the
 * first part is what tiles compute. r is short where embeddings have their variance in few directions: its steps are
 * small, and 64 coordinates make the bounds ten times as tight as those of coarse whole vectors (half a per cent of the
 * squared distance on simulated embeddings, instead of seven). Numbers beyond +-127 steps are cut off; what that costs
 * is in the error. */
#include "knn/frame_parts.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/threads.h"

enum { COARSE_ROWS = 64 };
typedef struct coarse_room { /* a thread's */
    float *vector;
    double *rest, *y, lengths[COARSE_ROWS];
} coarse_room;

/* rest (rows x width): the vectors of `rows` rows, or what their projection leaves; lengths: squares of theirs. */
static void find_rests(const zsc_frame *f, const double *basis, const int32_t *pick, size_t rows, coarse_room *room)
{
    int d = (int)f->width, m = (int)f->depth, count = (int)rows;
    for (size_t r = 0; r < rows; r++) {
        zsc_frame_vector(f, (size_t)pick[r], room->vector);
        room->lengths[r] = zsc_frame_squares(room->vector, f->width);
        zsc_frame_widen(room->vector, room->rest + r * f->width, f->width);
        if (basis)
            zsc_frame_widen(f->leading + (size_t)pick[r] * f->leading_width, room->y + r * f->depth,
                            f->depth); /* rounded: in the error */
    }
    if (!basis) return;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, count, d, m, -1, room->y, m, basis, d, 1, room->rest, d);
}

/* The step, of a few, with the least error over a sample: 127 steps for all numbers, or for most. */
static zsc_status choose_step(zsc_frame *f, const double *basis, coarse_room *room)
{
    enum { LOOKED_AT = 32 };
    static const double shares[] = {1, 0.999, 0.99, 0.97};
    zsc_status status = ZSC_OK;
    size_t rows = f->n < LOOKED_AT ? f->n : LOOKED_AT, size = rows * f->width;
    int32_t pick[LOOKED_AT];
    double *sizes = NULL, least = HUGE_VAL;
    int8_t *spare = NULL;
    int64_t squares;
    ZSC_NEW_RAW(sizes, size);
    ZSC_NEW_RAW(spare, f->width);
    for (size_t r = 0; r < rows; r++) pick[r] = (int32_t)zsc_frame_sampled(r, LOOKED_AT, f->n);
    find_rests(f, basis, pick, rows, room);
    for (size_t i = 0; i < size; i++) sizes[i] = fabs(room->rest[i]);
    zsc_frame_sort(sizes, size);
    f->step = 1;
    for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
        float step = (float)(sizes[(size_t)(shares[s] * (double)(size - 1))] / 127);
        double error = 0;
        for (size_t r = 0; r < rows && step > 0; r++)
            error += f->measure->coarsen(room->rest + r * f->width, f->width, (double)step, spare, &squares);
        if (step > 0 && error < least) {
            least = error;
            f->step = step;
        }
    }
done:
    free(spare);
    free(sizes);
    return status;
}

zsc_status zsc_frame_make_coarse(zsc_frame *f, bool whole, int threads)
{
    zsc_status status = ZSC_OK;
    const double *basis = whole ? NULL : f->basis;
    coarse_room *rooms = NULL;
    f->coarse_width = (f->width + 31) / 32 * 32;
    ZSC_NEW(rooms, (size_t)threads);
    for (int t = 0; t < threads; t++) {
        ZSC_NEW_RAW(rooms[t].vector, f->width);
        ZSC_NEW_RAW(rooms[t].rest, COARSE_ROWS * f->width);
        ZSC_NEW_RAW(rooms[t].y, COARSE_ROWS * f->depth);
    }
    ZSC_NEW(f->coarse, f->n * f->coarse_width);
    ZSC_NEW(f->coarse_error, f->n);
    ZSC_NEW(f->coarse_squares, f->n);
    ZSC_TRY(choose_step(f, basis, &rooms[0]));
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t from = 0; from < f->n; from += COARSE_ROWS) {
        coarse_room *room = &rooms[zsc_thread_number()];
        size_t rows = f->n - from < COARSE_ROWS ? f->n - from : COARSE_ROWS;
        find_rests(f, basis, f->order + from, rows, room);
        for (size_t r = 0; r < rows; r++) {
            int8_t *out = f->coarse + (from + r) * f->coarse_width;
            double error = sqrt(f->measure->coarsen(room->rest + r * f->width, f->width, (double)f->step, out,
                                                    &f->coarse_squares[from + r]));
            error = error * (1 + 0x1p-20) + sqrt(room->lengths[r]) * 0x1p-22 +
                    ZSC_FRAME_TINY; /* the vector's own rounding, and that of its projection */
            f->coarse_error[from + r] = isfinite(error) ? (float)(error * (1 + 0x1p-22)) : INFINITY;
        }
    }
done:
    for (int t = 0; rooms && t < threads; t++) {
        free(rooms[t].vector);
        free(rooms[t].rest);
        free(rooms[t].y);
    }
    free(rooms);
    return status;
}
