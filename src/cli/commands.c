#include "cli/commands.h"

const cli_command *const cli_all_commands[] = {
    /* Data */
    &cli_simulate_command,
    &cli_embed_kmer_command,
    &cli_import_command,
    &cli_info_command,
    &cli_stats_command,
    &cli_check_command,
    &cli_split_command,
    &cli_export_command,
    /* Experiments */
    &cli_select_command,
    &cli_run_command,
    &cli_sweep_command,
    &cli_sensitivity_command,
    &cli_collect_command,
    &cli_rerun_command,
    &cli_ls_command,
    &cli_rm_command,
    &cli_compare_command,
    &cli_retrieve_command,
    &cli_probe_command,
    /* Figures and tables */
    &cli_plot_command,
    &cli_table_command,
    &cli_report_command,
    &cli_atlas_command,
    &cli_paper_command,
    /* Steps on their own */
    &cli_knn_command,
    &cli_umap_command,
    &cli_trust_command,
    &cli_cluster_command,
    &cli_assign_command,
    &cli_ward_command,
    &cli_score_command,
    &cli_curve_command,
    /* About zsc */
    &cli_help_command,
    &cli_version_command,
    NULL,
};
