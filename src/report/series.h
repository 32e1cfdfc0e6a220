/* Rows of results put together: one series an encoder (or pair) and way of running it, one point a rank, over seeds. */
#ifndef ZSC_REPORT_SERIES_H
#define ZSC_REPORT_SERIES_H

#include <stdint.h>

#include "base/text.h"
#include "report/tidy.h"
#include "report/styles.h"

typedef struct zsc_point {
    size_t n;                         /* runs with a score here; 0: none */
    double mean, sd;                  /* of AMI, fractions; sd 0 with one run */
    double low, high;                 /* least and greatest */
    size_t scored, classes, clusters; /* of the first run */
} zsc_point;

typedef struct zsc_series {
    char *encoders; /* "a+b" */
    char *label;    /* "ViT-B DINO + HyenaDNA (zscore)" */
    char *modality; /* "image", "dna", "image+dna" */
    char *architecture, *method, *colour;
    int marker, order;
    bool one_per_barcode, simulated;
    size_t rows;                        /* of the first run */
    const zsc_tidy_row *first, *widest; /* of its rows: the first, and one of the run with the most ranks */
    const zsc_tidy_row *known;          /* one that knows its matrix, else the first */
    const char *finished;               /* the newest run of it: */
    int64_t used;                       /* the newest time of its files, ns; 0: there are none */
    zsc_point *point;                   /* ranks */
} zsc_series;

typedef struct zsc_series_set {
    const char **rank; /* coarse to fine; names belong to the rows */
    size_t ranks;
    zsc_series *
        item; /* image, dna, then others; within, by the styles' order, then by name; all rows before one per barcode */
    size_t count;
    bool simulated; /* any of them */
} zsc_series_set;

/* ROWS must outlive *out. RANKS (may be empty): these, in this order; else those that there are. */
zsc_status zsc_series_make(const zsc_tidy *rows, const zsc_styles *styles, const zsc_list *ranks, zsc_series_set *out);
void zsc_series_free(zsc_series_set *set);

/* Keeps rows that satisfy all of WHERE ("column=value" of the tidy form; a value may be a|b for either), ENCODERS
 * (names; empty: all; an entry "a+b" is a pair) and ROWS (0 all and one per barcode, 1 all, 2 one per barcode).
 * ZSC_EINPUT: none is left. */
zsc_status zsc_tidy_filter(zsc_tidy *rows, const zsc_list *where, const zsc_list *encoders, int which);

/* "BIN" for dna_bin, else the name with its first letter in upper case, _ as blank. *out is the caller's. */
char *zsc_rank_title(const char *rank);
/* "Image", "DNA", "Image + DNA", "" */
char *zsc_modality_title(const char *modality);

/* The label of "a+b" by STYLES, LABELS ("la+lb", from the results) where a style is missing; the caller's. */
char *zsc_encoders_label(const zsc_styles *styles, const char *encoders, const char *labels);

/* The label or the architecture of one encoder, by STYLES or else as a run of SET says; the caller's. */
char *zsc_encoder_attribute(const zsc_series_set *set, const zsc_styles *styles, const char *encoder,
                            bool architecture);

#endif
