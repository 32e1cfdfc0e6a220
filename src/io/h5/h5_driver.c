/* The HDF5 file driver for files being written.
 *
 * With HDF5's own drivers a write that fails (full disk, file size limit) leaves the library with data that it can
 * neither write nor drop: closing the file fails, and so does every later attempt, until the end of the process. This
 * driver remembers the first failure and lets the library believe that all is well, so that closing always works; the
 * writer asks for the failure and removes the file. */
#include "io/h5/h5_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if H5_VERSION_GE(1, 14, 0)
#include <H5FDdevelop.h>
#endif

typedef struct driver_info {
    int *failure;
} driver_info;

typedef struct driver_file {
    H5FD_t public; /* HDF5's part comes first */
    int descriptor;
    int *failure; /* errno of the first write that failed */
    haddr_t eoa, eof;
} driver_file;

static H5FD_t *driver_open(const char *name, unsigned flags, hid_t fapl, haddr_t maxaddr)
{
    (void)maxaddr;
    const driver_info *info = H5Pget_driver_info(fapl);
    if (!info) return NULL;
    int mode = (flags & H5F_ACC_RDWR ? O_RDWR : O_RDONLY) | (flags & H5F_ACC_TRUNC ? O_TRUNC : 0) |
               (flags & H5F_ACC_CREAT ? O_CREAT : 0) | O_CLOEXEC;
    int descriptor = open(name, mode, 0666);
    struct stat s;
    driver_file *file = NULL;
    if (descriptor < 0 || fstat(descriptor, &s) != 0 || !(file = calloc(1, sizeof *file))) {
        *info->failure = errno;
        if (descriptor >= 0) close(descriptor);
        return NULL;
    }
    file->descriptor = descriptor;
    file->failure = info->failure;
    file->eof = (haddr_t)s.st_size;
    return &file->public;
}

static void note_failure(driver_file *file)
{
    if (*file->failure == 0) *file->failure = errno ? errno : EIO;
}

static herr_t driver_close(H5FD_t *public)
{
    driver_file *file = (driver_file *)public;
    if (close(file->descriptor) != 0) note_failure(file);
    free(file);
    return 0;
}

static herr_t driver_query(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

static haddr_t driver_get_eoa(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const driver_file *)file)->eoa;
}

static herr_t driver_set_eoa(H5FD_t *file, H5FD_mem_t type, haddr_t address)
{
    (void)type;
    ((driver_file *)file)->eoa = address;
    return 0;
}

static haddr_t driver_get_eof(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const driver_file *)file)->eof;
}

static herr_t driver_read(H5FD_t *public, H5FD_mem_t type, hid_t dxpl, haddr_t address, size_t size, void *buffer)
{
    (void)type, (void)dxpl;
    const driver_file *file = (driver_file *)public;
    char *to = buffer;
    while (size > 0) {
        ssize_t got = pread(file->descriptor, to, size, (off_t)address);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) { /* beyond what was written: zeros, as HDF5 expects of a file with holes */
            memset(to, 0, size);
            break;
        }
        to += got;
        address += (haddr_t)got;
        size -= (size_t)got;
    }
    return 0;
}

static herr_t driver_write(H5FD_t *public, H5FD_mem_t type, hid_t dxpl, haddr_t address, size_t size,
                           const void *buffer)
{
    (void)type, (void)dxpl;
    driver_file *file = (driver_file *)public;
    const char *from = buffer;
    while (size > 0 && *file->failure == 0) {
        errno = 0;
        ssize_t put = pwrite(file->descriptor, from, size, (off_t)address);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) {
            note_failure(file);
            break;
        }
        from += put;
        address += (haddr_t)put;
        size -= (size_t)put;
    }
    if (address > file->eof) file->eof = address;
    return 0;
}

static herr_t driver_truncate(H5FD_t *public, hid_t dxpl, hbool_t closing)
{
    (void)dxpl, (void)closing;
    driver_file *file = (driver_file *)public;
    if (file->eoa == file->eof) return 0;
    if (*file->failure == 0 && ftruncate(file->descriptor, (off_t)file->eoa) != 0) note_failure(file);
    file->eof = file->eoa;
    return 0;
}

static const H5FD_class_t driver_class = {
#if H5_VERSION_GE(1, 14, 0)
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)600,
#endif
    .name = "zsc",
    .maxaddr = ((haddr_t)1 << 62),
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(driver_info),
    .open = driver_open,
    .close = driver_close,
    .query = driver_query,
    .get_eoa = driver_get_eoa,
    .set_eoa = driver_set_eoa,
    .get_eof = driver_get_eof,
    .read = driver_read,
    .write = driver_write,
    .truncate = driver_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

hid_t zsc_h5_driver_access(int *failure)
{
    static hid_t driver = H5I_INVALID_HID;
    if (driver < 0) driver = H5FDregister(&driver_class);
    hid_t fapl = driver < 0 ? H5I_INVALID_HID : H5Pcreate(H5P_FILE_ACCESS);
    driver_info info = {failure};
    if (fapl >= 0 && H5Pset_driver(fapl, driver, &info) < 0) {
        H5Pclose(fapl);
        fapl = H5I_INVALID_HID;
    }
    return fapl;
}
