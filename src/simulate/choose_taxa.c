/* Taxa are chosen from the top: at each rank, of those below chosen ones, the first of each parent, so that none is
 * empty, and then the first of all. The order is random, with weights (Efraimidis and Spirakis, Information Processing
 * Letters 97:181, 2006). */
#include "simulate/choose_taxa.h"

#include <math.h>
#include <string.h>

#include "base/elementary.h"
#include "base/memory.h"
#include "simulate/streams.h"

/* The weight of a taxon of n rows is n^power. Of classes and orders the large ones are hardly ever left out. */
static const double power_of_rank[ZSC_SIM_RANKS] = {2, 2, 0.7, 0.7, 0.7, 0.7};

typedef struct keyed {
    double key;
    size_t number;
} keyed;

static int by_key(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

zsc_status zsc_sim_random_order(uint64_t seed, uint64_t which, const size_t *size, size_t count, double power,
                                size_t **out)
{
    zsc_status status = ZSC_OK;
    keyed *list = NULL;
    size_t *order = NULL;
    ZSC_NEW_RAW(list, count);
    ZSC_NEW_RAW(order, count);
    for (size_t i = 0; i < count; i++) {
        zsc_stream stream = zsc_sim_stream(seed, ZSC_SIM_SPECIES_GROUPS, which, i);
        double u = 1 - zsc_stream_uniform(&stream);
        list[i] = (keyed){size[i] ? -zsc_log(u) / zsc_pow((double)size[i], power) : HUGE_VAL, i};
    }
    qsort(list, count, sizeof *list, by_key);
    for (size_t i = 0; i < count; i++) order[i] = list[i].number;
    *out = order;
done:
    free(list);
    return status;
}

/* Of COUNT taxa in their order: the first of each parent in LACKS, which are marked as having one, and the first of all
 * until there are QUOTA. Taxa of size 0 have been left out. */
static void take(const size_t *order, size_t count, const size_t *size, const int32_t *parent, bool *lacks,
                 size_t quota, bool *chosen)
{
    size_t taken = 0;
    for (size_t k = 0; k < count && lacks; k++) {
        size_t i = order[k];
        if (size[i] == 0 || !lacks[parent[i]]) continue;
        lacks[parent[i]] = false;
        chosen[i] = true;
        taken++;
    }
    for (size_t k = 0; k < count && taken < quota; k++) {
        if (size[order[k]] == 0 || chosen[order[k]]) continue;
        chosen[order[k]] = true;
        taken++;
    }
}

zsc_status zsc_sim_choose_taxa(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, uint64_t choice,
                               const size_t *rows, const size_t quota[ZSC_SIM_RANKS], size_t last_rank, bool *chosen)
{
    zsc_status status = ZSC_OK;
    size_t *size[ZSC_SIM_RANKS] = {NULL}, *order = NULL;
    bool *above = NULL, *here = NULL;
    for (size_t rank = ZSC_SIM_RANKS; rank-- > 0;) {
        ZSC_NEW(size[rank], o->taxa[rank]);
        if (rank == ZSC_SIM_SPECIES)
            memcpy(size[rank], rows, o->taxa[rank] * sizeof *rows);
        else
            for (size_t i = 0; i < o->taxa[rank + 1]; i++) size[rank][t->parent[rank + 1][i]] += size[rank + 1][i];
    }
    for (size_t rank = 0; rank <= last_rank; rank++) {
        ZSC_NEW(here, o->taxa[rank]);
        for (size_t i = 0; rank && i < o->taxa[rank]; i++)
            if (!above[t->parent[rank][i]]) size[rank][i] = 0;
        ZSC_TRY(
            zsc_sim_random_order(o->seed, choice << 32 | rank, size[rank], o->taxa[rank], power_of_rank[rank], &order));
        take(order, o->taxa[rank], size[rank], t->parent[rank], above, quota[rank], here);
        free(order);
        free(above);
        order = NULL;
        above = here;
        here = NULL;
    }
    memcpy(chosen, above, o->taxa[last_rank] * sizeof *chosen);
done:
    for (size_t rank = 0; rank < ZSC_SIM_RANKS; rank++) free(size[rank]);
    free(order);
    free(above);
    free(here);
    return status;
}
