/* All external scores of one contingency table.
 *
 * With class sizes a, cluster sizes b, cell sizes c, n rows; H the entropy in nats:
 *     MI = H(classes) + H(clusters) - H(cells)           NMI = MI / mean(H(classes), H(clusters))
 *     AMI = (MI - EMI) / (mean(H(classes), H(clusters)) - EMI)                         (Vinh et al. 2010)
 *     homogeneity = MI / H(classes), completeness = MI / H(clusters), V their harmonic mean
 *                                                                       (Rosenberg and Hirschberg 2007)
 *     Rand index, ARI and Fowlkes-Mallows from pairs of rows, counted in integers  (Hubert and Arabie 1985; Fowlkes,
 * Mallows 1983)
 *
 * AMI is not defined where the expected and the maximal mutual information agree: with one class, where any clustering
 * is as good as any other, and wherever its denominator is 0 (single rows against single rows, and some cases of the
 * smaller mean). It is NaN there, where scikit-learn has 1.0 or 0.0. The special cases of the other scores are
 * scikit-learn's (1.2.1): two partitions of one part each, or of single rows each, agree perfectly; one part against
 * several has NMI 0. */
#include <math.h>
#include <float.h>

#include "base/error.h"
#include "metrics/emi.h"
#include "metrics/scores.h"

static double mean_of(double u, double v, zsc_average average)
{
    switch (average) {
    case ZSC_ARITHMETIC: return (u + v) / 2;
    case ZSC_MAX: return u > v ? u : v;
    case ZSC_MIN: return u < v ? u : v;
    case ZSC_GEOMETRIC: return sqrt(u) * sqrt(v);
    }
    return NAN;
}

void zsc_information_set_exact_cases(zsc_information *i)
{
    if (i->classes <= 1 || i->clusters <= 1)
        i->mi = i->emi = 0;
    else if (i->classes == i->rows)
        i->mi = i->emi = i->h_clusters;
    else if (i->clusters == i->rows)
        i->mi = i->emi = i->h_classes;
    else if (i->mi < 0)
        i->mi = 0;
}

static bool perfect_by_definition(const zsc_information *i)
{
    return i->classes == i->clusters && (i->classes == 1 || i->classes == i->rows);
}

double zsc_ami(const zsc_information *i, zsc_average average)
{
    if (i->rows == 0 || i->classes == 1 || perfect_by_definition(i)) return NAN;
    double above = i->mi - i->emi, range = mean_of(i->h_classes, i->h_clusters, average) - i->emi;
    if (above == 0 && range == 0) return NAN;
    if (i->clusters == 1) return 0;
    if (range < 0)
        range = fmin(range, -DBL_EPSILON);
    else
        range = fmax(range, DBL_EPSILON);
    return above / range;
}

const char *zsc_ami_why_undefined(size_t rows, size_t classes)
{
    if (rows == 0) return "no row is scored";
    if (classes == 1) return "one class";
    return "the expected and the maximal mutual information agree";
}

double zsc_nmi(const zsc_information *i, zsc_average average)
{
    if (i->rows == 0) return NAN;
    if (perfect_by_definition(i)) return 1;
    return i->mi > 0 ? i->mi / mean_of(i->h_classes, i->h_clusters, average) : 0;
}

/* Pairs of rows, ordered, so that each counts twice, as scikit-learn's pair_confusion_matrix has them. All counts are
 * below 2^62 and their products below 2^124. */
static void score_pairs(const zsc_contingency *t, zsc_scores *s)
{
    typedef __int128 wide;
    wide n = (wide)t->rows, squares = zsc_sizes_squares(&t->cells);
    wide of_classes = zsc_sizes_squares(&t->classes), of_clusters = zsc_sizes_squares(&t->clusters);
    wide tp = squares - n, fp = of_clusters - squares, fn = of_classes - squares, tn = n * n - fp - fn - squares;
    s->ari = fp == 0 && fn == 0
                 ? 1
                 : 2 * (double)(tp * tn - fn * fp) / (double)((tp + fn) * (fn + tn) + (tp + fp) * (fp + tn));
    s->pairs[0][0] = (int64_t)tn;
    s->pairs[0][1] = (int64_t)fp;
    s->pairs[1][0] = (int64_t)fn;
    s->pairs[1][1] = (int64_t)tp;
    s->ri = tp + tn == n * (n - 1) ? 1 : (double)(tp + tn) / (double)(n * (n - 1));
    s->fmi = tp == 0 ? 0 : sqrt((double)tp / (double)(of_clusters - n)) * sqrt((double)tp / (double)(of_classes - n));
}

static void score_information(const zsc_information *i, zsc_scores *s)
{
    s->mi = i->mi;
    s->emi = i->emi;
    s->h_classes = i->h_classes;
    s->h_clusters = i->h_clusters;
    for (int a = ZSC_ARITHMETIC; a <= ZSC_GEOMETRIC; a++) {
        s->ami[a] = zsc_ami(i, (zsc_average)a);
        s->nmi[a] = zsc_nmi(i, (zsc_average)a);
    }
    s->homogeneity = i->h_classes > 0 ? i->mi / i->h_classes : 1;
    s->completeness = i->h_clusters > 0 ? i->mi / i->h_clusters : 1;
    double both = s->homogeneity + s->completeness;
    s->v_measure = both > 0 ? 2 * s->homogeneity * s->completeness / both : 0;
}

static void score_nothing(zsc_scores *s)
{
    s->mi = s->emi = s->h_classes = s->h_clusters = NAN;
    for (int a = ZSC_ARITHMETIC; a <= ZSC_GEOMETRIC; a++) s->ami[a] = s->nmi[a] = NAN;
    s->ari = s->ri = s->fmi = s->homogeneity = s->completeness = s->v_measure = NAN;
}

zsc_status zsc_scores_make(const zsc_contingency *table, const zsc_exec *exec, zsc_scores *out)
{
    zsc_status status = ZSC_OK;
    zsc_scores scores = {.rows = table->rows,
                         .missing = table->missing,
                         .classes = table->classes.parts,
                         .clusters = table->clusters.parts};
    if (table->rows == 0) {
        score_nothing(&scores);
    } else {
        zsc_information i = {.rows = table->rows,
                             .classes = scores.classes,
                             .clusters = scores.clusters,
                             .h_classes = zsc_sizes_entropy(&table->classes, table->rows),
                             .h_clusters = zsc_sizes_entropy(&table->clusters, table->rows)};
        i.mi = i.h_classes + i.h_clusters - zsc_sizes_entropy(&table->cells, table->rows);
        ZSC_TRY(zsc_emi_expected(&table->classes, &table->clusters, table->rows, exec, &i.emi));
        zsc_information_set_exact_cases(&i);
        score_information(&i, &scores);
        score_pairs(table, &scores);
    }
    *out = scores;
done:
    return status;
}

zsc_status zsc_score(const int32_t *labels, const int32_t *clusters, size_t n, zsc_missing missing,
                     const zsc_exec *exec, zsc_scores *out)
{
    zsc_contingency table = {0};
    zsc_status status = zsc_contingency_make(labels, clusters, n, missing, &table);
    if (status == ZSC_OK) status = zsc_scores_make(&table, exec, out);
    zsc_contingency_free(&table);
    return status;
}
