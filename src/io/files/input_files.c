#include "io/files/input_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/files/atomic.h"

/* --- Which files */
void zsc_input_files_free(zsc_input_files *files)
{
    for (size_t i = 0; i < files->count; i++) free(files->item[i].path);
    free(files->item);
    *files = (zsc_input_files){0};
}

zsc_status zsc_input_check_name(const char *path)
{
    if (zsc_utf8_valid(path, strlen(path))) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT,
                    "'%s' is not UTF-8, as the results that name it are; rename the file (mv), or link to it (ln -s)",
                    path);
}

static zsc_status add(zsc_input_files *files, const char *path, bool named)
{
    zsc_status status = zsc_input_check_name(path);
    if (status == ZSC_OK)
        status = zsc_grow(&files->item, &files->capacity, files->count + 1, sizeof *files->item, "files");
    if (status != ZSC_OK) return status;
    char *copy = zsc_strdup(path);
    if (!copy) return ZSC_EINTERNAL;
    files->item[files->count++] = (zsc_input_file){copy, named};
    return ZSC_OK;
}

static int is_input_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && !zsc_atomic_is_temporary(entry->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

static zsc_status add_folder(zsc_input_files *files, const char *path)
{
    zsc_status status = ZSC_OK;
    struct dirent **entry = NULL;
    int count = scandir(path, &entry, is_input_name, by_name);
    if (count < 0) return zsc_fail(ZSC_EINPUT, "cannot read folder '%s': %s", path, strerror(errno));
    for (int i = 0; i < count; i++) {
        char *name = status == ZSC_OK ? zsc_asprintf("%s/%s", path, entry[i]->d_name) : NULL;
        if (status == ZSC_OK) status = name ? add(files, name, false) : ZSC_EINTERNAL;
        free(name);
        free(entry[i]);
    }
    free(entry);
    return status;
}

static zsc_status add_path(zsc_input_files *files, const char *path)
{
    struct stat s;
    if (zsc_atomic_is_temporary(path))
        return zsc_fail(ZSC_EINPUT, "'%s' is the temporary file of a writer that is not done, or was killed: no input",
                        path);
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode) ? add_folder(files, path) : add(files, path, true);
}

static bool is_there(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0;
}

/* How many of the names joined with '+' are there; *missing: the first that is not. */
static size_t count_there(const zsc_list *names, const char **missing)
{
    size_t there = 0;
    *missing = NULL;
    for (size_t i = 0; i < names->count; i++) {
        bool is = is_there(names->item[i]);
        there += is;
        if (!is && !*missing) *missing = names->item[i];
    }
    return there;
}

bool zsc_input_exists(const char *path)
{
    zsc_list names = {0};
    const char *missing = "";
    if (is_there(path)) return true;
    if (!strchr(path, '+')) return false;
    bool all = zsc_list_split(&names, path, "+") == ZSC_OK && count_there(&names, &missing) == names.count;
    zsc_list_free(&names);
    return all;
}

zsc_status zsc_input_list(const char *path, zsc_input_files *out)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    zsc_input_files files = {0};
    const char *missing = NULL;
    size_t there = 0;
    if (!is_there(path) && strchr(path, '+')) {
        ZSC_TRY(zsc_list_split(&names, path, "+"));
        there = count_there(&names, &missing);
    }
    if (there && missing) {
        status = zsc_fail(ZSC_EINPUT, "no such file: '%s', of '%s'", missing, path);
        goto done;
    }
    if (there)
        for (size_t i = 0; i < names.count; i++) ZSC_TRY(add_path(&files, names.item[i]));
    else
        ZSC_TRY(add_path(&files, path));
    *out = files;
    files = (zsc_input_files){0};
done:
    zsc_input_files_free(&files);
    zsc_list_free(&names);
    return status;
}

/* --- Whether they are what they were */
static double age(struct timespec now, struct timespec then)
{
    return (double)(now.tv_sec - then.tv_sec) + 1e-9 * (double)(now.tv_nsec - then.tv_nsec);
}

/* Whether a change that came now could have the times that the file has already. The time of change of status is set by
 * every write and by nobody's wish; file systems keep times in steps of up to two seconds. */
static bool is_young(const struct stat *s)
{
    const double step = 2.0;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return true;
    double written = age(now, s->st_mtim);
    return age(now, s->st_ctim) < step || (written < step && written > -step);
}

/* False where the file cannot be read to its end. */
static bool add_contents(zsc_hash *hash, const char *path, char *buffer, size_t size)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t got = descriptor < 0 ? -1 : 1;
    while (got > 0 || (got < 0 && descriptor >= 0 && errno == EINTR)) {
        got = read(descriptor, buffer, size);
        if (got > 0) zsc_hash_add(hash, buffer, (size_t)got);
    }
    if (descriptor >= 0) close(descriptor);
    return got == 0;
}

/* CONTENTS: they count as those of a young file do; *young is set where a file is. */
static zsc_status add_identity(zsc_hash *hash, const zsc_input_file *file, bool contents, char *buffer, size_t size,
                               bool *known, bool *young)
{
    struct stat s;
    char *real = realpath(file->path, NULL);
    if (!real && errno == ENOMEM) return zsc_fail_memory(1, strlen(file->path), "a path");
    *known = real && stat(real, &s) == 0;
    if (*known && !S_ISREG(s.st_mode)) { /* in a folder it is no part: that it is there is all */
        *known = !file->named;
        zsc_hash_add(hash, real, strlen(real) + 1);
    } else if (*known) {
        bool is = is_young(&s);
        *young |= is;
        const int64_t what[] = {(int64_t)s.st_size,
                                (int64_t)s.st_ino,
                                (int64_t)s.st_mtim.tv_sec,
                                (int64_t)s.st_mtim.tv_nsec,
                                (int64_t)s.st_ctim.tv_sec,
                                (int64_t)s.st_ctim.tv_nsec,
                                is || contents};
        zsc_hash_add(hash, real, strlen(real) + 1);
        zsc_hash_add(hash, what, sizeof what);
        if (what[6]) *known = add_contents(hash, real, buffer, size);
    }
    free(real);
    return ZSC_OK;
}

zsc_status zsc_input_identity(const char *path, zsc_digest *out, bool *known)
{
    bool young;
    return zsc_input_identity_with(path, false, out, known, &young);
}

zsc_status zsc_input_identity_with(const char *path, bool contents, zsc_digest *out, bool *known, bool *young)
{
    enum { BUFFER = 1 << 20 };
    zsc_status status = ZSC_OK;
    zsc_input_files files = {0};
    zsc_hash *hash = NULL;
    char *buffer = NULL;
    *known = *young = false;
    if (zsc_input_list(path, &files) != ZSC_OK) { /* opening it says what is wrong */
        zsc_error_clear();
        return ZSC_OK;
    }
    ZSC_NEW_RAW(buffer, BUFFER);
    if (!(hash = zsc_hash_begin())) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    *known = true;
    for (size_t i = 0; i < files.count && *known; i++)
        ZSC_TRY(add_identity(hash, &files.item[i], contents, buffer, BUFFER, known, young));
    zsc_hash_add(hash, &files.count, sizeof files.count);
done:
    if (hash) {
        zsc_digest digest = zsc_hash_end(hash);
        if (*known && status == ZSC_OK) *out = digest;
    }
    free(buffer);
    zsc_input_files_free(&files);
    return status;
}
