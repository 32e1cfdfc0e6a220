/* Series as figures and tables show them: labels, colours and markers, order. */
#ifndef ZSC_REPORT_SERIES_H
#define ZSC_REPORT_SERIES_H

#include "experiment/series/run_series.h"
#include "report/figures/looks.h"

typedef struct zsc_series {
    zsc_run_series runs; /* what was counted */
    char *encoders;      /* "a+b" */
    char *name;          /* "ViT-B DINO + HyenaDNA", which several series may share */
    char *label;         /* "ViT-B DINO + HyenaDNA (zscore)" */
    char *modality;      /* "image", "dna", "image+dna" */
    char *architecture, *method;
    zsc_look look; /* its encoders are NULL */
    int order;
    bool one_per_barcode;
    size_t rows; /* of the first run */
} zsc_series;

typedef struct zsc_series_set {
    const char **rank; /* coarse to fine; names belong to the rows */
    size_t ranks;
    /* Image, dna, then others; within, by the styles' order, then by name; all rows before one per barcode. */
    zsc_series *item;
    size_t count;
    bool simulated; /* any of them */
} zsc_series_set;

/* The finest rank of the set (base/nesting.h); NULL: it has none. */
const char *zsc_series_finest(const zsc_series_set *set);

/* ROWS must outlive *out. RANKS (may be empty): these, in this order; else all that have scores. */
zsc_status zsc_series_make(const zsc_results_table *rows, const zsc_styles *styles, const zsc_list *ranks,
                           zsc_series_set *out);
void zsc_series_free(zsc_series_set *set);

/* Adds to TEXT, after *mark, which becomes ", ", in what OWN differs from any of the others: " (all, neighbors 15".
 * Returns in how many settings. */
size_t zsc_append_differences(const zsc_results_row *own, const zsc_results_row *const *other, size_t count,
                              zsc_text *text, const char **mark);

/* "BIN" for dna_bin, else the name with its first letter in upper case, _ as blank. *out is the caller's. */
char *zsc_rank_title(const char *rank);
/* Within a sentence: "BIN" for dna_bin, else the name. */
const char *zsc_rank_word(const char *rank);
/* "Image", "DNA", "Image + DNA", "" */
char *zsc_modality_title(const char *modality);

/* The label of "a+b" by STYLES, LABELS ("la+lb", from the results) where a style is missing; the caller's. */
char *zsc_encoders_label(const zsc_styles *styles, const char *encoders, const char *labels);

/* "ViT-B DINO", with " (one per barcode)" if the run kept one row per barcode; the caller's. */
char *zsc_result_label(const zsc_result *result, const zsc_styles *styles);

/* The label or the architecture of one encoder, by STYLES, else from a run of SET; the caller's. */
char *zsc_encoder_attribute(const zsc_series_set *set, const zsc_styles *styles, const char *encoder,
                            bool architecture);

/* A name in a comparison is "encoder" or "encoder (settings)". The index of a series of the longest encoder that NAME
 * starts with, SIZE_MAX if there is none; and its label, with what the comparison adds (the caller's). */
size_t zsc_series_of_compared(const zsc_series_set *set, const char *name);
char *zsc_compared_name(const zsc_series_set *set, const zsc_styles *styles, const char *name);

#endif
