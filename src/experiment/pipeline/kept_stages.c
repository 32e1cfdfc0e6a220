#include "experiment/pipeline/kept_stages.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

static bool due(void *owner)
{
    const zsc_kept *k = owner;
    return zsc_checkpoint_due(k->checkpoint);
}

/* The seconds of the stage until now, before it was stopped included. */
static zsc_status seconds_of(const zsc_kept *k, zsc_stage_list *out)
{
    zsc_status status = zsc_stage_add_all(out, &k->seconds);
    return status == ZSC_OK ? zsc_stage_add(out, k->stage, zsc_clock() - k->began) : status;
}

static zsc_status find_search(void *owner, zsc_knn_state *state, bool *found)
{
    zsc_kept *k = owner;
    if (k->anew) return ZSC_OK;
    zsc_status status = zsc_checkpoint_find_search(k->checkpoint, k->key, state, &k->seconds, found);
    k->found = *found;
    return status;
}

static zsc_status keep_search(void *owner, const zsc_knn_state *state)
{
    const zsc_kept *k = owner;
    zsc_stage_list seconds = {0};
    zsc_status status = seconds_of(k, &seconds);
    if (status == ZSC_OK) status = zsc_checkpoint_keep_search(k->checkpoint, k->key, state, &seconds);
    zsc_stage_list_free(&seconds);
    return status;
}

static zsc_status find_merges(void *owner, zsc_ward_state *out)
{
    zsc_kept *k = owner;
    if (k->anew) return ZSC_OK;
    zsc_status status = zsc_checkpoint_find_merges(k->checkpoint, k->key, k->n, out, &k->seconds);
    k->found = out->pair != NULL;
    return status;
}

static zsc_status keep_merges(void *owner, const zsc_ward_state *state)
{
    const zsc_kept *k = owner;
    zsc_stage_list seconds = {0};
    zsc_status status = seconds_of(k, &seconds);
    if (status == ZSC_OK) status = zsc_checkpoint_keep_merges(k->checkpoint, k->key, state, &seconds);
    zsc_stage_list_free(&seconds);
    return status;
}

zsc_knn_keeper zsc_kept_search(zsc_kept *k)
{
    k->began = zsc_clock();
    return (zsc_knn_keeper){find_search, due, keep_search, k};
}

zsc_ward_keeper zsc_kept_linkage(zsc_kept *k)
{
    k->began = zsc_clock();
    return (zsc_ward_keeper){find_merges, due, keep_merges, k};
}

bool zsc_kept_again(zsc_kept *k, zsc_status status)
{
    if (status != ZSC_EINPUT || !k->found || k->anew) return false;
    zsc_warn("the checkpoint of this stage is not taken: %s; it is computed again", zsc_error_message());
    zsc_stage_list_free(&k->seconds);
    k->anew = true;
    return true;
}

zsc_status zsc_kept_end(zsc_kept *k, zsc_stage_list *seconds)
{
    zsc_status status = zsc_stage_add_all(seconds, &k->seconds);
    zsc_stage_list_free(&k->seconds);
    return status;
}
