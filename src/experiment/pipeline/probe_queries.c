/* Steps: choose keys and queries as a retrieval does; load the rows for early stopping; at each rank fit the probe to
 * the keys with a label, classify the queries, and score them: a query that is put into a class is one whose nearest
 * key is the first key of that class. Queries of several encoders are classified by the same fit.
 *
 * L-BFGS reads keys in their order, and so from their files where their matrix is large. Batches of gradient descent
 * are drawn from all keys, which have to be in memory. */
#include "experiment/pipeline/probe_queries.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

typedef struct probing {
    const zsc_linear_options *options;
    zsc_probe_options solver;
    zsc_retrieve_rows *rows;
    const zsc_dataset *stopping;
    zsc_knn found;
} probing;

/* The classes of one rank: labels that keys have, numbered by their first key. */
typedef struct classes {
    int32_t *key, *stopping; /* of each row; below 0: missing, or a class that no key has */
    int32_t *first;          /* by class: its first key */
    int32_t *level;          /* by class: its level in the keys' column */
    size_t count, labelled, stopping_labelled;
} classes;

/* --- Rows */
void zsc_probe_queries_set(zsc_retrieve_options *o, const zsc_linear_options *linear)
{
    static const size_t one = 1;
    o->linear = linear;
    o->k = &one;
    o->ks = 1;
    o->metric = ZSC_COSINE;
    o->weighted = false;
    o->examples = 0;
}

static zsc_status load_stopping(const zsc_retrieve_rows *rows, zsc_dataset *stopping)
{
    const char *split = rows->options->linear->stopping_split;
    zsc_dataset_options load = rows->options->keys;
    size_t known = 0;
    if (!split) return ZSC_OK;
    load.split = split;
    zsc_status status = zsc_context(zsc_dataset_load_with(&load, rows->exec, rows->cache, stopping),
                                    "the rows for early stopping");
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < stopping->n; i++) {
        const char *id = stopping->id[i];
        known += zsc_names_find(&rows->key_ids, id, strlen(id)) >= 0;
    }
    if (known == 0) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT,
                    "%zu of %zu rows of the stopping split '%s' are among the keys, by id; expected a split that the "
                    "probe does not learn from",
                    known, stopping->n, split);
}

/* --- Memory */
/* The vectors of queries and of rows for early stopping, and with KEYS those of the keys. */
static size_t matrices_of(const zsc_retrieve_rows *rows, const zsc_dataset *stopping, bool keys)
{
    const zsc_retrieve_result *found = &rows->result;
    size_t n = rows->from[found->columns] + stopping->n;
    return (n + (keys ? found->keys : 0)) * found->dim * sizeof(float) + (n + found->keys) * 2 * sizeof(int32_t);
}

/* Of the largest fit; they come one after the other. */
static size_t fit_memory(const zsc_retrieve_rows *rows, const zsc_dataset *stopping)
{
    const zsc_retrieve_result *found = &rows->result;
    const zsc_probe_options solver = zsc_linear_probe_options(rows->options->linear);
    size_t most = 1;
    for (size_t r = 0; r < found->ranks; r++) {
        const zsc_column *column = zsc_dataset_rank(&found->key_data, found->rank[r]);
        most = column->levels > most ? column->levels : most;
    }
    return zsc_probe_memory(found->keys, stopping->n, found->dim, most, &solver, rows->exec);
}

/* Keys that stayed in their files, for gradient descent. */
static zsc_status take_keys(zsc_retrieve_rows *rows, const zsc_dataset *stopping)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *found = &rows->result;
    const zsc_exec *exec = rows->exec;
    size_t keys = found->keys * found->dim * sizeof(float), limit = exec ? exec->memory_limit : 0,
           all = zsc_memory_sum(fit_memory(rows, stopping), matrices_of(rows, stopping, true));
    char needed[ZSC_BYTES_TEXT], matrix[ZSC_BYTES_TEXT], most[ZSC_BYTES_TEXT];
    if (limit && all > limit)
        return zsc_fail(ZSC_EUSAGE,
                        "the linear probe by sgd needs %s, more than the limit of %s: its batches are drawn from all "
                        "%zu keys, whose matrix of %s has to be in memory; raise --memory-limit, or choose the solver "
                        "lbfgs, which reads keys in blocks",
                        zsc_bytes_text((double)all, needed), zsc_bytes_text((double)limit, most), found->keys,
                        zsc_bytes_text((double)keys, matrix));
    ZSC_NEW_RAW(found->key_data.x, found->keys * found->dim);
    ZSC_TRY(zsc_dataset_reader_rows(rows->reader, 0, found->keys, found->key_data.x));
    zsc_dataset_reader_free(rows->reader);
    rows->reader = NULL;
done:
    return status;
}

zsc_status zsc_probe_queries_load(zsc_retrieve_rows *rows, zsc_dataset *stopping)
{
    const zsc_probe_options solver = zsc_linear_probe_options(rows->options->linear);
    zsc_status status = zsc_probe_check(&solver);
    if (status == ZSC_OK) status = load_stopping(rows, stopping);
    if (status == ZSC_OK) memcpy(rows->result.stopping, stopping->fingerprint, sizeof rows->result.stopping);
    return status;
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
    const zsc_column *column = zsc_dataset_rank(p->stopping, keys->name);
    zsc_names names = {0};
    int32_t *class = NULL, number;
    for (size_t k = 0; k < c->count; k++) {
        const char *name = keys->level[c->level[k]];
        ZSC_TRY(zsc_names_add(&names, name, strlen(name), &number, NULL));
    }
    ZSC_NEW_RAW(c->stopping, p->stopping->n);
    if (column) ZSC_NEW_RAW(class, column->levels);
    for (size_t l = 0; column && l < column->levels; l++)
        class[l] = zsc_names_find(&names, column->level[l], strlen(column->level[l]));
    for (size_t i = 0; i < p->stopping->n; i++) {
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
/* A loss above that of equal probabilities is a rate that is too large, though nothing overflows. */
static void report_fit(const zsc_probe *probe, const char *rank, const zsc_probe_options *o)
{
    const double rounding = 1 + 1e-5; /* the first loss, of weights of 0, is that of equal probabilities */
    double last = probe->steps ? probe->loss[probe->steps - 1] : (double)NAN, guess = log((double)probe->classes);
    if (probe->classes == 1)
        zsc_note("rank %s: the keys have one class, which every query is put into", rank);
    else if (o->solver == ZSC_PROBE_SGD && last > guess * rounding)
        zsc_warn_counted("rank %s: the loss after %zu epoch%s is %.3g, above %.3g, that of equal probabilities; lower "
                         "--learning-rate",
                         rank, probe->epochs, probe->epochs == 1 ? "" : "s", last, guess);
    else if (o->solver == ZSC_PROBE_LBFGS && !probe->converged)
        zsc_warn_counted(
            "rank %s: L-BFGS has not converged after %zu passes: the largest partial derivative is %.2g; raise "
            "--epochs or --weight-decay",
            rank, probe->epochs, probe->gradient);
    if (probe->classes > 1)
        zsc_note("rank %s: %zu classes, %zu keys with a label, %zu epochs, loss %.4f%s", rank, probe->classes,
                 probe->rows, probe->epochs, last, probe->stopped ? ", stopped early" : "");
}

static zsc_status classify(probing *p, size_t rank, const zsc_exec *held)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *found = &p->rows->result;
    const zsc_dataset *keys = &found->key_data;
    const zsc_column *column = zsc_dataset_rank(keys, found->rank[rank]);
    zsc_probe *probe = &found->probe[rank];
    classes c = {0};
    ZSC_TRY(number_classes(keys, column, &c));
    if (p->options->stopping_split) ZSC_TRY(number_stopping(p, column, &c));
    const zsc_probe_rows rows = {.x = keys->x,
                                 .n = found->keys,
                                 .label = c.key,
                                 .read = p->rows->reader ? zsc_dataset_reader_rows : NULL,
                                 .data = p->rows->reader},
                         stopping = {.x = p->stopping->x, .n = p->stopping->n, .label = c.stopping};
    ZSC_TRY(zsc_probe_fit(&rows, found->dim, c.count, p->options->stopping_split ? &stopping : NULL, &p->solver, held,
                          probe));
    ZSC_TRY(zsc_probe_predict(probe, p->rows->x, p->found.n, held, p->found.index));
    for (size_t q = 0; q < p->found.n; q++) p->found.index[q] = c.first[p->found.index[q]];
    report_fit(probe, found->rank[rank], &p->solver);
    free(probe->weight);
    probe->weight = NULL;
    for (size_t pair = 0; pair < p->rows->pairs; pair++)
        ZSC_TRY(zsc_retrieve_rows_score(p->rows, pair, rank, &p->found));
done:
    free_classes(&c);
    return zsc_context(status, "rank %s", found->rank[rank]);
}

/* --- The whole */
zsc_status zsc_probe_queries_score(zsc_retrieve_rows *rows, const zsc_dataset *stopping)
{
    zsc_status status = ZSC_OK;
    zsc_retrieve_result *found = &rows->result;
    const zsc_linear_options *o = rows->options->linear;
    probing p = {.options = o, .solver = zsc_linear_probe_options(o), .rows = rows, .stopping = stopping};
    if (rows->reader && o->solver == ZSC_PROBE_SGD) ZSC_TRY(take_keys(rows, stopping));
    size_t matrices = matrices_of(rows, stopping, !rows->reader);
    ZSC_TRY(zsc_memory_expect(rows->exec, matrices, zsc_memory_sum(fit_memory(rows, stopping), matrices),
                              rows->reader ? "the linear probe, with keys read in blocks,"
                                           : "the linear probe, embeddings included,"));
    if (rows->reader)
        zsc_note("%zu keys are read in blocks of %d in each pass, since their matrix takes much of the memory",
                 found->keys, ZSC_PROBE_BLOCK_ROWS);
    const zsc_exec held = zsc_memory_hold(rows->exec, matrices);
    p.found = (zsc_knn){.n = rows->from[found->columns], .k = 1};
    ZSC_NEW_RAW(p.found.index, p.found.n);
    ZSC_NEW(p.found.distance, p.found.n);
    ZSC_NEW(found->probe, found->ranks);
    double start = zsc_clock();
    for (size_t rank = 0; rank < found->ranks; rank++) ZSC_TRY(classify(&p, rank, &held));
    found->seconds = zsc_clock() - start;
    free(found->key_data.x);
    found->key_data.x = NULL;
done:
    zsc_knn_free(&p.found);
    return status;
}
