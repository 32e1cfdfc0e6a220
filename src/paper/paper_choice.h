/* The plan of the items that are asked for. */
#ifndef ZSC_PAPER_CHOICE_H
#define ZSC_PAPER_CHOICE_H

#include "paper/paper_plan.h"

/* All items and steps. ZSC_EUSAGE: --only or --skip names no item. The plan refers to CONFIG and OPTIONS. */
zsc_status zsc_paper_plan_make(const zsc_paper_config *config, const zsc_paper_options *options, size_t generation,
                               bool others, zsc_paper_plan *out);
/* Sets what the page shows, once zsc_paper_state_find knows which steps are done: items that are asked for, and those
 * that an earlier run made and of which nothing has changed. */
void zsc_paper_plan_show(zsc_paper_plan *plan);

#endif
