/* A mark on every file that zsc has written: an extended attribute with the file's size and time, which says nothing
 * any more once the file is edited, and is lost when it is copied. */
#ifndef ZSC_IO_MARK_H
#define ZSC_IO_MARK_H

#include <stdbool.h>

void zsc_mark_file(const char *path); /* a file that is complete; silent on file systems without attributes */
bool zsc_file_is_marked(const char *path);

#endif
