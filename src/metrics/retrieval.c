/* Accuracy of retrieval:
 *
 *     micro = sum over classes r_c / sum over classes n_c      macro = mean over classes of r_c / n_c
 *
 * n_c: queries of class c, r_c: those of them that are right. Classes that no key has count, with r_c = 0. */
#include "zsc/retrieval.h"

#include <math.h>
#include <stdbool.h>

#include "base/memory.h"

typedef struct class_counts {
    size_t queries, right;
    bool has_key;
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
static bool is_elected(const zsc_retrieval_lists *l, size_t i, size_t k, double temperature, votes *v)
{
    const int32_t *index = l->index + i * l->width;
    const float *distance = l->distance + i * l->width;
    size_t best = 0;
    v->count = 0;
    for (size_t c = 0; c < k; c++)
        if (l->key_label[index[c]] >= 0)
            add_vote(v, l->key_label[index[c]], exp(((double)distance[0] - (double)distance[c]) / temperature));
    for (size_t at = 1; at < v->count; at++)
        if (v->sum[at] > v->sum[best]) best = at;
    return v->count > 0 && v->label[best] == l->query_label[i];
}

static zsc_status check(const zsc_retrieval_lists *l, size_t k)
{
    if (k < 1 || k > l->width)
        return zsc_fail(ZSC_EUSAGE, "k is %zu; expected 1 to %zu, the length of the lists", k, l->width);
    for (size_t i = 0; i < l->n * l->width; i++)
        if (l->index[i] < 0 || (size_t)l->index[i] >= l->keys)
            return zsc_fail(ZSC_EINPUT, "key %zu of query %zu has index %d; expected 0 to %zu", i % l->width + 1,
                            i / l->width + 1, l->index[i], l->keys - 1);
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
        s.reachable_classes += class[c].has_key;
        s.reachable += class[c].has_key ? class[c].queries : 0;
        shares += (double)class[c].right / (double)class[c].queries;
    }
    s.missing = n - s.queries;
    if (s.queries == 0) return s;
    s.micro = (double)s.right / (double)s.queries;
    s.macro = shares / (double)s.classes;
    return s;
}

zsc_status zsc_retrieval_score(const zsc_retrieval_lists *l, size_t k, double temperature, zsc_retrieval_scores *out)
{
    zsc_status status = ZSC_OK;
    class_counts *class = NULL;
    votes v = {0};
    size_t labels = labels_of(l);
    ZSC_TRY(check(l, k));
    ZSC_NEW(class, labels);
    ZSC_NEW_RAW(v.label, k);
    ZSC_NEW_RAW(v.sum, k);
    for (size_t j = 0; j < l->keys; j++)
        if (l->key_label[j] >= 0 && (size_t)l->key_label[j] < labels) class[l->key_label[j]].has_key = true;
    for (size_t i = 0; i < l->n; i++) {
        if (l->query_label[i] < 0) continue;
        class_counts *own = &class[l->query_label[i]];
        own->queries++;
        own->right += temperature > 0 ? is_elected(l, i, k, temperature, &v) : is_among(l, i, k);
    }
    *out = sum_up(class, labels, l->n);
done:
    free(class);
    free(v.label);
    free(v.sum);
    return status;
}

double zsc_harmonic_mean(const double *value, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += 1 / value[i];
    return count ? (double)count / sum : NAN;
}
