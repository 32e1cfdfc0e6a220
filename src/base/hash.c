#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/error.h"

zsc_digest zsc_hash_bytes(const void *data, size_t size)
{
    XXH128_hash_t h = XXH3_128bits(data, size);
    return (zsc_digest){h.high64, h.low64};
}

uint64_t zsc_hash64(const void *data, size_t size) { return XXH3_64bits(data, size); }

zsc_hash *zsc_hash_begin(void)
{
    XXH3_state_t *state = XXH3_createState();
    if (!state) {
        zsc_fail_memory(1, 1, "a hash");
        return NULL;
    }
    XXH3_128bits_reset(state);
    return (zsc_hash *)state;
}

void zsc_hash_add(zsc_hash *hash, const void *data, size_t size)
{
    XXH3_128bits_update((XXH3_state_t *)hash, data, size);
}

zsc_digest zsc_hash_so_far(const zsc_hash *hash)
{
    XXH128_hash_t h = XXH3_128bits_digest((const XXH3_state_t *)hash);
    return (zsc_digest){h.high64, h.low64};
}

bool zsc_digest_equal(zsc_digest a, zsc_digest b) { return a.high == b.high && a.low == b.low; }

zsc_digest zsc_hash_end(zsc_hash *hash)
{
    XXH128_hash_t h = XXH3_128bits_digest((XXH3_state_t *)hash);
    XXH3_freeState((XXH3_state_t *)hash);
    return (zsc_digest){h.high64, h.low64};
}

const char *zsc_digest_text(zsc_digest digest, char buffer[ZSC_DIGEST_TEXT])
{
    snprintf(buffer, ZSC_DIGEST_TEXT, "%016" PRIx64 "%016" PRIx64, digest.high, digest.low);
    return buffer;
}
