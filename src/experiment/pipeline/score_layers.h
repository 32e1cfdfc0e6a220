/* Layers of a tree against each rank of the data. */
#ifndef ZSC_EXPERIMENT_SCORE_LAYERS_H
#define ZSC_EXPERIMENT_SCORE_LAYERS_H

#include "experiment/pipeline/tree.h"

/* Into RESULT, whose number of scores is that of the data's ranks; nothing where the tree has no layers. */
zsc_status zsc_layers_score(const zsc_run_options *options, const zsc_exec *exec, const zsc_dataset *data,
                            const zsc_tree *tree, zsc_result *result);

#endif
