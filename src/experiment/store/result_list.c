/* Several results: files, and folders of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/memory.h"
#include "experiment/store/result_read.h"
#include "experiment/store/results_in_folder.h"
#include "zsc/experiment.h"

typedef struct file_identity {
    dev_t device;
    ino_t inode;
} file_identity;

typedef struct reading {
    zsc_result_list list;
    file_identity *file; /* of each result */
    size_t capacity, file_capacity;
    unsigned what;
} reading;

/* Whether the file is in the list already, by another name or within a folder; *out: which file it is. */
static bool is_read(const reading *r, const char *path, file_identity *out)
{
    struct stat s;
    *out = (file_identity){0};
    if (stat(path, &s) != 0) return false;
    *out = (file_identity){s.st_dev, s.st_ino};
    for (size_t i = 0; i < r->list.count; i++)
        if (r->file[i].device == s.st_dev && r->file[i].inode == s.st_ino) return true;
    return false;
}

static zsc_status add_result(const char *path, reading *r)
{
    zsc_status status = ZSC_OK;
    zsc_result_list *list = &r->list;
    file_identity file;
    if (is_read(r, path, &file)) return ZSC_OK;
    ZSC_TRY(zsc_grow(&list->item, &r->capacity, list->count + 1, sizeof *list->item, "results"));
    ZSC_TRY(zsc_grow(&r->file, &r->file_capacity, list->count + 1, sizeof *r->file, "results"));
    ZSC_TRY(zsc_result_read(path, r->what, &list->item[list->count]));
    r->file[list->count++] = file;
done:
    return status;
}

static zsc_status add_folder(const char *folder, reading *r)
{
    zsc_list paths = {0};
    size_t others = 0;
    unsigned kinds = ZSC_RESULTS_OF_RUNS | (r->what & ZSC_RESULT_RETRIEVAL ? ZSC_RESULTS_OF_QUERIES : 0U);
    zsc_status status = zsc_results_in_folder(folder, kinds, &paths, &others);
    if (status == ZSC_OK && paths.count == 0 && others == 0)
        status = zsc_fail(ZSC_EINPUT, "folder '%s' holds no results (files named *.h5)", folder);
    for (size_t i = 0; status == ZSC_OK && i < paths.count; i++) status = add_result(paths.item[i], r);
    zsc_list_free(&paths);
    return status;
}

zsc_status zsc_results_read(const char *const *paths, size_t count, unsigned what, zsc_result_list *out)
{
    zsc_status status = ZSC_OK;
    reading r = {.what = what};
    for (size_t i = 0; i < count; i++) {
        struct stat s;
        if (stat(paths[i], &s) != 0) {
            status = zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", paths[i], strerror(errno));
            goto done;
        }
        ZSC_TRY(S_ISDIR(s.st_mode) ? add_folder(paths[i], &r) : add_result(paths[i], &r));
    }
    *out = r.list;
    r.list = (zsc_result_list){0};
done:
    free(r.file);
    zsc_results_free(&r.list);
    return status;
}

void zsc_results_free(zsc_result_list *list)
{
    for (size_t i = 0; i < list->count; i++) zsc_result_free(&list->item[i]);
    free(list->item);
    *list = (zsc_result_list){0};
}
