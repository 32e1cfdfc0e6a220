/* Metadata with what the rules resolve, and a log of every change: for `zsc check --fix`. Defined in fix_labels.c and
 * fix_write.c. */
#ifndef ZSC_INSPECT_FIX_H
#define ZSC_INSPECT_FIX_H

#include "inspect/check/specimen_codes.h"

typedef struct zsc_label_fixes {
    unsigned char *rule[ZSC_CHECK_RANKS]; /* [n]: 1 + the rule by which the label of a row changed; 0: it did not */
    size_t changes;                       /* labels */
    size_t settings, rounds;              /* how often a label was set, and all rules applied */
    bool settled;                         /* the rules change nothing any more */
} zsc_label_fixes;

/* Changes the codes of SPECIMENS by these rules, in this order and again until none of them changes anything:
 *   not-identified    the name is removed
 *   similar-names     spellings that differ in case, blanks or zeros become the most frequent one
 *   barcode-conflict  from coarse to fine: nine rows of ten with one name, and the others take it and lose what is
 *                     finer; otherwise all rows of the barcode lose the name and what is finer
 *   barcode-depth     rows without a name take the only one of their barcode
 *   two-parents       nine rows of ten in one parent, and the others move there
 *   hole              the only parent of the name elsewhere; a genus may also be a species' first word
 * What the rules do not resolve stays. */
zsc_status zsc_fix_labels(zsc_specimens *specimens, zsc_label_fixes *out);
void zsc_label_fixes_free(zsc_label_fixes *fixes);

/* Writes all rows and columns of the metadata as CSV with the labels of SPECIMENS where they changed, and the log (row,
 * id, column, from, to, rule) as CSV. Both appear whole or not at all. */
zsc_status zsc_fix_write(const zsc_metadata_source *source, const zsc_specimens *specimens,
                         const zsc_label_fixes *fixes, const char *path, const char *log_path);

#endif
