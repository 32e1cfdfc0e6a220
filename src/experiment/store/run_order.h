/* The order of a store's results: that of the sweeps' plans, then by source and settings.
 *
 * OUTPUT/.plans/<digest> holds, in the order of a plan, the digests of its runs' settings, a line each; the index
 * (run_index.h) leads from these to keys. */
#ifndef ZSC_EXPERIMENT_RUN_ORDER_H
#define ZSC_EXPERIMENT_RUN_ORDER_H

#include "base/hash.h"
#include "base/text.h"

/* Keeps the order of a plan, of COUNT runs with these SETTINGS (zsc_run_index_settings). */
zsc_status zsc_run_order_keep(const char *output, const zsc_digest *settings, size_t count);

/* Sorts the paths of results of FOLDER. Runs of several plans come where the older plan has them; results of no plan
 * come last, by encoders, sources, settings, seed, with numbers by their value. */
zsc_status zsc_run_order_sort(const char *folder, zsc_list *paths);

#endif
