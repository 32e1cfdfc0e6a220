#include "report/tables/table_layers.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "experiment/store/result_layers.h"
#include "experiment/store/result_parts.h"

/* Columns: names, ranks, then these. */
enum { CLUSTERS, CLUSTERED, SIZE, PERSISTENCE, FOUND };
static const char *const found_titles[FOUND] = {
    [CLUSTERS] = "Clusters", [CLUSTERED] = "Clustered %", [SIZE] = "Min. cluster size", [PERSISTENCE] = "Persistence"};

zsc_status zsc_layers_expect(const zsc_result *r)
{
    if (r->layers) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s' has no layers: zsc run makes them with --clusterer layers", r->path);
}

/* What the lines are of. */
typedef struct layer_lines {
    const zsc_result_list *results;
    const char *const *rank;
    size_t ranks, names;
    int decimals;
} layer_lines;

static void set_count(const zsc_table *t, size_t row, size_t column, double value, int decimals)
{
    zsc_cell *cell = zsc_table_at(t, row, column);
    cell->value = value;
    cell->decimals = decimals;
}

static void set_layer(const layer_lines *l, const zsc_table *t, size_t row, const zsc_result *r, size_t layer)
{
    const zsc_result_layer *from = &r->layer[layer];
    const size_t found = l->names + l->ranks;
    for (size_t j = 0; j < l->ranks; j++) {
        size_t rank = zsc_result_rank(r, l->rank[j]);
        zsc_cell *cell = zsc_table_at(t, row, l->names + j);
        cell->decimals = l->decimals;
        if (rank == r->scores) continue;
        cell->value = 100 * from->score[rank].ami;
        cell->undefined = from->score[rank].ami != from->score[rank].ami;
    }
    set_count(t, row, found + CLUSTERS, (double)from->clusters, 0);
    set_count(t, row, found + CLUSTERED, 100 * (double)from->clustered / (double)r->rows, 1);
    set_count(t, row, found + SIZE, (double)from->min_cluster_size, 0);
    set_count(t, row, found + PERSISTENCE, (double)from->persistence, 0);
    if (layer == zsc_result_layer_chosen(r)) zsc_table_at(t, row, found + PERSISTENCE)->mark = ZSC_MARK_BEST;
}

/* The best layer of each rank, within a result of several layers. */
static zsc_status mark(const layer_lines *l, const zsc_table *t, size_t first, size_t count)
{
    zsc_status status = ZSC_OK;
    zsc_cell **cells = NULL;
    if (count < 2) return ZSC_OK;
    ZSC_NEW(cells, count);
    for (size_t j = 0; j < l->ranks; j++) {
        for (size_t i = 0; i < count; i++) cells[i] = zsc_table_at(t, first + i, l->names + j);
        zsc_table_mark(cells, count);
    }
done:
    free(cells);
    return status;
}

static zsc_status set_result(const layer_lines *l, zsc_table *t, size_t first, const zsc_result *r,
                             const zsc_styles *styles)
{
    zsc_status status = ZSC_OK;
    char number[32];
    char *label = zsc_result_label(r, styles), *name = label ? zsc_asprintf("%s, seed %" PRIu64, label, r->seed) : NULL;
    if (!name) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    t->group_start[first] = true;
    for (size_t i = 0; i < r->layers; i++) {
        if (l->names > 1) ZSC_TRY(zsc_table_set_text(t, first + i, 0, name));
        snprintf(number, sizeof number, "%zu", i + 1);
        ZSC_TRY(zsc_table_set_text(t, first + i, l->names - 1, number));
        set_layer(l, t, first + i, r, i);
    }
    status = mark(l, t, first, r->layers);
done:
    free(label);
    free(name);
    return status;
}

static zsc_status set_header(const layer_lines *l, zsc_table *t)
{
    zsc_status status = ZSC_OK;
    if (l->names > 1) ZSC_TRY(zsc_table_set_header(t, 0, "Encoder"));
    ZSC_TRY(zsc_table_set_header(t, l->names - 1, "Layer"));
    for (size_t j = 0; j < l->ranks; j++) {
        char *title = zsc_rank_title(l->rank[j]);
        status = title ? zsc_table_set_header(t, l->names + j, title) : ZSC_EINTERNAL;
        free(title);
        if (status != ZSC_OK) goto done;
    }
    for (size_t k = 0; k < FOUND; k++) ZSC_TRY(zsc_table_set_header(t, l->names + l->ranks + k, found_titles[k]));
done:
    return status;
}

static char *caption_of(const layer_lines *l)
{
    bool simulated = false;
    for (size_t i = 0; i < l->results->count; i++) simulated |= l->results->item[i].simulated;
    return zsc_asprintf(
        "AMI (%%) of layers and taxa by rank%s. Layers are clusterings from fine to coarse, found without "
        "labels; noise counts as one cluster. The most persistent layer is the clustering of the run.",
        simulated ? "; simulated data" : "");
}

zsc_status zsc_table_layers(const zsc_result_list *results, const char *const *rank, size_t count,
                            const zsc_styles *styles, const zsc_table_options *o, zsc_table *out)
{
    zsc_status status = ZSC_OK;
    zsc_table t = {0};
    layer_lines l = {.results = results, .rank = rank, .ranks = count, .names = 1, .decimals = o->decimals};
    size_t rows = 0, with_layers = 0;
    for (size_t i = 0; i < results->count; i++) {
        rows += results->item[i].layers;
        with_layers += results->item[i].layers > 0;
    }
    if (with_layers == 0) return zsc_layers_expect(&results->item[0]);
    l.names += with_layers > 1;
    ZSC_TRY(zsc_table_make(rows, l.names + count + FOUND, l.names, &t));
    t.unit = "AMI %";
    t.of_unit = count;
    ZSC_TRY(set_header(&l, &t));
    for (size_t i = 0, row = 0; i < results->count; row += results->item[i++].layers)
        if (results->item[i].layers) ZSC_TRY(set_result(&l, &t, row, &results->item[i], styles));
    if (!(t.caption = o->caption ? zsc_strdup(o->caption) : caption_of(&l))) status = ZSC_EINTERNAL;
done:
    if (status == ZSC_OK)
        *out = t;
    else
        zsc_table_free(&t);
    return status;
}
