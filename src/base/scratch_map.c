#define _GNU_SOURCE /* O_TMPFILE */
#include "base/scratch_map.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"

enum { TMPFS = 0x01021994 }; /* statfs(2) */
static const unsigned long RAMFS = 0x858458f6;

static bool is_in_memory(int file)
{
    struct statfs s;
    return fstatfs(file, &s) == 0 &&
           ((unsigned long)s.f_type == (unsigned long)TMPFS || (unsigned long)s.f_type == RAMFS);
}

/* A file without a name; -1 and errno. */
static int open_nameless(const char *folder)
{
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return file;
    char *name = zsc_asprintf("%s/zsc-map-XXXXXX", folder); /* of a file system without such files */
    if (!name) return -1;
    if ((file = mkostemp(name, O_CLOEXEC)) >= 0) unlink(name);
    free(name);
    return file;
}

static zsc_status no_space(int file, const char *folder, size_t bytes, const char *what)
{
    char need[ZSC_BYTES_TEXT], have[ZSC_BYTES_TEXT];
    struct statvfs s = {0};
    fstatvfs(file, &s);
    return zsc_fail(ZSC_EINPUT, "%s needs %s in folder '%s', where %s are free; name another folder", what,
                    zsc_bytes_text((double)bytes, need), folder,
                    zsc_bytes_text((double)s.f_bavail * (double)s.f_frsize, have));
}

zsc_status zsc_scratch_map(const char *folder, size_t bytes, const char *what, void **out)
{
    zsc_status status = ZSC_OK;
    int error;
    int file = open_nameless(folder);
    if (file < 0)
        return zsc_fail(ZSC_EINPUT, "cannot keep %s in a file in folder '%s': %s", what, folder, strerror(errno));
    if (is_in_memory(file)) {
        status = zsc_fail(ZSC_EUSAGE, "folder '%s' is in memory itself (tmpfs), which saves none; name one on a disk",
                          folder);
        goto done;
    }
    error = bytes > (size_t)INTPTR_MAX ? EFBIG : posix_fallocate(file, 0, (off_t)bytes);
    if (error == ENOSPC || error == EFBIG) {
        status = no_space(file, folder, bytes, what);
        goto done;
    }
    *out = error ? MAP_FAILED : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (*out == MAP_FAILED) {
        *out = NULL;
        status = zsc_fail(ZSC_EINPUT, "cannot map %s to a file in folder '%s': %s", what, folder,
                          strerror(error ? error : errno));
    }
done:
    close(file); /* the mapping keeps it */
    return status;
}

void zsc_scratch_unmap(void *memory, size_t bytes)
{
    if (memory) munmap(memory, bytes);
}
