/* What was made, for people and for programs: OUT/index.html and OUT/paper.json. */
#ifndef ZSC_PAPER_PAGE_H
#define ZSC_PAPER_PAGE_H

#include "paper/paper_plan.h"
#include "paper/paper_state.h"

/* The page with each item, its caption, the commands that make it, its inputs with their digests, time and memory; of
 * what is not there, why. Each file appears whole or not at all. */
zsc_status zsc_paper_page_write(const zsc_paper_plan *plan, const zsc_paper_state *state);

/* "made", "failed", "missing", "to do" of a column of an item; "" where it has none. */
const char *zsc_paper_column_state(const zsc_paper_plan *plan, const zsc_paper_column *column);
/* The message of the step that failed, or what is missing; NULL: nothing. */
const char *zsc_paper_column_reason(const zsc_paper_plan *plan, const zsc_paper_column *column);
/* What a column that is made lacks: inputs that are not there, steps that failed. The caller's; empty: nothing. */
zsc_status zsc_paper_column_without(const zsc_paper_plan *plan, const zsc_paper_column *column, zsc_text *out);
/* All steps that a column needs, those behind it included, each once: used[plan->steps]. */
void zsc_paper_column_steps(const zsc_paper_plan *plan, const zsc_paper_column *column, bool *used);
/* Which modalities a file of examples is of. */
const char *zsc_paper_pair_title(const char *examples);
/* A command as a shell reads it: zsc stats 'a file.csv'. */
void zsc_paper_command_text(const zsc_paper_command *command, const char *program, zsc_text *out);

#endif
