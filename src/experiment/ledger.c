/* A sweep's own files beside its results.
 *
 *   index    OUTPUT/.index/<identity> holds a run's key; the identity is a hash of settings and of the inputs' path,
 *            size and time, so that a finished sweep is recognised without reading its inputs
 *   claim    OUTPUT/.claims/<key> is locked while a run is computed: two sweeps on one store do not compute it twice,
 *            and a process that dies loses its locks
 *   failed   OUTPUT/.failed/<identity>.txt holds the message of a run that failed; it goes when the run succeeds */
#include "experiment/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "experiment/pipeline.h"
#include "experiment/settings.h"
#include "experiment/store.h"
#include "io/atomic.h"

/* --- Identity of a run before its inputs are read */
static void hash_strings(zsc_hash *hash, const char *const *item, size_t count)
{
    for (size_t i = 0; i < count; i++) zsc_hash_add(hash, item[i], strlen(item[i]) + 1);
    zsc_hash_add(hash, &count, sizeof count);
}

static void hash_pointing(zsc_hash *hash, const zsc_pointing *p)
{
    const char *const paths[] = {p->embedding ? p->embedding : "", p->id ? p->id : "", p->bfloat16 ? "bfloat16" : ""};
    hash_strings(hash, paths, sizeof paths / sizeof *paths);
    hash_strings(hash, p->labels, p->label_count);
}

static zsc_status identity(const zsc_run_options *o, char text[ZSC_DIGEST_TEXT])
{
    zsc_status status = ZSC_OK;
    zsc_hash *hash = NULL;
    zsc_dataset nothing = {0};
    char *config = NULL;
    ZSC_TRY(zsc_config_text(o, &nothing, &config));
    if (!(hash = zsc_hash_begin())) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    zsc_hash_add(hash, config, strlen(config) + 1);
    hash_strings(hash, o->data.embeddings, o->data.embedding_count);
    hash_strings(hash, o->data.ranks, o->data.rank_count);
    hash_strings(hash, o->data.columns.rule, o->data.columns.count);
    hash_pointing(hash, &o->data.pointing);
    for (size_t i = 0; i < o->data.embedding_count; i++) {
        const char *spec = o->data.embeddings[i], *colon = strrchr(spec, ':');
        char *path = zsc_strndup(spec, colon ? (size_t)(colon - spec) : strlen(spec));
        if (!path) status = ZSC_EINTERNAL; /* another identity would be a lie */
        zsc_hash_file(hash, spec);
        if (colon && path) zsc_hash_file(hash, path);
        free(path);
    }
    if (o->data.metadata) zsc_hash_file(hash, o->data.metadata);
    zsc_digest_text(zsc_hash_end(hash), text);
done:
    free(config);
    return status;
}

/* OUTPUT/<folder>/<name><ending>; the folder is made. NULL when memory runs out or the folder cannot be made. */
static char *side_file(const char *output, const char *folder, const char *name, const char *ending)
{
    char *path = zsc_asprintf("%s/%s", output, folder);
    if (path && zsc_make_folder(path) != ZSC_OK) {
        free(path);
        return NULL;
    }
    free(path);
    return zsc_asprintf("%s/%s/%s%s", output, folder, name, ending);
}

static zsc_status write_text(const char *path, const char *text)
{
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    fputs(text, zsc_atomic_stream(file));
    fputc('\n', zsc_atomic_stream(file));
    return zsc_atomic_commit(file);
}

zsc_status zsc_ledger_add(const char *output, const zsc_run_options *o, const char *key)
{
    char name[ZSC_DIGEST_TEXT];
    zsc_status status = identity(o, name);
    char *path = status == ZSC_OK ? side_file(output, ".index", name, "") : NULL;
    char *failed = status == ZSC_OK ? zsc_asprintf("%s/.failed/%s.txt", output, name) : NULL;
    if (status == ZSC_OK) status = path && failed ? write_text(path, key) : ZSC_EINTERNAL;
    if (failed) unlink(failed);
    free(path);
    free(failed);
    return status;
}

zsc_status zsc_ledger_find(const char *output, const zsc_run_options *o, bool *found)
{
    char name[ZSC_DIGEST_TEXT], key[ZSC_DIGEST_TEXT] = "";
    *found = false;
    zsc_status status = identity(o, name);
    char *path = status == ZSC_OK ? zsc_asprintf("%s/.index/%s", output, name) : NULL;
    FILE *file = path ? fopen(path, "r") : NULL;
    if (file) {
        if (fscanf(file, "%32[0-9a-f]", key) == 1 && strlen(key) == 32) {
            zsc_result result = {0};
            status = zsc_store_find_key(output, key, &result, found);
            zsc_result_free(&result);
        }
        fclose(file);
    }
    free(path);
    return status;
}

/* --- Claims */
int zsc_ledger_claim(const char *output, const char *key, zsc_status *status)
{
    char *path = side_file(output, ".claims", key, "");
    if (!path) {
        *status = ZSC_EINTERNAL;
        return -1;
    }
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
    free(path);
    return descriptor;
}

void zsc_ledger_release(const char *output, const char *key, int descriptor)
{
    char *path = zsc_asprintf("%s/.claims/%s", output, key);
    if (path) unlink(path);
    close(descriptor);
    free(path);
}

/* --- Failures */
zsc_status zsc_ledger_fail(const char *output, const zsc_run_options *o, const char *line)
{
    char name[ZSC_DIGEST_TEXT];
    zsc_status status = identity(o, name);
    char *path = status == ZSC_OK ? side_file(output, ".failed", name, ".txt") : NULL;
    if (status == ZSC_OK) status = path ? write_text(path, line) : ZSC_EINTERNAL;
    free(path);
    return status;
}
