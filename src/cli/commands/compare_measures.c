#include "cli/commands/compare_measures.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "experiment/series/measures.h"
#include "experiment/series/results_table_filter.h"
#include "experiment/series/results_table_read.h"
#include "cli/print_results.h"
#include "zsc/zsc.h"

static const char *const names[ZSC_MEASURES] = {
    "ami", "accuracy", "silhouette", "silhouette_original", "stability_subsamples", "stability_seeds"};

/* What the lines below the table call them. */
static const char *const titles[ZSC_MEASURES] = {"AMI",
                                                 "1-NN accuracy",
                                                 "silhouette",
                                                 "silhouette before reduction",
                                                 "stability between subsamples",
                                                 "stability between seeds"};

static zsc_status print_cells(const zsc_measures *m, const char *rank, bool csv)
{
    static const char *const heads[ZSC_MEASURES] = {
        "AMI %", "1-NN %", "silhouette", "before reduction", "between subsamples %", "between seeds %"};
    static const bool per_cent[ZSC_MEASURES] = {[ZSC_MEASURE_AMI] = true,
                                                [ZSC_MEASURE_ACCURACY] = true,
                                                [ZSC_MEASURE_STABILITY] = true,
                                                [ZSC_MEASURE_STABILITY_SEEDS] = true};
    const char *header[2 + ZSC_MEASURES] = {"encoder", "runs"};
    bool shown[ZSC_MEASURES];
    size_t columns = 2;
    for (int k = 0; k < ZSC_MEASURES; k++) {
        shown[k] = csv || k <= ZSC_MEASURE_SILHOUETTE || m->with[k].encoders; /* few runs have the others */
        if (shown[k]) header[columns++] = csv ? names[k] : heads[k];
    }
    cli_cells c = {0};
    for (size_t i = 0; i < m->count; i++) {
        const zsc_measured_encoder *e = &m->item[i];
        cli_cells_add(&c, "%s", e->encoder);
        cli_cells_add(&c, "%zu", e->runs);
        for (int k = 0; k < ZSC_MEASURES; k++)
            if (shown[k]) cli_cells_real(&c, (per_cent[k] && !csv ? 100 : 1) * e->value[k], csv, per_cent[k] ? 2 : 3);
    }
    if (!csv) printf("%s%s\n", rank, m->simulated ? " (simulated data)" : "");
    zsc_status status = cli_cells_print(&c, header, columns, csv);
    for (int k = ZSC_MEASURE_ACCURACY; k < ZSC_MEASURES && !csv && status == ZSC_OK; k++) {
        if (!shown[k]) continue;
        printf("%sSpearman of AMI and %s: ", k == ZSC_MEASURE_ACCURACY ? "\n" : "", titles[k]);
        if (isnan(m->with[k].spearman))
            printf("- (%zu encoders have both; expected 3 or more that differ)\n", m->with[k].encoders);
        else
            printf("%.3f (%zu encoders)\n", m->with[k].spearman, m->with[k].encoders);
    }
    return status;
}

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static zsc_status print_json(const zsc_measures *m, const char *rank)
{
    json_t *encoders = json_array(), *agreement = json_object();
    for (size_t i = 0; i < m->count; i++) {
        json_t *item = json_pack("{s:s, s:I}", "encoder", m->item[i].encoder, "runs", (json_int_t)m->item[i].runs);
        for (int k = 0; k < ZSC_MEASURES; k++) json_object_set_new(item, names[k], real(m->item[i].value[k]));
        json_array_append_new(encoders, item);
    }
    for (int k = ZSC_MEASURE_ACCURACY; k < ZSC_MEASURES; k++)
        json_object_set_new(agreement, names[k],
                            json_pack("{s:I, s:o}", "encoders", (json_int_t)m->with[k].encoders, "spearman",
                                      real(m->with[k].spearman)));
    json_t *root = json_pack("{s:s, s:s, s:b, s:o, s:o}", "zsc", zsc_version(), "rank", rank, "simulated", m->simulated,
                             "encoders", encoders, "ami_with", agreement);
    return cli_print_json(root);
}

zsc_status cli_compare_measures(char *const *paths, int count, const zsc_list *where, const char *rank,
                                cli_format format)
{
    zsc_status status = ZSC_OK;
    zsc_results_table rows = {0};
    zsc_retrieval_file *files = NULL;
    zsc_measures m = {0};
    const zsc_list all = {0};
    size_t n = 0;
    if (!rank) rank = "species";
    ZSC_TRY(zsc_results_table_read((const char *const *)paths, (size_t)count, &rows));
    ZSC_TRY(zsc_results_table_filter(&rows, where, &all, 0));
    ZSC_TRY(zsc_retrieval_files_find((const char *const *)paths, (size_t)count, ZSC_RESULTS_OF_RETRIEVAL, &files, &n));
    ZSC_TRY(zsc_measures_make(&rows, files, n, rank, &m));
    status = format == CLI_JSON ? print_json(&m, rank) : print_cells(&m, rank, format == CLI_CSV);
done:
    zsc_measures_free(&m);
    zsc_retrieval_files_free(files, n);
    zsc_results_table_free(&rows);
    return status;
}
