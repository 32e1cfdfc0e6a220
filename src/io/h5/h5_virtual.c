/* Virtual datasets, whose rows are those of other files. HDF5 gives the fill value for what it does not find, without a
 * word. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/h5/h5_internal.h"

/* Whether PATH holds OBJECT. */
static bool holds(const char *path, const char *object)
{
    if (access(path, R_OK) != 0) return false;
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t dataset = file < 0 ? H5I_INVALID_HID : H5Dopen2(file, object, H5P_DEFAULT);
    bool found = dataset >= 0;
    zsc_h5_drop(dataset);
    zsc_h5_drop(file);
    return found;
}

/* As HDF5 looks for NAME: beside the file that names it, and as it is. */
static zsc_status find_source(const zsc_h5 *file, const char *name, const char *object, bool *found)
{
    const char *slash = strrchr(file->path, '/');
    *found = holds(name, object);
    if (*found || *name == '/' || !slash) return ZSC_OK;
    char *beside = zsc_asprintf("%.*s/%s", (int)(slash - file->path), file->path, name);
    if (!beside) return ZSC_EINTERNAL;
    *found = holds(beside, object);
    free(beside);
    return ZSC_OK;
}

static zsc_status check_source(zsc_h5 *file, const char *object, hid_t plist, size_t i)
{
    zsc_status status = ZSC_OK;
    ssize_t name_length = H5Pget_virtual_filename(plist, i, NULL, 0);
    ssize_t own_length = H5Pget_virtual_dsetname(plist, i, NULL, 0);
    char *name = NULL, *own = NULL;
    bool found = true;
    if (name_length < 0 || own_length < 0) return zsc_h5_fail(file, object, "read its sources");
    ZSC_NEW(name, (size_t)name_length + 1);
    ZSC_NEW(own, (size_t)own_length + 1);
    H5Pget_virtual_filename(plist, i, name, (size_t)name_length + 1);
    H5Pget_virtual_dsetname(plist, i, own, (size_t)own_length + 1);
    if (strchr(name, '%') || strchr(own, '%')) goto done; /* a pattern of file names, of which some are there */
    if (strcmp(name, ".") == 0)
        found = zsc_h5_has(file, own);
    else
        ZSC_TRY(find_source(file, name, own, &found));
    if (!found)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s:%s' is a virtual dataset and takes rows from '%s:%s', which cannot be read: HDF5 would "
                          "give fill values for them",
                          file->path, object, name, own);
done:
    free(name);
    free(own);
    return status;
}

zsc_status zsc_h5_check_virtual(zsc_h5 *file, const char *object, hid_t dataset)
{
    zsc_status status = ZSC_OK;
    size_t count = 0;
    hid_t plist = H5Dget_create_plist(dataset);
    if (plist < 0 || H5Pget_layout(plist) != H5D_VIRTUAL || getenv("HDF5_VDS_PREFIX")) goto done;
    if (file->virtual_checked && strcmp(file->virtual_checked, object) == 0) goto done;
    if (H5Pget_virtual_count(plist, &count) < 0) {
        status = zsc_h5_fail(file, object, "read its sources");
        goto done;
    }
    for (size_t i = 0; i < count; i++) ZSC_TRY(check_source(file, object, plist, i));
    free(file->virtual_checked);
    file->virtual_checked = strdup(object); /* without memory it is checked again */
done:
    zsc_h5_drop(plist);
    return status;
}
