/* Names of the taxonomic ranks. Defined in ranks.c.
 * Module: src/base
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_RANKS_H
#define ZSC_RANKS_H

#include <stddef.h>

#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Ranks of BIOSCAN-5M, coarse to fine: class order family subfamily genus species dna_bin. */
ZSC_API extern const char *const zsc_rank_names[];
ZSC_API extern const size_t zsc_rank_count;

#ifdef __cplusplus
}
#endif
#endif
