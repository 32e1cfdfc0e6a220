/* HDF5 files: open, create, commit, close. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/files/atomic.h"
#include "io/h5/h5_driver.h"
#include "io/files/foreign_files.h"
#include "io/h5/h5_internal.h"
#include "zsc/zsc.h"

const char *zsc_h5_path(const zsc_h5 *file) { return file->path; }

const char *zsc_h5_library_version(void)
{
    static char text[32];
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    snprintf(text, sizeof text, "%u.%u.%u", major, minor, release);
    return text;
}

/* --- Files */
static zsc_status check_readable(const char *path)
{
    struct stat s;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe does not wait for a writer */
    if (descriptor < 0) {
        int saved = errno;
        return saved == ENOENT ? zsc_fail(ZSC_EINPUT, "no such file: '%s'", path)
                               : zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(saved));
    }
    int failed = fstat(descriptor, &s);
    close(descriptor);
    if (failed || S_ISDIR(s.st_mode)) return zsc_fail(ZSC_EINPUT, "cannot read '%s': it is a folder", path);
    if (!S_ISREG(s.st_mode))
        return zsc_fail(ZSC_EINPUT, "cannot read '%s' as HDF5: it is a pipe or a device; a regular file is expected",
                        path);
    if (s.st_size == 0) return zsc_fail(ZSC_EINPUT, "'%s' is empty", path);
    if (H5Fis_hdf5(path) > 0) return ZSC_OK;
    zsc_status status = zsc_refuse_foreign(path, "an HDF5 file");
    return status == ZSC_OK ? zsc_fail(ZSC_EINPUT, "'%s' is not an HDF5 file", path) : status;
}

zsc_status zsc_h5_is_hdf5(const char *path, bool *out)
{
    struct stat s;
    *out = false;
    if (stat(path, &s) != 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? ZSC_OK
                   : zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(errno));
    if (S_ISDIR(s.st_mode)) return ZSC_OK;
    if (!S_ISREG(s.st_mode))
        return zsc_fail(ZSC_EINPUT,
                        "cannot read '%s': it is a pipe or a device; embeddings are read from a regular file: write it "
                        "to one first",
                        path);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    char byte;
    if (descriptor < 0 || read(descriptor, &byte, 1) < 0) { /* which HDF5 would only call "no HDF5 file" */
        int saved = errno;
        if (descriptor >= 0) close(descriptor);
        return zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(saved));
    }
    close(descriptor);
    zsc_h5_begin();
    htri_t is = H5Fis_hdf5(path);
    if (is < 0 && zsc_h5_lacks_memory())
        return zsc_fail(ZSC_EINTERNAL, "out of memory: '%s': HDF5 cannot look at it", path);
    *out = is > 0;
    return ZSC_OK;
}

static zsc_status explain_open(const char *path)
{
    char text[256];
    unsigned long long is = 0, should = 0;
    zsc_h5_reason(text);
    if (zsc_h5_lacks_memory())
        return zsc_fail(ZSC_EINTERNAL, "out of memory: '%s': HDF5 cannot open it: %s", path, text);
    const char *stored = strstr(text, "stored_eof"), *eof = strstr(text, "eof = ");
    if (strstr(text, "truncated")) {
        if (eof) sscanf(eof, "eof = %llu", &is);
        if (stored) sscanf(stored, "stored_eof = %llu", &should);
        return is && should ? zsc_fail(ZSC_EINPUT, "'%s' is truncated: it has %llu bytes of %llu", path, is, should)
                            : zsc_fail(ZSC_EINPUT, "'%s' is truncated", path);
    }
    return zsc_fail(ZSC_EINPUT, "'%s' is damaged or in use: %s", path, text);
}

zsc_status zsc_h5_open(const char *path, zsc_h5 **out)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    zsc_h5_begin();
    ZSC_TRY(check_readable(path));
    ZSC_NEW(file, 1);
    file->id = H5I_INVALID_HID;
    if (!(file->path = zsc_strdup(path))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    if ((file->id = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT)) < 0) {
        status = explain_open(path);
        goto done;
    }
    file->verify = zsc_h5_verify;
    *out = file;
    file = NULL;
done:
    zsc_h5_close(file);
    return status;
}

zsc_status zsc_h5_create(const char *path, zsc_h5 **out)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    hid_t access = H5I_INVALID_HID;
    zsc_h5_begin();
    ZSC_NEW(file, 1);
    file->id = H5I_INVALID_HID;
    if (!(file->path = zsc_strdup(path))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_atomic_name(path, false, &file->temporary));
    access = zsc_h5_driver_access(&file->failure);
    if (access < 0 || (file->id = H5Fcreate(file->temporary, H5F_ACC_TRUNC, H5P_DEFAULT, access)) < 0) {
        status = zsc_h5_fail(file, NULL, "create it");
        goto done;
    }
    ZSC_TRY(zsc_h5_set_text(file, "/", "zsc", zsc_version()));
    *out = file;
    file = NULL;
done:
    zsc_h5_drop(access);
    zsc_h5_close(file);
    return status;
}

static zsc_status let_go(zsc_h5 *file)
{
    if (file->id < 0 || file->closed) return ZSC_OK;
    file->closed = true;
    return H5Fclose(file->id) < 0 ? zsc_h5_fail(file, NULL, "close it") : zsc_h5_written(file);
}

zsc_status zsc_h5_commit(zsc_h5 *file)
{
    zsc_status status = let_go(file);
    if (status == ZSC_OK) {
        status = zsc_atomic_rename(file->temporary, file->path);
        free(file->temporary);
        file->temporary = NULL;
    }
    zsc_h5_close(file);
    return status;
}

void zsc_h5_close(zsc_h5 *file)
{
    if (!file) return;
    let_go(file);
    if (file->temporary) zsc_atomic_drop(file->temporary);
    zsc_h5_checksums_free(file);
    free(file->virtual_checked);
    for (size_t i = 0; i < sizeof file->described / sizeof *file->described; i++) free(file->described[i].object);
    free(file->temporary);
    free(file->path);
    free(file);
}
