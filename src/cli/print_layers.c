#include "cli/print_layers.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "experiment/store/result_layers.h"

static const char *const first_columns[] = {"min. cluster size", "persistence", "clusters", "clustered %"};
enum { FIRST_COLUMNS = sizeof first_columns / sizeof *first_columns };

static void add_layer(cli_cells *c, const zsc_result *r, size_t l)
{
    const zsc_result_layer *layer = &r->layer[l];
    cli_cells_add(c, l == zsc_result_layer_chosen(r) ? "%zu *" : "%zu", layer->min_cluster_size);
    cli_cells_add(c, "%zu", layer->persistence);
    cli_cells_add(c, "%zu", layer->clusters);
    cli_cells_add(c, "%.1f", 100 * (double)layer->clustered / (double)r->rows);
    for (size_t j = 0; j < r->scores; j++) {
        if (isnan(layer->score[j].ami))
            cli_cells_add(c, "-");
        else
            cli_cells_add(c, "%.2f", 100 * layer->score[j].ami);
    }
}

zsc_status cli_print_layers(const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const char **header = NULL;
    cli_cells c = {0};
    if (r->layers == 0) return ZSC_OK;
    ZSC_NEW(header, FIRST_COLUMNS + r->scores);
    for (size_t i = 0; i < FIRST_COLUMNS; i++) header[i] = first_columns[i];
    for (size_t j = 0; j < r->scores; j++) header[FIRST_COLUMNS + j] = r->score[j].rank;
    for (size_t l = 0; l < r->layers; l++) add_layer(&c, r, l);
    printf("\nLayers, seed %" PRIu64 ": AMI %% at each rank; * the most persistent one, whose scores stand above\n",
           r->seed);
    status = cli_cells_print(&c, header, FIRST_COLUMNS + r->scores, false);
done:
    free(header);
    return status;
}

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

json_t *cli_json_layers(const zsc_result *r)
{
    json_t *list = json_array();
    for (size_t l = 0; l < r->layers; l++) {
        const zsc_result_layer *layer = &r->layer[l];
        json_t *scores = json_array();
        for (size_t j = 0; j < r->scores; j++) {
            const zsc_layer_scores *s = &layer->score[j];
            json_array_append_new(scores, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "rank", r->score[j].rank, "ami",
                                                    real(s->ami), "ami_clustered", real(s->ami_clustered),
                                                    "ami_singletons", real(s->ami_singletons), "homogeneity",
                                                    real(s->homogeneity), "completeness", real(s->completeness)));
        }
        json_array_append_new(list, json_pack("{s:I, s:I, s:I, s:I, s:b, s:o}", "min_cluster_size",
                                              (json_int_t)layer->min_cluster_size, "persistence",
                                              (json_int_t)layer->persistence, "clusters", (json_int_t)layer->clusters,
                                              "clustered", (json_int_t)layer->clustered, "most_persistent",
                                              l == zsc_result_layer_chosen(r), "layer_scores", scores));
    }
    return list;
}
