#include "inspect/check/check_names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/memory.h"

/* --- One name */
bool zsc_is_unidentified(const char *name)
{
    static const char *const words[] = {"sp", "sp.", "spp", "spp.", "cf",    "cf.",
                                        "nr", "nr.", "aff", "aff.", "indet", "indet."};
    bool open = false, code = false;
    for (const char *word = name; *word;) {
        size_t length = strcspn(word, " ");
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (strlen(words[i]) == length && strncasecmp(word, words[i], length) == 0) open = true;
        for (size_t i = 0; i < length; i++) code = code || isdigit((unsigned char)word[i]);
        word += length;
        word += strspn(word, " ");
    }
    return open && !code;
}

bool zsc_is_placeholder(const char *name)
{
    if (islower((unsigned char)*name)) return true;
    for (const char *p = name; *p; p++)
        if (*p == '.' || isdigit((unsigned char)*p) || strncasecmp(p, "malaise", 7) == 0) return true;
    return false;
}

void zsc_name_key(const char *name, char *out)
{
    for (const char *p = name; *p; p++) {
        bool leading = *p == '0' && (p == name || !isdigit((unsigned char)p[-1]));
        if (leading) {
            while (*p == '0' && isdigit((unsigned char)p[1])) p++;
        }
        if (strchr(" -_", *p)) continue;
        *out++ = (char)tolower((unsigned char)*p);
    }
    *out = '\0';
}

/* --- Rows of each name */
typedef struct name_rows {
    size_t *rows, *first; /* of each name: how many, and the first, from 1 */
    int32_t *parent;      /* name of the nearest coarser rank in the first row that has one; -1: none */
} name_rows;

static void free_rows(name_rows *r)
{
    free(r->rows);
    free(r->first);
    free(r->parent);
}

static zsc_status count_rows(const zsc_specimens *s, size_t rank, name_rows *out)
{
    zsc_status status = ZSC_OK;
    name_rows r = {0};
    size_t above = rank;
    while (above > 0 && !(s->has_rank[above - 1] && above - 1 != ZSC_CHECK_SUBFAMILY)) above--;
    ZSC_NEW(r.rows, s->name[rank].count);
    ZSC_NEW(r.first, s->name[rank].count);
    ZSC_NEW_RAW(r.parent, s->name[rank].count);
    for (size_t i = 0; i < s->name[rank].count; i++) r.parent[i] = -1;
    for (size_t i = 0; i < s->n; i++) {
        int32_t code = s->code[rank][i];
        if (code < 0) continue;
        if (r.rows[code]++ == 0) r.first[code] = s->row[i];
        if (above > 0 && r.parent[code] < 0) r.parent[code] = s->code[above - 1][i];
    }
    *out = r;
    r = (name_rows){0};
done:
    free_rows(&r);
    return status;
}

/* --- Names that are nearly the same */
typedef struct hashed_name {
    uint64_t hash;
    int32_t name;
} hashed_name;

static int by_hash(const void *a, const void *b)
{
    const hashed_name *x = a, *y = b;
    if (x->hash != y->hash) return (x->hash > y->hash) - (x->hash < y->hash);
    return (x->name > y->name) - (x->name < y->name);
}

/* The rarer of two names is the one that is probably meant otherwise. */
static zsc_status report_pair(const zsc_specimens *s, size_t rank, const name_rows *r, int32_t a, int32_t b,
                              const char *how, zsc_findings *f)
{
    if (r->rows[a] < r->rows[b]) {
        int32_t swap = a;
        a = b;
        b = swap;
    }
    return zsc_findings_add(f, ZSC_RULE_SIMILAR_NAMES, r->first[b], r->rows[b],
                            "%s '%s' (%zu row%s) and '%s' (%zu) differ in %s", zsc_check_ranks[rank],
                            zsc_names_get(&s->name[rank], (size_t)a), r->rows[a], zsc_plural(r->rows[a]),
                            zsc_names_get(&s->name[rank], (size_t)b), r->rows[b], how);
}

static zsc_status find_spellings(const zsc_specimens *s, size_t rank, const name_rows *r, zsc_findings *f)
{
    zsc_status status = ZSC_OK;
    const zsc_names *names = &s->name[rank];
    hashed_name *h = NULL;
    char *key = NULL, *other = NULL;
    ZSC_NEW_RAW(h, names->count);
    ZSC_NEW_RAW(key, names->used + 1);
    ZSC_NEW_RAW(other, names->used + 1);
    for (size_t i = 0; i < names->count; i++) {
        zsc_name_key(zsc_names_get(names, i), key);
        h[i] = (hashed_name){zsc_hash64(key, strlen(key)), (int32_t)i};
    }
    qsort(h, names->count, sizeof *h, by_hash);
    for (size_t i = 1; i < names->count; i++) {
        if (h[i].hash != h[i - 1].hash) continue;
        zsc_name_key(zsc_names_get(names, (size_t)h[i].name), key);
        zsc_name_key(zsc_names_get(names, (size_t)h[i - 1].name), other);
        if (strcmp(key, other) == 0)
            ZSC_TRY(report_pair(s, rank, r, h[i - 1].name, h[i].name, "case, blanks or zeros", f));
    }
done:
    free(h);
    free(key);
    free(other);
    return status;
}

/* Whether a becomes b by one letter that is changed, added or left out. */
static bool one_letter(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b), same = 0;
    if (la > lb) return one_letter(b, a);
    if (lb - la > 1) return false;
    while (same < la && a[same] == b[same]) same++;
    return same == la ? lb - la == 1 : strcmp(a + same + (la == lb), b + same + 1) == 0;
}

/* Whether one of two numbers of rows is rare beside the other: mistakes are, and names of related taxa need not be. */
static bool is_rare(size_t a, size_t b)
{
    size_t less = a < b ? a : b, more = a < b ? b : a;
    return less < more && (less == 1 || 10 * less <= more);
}

static bool is_comparable(const char *name)
{
    enum { SHORTEST = 5 };
    if (strlen(name) < SHORTEST) return false;
    for (; *name; name++)
        if (isdigit((unsigned char)*name)) return false;
    return true;
}

/* Two names a letter apart share what remains when each lacks one letter (or none) at some place. */
static zsc_status find_letters(const zsc_specimens *s, size_t rank, const name_rows *r, zsc_findings *f)
{
    zsc_status status = ZSC_OK;
    const zsc_names *names = &s->name[rank];
    hashed_name *h = NULL, *pair = NULL;
    char *rest = NULL;
    size_t count = 0, pairs = 0, capacity = 0;
    ZSC_NEW_RAW(h, names->used + names->count);
    ZSC_NEW_RAW(rest, names->used + 1);
    for (size_t i = 0; i < names->count; i++) {
        const char *name = zsc_names_get(names, i);
        size_t length = strlen(name);
        if (!is_comparable(name)) continue;
        h[count++] = (hashed_name){zsc_hash64(name, length), (int32_t)i};
        for (size_t out = 0; out < length; out++) {
            memcpy(rest, name, out);
            memcpy(rest + out, name + out + 1, length - out - 1);
            h[count++] = (hashed_name){zsc_hash64(rest, length - 1), (int32_t)i};
        }
    }
    qsort(h, count, sizeof *h, by_hash);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && h[to].hash == h[from].hash; to++)
            ;
        for (size_t x = from; x < to; x++)
            for (size_t y = x + 1; y < to; y++) {
                int32_t a = h[x].name, b = h[y].name;
                if (a == b || r->parent[a] != r->parent[b]) continue;
                if (!is_rare(r->rows[a], r->rows[b]) ||
                    strcasecmp(zsc_names_get(names, (size_t)a), zsc_names_get(names, (size_t)b)) == 0)
                    continue;
                if (!one_letter(zsc_names_get(names, (size_t)a), zsc_names_get(names, (size_t)b))) continue;
                ZSC_TRY(zsc_grow(&pair, &capacity, pairs + 1, sizeof *pair, "pairs of names"));
                pair[pairs++] = (hashed_name){(uint64_t)a, b};
            }
    }
    if (pairs) qsort(pair, pairs, sizeof *pair, by_hash);
    for (size_t p = 0; p < pairs; p++)
        if (p == 0 || by_hash(&pair[p], &pair[p - 1]) != 0)
            ZSC_TRY(report_pair(s, rank, r, (int32_t)pair[p].hash, pair[p].name, "one letter", f));
done:
    free(h);
    free(pair);
    free(rest);
    return status;
}

static zsc_status check_rank(const zsc_specimens *s, size_t rank, zsc_findings *f)
{
    zsc_status status = ZSC_OK;
    name_rows r = {0};
    ZSC_TRY(count_rows(s, rank, &r));
    for (size_t i = 0; rank != ZSC_CHECK_BIN && i < s->name[rank].count; i++) {
        const char *name = zsc_names_get(&s->name[rank], i);
        if (zsc_is_unidentified(name))
            ZSC_TRY(zsc_findings_add(f, ZSC_RULE_NOT_IDENTIFIED, r.first[i], r.rows[i],
                                     "%s '%s' (%zu row%s) identifies no taxon", zsc_check_ranks[rank], name, r.rows[i],
                                     zsc_plural(r.rows[i])));
        else if (zsc_is_placeholder(name))
            ZSC_TRY(zsc_findings_add(f, ZSC_RULE_PLACEHOLDER, r.first[i], r.rows[i],
                                     "%s '%s' (%zu row%s) is a placeholder", zsc_check_ranks[rank], name, r.rows[i],
                                     zsc_plural(r.rows[i])));
    }
    ZSC_TRY(find_spellings(s, rank, &r, f));
    if (rank != ZSC_CHECK_BIN) ZSC_TRY(find_letters(s, rank, &r, f));
done:
    free_rows(&r);
    return status;
}

zsc_status zsc_check_names(const zsc_specimens *s, zsc_findings *findings)
{
    zsc_status status = ZSC_OK;
    for (size_t rank = 0; rank < ZSC_CHECK_RANKS && status == ZSC_OK; rank++)
        if (s->has_rank[rank]) status = check_rank(s, rank, findings);
    return status;
}
