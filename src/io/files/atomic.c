/* Files that appear whole or not at all; streams into what is no regular file. */
#include "io/files/atomic.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/files/mark.h"

struct zsc_atomic {
    FILE *stream;
    char *temporary, *path; /* temporary: NULL where the stream goes straight to what PATH names */
};

/* Temporary names of this process that are still in use, for zsc_atomic_cleanup. */
/* The lock is one that a signal handler may try. */
static atomic_flag busy = ATOMIC_FLAG_INIT;
static zsc_list open_names;
static unsigned long counter;

static void lock(void)
{
    while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) sched_yield();
}

static void unlock(void) { atomic_flag_clear_explicit(&busy, memory_order_release); }

static void forget(const char *name)
{
    lock();
    for (size_t i = 0; i < open_names.count; i++)
        if (strcmp(open_names.item[i], name) == 0) {
            free(open_names.item[i]);
            open_names.item[i] = open_names.item[--open_names.count];
            break;
        }
    unlock();
}

void zsc_atomic_cleanup(void)
{
    lock();
    for (size_t i = 0; i < open_names.count; i++) unlink(open_names.item[i]);
    zsc_list_free(&open_names);
    unlock();
}

void zsc_atomic_unlink_all(void)
{
    enum { PATIENCE = 100000 }; /* whoever holds the list is done soon, or is the thread that was interrupted */
    for (int i = 0; atomic_flag_test_and_set_explicit(&busy, memory_order_acquire); i++)
        if (i == PATIENCE) return;
    for (size_t i = 0; i < open_names.count; i++) unlink(open_names.item[i]);
}

static zsc_status cannot(const char *verb, const char *path)
{
    int saved = errno;
    return zsc_fail(ZSC_EINPUT, "cannot %s '%s': %s", verb, path, strerror(saved));
}

/* --- What a path names */
typedef enum target {
    TARGET_FILE,   /* a regular file, or none yet: replaced as a whole */
    TARGET_STREAM, /* a pipe, a device, an open descriptor of ours: written through */
    TARGET_PIPE    /* the same, and it cannot hold a file */
} target;

/* N of /dev/fd/N, /dev/stdout and their like; -1 for other paths. */
static int descriptor_of(const char *path)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    if (strcmp(path, "/dev/stdout") == 0) return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0) return STDERR_FILENO;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t length = strlen(folders[i]);
        const char *number = path + length;
        if (strncmp(path, folders[i], length) == 0 && *number && strspn(number, "0123456789") == strlen(number))
            return atoi(number);
    }
    return -1;
}

/* *descriptor is an open one of ours that PATH names, by its name or because it is the file of stdout or stderr; else
 * -1. */
static target target_of(const char *path, int *descriptor)
{
    struct stat s, own;
    *descriptor = descriptor_of(path);
    if (*descriptor >= 0 ? fstat(*descriptor, &s) != 0 : stat(path, &s) != 0) return TARGET_FILE;
    for (int d = STDOUT_FILENO; *descriptor < 0 && d <= STDERR_FILENO; d++)
        if (S_ISREG(s.st_mode) && fstat(d, &own) == 0 && own.st_dev == s.st_dev && own.st_ino == s.st_ino)
            *descriptor = d;
    if (S_ISFIFO(s.st_mode) || S_ISSOCK(s.st_mode)) return TARGET_PIPE;
    return S_ISREG(s.st_mode) && *descriptor < 0 ? TARGET_FILE : TARGET_STREAM;
}

bool zsc_output_is_file(const char *path)
{
    int descriptor;
    return target_of(path, &descriptor) == TARGET_FILE;
}

/* The path with symbolic links followed: a link stays, and what it leads to is replaced. */
zsc_status zsc_output_target(const char *path, char **out)
{
    enum { MOST_LINKS = 40 };
    char *at = zsc_strdup(path), link[4096];
    for (int i = 0; at; i++) {
        ssize_t length = readlink(at, link, sizeof link - 1);
        if (length < 0) break; /* no link */
        if (i == MOST_LINKS) {
            free(at);
            return zsc_fail(ZSC_EINPUT, "cannot write '%s': %s", path, strerror(ELOOP));
        }
        link[length] = '\0';
        const char *slash = *link == '/' ? NULL : strrchr(at, '/');
        char *next = zsc_asprintf("%.*s%s", slash ? (int)(slash + 1 - at) : 0, at, link);
        free(at);
        at = next;
    }
    *out = at;
    return at ? ZSC_OK : ZSC_EINTERNAL;
}

/* --- Temporary files */
static zsc_status register_name(char *name)
{
    lock();
    zsc_status status = zsc_list_add(&open_names, name);
    unlock();
    if (status != ZSC_OK) unlink(name);
    return status;
}

/* A file made for us alone under "<path>.tmp-<pid>-<n>". */
static zsc_status make_temporary(const char *path, mode_t mode, char **out)
{
    for (;;) {
        lock();
        unsigned long number = counter++;
        unlock();
        char *name = zsc_asprintf("%s.tmp-%ld-%lu", path, (long)getpid(), number);
        if (!name) return ZSC_EINTERNAL;
        int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor >= 0) {
            close(descriptor);
            zsc_status status = register_name(name);
            if (status == ZSC_OK)
                *out = name;
            else
                free(name);
            return status;
        }
        int again = errno == EEXIST;
        free(name);
        if (!again) return cannot("create", path);
    }
}

bool zsc_atomic_is_temporary(const char *path)
{
    const char *mark = NULL, *next = path, *digits = "0123456789";
    while ((next = strstr(next, ".tmp-"))) mark = next++;
    if (!mark) return false;
    const char *process = mark + strlen(".tmp-"), *dash = process + strspn(process, digits);
    if (dash == process || *dash != '-') return false;
    size_t number = strspn(dash + 1, digits);
    return number > 0 && dash[1 + number] == '\0';
}

zsc_status zsc_temporary_file(const char *start, int *descriptor, char **out)
{
    const char *in = getenv("TMPDIR");
    char *name = zsc_asprintf("%s/%s-XXXXXX", in && *in ? in : "/tmp", start);
    *descriptor = name ? mkstemp(name) : -1;
    zsc_status status = !name ? ZSC_EINTERNAL : *descriptor < 0 ? cannot("create", name) : ZSC_OK;
    if (status == ZSC_OK) status = register_name(name);
    if (status == ZSC_OK) {
        *out = name;
        return ZSC_OK;
    }
    if (*descriptor >= 0) {
        close(*descriptor);
        unlink(name);
    }
    free(name);
    return status;
}

/* For writers that need a file, while PATH names a stream: its contents go there at the end. */
static zsc_status make_aside(char **out)
{
    int descriptor;
    zsc_status status = zsc_temporary_file("zsc-output", &descriptor, out);
    if (status == ZSC_OK) close(descriptor);
    return status;
}

zsc_status zsc_atomic_name(const char *path, bool to_pipes, char **out)
{
    struct stat s;
    int descriptor;
    char *file = NULL;
    if (!*path) return zsc_fail(ZSC_EUSAGE, "the name of the file to write is empty");
    target where = target_of(path, &descriptor);
    if (where == TARGET_PIPE && !to_pipes)
        return zsc_fail(ZSC_EINPUT,
                        "cannot write '%s': it is a pipe, and this form needs a file (written in any order)", path);
    if (where != TARGET_FILE) return make_aside(out);
    bool there = stat(path, &s) == 0;
    if (there && S_ISDIR(s.st_mode)) return zsc_fail(ZSC_EINPUT, "cannot write '%s': it is a folder", path);
    if (there && access(path, W_OK) != 0) return cannot("write", path);
    zsc_status status = zsc_output_target(path, &file);
    /* nobody may read it that may not read the one it replaces */
    if (status == ZSC_OK) status = make_temporary(file, there ? (s.st_mode & 0777) | 0600 : 0666, out);
    free(file);
    return status;
}

/* The folder's entry is flushed too, so that a rename survives a power cut; folders that cannot be flushed are let be.
 */
static void flush_folder(const char *path)
{
    char *folder = zsc_strdup(path);
    if (!folder) return;
    char *slash = strrchr(folder, '/');
    if (slash) slash[slash == folder] = '\0';
    int descriptor = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
    free(folder);
}

static zsc_status flush_file(const char *name, const char *path)
{
    int descriptor = open(name, O_RDONLY | O_CLOEXEC), failed = descriptor < 0;
    if (!failed) {
        while ((failed = fsync(descriptor) != 0) && errno == EINTR) continue;
        int saved = errno;
        if (close(descriptor) != 0 && !failed) {
            failed = 1;
            saved = errno;
        }
        errno = saved;
    }
    return failed ? cannot("write", path) : ZSC_OK;
}

/* Mode and owner of what is replaced; those of a new file are as they were made. */
static void keep_mode(const char *temporary, const char *path)
{
    struct stat s, own;
    if (stat(path, &s) != 0 || stat(temporary, &own) != 0) return;
    if (s.st_uid != own.st_uid || s.st_gid != own.st_gid) (void)!chown(temporary, s.st_uid, s.st_gid);
    (void)!chmod(temporary, s.st_mode & 07777);
}

static zsc_status replace(const char *temporary, const char *path, bool flush)
{
    char *file = NULL;
    zsc_status status = flush ? flush_file(temporary, path) : ZSC_OK;
    if (status == ZSC_OK) status = zsc_output_target(path, &file);
    if (status != ZSC_OK) return status;
    keep_mode(temporary, file);
    zsc_mark_file(temporary);
    if (rename(temporary, file) != 0)
        status = cannot("write", path);
    else if (flush)
        flush_folder(file);
    free(file);
    return status;
}

/* A stream to what PATH names: a descriptor of ours again, or the pipe or device. */
static FILE *open_stream(const char *path, int descriptor)
{
    if (descriptor == STDOUT_FILENO) fflush(stdout); /* what was printed before comes before */
    int own = descriptor >= 0 ? fcntl(descriptor, F_DUPFD_CLOEXEC, 0) : open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    FILE *stream = own >= 0 ? fdopen(own, "w") : NULL;
    if (!stream && own >= 0) close(own);
    return stream;
}

static zsc_status close_stream(FILE *stream, const char *path)
{
    int failed = ferror(stream) | fflush(stream), saved = errno;
    if (fclose(stream) != 0) {
        saved = failed ? saved : errno;
        failed = 1;
    }
    errno = saved;
    return failed ? cannot("write", path) : ZSC_OK;
}

static zsc_status copy(const char *temporary, const char *path, int descriptor)
{
    char buffer[1 << 16];
    FILE *from = fopen(temporary, "rb"), *to = from ? open_stream(path, descriptor) : NULL;
    zsc_status status = to ? ZSC_OK : cannot("write", path);
    for (size_t n; to && (n = fread(buffer, 1, sizeof buffer, from)) > 0;)
        if (fwrite(buffer, 1, n, to) < n) break;
    if (from && ferror(from)) status = cannot("read", temporary);
    if (to && status == ZSC_OK)
        status = close_stream(to, path);
    else if (to)
        fclose(to);
    if (from) fclose(from);
    return status;
}

static zsc_status rename_temporary(const char *temporary, const char *path, bool flush)
{
    int descriptor;
    bool file = target_of(path, &descriptor) == TARGET_FILE;
    zsc_status status = file ? replace(temporary, path, flush) : copy(temporary, path, descriptor);
    if (status != ZSC_OK || !file) unlink(temporary);
    forget(temporary);
    return status;
}

zsc_status zsc_atomic_rename(const char *temporary, const char *path)
{
    return rename_temporary(temporary, path, true);
}

void zsc_atomic_drop(const char *temporary)
{
    unlink(temporary);
    forget(temporary);
}

zsc_status zsc_atomic_open(const char *path, zsc_atomic **out)
{
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    ZSC_NEW(file, 1);
    if (!(file->path = zsc_strdup(path))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    int descriptor = -1;
    bool whole = !*path || target_of(path, &descriptor) == TARGET_FILE;
    if (whole) ZSC_TRY(zsc_atomic_name(path, true, &file->temporary));
    if (!(file->stream = whole ? fopen(file->temporary, "wb") : open_stream(path, descriptor))) {
        status = cannot("write", path);
        goto done;
    }
    *out = file;
    file = NULL;
done:
    zsc_atomic_abandon(file);
    return status;
}

FILE *zsc_atomic_stream(zsc_atomic *file) { return file->stream; }

static zsc_status commit(zsc_atomic *file, bool flush)
{
    zsc_status status = close_stream(file->stream, file->path);
    file->stream = NULL;
    if (status == ZSC_OK && file->temporary) {
        status = rename_temporary(file->temporary, file->path, flush);
        free(file->temporary);
        file->temporary = NULL;
    }
    zsc_atomic_abandon(file); /* a temporary file that could not be closed goes */
    return status;
}

zsc_status zsc_atomic_commit(zsc_atomic *file) { return commit(file, true); }

zsc_status zsc_atomic_commit_unflushed(zsc_atomic *file) { return commit(file, false); }

void zsc_atomic_abandon(zsc_atomic *file)
{
    if (!file) return;
    if (file->stream) fclose(file->stream);
    if (file->temporary) zsc_atomic_drop(file->temporary);
    free(file->temporary);
    free(file->path);
    free(file);
}

zsc_status zsc_temporary_folder(char **path)
{
    const char *in = getenv("TMPDIR");
    if (!in || !*in) in = "/tmp";
    if (!(*path = zsc_asprintf("%s/zsc-XXXXXX", in))) return ZSC_EINTERNAL;
    if (mkdtemp(*path)) return ZSC_OK;
    zsc_status status = zsc_fail(ZSC_EINPUT, "cannot create a folder in '%s': %s", in, strerror(errno));
    free(*path);
    *path = NULL;
    return status;
}

zsc_status zsc_make_folder(const char *path)
{
    if (!*path) return zsc_fail(ZSC_EUSAGE, "the name of the folder to write to is empty");
    char *part = zsc_strdup(path);
    if (!part) return ZSC_EINTERNAL;
    zsc_status status = ZSC_OK;
    for (char *p = part + 1; status == ZSC_OK; p++) {
        if (*p != '/' && *p != '\0') continue;
        char mark = *p;
        *p = '\0';
        struct stat s;
        if (mkdir(part, 0777) != 0) {
            if (errno != EEXIST)
                status = cannot("create folder", part);
            else if (stat(part, &s) != 0 || !S_ISDIR(s.st_mode))
                status = zsc_fail(ZSC_EINPUT, "cannot create folder '%s': a file has that name", part);
        }
        *p = mark;
        if (!mark) break;
    }
    free(part);
    return status;
}
