#include "report/page/html_retrieval.h"

#include <stdlib.h>

#include "base/memory.h"
#include "report/figures/figures.h"
#include "report/tables/table_probe.h"
#include "report/tables/table_retrieval.h"

/* Of all results where PROBES, else of those of zsc retrieve. */
static zsc_status put_scores(zsc_page *p, bool probes)
{
    zsc_table table = {0};
    const zsc_retrieval_table_options options = {.decimals = 1, .score = probes ? "micro" : "macro"};
    zsc_status status = probes ? zsc_table_probe(p->o->retrieval, p->o->retrievals + p->o->probes, &options, &table)
                               : zsc_table_retrieval(p->o->retrieval, p->o->retrievals, &options, &table);
    if (status == ZSC_OK) {
        fputs("<div class=\"wide\">", p->out);
        status = zsc_table_write(&table, ZSC_TABLE_HTML, p->out);
        fputs("</div>\n", p->out);
    } else if (status == ZSC_EINPUT) { /* such as two of one place: the figure shows them */
        fprintf(p->out, "<p class=\"soft\">No table of %s: %s.</p>\n", probes ? "linear probes" : "retrieval",
                zsc_page_text(p, zsc_error_message()));
        status = ZSC_OK;
    }
    zsc_table_free(&table);
    return status;
}

static zsc_status put_figure(zsc_page *p)
{
    const zsc_retrieval_figure_options options = {.score = "macro"};
    zsc_figure_options fo = zsc_page_figure_options(p, 2);
    zsc_status status = zsc_figure_retrieval(p->o->retrieval, p->o->retrievals, &options, &fo, NULL);
    if (status == ZSC_OK)
        status = zsc_page_figure(p, &fo,
                                 "Accuracy of the nearest keys of queries against rank: mean over the classes of the "
                                 "queries, by split.");
    if (status != ZSC_EINPUT) return status;
    fprintf(p->out, "<p class=\"soft\">No figure of retrieval: %s.</p>\n", zsc_page_text(p, zsc_error_message()));
    return ZSC_OK;
}

/* The most frequent confusions of one result. */
static zsc_status put_confusions(zsc_page *p, const zsc_retrieval_file *f)
{
    zsc_retrieval_confusion_map map = {0};
    zsc_status status = zsc_retrieval_confusion_map_make(f, NULL, NULL, 0, 12, &map);
    if (status == ZSC_EINPUT) { /* nothing is confused */
        zsc_error_clear();
        return ZSC_OK;
    }
    if (status != ZSC_OK) return status;
    const zsc_retrieval_confusions c = zsc_retrieval_file_confusions(f, map.rank, map.k, map.split);
    size_t shown = c.count < p->o->most_taxa ? c.count : p->o->most_taxa;
    fprintf(p->out, "<h3>%s</h3>\n", zsc_page_text(p, f->label));
    fprintf(p->out, "<p>%zu of %zu queries of split %s are taken for another ", map.wrong, map.scored,
            zsc_page_text(p, map.split));
    fprintf(p->out, f->probe ? "%s.</p>\n" : "%s at k %zu.</p>\n", zsc_page_text(p, map.rank), map.k);
    if (p->o->figures) {
        zsc_figure_options fo = zsc_page_figure_options(p, 1);
        ZSC_TRY(zsc_figure_confusion(f, &map, &fo, NULL));
        ZSC_TRY(zsc_page_figure(p, &fo,
                                "The most frequent confusions, in per cent of the queries of a row; framed: right."));
    }
    fprintf(p->out,
            "<div class=\"wide\"><table data-name=\"taken-%s\"><caption>The %zu most frequent of %zu "
            "confusions</caption>\n<thead><tr><th>Taxon</th><th>taken for</th><th class=\"n\">queries</th>"
            "</tr></thead>\n<tbody>\n",
            zsc_page_text(p, map.rank), shown, c.count);
    for (size_t i = 0; i < shown; i++) {
        fprintf(p->out, "<tr><td>%s</td>", zsc_page_text(p, zsc_retrieval_confusions_name(&c, i)));
        fprintf(p->out, "<td>%s</td><td class=\"n\">%zu</td></tr>\n",
                zsc_page_text(p, zsc_retrieval_confusions_other(&c, i)), zsc_retrieval_confusions_queries(&c, i));
    }
    fputs("</tbody></table></div>\n", p->out);
done:
    zsc_retrieval_confusion_map_free(&map);
    return status;
}

zsc_status zsc_page_retrieval(zsc_page *p)
{
    zsc_status status = ZSC_OK;
    size_t nearest = p->o->retrievals;
    if (nearest) {
        fputs("<section id=\"retrieval\"><h2>Retrieval</h2>\n", p->out);
        if (p->o->figures) ZSC_TRY(put_figure(p));
        ZSC_TRY(put_scores(p, false));
        for (size_t i = 0; i < nearest; i++) ZSC_TRY(put_confusions(p, &p->o->retrieval[i]));
        fputs("</section>\n", p->out);
    }
    if (p->o->probes) {
        fputs("<section id=\"probes\"><h2>Linear probes</h2>\n", p->out);
        ZSC_TRY(put_scores(p, true));
        for (size_t i = nearest; i < nearest + p->o->probes; i++) ZSC_TRY(put_confusions(p, &p->o->retrieval[i]));
        fputs("</section>\n", p->out);
    }
done:
    return status;
}
