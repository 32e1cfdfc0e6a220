#include "simulate/label_errors.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "simulate/streams.h"

typedef struct planting {
    const zsc_sim_errors *errors;
    size_t row;
    zsc_stream *stream;
} planting;

/* --- What rows share */
static uint64_t haplotype_of(const zsc_sim_specimens *s, size_t row)
{
    return (uint64_t)(uint32_t)s->species[row] << 32 | (uint32_t)s->haplotype[row];
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

zsc_status zsc_sim_errors_make(const zsc_simulate_options *options, const zsc_sim_taxonomy *taxonomy,
                               const zsc_sim_specimens *specimens, zsc_sim_errors *out)
{
    zsc_status status = ZSC_OK;
    *out = (zsc_sim_errors){options, taxonomy, specimens, NULL};
    ZSC_NEW_RAW(out->haplotype, options->rows);
    for (size_t i = 0; i < options->rows; i++) out->haplotype[i] = haplotype_of(specimens, i);
    qsort(out->haplotype, options->rows, sizeof *out->haplotype, by_number);
done:
    return status;
}

void zsc_sim_errors_free(zsc_sim_errors *errors)
{
    free(errors->haplotype);
    errors->haplotype = NULL;
}

static bool is_shared(const planting *p)
{
    const zsc_sim_errors *e = p->errors;
    uint64_t mine = haplotype_of(e->specimens, p->row);
    size_t n = e->options->rows;
    const uint64_t *at = bsearch(&mine, e->haplotype, n, sizeof mine, by_number);
    return (at > e->haplotype && at[-1] == mine) || (at + 1 < e->haplotype + n && at[1] == mine);
}

/* Whether the row gets an error; *stream: what chooses it. */
static bool is_chosen(const zsc_sim_errors *e, size_t row, zsc_stream *stream)
{
    *stream = zsc_sim_stream(e->options->seed, ZSC_SIM_ERRORS, row, 0);
    return zsc_stream_uniform(stream) < e->options->label_errors;
}

/* --- Errors: each returns false, and changes nothing, where the row does not allow it */
/* A name of the rank that is not NAME; NULL: there is none. */
static const char *another(const planting *p, size_t rank, const char *name)
{
    const zsc_sim_taxonomy *t = p->errors->taxonomy;
    size_t count = t->count[rank], at = (size_t)zsc_stream_below(p->stream, count);
    for (size_t tried = 0; tried < count; tried++, at = (at + 1) % count)
        if (strcmp(t->name[rank][at], name) != 0) return t->name[rank][at];
    return NULL;
}

static bool plant_conflict(const planting *p, zsc_sim_record *r)
{
    const char *other = *r->label[ZSC_SIM_ORDER] ? another(p, ZSC_SIM_ORDER, r->label[ZSC_SIM_ORDER]) : NULL;
    if (!other || !is_shared(p)) return false;
    r->label[ZSC_SIM_ORDER] = other;
    for (size_t rank = ZSC_SIM_FAMILY; rank <= ZSC_SIM_SPECIES; rank++) r->label[rank] = "";
    return true;
}

static bool plant_parent(const planting *p, zsc_sim_record *r)
{
    const char *other = *r->label[ZSC_SIM_GENUS] && *r->label[ZSC_SIM_FAMILY]
                            ? another(p, ZSC_SIM_FAMILY, r->label[ZSC_SIM_FAMILY])
                            : NULL;
    if (!other) return false;
    r->label[ZSC_SIM_FAMILY] = other;
    return true;
}

static bool plant_genus(const planting *p, zsc_sim_record *r)
{
    const char *other = *r->label[ZSC_SIM_SPECIES] ? another(p, ZSC_SIM_GENUS, r->label[ZSC_SIM_GENUS]) : NULL;
    if (!other) return false;
    r->label[ZSC_SIM_GENUS] = other;
    return true;
}

static bool plant_hole(const planting *p, zsc_sim_record *r)
{
    (void)p;
    if (!*r->label[ZSC_SIM_SPECIES] || !*r->label[ZSC_SIM_GENUS]) return false;
    r->label[ZSC_SIM_GENUS] = "";
    return true;
}

static bool plant_unidentified(const planting *p, zsc_sim_record *r)
{
    (void)p;
    if (!*r->label[ZSC_SIM_GENUS]) return false;
    snprintf(r->own, sizeof r->own, "%s sp.", r->label[ZSC_SIM_GENUS]);
    r->label[ZSC_SIM_SPECIES] = r->own;
    return true;
}

/* Two blanks or a capital, in a name that other rows have too. */
static bool plant_spelling(const planting *p, zsc_sim_record *r)
{
    const char *name = r->label[ZSC_SIM_SPECIES], *blank = strchr(name, ' ');
    if (!blank || strlen(blank) < 4 || !is_shared(p)) return false;
    int head = (int)(blank - name);
    if (zsc_stream_below(p->stream, 2))
        snprintf(r->own, sizeof r->own, "%.*s  %s", head, name, blank + 1);
    else
        snprintf(r->own, sizeof r->own, "%.*s %c%s", head, name, toupper((unsigned char)blank[1]), blank + 2);
    r->label[ZSC_SIM_SPECIES] = r->own;
    return true;
}

static bool write_letters(zsc_sim_record *r, const char *letters, size_t at)
{
    size_t length = strlen(r->barcode);
    if (length < at + strlen(letters) + 1) return false;
    memcpy(r->letters, r->barcode, length + 1);
    memcpy(r->letters + at, letters, strlen(letters));
    r->barcode = r->letters;
    return true;
}

static bool plant_n(const planting *p, zsc_sim_record *r)
{
    size_t length = strlen(r->barcode);
    return length >= 500 && length < 1000 && write_letters(r, "NNNNNNNNNN", (p->row % 7) * 10 + 20);
}

static bool plant_stop(const planting *p, zsc_sim_record *r)
{
    return write_letters(r, "TAACTAACTAA", p->row % 17 + 20);
}
static bool plant_letter(const planting *p, zsc_sim_record *r) { return write_letters(r, "X", p->row % 40); }

static bool plant_length(const planting *p, zsc_sim_record *r)
{
    size_t length = strlen(r->barcode);
    if (length < 500) return false;
    memcpy(r->letters, r->barcode, length + 1);
    r->letters[200 + p->row % 100] = '\0';
    r->barcode = r->letters;
    return true;
}

/* The id of the row before, which has its own. */
static bool plant_id(const planting *p, zsc_sim_record *r)
{
    zsc_stream before;
    if (p->row == 0 || is_chosen(p->errors, p->row - 1, &before)) return false;
    snprintf(r->own, sizeof r->own, "SIM%09zu", p->row);
    r->id = r->own;
    return true;
}

static bool plant_leak(const planting *p, zsc_sim_record *r)
{
    if (!is_shared(p)) return false;
    r->split = strcmp(r->split, "test") == 0 ? "test_unseen" : "test";
    return true;
}

static bool plant_place(const planting *p, zsc_sim_record *r)
{
    snprintf(r->own, sizeof r->own, "%d", 91 + (int)(p->row % 50));
    r->latitude = r->own;
    r->longitude = "10";
    return true;
}

static const struct {
    const char *rule;
    bool (*plant)(const planting *planting, zsc_sim_record *record);
} kinds[] = {
    {"barcode-conflict", plant_conflict},
    {"two-parents", plant_parent},
    {"genus-of-species", plant_genus},
    {"hole", plant_hole},
    {"not-identified", plant_unidentified},
    {"similar-names", plant_spelling},
    {"barcode-n", plant_n},
    {"barcode-stop", plant_stop},
    {"barcode-letters", plant_letter},
    {"barcode-length", plant_length},
    {"repeated-id", plant_id},
    {"split-leak", plant_leak},
    {"coordinates", plant_place},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

void zsc_sim_plant_error(const zsc_sim_errors *errors, size_t row, zsc_sim_record *record)
{
    zsc_stream stream;
    const planting p = {errors, row, &stream};
    if (!is_chosen(errors, row, &stream)) return;
    size_t kind = (size_t)zsc_stream_below(&stream, KINDS);
    for (size_t tried = 0; tried < KINDS; tried++, kind = (kind + 1) % KINDS) {
        if (!kinds[kind].plant(&p, record)) continue;
        record->planted = kinds[kind].rule;
        return;
    }
}
