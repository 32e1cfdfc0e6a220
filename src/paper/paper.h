/* The figures and tables of a paper, whole, from one configuration: `zsc paper`. */
#ifndef ZSC_PAPER_H
#define ZSC_PAPER_H

#include "io/files/lock.h"
#include "paper/paper_run.h"

/* Everything of one run. */
typedef struct zsc_paper {
    zsc_paper_config config;
    zsc_paper_state state;
    zsc_paper_plan plan;
    zsc_lock *lock; /* on what is made, against another process that makes the same; NULL: nothing is made */
} zsc_paper;

/* Reads the configuration and the inputs' digests, and plans. RUN: what is to be carried out, so that what will be
 * needed is put into the output folder: sweep files, styles, commands.sh; it waits while another process makes the same
 * part there. NULL: nothing is written. ZSC_EINPUT also where the folder holds files and is none of zsc paper's, unless
 * FORCE; with FORCE, no step counts as done. OPTIONS must live on. */
zsc_status zsc_paper_open(const char *path, const zsc_paper_options *options, const zsc_paper_run_options *run,
                          bool force, const zsc_exec *exec, zsc_paper *out);
void zsc_paper_close(zsc_paper *paper);

/* Carries it out, and writes the page, also where steps failed or the user interrupted. Status as zsc_paper_run;
 * ZSC_EPARTIAL also where an input that the configuration names is not there. */
zsc_status zsc_paper_make(zsc_paper *paper, const zsc_paper_run_options *options, const zsc_exec *exec,
                          zsc_paper_report *report);

#endif
