#include "cli/commands/sweep_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "experiment/store/run_index.h"
#include "experiment/retrieval_sweep.h"
#include "experiment/sweep.h"

zsc_status cli_read_shard(const char *text, size_t *shard, size_t *shards)
{
    uint64_t i = 0, n = 0;
    if (!text) return ZSC_OK;
    const char *slash = strchr(text, '/');
    char *first = zsc_strndup(text, slash ? (size_t)(slash - text) : 0);
    if (!first) return ZSC_EINTERNAL;
    bool good = slash && zsc_value_digits(first, &i) && zsc_value_digits(slash + 1, &n) && i >= 1 && i <= n;
    free(first);
    if (!good) return cli_usage("option --shard expects I/N with I from 1 to N, not '%s'", text);
    *shard = (size_t)i - 1;
    *shards = (size_t)n;
    return ZSC_OK;
}

/* --- What varies */
/* "15, 30, 50", cut after so many bytes: "a.h5:x, b.h5:y, ...". The caller's. */
static char *values_text(const zsc_list *values)
{
    enum { MOST = 64 };
    zsc_text text = {0};
    zsc_text_append(&text, "");
    for (size_t i = 0; i < values->count; i++) {
        bool cut = i && text.length + strlen(values->item[i]) > MOST;
        zsc_text_printf(&text, "%s%s", i ? ", " : "", cut ? "..." : values->item[i]);
        if (cut) break;
    }
    return text.failed ? NULL : text.data;
}

static zsc_status print_grid(const zsc_plan *plan)
{
    static const char *const header[] = {"setting", "number", "values"};
    cli_cells c = {0};
    for (size_t i = 0; i < plan->axes; i++) {
        char *values = values_text(&plan->axis[i].value);
        cli_cells_add(&c, "%s", plan->axis[i].name);
        cli_cells_add(&c, "%zu", plan->axis[i].value.count);
        cli_cells_add(&c, "%s", values ? values : "");
        free(values);
    }
    zsc_status status = cli_cells_print(&c, header, sizeof header / sizeof *header, false);
    putchar('\n');
    return status;
}

/* --- What it will take */
/* Which runs have a whole result of their inputs as they are. */
static zsc_status find_done(const zsc_plan *plan, const char *output, bool *done, size_t *count)
{
    zsc_status status = ZSC_OK;
    zsc_list recent = {0};
    ZSC_TRY(zsc_run_index_recent(output, &recent));
    for (size_t r = 0; r < plan->count; r++) {
        zsc_run_identity identity;
        ZSC_TRY(zsc_run_index_identity(&plan->run[r].options, &identity));
        ZSC_TRY(zsc_run_index_find(output, &identity, &done[r]));
        if (!done[r]) {
            ZSC_TRY(zsc_run_index_identity_of_past(&plan->run[r].options, &recent, &identity));
            ZSC_TRY(zsc_run_index_find(output, &identity, &done[r]));
        }
        *count += done[r];
    }
done:
    zsc_list_free(&recent);
    return status;
}

static int decimals(double seconds) { return seconds < 10; }

static void add_seconds(cli_cells *c, double seconds) { cli_cells_add(c, "%.*f", decimals(seconds), seconds); }

/* One row per input, which begins with run FIRST. */
static void add_input(cli_cells *c, const zsc_plan *plan, size_t first, size_t runs, size_t done, const zsc_estimate *e)
{
    static const char *const per_barcode[] = {"no", "random", "first"};
    const zsc_run_options *o = &plan->run[first].options;
    zsc_text name = {0};
    char bytes[ZSC_BYTES_TEXT], most[ZSC_BYTES_TEXT];
    for (size_t i = 0; i < o->data.embedding_count; i++)
        zsc_text_printf(&name, "%s%s", i ? " + " : "", o->data.embeddings[i]);
    if (name.failed) c->status = zsc_fail_memory(1, 1, "a plan");
    cli_cells_add(c, "%s", name.data ? name.data : "");
    free(name.data);
    cli_cells_add(c, "%s", o->data.split ? o->data.split : "all");
    cli_cells_add(c, "%s", per_barcode[o->data.per_barcode]);
    cli_cells_add(c, "%zu", runs);
    cli_cells_add(c, "%zu", done);
    cli_cells_add(c, "%zu", e->rows);
    cli_cells_add(c, "%zu", e->dim);
    cli_cells_add(c, "%s", zsc_bytes_text((double)e->bytes, bytes));
    cli_cells_add(c, "%s", zsc_bytes_text((double)e->bytes_most, most));
    add_seconds(c, e->wall.all);
}

static void print_repeats(const zsc_plan *plan)
{
    char *text = zsc_plan_repeats_text(plan);
    if (text) printf("%s\n", text);
    free(text);
}

/* What the plan needs, and which runs are done. */
typedef struct costs {
    bool *done;
    size_t done_in_all, bytes, program;
    zsc_seconds seconds, cpu_seconds;
    zsc_speed wall, cpu;
} costs;

zsc_status cli_sweep_speed(const zsc_exec *exec, zsc_speed *wall, zsc_speed *cpu)
{
    static zsc_speed of_wall, of_cpu;
    static bool measured;
    zsc_status status = measured ? ZSC_OK : zsc_speed_measure(exec, &of_wall, &of_cpu);
    measured = status == ZSC_OK;
    *wall = of_wall;
    *cpu = of_cpu;
    return status;
}

static zsc_status find_costs(const zsc_plan *plan, const char *output, size_t cache_memory, const zsc_exec *exec,
                             cli_cells *cells, costs *out)
{
    zsc_status status = ZSC_OK;
    zsc_dataset_cache *cache = NULL;
    ZSC_NEW(out->done, plan->count);
    ZSC_TRY(zsc_dataset_cache_make(cache_memory == SIZE_MAX ? zsc_sweep_cache_memory(exec) : cache_memory, &cache));
    ZSC_TRY(find_done(plan, output, out->done, &out->done_in_all));
    ZSC_TRY(cli_sweep_speed(exec, &out->wall, &out->cpu));
    for (size_t r = 0; r < plan->count;) {
        size_t first = r, done_here = 0;
        zsc_estimate e;
        ZSC_TRY(zsc_sweep_estimate(plan, r, out->done, &out->wall, &out->cpu, exec, cache, &e));
        for (; r < plan->count && plan->run[r].input == plan->run[first].input; r++) done_here += out->done[r];
        if (cells) add_input(cells, plan, first, r - first, done_here, &e);
        out->seconds.all += e.wall.all;
        out->seconds.left += e.wall.left;
        out->cpu_seconds.all += e.cpu.all;
        out->cpu_seconds.left += e.cpu.left;
        if (e.bytes > out->bytes) out->bytes = e.bytes;
        if (e.program > out->program) out->program = e.program;
    }
done:
    zsc_dataset_cache_free(cache);
    return status;
}

zsc_status cli_sweep_cost(const zsc_plan *plan, const char *output, const zsc_exec *exec, double *seconds,
                          size_t *bytes)
{
    costs c = {0};
    zsc_status status = find_costs(plan, output, SIZE_MAX, exec, NULL, &c);
    *seconds = c.seconds.left;
    *bytes = c.bytes + c.program;
    free(c.done);
    return status;
}

zsc_status cli_sweep_print_plan(const zsc_plan *plan, const char *output, size_t cache_memory, const zsc_exec *exec)
{
    static const char *const header[] = {"embeddings", "rows of", "one per barcode", "runs",    "done",
                                         "rows",       "dim",     "memory",          "at most", "seconds"};
    zsc_status status = ZSC_OK;
    char program[ZSC_BYTES_TEXT];
    cli_cells cells = {0};
    costs c = {0};
    ZSC_TRY(find_costs(plan, output, cache_memory, exec, &cells, &c));
    ZSC_TRY(print_grid(plan));
    ZSC_TRY(cli_cells_print(&cells, header, sizeof header / sizeof *header, false));
    print_repeats(plan);
    printf("%zu runs of %zu inputs, %zu excluded, %zu done; ", plan->count, plan->inputs, plan->excluded,
           c.done_in_all);
    printf("about %.*f seconds in all", decimals(c.seconds.all), c.seconds.all);
    if (c.done_in_all) printf(", %.*f for what is to do", decimals(c.seconds.left), c.seconds.left);
    printf(", on this machine as it is now; ");
    printf("%.*f s CPU in all", decimals(c.cpu_seconds.all), c.cpu_seconds.all);
    if (c.done_in_all) printf(", %.*f to do", decimals(c.cpu_seconds.left), c.cpu_seconds.left);
    putchar('\n');
    printf(
        "memory is what such embeddings take, and at most what any rows do; ids, labels and the program take %s more\n",
        zsc_bytes_text((double)c.program, program));
    zsc_detail("compared with the machine of doc/performance.md, the search takes %.2f times as long here, the "
               "initialisation %.2f, the layout %.2f, trees %.2f; at the moment %.2f times that (CPU time %.2f times); "
               "threads wait %.3g ms where they meet",
               c.cpu.times[ZSC_WORK_SEARCH] / c.cpu.busy, c.cpu.times[ZSC_WORK_START] / c.cpu.busy,
               c.cpu.times[ZSC_WORK_LAYOUT] / c.cpu.busy, c.cpu.times[ZSC_WORK_TREES] / c.cpu.busy, c.wall.busy,
               c.cpu.busy, 1e3 * c.wall.waiting);
done:
    zsc_list_free(&cells.list);
    free(c.done);
    return status;
}

/* --- How far it is */
static zsc_status find_states(const zsc_plan *plan, const char *output, zsc_run_state *state)
{
    zsc_status status = ZSC_OK;
    zsc_list claimed = {0}, recent = {0};
    ZSC_TRY(zsc_run_index_recent(output, &recent));
    ZSC_TRY(zsc_run_index_claimed(output, &claimed));
    for (size_t r = 0; r < plan->count; r++) {
        zsc_run_identity identity;
        ZSC_TRY(zsc_run_index_identity(&plan->run[r].options, &identity));
        ZSC_TRY(zsc_run_index_state(output, &identity, &claimed, &state[r]));
        if (state[r] == ZSC_RUN_DONE) continue;
        ZSC_TRY(zsc_run_index_identity_of_past(&plan->run[r].options, &recent, &identity));
        ZSC_TRY(zsc_run_index_state(output, &identity, &claimed, &state[r]));
    }
done:
    zsc_list_free(&recent);
    zsc_list_free(&claimed);
    return status;
}

static zsc_status print_states_by_axis(const zsc_plan *plan, const zsc_run_state *state)
{
    static const char *const header[] = {"setting", "value", "runs", "done", "failed", "under way", "to do"};
    cli_cells c = {0};
    for (size_t a = 0; a < plan->axes; a++)
        for (size_t v = 0; plan->axis[a].value.count > 1 && v < plan->axis[a].value.count; v++) {
            size_t count[ZSC_RUN_STATES] = {0}, runs = 0;
            for (size_t r = 0; r < plan->count; r++)
                if (zsc_plan_value_of(plan, r, a) == v) runs++, count[state[r]]++;
            cli_cells_add(&c, "%s", plan->axis[a].name);
            cli_cells_add(&c, "%s", plan->axis[a].value.item[v]);
            cli_cells_add(&c, "%zu", runs);
            for (size_t s = 0; s < ZSC_RUN_STATES; s++) cli_cells_add(&c, "%zu", count[s]);
        }
    if (c.list.count == 0) return c.status;
    zsc_status status = cli_cells_print(&c, header, sizeof header / sizeof *header, false);
    putchar('\n');
    return status;
}

zsc_status cli_sweep_print_status(const zsc_plan *plan, const char *output)
{
    zsc_status status = ZSC_OK;
    zsc_run_state *state = NULL;
    size_t count[ZSC_RUN_STATES] = {0};
    ZSC_NEW(state, plan->count);
    ZSC_TRY(find_states(plan, output, state));
    for (size_t r = 0; r < plan->count; r++) count[state[r]]++;
    ZSC_TRY(print_states_by_axis(plan, state));
    print_repeats(plan);
    printf("%zu runs: %zu done, %zu failed, %zu under way, %zu to do; results in %s\n", plan->count,
           count[ZSC_RUN_DONE], count[ZSC_RUN_FAILED], count[ZSC_RUN_UNDER_WAY], count[ZSC_RUN_TO_DO], output);
    if (count[ZSC_RUN_DONE] < plan->count)
        status = zsc_fail(ZSC_EINTERNAL, "%zu of %zu runs are not done", plan->count - count[ZSC_RUN_DONE],
                          plan->count);
done:
    free(state);
    return status;
}

/* --- Retrieval */
zsc_status cli_sweep_print_retrieval(const zsc_retrieval_plan *plan, const char *output, bool brief)
{
    static const char *const header[] = {"queries", "keys", "state"};
    static const char *const words[] = {"done", "failed", "under way", "to do"};
    zsc_status status = ZSC_OK;
    zsc_run_state *state = NULL;
    size_t count[ZSC_RUN_STATES] = {0};
    cli_cells c = {0};
    ZSC_NEW(state, plan->count);
    ZSC_TRY(zsc_retrieval_sweep_states(plan, output, state));
    for (size_t p = 0; p < plan->count; p++) {
        count[state[p]]++;
        cli_cells_add(&c, "%s", plan->pair[p].queries.embeddings[0]);
        cli_cells_add(&c, "%s", plan->pair[p].keys.embeddings[0]);
        cli_cells_add(&c, "%s", words[state[p]]);
    }
    if (!brief) ZSC_TRY(cli_cells_print(&c, header, sizeof header / sizeof *header, false));
    printf("%zu pairs: %zu done, %zu failed, %zu under way, %zu to do; results in %s\n", plan->count,
           count[ZSC_RUN_DONE], count[ZSC_RUN_FAILED], count[ZSC_RUN_UNDER_WAY], count[ZSC_RUN_TO_DO], output);
    if (brief && count[ZSC_RUN_DONE] < plan->count)
        status = zsc_fail(ZSC_EINTERNAL, "%zu of %zu pairs are not done", plan->count - count[ZSC_RUN_DONE],
                          plan->count);
done:
    zsc_list_free(&c.list);
    free(state);
    return status;
}
