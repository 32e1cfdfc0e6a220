/* zsc table KIND RESULTS... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/also_tables.h"
#include "cli/read_results.h"
#include "experiment/series/results_table_read.h"
#include "io/files/atomic.h"
#include "base/memory.h"
#include "report/tables/table_layers.h"
#include "report/tables/table_probe.h"
#include "report/tables/table_retrieval.h"
#include "report/tables/table_sensitivity.h"
#include "report/tables/tables.h"

typedef struct table_arguments {
    cli_common common;
    const char *output, *rank, *caption;
    int format, marks, score;
    size_t decimals, k;
    bool ceiling, intervals;
    zsc_list base, also;
    cli_results_choice shown;
} table_arguments;

enum { MARKS_COLUMN, MARKS_MODALITY };
enum { DECIMALS_BY_KIND = 9 };
enum { MACRO, MICRO, SCORE_BY_KIND };

static zsc_status table_defaults(void *data)
{
    table_arguments *a = data;
    a->format = ZSC_TABLE_MARKDOWN;
    a->decimals = DECIMALS_BY_KIND;
    a->score = SCORE_BY_KIND;
    return ZSC_OK;
}

typedef zsc_status (*table_kind)(const zsc_series_set *, const zsc_styles *, const zsc_table_options *, zsc_table *);
typedef zsc_status (*retrieval_kind)(const zsc_retrieval_file *, size_t, const zsc_retrieval_table_options *,
                                     zsc_table *);

typedef zsc_status (*runs_kind)(const zsc_result_list *, const char *const *, size_t, const zsc_styles *,
                                const zsc_table_options *, zsc_table *);

static zsc_status ranks_table(const zsc_series_set *set, const zsc_styles *styles, const zsc_table_options *o,
                              zsc_table *out)
{
    (void)styles;
    return zsc_table_ranks(set, o, out);
}

static const struct {
    const char *name;
    table_kind make;
    retrieval_kind make_of_files; /* of zsc retrieve and zsc probe */
    runs_kind make_of_runs;       /* each run by itself */
    int decimals, score;          /* what is usual */
    unsigned in_folders;          /* results of folders that it shows */
} kinds[] = {
    {"ranks", ranks_table, NULL, NULL, 1, 0, 0},
    {"crossmodal", zsc_table_crossmodal, NULL, NULL, 0, 0, 0},
    {"layers", NULL, NULL, zsc_table_layers, 1, 0, 0},
    {"sensitivity", NULL, NULL, NULL, 1, 0, 0},
    {"retrieval", NULL, zsc_table_retrieval, NULL, 1, MACRO, ZSC_RESULTS_OF_RETRIEVAL},
    {"probe", NULL, zsc_table_probe, NULL, 1, MICRO, ZSC_RESULTS_OF_QUERIES},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static int decimals_of(const table_arguments *a, size_t kind)
{
    return a->decimals == DECIMALS_BY_KIND ? kinds[kind].decimals : (int)a->decimals;
}

static zsc_status write_table(const zsc_table *table, const table_arguments *a)
{
    if (!a->output) return zsc_table_write(table, (zsc_table_format)a->format, stdout);
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(a->output, &file);
    if (status != ZSC_OK) return status;
    status = zsc_table_write(table, (zsc_table_format)a->format, zsc_atomic_stream(file));
    if (status == ZSC_OK) return zsc_atomic_commit(file);
    zsc_atomic_abandon(file);
    return status;
}

static zsc_status make_of_files(const table_arguments *a, size_t kind, char **paths, size_t count, zsc_table *out)
{
    const zsc_list *ranks = &a->shown.ranks;
    int score = a->score == SCORE_BY_KIND ? kinds[kind].score : a->score;
    zsc_status status = ZSC_OK;
    zsc_styles styles = {0};
    const zsc_retrieval_table_options options = {.decimals = decimals_of(a, kind),
                                                 .k = a->k,
                                                 .score = score == MICRO ? "micro" : "macro",
                                                 .ranks = (const char *const *)ranks->item,
                                                 .rank_count = ranks->count,
                                                 .intervals = a->intervals,
                                                 .styles = a->shown.style ? &styles : NULL,
                                                 .caption = a->caption};
    zsc_retrieval_file *files = NULL;
    size_t n = 0;
    if (a->shown.style) ZSC_TRY(zsc_styles_load(a->shown.style, &styles));
    ZSC_TRY(zsc_retrieval_files_read((const char *const *)paths, count, kinds[kind].in_folders, &files, &n));
    status = kinds[kind].make_of_files(files, n, &options, out);
done:
    zsc_retrieval_files_free(files, n);
    zsc_styles_free(&styles);
    return status;
}

static zsc_status make_of_runs(size_t kind, const cli_results *r, const zsc_table_options *options, zsc_table *out)
{
    zsc_result_list list = {0};
    zsc_status status = zsc_results_of_table(&r->rows, 0, SIZE_MAX, &list);
    if (status == ZSC_OK) status = kinds[kind].make_of_runs(&list, r->set.rank, r->set.ranks, &r->styles, options, out);
    zsc_results_free(&list);
    return status;
}

static zsc_status run_table(void *data, char **words, int count)
{
    const table_arguments *a = data;
    zsc_status status = ZSC_OK;
    cli_results r = {0};
    zsc_table table = {0};
    size_t k = 0;
    ZSC_TRY(cli_find_kind("table", words[0], &kinds[0].name, sizeof *kinds, KINDS, &k));
    const zsc_table_options options = {.decimals = decimals_of(a, k),
                                       .mark_groups = a->marks == MARKS_MODALITY,
                                       .ceiling = a->ceiling,
                                       .rarefied = a->shown.reference.rarefy,
                                       .rank = a->rank,
                                       .caption = a->caption};
    if (!kinds[k].make_of_files) {
        ZSC_TRY(cli_results_read(&a->shown, words + 1, count - 1, &a->common.exec, &r));
        ZSC_TRY(kinds[k].make           ? kinds[k].make(&r.set, &r.styles, &options, &table)
                : kinds[k].make_of_runs ? make_of_runs(k, &r, &options, &table)
                                        : zsc_table_sensitivity(&r.set, &r.rows, &a->base, &options, &table));
    } else {
        ZSC_TRY(make_of_files(a, k, words + 1, (size_t)count - 1, &table));
    }
    ZSC_TRY(cli_also_write(&table, &a->also));
    status = write_table(&table, a);
done:
    zsc_table_free(&table);
    cli_results_free(&r);
    return status;
}

static zsc_status also_writes(const void *data, zsc_list *paths)
{
    return cli_also_writes(&((const table_arguments *)data)->also, paths);
}

#define AT(field) .offset = offsetof(table_arguments, field)
static const cli_option table_options[] = {
    CLI_TABLE_FORMAT_OPTION(offsetof(table_arguments, format), "by the ending of the output, else markdown"),
    CLI_OUTPUT_OPTION(offsetof(table_arguments, output)),
    CLI_ALSO_OPTION(offsetof(table_arguments, also)),
    {.name = "decimals",
     .kind = CLI_COUNT,
     AT(decimals),
     .arg = "N",
     .help = "decimals of percentages, rounded half to even",
     .maximum = 8,
     .shown_default = "crossmodal 0, others 1"},
    {.name = "marks",
     .kind = CLI_CHOICE,
     AT(marks),
     .arg = "WITHIN",
     .choices = "column|modality",
     .help = "mark best and second best of each column, or of each modality within it (ranks)"},
    {.name = "ceiling",
     .kind = CLI_FLAG,
     AT(ceiling),
     .help = "also show what perfect clusters of the rank that K is of get at each rank (ranks)"},
    CLI_REFERENCE_OPTIONS(offsetof(table_arguments, shown), " (ranks)"),
    {.name = "rank",
     .kind = CLI_TEXT,
     AT(rank),
     .arg = "RANK",
     .help = "rank of the tables crossmodal and sensitivity",
     .shown_default = "the finest: species, where it is there"},
    CLI_BASE_OPTION(offsetof(table_arguments, base)),
    {.name = "k",
     .kind = CLI_COUNT,
     AT(k),
     .arg = "K",
     .help = "how many of the nearest keys count (retrieval and probe)",
     .minimum = 1,
     .maximum = 1e9,
     .shown_default = "the first that all files have"},
    {.name = "score",
     .kind = CLI_CHOICE,
     AT(score),
     .arg = "SCORE",
     .choices = "macro|micro",
     .help = "mean over taxa, or over queries (retrieval and probe)",
     .shown_default = "retrieval macro, probe micro"},
    {.name = "intervals",
     .kind = CLI_FLAG,
     AT(intervals),
     .help =
         "also show 95 % intervals: of harmonic means, as zsc retrieve computes them (retrieval), or of accuracies, as "
         "zsc compare does (probe)"},
    {.name = "caption",
     .kind = CLI_TEXT,
     AT(caption),
     .arg = "TEXT",
     .help = "caption",
     .shown_default = "made from rows, classes and K of the results"},
    CLI_RESULTS_OPTIONS(offsetof(table_arguments, shown)),
    CLI_FORCE_OPTION,
};

const cli_command cli_table_command = {
    .name = "table",
    .group = "Figures and tables",
    .summary = "print a table of results",
    .operands = "KIND RESULTS...",
    .min_operands = 2,
    .kinds = "ranks, crossmodal, layers, sensitivity, retrieval and probe",
    .max_operands = -1,
    .description =
        "RESULTS are result files, folders of them, tidy CSV files of `zsc collect`, or a wide table of "
        "cross-modal AMI in per cent (columns architecture, image_encoder, image_only, then one per DNA "
        "encoder).\n\n"
        "Kinds:\n\n"
        "ranks: encoders against ranks, AMI in per cent with the standard deviation over seeds; of runs with "
        "--internal also silhouette, Davies-Bouldin and Calinski-Harabasz of the clusters. With K of species, even "
        "perfect species clusters score low at coarse ranks: --ceiling shows how much. --permutations shows what "
        "random clusters get, and which scores are not above that; --each-rank shows each dendrogram cut into as "
        "many clusters as each rank has classes, as zsc run --clusters each-rank would. AMI depends on the number of "
        "rows: "
        "where selections differ in size, --rarefy N scores random choices of N rows of each. The caption says rows, "
        "clusters, classes and seeds, of each group or encoder where they differ.\n\n"
        "crossmodal: every pair of an image and a DNA encoder, and each encoder alone; rows are grouped "
        "by architecture.\n\n"
        "layers: of runs of --clusterer layers: AMI of each layer at each rank, its number of clusters, the share of "
        "the rows that are in one, its minimum cluster size and its persistence. Layers stand from fine to coarse; the "
        "most persistent one, marked, is the clustering of the run, which table ranks and compare show.\n\n"
        "sensitivity: what the runs of a sweep say under other settings: K rules, missing labels, neighbours, "
        "min_dist, "
        "dimensions, scalings, clusterers, selections of rows, and single seeds of the base. A row for each condition: "
        "the best encoder at a --rank, the mean AMI of the encoders that the base has too, its change, least and "
        "greatest change of an encoder, and Kendall's tau of the order of encoders with that of the base. With "
        "--each-rank the same dendrograms cut by each rank's number of classes are conditions too.\n\n"
        "retrieval: of JSON files that `zsc retrieve -o FILE.json` wrote, of its results and folders of them: "
        "accuracy by taxon and embeddings file, for each pair of modalities, with the splits of the queries and their "
        "harmonic mean.\n\n"
        "probe: of files and results of `zsc retrieve` and `zsc probe`, and folders of them: encoders against "
        "accuracy of the nearest key and of linear probes, by rank and split.\n\n"
        "In LaTeX, Markdown and HTML, the best value of each column is bold and the second best is "
        "underlined. Equal printed values are ties; all values of a tie are marked. Runs on other rows, "
        "splits or settings are not compared: they stand in groups, which the first column names. In the "
        "cross-modal table, the row of DNA encoders alone is marked along the row.",
    .examples = "  $ zsc table ranks results/ --format latex -o ranks.tex\n"
                "  $ zsc table ranks results/ --ceiling --permutations 199 --each-rank\n"
                "  $ zsc table crossmodal results/ --where scale=zscore\n"
                "  $ zsc table sensitivity results/ --rank species --base neighbors=30 --base min-dist=0\n"
                "  $ zsc table layers results/ --where clusterer=layers\n"
                "  $ zsc table retrieval dna-dna.json image-image.json image-dna.json --format latex\n"
                "  $ zsc table probe dna-nearest.json dna-linear.json",
    .options = table_options,
    .option_count = sizeof table_options / sizeof *table_options,
    .size = sizeof(table_arguments),
    .defaults = table_defaults,
    .run = run_table,
    .also_writes = also_writes,
};
