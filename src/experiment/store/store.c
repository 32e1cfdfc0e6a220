#include "experiment/store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "experiment/settings/run_config.h"
#include "experiment/store/result_read.h"
#include "io/files/input_files.h"

zsc_status zsc_store_find_key(const char *folder, const char *key, zsc_result *out, bool *found)
{
    zsc_status status = ZSC_OK;
    bool newer;
    struct stat s;
    *found = false;
    char *path = zsc_asprintf("%s/%s.h5", folder, key);
    if (!path) return ZSC_EINTERNAL;
    if (stat(path, &s) != 0) goto done;
    if (!S_ISREG(s.st_mode)) {
        status = zsc_fail(ZSC_EINPUT, "cannot read or write the result '%s': it is no regular file; move it away",
                          path);
        goto done;
    }
    const unsigned all = ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE |
                         ZSC_RESULT_RETRIEVAL;
    status = zsc_result_read_known(path, all, out, &newer);
    if (status == ZSC_OK && strcmp(out->key, key) != 0) {
        zsc_result_free(out);
        status = zsc_fail(ZSC_EINPUT, "result '%s' has a key that differs from its name", path);
    }
    *found = status == ZSC_OK;
    /* The time of the file is that of the last run that it stood for: of inputs that change back, the current ones. In
     * a store that cannot be written it stays. */
    if (*found) (void)utimensat(AT_FDCWD, path, NULL, 0);
    /* A newer format must not be overwritten; anything else that cannot be read is computed again. */
    if (status == ZSC_EINPUT && !newer) {
        zsc_warn("%s; it is computed again", zsc_error_message());
        status = ZSC_OK;
    }
done:
    free(path);
    return status;
}

zsc_status zsc_store_find(const char *folder, const zsc_run_options *options, const zsc_dataset *data, zsc_result *out,
                          bool *found)
{
    zsc_status status = ZSC_OK;
    char *config = NULL, *key = NULL;
    ZSC_TRY(zsc_config_text(options, data, &config));
    ZSC_TRY(zsc_run_key(config, data, &key));
    ZSC_TRY(zsc_store_find_key(folder, key, out, found));
done:
    free(config);
    free(key);
    return status;
}

static int is_result_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && zsc_text_ends(entry->d_name, ".h5");
}

zsc_status zsc_store_list(const char *folder, zsc_list *paths)
{
    zsc_status status = ZSC_OK;
    struct dirent **entry = NULL;
    int count = scandir(folder, &entry, is_result_name, alphasort);
    if (count < 0) return zsc_fail(ZSC_EINPUT, "cannot read folder '%s': %s", folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        char *path = status == ZSC_OK ? zsc_asprintf("%s/%s", folder, entry[i]->d_name) : NULL;
        if (status == ZSC_OK) status = path ? zsc_input_check_name(path) : ZSC_EINTERNAL;
        if (status == ZSC_OK) status = zsc_list_add(paths, path);
        free(path);
        free(entry[i]);
    }
    free(entry);
    return status;
}
