/* What distinguishes encoders in all figures of a set of results: colour, marker and line. No two share colour and
 * marker. Styles give the look of encoders that have one; others take what is left, in order of their names. */
#ifndef ZSC_REPORT_LOOKS_H
#define ZSC_REPORT_LOOKS_H

#include "experiment/series/results_table.h"
#include "report/figures/styles.h"

/* Looks of all encoders of ROWS, and of pairs "a+b", into styles->looks: all rows of a set of results, before any are
 * left out, so that an encoder looks the same in each figure. */
zsc_status zsc_looks_assign(zsc_styles *styles, const zsc_results_table *rows);
/* The same into *out, for results whose looks nobody assigned; freed with zsc_looks_free. */
zsc_status zsc_looks_make(const zsc_styles *styles, const zsc_results_table *rows, zsc_looks *out);

/* Looks that one figure has taken. Start from {.looks = ...}. */
typedef struct zsc_looks_taken {
    const zsc_looks *looks;
    zsc_look *item;
    size_t count, capacity;
} zsc_looks_taken;

/* The look of "a" or "a+b"; where the figure shows that encoder already (in another setting), its colour with a marker
 * that is free; where all results are of one encoder, a colour and a marker that are free. */
zsc_status zsc_looks_take(zsc_looks_taken *taken, const char *encoders, zsc_look *out);

#endif
