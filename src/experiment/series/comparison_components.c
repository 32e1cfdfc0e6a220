/* Components of variance, as standard deviations of one run's AMI. With draws d = 1 .. D of one row per barcode and R_d
 * seeds in each, whose AMI have mean m_d and variance s_d^2 (R_d - 1 below the sum):
 *
 *     seed     sum (R_d - 1) s_d^2 / sum (R_d - 1)
 *     draw     variance of m_d (D - 1 below the sum) - mean of seed / R_d, at least 0
 *     sample   mean over draws of the variance that the intervals have of the sample
 *
 * (moments of a nested design; seeds of one number in two draws have nothing in common, since the rows differ). Where
 * every draw has one seed, seed and draw cannot be told apart: both are unknown, and the variance of m_d is theirs
 * together. */
#include "experiment/series/comparison_components.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/series/run_identity.h"

/* --- The same but for the draw */
static json_t *settings_of(const zsc_results_row *row)
{
    json_t *settings = json_loads(row->settings, 0, NULL);
    if (settings) json_object_del(settings, "barcode-seed");
    return settings;
}

static bool same_but_draw(const zsc_results_row *a, const zsc_results_row *b)
{
    if (strcmp(a->per_barcode, "random") != 0 || strcmp(b->per_barcode, "random") != 0) return false;
    if (strcmp(a->encoders, b->encoders) != 0 || strcmp(a->sources, b->sources) != 0) return false;
    for (size_t i = 0; i < zsc_variant_count; i++)
        if (strcmp(zsc_results_row_text(a, zsc_variant_columns[i]), zsc_results_row_text(b, zsc_variant_columns[i])) !=
            0)
            return false;
    json_t *x = settings_of(a), *y = settings_of(b);
    bool same = x && y && json_equal(x, y);
    json_decref(x);
    json_decref(y);
    return same;
}

/* --- Sums over draws, of one encoder at one rank */
typedef struct moments {
    size_t draws, seeds;                       /* seeds: sum of R_d - 1 */
    double within, mean, means, share, sample; /* means: sum of m_d^2; share: sum of 1 / R_d */
} moments;

static void add_draw(const zsc_compare_cell *cell, moments *m)
{
    if (isnan(cell->mean)) return;
    m->draws++;
    if (cell->runs > 1) {
        m->seeds += cell->runs - 1;
        m->within += (double)(cell->runs - 1) * cell->sd * cell->sd;
    }
    m->share += 1 / (double)cell->runs;
    m->mean += cell->mean;
    m->means += cell->mean * cell->mean;
    m->sample += cell->sample_sd * cell->sample_sd;
}

static zsc_components_at finish(const moments *m)
{
    zsc_components_at out = {NAN, NAN, NAN, NAN};
    double draws = (double)m->draws;
    if (m->draws == 0) return out;
    double seed = m->seeds ? m->within / (double)m->seeds : NAN;
    double between = m->draws > 1 ? (m->means - m->mean * m->mean / draws) / (draws - 1) : NAN;
    out.seed = sqrt(seed);
    out.draw = isnan(between - seed) ? NAN : sqrt(fmax(0, between - seed * m->share / draws));
    out.seed_and_draw = isnan(seed) ? sqrt(fmax(0, between)) : NAN;
    if (isnan(between)) out.seed_and_draw = NAN;
    out.sample = sqrt(m->sample / draws);
    return out;
}

/* --- Encoders over groups */
static size_t rank_at(const zsc_compare_group *g, const char *rank)
{
    size_t q = 0;
    while (q < g->ranks && strcmp(g->rank[q], rank) != 0) q++;
    return q;
}

static size_t encoder_at(const zsc_compared_group *b, const zsc_results_row *like)
{
    size_t e = 0;
    while (e < b->encoders && !same_but_draw(&b->encoder[e].identity, like)) e++;
    return e;
}

static void count_seeds(const zsc_compared_encoder *x, zsc_components *c)
{
    if (c->draws == 0 || x->runs < c->least_seeds) c->least_seeds = x->runs;
    if (x->runs > c->most_seeds) c->most_seeds = x->runs;
    c->draws++;
}

/* Encoder E of group I, of which no earlier group holds another draw. */
static zsc_status describe(const zsc_compared_group *groups, const zsc_comparison *c, size_t i, size_t e,
                           zsc_components *out)
{
    zsc_status status = ZSC_OK;
    const zsc_compare_group *g = &c->group[i];
    moments *m = NULL;
    ZSC_NEW(m, g->ranks);
    ZSC_NEW(out->at, g->ranks);
    out->group = i;
    out->encoder = e;
    out->drawn = strcmp(groups[i].encoder[e].identity.per_barcode, "random") == 0;
    count_seeds(&groups[i].encoder[e], out);
    for (size_t q = 0; q < g->ranks; q++) add_draw(&g->cell[q * g->encoders + e], &m[q]);
    for (size_t k = i + 1; k < c->groups && out->drawn; k++) {
        const zsc_compare_group *other = &c->group[k];
        size_t f = encoder_at(&groups[k], &groups[i].encoder[e].identity);
        if (f == groups[k].encoders) continue;
        count_seeds(&groups[k].encoder[f], out);
        for (size_t q = 0; q < g->ranks; q++) {
            size_t at = rank_at(other, g->rank[q]);
            if (at < other->ranks) add_draw(&other->cell[at * other->encoders + f], &m[q]);
        }
    }
    for (size_t q = 0; q < g->ranks; q++) out->at[q] = finish(&m[q]);
done:
    free(m);
    return status;
}

zsc_status zsc_compare_components(const zsc_compared_group *groups, zsc_comparison *c)
{
    zsc_status status = ZSC_OK;
    size_t count = 0;
    for (size_t i = 0; i < c->groups; i++) count += groups[i].encoders;
    ZSC_NEW(c->components, count);
    for (size_t i = 0; i < c->groups; i++)
        for (size_t e = 0; e < groups[i].encoders; e++) {
            bool counted = false;
            for (size_t k = 0; k < i && !counted; k++)
                counted = encoder_at(&groups[k], &groups[i].encoder[e].identity) < groups[k].encoders;
            if (!counted) ZSC_TRY(describe(groups, c, i, e, &c->components[c->component_count++]));
        }
done:
    return status;
}
