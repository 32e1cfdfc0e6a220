/* A unit is what is missing of one key encoder: its pairs are searched together. Where that fails, or does not fit the
 * memory, each is tried alone, so that one pair that cannot be does not keep the others from their results. */
#include "experiment/retrieval_sweep.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/threads.h"
#include "experiment/mpi.h"
#include "experiment/store/retrieval_result.h"
#include "experiment/store/run_order.h"
#include "io/files/atomic.h"

typedef struct sweep {
    const zsc_retrieval_plan *plan;
    const zsc_sweep_options *o;
    const zsc_exec *exec;
    zsc_sweep_report report;
    zsc_dataset_cache *cache;
    zsc_list recent;            /* of zsc_run_index_recent */
    zsc_run_identity *identity; /* of each pair, from before its inputs were read */
    bool *settled;              /* there, computed, or failed */
    bool broken;                /* the store cannot be written: going on would be in vain */
} sweep;

typedef struct unit { /* pairs to compute */
    sweep *s;
    zsc_retrieve_options *options;
    size_t *pair; /* their numbers in the plan */
    int *claim;
    size_t count;
} unit;

static const char *settings_text(const sweep *s, size_t p, char text[ZSC_DIGEST_TEXT])
{
    return zsc_digest_text(s->identity[p].settings, text);
}

static zsc_status keep(void *data, size_t i, const zsc_retrieve_result *found)
{
    const unit *u = data;
    sweep *s = u->s;
    zsc_result result = {0};
    zsc_status status = zsc_retrieval_result_make(found, &u->options[i], &result);
    if (status == ZSC_OK) {
        s->broken = true;
        status = zsc_result_write(&result, s->o->output);
        if (status == ZSC_OK) status = zsc_run_index_add(s->o->output, &s->identity[u->pair[i]], result.key);
        s->broken = status != ZSC_OK;
    }
    if (status == ZSC_OK) {
        s->settled[u->pair[i]] = true;
        s->report.computed++;
    }
    zsc_result_free(&result);
    return status;
}

static bool fatal(const sweep *s, zsc_status status)
{
    return status == ZSC_EINTERRUPTED || (status != ZSC_OK && s->broken);
}

static zsc_status record_failure(sweep *s, size_t p)
{
    const zsc_retrieve_options *o = &s->plan->pair[p];
    char *line = zsc_asprintf("%s in %s: %s", o->queries.embeddings[0], o->keys.embeddings[0],
                              *zsc_error_message() ? zsc_error_message() : "out of memory");
    if (!line) return ZSC_EINTERNAL;
    zsc_warn("%s", line);
    s->settled[p] = true;
    s->report.failed++;
    zsc_status status = zsc_run_index_fail(s->o->output, &s->identity[p], line);
    free(line);
    return status;
}

static zsc_status compute(unit *u)
{
    zsc_status status = ZSC_OK;
    sweep *s = u->s;
    if (u->count > 1) {
        zsc_note("%zu queries in keys %s", u->count, u->options[0].keys.embeddings[0]);
        status = zsc_retrieve_pairs(u->options, u->count, s->exec, s->cache, keep, u);
        if (status == ZSC_OK || fatal(s, status)) return status;
        status = ZSC_OK;
    }
    for (size_t i = 0; i < u->count; i++) {
        unit one = {.s = s, .options = &u->options[i], .pair = &u->pair[i], .count = 1};
        if (s->settled[u->pair[i]]) continue;
        zsc_note("queries %s in keys %s", u->options[i].queries.embeddings[0], u->options[i].keys.embeddings[0]);
        status = zsc_retrieve_pairs(one.options, 1, s->exec, s->cache, keep, &one);
        if (fatal(s, status)) return status;
        if (status != ZSC_OK) ZSC_TRY(record_failure(s, u->pair[i]));
    }
done:
    return status;
}

/* Claims what is to do of the pairs FIRST .. LAST - 1. Where another process has one: *busy, or with WAIT it is waited
 * for. */
static zsc_status collect(sweep *s, size_t first, size_t last, bool wait, unit *u, bool *busy)
{
    zsc_status status = ZSC_OK;
    char text[ZSC_DIGEST_TEXT];
    for (size_t p = first; p < last; p++) {
        bool found = false;
        int claim;
        if (s->settled[p]) continue;
        ZSC_TRY(zsc_retrieval_identity(&s->plan->pair[p], &s->identity[p]));
        while ((claim = zsc_run_index_claim(s->o->output, settings_text(s, p, text), &s->identity[p], &status)) < 0) {
            if (status != ZSC_OK) goto done;
            *busy = true;
            if (!wait) break;
            if (!zsc_progress(s->exec, "waiting for another sweep", 0, 1)) {
                status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
                goto done;
            }
            nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
        }
        if (claim < 0) continue;
        u->claim[u->count] = claim;
        u->pair[u->count] = p;
        u->options[u->count++] = s->plan->pair[p];
        if (!s->o->force)
            ZSC_TRY(zsc_retrieval_is_there(s->o->output, &s->plan->pair[p], &s->recent, &s->identity[p], &found));
        if (!found) continue;
        zsc_run_index_release(s->o->output, text, claim);
        u->count--;
        s->settled[p] = true;
        s->report.present++;
    }
done:
    return status;
}

static zsc_status run_keys(sweep *s, size_t first, size_t last, bool wait, bool *busy)
{
    zsc_status status = ZSC_OK;
    unit u = {.s = s};
    char text[ZSC_DIGEST_TEXT];
    ZSC_NEW(u.options, last - first);
    ZSC_NEW(u.pair, last - first);
    ZSC_NEW(u.claim, last - first);
    ZSC_TRY(collect(s, first, last, wait, &u, busy));
    if (u.count) ZSC_TRY(compute(&u));
done:
    for (size_t i = 0; i < u.count; i++)
        zsc_run_index_release(s->o->output, settings_text(s, u.pair[i], text), u.claim[i]);
    free(u.options);
    free(u.pair);
    free(u.claim);
    return status;
}

/* Checks that all ranks have these pairs, and keeps their order. */
static zsc_status begin(sweep *s)
{
    zsc_status status = ZSC_OK;
    zsc_digest *settings = NULL;
    ZSC_NEW(settings, s->plan->count);
    for (size_t p = 0; p < s->plan->count; p++) {
        ZSC_TRY(zsc_retrieval_identity(&s->plan->pair[p], &s->identity[p]));
        settings[p] = s->identity[p].settings;
    }
    ZSC_TRY(zsc_sweep_ranks_check(settings, s->plan->count, s->o));
    if (zsc_mpi_me() == 0) status = zsc_run_order_keep(s->o->output, settings, s->plan->count);
done:
    free(settings);
    return status;
}

/* All keys that are this process's, then those that others were busy with. */
static zsc_status run_all(sweep *s)
{
    zsc_status status = ZSC_OK;
    size_t queries = s->plan->queries, keys = s->plan->count / queries, k, next = 0;
    bool *busy = NULL;
    ZSC_NEW(busy, keys);
    for (;;) {
        ZSC_TRY(zsc_sweep_ranks_next(s->o, keys, &next, &k));
        if (k == keys) break;
        ZSC_TRY(run_keys(s, k * queries, (k + 1) * queries, false, &busy[k]));
    }
    for (k = 0; k < keys; k++)
        if (busy[k]) ZSC_TRY(run_keys(s, k * queries, (k + 1) * queries, true, &busy[k]));
done:
    free(busy);
    return status;
}

zsc_status zsc_retrieval_sweep(const zsc_retrieval_plan *plan, const zsc_sweep_options *o, const zsc_exec *exec,
                               zsc_sweep_report *report)
{
    zsc_status status = ZSC_OK;
    sweep s = {.plan = plan, .o = o, .exec = exec};
    size_t cache = o->cache_memory == SIZE_MAX ? zsc_sweep_cache_memory(exec) : o->cache_memory;
    ZSC_TRY(zsc_make_folder(o->output));
    ZSC_NEW(s.settled, plan->count);
    ZSC_NEW(s.identity, plan->count);
    ZSC_TRY(begin(&s));
    ZSC_TRY(zsc_run_index_recent(o->output, &s.recent));
    ZSC_TRY(zsc_dataset_cache_make(cache, &s.cache));
    status = run_all(&s);
done:
    status = zsc_sweep_ranks_sum(status, o, plan->count, "pairs", &s.report);
    *report = s.report;
    zsc_dataset_cache_free(s.cache);
    zsc_list_free(&s.recent);
    free(s.settled);
    free(s.identity);
    return status;
}

zsc_status zsc_retrieval_sweep_states(const zsc_retrieval_plan *plan, const char *output, zsc_run_state *state)
{
    zsc_status status = ZSC_OK;
    zsc_list claimed = {0}, recent = {0};
    ZSC_TRY(zsc_run_index_claimed(output, &claimed));
    ZSC_TRY(zsc_run_index_recent(output, &recent));
    for (size_t p = 0; p < plan->count; p++) {
        zsc_run_identity identity;
        bool there = false;
        ZSC_TRY(zsc_retrieval_identity(&plan->pair[p], &identity));
        ZSC_TRY(zsc_run_index_state(output, &identity, &claimed, &state[p]));
        if (state[p] != ZSC_RUN_DONE)
            ZSC_TRY(zsc_retrieval_is_there(output, &plan->pair[p], &recent, &identity, &there));
        if (there) state[p] = ZSC_RUN_DONE;
    }
done:
    zsc_list_free(&claimed);
    zsc_list_free(&recent);
    return status;
}
