/* What all runs show together: ranks, pairs of encoders, cost. */
#include "report/page/html_overview.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/figures/figures.h"

bool zsc_page_has_pairs(const zsc_series_set *set)
{
    for (size_t k = 0; k < set->count; k++)
        if (strchr(set->item[k].encoders, '+')) return true;
    return false;
}

static bool has_stages(const zsc_results_table *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        if (*rows->item[i].stages) return true;
    return false;
}

static zsc_status put_table(zsc_page *p, zsc_status made, zsc_table *table)
{
    if (made == ZSC_OK) {
        fputs("<div class=\"wide\">", p->out);
        made = zsc_table_write(table, ZSC_TABLE_HTML, p->out);
        fputs("</div>\n", p->out);
    }
    zsc_table_free(table);
    return made;
}

zsc_status zsc_page_overview(zsc_page *p, const zsc_results_table *rows, const zsc_series_set *set)
{
    zsc_status status = ZSC_OK;
    zsc_table table = {0};
    zsc_table_options to = {.decimals = 1, .mark_groups = false, .ceiling = true, .rank = zsc_series_finest(set)};
    zsc_figure_options fo = zsc_page_figure_options(p, 2);
    zsc_crossmodal cross = {0};
    fputs("<section id=\"overview\"><h2>Encoders and ranks</h2>\n", p->out);
    if (p->o->figures) {
        ZSC_TRY(zsc_figure_ranks(set, (zsc_ami_figure){.ceiling = true}, &fo, NULL));
        ZSC_TRY(zsc_page_figure(
            p, &fo,
            "AMI of clusters and taxa against rank. Bars: standard deviation over seeds, where there are several. "
            "Grey lines: what perfect clusters get, the true classes of the rank that K is of."));
    }
    ZSC_TRY(put_table(p, zsc_table_ranks(set, &to, &table), &table));
    fputs("</section>\n", p->out);
    if (zsc_page_has_pairs(set)) {
        fputs("<section id=\"pairs\"><h2>Pairs of encoders</h2>\n", p->out);
        status = zsc_crossmodal_make(set, p->styles, to.rank, &cross);
        if (status == ZSC_OK) {
            if (p->o->figures) {
                fo = zsc_page_figure_options(p, 1);
                ZSC_TRY(zsc_figure_heatmap(&cross, to.rank, 0, &fo, NULL));
                char *about = zsc_asprintf("AMI at %s of each pair of encoders, and of each alone.", to.rank);
                status = about ? zsc_page_figure(p, &fo, about) : ZSC_EINTERNAL;
                free(about);
                if (status != ZSC_OK) goto done;
            }
            to.decimals = 0;
            ZSC_TRY(put_table(p, zsc_table_crossmodal(set, p->styles, &to, &table), &table));
        } else if (status == ZSC_EINPUT) {
            fprintf(p->out, "<p class=\"soft\">No table of pairs: %s.</p>\n", zsc_page_text(p, zsc_error_message()));
            status = ZSC_OK;
        }
        fputs("</section>\n", p->out);
    }
    if (status == ZSC_OK && p->o->figures && has_stages(rows)) {
        fo = zsc_page_figure_options(p, 2);
        fputs("<section id=\"cost\"><h2>Cost</h2>\n", p->out);
        ZSC_TRY(zsc_figure_stages(rows, set, &fo, NULL));
        ZSC_TRY(zsc_page_figure(p, &fo, "Seconds by stage, mean over seeds, and peak memory of the process."));
        fputs("</section>\n", p->out);
    }
done:
    zsc_crossmodal_free(&cross);
    return status;
}
