/* The words of settings that are choices, in the order of the enum that each stands for: one list for settings.def, for
 * the options of single steps, and for what is written to files. */
#ifndef ZSC_EXPERIMENT_CHOICES_H
#define ZSC_EXPERIMENT_CHOICES_H

#define ZSC_METRIC_CHOICES "euclidean|cosine|correlation|manhattan|chebyshev"       /* zsc_metric */
#define ZSC_QUERY_METRIC_CHOICES ZSC_METRIC_CHOICES "|inner-product"                /* the same, of queries in keys */
#define ZSC_KNN_CHOICES "auto|exact|approx"                                         /* zsc_knn_method */
#define ZSC_SCALE_CHOICES "none|l2|l2-sqrt-dim|zscore|zscore-average"               /* zsc_scale */
#define ZSC_LINKAGE_CHOICES "ward|single|average|complete"                          /* zsc_linkage_method */
#define ZSC_CLUSTERER_CHOICES "agglomerative|hdbscan|kmeans|layers|spectral|leiden" /* zsc_clusterer */
#define ZSC_HDBSCAN_SELECTION_CHOICES "eom|leaf"                                    /* zsc_hdbscan_selection */

#define ZSC_ASSIGN_LABELS_CHOICES "kmeans|cluster_qr" /* zsc_spectral_assign_labels */

#define ZSC_GRAPH_WEIGHTS_CHOICES "fuzzy|neighbors" /* zsc_leiden_weights */
#define ZSC_OBJECTIVE_CHOICES "modularity|cpm"      /* zsc_leiden_objective */

#define ZSC_INTERNAL_SPACE_CHOICES "reduced|original|both" /* zsc_internal_space */
#define ZSC_CUT_CHOICES "clusters|gap|elbow|silhouette"    /* zsc_cut_rule */

/* Help of settings that single steps have too. */
#define ZSC_SPLIT_HELP                                                                                                 \
    "keep rows of these splits, joined with +, e.g. test+test_unseen; seen, unseen and all are groups"
#define ZSC_SCALE_HELP "scaling of each modality, before concatenation"
#define ZSC_MAX_ITER_HELP                                                                                              \
    "iterations at most; k-means ends before where the squares of the centres' movements add up to at most 1e-4 "      \
    "times "                                                                                                           \
    "the mean variance of a column, leiden where nothing changes"
#define ZSC_LINKAGE_METRIC_HELP "distance that linkage is of; ward is of euclidean alone"
#define ZSC_CUT_STANDARDISED_HELP                                                                                      \
    "cut at this height in units of the columns' mean standard deviation times sqrt(columns)"
#define ZSC_IDS_HELP                                                                                                   \
    "keep the rows with these ids, and no others: a text with one id per line, or a table with a column processid or " \
    "id; "                                                                                                             \
    "- is standard input"
#define ZSC_IDS_IN_ORDER_HELP "rows in the order of --ids, not of the embeddings"
#define ZSC_MISSING_VALUES_HELP                                                                                        \
    "labels, splits and barcodes that count as missing, separated by commas; empty ones always do"
#define ZSC_MISSING_VALUES_DEFAULT "the list in doc/formats.md"

#endif
