/* Logs in files: lines are added at the end, by any number of processes. */
#ifndef ZSC_IO_LOG_FILE_H
#define ZSC_IO_LOG_FILE_H

#include <stdio.h>

#include "zsc/status.h"

/* A stream that adds to PATH. ZSC_EINPUT: it cannot be written, or it is there and does not begin as a log of zsc does,
 * with a time. */
zsc_status zsc_log_file_open(const char *path, FILE **out);
/* ZSC_EINPUT: a line is lost, for want of space. FILE may be NULL. */
zsc_status zsc_log_file_close(const char *path, FILE *file);

#endif
