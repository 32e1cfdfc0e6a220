#include "cli/commands/compare_cells.h"

#include <math.h>
#include <stdio.h>

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

/* The test of encoder E against the first. */
static const zsc_signed_rank *against_first(const zsc_encoder_ranks *r, size_t e)
{
    return e ? &r->pair[e - 1] : NULL; /* pairs of the first come first */
}

zsc_status cli_print_encoder_ranks(const zsc_encoder_ranks *r)
{
    static const char *const header[] = {"encoder", "mean rank", "mean %", "cells that differ", "W", "p", "p adjusted"};
    cli_cells c = {0};
    printf(
        "\nOver %zu cells (ranks x selections of rows): mean rank of each encoder, and the exact Wilcoxon signed-rank "
        "test\nagainst the first, adjusted for all %zu pairs (Holm). Ranks of one clustering are not independent: the "
        "test\nis of these cells.\n",
        r->cells, r->pairs);
    for (size_t e = 0; e < r->encoders; e++) {
        const zsc_signed_rank *p = against_first(r, e);
        cli_cells_add(&c, "%s", r->item[e].encoder);
        cli_cells_real(&c, r->item[e].mean_rank, false, 2);
        cli_cells_real(&c, 100 * r->item[e].mean, false, 2);
        if (!p) {
            for (int i = 0; i < 4; i++) cli_cells_add(&c, "%s", "");
            continue;
        }
        cli_cells_add(&c, "%zu", p->cells);
        cli_cells_real(&c, p->statistic, false, 1);
        cli_cells_real(&c, p->p_value, false, 4);
        cli_cells_real(&c, p->p_adjusted, false, 4);
    }
    return cli_cells_print(&c, header, sizeof header / sizeof *header, false);
}

json_t *cli_json_encoder_ranks(const zsc_encoder_ranks *r)
{
    json_t *encoders = json_array(), *pairs = json_array();
    for (size_t e = 0; e < r->encoders; e++)
        json_array_append_new(encoders, json_pack("{s:s, s:o, s:o}", "encoder", r->item[e].encoder, "mean_rank",
                                                  real(r->item[e].mean_rank), "mean", real(r->item[e].mean)));
    for (size_t i = 0; i < r->pairs; i++) {
        const zsc_signed_rank *p = &r->pair[i];
        json_array_append_new(pairs, json_pack("{s:s, s:s, s:I, s:o, s:o, s:o, s:o}", "encoder", r->item[p->a].encoder,
                                               "other", r->item[p->b].encoder, "cells", (json_int_t)p->cells,
                                               "difference", real(p->difference), "statistic", real(p->statistic),
                                               "p_value", real(p->p_value), "p_adjusted", real(p->p_adjusted)));
    }
    return json_pack("{s:I, s:o, s:o}", "cells", (json_int_t)r->cells, "encoders", encoders, "pairs", pairs);
}
