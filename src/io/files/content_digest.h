/* What an input holds: a digest by which a copy elsewhere is the same, and other contents are not. */
#ifndef ZSC_IO_CONTENT_DIGEST_H
#define ZSC_IO_CONTENT_DIGEST_H

#include <stdint.h>

#include "base/hash.h"
#include "zsc/exec.h"
#include "zsc/status.h"

/* XXH3 of 128 bits over the bytes of PATH (of a folder: of its files one after the other, as io/files/input_files.h
 * lists them), which are read to their end. *bytes: how many they are. EXEC may be NULL. ZSC_EINPUT: a file cannot be
 * read. ZSC_EINTERRUPTED. */
zsc_status zsc_content_digest(const char *path, const zsc_exec *exec, zsc_digest *digest, uint64_t *bytes);

#endif
