#include "experiment/store/results_in_folder.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "experiment/store/run_order.h"
#include "experiment/store/store.h"
#include "io/h5/h5.h"

/* 0: an HDF5 file that is no result. */
static zsc_status kind_of(const char *path, unsigned *out)
{
    zsc_h5 *file = NULL;
    char *kind = NULL;
    int64_t version = 0;
    bool is_hdf5 = false;
    *out = ZSC_RESULTS_OF_RUNS;
    zsc_status status = zsc_h5_is_hdf5(path, &is_hdf5);
    if (status != ZSC_OK || !is_hdf5) return status;
    ZSC_TRY(zsc_h5_open(path, &file));
    ZSC_TRY(zsc_h5_get_int(file, "/", "zsc_result", 0, &version));
    ZSC_TRY(zsc_h5_get_text(file, "/", "kind", "", &kind));
    if (version == 0) *out = 0;
    if (version && strcmp(kind, "retrieval") == 0) *out = ZSC_RESULTS_OF_RETRIEVAL;
    if (version && strcmp(kind, "probe") == 0) *out = ZSC_RESULTS_OF_PROBES;
done:
    zsc_h5_close(file);
    free(kind);
    return status;
}

zsc_status zsc_results_in_folder(const char *folder, unsigned kinds, zsc_list *paths, size_t *others)
{
    zsc_list all = {0}, wanted = {0};
    zsc_status status = zsc_store_list(folder, &all);
    if (status != ZSC_OK) goto done;
    for (size_t i = 0; i < all.count; i++) {
        unsigned kind;
        ZSC_TRY(kind_of(all.item[i], &kind));
        if (kind == 0 && !(kinds & ZSC_RESULTS_QUIETLY))
            zsc_warn("'%s' is not a result of zsc and is left out; move it to another folder", all.item[i]);
        if (kind & kinds) ZSC_TRY(zsc_list_add(&wanted, all.item[i]));
    }
    ZSC_TRY(zsc_run_order_sort(folder, &wanted));
    for (size_t i = 0; i < wanted.count; i++) ZSC_TRY(zsc_list_add(paths, wanted.item[i]));
    if (others) *others = all.count - wanted.count;
done:
    zsc_list_free(&all);
    zsc_list_free(&wanted);
    return status;
}
