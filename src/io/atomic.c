/* Files that appear whole or not at all. */
#include "io/atomic.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

struct zsc_atomic {
    FILE *stream;
    char *temporary, *path;
};

/* Temporary names of this process that are still in use, for zsc_atomic_cleanup. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static zsc_list open_names;
static unsigned long counter;

static void forget(const char *name)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < open_names.count; i++)
        if (strcmp(open_names.item[i], name) == 0) {
            free(open_names.item[i]);
            open_names.item[i] = open_names.item[--open_names.count];
            break;
        }
    pthread_mutex_unlock(&lock);
}

void zsc_atomic_cleanup(void)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < open_names.count; i++) unlink(open_names.item[i]);
    zsc_list_free(&open_names);
    pthread_mutex_unlock(&lock);
}

static zsc_status cannot(const char *verb, const char *path)
{
    int saved = errno;
    return zsc_fail(ZSC_EINPUT, "cannot %s '%s': %s", verb, path, strerror(saved));
}

zsc_status zsc_atomic_name(const char *path, char **out)
{
    struct stat s;
    if (!*path) return zsc_fail(ZSC_EUSAGE, "the name of the file to write is empty");
    if (stat(path, &s) == 0 && S_ISDIR(s.st_mode))
        return zsc_fail(ZSC_EINPUT, "cannot write '%s': it is a folder", path);
    for (;;) {
        pthread_mutex_lock(&lock);
        unsigned long number = counter++;
        pthread_mutex_unlock(&lock);
        char *name = zsc_asprintf("%s.tmp-%ld-%lu", path, (long)getpid(), number);
        if (!name) return ZSC_EINTERNAL;
        int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0) {
            close(descriptor);
            pthread_mutex_lock(&lock);
            zsc_status status = zsc_list_add(&open_names, name);
            pthread_mutex_unlock(&lock);
            if (status != ZSC_OK) {
                unlink(name);
                free(name);
                return status;
            }
            *out = name;
            return ZSC_OK;
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

zsc_status zsc_atomic_rename(const char *temporary, const char *path)
{
    zsc_status status = flush_file(temporary, path);
    if (status == ZSC_OK && rename(temporary, path) != 0) status = cannot("write", path);
    if (status == ZSC_OK)
        flush_folder(path);
    else
        unlink(temporary);
    forget(temporary);
    return status;
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
    ZSC_TRY(zsc_atomic_name(path, &file->temporary));
    if (!(file->stream = fopen(file->temporary, "wb"))) {
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

zsc_status zsc_atomic_commit(zsc_atomic *file)
{
    zsc_status status = ZSC_OK;
    int failed = ferror(file->stream) | fflush(file->stream);
    if (fclose(file->stream) != 0) failed = 1;
    file->stream = NULL;
    if (failed) {
        status = cannot("write", file->path);
    } else {
        status = zsc_atomic_rename(file->temporary, file->path);
        free(file->temporary);
        file->temporary = NULL;
    }
    zsc_atomic_abandon(file);
    return status;
}

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
