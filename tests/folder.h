/* A folder for the files of one test program; removed at its end. */
#ifndef ZSC_TESTS_FOLDER_H
#define ZSC_TESTS_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder_name[256];

static const char *folder(void)
{
    if (!*folder_name) {
        const char *base = getenv("TMPDIR");
        snprintf(folder_name, sizeof folder_name, "%s/zsc-test-XXXXXX", base && *base ? base : "/tmp");
        if (!mkdtemp(folder_name)) abort();
    }
    return folder_name;
}

/* FOLDER/NAME in one of four buffers. */
static const char *in_folder(const char *name)
{
    static char buffer[4][512];
    static int next;
    char *path = buffer[next++ % 4];
    snprintf(path, 512, "%s/%s", folder(), name);
    return path;
}

/* How many files are there. */
static inline size_t files_in_folder(void)
{
    size_t count = 0;
    DIR *d = opendir(folder());
    for (struct dirent *e; d && (e = readdir(d));) count += e->d_name[0] != '.';
    if (d) closedir(d);
    return count;
}

static inline void clear_folder(void)
{
    DIR *d = opendir(folder());
    char path[600];
    for (struct dirent *e; d && (e = readdir(d));) {
        if (e->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%.255s", folder(), e->d_name);
        unlink(path);
    }
    if (d) closedir(d);
}

static inline void remove_folder(void)
{
    clear_folder();
    rmdir(folder());
}

static inline const char *write_file(const char *name, const void *data, size_t size)
{
    const char *path = in_folder(name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0) abort();
    return path;
}

#endif
