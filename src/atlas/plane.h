/* Where the specimens of a result lie in the plane, and which are nearest to each. */
#ifndef ZSC_ATLAS_PLANE_H
#define ZSC_ATLAS_PLANE_H

#include "zsc/experiment.h"

typedef struct zsc_plane_options {
    const char *layout; /* "umap2d", "pca", or a file of coordinates (plane_file.h) */
    size_t neighbors;   /* nearest specimens of each, the specimen itself not counted; 0: none */
} zsc_plane_options;

typedef struct zsc_plane {
    float *xy;              /* rows x 2 */
    int32_t *near;          /* rows x neighbors: rows, by growing distance; NULL: none */
    size_t neighbors;       /* at most rows - 1 */
    const char *how;        /* what the coordinates are, a static text: "UMAP of the embeddings" */
    const char *nearest_in; /* what the neighbours were searched in: "the embeddings", "the reduced vectors" */
} zsc_plane;

/* Of a result that was read with its rows and reduced vectors.
 *
 * umap2d: a run's own UMAP layout where that has two dimensions; else UMAP to two dimensions of the matrix that the run
 * reduced, which is read again where the result says (its settings of rows, scaling, neighbours and metric; min_dist
 * 0.1 and as many epochs as umap-learn's defaults; the run's seed); where those files are gone, of the reduced vectors,
 * with a note. pca: the first two principal axes of the reduced vectors. Neighbours are searched where the layout was
 * made from, those of a file in the reduced vectors, if the result has them.
 *
 * *out is set on success only; freed with zsc_plane_free. Deterministic at any number of threads. ZSC_EINPUT: the
 * result has no reduced vectors, and no files that they can be made of, or a file does not hold each row. */
zsc_status zsc_plane_make(const zsc_result *result, const zsc_plane_options *options, const zsc_exec *exec,
                          zsc_plane *out);
void zsc_plane_free(zsc_plane *plane);

#endif
