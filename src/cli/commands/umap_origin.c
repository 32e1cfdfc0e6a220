/* What a layout of zsc umap was made of. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/commands/umap_parts.h"

void cli_umap_parameters(const cli_umap *a, cli_umap_parameter out[CLI_UMAP_PARAMETERS])
{
    const zsc_umap_options *o = &a->options;
    const cli_umap_parameter list[CLI_UMAP_PARAMETERS] = {{"n_components", (double)o->n_components},
                                                          {"n_neighbors", (double)o->n_neighbors},
                                                          {"metric", (double)o->metric},
                                                          {"min_dist", o->min_dist},
                                                          {"spread", o->spread},
                                                          {"a", o->a},
                                                          {"b", o->b},
                                                          {"set_op_mix_ratio", o->set_op_mix_ratio},
                                                          {"local_connectivity", o->local_connectivity},
                                                          {"n_epochs", (double)zsc_umap_epochs(o, a->data.n)},
                                                          {"learning_rate", o->learning_rate},
                                                          {"repulsion_strength", o->repulsion_strength},
                                                          {"negative_sample_rate", (double)o->negative_sample_rate},
                                                          {"init", (double)o->init},
                                                          {"unique", (double)o->unique},
                                                          {"seed_low", (double)(o->seed & UINT32_MAX)},
                                                          {"seed_high", (double)(o->seed >> 32)}};
    memcpy(out, list, sizeof list);
}

void cli_umap_graph_parameters(const cli_umap *a, cli_umap_parameter out[CLI_UMAP_GRAPH_PARAMETERS])
{
    out[0] = (cli_umap_parameter){"disconnection_distance", a->options.disconnection_distance};
    out[1] = (cli_umap_parameter){"target_weight", a->target ? a->options.target_weight : 0};
}

char *cli_umap_embeddings_text(const cli_umap *a)
{
    zsc_text text = {0};
    for (size_t i = 0; i < a->matrix.embeddings.count; i++)
        zsc_text_printf(&text, "%s%s", i ? " " : "", a->matrix.embeddings.item[i]);
    return text.data;
}

void cli_umap_sources_free(cli_umap_source list[CLI_UMAP_SOURCES])
{
    for (size_t i = 0; i < CLI_UMAP_SOURCES; i++) free(list[i].text);
}

zsc_status cli_umap_sources(const cli_umap *a, cli_umap_source out[CLI_UMAP_SOURCES])
{
    char scale[32];
    cli_umap_source list[CLI_UMAP_SOURCES] = {
        {"embeddings", cli_umap_embeddings_text(a)},
        {"split", zsc_strdup(a->matrix.split ? a->matrix.split : "all rows")},
        {"scale", zsc_strdup(zsc_value_choice_text(ZSC_SCALE_CHOICES, a->matrix.scale, scale, sizeof scale))}};
    memcpy(out, list, sizeof list);
    if (list[0].text && list[1].text && list[2].text) return ZSC_OK;
    cli_umap_sources_free(out);
    return ZSC_EINTERNAL;
}

/* Where the neighbours come from, in words. */
char *cli_umap_neighbours_text(const cli_umap *a, zsc_knn_method method)
{
    char text[16];
    return a->neighbours
               ? zsc_asprintf("file '%s'", a->neighbours)
               : zsc_asprintf("%s search", zsc_value_choice_text(ZSC_KNN_CHOICES, (int)method, text, sizeof text));
}

/* Of the parameters and the scale of the layout in FILE. */
static zsc_status settings_digest(zsc_h5 *file, char out[ZSC_DIGEST_TEXT])
{
    static const cli_umap none;
    zsc_status status = ZSC_OK;
    cli_umap_parameter list[CLI_UMAP_PARAMETERS];
    char *scale = NULL;
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    cli_umap_parameters(&none, list); /* for their names */
    for (size_t i = 0; i < CLI_UMAP_PARAMETERS; i++) {
        double value;
        ZSC_TRY(zsc_h5_get_double(file, CLI_UMAP_LAYOUT, list[i].name, NAN, &value));
        zsc_hash_add(hash, &value, sizeof value);
    }
    ZSC_TRY(zsc_h5_get_text(file, CLI_UMAP_LAYOUT, "scale", "", &scale));
    zsc_hash_add(hash, scale, strlen(scale));
done:
    zsc_digest_text(zsc_hash_end(hash), out);
    free(scale);
    return status;
}

zsc_status cli_umap_seal(zsc_h5 *file)
{
    char digest[ZSC_DIGEST_TEXT];
    zsc_list arrays = {0};
    zsc_status status = settings_digest(file, digest);
    if (status == ZSC_OK) status = zsc_h5_set_text(file, CLI_UMAP_LAYOUT, "checksum", digest);
    if (status == ZSC_OK) status = zsc_list_add(&arrays, CLI_UMAP_LAYOUT);
    if (status == ZSC_OK) status = cli_model_arrays(file, &arrays);
    if (status == ZSC_OK) status = zsc_h5_checksums_write(file, &arrays);
    zsc_list_free(&arrays);
    return status;
}

zsc_status cli_umap_check_seal(zsc_h5 *file)
{
    char digest[ZSC_DIGEST_TEXT], *stored = NULL;
    zsc_status status = zsc_h5_get_text(file, CLI_UMAP_LAYOUT, "checksum", "", &stored);
    if (status == ZSC_OK) status = settings_digest(file, digest);
    if (status == ZSC_OK && *stored && strcmp(stored, digest) != 0)
        status = zsc_fail(ZSC_EINPUT, "'%s' is damaged: the checksum of the settings of %s does not match them",
                          zsc_h5_path(file), CLI_UMAP_LAYOUT);
    free(stored);
    return status;
}
