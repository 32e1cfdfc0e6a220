#include "experiment/sweep_ranks.h"

#include <string.h>

#include "base/error.h"
#include "experiment/mpi.h"

enum { SUMS = 4 }; /* computed, present, failed; ranks that ended early */

void zsc_sweep_absent(void)
{
    size_t sums[SUMS] = {0, 0, 0, 1};
    zsc_mpi_sum(sums, SUMS); /* its own failure is what this rank reports */
}

/* Ranks share a plan by the numbers of its units: each must have the same runs, folder and shards. */
zsc_status zsc_sweep_ranks_check(const zsc_digest *settings, size_t count, const zsc_sweep_options *o)
{
    zsc_status status = ZSC_OK;
    bool agrees = true;
    if (zsc_mpi_count() == 1) return ZSC_OK;
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_hash_add(hash, o->output, strlen(o->output) + 1);
    zsc_hash_add(hash, &o->shard, sizeof o->shard);
    zsc_hash_add(hash, &o->shards, sizeof o->shards);
    zsc_hash_add(hash, settings, count * sizeof *settings);
    zsc_digest all = zsc_hash_end(hash);
    status = zsc_mpi_agrees(zsc_hash64(&all, sizeof all), &agrees);
    if (status == ZSC_OK && !agrees)
        status = zsc_fail(
            ZSC_EUSAGE,
            "rank %d has other runs (%zu), another output folder ('%s') or another shard than the rank that "
            "came first; start all ranks with the same sweep file and options",
            zsc_mpi_me(), count, o->output);
    return status;
}

zsc_status zsc_sweep_ranks_next(const zsc_sweep_options *o, size_t units, size_t *next, size_t *unit)
{
    zsc_status status = ZSC_OK;
    size_t shards = o->shards ? o->shards : 1;
    do {
        if (zsc_mpi_count() > 1)
            status = zsc_mpi_next(unit);
        else
            *unit = (*next)++;
    } while (status == ZSC_OK && *unit < units && *unit % shards != o->shard);
    if (status == ZSC_OK && *unit > units) *unit = units;
    return status;
}

zsc_status zsc_sweep_ranks_sum(zsc_status status, const zsc_sweep_options *o, size_t count, const char *what,
                               zsc_sweep_report *report)
{
    size_t sums[SUMS] = {report->computed, report->present, report->failed, status != ZSC_OK};
    zsc_status summed = zsc_mpi_sum(sums, SUMS);
    if (status == ZSC_OK) status = summed;
    *report = (zsc_sweep_report){sums[0], sums[1], sums[2]};
    if (status == ZSC_OK && sums[3])
        status = zsc_fail(ZSC_EPARTIAL, "%zu of %d ranks ended early; start the sweep again to run what is missing",
                          sums[3], zsc_mpi_count());
    if (status == ZSC_OK && report->failed)
        status = zsc_fail(ZSC_EPARTIAL, "%zu of %zu %s failed; their messages are in %s/.failed", report->failed, count,
                          what, o->output);
    return status;
}
