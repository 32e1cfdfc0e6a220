/* Which specimens a simulation has: abundances of species, haplotypes within them, order of rows, splits and labels. */
#include "simulate/specimens.h"

#include <math.h>

#include "base/memory.h"
#include "base/threads.h"
#include "simulate/draws.h"
#include "simulate/streams.h"

/* Of Pareto's law, where the least is 1: the exponent, and the greatest. */
typedef struct abundances {
    double exponent, most;
} abundances;

/* Of all splits the most common species has 1.6 % of the rows that have a species, as in BIOSCAN-5M with its 22,622; of
 * fewer species, more. COUNT of them, ALL at the size of BIOSCAN-5M. */
static abundances abundances_of(const zsc_simulate_options *o, size_t count, double all)
{
    if (!o->all_splits) return (abundances){1, 25};
    return (abundances){0.72, fmax(25, 14000 * (double)count / all)};
}

/* The rows of species FROM .. TO - 1: each has one, the others go by abundances. */
static void draw_abundances(const zsc_simulate_options *o, size_t from, size_t to, size_t rows, abundances a,
                            double *sum, size_t *first)
{
    size_t spare = rows - (to - from), start = first[from];
    double total = 0;
    for (size_t s = from; s < to; s++) {
        zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_ABUNDANCE, s, 0);
        sum[s] = total += fmin(zsc_draw_pareto(&stream, a.exponent), a.most);
    }
    for (size_t s = from; s < to; s++)
        first[s + 1] = start + (s + 1 - from) + (size_t)floor(sum[s] / total * (double)spare);
    if (to > from) first[to] = start + rows;
}

/* first[s]: the first row of species s, before rows are shuffled. */
static zsc_status draw_first_rows(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, size_t *first)
{
    zsc_status status = ZSC_OK;
    size_t named = o->taxa[ZSC_SIM_SPECIES], rows = zsc_sim_named_rows(o);
    double *sum = NULL;
    ZSC_NEW(sum, t->count[ZSC_SIM_SPECIES]);
    draw_abundances(o, 0, named, rows, abundances_of(o, named, 22622), sum, first);
    draw_abundances(o, named, t->count[ZSC_SIM_SPECIES], o->rows - rows,
                    abundances_of(o, o->unnamed_species, ZSC_SIM_ALL_UNNAMED), sum, first);
done:
    free(sum);
    return status;
}

/* Simon's process (Biometrika 42:425, 1955): a row brings a new haplotype with a fixed probability, otherwise it
 * repeats that of an earlier row, so that common haplotypes grow more common. */
static void draw_haplotypes(const zsc_simulate_options *o, const size_t *first, zsc_sim_specimens *specimens,
                            int threads)
{
    double n = (double)o->rows, species = (double)(o->taxa[ZSC_SIM_SPECIES] + o->unnamed_species);
    double fresh = n > species ? (n / o->rows_per_barcode - species) / (n - species) : 1;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t s = 0; s < o->taxa[ZSC_SIM_SPECIES] + o->unnamed_species; s++) {
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

/* Of BIOSCAN-5M's 5,150,850 rows 4,677,756 are of split pretrain. */
static const double named_share = 473094.0 / 5150850;

size_t zsc_sim_named_rows(const zsc_simulate_options *o)
{
    size_t rows = o->all_splits ? (size_t)round(named_share * (double)o->rows) : o->rows;
    return rows < 1 ? 1 : rows;
}

/* Splits test and val get their shares of the rows of all seen species from those that have queries: one row each,
 * beside a key, and at random at most half of the others. The same for unseen species. */
static zsc_status draw_queries(const zsc_simulate_options *o, const size_t *first, const bool *queried,
                               zsc_sim_specimens *specimens)
{
    zsc_status status = ZSC_OK;
    size_t named = o->taxa[ZSC_SIM_SPECIES], species = named + o->unnamed_species;
    double rows[2] = {0}, others[2] = {0}, taken[2][2] = {{0}}; /* taken: test and val */
    ZSC_NEW_RAW(specimens->certain, species);
    for (size_t s = 0; s < species; s++)
        for (size_t k = 0; k < 3; k++) specimens->certain[s][k] = -1;
    for (size_t row = o->rows; row-- > 0;) {
        int32_t *of = specimens->certain[specimens->species[row]];
        if (!queried[specimens->species[row]]) continue;
        of[2] = of[1];
        of[1] = of[0];
        of[0] = (int32_t)row;
    }
    for (size_t s = 0; s < named; s++) {
        zsc_sim_group group = (zsc_sim_group)specimens->group[s];
        if (group != ZSC_SIM_SEEN && group != ZSC_SIM_UNSEEN) continue;
        size_t unseen = group == ZSC_SIM_UNSEEN, n = first[s + 1] - first[s];
        rows[unseen] += (double)n;
        taken[unseen][0] += queried[s];
        taken[unseen][1] += queried[s] && n > 2;
        others[unseen] += queried[s] && n > 3 ? (double)(n - 3) : 0;
    }
    for (size_t u = 0; u < 2; u++) {
        double wanted[2], both = 0;
        for (size_t k = 0; k < 2; k++) both += wanted[k] = fmax(0, zsc_sim_query_share[u][k] * rows[u] - taken[u][k]);
        for (size_t k = 0; k < 2 && both > 0 && others[u] > 0; k++)
            specimens->share[u][k] = wanted[k] * fmin(1 / others[u], 0.5 / both);
    }
done:
    return status;
}

zsc_status zsc_sim_specimens_draw(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, const zsc_exec *exec,
                                  zsc_sim_specimens *out)
{
    zsc_status status = ZSC_OK;
    zsc_sim_specimens specimens = {0};
    size_t *first = NULL;
    bool *queried = NULL;
    ZSC_NEW(queried, t->count[ZSC_SIM_SPECIES]);
    ZSC_NEW(first, t->count[ZSC_SIM_SPECIES] + 1);
    ZSC_NEW_RAW(specimens.species, o->rows);
    ZSC_NEW_RAW(specimens.haplotype, o->rows);
    ZSC_NEW_RAW(specimens.group, t->count[ZSC_SIM_SPECIES]);
    ZSC_TRY(draw_first_rows(o, t, first));
    ZSC_TRY(zsc_sim_species_groups_draw(o, t, first, specimens.group, queried));
    draw_haplotypes(o, first, &specimens, zsc_threads(exec));
    shuffle(o->seed, &specimens, o->rows);
    ZSC_TRY(draw_queries(o, first, queried, &specimens));
    *out = specimens;
    specimens = (zsc_sim_specimens){0};
done:
    free(first);
    free(queried);
    zsc_sim_specimens_free(&specimens);
    return status;
}

void zsc_sim_specimens_free(zsc_sim_specimens *specimens)
{
    free(specimens->species);
    free(specimens->haplotype);
    free(specimens->group);
    free(specimens->certain);
    *specimens = (zsc_sim_specimens){0};
}

/* --- Splits and labels */
const char *const zsc_sim_split_names[] = {"test",       "train",      "val",      "test_unseen",
                                           "key_unseen", "val_unseen", "pretrain", "other_heldout"};

bool zsc_sim_species_unseen(const zsc_sim_specimens *specimens, int32_t species)
{
    return specimens->group[species] == ZSC_SIM_UNSEEN || specimens->group[species] == ZSC_SIM_HELD_OUT;
}

zsc_sim_split zsc_sim_split_of(const zsc_simulate_options *o, const zsc_sim_specimens *specimens, size_t row)
{
    zsc_sim_group group = (zsc_sim_group)specimens->group[specimens->species[row]];
    bool unseen = group == ZSC_SIM_UNSEEN;
    if (!o->all_splits) return unseen ? ZSC_SIM_TEST_UNSEEN : ZSC_SIM_TEST;
    if (group == ZSC_SIM_UNNAMED) return ZSC_SIM_PRETRAIN;
    if (group == ZSC_SIM_HELD_OUT) return ZSC_SIM_OTHER_HELDOUT;
    zsc_sim_split query = unseen ? ZSC_SIM_TEST_UNSEEN : ZSC_SIM_TEST; /* then train or key_unseen, then val */
    const int32_t *certain = specimens->certain[specimens->species[row]];
    if (certain[0] < 0) return query + 1;
    for (size_t k = 0; k < 3; k++)
        if ((int32_t)row == certain[k]) return query + k;
    zsc_stream own = zsc_sim_stream(o->seed, ZSC_SIM_SPLIT, row, 0);
    const double *share = specimens->share[unseen];
    double u = zsc_stream_uniform(&own);
    return query + (u < share[0] ? 0 : u < share[0] + share[1] ? 2 : 1);
}

/* How far a BIN without a species is identified: the share of such BINs that have a label at each rank, so that of all
 * rows 95.8 % have a family, 28.6 % a subfamily, 23.8 % a genus and 9.2 % a species. */
static const double identified[ZSC_SIM_RANKS] = {1, 0.9995, 0.954, 0.22, 0.161, 0};

/* Labels below some rank are missing: of specimens that were determined less well, more often the finer the rank, and
 * of BINs without a species. */
void zsc_sim_labels_of(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, size_t row, int32_t lineage,
                       const char *label[ZSC_SIM_LEVELS])
{
    static const double relative[ZSC_SIM_RANKS] = {0, 0.02, 0.1, 0.3, 0.5, 1};
    size_t clade = (size_t)lineage, species = (size_t)t->parent[ZSC_SIM_LINEAGE][lineage];
    zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_LABELS, row, 0),
               of_bin = zsc_sim_stream(o->seed, ZSC_SIM_IDENTIFIED, species, 0);
    double u = zsc_stream_uniform(&stream), v = species < o->taxa[ZSC_SIM_SPECIES] ? 0 : zsc_stream_uniform(&of_bin);
    label[ZSC_SIM_LINEAGE] = t->name[ZSC_SIM_LINEAGE][clade];
    for (size_t rank = ZSC_SIM_RANKS; rank-- > 0;) {
        clade = (size_t)t->parent[rank + 1][clade];
        bool known = u >= relative[rank] * o->missing_species && (v == 0 || v < identified[rank]);
        label[rank] = known ? t->name[rank][clade] : "";
        if (rank == ZSC_SIM_FAMILY && t->no_subfamily[clade]) label[ZSC_SIM_SUBFAMILY] = "";
    }
}
