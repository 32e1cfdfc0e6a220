#include "base/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

static const uint64_t upper = UINT64_C(0xffffffff00000000);

static bool is_name(const zsc_names *names, size_t i, const char *text, size_t length)
{
    size_t end = i + 1 < names->count ? names->offset[i + 1] : names->used;
    return end - names->offset[i] == length + 1 && memcmp(names->letters + names->offset[i], text, length) == 0;
}

/* The slot that holds the name, or the free one where it belongs (linear probing). */
static size_t find_slot(const zsc_names *names, const char *text, size_t length, uint64_t hash)
{
    size_t mask = names->slots - 1, at = (size_t)hash & mask;
    for (;; at = (at + 1) & mask) {
        uint64_t slot = names->slot[at];
        if (slot == 0) return at;
        if ((slot ^ hash) & upper) continue;
        if (is_name(names, (size_t)(slot & ~upper) - 1, text, length)) return at;
    }
}

static zsc_status widen(zsc_names *names)
{
    size_t slots = names->slots ? 2 * names->slots : 64;
    uint64_t *slot = zsc_calloc(slots, sizeof *slot, "names");
    if (!slot) return ZSC_EINTERNAL;
    uint64_t *old = names->slot;
    names->slot = slot;
    names->slots = slots;
    for (size_t i = 0; i < names->count; i++) {
        const char *name = zsc_names_get(names, i);
        uint64_t hash = zsc_hash64(name, strlen(name));
        size_t at = (size_t)hash & (slots - 1);
        while (slot[at]) at = (at + 1) & (slots - 1);
        slot[at] = (hash & upper) | (i + 1);
    }
    free(old);
    return ZSC_OK;
}

zsc_status zsc_names_add(zsc_names *names, const char *text, size_t length, int32_t *number, int *added)
{
    zsc_status status = ZSC_OK;
    if (names->last < names->count && is_name(names, names->last, text, length)) {
        if (added) *added = 0;
        *number = (int32_t)names->last;
        return ZSC_OK;
    }
    if (4 * (names->count + 1) > 3 * names->slots) ZSC_TRY(widen(names));
    uint64_t hash = zsc_hash64(text, length);
    size_t at = find_slot(names, text, length, hash);
    if (added) *added = names->slot[at] == 0;
    if (names->slot[at] == 0) {
        if (names->count == INT32_MAX) return zsc_fail(ZSC_EINPUT, "more than 2147483647 names");
        ZSC_TRY(zsc_grow(&names->offset, &names->offset_capacity, names->count + 1, sizeof *names->offset, "names"));
        ZSC_TRY(zsc_grow(&names->letters, &names->capacity, names->used + length + 1, 1, "names"));
        names->offset[names->count] = names->used;
        memcpy(names->letters + names->used, text, length);
        names->letters[names->used + length] = '\0';
        names->used += length + 1;
        names->slot[at] = (hash & upper) | ++names->count;
    }
    names->last = (size_t)(names->slot[at] & ~upper) - 1;
    *number = (int32_t)names->last;
done:
    return status;
}

int32_t zsc_names_find(const zsc_names *names, const char *text, size_t length)
{
    if (names->slots == 0) return -1;
    uint64_t slot = names->slot[find_slot(names, text, length, zsc_hash64(text, length))];
    return slot ? (int32_t)((slot & ~upper) - 1) : -1;
}

void zsc_names_free(zsc_names *names)
{
    free(names->letters);
    free(names->offset);
    free(names->slot);
    *names = (zsc_names){0};
}
