/* What `zsc retrieve` prints. */
#ifndef ZSC_CLI_RETRIEVE_OUTPUT_H
#define ZSC_CLI_RETRIEVE_OUTPUT_H

#include "cli/cli.h"
#include "experiment/pipeline/retrieve.h"

enum { CLI_MOST_COLUMNS = 64 }; /* of queries */
#define CLI_BARCODE_SIDES "none|both|keys|queries"
#define CLI_KNOWN_QUERIES "drop|others|keep" /* zsc_known_queries */

zsc_status cli_print_retrieval(const zsc_retrieve_result *result, const zsc_retrieve_options *options, int barcodes,
                               cli_format format);

#endif
