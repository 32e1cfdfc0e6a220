/* The groups of species, in the proportions of BIOSCAN-5M.
 *
 * Of its 22,622 named species 11,846 are seen, 914 unseen and 9,862 held out; they have 29, 58 and 7.8 rows each on
 * average. Unseen species are of 62 families and 234 genera, where seen ones are of 352 and 1,736 (Gharaee et al.,
 * arXiv 2406.12723, Table 2 and appendix A3): names that are provisional come from the few groups that somebody works
 * on. Of all splits simulate/all_splits.c draws these numbers. Of two, families are taken in random order, large ones
 * sooner, and in each the same with its genera, until there are as many unseen species as there should be; a genus
 * keeps a part of its species as seen. */
#include "simulate/species_groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/elementary.h"
#include "base/memory.h"
#include "simulate/choose_taxa.h"
#include "simulate/streams.h"

/* What a species has to be held out: P = factor rows^power, at most 1. */
static const double held_out_factor = 0.65, held_out_power = -0.3;
/* Of n species of a taxon n^power are unseen; its weight in the order of taxa is n^weight_power. */
static const double family_power = 0.75, genus_power = 0.8, weight_power = 0.7;

/* Species that may be unseen, sorted by genus: those of genus g are species[at[g]] .. species[at[g + 1] - 1]. */
typedef struct candidates {
    size_t genera, count;
    size_t *at, *species, *of_genus, *of_family;
} candidates;

static void free_candidates(candidates *c)
{
    free(c->at);
    free(c->species);
    free(c->of_genus);
    free(c->of_family);
}

static size_t family_of_genus(const zsc_sim_taxonomy *t, size_t genus)
{
    return (size_t)t->parent[ZSC_SIM_SUBFAMILY][t->parent[ZSC_SIM_GENUS][genus]];
}

static zsc_status find_candidates(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, const uint8_t *group,
                                  candidates *c)
{
    zsc_status status = ZSC_OK;
    size_t named = o->taxa[ZSC_SIM_SPECIES];
    const int32_t *genus_of = t->parent[ZSC_SIM_SPECIES];
    c->genera = t->count[ZSC_SIM_GENUS];
    ZSC_NEW(c->at, c->genera + 2);
    ZSC_NEW(c->species, named + 1);
    ZSC_NEW(c->of_genus, c->genera);
    ZSC_NEW(c->of_family, t->count[ZSC_SIM_FAMILY]);
    for (size_t s = 0; s < named; s++)
        if (group[s] == ZSC_SIM_SEEN) c->at[genus_of[s] + 2]++;
    for (size_t g = 0; g < c->genera; g++) {
        c->of_genus[g] = c->at[g + 2];
        c->of_family[family_of_genus(t, g)] += c->of_genus[g];
        c->at[g + 2] += c->at[g + 1];
    }
    for (size_t s = 0; s < named; s++)
        if (group[s] == ZSC_SIM_SEEN) c->species[c->at[genus_of[s] + 1]++] = s;
    c->count = c->at[c->genera];
done:
    return status;
}

/* At most LIMIT species of the genus, the last of its candidates; returns how many. */
static size_t take_genus(const candidates *c, size_t genus, size_t limit, uint8_t *group)
{
    size_t n = c->of_genus[genus], wanted = (size_t)ceil(zsc_pow((double)n, genus_power)), taken = 0;
    if (wanted == n && n > 1) wanted--;
    if (wanted > limit) wanted = limit;
    for (size_t k = c->at[genus + 1]; taken < wanted; taken++) group[c->species[--k]] = ZSC_SIM_UNSEEN;
    return taken;
}

/* WANTED unseen species, family by family. Twice: what is missing after the first round comes from any genus. */
static zsc_status draw_unseen(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, size_t wanted, uint8_t *group)
{
    zsc_status status = ZSC_OK;
    candidates c = {0};
    size_t *families = NULL, *genera = NULL, *first = NULL,
           *next = NULL; /* next: genera of each family, in their order */
    size_t f_count = t->count[ZSC_SIM_FAMILY];
    ZSC_TRY(find_candidates(o, t, group, &c));
    ZSC_TRY(zsc_sim_random_order(o->seed, ZSC_SIM_FAMILY, c.of_family, f_count, weight_power, &families));
    ZSC_TRY(zsc_sim_random_order(o->seed, ZSC_SIM_GENUS, c.of_genus, c.genera, weight_power, &genera));
    ZSC_NEW(first, f_count + 2);
    ZSC_NEW(next, c.genera + 1);
    for (size_t g = 0; g < c.genera; g++) first[family_of_genus(t, g) + 2]++;
    for (size_t f = 0; f < f_count; f++) first[f + 2] += first[f + 1];
    for (size_t k = 0; k < c.genera; k++) next[first[family_of_genus(t, genera[k]) + 1]++] = genera[k];
    if (wanted > c.count) wanted = c.count;
    for (size_t k = 0; k < f_count && wanted > 0; k++) {
        size_t f = families[k], of_family = 0;
        double most = zsc_pow((double)c.of_family[f], family_power);
        for (size_t i = first[f]; i < first[f + 1] && wanted > 0 && (double)of_family < most; i++) {
            size_t taken = take_genus(&c, next[i], wanted, group);
            of_family += taken;
            wanted -= taken;
        }
    }
    for (size_t k = 0; k < c.count && wanted > 0; k++) {
        if (group[c.species[k]] == ZSC_SIM_UNSEEN) continue;
        group[c.species[k]] = ZSC_SIM_UNSEEN;
        wanted--;
    }
done:
    free_candidates(&c);
    free(families);
    free(genera);
    free(first);
    free(next);
    return status;
}

zsc_status zsc_sim_species_groups_draw(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, const size_t *first,
                                       uint8_t *group, bool *queried)
{
    size_t named = o->taxa[ZSC_SIM_SPECIES], known = 0;
    for (size_t s = 0; s < t->count[ZSC_SIM_SPECIES]; s++) {
        group[s] = s < named ? ZSC_SIM_SEEN : ZSC_SIM_UNNAMED;
        if (s >= named) continue;
        zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_SPECIES_SPLIT, s, 0);
        double rows = (double)(first[s + 1] - first[s]);
        if (o->all_splits && zsc_stream_uniform(&stream) < held_out_factor * zsc_pow(rows, held_out_power))
            group[s] = ZSC_SIM_HELD_OUT;
        known += group[s] == ZSC_SIM_SEEN;
    }
    size_t unseen = (size_t)round(o->unseen_species * (double)known);
    if (o->all_splits) return zsc_sim_all_splits_draw(o, t, first, unseen, group, queried);
    memset(queried, 1, named * sizeof *queried);
    return draw_unseen(o, t, unseen, group);
}
