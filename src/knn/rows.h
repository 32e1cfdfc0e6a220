/* The rows of a search under its metric, and the exact distance of any two. */
#ifndef ZSC_KNN_ROWS_H
#define ZSC_KNN_ROWS_H

#include "knn/kernels/kernels.h"
#include "zsc/knn.h"

/* Row i of a search is row `row[i]` of x. For cosine and correlation each row stands for
 * (x - mean) * inverse, inverse being one over its length, or 0 for a row of length 0. */
typedef struct zsc_knn_rows {
    const float *x;
    size_t d, count;
    const int32_t *row; /* count; NULL: row i is row i of x */
    zsc_metric metric;
    double *mean, *inverse; /* count each; NULL where the metric does not need them */
    double *extra;          /* count: a coordinate more (zsc_knn_rows_lengthen); NULL: 0 */
    double *offset;         /* count: the squared distance of the lengthened rows is this and twice the measure */
} zsc_knn_rows;

/* x and row are the caller's and stay so. */
zsc_status zsc_knn_rows_make(const float *x, size_t d, const int32_t *row, size_t count, zsc_metric metric,
                             const zsc_exec *exec, zsc_knn_rows *out);
void zsc_knn_rows_free(zsc_knn_rows *rows);

/* Inner products: gives each key a coordinate more, which makes all keys equally long, so that the nearest of a query,
 * whose own is 0, are those of the largest products: |q - k|^2 = |q|^2 + longest^2 - 2 q.k (Bachrach et al. 2014). */
zsc_status zsc_knn_rows_lengthen(zsc_knn_rows *keys, zsc_knn_rows *queries, const zsc_exec *exec);

/* Rows from .. from + count - 1, which have a list of rows; nothing of it is to be freed. */
static inline zsc_knn_rows zsc_knn_rows_part(const zsc_knn_rows *rows, size_t from, size_t count)
{
    zsc_knn_rows part = *rows;
    part.row = rows->row + from;
    part.count = count;
    if (rows->mean) part.mean = rows->mean + from;
    if (rows->inverse) part.inverse = rows->inverse + from;
    if (rows->extra) part.extra = rows->extra + from;
    if (rows->offset) part.offset = rows->offset + from;
    return part;
}

static inline const float *zsc_knn_rows_at(const zsc_knn_rows *rows, size_t i)
{
    return rows->x + (rows->row ? (size_t)rows->row[i] : i) * rows->d;
}

/* Asks for row i to be brought into cache. */
static inline void zsc_knn_rows_prefetch(const zsc_knn_rows *rows, size_t i)
{
    const char *row = (const char *)zsc_knn_rows_at(rows, i);
    for (size_t byte = 0; byte < rows->d * sizeof(float); byte += 64) __builtin_prefetch(row + byte);
}

/* Whether row i is compared by its direction alone; whether distances are those of a scalar product. */
static inline bool zsc_knn_rows_angular(const zsc_knn_rows *rows)
{
    return rows->metric == ZSC_COSINE || rows->metric == ZSC_CORRELATION;
}
static inline bool zsc_knn_rows_products(const zsc_knn_rows *rows)
{
    return rows->metric == ZSC_EUCLIDEAN || rows->metric == ZSC_INNER_PRODUCT || zsc_knn_rows_angular(rows);
}

/* An angle below this, about where single precision ends, may be one of rounding alone: rows that are multiples of each
 * other are at 0 though their unit vectors are not, so that bounds of these tell nothing here. */
#define ZSC_NO_ANGLE 0x1p-52

/* The distance of rows i and j in double: squared for the Euclidean metric, plain for all others. Computed from
 * differences: never negative, and 0 only for rows that are equal (under the metric). Inner product: minus that. */
double zsc_knn_rows_measure(const zsc_knn_rows *rows, const zsc_row_kernels *kernels, size_t i, size_t j);
/* The same of row i of A and row j of B, which have one width and metric. */
double zsc_knn_rows_measure_between(const zsc_knn_rows *a, size_t i, const zsc_knn_rows *b, size_t j,
                                    const zsc_row_kernels *kernels);

/* What goes into results: from a measure, and from two rows. */
float zsc_knn_rows_rounded(const zsc_knn_rows *rows, double measure);
float zsc_knn_rows_distance(const zsc_knn_rows *rows, const zsc_row_kernels *kernels, size_t i, size_t j);

#endif
