/* The taxa of the splits that are queries, in the proportions of BIOSCAN-5M (Gharaee et al., arXiv 2406.12723, Table 2
 * and appendix A3): all of those of test_unseen are taxa of test, but for the species, and test has a part of what
 * train has. So genera of test are chosen first, then among their species the unseen ones, of a few genera, and then
 * the species of both that have queries. A genus of test keeps a seen species. */
#include "simulate/all_splits.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "simulate/choose_taxa.h"

/* Taxa of all rows, of test and of test_unseen. Subfamilies as in simulate.c: a part of them have no name. */
static const double whole[ZSC_SIM_RANKS] = {10, 55, 934, 1700, 7605, 22622},
                    test[ZSC_SIM_RANKS] = {6, 27, 352, 655, 1736, 3483},
                    test_unseen[ZSC_SIM_RANKS] = {3, 11, 62, 125, 234, 880};
/* Of rows: train 289,203, val 14,757, test 39,373; key 36,465, val 8,819, test 7,887 unseen. */
const double zsc_sim_query_share[2][2] = {{0.115, 0.043}, {0.148, 0.166}};
static const double usual_share = 0.12; /* of unseen species; with more of them there are more genera */
enum { OF_TEST = 1, OF_UNSEEN, OF_TEST_SPECIES, OF_TEST_UNSEEN }; /* choices; 0 is that of two splits */

/* Into QUOTA; at most MOST of each rank. */
static void make_quota(const zsc_simulate_options *o, const double *part, double factor, double most, size_t *quota)
{
    for (size_t r = 0; r < ZSC_SIM_RANKS; r++) {
        double share = fmin(1, factor * part[r] / whole[r]);
        quota[r] = (size_t)fmax(1, fmin(most, round(share * (double)o->taxa[r])));
        if (r && quota[r] < quota[r - 1]) quota[r] = quota[r - 1];
    }
}

static size_t count_of(const bool *chosen, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += chosen[i];
    return count;
}

/* Unseen species in GENERA: of as few taxa as the quota allows. What is missing then comes from other genera. SPARE:
 * the rows of each species that it can give to queries. */
static zsc_status draw_unseen(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, const size_t *spare,
                              const bool *genera, size_t wanted, uint8_t *group)
{
    zsc_status status = ZSC_OK;
    size_t named = o->taxa[ZSC_SIM_SPECIES], *rows = NULL, quota[ZSC_SIM_RANKS], left = 0;
    bool *kept = NULL, *chosen = NULL; /* kept: genera that have a species which stays seen */
    ZSC_NEW(rows, named);
    ZSC_NEW(kept, o->taxa[ZSC_SIM_GENUS]);
    ZSC_NEW(chosen, named);
    for (size_t s = 0; s < named; s++) {
        size_t genus = (size_t)t->parent[ZSC_SIM_SPECIES][s];
        if (group[s] != ZSC_SIM_SEEN || !genera[genus] || spare[s] == 0) continue;
        if (kept[genus]) {
            rows[s] = 1; /* of few taxa of many species */
            left++;
        }
        kept[genus] = true;
    }
    if (left > wanted) left = wanted;
    for (double factor = fmax(1, o->unseen_species / usual_share); left > 0; factor *= 1.5) {
        make_quota(o, test_unseen, factor, (double)left, quota);
        quota[ZSC_SIM_SPECIES] = left;
        memset(chosen, 0, named * sizeof *chosen);
        ZSC_TRY(zsc_sim_choose_taxa(o, t, OF_UNSEEN, rows, quota, ZSC_SIM_SPECIES, chosen));
        if (count_of(chosen, named) >= left) break;
    }
    for (size_t s = 0; s < named; s++)
        if (chosen[s]) {
            group[s] = ZSC_SIM_UNSEEN;
            if (wanted) wanted--;
        }
    for (size_t pass = 0; pass < 2; pass++) /* others, then those that were to stay seen */
        for (size_t s = 0; s < named && wanted > 0; s++)
            if (group[s] == ZSC_SIM_SEEN && (pass || spare[s] == 0 || !genera[t->parent[ZSC_SIM_SPECIES][s]])) {
                group[s] = ZSC_SIM_UNSEEN;
                wanted--;
            }
done:
    free(rows);
    free(kept);
    free(chosen);
    return status;
}

/* Marks the species of a group that have queries: those in GENERA, and unseen ones elsewhere if there are too few. */
static zsc_status choose_queried(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, const size_t *spare,
                                 const bool *genera, const uint8_t *group, zsc_sim_group of, double most, bool *queried)
{
    zsc_status status = ZSC_OK;
    size_t named = o->taxa[ZSC_SIM_SPECIES], *rows = NULL, quota[ZSC_SIM_RANKS], within = 0;
    bool *chosen = NULL, unseen = of == ZSC_SIM_UNSEEN;
    ZSC_NEW(rows, named);
    ZSC_NEW(chosen, named);
    make_quota(o, unseen ? test_unseen : test, unseen ? fmax(1, o->unseen_species / usual_share) : 1, most, quota);
    for (size_t s = 0; s < named; s++)
        if (group[s] == of && genera[t->parent[ZSC_SIM_SPECIES][s]]) {
            rows[s] = spare[s];
            within += spare[s] > 0;
        }
    for (size_t s = 0; s < named && unseen && within < quota[ZSC_SIM_SPECIES]; s++)
        if (group[s] == of) rows[s] = spare[s];
    ZSC_TRY(zsc_sim_choose_taxa(o, t, unseen ? OF_TEST_UNSEEN : OF_TEST_SPECIES, rows, quota, ZSC_SIM_SPECIES, chosen));
    for (size_t s = 0; s < named; s++)
        if (chosen[s]) queried[s] = true;
done:
    free(rows);
    free(chosen);
    return status;
}

zsc_status zsc_sim_all_splits_draw(const zsc_simulate_options *o, const zsc_sim_taxonomy *t, const size_t *first,
                                   size_t wanted, uint8_t *group, bool *queried)
{
    zsc_status status = ZSC_OK;
    size_t named = o->taxa[ZSC_SIM_SPECIES], *spare = NULL, quota[ZSC_SIM_RANKS], more = 0, rows = 0;
    bool *genera = NULL;
    ZSC_NEW(spare, named);
    ZSC_NEW(genera, o->taxa[ZSC_SIM_GENUS]);
    for (size_t s = 0; s < named; s++) rows += group[s] == ZSC_SIM_SEEN ? first[s + 1] - first[s] : 0;
    for (size_t s = 0; s < named; s++) more += group[s] == ZSC_SIM_SEEN && first[s + 1] - first[s] > 1;
    for (size_t s = 0; s < named; s++) /* one row is a key, unless no species has more */
        if (group[s] == ZSC_SIM_SEEN) spare[s] = first[s + 1] - first[s] - (more > 0);
    /* of few rows, two for each species of the queries */
    double most_test = zsc_sim_query_share[0][0] * (1 - o->unseen_species) * (double)rows / 2,
           most_unseen = zsc_sim_query_share[1][0] * o->unseen_species * (double)rows / 2;
    make_quota(o, test, 1, most_test, quota);
    ZSC_TRY(zsc_sim_choose_taxa(o, t, OF_TEST, spare, quota, ZSC_SIM_GENUS, genera));
    ZSC_TRY(draw_unseen(o, t, spare, genera, wanted, group));
    ZSC_TRY(choose_queried(o, t, spare, genera, group, ZSC_SIM_SEEN, most_test, queried));
    ZSC_TRY(choose_queried(o, t, spare, genera, group, ZSC_SIM_UNSEEN, most_unseen, queried));
done:
    free(spare);
    free(genera);
    return status;
}
