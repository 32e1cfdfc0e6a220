#include "base/nesting.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/memory.h"

enum { TOLERATED = 100 }; /* one row in so many may lie outside: homonyms and slips of the pen */

size_t zsc_rank_place(const char *name)
{
    size_t i = 0;
    while (i < zsc_rank_count && strcasecmp(zsc_rank_names[i], name) != 0) i++;
    return i;
}

static bool is_bin(const char *name) { return strcmp(name, "dna_bin") == 0; }

/* Whether FINE nests in COARSE. The class that most rows of a class lie in is found by majority vote (Boyer and Moore
 * 1981), in one pass; the rows that lie elsewhere are counted in a second. A vote that takes a lead back cancels two
 * rows of one class that lie in different ones, at least one of which is outside whatever the majority: where there are
 * more of these votes than rows may be outside, FINE does not nest. Columns that have nothing to do with each other are
 * thus told apart after a few per cent of the rows. */
static zsc_status nests(const zsc_column *fine, const zsc_column *coarse, size_t n, bool *out)
{
    zsc_status status = ZSC_OK;
    int32_t *candidate = NULL;
    int64_t *lead = NULL;
    size_t both = 0, outside = 0, back = 0;
    *out = false;
    ZSC_NEW(candidate, fine->levels + 1);
    ZSC_NEW(lead, fine->levels + 1);
    for (size_t i = 0; i < n && back <= n / TOLERATED; i++) {
        int32_t a = fine->code[i], b = coarse->code[i];
        if (a < 0 || b < 0) continue;
        if (lead[a] == 0) candidate[a] = b;
        back += candidate[a] != b;
        lead[a] += candidate[a] == b ? 1 : -1;
        both++;
    }
    if (back > n / TOLERATED) goto done;
    for (size_t i = 0; i < n && outside <= both / TOLERATED; i++)
        outside += fine->code[i] >= 0 && coarse->code[i] >= 0 && candidate[fine->code[i]] != coarse->code[i];
    *out = both > 0 && outside <= both / TOLERATED;
done:
    free(candidate);
    free(lead);
    return status;
}

/* finer[i * count + j]: rank i nests in rank j, and j does not nest in i. */
static zsc_status compare_all(const zsc_column *rank, size_t count, size_t n, bool **out)
{
    zsc_status status = ZSC_OK;
    bool *finer = NULL;
    ZSC_NEW(finer, count * count + 1);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            if (i != j) ZSC_TRY(nests(&rank[i], &rank[j], n, &finer[i * count + j]));
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (finer[i * count + j] && finer[j * count + i]) finer[i * count + j] = finer[j * count + i] = false;
    *out = finer;
    finer = NULL;
done:
    free(finer);
    return status;
}

static bool follows_another(const bool *finer, const bool *taken, size_t count, size_t i)
{
    for (size_t j = 0; j < count; j++)
        if (!taken[j] && finer[i * count + j]) return true;
    return false;
}

zsc_status zsc_sort_ranks(zsc_column *rank, size_t count, size_t n)
{
    zsc_status status = ZSC_OK;
    bool *finer = NULL, *taken = NULL;
    zsc_column *sorted = NULL;
    ZSC_TRY(compare_all(rank, count, n, &finer));
    ZSC_NEW(taken, count + 1);
    ZSC_NEW(sorted, count + 1);
    for (size_t place = 0; place < count; place++) {
        size_t best = SIZE_MAX, fewest = SIZE_MAX;
        for (size_t i = 0; i < count; i++) {
            if (taken[i]) continue;
            if (fewest == SIZE_MAX || rank[i].levels < rank[fewest].levels) fewest = i;
            if (follows_another(finer, taken, count, i)) continue;
            if (best == SIZE_MAX || rank[i].levels < rank[best].levels) best = i;
        }
        if (best == SIZE_MAX) best = fewest; /* a circle, which the tolerance can make */
        taken[best] = true;
        sorted[place] = rank[best];
    }
    memcpy(rank, sorted, count * sizeof *rank);
done:
    free(finer);
    free(taken);
    free(sorted);
    return status;
}

/* Those that can be the finest: of the named ranks those with FEWEST classes or more, else with one; else the BIN. */
static bool can_be_finest(const zsc_column *rank, size_t count, size_t fewest, size_t i)
{
    size_t most = 0;
    bool named = false;
    for (size_t j = 0; j < count; j++) named = named || (!is_bin(rank[j].name) && rank[j].levels > 0);
    for (size_t j = 0; j < count; j++)
        if (!(named && is_bin(rank[j].name)) && rank[j].levels > most) most = rank[j].levels;
    return rank[i].levels >= (most > 1 ? fewest : 1) && !(named && is_bin(rank[i].name));
}

zsc_status zsc_finest_rank(const zsc_column *rank, size_t count, size_t n, size_t *out)
{
    zsc_status status = ZSC_OK;
    bool *finer = NULL, all_known = true;
    size_t below_best = 0;
    *out = SIZE_MAX;
    for (size_t i = 0; i < count; i++) all_known = all_known && zsc_rank_place(rank[i].name) < zsc_rank_count;
    if (!all_known) ZSC_TRY(compare_all(rank, count, n, &finer));
    for (size_t i = 0; i < count; i++) {
        size_t below = 0;
        bool has_finer = false;
        if (!can_be_finest(rank, count, all_known ? 1 : 2, i)) continue;
        for (size_t j = 0; j < count && finer; j++) {
            below += finer[i * count + j];
            has_finer = has_finer || (finer[j * count + i] && can_be_finest(rank, count, 2, j));
        }
        bool better = *out == SIZE_MAX;
        if (!better && all_known)
            better = zsc_rank_place(rank[i].name) > zsc_rank_place(rank[*out].name);
        else if (!better)
            better = below > below_best || (below == below_best && rank[i].levels >= rank[*out].levels);
        if (has_finer || !better) continue;
        *out = i;
        below_best = below;
    }
done:
    free(finer);
    return status;
}

size_t zsc_finest_by_classes(const char *const *name, const size_t *classes, size_t count)
{
    bool all_known = true;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++) all_known = all_known && zsc_rank_place(name[i]) < zsc_rank_count;
    for (size_t i = 0; i < count; i++) {
        bool better = best == SIZE_MAX || is_bin(name[best]);
        if (!better && is_bin(name[i])) continue;
        if (!better && all_known)
            better = zsc_rank_place(name[i]) > zsc_rank_place(name[best]);
        else if (!better)
            better = classes[i] >= classes[best];
        if (better && !(best != SIZE_MAX && is_bin(name[i]))) best = i;
    }
    return best;
}
