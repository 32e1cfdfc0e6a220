/* The kinds of figures, each in a file of its own, figure_*.c, and drawn by plots/<kind>.gp. *dumb is set
 * with ZSC_FIGURE_DUMB only (figure.h). */
#ifndef ZSC_REPORT_FIGURES_H
#define ZSC_REPORT_FIGURES_H

#include "base/memory.h"
#include "experiment/series/comparison.h"
#include "experiment/series/measures.h"
#include "experiment/series/retrieval_confusion.h"
#include "inspect/metadata/metadata_figures.h"
#include "io/text/coastline.h"
#include "report/figures/figure.h"
#include "report/tables/conditions.h"
#include "report/tables/tables.h"

/* How AMI against rank is drawn. */
typedef struct zsc_ami_figure {
    bool ceiling;
    size_t rarefied; /* scores are of as many of the rows, which the axis says; 0: of all */
    bool published;  /* as BIOSCAN-5M's Figures 6 and A11: ticks of ten, a legend of pretraining and architectures */
} zsc_ami_figure;

/* AMI against rank. `ceiling`: with a grey line at each rank for what perfect clusters get; where random clusters were
 * scored, also a grey band of +- 1.96 standard deviations about 0 (experiment/series/reference_scores.h). */
zsc_status zsc_figure_ranks(const zsc_series_set *set, zsc_ami_figure how, const zsc_figure_options *options,
                            char **dumb);
/* The same of other scores: what the axis is called, and panels of their own names, each with the same curves in the
 * same order, of which the legend names those of the first. */
enum { ZSC_FIGURE_MOST_PANELS = 4 };
typedef struct zsc_figure_panels {
    const char *y_title;
    const char *title[ZSC_FIGURE_MOST_PANELS];
} zsc_figure_panels;
zsc_status zsc_figure_ranks_of(const zsc_series_set *set, const zsc_figure_panels *panels,
                               const zsc_figure_options *options, char **dumb);

/* Accuracy of retrieval against rank: a panel for each split, a curve for each file. */
typedef struct zsc_retrieval_figure_options {
    const char *score;     /* "macro" or "micro" */
    size_t k;              /* 0: the least that all files have */
    const zsc_list *ranks; /* empty or NULL: all */
} zsc_retrieval_figure_options;
zsc_status zsc_figure_retrieval(const zsc_retrieval_file *files, size_t count,
                                const zsc_retrieval_figure_options *options, const zsc_figure_options *figure,
                                char **dumb);
/* What is taken for what, in colour. MAP is of FILE. */
zsc_status zsc_figure_confusion(const zsc_retrieval_file *file, const zsc_retrieval_confusion_map *map,
                                const zsc_figure_options *options, char **dumb);

/* The cross-modal table. */
zsc_status zsc_figure_heatmap(const zsc_crossmodal *table, const char *rank, int decimals,
                              const zsc_figure_options *options, char **dumb);

/* AMI at RANK against one setting of the runs, or by two (NAMES; none: those that vary). */
zsc_status zsc_figure_settings(const zsc_series_set *set, const zsc_styles *styles, const zsc_list *names,
                               const char *rank, const zsc_figure_options *options, char **dumb);

/* AMI at every cut; results need their curves. */
zsc_status zsc_figure_clusters(const zsc_result_list *list, const zsc_styles *styles, const zsc_figure_options *options,
                               char **dumb);
/* What the rule of --cut measured at numbers of clusters, a panel per result, with the number that it found and the
 * classes of RANK (NULL: none are marked). ZSC_EINPUT: a result has no such curve. */
zsc_status zsc_figure_cuts(const zsc_result_list *list, const char *rank, const zsc_styles *styles,
                           const zsc_figure_options *options, char **dumb);
/* AMI of the layers of a result at the RANKS ranks of RANK. ZSC_EINPUT: it has no layers. */
zsc_status zsc_figure_layers(const zsc_result *result, const char *const *rank, size_t ranks, const zsc_styles *styles,
                             const zsc_figure_options *options, char **dumb);
/* Rows in the plane, coloured by the TAXA most frequent taxa of RANK; the result needs rows and reduced vectors. */
zsc_status zsc_figure_scatter(const zsc_result *result, const char *rank, size_t taxa, const zsc_exec *exec,
                              const zsc_styles *styles, const zsc_figure_options *options, char **dumb);
/* The last LEAVES - 1 merges; the result needs rows and linkage. */
zsc_status zsc_figure_dendrogram(const zsc_result *result, const char *rank, size_t leaves, const zsc_styles *styles,
                                 const zsc_figure_options *options, char **dumb);
/* Differences to an encoder (NULL: the best), with intervals; filled marks are differences that hold. GROUP has two
 * encoders or more. ZSC_EINPUT: the baseline is none of them. */
zsc_status zsc_figure_compare(const zsc_compare_group *group, const char *baseline, double level,
                              const zsc_series_set *set, const zsc_styles *styles, const zsc_figure_options *options,
                              char **dumb);
/* AMI at RANK against 1-NN accuracy and against silhouettes, as far as the encoders have them, with Spearman's rank
 * correlation. A warning says which of them some encoders lack; ZSC_EINPUT: there is neither. */
zsc_status zsc_figure_measures(const zsc_measures *measures, const zsc_styles *styles, const char *rank,
                               const zsc_figure_options *options, char **dumb);
/* AMI of the encoders under each condition, and Kendall's tau of their order with that of the base. */
zsc_status zsc_figure_sensitivity(const zsc_conditions *conditions, const zsc_styles *styles,
                                  const zsc_figure_options *options, char **dumb);
/* Seconds by stage and peak memory; time and memory against rows. */
zsc_status zsc_figure_stages(const zsc_results_table *rows, const zsc_series_set *set,
                             const zsc_figure_options *options, char **dumb);
zsc_status zsc_figure_growth(const zsc_results_table *rows, const zsc_styles *styles, const zsc_figure_options *options,
                             char **dumb);

/* --- Of metadata */
/* How many taxa of RANK have how many records, and how many barcodes. */
zsc_status zsc_figure_prevalence(const zsc_prevalence *prevalence, const char *rank, const zsc_figure_options *options,
                                 char **dumb);
/* Taxa by their share of the rows, one column per rank of TREE. */
zsc_status zsc_figure_composition(const zsc_taxon_tree *tree, const zsc_figure_options *options, char **dumb);
/* How many ranks the width has space for; at least 1. */
size_t zsc_figure_composition_ranks(const zsc_figure_options *options);
/* Sites by latitude and longitude; COASTLINE may be NULL. */
zsc_status zsc_figure_map(const zsc_sites *sites, const zsc_coastline *coastline, const zsc_figure_options *options,
                          char **dumb);

#endif
