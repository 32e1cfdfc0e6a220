/* zsc collect RESULTS... */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/read_results.h"
#include "experiment/series/retrieval_file.h"
#include "io/files/atomic.h"
#include "io/text/csv.h"
#include "experiment/series/results_table_read.h"

typedef struct collect_arguments {
    cli_common common;
    const char *output;
    int format;
    bool retrieval;
    zsc_list where;
    zsc_reference_options reference;
} collect_arguments;

enum { FORMAT_CSV, FORMAT_JSON, FORMAT_TSV };

typedef struct collecting {
    zsc_results_table_writer writer;
    const zsc_list *where;
    zsc_reference reference;
} collecting;

static zsc_status put(void *data, zsc_results_row *row)
{
    collecting *c = data;
    bool keep = false;
    zsc_status status = zsc_results_row_satisfies(row, c->where, false, &keep);
    if (status != ZSC_OK || !keep) return status;
    if (c->reference.options->permutations) status = zsc_results_row_add_chance(&c->reference, row);
    return status == ZSC_OK ? zsc_results_table_write(&c->writer, row) : status;
}

/* --- Retrieval: a row per result, rank, k and split */
typedef struct retrieval_writer {
    FILE *out;
    bool json;
    char delimiter;
    size_t rows, fields; /* so far; of the row */
} retrieval_writer;

static const char *const retrieval_columns[] = {
    "path",    "query_encoders", "key_encoders",      "rank",  "k",     "split", "queries", "missing",
    "classes", "reachable",      "reachable_classes", "right", "micro", "macro", "kind"};
enum { RETRIEVAL_COLUMNS = sizeof retrieval_columns / sizeof *retrieval_columns };

static void put_value(retrieval_writer *w, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
    const char *plain = json_is_string(value) ? json_string_value(value) : json_is_null(value) ? "" : text;
    if (w->json) {
        fprintf(w->out, "%s\"%s\": %s",
                w->fields ? ", "
                : w->rows ? ",\n{"
                          : "[\n{",
                retrieval_columns[w->fields], text ? text : "null");
    } else {
        if (w->fields) putc(w->delimiter, w->out);
        zsc_csv_write_field(w->out, plain ? plain : "");
    }
    free(text);
    w->fields++;
}

static void put_word(retrieval_writer *w, const char *word)
{
    json_t *value = json_string(word);
    put_value(w, value);
    json_decref(value);
}

static void put_retrieval(retrieval_writer *w, const zsc_retrieval_file *f)
{
    for (size_t i = 0; i < json_array_size(f->scores); i++) {
        const json_t *score = json_array_get(f->scores, i);
        w->fields = 0;
        put_word(w, f->path);
        put_word(w, f->queries.encoders);
        put_word(w, f->keys.encoders);
        while (w->fields + 1 < RETRIEVAL_COLUMNS) put_value(w, json_object_get(score, retrieval_columns[w->fields]));
        put_word(w, f->probe ? "probe" : "retrieval");
        fputs(w->json ? "}" : "\n", w->out);
        w->rows++;
    }
}

static zsc_status collect_retrieval(const collect_arguments *a, char **paths, int count, FILE *out)
{
    zsc_retrieval_file *files = NULL;
    size_t n = 0;
    retrieval_writer w = {
        .out = out, .json = a->format == FORMAT_JSON, .delimiter = a->format == FORMAT_TSV ? '\t' : ','};
    zsc_status status = zsc_retrieval_files_read((const char *const *)paths, (size_t)count, ZSC_RESULTS_OF_QUERIES,
                                                 &files, &n);
    for (size_t c = 0; status == ZSC_OK && !w.json && c < RETRIEVAL_COLUMNS; c++)
        fprintf(out, "%s%c", retrieval_columns[c], c + 1 < RETRIEVAL_COLUMNS ? w.delimiter : '\n');
    for (size_t i = 0; i < n && status == ZSC_OK; i++) put_retrieval(&w, &files[i]);
    if (status == ZSC_OK && w.json) fputs("\n]\n", out);
    zsc_retrieval_files_free(files, n);
    return status;
}

static zsc_status run_collect(void *data, char **paths, int count)
{
    const collect_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    collecting c = {.reference = {.options = &a->reference, .exec = &a->common.exec}};
    if (a->output) ZSC_TRY(zsc_atomic_open(a->output, &file));
    c.writer = (zsc_results_table_writer){.out = file ? zsc_atomic_stream(file) : stdout,
                                          .json = a->format == FORMAT_JSON,
                                          .delimiter = a->format == FORMAT_TSV ? '\t' : ','};
    c.where = &a->where;
    if (a->retrieval)
        ZSC_TRY(collect_retrieval(a, paths, count, c.writer.out));
    else
        ZSC_TRY(zsc_results_table_each((const char *const *)paths, (size_t)count, put, &c));
    if (!a->retrieval && c.writer.rows == 0 && a->where.count) {
        status = zsc_fail(ZSC_EINPUT, "--where leaves no row of the results; zsc ls lists them");
        goto done;
    }
    if (!a->retrieval) ZSC_TRY(zsc_results_table_finish(&c.writer));
    if (file) {
        zsc_atomic *whole = file;
        file = NULL;
        status = zsc_atomic_commit(whole);
    }
done:
    zsc_reference_free(&c.reference);
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
    {.name = "retrieval",
     .kind = CLI_FLAG,
     AT(retrieval),
     .help = "collect results of zsc retrieve and zsc probe instead: a row per rank, k and split"},
    CLI_RESULTS_WHERE_OPTION(offsetof(collect_arguments, where)),
    {.name = "permutations",
     .kind = CLI_COUNT,
     AT(reference.permutations),
     .arg = "N",
     .help = "assign the clusters of each run to its rows at random N times, for chance_sd and p_value",
     .maximum = 1e7},
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
        "each setting (neighbors, min_dist, ...), empty where it has no effect. ceiling is the AMI of perfect "
        "clusters (the true classes of the rank that K is of); with --permutations, chance_sd and p_value say what "
        "random clusters of the same sizes get. Runs of a sweep come in the "
        "order of its plan, others by source and settings. RESULTS are result files, folders of them, or tidy CSV "
        "files, which are "
        "joined. A run that is given twice counts once. Rows are printed as results are read, so memory "
        "does not grow with their number. A file named by `-o` appears complete or not at all. `zsc "
        "plot`, `zsc table` and `zsc report` read the output.",
    .examples = "  $ zsc collect results/ -o all.csv\n"
                "  $ zsc collect results/ --where 'neighbors>=15' --where scale=none\n"
                "  $ zsc collect results/ --format json\n"
                "  $ zsc collect results/ --retrieval -o retrieval.csv",
    .options = collect_options,
    .option_count = sizeof collect_options / sizeof *collect_options,
    .size = sizeof(collect_arguments),
    .run = run_collect,
};
