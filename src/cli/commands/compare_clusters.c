#include "cli/commands/compare_clusters.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands/compare_cells.h"
#include "report/figures/series.h"

/* What not all runs have. */
typedef double (*measure)(const zsc_compared_clusters *);
static double silhouette(const zsc_compared_clusters *c) { return c->silhouette; }
static double subsamples(const zsc_compared_clusters *c) { return c->subsamples; }
static double seeds(const zsc_compared_clusters *c) { return c->seeds; }
static const struct {
    const char *title;
    measure of;
} optional[] = {{"silhouette", silhouette}, {"stability, subsamples", subsamples}, {"stability, seeds", seeds}};
enum { OPTIONAL = sizeof optional / sizeof *optional, FIXED = 5 };

static bool any_has(const zsc_compare_group *g, measure of)
{
    for (size_t e = 0; g->clusters && e < g->encoders; e++)
        if (!isnan(of(&g->clusters[e]))) return true;
    return false;
}

bool cli_has_compared_clusters(const zsc_compare_group *g)
{
    for (size_t e = 0; g->clusters && e < g->encoders; e++)
        if (g->clusters[e].found) return true;
    for (size_t i = 0; i < OPTIONAL; i++)
        if (any_has(g, optional[i].of)) return true;
    return false;
}

static void print_classes(const zsc_compare_group *g)
{
    const char *before = "; classes:";
    for (size_t q = 0; q < g->ranks; q++) {
        if (!g->classes[q]) continue;
        printf("%s %s %zu", before, zsc_rank_word(g->rank[q]), g->classes[q]);
        before = ",";
    }
    putchar('\n');
}

zsc_status cli_print_compared_clusters(const zsc_compare_group *g)
{
    const char *header[FIXED + OPTIONAL] = {"encoder", "clusters", "sd", "number", "clustered %"};
    size_t columns = FIXED;
    cli_cells c = {0};
    if (!cli_has_compared_clusters(g)) return ZSC_OK;
    printf("\nClusters: mean over seeds");
    print_classes(g);
    for (size_t i = 0; i < OPTIONAL; i++)
        if (any_has(g, optional[i].of)) header[columns++] = optional[i].title;
    for (size_t e = 0; e < g->encoders; e++) {
        const zsc_compared_clusters *k = &g->clusters[e];
        cli_cells_add(&c, "%s", g->encoder[e]);
        cli_cells_add(&c, k->count == rint(k->count) ? "%.0f" : "%.1f", k->count);
        cli_cells_real(&c, k->count_sd, false, 1);
        cli_cells_add(&c, "%s", k->found ? "found" : "given");
        cli_cells_real(&c, 100 * k->clustered, false, 2);
        for (size_t i = 0; i < OPTIONAL; i++)
            if (any_has(g, optional[i].of)) cli_cells_real(&c, optional[i].of(k), false, 3);
    }
    return cli_cells_print(&c, header, columns, false);
}

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

json_t *cli_json_compared_clusters(const zsc_compare_group *g)
{
    json_t *all = json_array();
    for (size_t e = 0; e < g->encoders; e++) {
        const zsc_compared_clusters *k = &g->clusters[e];
        json_array_append_new(all, json_pack("{s:s, s:I, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "encoder",
                                             g->encoder[e], "runs", (json_int_t)k->runs, "found", k->found, "count",
                                             real(k->count), "count_sd", real(k->count_sd), "clustered",
                                             real(k->clustered), "silhouette", real(k->silhouette), "silhouette_sd",
                                             real(k->silhouette_sd), "stability_subsamples", real(k->subsamples),
                                             "stability_seeds", real(k->seeds)));
    }
    return all;
}
