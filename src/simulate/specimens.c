/* Which specimens a simulation has: abundances of species, haplotypes within them, order of rows, splits and labels. */
#include "simulate/specimens.h"

#include <math.h>

#include "base/memory.h"
#include "base/threads.h"
#include "simulate/draws.h"
#include "simulate/streams.h"

/* Every species has a row; the others go by Pareto-distributed abundances, at most 25 times the least. */
static zsc_status draw_abundances(const zsc_simulate_options *o, size_t *first)
{
    zsc_status status = ZSC_OK;
    size_t species = o->taxa[ZSC_SIM_SPECIES], spare = o->rows - species;
    double *sum = NULL, total = 0;
    ZSC_NEW(sum, species);
    for (size_t s = 0; s < species; s++) {
        zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_ABUNDANCE, s, 0);
        sum[s] = total += fmin(zsc_draw_pareto(&stream, 1), 25);
    }
    for (size_t s = 0; s <= species; s++) first[s] = s + (s ? (size_t)floor(sum[s - 1] / total * (double)spare) : 0);
    first[species] = o->rows;
done:
    free(sum);
    return status;
}

/* Simon's process (Biometrika 42:425, 1955): a row brings a new haplotype with a fixed probability, otherwise it
 * repeats that of an earlier row, so that common haplotypes grow more common. */
static void draw_haplotypes(const zsc_simulate_options *o, const size_t *first, zsc_sim_specimens *specimens,
                            int threads)
{
    double n = (double)o->rows, species = (double)o->taxa[ZSC_SIM_SPECIES];
    double fresh = n > species ? (n / o->rows_per_barcode - species) / (n - species) : 1;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t s = 0; s < o->taxa[ZSC_SIM_SPECIES]; s++) {
        zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_HAPLOTYPES, s, UINT64_C(1) << 40);
        int32_t *haplotype = specimens->haplotype + first[s], known = 0;
        for (size_t i = 0; i < first[s + 1] - first[s]; i++) {
            specimens->species[first[s] + i] = (int32_t)s;
            bool is_new = i == 0 || zsc_stream_uniform(&stream) < fresh;
            haplotype[i] = is_new ? known++ : haplotype[zsc_stream_below(&stream, i)];
        }
    }
}

static void shuffle(uint64_t seed, zsc_sim_specimens *specimens, size_t n)
{
    zsc_stream stream = zsc_sim_stream(seed, ZSC_SIM_SHUFFLE, 0, 0);
    for (size_t i = n; i > 1; i--) {
        size_t j = zsc_stream_below(&stream, i);
        int32_t s = specimens->species[i - 1], h = specimens->haplotype[i - 1];
        specimens->species[i - 1] = specimens->species[j];
        specimens->haplotype[i - 1] = specimens->haplotype[j];
        specimens->species[j] = s;
        specimens->haplotype[j] = h;
    }
}

zsc_status zsc_sim_specimens_draw(const zsc_simulate_options *o, const zsc_exec *exec, zsc_sim_specimens *out)
{
    zsc_status status = ZSC_OK;
    zsc_sim_specimens specimens = {0};
    size_t *first = NULL;
    ZSC_NEW(first, o->taxa[ZSC_SIM_SPECIES] + 1);
    ZSC_NEW_RAW(specimens.species, o->rows);
    ZSC_NEW_RAW(specimens.haplotype, o->rows);
    ZSC_TRY(draw_abundances(o, first));
    draw_haplotypes(o, first, &specimens, zsc_threads(exec));
    shuffle(o->seed, &specimens, o->rows);
    *out = specimens;
    specimens = (zsc_sim_specimens){0};
done:
    free(first);
    zsc_sim_specimens_free(&specimens);
    return status;
}

void zsc_sim_specimens_free(zsc_sim_specimens *specimens)
{
    free(specimens->species);
    free(specimens->haplotype);
    *specimens = (zsc_sim_specimens){0};
}

/* --- Splits and labels */
const char *const zsc_sim_split_names[] = {"test",       "train",      "val",      "test_unseen",
                                           "key_unseen", "val_unseen", "pretrain", "other_heldout"};

/* Of BIOSCAN-5M's rows: 4,677,756 pretrain; train 289,203, val 14,757, test 39,373; key 36,465, val 8,819, test 7,887
 * unseen; 76,590 held out, whose species make up some 16% of the labelled rows. */
static const double pretrain_share = 0.908, heldout_species = 0.16;
static const double seen_share[] = {0.115, 0.842},
                    unseen_share[] = {0.148, 0.686}; /* test, train; test, key; the rest: val */

static void kind_of(const zsc_simulate_options *o, int32_t species, bool *unseen, bool *held_out)
{
    zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_SPECIES_SPLIT, (uint64_t)species, 0);
    *unseen = zsc_stream_uniform(&stream) < o->unseen_species;
    *held_out = zsc_stream_uniform(&stream) < heldout_species;
}

bool zsc_sim_species_unseen(const zsc_simulate_options *o, int32_t species)
{
    bool unseen, held_out;
    kind_of(o, species, &unseen, &held_out);
    return unseen || (o->all_splits && held_out);
}

zsc_sim_split zsc_sim_split_of(const zsc_simulate_options *o, size_t row, int32_t species)
{
    zsc_stream own = zsc_sim_stream(o->seed, ZSC_SIM_SPLIT, row, 0);
    bool unseen, held_out;
    kind_of(o, species, &unseen, &held_out);
    if (!o->all_splits) return unseen ? ZSC_SIM_TEST_UNSEEN : ZSC_SIM_TEST;
    double u = zsc_stream_uniform(&own), v = zsc_stream_uniform(&own);
    if (u < pretrain_share) return ZSC_SIM_PRETRAIN;
    if (held_out) return ZSC_SIM_OTHER_HELDOUT;
    const double *share = unseen ? unseen_share : seen_share;
    return (unseen ? ZSC_SIM_TEST_UNSEEN : ZSC_SIM_TEST) + (v < share[0] ? 0 : v < share[0] + share[1] ? 1 : 2);
}

/* How well the specimen was determined: labels below some rank are missing, more often the finer the rank. In split
 * pretrain nothing below the genus is known. */
void zsc_sim_labels_of(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, size_t row, int32_t lineage,
                       zsc_sim_split split, const char *label[ZSC_SIM_LEVELS])
{
    static const double relative[ZSC_SIM_RANKS] = {0, 0.02, 0.1, 0.3, 0.5, 1};
    zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_LABELS, row, 0);
    double u = zsc_stream_uniform(&stream);
    size_t clade = (size_t)lineage;
    label[ZSC_SIM_LINEAGE] = t->name[ZSC_SIM_LINEAGE][clade];
    for (size_t rank = ZSC_SIM_RANKS; rank-- > 0;) {
        clade = (size_t)t->parent[rank + 1][clade];
        bool known = u >= relative[rank] * o->missing_species;
        label[rank] = known ? t->name[rank][clade] : "";
        if (rank == ZSC_SIM_FAMILY && t->no_subfamily[clade]) label[ZSC_SIM_SUBFAMILY] = "";
    }
    if (split == ZSC_SIM_PRETRAIN) label[ZSC_SIM_SPECIES] = "";
}
