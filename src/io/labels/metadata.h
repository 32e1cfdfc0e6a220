/* What the columns of metadata are called: zsc's own names, those of BOLD's data packages, and the user's. */
#ifndef ZSC_IO_METADATA_H
#define ZSC_IO_METADATA_H

#include "io/text/csv.h"
#include "zsc/inputs.h"
#include "zsc/ranks.h"

enum {
    ZSC_COLUMN_NAMES = 4 /* with the NULL at the end */,
    ZSC_LONGEST_COLUMN = 100 /* bytes of a name of the user's */
};

/* The column that zsc calls NAME, to be asked for in zsc_csv_read; NAMES must live as long. A name of the user's must
 * be there; otherwise REQUIRED says. COLUMNS may be NULL. */
zsc_csv_column zsc_metadata_column(const zsc_columns *columns, const char *name, bool required,
                                   const char *names[ZSC_COLUMN_NAMES]);
/* Which name of the HEADER that column is, SIZE_MAX: none. A name in the same case comes first. */
size_t zsc_metadata_find(const zsc_csv_column *column, const zsc_list *header);
/* Each rule is NAME=COLUMN, and no name has two; METADATA must be there for them. ZSC_EUSAGE. */
zsc_status zsc_columns_check(const zsc_columns *columns, const char *metadata);
/* Whether a column of this name has a meaning that is no rank: ids, split, barcode, BIN. */
bool zsc_metadata_is_known(const char *name);
/* Whether a rule says which column NAME is. */
bool zsc_columns_rename(const zsc_columns *columns, const char *name);
/* The names that rules have and zsc does not: ranks of the user's. */
zsc_status zsc_columns_own(const zsc_columns *columns, zsc_list *out);

#endif
