/* zsc sensitivity: the runs of a study under other settings, its table and its figure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/value.h"
#include "cli/commands/sweep_plan.h"
#include "cli/read_results.h"
#include "experiment/sweep.h"
#include "report/figures/figures.h"
#include "report/tables/table_sensitivity.h"

typedef struct sensitivity_arguments {
    cli_common common;
    const char *output, *rank, *figure;
    int format;
    bool dry_run, example, force;
} sensitivity_arguments;

static const char example[] =
    "# The settings of a study, and what it might have been done with instead. The first value of each list is the\n"
    "# study's; each other value is tried with the first ones of all other lists.\n"
    "# Show the plan: zsc sensitivity --dry-run FILE.yaml      Run it: zsc sensitivity FILE.yaml\n"
    "\n"
    "output: results/sensitivity        # results, and the figure sensitivity.pdf\n"
    "# metadata: metadata.csv           # labels; without it, those of the embeddings files\n"
    "embeddings: embeddings.h5:*        # conclusions are about the order of encoders: several\n"
    "# split: test+test_unseen          # every option of zsc run is a key\n"
    "seed: 0-2                          # each alone is a condition too\n"
    "\n"
    "clusters: [finest, each-rank]      # K: as many clusters as there are species, or as each rank has classes\n"
    "cut: [clusters, gap, silhouette]   # K found without labels\n"
    "missing: [drop, class]             # rows without a label: left out, or one more class\n"
    "scale: [none, zscore, l2]\n"
    "neighbors: [30, 10, 15, 60]\n"
    "min-dist: [0, 0.1, 0.5]\n"
    "dim: [50, 10, 20]\n"
    "metric: [euclidean, cosine]\n"
    "reduce: [umap, none]\n";

#define AT(field) .offset = offsetof(sensitivity_arguments, field)
static const cli_option options[] = {
    {'o', "output", CLI_TEXT, AT(output), "DIR", .help = "folder for the result files and the figure; one of its own",
     .shown_default = "as in the file, or sensitivity", .file = CLI_WRITES_FOLDER},
    {'n', "dry-run", CLI_FLAG, AT(dry_run),
     .help = "print the plan: what varies, runs that are done, rows, memory and estimated time; run nothing"},
    {.name = "example",
     .kind = CLI_FLAG,
     AT(example),
     .help = "print a commented file with the usual settings and exit"},
    {.name = "rank",
     .kind = CLI_TEXT,
     AT(rank),
     .arg = "RANK",
     .help = "rank whose AMI is compared",
     .shown_default = "the finest"},
    CLI_TABLE_FORMAT_OPTION(offsetof(sensitivity_arguments, format), NULL),
    {.name = "figure",
     .kind = CLI_TEXT,
     AT(figure),
     .arg = "FILE",
     .help = "figure to write, .pdf, .svg, .png, .eps or .tex",
     .file = CLI_WRITES,
     .shown_default = "sensitivity.pdf in the folder of the results"},
    {.name = "force", .kind = CLI_FLAG, AT(force), .help = "recompute all runs"},
};
#undef AT

static zsc_status defaults(void *data)
{
    sensitivity_arguments *a = data;
    a->format = ZSC_TABLE_MARKDOWN;
    return ZSC_OK;
}

/* The same name, or the same number in other digits: 0.1 and 1e-1. */
static bool is_same_value(const char *a, const char *b)
{
    double x, y;
    return strcmp(a, b) == 0 || (zsc_value_number(a, &x) && zsc_value_number(b, &y) && x == y);
}

/* "neighbors!=10" for each value of a setting but the first: results hold no value of a setting that has no effect. */
static zsc_status base_of(const zsc_plan *plan, zsc_list *base)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < plan->axes; i++) {
        const zsc_plan_axis *a = &plan->axis[i];
        const char *name = strcmp(a->name, "clusters") == 0 ? "clusters_rule" : a->name; /* clusters: how many */
        for (size_t v = 1; v < a->value.count && zsc_setting_find(a->name); v++) {
            if (is_same_value(a->value.item[v], a->value.item[0])) continue;
            char *rule = zsc_asprintf("%s!=%s", name, a->value.item[v]);
            status = rule ? zsc_list_add(base, rule) : ZSC_EINTERNAL;
            free(rule);
            if (status != ZSC_OK) return status;
        }
    }
    return status;
}

static zsc_status also_writes(const void *data, zsc_list *paths)
{
    const sensitivity_arguments *a = data;
    return a->figure ? cli_figure_writes(a->figure, paths) : ZSC_OK;
}

static zsc_status write_figure(const sensitivity_arguments *a, const zsc_conditions *conditions,
                               const zsc_styles *styles, const char *output)
{
    zsc_status status = ZSC_OK;
    char *path = a->figure ? zsc_strdup(a->figure) : zsc_asprintf("%s/sensitivity.pdf", output), *dumb = NULL;
    zsc_figure_options o = {.output = path, .columns = 1};
    if (!path) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_figure_format_of(path, &o.format));
    ZSC_TRY(zsc_figure_sensitivity(conditions, styles, &o, &dumb));
    zsc_note_progress("wrote %s", path);
done:
    free(dumb);
    free(path);
    return status;
}

/* The table to standard output, and the figure. */
static zsc_status show(const sensitivity_arguments *a, const zsc_plan *plan, const char *output)
{
    zsc_status status = ZSC_OK;
    const cli_results_choice all = {0};
    const zsc_table_options table_options = {.decimals = 1, .rank = a->rank};
    cli_results r = {0};
    zsc_list base = {0};
    zsc_conditions conditions = {0};
    zsc_table table = {0};
    char *folder = zsc_strdup(output);
    if (!folder) return ZSC_EINTERNAL;
    ZSC_TRY(base_of(plan, &base));
    ZSC_TRY(cli_results_read(&all, &folder, 1, &a->common.exec, &r));
    ZSC_TRY(zsc_table_sensitivity(&r.set, &r.rows, &base, &table_options, &table));
    ZSC_TRY(zsc_table_write(&table, (zsc_table_format)a->format, stdout));
    ZSC_TRY(zsc_conditions_make(&r.set, &r.rows, &base, a->rank, &conditions));
    ZSC_TRY(write_figure(a, &conditions, &r.styles, output));
done:
    zsc_conditions_free(&conditions);
    zsc_table_free(&table);
    cli_results_free(&r);
    zsc_list_free(&base);
    free(folder);
    return status;
}

/* --rank: before the first run, in whose rows it has to be. */
static zsc_status check_rank(const zsc_plan *plan, const char *rank, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    zsc_dataset data = {0};
    zsc_text there = {0};
    zsc_dataset_options o = plan->run[0].options.data;
    o.rows_only = true;
    ZSC_TRY(zsc_dataset_load(&o, exec, &data));
    if (zsc_dataset_rank(&data, rank)) goto done;
    for (size_t i = 0; i < data.ranks; i++) zsc_text_printf(&there, "%s%s", i ? ", " : "", data.rank[i].name);
    status = cli_usage("--rank %s: the runs have no such rank; there are %s", rank, there.data ? there.data : "none");
done:
    free(there.data);
    zsc_dataset_free(&data);
    return status;
}

static zsc_status study(const sensitivity_arguments *a, const char *path)
{
    zsc_status status = ZSC_OK;
    zsc_plan plan = {0};
    zsc_figure_format format;
    zsc_sweep_options o = {.cache_memory = SIZE_MAX, .force = a->force, .shards = 1};
    zsc_sweep_report report = {0};
    if (a->figure) ZSC_TRY(zsc_figure_format_of(a->figure, &format)); /* before the first run */
    ZSC_TRY(zsc_plan_read(path, ZSC_DESIGN_ONE_AT_A_TIME, &plan));
    ZSC_TRY(zsc_plan_check_inputs(&plan, path));
    if (a->rank && plan.count) ZSC_TRY(check_rank(&plan, a->rank, &a->common.exec));
    o.output = a->output ? a->output : plan.output ? plan.output : "sensitivity";
    if (a->dry_run) {
        status = cli_sweep_print_plan(&plan, o.output, o.cache_memory, &a->common.exec);
        goto done;
    }
    zsc_note_progress("%zu runs of %zu inputs, results in %s", plan.count, plan.inputs, o.output);
    status = zsc_sweep(&plan, &o, &a->common.exec, &report);
    if (status == ZSC_EINTERRUPTED) zsc_note_progress("interrupted: run the same command again to resume");
    if (status != ZSC_OK) goto done;
    zsc_note_progress("%zu runs: %zu computed, %zu there already", plan.count, report.computed, report.present);
    status = show(a, &plan, o.output);
done:
    zsc_plan_free(&plan);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    const sensitivity_arguments *a = data;
    if (a->example) {
        fputs(example, stdout);
        return ZSC_OK;
    }
    if (count != 1) return cli_usage("expected one file of settings; zsc sensitivity --example prints one");
    return study(a, operands[0]);
}

const cli_command cli_sensitivity_command = {
    .name = "sensitivity",
    .group = "Experiments",
    .summary = "what a conclusion would be under other settings: its runs, a table and a figure",
    .operands = "FILE.yaml",
    .max_operands = 1,
    .description =
        "Reads a sweep file (`zsc sweep`) as a study and its alternatives. The first values of all lists are the "
        "study. Each other value of a setting is tried with the first ones of the others, for all embeddings, "
        "selections of rows and seeds (with `design: product`, every combination). Runs whose results are complete "
        "are not computed again, and runs that share neighbours, layout or dendrogram compute them once.\n\n"
        "Then it prints what `zsc table sensitivity` prints of the results: a row for each condition, with the best "
        "encoder, the mean change of AMI, the least and the greatest, and Kendall's tau of the order of encoders with "
        "that of the study; seeds of the study are conditions too, so that the effect of a setting can be seen beside "
        "that of chance. The figure is that of `zsc plot sensitivity`.",
    .examples = "  $ zsc sensitivity --example > study.yaml\n"
                "  $ zsc sensitivity --dry-run study.yaml\n"
                "  $ zsc sensitivity study.yaml --rank species --format latex > sensitivity.tex",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(sensitivity_arguments),
    .defaults = defaults,
    .run = run,
    .also_writes = also_writes,
    .closing_line = true,
};
