/* The tables and figures of BIOSCAN-5M's paper (arXiv 2406.12723) that come from metadata and embeddings, in its order
 * and numbering, and the commands that make each. doc/paper.md says what the paper did and where zsc differs. */
#ifndef ZSC_PAPER_ITEMS_H
#define ZSC_PAPER_ITEMS_H

#include "paper/paper_plan.h"

/* Adds all items and their steps to a plan without any. */
zsc_status zsc_paper_items_add(zsc_paper_plan *plan);

#endif
