#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "inspect/check/fix.h"
#include "inspect/metadata/metadata_rewrite.h"
#include "io/files/atomic.h"
#include "io/labels/metadata.h"

typedef struct fix_writer {
    const zsc_metadata_source *source;
    const zsc_specimens *s;
    const zsc_label_fixes *fixes;
    FILE *log;
    int *rank;    /* of each column of the file; -1: none */
    size_t id;    /* column of the ids; SIZE_MAX: none */
    size_t next;  /* the specimen whose row comes next */
    bool is_next; /* the row at hand is that specimen's */
} fix_writer;

static zsc_status find_ranks(void *data, const zsc_list *header)
{
    fix_writer *w = data;
    zsc_status status = ZSC_OK;
    const char *names[ZSC_COLUMN_NAMES];
    ZSC_NEW(w->rank, header->count);
    for (size_t c = 0; c < header->count; c++) w->rank[c] = -1;
    for (size_t r = 0; r < ZSC_CHECK_RANKS; r++) {
        zsc_csv_column column = zsc_metadata_column(w->source->columns, zsc_check_ranks[r], false, names);
        size_t at = zsc_metadata_find(&column, header);
        if (at != SIZE_MAX && w->s->has_rank[r]) w->rank[at] = (int)r;
    }
    zsc_csv_column id = zsc_metadata_column(w->source->columns, "processid", false, names);
    w->id = zsc_metadata_find(&id, header);
done:
    return status;
}

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

static const char *fixed_value(void *data, const zsc_csv_row *row, size_t column)
{
    fix_writer *w = data;
    w->is_next = w->next < w->s->n && w->s->row[w->next] == row->row;
    unsigned char rule = w->is_next && w->rank[column] >= 0 ? w->fixes->rule[w->rank[column]][w->next] : 0;
    if (!rule) return row->field[column];
    const char *to = zsc_specimens_name(w->s, (size_t)w->rank[column], w->next);
    if (strcmp(to, row->field[column]) != 0) write_change(w, row, column, to, rule - 1U);
    return to;
}

static void end_row(void *data)
{
    fix_writer *w = data;
    w->next += w->is_next;
}

zsc_status zsc_fix_write(const zsc_metadata_source *source, const zsc_specimens *s, const zsc_label_fixes *fixes,
                         const char *path, const char *log_path)
{
    zsc_status status = ZSC_OK;
    fix_writer w = {.source = source, .s = s, .fixes = fixes};
    zsc_atomic *log = NULL;
    ZSC_TRY(zsc_atomic_open(log_path, &log));
    w.log = zsc_atomic_stream(log);
    fputs("row,id,column,from,to,rule\n", w.log);
    ZSC_TRY(zsc_metadata_rewrite(
        source, &(zsc_rewriting){.begin = find_ranks, .value = fixed_value, .end_row = end_row, .data = &w}, path));
    status = zsc_atomic_commit(log);
    log = NULL;
done:
    zsc_atomic_abandon(log);
    free(w.rank);
    return status;
}
