/* Options by which `zsc retrieve` and `zsc probe` choose keys and queries, and files of classes that both write. */
#ifndef ZSC_CLI_QUERY_OPTIONS_H
#define ZSC_CLI_QUERY_OPTIONS_H

#include "cli/commands/retrieve_output.h"
#include "cli/inputs.h"
#include "experiment/store/retrieval_record.h"
#include "experiment/store/run_index.h"

typedef struct cli_queries {
    zsc_list embeddings, queries, query_split, ranks, where;
    cli_inputs inputs;
    const char *metadata, *key_split, *store, *detail[CLI_RETRIEVAL_DETAILS];
    int barcodes, known;
    zsc_run_identity identity; /* of the result in the store */
} cli_queries;

/* *out: keys, queries, splits, and what becomes of known queries; the texts and lists are QUERIES'. ZSC_EUSAGE: no
 * keys, or splits that cannot be columns. */
zsc_status cli_queries_resolve(const cli_queries *queries, zsc_retrieve_options *out);
/* What zsc_retrieve finds, or what is in the store (unless FORCE), which is noted. *out is set on success only. */
zsc_status cli_queries_answer(cli_queries *queries, const zsc_retrieve_options *options, const zsc_exec *exec,
                              bool force, zsc_retrieve_result *out);
/* Keeps what was found in the store, if there is one, where a sweep finds it too. */
zsc_status cli_queries_keep(const cli_queries *queries, const zsc_retrieve_options *options,
                            const zsc_retrieve_result *found);
/* Notes of queries that are among the keys. */
void cli_queries_report(const cli_queries *queries, const zsc_retrieve_result *result);
/* The files of classes that were asked for. */
zsc_status cli_queries_write_details(const cli_queries *queries, const zsc_retrieve_result *result,
                                     const zsc_retrieve_options *options);

/* Entries of a table of options; AT: the offset of the cli_queries in the command's struct. */
#define CLI_QUERIES_AT(at_, field_) ((at_) + offsetof(cli_queries, field_))
#define CLI_QUERY_SPLIT_OPTIONS(at_)                                                                                   \
    CLI_EMBEDDINGS_OPTION(CLI_QUERIES_AT(at_, embeddings), " of the keys", ""),                                        \
        {.name = "queries",                                                                                            \
         .kind = CLI_REPEAT,                                                                                           \
         .offset = CLI_QUERIES_AT(at_, queries),                                                                       \
         .arg = "FILE[:ENCODER]",                                                                                      \
         .help = "embeddings of the queries, in the same space; concatenated as the keys are",                         \
         .shown_default = "those of the keys"},                                                                        \
        {.letter = 'm',                                                                                                \
         .name = "metadata",                                                                                           \
         .kind = CLI_TEXT,                                                                                             \
         .offset = CLI_QUERIES_AT(at_, metadata),                                                                      \
         .arg = "FILE",                                                                                                \
         .help = "CSV or TSV with ids, splits and taxonomy of keys and queries",                                       \
         .shown_default = "labels of the embeddings files"},                                                           \
        {.name = "key-split",                                                                                          \
         .kind = CLI_TEXT,                                                                                             \
         .offset = CLI_QUERIES_AT(at_, key_split),                                                                     \
         .arg = "SPLITS",                                                                                              \
         .help = "splits of the keys, joined with +, e.g. train+key_unseen; seen, unseen and all are groups",          \
         .shown_default = "all"},                                                                                      \
    {                                                                                                                  \
        .name = "query-split", .kind = CLI_NAMES, .offset = CLI_QUERIES_AT(at_, query_split), .arg = "SPLITS,...",     \
        .help = "splits of the queries, e.g. test,test_unseen; each is scored on its own, a + joins splits",           \
        .shown_default = "all, as one"                                                                                 \
    }
#define CLI_QUERY_RANK_OPTIONS(at_)                                                                                    \
    {.name = "ranks",                                                                                                  \
     .kind = CLI_NAMES,                                                                                                \
     .offset = CLI_QUERIES_AT(at_, ranks),                                                                             \
     .arg = "RANK,...",                                                                                                \
     .help = "ranks to score",                                                                                         \
     .shown_default = "all that keys and queries have"},                                                               \
    {                                                                                                                  \
        .name = "one-per-barcode", .kind = CLI_OPTIONAL_CHOICE, .offset = CLI_QUERIES_AT(at_, barcodes),               \
        .arg = "SIDE", .help = "keep the first row of each DNA barcode: of keys and of queries, or of one of them",    \
        .choices = ZSC_BARCODE_SIDES                                                                                   \
    }
#define CLI_QUERY_ROW_OPTIONS(at_)                                                                                     \
    CLI_WHERE_OPTION(CLI_QUERIES_AT(at_, where)), CLI_IDS_OPTION(CLI_QUERIES_AT(at_, inputs.ids)),                     \
        CLI_MISSING_VALUES_OPTION(CLI_QUERIES_AT(at_, inputs.missing_values)),                                         \
        CLI_COLUMN_OPTION(CLI_QUERIES_AT(at_, inputs.columns))
#define CLI_QUERY_STORE_OPTION(at_, unless_)                                                                           \
    {                                                                                                                  \
        .name = "store", .kind = CLI_TEXT, .offset = CLI_QUERIES_AT(at_, store), .arg = "DIR",                         \
        .file = CLI_WRITES_FOLDER,                                                                                     \
        .help = "keep a result in this folder, as zsc run -o does; one that is there is not computed again" unless_,   \
        .shown_default = "none"                                                                                        \
    }
#define CLI_QUERY_FORCE_OPTION(at_)                                                                                    \
    {                                                                                                                  \
        .name = "force", .kind = CLI_FLAG, .offset = at_,                                                              \
        .help =                                                                                                        \
            "replace an output file that zsc did not write; compute a result again that is in the folder of --store"   \
    }
#define CLI_QUERY_DETAIL_OPTION(at_, name_, which_, help_)                                                             \
    {                                                                                                                  \
        .name = name_, .kind = CLI_TEXT, .offset = CLI_QUERIES_AT(at_, detail[which_]), .arg = "FILE",                 \
        .file = CLI_WRITES, .help = help_, .shown_default = "none"                                                     \
    }
#define CLI_QUERY_DETAIL_OPTIONS(at_)                                                                                  \
    CLI_QUERY_DETAIL_OPTION(                                                                                           \
        at_, "per-class", CLI_RETRIEVAL_CLASSES,                                                                       \
        "write the recall of each class, with its numbers of keys and queries; CSV, or JSON by the ending"),           \
        CLI_QUERY_DETAIL_OPTION(at_, "confusions", CLI_RETRIEVAL_CONFUSIONS,                                           \
                                "write what is taken for what, and how often; likewise"),                              \
        CLI_QUERY_DETAIL_OPTION(                                                                                       \
            at_, "by-keys", CLI_RETRIEVAL_BY_KEYS,                                                                     \
            "write accuracy by the number of keys of a class: none, 1, 2 to 3, 4 to 7, ...; likewise")

#endif
