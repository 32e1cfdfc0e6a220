#include "experiment/series/measures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/run_identity.h"

/* The rank of x[i], from 1; ties have the mean of theirs. */
static double rank_of(const double *x, size_t n, size_t i)
{
    double below = 0, equal = 0;
    for (size_t j = 0; j < n; j++) {
        below += x[j] < x[i];
        equal += x[j] == x[i];
    }
    return below + (equal + 1) / 2;
}

double zsc_spearman(const double *x, const double *y, size_t n)
{
    double mean = (double)(n + 1) / 2, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        double a = rank_of(x, n, i) - mean, b = rank_of(y, n, i) - mean;
        xx += a * a;
        yy += b * b;
        xy += a * b;
    }
    return n < 3 || xx == 0 || yy == 0 ? NAN : xy / sqrt(xx * yy);
}

static double accuracy_of(const zsc_retrieval_file *f, const char *rank)
{
    for (size_t i = 0; i < json_array_size(f->scores); i++)
        if (zsc_retrieval_file_k(f, i) == 1 && strcmp(zsc_retrieval_file_rank(f, i), rank) == 0)
            return zsc_retrieval_file_value(f, i, "micro");
    return NAN;
}

/* NaN: no file has it. */
static zsc_status find_accuracy(const zsc_retrieval_file *files, size_t count, const char *encoder, const char *rank,
                                double *out)
{
    const zsc_retrieval_file *found = NULL;
    *out = NAN;
    for (size_t f = 0; f < count; f++) {
        if (strcmp(files[f].queries.encoders, encoder) != 0 || strcmp(files[f].keys.encoders, encoder) != 0) continue;
        const double accuracy = accuracy_of(&files[f], rank);
        if (isnan(accuracy)) continue;
        if (found)
            return zsc_fail(ZSC_EINPUT,
                            "%s has several results of retrieval: '%s' and '%s'; leave one in the folder (zsc rm)",
                            encoder, found->path, files[f].path);
        found = &files[f];
        *out = accuracy;
    }
    return ZSC_OK;
}

static zsc_measured_encoder *encoder_of(zsc_measures *m, const zsc_results_row *row)
{
    for (size_t i = 0; i < m->count; i++)
        if (strcmp(m->item[i].encoder, row->encoders) == 0) return &m->item[i];
    m->item[m->count] = (zsc_measured_encoder){.encoder = row->encoders, .labels = row->labels, .first = row};
    return &m->item[m->count++];
}

static zsc_status correlate(zsc_measures *m, size_t measure)
{
    zsc_status status = ZSC_OK;
    double *x = NULL, *y = NULL;
    size_t n = 0;
    ZSC_NEW_RAW(x, m->count);
    ZSC_NEW_RAW(y, m->count);
    for (size_t i = 0; i < m->count; i++) {
        if (isnan(m->item[i].value[ZSC_MEASURE_AMI]) || isnan(m->item[i].value[measure])) continue;
        x[n] = m->item[i].value[ZSC_MEASURE_AMI];
        y[n++] = m->item[i].value[measure];
    }
    m->with[measure] = (zsc_agreement){n, zsc_spearman(x, y, n)};
done:
    free(x);
    free(y);
    return status;
}

zsc_status zsc_measures_make(const zsc_results_table *rows, const zsc_retrieval_file *files, size_t count,
                             const char *rank, zsc_measures *out)
{
    zsc_status status = ZSC_OK;
    zsc_measures m = {0};
    ZSC_NEW(m.item, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        const zsc_results_row *row = &rows->item[i];
        if (strcmp(row->rank, rank) != 0) continue;
        zsc_measured_encoder *e = encoder_of(&m, row);
        if (!zsc_same_series(e->first, row)) {
            status = zsc_refuse_two_series(e->first, row);
            goto done;
        }
        e->runs++;
        e->value[ZSC_MEASURE_AMI] += row->ami;
        e->value[ZSC_MEASURE_SILHOUETTE] += row->silhouette;
        e->value[ZSC_MEASURE_SILHOUETTE_ORIGINAL] += row->silhouette_original;
        e->value[ZSC_MEASURE_STABILITY] += row->stability_subsamples;
        e->value[ZSC_MEASURE_STABILITY_SEEDS] += row->stability_seeds;
        m.simulated |= row->simulated;
    }
    if (m.count == 0) {
        status = zsc_fail(ZSC_EINPUT, "no result of a run has the rank %s", rank);
        goto done;
    }
    for (size_t i = 0; i < m.count; i++) {
        zsc_measured_encoder *e = &m.item[i];
        for (int k = 0; k < ZSC_MEASURES; k++) e->value[k] /= (double)e->runs;
        ZSC_TRY(find_accuracy(files, count, e->encoder, rank, &e->value[ZSC_MEASURE_ACCURACY]));
    }
    for (size_t k = ZSC_MEASURE_ACCURACY; k < ZSC_MEASURES; k++) ZSC_TRY(correlate(&m, k));
    *out = m;
    m = (zsc_measures){0};
done:
    zsc_measures_free(&m);
    return status;
}

void zsc_measures_free(zsc_measures *m)
{
    free(m->item);
    *m = (zsc_measures){0};
}
