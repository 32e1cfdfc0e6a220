/* zsc sweep: many experiments from one file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands/sweep_plan.h"
#include "cli/files.h"
#include "experiment/mpi.h"
#include "experiment/retrieval_sweep.h"
#include "experiment/sweep.h"

typedef struct sweep_arguments {
    cli_common common;
    const char *output, *cache, *shard;
    size_t cache_memory;
    bool dry_run, status, example, force;
} sweep_arguments;

#define FIELD(name) offsetof(sweep_arguments, name)
static const cli_option options[] = {
    {'o', "output", CLI_TEXT, FIELD(output), "DIR", .help = "folder for the result files",
     .shown_default = "as in the sweep file, or results", .file = CLI_WRITES_FOLDER},
    {'n', "dry-run", CLI_FLAG, FIELD(dry_run),
     .help = "print the plan: what varies, runs that are done, rows, memory and estimated time; run nothing"},
    {.name = "status",
     .kind = CLI_FLAG,
     .offset = FIELD(status),
     .help = "print how many runs are done, failed, under way and to do, in all and by setting; run nothing"},
    {.name = "example", .kind = CLI_FLAG, .offset = FIELD(example), .help = "print a commented sweep file and exit"},
    {.name = "shard",
     .kind = CLI_TEXT,
     .offset = FIELD(shard),
     .arg = "I/N",
     .help = "run part I of N of the sweep, I from 1 to N; for clusters without MPI",
     .shown_default = "1/1"},
    {.name = "cache",
     .kind = CLI_TEXT,
     .offset = FIELD(cache),
     .arg = "DIR",
     .file = CLI_WRITES_FOLDER,
     .help = "store nearest neighbours in this folder and reuse them",
     .shown_default = "off"},
    {.name = "cache-memory",
     .kind = CLI_BYTES,
     .offset = FIELD(cache_memory),
     .arg = "SIZE",
     .help = "memory for labels and scaled matrices that later inputs reuse",
     .shown_default = "an eighth of the memory, at most 512 MB"},
    {.name = "force", .kind = CLI_FLAG, .offset = FIELD(force), .help = "recompute all runs"},
};

static zsc_status defaults(void *data)
{
    sweep_arguments *a = data;
    a->cache_memory = SIZE_MAX;
    return ZSC_OK;
}

/* Reports progress, and lets MPI make progress too. */
static bool progress(void *data, const char *stage, double done, double total)
{
    zsc_mpi_poll();
    return zsc_log_progress(data, stage, done, total);
}

/* What the options of other commands are checked for (cli/files.c), of the embeddings that a plan names. */
static zsc_status check_older_results(const zsc_plan *plan)
{
    zsc_status status = ZSC_OK;
    zsc_list sources = {0};
    for (size_t r = 0; r < plan->count; r++) {
        const zsc_dataset_options *o = &plan->run[r].options.data;
        for (size_t m = 0; m < o->embedding_count; m++)
            if (!zsc_list_has(&sources, o->embeddings[m])) ZSC_TRY(zsc_list_add(&sources, o->embeddings[m]));
    }
    status = cli_check_older_results((const char *const *)sources.item, sources.count);
done:
    zsc_list_free(&sources);
    return status;
}

/* --- kind: retrieval, kind: probe */
static zsc_status sweep_retrieval(const sweep_arguments *a, const char *path)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_plan plan = {0};
    zsc_sweep_options o = {.cache_memory = a->cache_memory, .force = a->force, .shards = 1};
    zsc_sweep_report report = {0};
    zsc_exec exec = a->common.exec;
    bool begun = a->dry_run || a->status;
    exec.progress = progress;
    ZSC_TRY(cli_read_shard(a->shard, &o.shard, &o.shards));
    if (a->cache) ZSC_TRY(cli_usage("--cache has no effect here: a sweep of this kind keeps no neighbours"));
    ZSC_TRY(zsc_retrieval_plan_read(path, &plan));
    ZSC_TRY(zsc_plan_check_inputs(&plan.texts, path));
    o.output = a->output ? a->output : plan.texts.output ? plan.texts.output : "results";
    if (a->dry_run || a->status) {
        status = cli_sweep_print_retrieval(&plan, o.output, a->status);
        goto done;
    }
    if (zsc_mpi_me() == 0)
        zsc_note("%zu pairs of queries and %zu keys%s, %d rank%s, results in %s", plan.count, plan.count / plan.queries,
                 plan.probe ? " for linear probes" : "", zsc_mpi_count(), zsc_mpi_count() == 1 ? "" : "s", o.output);
    begun = true;
    status = zsc_retrieval_sweep(&plan, &o, &exec, &report);
    if (zsc_mpi_me() == 0 && (status == ZSC_OK || status == ZSC_EPARTIAL))
        printf("%zu pairs: %zu computed, %zu there already, %zu failed; results in %s\n", plan.count, report.computed,
               report.present, report.failed, o.output);
    if (status == ZSC_EINTERRUPTED) zsc_note("interrupted: run the same command again to resume");
done:
    if (!begun) zsc_sweep_absent();
    zsc_retrieval_plan_free(&plan);
    return status;
}

/* --- Runs */
static zsc_status sweep(const sweep_arguments *a, const char *path)
{
    zsc_status status = ZSC_OK;
    zsc_plan plan = {0};
    char *repeats = NULL;
    zsc_sweep_options o = {.cache = a->cache, .cache_memory = a->cache_memory, .force = a->force, .shards = 1};
    zsc_sweep_report report = {0};
    zsc_exec exec = a->common.exec;
    bool begun = a->dry_run || a->status;
    exec.progress = progress;
    ZSC_TRY(cli_read_shard(a->shard, &o.shard, &o.shards));
    ZSC_TRY(zsc_plan_read(path, ZSC_DESIGN_PRODUCT, &plan));
    ZSC_TRY(zsc_plan_check_inputs(&plan, path));
    ZSC_TRY(check_older_results(&plan));
    o.output = a->output ? a->output : plan.output ? plan.output : "results";
    if (a->dry_run) {
        status = cli_sweep_print_plan(&plan, o.output, a->cache_memory, &exec);
        goto done;
    }
    if (a->status) {
        status = cli_sweep_print_status(&plan, o.output);
        goto done;
    }
    if (zsc_mpi_me() == 0 && (repeats = zsc_plan_repeats_text(&plan))) zsc_note("%s", repeats);
    if (zsc_mpi_me() == 0)
        zsc_note_progress("%zu runs of %zu inputs (%zu excluded), %d rank%s, results in %s", plan.count, plan.inputs,
                          plan.excluded, zsc_mpi_count(), zsc_mpi_count() == 1 ? "" : "s", o.output);
    begun = true;
    status = zsc_sweep(&plan, &o, &exec, &report);
    if (zsc_mpi_me() == 0 && (status == ZSC_OK || status == ZSC_EPARTIAL))
        printf("%zu runs: %zu computed, %zu there already, %zu failed; results in %s\n", plan.count, report.computed,
               report.present, report.failed, o.output);
    if (status == ZSC_EINTERRUPTED) zsc_note_progress("interrupted: run the same command again to resume");
done:
    if (!begun) zsc_sweep_absent();
    free(repeats);
    zsc_plan_free(&plan);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    const sweep_arguments *a = data;
    if (a->example) {
        fputs(zsc_plan_example, stdout);
        return ZSC_OK;
    }
    if (count != 1) return cli_usage("expected one sweep file");
    zsc_status status = zsc_mpi_start();
    if (status == ZSC_OK) status = (zsc_plan_is_retrieval(operands[0]) ? sweep_retrieval : sweep)(a, operands[0]);
    zsc_mpi_stop();
    return status;
}

const cli_command cli_sweep_command = {
    .name = "sweep",
    .group = "Experiments",
    .summary = "run all combinations that a file describes; resumable",
    .operands = "FILE.yaml",
    .max_operands = 1,
    .description =
        "Reads a YAML file and runs every combination of its lists: embeddings, pairs of them, "
        "selections of rows, seeds, and every option of zsc run. Each run's result is one file in the "
        "output folder. A run whose result is complete is not computed again, so an interrupted sweep "
        "resumes when you start it again. If a run fails, its message is recorded in the folder .failed "
        "of the output, the other runs continue, and the exit status is 5.\n\n"
        "What runs share is computed once. The seeds of one input share rows, matrix, nearest neighbours "
        "and graph; all cuts share one dendrogram; labels and scaled matrices are kept in memory for "
        "other inputs (--cache-memory). Several sweeps may use one output folder at the same time.\n\n"
        "With `kind: retrieval` the file is of zsc retrieve: each encoder of `queries` is searched in each of `keys`, "
        "and the other keys are its options. All queries in the same keys are one search. With `kind: probe` it is of "
        "zsc probe, with a linear probe of each of `keys`, which classifies `queries` or, without these, queries of "
        "the same encoder.\n\n"
        "--dry-run estimates wall time and CPU time from what each kind of work takes on this machine and from how "
        "busy it is now, which it measures for a second. The former is measured once, by a small problem, and kept in "
        "$XDG_CACHE_HOME/zsc/rates (~/.cache/zsc/rates); remove the file to have it measured again. Of each input it "
        "counts the rows that differ, or estimates them from a sample of 512 MB of all inputs' rows. Of memory it says "
        "what such embeddings take, and what any rows of that shape do at most; both are without ids, labels and the "
        "program, as --memory-limit is, which it adds below. "
        "--status can be asked while other processes carry out the sweep: runs are under way where a process "
        "computes them. Its exit status is 0 if all runs are done, else 1.\n\n"
        "If zsc was built with MPI and is started by mpirun or srun, ranks take inputs as they become "
        "free.",
    .examples = "  $ zsc sweep --example > sweep.yaml\n"
                "  $ zsc sweep --dry-run sweep.yaml\n"
                "  $ zsc sweep sweep.yaml\n"
                "  $ zsc sweep --status sweep.yaml\n"
                "  $ mpirun -n 4 zsc sweep sweep.yaml",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(sweep_arguments),
    .defaults = defaults,
    .run = run,
    .closing_line = true,
};
