/* Hashing (xxHash's XXH3, 128 bits) for run keys, checksums and the detection of repeated rows. */
#ifndef ZSC_BASE_HASH_H
#define ZSC_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct zsc_hash zsc_hash; /* a hash under way */

typedef struct zsc_digest {
    uint64_t high, low;
} zsc_digest;

enum { ZSC_DIGEST_TEXT = 33 };

zsc_digest zsc_hash_bytes(const void *data, size_t size);
uint64_t zsc_hash64(const void *data, size_t size);

zsc_hash *zsc_hash_begin(void); /* NULL with the message set when memory runs out */
void zsc_hash_add(zsc_hash *hash, const void *data, size_t size);
zsc_digest zsc_hash_so_far(const zsc_hash *hash); /* of what has been added; HASH goes on */
zsc_digest zsc_hash_end(zsc_hash *hash);          /* frees HASH */

bool zsc_digest_equal(zsc_digest a, zsc_digest b);

/* 32 lower-case hexadecimal digits. */
const char *zsc_digest_text(zsc_digest digest, char buffer[ZSC_DIGEST_TEXT]);

#endif
