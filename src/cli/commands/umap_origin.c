/* What a layout of zsc umap was made of. */
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
