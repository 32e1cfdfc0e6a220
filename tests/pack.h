/* Packs bytes as gzip, zstd and zip (npz) do, with right checksums: for tests that damage them afterwards. */
#ifndef ZSC_TESTS_PACK_H
#define ZSC_TESTS_PACK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>
#include <zlib.h>
#include <zstd.h>

typedef enum pack_kind { PACK_GZIP, PACK_ZSTD, PACK_STORED, PACK_DEFLATED, PACK_KINDS } pack_kind;
static const char *const pack_name[] = {"gzip", "zstd", "stored", "deflated"};

typedef struct packed {
    uint8_t *data; /* free */
    size_t size;
} packed;

static inline void pack_must(bool well)
{
    if (!well) abort();
}

static inline packed pack_gzip(const void *data, size_t size)
{
    z_stream z = {0};
    pack_must(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    size_t capacity = deflateBound(&z, size) + 64;
    packed p = {malloc(capacity), 0};
    pack_must(p.data != NULL);
    z.next_in = (unsigned char *)(uintptr_t)data;
    z.avail_in = (uInt)size;
    z.next_out = p.data;
    z.avail_out = (uInt)capacity;
    pack_must(deflate(&z, Z_FINISH) == Z_STREAM_END);
    p.size = z.total_out;
    deflateEnd(&z);
    return p;
}

static inline packed pack_zstd(const void *data, size_t size)
{
    size_t capacity = ZSTD_compressBound(size);
    packed p = {malloc(capacity), 0};
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    pack_must(p.data && zstd);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1); /* as the zstd program does */
    p.size = ZSTD_compress2(zstd, p.data, capacity, data, size);
    pack_must(!ZSTD_isError(p.size));
    ZSTD_freeCCtx(zstd);
    return p;
}

/* One archive of `count` members. */
static inline packed pack_zip(bool deflated, size_t count, const char *const *name, const void *const *data,
                              const size_t *size)
{
    zip_error_t error;
    zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, &error);
    pack_must(memory != NULL);
    zip_source_keep(memory);
    zip_t *zip = zip_open_from_source(memory, ZIP_TRUNCATE, &error);
    pack_must(zip != NULL);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *member = zip_source_buffer(zip, data[i], size[i], 0);
        zip_int64_t at = member ? zip_file_add(zip, name[i], member, 0) : -1;
        pack_must(at >= 0);
        zip_set_file_compression(zip, (zip_uint64_t)at, deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 6);
        zip_file_set_mtime(zip, (zip_uint64_t)at, 946684800, 0);
    }
    pack_must(zip_close(zip) == 0);
    zip_stat_t s;
    pack_must(zip_source_stat(memory, &s) == 0 && zip_source_open(memory) == 0);
    packed p = {malloc((size_t)s.size + 1), (size_t)s.size};
    pack_must(p.data && zip_source_read(memory, p.data, p.size) == (zip_int64_t)p.size);
    zip_source_close(memory);
    zip_source_free(memory);
    return p;
}

/* SIZE bytes in one of the ways; of a zip, the member's name is NAME. */
static inline packed pack(pack_kind kind, const char *name, const void *data, size_t size)
{
    if (kind == PACK_GZIP) return pack_gzip(data, size);
    if (kind == PACK_ZSTD) return pack_zstd(data, size);
    return pack_zip(kind == PACK_DEFLATED, 1, &name, &data, &size);
}

#endif
