/* Blocks of rows, and why no near pair is lost.
 *
 * With u = 2^-24, K = depth: the kernel's dot product, in any order, is off by at most K u / (1 - K u) |y_i| |y_j|
 * <= K u (|y_i|^2 + |y_j|^2) / 2 (Higham, Accuracy and Stability, 2nd ed., section 3.1). y_i itself is off by rho_i <=
 * 2 u |w_i| (two roundings to float); from |y_i - y_j| <= sqrt(T) + r, r = rho_i + rho_j, and 2 sqrt(T) r <= eta T +
 * r^2 / eta with eta = 2^-12 follows |y_i - y_j|^2 <= T (1 + eta) + 2 (1 + 1/eta) (rho_i^2 + rho_j^2), whose last term
 * is below 2^-30 (|w_i|^2 + |w_j|^2). Hence half_i = (|y_i|^2 (1 - (K + 20) u) - 2^-30 |w_i|^2) / 2, and limits are
 * raised by 2^-11, which also covers the roundings of the comparison. Underflow of squares of numbers far below 1 is
 * covered by adding ZSC_UNDERFLOW to the limits; overflow makes infinities and NaNs, which the kernels let through. */
#include "knn/blocks/block_index.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/blocks/pd_tree.h"

enum { FEW = 4 }; /* blocks that need no order */

/* --- Order */
static void find_centroid(zsc_block_index *index, size_t b, const float *near, size_t q)
{
    size_t rows = zsc_block_rows(index, b), m = q < ZSC_BLOCK_CENTROID ? q : ZSC_BLOCK_CENTROID;
    for (size_t a = 0; a < m; a++) {
        double sum = 0;
        for (size_t r = 0; r < rows; r++) sum += (double)near[(size_t)index->order[b * ZSC_TILE + r] * q + a];
        index->centroid[b * ZSC_BLOCK_CENTROID + a] = isfinite(sum) ? (float)(sum / (double)rows) : 0;
    }
}

zsc_status zsc_block_index_arrange(zsc_block_index *index, const float *z, size_t width, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    size_t q = width < ZSC_PD_TREE_MOST ? width : ZSC_PD_TREE_MOST;
    float *near = NULL;
    ZSC_NEW_RAW(near, index->n * q);
    for (size_t i = 0; i < index->n; i++) memcpy(near + i * q, z + i * width, q * sizeof *z);
    ZSC_TRY(zsc_pd_tree_order(near, index->n, q, ZSC_TILE, "knn", exec, index->order));
    for (size_t b = 0; b < index->blocks; b++) find_centroid(index, b, near, q);
done:
    free(near);
    return status;
}

/* --- Halves, panels */
static float half_of(const zsc_block_index *index, double squares, double full_squares)
{
    if (index->tile != ZSC_TILE_PRODUCTS) return 0;
    double unit = 0x1p-24, half = (squares * (1 - (double)(index->depth + 20) * unit) - 0x1p-30 * full_squares) / 2;
    return isnan(half) ? INFINITY : nextafterf((float)half, -INFINITY);
}

/* The other way round: half the squared length of P (w_i - w_j) is at most (v + bound_i + bound_j) (1 + 2^-10), v being
 * the tile's value. */
static float error_bound_of(const zsc_block_index *index, double squares, double full_squares)
{
    double bound = (double)(index->depth + 20) * 0x1p-24 * squares + 0x1p-29 * full_squares + ZSC_UNDERFLOW;
    return isfinite(bound) ? (float)(bound * (1 + 0x1p-20)) : INFINITY;
}

/* y: projected coordinates; NULL: the vectors themselves. */
static zsc_status find_halves(zsc_block_index *index, const float *y, int threads)
{
    zsc_status status = ZSC_OK;
    float *vectors = NULL;
    size_t width = index->vectors.width;
    ZSC_NEW(vectors, width * (size_t)threads);
    if (index->tile == ZSC_TILE_PRODUCTS) ZSC_NEW(index->error_bound, index->n);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t at = 0; at < index->blocks * ZSC_TILE; at++) {
        if (at >= index->n) {
            index->half[at] = index->tile == ZSC_TILE_PRODUCTS ? INFINITY : 0;
            continue;
        }
        float *vector = vectors + width * (size_t)zsc_thread_number();
        zsc_centred_rows_vector(&index->vectors, (size_t)index->order[at], vector);
        double whole = zsc_vector_squares(vector, width);
        double squares = y ? zsc_vector_squares(y + (size_t)index->order[at] * index->depth, index->depth) : whole;
        index->half[at] = half_of(index, squares, whole);
        if (index->error_bound) index->error_bound[at] = error_bound_of(index, squares, whole);
    }
done:
    free(vectors);
    return status;
}

static void fill_panels(zsc_block_index *index, const float *y, int threads)
{
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t b = 0; b < index->blocks; b++) {
        float *panels = index->panels + b * ZSC_TILE * index->depth;
        size_t rows = zsc_block_rows(index, b);
        if (rows < ZSC_TILE) memset(panels, 0, ZSC_TILE * index->depth * sizeof *panels);
        for (size_t r = 0; r < rows; r++)
            index->kernels->put(y + (size_t)index->order[b * ZSC_TILE + r] * index->depth, index->depth, r, panels);
    }
}

void zsc_block_index_fill(const zsc_block_index *index, size_t b, float *vector, float *panels)
{
    size_t rows = zsc_block_rows(index, b);
    if (rows < ZSC_TILE) memset(panels, 0, ZSC_TILE * index->depth * sizeof *panels);
    for (size_t r = 0; r < rows; r++) {
        zsc_centred_rows_vector(&index->vectors, (size_t)index->order[b * ZSC_TILE + r], vector);
        index->kernels->put(vector, index->depth, r, panels);
    }
}

/* --- Distances and values */
/* Of lengthened rows (zsc_knn_rows_lengthen): the squared distance is a difference of large numbers, whose roundings
 * are below 2^-44 of these. */
static double product_limit(const zsc_block_index *index, size_t at, float distance)
{
    double offset = index->vectors.rows->offset[index->order[at]], scale = index->vectors.scale;
    double squares = offset * (1 + 0x1p-44) + 2 * ((double)distance + fabs((double)distance) * 0x1p-22);
    return fmax(squares, 0) * scale * scale * (1 + 0x1p-11) / 2 + ZSC_UNDERFLOW;
}

float zsc_block_index_limit(const zsc_block_index *index, size_t at, float distance)
{
    double d = (double)distance * (1 + 0x1p-22), scaled = d * index->vectors.scale, limit;
    if (index->vectors.rows->metric == ZSC_INNER_PRODUCT)
        limit = product_limit(index, at, distance);
    else if (index->tile != ZSC_TILE_PRODUCTS)
        limit = scaled * (1 + (double)(index->depth + 32) * 0x1p-23) + ZSC_UNDERFLOW;
    else if (zsc_knn_rows_angular(index->vectors.rows))
        limit = fmax(d, ZSC_NO_ANGLE) * (1 + 0x1p-11) +
                ZSC_UNDERFLOW; /* half the square: the distance is half the squared difference */
    else
        limit = scaled * scaled * (1 + 0x1p-11) / 2 + ZSC_UNDERFLOW;
    return (float)(limit * (1 + 0x1p-22)); /* not below limit once rounded */
}

float zsc_block_index_length_limit(const zsc_block_index *index, float length)
{
    double squares = (double)length * (double)length;
    if (index->vectors.rows->metric != ZSC_INNER_PRODUCT)
        return zsc_block_index_limit(index, 0, zsc_centred_rows_distance(&index->vectors, length));
    return (float)((squares * (1 + 0x1p-11) / 2 + ZSC_UNDERFLOW) * (1 + 0x1p-20));
}

/* The other way round: T / 2 is at most v + 2 (K + 20) u (half_i + half_j), v being the tile's value; what v lost when
 * it was rounded is below u (half_i + half_j + v), for which the factors below leave space. */
void zsc_block_index_bounds(const zsc_block_index *index, size_t at, size_t other, float value, double *low,
                            double *high)
{
    *low = 0;
    *high = INFINITY;
    if (index->tile != ZSC_TILE_PRODUCTS || index->depth < index->vectors.width) return;
    double halves = (double)index->half[at] + (double)index->half[other], v = (double)value;
    double unit = zsc_knn_rows_angular(index->vectors.rows) ? 1 : 2 / (index->vectors.scale * index->vectors.scale);
    double above = (v + 2.5 * (double)(index->depth + 20) * 0x1p-24 * halves + ZSC_UNDERFLOW) * (1 + 0x1p-10) * unit;
    if (!(isfinite(above) && above >= 0)) return;
    *high = above;
    if (v > ZSC_UNDERFLOW) *low = (v - ZSC_UNDERFLOW) * (1 - 0x1p-10) * unit;
}

/* --- The whole */
/* Of rows in the order that they have. */
static zsc_status make_blocks(size_t n, int tile, zsc_block_index *index)
{
    zsc_status status = ZSC_OK;
    index->kernels = ZSC_SIMD_PICK(zsc_tile_kernels_of);
    index->tile = tile;
    index->n = n;
    index->blocks = (n + ZSC_TILE - 1) / ZSC_TILE;
    ZSC_NEW_RAW(index->order, n);
    for (size_t i = 0; i < n; i++) index->order[i] = (int32_t)i;
    ZSC_NEW(index->half, index->blocks * ZSC_TILE);
    ZSC_NEW(index->centroid, index->blocks * ZSC_BLOCK_CENTROID);
done:
    return status;
}

static int tile_of(zsc_metric metric)
{
    return metric == ZSC_MANHATTAN ? ZSC_TILE_ABSOLUTE : metric == ZSC_CHEBYSHEV ? ZSC_TILE_LARGEST : ZSC_TILE_PRODUCTS;
}

zsc_status zsc_block_index_begin(const zsc_knn_rows *rows, const zsc_block_plan *plan, const zsc_exec *exec,
                                 zsc_block_index *out)
{
    zsc_status status = ZSC_OK;
    zsc_block_index index = {0};
    ZSC_TRY(make_blocks(rows->count, tile_of(rows->metric), &index));
    ZSC_TRY(zsc_centred_rows_make(rows, plan->scale, zsc_threads(exec), &index.vectors));
    index.projection.depth = index.vectors.width;
    ZSC_TRY(zsc_ask(exec, "knn"));
    if (index.blocks > FEW && index.vectors.width > 0)
        ZSC_TRY(zsc_projection_find(&index.vectors, NULL, plan->nearest, plan->least, exec, &index.projection));
    index.depth = index.projection.depth;
    if (plan->gate) {
        const zsc_block_shape shape = zsc_block_index_shape(&index);
        ZSC_TRY(plan->gate->pass(plan->gate->data, &shape));
    }
    ZSC_TRY(zsc_ask(exec, "knn"));
    if (index.projection.basis) ZSC_TRY(zsc_projection_apply(&index.vectors, &index.projection, zsc_threads(exec)));
    *out = index;
    index = (zsc_block_index){0};
done:
    zsc_block_index_free(&index);
    return status;
}

static zsc_status finish(zsc_block_index *index, bool whole, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    int threads = zsc_threads(exec);
    bool projected = index->depth < index->vectors.width;
    ZSC_TRY(find_halves(index, projected ? index->projection.coordinates : NULL, threads));
    if (projected) {
        ZSC_NEW_RAW(index->panels, index->blocks * ZSC_TILE * index->depth);
        fill_panels(index, index->projection.coordinates, threads);
        ZSC_TRY(zsc_ask(exec, "knn"));
        ZSC_TRY(zsc_quantise(&index->vectors, &index->projection, whole, index->order, threads, &index->quantised));
    }
done:
    return status;
}

zsc_status zsc_block_index_finish(zsc_block_index *index, bool whole, const zsc_exec *exec)
{
    zsc_status status = finish(index, whole, exec);
    if (status == ZSC_OK) zsc_projection_free(&index->projection);
    return status;
}

zsc_status zsc_block_index_make(const zsc_knn_rows *rows, const zsc_block_plan *plan, const zsc_exec *exec,
                                zsc_block_index *out)
{
    zsc_status status = ZSC_OK;
    zsc_block_index index = {0};
    ZSC_TRY(zsc_block_index_begin(rows, plan, exec, &index));
    if (index.projection.coordinates)
        ZSC_TRY(zsc_block_index_arrange(&index, index.projection.coordinates, index.projection.coordinate_width, exec));
    ZSC_TRY(zsc_block_index_finish(&index, plan->whole, exec));
    *out = index;
    index = (zsc_block_index){0};
done:
    zsc_block_index_free(&index);
    return status;
}

/* --- Indices in one space */
zsc_status zsc_block_index_space(const zsc_knn_rows *keys, const zsc_knn_rows *queries, const zsc_block_plan *plan,
                                 const zsc_exec *exec, zsc_block_index *out)
{
    zsc_status status = ZSC_OK;
    zsc_block_index space = {.kernels = ZSC_SIMD_PICK(zsc_tile_kernels_of), .tile = tile_of(keys->metric)};
    zsc_centred_rows others = {0};
    ZSC_TRY(zsc_centred_rows_make(keys, plan->scale, zsc_threads(exec), &space.vectors));
    zsc_centred_rows_widen(&space.vectors, queries);
    ZSC_TRY(zsc_centred_rows_like(&space.vectors, queries, &others));
    space.projection.depth = space.vectors.width;
    if (space.vectors.width > 0)
        ZSC_TRY(zsc_projection_find(&space.vectors, &others, plan->nearest, plan->least, exec, &space.projection));
    space.depth = space.projection.depth;
    *out = space;
    space = (zsc_block_index){0};
done:
    zsc_centred_rows_free(&others);
    zsc_block_index_free(&space);
    return status;
}

zsc_status zsc_block_index_make_in(const zsc_block_index *space, const zsc_knn_rows *rows, const zsc_exec *exec,
                                   zsc_block_index *out)
{
    zsc_status status = ZSC_OK;
    zsc_block_index index = {.depth = space->depth};
    ZSC_TRY(make_blocks(rows->count, space->tile, &index));
    ZSC_TRY(zsc_centred_rows_like(&space->vectors, rows, &index.vectors));
    if (space->depth < space->vectors.width) {
        index.projection = space->projection;
        status = zsc_projection_apply(&index.vectors, &index.projection, zsc_threads(exec));
        if (status == ZSC_OK)
            status = zsc_block_index_arrange(&index, index.projection.coordinates, index.projection.coordinate_width,
                                             exec);
    }
    if (status == ZSC_OK) status = finish(&index, false, exec);
    index.projection.basis = NULL; /* the space's */
    zsc_projection_free(&index.projection);
    if (status != ZSC_OK) goto done;
    *out = index;
    index = (zsc_block_index){0};
done:
    zsc_block_index_free(&index);
    return status;
}

void zsc_block_index_free(zsc_block_index *index)
{
    zsc_centred_rows_free(&index->vectors);
    zsc_projection_free(&index->projection);
    zsc_quantised_free(&index->quantised);
    free(index->order);
    free(index->half);
    free(index->error_bound);
    free(index->panels);
    free(index->centroid);
    *index = (zsc_block_index){0};
}

/* --- Memory */
zsc_block_shape zsc_block_index_shape(const zsc_block_index *index)
{
    return (zsc_block_shape){.n = index->n,
                             .width = index->vectors.width,
                             .depth = index->depth,
                             .coordinates = index->projection.basis ? index->projection.coordinate_width : 0,
                             .basis = index->projection.basis_rows};
}

zsc_block_shape zsc_block_shape_of(size_t n, size_t d, bool projected)
{
    bool may;
    zsc_block_shape s = {.n = n, .width = d, .depth = d, .coordinates = d, .basis = zsc_projection_most(n, d, &may)};
    if (projected && may) s.depth = s.basis;
    s.coordinates = zsc_block_shape_projected(&s) ? s.depth : d < ZSC_PROJECTION_FEW ? d : ZSC_PROJECTION_FEW;
    if (n <= FEW * ZSC_TILE) s.coordinates = s.basis = 0;
    return s;
}

static size_t padded(size_t n) { return (n + ZSC_TILE - 1) / ZSC_TILE * ZSC_TILE; }

/* Order, halves, centroids, centre: there from the beginning. */
static size_t begun(const zsc_block_shape *s)
{
    return s->n * 4 + padded(s->n) * 4 + padded(s->n) / ZSC_TILE * ZSC_BLOCK_CENTROID * 4 + (s->width + 1) * 8;
}

size_t zsc_block_shape_kept(const zsc_block_shape *s)
{
    size_t bytes = begun(s) + s->n * 4; /* error bounds */
    if (!zsc_block_shape_projected(s)) return bytes;
    return bytes + padded(s->n) * s->depth * 4 + s->n * ((s->width + 31) / 32 * 32 + 12); /* panels, quantised */
}

/* Coordinates and basis, while they are made, while rows are ordered, or beside what is kept. */
size_t zsc_block_shape_making(const zsc_block_shape *s, int threads)
{
    size_t order = s->coordinates < ZSC_PD_TREE_MOST ? s->coordinates : ZSC_PD_TREE_MOST;
    size_t applying = zsc_projection_apply_memory(s->width, s->coordinates, threads),
           ordering = s->n * order * 4 + zsc_pd_tree_memory(s->n), finishing = zsc_block_shape_kept(s) - begun(s);
    if (zsc_block_shape_projected(s)) finishing += zsc_quantise_memory(s->width, s->depth, threads);
    if (s->coordinates == 0) return begun(s) + finishing + (size_t)threads * s->width * 4;
    size_t most = applying > ordering ? applying : ordering;
    return begun(s) + s->n * s->coordinates * 4 + s->basis * s->width * 8 + (most > finishing ? most : finishing);
}

size_t zsc_block_index_memory(size_t n, size_t d, int threads)
{
    const zsc_block_shape shape = zsc_block_shape_of(n, d, true);
    size_t finding = begun(&shape) + zsc_projection_find_memory(n, 0, d, threads),
           making = zsc_block_shape_making(&shape, threads);
    return finding > making ? finding : making;
}
