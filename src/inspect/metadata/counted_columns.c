#include "inspect/metadata/counted_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/barcode_digest.h"
#include "io/labels/metadata.h"

static zsc_status add_name(zsc_counted_columns *c, const char *name, size_t *at)
{
    for (*at = 0; *at < c->names.count; (*at)++)
        if (strcmp(c->names.item[*at], name) == 0) return ZSC_OK;
    return zsc_list_add(&c->names, name);
}

static zsc_status add_column(zsc_counted_columns *c, const zsc_counted_column *column)
{
    zsc_status status = add_name(c, column->first, &c->first[c->columns]);
    if (status == ZSC_OK && column->second) status = add_name(c, column->second, &c->second[c->columns]);
    if (status == ZSC_OK) c->column[c->columns++] = *column;
    return status;
}

static zsc_status nothing_to_count(const zsc_metadata_source *source, const zsc_counted_column *list, size_t count)
{
    zsc_text names = {0};
    for (size_t i = 0; i < count; i++)
        if (list[i].as == ZSC_COUNTED_PLAIN) zsc_text_printf(&names, "%s%s", i ? ", " : "", list[i].name);
    zsc_status status = names.failed
                            ? ZSC_EINTERNAL
                            : zsc_fail(
                                  ZSC_EINPUT,
                                  "'%s' has none of the columns %s; say which column is meant, as in --column %s=NAME",
                                  source->path, names.data, list[0].name);
    free(names.data);
    return status;
}

/* The names that the user's rules have. */
static zsc_status list_named(const zsc_columns *columns, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < columns->count && status == ZSC_OK; i++) {
        char *name = zsc_strndup(columns->rule[i], strcspn(columns->rule[i], "="));
        status = name ? zsc_list_add(out, name) : ZSC_EINTERNAL;
        free(name);
    }
    return status;
}

zsc_status zsc_counted_columns_make(const zsc_metadata_source *source, const zsc_counted_column *list, size_t count,
                                    bool by_split, zsc_counted_columns *out)
{
    zsc_status status = ZSC_OK;
    zsc_counted_columns c = {0};
    const char **name = NULL;
    bool *present = NULL, split;
    size_t most;
    ZSC_TRY(zsc_columns_check(source->columns, source->path));
    ZSC_TRY(list_named(source->columns, &c.own));
    most = count + c.own.count;
    ZSC_NEW(c.column, most);
    ZSC_NEW(c.counts, most);
    ZSC_NEW(c.first, most);
    ZSC_NEW(c.second, most);
    ZSC_NEW(c.digest, most);
    ZSC_NEW(name, 2 * count);
    ZSC_NEW(present, 2 * count);
    for (size_t i = 0; i < count; i++) {
        name[2 * i] = list[i].first;
        name[2 * i + 1] = list[i].second ? list[i].second : list[i].first;
    }
    ZSC_TRY(zsc_metadata_present(source, name, 2 * count, present, &split));
    for (size_t i = 0; i < count; i++)
        if (present[2 * i] && present[2 * i + 1]) ZSC_TRY(add_column(&c, &list[i]));
    for (size_t i = 0; i < c.own.count; i++) {
        bool known = strcmp(c.own.item[i], "split") == 0 && (by_split || source->split);
        for (size_t k = 0; k < c.columns; k++) known = known || strcmp(c.column[k].first, c.own.item[i]) == 0;
        if (!known)
            ZSC_TRY(add_column(&c, &(zsc_counted_column){c.own.item[i], c.own.item[i], NULL, ZSC_COUNTED_PLAIN}));
    }
    if (c.columns == 0) ZSC_TRY(nothing_to_count(source, list, count));
    for (size_t i = 0; i < c.columns; i++) c.counts[i].by_split = by_split;
    *out = c;
    c = (zsc_counted_columns){0};
done:
    zsc_counted_columns_free(&c);
    free(name);
    free(present);
    return status;
}

void zsc_counted_columns_free(zsc_counted_columns *c)
{
    for (size_t i = 0; i < c->columns; i++) zsc_value_counts_free(&c->counts[i]);
    free(c->column);
    free(c->counts);
    free(c->first);
    free(c->second);
    free(c->digest);
    zsc_list_free(&c->names);
    zsc_list_free(&c->own);
    free(c->scratch.data);
    *c = (zsc_counted_columns){0};
}

/* {0, 0}: missing. */
static zsc_digest digest_of(zsc_counted_columns *c, size_t i, const zsc_metadata_row *row)
{
    size_t a = c->first[i], b = c->second[i];
    if (row->length[a] == 0 || (c->column[i].as == ZSC_COUNTED_PAIR && row->length[b] == 0)) return (zsc_digest){0, 0};
    if (c->column[i].as == ZSC_COUNTED_TRIMMED)
        return zsc_barcode_digest(row->value[a], row->length[a], 0, &c->scratch);
    if (c->column[i].as == ZSC_COUNTED_PLAIN) return zsc_hash_bytes(row->value[a], row->length[a]);
    c->scratch.length = 0;
    zsc_text_append_n(&c->scratch, row->value[a], row->length[a]);
    zsc_text_append_n(&c->scratch, "\n", 1);
    zsc_text_append_n(&c->scratch, row->value[b], row->length[b]);
    return c->scratch.failed ? (zsc_digest){0, 0} : zsc_hash_bytes(c->scratch.data, c->scratch.length);
}

zsc_status zsc_counted_columns_add(zsc_counted_columns *c, const zsc_metadata_row *row, unsigned split)
{
    c->rows++;
    for (size_t i = 0; i < c->columns; i++) {
        c->digest[i] = digest_of(c, i, row);
        if (c->scratch.failed) return ZSC_EINTERNAL;
        zsc_digest_numbers_prefetch(&c->counts[i].values, c->digest[i]);
    }
    for (size_t i = 0; i < c->columns; i++) {
        if (!c->digest[i].high && !c->digest[i].low) {
            c->counts[i].missing++;
            continue;
        }
        zsc_status status = zsc_value_counts_add(&c->counts[i], c->digest[i], split);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}
