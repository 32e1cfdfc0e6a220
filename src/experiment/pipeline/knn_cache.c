/* One file per neighbour search (io/knn_file.h), named by the key of what made it (stage_key.h), which it holds. */
#include "experiment/pipeline/knn_cache.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/value.h"
#include "experiment/settings/choices.h"
#include "io/files/atomic.h"
#include "io/knn_file.h"

static char *cache_path(const char *folder, zsc_digest key)
{
    char text[ZSC_DIGEST_TEXT];
    return zsc_asprintf("%s/knn-%s.h5", folder, zsc_digest_text(key, text));
}

static zsc_status read_knn(const char *path, zsc_digest key, size_t n, size_t k, zsc_knn *out)
{
    zsc_status status = ZSC_OK;
    zsc_knn_file file = {0};
    char text[ZSC_DIGEST_TEXT];
    int method = ZSC_KNN_AUTO;
    ZSC_TRY(zsc_knn_file_read(path, n, &file));
    if (strcmp(file.key, zsc_digest_text(key, text)) != 0)
        status = zsc_fail(ZSC_EINPUT, "cached neighbours '%s' carry another key than their name", path);
    else if (file.k != k)
        status = zsc_fail(ZSC_EINPUT, "cached neighbours '%s': %zu per row, expected %zu", path, file.k, k);
    else
        status = zsc_context(zsc_value_choice(&(zsc_value_owner){"attribute ", "search", ZSC_EINPUT}, file.search,
                                              ZSC_KNN_CHOICES, &method),
                             "cached neighbours '%s'", path);
    if (status != ZSC_OK) goto done;
    *out = (zsc_knn){.n = n,
                     .k = k,
                     .index = file.index,
                     .distance = file.distance,
                     .method = (zsc_knn_method)method,
                     .distinct = file.distinct};
    file.index = NULL;
    file.distance = NULL;
done:
    zsc_knn_file_free(&file);
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
    const zsc_knn *knn = &keyed->knn;
    char key[ZSC_DIGEST_TEXT], search[16], *path = NULL;
    if (!folder || !knn->index || keyed->on_disk) return ZSC_OK;
    zsc_digest_text(keyed->key, key);
    zsc_value_choice_text(ZSC_KNN_CHOICES, (int)knn->method, search, sizeof search);
    const zsc_knn_file file = {.n = knn->n,
                               .k = knn->k,
                               .index = knn->index,
                               .distance = knn->distance,
                               .distinct = knn->distinct,
                               .search = search,
                               .key = key};
    ZSC_TRY(zsc_make_folder(folder));
    if (!(path = cache_path(folder, keyed->key))) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_knn_file_write(path, &file));
    keyed->on_disk = true;
done:
    free(path);
    return status;
}
