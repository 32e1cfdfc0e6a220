/* Checksums of datasets. The attribute "checksums" of a file has a line for each dataset that it covers, "DIGEST
 * OBJECT"; the digest is of the shape and of the values as they are in memory, so that it does not depend on chunks or
 * on the length of fixed strings. One attribute, and not one per dataset or HDF5's own Fletcher-32 filter: a dataset
 * that was replaced, by what other program ever, comes with a right checksum of its own, and is found by a list that
 * stands elsewhere. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "io/h5/h5_internal.h"

#define CHECKSUMS "checksums"

static zsc_status add_strings(zsc_h5 *file, const char *object, const zsc_h5_info *info, zsc_hash *hash)
{
    size_t piece = zsc_h5_block_rows(file, object), n = info->shape[0];
    for (size_t first = 0; first < n; first += piece) {
        char **text = NULL;
        size_t count = n - first < piece ? n - first : piece;
        zsc_status status = zsc_h5_read_string_rows(file, object, first, count, &text);
        if (status != ZSC_OK) return status;
        for (size_t i = 0; i < count; i++) zsc_hash_add(hash, text[i], strlen(text[i]) + 1);
        free(text);
    }
    return ZSC_OK;
}

static zsc_status add_numbers(zsc_h5 *file, const char *object, const zsc_h5_info *info, zsc_hash *hash)
{
    zsc_status status = ZSC_OK;
    zsc_h5_type type = info->type == ZSC_H5_INTEGER ? ZSC_H5_I64 : ZSC_H5_F64;
    size_t piece = zsc_h5_block_rows(file, object), n = info->shape[0], width = 1;
    double *values = NULL; /* or as many int64_t */
    for (int i = 1; i < info->rank; i++) width *= info->shape[i];
    if (piece > n) piece = n;
    ZSC_NEW_RAW(values, piece * width);
    for (size_t first = 0; first < n; first += piece) {
        size_t count = n - first < piece ? n - first : piece;
        ZSC_TRY(zsc_h5_read_rows(file, object, type, first, count, width, values));
        zsc_hash_add(hash, values, count * width * sizeof *values);
    }
done:
    free(values);
    return status;
}

static zsc_status digest_of(zsc_h5 *file, const char *object, zsc_digest *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_h5_stat(file, object, &info));
    if (info.is_group || info.rank < 1) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' is not a list or a table", file->path, object);
        goto done;
    }
    uint64_t head[2 + ZSC_H5_MAX_RANK] = {(uint64_t)info.type, (uint64_t)info.rank};
    for (int i = 0; i < info.rank; i++) head[2 + i] = info.shape[i];
    zsc_hash_add(hash, head, sizeof head);
    ZSC_TRY(info.type == ZSC_H5_STRING ? add_strings(file, object, &info, hash)
                                       : add_numbers(file, object, &info, hash));
done:;
    zsc_digest digest = zsc_hash_end(hash);
    if (status == ZSC_OK) *out = digest;
    return status;
}

zsc_status zsc_h5_checksums_write(zsc_h5 *file, const zsc_list *objects)
{
    zsc_status status = ZSC_OK;
    zsc_text lines = {0};
    for (size_t i = 0; i < objects->count; i++) {
        char text[ZSC_DIGEST_TEXT];
        zsc_digest digest;
        if (strchr(objects->item[i], '\n')) continue; /* a rank of such a name cannot stand in a line */
        ZSC_TRY(digest_of(file, objects->item[i], &digest));
        zsc_text_printf(&lines, "%s %s\n", zsc_digest_text(digest, text), objects->item[i]);
    }
    if (lines.failed) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    status = zsc_h5_set_text(file, "/", CHECKSUMS, lines.data ? lines.data : "");
done:
    free(lines.data);
    return status;
}

bool zsc_h5_checksums_present(zsc_h5 *file) { return zsc_h5_has_attribute(file, "/", CHECKSUMS); }

/* The list of the file, read once. */
static zsc_status load_list(zsc_h5 *file)
{
    if (file->checksums) return ZSC_OK;
    char *text = NULL;
    zsc_list *list = zsc_calloc(1, sizeof *list, "checksums");
    zsc_status status = list ? zsc_h5_get_text(file, "/", CHECKSUMS, "", &text) : ZSC_EINTERNAL;
    if (status == ZSC_OK) status = zsc_list_split(list, text, "\n");
    free(text);
    if (status == ZSC_OK) {
        file->checksums = list;
        return ZSC_OK;
    }
    if (list) zsc_list_free(list);
    free(list);
    return status;
}

/* The line of OBJECT: its digest, a blank, its path. */
static char *find_line(const zsc_list *list, const char *object)
{
    while (object[0] == '/' && object[1] == '/') object++;
    for (size_t i = 0; i < list->count; i++) {
        char *line = list->item[i];
        const char *path = strlen(line) > ZSC_DIGEST_TEXT ? line + ZSC_DIGEST_TEXT : "";
        if (strcmp(path, object) == 0 || (*path == '/' && strcmp(path + 1, object) == 0)) return line;
    }
    return NULL;
}

zsc_status zsc_h5_verify(zsc_h5 *file, const char *object)
{
    enum { CHECKED = '=' }; /* in place of the blank */
    if (file->temporary) return ZSC_OK;
    zsc_status status = load_list(file);
    if (status != ZSC_OK) return status;
    char *line = find_line(file->checksums, object), text[ZSC_DIGEST_TEXT];
    if (!line || line[ZSC_DIGEST_TEXT - 1] == CHECKED) return ZSC_OK;
    line[ZSC_DIGEST_TEXT - 1] = CHECKED; /* before it is read: reading asks for this again */
    zsc_digest digest;
    status = digest_of(file, object, &digest);
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION /* a fuzzer would never get past it */
    if (status == ZSC_OK && strncmp(line, zsc_digest_text(digest, text), ZSC_DIGEST_TEXT - 1) != 0)
        status = zsc_fail(ZSC_EINPUT, "'%s' is damaged: the checksum of %s does not match what it holds", file->path,
                          object);
#endif
    if (status != ZSC_OK) line[ZSC_DIGEST_TEXT - 1] = ' '; /* the next one who asks is told too */
    return status;
}

zsc_status zsc_h5_verify_all(zsc_h5 *file, zsc_list *damage)
{
    zsc_status status = load_list(file);
    for (size_t i = 0; status == ZSC_OK && i < file->checksums->count; i++) {
        const char *line = file->checksums->item[i],
                   *object = strlen(line) > ZSC_DIGEST_TEXT ? line + ZSC_DIGEST_TEXT : line;
        zsc_error_clear();
        zsc_status found = zsc_h5_verify(file, object);
        if (found == ZSC_EINPUT)
            status = zsc_list_add(damage, zsc_error_message());
        else
            status = found;
    }
    return status;
}

zsc_status zsc_h5_verify_present(zsc_h5 *file)
{
    zsc_status status = load_list(file);
    for (size_t i = 0; status == ZSC_OK && i < file->checksums->count; i++) {
        const char *line = file->checksums->item[i];
        const char *object = strlen(line) > ZSC_DIGEST_TEXT ? line + ZSC_DIGEST_TEXT : "";
        if (*object != '/')
            status = zsc_fail(ZSC_EINPUT, "'%s' is damaged: its list of checksums holds '%s'", file->path, line);
        else if (!zsc_h5_has(file, object))
            status = zsc_fail(ZSC_EINPUT, "'%s' is damaged: it has no %s any more", file->path, object);
    }
    return status;
}

void zsc_h5_checksums_free(zsc_h5 *file)
{
    if (file->checksums) zsc_list_free(file->checksums);
    free(file->checksums);
    file->checksums = NULL;
}
