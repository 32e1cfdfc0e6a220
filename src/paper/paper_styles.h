/* How the encoders and models of a configuration are called and drawn: files of styles, which `--style` takes. */
#ifndef ZSC_PAPER_STYLES_H
#define ZSC_PAPER_STYLES_H

#include "paper/paper_plan.h"

/* Sets paths and texts of the three files of PLAN. An encoder with a built-in style keeps its colour and marker; others
 * get a colour for their pretraining, and a marker and a shade for their architecture. */
zsc_status zsc_paper_styles_make(zsc_paper_plan *plan);

#endif
