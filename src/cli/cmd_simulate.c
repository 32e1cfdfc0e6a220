/* zsc simulate: an example that needs no download. */
#include <string.h>

#include "base/log.h"
#include "cli/cli.h"
#include "zsc/dataset.h"

typedef struct simulate_arguments {
    cli_common common;
    zsc_simulate_options options;
    cli_seeds seed;
    const char *output, *metadata;
    int splits;
} simulate_arguments;

static void defaults(void *data)
{
    simulate_arguments *a = data;
    a->options = zsc_simulate_defaults();
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    simulate_arguments *a = data;
    if (!a->output) return cli_usage("option --output is needed: the file to write");
    if (a->metadata && strcmp(a->metadata, a->output) == 0) return cli_usage("--output and --metadata name the same file");
    if (a->seed.count > 1) return cli_usage("option --seed expects one seed, not %zu", a->seed.count);
    if (a->seed.count) a->options.seed = a->seed.item[0];
    a->options.all_splits = a->splits == 1;
    zsc_status status = zsc_simulate_check(&a->options);
    if (status == ZSC_OK) status = zsc_simulate(&a->options, a->output, a->metadata, &a->common.exec);
    if (status == ZSC_OK) {
        const size_t *t = a->options.taxa;
        zsc_note("wrote %zu simulated rows to '%s'%s%s%s: %zu classes, %zu orders, %zu families, %zu subfamilies, %zu genera, "
                 "%zu species", a->options.rows, a->output, a->metadata ? " and '" : "", a->metadata ? a->metadata : "",
                 a->metadata ? "'" : "", t[0], t[1], t[2], t[3], t[4], t[5]);
    }
    return status;
}

#define FIELD(member) offsetof(simulate_arguments, options.member)
#define TAXA(i, plural)                                                                                                \
    {                                                                                                                  \
        .name = plural, .kind = CLI_COUNT, .offset = FIELD(taxa) + (i) * sizeof(size_t), .arg = "N",                   \
        .help = "number of " plural, .minimum = 1, .maximum = 1e9, .shown_default = "scaled from BIOSCAN-5M by the rows"  \
    }
static const cli_option options[] = {
    {.letter = 'o', .name = "output", .kind = CLI_TEXT, .offset = offsetof(simulate_arguments, output), .arg = "FILE",
     .help = "embeddings file to write (HDF5)"},
    {.letter = 'm', .name = "metadata", .kind = CLI_TEXT, .offset = offsetof(simulate_arguments, metadata), .arg = "FILE",
     .help = "metadata with barcodes to write too (CSV, BIOSCAN-5M's columns)", .shown_default = "none"},
    {.letter = 'n', .name = "rows", .kind = CLI_COUNT, .offset = FIELD(rows), .arg = "N", .help = "number of specimens",
     .minimum = 1, .maximum = 1e9},
    {.name = "seed", .kind = CLI_SEEDS, .offset = offsetof(simulate_arguments, seed), .arg = "SEED",
     .help = "of all random choices", .shown_default = "0"},
    TAXA(0, "classes"), TAXA(1, "orders"), TAXA(2, "families"), TAXA(3, "subfamilies"), TAXA(4, "genera"), TAXA(5, "species"),
    {.name = "barcode-length", .kind = CLI_COUNT, .offset = FIELD(barcode_length), .arg = "N", .help = "letters of a barcode",
     .minimum = 60, .maximum = 100000},
    {.name = "rows-per-barcode", .kind = CLI_REAL, .offset = FIELD(rows_per_barcode), .arg = "X",
     .help = "mean number of specimens that share a barcode", .minimum = 1, .maximum = 1e6},
    {.name = "splits", .kind = CLI_CHOICE, .offset = offsetof(simulate_arguments, splits), .arg = "WHICH",
     .help = "test and test_unseen alone, or all eight of BIOSCAN-5M in its proportions", .choices = "test|all"},
    {.name = "unseen-species", .kind = CLI_REAL, .offset = FIELD(unseen_species), .arg = "SHARE",
     .help = "share of the species that are unseen", .minimum = 0, .maximum = 1},
    {.name = "missing-species", .kind = CLI_REAL, .offset = FIELD(missing_species), .arg = "SHARE",
     .help = "share of the rows without a species label; coarser ranks have fewer", .minimum = 0, .maximum = 1},
    {.name = "image-encoders", .kind = CLI_COUNT, .offset = FIELD(image_encoders), .arg = "N",
     .help = "number of image encoders, from good to poor", .maximum = 64},
    {.name = "dna-encoders", .kind = CLI_COUNT, .offset = FIELD(dna_encoders), .arg = "N",
     .help = "number of DNA encoders, from good to poor", .maximum = 64},
    {.name = "image-dim", .kind = CLI_COUNT, .offset = FIELD(image_dim), .arg = "N",
     .help = "dimension of image encoders; 0 leaves them out", .maximum = 65536},
    {.name = "dna-dim", .kind = CLI_COUNT, .offset = FIELD(dna_dim), .arg = "N",
     .help = "dimension of DNA encoders; 0 leaves them out", .maximum = 65536},
};

const cli_command cli_simulate_command = {
    .name = "simulate", .group = "Data", .summary = "make up specimens, barcodes and embeddings", .operands = "",
    .description =
        "Draws a random taxonomy with the skew of real ones, evolves COI-like barcodes along it, and writes an embeddings "
        "file and, if asked, a metadata CSV in the columns of BIOSCAN-5M. Barcodes repeat, differ within species, and may "
        "end in N or hold ambiguity codes; labels at the finer ranks may be missing.\n\n"
        "Encoders: sim_image_1, sim_image_2, ... (good to poor; coarse ranks are plain, fine ones faint) and sim_dna, or "
        "sim_dna_1, ... where several are asked for. `zsc embed kmer` on the metadata gives further ones, computed from the barcodes themselves.\n\n"
        "The files say that they are simulated, and figures made from them say so too. One seed gives the same contents "
        "at any number of threads. Any size up to many millions of rows can be made: rows are written in blocks.",
    .examples = "$ zsc simulate -o example.h5 -m example.csv --rows 5000\n"
                "$ zsc simulate -o big.h5 --rows 5000000 --splits all --dna-dim 0",
    .options = options, .option_count = sizeof options / sizeof *options, .size = sizeof(simulate_arguments),
    .defaults = defaults, .run = run, .closing_line = true,
};
