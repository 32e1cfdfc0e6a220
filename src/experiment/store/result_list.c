/* Several results: files, and folders of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/memory.h"
#include "experiment/store/result_read.h"
#include "experiment/store/run_order.h"
#include "zsc/experiment.h"

static zsc_status add_result(const char *path, unsigned what, zsc_result_list *list, size_t *capacity)
{
    zsc_status status = zsc_grow(&list->item, capacity, list->count + 1, sizeof *list->item, "results");
    if (status == ZSC_OK) status = zsc_result_read(path, what, &list->item[list->count]);
    if (status == ZSC_OK) list->count++;
    return status;
}

static zsc_status add_folder(const char *folder, unsigned what, zsc_result_list *list, size_t *capacity)
{
    zsc_list paths = {0};
    zsc_status status = zsc_run_order_list(folder, &paths);
    if (status == ZSC_OK && paths.count == 0)
        status = zsc_fail(ZSC_EINPUT, "folder '%s' holds no results (files named *.h5)", folder);
    for (size_t i = 0; status == ZSC_OK && i < paths.count; i++) {
        bool other = false;
        if (!(what & ZSC_RESULT_RETRIEVAL)) status = zsc_result_is_of_retrieval(paths.item[i], &other);
        if (status == ZSC_OK && !other) status = add_result(paths.item[i], what, list, capacity);
    }
    zsc_list_free(&paths);
    return status;
}

zsc_status zsc_results_read(const char *const *paths, size_t count, unsigned what, zsc_result_list *out)
{
    zsc_status status = ZSC_OK;
    zsc_result_list list = {0};
    size_t capacity = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat s;
        if (stat(paths[i], &s) != 0) {
            status = zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", paths[i], strerror(errno));
            goto done;
        }
        ZSC_TRY(S_ISDIR(s.st_mode) ? add_folder(paths[i], what, &list, &capacity)
                                   : add_result(paths[i], what, &list, &capacity));
    }
    *out = list;
    list = (zsc_result_list){0};
done:
    zsc_results_free(&list);
    return status;
}

void zsc_results_free(zsc_result_list *list)
{
    for (size_t i = 0; i < list->count; i++) zsc_result_free(&list->item[i]);
    free(list->item);
    *list = (zsc_result_list){0};
}
