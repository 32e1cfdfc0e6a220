/* What is searched: feature blocks, each in a blocked index of its own, all in one order and scale, and the
 * concatenations of them that neighbours are wanted for. A single matrix is one feature block in one concatenation.
 * Rows are searched among themselves, or (single matrices) queries among keys, which are another index. */
#ifndef ZSC_KNN_EXACT_JOINT_INDEX_H
#define ZSC_KNN_EXACT_JOINT_INDEX_H

#include "knn/blocks/block_index.h"

/* By position: how far the quantised vectors of all members together may be from the true ones, and the error bounds of
 * all members' tiles. Of one member, these are the index's own. */
typedef struct zsc_concatenation {
    const size_t *member; /* feature blocks */
    size_t members;
    const float *error, *error_bound; /* n each; NULL where no member has them */
    float *sums[2];                   /* what has to be freed of these */
} zsc_concatenation;

typedef struct zsc_joint_index {
    size_t n, blocks;         /* rows, and blocks of rows */
    size_t features, widest;  /* feature blocks; coordinates of the widest vector */
    size_t count;             /* concatenations */
    const zsc_knn_rows *rows; /* by feature block; the caller's */
    zsc_block_index *index;   /* by feature block */
    zsc_block_shape *shape;   /* by feature block; of finished indices */
    bool projected;           /* any of them is */
    zsc_concatenation *concatenation;
    size_t *user, *first_user;          /* concatenations that have feature block f: user[first_user[f]] .. */
    const struct zsc_joint_index *keys; /* of queries: those that they are searched among; NULL: themselves */
} zsc_joint_index;

static inline const zsc_joint_index *zsc_joint_index_keys(const zsc_joint_index *joint)
{
    return joint->keys ? joint->keys : joint;
}

/* Called when all shapes are known: before rows take memory, or, of several feature blocks, when their coordinates are
 * there. */
typedef struct zsc_joint_gate {
    zsc_status (*pass)(const void *data, const zsc_block_shape *shapes, size_t features);
    const void *data;
} zsc_joint_gate;

/* rows: `features` feature blocks with the same number of rows, Euclidean unless there is one alone. Concatenation c
 * has the feature blocks member[offset[c]] .. member[offset[c + 1] - 1]. All of these stay the caller's and must
 * outlive the index. k: how many neighbours will be looked for. */
zsc_status zsc_joint_index_make(const zsc_knn_rows *rows, size_t features, const size_t *offset, const size_t *member,
                                size_t count, size_t k, const zsc_joint_gate *gate, const zsc_exec *exec,
                                zsc_joint_index *out);
/* Of a single matrix, in a space (knn/blocks/block_index.h). */
zsc_status zsc_joint_index_make_in(const zsc_block_index *space, const zsc_knn_rows *rows, const zsc_exec *exec,
                                   zsc_joint_index *out);
void zsc_joint_index_free(zsc_joint_index *joint);

/* Bytes of an index of such feature blocks; and of its making, from the shapes on, itself included. */
size_t zsc_joint_index_kept(const zsc_block_shape *shapes, size_t features, size_t count);
size_t zsc_joint_index_making(const zsc_block_shape *shapes, size_t features, size_t count, int threads);
/* Of this, until the last projection is found. */
size_t zsc_joint_index_beginning(const zsc_block_shape *shapes, size_t features, int threads);

#endif
