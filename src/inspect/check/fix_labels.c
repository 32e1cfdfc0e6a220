#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "inspect/check/check_barcodes.h"
#include "inspect/check/check_names.h"
#include "inspect/check/check_taxonomy.h"
#include "inspect/check/fix.h"

enum { MOST_ROUNDS = 100 }; /* in case rules undo each other; three to five are usual */

static void set(zsc_specimens *s, zsc_label_fixes *fixes, size_t rank, size_t i, int32_t code, zsc_check_rule rule)
{
    if (!s->has_rank[rank] || s->code[rank][i] == code) return;
    s->code[rank][i] = code;
    fixes->settings++;
    if (fixes->rule[rank][i] == 0) fixes->changes++;
    fixes->rule[rank][i] = (unsigned char)(1 + rule);
}

/* The names from RANK down to species. */
static void clear_below(zsc_specimens *s, zsc_label_fixes *fixes, size_t rank, size_t i, zsc_check_rule rule)
{
    for (size_t r = rank; r <= ZSC_CHECK_SPECIES; r++) set(s, fixes, r, i, -1, rule);
}

/* --- Names */
typedef struct spelling {
    char *key;
    size_t rows;
    int32_t name;
} spelling;

static int by_key(const void *a, const void *b)
{
    const spelling *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    if (order) return order;
    if (x->rows != y->rows) return (x->rows < y->rows) - (x->rows > y->rows);
    return (x->name > y->name) - (x->name < y->name);
}

/* becomes[i]: the name that is written instead of name i; -1: none. */
static zsc_status choose_spellings(const zsc_specimens *s, size_t rank, int32_t *becomes)
{
    zsc_status status = ZSC_OK;
    const zsc_names *names = &s->name[rank];
    spelling *all = NULL;
    char *keys = NULL, *end;
    ZSC_NEW(all, names->count);
    ZSC_NEW_RAW(keys, names->used + 1);
    end = keys;
    for (size_t i = 0; i < names->count; i++) {
        all[i] = (spelling){end, 0, (int32_t)i};
        zsc_name_key(zsc_names_get(names, i), end);
        end += strlen(end) + 1;
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->code[rank][i] >= 0) all[s->code[rank][i]].rows++;
    qsort(all, names->count, sizeof *all, by_key);
    for (size_t i = 0; i < names->count; i++) {
        bool same = i > 0 && strcmp(all[i].key, all[i - 1].key) == 0;
        becomes[all[i].name] = same ? becomes[all[i - 1].name] : all[i].name;
    }
done:
    free(all);
    free(keys);
    return status;
}

static zsc_status fix_names(zsc_specimens *s, zsc_label_fixes *fixes, size_t rank)
{
    zsc_status status = ZSC_OK;
    int32_t *becomes = NULL;
    bool *open = NULL;
    ZSC_NEW_RAW(becomes, s->name[rank].count);
    ZSC_NEW(open, s->name[rank].count);
    ZSC_TRY(choose_spellings(s, rank, becomes));
    for (size_t i = 0; i < s->name[rank].count; i++)
        open[i] = rank != ZSC_CHECK_BIN && zsc_is_unidentified(zsc_names_get(&s->name[rank], i));
    for (size_t i = 0; i < s->n; i++) {
        int32_t code = s->code[rank][i];
        if (code < 0) continue;
        if (open[code])
            set(s, fixes, rank, i, -1, ZSC_RULE_NOT_IDENTIFIED);
        else
            set(s, fixes, rank, i, becomes[code], ZSC_RULE_SIMILAR_NAMES);
    }
done:
    free(becomes);
    free(open);
    return status;
}

/* --- Barcodes */
static void fix_group(zsc_specimens *s, zsc_label_fixes *fixes, const uint32_t *row, size_t count, int32_t *scratch)
{
    for (size_t rank = 0; rank < ZSC_CHECK_RANKS; rank++) {
        if (!s->has_rank[rank]) continue;
        zsc_majority m = zsc_find_majority(s->code[rank], row, count, scratch);
        bool resolved = m.names < 2 || zsc_majority_resolves(&m);
        for (size_t k = 0; k < count; k++) {
            size_t i = row[k];
            int32_t code = s->code[rank][i];
            if (!resolved && rank == ZSC_CHECK_BIN)
                set(s, fixes, rank, i, -1, ZSC_RULE_BARCODE_CONFLICT);
            else if (!resolved)
                clear_below(s, fixes, rank, i, ZSC_RULE_BARCODE_CONFLICT);
            else if (code >= 0 && code != m.name) {
                if (rank != ZSC_CHECK_BIN) clear_below(s, fixes, rank, i, ZSC_RULE_BARCODE_CONFLICT);
                set(s, fixes, rank, i, m.name, ZSC_RULE_BARCODE_CONFLICT);
            } else if (code < 0 && m.name >= 0)
                set(s, fixes, rank, i, m.name, ZSC_RULE_BARCODE_DEPTH);
        }
    }
}

static zsc_status fix_barcodes(zsc_specimens *s, zsc_label_fixes *fixes)
{
    zsc_status status = ZSC_OK;
    zsc_barcode_rows by = {0};
    int32_t *scratch = NULL;
    ZSC_TRY(zsc_specimens_by_barcode(s, &by));
    ZSC_NEW_RAW(scratch, 2 * by.most);
    for (size_t b = 0; b < s->barcodes; b++)
        if (by.first[b + 1] - by.first[b] > 1)
            fix_group(s, fixes, by.row + by.first[b], by.first[b + 1] - by.first[b], scratch);
done:
    zsc_barcode_rows_free(&by);
    free(scratch);
    return status;
}

/* --- Parents */
/* parent[c]: what rows of child c move to, -1: they stay; only[c]: its only parent, -1: several or none. */
static zsc_status choose_parents(const zsc_specimens *s, zsc_rank_pair pair, int32_t *parent, int32_t *only)
{
    zsc_parent_count *p = NULL;
    size_t count = 0;
    zsc_status status = zsc_count_parents(s, pair.child, pair.parent, &p, &count);
    for (size_t i = 0; i < s->name[pair.child].count; i++) parent[i] = only[i] = -1;
    for (size_t from = 0, to; status == ZSC_OK && from < count; from = to) {
        size_t all = p[from].rows;
        for (to = from + 1; to < count && p[to].child == p[from].child; to++) all += p[to].rows;
        if (to == from + 1) only[p[from].child] = p[from].parent;
        if (to > from + 1 && 10 * (size_t)p[from].rows >= 9 * all) {
            parent[p[from].child] = p[from].parent;
            only[p[from].child] = p[from].parent;
        }
    }
    free(p);
    return status;
}

/* The genus that is a species' first word: a name that begins with a capital and has two words; -1: there is none. */
static zsc_status genus_of(zsc_specimens *s, const char *species, int32_t *genus)
{
    size_t word = strcspn(species, " ");
    *genus = -1;
    if (!isupper((unsigned char)*species) || !species[word] || zsc_is_placeholder(species)) return ZSC_OK;
    return zsc_names_add(&s->name[ZSC_CHECK_GENUS], species, word, genus, NULL);
}

static zsc_status fix_parents(zsc_specimens *s, zsc_label_fixes *fixes, zsc_rank_pair pair)
{
    zsc_status status = ZSC_OK;
    int32_t *parent = NULL, *only = NULL;
    bool by_word = pair.child == ZSC_CHECK_SPECIES && pair.parent == ZSC_CHECK_GENUS;
    ZSC_NEW_RAW(parent, s->name[pair.child].count);
    ZSC_NEW_RAW(only, s->name[pair.child].count);
    ZSC_TRY(choose_parents(s, pair, parent, only));
    for (size_t i = 0; i < s->n; i++) {
        int32_t child = s->code[pair.child][i], above = s->code[pair.parent][i], found;
        if (child < 0) continue;
        if (above >= 0 && parent[child] >= 0) set(s, fixes, pair.parent, i, parent[child], ZSC_RULE_TWO_PARENTS);
        if (above >= 0 || !pair.required) continue;
        found = only[child];
        if (found < 0 && by_word) ZSC_TRY(genus_of(s, zsc_specimens_name(s, pair.child, i), &found));
        if (found >= 0) set(s, fixes, pair.parent, i, found, ZSC_RULE_HOLE);
    }
done:
    free(parent);
    free(only);
    return status;
}

static zsc_status fix_once(zsc_specimens *s, zsc_label_fixes *fixes)
{
    zsc_status status = ZSC_OK;
    zsc_rank_pair pair[ZSC_MOST_RANK_PAIRS];
    size_t pairs = zsc_rank_pairs(s, pair);
    for (size_t r = 0; r < ZSC_CHECK_RANKS; r++)
        if (s->has_rank[r]) ZSC_TRY(fix_names(s, fixes, r));
    ZSC_TRY(fix_barcodes(s, fixes));
    for (size_t p = 0; p < pairs; p++) ZSC_TRY(fix_parents(s, fixes, pair[p]));
done:
    return status;
}

zsc_status zsc_fix_labels(zsc_specimens *s, zsc_label_fixes *out)
{
    zsc_status status = ZSC_OK;
    zsc_label_fixes fixes = {0};
    size_t before;
    for (size_t r = 0; r < ZSC_CHECK_RANKS; r++)
        if (s->has_rank[r]) ZSC_NEW(fixes.rule[r], s->n);
    do { /* what one rule changes can concern another */
        before = fixes.settings;
        ZSC_TRY(fix_once(s, &fixes));
        fixes.rounds++;
    } while (fixes.settings > before && fixes.rounds < MOST_ROUNDS);
    fixes.settled = fixes.settings == before;
    *out = fixes;
    fixes = (zsc_label_fixes){0};
done:
    zsc_label_fixes_free(&fixes);
    return status;
}

void zsc_label_fixes_free(zsc_label_fixes *fixes)
{
    for (size_t r = 0; r < ZSC_CHECK_RANKS; r++) free(fixes->rule[r]);
    *fixes = (zsc_label_fixes){0};
}
