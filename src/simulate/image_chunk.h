/* The subfolder of a specimen's image in BIOSCAN-5M: the first hexadecimal digits of the MD5 of its processid, two for
 * split pretrain, one for train and other_heldout, none for the small splits. */
#ifndef ZSC_SIMULATE_IMAGE_CHUNK_H
#define ZSC_SIMULATE_IMAGE_CHUNK_H

#include "simulate/specimens.h"

enum { ZSC_SIM_CHUNK_SIZE = 3 };
/* ID: at most 55 letters. "" where the split has no subfolders. */
void zsc_sim_image_chunk(const char *id, zsc_sim_split split, char out[ZSC_SIM_CHUNK_SIZE]);

#endif
