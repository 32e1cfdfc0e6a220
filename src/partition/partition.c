#include "partition/partition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "inspect/check/check_barcodes.h"
#include "inspect/check/check_names.h"

const char *const zsc_split_id_names[ZSC_SPLITS] = {"pretrain",   "train",      "val",         "test",
                                                    "key_unseen", "val_unseen", "test_unseen", "other_heldout"};
const char *const zsc_species_kind_names[] = {"seen", "unseen", "heldout", "unknown"};

enum { MOST_TEST = 25 };

typedef struct group { /* rows of one barcode */
    const uint32_t *row;
    size_t rows;
    uint64_t place; /* drawn: groups are taken in this order */
    int32_t species;
    unsigned char kind, split;
    bool taken; /* into test or validation */
} group;

typedef struct partitioner {
    const zsc_specimens *s;
    const zsc_partition_options *options;
    zsc_barcode_rows by; /* its rows end with those that have no barcode */
    group *group;
    size_t groups;
    unsigned char *kind; /* of each species' name */
    zsc_partition p;
} partitioner;

zsc_partition_options zsc_partition_defaults(void) { return (zsc_partition_options){.val = 0.05, .val_unseen = 0.2}; }

zsc_species_kind zsc_kind_of_species(const char *species, const char *genus)
{
    char word[256];
    if (!*species || zsc_is_unidentified(species)) return ZSC_KIND_UNKNOWN;
    if (!*genus) {
        size_t length = strcspn(species, " ");
        if (length >= sizeof word) length = sizeof word - 1;
        memcpy(word, species, length);
        word[length] = '\0';
        genus = word;
    }
    if (zsc_is_placeholder(genus)) return ZSC_KIND_HELDOUT;
    return zsc_is_placeholder(species) ? ZSC_KIND_UNSEEN : ZSC_KIND_SEEN;
}

/* --- Groups */
/* The kind of each species' name, by the genus of the first row that has one. */
static zsc_status find_kinds(partitioner *w)
{
    zsc_status status = ZSC_OK;
    const zsc_specimens *s = w->s;
    size_t count = s->name[ZSC_CHECK_SPECIES].count;
    const char **genus = NULL;
    ZSC_NEW(genus, count);
    ZSC_NEW_RAW(w->kind, count);
    for (size_t i = 0; i < s->n; i++) {
        int32_t species = s->code[ZSC_CHECK_SPECIES][i];
        const char *name = zsc_specimens_name(s, ZSC_CHECK_GENUS, i);
        if (species >= 0 && !genus[species] && *name) genus[species] = name;
    }
    for (size_t i = 0; i < count; i++)
        w->kind[i] = (unsigned char)zsc_kind_of_species(zsc_names_get(&s->name[ZSC_CHECK_SPECIES], i),
                                                        genus[i] ? genus[i] : "");
done:
    free(genus);
    return status;
}

static zsc_species_kind kind_of_row(const partitioner *w, size_t i)
{
    int32_t species = w->s->code[ZSC_CHECK_SPECIES][i];
    return species < 0 ? ZSC_KIND_UNKNOWN : (zsc_species_kind)w->kind[species];
}

/* The group's kind and its most frequent species of that kind; of equally frequent ones the first. */
static zsc_status describe(partitioner *w, group *g)
{
    zsc_status status = ZSC_OK;
    int32_t *code = NULL, *scratch = NULL;
    uint32_t *place = NULL;
    g->kind = ZSC_KIND_UNKNOWN;
    g->species = -1;
    for (size_t k = 0; k < g->rows; k++)
        if (kind_of_row(w, g->row[k]) < g->kind) g->kind = (unsigned char)kind_of_row(w, g->row[k]);
    if (g->kind == ZSC_KIND_UNKNOWN) return ZSC_OK;
    ZSC_NEW_RAW(code, g->rows);
    ZSC_NEW_RAW(place, g->rows);
    ZSC_NEW_RAW(scratch, 2 * g->rows);
    for (size_t k = 0; k < g->rows; k++) {
        place[k] = (uint32_t)k;
        code[k] = kind_of_row(w, g->row[k]) == g->kind ? w->s->code[ZSC_CHECK_SPECIES][g->row[k]] : -1;
        w->p.followed += kind_of_row(w, g->row[k]) != g->kind;
    }
    g->species = zsc_find_majority(code, place, g->rows, scratch).name;
done:
    free(code);
    free(place);
    free(scratch);
    return status;
}

static int by_species(const void *a, const void *b)
{
    const group *x = a, *y = b;
    uint32_t s = (uint32_t)x->species, t = (uint32_t)y->species; /* -1 last */
    if (s != t) return (s > t) - (s < t);
    if (x->place != y->place) return (x->place > y->place) - (x->place < y->place);
    return (x->row[0] > y->row[0]) - (x->row[0] < y->row[0]);
}

static int by_place(const void *a, const void *b)
{
    const group *x = *(group *const *)a, *y = *(group *const *)b;
    if (x->place != y->place) return (x->place > y->place) - (x->place < y->place);
    return (x->row[0] > y->row[0]) - (x->row[0] < y->row[0]);
}

static zsc_status make_groups(partitioner *w)
{
    zsc_status status = ZSC_OK;
    const zsc_specimens *s = w->s;
    size_t with, at;
    ZSC_TRY(zsc_specimens_by_barcode(s, &w->by));
    with = at = w->by.first[s->barcodes];
    for (size_t i = 0; i < s->n; i++)
        if (s->barcode[i] < 0) w->by.row[at++] = (uint32_t)i;
    w->groups = s->barcodes + (s->n - with);
    ZSC_NEW(w->group, w->groups);
    for (size_t g = 0; g < w->groups; g++) {
        bool coded = g < s->barcodes;
        w->group[g].row = w->by.row + (coded ? w->by.first[g] : with + g - s->barcodes);
        w->group[g].rows = coded ? w->by.first[g + 1] - w->by.first[g] : 1;
        zsc_stream stream = zsc_stream_open(w->options->seed, ZSC_RANDOM_SAMPLE, w->group[g].row[0]);
        w->group[g].place = zsc_stream_u64(&stream);
        ZSC_TRY(describe(w, &w->group[g]));
    }
    qsort(w->group, w->groups, sizeof *w->group, by_species);
done:
    return status;
}

/* --- Splits */
static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* The groups FROM .. TO of one species, which are in the order in which they are drawn. */
static void draw_test(partitioner *w, size_t from, size_t to, zsc_species_partition *p)
{
    size_t barcodes = 0;
    for (size_t g = from; g < to; g++) p->records += w->group[g].rows;
    p->barcodes = to - from;
    if (p->records < ZSC_TEST_LEAST_RECORDS || p->barcodes < ZSC_TEST_LEAST_BARCODES) return;
    p->target_records = least(MOST_TEST, 4 + (p->records - ZSC_TEST_LEAST_RECORDS) / 4);
    p->target_barcodes = 1 + (p->barcodes - ZSC_TEST_LEAST_BARCODES) / 3;
    for (size_t g = from; g < to && barcodes < p->target_barcodes; g++) {
        if (p->test + w->group[g].rows > p->target_records) continue;
        w->group[g].taken = true;
        w->group[g].split = p->kind == ZSC_KIND_SEEN ? ZSC_SPLIT_TEST : ZSC_SPLIT_TEST_UNSEEN;
        p->test += w->group[g].rows;
        barcodes++;
    }
}

static zsc_status draw_tests(partitioner *w)
{
    static const unsigned char rest[] = {ZSC_SPLIT_TRAIN, ZSC_SPLIT_KEY_UNSEEN, ZSC_SPLIT_OTHER_HELDOUT,
                                         ZSC_SPLIT_PRETRAIN};
    zsc_status status = ZSC_OK;
    ZSC_NEW(w->p.species, w->s->name[ZSC_CHECK_SPECIES].count);
    for (size_t from = 0, to; from < w->groups; from = to) {
        const group *g = &w->group[from];
        for (to = from + 1; to < w->groups && w->group[to].species == g->species; to++)
            ;
        for (size_t k = from; k < to; k++) w->group[k].split = rest[w->group[k].kind];
        if (g->species < 0) continue;
        zsc_species_partition *p = &w->p.species[w->p.species_count++];
        p->species = g->species;
        p->kind = (zsc_species_kind)g->kind;
        if (p->kind <= ZSC_KIND_UNSEEN)
            draw_test(w, from, to, p);
        else
            for (size_t k = from; k < to; k++) p->records += w->group[k].rows, p->barcodes++;
    }
done:
    return status;
}

/* Groups of KIND at random into the validation split, until it has SHARE of what the test split has left. */
static zsc_status draw_val(partitioner *w, zsc_species_kind kind, double share, zsc_split_id split)
{
    zsc_status status = ZSC_OK;
    size_t *left = NULL, count = 0, rows = 0, taken = 0;
    group **order = NULL;
    ZSC_NEW(left, w->s->name[ZSC_CHECK_SPECIES].count);
    ZSC_NEW(order, w->groups);
    for (size_t g = 0; g < w->groups; g++) {
        if (w->group[g].kind != kind || w->group[g].taken) continue;
        order[count++] = &w->group[g];
        left[w->group[g].species]++;
        rows += w->group[g].rows;
    }
    qsort(order, count, sizeof *order, by_place);
    for (size_t g = 0; g < count; g++) {
        group *each = order[g];
        if ((double)(taken + each->rows) > share * (double)rows || left[each->species] < 2) continue;
        left[each->species]--;
        each->taken = true;
        each->split = (unsigned char)split;
        taken += each->rows;
    }
done:
    free(left);
    free(order);
    return status;
}

/* --- What came of it */
static zsc_status count_splits(partitioner *w)
{
    zsc_status status = ZSC_OK;
    unsigned char *seen = NULL; /* a bit per split, of each species */
    size_t names = w->s->name[ZSC_CHECK_SPECIES].count, at = 0;
    ZSC_NEW(seen, names);
    for (size_t g = 0; g < w->groups; g++) {
        const group *each = &w->group[g];
        w->p.records[each->split] += each->rows;
        if (w->s->barcode[each->row[0]] >= 0) w->p.barcodes[each->split]++;
        for (size_t k = 0; k < each->rows; k++) {
            int32_t species = w->s->code[ZSC_CHECK_SPECIES][each->row[k]];
            w->p.split[each->row[k]] = each->split;
            if (species >= 0 && !(seen[species] >> each->split & 1)) {
                seen[species] |= (unsigned char)(1 << each->split);
                w->p.named[each->split]++;
            }
        }
        if (each->species < 0) continue;
        while (w->p.species[at].species != each->species) at++;
        if (each->split == ZSC_SPLIT_VAL || each->split == ZSC_SPLIT_VAL_UNSEEN)
            w->p.species[at].val += each->rows;
        else if (each->split != ZSC_SPLIT_TEST && each->split != ZSC_SPLIT_TEST_UNSEEN)
            w->p.species[at].rest += each->rows;
    }
done:
    free(seen);
    return status;
}

zsc_status zsc_partition_make(const zsc_specimens *s, const zsc_partition_options *options, zsc_partition *out)
{
    zsc_status status = ZSC_OK;
    partitioner w = {.s = s, .options = options};
    if (!s->has_rank[ZSC_CHECK_SPECIES] || !s->has_barcode) {
        status = zsc_fail(ZSC_EINPUT, "the metadata has no column %s, and splits are made by species and barcode",
                          s->has_barcode ? "species" : "dna_barcode");
        goto done;
    }
    ZSC_NEW(w.p.split, s->n);
    ZSC_TRY(find_kinds(&w));
    ZSC_TRY(make_groups(&w));
    ZSC_TRY(draw_tests(&w));
    ZSC_TRY(draw_val(&w, ZSC_KIND_SEEN, options->val, ZSC_SPLIT_VAL));
    ZSC_TRY(draw_val(&w, ZSC_KIND_UNSEEN, options->val_unseen, ZSC_SPLIT_VAL_UNSEEN));
    ZSC_TRY(count_splits(&w));
    *out = w.p;
    w.p = (zsc_partition){0};
done:
    zsc_partition_free(&w.p);
    zsc_barcode_rows_free(&w.by);
    free(w.group);
    free(w.kind);
    return status;
}

void zsc_partition_free(zsc_partition *p)
{
    free(p->split);
    free(p->species);
    *p = (zsc_partition){0};
}
