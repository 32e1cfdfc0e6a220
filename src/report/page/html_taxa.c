/* Tables of taxa: how well each is recovered by the clusters of a run. */
#include "report/page/html_taxa.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "experiment/store/result_parts.h"
#include "experiment/series/taxon_scores.h"
#include "report/page/html_confusion.h"

/* One taxon: in the run's clusters (A), and in a cut into as many clusters as the rank has classes (B; NULL: no
 * dendrogram). */
static void put_taxon(zsc_page *p, const zsc_column *c, const zsc_taxon_score *a, const zsc_taxon_score *b)
{
    fprintf(p->out, "<tr><td>%s</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td>",
            zsc_page_text(p, c->level[a->code]), a->rows, a->clusters);
    zsc_page_percent(p, a->completeness);
    zsc_page_percent(p, a->homogeneity);
    fputs("<td>", p->out);
    for (int i = 0; i < 3 && a->top[i] >= 0; i++)
        fprintf(p->out, "%s%d (%.0f %%)", i ? ", " : "", a->top[i], 100 * a->top_share[i]);
    fputs("</td>", p->out);
    if (b) {
        fprintf(p->out, "<td class=\"n\">%zu</td>", b->clusters);
        zsc_page_percent(p, b->completeness);
        zsc_page_percent(p, b->homogeneity);
    }
    fprintf(p->out, "<td>%s</td>", a->confused >= 0 ? zsc_page_text(p, c->level[a->confused]) : "");
    zsc_page_percent(p, a->confused >= 0 ? a->confused_share : NAN);
    fputs("</tr>\n", p->out);
}

static void put_taxa_head(zsc_page *p, const zsc_result *r, size_t j, size_t shown, size_t count, bool both)
{
    size_t classes = r->score[j].scores.classes;
    fprintf(p->out,
            "<h4>How well each taxon is recovered</h4>\n<div class=\"wide\"><table class=\"taxa\" "
            "data-name=\"taxa-%s\"><caption>",
            zsc_page_text(p, r->score[j].rank));
    fprintf(
        p->out,
        "The %zu most frequent of %zu taxa. Completeness: of the pairs of different specimens of the taxon, the per "
        "cent that lie in one cluster (none for a taxon of one specimen). "
        "Homogeneity: of the labelled specimens in its members&#39; clusters, the share that are of the taxon. At "
        "the run&#39;s cut (K = %zu)",
        shown, count, r->score[j].k);
    if (both) fprintf(p->out, " and, without main clusters, at K = %zu, as many as there are classes", classes);
    fputs("; confused with: the other taxon most frequent in the clusters of the run&#39;s cut, and its "
          "share.</caption>\n<thead><tr><th>Taxon</th><th class=\"n\">rows</th>",
          p->out);
    fprintf(p->out,
            "<th class=\"n\">clusters<br>K = %zu</th><th class=\"n\">complete-<br>ness</th><th "
            "class=\"n\">homo-<br>geneity</th><th>main clusters</th>",
            r->score[j].k);
    if (both)
        fprintf(p->out,
                "<th class=\"n\">clusters<br>K = %zu</th><th class=\"n\">complete-<br>ness</th><th "
                "class=\"n\">homo-<br>geneity</th>",
                classes);
    fputs("<th>confused with</th><th class=\"n\">share</th></tr></thead>\n<tbody>\n", p->out);
}

zsc_status zsc_page_taxa(zsc_page *p, const zsc_result *r, const char *rank)
{
    zsc_status status = ZSC_OK;
    size_t j = zsc_result_rank(r, rank), count = 0, again = 0;
    if (j == r->scores || !r->taxon) return ZSC_OK;
    const zsc_column *c = &r->taxon[j];
    zsc_taxon_score *a = NULL, *b = NULL;
    int32_t *labels = NULL;
    size_t classes = r->score[j].scores.classes;
    bool both = r->linkage_matrix && classes > 0 && classes <= r->rows;
    ZSC_NEW(a, c->levels + 1);
    ZSC_NEW(b, c->levels + 1);
    ZSC_NEW(labels, r->rows);
    ZSC_TRY(zsc_result_clusters(r, j, labels));
    ZSC_TRY(zsc_taxon_scores(c, labels, r->rows, a, &count));
    if (both) {
        ZSC_TRY(zsc_result_cut(r, classes, labels));
        ZSC_TRY(zsc_taxon_scores(c, labels, r->rows, b, &again)); /* the same order: by rows, then by code */
    }
    size_t shown = count < p->o->most_taxa ? count : p->o->most_taxa;
    char *title = zsc_rank_title(rank);
    fprintf(p->out,
            "<details class=\"rank\"><summary>%s: taxa that are confused, and how well each is recovered</summary>\n",
            zsc_page_text(p, title));
    free(title);
    ZSC_TRY(zsc_page_confusion(p, r, j));
    put_taxa_head(p, r, j, shown, count, both);
    for (size_t i = 0; i < shown; i++) put_taxon(p, c, &a[i], both ? &b[i] : NULL);
    fputs("</tbody></table></div></details>\n", p->out);
done:
    free(a);
    free(b);
    free(labels);
    return status;
}
