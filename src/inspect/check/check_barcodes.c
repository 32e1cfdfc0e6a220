#include "inspect/check/check_barcodes.h"

#include <stdlib.h>

#include "base/memory.h"

zsc_majority zsc_find_majority(const int32_t *code, const uint32_t *row, size_t count, int32_t *scratch)
{
    zsc_majority m = {.name = -1, .second = -1};
    int32_t *name = scratch, *rows = scratch + count;
    for (size_t i = 0; i < count; i++) {
        int32_t c = code[row[i]];
        size_t k = 0;
        if (c < 0) continue;
        while (k < m.names && name[k] != c) k++;
        if (k == m.names) name[m.names] = c, rows[m.names++] = 0;
        rows[k]++;
        m.labelled++;
    }
    for (size_t k = 0; k < m.names; k++) {
        if ((size_t)rows[k] > m.rows) {
            m.second = m.name;
            m.name = name[k];
            m.rows = (size_t)rows[k];
        } else if (m.second < 0) {
            m.second = name[k];
        }
    }
    for (size_t i = count; i-- > 0;)
        if (code[row[i]] >= 0 && code[row[i]] != m.name) m.other = row[i];
    return m;
}

bool zsc_majority_resolves(const zsc_majority *m) { return 10 * m->rows >= 9 * m->labelled; }

/* The coarsest rank at which the rows disagree. */
static zsc_status check_names(const zsc_specimens *s, const uint32_t *row, size_t count, int32_t *scratch,
                              zsc_findings *f, bool *conflict)
{
    for (size_t rank = 0; rank < ZSC_CHECK_RANKS; rank++) {
        if (!s->has_rank[rank]) continue;
        zsc_majority m = zsc_find_majority(s->code[rank], row, count, scratch);
        if (m.names < 2) continue;
        *conflict = true;
        return zsc_findings_add(f, ZSC_RULE_BARCODE_CONFLICT, s->row[m.other], m.labelled - m.rows,
                                "the barcode of row %u has %s '%s' in %zu of %zu rows and '%s' in row %u: %s",
                                s->row[row[0]], zsc_check_ranks[rank], zsc_names_get(&s->name[rank], (size_t)m.name),
                                m.rows, m.labelled, zsc_specimens_name(s, rank, m.other), s->row[m.other],
                                zsc_majority_resolves(&m) ? "the majority resolves it" : "no majority of 90 %");
    }
    return ZSC_OK;
}

static size_t depth_of(const zsc_specimens *s, size_t i)
{
    for (size_t rank = ZSC_CHECK_SPECIES + 1; rank-- > 0;)
        if (s->has_rank[rank] && s->code[rank][i] >= 0) return rank + 1;
    return 0;
}

static zsc_status check_depth(const zsc_specimens *s, const uint32_t *row, size_t count, zsc_findings *f)
{
    size_t least = ZSC_CHECK_RANKS, most = 0, shallow = 0, first = 0;
    for (size_t i = 0; i < count; i++) {
        size_t depth = depth_of(s, row[i]);
        if (depth < least) least = depth;
        if (depth > most) most = depth;
    }
    if (least == most) return ZSC_OK;
    for (size_t i = count; i-- > 0;)
        if (depth_of(s, row[i]) < most) shallow++, first = s->row[row[i]];
    return zsc_findings_add(f, ZSC_RULE_BARCODE_DEPTH, first, shallow,
                            "%zu of the %zu rows of the barcode of row %u are not named to %s", shallow, count,
                            s->row[row[0]], zsc_check_ranks[most - 1]);
}

static zsc_status check_splits(const zsc_specimens *s, const uint32_t *row, size_t count, int32_t *scratch,
                               zsc_findings *f)
{
    zsc_majority m = zsc_find_majority(s->split_code, row, count, scratch);
    if (m.names < 2) return ZSC_OK;
    return zsc_findings_add(f, ZSC_RULE_SPLIT_LEAK, s->row[m.other], m.labelled - m.rows,
                            "the barcode of row %u is in split '%s' (%zu of %zu rows) and in '%s'%s", s->row[row[0]],
                            zsc_names_get(&s->split, (size_t)m.name), m.rows, m.labelled,
                            zsc_names_get(&s->split, (size_t)m.second), m.names > 2 ? " and others" : "");
}

zsc_status zsc_check_barcodes(const zsc_specimens *s, zsc_findings *f)
{
    zsc_status status = ZSC_OK;
    zsc_barcode_rows by = {0};
    int32_t *scratch = NULL;
    ZSC_TRY(zsc_specimens_by_barcode(s, &by));
    ZSC_NEW_RAW(scratch, 2 * by.most);
    for (size_t b = 0; b < s->barcodes; b++) {
        size_t count = by.first[b + 1] - by.first[b];
        const uint32_t *rows = by.row + by.first[b];
        bool conflict = false;
        if (count < 2) continue;
        ZSC_TRY(check_names(s, rows, count, scratch, f, &conflict));
        if (!conflict) ZSC_TRY(check_depth(s, rows, count, f));
        if (s->has_split) ZSC_TRY(check_splits(s, rows, count, scratch, f));
    }
done:
    zsc_barcode_rows_free(&by);
    free(scratch);
    return status;
}
