/* The zip format (PKWARE's APPNOTE, version 2.0 of it): for each member a header of 30 bytes, its name and its deflated
 * bytes; then a directory with a header of 46 bytes for each, and its end. Sizes and checksum of a member are known
 * behind it, so that its header is written again. Dates are 1980-01-01, so that contents alone decide the bytes.
 *
 * Floats of encoders repeat nothing: zlib's Huffman codes alone shrink them as much as matches do, five times as fast.
 */
#include "io/npz_writer.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "io/files/atomic.h"
#include "io/npy.h"

enum { LOCAL_HEADER = 30, ENTRY = 46, END = 22, VERSION = 20, DEFLATED = 8, FIRST_DATE = 0x21, BUFFER = 1 << 16 };

typedef struct member {
    char *name; /* with .npy */
    uint64_t at, packed, size, expected;
    uint32_t crc;
} member;

struct zsc_npz_writer {
    zsc_atomic *out;
    FILE *stream;
    char *path, *comment;
    uint64_t written;
    z_stream deflate;
    bool deflating;
    member *members;
    size_t count, capacity;
    unsigned char buffer[BUFFER];
};

/* Little-endian, BYTES of them; returns what is behind. */
static unsigned char *put(unsigned char *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) *to++ = (unsigned char)(value >> 8 * i);
    return to;
}

static void write_bytes(zsc_npz_writer *file, const void *data, size_t bytes)
{
    fwrite(data, 1, bytes, file->stream); /* zsc_atomic_commit sees failures */
    file->written += bytes;
}

/* What a member's header and its entry of the directory have in common. */
static unsigned char *put_member(unsigned char *to, const member *m)
{
    to = put(to, VERSION, 2);
    to = put(to, 0, 2); /* flags */
    to = put(to, DEFLATED, 2);
    to = put(to, 0, 2); /* time */
    to = put(to, FIRST_DATE, 2);
    to = put(to, m->crc, 4);
    to = put(to, m->packed, 4);
    to = put(to, m->size, 4);
    to = put(to, strlen(m->name), 2);
    return put(to, 0, 2); /* extra fields */
}

static void write_local_header(zsc_npz_writer *file, const member *m)
{
    unsigned char header[LOCAL_HEADER];
    put_member(put(header, 0x04034b50, 4), m);
    write_bytes(file, header, sizeof header);
}

zsc_status zsc_npz_create(const char *path, const char *comment, zsc_npz_writer **out)
{
    zsc_status status = ZSC_OK;
    zsc_npz_writer *file = NULL;
    ZSC_NEW(file, 1);
    ZSC_TRY(zsc_copy_text(path, &file->path));
    ZSC_TRY(zsc_copy_text(comment, &file->comment));
    ZSC_TRY(zsc_atomic_open(path, &file->out));
    file->stream = zsc_atomic_stream(file->out);
    *out = file;
    file = NULL;
done:
    zsc_npz_abandon(file);
    return status;
}

/* Deflates what the stream has of input, to the end of the member where FLUSH is Z_FINISH. */
static zsc_status deflate_input(zsc_npz_writer *file, int flush)
{
    int done;
    do {
        file->deflate.next_out = file->buffer;
        file->deflate.avail_out = BUFFER;
        done = deflate(&file->deflate, flush);
        if (done == Z_STREAM_ERROR) return zsc_fail(ZSC_EINTERNAL, "'%s': zlib fails", file->path);
        write_bytes(file, file->buffer, BUFFER - file->deflate.avail_out);
    } while (file->deflate.avail_out == 0 || (flush == Z_FINISH && done != Z_STREAM_END));
    return ZSC_OK;
}

static zsc_status add_bytes(zsc_npz_writer *file, const void *data, size_t bytes)
{
    enum { PIECE = 1 << 30 }; /* zlib counts in 32 bits */
    member *m = &file->members[file->count - 1];
    const unsigned char *next = data;
    while (bytes > 0) {
        size_t piece = bytes < PIECE ? bytes : PIECE;
        m->crc = (uint32_t)crc32(m->crc, next, (uInt)piece);
        file->deflate.next_in = (unsigned char *)next;
        file->deflate.avail_in = (uInt)piece;
        zsc_status status = deflate_input(file, Z_NO_FLUSH);
        if (status != ZSC_OK) return status;
        m->size += piece;
        next += piece;
        bytes -= piece;
    }
    return ZSC_OK;
}

zsc_status zsc_npz_begin(zsc_npz_writer *file, const char *name, char kind, size_t size, size_t n, size_t d)
{
    zsc_status status = ZSC_OK;
    char header[ZSC_NPY_HEADER];
    ZSC_TRY(zsc_grow(&file->members, &file->capacity, file->count + 1, sizeof *file->members, "members"));
    member *m = &file->members[file->count];
    *m = (member){.name = zsc_asprintf("%s.npy", name), .at = file->written};
    if (!m->name) return ZSC_EINTERNAL;
    file->count++;
    size_t length = zsc_npy_make_header(kind, size, n, d, header);
    m->expected = length + (uint64_t)size * n * (d == ZSC_NPZ_LIST ? 1 : d);
    write_local_header(file, m);
    write_bytes(file, m->name, strlen(m->name));
    file->deflate = (z_stream){0};
    if (deflateInit2(&file->deflate, 1, Z_DEFLATED, -MAX_WBITS, 8, Z_HUFFMAN_ONLY) != Z_OK)
        return zsc_fail(ZSC_EINTERNAL, "out of memory: zlib, for '%s'", file->path);
    file->deflating = true;
    status = add_bytes(file, header, length);
done:
    return status;
}

zsc_status zsc_npz_write(zsc_npz_writer *file, const void *data, size_t bytes) { return add_bytes(file, data, bytes); }

/* The member's header again, now that sizes and checksum are known. */
static zsc_status renew_header(zsc_npz_writer *file, const member *m)
{
    uint64_t end = file->written;
    if (fseeko(file->stream, (off_t)m->at, SEEK_SET) != 0) goto failed;
    write_local_header(file, m);
    file->written = end;
    if (fseeko(file->stream, (off_t)end, SEEK_SET) == 0) return ZSC_OK;
failed:
    return zsc_fail(ZSC_EINPUT, "cannot write '%s': an .npz is written to a file on disk", file->path);
}

zsc_status zsc_npz_end(zsc_npz_writer *file)
{
    zsc_status status = ZSC_OK;
    member *m = &file->members[file->count - 1];
    uint64_t begin = m->at + LOCAL_HEADER + strlen(m->name);
    file->deflate.next_in = NULL;
    file->deflate.avail_in = 0;
    ZSC_TRY(deflate_input(file, Z_FINISH));
    deflateEnd(&file->deflate);
    file->deflating = false;
    m->packed = file->written - begin;
    if (m->size != m->expected) return zsc_fail(ZSC_EINTERNAL, "'%s': %s has other bytes", file->path, m->name);
    if (m->size > UINT32_MAX || file->written > UINT32_MAX)
        return zsc_fail(ZSC_EINPUT, "cannot write '%s': arrays of 4 GB and more are not written as .npz", file->path);
    status = renew_header(file, m);
done:
    return status;
}

static void write_directory(zsc_npz_writer *file)
{
    unsigned char entry[ENTRY], end[END], *to;
    uint64_t begin = file->written;
    for (size_t i = 0; i < file->count; i++) {
        const member *m = &file->members[i];
        to = put(put(entry, 0x02014b50, 4), VERSION, 2); /* made by, here and below needed */
        to = put(put(put_member(to, m), 0, 8), 0, 2);    /* no comment, first disk, no attributes */
        put(to, m->at, 4);
        write_bytes(file, entry, sizeof entry);
        write_bytes(file, m->name, strlen(m->name));
    }
    to = put(put(end, 0x06054b50, 4), 0, 4); /* one disk */
    to = put(put(to, file->count, 2), file->count, 2);
    to = put(put(to, file->written - begin, 4), begin, 4);
    put(to, strlen(file->comment), 2);
    write_bytes(file, end, sizeof end);
    write_bytes(file, file->comment, strlen(file->comment));
}

zsc_status zsc_npz_commit(zsc_npz_writer *file)
{
    write_directory(file);
    zsc_atomic *out = file->out;
    file->out = NULL;
    zsc_status status = zsc_atomic_commit(out);
    zsc_npz_abandon(file);
    return status;
}

void zsc_npz_abandon(zsc_npz_writer *file)
{
    if (!file) return;
    if (file->deflating) deflateEnd(&file->deflate);
    zsc_atomic_abandon(file->out);
    for (size_t i = 0; i < file->count; i++) free(file->members[i].name);
    free(file->members);
    free(file->path);
    free(file->comment);
    free(file);
}
