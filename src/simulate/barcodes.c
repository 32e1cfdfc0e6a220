/* COI-like barcodes evolved along the taxonomy.
 *
 * Substitutions follow the F84 model (Felsenstein and Churchill, Mol. Biol. Evol. 13:93, 1996): along a branch of
 * length t a site of rate r meets, with probability 1 - exp(-r t), an event that draws any letter, and otherwise, with
 * probability 1 - exp(-kappa r t), one that draws a purine for a purine, a pyrimidine for a pyrimidine. Letters are
 * drawn by the frequencies of the site's codon position; rates are gamma-distributed within each codon position (Yang,
 * J. Mol. Evol. 39:306, 1994). Frequencies, rates, shapes and kappa were fitted to real insect barcodes of 658 letters,
 * whose first letter is a third codon position. Stop codons of the invertebrate mitochondrial code (TAA, TAG) do not
 * arise.
 *
 * Within a species, haplotypes are the nodes of a random recursive tree, one mutation or a few apart. */
#include <math.h>
#include <string.h>

#include "base/elementary.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/threads.h"
#include "simulate/barcodes.h"
#include "simulate/draws.h"
#include "simulate/streams.h"

static const double letter_share[3][4] = {
    /* A C G T; by site % 3: third, first, second codon position */
    {0.460, 0.070, 0.023, 0.447},
    {0.301, 0.155, 0.271, 0.273},
    {0.147, 0.252, 0.168, 0.433},
};
static const double mean_rate[3] = {1.0, 0.032, 0.003};
static const double rate_shape[3] = {0.29, 0.11, 1.2};
static const double kappa = 2.0;
static const double root_age = 14;           /* of the classes' common ancestor */
static const double sister_age = 0.01;       /* of species that share a BIN */
static const double more_mutations = 0.4;    /* mean number beyond the first that tells a haplotype from its parent */
static const double clipped_share = 0.2;     /* haplotypes whose end was not read */
static const double padded_share = 0.5;      /* ... of whose rows the end is filled with N */
static const double ambiguous_share = 0.015; /* rows with ambiguity codes */
enum { LONGEST_CLIP = 30, DEEPEST = 256 };

static const char letters[4] = {'A', 'C', 'G', 'T'};

static int number_of(char letter) { return letter == 'A' ? 0 : letter == 'C' ? 1 : letter == 'G' ? 2 : 3; }

static char draw_letter(size_t site, zsc_stream *stream)
{
    const double *share = letter_share[site % 3];
    double u = zsc_stream_uniform(stream);
    int i = 0;
    while (i < 3 && u >= share[i]) u -= share[i++];
    return letters[i];
}

/* A or G for a purine, C or T for a pyrimidine. */
static char draw_in_class(size_t site, char letter, zsc_stream *stream)
{
    const double *share = letter_share[site % 3];
    int low = number_of(letter) & 1, high = low + 2;
    return letters[zsc_stream_uniform(stream) * (share[low] + share[high]) < share[low] ? low : high];
}

static bool is_stop(const char *codon)
{
    return codon[0] == 'T' && codon[1] == 'A' && (codon[2] == 'A' || codon[2] == 'G');
}

/* First letter of the codon that SITE is in; codons begin at sites 1, 4, 7, ... */
static size_t codon_of(size_t site) { return site == 0 ? 0 : (site - 1) / 3 * 3 + 1; }

static void evolve(const zsc_sim_barcodes *b, const char *from, double t, zsc_stream *stream, char *to)
{
    for (size_t i = 0; i < b->length; i++) {
        double rt = b->site_rate[i] * t;
        to[i] = from[i];
        if (zsc_stream_uniform(stream) < -zsc_expm1(-rt))
            to[i] = draw_letter(i, stream);
        else if (zsc_stream_uniform(stream) < -zsc_expm1(-kappa * rt))
            to[i] = draw_in_class(i, from[i], stream);
    }
    for (size_t i = 1; i + 3 <= b->length; i += 3)
        if (is_stop(to + i)) memcpy(to + i, from + i, 3);
}

static void draw_ancestor(const zsc_sim_barcodes *b, char *out)
{
    zsc_stream stream = zsc_sim_stream(b->seed, ZSC_SIM_ANCESTOR, 0, 0);
    for (size_t i = 0; i < b->length; i++) out[i] = draw_letter(i, &stream);
    for (size_t i = 1; i + 3 <= b->length; i += 3)
        if (is_stop(out + i)) out[i + 2] = 'T'; /* TAT: tyrosine */
}

static zsc_status draw_rates(zsc_sim_barcodes *b)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(b->site_rate, b->length);
    ZSC_NEW(b->site_sum, b->length);
    double sum = 0;
    for (size_t i = 0; i < b->length; i++) {
        zsc_stream stream = zsc_sim_stream(b->seed, ZSC_SIM_SITES, i, 0);
        double shape = rate_shape[i % 3];
        b->site_rate[i] = mean_rate[i % 3] * zsc_draw_gamma(&stream, shape, 1 / shape);
        b->site_sum[i] = sum += b->site_rate[i];
    }
done:
    return status;
}

/* The founders of lineages: those that are a BIN of their own from their species, then those in a sister's BIN. */
static void found_lineages(zsc_sim_barcodes *b, const zsc_sim_taxonomy *t, const char *species, int threads)
{
    for (int sisters = 0; sisters < 2; sisters++) {
#pragma omp parallel for num_threads(threads) schedule(static)
        for (size_t l = 0; l < t->count[ZSC_SIM_LINEAGE]; l++) {
            size_t s = (size_t)t->parent[ZSC_SIM_LINEAGE][l], bin = (size_t)t->bin[l];
            if ((bin != l) != sisters) continue;
            zsc_stream stream = zsc_sim_stream(b->seed, ZSC_SIM_BRANCH, ZSC_SIM_LINEAGE, l);
            char *to = b->lineage + l * b->length;
            if (sisters)
                evolve(b, b->lineage + bin * b->length, sister_age, &stream, to);
            else if (t->first_lineage[s + 1] - t->first_lineage[s] > 1)
                evolve(b, species + s * b->length, t->age[ZSC_SIM_SPECIES][s], &stream, to);
            else
                memcpy(to, species + s * b->length, b->length);
        }
    }
}

zsc_status zsc_sim_barcodes_make(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, const zsc_exec *exec,
                                 zsc_sim_barcodes *out)
{
    zsc_status status = ZSC_OK;
    zsc_sim_barcodes b = {.seed = o->seed, .length = o->barcode_length};
    char *above = NULL, *here = NULL;
    int threads = zsc_threads(exec);
    ZSC_TRY(draw_rates(&b));
    ZSC_NEW_RAW(above, b.length);
    draw_ancestor(&b, above);
    for (size_t rank = 0; rank < ZSC_SIM_RANKS; rank++) {
        ZSC_NEW_RAW(here, t->count[rank] * b.length);
#pragma omp parallel for num_threads(threads) schedule(static)
        for (size_t i = 0; i < t->count[rank]; i++) {
            size_t p = rank ? (size_t)t->parent[rank][i] : 0;
            double age = rank ? t->age[rank - 1][p] : root_age;
            /* a species' node is the present, unless lineages within it go on from their common ancestor */
            bool present = rank == ZSC_SIM_SPECIES && t->first_lineage[i + 1] - t->first_lineage[i] == 1;
            zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_BRANCH, rank, i);
            evolve(&b, above + p * b.length, age - (present ? 0 : t->age[rank][i]), &stream, here + i * b.length);
        }
        free(above);
        above = here;
        here = NULL;
    }
    ZSC_NEW_RAW(b.lineage, t->count[ZSC_SIM_LINEAGE] * b.length);
    found_lineages(&b, t, above, threads);
    *out = b;
    b = (zsc_sim_barcodes){0};
done:
    free(above);
    free(here);
    zsc_sim_barcodes_free(&b);
    return status;
}

void zsc_sim_barcodes_free(zsc_sim_barcodes *b)
{
    free(b->site_rate);
    free(b->site_sum);
    free(b->lineage);
    *b = (zsc_sim_barcodes){0};
}

/* --- Haplotypes. Number 0 (and 1, 2 in species of several lineages) founds a lineage; each other descends from one of
 * those before it, chosen evenly. PATH gets the haplotypes from h up to the founder, which is not in it. */
static size_t descent(const zsc_sim_barcodes *b, const zsc_sim_taxonomy *t, int32_t species, int32_t h,
                      int32_t path[DEEPEST], int32_t *lineage)
{
    int32_t first = t->first_lineage[species], founders = t->first_lineage[species + 1] - first;
    size_t depth = 0;
    while (h >= founders && depth < DEEPEST) {
        path[depth++] = h;
        zsc_stream stream = zsc_sim_stream(b->seed, ZSC_SIM_HAPLOTYPES, (uint64_t)species, (uint64_t)h);
        h = (int32_t)zsc_stream_below(&stream, (uint64_t)h);
    }
    *lineage = first + (h < founders ? h : 0);
    return depth;
}

int32_t zsc_sim_lineage_of(const zsc_sim_barcodes *b, const zsc_sim_taxonomy *t, int32_t species, int32_t haplotype)
{
    int32_t path[DEEPEST], lineage;
    descent(b, t, species, haplotype, path, &lineage);
    return lineage;
}

static size_t draw_site(const zsc_sim_barcodes *b, zsc_stream *stream)
{
    double u = zsc_stream_uniform(stream) * b->site_sum[b->length - 1];
    size_t low = 0, high = b->length - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (b->site_sum[middle] > u)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void mutate_once(const zsc_sim_barcodes *b, zsc_stream *stream, char *sequence)
{
    for (int attempt = 0; attempt < 64; attempt++) {
        size_t site = draw_site(b, stream), codon = codon_of(site);
        char before = sequence[site];
        bool in_class = zsc_stream_uniform(stream) * (1 + kappa) < kappa;
        sequence[site] = in_class ? draw_in_class(site, before, stream) : draw_letter(site, stream);
        bool stop = site > 0 && codon + 3 <= b->length && is_stop(sequence + codon);
        if (sequence[site] != before && !stop) return;
        sequence[site] = before;
    }
}

/* True letters; returns how many of them the sequencer reads from this haplotype. */
static size_t haplotype_letters(const zsc_sim_barcodes *b, const zsc_sim_taxonomy *t, int32_t species,
                                int32_t haplotype, char *out)
{
    int32_t path[DEEPEST], lineage;
    size_t depth = descent(b, t, species, haplotype, path, &lineage);
    memcpy(out, b->lineage + (size_t)lineage * b->length, b->length);
    while (depth-- > 0) {
        zsc_stream stream = zsc_sim_stream(b->seed, ZSC_SIM_MUTATION, (uint64_t)species, (uint64_t)path[depth]);
        for (unsigned m = 1 + zsc_draw_poisson(&stream, more_mutations); m > 0; m--) mutate_once(b, &stream, out);
    }
    zsc_stream stream = zsc_sim_stream(b->seed, ZSC_SIM_MUTATION, (uint64_t)species,
                                       (uint64_t)haplotype + (UINT64_C(1) << 40));
    bool clipped = zsc_stream_uniform(&stream) < clipped_share;
    return b->length - (clipped ? 1 + zsc_stream_below(&stream, LONGEST_CLIP) : 0);
}

/* IUPAC's codes for two letters, by the letters' numbers. */
static char two_letter_code(int a, int b)
{
    static const char code[4][4] = {"NMRW", "MNSY", "RSNK", "WYKN"};
    return code[a][b];
}

static void blur(size_t length, zsc_stream *stream, char *out)
{
    for (unsigned m = 1 + zsc_draw_poisson(stream, 1); m > 0; m--) {
        size_t site = zsc_stream_below(stream, length);
        bool any = zsc_stream_uniform(stream) < 0.7;
        int other = (int)zsc_stream_below(stream, 4);
        if (strchr("ACGT", out[site])) out[site] = any ? 'N' : two_letter_code(number_of(out[site]), other);
    }
}

bool zsc_sim_barcode_read(const zsc_sim_barcodes *b, const zsc_sim_taxonomy *t, int32_t species, int32_t haplotype,
                          size_t row, char *out)
{
    size_t read = haplotype_letters(b, t, species, haplotype, out);
    zsc_stream stream = zsc_sim_stream(b->seed, ZSC_SIM_READ, row, 0);
    bool padded = zsc_stream_uniform(&stream) < padded_share, ambiguous = zsc_stream_uniform(&stream) < ambiguous_share;
    if (ambiguous) blur(read, &stream, out);
    if (padded) memset(out + read, 'N', b->length - read);
    out[padded ? b->length : read] = '\0';
    return ambiguous;
}
