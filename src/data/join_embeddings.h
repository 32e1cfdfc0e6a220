/* The first step of a dataset: the embeddings opened, and joined on the id. */
#ifndef ZSC_DATA_JOIN_EMBEDDINGS_H
#define ZSC_DATA_JOIN_EMBEDDINGS_H

#include "data/loading.h"

/* Fills .file, .encoder, .identity, .n, .id, .place and .unmatched. */
zsc_status zsc_join_embeddings(zsc_loading *l);

#endif
