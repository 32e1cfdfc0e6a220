/* zsc umap --transform: new rows in the layout of a file that keeps its model (--keep-model).
 *
 * The model is the rows that were laid out, /model/rows, beside their layout, /embeddings/umap, whose attributes are
 * the parameters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/commands/umap_parts.h"
#include "zsc/zsc.h"

#define LAYOUT CLI_UMAP_LAYOUT
#define ROWS CLI_UMAP_MODEL

typedef struct model {
    float *x, *y;
    size_t n, d;
} model;

static zsc_status matrix_shape(zsc_h5 *file, const char *path, const char *object, size_t shape[2])
{
    zsc_h5_info info;
    zsc_status status = zsc_h5_stat(file, object, &info);
    if (status != ZSC_OK) return status;
    if (info.rank != 2 || !info.shape[0] || !info.shape[1])
        return zsc_fail(ZSC_EINPUT, "'%s': %s is no matrix of rows and columns", path, object);
    shape[0] = info.shape[0];
    shape[1] = info.shape[1];
    return ZSC_OK;
}

static zsc_status fail_parameter(const cli_umap *a, const char *name)
{
    return zsc_fail(ZSC_EINPUT,
                    "'%s': attribute %s of %s is not there or out of range: the file is damaged, or another "
                    "program wrote it",
                    a->transform, name, LAYOUT);
}

static zsc_status read_count(const cli_umap *a, zsc_h5 *file, const char *name, double most, size_t *out)
{
    double value;
    zsc_status status = zsc_h5_get_double(file, LAYOUT, name, NAN, &value);
    if (status != ZSC_OK) return status;
    if (!(value >= 0 && value <= most && value == floor(value))) return fail_parameter(a, name);
    *out = (size_t)value;
    return ZSC_OK;
}

/* The parameters of the layout of n rows, to a->options. */
static zsc_status read_options(cli_umap *a, zsc_h5 *file, size_t n)
{
    zsc_status status = ZSC_OK;
    zsc_umap_options *o = &a->options;
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
        if (!isfinite(*reals[i].to)) return fail_parameter(a, reals[i].name);
    }
    ZSC_TRY(read_count(a, file, "n_components", 256, &o->n_components));
    ZSC_TRY(read_count(a, file, "n_neighbors", 1e9, &o->n_neighbors));
    ZSC_TRY(read_count(a, file, "n_epochs", 1e9, &o->n_epochs));
    ZSC_TRY(read_count(a, file, "negative_sample_rate", 1e9, &o->negative_sample_rate));
    ZSC_TRY(read_count(a, file, "metric", ZSC_INNER_PRODUCT - 1, &metric));
    ZSC_TRY(read_count(a, file, "seed_low", UINT32_MAX, &low));
    ZSC_TRY(read_count(a, file, "seed_high", UINT32_MAX, &high));
    o->metric = (zsc_metric)metric;
    o->seed = (uint64_t)high << 32 | (uint64_t)low;
    if (o->n_epochs == by_default) o->n_epochs = ZSC_UMAP_DEFAULT_EPOCHS;
    status = zsc_context(zsc_umap_check(o), "'%s'", a->transform);
done:
    return status;
}

/* How the rows were scaled: new ones are scaled alike. */
static zsc_status read_scale(cli_umap *a, zsc_h5 *file)
{
    const zsc_value_owner owner = {"attribute ", "scale", ZSC_EINPUT};
    char *text = NULL;
    zsc_status status = zsc_h5_get_text(file, LAYOUT, "scale", "none", &text);
    if (status == ZSC_OK)
        status = zsc_context(zsc_value_choice(&owner, text, ZSC_SCALE_CHOICES, &a->matrix.scale), "'%s'", a->transform);
    free(text);
    return status;
}

static zsc_status read_model(cli_umap *a, model *m)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    size_t rows[2], layout[2];
    ZSC_TRY(zsc_h5_open(a->transform, &file));
    if (!zsc_h5_has(file, ROWS) || !zsc_h5_has(file, LAYOUT)) {
        status = zsc_fail(ZSC_EINPUT, "'%s' keeps no model: make the layout by zsc umap with --keep-model",
                          a->transform);
        goto done;
    }
    ZSC_TRY(cli_umap_check_seal(file));
    ZSC_TRY(matrix_shape(file, a->transform, ROWS, rows));
    ZSC_TRY(matrix_shape(file, a->transform, LAYOUT, layout));
    ZSC_TRY(read_options(a, file, rows[0]));
    ZSC_TRY(read_scale(a, file));
    if (layout[0] != rows[0] || layout[1] != a->options.n_components) {
        status = zsc_fail(ZSC_EINPUT, "'%s': %s is %zu x %zu; expected %zu x %zu, as %s and n_components say",
                          a->transform, LAYOUT, layout[0], layout[1], rows[0], a->options.n_components, ROWS);
        goto done;
    }
    m->n = rows[0];
    m->d = rows[1];
    ZSC_NEW_RAW(m->x, m->n * m->d);
    ZSC_NEW_RAW(m->y, m->n * layout[1]);
    ZSC_TRY(zsc_h5_read(file, ROWS, ZSC_H5_F32, 2, rows, m->x));
    ZSC_TRY(zsc_h5_read(file, LAYOUT, ZSC_H5_F32, 2, layout, m->y));
done:
    zsc_h5_close(file);
    return status;
}

zsc_status cli_umap_run_transform(cli_umap *a)
{
    zsc_status status = ZSC_OK;
    model m = {0};
    zsc_umap_report report = {.converged = true};
    ZSC_TRY(read_model(a, &m));
    ZSC_TRY(cli_umap_read_rows(a));
    ZSC_TRY(cli_umap_check_texts(a));
    if (a->data.d != m.d) {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' is a layout of rows of %zu columns, and these have %zu; expected embeddings "
                          "of the same encoder",
                          a->transform, m.d, a->data.d);
        goto done;
    }
    size_t dim = a->options.n_components;
    ZSC_NEW(a->y, a->data.n * dim);
    const zsc_exec exec = zsc_memory_hold(&a->common.exec, (m.n + a->data.n) * (m.d * sizeof *m.x + dim * sizeof *m.y));
    const zsc_umap_model fitted = {.x = m.x, .y = m.y, .n = m.n, .d = m.d, .options = &a->options};
    ZSC_TRY(zsc_umap_transform(&fitted, a->data.x, a->data.n, &exec, a->y));
    size_t epochs = zsc_umap_transform_epochs(&a->options, m.n);
    a->options.n_epochs = zsc_umap_epochs(&a->options, m.n); /* as they are written: those of the layout */
    ZSC_TRY(cli_umap_write_form(a, epochs, &report));
    zsc_note("%zu rows in the layout of %zu rows of '%s': %zu neighbours, %zu epochs", a->data.n, m.n, a->transform,
             a->options.n_neighbors < m.n ? a->options.n_neighbors : m.n, epochs);
done:
    free(m.x);
    free(m.y);
    return status;
}
