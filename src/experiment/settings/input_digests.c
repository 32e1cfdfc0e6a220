#include "experiment/settings/input_digests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "io/files/content_digest.h"
#include "io/files/input_files.h"
#include "io/files/piped_input.h"

#define MOST_BYTES ((uint64_t)4 << 30)

typedef struct contents {
    zsc_digest digest;
    uint64_t bytes;
    bool known;
} contents;

/* What was read last, by the state of the files: the runs of a sweep share their inputs. */
enum { REMEMBERED = 32 };
static _Thread_local struct {
    zsc_digest identity;
    contents is;
} remembered[REMEMBERED];
static _Thread_local size_t next;

static bool recall(zsc_digest identity, contents *out)
{
    for (size_t i = 0; i < REMEMBERED; i++)
        if (remembered[i].is.known && zsc_digest_equal(remembered[i].identity, identity)) {
            *out = remembered[i].is;
            return true;
        }
    return false;
}

/* What PATH holds is added to *BYTES; false: it cannot be read again. Of a pipe, what it has brought. */
static bool add_size(const char *path, uint64_t *bytes)
{
    struct stat s;
    int descriptor = -1;
    bool pipe = zsc_piped_input_is_kept(path), known = !pipe && stat(path, &s) == 0;
    if (pipe && zsc_piped_input_open(path, &descriptor) != ZSC_OK) zsc_error_clear();
    if (descriptor >= 0) {
        known = fstat(descriptor, &s) == 0;
        close(descriptor);
    }
    if (!known || !S_ISREG(s.st_mode)) return false;
    *bytes += (uint64_t)s.st_size;
    return true;
}

/* Their sizes in all; *plain: all of them can be read again. */
static uint64_t size_of(const zsc_input_files *files, bool *plain)
{
    uint64_t bytes = 0;
    *plain = files->count > 0;
    for (size_t i = 0; i < files->count; i++) *plain = add_size(files->item[i].path, &bytes) && *plain;
    return bytes;
}

static zsc_status contents_of(const char *path, contents *out)
{
    zsc_status status = ZSC_OK;
    zsc_input_files files = {0};
    zsc_digest identity = {0};
    bool identified, plain;
    *out = (contents){0};
    if (zsc_input_list(path, &files) != ZSC_OK) { /* gone since */
        zsc_error_clear();
        return ZSC_OK;
    }
    out->bytes = size_of(&files, &plain);
    if (!plain || out->bytes > MOST_BYTES) goto done;
    ZSC_TRY(zsc_input_identity(path, &identity, &identified));
    if (identified && recall(identity, out)) goto done;
    uint64_t bytes;
    status = zsc_content_digest(path, NULL, &out->digest, &bytes);
    out->known = status == ZSC_OK;
    if (out->known) out->bytes = bytes;
    if (status == ZSC_EINPUT) { /* gone since */
        zsc_error_clear();
        status = ZSC_OK;
    }
    if (!identified || !out->known) goto done;
    remembered[next].identity = identity;
    remembered[next].is = *out;
    next = (next + 1) % REMEMBERED;
done:
    zsc_input_files_free(&files);
    return status;
}

static bool is_listed(const json_t *list, const char *path)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *listed = json_string_value(json_object_get(json_array_get(list, i), "path"));
        if (listed && strcmp(listed, path) == 0) return true;
    }
    return false;
}

zsc_status zsc_input_digests_add(json_t *list, const char *const *paths, size_t count)
{
    zsc_status status = ZSC_OK;
    char text[ZSC_DIGEST_TEXT];
    for (size_t i = 0; i < count; i++) {
        contents is;
        if (!paths[i] || is_listed(list, paths[i])) continue;
        ZSC_TRY(contents_of(paths[i], &is));
        json_t *entry = json_pack("{s:s, s:I, s:o}", "path", paths[i], "bytes", (json_int_t)is.bytes, "digest",
                                  is.known ? json_string(zsc_digest_text(is.digest, text)) : json_null());
        if (!list || !entry || json_array_append_new(list, entry) != 0)
            return zsc_fail(ZSC_EINTERNAL, "out of memory for the digests of inputs");
    }
done:
    return status;
}

zsc_status zsc_input_digests_of(json_t *list, const zsc_dataset_options *o, const zsc_dataset *data)
{
    zsc_status status = ZSC_OK;
    for (size_t m = 0; m < data->modalities; m++)
        ZSC_TRY(zsc_input_digests_add(list, (const char *const[]){data->modality[m].path}, 1));
    ZSC_TRY(zsc_input_digests_add(list, (const char *const[]){o->metadata, o->ids}, 2));
done:
    return status;
}

zsc_status zsc_input_digests_changed(const json_t *list, zsc_list *changed)
{
    zsc_status status = ZSC_OK;
    char text[ZSC_DIGEST_TEXT];
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        const char *path = json_string_value(json_object_get(entry, "path")),
                   *digest = json_string_value(json_object_get(entry, "digest"));
        contents is;
        if (!path || !digest) continue;
        ZSC_TRY(contents_of(path, &is));
        if (!is.known || strcmp(zsc_digest_text(is.digest, text), digest) != 0) ZSC_TRY(zsc_list_add(changed, path));
    }
done:
    return status;
}
