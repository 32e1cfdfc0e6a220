/* The sweep.
 *
 *   unit     what ranks and shards are handed: the runs of one input, or of neighbouring inputs, embeddings and
 *            concatenations of them (all of them for one process; those with the same first embedding where there are
 * several processes), whose neighbours are searched together
 *
 * What is known of runs beside their results: run_index.c. */
#include "experiment/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/threads.h"
#include "experiment/pipeline/joint_knn.h"
#include "experiment/pipeline/knn_cache.h"
#include "experiment/store/run_index.h"
#include "experiment/store/run_order.h"
#include "experiment/settings/run_config.h"
#include "experiment/pipeline/pipeline.h"
#include "experiment/mpi.h"
#include "experiment/settings/settings.h"
#include "experiment/store/store.h"
#include "io/files/atomic.h"
#include "io/file_layout.h"

typedef struct sweep {
    const zsc_plan *plan;
    const zsc_sweep_options *o;
    const zsc_exec *exec;
    zsc_sweep_report report;
    bool *deferred;             /* runs that another process was computing */
    zsc_run_identity *identity; /* of each run, from before its unit was begun */
    bool broken;                /* the store cannot be read or written: going on would be in vain */
    size_t begun;               /* of the runs, the place of the first that was computed */
    double since;               /* when it was */
    zsc_dataset_cache *cache;
    zsc_keyed_knn *ready; /* by input: neighbours that were searched for several at once and wait for its runs */
} sweep;

/* --- One run */
static zsc_status record_failure(sweep *s, size_t r)
{
    char *what = zsc_plan_run_text(s->plan, r, true);
    char *line = zsc_asprintf("%s: %s", what ? what : "", *zsc_error_message() ? zsc_error_message() : "out of memory");
    free(what);
    if (!line) return ZSC_EINTERNAL;
    zsc_warn("%s", line);
    s->report.failed++;
    zsc_status status = zsc_run_index_fail(s->o->output, &s->identity[r], line);
    free(line);
    return status;
}

/* Neighbours from the cache on disk, where the input has not got those that the run wants. */
static zsc_status find_knn(sweep *s, const zsc_run_options *o, zsc_input *input)
{
    zsc_keyed_knn found = {0};
    if (o->reduce != ZSC_REDUCE_UMAP || zsc_keyed_knn_is(&input->knn, zsc_stage_key_knn_of(o, &input->data)))
        return ZSC_OK;
    zsc_status status = zsc_knn_cache_find(s->o->cache, o, &input->data, &found);
    if (found.knn.index) {
        zsc_keyed_knn_free(&input->knn);
        input->knn = found;
    }
    return status;
}

/* Computes the run, whose key is claimed, unless a result has appeared. */
static zsc_status compute(sweep *s, size_t r, const char *key, zsc_input *input, zsc_tree *tree)
{
    const zsc_run_options *o = &s->plan->run[r].options;
    zsc_status status = ZSC_OK;
    zsc_result result = {0};
    bool found = false;
    s->broken = true;
    if (!s->o->force) ZSC_TRY(zsc_store_find_key(s->o->output, key, &result, &found));
    s->broken = false;
    if (found) {
        s->report.present++;
    } else {
        ZSC_TRY(find_knn(s, o, input));
        ZSC_TRY(zsc_tree_grow(o, s->exec, input, tree));
        ZSC_TRY(zsc_tree_score(o, s->exec, input, tree, &result));
        s->broken = true;
        ZSC_TRY(zsc_result_write(&result, s->o->output));
        s->report.computed++;
    }
    s->broken = true;
    ZSC_TRY(zsc_run_index_add(s->o->output, &s->identity[r], key));
    s->broken = false;
done:
    zsc_result_free(&result);
    return status;
}

static zsc_status one_run(sweep *s, size_t r, zsc_input *input, zsc_tree *tree, bool wait)
{
    zsc_status status = ZSC_OK;
    const zsc_run_options *o = &s->plan->run[r].options;
    char *config = NULL, *key = NULL;
    int lock = -1;
    ZSC_TRY(zsc_config_text(o, &input->data, &config));
    ZSC_TRY(zsc_run_key(config, &input->data, &key));
    while ((lock = zsc_run_index_claim(s->o->output, key, &s->identity[r], &status)) < 0) {
        if (status != ZSC_OK) goto done;
        if (!wait) {
            s->deferred[r] = true;
            goto done;
        }
        if (!zsc_progress(s->exec, "waiting for another sweep", 0, 1)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
    status = compute(s, r, key, input, tree);
done:
    if (lock >= 0) zsc_run_index_release(s->o->output, key, lock);
    free(config);
    free(key);
    return status;
}

/* --- One unit */
static bool fatal(const sweep *s, zsc_status status)
{
    return status == ZSC_EINTERRUPTED || (status != ZSC_OK && s->broken);
}

/* Progress over the whole sweep. The time left is that of the runs after this one, at the pace so far. */
static void progress_note(sweep *s, size_t r)
{
    char *what = zsc_plan_run_text(s->plan, r, false), left[32] = "";
    double now = zsc_clock();
    if (s->since > 0 && r > s->begun) {
        char text[ZSC_SECONDS_TEXT];
        double pace = (now - s->since) / (double)(r - s->begun);
        snprintf(left, sizeof left, " (%s left)", zsc_seconds_text(pace * (double)(s->plan->count - r), text));
    } else if (s->since <= 0) {
        s->since = now;
        s->begun = r;
    }
    zsc_note_progress("run %zu of %zu%s: %s", r + 1, s->plan->count, left, what ? what : "");
    free(what);
}

/* The input gets the neighbours that wait for it, if the run wants those and no others. */
static void take_ready(sweep *s, const zsc_planned_run *run, zsc_input *input)
{
    zsc_keyed_knn *ready = &s->ready[run->input];
    const zsc_run_options *o = &run->options;
    if (o->reduce != ZSC_REDUCE_UMAP || !zsc_keyed_knn_is(ready, zsc_stage_key_knn_of(o, &input->data))) return;
    zsc_keyed_knn_free(&input->knn);
    input->knn = *ready;
    *ready = (zsc_keyed_knn){0};
}

/* Runs first .. last - 1, all of one input, of which WANTED tells which. */
static zsc_status run_input(sweep *s, size_t first, size_t last, const bool *wanted, bool wait)
{
    zsc_status status = ZSC_OK;
    zsc_input input = {.cache = s->cache, .knn_folder = s->o->cache};
    zsc_tree tree = {0};
    size_t final = last; /* the last that is wanted */
    while (final > first && !wanted[final - first - 1]) final--;
    for (size_t r = first; r < final; r++) {
        if (!wanted[r - first]) continue;
        const zsc_planned_run *run = &s->plan->run[r];
        input.last = r + 1 == final;
        progress_note(s, r);
        status = zsc_input_load(&run->options, s->exec, &input);
        if (status == ZSC_OK) take_ready(s, run, &input);
        if (status == ZSC_OK) status = one_run(s, r, &input, &tree, wait);
        if (fatal(s, status)) goto done;
        if (status != ZSC_OK) ZSC_TRY(record_failure(s, r));
        status = ZSC_OK;
    }
done:
    zsc_keyed_knn_free(&s->ready[s->plan->run[first].input]); /* no run has wanted them */
    zsc_tree_free(&tree);
    zsc_input_free(&input);
    return status;
}

static size_t input_end(const zsc_plan *plan, size_t first)
{
    size_t last = first;
    while (last < plan->count && plan->run[last].input == plan->run[first].input) last++;
    return last;
}

/* --- Units */
static bool same_texts(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++) same = strcmp(a[i], b[i]) == 0;
    return same;
}

/* Whether the two inputs choose and scale rows alike and differ in their embeddings alone. */
static bool same_rows(const zsc_run_options *one, const zsc_run_options *other)
{
    const zsc_dataset_options *a = &one->data, *b = &other->data;
    return zsc_settings_same(one, other, ZSC_LEVEL_ROWS) && a->double_precision == b->double_precision &&
           same_texts(a->where, a->where_count, b->where, b->where_count) &&
           same_texts(a->columns.rule, a->columns.count, b->columns.rule, b->columns.count) &&
           zsc_file_layout_equal(&a->file_layout, &b->file_layout);
}

/* The run after the last of the unit that begins with run `first`. */
static size_t unit_end(const sweep *s, size_t first)
{
    const zsc_plan *plan = s->plan;
    size_t last = input_end(plan, first);
    bool alone = zsc_mpi_count() == 1 && s->o->shards <= 1;
    const zsc_run_options *o = &plan->run[first].options;
    while (last < plan->count && zsc_joint_knn_eligible(o)) {
        const zsc_run_options *next = &plan->run[last].options;
        if (!zsc_joint_knn_eligible(next) || !same_rows(o, next)) break;
        if (!alone && strcmp(o->data.embeddings[0], next->data.embeddings[0]) != 0) break;
        last = input_end(plan, last);
    }
    return last;
}

/* The neighbours of a run's input, if they are in the cache on disk. An input that cannot be read is left to the run,
 * which says so. */
static zsc_status from_disk(sweep *s, const zsc_planned_run *run, bool *found)
{
    zsc_input input = {.cache = s->cache};
    zsc_keyed_knn *ready = &s->ready[run->input];
    *found = false;
    if (!s->o->cache || access(s->o->cache, F_OK) != 0) return ZSC_OK;
    zsc_status status = zsc_input_load(&run->options, s->exec, &input);
    if (status == ZSC_OK)
        status = zsc_knn_cache_find(s->o->cache, &run->options, &input.data, ready);
    else if (status != ZSC_EINTERRUPTED)
        status = ZSC_OK;
    *found = ready->knn.index != NULL;
    zsc_input_free(&input);
    return status;
}

/* Inputs that may be searched together, of one choice of rows. */
typedef struct together {
    const zsc_planned_run **run;
    const zsc_run_options **options;
    bool *wanted;
    size_t count;
} together;

static void drop_unwanted(together *t)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->count; i++)
        if (t->wanted[i]) {
            t->run[kept] = t->run[i];
            t->options[kept++] = t->options[i];
        }
    t->count = kept;
}

/* Embeddings that no concatenation here is made of are searched as they come. */
static void keep_worthwhile(together *t)
{
    for (size_t i = 0; i < t->count; i++) t->wanted[i] = zsc_joint_knn_worthwhile(t->options[i], t->options, t->count);
    drop_unwanted(t);
}

static void drop_embedding(together *t, const char *embedding)
{
    for (size_t i = 0; i < t->count; i++) {
        const zsc_dataset_options *d = &t->options[i]->data;
        t->wanted[i] = true;
        for (size_t m = 0; m < d->embedding_count; m++)
            if (strcmp(d->embeddings[m], embedding) == 0) t->wanted[i] = false;
    }
    drop_unwanted(t);
    keep_worthwhile(t);
}

/* Searches the neighbours of the unit's inputs that are wanted, together, but for those that an earlier sweep left on
 * disk. */
static zsc_status search_together(sweep *s, size_t first, size_t last, const bool *wanted)
{
    zsc_status status = ZSC_OK;
    together t = {0};
    zsc_keyed_knn *found = NULL;
    size_t seen = SIZE_MAX;
    ZSC_NEW(t.run, last - first);
    ZSC_NEW(t.options, last - first);
    ZSC_NEW(t.wanted, last - first);
    ZSC_NEW(found, last - first);
    for (size_t r = first; r < last; r++) {
        const zsc_planned_run *run = &s->plan->run[r];
        if (!wanted[r - first] || !zsc_joint_knn_eligible(&run->options) || seen == run->input) continue;
        seen = run->input;
        t.run[t.count] = run;
        t.options[t.count++] = &run->options;
    }
    keep_worthwhile(&t);
    for (size_t i = 0; i < t.count; i++) {
        bool there;
        ZSC_TRY(from_disk(s, t.run[i], &there));
        t.wanted[i] = !there;
    }
    drop_unwanted(&t);
    keep_worthwhile(&t);
    for (const char *unreadable = ""; t.count && unreadable;) {
        ZSC_TRY(zsc_joint_knn_search(t.options, t.count, s->exec, s->cache, found, &unreadable));
        if (unreadable) drop_embedding(&t, unreadable); /* the runs of the others do not wait for it */
    }
    for (size_t i = 0; i < t.count; i++) {
        s->ready[t.run[i]->input] = found[i];
        found[i] = (zsc_keyed_knn){0};
    }
done:
    for (size_t i = 0; found && i < t.count; i++) zsc_keyed_knn_free(&found[i]);
    free(t.run);
    free(t.options);
    free(t.wanted);
    free(found);
    return status;
}

static zsc_status run_unit(sweep *s, size_t first)
{
    zsc_status status = ZSC_OK;
    size_t last = unit_end(s, first), missing = 0;
    bool *wanted = NULL;
    ZSC_NEW(wanted, last - first);
    for (size_t r = first; r < last; r++) {
        bool found = false;
        ZSC_TRY(zsc_run_index_identity(&s->plan->run[r].options, &s->identity[r]));
        if (!s->o->force) ZSC_TRY(zsc_run_index_find(s->o->output, &s->identity[r], &found));
        wanted[r - first] = !found;
        s->report.present += found;
        missing += !found;
    }
    if (missing) ZSC_TRY(search_together(s, first, last, wanted));
    for (size_t r = first; r < last && missing; r = input_end(s->plan, r))
        ZSC_TRY(run_input(s, r, input_end(s->plan, r), wanted + (r - first), false));
done:
    free(wanted);
    return status;
}

/* Runs that another process had when it was our turn: wait until it is done with them, or dead. */
static zsc_status run_deferred(sweep *s)
{
    zsc_status status = ZSC_OK;
    for (size_t first = 0; first < s->plan->count;) {
        size_t last = input_end(s->plan, first);
        bool any = false;
        for (size_t r = first; r < last; r++) any |= s->deferred[r];
        if (any) ZSC_TRY(run_input(s, first, last, s->deferred + first, true));
        first = last;
    }
done:
    return status;
}

size_t zsc_sweep_cache_memory(const zsc_exec *exec)
{
    const size_t most = (size_t)512 << 20;
    size_t share = (exec && exec->memory_limit ? exec->memory_limit : zsc_memory_available()) / 8;
    return share < most ? share : most;
}

static void note_cache(const zsc_dataset_cache *cache)
{
    zsc_dataset_cache_use use = zsc_dataset_cache_used(cache);
    char text[ZSC_BYTES_TEXT];
    zsc_detail("labels read %zu times and taken from memory %zu times, matrices %zu and %zu; at most %s kept",
               use.labels_read, use.labels_taken, use.matrices_read, use.matrices_taken,
               zsc_bytes_text((double)use.most, text));
}

static zsc_status list_settings(const zsc_plan *plan, zsc_digest **out)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(*out, plan->count);
    for (size_t r = 0; r < plan->count; r++) ZSC_TRY(zsc_run_index_settings(&plan->run[r].options, &(*out)[r]));
done:
    return status;
}

/* The order of the plan, for those who list the results; a store that cannot be written is no reason to fail here. */
static void keep_order(const zsc_digest *settings, size_t count, const char *output)
{
    if (zsc_run_order_keep(output, settings, count) == ZSC_OK) return;
    zsc_detail("the order of the plan is not kept: %s", zsc_error_message());
    zsc_error_clear();
}

zsc_status zsc_sweep(const zsc_plan *plan, const zsc_sweep_options *o, const zsc_exec *exec, zsc_sweep_report *report)
{
    zsc_status status = ZSC_OK;
    sweep s = {.plan = plan, .o = o, .exec = exec};
    size_t *start = NULL, units = 0, unit, next = 0;
    zsc_digest *settings = NULL;
    ZSC_TRY(zsc_make_folder(o->output));
    ZSC_TRY(list_settings(plan, &settings));
    /* of those that can write: another says nothing, and the others do its share */
    ZSC_TRY(zsc_sweep_ranks_check(settings, plan->count, o));
    if (zsc_mpi_me() == 0) keep_order(settings, plan->count, o->output);
    ZSC_TRY(
        zsc_dataset_cache_make(o->cache_memory == SIZE_MAX ? zsc_sweep_cache_memory(exec) : o->cache_memory, &s.cache));
    ZSC_NEW(s.deferred, plan->count);
    ZSC_NEW(s.identity, plan->count);
    ZSC_NEW(s.ready, plan->inputs);
    ZSC_NEW(start, plan->inputs);
    for (size_t r = 0; r < plan->count; r = unit_end(&s, r)) start[units++] = r;
    for (;;) {
        ZSC_TRY(zsc_sweep_ranks_next(o, units, &next, &unit));
        if (unit == units) break;
        ZSC_TRY(run_unit(&s, start[unit]));
    }
    ZSC_TRY(run_deferred(&s));
done:
    status = zsc_sweep_ranks_sum(status, o, plan->count, "runs", &s.report);
    *report = s.report;
    for (size_t i = 0; s.ready && i < plan->inputs; i++) zsc_keyed_knn_free(&s.ready[i]);
    if (s.cache) note_cache(s.cache);
    zsc_dataset_cache_free(s.cache);
    free(s.ready);
    free(s.deferred);
    free(s.identity);
    free(settings);
    free(start);
    return status;
}
