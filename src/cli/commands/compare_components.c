#include "cli/commands/compare_components.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

char *cli_components_seeds(const zsc_components *c)
{
    zsc_text t = {0};
    if (c->least_seeds == c->most_seeds)
        zsc_text_printf(&t, c->most_seeds == 1 ? "one seed" : "%zu seeds", c->most_seeds);
    else
        zsc_text_printf(&t, "%zu to %zu seeds", c->least_seeds, c->most_seeds);
    if (c->draws > 1) zsc_text_printf(&t, " in each of %zu draws", c->draws);
    if (!t.failed) return t.data;
    free(t.data);
    return NULL;
}

static void add_values(cli_cells *table, const zsc_components *c, size_t ranks, size_t offset)
{
    for (size_t q = 0; q < ranks; q++) {
        double value = *(const double *)((const char *)&c->at[q] + offset);
        if (isnan(value))
            cli_cells_add(table, "-");
        else
            cli_cells_add(table, "%.2f", 100 * value);
    }
}

/* Seeds, draws and sample of one encoder: a line each. */
static void add_lines(cli_cells *table, const zsc_compare_group *g, const zsc_components *c)
{
    char *seeds = cli_components_seeds(c);
    bool together = c->draws > 1 && c->most_seeds == 1;
    cli_cells_add(table, "%s", g->encoder[c->encoder]);
    cli_cells_add(table, "seed");
    cli_cells_add(table, "%s", seeds ? seeds : "");
    add_values(table, c, g->ranks, offsetof(zsc_components_at, seed));
    if (c->drawn) {
        cli_cells_add(table, "%s", "");
        cli_cells_add(table, together ? "draw and seed" : "barcode draw");
        cli_cells_add(table, c->draws == 1 ? "one draw" : "%zu draws", c->draws);
        add_values(table, c, g->ranks,
                   together ? offsetof(zsc_components_at, seed_and_draw) : offsetof(zsc_components_at, draw));
    }
    cli_cells_add(table, "%s", "");
    cli_cells_add(table, g->reclustered ? "sample, clustered anew" : "sample, clusters fixed");
    cli_cells_add(table, "%zu %s", g->units, g->unit_words);
    add_values(table, c, g->ranks, offsetof(zsc_components_at, sample));
    free(seeds);
}

static zsc_status print_group(const zsc_comparison *comparison, size_t i)
{
    zsc_status status = ZSC_OK;
    const zsc_compare_group *g = &comparison->group[i];
    const char **header = NULL;
    cli_cells table = {0};
    bool any = false, one = false;
    for (size_t k = 0; k < comparison->component_count; k++) any |= comparison->components[k].group == i;
    if (!any) return ZSC_OK; /* its encoders are those of another draw */
    ZSC_NEW(header, g->ranks + 3);
    header[0] = "encoder";
    header[1] = "component";
    header[2] = "of";
    for (size_t q = 0; q < g->ranks; q++) header[3 + q] = g->rank[q];
    printf(
        "\nComponents of variance, %s: standard deviations of AMI %% (seed, draw: of one run; sample: of the mean)\n",
        g->subset);
    for (size_t k = 0; k < comparison->component_count; k++) {
        const zsc_components *c = &comparison->components[k];
        if (c->group != i) continue;
        add_lines(&table, g, c);
        one |= c->most_seeds == 1;
    }
    status = cli_cells_print(&table, header, g->ranks + 3, false);
    if (status == ZSC_OK && one)
        puts("one seed says nothing of the variance of seeds: more of them need runs of other seeds (zsc run --seed "
             "0-4)");
done:
    free(header);
    return status;
}

zsc_status cli_print_components(const zsc_comparison *comparison)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < comparison->groups && status == ZSC_OK; i++) status = print_group(comparison, i);
    return status;
}

/* --- JSON */
static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

json_t *cli_json_components(const zsc_comparison *comparison)
{
    json_t *out = json_array();
    for (size_t k = 0; k < comparison->component_count; k++) {
        const zsc_components *c = &comparison->components[k];
        const zsc_compare_group *g = &comparison->group[c->group];
        json_t *ranks = json_array();
        for (size_t q = 0; q < g->ranks; q++)
            json_array_append_new(ranks,
                                  json_pack("{s:s, s:o, s:o, s:o, s:o}", "rank", g->rank[q], "seed_sd",
                                            real(c->at[q].seed), "draw_sd", real(c->at[q].draw), "seed_and_draw_sd",
                                            real(c->at[q].seed_and_draw), "sample_sd", real(c->at[q].sample)));
        json_array_append_new(out, json_pack("{s:s, s:s, s:I, s:[I, I], s:o}", "encoder", g->encoder[c->encoder],
                                             "subset", g->subset, "draws", (json_int_t)c->draws, "seeds_per_draw",
                                             (json_int_t)c->least_seeds, (json_int_t)c->most_seeds, "ranks", ranks));
    }
    return out;
}
