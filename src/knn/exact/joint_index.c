/* Squared Euclidean distances of concatenated rows are sums over the feature blocks: |(a, b) - (a', b')|^2 =
 * |a - a'|^2 + |b - b'|^2; and sums of lower bounds bound the sum. The common order is made from the first coordinates
 * of all feature blocks side by side, so that rows stand together that are near in all of them. */
#include "knn/exact/joint_index.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "knn/blocks/pd_tree.h"

enum {
    LEAST = 48,         /* coordinates of a projection whose values are added to those of others */
    SIDE_BY_SIDE = 1024 /* coordinates of all feature blocks that the order is made from */
};

static size_t coordinates_of(const zsc_joint_index *j, size_t f)
{
    size_t most = SIDE_BY_SIDE / j->features > 2 ? SIDE_BY_SIDE / j->features : 2;
    size_t width = j->index[f].projection.coordinate_width;
    return width < most ? width : most;
}

/* z (n x width): the first coordinates of all feature blocks. */
static void side_by_side(const zsc_joint_index *j, size_t width, float *z)
{
    for (size_t i = 0; i < j->n; i++) {
        float *to = z + i * width;
        for (size_t f = 0; f < j->features; f++) {
            const zsc_projection *p = &j->index[f].projection;
            size_t many = coordinates_of(j, f);
            memcpy(to, p->coordinates + i * p->coordinate_width, many * sizeof *to);
            to += many;
        }
    }
}

/* One order for all feature blocks. */
static zsc_status arrange(zsc_joint_index *j, size_t k, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    size_t width = 0;
    float *z = NULL;
    zsc_knn_rows rows = {0};
    zsc_centred_rows centred = {0};
    zsc_projection projection = {0};
    for (size_t f = 0; f < j->features; f++) width += coordinates_of(j, f);
    if (width == 0) return ZSC_OK; /* so few rows that no order matters */
    ZSC_NEW_RAW(z, j->n * width);
    side_by_side(j, width, z);
    ZSC_TRY(zsc_knn_rows_make(z, width, NULL, j->n, ZSC_EUCLIDEAN, exec, &rows));
    ZSC_TRY(zsc_centred_rows_make(&rows, 0, zsc_threads(exec), &centred));
    ZSC_TRY(zsc_projection_make(&centred, k, 0, exec, &projection));
    ZSC_TRY(zsc_block_index_arrange(&j->index[0], projection.coordinates, projection.coordinate_width, exec));
    for (size_t f = 1; f < j->features; f++) memcpy(j->index[f].order, j->index[0].order, j->n * sizeof(int32_t));
done:
    free(z);
    zsc_projection_free(&projection);
    zsc_centred_rows_free(&centred);
    zsc_knn_rows_free(&rows);
    return status;
}

/* Feature blocks in parallel: much of an index's making is one thread's work. What goes wrong is reported by the
 * caller's thread. */
static zsc_status each_index(zsc_joint_index *j, bool begin, size_t k, double scale, int threads)
{
    enum { TEXT = 200 };
    char message[TEXT];
    zsc_status status = ZSC_OK;
    const zsc_block_plan plan = {.nearest = k, .least = LEAST, .scale = scale};
    const zsc_exec alone = {.threads = 1};
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t f = 0; f < j->features; f++) {
        zsc_status made = begin ? zsc_block_index_begin(&j->rows[f], &plan, &alone, &j->index[f])
                                : zsc_block_index_finish(&j->index[f], false, &alone);
        if (made == ZSC_OK) continue;
#pragma omp critical
        {
            status = made;
            snprintf(message, sizeof message, "feature block %zu: %s", f, zsc_error_message());
        }
    }
    return status == ZSC_OK ? ZSC_OK : zsc_fail(status, "%s", message);
}

static zsc_status pass_gate(const zsc_joint_index *j, const zsc_joint_gate *gate)
{
    zsc_status status = ZSC_OK;
    zsc_block_shape *shapes = NULL;
    if (!gate) return ZSC_OK;
    ZSC_NEW(shapes, j->features);
    for (size_t f = 0; f < j->features; f++) shapes[f] = zsc_block_index_shape(&j->index[f]);
    status = gate->pass(gate->data, shapes, j->features);
done:
    free(shapes);
    return status;
}

static zsc_status make_indices(zsc_joint_index *j, size_t k, const zsc_joint_gate *gate, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    double scale = HUGE_VAL;
    for (size_t f = 0; f < j->features; f++) {
        double own;
        ZSC_TRY(zsc_centred_rows_scale(&j->rows[f], &own));
        if (own < scale) scale = own; /* that of the widest spread */
    }
    ZSC_TRY(each_index(j, true, k, scale, zsc_threads(exec)));
    ZSC_TRY(pass_gate(j, gate));
    ZSC_TRY(arrange(j, k, exec));
    ZSC_TRY(each_index(j, false, k, scale, zsc_threads(exec)));
done:
    return status;
}

static zsc_status add_errors(const zsc_joint_index *j, zsc_concatenation *c)
{
    zsc_status status = ZSC_OK;
    const zsc_block_index *first = &j->index[c->member[0]];
    c->error = first->quantised.error;
    c->error_bound = first->error_bound;
    if (c->members == 1) return ZSC_OK;
    ZSC_NEW_RAW(c->sums[0], j->n);
    ZSC_NEW_RAW(c->sums[1], j->n);
    for (size_t at = 0; at < j->n; at++) {
        double squares = 0, bound = 0;
        for (size_t m = 0; m < c->members; m++) {
            const zsc_block_index *index = &j->index[c->member[m]];
            if (index->quantised.error)
                squares += (double)index->quantised.error[at] * (double)index->quantised.error[at];
            bound += (double)index->error_bound[at];
        }
        c->sums[0][at] = (float)(sqrt(squares) * (1 + 0x1p-22));
        c->sums[1][at] = (float)(bound * (1 + 0x1p-22));
    }
    c->error = c->sums[0];
    c->error_bound = c->sums[1];
done:
    return status;
}

static zsc_status make_concatenations(zsc_joint_index *j, const size_t *offset, const size_t *member)
{
    zsc_status status = ZSC_OK;
    size_t made = 0;
    ZSC_NEW(j->concatenation, j->count);
    ZSC_NEW(j->first_user, j->features + 1);
    ZSC_NEW(j->user, offset[j->count]);
    for (size_t c = 0; c < j->count; c++) {
        j->concatenation[c].member = member + offset[c];
        j->concatenation[c].members = offset[c + 1] - offset[c];
        ZSC_TRY(add_errors(j, &j->concatenation[c]));
    }
    for (size_t f = 0; f < j->features; f++) {
        for (size_t c = 0; c < j->count; c++)
            for (size_t m = 0; m < j->concatenation[c].members; m++)
                if (j->concatenation[c].member[m] == f) j->user[made++] = c;
        j->first_user[f + 1] = made;
    }
done:
    return status;
}

/* What follows from its indices. */
static zsc_status describe(zsc_joint_index *j, const size_t *offset, const size_t *member)
{
    zsc_status status = ZSC_OK;
    j->blocks = j->index[0].blocks;
    ZSC_NEW(j->shape, j->features);
    for (size_t f = 0; f < j->features; f++) {
        j->shape[f] = zsc_block_index_shape(&j->index[f]);
        j->projected = j->projected || j->index[f].panels;
        if (j->index[f].vectors.width > j->widest) j->widest = j->index[f].vectors.width;
    }
    status = make_concatenations(j, offset, member);
done:
    return status;
}

static zsc_status pass_single(const void *data, const zsc_block_shape *shape)
{
    const zsc_joint_gate *gate = data;
    return gate->pass(gate->data, shape, 1);
}

zsc_status zsc_joint_index_make(const zsc_knn_rows *rows, size_t features, const size_t *offset, const size_t *member,
                                size_t count, size_t k, const zsc_joint_gate *gate, const zsc_exec *exec,
                                zsc_joint_index *out)
{
    zsc_status status = ZSC_OK;
    zsc_joint_index j = {.n = rows[0].count, .features = features, .count = count, .rows = rows};
    const zsc_block_gate single = {pass_single, gate};
    ZSC_NEW(j.index, features);
    if (features == 1)
        ZSC_TRY(zsc_block_index_make(&rows[0], &(zsc_block_plan){.nearest = k, .gate = gate ? &single : NULL}, exec,
                                     &j.index[0]));
    else
        ZSC_TRY(make_indices(&j, k, gate, exec));
    ZSC_TRY(describe(&j, offset, member));
    *out = j;
    j = (zsc_joint_index){0};
done:
    zsc_joint_index_free(&j);
    return status;
}

zsc_status zsc_joint_index_make_in(const zsc_block_index *space, const zsc_knn_rows *rows, const zsc_exec *exec,
                                   zsc_joint_index *out)
{
    static const size_t offset[] = {0, 1}, member[] = {0};
    zsc_status status = ZSC_OK;
    zsc_joint_index j = {.n = rows->count, .features = 1, .count = 1, .rows = rows};
    ZSC_NEW(j.index, 1);
    ZSC_TRY(zsc_block_index_make_in(space, rows, exec, &j.index[0]));
    ZSC_TRY(describe(&j, offset, member));
    *out = j;
    j = (zsc_joint_index){0};
done:
    zsc_joint_index_free(&j);
    return status;
}

void zsc_joint_index_free(zsc_joint_index *j)
{
    for (size_t c = 0; j->concatenation && c < j->count; c++) {
        free(j->concatenation[c].sums[0]);
        free(j->concatenation[c].sums[1]);
    }
    for (size_t f = 0; j->index && f < j->features; f++) zsc_block_index_free(&j->index[f]);
    free(j->index);
    free(j->shape);
    free(j->concatenation);
    free(j->user);
    free(j->first_user);
    *j = (zsc_joint_index){0};
}

size_t zsc_joint_index_kept(const zsc_block_shape *shapes, size_t features, size_t count)
{
    size_t bytes = features > 1 ? count * shapes[0].n * 8 : 0;
    for (size_t f = 0; f < features; f++) bytes += zsc_block_shape_kept(&shapes[f]);
    return bytes;
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* The coordinates of all feature blocks, and those side by side. */
static size_t coordinates_memory(const zsc_block_shape *shapes, size_t features, size_t *width)
{
    size_t each = larger(SIDE_BY_SIDE / features, 2), bytes = 0;
    *width = 0;
    for (size_t f = 0; f < features; f++) {
        const zsc_block_shape *s = &shapes[f];
        *width += s->coordinates < each ? s->coordinates : each;
        bytes += s->n * (s->coordinates * 4 + 12) + s->basis * s->width * 8;
    }
    return bytes;
}

/* Beside the coordinates of those before, each worker's finding of another projection. */
size_t zsc_joint_index_beginning(const zsc_block_shape *shapes, size_t features, int threads)
{
    size_t width, workers = (size_t)threads < features ? (size_t)threads : features, widest = 0;
    for (size_t f = 0; f < features; f++) widest = larger(widest, shapes[f].width);
    size_t before = features > workers ? coordinates_memory(shapes, features - workers, &width) : 0;
    return before + workers * (zsc_projection_find_memory(shapes[0].n, 0, widest, 1) + shapes[0].n * 12);
}

/* The common order, then what is kept: feature blocks let go of their coordinates as they are finished. */
size_t zsc_joint_index_making(const zsc_block_shape *shapes, size_t features, size_t count, int threads)
{
    size_t width, coordinates = coordinates_memory(shapes, features, &width), n = shapes[0].n;
    if (features == 1) return zsc_block_shape_making(&shapes[0], threads);
    size_t order = n * width * 4 + zsc_projection_find_memory(n, 0, width, threads);
    bool may;
    size_t most = zsc_projection_most(n, width, &may), tree = n * ZSC_PD_TREE_MOST * 4 + zsc_pd_tree_memory(n),
           applying = zsc_projection_apply_memory(width, most, threads);
    size_t ordered = n * width * 4 + n * most * 4 + most * width * 8 + larger(tree, applying);
    size_t finished = 0, now = coordinates;
    for (size_t f = 0; f < features; f++) {
        const zsc_block_shape *s = &shapes[f];
        now += zsc_block_shape_kept(s) - s->n * 12;
        finished = larger(finished, now + (size_t)threads * zsc_quantise_memory(s->width, s->depth, 1));
        if (f + 1 >= (size_t)threads) {
            const zsc_block_shape *done = &shapes[f + 1 - (size_t)threads];
            now -= done->n * done->coordinates * 4 + done->basis * done->width * 8;
        }
    }
    size_t made = larger(coordinates + larger(order, ordered), finished + count * n * 8);
    return larger(made, zsc_joint_index_beginning(shapes, features, threads));
}
