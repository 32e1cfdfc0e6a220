/* Accuracy of retrieval:
 *
 *     micro = sum over classes r_c / sum over classes n_c      macro = mean over classes of r_c / n_c
 *
 * n_c: queries of class c, r_c: those of them that are right. Classes that no key has count, with r_c = 0. */
#include "base/elementary.h"
#include "zsc/retrieval.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

typedef struct class_counts {
    size_t queries, right, keys;
} class_counts;

typedef struct votes { /* of one query, at most one per key of its list */
    int32_t *label;
    double *sum;
    size_t count;
} votes;

static bool is_among(const zsc_retrieval_lists *l, size_t i, size_t k)
{
    const int32_t *index = l->index + i * l->width;
    for (size_t c = 0; c < k; c++)
        if (l->key_label[index[c]] == l->query_label[i]) return true;
    return false;
}

static void add_vote(votes *v, int32_t label, double weight)
{
    size_t at = 0;
    while (at < v->count && v->label[at] != label) at++;
    if (at == v->count) {
        v->label[v->count] = label;
        v->sum[v->count++] = 0;
    }
    v->sum[at] += weight;
}

/* Votes are compared by their ratios: all are divided by that of the nearest key, so that none overflows. */
static int32_t elected(const zsc_retrieval_lists *l, size_t i, size_t k, double temperature, votes *v)
{
    const int32_t *index = l->index + i * l->width;
    const float *distance = l->distance + i * l->width;
    size_t best = 0;
    v->count = 0;
    for (size_t c = 0; c < k; c++)
        if (l->key_label[index[c]] >= 0)
            add_vote(v, l->key_label[index[c]], zsc_exp(((double)distance[0] - (double)distance[c]) / temperature));
    for (size_t at = 1; at < v->count; at++)
        if (v->sum[at] > v->sum[best]) best = at;
    return v->count > 0 ? v->label[best] : -1;
}

/* What query i is taken for: its own label where it is right, else the elected one, or that of the nearest key. */
static int32_t taken_for(const zsc_retrieval_lists *l, size_t i, size_t k, double temperature, votes *v)
{
    if (temperature > 0) return elected(l, i, k, temperature, v);
    return is_among(l, i, k) ? l->query_label[i] : l->key_label[l->index[i * l->width]];
}

static zsc_status check(const zsc_retrieval_lists *l, size_t k)
{
    if (k < 1 || k > l->width)
        return zsc_fail(ZSC_EUSAGE, "k is %zu; expected 1 to %zu, the length of the lists", k, l->width);
    for (size_t i = 0; i < l->n * l->width; i++)
        if (l->index[i] < 0 || (size_t)l->index[i] >= l->keys)
            return zsc_fail(ZSC_EINPUT, "key %zu of query %zu has index %d; expected 0 to %zu",
                            zsc_number(i % l->width), zsc_number(i / l->width), l->index[i], l->keys - 1);
    return ZSC_OK;
}

static size_t labels_of(const zsc_retrieval_lists *l)
{
    int32_t most = -1;
    for (size_t i = 0; i < l->n; i++) most = l->query_label[i] > most ? l->query_label[i] : most;
    return (size_t)(most + 1);
}

static zsc_retrieval_scores sum_up(const class_counts *class, size_t labels, size_t n)
{
    zsc_retrieval_scores s = {.micro = NAN, .macro = NAN};
    double shares = 0;
    for (size_t c = 0; c < labels; c++) {
        if (class[c].queries == 0) continue;
        s.classes++;
        s.queries += class[c].queries;
        s.right += class[c].right;
        s.reachable_classes += class[c].keys > 0;
        s.reachable += class[c].keys > 0 ? class[c].queries : 0;
        shares += (double)class[c].right / (double)class[c].queries;
    }
    s.missing = n - s.queries;
    if (s.queries == 0) return s;
    s.micro = (double)s.right / (double)s.queries;
    s.macro = shares / (double)s.classes;
    return s;
}

/* Counts by label, of LABELS labels; TAKEN (n, may be NULL): what each query with a label is taken for. */
static zsc_status count_classes(const zsc_retrieval_lists *l, size_t k, double temperature, size_t labels,
                                class_counts *class, int32_t *taken)
{
    zsc_status status = ZSC_OK;
    votes v = {0};
    ZSC_NEW_RAW(v.label, k);
    ZSC_NEW_RAW(v.sum, k);
    for (size_t j = 0; j < l->keys; j++)
        if (l->key_label[j] >= 0 && (size_t)l->key_label[j] < labels) class[l->key_label[j]].keys++;
    for (size_t i = 0; i < l->n; i++) {
        if (l->query_label[i] < 0) continue;
        class_counts *own = &class[l->query_label[i]];
        int32_t label = taken_for(l, i, k, temperature, &v);
        own->queries++;
        own->right += label == l->query_label[i];
        if (taken) taken[i] = label;
    }
done:
    free(v.label);
    free(v.sum);
    return status;
}

zsc_status zsc_retrieval_score(const zsc_retrieval_lists *l, size_t k, double temperature, zsc_retrieval_scores *out)
{
    zsc_status status = ZSC_OK;
    class_counts *class = NULL;
    size_t labels = labels_of(l);
    ZSC_TRY(check(l, k));
    ZSC_NEW(class, labels);
    ZSC_TRY(count_classes(l, k, temperature, labels, class, NULL));
    *out = sum_up(class, labels, l->n);
done:
    free(class);
    return status;
}

/* --- Classes and confusions */
static int by_labels(const void *left, const void *right)
{
    const zsc_retrieval_confusion *a = left, *b = right;
    if (a->label != b->label) return a->label < b->label ? -1 : 1;
    return (a->taken_for > b->taken_for) - (a->taken_for < b->taken_for);
}

static int by_queries(const void *left, const void *right)
{
    const zsc_retrieval_confusion *a = left, *b = right;
    if (a->queries != b->queries) return a->queries > b->queries ? -1 : 1;
    return by_labels(left, right);
}

static zsc_status find_confusions(const zsc_retrieval_lists *l, const int32_t *taken, zsc_retrieval_details *out)
{
    zsc_status status = ZSC_OK;
    size_t wrong = 0;
    for (size_t i = 0; i < l->n; i++) wrong += l->query_label[i] >= 0 && taken[i] != l->query_label[i];
    ZSC_NEW(out->confusion, wrong);
    wrong = 0;
    for (size_t i = 0; i < l->n; i++)
        if (l->query_label[i] >= 0 && taken[i] != l->query_label[i])
            out->confusion[wrong++] = (zsc_retrieval_confusion){l->query_label[i], taken[i], 1};
    qsort(out->confusion, wrong, sizeof *out->confusion, by_labels);
    for (size_t i = 0; i < wrong; i++) {
        zsc_retrieval_confusion *last = out->confusions ? &out->confusion[out->confusions - 1] : NULL;
        if (last && by_labels(last, &out->confusion[i]) == 0)
            last->queries++;
        else
            out->confusion[out->confusions++] = out->confusion[i];
    }
    qsort(out->confusion, out->confusions, sizeof *out->confusion, by_queries);
done:
    return status;
}

zsc_status zsc_retrieval_detail(const zsc_retrieval_lists *l, size_t k, double temperature, zsc_retrieval_details *out)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_details d = {0};
    class_counts *class = NULL;
    int32_t *taken = NULL;
    size_t labels = labels_of(l);
    ZSC_TRY(check(l, k));
    ZSC_NEW(class, labels);
    ZSC_NEW_RAW(taken, l->n);
    ZSC_TRY(count_classes(l, k, temperature, labels, class, taken));
    ZSC_NEW(d.class, labels);
    for (size_t c = 0; c < labels; c++)
        if (class[c].queries > 0)
            d.class[d.classes++] = (zsc_retrieval_class){(int32_t)c, class[c].keys, class[c].queries, class[c].right};
    ZSC_TRY(find_confusions(l, taken, &d));
    *out = d;
    d = (zsc_retrieval_details){0};
done:
    free(class);
    free(taken);
    zsc_retrieval_details_free(&d);
    return status;
}

void zsc_retrieval_details_free(zsc_retrieval_details *d)
{
    free(d->class);
    free(d->confusion);
    *d = (zsc_retrieval_details){0};
}

double zsc_harmonic_mean(const double *value, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += 1 / value[i];
    return count ? (double)count / sum : NAN;
}
