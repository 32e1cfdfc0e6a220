/* Names by themselves: those that identify nothing, placeholders, and names that are nearly the same. */
#ifndef ZSC_INSPECT_CHECK_NAMES_H
#define ZSC_INSPECT_CHECK_NAMES_H

#include "inspect/check/specimen_codes.h"

/* A name with sp., cf., nr. or aff. as a word, and without a code (a word with a digit). */
bool zsc_is_unidentified(const char *name);
/* A name that begins with a small letter or has a full stop, a digit or "malaise". */
bool zsc_is_placeholder(const char *name);
/* In small letters, without blanks, hyphens, underscores and zeros before a number, into OUT (as long as NAME). */
void zsc_name_key(const char *name, char *out);

/* Compares the names of all ranks; of BINs their spelling only. One-letter differences are looked for among names of
 * five bytes and more without digits that lie in one parent, where one is rare beside the other (one row, or a tenth),
 * by the hashes of what remains without one letter: O(total length). */
zsc_status zsc_check_names(const zsc_specimens *s, zsc_findings *findings);

#endif
