/* zsc collect RESULTS... */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/read_results.h"
#include "io/files/atomic.h"
#include "experiment/series/results_table_read.h"

typedef struct collect_arguments {
    cli_common common;
    const char *output;
    int format;
    zsc_list where;
} collect_arguments;

enum { FORMAT_CSV, FORMAT_JSON, FORMAT_TSV };

typedef struct collecting {
    zsc_results_table_writer writer;
    const zsc_list *where;
} collecting;

static zsc_status put(void *data, zsc_results_row *row)
{
    collecting *c = data;
    bool keep = false;
    zsc_status status = zsc_results_row_satisfies(row, c->where, false, &keep);
    return status == ZSC_OK && keep ? zsc_results_table_write(&c->writer, row) : status;
}

static zsc_status run_collect(void *data, char **paths, int count)
{
    const collect_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    if (a->output) ZSC_TRY(zsc_atomic_open(a->output, &file));
    collecting c = {.writer = {.out = file ? zsc_atomic_stream(file) : stdout,
                               .json = a->format == FORMAT_JSON,
                               .delimiter = a->format == FORMAT_TSV ? '\t' : ','},
                    .where = &a->where};
    ZSC_TRY(zsc_results_table_each((const char *const *)paths, (size_t)count, put, &c));
    if (c.writer.rows == 0 && a->where.count) {
        status = zsc_fail(ZSC_EINPUT, "--where leaves no row of the results; zsc ls lists them");
        goto done;
    }
    ZSC_TRY(zsc_results_table_finish(&c.writer));
    if (file) {
        zsc_atomic *whole = file;
        file = NULL;
        status = zsc_atomic_commit(whole);
    }
done:
    zsc_atomic_abandon(file);
    return status;
}

#define AT(field) .offset = offsetof(collect_arguments, field)
static const cli_option collect_options[] = {
    {.letter = 'f',
     .name = "format",
     .kind = CLI_CHOICE,
     AT(format),
     .arg = "FORM",
     .choices = "csv|json|tsv",
     .help = "output format",
     .shown_default = "by the ending of the output, else csv"},
    CLI_RESULTS_WHERE_OPTION(offsetof(collect_arguments, where)),
    CLI_OUTPUT_OPTION(offsetof(collect_arguments, output)),
    CLI_FORCE_OPTION,
};

const cli_command cli_collect_command = {
    .name = "collect",
    .group = "Experiments",
    .summary = "combine results in one tidy table",
    .operands = "RESULTS...",
    .min_operands = 1,
    .max_operands = -1,
    .description =
        "Prints one row per run and rank: counts, every score as a fraction, seconds, memory, and a column for "
        "each setting (neighbors, min_dist, ...), empty where it has no effect. Runs of a sweep come in the "
        "order of its plan, others by source and settings. RESULTS are result files, folders of them, or tidy CSV "
        "files, which are "
        "joined. A run that is given twice counts once. Rows are printed as results are read, so memory "
        "does not grow with their number. A file named by `-o` appears complete or not at all. `zsc "
        "plot`, `zsc table` and `zsc report` read the output.",
    .examples = "  $ zsc collect results/ -o all.csv\n"
                "  $ zsc collect results/ --where 'neighbors>=15' --where scale=none\n"
                "  $ zsc collect results/ --format json",
    .options = collect_options,
    .option_count = sizeof collect_options / sizeof *collect_options,
    .size = sizeof(collect_arguments),
    .run = run_collect,
};
