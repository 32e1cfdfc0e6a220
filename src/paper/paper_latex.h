/* What was made, as one LaTeX document: OUT/paper.tex. */
#ifndef ZSC_PAPER_LATEX_H
#define ZSC_PAPER_LATEX_H

#include "paper/paper_plan.h"

/* Takes in tables/...tex and figures/...pdf by their paths within the output folder, in the order of the items and with
 * the paper's numbers; what is not there is said in words. Pictures of examples are those that zsc_paper_page_write has
 * copied. Compiled in the output folder by pdflatex or lualatex, with booktabs, graphicx and, where it is there,
 * lmodern. The file appears whole or not at all. ZSC_EINPUT: examples cannot be read, the file cannot be written. */
zsc_status zsc_paper_latex_write(const zsc_paper_plan *plan);

#endif
