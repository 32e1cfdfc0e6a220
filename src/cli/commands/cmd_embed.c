/* zsc embed kmer: barcodes to vectors. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "cli/inputs.h"
#include "zsc/kmer.h"

typedef struct embed_arguments {
    cli_common common;
    const char *metadata, *split, *output;
    zsc_list k, where;
    cli_inputs inputs; /* its columns, missing values and ids only */
} embed_arguments;

static zsc_status defaults(void *data)
{
    embed_arguments *a = data;
    return zsc_list_split(&a->k, "4,5,6", ",");
}

static zsc_status parse_ks(const zsc_list *words, size_t **out)
{
    zsc_status status = ZSC_OK;
    size_t *k = NULL;
    ZSC_NEW(k, words->count);
    for (size_t i = 0; i < words->count; i++)
        if (zsc_value_count(&(zsc_value_owner){"", "", ZSC_EUSAGE}, words->item[i], 0, 0, &k[i]) != ZSC_OK) {
            status = cli_usage("option --k expects whole numbers, not '%s'", words->item[i]);
            goto done;
        }
    *out = k;
    k = NULL;
done:
    free(k);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    const embed_arguments *a = data;
    zsc_status status = ZSC_OK;
    size_t *k = NULL;
    zsc_embed_summary summary;
    zsc_columns columns;
    if (!a->metadata) return cli_usage("option --metadata is needed: the CSV that holds the barcodes");
    if (!a->output) return cli_usage("option --output is needed: the file to write");
    ZSC_TRY(parse_ks(&a->k, &k));
    ZSC_TRY(cli_inputs_resolve(&a->inputs, NULL, &columns));
    double start = zsc_clock();
    const zsc_embed_options o = {.metadata = a->metadata,
                                 .columns = &columns,
                                 .missing_values = a->inputs.missing_values,
                                 .split = a->split,
                                 .where = (const char *const *)a->where.item,
                                 .where_count = a->where.count,
                                 .ids = a->inputs.ids,
                                 .ids_in_order = a->inputs.ids_in_order,
                                 .k = k,
                                 .k_count = a->k.count};
    ZSC_TRY(zsc_embed_kmer(&o, a->output, &a->common.exec, &summary));
    if (summary.without_barcode)
        zsc_warn("%zu of %zu rows have no barcode; their vectors are zeros", summary.without_barcode, summary.rows);
    if (summary.without_window)
        zsc_warn(
            "%zu of %zu barcodes hold no window of letters A, C, G, T that is long enough; their vectors are zeros",
            summary.without_window, summary.rows);
    if (summary.not_listed) zsc_note("%zu rows were left out: they are not in the list of --ids", summary.not_listed);
    if (summary.other_split) zsc_note("%zu rows were left out, by --split or --where", summary.other_split);
    zsc_note("wrote %zu rows to '%s' (%.0f rows/s)", summary.rows, a->output,
             (double)summary.rows / (zsc_clock() - start));
done:
    free(k);
    return status;
}

static const cli_option options[] = {
    {.letter = 'm',
     .name = "metadata",
     .kind = CLI_TEXT,
     .offset = offsetof(embed_arguments, metadata),
     .arg = "FILE",
     .help = "CSV or TSV with columns processid and dna_barcode (or BOLD's nuc, nucraw); labels and split are copied "
             "if present"},
    CLI_COLUMN_OPTION(offsetof(embed_arguments, inputs.columns)),
    CLI_MISSING_VALUES_OPTION(offsetof(embed_arguments, inputs.missing_values)),
    {.letter = 'k',
     .name = "k",
     .kind = CLI_NAMES,
     .offset = offsetof(embed_arguments, k),
     .arg = "K,...",
     .help = "lengths of the words to count, 2 to 8; each becomes an encoder kmer<K>"},
    {.letter = 's',
     .name = "split",
     .kind = CLI_TEXT,
     .offset = offsetof(embed_arguments, split),
     .arg = "SPLITS",
     .help = "only rows of these splits, e.g. test+test_unseen, seen, unseen",
     .shown_default = "all"},
    CLI_WHERE_OPTION(offsetof(embed_arguments, where)),
    CLI_IDS_OPTIONS(offsetof(embed_arguments, inputs)){.letter = 'o',
                                                       .name = "output",
                                                       .kind = CLI_TEXT,
                                                       .offset = offsetof(embed_arguments, output),
                                                       .arg = "FILE",
                                                       .file = CLI_WRITES,
                                                       .help = "embeddings file to write (HDF5)"},
    CLI_FORCE_OPTION,
};

const cli_command cli_embed_kmer_command = {
    .name = "embed kmer",
    .group = "Data",
    .summary = "embed DNA barcodes by their k-mer counts",
    .operands = "",
    .description =
        "The built-in DNA encoder: counts of overlapping words of K letters A, C, G, T in upper or lower case, divided "
        "by "
        "their L2 norm. Words with any other letter are skipped. It needs no training and is a fair baseline "
        "for learned encoders.\n\n"
        "Ids, labels, splits and barcodes are copied to the output, so `zsc run` needs no other file. "
        "The metadata is read in blocks; millions of barcodes need little memory. If a row has no "
        "barcode, or its barcode has no word of K letters, its vector is zeros. A warning gives the "
        "number of such rows.",
    .examples = "  $ zsc embed kmer -m metadata.csv -k 4,5,6 -o kmer.h5\n"
                "  $ zsc run -e kmer.h5:kmer5 -o results",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(embed_arguments),
    .defaults = defaults,
    .run = run,
    .closing_line = true,
};
