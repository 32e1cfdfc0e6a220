#include "inspect/metadata/metadata_rewrite.h"

#include <stdlib.h>

#include "base/memory.h"
#include "io/files/atomic.h"

typedef struct writer {
    const zsc_rewriting *rewriting;
    FILE *out;
    size_t columns; /* with the added one, which is no column of the file */
} writer;

static zsc_status write_row(void *data, const zsc_csv_row *row)
{
    writer *w = data;
    for (size_t c = 0; c < w->columns; c++) {
        if (c) putc_unlocked(',', w->out);
        zsc_csv_write_field(w->out, w->rewriting->value(w->rewriting->data, row, c));
    }
    putc('\n', w->out);
    if (w->rewriting->end_row) w->rewriting->end_row(w->rewriting->data);
    return ZSC_OK;
}

zsc_status zsc_metadata_rewrite(const zsc_metadata_source *source, const zsc_rewriting *rewriting, const char *path)
{
    zsc_status status = ZSC_OK;
    writer w = {.rewriting = rewriting};
    zsc_list header = {0};
    zsc_atomic *out = NULL;
    zsc_csv_column *column = NULL;
    const char *(*names)[2] = NULL;
    size_t columns;
    ZSC_TRY(zsc_csv_header(source->path, source->table, &header, NULL));
    columns = header.count;
    if (rewriting->added) ZSC_TRY(zsc_list_add(&header, rewriting->added));
    w.columns = header.count;
    if (rewriting->begin) ZSC_TRY(rewriting->begin(rewriting->data, &header));
    ZSC_NEW(column, columns);
    ZSC_NEW(names, columns);
    ZSC_TRY(zsc_atomic_open(path, &out));
    w.out = zsc_atomic_stream(out);
    for (size_t c = 0; c < header.count; c++) {
        if (c < columns) {
            names[c][0] = header.item[c];
            column[c] = (zsc_csv_column){names[c], true};
        }
        if (c) putc(',', w.out);
        zsc_csv_write_field(w.out, header.item[c]);
    }
    putc('\n', w.out);
    ZSC_TRY(zsc_csv_read(source->path, source->table, column, columns, NULL, write_row, &w));
    status = zsc_atomic_commit(out);
    out = NULL;
done:
    zsc_atomic_abandon(out);
    zsc_list_free(&header);
    free(column);
    free(names);
    return status;
}
