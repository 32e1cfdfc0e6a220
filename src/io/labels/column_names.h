/* zsc's own names of columns, whatever their case in a file or an option: ranks, split, dna_barcode. A file's "Species"
 * is species; a name that is none of these is its own. */
#ifndef ZSC_IO_COLUMN_NAMES_H
#define ZSC_IO_COLUMN_NAMES_H

#include <stdbool.h>

#include "base/nesting.h"

const char *zsc_known_column(const char *name); /* "species" for "Species"; NULL: none of zsc's */
const char *zsc_column_name(const char *name);  /* the same, or NAME */
bool zsc_is_rank_column(const char *name);      /* not the split and the barcode */

#endif
