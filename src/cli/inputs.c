#include "cli/inputs.h"

#include "io/formats/h5_paths.h"

zsc_status cli_inputs_resolve(const cli_inputs *inputs, zsc_h5_paths *h5_paths, zsc_columns *columns)
{
    if (columns) *columns = (zsc_columns){(const char *const *)inputs->columns.item, inputs->columns.count};
    if (!h5_paths) return ZSC_OK;
    *h5_paths = inputs->h5_paths;
    h5_paths->labels = (const char *const *)inputs->labels.item;
    h5_paths->label_count = inputs->labels.count;
    return zsc_h5_paths_check(h5_paths);
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
    return cli_inputs_resolve(&m->inputs, &out->h5_paths, &out->columns);
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
    rows->inputs.h5_paths = o->h5_paths;
    return cli_inputs_resolve(&rows->inputs, &o->h5_paths, &o->columns);
}

zsc_status cli_one_seed(const zsc_seeds *seeds, uint64_t *out)
{
    if (seeds->count > 1) return cli_usage("option --seed expects one seed, not %zu", seeds->count);
    *out = seeds->count ? seeds->item[0] : 0;
    return ZSC_OK;
}
