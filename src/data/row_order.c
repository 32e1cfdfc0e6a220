#include "data/row_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "data/dataset_cache.h"
#include "data/split_filter.h"
#include "io/file_layout.h"
#include "io/files/input_files.h"
#include "io/labels/metadata.h"

/* The ids of the rows of a split, in the order of the metadata. */
typedef struct order {
    const char *wanted; /* splits; NULL: all rows */
    zsc_split_filter filter;
    zsc_list ids;
    const zsc_kept_ids *kept; /* by the cache; then the list is empty */
    zsc_digest key;
} order;

typedef struct orders {
    zsc_loading *l;
    zsc_embeddings **file; /* those without ids and parts, each once */
    size_t files, file_capacity;
    order *item;
    size_t count, capacity;
    zsc_known_identity table; /* of the metadata, where there is a cache */
} orders;

static void orders_free(orders *o)
{
    for (size_t i = 0; i < o->count; i++) {
        zsc_split_free(&o->item[i].filter);
        zsc_list_free(&o->item[i].ids);
    }
    free(o->item);
    free(o->file);
}

static bool has_no_ids(const zsc_embeddings *v) { return v->idless && !v->given_id; }

static zsc_status find_files(orders *o, zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    if (!has_no_ids(v)) return ZSC_OK;
    for (size_t i = 0; i < v->parts; i++) ZSC_TRY(find_files(o, v->part[i]));
    if (v->parts > 0) goto done;
    for (size_t i = 0; i < o->files; i++)
        if (o->file[i] == v) goto done;
    ZSC_TRY(zsc_grow(&o->file, &o->file_capacity, o->files + 1, sizeof *o->file, "embeddings"));
    o->file[o->files++] = v;
done:
    return status;
}

static const char *wanted_by(const orders *o, const zsc_embeddings *v)
{
    return o->l->by_row || !v->split_of_name ? o->l->options->split : v->split_of_name;
}

static bool is_same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static order *find(const orders *o, const char *wanted)
{
    for (size_t i = 0; i < o->count; i++)
        if (is_same(o->item[i].wanted, wanted)) return &o->item[i];
    return NULL;
}

/* --- The cache */
static void hash_text(zsc_hash *hash, const char *text)
{
    zsc_hash_add(hash, &(bool){text != NULL}, sizeof(bool));
    zsc_hash_add(hash, text ? text : "", text ? strlen(text) + 1 : 1);
}

static zsc_status make_key(const orders *o, const char *wanted, zsc_digest *key)
{
    const zsc_dataset_options *options = o->l->options;
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_hash_add(hash, &(char){'i'}, 1);
    zsc_hash_add(hash, &o->table.digest, sizeof o->table.digest);
    hash_text(hash, options->metadata);
    hash_text(hash, wanted);
    for (size_t i = 0; i < options->columns.count; i++) hash_text(hash, options->columns.rule[i]);
    zsc_file_layout_hash(hash, &options->file_layout);
    *key = zsc_hash_end(hash);
    return ZSC_OK;
}

static zsc_dataset_cache *cache_of(const orders *o) { return o->table.known ? o->l->cache : NULL; }

static zsc_status add_order(orders *o, const char *wanted)
{
    zsc_status status = ZSC_OK;
    if (find(o, wanted)) return ZSC_OK;
    ZSC_TRY(zsc_grow(&o->item, &o->capacity, o->count + 1, sizeof *o->item, "splits"));
    order *item = &o->item[o->count];
    *item = (order){.wanted = wanted};
    o->count++;
    ZSC_TRY(zsc_split_parse(wanted, &item->filter));
    if (!cache_of(o)) goto done;
    ZSC_TRY(make_key(o, wanted, &item->key));
    item->kept = zsc_dataset_cache_find_ids(o->l->cache, item->key);
done:
    return status;
}

/* --- Reading */
static zsc_status take_id(void *data, const zsc_csv_row *row)
{
    orders *o = data;
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < o->count && status == ZSC_OK; i++) {
        bool wanted = false;
        if (o->item[i].kept) continue;
        status = zsc_split_wants(&o->item[i].filter, row->field[1], &wanted);
        if (status == ZSC_OK && wanted) status = zsc_list_add(&o->item[i].ids, row->field[0]);
    }
    return status;
}

static zsc_status read_ids(orders *o)
{
    zsc_status status = ZSC_OK;
    zsc_loading *l = o->l;
    bool missing = false, split_needed = false;
    for (size_t i = 0; i < o->count; i++) {
        missing = missing || !o->item[i].kept;
        split_needed = split_needed || (!o->item[i].kept && o->item[i].wanted);
    }
    if (!missing) return ZSC_OK;
    const char *ids[ZSC_COLUMN_NAMES], *split[ZSC_COLUMN_NAMES];
    const zsc_csv_column columns[] = {zsc_metadata_column(&l->options->columns, "processid", true, ids),
                                      zsc_metadata_column(&l->options->columns, "split", split_needed, split)};
    ZSC_TRY(zsc_context(zsc_csv_read(l->table, l->table_layout, columns, 2, NULL, take_id, o), "metadata"));
    for (size_t i = 0; i < o->count && cache_of(o); i++)
        if (!o->item[i].kept) zsc_dataset_cache_keep_ids(l->cache, o->item[i].key, &o->item[i].ids);
done:
    return status;
}

/* --- Giving */
static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static zsc_status give_ids(const orders *o, zsc_embeddings *v)
{
    const zsc_loading *l = o->l;
    const order *item = find(o, wanted_by(o, v));
    const char *wanted = item->wanted;
    size_t count = item->kept ? item->kept->count : item->ids.count;
    char **copy = NULL;
    if (count != v->n)
        return zsc_fail(ZSC_EINPUT, "embeddings '%s' have %zu rows and no ids, and metadata '%s' has %zu rows%s%s",
                        v->path, v->n, l->options->metadata, count, wanted ? " of split " : "", wanted ? wanted : "");
    zsc_status status = zsc_strings_copy(item->kept ? item->kept->id : item->ids.item, count, &copy);
    if (status != ZSC_OK) return status;
    if (v->sorted && v->n > 1) qsort(copy, count, sizeof *copy, by_text);
    zsc_embeddings_give_ids(v, copy);
    if (!l->by_row && zsc_dataset_cache_first_mention(l->cache, v->path))
        zsc_note("embeddings '%s' have no ids: their rows are taken in the order of %s%s%s in metadata '%s'", v->path,
                 v->sorted ? "the sorted ids" : "the rows", wanted ? " of split " : "", wanted ? wanted : "",
                 l->options->metadata);
    return ZSC_OK;
}

/* Of several files, those of all parts. */
static zsc_status give_ids_of_parts(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    char **ids = NULL;
    if (!has_no_ids(v) || v->parts == 0) return ZSC_OK;
    for (size_t i = 0; i < v->parts; i++) ZSC_TRY(give_ids_of_parts(v->part[i]));
    ZSC_TRY(v->format->ids(v, &ids));
    zsc_embeddings_give_ids(v, ids);
done:
    return status;
}

zsc_status zsc_order_rows(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    orders o = {.l = l};
    if (!l->options->metadata) return ZSC_OK;
    for (size_t m = 0; m < l->files; m++) ZSC_TRY(find_files(&o, l->file[m]));
    if (o.files == 0) goto parts;
    if (l->cache && !l->own_table) ZSC_TRY(zsc_input_identity(l->options->metadata, &o.table.digest, &o.table.known));
    for (size_t i = 0; i < o.files; i++) ZSC_TRY(add_order(&o, wanted_by(&o, o.file[i])));
    ZSC_TRY(read_ids(&o));
    for (size_t i = 0; i < o.files; i++) ZSC_TRY(give_ids(&o, o.file[i]));
parts:
    for (size_t m = 0; m < l->files; m++) ZSC_TRY(give_ids_of_parts(l->file[m]));
done:
    orders_free(&o);
    return status;
}
