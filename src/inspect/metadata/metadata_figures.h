/* What figures of metadata show, each read in one pass: how large taxa are, how they nest, where specimens are from.
 * Memory grows with the distinct values. Defined in prevalence.c, taxon_tree.c and coordinates.c. */
#ifndef ZSC_INSPECT_METADATA_FIGURES_H
#define ZSC_INSPECT_METADATA_FIGURES_H

#include "base/names.h"
#include "inspect/metadata/metadata_rows.h"

/* --- Sizes of the taxa of a rank */
typedef struct zsc_size_count {
    size_t size, taxa, at_least; /* how many taxa are of this size, and of this or a larger one */
} zsc_size_count;

typedef struct zsc_size_counts {
    zsc_size_count *item; /* the sizes that occur, ascending */
    size_t count, taxa;
} zsc_size_counts;

typedef struct zsc_prevalence {
    zsc_size_counts records,
        barcodes;                 /* rows of a taxon; its distinct barcodes, in capitals and without N at the end */
    size_t labelled, unlabelled;  /* rows */
    bool has_barcodes, simulated; /* columns: dna_barcode is there; `simulated` says so */
} zsc_prevalence;

/* ZSC_EINPUT: the metadata has no column RANK. 4 + 4 bytes per taxon and 20 / 0.75 per pair of taxon and barcode. */
zsc_status zsc_prevalence_read(const zsc_metadata_source *source, const char *rank, const zsc_exec *exec,
                               zsc_prevalence *out);
void zsc_prevalence_free(zsc_prevalence *prevalence);

/* --- Taxa in taxa */
typedef struct zsc_taxon {
    int32_t parent; /* -1: none, at the first rank */
    int32_t name;   /* among those of its rank; -1: rows without a label */
    size_t rank, rows;
} zsc_taxon;

typedef struct zsc_taxon_tree {
    char **rank;      /* coarse to fine */
    zsc_names *names; /* of each rank */
    size_t ranks, taxa, capacity, rows;
    zsc_taxon *taxon; /* parents come before children; a name in two parents is two taxa */
    bool simulated;
} zsc_taxon_tree;

/* RANKS (COUNT): coarse to fine. ZSC_EINPUT: the metadata lacks one of them. */
zsc_status zsc_taxon_tree_read(const zsc_metadata_source *source, const char *const *ranks, size_t count,
                               const zsc_exec *exec, zsc_taxon_tree *out);
void zsc_taxon_tree_free(zsc_taxon_tree *tree);

/* --- Coordinates */
typedef struct zsc_site {
    double latitude, longitude; /* degrees, -90 .. 90 and -180 .. 180 */
    size_t rows;
} zsc_site;

typedef struct zsc_sites {
    zsc_site *item; /* distinct pairs of coordinates, by first appearance */
    size_t count, capacity;
    size_t rows, missing, refused; /* all rows; those without both coordinates; those out of range or no number */
    bool simulated;
} zsc_sites;

/* Columns coord-lat and coord-lon. ZSC_EINPUT: one is not there, or no row has coordinates. */
zsc_status zsc_sites_read(const zsc_metadata_source *source, const zsc_exec *exec, zsc_sites *out);
void zsc_sites_free(zsc_sites *sites);

#endif
