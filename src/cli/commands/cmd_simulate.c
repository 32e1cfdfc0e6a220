/* zsc simulate: an example that needs no download. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "zsc/simulate.h"

typedef struct simulate_arguments {
    cli_common common;
    zsc_simulate_options options;
    zsc_seeds seed;
    zsc_list image_dim, dna_dim; /* one number, or one for each encoder */
    const char *output, *metadata, *release;
    double scale;
    int splits;
} simulate_arguments;

static zsc_status defaults(void *data)
{
    simulate_arguments *a = data;
    a->options = zsc_simulate_defaults();
    a->scale = zsc_release_defaults().scale;
    char text[32];
    snprintf(text, sizeof text, "%zu", a->options.image_dim);
    zsc_status status = zsc_list_add(&a->image_dim, text);
    snprintf(text, sizeof text, "%zu", a->options.dna_dim);
    return status == ZSC_OK ? zsc_list_add(&a->dna_dim, text) : status;
}

/* --image-dim and --dna-dim: *each gets the caller's list where there are several. */
static zsc_status parse_dims(const char *option, const zsc_list *words, size_t encoders, size_t *dim, size_t **each)
{
    zsc_status status = ZSC_OK;
    size_t *d = NULL;
    ZSC_NEW(d, words->count + 1);
    for (size_t i = 0; i < words->count; i++)
        if (zsc_value_count(&(zsc_value_owner){"", "", ZSC_EUSAGE}, words->item[i], 0, 0, &d[i]) != ZSC_OK) {
            status = cli_usage("option --%s-dim expects whole numbers, not '%s'", option, words->item[i]);
            goto done;
        }
    if (words->count == 1) {
        *dim = d[0];
    } else if (words->count == encoders) {
        *each = d;
        d = NULL;
    } else {
        status = cli_usage(
            "option --%s-dim expects one dimension or one for each of %zu encoders (--%s-encoders), not %zu", option,
            encoders, option, words->count);
    }
done:
    free(d);
    return status;
}

static zsc_status run_release(simulate_arguments *a)
{
    zsc_release_options o = zsc_release_defaults();
    o.scale = a->scale;
    o.seed = a->options.seed;
    o.replace = a->common.force;
    zsc_status status = zsc_simulate_release(&o, a->release, &a->common.exec);
    if (status == ZSC_OK)
        zsc_note("wrote a simulated release of scale %g to '%s': see README there; `zsc paper %s/paper.yaml` takes it",
                 a->scale, a->release, a->release);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    simulate_arguments *a = data;
    if (!a->output && !a->release)
        return cli_usage("option --output is needed: the file to write (or --release: a folder of many)");
    if (a->seed.count > 1) return cli_usage("option --seed expects one seed, not %zu", a->seed.count);
    if (a->seed.count) a->options.seed = a->seed.item[0];
    if (a->release) return run_release(a);
    a->options.all_splits = a->splits == 1;
    zsc_simulate_options *o = &a->options;
    size_t *image_dims = NULL, *dna_dims = NULL;
    zsc_status status = parse_dims("image", &a->image_dim, o->image_encoders, &o->image_dim, &image_dims);
    if (status == ZSC_OK) status = parse_dims("dna", &a->dna_dim, o->dna_encoders, &o->dna_dim, &dna_dims);
    o->image_dims = image_dims;
    o->dna_dims = dna_dims;
    if (status == ZSC_OK) status = zsc_simulate_check(o);
    if (status == ZSC_OK) status = zsc_simulate(&a->options, a->output, a->metadata, &a->common.exec);
    if (status == ZSC_OK) {
        const size_t *t = a->options.taxa;
        zsc_note("wrote %zu simulated rows to '%s'%s%s%s: %zu classes, %zu orders, %zu families, %zu subfamilies, %zu "
                 "genera, "
                 "%zu species",
                 a->options.rows, a->output, a->metadata ? " and '" : "", a->metadata ? a->metadata : "",
                 a->metadata ? "'" : "", t[0], t[1], t[2], t[3], t[4], t[5]);
    }
    free(image_dims);
    free(dna_dims);
    return status;
}

#define FIELD(member) offsetof(simulate_arguments, options.member)
#define TAXA(i, plural)                                                                                                \
    {                                                                                                                  \
        .name = plural, .kind = CLI_COUNT, .offset = FIELD(taxa) + (i) * sizeof(size_t), .arg = "N",                   \
        .help = "number of " plural, .minimum = 1, .maximum = 1e9,                                                     \
        .shown_default = "scaled from BIOSCAN-5M by the rows"                                                          \
    }
static const cli_option options[] = {
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = offsetof(simulate_arguments, output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "embeddings file to write (HDF5)"},
    {.name = "metadata-output",
     .kind = CLI_TEXT,
     .offset = offsetof(simulate_arguments, metadata),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "also write metadata with barcodes (CSV, BIOSCAN-5M's columns)",
     .shown_default = "none"},
    {.letter = 'n',
     .name = "rows",
     .kind = CLI_COUNT,
     .offset = FIELD(rows),
     .arg = "N",
     .help = "number of specimens",
     .minimum = 1,
     .maximum = 1e9},
    {.name = "seed",
     .kind = CLI_SEEDS,
     .offset = offsetof(simulate_arguments, seed),
     .arg = "SEED",
     .help = "seed of all random choices",
     .shown_default = "0"},
    TAXA(0, "classes"),
    TAXA(1, "orders"),
    TAXA(2, "families"),
    TAXA(3, "subfamilies"),
    TAXA(4, "genera"),
    TAXA(5, "species"),
    {.name = "barcode-length",
     .kind = CLI_COUNT,
     .offset = FIELD(barcode_length),
     .arg = "N",
     .help = "bases per barcode",
     .minimum = 60,
     .maximum = 100000},
    {.name = "rows-per-barcode",
     .kind = CLI_REAL,
     .offset = FIELD(rows_per_barcode),
     .arg = "X",
     .help = "mean number of specimens that share a barcode",
     .minimum = 1,
     .maximum = 1e6},
    {.name = "splits",
     .kind = CLI_CHOICE,
     .offset = offsetof(simulate_arguments, splits),
     .arg = "WHICH",
     .help =
         "test and test_unseen only, or all eight splits of BIOSCAN-5M with its proportions, missing labels and skew",
     .choices = "test|all"},
    {.name = "unseen-species",
     .kind = CLI_REAL,
     .offset = FIELD(unseen_species),
     .arg = "SHARE",
     .help = "share of the species that are unseen, which are of few families and genera; with all splits: of those "
             "that are not held out",
     .shown_default = "0.2; with all splits 0.12",
     .minimum = 0,
     .maximum = 1},
    {.name = "missing-species",
     .kind = CLI_REAL,
     .offset = FIELD(missing_species),
     .arg = "SHARE",
     .help = "share of the rows without a species label, beside those of split pretrain; coarser ranks have fewer",
     .shown_default = "0.05; with all splits 0",
     .minimum = 0,
     .maximum = 1},
    {.name = "label-errors",
     .kind = CLI_REAL,
     .offset = FIELD(label_errors),
     .arg = "SHARE",
     .help =
         "share of the metadata's rows in which an error is planted, which the column planted_error names; zsc check "
         "looks for them",
     .minimum = 0,
     .maximum = 1},
    {.name = "image-encoders",
     .kind = CLI_COUNT,
     .offset = FIELD(image_encoders),
     .arg = "N",
     .help = "number of image encoders, from good to poor",
     .maximum = 64},
    {.name = "dna-encoders",
     .kind = CLI_COUNT,
     .offset = FIELD(dna_encoders),
     .arg = "N",
     .help = "number of DNA encoders, from good to poor",
     .maximum = 64},
    {.name = "image-dim",
     .kind = CLI_NAMES,
     .offset = offsetof(simulate_arguments, image_dim),
     .arg = "N,...",
     .help = "dimension of all image encoders, or one per encoder; 0 for none"},
    {.name = "dna-dim",
     .kind = CLI_NAMES,
     .offset = offsetof(simulate_arguments, dna_dim),
     .arg = "N,...",
     .help = "dimension of all DNA encoders, or one per encoder; 0 for none"},
    {.name = "aligned",
     .kind = CLI_FLAG,
     .offset = FIELD(aligned),
     .help = "all encoders are of one space, as after contrastive training; they have one dimension"},
    {.name = "unseen-noise",
     .kind = CLI_REAL,
     .offset = FIELD(unseen_noise),
     .arg = "X",
     .help = "embeddings of an unseen species' specimens differ 1 + X times as much from each other as those of a seen "
             "species: encoders were not trained on it",
     .minimum = 0,
     .maximum = 100,
     .shown_default = "0.3 with --aligned, otherwise 0"},
    {.name = "release",
     .kind = CLI_TEXT,
     .offset = offsetof(simulate_arguments, release),
     .arg = "DIR",
     .file = CLI_WRITES_FOLDER,
     .help = "write a stand-in of the whole release of BIOSCAN-5M into this folder: metadata, embeddings of 12 image "
             "and 5 DNA encoders and of CLIBD under their authors' names, some images, and paper.yaml",
     .shown_default = "none"},
    {.name = "scale",
     .kind = CLI_REAL,
     .offset = offsetof(simulate_arguments, scale),
     .arg = "X",
     .help = "rows of the release as a share of BIOSCAN-5M's 5,150,850",
     .minimum = 1e-6,
     .maximum = 1},
    CLI_FORCE_OPTION,
};

const cli_command cli_simulate_command = {
    .name = "simulate",
    .group = "Data",
    .summary = "simulate specimens, barcodes and embeddings",
    .operands = "",
    .description = "Draws a random taxonomy as skewed as real ones, evolves COI-like barcodes along it, and writes "
                   "an embeddings file and, if asked, a metadata CSV with BIOSCAN-5M's columns. Barcodes repeat, "
                   "differ within species, and may end in N or contain ambiguity codes. Labels at the finer ranks "
                   "may be missing.\n\n"
                   "Encoders are sim_image_1, sim_image_2, ... (from good to poor; they separate coarse ranks well "
                   "and fine ranks poorly) and sim_dna, or sim_dna_1, ... if there are several. `zsc embed kmer` on "
                   "the metadata adds encoders computed from the barcodes themselves.\n\n"
                   "With --release, a folder gets what the release of BIOSCAN-5M and its authors' encoders would give, "
                   "with all splits and at full width, so that commands for those files can be tried without a "
                   "download. Only --scale and --seed say what is in it.\n\n"
                   "The files are marked as simulated, and figures made from them say so. One seed gives the same "
                   "contents at any number of threads. Rows are written in blocks, so files may have many millions "
                   "of rows.",
    .examples = "  $ zsc simulate -o example.h5 --metadata-output example.csv --rows 5000\n"
                "  $ zsc simulate -o big.h5 --rows 5000000 --splits all --dna-dim 0\n"
                "  $ zsc simulate --release release --scale 0.01",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(simulate_arguments),
    .defaults = defaults,
    .run = run,
    .closing_line = true,
};
