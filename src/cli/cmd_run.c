/* zsc run: one experiment, for one seed or several. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/results.h"
#include "experiment/pipeline.h"
#include "experiment/store.h"
#include "zsc/zsc.h"

typedef struct run_arguments {
    cli_common common;
    zsc_list embeddings, where, ranks;
    const char *metadata, *split, *one_per_barcode, *clusters, *output;
    size_t barcode_max_length;
    cli_seeds seeds;
    size_t barcode_seed;
    int scale, scope, reduce, metric, knn, linkage, missing, format;
    size_t dim, neighbors, epochs;
    double min_dist, cut_height;
    bool curve, internal, keep_reduced, force;
} run_arguments;

static void defaults(void *data)
{
    run_arguments *a = data;
    zsc_run_options o = zsc_run_defaults();
    a->clusters = o.clusters;
    a->dim = o.umap.n_components;
    a->neighbors = o.umap.n_neighbors;
    a->min_dist = o.umap.min_dist;
    a->scale = o.data.scale;
    a->scope = o.data.scope;
    a->reduce = o.reduce;
    a->metric = o.umap.metric;
    a->knn = o.umap.knn;
    a->linkage = o.linkage;
    a->missing = o.missing;
    a->seeds = (cli_seeds){calloc(1, sizeof(uint64_t)), 1};
    if (!a->seeds.item) a->seeds.count = 0;
}

#define FIELD(name) offsetof(run_arguments, name)
static const cli_option options[] = {
    {'e', "embeddings", CLI_REPEAT, FIELD(embeddings), "FILE[:ENCODER]", .help = "embeddings to cluster; given several times, the encoders are concatenated, joined on the id"},
    {'m', "metadata", CLI_TEXT, FIELD(metadata), "FILE", .help = "CSV with ids and taxonomy, in BIOSCAN-5M's columns", .shown_default = "labels from the embeddings file"},
    {.name = "split", .kind = CLI_TEXT, .offset = FIELD(split), .arg = "SPLITS", .help = "keep rows of these splits, joined with +, e.g. test+test_unseen; seen, unseen and all are groups", .shown_default = "all"},
    {.name = "where", .kind = CLI_REPEAT, .offset = FIELD(where), .arg = "RANK=TAXON", .help = "keep rows of this taxon; given several times, all must hold"},
    {.name = "one-per-barcode", .kind = CLI_OPTIONAL, .offset = FIELD(one_per_barcode), .arg = "random|first", .help = "keep one row for each DNA barcode, drawn at random or the first", .choices = "random|first"},
    {.name = "barcode-max-length", .kind = CLI_COUNT, .offset = FIELD(barcode_max_length), .arg = "N", .help = "compare barcodes by their first N letters", .shown_default = "whole"},
    {.name = "barcode-seed", .kind = CLI_COUNT, .offset = FIELD(barcode_seed), .arg = "N", .help = "seed of the row drawn for each barcode"},
    {.name = "scale", .kind = CLI_CHOICE, .offset = FIELD(scale), .arg = "HOW", .help = "scaling of each modality before concatenation", .choices = "none|l2|l2-sqrt-dim|zscore|zscore-average"},
    {.name = "scale-scope", .kind = CLI_CHOICE, .offset = FIELD(scope), .arg = "SCOPE", .help = "rows whose means and deviations are used: all selected rows, or those of the same split", .choices = "rows|split"},
    {.name = "reduce", .kind = CLI_CHOICE, .offset = FIELD(reduce), .arg = "HOW", .help = "reduction before clustering", .choices = "umap|pca|none"},
    {.name = "dim", .kind = CLI_COUNT, .offset = FIELD(dim), .arg = "N", .help = "dimensions to reduce to", .minimum = 1, .maximum = 1e6},
    {.name = "neighbors", .kind = CLI_COUNT, .offset = FIELD(neighbors), .arg = "N", .help = "UMAP's neighbours, the row itself included", .minimum = 2, .maximum = 1e6},
    {.name = "min-dist", .kind = CLI_REAL, .offset = FIELD(min_dist), .arg = "X", .help = "UMAP's min_dist", .minimum = 0, .maximum = 1e6},
    {.name = "metric", .kind = CLI_CHOICE, .offset = FIELD(metric), .arg = "METRIC", .help = "UMAP's distance between rows", .choices = "euclidean|cosine|correlation|manhattan|chebyshev"},
    {.name = "epochs", .kind = CLI_COUNT, .offset = FIELD(epochs), .arg = "N", .help = "UMAP's epochs", .shown_default = "200 above 10,000 rows, 500 otherwise"},
    {.name = "knn", .kind = CLI_CHOICE, .offset = FIELD(knn), .arg = "HOW", .help = "nearest neighbours", .choices = "auto|exact|approx"},
    {.name = "linkage", .kind = CLI_CHOICE, .offset = FIELD(linkage), .arg = "METHOD", .help = "agglomerative clustering", .choices = "ward|single|average|complete"},
    {.name = "clusters", .kind = CLI_TEXT, .offset = FIELD(clusters), .arg = "RANK|N|each-rank", .help = "number of clusters: that of a rank's classes, a number, or for each rank its own"},
    {.name = "cut-height", .kind = CLI_REAL, .offset = FIELD(cut_height), .arg = "H", .help = "cut the dendrogram at this height instead", .minimum = 0, .maximum = INFINITY, .shown_default = "off"},
    {.name = "ranks", .kind = CLI_NAMES, .offset = FIELD(ranks), .arg = "RANK,...", .help = "ranks to score", .shown_default = "all that are there"},
    {.name = "missing", .kind = CLI_CHOICE, .offset = FIELD(missing), .arg = "HOW", .help = "rows without a label at a rank: left out there, or one more class", .choices = "drop|class"},
    {.name = "curve", .kind = CLI_FLAG, .offset = FIELD(curve), .help = "score every cut of the dendrogram too"},
    {.name = "internal", .kind = CLI_FLAG, .offset = FIELD(internal), .help = "silhouette, Davies-Bouldin and Calinski-Harabasz too"},
    {.name = "keep-reduced", .kind = CLI_FLAG, .offset = FIELD(keep_reduced), .help = "write the reduced vectors into the result"},
    {.name = "seed", .kind = CLI_SEEDS, .offset = FIELD(seeds), .arg = "N,...", .help = "seeds, one run each, e.g. 0,1,2 or 0-5"},
    {'o', "output", CLI_TEXT, FIELD(output), "DIR", .help = "folder for the result files", .shown_default = "none: print only"},
    {.name = "force", .kind = CLI_FLAG, .offset = FIELD(force), .help = "compute runs again whose result is in the output folder already"},
    {.name = "format", .kind = CLI_CHOICE, .offset = FIELD(format), .arg = "FORMAT", .help = "form of what is printed", .choices = CLI_FORMATS},
};

static zsc_status to_options(const run_arguments *a, zsc_run_options *o)
{
    *o = zsc_run_defaults();
    if (a->embeddings.count == 0) return cli_usage("no embeddings: give -e FILE[:ENCODER]");
    o->data.embeddings = (const char *const *)a->embeddings.item;
    o->data.embedding_count = a->embeddings.count;
    o->data.metadata = a->metadata;
    o->data.split = a->split;
    o->data.where = (const char *const *)a->where.item;
    o->data.where_count = a->where.count;
    if (a->one_per_barcode) {
        const char *how = a->one_per_barcode;
        if (*how && strcmp(how, "random") != 0 && strcmp(how, "first") != 0)
            return cli_usage("option --one-per-barcode expects random or first, not '%s'", how);
        o->data.per_barcode = strcmp(how, "first") == 0 ? ZSC_BARCODE_FIRST : ZSC_BARCODE_RANDOM;
    }
    o->data.barcode_max_length = a->barcode_max_length;
    o->data.seed = a->barcode_seed;
    o->data.scale = (zsc_scale)a->scale;
    o->data.scope = (zsc_scope)a->scope;
    if (a->ranks.count) {
        o->data.ranks = (const char *const *)a->ranks.item;
        o->data.rank_count = a->ranks.count;
    }
    o->reduce = (zsc_reduce)a->reduce;
    o->umap.n_components = a->dim;
    o->umap.n_neighbors = a->neighbors;
    o->umap.min_dist = a->min_dist;
    o->umap.metric = (zsc_metric)a->metric;
    o->umap.n_epochs = a->epochs;
    o->umap.knn = (zsc_knn_method)a->knn;
    o->linkage = (zsc_linkage_method)a->linkage;
    o->clusters = a->clusters;
    o->cut_height = a->cut_height;
    o->missing = (zsc_missing)a->missing;
    o->curve = a->curve;
    o->internal = a->internal;
    o->keep_reduced = a->keep_reduced;
    return zsc_run_check(o);
}

static void note_selection(const zsc_dataset *data)
{
    const zsc_selection *s = &data->selection;
    zsc_note("%zu of %zu rows, %zu columns", s->kept, s->embedded, data->d);
    if (s->unmatched) zsc_note("left out: %zu rows whose id is not in every file", s->unmatched);
    if (s->other_split) zsc_note("left out: %zu rows of other splits", s->other_split);
    if (s->where) zsc_note("left out: %zu rows of other taxa", s->where);
    if (s->without_barcode) zsc_note("left out: %zu rows without a barcode", s->without_barcode);
    if (s->repeated_barcode) zsc_note("left out: %zu rows whose barcode another row stands for", s->repeated_barcode);
}

static zsc_status run_seed(const run_arguments *a, const zsc_run_options *o, zsc_input *input, zsc_result *out)
{
    zsc_status status = ZSC_OK;
    const zsc_exec *exec = &a->common.exec;
    zsc_tree tree = {0};
    if (a->output && !a->force) {
        bool found;
        ZSC_TRY(zsc_store_find(a->output, o, &input->data, out, &found));
        if (found) {
            zsc_note("seed %llu: the result is there already, %s", (unsigned long long)o->seed, out->path);
            goto done;
        }
    }
    ZSC_TRY(zsc_tree_grow(o, exec, input, &tree));
    if (!tree.start_converged) zsc_note("the spectral start stopped short of its tolerance");
    ZSC_TRY(zsc_tree_score(o, exec, input, &tree, out));
    if (a->output) {
        ZSC_TRY(zsc_result_write(out, a->output));
        zsc_note("wrote %s", out->path);
    }
done:
    zsc_tree_free(&tree);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    run_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_run_options o;
    zsc_input input = {0};
    zsc_result_list results = {0};
    ZSC_TRY(to_options(a, &o));
    ZSC_NEW(results.item, a->seeds.count);
    ZSC_TRY(zsc_input_load(&o, &a->common.exec, &input));
    note_selection(&input.data);
    for (size_t i = 0; i < a->seeds.count; i++) {
        o.seed = a->seeds.item[i];
        ZSC_TRY(run_seed(a, &o, &input, &results.item[results.count]));
        results.count++;
    }
    ZSC_TRY(cli_print_results(&results, (cli_format)a->format));
done:
    zsc_results_free(&results);
    zsc_input_free(&input);
    return status;
}

const cli_command cli_run_command = {
    .name = "run", .group = "Experiments", .summary = "reduce, cluster and score one choice of embeddings", .operands = "",
    .description =
        "Loads the rows, reduces them with UMAP, clusters them with Ward's method, cuts the dendrogram at the number of "
        "species and prints the adjusted mutual information (AMI) of the clusters with the labels of every rank.\n\n"
        "With -o each run is written to a file named by its key, a hash of the resolved configuration and of the inputs' "
        "contents; a run whose file is there is not computed again. Several seeds share neighbours and graph.",
    .examples = "$ zsc run -e embeddings.h5:kmer5 -m metadata.csv --split test+test_unseen --seed 0-5 -o results\n"
                "$ zsc run -e img.h5:dino -e dna.h5:hyenadna --scale zscore --one-per-barcode -o results",
    .options = options, .option_count = sizeof options / sizeof *options, .size = sizeof(run_arguments),
    .defaults = defaults, .run = run, .closing_line = true,
};
