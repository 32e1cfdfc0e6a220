/* One edge update of the layout in double precision, coordinate by coordinate: what the kernels are held against. */
#ifndef ZSC_TESTS_PLAIN_UMAP_H
#define ZSC_TESTS_PLAIN_UMAP_H

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "umap/kernels.h"

/* The force of another row on `mine`, each coordinate clipped to [-4, 4]. Returns its length before clipping. */
static inline double plain_force(const zsc_umap_sgd *v, const double *mine, const double *other, bool pull,
                                 double *force)
{
    double d2 = 0, length = 0;
    for (size_t f = 0; f < v->dim; f++) d2 += (mine[f] - other[f]) * (mine[f] - other[f]);
    double power = pow(d2, v->b), c = pull ? -2 * v->a * v->b * power / (d2 * (1 + v->a * power))
                                           : 2 * v->gamma * v->b / ((0.001 + d2) * (1 + v->a * power));
    for (size_t f = 0; f < v->dim; f++) {
        force[f] = d2 == 0 ? 4 : fmin(fmax(c * (mine[f] - other[f]), -4), 4);
        length += c * c * (mine[f] - other[f]) * (mine[f] - other[f]);
    }
    return d2 == 0 ? INFINITY : sqrt(length);
}

/* One visit in double precision: the first seven negatives share the edge's tile, further ones come eight at a time. A
 * tile's forces are taken at one place of the head; with a force longer than 4, or where a row is its own negative, the
 * head moves after each. */
static inline void plain_visit(const zsc_umap_sgd *v, double *y, int32_t head, int32_t tail, const int32_t *negative)
{
    double *mine = y + (size_t)head * v->dim, *other = y + (size_t)tail * v->dim;
    for (size_t done = 0, tile = 0; tile == 0 || done < v->negatives; tile++) {
        double there[256], pull[256] = {0}, force[256], at[256];
        size_t capacity = tile == 0 ? 7 : 8, to = done + capacity < v->negatives ? done + capacity : v->negatives;
        bool in_turn = tile == 0 && plain_force(v, mine, other, true, pull) > 4;
        for (int pass = 0; pass < 2; pass++) { /* the first looks, the second moves */
            memcpy(at, mine, v->dim * sizeof *at);
            for (size_t f = 0; f < v->dim && pass; f++) {
                other[f] -= v->alpha * pull[f];
                mine[f] += v->alpha * pull[f];
            }
            for (size_t m = done; m < to; m++) {
                if (v->pool_row && v->pool_row[negative[m]] == head) {
                    in_turn = true;
                    continue;
                }
                for (size_t f = 0; f < v->dim; f++) there[f] = v->pool[(size_t)negative[m] * v->stride + f];
                double length = plain_force(v, pass && in_turn ? mine : at, there, false, force);
                in_turn = in_turn || (!pass && length > 4);
                for (size_t f = 0; f < v->dim && pass; f++) mine[f] += v->alpha * force[f];
            }
        }
        done = to;
    }
}

#endif
