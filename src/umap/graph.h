/* The fuzzy graph (graph.c, supervise.c): what is done with it besides zsc/umap.h. The caller frees what *out receives.
 */
#ifndef ZSC_UMAP_GRAPH_H
#define ZSC_UMAP_GRAPH_H

#include "zsc/umap.h"

/* The stage that progress and interrupts name: the graph is a part of it. */
#define ZSC_UMAP_INITIALISING "initialisation"

/* zsc_fuzzy_simplicial_set in less memory: the lists of neighbours become lists of members, and are freed, also on
 * failure. */
zsc_status zsc_umap_graph_consume(zsc_knn *knn, double local_connectivity, double set_op_mix_ratio,
                                  const zsc_exec *exec, zsc_graph *out);

/* Drops the edges that are too weak to be updated even once: those whose weight is below max / n_epochs (the default
 * number of epochs where 10 or fewer were asked for, as in umap-learn). */
zsc_status zsc_umap_graph_prune(const zsc_graph *graph, const zsc_umap_options *options, zsc_graph *out);
void zsc_umap_graph_prune_in_place(zsc_graph *graph, const zsc_umap_options *options);

/* zsc_graph_components of a graph that is known to be valid (a diagonal is allowed). */
zsc_status zsc_graph_find_components(const zsc_graph *graph, int32_t *component, size_t *count);

/* The rows of one component as a graph of its own. rows: the `count` rows of the component, in any order; position[row]
 * is the position of a row in it. */
zsc_status zsc_umap_graph_component(const zsc_graph *graph, const int32_t *rows, size_t count, const int32_t *position,
                                    int threads, zsc_graph *out);

/* zsc_graph_supervise of a graph that is known to be valid (supervise.c). */
zsc_status zsc_umap_graph_supervise(const zsc_graph *graph, const int32_t *labels, double target_weight,
                                    const zsc_exec *exec, zsc_graph *out);

/* Bytes of a graph; and of its making from lists of k neighbours, of which `entries` are members, itself included. */
size_t zsc_umap_graph_memory(size_t n, size_t edges);
size_t zsc_umap_graph_making(size_t n, size_t k, size_t entries, size_t edges);

#endif
