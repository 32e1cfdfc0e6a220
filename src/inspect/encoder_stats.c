/* One pass in blocks of rows. Rows and columns are compared by hash (128 bits). */
#include "inspect/encoder_stats.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "inspect/digests.h"

typedef struct pass {
    size_t d;
    zsc_row_digest *row; /* n */
    size_t done, finite;
    double sum, squares; /* of the lengths of finite rows, less the first one's */
    double origin;
    uint64_t (*column)[2]; /* d: sums of keyed bit patterns */
    float *first;          /* d: the first row */
    bool *varies;          /* d */
    double *length;        /* of a block's rows */
    uint8_t *kind;         /* of a block's rows: bits below */
} pass;

enum { HAS_NAN = 1, HAS_INFINITY = 2, ALL_ZERO = 4, ALL_SAME = 8 };

static void measure_row(const float *row, size_t d, double *length, uint8_t *kind)
{
    double sum = 0;
    bool same = true, nan = false;
    for (size_t j = 0; j < d; j++) {
        sum += (double)row[j] * (double)row[j];
        same = same && row[j] == row[0];
    }
    *kind = same ? ALL_SAME : 0;
    if (same && row[0] == 0) *kind |= ALL_ZERO;
    if (!isfinite(sum)) { /* squares of floats do not overflow a double: some value is not finite */
        for (size_t j = 0; j < d; j++) {
            nan = nan || isnan(row[j]);
            if (isinf(row[j])) *kind |= HAS_INFINITY;
        }
        if (nan) *kind |= HAS_NAN;
    }
    *length = sqrt(sum);
}

static void hash_columns(pass *s, const float *x, size_t rows, size_t begin, size_t end)
{
    for (size_t i = 0; i < rows; i++) {
        const float *row = x + i * s->d;
        uint64_t key = zsc_mix64(s->done + i + 1) | 1, other = zsc_mix64(~(s->done + i)) | 1;
        for (size_t j = begin; j < end; j++) {
            uint32_t bits;
            memcpy(&bits, row + j, sizeof bits);
            s->column[j][0] += key * zsc_mix64(bits);
            s->column[j][1] += other * (zsc_mix64(bits) >> 3);
            s->varies[j] |= row[j] != s->first[j];
        }
    }
}

static void measure_block(pass *s, zsc_encoder_stats *e, const float *x, size_t rows, int threads)
{
    enum { STRIP = 32 };
    size_t d = s->d, strips = (d + STRIP - 1) / STRIP;
    if (s->done == 0) memcpy(s->first, x, d * sizeof *x);
#pragma omp parallel num_threads(threads)
    {
#pragma omp for schedule(static)
        for (size_t i = 0; i < rows; i++) {
            measure_row(x + i * d, d, &s->length[i], &s->kind[i]);
            s->row[s->done + i] = (zsc_row_digest){zsc_hash_bytes(x + i * d, d * sizeof *x), (uint32_t)(s->done + i)};
        }
#pragma omp for schedule(dynamic, 1)
        for (size_t strip = 0; strip < strips; strip++)
            hash_columns(s, x, rows, strip * STRIP, (strip + 1) * STRIP < d ? (strip + 1) * STRIP : d);
    }
    for (size_t i = 0; i < rows; i++) {
        uint8_t kind = s->kind[i];
        e->nan_rows += (kind & HAS_NAN) != 0;
        e->infinite_rows += (kind & HAS_INFINITY) != 0;
        e->zero_rows += (kind & ALL_ZERO) != 0;
        e->constant_rows += (kind & ALL_SAME) != 0 && d > 1;
        if (kind & (HAS_NAN | HAS_INFINITY)) continue;
        if (s->finite++ == 0) s->origin = e->norm_least = e->norm_most = s->length[i];
        e->norm_least = fmin(e->norm_least, s->length[i]);
        e->norm_most = fmax(e->norm_most, s->length[i]);
        double difference = s->length[i] - s->origin;
        s->sum += difference;
        s->squares += difference * difference;
    }
    s->done += rows;
}

static zsc_status finish(pass *s, zsc_encoder_stats *e)
{
    zsc_status status = ZSC_OK;
    zsc_row_digests rows = {s->row, s->done, s->done}, columns = {0};
    double count = (double)s->finite, mean = s->sum / count;
    e->norm_mean = s->finite ? s->origin + mean : NAN;
    e->norm_sd = s->finite ? sqrt(fmax(0, s->squares / count - mean * mean)) : NAN;
    if (!s->finite) e->norm_least = e->norm_most = NAN;
    status = zsc_row_digests_sort(&rows);
    s->row = rows.item; /* sorting may have moved them */
    if (status != ZSC_OK) return status;
    e->repeated_rows = zsc_row_digests_repeats(&rows, NULL, NULL);
    ZSC_NEW(columns.item, s->d);
    columns.count = s->d;
    for (size_t j = 0; j < s->d; j++) {
        columns.item[j] = (zsc_row_digest){{s->column[j][0], s->column[j][1]}, (uint32_t)j};
        e->constant_columns += s->done > 1 && !s->varies[j];
    }
    ZSC_TRY(zsc_row_digests_sort(&columns));
    e->repeated_columns = s->done ? zsc_row_digests_repeats(&columns, NULL, NULL) : 0;
done:
    free(columns.item);
    return status;
}

/* Moves the rows of X that are taken together; how many there are. */
static size_t take_rows(float *x, size_t rows, size_t d, const bool *taken)
{
    size_t kept = 0;
    for (size_t i = 0; i < rows; i++) {
        if (!taken[i]) continue;
        if (kept < i) memcpy(x + kept * d, x + i * d, d * sizeof *x);
        kept++;
    }
    return kept;
}

zsc_status zsc_encoder_stats_read(zsc_embeddings *v, const zsc_encoder *from, const bool *taken, const zsc_exec *exec,
                                  zsc_encoder_stats *e)
{
    zsc_status status = ZSC_OK;
    pass s = {.d = from->d};
    float *block = NULL;
    int threads = zsc_threads(exec);
    size_t rows = from->block < 65536 ? from->block : 65536;
    if (rows > from->n) rows = from->n;
    e->norm_least = e->norm_mean = e->norm_sd = e->norm_most = NAN;
    if (from->n == 0 || from->d == 0) return ZSC_OK;
    ZSC_NEW_RAW(block, rows * s.d);
    ZSC_NEW_RAW(s.row, from->n);
    ZSC_NEW(s.column, s.d);
    ZSC_NEW(s.first, s.d);
    ZSC_NEW(s.varies, s.d);
    ZSC_NEW(s.length, rows);
    ZSC_NEW(s.kind, rows);
    for (size_t i = 0; i < from->n; i += rows) {
        size_t count = from->n - i < rows ? from->n - i : rows;
        ZSC_TRY(zsc_embeddings_rows(v, from, i, count, block));
        size_t kept = taken ? take_rows(block, count, s.d, taken + i) : count;
        if (kept) measure_block(&s, e, block, kept, threads);
        if (!zsc_progress(exec, from->name, (double)(i + count), (double)from->n)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
    }
    if (taken) e->n = s.done;
    if (s.done) ZSC_TRY(finish(&s, e));
done:
    free(block);
    free(s.row);
    free(s.column);
    free(s.first);
    free(s.varies);
    free(s.length);
    free(s.kind);
    return status;
}
