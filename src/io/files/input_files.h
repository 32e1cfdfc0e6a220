/* Which files an input stands for, embeddings and metadata alike, and whether they are what they were.
 *
 * An input is a file; a folder, for the files in it; or names joined with '+'. Whoever opens, lists, checks or hashes
 * inputs asks here. */
#ifndef ZSC_IO_INPUT_FILES_H
#define ZSC_IO_INPUT_FILES_H

#include <stdbool.h>

#include "base/hash.h"
#include "base/text.h"

typedef struct zsc_input_file {
    char *path;
    bool named; /* by the user; otherwise found in a folder */
} zsc_input_file;

typedef struct zsc_input_files {
    zsc_input_file *item;
    size_t count, capacity;
} zsc_input_files;

/* Whether there is such a file or folder, or all of the names that are joined with '+' are there. */
bool zsc_input_exists(const char *path);

/* ZSC_EINPUT: PATH is not UTF-8, and could not come to stand in results, tables and figures. */
zsc_status zsc_input_check_name(const char *path);

/* The files of PATH in their order: those of a folder by name, without hidden ones and without temporary names of
 * writers (zsc_atomic_is_temporary). A path that is not there is its own only file. ZSC_EINPUT: a temporary name that
 * the user gives, a folder that cannot be read, some of several names that are not there. */
zsc_status zsc_input_list(const char *path, zsc_input_files *out);
void zsc_input_files_free(zsc_input_files *files);

/* What tells this state of the input's files from every other: their names, inodes, sizes and times, and their contents
 * where they have changed so lately that another change might not show in the times. *known is false, and *out is not
 * set, where one of them cannot be asked, or is no regular file: it must then be read. */
zsc_status zsc_input_identity(const char *path, zsc_digest *out, bool *known);
/* The same. CONTENTS: as it was when the files were young, if they have not changed since. *young: one of them is. */
zsc_status zsc_input_identity_with(const char *path, bool contents, zsc_digest *out, bool *known, bool *young);

#endif
