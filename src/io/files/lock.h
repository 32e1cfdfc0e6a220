/* A lock on a file that is read, changed and replaced, so that of two such commands the second works on what the first
 * wrote.
 *
 * The lock is a flock on ".<file>.lock" beside it: it vanishes with its process. The empty file is removed at the end;
 * one that a killed process left is taken over by the next. */
#ifndef ZSC_IO_LOCK_H
#define ZSC_IO_LOCK_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "zsc/exec.h"
#include "zsc/status.h"

typedef struct zsc_lock zsc_lock;

/* Waits while another process holds it, which a note says; ZSC_EINTERRUPTED where EXEC's progress says stop. *out is
 * NULL for what is no regular file. A file system without locks gives none: zsc_identity_check still notices. */
zsc_status zsc_lock_take(const char *path, const zsc_exec *exec, zsc_lock **out);
void zsc_lock_release(zsc_lock *lock); /* accepts NULL */

/* A file as it was when it was read: whoever replaces it compares first. */
typedef struct zsc_identity {
    bool there;
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
} zsc_identity;
zsc_identity zsc_identity_of(const char *path);
/* "'x' changed while it was being read: run the command again". */
zsc_status zsc_identity_check(const char *path, const zsc_identity *before);

#endif
