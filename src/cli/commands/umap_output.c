/* What zsc umap writes and says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "base/text.h"
#include "cli/endings.h"
#include "cli/commands/umap_parts.h"
#include "data/write_column.h"
#include "io/files/atomic.h"
#include "io/text/csv.h"
#include "io/npy.h"

static zsc_status write_origin(const cli_umap *a, const zsc_umap_report *r, zsc_h5 *file)
{
    zsc_status status = ZSC_OK;
    cli_umap_source list[CLI_UMAP_SOURCES] = {{0}};
    char text[ZSC_DIGEST_TEXT], *neighbours = cli_umap_neighbours_text(a, r->method);
    if (!neighbours) return ZSC_EINTERNAL;
    ZSC_TRY(cli_umap_sources(a, list));
    ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "input", a->fingerprint));
    if (a->transform) ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "model", a->transform));
    for (size_t i = 0; i < CLI_UMAP_SOURCES; i++)
        ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", list[i].name, list[i].text));
    zsc_digest_text((zsc_digest){r->graph[0], r->graph[1]}, text);
    if (!a->transform) ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "graph", text));
    cli_umap_parameter own[CLI_UMAP_GRAPH_PARAMETERS];
    cli_umap_graph_parameters(a, own);
    for (size_t i = 0; i < CLI_UMAP_GRAPH_PARAMETERS && !a->transform; i++)
        if (own[i].value != 0) ZSC_TRY(zsc_h5_set_double(file, "/embeddings/umap", own[i].name, own[i].value));
    if (a->target) ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "target", a->target));
    if (a->stop) ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "neighbours", neighbours)); /* for its resume */
done:
    cli_umap_sources_free(list);
    free(neighbours);
    return status;
}

static zsc_status write_model(const cli_umap *a, zsc_h5 *file)
{
    const cli_kept_rows rows = {.x = a->data.x,
                                .n = a->data.n,
                                .d = a->data.d,
                                .scale = a->matrix.scale,
                                .metric = (int)a->options.metric,
                                .scaling = &a->scaling,
                                .modality = a->data.modality,
                                .modalities = a->data.modalities};
    return a->keep_model ? cli_model_write(file, &rows) : ZSC_OK;
}

static zsc_status write_h5(const cli_umap *a, size_t epoch, const zsc_umap_report *r)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    const zsc_dataset *data = &a->data;
    size_t shape[2] = {data->n, a->options.n_components};
    cli_umap_parameter list[CLI_UMAP_PARAMETERS];
    char label[256] = "";
    ZSC_TRY(zsc_h5_create(a->output, &file));
    if (data->id) ZSC_TRY(zsc_h5_write_strings(file, "/id", (const char *const *)data->id, data->n));
    ZSC_TRY(zsc_h5_write(file, "/embeddings/umap", ZSC_H5_F32, 2, shape, a->y));
    for (size_t i = 0; i < data->ranks; i++) {
        char *object = zsc_asprintf("/labels/%s", data->rank[i].name);
        status = object ? zsc_column_write(file, object, &data->rank[i], data->n) : ZSC_EINTERNAL;
        free(object);
        if (status != ZSC_OK) goto done;
    }
    if (data->split.code) ZSC_TRY(zsc_column_write(file, "/split", &data->split, data->n));
    bool simulated = false;
    for (size_t m = 0; m < data->modalities; m++) {
        size_t used = strlen(label);
        snprintf(label + used, sizeof label - used, "%s%s", m ? "+" : "UMAP of ", data->modality[m].encoder);
        simulated = simulated || data->modality[m].simulated;
    }
    if (data->modalities == 1)
        ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "modality", data->modality[0].modality));
    ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "label", *label ? label : "UMAP"));
    if (simulated) ZSC_TRY(zsc_h5_set_int(file, "/", "simulated", 1));
    cli_umap_parameters(a, list);
    for (size_t i = 0; i < CLI_UMAP_PARAMETERS; i++)
        ZSC_TRY(zsc_h5_set_double(file, "/embeddings/umap", list[i].name, list[i].value));
    ZSC_TRY(zsc_h5_set_int(file, "/embeddings/umap", "epoch", (int64_t)epoch));
    ZSC_TRY(write_origin(a, r, file));
    ZSC_TRY(write_model(a, file));
    ZSC_TRY(cli_umap_seal(file));
    zsc_h5 *whole = file;
    file = NULL;
    ZSC_TRY(zsc_h5_commit(whole));
done:
    zsc_h5_close(file);
    return status;
}

static char delimiter_of(const cli_umap *a) { return cli_ends(a->output, "tsv") ? '\t' : ','; }

zsc_status cli_umap_check_texts(const cli_umap *a)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset *data = &a->data;
    char delimiter = delimiter_of(a);
    if (cli_umap_form(a) != CLI_UMAP_TABLE) return ZSC_OK;
    for (size_t i = 0; i < data->n; i++) {
        ZSC_TRY(zsc_field_check("id", i, data->id ? data->id[i] : NULL, delimiter));
        for (size_t r = 0; r < data->ranks; r++) {
            const zsc_column *c = &data->rank[r];
            ZSC_TRY(zsc_field_check(c->name, i, c->code && c->code[i] >= 0 ? c->level[c->code[i]] : NULL, delimiter));
        }
    }
done:
    return status;
}

/* id, umap1, umap2, ..., then split and labels. */
static zsc_status write_table(const cli_umap *a)
{
    const zsc_dataset *data = &a->data;
    char delimiter = delimiter_of(a);
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(a->output, &file);
    if (status != ZSC_OK) return status;
    FILE *out = zsc_atomic_stream(file);
    if (data->id) fprintf(out, "id%c", delimiter);
    for (size_t j = 0; j < a->options.n_components; j++)
        fprintf(out, "%sumap%zu", j ? (char[]){delimiter, 0} : "", j + 1);
    if (data->split.code) fprintf(out, "%csplit", delimiter);
    for (size_t r = 0; r < data->ranks; r++) {
        putc(delimiter, out);
        zsc_write_field(out, data->rank[r].name, delimiter);
    }
    putc('\n', out);
    char number[ZSC_NUMBER_TEXT];
    for (size_t i = 0; i < data->n; i++) {
        if (data->id) {
            zsc_write_field(out, data->id[i], delimiter);
            putc(delimiter, out);
        }
        for (size_t j = 0; j < a->options.n_components; j++)
            fprintf(out, "%s%s", j ? (char[]){delimiter, 0} : "",
                    zsc_float_text(a->y[i * a->options.n_components + j], number));
        for (size_t r = 0; r < data->ranks + 1; r++) {
            const zsc_column *c = r ? &data->rank[r - 1] : &data->split;
            if (!c->code) continue;
            putc(delimiter, out);
            if (c->code[i] >= 0) zsc_write_field(out, c->level[c->code[i]], delimiter);
        }
        putc('\n', out);
    }
    return zsc_atomic_commit(file);
}

cli_umap_output cli_umap_form(const cli_umap *a)
{
    if (cli_ends(a->output, "npy")) return CLI_UMAP_NPY;
    return cli_ends(a->output, "csv") || cli_ends(a->output, "tsv") ? CLI_UMAP_TABLE : CLI_UMAP_H5;
}

zsc_status cli_umap_check_model(const cli_umap *a)
{
    if (!a->keep_model) return ZSC_OK;
    if (cli_umap_form(a) != CLI_UMAP_H5)
        return cli_usage("option --keep-model needs an HDF5 file to write, which holds the rows beside the layout");
    if (a->stop)
        return cli_usage("option --keep-model cannot be used with --stop-at-epoch: the layout is not finished");
    return ZSC_OK;
}

zsc_status cli_umap_write_form(const cli_umap *a, size_t epoch, const zsc_umap_report *r)
{
    switch (cli_umap_form(a)) {
    case CLI_UMAP_NPY: return zsc_npy_write_f32(a->output, a->y, a->data.n, a->options.n_components);
    case CLI_UMAP_TABLE: return write_table(a);
    case CLI_UMAP_H5: break;
    }
    return write_h5(a, epoch, r);
}

void cli_umap_note(const cli_umap *a, const zsc_umap_report *r)
{
    char method[16];
    const zsc_umap_seconds *s = &r->seconds;
    if (r->neighbors < a->options.n_neighbors && !a->neighbours)
        zsc_warn("%zu rows have fewer than %zu neighbours each: %zu are used", r->rows, a->options.n_neighbors,
                 r->neighbors);
    if (r->rows < a->data.n) zsc_note("%zu of %zu rows are distinct and were laid out", r->rows, a->data.n);
    if (r->disconnected)
        zsc_warn("%zu of %zu rows are disconnected: no neighbour is nearer than %g, or the labels leave none; their "
                 "coordinates mean nothing",
                 r->disconnected, r->rows, a->options.disconnection_distance);
    if (!r->converged)
        zsc_note("the spectral initialisation did not converge to its tolerance; its last eigenvectors were used");
    zsc_note(
        "%zu x %zu: %zu neighbours, %s%s %.2f s, graph (%zu component%s) %.2f s, initialisation %.2f s, layout %.2f s",
        r->rows, a->data.d, r->neighbors,
        r->method == ZSC_KNN_AUTO ? "searched elsewhere"
                                  : zsc_value_choice_text(ZSC_KNN_CHOICES, (int)r->method, method, sizeof method),
        a->neighbours ? ", from a file," : "", s->knn, r->components, r->components == 1 ? "" : "s", s->graph,
        s->initialisation, s->layout);
    if (r->edge_updates > 0)
        zsc_detail("layout: %.4g edge updates, %.1f ns each, with %zu negative samples", r->edge_updates,
                   1e9 * s->layout / r->edge_updates, a->options.negative_sample_rate);
}
