/* Texts to rows and to codes, for every format of labels. */
#ifndef ZSC_IO_LABEL_CODES_H
#define ZSC_IO_LABEL_CODES_H

#include <stddef.h>
#include <stdint.h>

#include "io/labels/missing_labels.h"
#include "zsc/status.h"

/* A hash table of the rows where texts came first. */
typedef struct zsc_text_lookup {
    char *const *text;
    int32_t *row; /* slots, to be freed; -1: empty */
    size_t slots;
} zsc_text_lookup;

/* For n texts at most, none entered; TEXT must live as long. */
zsc_status zsc_text_lookup_make(char *const *text, size_t n, zsc_text_lookup *lookup);
/* The slot that holds TEXT, or the empty one where it belongs. */
size_t zsc_text_lookup_slot(const zsc_text_lookup *lookup, const char *text);

/* n codes in order of first appearance; missing texts are -1 (MISSING NULL: empty ones alone). */
zsc_status zsc_label_codes(char *const *text, size_t n, const zsc_missing_labels *missing, int32_t *code);

#endif
