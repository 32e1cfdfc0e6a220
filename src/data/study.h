/* Statistics of one encoder of an embeddings file. */
#ifndef ZSC_DATA_STUDY_H
#define ZSC_DATA_STUDY_H

#include "data/info.h"
#include "io/embeddings.h"

/* Fills all of OUT but its names and shape: rows and columns that are constant, repeated or not finite, and the norms
 * of rows. Memory: a block of rows, and 24 bytes a row. */
zsc_status zsc_study_encoder(zsc_embeddings *v, const zsc_encoder *from, const zsc_exec *exec, info_encoder *out);

#endif
