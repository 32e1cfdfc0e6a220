/* One HDF5 file per neighbour search: /knn/index, /knn/distance, and attributes: their checksum, and the key of what
 * made them (stage_key.h), which is also the file's name. */
#include "experiment/knn_cache.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/atomic.h"
#include "io/h5/h5.h"

static char *cache_path(const char *folder, zsc_digest key)
{
    char text[ZSC_DIGEST_TEXT];
    return zsc_asprintf("%s/knn-%s.h5", folder, zsc_digest_text(key, text));
}

static zsc_status checksum(const zsc_knn *knn, char text[ZSC_DIGEST_TEXT])
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_hash_add(hash, knn->index, knn->n * knn->k * sizeof *knn->index);
    zsc_hash_add(hash, knn->distance, knn->n * knn->k * sizeof *knn->distance);
    zsc_digest_text(zsc_hash_end(hash), text);
    return ZSC_OK;
}

static zsc_status check_key(const char *path, zsc_h5 *file, zsc_digest key)
{
    char text[ZSC_DIGEST_TEXT], *stored = NULL;
    zsc_status status = zsc_h5_get_text(file, "/knn", "key", "", &stored);
    if (status == ZSC_OK && strcmp(stored, zsc_digest_text(key, text)) != 0)
        status = zsc_fail(ZSC_EINPUT, "cached neighbours '%s' carry another key than their name", path);
    free(stored);
    return status;
}

static zsc_status read_knn(const char *path, zsc_digest key, size_t n, size_t k, zsc_knn *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    zsc_knn knn = {.n = n, .k = k};
    zsc_h5_info index, distance;
    const size_t shape[2] = {n, k};
    char text[ZSC_DIGEST_TEXT], *stored = NULL;
    int64_t method, distinct;
    ZSC_TRY(zsc_h5_open(path, &file));
    ZSC_TRY(check_key(path, file, key));
    ZSC_TRY(zsc_h5_stat(file, "/knn/index", &index));
    ZSC_TRY(zsc_h5_stat(file, "/knn/distance", &distance));
    if (index.rank != 2 || index.shape[0] != n || index.shape[1] != k || distance.rank != 2 || distance.shape[0] != n ||
        distance.shape[1] != k) {
        status = zsc_fail(ZSC_EINPUT, "cached neighbours '%s' have the wrong shape", path);
        goto done;
    }
    ZSC_NEW_RAW(knn.index, n * k);
    ZSC_NEW_RAW(knn.distance, n * k);
    ZSC_TRY(zsc_h5_read(file, "/knn/index", ZSC_H5_I32, 2, shape, knn.index));
    ZSC_TRY(zsc_h5_read(file, "/knn/distance", ZSC_H5_F32, 2, shape, knn.distance));
    ZSC_TRY(zsc_h5_get_int(file, "/knn", "method", ZSC_KNN_EXACT, &method));
    ZSC_TRY(zsc_h5_get_int(file, "/knn", "distinct", (int64_t)n, &distinct));
    ZSC_TRY(zsc_h5_get_text(file, "/knn", "checksum", "", &stored));
    ZSC_TRY(checksum(&knn, text));
    if (strcmp(stored, text) != 0) {
        status = zsc_fail(ZSC_EINPUT, "cached neighbours '%s' are damaged", path);
        goto done;
    }
    knn.method = (zsc_knn_method)method;
    knn.distinct = (size_t)distinct;
    *out = knn;
    knn = (zsc_knn){0};
done:
    free(stored);
    zsc_knn_free(&knn);
    zsc_h5_close(file);
    return status;
}

zsc_status zsc_knn_cache_find(const char *folder, const zsc_run_options *o, const zsc_dataset *data, zsc_keyed_knn *out)
{
    if (!folder) return ZSC_OK;
    zsc_keyed_knn found = {.key = zsc_stage_key_knn_of(o, data), .on_disk = true};
    char *path = cache_path(folder, found.key);
    if (!path) return ZSC_EINTERNAL;
    if (access(path, R_OK) == 0) {
        if (read_knn(path, found.key, data->n, o->umap.n_neighbors, &found.knn) == ZSC_OK)
            *out = found;
        else
            zsc_warn("%s; they are computed again", zsc_error_message());
    }
    free(path);
    return ZSC_OK;
}

zsc_status zsc_knn_cache_store(const char *folder, zsc_keyed_knn *keyed)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    const zsc_knn *knn = &keyed->knn;
    char text[ZSC_DIGEST_TEXT], *path = NULL;
    size_t shape[2] = {knn->n, knn->k};
    if (!folder || !knn->index || keyed->on_disk) return ZSC_OK;
    ZSC_TRY(zsc_make_folder(folder));
    if (!(path = cache_path(folder, keyed->key))) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_h5_create(path, &file));
    ZSC_TRY(zsc_h5_write(file, "/knn/index", ZSC_H5_I32, 2, shape, knn->index));
    ZSC_TRY(zsc_h5_write(file, "/knn/distance", ZSC_H5_F32, 2, shape, knn->distance));
    ZSC_TRY(zsc_h5_set_int(file, "/knn", "method", knn->method));
    ZSC_TRY(zsc_h5_set_int(file, "/knn", "distinct", (int64_t)knn->distinct));
    ZSC_TRY(zsc_h5_set_text(file, "/knn", "key", zsc_digest_text(keyed->key, text)));
    ZSC_TRY(checksum(knn, text));
    ZSC_TRY(zsc_h5_set_text(file, "/knn", "checksum", text));
    zsc_h5 *whole = file;
    file = NULL;
    ZSC_TRY(zsc_h5_commit(whole));
    keyed->on_disk = true;
done:
    zsc_h5_close(file);
    free(path);
    return status;
}
