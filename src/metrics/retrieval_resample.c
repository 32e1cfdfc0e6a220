/* Accuracy of retrieval from what the classes of the queries have: how many queries, n_c, and how many right ones, r_c.
 *
 *     micro = sum w_c r_c / sum w_c n_c      macro = sum w_c (r_c / n_c) / sum w_c
 *
 * with w_c how often a resample has drawn the class. */
#include "metrics/retrieval_resample.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int by_name(const void *left, const void *right)
{
    return strcmp(((const zsc_class_recall *)left)->name, ((const zsc_class_recall *)right)->name);
}

void zsc_class_recalls_sort(zsc_class_recalls *r) { qsort(r->class, r->classes, sizeof *r->class, by_name); }

double zsc_class_recalls_score(const zsc_class_recalls *r, bool macro, const uint16_t *weight)
{
    double above = 0, below = 0;
    for (size_t i = 0; i < r->classes; i++) {
        double w = weight ? weight[i] : 1;
        above += w * (macro ? r->class[i].right / r->class[i].queries : r->class[i].right);
        below += w * (macro ? 1 : r->class[i].queries);
    }
    return above / below;
}

double zsc_class_recalls_mean(const zsc_class_recalls *split, size_t splits, bool macro)
{
    double inverse = 0;
    if (splits == 1) return zsc_class_recalls_score(split, macro, NULL);
    for (size_t s = 0; s < splits; s++) inverse += 1 / zsc_class_recalls_score(&split[s], macro, NULL);
    return (double)splits / inverse;
}

static zsc_status resample(const zsc_class_recalls *const *recalls, size_t count, bool macro, size_t split,
                           const zsc_resampling *resampling, double *value)
{
    zsc_status status = ZSC_OK;
    size_t classes = recalls[0]->classes;
    int32_t *order = NULL;
    uint16_t *weight = NULL;
    ZSC_NEW_RAW(order, classes);
    ZSC_NEW_RAW(weight, classes);
    for (size_t b = 0; b < resampling->count; b++) {
        zsc_resample_draw(resampling, ((size_t)split << 40) + b, classes, order, weight);
        for (size_t i = 0; i < count; i++)
            value[i * resampling->count + b] = zsc_class_recalls_score(recalls[i], macro, weight);
    }
done:
    free(order);
    free(weight);
    return status;
}

/* The harmonic means of VALUE (splits x values), in place of the first of them. */
static void harmonic_means(double *value, size_t splits, size_t values)
{
    for (size_t i = 0; i < values && splits > 1; i++) {
        double inverse = 0;
        for (size_t s = 0; s < splits; s++) inverse += 1 / value[s * values + i];
        value[i] = (double)splits / inverse;
    }
}

size_t zsc_class_recalls_fewest(const zsc_class_recalls *const *recalls, size_t splits, size_t count)
{
    size_t fewest = SIZE_MAX;
    for (size_t s = 0; s < splits; s++)
        if (recalls[s * count]->classes < fewest) fewest = recalls[s * count]->classes;
    return fewest;
}

zsc_status zsc_class_recalls_resample(const zsc_class_recalls *const *recalls, size_t splits, size_t count, bool macro,
                                      const zsc_resampling *resampling, double *value)
{
    zsc_status status = ZSC_OK;
    zsc_resampling rest_of = *resampling;
    size_t values = count * resampling->count, classes = zsc_class_recalls_fewest(recalls, splits, count);
    double *half = NULL, *rest = NULL, m = (double)(classes / 2), u = (double)classes;
    rest_of.rest = true;
    ZSC_NEW_RAW(half, splits * values);
    ZSC_NEW_RAW(rest, splits * values);
    for (size_t s = 0; s < splits; s++) {
        ZSC_TRY(resample(recalls + s * count, count, macro, s, resampling, half + s * values));
        ZSC_TRY(resample(recalls + s * count, count, macro, s, &rest_of, rest + s * values));
    }
    harmonic_means(half, splits, values);
    harmonic_means(rest, splits, values);
    for (size_t i = 0; i < values; i++) value[i] = (half[i] - rest[i]) * sqrt(m * (u - m)) / u;
done:
    free(half);
    free(rest);
    return status;
}

zsc_status zsc_class_recalls_influences(const zsc_class_recalls *const *recalls, size_t splits, size_t count,
                                        const zsc_resampling *resampling, const double *value, size_t stride,
                                        double *out)
{
    const zsc_exec one = {.threads = 1};
    for (size_t s = 0; s < splits; s++) {
        size_t classes = recalls[s * count]->classes;
        zsc_status status = zsc_split_influences(resampling, s << 40, classes, value, count, &one, stride, out);
        if (status != ZSC_OK) return status;
        out += classes;
    }
    return ZSC_OK;
}
