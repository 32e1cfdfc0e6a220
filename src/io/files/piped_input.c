#include "io/files/piped_input.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/files/atomic.h"

/* The descriptor that TEXT begins with the name of; -1: none. *length is the name's. */
static int descriptor_of(const char *text, size_t *length)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    static const char stdin_name[] = "/dev/stdin";
    size_t at = strlen(stdin_name);
    long number = 0;
    bool found = strncmp(text, stdin_name, at) == 0;
    for (size_t i = 0; i < sizeof folders / sizeof *folders && !found; i++) {
        at = strlen(folders[i]);
        if (strncmp(text, folders[i], at) != 0 || !isdigit((unsigned char)text[at])) continue;
        char *end = NULL;
        number = strtol(text + at, &end, 10);
        at = (size_t)(end - text);
        found = number <= 1 << 20;
    }
    *length = at;
    return found && (text[at] == '\0' || text[at] == ':' || text[at] == '+') ? (int)number : -1;
}

static zsc_status write_all(int to, const char *data, size_t size, const char *name)
{
    while (size > 0) {
        ssize_t put = write(to, data, size);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0)
            return zsc_fail(ZSC_EINPUT,
                            "what '%s' brings cannot be written to a temporary file: %s (TMPDIR names its folder)",
                            name, strerror(errno));
        data += put;
        size -= (size_t)put;
    }
    return ZSC_OK;
}

static zsc_status copy(int from, int to, const char *name)
{
    enum { BLOCK = 1 << 16 };
    zsc_status status = ZSC_OK;
    char *block = malloc(BLOCK);
    ssize_t got = 1;
    if (!block) return zsc_fail_memory(BLOCK, 1, "a pipe");
    while (got != 0 && status == ZSC_OK) {
        got = read(from, block, BLOCK);
        if (got > 0)
            status = write_all(to, block, (size_t)got, name);
        else if (got < 0 && errno != EINTR)
            status = zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", name, strerror(errno));
    }
    free(block);
    return status;
}

static zsc_status keep_one(int descriptor, const char *name)
{
    struct stat s;
    int file = -1;
    char *path = NULL; /* HDF5 asks for it: a file without a name will not do */
    if (fstat(descriptor, &s) != 0 || !(S_ISFIFO(s.st_mode) || S_ISSOCK(s.st_mode))) return ZSC_OK;
    zsc_status status = zsc_context(zsc_temporary_file("zsc-input", &file, &path), "what '%s' brings", name);
    if (status == ZSC_OK) status = copy(descriptor, file, name);
    if (status == ZSC_OK && (lseek(file, 0, SEEK_SET) != 0 || dup2(file, descriptor) < 0))
        status = zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", name, strerror(errno));
    if (file >= 0) close(file);
    free(path);
    return status;
}

zsc_status zsc_piped_input_keep(const char *text)
{
    zsc_status status = ZSC_OK;
    for (const char *p = text; p && status == ZSC_OK; p = strchr(p, '+')) {
        size_t length = 0;
        p += *p == '+';
        int descriptor = descriptor_of(p, &length);
        char *name = descriptor >= 0 ? zsc_strndup(p, length) : NULL;
        if (name) status = keep_one(descriptor, name);
        free(name);
    }
    return status;
}

/* --- Pipes that are opened by their names: what they brought stays in files without a name. */
typedef struct kept_pipe {
    dev_t device;
    ino_t inode;
    int file;
} kept_pipe;

enum { MOST_PIPES = 64 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static kept_pipe kept[MOST_PIPES];
static size_t kept_count;

static int find_kept(const struct stat *s)
{
    for (size_t i = 0; i < kept_count; i++)
        if (kept[i].device == s->st_dev && kept[i].inode == s->st_ino) return kept[i].file;
    return -1;
}

bool zsc_piped_input_is_kept(const char *path)
{
    struct stat s;
    if (stat(path, &s) != 0 || !S_ISFIFO(s.st_mode)) return false;
    pthread_mutex_lock(&mutex);
    bool found = find_kept(&s) >= 0;
    pthread_mutex_unlock(&mutex);
    return found;
}

static zsc_status keep_named(const char *path, const struct stat *s, int *file)
{
    char *name = NULL;
    if (kept_count == MOST_PIPES)
        return zsc_fail(ZSC_EINPUT, "cannot read '%s': it is a pipe, and %d others are open; write it to a file first",
                        path, MOST_PIPES);
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0) return zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(errno));
    zsc_status status = zsc_context(zsc_temporary_file("zsc-input", file, &name), "what '%s' brings", path);
    if (status == ZSC_OK) status = copy(from, *file, path);
    if (name) unlink(name);
    if (status == ZSC_OK)
        kept[kept_count++] = (kept_pipe){s->st_dev, s->st_ino, *file};
    else if (name)
        close(*file);
    free(name);
    close(from);
    return status;
}

/* --- Names that stand for files without one. */
typedef struct stand_in {
    char *name;
    int file;
} stand_in;

static stand_in *stand_ins;
static size_t stand_in_count, stand_in_capacity;

/* With the mutex. stand_in_count: there is none. */
static size_t find_stand_in(const char *name)
{
    size_t i = 0;
    while (i < stand_in_count && strcmp(stand_ins[i].name, name) != 0) i++;
    return i;
}

zsc_status zsc_input_stand_in(const char *name, int descriptor)
{
    char *copy = zsc_strdup(name);
    if (!copy) return ZSC_EINTERNAL;
    pthread_mutex_lock(&mutex);
    zsc_status status = zsc_grow(&stand_ins, &stand_in_capacity, stand_in_count + 1, sizeof *stand_ins,
                                 "names of files");
    if (status == ZSC_OK) stand_ins[stand_in_count++] = (stand_in){copy, descriptor};
    pthread_mutex_unlock(&mutex);
    if (status != ZSC_OK) free(copy);
    return status;
}

void zsc_input_forget(const char *name)
{
    pthread_mutex_lock(&mutex);
    size_t i = find_stand_in(name);
    if (i < stand_in_count) {
        close(stand_ins[i].file);
        free(stand_ins[i].name);
        stand_ins[i] = stand_ins[--stand_in_count];
    }
    if (stand_in_count == 0) {
        free(stand_ins);
        stand_ins = NULL;
        stand_in_capacity = 0;
    }
    pthread_mutex_unlock(&mutex);
}

/* The name under which the system knows it; false: PATH is no such name. */
static bool open_stand_in(const char *path, int *descriptor)
{
    char again[48];
    pthread_mutex_lock(&mutex);
    size_t i = find_stand_in(path);
    bool found = i < stand_in_count;
    if (found) {
        snprintf(again, sizeof again, "/proc/self/fd/%d", stand_ins[i].file);
        *descriptor = open(again, O_RDONLY | O_CLOEXEC);
    }
    pthread_mutex_unlock(&mutex);
    return found;
}

zsc_status zsc_piped_input_open(const char *path, int *descriptor)
{
    zsc_status status = ZSC_OK;
    struct stat s;
    char again[48];
    if (open_stand_in(path, descriptor)) return ZSC_OK;
    if (stat(path, &s) == 0 && S_ISFIFO(s.st_mode)) {
        pthread_mutex_lock(&mutex);
        int file = find_kept(&s);
        if (file < 0) status = keep_named(path, &s, &file);
        pthread_mutex_unlock(&mutex);
        if (status != ZSC_OK) return status;
        snprintf(again, sizeof again, "/proc/self/fd/%d", file);
        path = again;
    }
    *descriptor = open(path, O_RDONLY | O_CLOEXEC);
    return ZSC_OK;
}
