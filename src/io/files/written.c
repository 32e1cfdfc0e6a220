#include "config.h"

#include "io/files/written.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "io/h5/h5.h"
#include "io/files/mark.h"

enum { HEAD = 4096, TAIL = 256 };

static bool h5_says_so(const char *path)
{
    static const char *const names[] = {"zsc", "zsc_result"};
    zsc_h5 *file = NULL;
    bool found = false;
    if (zsc_h5_open(path, &file) != ZSC_OK) {
        zsc_error_clear();
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        found = found || zsc_h5_has_attribute(file, "/", names[i]);
    zsc_h5_close(file);
    return found;
}

static bool text_says_so(const char *path, bool *is_h5)
{
    static const char *const words[] = {ZSC_WRITTEN_WORDS, "name=\"generator\" content=\"zsc ",
                                        "Drawn again by: gnuplot -e"};
    char text[HEAD + TAIL + 1];
    bool found = false;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return false;
    ssize_t head = read(descriptor, text, HEAD), tail = 0;
    if (head > 0 && lseek(descriptor, -TAIL, SEEK_END) >= 0) tail = read(descriptor, text + head, TAIL);
    close(descriptor);
    size_t length = (size_t)(head > 0 ? head : 0) + (size_t)(tail > 0 ? tail : 0);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        found = found || memmem(text, length, words[i], strlen(words[i]));
    *is_h5 = length >= 4 && memcmp(text, "\x89HDF", 4) == 0;
    return found;
}

bool zsc_written_by_us(const char *path)
{
    bool is_h5 = false;
    if (zsc_file_is_marked(path) || text_says_so(path, &is_h5)) return true;
    return is_h5 && h5_says_so(path);
}

zsc_status zsc_check_replaceable(const char *path, bool force)
{
    struct stat s;
    if (stat(path, &s) != 0) return ZSC_OK;
    if (S_ISDIR(s.st_mode)) return zsc_fail(ZSC_EINPUT, "cannot write '%s': it is a folder", path);
    if (force) return ZSC_OK;
    if (s.st_nlink > 1)
        return zsc_fail(ZSC_EINPUT,
                        "'%s' is a file of %lu names (hard links): the others would keep the old contents; remove this "
                        "name first, or --force replaces the file under this name alone",
                        path, (unsigned long)s.st_nlink);
    if (s.st_size == 0 || zsc_written_by_us(path)) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT,
                    "'%s' is there already, and zsc did not write it, or it was changed since; --force replaces it",
                    path);
}
