/* A sweep's own files beside its results, in the folder OUTPUT:
 *
 * .index/<identity>        a run's key and the digest of its settings. The identity is a hash of settings and of the
 *                          state of the inputs' files (io/files/input_files.h), so that a finished sweep is recognised
 *                          without reading its inputs. It is taken before they are read: a file that changes meanwhile
 *                          has another identity from then on.
 * .claims/<key>            locked while a run is computed: two sweeps on one store do not compute it twice, and a
 *                          process that dies loses its locks.
 * .failed/<settings>.txt   the message of a run that failed; it goes when the run succeeds. */
#include "experiment/store/run_index.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "experiment/settings/run_config.h"
#include "experiment/settings/settings.h"
#include "experiment/store/store.h"
#include "io/files/atomic.h"
#include "io/files/input_files.h"
#include "io/embeddings.h"
#include "io/file_layout.h"
#include "io/files/read_file.h"

/* --- Identity of a run before its inputs are read */
static void hash_strings(zsc_hash *hash, const char *const *item, size_t count)
{
    for (size_t i = 0; i < count; i++) zsc_hash_add(hash, item[i], strlen(item[i]) + 1);
    zsc_hash_add(hash, &count, sizeof count);
}

/* CONTENTS: zsc_input_identity_with. */
static zsc_status hash_input(zsc_hash *hash, const char *path, bool contents, zsc_run_identity *out)
{
    zsc_digest digest = {0};
    bool young, *known = &out->known;
    zsc_status status = zsc_input_identity_with(path, contents, &digest, known, &young);
    out->recent |= young;
    if (status == ZSC_OK && *known) zsc_hash_add(hash, &digest, sizeof digest);
    return status;
}

/* What says where data is and how it is read. */
static void hash_sources(zsc_hash *hash, const zsc_dataset_options *o)
{
    hash_strings(hash, o->embeddings, o->embedding_count);
    hash_strings(hash, &(const char *){o->metadata ? o->metadata : ""}, 1);
    if (o->ids) hash_strings(hash, &o->ids, 1);
    hash_strings(hash, o->ranks, o->rank_count);
    hash_strings(hash, o->columns.rule, o->columns.count);
    zsc_file_layout_hash(hash, &o->file_layout);
}

/* Everything that the user has said of the run. */
static zsc_status hash_settings(zsc_hash *hash, const zsc_run_options *o)
{
    zsc_dataset nothing = {0};
    char *config = NULL;
    zsc_status status = zsc_config_text(o, &nothing, &config);
    if (status != ZSC_OK) return status;
    zsc_hash_add(hash, config, strlen(config) + 1);
    hash_sources(hash, &o->data);
    free(config);
    return ZSC_OK;
}

static zsc_status hash_inputs(zsc_hash *hash, const zsc_dataset_options *o, bool contents, zsc_run_identity *out)
{
    const bool *known = &out->known;
    zsc_status status = ZSC_OK;
    char *path = NULL, *encoder = NULL;
    out->known = true;
    for (size_t i = 0; i < o->embedding_count && *known; i++) {
        free(path), free(encoder);
        path = encoder = NULL;
        ZSC_TRY(zsc_embeddings_split_name(o->embeddings[i], &path, &encoder));
        ZSC_TRY(hash_input(hash, path, contents, out));
    }
    if (o->metadata && *known) ZSC_TRY(hash_input(hash, o->metadata, contents, out));
    if (o->ids && *known) ZSC_TRY(hash_input(hash, o->ids, contents, out));
done:
    free(path);
    free(encoder);
    return status;
}

zsc_status zsc_run_index_settings(const zsc_run_options *o, zsc_digest *out)
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_status status = hash_settings(hash, o);
    *out = zsc_hash_end(hash);
    return status;
}

static zsc_status identify(const zsc_run_options *o, bool contents, zsc_run_identity *out)
{
    zsc_status status = ZSC_OK;
    zsc_run_identity identity = {0};
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    ZSC_TRY(hash_settings(hash, o));
    identity.settings = zsc_hash_so_far(hash);
    ZSC_TRY(hash_inputs(hash, &o->data, contents, &identity));
    identity.all = zsc_hash_so_far(hash);
    *out = identity;
done:
    zsc_hash_end(hash);
    return status;
}

zsc_status zsc_run_index_identity_of_search(const char *config, const zsc_dataset_options *keys,
                                            const zsc_dataset_options *queries, bool contents, zsc_run_identity *out)
{
    zsc_status status = ZSC_OK;
    zsc_run_identity identity = {0};
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_hash_add(hash, config, strlen(config) + 1);
    hash_sources(hash, keys);
    hash_sources(hash, queries);
    identity.settings = zsc_hash_so_far(hash);
    ZSC_TRY(hash_inputs(hash, keys, contents, &identity));
    if (identity.known) ZSC_TRY(hash_inputs(hash, queries, contents, &identity));
    identity.all = zsc_hash_so_far(hash);
    *out = identity;
done:
    zsc_hash_end(hash);
    return status;
}

zsc_status zsc_run_index_identity(const zsc_run_options *o, zsc_run_identity *out) { return identify(o, false, out); }

zsc_status zsc_run_index_identity_of_past(const zsc_run_options *o, const zsc_list *recent, zsc_run_identity *identity)
{
    char text[ZSC_DIGEST_TEXT];
    if (!zsc_list_has(recent, zsc_digest_text(identity->settings, text))) return ZSC_OK;
    return identify(o, true, identity);
}

/* OUTPUT/<folder>/<name><ending>; the folder is made. */
static zsc_status side_file(const char *output, const char *folder, const char *name, const char *ending, char **out)
{
    char *path = zsc_asprintf("%s/%s", output, folder);
    zsc_status status = path ? zsc_make_folder(path) : ZSC_EINTERNAL;
    free(path);
    if (status != ZSC_OK) return status;
    *out = zsc_asprintf("%s/%s/%s%s", output, folder, name, ending);
    return *out ? ZSC_OK : ZSC_EINTERNAL;
}

static zsc_status write_text(const char *path, const char *text)
{
    zsc_atomic *file = NULL;
    struct stat s;
    /* these names are ours: a pipe that took one is not written to, which would wait for a reader */
    if (lstat(path, &s) == 0 && !S_ISREG(s.st_mode)) unlink(path);
    zsc_status status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    fputs(text, zsc_atomic_stream(file));
    fputc('\n', zsc_atomic_stream(file));
    return zsc_atomic_commit(file);
}

/* OUTPUT/.failed/<digest of the run's settings>.txt: also where inputs cannot be asked, and the same file once they
 * have been put right. */
static const char *failure_name(const zsc_run_identity *identity, char text[ZSC_DIGEST_TEXT])
{
    return zsc_digest_text(identity->settings, text);
}

/* An entry is "KEY SETTINGS CHECK[ recent]"; CHECK ties the two to the entry's name, so that neither an entry that was
 * edited nor one that has another's name leads to the result of another run. */
static const char *check_of(const char *name, const char *key, const char *settings, char text[ZSC_DIGEST_TEXT])
{
    char all[3 * ZSC_DIGEST_TEXT];
    int length = snprintf(all, sizeof all, "%s %s %s", name, key, settings);
    return zsc_digest_text(zsc_hash_bytes(all, (size_t)length), text);
}

zsc_status zsc_run_index_add(const char *output, const zsc_run_identity *identity, const char *key)
{
    zsc_status status = ZSC_OK;
    char text[ZSC_DIGEST_TEXT];
    char *failed = zsc_asprintf("%s/.failed/%s.txt", output, failure_name(identity, text)), *path = NULL;
    if (!failed) return ZSC_EINTERNAL;
    unlink(failed);
    if (identity->known) {
        char settings[ZSC_DIGEST_TEXT], check[ZSC_DIGEST_TEXT];
        const char *name = zsc_digest_text(identity->all, text);
        zsc_digest_text(identity->settings, settings);
        char *entry = zsc_asprintf("%s %s %s%s", key, settings, check_of(name, key, settings, check),
                                   identity->recent ? " recent" : "");
        status = entry ? side_file(output, ".index", name, "", &path) : ZSC_EINTERNAL;
        if (status == ZSC_OK) status = write_text(path, entry);
        free(entry);
    }
    free(path);
    free(failed);
    return status;
}

/* Whether the result under KEY is whole. */
static zsc_status is_whole(const char *output, const char *key, bool *found)
{
    zsc_result result = {0};
    zsc_status status = zsc_store_find_key(output, key, &result, found);
    zsc_result_free(&result);
    return status;
}

/* Whether there is a result under KEY whose scores can be read: its arrays are left alone, and so is the file's time.
 */
static zsc_status is_there(const char *output, const char *key, bool *found)
{
    zsc_result result = {0};
    struct stat s;
    zsc_status status = ZSC_OK;
    char *path = zsc_asprintf("%s/%s.h5", output, key);
    if (!path) return ZSC_EINTERNAL;
    if (stat(path, &s) == 0) status = zsc_result_read(path, ZSC_RESULT_RETRIEVAL, &result);
    *found = result.key != NULL;
    if (status == ZSC_EINPUT) {
        zsc_error_clear(); /* damaged: a sweep computes it again */
        status = ZSC_OK;
    }
    zsc_result_free(&result);
    free(path);
    return status;
}

static zsc_status find(const char *output, const zsc_run_identity *identity,
                       zsc_status (*check)(const char *, const char *, bool *), bool *found)
{
    zsc_status status = ZSC_OK;
    char name[ZSC_DIGEST_TEXT], text[ZSC_DIGEST_TEXT], key[ZSC_DIGEST_TEXT] = "", settings[ZSC_DIGEST_TEXT] = "",
                                                       check_text[ZSC_DIGEST_TEXT] = "", *entry = NULL;
    *found = false;
    if (!identity->known) return ZSC_OK;
    char *path = zsc_asprintf("%s/.index/%s", output, zsc_digest_text(identity->all, name));
    if (!path) return ZSC_EINTERNAL;
    if (zsc_read_file(path, &entry, NULL) != ZSC_OK)
        zsc_error_clear(); /* no entry, or none that can be read: the run is found by its key */
    else if (sscanf(entry, "%32[0-9a-f] %32[0-9a-f] %32[0-9a-f]", key, settings, check_text) == 3 &&
             strcmp(check_text, check_of(name, key, settings, text)) == 0)
        status = check(output, key, found);
    free(entry);
    free(path);
    return status;
}

zsc_status zsc_run_index_find(const char *output, const zsc_run_identity *identity, bool *found)
{
    return find(output, identity, is_whole, found);
}

zsc_status zsc_run_index_state(const char *output, const zsc_run_identity *identity, const zsc_list *claimed,
                               zsc_run_state *out)
{
    zsc_status status = ZSC_OK;
    struct stat s;
    char text[ZSC_DIGEST_TEXT];
    const char *settings = zsc_digest_text(identity->settings, text);
    char *failed = zsc_asprintf("%s/.failed/%s.txt", output, settings);
    bool done = false;
    if (!failed) return ZSC_EINTERNAL;
    status = find(output, identity, is_there, &done);
    *out = done                              ? ZSC_RUN_DONE
           : zsc_list_has(claimed, settings) ? ZSC_RUN_UNDER_WAY
           : lstat(failed, &s) == 0          ? ZSC_RUN_FAILED
                                             : ZSC_RUN_TO_DO;
    free(failed);
    return status;
}

zsc_status zsc_run_index_forget(const char *output, const char *key)
{
    zsc_status status = ZSC_OK;
    char *folder = zsc_asprintf("%s/.index", output);
    DIR *entries = folder ? opendir(folder) : NULL;
    for (const struct dirent *e; entries && (e = readdir(entries));) {
        char *text = NULL, *path = e->d_name[0] == '.' ? NULL : zsc_asprintf("%s/%s", folder, e->d_name);
        if (path && zsc_read_file(path, &text, NULL) == ZSC_OK && strncmp(text, key, strlen(key)) == 0) unlink(path);
        free(text);
        free(path);
    }
    zsc_error_clear(); /* what cannot be read leads nowhere */
    if (entries) closedir(entries);
    if (!folder) status = ZSC_EINTERNAL;
    free(folder);
    return status;
}

zsc_status zsc_run_index_recent(const char *output, zsc_list *settings)
{
    enum { DIGEST = ZSC_DIGEST_TEXT - 1 };
    zsc_status status = ZSC_OK;
    char *folder = zsc_asprintf("%s/.index", output);
    DIR *entries = folder ? opendir(folder) : NULL;
    for (const struct dirent *e; status == ZSC_OK && entries && (e = readdir(entries));) {
        char *text = NULL, *path = e->d_name[0] == '.' ? NULL : zsc_asprintf("%s/%s", folder, e->d_name);
        if (path && zsc_read_file(path, &text, NULL) == ZSC_OK && strlen(text) > 3 * DIGEST + 2 &&
            strncmp(text + 3 * DIGEST + 2, " recent", strlen(" recent")) == 0) {
            text[2 * DIGEST + 1] = '\0';
            status = zsc_list_add(settings, text + DIGEST + 1);
        }
        free(text);
        free(path);
    }
    if (status == ZSC_OK) zsc_error_clear(); /* what cannot be read leads nowhere */
    if (entries) closedir(entries);
    if (!folder) status = ZSC_EINTERNAL;
    free(folder);
    return status;
}

/* --- Claims */
/* Who holds the claim, for those who ask; what cannot be written is no loss. */
static void sign_claim(int descriptor, const zsc_run_identity *identity)
{
    char text[ZSC_DIGEST_TEXT];
    zsc_digest_text(identity->settings, text);
    if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, text, strlen(text), 0) < 0)
        zsc_detail("cannot write to a claim: %s", strerror(errno));
}

/* The text of a claim that is held, or "". */
static void read_claim(const char *path, char text[ZSC_DIGEST_TEXT])
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *text = '\0';
    if (descriptor < 0) return;
    if (flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ssize_t got = pread(descriptor, text, ZSC_DIGEST_TEXT - 1, 0);
        text[got > 0 ? got : 0] = '\0';
    }
    close(descriptor);
}

zsc_status zsc_run_index_claimed(const char *output, zsc_list *settings)
{
    zsc_status status = ZSC_OK;
    char *folder = zsc_asprintf("%s/.claims", output), text[ZSC_DIGEST_TEXT];
    DIR *entries = folder ? opendir(folder) : NULL;
    for (const struct dirent *e; status == ZSC_OK && entries && (e = readdir(entries));) {
        char *path = e->d_name[0] == '.' ? NULL : zsc_asprintf("%s/%s", folder, e->d_name);
        if (e->d_name[0] == '.') continue;
        if (path) read_claim(path, text);
        if (!path || *text) status = path ? zsc_list_add(settings, text) : ZSC_EINTERNAL;
        free(path);
    }
    if (entries) closedir(entries);
    if (!folder) status = ZSC_EINTERNAL;
    free(folder);
    return status;
}

int zsc_run_index_claim(const char *output, const char *key, const zsc_run_identity *identity, zsc_status *status)
{
    char *path = NULL;
    if ((*status = side_file(output, ".claims", key, "", &path)) != ZSC_OK) return -1;
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    *status = descriptor < 0 ? zsc_fail(ZSC_EINPUT, "cannot create '%s': %s", path, strerror(errno)) : ZSC_OK;
    int locked;
    while ((locked = descriptor < 0 ? 0 : flock(descriptor, LOCK_EX | LOCK_NB)) != 0 && errno == EINTR) continue;
    if (locked != 0 && errno == EWOULDBLOCK) {
        close(descriptor);
        descriptor = -1;
    } else if (locked != 0) {
        /* a file system without locks: a run may be computed twice, which costs time and changes nothing */
        zsc_detail("cannot lock '%s': %s", path, strerror(errno));
    }
    if (descriptor >= 0 && identity) sign_claim(descriptor, identity);
    free(path);
    return descriptor;
}

void zsc_run_index_release(const char *output, const char *key, int descriptor)
{
    char *path = zsc_asprintf("%s/.claims/%s", output, key);
    if (path) unlink(path);
    close(descriptor);
    free(path);
}

/* --- Failures */
zsc_status zsc_run_index_fail(const char *output, const zsc_run_identity *identity, const char *line)
{
    char text[ZSC_DIGEST_TEXT];
    char *path = NULL;
    zsc_status status = side_file(output, ".failed", failure_name(identity, text), ".txt", &path);
    if (status == ZSC_OK) status = write_text(path, line);
    free(path);
    return status;
}
