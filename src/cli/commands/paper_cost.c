#include "cli/commands/paper_cost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/value.h"
#include "cli/commands/sweep_plan.h"
#include "inspect/metadata/metadata_stats.h"
#include "io/files/atomic.h"

/* Rates of passes over metadata and of searches, as doc/metadata.md and doc/retrieval.md have them measured. */
static const double seconds_per_byte[] = {[ZSC_PAPER_METADATA] = 1.6e-9, [ZSC_PAPER_SEARCH] = 3.5e-9};

static double bytes_of_inputs(const zsc_paper *paper, const zsc_paper_step *s)
{
    double bytes = 0;
    for (size_t i = 0; i < s->inputs.count; i++) {
        const zsc_paper_input *input = zsc_paper_state_input(&paper->state, s->inputs.item[i]);
        if (input) bytes += (double)input->bytes;
    }
    return bytes;
}

/* The sweep's own estimate, of its file in a folder of its own: nothing is written to the output. */
static zsc_status sweep_cost(const zsc_paper_step *s, const zsc_exec *exec, zsc_paper_cost *out)
{
    zsc_status status = ZSC_OK;
    zsc_plan plan = {0};
    char *folder = NULL, *path = NULL;
    zsc_atomic *file = NULL;
    ZSC_TRY(zsc_temporary_folder(&folder));
    if (!(path = zsc_asprintf("%s/sweep.yaml", folder))) ZSC_TRY(ZSC_EINTERNAL);
    ZSC_TRY(zsc_atomic_open(path, &file));
    fputs(s->sweep_text, zsc_atomic_stream(file));
    zsc_atomic *whole = file;
    file = NULL;
    ZSC_TRY(zsc_atomic_commit(whole));
    ZSC_TRY(zsc_plan_read(path, ZSC_DESIGN_PRODUCT, &plan));
    status = cli_sweep_cost(&plan, s->results, exec, &out->seconds, &out->bytes);
done:
    zsc_atomic_abandon(file);
    zsc_plan_free(&plan);
    if (path) unlink(path);
    if (folder) rmdir(folder);
    free(path);
    free(folder);
    return status;
}

/* --- Linear probes */
static const double PROBE_RATE = 1.65e11; /* operations per second and thread */
enum { SGD_EPOCHS = 200, LBFGS_PASSES = 100 };

static zsc_status count_keys(const zsc_paper *paper, const zsc_exec *exec, cli_paper_keys *keys)
{
    const zsc_table_layout layout = {0};
    const zsc_columns columns = {0};
    const zsc_list none = {0};
    const zsc_metadata_source source = {
        .path = paper->config.metadata, .table = &layout, .columns = &columns, .where = &none};
    zsc_split_table stats = {0};
    zsc_status status = zsc_split_stats_read(&source, exec, &stats);
    if (status != ZSC_OK) return status;
    for (size_t s = 0; s < stats.splits; s++)
        for (size_t c = 0; strcmp(stats.split[s].split, "train") == 0 && c < stats.columns; c++) {
            if (strcmp(stats.column[c], "species") == 0) keys->classes = (double)stats.split[s].categories[c];
            if (strcmp(stats.column[c], "dna_barcode without trailing N") == 0)
                keys->rows = (double)stats.split[s].categories[c];
        }
    keys->counted = true;
    zsc_split_table_free(&stats);
    return ZSC_OK;
}

/* Passes over the keys, at most. */
static double passes_of(const zsc_paper_config *c)
{
    double passes = SGD_EPOCHS;
    for (size_t i = 0; i < c->settings; i++)
        if (strcmp(c->linear[i].name, "solver") == 0 && strcmp(c->linear[i].value, "lbfgs") == 0) passes = LBFGS_PASSES;
    for (size_t i = 0; i < c->settings; i++)
        if (strcmp(c->linear[i].name, "epochs") == 0) zsc_value_number(c->linear[i].value, &passes);
    return passes;
}

static zsc_status probe_cost(const zsc_paper *paper, const zsc_paper_step *s, const zsc_exec *exec,
                             cli_paper_keys *keys, zsc_paper_cost *out)
{
    zsc_status status = ZSC_OK;
    zsc_speed wall, cpu;
    if (!keys->counted) ZSC_TRY(count_keys(paper, exec, keys));
    ZSC_TRY(cli_sweep_speed(exec, &wall, &cpu));
    double dim = (double)s->columns, operations = 4 * keys->rows * keys->classes * dim * passes_of(&paper->config);
    out->seconds = 0.3 + operations / PROBE_RATE / wall.threads * wall.times[ZSC_WORK_SEARCH];
    out->bytes = (size_t)(4 * dim * (keys->rows + 3 * keys->classes) + 1.15 * bytes_of_inputs(paper, s));
done:
    return status;
}

/* --- All */
zsc_status cli_paper_step_cost(const zsc_paper *paper, const zsc_paper_step *s, const zsc_exec *exec,
                               cli_paper_keys *keys, zsc_paper_cost *out)
{
    *out = s->cost;
    if (s->work == ZSC_PAPER_SWEEP) return sweep_cost(s, exec, out);
    if (s->cost.seconds >= 0) return ZSC_OK;
    if (s->work == ZSC_PAPER_PROBE) return probe_cost(paper, s, exec, keys, out);
    double bytes = bytes_of_inputs(paper, s), commands = (double)s->commands;
    out->seconds = s->work == ZSC_PAPER_DRAWING ? 0.5 * commands : commands * (0.1 + seconds_per_byte[s->work] * bytes);
    out->bytes = s->work == ZSC_PAPER_SEARCH ? (size_t)(1.15 * bytes) : 0;
    return ZSC_OK;
}
