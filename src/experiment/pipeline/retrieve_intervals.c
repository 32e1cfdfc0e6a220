#include "experiment/pipeline/retrieve_intervals.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "experiment/series/comparison_statistics.h"
#include "metrics/retrieval_resample.h"

void zsc_retrieve_harmonic(const zsc_retrieve_result *r, size_t rank, size_t k, double *micro, double *macro)
{
    double inverse[2] = {0, 0};
    for (size_t c = 0; c < r->columns; c++) {
        const zsc_retrieval_scores *s = zsc_retrieve_score(r, rank, k, c);
        inverse[0] += 1 / s->micro;
        inverse[1] += 1 / s->macro;
    }
    *micro = (double)r->columns / inverse[0]; /* 0 where a score is, NaN where one is */
    *macro = (double)r->columns / inverse[1];
}

/* The classes of a rank and column, with those that are right for each k; recalls[ks]. */
static zsc_status list_recalls(const zsc_retrieve_result *r, size_t rank, size_t column, zsc_class_recalls *recalls)
{
    zsc_status status = ZSC_OK;
    for (size_t k = 0; k < r->ks; k++) {
        const zsc_retrieval_details *d = zsc_retrieve_details(r, rank, k, column);
        ZSC_NEW(recalls[k].class, d->classes);
        for (size_t i = 0; i < d->classes; i++)
            recalls[k].class[recalls[k].classes++] = (zsc_class_recall){
                zsc_names_get(&r->name[rank], (size_t)d->class[i].label), (double)d->class[i].queries,
                (double)d->class[i].right};
        zsc_class_recalls_sort(&recalls[k]);
    }
done:
    return status;
}

typedef struct workspace { /* of one rank */
    zsc_class_recalls *recalls;
    const zsc_class_recalls **list;
    double *value;     /* ks x resamples */
    double *influence; /* ks x classes of all splits */
} workspace;

static zsc_interval interval_of(const workspace *w, size_t k, double mean, size_t classes, const zsc_compare_options *o)
{
    const zsc_compare_group g = {.units = classes, .accuracy = true};
    const zsc_split split = {.deviation = w->value + k * o->resampling.count,
                             .count = o->resampling.count,
                             .influence = w->influence + k * classes,
                             .units = classes};
    return zsc_compare_score_interval(&g, 0, zsc_split_spread(&split), mean, o->level);
}

static zsc_status add_rank(const zsc_retrieve_result *r, size_t rank, const zsc_compare_options *o, workspace *w)
{
    zsc_status status = ZSC_OK;
    size_t classes = 0, count = o->resampling.count;
    ZSC_NEW(w->recalls, r->columns * r->ks);
    ZSC_NEW(w->list, r->columns * r->ks);
    ZSC_NEW_RAW(w->value, r->ks * count);
    for (size_t c = 0; c < r->columns; c++) {
        ZSC_TRY(list_recalls(r, rank, c, w->recalls + c * r->ks));
        classes += w->recalls[c * r->ks].classes;
        for (size_t k = 0; k < r->ks; k++) w->list[c * r->ks + k] = &w->recalls[c * r->ks + k];
    }
    if (zsc_class_recalls_fewest(w->list, r->columns, r->ks) < zsc_compare_least_units(o)) goto done; /* no interval */
    ZSC_NEW_RAW(w->influence, r->ks * classes);
    for (size_t macro = 0; macro < 2; macro++) {
        memset(w->influence, 0, r->ks * classes * sizeof *w->influence);
        ZSC_TRY(zsc_class_recalls_resample(w->list, r->columns, r->ks, macro, &o->resampling, w->value));
        ZSC_TRY(
            zsc_class_recalls_influences(w->list, r->columns, r->ks, &o->resampling, w->value, classes, w->influence));
        for (size_t k = 0; k < r->ks; k++) {
            double mean[2];
            zsc_retrieve_harmonic(r, rank, k, &mean[0], &mean[1]);
            r->interval[(rank * r->ks + k) * 2 + macro] = interval_of(w, k, mean[macro], classes, o);
        }
    }
done:
    return status;
}

static void clear(workspace *w, size_t recalls)
{
    for (size_t i = 0; w->recalls && i < recalls; i++) free(w->recalls[i].class);
    free(w->recalls);
    free(w->list);
    free(w->value);
    free(w->influence);
}

zsc_status zsc_retrieve_intervals(zsc_retrieve_result *r, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    const zsc_compare_options o = zsc_compare_defaults();
    int failed = 0, threads = zsc_threads(exec);
    if (r->columns < 2) return ZSC_OK;
    ZSC_NEW(r->interval, r->ranks * r->ks * 2);
    for (size_t i = 0; i < r->ranks * r->ks * 2; i++) r->interval[i] = (zsc_interval){NAN, NAN};
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1) reduction(| : failed)
    for (size_t rank = 0; rank < r->ranks; rank++) {
        workspace w = {0};
        failed |= add_rank(r, rank, &o, &w) != ZSC_OK;
        clear(&w, r->columns * r->ks);
    }
    if (failed) status = zsc_fail(ZSC_EINTERNAL, "out of memory for the intervals of %zu ranks", r->ranks);
done:
    return status;
}
