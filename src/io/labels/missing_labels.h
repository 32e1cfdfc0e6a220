/* Which texts stand for a missing label: one rule for every file format and every command (doc/formats.md, "Missing
 * labels"). An empty text always does; besides it the words of a list, the user's or the default one. */
#ifndef ZSC_IO_MISSING_LABELS_H
#define ZSC_IO_MISSING_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "zsc/status.h"

typedef struct zsc_missing_labels {
    const char *const *word;
    size_t words;
    bool first[256]; /* bytes that a word begins with */
    zsc_list own;    /* the user's words */
} zsc_missing_labels;

/* LIST: "NA,unknown"; blanks around words do not count, and "" has no words. NULL: the default list. */
zsc_status zsc_missing_labels_make(const char *list, zsc_missing_labels *out);
void zsc_missing_labels_free(zsc_missing_labels *missing);
bool zsc_is_missing(const zsc_missing_labels *missing, const char *text);

/* Whether all texts that are not missing are whole numbers, written as programs write them ("7", "-1", "7.0"), and
 * there is one: -1 among them stands for a missing label, as pandas and scikit-learn have it. */
bool zsc_are_label_numbers(const zsc_missing_labels *missing, char *const *text, size_t n);
bool zsc_is_minus_one(const char *text);

/* The default list alone: for tables of results, whose missing numbers R and pandas write with its words. */
bool zsc_is_missing_by_default(const char *text);

#endif
