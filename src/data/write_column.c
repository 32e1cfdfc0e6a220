#include "data/write_column.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

zsc_status zsc_column_write(zsc_h5 *file, const char *object, const zsc_column *column, size_t n)
{
    zsc_status status = ZSC_OK;
    const char **text = NULL;
    ZSC_NEW(text, n);
    for (size_t i = 0; i < n; i++)
        if (column->code[i] >= 0 && (size_t)column->code[i] >= column->levels) {
            status = zsc_fail(ZSC_EUSAGE, "%s: row %zu has code %d, and there are %zu names", object, zsc_number(i),
                              column->code[i], column->levels);
            goto done;
        }
    for (size_t i = 0; i < n; i++) text[i] = column->code[i] < 0 ? "" : column->level[column->code[i]];
    status = zsc_h5_write_strings(file, object, text, n);
done:
    free(text);
    return status;
}
