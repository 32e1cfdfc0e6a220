#include "cli/also_tables.h"

#include "cli/endings.h"
#include "io/files/atomic.h"

zsc_status cli_also_writes(const zsc_list *files, zsc_list *paths)
{
    zsc_status status = ZSC_OK;
    int format;
    for (size_t i = 0; i < files->count && status == ZSC_OK; i++) {
        status = cli_table_ending(files->item[i], &format);
        if (status == ZSC_OK) status = zsc_list_add(paths, files->item[i]);
    }
    return status;
}

zsc_status cli_also_write(const zsc_table *table, const zsc_list *files)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < files->count && status == ZSC_OK; i++) {
        zsc_atomic *file = NULL;
        int format = 0;
        status = cli_table_ending(files->item[i], &format);
        if (status == ZSC_OK) status = zsc_atomic_open(files->item[i], &file);
        if (status == ZSC_OK) status = zsc_table_write(table, (zsc_table_format)format, zsc_atomic_stream(file));
        if (status == ZSC_OK)
            status = zsc_atomic_commit(file);
        else
            zsc_atomic_abandon(file);
    }
    return status;
}
