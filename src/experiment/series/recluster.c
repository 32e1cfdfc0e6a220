#include "experiment/series/recluster.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/threads.h"
#include "experiment/pipeline/pipeline.h"
#include "experiment/rerun.h"
#include "experiment/store/result_parts.h"
#include "io/files/atomic.h"

enum { KEPT_MEMORY = 1 << 28 }; /* labels and matrices that all halves of a run take from memory, in bytes */

typedef struct work {
    const zsc_compared_group *group;
    const zsc_labellings *labellings;
    char *const *rank;
    size_t ranks, units, done, total; /* clusterings */
    const int32_t *unit;
    const zsc_resampling *resampling;
    const zsc_exec *exec;
    int32_t *order; /* units */
    uint16_t *weight;
    zsc_dataset_cache *cache;
} work;

/* --- Progress: of all clusterings, not of the stages of each */
static bool relay(void *data, const char *stage, double done, double total)
{
    const work *w = data;
    (void)stage;
    double part = total > 0 ? done / total : 0;
    return zsc_progress(w->exec, "clustering halves anew", (double)w->done + (part < 1 ? part : 1) / 2,
                        (double)w->total);
}

static zsc_exec quiet(work *w)
{
    zsc_exec inner = w->exec ? *w->exec : (zsc_exec){0};
    inner.progress = relay;
    inner.progress_data = w;
    return inner;
}

/* --- One half or quarter */
/* The ids of the rows whose unit has WEIGHT, as a table of ids. */
static zsc_status write_ids(const work *w, FILE *file)
{
    const zsc_result *first = w->group->first;
    bool failed = fputs("processid\n", file) < 0;
    for (size_t i = 0; i < first->rows; i++) {
        if (w->weight[w->unit[i]] == 0) continue;
        failed |= putc('"', file) == EOF;
        for (const char *p = first->id[i]; *p; p++)
            failed |= (*p == '"' && putc('"', file) == EOF) || putc(*p, file) == EOF;
        failed |= fputs("\"\n", file) < 0;
    }
    failed |= fflush(file) != 0;
    return failed ? zsc_fail(ZSC_EINPUT, "cannot write the ids of a half into a temporary file (TMPDIR)") : ZSC_OK;
}

static void take_scores(const work *w, size_t e, size_t run, const zsc_result *r, double *out)
{
    for (size_t q = 0; q < w->ranks; q++) {
        size_t start = w->labellings->start[e * w->ranks + q], j = zsc_result_rank(r, w->rank[q]);
        if (start == SIZE_MAX) continue;
        out[start + run] = j < r->scores ? r->score[j].scores.ami[ZSC_ARITHMETIC] : NAN;
    }
}

static zsc_status cluster_part(work *w, const zsc_run_options *options, size_t e, size_t run, double *out)
{
    zsc_status status = ZSC_OK;
    zsc_run_options o = *options;
    zsc_input input = {.cache = w->cache};
    zsc_tree tree = {0};
    zsc_result r = {0};
    zsc_exec inner = quiet(w);
    char *path = NULL;
    FILE *file = NULL;
    int descriptor = -1;
    ZSC_TRY(zsc_context(zsc_temporary_file("zsc-half", &descriptor, &path), "the ids of a half"));
    if (!(file = fdopen(descriptor, "w"))) {
        close(descriptor);
        status = zsc_fail(ZSC_EINTERNAL, "out of memory");
        goto done;
    }
    ZSC_TRY(write_ids(w, file));
    o.data.ids = path;
    ZSC_TRY(zsc_input_load(&o, &inner, &input));
    ZSC_TRY(zsc_tree_grow(&o, &inner, &input, &tree));
    ZSC_TRY(zsc_tree_score(&o, &inner, &input, &tree, &r));
    take_scores(w, e, run, &r, out);
    w->done++;
done:
    if (file) fclose(file);
    if (path) zsc_atomic_drop(path);
    free(path);
    zsc_result_free(&r);
    zsc_tree_free(&tree);
    input.cache = NULL; /* the caller's */
    zsc_input_free(&input);
    return status;
}

/* --- One run */
/* The run's inputs are those that it was made of. */
static zsc_status check_inputs(work *w, const zsc_rerun *r)
{
    zsc_status status = ZSC_OK;
    char digest[ZSC_DIGEST_TEXT];
    zsc_input input = {.cache = w->cache};
    zsc_exec inner = quiet(w);
    ZSC_TRY(zsc_input_load(&r->options, &inner, &input));
    zsc_digest_text((zsc_digest){input.data.fingerprint[0], input.data.fingerprint[1]}, digest);
    if (r->fingerprint && strcmp(r->fingerprint, digest) != 0)
        status = zsc_fail(ZSC_EINPUT, "its vectors, ids or labels have changed since; run it again");
done:
    input.cache = NULL;
    zsc_input_free(&input);
    return status;
}

/* A quarter may be too small for the settings of a run: fewer rows than neighbours, or than clusters. It then has no
 * AMI. */
static zsc_status cluster_quarter(work *w, const zsc_run_options *options, size_t e, size_t run, double *out)
{
    zsc_status status = cluster_part(w, options, e, run, out);
    if (status != ZSC_EINPUT && status != ZSC_EUSAGE && status != ZSC_ENUMERIC) return status;
    zsc_error_clear();
    for (size_t q = 0; q < w->ranks; q++) {
        size_t start = w->labellings->start[e * w->ranks + q];
        if (start != SIZE_MAX) out[start + run] = NAN;
    }
    w->done++;
    return ZSC_OK;
}

static zsc_status cluster_run(work *w, size_t e, size_t run, const zsc_parts *parts)
{
    zsc_status status = ZSC_OK;
    const zsc_result *result = w->group->encoder[e].run[run];
    zsc_rerun r = {0};
    ZSC_TRY(zsc_rerun_read(result, &r));
    zsc_rerun_enter(&r);
    r.options.curve = r.options.internal = r.options.keep_reduced = false;
    for (size_t b = 0; b < w->resampling->count; b++) {
        for (unsigned p = 0; p < parts->count; p++) {
            zsc_resampling part = *w->resampling;
            part.rest = p == 1;
            part.quarter = p > 1 ? p - 1 : 0;
            zsc_resample_draw(&part, b, w->units, w->order, w->weight);
            ZSC_TRY((p > 1 ? cluster_quarter : cluster_part)(w, &r.options, e, run,
                                                             parts->ami[p] + b * w->labellings->count));
        }
    }
done:
    zsc_rerun_free(&r);
    return status == ZSC_OK || status == ZSC_EINTERRUPTED
               ? status
               : zsc_context(status, "--recluster: result '%s'", result->path);
}

/* Of all encoders, before the first is clustered. */
static zsc_status check_all_inputs(work *w, int here)
{
    zsc_status status = ZSC_OK;
    for (size_t e = 0; e < w->group->encoders && status == ZSC_OK; e++) {
        const zsc_result *result = w->group->encoder[e].run[0];
        zsc_rerun r = {0};
        status = zsc_rerun_read(result, &r);
        if (status == ZSC_OK) {
            zsc_rerun_enter(&r);
            status = check_inputs(w, &r);
        }
        zsc_rerun_free(&r);
        if (status != ZSC_OK && status != ZSC_EINTERRUPTED)
            status = zsc_context(status, "--recluster: result '%s'", result->path);
        if (fchdir(here) != 0 && status == ZSC_OK) status = zsc_fail(ZSC_EINPUT, "this folder is gone");
    }
    return status;
}

zsc_status zsc_recluster_halves(const zsc_compared_group *group, const zsc_labellings *l, char *const *rank,
                                size_t ranks, const int32_t *unit, size_t units, const zsc_resampling *r,
                                const zsc_exec *exec, const zsc_parts *parts)
{
    zsc_status status = ZSC_OK;
    int here = open(".", O_RDONLY | O_CLOEXEC);
    work w = {.group = group,
              .labellings = l,
              .rank = rank,
              .ranks = ranks,
              .units = units,
              .unit = unit,
              .resampling = r,
              .exec = exec};
    for (size_t e = 0; e < group->encoders; e++) w.total += parts->count * r->count * group->encoder[e].runs;
    if (here < 0) return zsc_fail(ZSC_EINPUT, "cannot read this folder, which --recluster must come back to");
    ZSC_NEW_RAW(w.order, units);
    ZSC_NEW_RAW(w.weight, units);
    ZSC_TRY(zsc_dataset_cache_make(KEPT_MEMORY, &w.cache));
    ZSC_TRY(check_all_inputs(&w, here));
    for (size_t e = 0; e < group->encoders; e++)
        for (size_t run = 0; run < group->encoder[e].runs; run++) {
            status = cluster_run(&w, e, run, parts);
            if (fchdir(here) != 0 && status == ZSC_OK) status = zsc_fail(ZSC_EINPUT, "this folder is gone");
            if (status != ZSC_OK) goto done;
        }
done:
    close(here);
    zsc_dataset_cache_free(w.cache);
    free(w.order);
    free(w.weight);
    return status;
}
