#include "io/files/mark.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/xattr.h>

static const char attribute[] = "user.zsc";
enum { LONGEST_MARK = 96 };

/* What the attribute says of a file that has not changed since. */
static bool describe(const char *path, char text[LONGEST_MARK])
{
    struct stat s;
    if (stat(path, &s) != 0 || !S_ISREG(s.st_mode)) return false;
    snprintf(text, LONGEST_MARK, "%lld bytes at %lld.%09ld", (long long)s.st_size, (long long)s.st_mtim.tv_sec,
             s.st_mtim.tv_nsec);
    return true;
}

void zsc_mark_file(const char *path)
{
    char text[LONGEST_MARK];
    if (describe(path, text)) (void)!setxattr(path, attribute, text, strlen(text), 0);
}

bool zsc_file_is_marked(const char *path)
{
    char is[LONGEST_MARK], says[LONGEST_MARK];
    ssize_t length = describe(path, is) ? getxattr(path, attribute, says, sizeof says) : -1;
    return length >= 0 && (size_t)length == strlen(is) && memcmp(says, is, (size_t)length) == 0;
}
