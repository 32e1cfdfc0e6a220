/* What is to be made, and by which commands of zsc: items of the paper, and the steps that they need.
 *
 * A step is a few commands that run one after the other, the files that they read and write, and the steps whose files
 * they read. An item is a table or a figure of the paper with up to two columns: as the paper has it, and, where asked
 * for, as it is sound. A step that several items need is made once. Paths of outputs begin with the output folder.
 *
 * paper_items.h has the items and their commands, paper_choice.h those that are asked for. */
#ifndef ZSC_PAPER_PLAN_H
#define ZSC_PAPER_PLAN_H

#include "base/hash.h"
#include "paper/paper_config.h"

typedef enum zsc_paper_work {                     /* what a step spends its time on, for estimates */
                              ZSC_PAPER_DRAWING,  /* figures and tables of results that are there */
                              ZSC_PAPER_METADATA, /* a pass over the metadata */
                              ZSC_PAPER_SWEEP,    /* zsc sweep */
                              ZSC_PAPER_SEARCH,   /* zsc retrieve */
                              ZSC_PAPER_PROBE     /* zsc probe */
} zsc_paper_work;

typedef struct zsc_paper_command {
    zsc_list words; /* without the program: "stats", "metadata.csv", ... */
} zsc_paper_command;

/* What a step took when it was made last. */
typedef struct zsc_paper_cost {
    double seconds, cpu_seconds; /* negative: not known */
    size_t bytes;                /* the largest of its commands' resident sets; 0: not known */
} zsc_paper_cost;

typedef struct zsc_paper_step {
    char *name; /* of its files of state and messages: "table-2" */
    zsc_paper_work work;
    zsc_paper_command *command;
    size_t commands, command_capacity;
    zsc_list inputs, outputs;              /* files and folders of the user; files that must be there afterwards */
    size_t *after, afters, after_capacity; /* steps before it, by number */
    char *sweep, *sweep_text;              /* of ZSC_PAPER_SWEEP: its file, and what that holds */
    char *results;                         /* of ZSC_PAPER_SWEEP: the folder of its results */
    size_t columns;                        /* of ZSC_PAPER_PROBE: of the vectors */
    bool wanted;                           /* an item that is asked for needs it */
    bool shown;                            /* an item that is shown needs it */
    zsc_digest key; /* of commands, contents of inputs, version, and the keys of steps before it */
    bool ours;      /* what is there of its outputs is as the step made it, and may be replaced */
    bool done;      /* made by this key, now or before */
    char *failure;  /* the message of a command that failed, or of a step before; NULL: none */
    bool partial;   /* a sweep of which only some runs failed: what comes after it can be made of the others */
    char *lacks;    /* it was made without these of the steps before it, which failed; NULL: it has all */
    zsc_paper_cost cost;
} zsc_paper_step;

enum { ZSC_PAPER_PAPER, ZSC_PAPER_SOUND, ZSC_PAPER_COLUMNS };

typedef struct zsc_paper_column {
    bool there;                         /* the item has such a column */
    zsc_list files;                     /* relative to the output folder: tables/table-2.tex, figures/figure-6.pdf */
    size_t *step, steps, step_capacity; /* that make it, the last of all last */
    char *missing;                      /* why it cannot be made; NULL: it can */
    char *without;                      /* what of its inputs is left out; NULL: nothing */
} zsc_paper_column;

typedef struct zsc_paper_item {
    const char *number; /* "A16" */
    bool figure;        /* otherwise a table */
    const char *title, *caption;
    bool wanted; /* it is asked for */
    bool shown;  /* it is wanted, or made already: the page has it */
    zsc_paper_column column[ZSC_PAPER_COLUMNS];
} zsc_paper_item;

typedef struct zsc_paper_options {
    const char *output;          /* folder */
    const zsc_list *only, *skip; /* items by number, "A16" or "figure-A11"; empty: all, none */
    bool sound;                  /* with the second column */
    bool plain;                  /* figures 6 and A11 in zsc's own look */
} zsc_paper_options;

typedef struct zsc_paper_plan {
    const zsc_paper_config *config;
    const zsc_paper_options *options;
    zsc_paper_item *item;
    size_t items, item_capacity;
    zsc_paper_step *step; /* in no order: zsc_paper_steps_in_order */
    size_t steps, step_capacity;
    char *encoder_styles, *probe_styles, *model_styles; /* files of styles, and what they hold */
    char *encoder_styles_text, *probe_styles_text, *model_styles_text;
    size_t generation; /* of the folders of results (paper_state.h) */
    bool others;       /* these may hold results of encoders that the configuration does not name */
} zsc_paper_plan;

void zsc_paper_plan_free(zsc_paper_plan *plan);

/* "Table A16" into BUFFER. */
enum { ZSC_PAPER_NAME = 32 };
const char *zsc_paper_item_name(const zsc_paper_item *item, char buffer[ZSC_PAPER_NAME]);

/* The numbers of the steps of USED[plan->steps] in an order in which they can be made, each behind those before it:
 * order[plan->steps]. USED has the steps before its steps. Returns how many. */
size_t zsc_paper_steps_in_order(const zsc_paper_plan *plan, const bool *used, size_t *order);

/* --- For paper_items.c */
/* *at: the number of the step of that name, which is made if it is not there; *made (may be NULL): it was. */
zsc_status zsc_paper_step_find(zsc_paper_plan *plan, const char *name, zsc_paper_work work, size_t *at, bool *made);
/* Adds a command; words end in NULL. */
zsc_status zsc_paper_step_command(zsc_paper_plan *plan, size_t step, ...) __attribute__((sentinel));
/* Adds words to the last command of the step. */
zsc_status zsc_paper_step_words(zsc_paper_plan *plan, size_t step, ...) __attribute__((sentinel));
zsc_status zsc_paper_step_after(zsc_paper_plan *plan, size_t step, size_t before);

#endif
