#include "inspect/check/check_taxonomy.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "inspect/metadata/digest_numbers.h"

size_t zsc_rank_pairs(const zsc_specimens *s, zsc_rank_pair pair[ZSC_MOST_RANK_PAIRS])
{
    size_t count = 0;
    for (size_t child = ZSC_CHECK_SPECIES; child > 0; child--) {
        if (!s->has_rank[child]) continue;
        for (size_t parent = child; parent-- > 0;) {
            if (!s->has_rank[parent]) continue;
            bool optional = parent == ZSC_CHECK_SUBFAMILY;
            pair[count++] = (zsc_rank_pair){child, parent, !optional};
            if (!optional) break;
        }
    }
    return count;
}

static int by_child(const void *a, const void *b)
{
    const zsc_parent_count *x = a, *y = b;
    if (x->child != y->child) return (x->child > y->child) - (x->child < y->child);
    if (x->rows != y->rows) return (x->rows < y->rows) - (x->rows > y->rows);
    return (x->first > y->first) - (x->first < y->first);
}

zsc_status zsc_count_parents(const zsc_specimens *s, size_t child, size_t parent, zsc_parent_count **out, size_t *count)
{
    zsc_status status = ZSC_OK;
    zsc_digest_numbers pairs = {0};
    zsc_parent_count *item = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < s->n; i++) {
        int32_t a = s->code[child][i], b = s->code[parent][i], number = 0;
        bool added = false;
        if (a < 0 || b < 0) continue;
        uint64_t key = (uint64_t)(uint32_t)a << 32 | (uint32_t)b;
        ZSC_TRY(zsc_digest_numbers_add(&pairs, (zsc_digest){key, zsc_hash64(&key, sizeof key) | 1}, &number, &added));
        if (added) {
            ZSC_TRY(zsc_grow(&item, &capacity, pairs.count, sizeof *item, "parents"));
            item[number] = (zsc_parent_count){a, b, 0, (uint32_t)i};
        }
        item[number].rows++;
    }
    if (pairs.count) qsort(item, pairs.count, sizeof *item, by_child);
    *out = item;
    *count = pairs.count;
    item = NULL;
done:
    zsc_digest_numbers_free(&pairs);
    free(item);
    return status;
}

static zsc_status find_two_parents(const zsc_specimens *s, zsc_rank_pair pair, zsc_findings *f)
{
    zsc_status status = ZSC_OK;
    zsc_parent_count *p = NULL;
    size_t count = 0;
    ZSC_TRY(zsc_count_parents(s, pair.child, pair.parent, &p, &count));
    for (size_t from = 0, to; from < count; from = to) {
        size_t fewer = 0;
        for (to = from + 1; to < count && p[to].child == p[from].child; to++) fewer += p[to].rows;
        if (to == from + 1) continue;
        const char *rank = zsc_check_ranks[pair.parent];
        const zsc_names *above = &s->name[pair.parent];
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_TWO_PARENTS, s->row[p[from + 1].first], fewer,
                                 "%s '%s' lies in %s '%s' (%u row%s) and '%s' (%u)%s", zsc_check_ranks[pair.child],
                                 zsc_names_get(&s->name[pair.child], (size_t)p[from].child), rank,
                                 zsc_names_get(above, (size_t)p[from].parent), p[from].rows, zsc_plural(p[from].rows),
                                 zsc_names_get(above, (size_t)p[from + 1].parent), p[from + 1].rows,
                                 to > from + 2 ? ", and in others" : ""));
    }
done:
    free(p);
    return status;
}

static zsc_status find_holes(const zsc_specimens *s, zsc_rank_pair pair, zsc_findings *f)
{
    zsc_status status = ZSC_OK;
    size_t *rows = NULL, *first = NULL, names = s->name[pair.child].count;
    ZSC_NEW(rows, names);
    ZSC_NEW(first, names);
    for (size_t i = 0; i < s->n; i++) {
        int32_t child = s->code[pair.child][i];
        if (child < 0 || s->code[pair.parent][i] >= 0) continue;
        if (rows[child]++ == 0) first[child] = s->row[i];
    }
    for (size_t name = 0; name < names; name++)
        if (rows[name])
            ZSC_TRY(zsc_findings_add(f, ZSC_RULE_HOLE, first[name], rows[name], "%s '%s' has no %s in %zu row%s",
                                     zsc_check_ranks[pair.child], zsc_names_get(&s->name[pair.child], name),
                                     zsc_check_ranks[pair.parent], rows[name], zsc_plural(rows[name])));
done:
    free(rows);
    free(first);
    return status;
}

/* Names of species that begin with a capital have their genus as first word. */
static zsc_status find_other_genus(const zsc_specimens *s, zsc_findings *f)
{
    zsc_status status = ZSC_OK;
    zsc_parent_count *p = NULL;
    size_t count = 0;
    if (!s->has_rank[ZSC_CHECK_SPECIES] || !s->has_rank[ZSC_CHECK_GENUS]) return ZSC_OK;
    ZSC_TRY(zsc_count_parents(s, ZSC_CHECK_SPECIES, ZSC_CHECK_GENUS, &p, &count));
    for (size_t i = 0; i < count; i++) {
        const char *species = zsc_names_get(&s->name[ZSC_CHECK_SPECIES], (size_t)p[i].child);
        const char *genus = zsc_names_get(&s->name[ZSC_CHECK_GENUS], (size_t)p[i].parent);
        size_t word = strcspn(species, " ");
        if (!isupper((unsigned char)*species) || (strlen(genus) == word && strncmp(species, genus, word) == 0))
            continue;
        ZSC_TRY(zsc_findings_add(f, ZSC_RULE_GENUS_OF_SPECIES, s->row[p[i].first], p[i].rows,
                                 "species '%s' is in genus '%s' (%u row%s)", species, genus, p[i].rows,
                                 zsc_plural(p[i].rows)));
    }
done:
    free(p);
    return status;
}

zsc_status zsc_check_taxonomy(const zsc_specimens *s, zsc_findings *f)
{
    zsc_status status = ZSC_OK;
    zsc_rank_pair pair[ZSC_MOST_RANK_PAIRS];
    size_t pairs = zsc_rank_pairs(s, pair);
    for (size_t p = 0; p < pairs; p++) {
        ZSC_TRY(find_two_parents(s, pair[p], f));
        if (pair[p].required) ZSC_TRY(find_holes(s, pair[p], f));
    }
    ZSC_TRY(find_other_genus(s, f));
done:
    return status;
}
