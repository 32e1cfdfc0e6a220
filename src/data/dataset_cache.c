/* A list of entries, each the labels of one set of ids, the ids of one split, or one scaled matrix. There are tens of
 * them, so that they are looked for one by one. An entry that the load under way has used is not thrown out. */
#include "data/dataset_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

typedef struct entry {
    zsc_digest key;
    size_t bytes;
    uint64_t used;            /* the load that used it last */
    zsc_loaded_labels labels; /* of one kind or another */
    char *matrix;             /* floats or doubles, as its key says */
    zsc_kept_ids *ids;
} entry;

struct zsc_dataset_cache {
    entry *item;
    size_t count, capacity, limit;
    uint64_t load;      /* counts them */
    zsc_list mentioned; /* files of which something was said */
    zsc_dataset_cache_use use;
};

zsc_status zsc_dataset_cache_make(size_t bytes, zsc_dataset_cache **out)
{
    zsc_dataset_cache *cache = zsc_calloc(1, sizeof *cache, "a cache");
    if (!cache) return ZSC_EINTERNAL;
    cache->limit = bytes;
    *out = cache;
    return ZSC_OK;
}

static void entry_free(entry *e)
{
    zsc_loaded_labels_free(&e->labels);
    free(e->matrix);
    if (e->ids) free(e->ids->id);
    free(e->ids);
}

void zsc_dataset_cache_free(zsc_dataset_cache *cache)
{
    if (!cache) return;
    for (size_t i = 0; i < cache->count; i++) entry_free(&cache->item[i]);
    zsc_list_free(&cache->mentioned);
    free(cache->item);
    free(cache);
}

zsc_dataset_cache_use zsc_dataset_cache_used(const zsc_dataset_cache *cache) { return cache->use; }

void zsc_dataset_cache_begin(zsc_dataset_cache *cache)
{
    if (cache) cache->load++;
}

bool zsc_dataset_cache_first_mention(zsc_dataset_cache *cache, const char *path)
{
    if (!cache) return true;
    if (zsc_list_has(&cache->mentioned, path)) return false;
    if (zsc_list_add(&cache->mentioned, path) != ZSC_OK) zsc_error_clear(); /* it is said again */
    return true;
}

static entry *find(zsc_dataset_cache *cache, zsc_digest key)
{
    for (size_t i = 0; i < cache->count; i++) {
        entry *e = &cache->item[i];
        if (e->key.high != key.high || e->key.low != key.low) continue;
        e->used = cache->load;
        return e;
    }
    return NULL;
}

/* Space for BYTES more: false where they cannot be had without what the load under way uses. */
static bool make_space(zsc_dataset_cache *cache, size_t bytes)
{
    if (bytes > cache->limit) return false;
    while (cache->use.bytes > cache->limit - bytes) {
        entry *oldest = NULL;
        for (size_t i = 0; i < cache->count; i++)
            if (cache->item[i].used < cache->load && (!oldest || cache->item[i].used < oldest->used))
                oldest = &cache->item[i];
        if (!oldest) return false;
        cache->use.bytes -= oldest->bytes;
        entry_free(oldest);
        *oldest = cache->item[--cache->count];
    }
    return true;
}

/* NULL where it does not fit, or there is no memory: then nothing is kept, which is no failure. */
static entry *add(zsc_dataset_cache *cache, zsc_digest key, size_t bytes)
{
    if (!make_space(cache, bytes)) return NULL;
    if (zsc_grow(&cache->item, &cache->capacity, cache->count + 1, sizeof *cache->item, "a cache") != ZSC_OK)
        return NULL;
    entry *e = &cache->item[cache->count++];
    *e = (entry){.key = key, .bytes = bytes, .used = cache->load};
    cache->use.bytes += bytes;
    if (cache->use.bytes > cache->use.most) cache->use.most = cache->use.bytes;
    return e;
}

/* --- Labels */
const zsc_loaded_labels *zsc_dataset_cache_find_labels(zsc_dataset_cache *cache, zsc_digest key)
{
    entry *e = cache ? find(cache, key) : NULL;
    if (!e) return NULL;
    cache->use.labels_taken++;
    return &e->labels;
}

static size_t labels_bytes(const zsc_loaded_labels *labels, size_t n)
{
    size_t bytes = n * (labels->barcode ? sizeof *labels->barcode : 0) + n;
    for (size_t i = 0; i < labels->columns; i++) {
        const zsc_label_column *c = &labels->column[i];
        bytes += n * sizeof *c->code + c->names.capacity + c->names.offset_capacity * sizeof *c->names.offset +
                 c->names.slots * sizeof *c->names.slot;
    }
    return bytes;
}

bool zsc_dataset_cache_keep_labels(zsc_dataset_cache *cache, zsc_digest key, const zsc_loaded_labels *labels, size_t n)
{
    if (!cache) return false;
    cache->use.labels_read++;
    entry *e = add(cache, key, labels_bytes(labels, n));
    if (e) e->labels = *labels;
    return e != NULL;
}

/* --- Ids */
const zsc_kept_ids *zsc_dataset_cache_find_ids(zsc_dataset_cache *cache, zsc_digest key)
{
    entry *e = cache ? find(cache, key) : NULL;
    return e ? e->ids : NULL;
}

void zsc_dataset_cache_keep_ids(zsc_dataset_cache *cache, zsc_digest key, const zsc_list *ids)
{
    size_t bytes = sizeof(zsc_kept_ids);
    for (size_t i = 0; i < ids->count; i++) bytes += sizeof(char *) + strlen(ids->item[i]) + 1;
    if (!cache || !make_space(cache, bytes)) return;
    zsc_kept_ids *kept = zsc_calloc(1, sizeof *kept, "a cache");
    entry *e = kept && zsc_strings_copy(ids->item, ids->count, &kept->id) == ZSC_OK ? add(cache, key, bytes) : NULL;
    if (!e) {
        if (kept) free(kept->id);
        free(kept);
        zsc_error_clear();
        return;
    }
    kept->count = ids->count;
    e->ids = kept;
}

/* --- Matrices */
/* The bytes of row i. */
static char *row_of(const zsc_matrix_block *x, size_t i)
{
    return x->f64 ? (char *)(x->f64 + i * x->stride) : (char *)(x->f32 + i * x->stride);
}

bool zsc_dataset_cache_take_matrix(zsc_dataset_cache *cache, zsc_digest key, zsc_matrix_block to)
{
    const entry *e = cache ? find(cache, key) : NULL;
    if (!e) return false;
    size_t row = to.d * zsc_matrix_number_bytes(&to);
    for (size_t i = 0; i < to.n; i++) memcpy(row_of(&to, i), e->matrix + i * row, row);
    cache->use.matrices_taken++;
    return true;
}

void zsc_dataset_cache_keep_matrix(zsc_dataset_cache *cache, zsc_digest key, zsc_matrix_block x)
{
    if (!cache) return;
    size_t row = x.d * zsc_matrix_number_bytes(&x);
    cache->use.matrices_read++;
    if (!make_space(cache, x.n * row)) return;
    char *copy = zsc_malloc(x.n, row, "a cached matrix");
    entry *e = copy ? add(cache, key, x.n * row) : NULL;
    if (!e) {
        free(copy);
        return;
    }
    for (size_t i = 0; i < x.n; i++) memcpy(copy + i * row, row_of(&x, i), row);
    e->matrix = copy;
}
