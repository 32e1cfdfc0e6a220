#include "io/files/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>
#include <zstd.h>

#include "base/memory.h"
#include "io/files/piped_input.h"

enum { PACKED_BLOCK = 1 << 18 };
typedef enum packing { PLAIN, GZIP, ZSTD, MEMBER } packing;

struct zsc_source {
    char *path;
    int descriptor;
    packing packing;
    unsigned char *packed; /* a block of the file: used .. filled are still to be unpacked */
    size_t used, filled;
    size_t size, unpacked;    /* unpacked: bytes that have been read of a member or of a plain file */
    bool file_ended, between; /* between: the packed data may end here */
    bool padded;              /* zeros follow the gzip data, as tapes fill their blocks */
    z_stream inflate;
    bool inflating;
    ZSTD_DStream *zstd;
    zip_file_t *member;
};

static zsc_status read_raw(zsc_source *source, void *buffer, size_t size, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ssize_t n = read(source->descriptor, (char *)buffer + *got, size - *got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            int saved = errno;
            return zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", source->path, strerror(saved));
        }
        if (n == 0) {
            source->file_ended = true;
            break;
        }
        *got += (size_t)n;
    }
    return ZSC_OK;
}

static zsc_status refill(zsc_source *source)
{
    if (source->used < source->filled || source->file_ended) return ZSC_OK;
    source->used = 0;
    return read_raw(source, source->packed, PACKED_BLOCK, &source->filled);
}

static packing recognise(const unsigned char *data, size_t size)
{
    static const unsigned char zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
    if (size >= 2 && data[0] == 0x1f && data[1] == 0x8b) return GZIP;
    if (size >= sizeof zstd && memcmp(data, zstd, sizeof zstd) == 0) return ZSTD;
    if (size >= 4 && (data[0] & 0xf0) == 0x50 && memcmp(data + 1, "\x2a\x4d\x18", 3) == 0) return ZSTD; /* pzstd */
    return PLAIN;
}

static zsc_status begin_unpacking(zsc_source *source)
{
    source->between = true;
    if (source->packing == GZIP) {
        if (inflateInit2(&source->inflate, 15 + 16) != Z_OK) return zsc_fail_memory(1, sizeof(z_stream), "gzip");
        source->inflating = true;
    } else if (source->packing == ZSTD && !(source->zstd = ZSTD_createDStream())) {
        return zsc_fail_memory(1, 1, "zstd");
    }
    return ZSC_OK;
}

zsc_status zsc_source_open(const char *path, zsc_source **out)
{
    zsc_status status = ZSC_OK;
    zsc_source *source = NULL;
    struct stat s;
    ZSC_NEW(source, 1);
    source->descriptor = -1;
    if (!(source->path = zsc_strdup(path))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_piped_input_open(path, &source->descriptor));
    if (source->descriptor < 0) {
        int saved = errno;
        status = saved == ENOENT ? zsc_fail(ZSC_EINPUT, "no such file: '%s'", path)
                                 : zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(saved));
        goto done;
    }
    if (fstat(source->descriptor, &s) != 0 || S_ISDIR(s.st_mode)) {
        status = zsc_fail(ZSC_EINPUT, "cannot read '%s': it is a folder", path);
        goto done;
    }
    source->size = S_ISREG(s.st_mode) ? (size_t)s.st_size : SIZE_MAX;
    ZSC_NEW_RAW(source->packed, PACKED_BLOCK);
    ZSC_TRY(refill(source));
    if (source->filled == 0) {
        status = zsc_fail(ZSC_EINPUT, "'%s' is empty", path);
        goto done;
    }
    source->packing = recognise(source->packed, source->filled);
    if (source->packing != PLAIN) source->size = SIZE_MAX;
    ZSC_TRY(begin_unpacking(source));
    *out = source;
    source = NULL;
done:
    zsc_source_close(source);
    return status;
}

static zsc_status damaged(const zsc_source *source, const char *kind, const char *reason)
{
    return zsc_fail(ZSC_EINPUT, "'%s': the %s data is damaged: %s", source->path, kind,
                    reason ? reason : "no reason is known");
}

static zsc_status fail_trailing(const zsc_source *source, const char *kind)
{
    return zsc_fail(ZSC_EINPUT, "'%s': other data follows the %s data; it is damaged, or two files were joined",
                    source->path, kind);
}

/* Between two members of a gzip file: zeros up to the end of the file are no data, anything but a member is an error.
 */
static zsc_status skip_padding(zsc_source *source)
{
    enum { FIRST_OF_MEMBER = 0x1f };
    while (source->used < source->filled && source->packed[source->used] == 0) {
        source->padded = true;
        source->used++;
    }
    if (source->used < source->filled && (source->padded || source->packed[source->used] != FIRST_OF_MEMBER))
        return fail_trailing(source, "gzip");
    return ZSC_OK;
}

static zsc_status read_gzip(zsc_source *source, void *buffer, size_t size, size_t *got)
{
    z_stream *z = &source->inflate;
    if (source->between) {
        zsc_status status = skip_padding(source);
        if (status != ZSC_OK || source->used == source->filled) return status;
    }
    z->next_in = source->packed + source->used;
    z->avail_in = (uInt)(source->filled - source->used);
    z->next_out = (unsigned char *)buffer + *got;
    z->avail_out = (uInt)(size - *got > 1 << 30 ? 1 << 30 : size - *got);
    if (source->between && inflateReset(z) != Z_OK) return damaged(source, "gzip", z->msg);
    source->between = false;
    int result = inflate(z, Z_NO_FLUSH); /* compares checksum and length where a member ends */
    source->used = source->filled - z->avail_in;
    *got = (size_t)(z->next_out - (unsigned char *)buffer);
    if (result == Z_STREAM_END)
        source->between = true; /* another member may follow */
    else if (result != Z_OK && result != Z_BUF_ERROR)
        return damaged(source, "gzip", z->msg);
    return ZSC_OK;
}

static zsc_status read_zstd(zsc_source *source, void *buffer, size_t size, size_t *got)
{
    ZSTD_inBuffer in = {source->packed, source->filled, source->used};
    ZSTD_outBuffer out = {buffer, size, *got};
    size_t result = ZSTD_decompressStream(source->zstd, &out, &in);
    if (ZSTD_isError(result))
        return source->between && source->unpacked ? fail_trailing(source, "zstd")
                                                   : damaged(source, "zstd", ZSTD_getErrorName(result));
    source->unpacked += out.pos - *got;
    source->used = in.pos;
    *got = out.pos;
    source->between = result == 0;
    return ZSC_OK;
}

/* libzip sums up what it unpacks, and compares the sum where the member ends. */
static zsc_status read_member(zsc_source *source, void *buffer, size_t size, size_t *got)
{
    zip_int64_t n = 1;
    while (*got < size && n > 0) {
        n = zip_fread(source->member, (char *)buffer + *got, size - *got);
        if (n < 0) return zsc_fail(ZSC_EINPUT, "'%s' is damaged: %s", source->path, zip_file_strerror(source->member));
        *got += (size_t)n;
    }
    source->unpacked += *got;
    if (source->unpacked > source->size || (n == 0 && source->unpacked < source->size))
        return zsc_fail(ZSC_EINPUT, "'%s' is damaged: it has %s bytes than the %zu that the archive tells",
                        source->path, n == 0 ? "fewer" : "more", source->size);
    return ZSC_OK;
}

zsc_status zsc_source_read(zsc_source *source, void *buffer, size_t size, size_t *got)
{
    zsc_status status = ZSC_OK;
    *got = 0;
    if (source->packing == MEMBER) return read_member(source, buffer, size, got);
    if (source->packing == PLAIN) {
        size_t held = source->filled - source->used, more = 0;
        if (held > size) held = size;
        memcpy(buffer, source->packed + source->used, held);
        source->used += held;
        *got = held;
        if (held < size && !source->file_ended) status = read_raw(source, (char *)buffer + held, size - held, &more);
        *got += more;
        source->unpacked += *got;
        return status;
    }
    while (*got < size && status == ZSC_OK) {
        if ((status = refill(source)) != ZSC_OK) break;
        bool nothing = source->used == source->filled;
        if (nothing && source->between) break;
        size_t before = *got;
        status = source->packing == GZIP ? read_gzip(source, buffer, size, got) : read_zstd(source, buffer, size, got);
        if (status == ZSC_OK && nothing && *got == before && !source->between)
            status = zsc_fail(ZSC_EINPUT, "'%s' is truncated: its packed data ends too early", source->path);
    }
    return status;
}

size_t zsc_source_start(const char *path, char *start, size_t size, bool *packed)
{
    zsc_source *source = NULL;
    size_t got = 0;
    if (packed) *packed = false;
    if (zsc_source_open(path, &source) != ZSC_OK) return 0;
    if (packed) *packed = source->packing != PLAIN;
    zsc_source_read(source, start, size, &got); /* as far as it can be read */
    zsc_source_close(source);
    return got;
}

bool zsc_source_packed(const zsc_source *source) { return source->packing != PLAIN; }

size_t zsc_source_plain(const zsc_source *source)
{
    return source->packing == PLAIN && source->size != SIZE_MAX ? source->unpacked : SIZE_MAX;
}

zsc_status zsc_source_read_at(const zsc_source *source, size_t offset, void *buffer, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = pread(source->descriptor, (char *)buffer + done, size - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            int saved = errno;
            return zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", source->path, strerror(saved));
        }
        if (n == 0) return zsc_fail(ZSC_EINPUT, "'%s' is truncated", source->path);
        done += (size_t)n;
    }
    return ZSC_OK;
}

zsc_status zsc_source_end(zsc_source *source, const char *what)
{
    char more;
    size_t got = 0;
    zsc_status status = zsc_source_read(source, &more, 1, &got);
    if (status != ZSC_OK || got == 0) return status;
    return zsc_fail(ZSC_EINPUT, "'%s' goes on after %s, expected its end: it is damaged, or two files were joined",
                    source->path, what);
}

zsc_status zsc_source_skip(zsc_source *source)
{
    zsc_status status = ZSC_OK;
    char *block = NULL;
    size_t got = PACKED_BLOCK;
    ZSC_NEW_RAW(block, PACKED_BLOCK);
    while (got == PACKED_BLOCK) ZSC_TRY(zsc_source_read(source, block, PACKED_BLOCK, &got));
done:
    free(block);
    return status;
}

size_t zsc_source_size(const zsc_source *source) { return source->size; }

const char *zsc_source_path(const zsc_source *source) { return source->path; }

void zsc_source_close(zsc_source *source)
{
    if (!source) return;
    if (source->descriptor >= 0) close(source->descriptor);
    if (source->inflating) inflateEnd(&source->inflate);
    ZSTD_freeDStream(source->zstd);
    if (source->member) zip_fclose(source->member);
    free(source->packed);
    free(source->path);
    free(source);
}

/* --- Zip archives */
struct zsc_archive {
    char *path;
    zip_t *zip;
};

zsc_status zsc_archive_open(const char *path, zsc_archive **out)
{
    zsc_status status = ZSC_OK;
    zsc_archive *archive = NULL;
    int code = 0;
    ZSC_NEW(archive, 1);
    if (!(archive->path = zsc_strdup(path))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    /* ZIP_CHECKCONS: the headers beside the members must agree with the directory, which must end the file. */
    if (!(archive->zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code))) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        status = code == ZIP_ER_EXISTS
                     ? zsc_fail(ZSC_EINPUT, "'%s' holds two members of one name, expected one of each", path)
                     : zsc_fail(ZSC_EINPUT, "'%s' is damaged or truncated: %s", path, zip_error_strerror(&error));
        zip_error_fini(&error);
        goto done;
    }
    *out = archive;
    archive = NULL;
done:
    zsc_archive_close(archive);
    return status;
}

void zsc_archive_close(zsc_archive *archive)
{
    if (!archive) return;
    if (archive->zip) zip_discard(archive->zip);
    free(archive->path);
    free(archive);
}

size_t zsc_archive_count(const zsc_archive *archive)
{
    zip_int64_t count = zip_get_num_entries(archive->zip, 0);
    return count > 0 ? (size_t)count : 0;
}

const char *zsc_archive_name(const zsc_archive *archive, size_t member)
{
    const char *name = zip_get_name(archive->zip, member, 0);
    return name ? name : "";
}

zsc_status zsc_archive_member(zsc_archive *archive, size_t member, zsc_source **out)
{
    zsc_status status = ZSC_OK;
    zsc_source *source = NULL;
    zip_stat_t s;
    char size[ZSC_BYTES_TEXT];
    ZSC_NEW(source, 1);
    source->descriptor = -1;
    source->packing = MEMBER;
    if (!(source->path = zsc_asprintf("%s:%s", archive->path, zsc_archive_name(archive, member)))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    if (zip_stat_index(archive->zip, member, 0, &s) != 0 || !(s.valid & ZIP_STAT_SIZE)) {
        status = zsc_fail(ZSC_EINPUT, "'%s' is damaged: %s", source->path, zip_strerror(archive->zip));
        goto done;
    }
    if (s.size > zsc_memory_available()) {
        status = zsc_fail(ZSC_EINPUT, "'%s' would unpack to %s, more than this machine's memory", source->path,
                          zsc_bytes_text((double)s.size, size));
        goto done;
    }
    source->size = (size_t)s.size;
    if (!(source->member = zip_fopen_index(archive->zip, member, 0))) {
        status = zsc_fail(ZSC_EINPUT, "'%s' cannot be read: %s", source->path, zip_strerror(archive->zip));
        goto done;
    }
    *out = source;
    source = NULL;
done:
    zsc_source_close(source);
    return status;
}
