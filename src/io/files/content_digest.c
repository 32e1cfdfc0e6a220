#include "io/files/content_digest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/threads.h"
#include "io/files/input_files.h"
#include "io/files/piped_input.h"

enum { BLOCK = 1 << 20 };

/* A pipe that has been read is read again from what is kept of it. */
static zsc_status open_file(const char *path, FILE **out)
{
    int descriptor = -1;
    zsc_status status = zsc_piped_input_is_kept(path) ? zsc_piped_input_open(path, &descriptor) : ZSC_OK;
    if (status != ZSC_OK) return status;
    *out = descriptor < 0 ? fopen(path, "rb") : fdopen(descriptor, "rb");
    if (*out) return ZSC_OK;
    status = zsc_fail(ZSC_EINPUT, "cannot open '%s': %s", path, strerror(errno));
    if (descriptor >= 0) close(descriptor);
    return status;
}

static zsc_status add_file(const char *path, const zsc_exec *exec, char *block, zsc_hash *hash, uint64_t *bytes)
{
    FILE *in = NULL;
    size_t count;
    zsc_status status = open_file(path, &in);
    if (status != ZSC_OK) return status;
    while ((count = fread(block, 1, BLOCK, in)) > 0) {
        zsc_hash_add(hash, block, count);
        *bytes += count;
        if (zsc_progress(exec, "digests of inputs", 0, 1)) continue;
        status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        break;
    }
    if (status == ZSC_OK && ferror(in)) status = zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(errno));
    fclose(in);
    return status;
}

zsc_status zsc_content_digest(const char *path, const zsc_exec *exec, zsc_digest *digest, uint64_t *bytes)
{
    zsc_status status = ZSC_OK;
    zsc_input_files files = {0};
    char *block = NULL;
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    *bytes = 0;
    ZSC_TRY(zsc_input_list(path, &files));
    if (!(block = zsc_malloc(BLOCK, 1, "a block of a file"))) ZSC_TRY(ZSC_EINTERNAL);
    for (size_t i = 0; i < files.count; i++) ZSC_TRY(add_file(files.item[i].path, exec, block, hash, bytes));
done:
    zsc_input_files_free(&files);
    free(block);
    zsc_digest whole = zsc_hash_end(hash);
    if (status == ZSC_OK) *digest = whole;
    return status;
}
