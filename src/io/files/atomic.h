/* Files that appear whole or not at all: written under a temporary name in the same folder, flushed to disk, checked,
 * renamed. Temporary names are "<name>.tmp-<pid>-<counter>", made with O_EXCL.
 *
 * What is there already is replaced as `cp` would: symbolic links stay and what they lead to is replaced, mode and
 * owner are kept. Of a file with several names (hard links) only the one that is written to gets the new contents;
 * commands refuse such outputs (cli/files.c). A pipe, a device, or an open descriptor (/dev/stdout, or the file that
 * stdout is) is written through; a writer that wants a file then gets one in $TMPDIR, which is copied there at the
 * end. */
#ifndef ZSC_IO_ATOMIC_H
#define ZSC_IO_ATOMIC_H

#include <stdbool.h>
#include <stdio.h>

#include "zsc/status.h"

typedef struct zsc_atomic zsc_atomic;

/* A stream to write to (zsc_atomic_stream). "cannot create 'x': Permission denied". */
zsc_status zsc_atomic_open(const char *path, zsc_atomic **out);
FILE *zsc_atomic_stream(zsc_atomic *file);
/* Flush, fsync, close, rename; frees FILE, also when it fails (the temporary file is then removed). */
zsc_status zsc_atomic_commit(zsc_atomic *file);
/* The same without fsync, which takes milliseconds: for one of thousands of files. What it replaces may be lost where
 * the machine, not the process, stops. */
zsc_status zsc_atomic_commit_unflushed(zsc_atomic *file);
void zsc_atomic_abandon(zsc_atomic *file); /* accepts NULL */

/* For writers that want a name, such as HDF5 and gnuplot: the name, then commit by path. *out is the caller's. */
zsc_status zsc_atomic_name(const char *path, bool to_pipes, char **out); /* to_pipes: false refuses a pipe */
zsc_status zsc_atomic_rename(const char *temporary, const char *path);
void zsc_atomic_drop(const char *temporary); /* instead of renaming: the file is removed */

/* Whether PATH has a name of the form that temporary files have. */
bool zsc_atomic_is_temporary(const char *path);
bool zsc_output_is_file(const char *path);                  /* false: a stream, as above */
zsc_status zsc_output_target(const char *path, char **out); /* symbolic links followed; the caller's */

/* mkdir -p; fine if the folder is there. */
zsc_status zsc_make_folder(const char *path);

/* A new file START-XXXXXX in $TMPDIR or /tmp, open for reading and writing, which zsc_atomic_cleanup removes. *path is
 * the caller's (free), who closes the descriptor. */
zsc_status zsc_temporary_file(const char *start, int *descriptor, char **path);
/* A new folder of our own in $TMPDIR or /tmp; *path is the caller's, who removes the folder. */
zsc_status zsc_temporary_folder(char **path);

/* Removes every temporary file of this process that is still there; safe in a signal handler's aftermath, called at
 * exit. */
void zsc_atomic_cleanup(void);
/* The same for a signal handler that ends the process; nothing may be written after. */
void zsc_atomic_unlink_all(void);

#endif
