/* Running gnuplot on a script of plots/ and a data file. */
#ifndef ZSC_REPORT_GNUPLOT_H
#define ZSC_REPORT_GNUPLOT_H

#include "zsc/status.h"

typedef enum zsc_figure_format {
    ZSC_FIGURE_PDF,
    ZSC_FIGURE_SVG,
    ZSC_FIGURE_PNG,
    ZSC_FIGURE_EPS,
    ZSC_FIGURE_TEX,
    ZSC_FIGURE_DUMB
} zsc_figure_format;

/* By the file name's extension: .pdf .svg .png .eps .tex. ZSC_EUSAGE for any other; the message lists them. */
zsc_status zsc_figure_format_of(const char *path, zsc_figure_format *out);

/* The path of plots/<name>.gp: in $ZSC_PLOTS if that is set; else where zsc is installed; else relative to
 * the running program: beside it, above it, in ../share/zsc. *out is the caller's. ZSC_EINPUT: not found; the message
 * lists the folders that were searched. */
zsc_status zsc_gnuplot_script(const char *name, char **out);

/* gnuplot SCRIPT with the variables data, output, format: no shell, no init files, nothing on stdin. OUTPUT appears
 * whole or not at all; LaTeX has a second file, OUTPUT with the extension .pdf. ZSC_EINPUT: gnuplot (or $ZSC_GNUPLOT)
 * is not installed, is older than 5.4, fails, or draws nothing; the message says what to install and that DATA is kept.
 */
zsc_status zsc_gnuplot_run(const char *script, const char *data, const char *output, zsc_figure_format format);

#endif
