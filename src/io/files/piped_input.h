/* Inputs that come through a pipe: `zsc run -e <(zcat x.csv.gz)`, `... | zsc info /dev/stdin`. Files are opened several
 * times, and HDF5 seeks in them; a pipe gives its contents once. */
#ifndef ZSC_IO_PIPED_INPUT_H
#define ZSC_IO_PIPED_INPUT_H

#include <stdbool.h>

#include "zsc/status.h"

/* If TEXT names an open descriptor of this process (/dev/stdin, /dev/fd/N, /proc/self/fd/N; FILE:ENCODER and names
 * joined with '+' too) and that is a pipe or a socket, its contents are read to their end into a temporary file, which
 * takes the descriptor's place: the same name is a regular file from then on. zsc_atomic_cleanup removes the file.
 * Anything else is left alone. ZSC_EINPUT: the pipe cannot be read, or $TMPDIR cannot be written. */
zsc_status zsc_piped_input_keep(const char *text);

/* Opens PATH for reading; *descriptor is negative, and errno set, where that fails. A pipe, such as one with a name, is
 * read to its end the first time, and each opening gives its contents from the beginning. */
zsc_status zsc_piped_input_open(const char *path, int *descriptor);

/* Whether PATH is a pipe whose contents have been read, so that zsc_piped_input_open gives them again at once. */
bool zsc_piped_input_is_kept(const char *path);

/* From now on, whoever opens NAME, which is no file's, gets the contents of DESCRIPTOR, which is taken over where this
 * succeeds. Until zsc_input_forget. */
zsc_status zsc_input_stand_in(const char *name, int descriptor);
void zsc_input_forget(const char *name);

#endif
