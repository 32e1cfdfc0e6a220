/* Draws from distributions, the same bits on every processor (base/elementary.h): those that GSL draws from the same
 * stream, but for the last digit of its powers and logarithms. Each takes as many numbers from the stream as it needs.
 */
#ifndef ZSC_SIMULATE_DRAWS_H
#define ZSC_SIMULATE_DRAWS_H

#include <stddef.h>

#include "base/random.h"
#include "zsc/status.h"

double zsc_draw_normal(zsc_stream *stream);                            /* of mean 0 and deviation 1 */
double zsc_draw_gamma(zsc_stream *stream, double shape, double scale); /* of mean shape x scale; shape > 0 */
double zsc_draw_pareto(zsc_stream *stream, double exponent); /* at least 1; above x with probability x^-exponent */
unsigned zsc_draw_poisson(zsc_stream *stream, double mean);  /* mean of a few: takes mean + 1 numbers, about */

/* Draws of 0 .. count - 1 with given weights. */
typedef struct zsc_draw_weighted {
    size_t count;
    double *own; /* count: of the interval of each, up to where it is itself; beyond it is its alias */
    size_t *alias;
} zsc_draw_weighted;

/* weight: count >= 1 numbers, not all of them 0; *out is set on success only. ZSC_EINTERNAL: out of memory. */
zsc_status zsc_draw_weighted_make(const double *weight, size_t count, zsc_draw_weighted *out);
void zsc_draw_weighted_free(zsc_draw_weighted *table);
size_t zsc_draw_weighted_next(const zsc_draw_weighted *table, zsc_stream *stream);

#endif
