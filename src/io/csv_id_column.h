/* Which column of a table is likely to hold the ids, where none has the name that was expected. */
#ifndef ZSC_IO_CSV_ID_COLUMN_H
#define ZSC_IO_CSV_ID_COLUMN_H

#include "base/text.h"
#include "zsc/inputs.h"

/* The position in HEADER, the names of PATH's columns, of the likeliest one: its values all differ, and its name says
 * id, file, sample or the like, or else it is the first such. SIZE_MAX: there is none, or PATH cannot be read again. */
size_t zsc_csv_id_column(const char *path, const zsc_table_layout *given, const zsc_list *header);

#endif
