/* Options that other options make useless, in one table.
 *
 * A rule names an option and up to six conditions on others, all of which must hold for it to have no effect. Values
 * are compared as help shows them, so defaults count; KIND is the first operand; EMBEDDINGS is "binary" where all
 * inputs but the metadata are HDF5, .npy or .npz. What the library itself refuses is not here: --column without
 * metadata, --h5-id and its like without --h5-embedding. tests/cli/no_effect.sh lists every option of every command. */
#include "cli/ignored.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/common.h"

typedef enum relation { IS = 1, IS_NOT, GIVEN, ABSENT } relation;

enum { MOST_CONDITIONS = 6 };
typedef struct condition {
    const char *option;
    relation relation;
    const char *values; /* "a|b", of IS and IS_NOT */
} condition;

typedef struct rule {
    const char *commands; /* "run|select" */
    const char *options;  /* "dim|neighbors" */
    condition when[MOST_CONDITIONS];
    const char *because;
} rule;

#define HDBSCAN_OPTIONS "max-cluster-size|cluster-selection-method|cluster-selection-epsilon|allow-single-cluster"

static const rule rules[] = {
    {"compare",
     "unit|where",
     {{"score", IS_NOT, "ami"}},
     "of files of zsc retrieve the classes of each rank are resampled"},
    {"compare", "k", {{"score", IS, "ami"}}, "AMI is not of nearest keys"},
    {"compare", "recluster", {{"score", IS_NOT, "ami"}}, "retrieval has no clusters"},
    {"compare", "resamples", {{"recluster", IS_NOT, "0"}}, "--recluster says how many splits there are"},
    {"collect",
     "where|permutations",
     {{"retrieval", IS, "true"}},
     "the table of retrieval has neither settings nor clusters"},
    {"score", "seed", {{"permutations", IS, "0"}}, "nothing is drawn at random without --permutations"},
    {"retrieve", "examples-file|seed", {{"examples", IS, "0"}}, "no examples are drawn"},
    {"probe",
     "learning-rate|momentum|batch-size|stopping-split|patience|seed",
     {{"solver", IS_NOT, "sgd"}},
     "it is an option of --solver sgd"},
    {"probe", "tolerance", {{"solver", IS_NOT, "lbfgs"}}, "it is an option of --solver lbfgs"},
    {"probe", "patience", {{"stopping-split", ABSENT, NULL}}, "--stopping-split is not given"},
    {"compare",
     "score|k|unit|resamples|recluster|level|seed|control|p-values|wilcoxon",
     {{"measures", GIVEN, NULL}},
     "--measures resamples nothing"},
    {"compare", "p-values", {{"format", IS_NOT, "table"}}, "CSV and JSON have p-values"},
    {"compare", "wilcoxon", {{"format", IS, "csv"}}, "CSV has a row per score and difference; JSON has the tests"},
    {"simulate",
     "output|metadata-output|rows|classes|orders|families|subfamilies|genera|species|barcode-length|rows-per-barcode|"
     "splits|unseen-species|missing-species|label-errors",
     {{"release", GIVEN, NULL}},
     "--release has BIOSCAN-5M's rows, taxa and splits, and files of its own"},
    {"simulate",
     "image-encoders|dna-encoders|image-dim|dna-dim|aligned|unseen-noise",
     {{"release", GIVEN, NULL}},
     "--release has the paper's encoders"},
    {"simulate", "scale", {{"release", ABSENT, NULL}}, "--release is not given"},
    /* rows */
    {"run", "checkpoint-every", {{"checkpoint", ABSENT, NULL}}, "--checkpoint is not given"},
    {"run|select", "barcode-max-length", {{"one-per-barcode", IS, "all"}}, "--one-per-barcode is not given"},
    {"select", "barcode-seed", {{"one-per-barcode", IS_NOT, "random"}}, "no row is drawn for a barcode"},
    {"run",
     "barcode-seed",
     {{"one-per-barcode", IS_NOT, "random"}, {"reduce", IS_NOT, "umap"}},
     "no row is drawn for a barcode"},
    {"run",
     "barcode-seed",
     {{"one-per-barcode", IS_NOT, "random"}, {"knn", IS, "exact"}},
     "no row is drawn for a barcode, and neighbours are searched exactly"},
    {"run|select",
     "scale-scope",
     {{"scale", IS_NOT, "zscore|zscore-average"}, {"scale-scope", IS_NOT, "rows"}},
     "--scale takes no means and deviations"},
    {"run|select|import|ward|cluster|assign|info|knn|umap|trust|retrieve|probe",
     "delimiter|no-header",
     {{"EMBEDDINGS", IS, "binary"}, {"metadata", ABSENT, NULL}},
     "no input is a table"},
    {"run|select|import|ward|cluster|assign|info|knn|umap|trust|retrieve|probe",
     "decimal|id-column|label-column",
     {{"EMBEDDINGS", IS, "binary"}},
     "no embeddings are in a table"},
    {"select", "scale|scale-scope", {{"output", ABSENT, NULL}}, "without --output rows are counted only"},
    {"select", "ranks", {{"output", ABSENT, NULL}}, "without --output rows are counted only"},
    {"run|select|import|embed kmer|knn|umap|ward|cluster|assign|trust",
     "ids-in-order",
     {{"ids", ABSENT, NULL}},
     "--ids is not given"},
    /* reduction and clusters */
    {"run", "dim", {{"reduce", IS, "none"}}, "--reduce none keeps all dimensions"},
    {"run", "neighbors|min-dist|epochs|knn", {{"reduce", IS_NOT, "umap"}}, "it is an option of --reduce umap"},
    {"run",
     "metric",
     {{"reduce", IS_NOT, "umap"}, {"clusterer", IS_NOT, "hdbscan|layers|spectral|leiden"}},
     "it is an option of --reduce umap"},
    {"run", "metric", {{"reduce", IS, "pca"}}, "it is an option of --reduce umap"},
    {"cluster",
     "metric",
     {{"clusterer", IS_NOT, "hdbscan|layers|spectral|leiden"}},
     "it is an option of --clusterer hdbscan, layers, spectral and leiden"},
    {"run|cluster",
     "linkage|linkage-metric|cut-height|cut-standardised|cut|curve",
     {{"clusterer", IS_NOT, "agglomerative"}},
     "it is an option of --clusterer agglomerative"},
    {"run|cluster",
     "clusters",
     {{"clusterer", IS, "hdbscan|layers|leiden"}},
     "the clusterer finds the number of clusters"},
    {"run|cluster",
     "min-cluster-size|min-samples",
     {{"clusterer", IS_NOT, "hdbscan|layers"}},
     "it is an option of --clusterer hdbscan and layers"},
    {"run|cluster",
     "max-layers|max-layer-similarity",
     {{"clusterer", IS_NOT, "layers"}},
     "it is an option of --clusterer layers"},
    {"run|cluster", HDBSCAN_OPTIONS, {{"clusterer", IS_NOT, "hdbscan"}}, "it is an option of --clusterer hdbscan"},
    {"run|cluster",
     "max-cluster-size",
     {{"cluster-selection-method", IS, "leaf"}},
     "it limits the clusters that excess of mass selects"},
    {"run|cluster",
     "max-iter",
     {{"clusterer", IS_NOT, "kmeans|leiden"}},
     "it is an option of --clusterer kmeans and leiden"},
    {"run|cluster",
     "n-init",
     {{"clusterer", IS_NOT, "kmeans|spectral"}},
     "it is an option of --clusterer kmeans and spectral"},
    {"run|cluster",
     "n-init",
     {{"clusterer", IS, "spectral"}, {"assign-labels", IS, "cluster_qr"}},
     "--assign-labels cluster_qr starts once"},
    {"run|cluster",
     "graph-neighbors",
     {{"clusterer", IS_NOT, "spectral|leiden"}},
     "it is an option of --clusterer spectral and leiden"},
    {"run|cluster", "assign-labels", {{"clusterer", IS_NOT, "spectral"}}, "it is an option of --clusterer spectral"},
    {"run|cluster",
     "graph-weights|objective|resolution",
     {{"clusterer", IS_NOT, "leiden"}},
     "it is an option of --clusterer leiden"},
    {"cluster", "seed", {{"clusterer", IS_NOT, "kmeans|spectral|leiden"}}, "this clusterer draws nothing at random"},
    {"run",
     "seed",
     {{"reduce", IS_NOT, "umap"}, {"clusterer", IS_NOT, "kmeans|spectral|leiden"}, {"stability", ABSENT, NULL}},
     "nothing is drawn at random without --reduce umap (--barcode-seed draws rows)"},
    {"run", "min-dist", {{"epochs", IS, "0"}}, "no layout is made in 0 epochs"},
    {"run", "internal-space", {{"internal", ABSENT, NULL}}, "no internal scores are asked for"},
    {"run", "keep-reduced", {{"reduce", IS, "none"}}, "--reduce none reduces nothing"},
    {"run|cluster", "clusters", {{"cut-height", GIVEN, NULL}}, "--cut-height cuts the dendrogram instead"},
    {"run|cluster", "clusters", {{"cut-standardised", GIVEN, NULL}}, "--cut-standardised cuts the dendrogram instead"},
    {"run|cluster", "clusters", {{"cut", IS_NOT, "clusters"}}, "--cut finds the number of clusters"},
    {"run", "force", {{"output", ABSENT, NULL}}, "results are kept with --output only"},
    {"sweep",
     "output|dry-run|status|shard|cache|cache-memory|force",
     {{"example", GIVEN, NULL}},
     "--example prints a file and exits"},
    {"simulate", "label-errors", {{"metadata-output", ABSENT, NULL}}, "errors are planted in the metadata"},
    {"sensitivity",
     "output|dry-run|rank|format|figure|force",
     {{"example", GIVEN, NULL}},
     "--example prints a file and exits"},
    {"sensitivity", "rank|format|figure|force", {{"dry-run", GIVEN, NULL}}, "--dry-run computes nothing"},
    {"sweep", "cache|force|shard|status", {{"dry-run", GIVEN, NULL}}, "--dry-run computes nothing"},
    {"sweep", "cache|cache-memory|force|shard", {{"status", GIVEN, NULL}}, "--status computes nothing"},
    {"simulate", "image-dim", {{"image-encoders", IS, "0"}}, "there are no image encoders"},
    {"simulate", "dna-dim", {{"dna-encoders", IS, "0"}}, "there are no DNA encoders"},
    {"score|compare|collect|table|select|curve|stats|cluster|assign",
     "force",
     {{"output", ABSENT, NULL}},
     "nothing is replaced without --output"},
    {"probe",
     "force",
     {{"output", ABSENT, NULL},
      {"store", ABSENT, NULL},
      {"per-class", ABSENT, NULL},
      {"confusions", ABSENT, NULL},
      {"by-keys", ABSENT, NULL}},
     "no option names a file to write"},
    {"retrieve",
     "force",
     {{"output", ABSENT, NULL},
      {"store", ABSENT, NULL},
      {"per-class", ABSENT, NULL},
      {"confusions", ABSENT, NULL},
      {"by-keys", ABSENT, NULL},
      {"examples-file", ABSENT, NULL}},
     "no option names a file to write"},
    {"check",
     "force",
     {{"output", ABSENT, NULL}, {"fix", ABSENT, NULL}},
     "nothing is replaced without --output or --fix"},
    {"stats", "decimal", {{"kind", IS_NOT, "sizes"}}, "only --kind sizes reads numbers"},
    {"import", "replace", {{"overwrite", GIVEN, NULL}}, "--overwrite replaces the whole file"},
    /* steps on their own */
    {"knn", "seed", {{"knn", IS, "exact"}, {"check-recall", ABSENT, NULL}}, "the exact search draws nothing at random"},
    {"knn", "query-split", {{"queries", ABSENT, NULL}}, "--queries is not given"},
    {"knn", "knn|seed|check-recall", {{"queries", GIVEN, NULL}}, "queries are searched exactly"},
    {"umap", "knn", {{"knn-file", GIVEN, NULL}}, "--knn-file brings the neighbours"},
    {"umap",
     "min-dist|spread",
     {{"a", GIVEN, NULL}, {"b", GIVEN, NULL}},
     "--a and --b are the curve that it would be fitted to"},
    {"umap", "target-weight", {{"target", ABSENT, NULL}}, "it goes with --target"},
    {"umap",
     "min-dist|spread|a|b|learning-rate|repulsion-strength|negative-sample-rate",
     {{"n-epochs", IS, "0"}},
     "no layout is made in 0 epochs"},
    {"umap",
     "n-neighbors|n-components|metric|min-dist|spread|a|b|n-epochs|learning-rate|init|set-op-mix-ratio|"
     "local-connectivity|disconnection-distance|target|target-weight|repulsion-strength|negative-sample-rate|unique|"
     "seed|"
     "knn|knn-file|scale|stop-at-epoch|resume|keep-model",
     {{"transform", GIVEN, NULL}},
     "new rows are put into the layout with the options that it was made with"},
    /* figures and tables */
    {"plot",
     "output|columns|width|height|dpi|font|font-size|size|dark|force",
     {{"dumb", GIVEN, NULL}},
     "--dumb draws letters in the terminal"},
    {"plot", "text-columns|text-rows", {{"dumb", ABSENT, NULL}}, "it goes with --dumb"},
    {"plot", "columns", {{"width", GIVEN, NULL}}, "--width is another width"},
    {"plot", "taxa", {{"KIND", IS_NOT, "scatter|confusion"}}, "it is an option of the scatter and of the confusion"},
    {"plot", "leaves", {{"KIND", IS_NOT, "dendrogram"}}, "it is an option of the dendrogram"},
    {"plot", "decimals", {{"KIND", IS_NOT, "heatmap"}}, "it is an option of the heatmap"},
    {"plot", "baseline|unit|level|resamples", {{"KIND", IS_NOT, "compare"}}, "it is an option of the comparison"},
    {"plot",
     "rank",
     {{"KIND", IS_NOT, "heatmap|settings|cuts|scatter|dendrogram|measures|sensitivity|prevalence|confusion"}},
     "this figure has no rank of its own"},
    {"plot", "settings", {{"KIND", IS_NOT, "settings"}}, "it is an option of the figure of settings"},
    {"plot",
     "ranks",
     {{"KIND", IS, "cuts|scatter|dendrogram|stages|growth|prevalence|map|confusion"}},
     "this figure shows no scores"},
    {"plot", "ranks", {{"KIND", IS, "measures|sensitivity"}}, "this figure is of one --rank"},
    {"plot", "base", {{"KIND", IS_NOT, "sensitivity"}}, "it is an option of the figure of sensitivity"},
    {"plot",
     "style|rows|encoders",
     {{"KIND", IS, "prevalence|composition|map|retrieval|confusion"}},
     "it selects results of runs, and this figure shows something else"},
    {"plot", "where", {{"KIND", IS, "retrieval|confusion"}}, "it selects results of runs"},
    {"plot", "k", {{"KIND", IS_NOT, "retrieval|confusion"}}, "it is an option of the figures of retrieval"},
    {"plot", "score", {{"KIND", IS_NOT, "retrieval"}}, "it is an option of the figure of retrieval"},
    {"plot",
     "split",
     {{"KIND", IS_NOT, "prevalence|composition|map|confusion"}},
     "it is for metadata, and this figure shows results"},
    {"plot",
     "ids|column|missing-values|delimiter|no-header",
     {{"KIND", IS_NOT, "prevalence|composition|map"}},
     "it is for metadata, and this figure shows results"},
    {"plot", "coastline|decimal", {{"KIND", IS_NOT, "map"}}, "it is an option of the map"},
    {"table", "caption|marks", {{"format", IS, "csv|tsv"}}, "CSV and TSV hold neither captions nor marks"},
    {"table", "marks", {{"format", IS, "json"}}, "JSON holds no marks"},
    {"table",
     "marks|ceiling|permutations|rarefy",
     {{"KIND", IS_NOT, "ranks"}},
     "it is an option of the table of ranks"},
    {"table",
     "each-rank",
     {{"KIND", IS_NOT, "ranks|sensitivity"}},
     "it is an option of the tables of ranks and of sensitivity"},
    {"table", "base", {{"KIND", IS_NOT, "sensitivity"}}, "it is an option of the table of sensitivity"},
    {"table", "ranks", {{"KIND", IS, "sensitivity"}}, "this table is of one --rank"},
    {"table",
     "ceiling|permutations|each-rank",
     {{"rarefy", IS_NOT, "0"}},
     "these are of all rows, and --rarefy scores some of them"},
    {"plot", "ceiling|permutations|rarefy|look", {{"KIND", IS_NOT, "ranks"}}, "it is an option of the figure of ranks"},
    {"plot",
     "ceiling|permutations|each-rank",
     {{"rarefy", IS_NOT, "0"}},
     "these are of all rows, and --rarefy scores some of them"},
    {"plot",
     "each-rank",
     {{"KIND", IS_NOT, "ranks|sensitivity"}},
     "it is an option of the figures of ranks and of sensitivity"},
    {"table",
     "rank",
     {{"KIND", IS_NOT, "crossmodal|sensitivity"}},
     "it is an option of the tables crossmodal and sensitivity"},
    {"table",
     "k|score",
     {{"KIND", IS_NOT, "retrieval|probe"}},
     "it is an option of the tables of retrieval and probes"},
    {"table",
     "intervals",
     {{"KIND", IS_NOT, "retrieval|probe"}},
     "it is an option of the tables of retrieval and probes"},
    {"table", "rows|encoders|where", {{"KIND", IS, "retrieval|probe"}}, "it selects results of runs"},
    {"report", "most-taxa|confusions", {{"taxa", IS, "none"}}, "no taxa are listed"},
};
enum { RULES = sizeof rules / sizeof *rules };

/* Whether the words A|B|C hold WORD. */
static bool holds(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *p = words;; p += strcspn(p, "|") + 1) {
        size_t n = strcspn(p, "|");
        if (n == length && strncmp(p, word, n) == 0) return true;
        if (!p[n]) return false;
    }
}

static const cli_option *find(const cli_command *command, const char *name)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (strcmp(command->options[i].name, name) == 0) return &command->options[i];
    return NULL;
}

/* Given under its own name or under another of the same field. */
static bool is_given(const cli_command *command, const bool *given, const cli_option *option)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (given[i] && command->options[i].offset == option->offset) return true;
    return false;
}

/* Whether the file begins as HDF5, .npy or .zip do. */
static bool begins_binary(const char *path)
{
    static const char *const magic[] = {"\x89HDF", "\x93NUMPY", "PK\x03\x04"};
    char start[8] = "", *name = zsc_strdup(path), *colon = NULL;
    bool binary = false, there = false;
    struct stat s;
    while (name && !(there = stat(name, &s) == 0) && (colon = strrchr(name, ':'))) *colon = '\0';
    FILE *file = there && S_ISREG(s.st_mode) ? fopen(name, "rb")
                                             : NULL; /* a pipe would take its writer's first bytes */
    size_t length = file ? fread(start, 1, sizeof start, file) : 0;
    for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
        binary = binary || (length > strlen(magic[i]) && memcmp(start, magic[i], strlen(magic[i])) == 0);
    if (file) fclose(file);
    free(name);
    return binary;
}

/* Files that are not there, folders and names joined with '+' may be anything. */
static bool all_binary(const cli_command *command, const void *arguments, char **operands, int count)
{
    bool binary = true, any = count > 0;
    static const char *const options[] = {"embeddings", "queries"};
    for (int i = 0; i < count; i++) binary = binary && begins_binary(operands[i]);
    for (size_t o = 0; o < sizeof options / sizeof *options; o++) {
        const cli_option *option = find(command, options[o]);
        if (!option || option->kind != CLI_REPEAT) continue;
        const zsc_list *list = (const void *)((const char *)arguments + option->offset);
        for (size_t i = 0; i < list->count; i++) binary = binary && begins_binary(list->item[i]);
        any = any || list->count > 0;
    }
    return any && binary;
}

/* What a command is given, as the conditions see it. */
typedef struct situation {
    const cli_command *command;
    const void *arguments;
    const bool *given;
    char **operands;
    int count;
} situation;

static bool is_met(const condition *c, const situation *s)
{
    char text[256];
    const cli_option *option = find(s->command, c->option);
    if (strcmp(c->option, "KIND") == 0) {
        snprintf(text, sizeof text, "%s", s->count > 0 ? s->operands[0] : "");
    } else if (strcmp(c->option, "EMBEDDINGS") == 0) {
        snprintf(text, sizeof text, "%s",
                 all_binary(s->command, s->arguments, s->operands, s->count) ? "binary" : "any");
    } else if (!option) {
        return c->relation == ABSENT;
    } else if (c->relation == GIVEN || c->relation == ABSENT) {
        return is_given(s->command, s->given, option) == (c->relation == GIVEN);
    } else {
        cli_option live = *option;
        live.shown_default = NULL;
        cli_default_text(&live, s->arguments, text, sizeof text);
    }
    return holds(c->values, text) == (c->relation == IS);
}

zsc_status cli_check_ignored(const cli_command *command, const void *arguments, const bool *given, char **operands,
                             int count)
{
    const situation s = {command, arguments, given, operands, count};
    for (size_t r = 0; r < RULES; r++) {
        if (!holds(rules[r].commands, command->name)) continue;
        for (size_t i = 0; i < command->option_count; i++) {
            const condition *when = rules[r].when;
            if (!given[i] || !holds(rules[r].options, command->options[i].name)) continue;
            size_t met = 0;
            while (met < MOST_CONDITIONS && when[met].option && is_met(&when[met], &s)) met++;
            if (met == MOST_CONDITIONS || !when[met].option)
                return zsc_fail(ZSC_EUSAGE, "option --%s has no effect here: %s; leave it out",
                                command->options[i].name, rules[r].because);
        }
    }
    return ZSC_OK;
}
