/* The commands, in the order of `zsc help`. */
#include "cli/cli.h"

extern const cli_command cli_simulate_command, cli_embed_kmer_command;
extern const cli_command cli_umap_command, cli_ward_command;
extern const cli_command cli_score_command, cli_curve_command;
extern const cli_command cli_info_command, cli_import_command, cli_export_command;
extern const cli_command cli_knn_command, cli_trust_command;
extern const cli_command cli_run_command, cli_sweep_command;
extern const cli_command cli_collect_command, cli_compare_command, cli_plot_command, cli_report_command, cli_table_command;
extern const cli_command cli_help_command, cli_version_command;

const cli_command *const cli_commands[] = {
    &cli_simulate_command,
    &cli_embed_kmer_command,
    &cli_import_command,
    &cli_info_command,
    &cli_knn_command,
    &cli_umap_command,
    &cli_trust_command,
    &cli_ward_command,
    &cli_export_command,
    &cli_score_command,
    &cli_curve_command,
    &cli_run_command,
    &cli_sweep_command,
    &cli_collect_command,
    &cli_compare_command,
    &cli_plot_command,
    &cli_table_command,
    &cli_report_command,
    &cli_help_command,
    &cli_version_command,
    NULL,
};
