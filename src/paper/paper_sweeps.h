/* The sweep files of the clusterings. */
#ifndef ZSC_PAPER_SWEEPS_H
#define ZSC_PAPER_SWEEPS_H

#include "paper/paper_plan.h"

typedef enum zsc_paper_sweep {
    ZSC_PAPER_ALL_ROWS,        /* Figure 6: each encoder alone; both columns */
    ZSC_PAPER_ONE_PER_BARCODE, /* Figure A11: with one row per barcode; both columns */
    ZSC_PAPER_PAIRS,           /* Table A16: pairs, z-scores within each split */
    ZSC_PAPER_PAIRS_SOUND      /* the same with z-scores of all rows, several seeds, and missing labels left out */
} zsc_paper_sweep;

/* The step that carries out the sweep. */
zsc_status zsc_paper_sweep_step(zsc_paper_plan *plan, zsc_paper_sweep kind, size_t *at);

/* *out: the encoders that are there, and with PAIRS their pairs, joined with commas, where the folder of results may
 * hold others; NULL where it does not. The caller's. */
zsc_status zsc_paper_encoders_listed(const zsc_paper_plan *plan, bool pairs, char **out);

#endif
