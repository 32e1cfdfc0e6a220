/* A random taxonomy with the skew of real ones.
 *
 * Every taxon has at least one child; the others choose their parent with weights. Classes and orders follow Zipf's law
 * (one class holds most orders, one order most families, as Insecta and Diptera do in BIOSCAN-5M); below them weights
 * are Pareto with exponent 1.1, the heavy tail that counts of genera per family and species per genus have (Willis and
 * Yule, Nature 109:177, 1922).
 *
 * Ages are in units of the barcode's evolution (simulate/barcodes.c), typical ones per rank with a gamma-distributed
 * factor; a taxon is younger than its parent. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/elementary.h"
#include "base/error.h"
#include "base/memory.h"
#include "simulate/draws.h"
#include "simulate/streams.h"
#include "simulate/taxonomy.h"

/* Typical ages of the youngest common ancestor, fitted to the distances between real COI barcodes (doc/simulate.md). */
static const double typical_age[ZSC_SIM_RANKS] = {6.9, 2.55, 1.72, 1.17, 0.51, 0.06};
static const double age_shape[ZSC_SIM_RANKS] = {12, 8, 8, 8, 3, 4};
static const double class_exponent = 3.0, order_exponent = 1.5; /* of Zipf's law */
static const double pareto_exponent = 1.1;
static const double no_subfamily_share = 0.12;
static const double second_lineage_share = 0.11, third_lineage_share = 0.02, shared_bin_share = 0.02;

/* How likely a taxon is the parent of one that is free to choose. Orders of the small classes are small as well. */
static double weight_of(const zsc_sim_taxonomy *t, size_t rank, size_t taxon, zsc_stream *stream)
{
    if (rank > ZSC_SIM_ORDER) return zsc_draw_pareto(stream, pareto_exponent);
    size_t class = rank == ZSC_SIM_CLASS ? taxon : (size_t)t->parent[ZSC_SIM_ORDER][taxon];
    double weight = zsc_pow((double)class + 1, -class_exponent);
    return rank == ZSC_SIM_CLASS ? weight : weight * zsc_pow((double)taxon + 1, -order_exponent);
}

static zsc_status draw_parents(const zsc_simulate_options *o, zsc_sim_taxonomy *t, size_t rank)
{
    zsc_status status = ZSC_OK;
    size_t parents = t->count[rank - 1], n = t->count[rank];
    double *weight = NULL;
    zsc_draw_weighted table = {0};
    zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_PARENTS, rank, 0);
    ZSC_NEW(weight, parents);
    ZSC_NEW(t->parent[rank], n);
    for (size_t p = 0; p < parents; p++) weight[p] = weight_of(t, rank - 1, p, &stream);
    ZSC_TRY(zsc_draw_weighted_make(weight, parents, &table));
    for (size_t i = 0; i < n; i++)
        t->parent[rank][i] = (int32_t)(i < parents ? i : zsc_draw_weighted_next(&table, &stream));
done:
    zsc_draw_weighted_free(&table);
    free(weight);
    return status;
}

static zsc_status draw_ages(const zsc_simulate_options *o, zsc_sim_taxonomy *t, size_t rank)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(t->age[rank], t->count[rank]);
    for (size_t i = 0; i < t->count[rank]; i++) {
        zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_AGE, rank, i);
        double age = typical_age[rank] * zsc_draw_gamma(&stream, age_shape[rank], 1 / age_shape[rank]);
        double parent = rank ? t->age[rank - 1][t->parent[rank][i]] : HUGE_VAL;
        t->age[rank][i] = fmin(age, 0.9 * parent);
    }
done:
    return status;
}

/* Deep branches within species. A lineage is a BIN of its own, but some young species are in their sister's. */
static zsc_status draw_lineages(const zsc_simulate_options *o, zsc_sim_taxonomy *t)
{
    zsc_status status = ZSC_OK;
    size_t species = t->count[ZSC_SIM_SPECIES], lineages = 0;
    int32_t *eldest = NULL; /* per genus: its first species */
    ZSC_NEW(t->first_lineage, species + 1);
    ZSC_NEW(t->parent[ZSC_SIM_LINEAGE], 3 * species);
    ZSC_NEW(t->bin, 3 * species);
    ZSC_NEW(eldest, t->count[ZSC_SIM_GENUS]);
    memset(eldest, -1, t->count[ZSC_SIM_GENUS] * sizeof *eldest);
    for (size_t s = 0; s < species; s++) {
        zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_LINEAGES, s, 0);
        double u = zsc_stream_uniform(&stream), v = zsc_stream_uniform(&stream);
        int32_t *first = &eldest[t->parent[ZSC_SIM_SPECIES][s]];
        bool named = s < o->taxa[ZSC_SIM_SPECIES]; /* others are known as BINs */
        size_t own = named ? 1 + (u < second_lineage_share) + (u < third_lineage_share) : 1;
        bool shared = named && *first >= 0 && own == 1 && v < shared_bin_share;
        t->first_lineage[s] = (int32_t)lineages;
        for (size_t i = 0; i < own; i++, lineages++) {
            t->parent[ZSC_SIM_LINEAGE][lineages] = (int32_t)s;
            t->bin[lineages] = shared ? t->first_lineage[*first] : (int32_t)lineages;
        }
        if (*first < 0) *first = (int32_t)s;
    }
    t->first_lineage[species] = (int32_t)lineages;
    t->count[ZSC_SIM_LINEAGE] = lineages;
done:
    free(eldest);
    return status;
}

/* --- Names that nobody could take for real: all begin with "Fict" (BINs with "SIM:"), the rest spells the number. */
static void spell(uint64_t number, size_t syllables, char *out)
{
    static const char syllable[16][3] = {"ba", "ce", "di", "fo", "ga", "lu", "ma", "ne",
                                         "pi", "ro", "sa", "te", "vi", "xo", "za", "lo"};
    for (size_t i = 0; i < syllables; i++, number >>= 4) memcpy(out + 2 * i, syllable[number & 15], 2);
    out[2 * syllables] = '\0';
}

static zsc_status make_names(const zsc_simulate_options *o, zsc_sim_taxonomy *t, size_t rank)
{
    static const char *const suffix[ZSC_SIM_RANKS] = {"ta", "ptera", "idae", "inae", "us", "ni"};
    zsc_status status = ZSC_OK;
    size_t syllables = 2;
    while (((size_t)1 << (4 * syllables)) < t->count[rank]) syllables++;
    zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_NAMES, rank, 0);
    uint64_t factor = zsc_stream_u64(&stream) | 1, shift = zsc_stream_u64(&stream);
    uint64_t mask = ((uint64_t)1 << (4 * syllables)) - 1;
    ZSC_NEW(t->name[rank], t->count[rank]);
    for (size_t i = 0; i < t->count[rank]; i++) {
        char word[2 * 16 + 1];
        if (rank == ZSC_SIM_SPECIES && i >= o->taxa[rank]) break; /* it has none */
        spell((i * factor + shift) & mask, syllables,
              word); /* an odd factor permutes the numbers below a power of two */
        if (rank == ZSC_SIM_SPECIES)
            snprintf(t->name[rank][i], ZSC_SIM_NAME_SIZE, "%.30s %.28s%s", t->name[ZSC_SIM_GENUS][t->parent[rank][i]],
                     word, suffix[rank]);
        else
            snprintf(t->name[rank][i], ZSC_SIM_NAME_SIZE, "Fict%.28s%s", word, suffix[rank]);
    }
done:
    return status;
}

static zsc_status make_bin_names(zsc_sim_taxonomy *t)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(t->name[ZSC_SIM_LINEAGE], t->count[ZSC_SIM_LINEAGE]);
    for (size_t i = 0; i < t->count[ZSC_SIM_LINEAGE]; i++) {
        size_t bin = (size_t)t->bin[i], high = bin / 10000;
        snprintf(t->name[ZSC_SIM_LINEAGE][i], ZSC_SIM_NAME_SIZE, "SIM:%c%c%c%04zu", 'A' + (int)(high / 676 % 26),
                 'A' + (int)(high / 26 % 26), 'A' + (int)(high % 26), bin % 10000);
    }
done:
    return status;
}

zsc_status zsc_sim_taxonomy_make(const zsc_simulate_options *o, zsc_sim_taxonomy *out)
{
    zsc_status status = ZSC_OK;
    zsc_sim_taxonomy t = {0};
    for (size_t rank = 0; rank < ZSC_SIM_RANKS; rank++) {
        t.count[rank] = o->taxa[rank] + (rank == ZSC_SIM_SPECIES ? o->unnamed_species : 0);
        if (rank) ZSC_TRY(draw_parents(o, &t, rank));
        ZSC_TRY(draw_ages(o, &t, rank));
        ZSC_TRY(make_names(o, &t, rank));
    }
    ZSC_TRY(draw_lineages(o, &t));
    ZSC_TRY(make_bin_names(&t));
    ZSC_NEW(t.no_subfamily, t.count[ZSC_SIM_FAMILY]);
    for (size_t i = 0; i < t.count[ZSC_SIM_FAMILY]; i++) {
        zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_LABELS, i, 1);
        t.no_subfamily[i] = zsc_stream_uniform(&stream) < no_subfamily_share;
    }
    *out = t;
    t = (zsc_sim_taxonomy){0};
done:
    zsc_sim_taxonomy_free(&t);
    return status;
}

void zsc_sim_taxonomy_free(zsc_sim_taxonomy *t)
{
    for (size_t rank = 0; rank < ZSC_SIM_LEVELS; rank++) {
        free(t->parent[rank]);
        free(t->age[rank]);
        free(t->name[rank]);
    }
    free(t->no_subfamily);
    free(t->first_lineage);
    free(t->bin);
    *t = (zsc_sim_taxonomy){0};
}
