/* Results on stdout: the table, the CSV and the JSON object that run and sweep print
 * (print_results.c), and the list that ls and info print (cmd_ls.c). */
#ifndef ZSC_CLI_PRINT_RESULTS_H
#define ZSC_CLI_PRINT_RESULTS_H

#include <jansson.h>

#include "cli/cli.h"
#include "zsc/experiment.h"

/* Prints ROOT and releases it. ZSC_EINTERNAL: memory ran out (also where ROOT is NULL), or a text is not UTF-8. */
zsc_status cli_print_json(json_t *root);

/* One table for results that differ in their seed alone; otherwise a row per result and rank. */
zsc_status cli_print_results(const zsc_result_list *results, cli_format format);

/* One line per result. */
zsc_status cli_print_list(const zsc_result_list *results, cli_format format);

#endif
