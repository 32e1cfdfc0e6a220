/* A layout of zsc umap that was written with --keep-model: its rows, coordinates and parameters. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "cli/commands/umap_parts.h"
#include "zsc/zsc.h"

#define LAYOUT CLI_UMAP_LAYOUT

static zsc_status fail_parameter(zsc_h5 *file, const char *name)
{
    return zsc_fail(ZSC_EINPUT,
                    "'%s': attribute %s of %s is not there or out of range: the file is damaged, or another "
                    "program wrote it",
                    zsc_h5_path(file), name, LAYOUT);
}

static zsc_status read_count(zsc_h5 *file, const char *name, double most, size_t *out)
{
    double value;
    zsc_status status = zsc_h5_get_double(file, LAYOUT, name, NAN, &value);
    if (status != ZSC_OK) return status;
    if (!(value >= 0 && value <= most && value == floor(value))) return fail_parameter(file, name);
    *out = (size_t)value;
    return ZSC_OK;
}

/* The parameters of the layout of n rows. */
static zsc_status read_options(zsc_h5 *file, size_t n, zsc_umap_options *o)
{
    zsc_status status = ZSC_OK;
    const struct {
        const char *name;
        double *to;
    } reals[] = {{"min_dist", &o->min_dist},
                 {"spread", &o->spread},
                 {"a", &o->a},
                 {"b", &o->b},
                 {"local_connectivity", &o->local_connectivity},
                 {"learning_rate", &o->learning_rate},
                 {"repulsion_strength", &o->repulsion_strength}};
    size_t metric, low, high;
    *o = zsc_umap_defaults();
    size_t by_default = zsc_umap_epochs(o, n);
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        ZSC_TRY(zsc_h5_get_double(file, LAYOUT, reals[i].name, NAN, reals[i].to));
        if (!isfinite(*reals[i].to)) return fail_parameter(file, reals[i].name);
    }
    ZSC_TRY(read_count(file, "n_components", 256, &o->n_components));
    ZSC_TRY(read_count(file, "n_neighbors", 1e9, &o->n_neighbors));
    ZSC_TRY(read_count(file, "n_epochs", 1e9, &o->n_epochs));
    ZSC_TRY(read_count(file, "negative_sample_rate", 1e9, &o->negative_sample_rate));
    ZSC_TRY(read_count(file, "metric", ZSC_INNER_PRODUCT - 1, &metric));
    ZSC_TRY(read_count(file, "seed_low", UINT32_MAX, &low));
    ZSC_TRY(read_count(file, "seed_high", UINT32_MAX, &high));
    o->metric = (zsc_metric)metric;
    o->seed = (uint64_t)high << 32 | (uint64_t)low;
    if (o->n_epochs == by_default) o->n_epochs = ZSC_UMAP_DEFAULT_EPOCHS;
    status = zsc_context(zsc_umap_check(o), "'%s'", zsc_h5_path(file));
done:
    return status;
}

/* How the rows were scaled: new ones are scaled alike. */
static zsc_status read_scale(zsc_h5 *file, cli_model *rows)
{
    const zsc_value_owner owner = {"attribute ", "scale", ZSC_EINPUT};
    char *text = NULL;
    zsc_status status = zsc_h5_get_text(file, LAYOUT, "scale", "none", &text);
    if (status == ZSC_OK)
        status = zsc_context(zsc_value_choice(&owner, text, ZSC_SCALE_CHOICES, &rows->scale), "'%s'",
                             zsc_h5_path(file));
    free(text);
    return status;
}

bool cli_umap_is_layout(zsc_h5 *file) { return zsc_h5_has(file, LAYOUT); }

zsc_status cli_umap_read_model(zsc_h5 *file, cli_umap_model *out)
{
    zsc_status status = ZSC_OK;
    cli_umap_model m = {0};
    zsc_h5_info info;
    ZSC_TRY(cli_model_read(file, &m.rows));
    if (!cli_umap_is_layout(file)) {
        status = zsc_fail(ZSC_EINPUT, "'%s' keeps rows, and no layout: make it by zsc umap with --keep-model",
                          zsc_h5_path(file));
        goto done;
    }
    ZSC_TRY(cli_umap_check_seal(file));
    ZSC_TRY(read_options(file, m.rows.n, &m.options));
    ZSC_TRY(read_scale(file, &m.rows));
    m.rows.metric = (int)m.options.metric;
    ZSC_TRY(zsc_h5_stat(file, LAYOUT, &info));
    if (info.is_group || info.rank != 2 || info.shape[0] != m.rows.n || info.shape[1] != m.options.n_components) {
        status = zsc_fail(ZSC_EINPUT, "'%s': %s is not %zu x %zu, as %s and n_components say", zsc_h5_path(file),
                          LAYOUT, m.rows.n, m.options.n_components, CLI_MODEL_ROWS);
        goto done;
    }
    ZSC_NEW_RAW(m.y, m.rows.n * m.options.n_components);
    ZSC_TRY(zsc_h5_read(file, LAYOUT, ZSC_H5_F32, 2, info.shape, m.y));
    *out = m;
    m = (cli_umap_model){0};
done:
    cli_umap_model_free(&m);
    return status;
}

void cli_umap_model_free(cli_umap_model *m)
{
    if (!m) return;
    cli_model_free(&m->rows);
    free(m->y);
    *m = (cli_umap_model){0};
}

zsc_status cli_umap_place(const cli_umap_model *m, const zsc_dataset *rows, const zsc_exec *exec, float *y)
{
    const size_t d = m->rows.d, dim = m->options.n_components;
    const zsc_exec held = zsc_memory_hold(exec, (m->rows.n + rows->n) * (d * sizeof *m->rows.x + dim * sizeof *y));
    const zsc_umap_model fitted = {.x = m->rows.x, .y = m->y, .n = m->rows.n, .d = d, .options = &m->options};
    return zsc_umap_transform(&fitted, rows->x, rows->n, &held, y);
}
