#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "inspect/check/fix.h"
#include "io/files/atomic.h"
#include "io/labels/metadata.h"

typedef struct fix_writer {
    const zsc_specimens *s;
    const zsc_label_fixes *fixes;
    FILE *out, *log;
    size_t columns;
    int *rank;   /* of each column of the file; -1: none */
    size_t id;   /* column of the ids; SIZE_MAX: none */
    size_t next; /* the specimen whose row comes next */
} fix_writer;

static void write_change(const fix_writer *w, const zsc_csv_row *row, size_t column, const char *to, size_t rule)
{
    fprintf(w->log, "%zu,", row->row);
    zsc_csv_write_field(w->log, w->id == SIZE_MAX ? "" : row->field[w->id]);
    fprintf(w->log, ",%s,", zsc_check_ranks[w->rank[column]]);
    zsc_csv_write_field(w->log, row->field[column]);
    putc(',', w->log);
    zsc_csv_write_field(w->log, to);
    fprintf(w->log, ",%s\n", zsc_rules[rule].name);
}

static zsc_status write_row(void *data, const zsc_csv_row *row)
{
    fix_writer *w = data;
    const zsc_specimens *s = w->s;
    bool kept = w->next < s->n && s->row[w->next] == row->row;
    for (size_t c = 0; c < w->columns; c++) {
        const char *value = row->field[c];
        unsigned char rule = kept && w->rank[c] >= 0 ? w->fixes->rule[w->rank[c]][w->next] : 0;
        if (rule) {
            const char *to = zsc_specimens_name(s, (size_t)w->rank[c], w->next);
            if (strcmp(to, value) != 0) write_change(w, row, c, to, rule - 1U);
            value = to;
        }
        if (c) putc(',', w->out);
        zsc_csv_write_field(w->out, value);
    }
    putc('\n', w->out);
    w->next += kept;
    return ZSC_OK;
}

static zsc_status find_ranks(const zsc_metadata_source *source, const zsc_list *header, fix_writer *w)
{
    const char *names[ZSC_COLUMN_NAMES];
    for (size_t c = 0; c < header->count; c++) w->rank[c] = -1;
    for (size_t r = 0; r < ZSC_CHECK_RANKS; r++) {
        zsc_csv_column column = zsc_metadata_column(source->columns, zsc_check_ranks[r], false, names);
        size_t at = zsc_metadata_find(&column, header);
        if (at != SIZE_MAX && w->s->has_rank[r]) w->rank[at] = (int)r;
    }
    zsc_csv_column id = zsc_metadata_column(source->columns, "processid", false, names);
    w->id = zsc_metadata_find(&id, header);
    return ZSC_OK;
}

zsc_status zsc_fix_write(const zsc_metadata_source *source, const zsc_specimens *s, const zsc_label_fixes *fixes,
                         const char *path, const char *log_path)
{
    zsc_status status = ZSC_OK;
    fix_writer w = {.s = s, .fixes = fixes};
    zsc_list header = {0};
    zsc_atomic *out = NULL, *log = NULL;
    zsc_csv_column *column = NULL;
    const char *(*names)[2] = NULL;
    ZSC_TRY(zsc_csv_header(source->path, source->table, &header, NULL));
    w.columns = header.count;
    ZSC_NEW(w.rank, header.count);
    ZSC_NEW(column, header.count);
    ZSC_NEW(names, header.count);
    ZSC_TRY(find_ranks(source, &header, &w));
    ZSC_TRY(zsc_atomic_open(path, &out));
    ZSC_TRY(zsc_atomic_open(log_path, &log));
    w.out = zsc_atomic_stream(out);
    w.log = zsc_atomic_stream(log);
    for (size_t c = 0; c < header.count; c++) {
        names[c][0] = header.item[c];
        column[c] = (zsc_csv_column){names[c], true};
        if (c) putc(',', w.out);
        zsc_csv_write_field(w.out, header.item[c]);
    }
    putc('\n', w.out);
    fputs("row,id,column,from,to,rule\n", w.log);
    ZSC_TRY(zsc_csv_read(source->path, source->table, column, header.count, NULL, write_row, &w));
    status = zsc_atomic_commit(log);
    log = NULL;
    if (status == ZSC_OK)
        status = zsc_atomic_commit(out);
    else
        zsc_atomic_abandon(out);
    out = NULL;
done:
    zsc_atomic_abandon(out);
    zsc_atomic_abandon(log);
    zsc_list_free(&header);
    free(w.rank);
    free(column);
    free(names);
    return status;
}
