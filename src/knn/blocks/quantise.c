/* Quantised vectors: a byte per coordinate in one scale. How far each is from the true one is known, so that the length
 * between two of them bounds the true one from both sides.
 *
 * Of a projected row they hold the residual, what the projection leaves: |w_i - w_j|^2 = |P w_i - P w_j|^2 +
 * |r_i - r_j|^2, and the first part is what tiles compute. r is short where embeddings have their variance in few
 * directions: its scale is small, and 64 coordinates make the bounds ten times as tight as those of whole vectors
 * (doc/knn.md has figures). Numbers beyond +-127 are cut off; what that costs is in the error. */
#include "knn/blocks/quantise.h"

#include "base/memory.h"
#include "base/threads.h"
#include "knn/blocks/sample.h"
#include "linalg/kernels.h"

enum { CHUNK = 64 };       /* rows that a thread takes at a time */
typedef struct workspace { /* a thread's */
    float *vector;
    double *residual, *y, lengths[CHUNK];
} workspace;

typedef struct quantiser {
    const zsc_centred_rows *c;
    const zsc_projection *p;
    bool whole;
    zsc_quantised out;
} quantiser;

/* residual (rows x width): what the projection leaves of `rows` rows, or all of them; lengths: squares of the rows'. */
static void find_residuals(const quantiser *z, const int32_t *pick, size_t rows, workspace *w)
{
    const zsc_centred_rows *c = z->c;
    const zsc_projection *p = z->p;
    for (size_t r = 0; r < rows; r++) {
        zsc_centred_rows_vector(c, (size_t)pick[r], w->vector);
        w->lengths[r] = zsc_vector_squares(w->vector, c->width);
        zsc_vector_widen(w->vector, w->residual + r * c->width, c->width);
        const float *y = z->whole ? NULL : p->coordinates + (size_t)pick[r] * p->coordinate_width;
        for (size_t a = 0; y && a < p->depth; a++) w->y[r * p->depth + a] = -(double)y[a]; /* rounded: in the error */
    }
    const zsc_product shape = {rows, c->width, p->depth, p->depth, 1, c->width, c->width, true};
    if (!z->whole) ZSC_SIMD_PICK(zsc_linalg_kernels_of)->product_doubles(&shape, w->y, p->basis, w->residual);
}

/* The scale, of a few, with the least error over a sample: 127 steps for all numbers, or for most. */
static zsc_status choose_scale(quantiser *z, workspace *w)
{
    enum { SAMPLE = 32 };
    static const double shares[] = {1, 0.999, 0.99, 0.97};
    zsc_status status = ZSC_OK;
    size_t n = z->c->n, width = z->c->width, rows = n < SAMPLE ? n : SAMPLE, size = rows * width;
    int32_t pick[SAMPLE];
    double *sizes = NULL, least = HUGE_VAL;
    int8_t *spare = NULL;
    int64_t squares;
    ZSC_NEW_RAW(sizes, size);
    ZSC_NEW_RAW(spare, width);
    for (size_t r = 0; r < rows; r++) pick[r] = (int32_t)zsc_sample_row(r, SAMPLE, n);
    find_residuals(z, pick, rows, w);
    for (size_t i = 0; i < size; i++) sizes[i] = fabs(w->residual[i]);
    zsc_sample_sort(sizes, size);
    z->out.scale = 1;
    for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
        float scale = (float)(sizes[(size_t)(shares[s] * (double)(size - 1))] / 127);
        double error = 0;
        for (size_t r = 0; r < rows && scale > 0; r++)
            error += z->out.kernels->quantise(w->residual + r * width, width, (double)scale, spare, &squares);
        if (scale > 0 && error < least) {
            least = error;
            z->out.scale = scale;
        }
    }
done:
    free(spare);
    free(sizes);
    return status;
}

static void quantise_rows(quantiser *z, const int32_t *order, size_t from, size_t rows, workspace *w)
{
    size_t width = z->c->width;
    find_residuals(z, order + from, rows, w);
    for (size_t r = 0; r < rows; r++) {
        double error = sqrt(z->out.kernels->quantise(w->residual + r * width, width, (double)z->out.scale,
                                                     z->out.vectors + (from + r) * z->out.stride,
                                                     &z->out.squares[from + r]));
        error = error * (1 + 0x1p-20) + sqrt(w->lengths[r]) * 0x1p-22 +
                ZSC_UNDERFLOW; /* the vector's own rounding, and that of its projection */
        z->out.error[from + r] = isfinite(error) ? (float)(error * (1 + 0x1p-22)) : INFINITY;
    }
}

zsc_status zsc_quantise(const zsc_centred_rows *c, const zsc_projection *p, bool whole, const int32_t *order,
                        int threads, zsc_quantised *out)
{
    zsc_status status = ZSC_OK;
    quantiser z = {c, p, whole, {.stride = (c->width + 31) / 32 * 32, .kernels = c->kernels}};
    workspace *w = NULL;
    ZSC_NEW(w, (size_t)threads);
    for (int t = 0; t < threads; t++) {
        ZSC_NEW_RAW(w[t].vector, c->width);
        ZSC_NEW_RAW(w[t].residual, CHUNK * c->width);
        ZSC_NEW_RAW(w[t].y, CHUNK * p->depth);
    }
    ZSC_NEW(z.out.vectors, c->n * z.out.stride);
    ZSC_NEW(z.out.error, c->n);
    ZSC_NEW(z.out.squares, c->n);
    ZSC_TRY(choose_scale(&z, &w[0]));
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t from = 0; from < c->n; from += CHUNK)
        quantise_rows(&z, order, from, c->n - from < CHUNK ? c->n - from : CHUNK, &w[zsc_thread_number()]);
    *out = z.out;
    z.out = (zsc_quantised){0};
done:
    for (int t = 0; w && t < threads; t++) {
        free(w[t].vector);
        free(w[t].residual);
        free(w[t].y);
    }
    free(w);
    zsc_quantised_free(&z.out);
    return status;
}

void zsc_quantised_free(zsc_quantised *q)
{
    free(q->vectors);
    free(q->error);
    free(q->squares);
    *q = (zsc_quantised){0};
}

size_t zsc_quantise_memory(size_t width, size_t depth, int threads)
{
    return (size_t)threads * (CHUNK * (width + depth) * 8 + width * 4);
}
