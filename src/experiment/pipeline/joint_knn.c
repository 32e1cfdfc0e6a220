#include "experiment/pipeline/joint_knn.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "data/matrix_digest.h"

typedef struct batch {
    const char **spec; /* of each part */
    zsc_knn_features *part;
    zsc_dataset_cache *cache;
    const char *unreadable;
    size_t parts, rows, columns;
    char **id; /* of the first part; the others must have the same */
    size_t *set_offset, *set_part;
} batch;

bool zsc_joint_knn_eligible(const zsc_run_options *o)
{
    const zsc_dataset_options *d = &o->data;
    for (size_t i = 1; i < d->embedding_count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(d->embeddings[i], d->embeddings[j]) == 0) return false; /* a sum takes each part once */
    return o->reduce == ZSC_REDUCE_UMAP && o->umap.metric == ZSC_EUCLIDEAN && o->umap.knn != ZSC_KNN_APPROX;
}

bool zsc_joint_knn_worthwhile(const zsc_run_options *o, const zsc_run_options *const *others, size_t count)
{
    bool worthwhile = o->data.embedding_count > 1;
    for (size_t i = 0; i < count && !worthwhile; i++)
        for (size_t m = 0; m < others[i]->data.embedding_count && others[i]->data.embedding_count > 1 && !worthwhile;
             m++)
            worthwhile = strcmp(others[i]->data.embeddings[m], o->data.embeddings[0]) == 0;
    return worthwhile;
}

static size_t part_of(const batch *b, const char *spec)
{
    size_t p = 0;
    while (p < b->parts && strcmp(b->spec[p], spec) != 0) p++;
    return p;
}

static zsc_status list_parts(batch *b, const zsc_run_options *const *options, size_t count)
{
    zsc_status status = ZSC_OK;
    size_t total = 0;
    for (size_t i = 0; i < count; i++) total += options[i]->data.embedding_count;
    ZSC_NEW(b->spec, total);
    ZSC_NEW(b->part, total);
    ZSC_NEW(b->set_part, total);
    ZSC_NEW(b->set_offset, count + 1);
    for (size_t i = 0; i < count; i++) {
        const zsc_dataset_options *d = &options[i]->data;
        for (size_t m = 0; m < d->embedding_count; m++) {
            size_t p = part_of(b, d->embeddings[m]);
            if (p == b->parts) b->spec[b->parts++] = d->embeddings[m];
            b->set_part[b->set_offset[i] + m] = p;
        }
        b->set_offset[i + 1] = b->set_offset[i] + d->embedding_count;
    }
done:
    return status;
}

static bool same_ids(const batch *b, const zsc_dataset *data)
{
    if (data->n != b->rows) return false;
    for (size_t i = 0; i < b->rows; i++)
        if (strcmp(data->id[i], b->id[i]) != 0) return false;
    return true;
}

/* Loads one part as the run would: same rows, same scaling. *fits is false where its rows are not those of the first,
 * or where it cannot be used. */
static zsc_status load_part(batch *b, size_t p, const zsc_run_options *o, bool rows_only, const zsc_exec *exec,
                            bool *fits)
{
    zsc_dataset_options one = o->data;
    zsc_dataset data = {0};
    one.embeddings = &b->spec[p];
    one.embedding_count = 1;
    one.rows_only = rows_only;
    zsc_status status = zsc_dataset_load_with(&one, exec, b->cache, &data);
    if (status == ZSC_EINTERRUPTED) return status;
    if (status != ZSC_OK) { /* the run itself will say what is wrong */
        zsc_error_clear();
        b->unreadable = b->spec[p];
        *fits = false;
        return ZSC_OK;
    }
    if (!b->id) {
        b->id = data.id;
        b->rows = data.n;
        data.id = NULL;
    } else {
        *fits = same_ids(b, &data);
    }
    b->part[p].d = data.d;
    b->columns += rows_only ? data.d : 0;
    free((void *)b->part[p].x);
    b->part[p].x = data.x;
    data.x = NULL;
    zsc_dataset_free(&data);
    return ZSC_OK;
}

/* Rows first, without matrices: whether the parts go together, and whether they fit. */
static zsc_status fits_together(batch *b, const zsc_run_options *const *options, size_t count, const zsc_exec *exec,
                                bool *fits)
{
    const zsc_run_options *o = options[0];
    size_t neighbors = o->umap.n_neighbors;
    zsc_status status = ZSC_OK;
    *fits = true;
    for (size_t p = 0; p < b->parts && *fits; p++) {
        status = load_part(b, p, o, true, exec, fits);
        if (status != ZSC_OK) return status;
    }
    for (size_t i = 0; i < count && *fits; i++) {
        size_t d = 0;
        for (size_t m = b->set_offset[i]; m < b->set_offset[i + 1]; m++) d += b->part[b->set_part[m]].d;
        const zsc_umap_options *u = &options[i]->umap;
        zsc_knn_options k = {.neighbors = u->n_neighbors, .metric = u->metric, .method = u->knn};
        *fits = k.neighbors == neighbors && b->rows >= k.neighbors && k.metric == ZSC_EUCLIDEAN &&
                zsc_knn_choose(b->rows, d, &k, exec) == ZSC_KNN_EXACT;
    }
    if (*fits) {
        size_t bytes = b->rows * b->columns * sizeof(float) +
                       zsc_knn_joint_memory(b->part, b->parts, b->rows, count, neighbors, exec);
        *fits = zsc_memory_expect(exec, bytes, bytes, "the neighbours of all inputs at once") == ZSC_OK;
        if (!*fits) zsc_detail("%s: inputs are searched one by one", zsc_error_message());
    }
    return ZSC_OK;
}

/* The key that the run of input i will ask for, from the matrices that were searched. */
static zsc_status key_of(const batch *b, size_t i, const zsc_run_options *o, zsc_digest *key)
{
    zsc_status status = ZSC_OK;
    size_t first = b->set_offset[i], blocks = b->set_offset[i + 1] - first, d = 0;
    zsc_column_block *block = NULL;
    zsc_hash *hash = NULL;
    ZSC_NEW(block, blocks);
    if (!(hash = zsc_hash_begin())) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    for (size_t m = 0; m < blocks; m++) {
        const zsc_knn_features *part = &b->part[b->set_part[first + m]];
        block[m] = (zsc_column_block){part->x, part->d};
        d += part->d;
    }
    zsc_matrix_digest_add(hash, block, blocks, b->rows);
    *key = zsc_stage_key_knn(o, zsc_hash_end(hash), b->rows, d);
done:
    free(block);
    return status;
}

static void batch_free(batch *b)
{
    for (size_t p = 0; b->part && p < b->parts; p++) free((void *)b->part[p].x);
    for (size_t i = 0; b->id && i < b->rows; i++) free(b->id[i]);
    free(b->id);
    free(b->spec);
    free(b->part);
    free(b->set_offset);
    free(b->set_part);
}

zsc_status zsc_joint_knn_search(const zsc_run_options *const *options, size_t count, const zsc_exec *exec,
                                zsc_dataset_cache *cache, zsc_keyed_knn *out, const char **unreadable)
{
    zsc_status status = ZSC_OK;
    batch b = {.cache = cache};
    zsc_knn *found = NULL;
    bool fits = true;
    double began = zsc_clock();
    ZSC_TRY(list_parts(&b, options, count));
    ZSC_TRY(fits_together(&b, options, count, exec, &fits));
    for (size_t p = 0; p < b.parts && fits; p++) ZSC_TRY(load_part(&b, p, options[0], false, exec, &fits));
    if (fits) {
        ZSC_NEW(found, count);
        const zsc_exec held = zsc_memory_hold(exec, b.rows * b.columns * sizeof(float));
        ZSC_TRY(zsc_knn_search_joint(b.part, b.parts, b.rows, b.set_offset, b.set_part, count,
                                     options[0]->umap.n_neighbors, &held, found));
        for (size_t i = 0; i < count; i++) {
            out[i].knn = found[i]; /* the caller's, also when a key cannot be made */
            found[i] = (zsc_knn){0};
        }
        for (size_t i = 0; i < count; i++) ZSC_TRY(key_of(&b, i, options[i], &out[i].key));
        zsc_note_progress("neighbours of %zu inputs made of %zu embeddings: %.1f s", count, b.parts,
                          zsc_clock() - began);
    }
done:
    *unreadable = b.unreadable;
    free(found);
    batch_free(&b);
    return status;
}
