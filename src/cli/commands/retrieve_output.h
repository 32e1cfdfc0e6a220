/* What `zsc retrieve` and `zsc probe` print. */
#ifndef ZSC_CLI_RETRIEVE_OUTPUT_H
#define ZSC_CLI_RETRIEVE_OUTPUT_H

#include "cli/cli.h"
#include "experiment/pipeline/retrieve.h"

enum { CLI_MOST_COLUMNS = 64 }; /* of queries */

zsc_status cli_print_retrieval(const zsc_retrieve_result *result, const zsc_retrieve_options *options,
                               cli_format format);
zsc_status cli_print_probe(const zsc_retrieve_result *result, const zsc_retrieve_options *options, cli_format format);

/* Class by class, a file: JSON where PATH ends so, else CSV. */
typedef enum cli_retrieval_detail {
    CLI_RETRIEVAL_CLASSES,    /* recall of each class */
    CLI_RETRIEVAL_CONFUSIONS, /* what is taken for what */
    CLI_RETRIEVAL_BY_KEYS,    /* accuracy by the number of keys of a class */
    CLI_RETRIEVAL_DETAILS
} cli_retrieval_detail;
zsc_status cli_write_retrieval_details(const zsc_retrieve_result *result, const zsc_retrieve_options *options,
                                       cli_retrieval_detail which, const char *path);

/* The examples with their nearest keys: in the form of the table, or into PATH: JSON where it ends so, else CSV. */
zsc_status cli_write_retrieval_examples(const zsc_retrieve_result *result, const zsc_retrieve_options *options,
                                        const char *path);

#endif
