/* zsc run: one experiment, for one seed or several. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/inputs.h"
#include "cli/print_results.h"
#include "experiment/pipeline/pipeline.h"
#include "experiment/settings/run_options.h"
#include "experiment/store/store.h"
#include "io/embeddings.h"
#include "io/file_layout.h"
#include "zsc/zsc.h"

typedef struct run_arguments {
    cli_common common;
    zsc_run_options o;
    cli_rows rows;
    const char *output;
    zsc_seeds seeds;
    int format;
    bool force;
    const char *checkpoint;
    double checkpoint_minutes;
    zsc_checkpoint kept;
} run_arguments;

static zsc_status defaults(void *data)
{
    run_arguments *a = data;
    a->o = zsc_run_defaults();
    a->checkpoint_minutes = 3;
    uint64_t *seed = zsc_calloc(1, sizeof *seed, "seeds");
    a->seeds = (zsc_seeds){.item = seed, .count = seed ? 1 : 0, .capacity = seed ? 1 : 0};
    return seed ? ZSC_OK : ZSC_EINTERNAL;
}

#define FIELD(name) offsetof(run_arguments, name)
#define SETTING(letter, name, level, kind, field, ...) CLI_SETTING(letter, name, kind, FIELD(o.field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_EMBEDDINGS_OPTION(FIELD(rows.embeddings), " to cluster", ""),
    CLI_WHERE_OPTION(FIELD(rows.where)),
#include "experiment/settings/settings.def"
    CLI_LABELS_OPTION(FIELD(rows.inputs.labels)),
    CLI_COLUMN_OPTION(FIELD(rows.inputs.columns)),
    {.name = "ranks",
     .kind = CLI_NAMES,
     .offset = FIELD(rows.ranks),
     .arg = "RANK,...",
     .help = "ranks to score",
     .shown_default = "all present"},
    {.name = "seed",
     .kind = CLI_SEEDS,
     .offset = FIELD(seeds),
     .arg = "N,...",
     .help = "seeds, one run per seed, e.g. 0,1,2 or 0-5"},
    {'o', "output", CLI_TEXT, FIELD(output), "DIR", .help = "folder for the result files",
     .shown_default = "none: print only", .file = CLI_WRITES_FOLDER},
    {.name = "force",
     .kind = CLI_FLAG,
     .offset = FIELD(force),
     .help = "recompute runs whose result is already in the output folder"},
    {.name = "checkpoint",
     .kind = CLI_TEXT,
     .offset = FIELD(checkpoint),
     .arg = "DIR",
     .help = "folder for what a stopped run resumes from",
     .shown_default = "none",
     .file = CLI_WRITES_FOLDER},
    {.name = "memory-map",
     .kind = CLI_TEXT,
     .offset = FIELD(o.data.memory_map),
     .arg = "DIR",
     .help = "keep the matrix of embeddings in a file in this folder, on a disk, instead of in memory",
     .shown_default = "none: in memory"},
    {.name = "checkpoint-every",
     .kind = CLI_REAL,
     .offset = FIELD(checkpoint_minutes),
     .arg = "MINUTES",
     .help = "time between two checkpoints of a stage",
     .maximum = 1e6},
    CLI_FORMAT_OPTION(FIELD(format)),
};
#undef SETTING

static zsc_status resolve(run_arguments *a)
{
    zsc_status status = cli_rows_resolve(&a->rows, &a->o.data);
    return status == ZSC_OK ? zsc_run_check(&a->o) : status;
}

static void note_selection(const zsc_dataset *data)
{
    const zsc_selection *s = &data->selection;
    zsc_note("%zu of %zu rows, %zu columns", s->kept, s->embedded, data->d);
    if (s->not_listed) zsc_note("left out: %zu rows that are not in the list of --ids", s->not_listed);
    if (s->unmatched) zsc_note("left out: %zu rows whose id is not in every file", s->unmatched);
    if (s->other_split) zsc_note("left out: %zu rows of other splits", s->other_split);
    if (s->where) zsc_note("left out: %zu rows of other taxa", s->where);
    if (s->without_barcode) zsc_note("left out: %zu rows without a barcode", s->without_barcode);
    if (s->repeated_barcode)
        zsc_note("left out: %zu rows with the barcode of a row that was kept", s->repeated_barcode);
}

static zsc_status run_seed(const run_arguments *a, zsc_input *input, zsc_result *out)
{
    const zsc_run_options *o = &a->o;
    zsc_status status = ZSC_OK;
    const zsc_exec *exec = &a->common.exec;
    zsc_tree tree = {0};
    if (a->output && !a->force) {
        bool found;
        ZSC_TRY(zsc_store_find(a->output, o, &input->data, out, &found));
        if (found) {
            zsc_note("seed %llu: the result exists already: %s", (unsigned long long)o->seed, out->path);
            goto done;
        }
    }
    ZSC_TRY(zsc_checkpoint_begin(input->checkpoint, o, &input->data));
    ZSC_TRY(zsc_tree_grow(o, exec, input, &tree));
    if (!tree.converged)
        zsc_note("the spectral initialisation did not converge to its tolerance; its last eigenvectors were used");
    ZSC_TRY(zsc_tree_score(o, exec, input, &tree, out));
    if (a->output) {
        ZSC_TRY(zsc_result_write(out, a->output));
        zsc_note_progress("wrote %s", out->path);
        zsc_checkpoint_remove(input->checkpoint, input->last);
    }
done:
    zsc_tree_free(&tree);
    return status;
}

/* All seeds of one choice of embeddings. */
static zsc_status run_seeds(run_arguments *a, zsc_result_list *results)
{
    zsc_status status = ZSC_OK;
    zsc_input input = {.checkpoint = a->checkpoint ? &a->kept : NULL};
    ZSC_TRY(zsc_input_load(&a->o, &a->common.exec, &input));
    note_selection(&input.data);
    for (size_t i = 0; i < a->seeds.count; i++) {
        a->o.seed = a->seeds.item[i];
        input.last = i + 1 == a->seeds.count;
        ZSC_TRY(run_seed(a, &input, &results->item[results->count++])); /* counted first: freed also when it fails */
    }
done:
    zsc_input_free(&input);
    return status;
}

/* What each --embeddings stands for: itself, or by a pattern several, of which each choice is a run. */
typedef struct choices {
    zsc_list *of;
    size_t count, runs;
} choices;

static void free_choices(choices *c)
{
    for (size_t m = 0; m < c->count; m++) zsc_list_free(&c->of[m]);
    free(c->of);
}

static zsc_status unfold(const run_arguments *a, choices *c)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset_options *o = &a->o.data;
    const zsc_file_layout layout = zsc_file_layout_with_missing(&o->file_layout, o->missing_values);
    ZSC_NEW(c->of, o->embedding_count);
    c->count = o->embedding_count;
    c->runs = 1;
    for (size_t m = 0; m < c->count; m++) {
        ZSC_TRY(zsc_embeddings_unfold(o->embeddings[m], &layout, &c->of[m]));
        if (__builtin_mul_overflow(c->runs, c->of[m].count, &c->runs)) {
            status = zsc_fail(ZSC_EUSAGE, "the patterns of --embeddings stand for too many runs");
            goto done;
        }
    }
done:
    return status;
}

/* The last --embeddings changes fastest. */
static void choose(const choices *c, size_t which, const char **embeddings)
{
    for (size_t m = c->count; m-- > 0; which /= c->of[m].count) embeddings[m] = c->of[m].item[which % c->of[m].count];
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    run_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_result_list results = {0};
    choices c = {0};
    const char **embeddings = NULL;
    ZSC_TRY(resolve(a));
    if (a->seeds.count == 0) { /* no memory for the default */
        status = zsc_fail_memory(1, sizeof *a->seeds.item, "a seed");
        goto done;
    }
    ZSC_TRY(unfold(a, &c));
    ZSC_NEW(embeddings, c.count);
    ZSC_NEW(results.item, c.runs * a->seeds.count);
    a->kept = (zsc_checkpoint){.folder = a->checkpoint, .interval = 60 * a->checkpoint_minutes};
    a->o.data.embeddings = embeddings;
    for (size_t i = 0; i < c.runs; i++) {
        choose(&c, i, embeddings);
        ZSC_TRY(run_seeds(a, &results));
    }
    ZSC_TRY(cli_print_results(&results, (cli_format)a->format));
    zsc_checkpoint_remove(&a->kept, true);
done:
    zsc_results_free(&results);
    zsc_checkpoint_free(&a->kept);
    free_choices(&c);
    free(embeddings);
    return status;
}

const cli_command cli_run_command = {
    .name = "run",
    .group = "Experiments",
    .summary = "reduce, cluster and score one choice of embeddings",
    .operands = "",
    .description = "Reads the rows, reduces them with UMAP, clusters them with Ward's method, cuts the dendrogram "
                   "at the number of species (of the finest rank, where there are none), and prints the adjusted "
                   "mutual information (AMI) of the clusters with "
                   "the labels at each rank.\n\n"
                   "With -o, each run is written to a file. Its name is the run's key, a hash of the settings and "
                   "of the data. If that file exists, the run is not computed again. Several seeds share the "
                   "neighbours and the graph.\n\n"
                   "With --checkpoint, a run that was interrupted or killed resumes when the same command is given "
                   "again, and has the same results as one that never stopped. The folder gets neighbours, graph, "
                   "layout and dendrogram, and every few minutes, and when it is interrupted, what an approximate "
                   "search, a layout or Ward's method have done so far. Files of other rows, "
                   "settings or seeds are not taken. A run that is finished removes its own.\n\n"
                   "With --memory-map, a matrix that does not fit into memory is in a file of a folder on a fast disk, "
                   "which the system reads as it is needed, and which is gone with the run. Results are the same.\n\n"
                   "An encoder may be a pattern, as in a sweep: FILE:* makes one run per encoder of the file. Of "
                   "several such options, each combination is a run.",
    .examples = "  $ zsc run -e embeddings.h5:kmer5 -m metadata.csv --split test+test_unseen --seed 0-5 -o results\n"
                "  $ zsc run -e 'embeddings.h5:*' -m metadata.csv\n"
                "  $ zsc run -e img.h5:dino -e dna.h5:hyenadna --scale zscore --one-per-barcode -o results\n"
                "  $ zsc run -e large.h5:dna -o results --checkpoint stopped",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(run_arguments),
    .defaults = defaults,
    .run = run,
    .closing_line = true,
};
