#include "experiment/series/comparison_effective.h"

#include <math.h>

static void count(double effective, zsc_interval i, zsc_effective_units *e)
{
    if (isnan(effective)) return;
    e->least = e->known ? fmin(e->least, effective) : effective;
    e->most = e->known ? fmax(e->most, effective) : effective;
    e->known++;
    e->few += !isnan(i.low) && effective < ZSC_FEW_UNITS;
    e->refused += isnan(i.low) && effective < ZSC_LEAST_UNITS;
}

zsc_effective_units zsc_effective_of_scores(const zsc_compare_group *g, size_t q)
{
    zsc_effective_units units = {0};
    for (size_t e = 0; e < g->encoders; e++) {
        const zsc_compare_cell *cell = &g->cell[q * g->encoders + e];
        count(cell->effective, cell->interval, &units);
    }
    return units;
}

zsc_effective_units zsc_effective_of_differences(const zsc_compare_group *g, size_t q)
{
    zsc_effective_units units = {0};
    for (size_t i = 0; i < g->differences; i++) {
        const zsc_difference *d = &g->difference[i];
        if (d->rank == q) count(d->effective, d->interval, &units);
    }
    return units;
}
