#include "cli/inputs.h"

#include "io/file_layout.h"

zsc_status cli_inputs_resolve(const cli_inputs *inputs, zsc_file_layout *file_layout, zsc_columns *columns)
{
    if (columns) *columns = (zsc_columns){(const char *const *)inputs->columns.item, inputs->columns.count};
    if (!file_layout) return ZSC_OK;
    *file_layout = inputs->file_layout;
    file_layout->labels = (const char *const *)inputs->labels.item;
    file_layout->label_count = inputs->labels.count;
    return zsc_file_layout_check(file_layout);
}

static zsc_status check_any(const zsc_list *embeddings)
{
    return embeddings->count ? ZSC_OK : cli_usage("no embeddings: option --embeddings is needed (-e FILE[:ENCODER])");
}

zsc_status cli_matrix_options(const cli_matrix *m, zsc_dataset_options *out)
{
    zsc_status status = check_any(&m->embeddings);
    if (status != ZSC_OK) return status;
    *out = zsc_dataset_defaults();
    out->embeddings = (const char *const *)m->embeddings.item;
    out->embedding_count = m->embeddings.count;
    out->metadata = m->metadata;
    out->split = m->split;
    out->missing_values = m->inputs.missing_values;
    out->scale = (zsc_scale)m->scale;
    out->where = (const char *const *)m->where.item;
    out->where_count = m->where.count;
    out->ids = m->inputs.ids;
    out->ids_in_order = m->inputs.ids_in_order;
    return cli_inputs_resolve(&m->inputs, &out->file_layout, &out->columns);
}

zsc_status cli_rows_resolve(cli_rows *rows, zsc_dataset_options *o)
{
    zsc_status status = check_any(&rows->embeddings);
    if (status != ZSC_OK) return status;
    o->embeddings = (const char *const *)rows->embeddings.item;
    o->embedding_count = rows->embeddings.count;
    o->where = (const char *const *)rows->where.item;
    o->where_count = rows->where.count;
    o->ranks = rows->ranks.count ? (const char *const *)rows->ranks.item : NULL;
    o->rank_count = rows->ranks.count;
    rows->inputs.file_layout = o->file_layout;
    return cli_inputs_resolve(&rows->inputs, &o->file_layout, &o->columns);
}

zsc_status cli_one_seed(const zsc_seeds *seeds, uint64_t *out)
{
    if (seeds->count > 1) return cli_usage("option --seed expects one seed, not %zu", seeds->count);
    *out = seeds->count ? seeds->item[0] : 0;
    return ZSC_OK;
}
