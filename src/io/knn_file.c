#include "io/knn_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "io/h5/h5.h"

static zsc_status checksum(const zsc_knn_file *f, char text[ZSC_DIGEST_TEXT])
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_hash_add(hash, f->index, f->n * f->k * sizeof *f->index);
    zsc_hash_add(hash, f->distance, f->n * f->k * sizeof *f->distance);
    zsc_digest_text(zsc_hash_end(hash), text);
    return ZSC_OK;
}

/* --- Writing */
static zsc_status set_text(zsc_h5 *h5, const char *name, const char *text)
{
    return text && *text ? zsc_h5_set_text(h5, "/knn", name, text) : ZSC_OK;
}

zsc_status zsc_knn_file_write(const char *path, const zsc_knn_file *f)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *h5 = NULL;
    const size_t shape[2] = {f->n, f->k};
    char sum[ZSC_DIGEST_TEXT];
    ZSC_TRY(checksum(f, sum));
    ZSC_TRY(zsc_h5_create(path, &h5));
    if (f->id) ZSC_TRY(zsc_h5_write_strings(h5, "/id", (const char *const *)f->id, f->n));
    ZSC_TRY(zsc_h5_write(h5, "/knn/index", ZSC_H5_I32, 2, shape, f->index));
    ZSC_TRY(zsc_h5_write(h5, "/knn/distance", ZSC_H5_F32, 2, shape, f->distance));
    ZSC_TRY(set_text(h5, "metric", f->metric));
    ZSC_TRY(set_text(h5, "search", f->search));
    if (f->key_id) ZSC_TRY(zsc_h5_write_strings(h5, "/key_id", (const char *const *)f->key_id, f->keys));
    ZSC_TRY(set_text(h5, "matrix", f->matrix));
    ZSC_TRY(set_text(h5, "queries", f->queries));
    ZSC_TRY(set_text(h5, "key", f->key));
    ZSC_TRY(set_text(h5, "checksum", sum));
    ZSC_TRY(zsc_h5_set_int(h5, "/knn", "distinct", (int64_t)f->distinct));
    ZSC_TRY(zsc_h5_set_int(h5, "/knn", "simulated", f->simulated));
    zsc_h5 *whole = h5;
    h5 = NULL;
    status = zsc_h5_commit(whole);
done:
    zsc_h5_close(h5);
    return status;
}

/* --- Reading */
/* `search`, or the number that was written in its place once. */
static zsc_status read_search(zsc_h5 *h5, char **out)
{
    static const char *const numbered[] = {"auto", "exact", "approx"};
    int64_t method = -1;
    zsc_status status = zsc_h5_get_text(h5, "/knn", "search", "", out);
    if (status != ZSC_OK || **out) return status;
    status = zsc_h5_get_int(h5, "/knn", "method", -1, &method);
    if (status != ZSC_OK || method < 1 || method > 2) return status;
    free(*out);
    *out = zsc_strdup(numbered[method]);
    return *out ? ZSC_OK : ZSC_EINTERNAL;
}

static zsc_status read_attributes(zsc_h5 *h5, zsc_knn_file *f)
{
    zsc_status status = ZSC_OK;
    int64_t distinct, simulated;
    ZSC_TRY(zsc_h5_get_text(h5, "/knn", "metric", "", &f->metric));
    ZSC_TRY(read_search(h5, &f->search));
    ZSC_TRY(zsc_h5_get_text(h5, "/knn", "matrix", "", &f->matrix));
    ZSC_TRY(zsc_h5_get_text(h5, "/knn", "key", "", &f->key));
    ZSC_TRY(zsc_h5_get_int(h5, "/knn", "distinct", (int64_t)f->n, &distinct));
    ZSC_TRY(zsc_h5_get_int(h5, "/knn", "simulated", 0, &simulated));
    f->distinct = distinct < 0 || (size_t)distinct > f->n ? f->n : (size_t)distinct;
    f->simulated = simulated != 0;
done:
    return status;
}

static zsc_status read_ids(zsc_h5 *h5, zsc_knn_file *f)
{
    size_t count = 0;
    if (!zsc_h5_has(h5, "/id")) return ZSC_OK;
    zsc_status status = zsc_h5_read_all_strings(h5, "/id", &f->id, &count);
    if (status != ZSC_OK || count == f->n) return status;
    return zsc_fail(ZSC_EINPUT, "'%s': /id has %zu rows, and /knn/index %zu", zsc_h5_path(h5), count, f->n);
}

static zsc_status check_sum(zsc_h5 *h5, const zsc_knn_file *f)
{
    char own[ZSC_DIGEST_TEXT], *stored = NULL;
    zsc_status status = checksum(f, own);
    if (status == ZSC_OK) status = zsc_h5_get_text(h5, "/knn", "checksum", "", &stored);
    if (status == ZSC_OK && *stored && strcmp(stored, own) != 0)
        status = zsc_fail(ZSC_EINPUT, "the neighbours in '%s' are damaged: they have another checksum than was stored",
                          zsc_h5_path(h5));
    free(stored);
    return status;
}

static zsc_status refuse_queries(zsc_h5 *h5)
{
    char *queries = NULL;
    zsc_status status = zsc_h5_get_text(h5, "/knn", "queries", "", &queries);
    if (status == ZSC_OK && *queries)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' holds the nearest keys of queries (zsc knn --queries); expected the neighbours of rows "
                          "among themselves",
                          zsc_h5_path(h5));
    free(queries);
    return status;
}

zsc_status zsc_knn_file_read(const char *path, size_t n, zsc_knn_file *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *h5 = NULL;
    zsc_knn_file f = {.n = n};
    size_t again = 0;
    ZSC_TRY(zsc_h5_open(path, &h5));
    ZSC_TRY(zsc_h5_table_columns(h5, "/knn/index", n, &f.k));
    ZSC_TRY(zsc_h5_table_columns(h5, "/knn/distance", n, &again));
    ZSC_TRY(refuse_queries(h5));
    if (f.k != again) {
        status = zsc_fail(ZSC_EINPUT, "'%s': /knn/index has %zu columns, and /knn/distance %zu", path, f.k, again);
        goto done;
    }
    const size_t shape[2] = {n, f.k};
    ZSC_TRY(read_attributes(h5, &f));
    ZSC_TRY(read_ids(h5, &f));
    ZSC_NEW_RAW(f.index, n * f.k);
    ZSC_NEW_RAW(f.distance, n * f.k);
    ZSC_TRY(zsc_h5_read(h5, "/knn/index", ZSC_H5_I32, 2, shape, f.index));
    ZSC_TRY(zsc_h5_read(h5, "/knn/distance", ZSC_H5_F32, 2, shape, f.distance));
    ZSC_TRY(check_sum(h5, &f));
    *out = f;
    f = (zsc_knn_file){0};
done:
    zsc_knn_file_free(&f);
    zsc_h5_close(h5);
    return status;
}

void zsc_knn_file_free(zsc_knn_file *f)
{
    free(f->index);
    free(f->distance);
    free(f->id);
    free(f->metric);
    free(f->search);
    free(f->matrix);
    free(f->key);
    *f = (zsc_knn_file){0};
}
