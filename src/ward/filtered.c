#include "ward/filtered.h"

#include <math.h>

#include "ward/ties.h"

static double lower_bound(const zsc_ward_filtered *f, double filtered, double weight)
{
    double root = sqrt(filtered) * (1 - f->relative) - f->absolute * sqrt(2 * weight);
    return root > 0 ? root * root : 0;
}

static float upper_bound(const zsc_ward_filtered *f, double exact, double weight)
{
    double root = sqrt(exact) * (1 + f->relative) + f->absolute * sqrt(2 * weight);
    return (float)(root * root * (1 + 0x1p-20));
}

typedef struct exact_nearest {
    const zsc_ward_filtered *filtered;
    const zsc_ward_clusters *clusters;
    zsc_ward_candidate best;
} exact_nearest;

static float report_cluster(void *data, int32_t slot)
{
    exact_nearest *n = data;
    int32_t self = n->filtered->self;
    double distance = zsc_ward_square_height(n->clusters, self, slot);
    if (zsc_ward_nearer(distance, slot, n->best.distance, n->best.slot)) n->best = (zsc_ward_candidate){distance, slot};
    return upper_bound(n->filtered, n->best.distance, n->clusters->weight[self]);
}

/* Moves the candidate to the front; one that is not in the list replaces the last. */
static void promote(zsc_ward_near_list *near, zsc_ward_candidate best)
{
    size_t at = 0;
    while (at + 1 < near->count && near->list[at].slot != best.slot) at++;
    for (; at > 0; at--) near->list[at] = near->list[at - 1];
    near->list[0] = best;
}

void zsc_ward_decide(const zsc_ward_filtered *f, const zsc_ward_clusters *s, zsc_ward_near_list *out)
{
    double weight = s->weight[f->self];
    out->count = 0;
    for (size_t k = 0; k < f->count; k++)
        out->count = zsc_ward_insert(out->list, out->count, zsc_ward_square_height(s, f->self, f->hit[k].slot),
                                     f->hit[k].slot);
    out->radius = f->count ? lower_bound(f, (double)f->bound, weight) : INFINITY;
    if (f->count && !(out->list[0].distance < out->radius)) {
        exact_nearest n = {f, s, out->list[0]};
        f->within(f, upper_bound(f, n.best.distance, weight), report_cluster, &n);
        promote(out, n.best);
    }
}
