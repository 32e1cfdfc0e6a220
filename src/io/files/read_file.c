#include "io/files/read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

static zsc_status fail_read(const char *path, int error)
{
    return error == ENOENT ? zsc_fail(ZSC_EINPUT, "no such file: '%s'", path)
                           : zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(error));
}

static zsc_status read_all(const char *path, int descriptor, zsc_text *text)
{
    char buffer[8192];
    ssize_t got;
    zsc_text_append(text, "");
    while ((got = read(descriptor, buffer, sizeof buffer)) != 0) {
        if (got > 0) zsc_text_append_n(text, buffer, (size_t)got);
        if (got < 0 && errno != EINTR) return fail_read(path, errno);
    }
    return text->failed ? ZSC_EINTERNAL : ZSC_OK;
}

zsc_status zsc_read_file(const char *path, char **out, size_t *length)
{
    zsc_text text = {0};
    struct stat s;
    zsc_status status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe does not wait for a writer */
    if (descriptor < 0) return fail_read(path, errno);
    if (fstat(descriptor, &s) != 0)
        status = fail_read(path, errno);
    else if (!S_ISREG(s.st_mode))
        status = zsc_fail(ZSC_EINPUT, "cannot read '%s': it is %s; a regular file is expected", path,
                          S_ISDIR(s.st_mode) ? "a folder" : "a pipe or a device");
    else
        status = read_all(path, descriptor, &text);
    close(descriptor);
    if (status != ZSC_OK) {
        free(text.data);
        return status;
    }
    if (length) *length = text.length;
    *out = text.data;
    return ZSC_OK;
}
