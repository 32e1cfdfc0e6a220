/* Steps: choose keys and queries as a retrieval does; load the rows for early stopping; at each rank fit the probe to
 * the keys with a label, classify the queries, and score them: a query that is put into a class is one whose nearest
 * key is the first key of that class. */
#include "experiment/pipeline/probe_queries.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "experiment/pipeline/retrieve_intervals.h"

typedef struct probing {
    const zsc_linear_options *options;
    const zsc_exec *exec;
    zsc_retrieve_rows rows;
    zsc_dataset stopping;
    zsc_knn found;
    zsc_probe *probe; /* by rank */
} probing;

/* The classes of one rank: labels that keys have, numbered by their first key. */
typedef struct classes {
    int32_t *key, *stopping; /* of each row; below 0: missing, or a class that no key has */
    int32_t *first;          /* by class: its first key */
    int32_t *level;          /* by class: its level in the keys' column */
    size_t count, labelled, stopping_labelled;
} classes;

/* --- Rows */
static zsc_status load_stopping(probing *p)
{
    const char *split = p->options->stopping_split;
    zsc_dataset_options load = p->options->rows.keys;
    size_t known = 0;
    if (!split) return ZSC_OK;
    load.split = split;
    zsc_status status = zsc_context(zsc_dataset_load(&load, p->exec, &p->stopping), "the rows for early stopping");
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < p->stopping.n; i++) {
        const char *id = p->stopping.id[i];
        known += zsc_names_find(&p->rows.key_ids, id, strlen(id)) >= 0;
    }
    if (known == 0) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT,
                    "%zu of %zu rows of the stopping split '%s' are among the keys, by id; expected a split that the "
                    "probe does not learn from",
                    known, p->stopping.n, split);
}

static zsc_status number_classes(const zsc_dataset *keys, const zsc_column *column, classes *c)
{
    zsc_status status = ZSC_OK;
    int32_t *class = NULL;
    ZSC_NEW_RAW(c->key, keys->n);
    ZSC_NEW_RAW(c->first, column->levels);
    ZSC_NEW_RAW(c->level, column->levels);
    ZSC_NEW_RAW(class, column->levels);
    for (size_t l = 0; l < column->levels; l++) class[l] = -1;
    for (size_t i = 0; i < keys->n; i++) {
        int32_t level = column->code[i];
        if (level >= 0 && class[level] < 0) {
            c->first[c->count] = (int32_t)i;
            c->level[c->count] = level;
            class[level] = (int32_t)c->count++;
        }
        c->key[i] = level < 0 ? -1 : class[level];
        c->labelled += level >= 0;
    }
done:
    free(class);
    return status;
}

/* Labels of the rows for early stopping, by name. */
static zsc_status number_stopping(const probing *p, const zsc_column *keys, classes *c)
{
    zsc_status status = ZSC_OK;
    const zsc_column *column = zsc_dataset_rank(&p->stopping, keys->name);
    zsc_names names = {0};
    int32_t *class = NULL, number;
    for (size_t k = 0; k < c->count; k++) {
        const char *name = keys->level[c->level[k]];
        ZSC_TRY(zsc_names_add(&names, name, strlen(name), &number, NULL));
    }
    ZSC_NEW_RAW(c->stopping, p->stopping.n);
    if (column) ZSC_NEW_RAW(class, column->levels);
    for (size_t l = 0; column && l < column->levels; l++)
        class[l] = zsc_names_find(&names, column->level[l], strlen(column->level[l]));
    for (size_t i = 0; i < p->stopping.n; i++) {
        c->stopping[i] = column && column->code[i] >= 0 ? class[column->code[i]] : -1;
        c->stopping_labelled += c->stopping[i] >= 0;
    }
    if (c->stopping_labelled == 0)
        status = zsc_fail(ZSC_EINPUT,
                          "no row of the stopping split '%s' has a label that a key has; expected another "
                          "--stopping-split, or other --ranks",
                          p->options->stopping_split);
done:
    free(class);
    zsc_names_free(&names);
    return status;
}

static void free_classes(classes *c)
{
    free(c->key);
    free(c->stopping);
    free(c->first);
    free(c->level);
}

/* --- Fit */
/* What vectors take; the fits come one after the other. */
static zsc_status expect_memory(const probing *p, size_t *matrices)
{
    const zsc_retrieve_result *found = &p->rows.result;
    size_t rows = found->keys + p->rows.from[found->columns] + p->stopping.n, most = 1;
    for (size_t r = 0; r < found->ranks; r++) {
        const zsc_column *column = zsc_dataset_rank(&found->key_data, found->rank[r]);
        most = column->levels > most ? column->levels : most;
    }
    *matrices = rows * (found->dim * sizeof(float) + 2 * sizeof(int32_t));
    size_t fit = zsc_probe_memory(found->keys, p->stopping.n, found->dim, most, &p->options->probe, p->exec);
    return zsc_memory_expect(p->exec, *matrices, zsc_memory_sum(fit, *matrices),
                             "the linear probe, embeddings included,");
}

/* A loss above that of equal probabilities is a rate that is too large, though nothing overflows. */
static void report_fit(const zsc_probe *probe, const char *rank, const zsc_probe_options *o)
{
    double last = probe->steps ? probe->loss[probe->steps - 1] : (double)NAN, guess = log((double)probe->classes);
    if (probe->classes == 1)
        zsc_note("rank %s: the keys have one class, which every query is put into", rank);
    else if (o->solver == ZSC_PROBE_SGD && last > guess)
        zsc_warn("rank %s: the loss after %zu epochs is %.3g, above %.3g, that of equal probabilities; lower "
                 "--learning-rate",
                 rank, probe->epochs, last, guess);
    else if (o->solver == ZSC_PROBE_LBFGS && !probe->converged)
        zsc_warn("rank %s: L-BFGS has not converged after %zu passes: the largest partial derivative is %.2g; raise "
                 "--epochs or --weight-decay",
                 rank, probe->epochs, probe->gradient);
    if (probe->classes > 1)
        zsc_note("rank %s: %zu classes, %zu keys with a label, %zu epochs, loss %.4f%s", rank, probe->classes,
                 probe->rows, probe->epochs, last, probe->stopped ? ", stopped early" : "");
}

static zsc_status classify(probing *p, size_t rank, const zsc_exec *held)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *found = &p->rows.result;
    const zsc_dataset *keys = &found->key_data;
    const zsc_column *column = zsc_dataset_rank(keys, found->rank[rank]);
    zsc_probe *probe = &p->probe[rank];
    classes c = {0};
    ZSC_TRY(number_classes(keys, column, &c));
    if (p->options->stopping_split) ZSC_TRY(number_stopping(p, column, &c));
    const zsc_probe_rows rows = {keys->x, keys->n, c.key}, stopping = {p->stopping.x, p->stopping.n, c.stopping};
    ZSC_TRY(zsc_probe_fit(&rows, keys->d, c.count, p->options->stopping_split ? &stopping : NULL, &p->options->probe,
                          held, probe));
    ZSC_TRY(zsc_probe_predict(probe, p->rows.x, p->found.n, held, p->found.index));
    for (size_t q = 0; q < p->found.n; q++) p->found.index[q] = c.first[p->found.index[q]];
    report_fit(probe, found->rank[rank], &p->options->probe);
    free(probe->weight);
    probe->weight = NULL;
    ZSC_TRY(zsc_retrieve_rows_score(&p->rows, 0, rank, &p->found));
done:
    free_classes(&c);
    return zsc_context(status, "rank %s", found->rank[rank]);
}

/* --- The whole */
static zsc_status probe_queries(probing *p)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *found = &p->rows.result;
    size_t matrices = 0;
    ZSC_TRY(zsc_retrieve_rows_load(&p->rows));
    ZSC_TRY(load_stopping(p));
    ZSC_TRY(expect_memory(p, &matrices));
    const zsc_exec held = zsc_memory_hold(p->exec, matrices);
    p->found = (zsc_knn){.n = p->rows.from[found->columns], .k = 1};
    ZSC_NEW_RAW(p->found.index, p->found.n);
    ZSC_NEW(p->found.distance, p->found.n);
    ZSC_NEW(p->probe, found->ranks);
    ZSC_TRY(zsc_retrieve_rows_begin_scores(&p->rows));
    double start = zsc_clock();
    for (size_t rank = 0; rank < found->ranks; rank++) ZSC_TRY(classify(p, rank, &held));
    found->seconds = zsc_clock() - start;
    zsc_retrieve_note_simulated(found);
    free(found->key_data.x);
    found->key_data.x = NULL;
done:
    return status;
}

static void clear(probing *p)
{
    for (size_t rank = 0; p->probe && rank < p->rows.result.ranks; rank++) zsc_probe_free(&p->probe[rank]);
    free(p->probe);
    zsc_knn_free(&p->found);
    zsc_dataset_free(&p->stopping);
    zsc_retrieve_rows_free(&p->rows);
}

zsc_status zsc_probe_queries(const zsc_linear_options *options, const zsc_exec *exec, zsc_linear_result *out)
{
    static const size_t one = 1;
    zsc_linear_options o = *options;
    o.rows.k = &one;
    o.rows.ks = 1;
    o.rows.weighted = false;
    probing p = {.options = &o, .exec = exec, .rows = {.options = &o.rows, .pairs = 1, .exec = exec}};
    zsc_status status = zsc_probe_check(&o.probe);
    if (status == ZSC_OK) status = probe_queries(&p);
    if (status == ZSC_OK) status = zsc_retrieve_intervals(&p.rows.result, exec);
    if (status == ZSC_OK) {
        *out = (zsc_linear_result){.found = p.rows.result, .probe = p.probe, .stopping_rows = p.stopping.n};
        p.rows.result = (zsc_retrieve_result){0};
        p.probe = NULL;
    }
    clear(&p);
    return status;
}

void zsc_linear_free(zsc_linear_result *r)
{
    for (size_t rank = 0; r->probe && rank < r->found.ranks; rank++) zsc_probe_free(&r->probe[rank]);
    free(r->probe);
    zsc_retrieve_free(&r->found);
    *r = (zsc_linear_result){0};
}
