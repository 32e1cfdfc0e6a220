#include "io/files/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

/* "2026-11-29T06:40:12 zsc", as base/log.c writes: digits where the pattern has them. */
static bool is_log(int descriptor)
{
    static const char pattern[] = "0000-00-00T00:00:00 zsc";
    char text[sizeof pattern - 1];
    if (pread(descriptor, text, sizeof text, 0) != (ssize_t)sizeof text) return false;
    for (size_t i = 0; i < sizeof text; i++)
        if (pattern[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != pattern[i]) return false;
    return true;
}

zsc_status zsc_log_file_open(const char *path, FILE **out)
{
    struct stat s;
    bool regular = stat(path, &s) != 0 || S_ISREG(s.st_mode);
    int descriptor = open(path, (regular ? O_RDWR | O_CREAT : O_WRONLY) | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor < 0) return zsc_fail(ZSC_EINPUT, "cannot write the log '%s': %s", path, strerror(errno));
    if (regular && fstat(descriptor, &s) == 0 && s.st_size > 0 && !is_log(descriptor)) {
        close(descriptor);
        return zsc_fail(ZSC_EINPUT, "'%s' is there already and is no log of zsc; give the log another name", path);
    }
    *out = fdopen(descriptor, "a");
    if (*out) return ZSC_OK;
    close(descriptor);
    return zsc_fail(ZSC_EINPUT, "cannot write the log '%s': %s", path, strerror(errno));
}

zsc_status zsc_log_file_close(const char *path, FILE *file)
{
    if (!file) return ZSC_OK;
    bool failed = ferror(file);
    if (fclose(file) == 0 && !failed) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "cannot write all lines of the log '%s': the disk may be full", path);
}
