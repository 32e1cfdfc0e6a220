#include "io/files/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/threads.h"
#include "io/files/atomic.h"

struct zsc_lock {
    char *path;
    int descriptor;
};

/* Whether the descriptor is still the file of that name: whoever had the lock before removed its file. */
static bool is_current(const zsc_lock *lock)
{
    struct stat own, there;
    return fstat(lock->descriptor, &own) == 0 && stat(lock->path, &there) == 0 && own.st_dev == there.st_dev &&
           own.st_ino == there.st_ino;
}

static zsc_status wait_for(const zsc_lock *lock, const char *path, const zsc_exec *exec)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    for (bool said = false; flock(lock->descriptor, LOCK_EX | LOCK_NB) != 0;) {
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK) {
            zsc_detail("cannot lock '%s': %s", lock->path, strerror(errno));
            return ZSC_OK;
        }
        if (!said) zsc_note("waiting: another process is writing '%s'", path);
        said = true;
        if (!zsc_progress(exec, "waiting", 0, 1)) return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        nanosleep(&pause, NULL);
    }
    return ZSC_OK;
}

zsc_status zsc_lock_take(const char *path, const zsc_exec *exec, zsc_lock **out)
{
    zsc_status status = ZSC_OK;
    zsc_lock *lock = NULL;
    char *file = NULL;
    if (!zsc_output_is_file(path)) return ZSC_OK;
    ZSC_NEW(lock, 1);
    lock->descriptor = -1;
    ZSC_TRY(zsc_output_target(path, &file));
    const char *slash = strrchr(file, '/'),
               *name = slash ? slash + 1 : file; /* hidden: no part of a folder of inputs */
    if (!(lock->path = zsc_asprintf("%.*s.%s.lock", (int)(name - file), file, name))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    do {
        if (lock->descriptor >= 0) close(lock->descriptor);
        if ((lock->descriptor = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666)) < 0) {
            status = zsc_fail(ZSC_EINPUT, "cannot create '%s': %s", lock->path, strerror(errno));
            goto done;
        }
        ZSC_TRY(wait_for(lock, path, exec));
    } while (!is_current(lock));
    *out = lock;
    lock = NULL;
done:
    if (lock && lock->descriptor >= 0) close(lock->descriptor);
    if (lock) free(lock->path);
    free(lock);
    free(file);
    return status;
}

void zsc_lock_release(zsc_lock *lock)
{
    if (!lock) return;
    unlink(lock->path);
    close(lock->descriptor);
    free(lock->path);
    free(lock);
}

zsc_identity zsc_identity_of(const char *path)
{
    struct stat s;
    if (stat(path, &s) != 0) return (zsc_identity){0};
    return (zsc_identity){
        .there = true, .device = s.st_dev, .inode = s.st_ino, .size = s.st_size, .changed = s.st_mtim};
}

zsc_status zsc_identity_check(const char *path, const zsc_identity *before)
{
    zsc_identity now = zsc_identity_of(path);
    if (now.there == before->there && now.device == before->device && now.inode == before->inode &&
        now.size == before->size && now.changed.tv_sec == before->changed.tv_sec &&
        now.changed.tv_nsec == before->changed.tv_nsec)
        return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s' changed while it was being read, and was left as it is: run the command again",
                    path);
}
