/* What a long run keeps on disk, so that it can be resumed: zsc run --checkpoint FOLDER.
 *
 * Up to four files, each named by the key of what it holds (stage_key.h), which it also carries: the search for
 * neighbours between two rounds of NN-descent; neighbours (knn_cache.h) until the graph is there; the graph; the layout
 * at some epoch; the linkage between two rounds of Ward's method; and the dendrogram. Of other rows or
 * settings the keys are other ones, so that such files are never taken, and stay. A file appears whole or not at all;
 * its arrays have checksums. One that is damaged, or of another format, is left out with a warning, and what it held is
 * computed again. One that cannot be written (a disk is full) is reported once, and the run goes on without. */
#ifndef ZSC_EXPERIMENT_CHECKPOINT_H
#define ZSC_EXPERIMENT_CHECKPOINT_H

#include "base/text.h"
#include "experiment/pipeline/stage_key.h"
#include "experiment/pipeline/tree.h"
#include "knn/search_state.h"
#include "umap/stages.h"
#include "ward/linkage_state.h"

typedef struct zsc_checkpoint {
    const char *folder;
    double interval;       /* seconds between two states of one stage */
    double written;        /* zsc_clock when the last one was */
    double cost;           /* seconds that it took */
    bool failed;           /* a file could not be written, which was said */
    zsc_list inputs, runs; /* paths that this command wrote or took: neighbours and graphs; layouts and dendrograms */
} zsc_checkpoint;

/* Makes the folder, and says where it holds checkpoints none of which is of this run. */
zsc_status zsc_checkpoint_begin(zsc_checkpoint *checkpoint, const zsc_run_options *options, const zsc_dataset *data);
/* Removes the files of layouts, linkages and dendrograms; ALL: of neighbours and graphs too. */
void zsc_checkpoint_remove(zsc_checkpoint *checkpoint, bool all);
void zsc_checkpoint_free(zsc_checkpoint *checkpoint);

/* Whether the interval is over, and twenty times what the last file of a stage took. */
bool zsc_checkpoint_due(const zsc_checkpoint *checkpoint);

/* Each does nothing where CHECKPOINT is NULL. What is found is the caller's; not found: *out stays as it was, and
 * ZSC_OK. SECONDS: by stage, so far.
 *
 * A search that is not finished, by the key of its neighbours, into the arrays of STATE. */
zsc_status zsc_checkpoint_find_search(zsc_checkpoint *checkpoint, zsc_digest key, zsc_knn_state *state,
                                      zsc_stage_list *seconds, bool *found);
zsc_status zsc_checkpoint_keep_search(zsc_checkpoint *checkpoint, zsc_digest key, const zsc_knn_state *state,
                                      const zsc_stage_list *seconds);
/* Neighbours, which stand for the search. */
zsc_status zsc_checkpoint_find_knn(zsc_checkpoint *checkpoint, const zsc_run_options *options, const zsc_dataset *data,
                                   zsc_keyed_knn *out);
zsc_status zsc_checkpoint_keep_knn(zsc_checkpoint *checkpoint, zsc_keyed_knn *knn);
/* Neighbours are removed, which the graph stands for. */
zsc_status zsc_checkpoint_find_graph(zsc_checkpoint *checkpoint, zsc_digest key, size_t n, zsc_keyed_graph *out,
                                     zsc_stage_list *seconds);
zsc_status zsc_checkpoint_keep_graph(zsc_checkpoint *checkpoint, const zsc_keyed_graph *graph,
                                     const zsc_stage_list *seconds);

/* A layout before `epoch`, or finished where epoch is epochs. */
typedef struct zsc_checkpoint_layout {
    zsc_digest key; /* of the reduced vectors */
    size_t n, dim, epoch, epochs;
    bool converged, found;
} zsc_checkpoint_layout;
zsc_status zsc_checkpoint_find_layout(zsc_checkpoint *checkpoint, zsc_checkpoint_layout *layout, float *y,
                                      zsc_stage_list *seconds);
zsc_status zsc_checkpoint_keep_layout(zsc_checkpoint *checkpoint, const zsc_checkpoint_layout *layout, const float *y,
                                      const zsc_stage_list *seconds);

/* A linkage of n rows that is not finished, by the key of its dendrogram; out->pair stays NULL where there is none. */
zsc_status zsc_checkpoint_find_merges(zsc_checkpoint *checkpoint, zsc_digest key, size_t n, zsc_ward_state *out,
                                      zsc_stage_list *seconds);
zsc_status zsc_checkpoint_keep_merges(zsc_checkpoint *checkpoint, zsc_digest key, const zsc_ward_state *state,
                                      const zsc_stage_list *seconds);
/* The dendrogram, by tree->key and clustering_seconds, into a tree without clusters; it stands for the merges. */
zsc_status zsc_checkpoint_find_linkage(zsc_checkpoint *checkpoint, zsc_digest key, size_t n, zsc_tree *tree);
zsc_status zsc_checkpoint_keep_linkage(zsc_checkpoint *checkpoint, size_t n, const zsc_tree *tree);

#endif
