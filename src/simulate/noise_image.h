/* A simulated image of a specimen: a blob of coloured noise. */
#ifndef ZSC_SIMULATE_NOISE_IMAGE_H
#define ZSC_SIMULATE_NOISE_IMAGE_H

#include "simulate/specimens.h"

enum { ZSC_SIM_IMAGE_WIDTH = 128, ZSC_SIM_IMAGE_HEIGHT = 96 };
/* Writes a JPEG to PATH: a few KB. Its colour follows the order, family, genus and species of the lineage, so that
 * specimens of one species look alike; all else is the row's. */
zsc_status zsc_sim_image_write(uint64_t seed, const zsc_sim_taxonomy *taxonomy, int32_t lineage, size_t row,
                               const char *path);

#endif
