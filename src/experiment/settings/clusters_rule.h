/* K, the number of clusters, from a rule: a rank ("species": as many as it has classes), a number, finest or
 * each-rank. */
#ifndef ZSC_EXPERIMENT_CLUSTERS_RULE_H
#define ZSC_EXPERIMENT_CLUSTERS_RULE_H

#include "zsc/experiment.h"

/* The rank that a rule names: "finest" stands for the finest rank of the data; others are returned as they are. The
 * text is the rule's or the data's. */
zsc_status zsc_clusters_rank(const char *rule, const zsc_dataset *data, const char **out);
/* K for a rule ("species", "250", "each-rank": rank says which). */
zsc_status zsc_resolve_clusters(const char *rule, const char *rank, const zsc_dataset *data, zsc_missing missing,
                                size_t *k);
/* Clusters that the rule of the options gives, for an estimate; all rows where it gives none. */
size_t zsc_clusters_most(const zsc_run_options *options, const zsc_dataset *data);
/* Whether the rule is a number, and which. */
bool zsc_clusters_number(const char *rule, size_t *k);
/* What results name in place of a rule where a height or a rule of cuts gives K; whether RULE is such a name. */
const char *zsc_clusters_found_by(const zsc_run_options *options);
bool zsc_clusters_are_found(const char *rule);

#endif
