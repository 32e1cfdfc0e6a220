/* zsc umap --transform: new rows in the layout of a file that keeps its model (--keep-model). */
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/commands/umap_parts.h"
#include "zsc/zsc.h"

static zsc_status read_model(const char *path, cli_umap_model *out)
{
    zsc_h5 *file = NULL;
    zsc_status status = zsc_h5_open(path, &file);
    if (status == ZSC_OK) status = cli_umap_read_model(file, out);
    zsc_h5_close(file);
    return status;
}

zsc_status cli_umap_run_transform(cli_umap *a)
{
    zsc_status status = ZSC_OK;
    cli_umap_model m = {0};
    zsc_umap_report report = {.converged = true};
    ZSC_TRY(read_model(a->transform, &m));
    m.rows.path = a->transform;
    a->options = m.options;
    a->matrix.scale = m.rows.scale;
    ZSC_TRY(cli_umap_read_rows(a, &m.rows));
    ZSC_TRY(cli_umap_check_texts(a));
    ZSC_NEW(a->y, a->data.n * a->options.n_components);
    ZSC_TRY(cli_umap_place(&m, &a->data, &a->common.exec, a->y));
    size_t n = m.rows.n, epochs = zsc_umap_transform_epochs(&a->options, n);
    a->options.n_epochs = zsc_umap_epochs(&a->options, n); /* as they are written: those of the layout */
    ZSC_TRY(cli_umap_write_form(a, epochs, &report));
    zsc_note("%zu rows in the layout of %zu rows of '%s': %zu neighbours, %zu epochs", a->data.n, n, a->transform,
             a->options.n_neighbors < n ? a->options.n_neighbors : n, epochs);
done:
    cli_umap_model_free(&m);
    return status;
}
