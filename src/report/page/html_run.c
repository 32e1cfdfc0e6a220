/* One run in full: scores, figures, taxa, rows, configuration, times, provenance. */
#include "report/page/html_run.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "experiment/series/reference_scores.h"
#include "experiment/store/result_parts.h"
#include "report/figures/figures.h"
#include "report/page/html_taxa.h"
#include "report/page/html_words.h"
#include "zsc/zsc.h"

/* " found (classes: order 9, species 277)": beside K that was found. The caller's; NULL if memory runs out. */
static char *true_numbers(const zsc_result *r)
{
    zsc_text text = {0};
    zsc_text_append(&text, " found (classes:");
    for (size_t j = 0; j < r->scores; j++)
        zsc_text_printf(&text, "%s %s %zu", j ? "," : "", zsc_rank_word(r->score[j].rank), r->score[j].scores.classes);
    zsc_text_append(&text, ")");
    if (!text.failed) return text.data;
    free(text.data);
    return NULL;
}

static void put_scores(zsc_page *p, const zsc_result *r, const double *ceiling)
{
    fputs("<div class=\"wide\"><table><caption>Scores in per cent. Ceiling: the AMI of perfect clusters, the true "
          "classes of the rank that K is of. Rows without a label at a rank are counted under missing; best K, "
          "of runs with a curve, is the cut of highest AMI.</caption>\n<thead><tr><th>Rank</th>",
          p->out);
    static const char *const heads[] = {"rows",         "missing", "classes", "clusters",     "AMI",
                                        "ceiling",      "NMI",     "ARI",     "FMI",          "homogeneity",
                                        "completeness", "V",       "best K",  "AMI at best K"};
    bool curve = false; /* else there is no best K */
    for (size_t j = 0; j < r->scores; j++) curve |= r->score[j].best_clusters > 0;
    size_t columns = sizeof heads / sizeof *heads - (curve ? 0 : 2);
    for (size_t i = 0; i < columns; i++) fprintf(p->out, "<th class=\"n\">%s</th>", heads[i]);
    fputs("</tr></thead>\n<tbody>\n", p->out);
    for (size_t j = 0; j < r->scores; j++) {
        const zsc_scores *s = &r->score[j].scores;
        char *rank = zsc_rank_title(r->score[j].rank);
        fprintf(p->out,
                "<tr><td>%s</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td><td "
                "class=\"n\">%zu</td>",
                zsc_page_text(p, rank), s->rows, s->missing, s->classes, s->clusters);
        free(rank);
        const double values[] = {
            s->ami[ZSC_ARITHMETIC], ceiling[j],  s->nmi[ZSC_ARITHMETIC], s->ari, s->fmi, s->homogeneity,
            s->completeness,        s->v_measure};
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) zsc_page_percent(p, values[i]);
        if (curve) zsc_page_number(p, r->score[j].best_clusters ? (double)r->score[j].best_clusters : NAN);
        if (curve) zsc_page_percent(p, r->score[j].best_clusters ? r->score[j].best_ami : NAN);
        fputs("</tr>\n", p->out);
    }
    fputs("</tbody></table></div>\n", p->out);
}

static void put_internal_line(zsc_page *p, const char *of, const zsc_internal_scores *s)
{
    const double values[] = {s->silhouette, s->davies_bouldin, s->calinski_harabasz};
    fprintf(p->out, "<tr><td>%s</td>", zsc_page_text(p, of));
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) zsc_page_number(p, values[i]);
    fputs("</tr>\n", p->out);
}

/* Of runs with --internal. */
static void put_internal(zsc_page *p, const zsc_result *r)
{
    if (!isfinite(r->internal.davies_bouldin) && !isfinite(r->internal_original.davies_bouldin)) return;
    fputs(
        "<div class=\"wide\"><table><caption>Internal scores of the clusters, and of the labels at each rank. "
        "Silhouettes "
        "are from -1 to 1; small Davies-Bouldin and large Calinski-Harabasz are good.</caption>\n<thead><tr><th>Groups"
        "</th><th class=\"n\">silhouette</th><th class=\"n\">Davies-Bouldin</th><th class=\"n\">Calinski-Harabasz</th>"
        "</tr></thead>\n<tbody>\n",
        p->out);
    if (isfinite(r->internal.davies_bouldin)) put_internal_line(p, "clusters", &r->internal);
    if (isfinite(r->internal_original.davies_bouldin))
        put_internal_line(p, "clusters, before reduction", &r->internal_original);
    for (size_t j = 0; j < r->scores; j++) {
        char *rank = zsc_rank_title(r->score[j].rank);
        if (isfinite(r->score[j].internal.davies_bouldin)) put_internal_line(p, rank, &r->score[j].internal);
        free(rank);
    }
    fputs("</tbody></table></div>\n", p->out);
}

static void put_selection(zsc_page *p, const zsc_result *r)
{
    const zsc_selection *s = &r->selection;
    const struct {
        const char *name;
        size_t rows;
    } lines[] = {{"rows with embeddings", s->embedded},
                 {"not in the list of ids (--ids)", s->not_listed},
                 {"not in the metadata, or not in every embedding", s->unmatched},
                 {"of another split", s->other_split},
                 {"not selected by --where", s->where},
                 {"without a barcode", s->without_barcode},
                 {"with the barcode of a row that was kept", s->repeated_barcode},
                 {"kept", s->kept}};
    fputs("<dl>\n", p->out);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].rows || i == 0 || i == 7)
            fprintf(p->out, "<dt>%s</dt><dd>%zu</dd>\n", lines[i].name, lines[i].rows);
    fputs("</dl>\n", p->out);
}

static void put_stages(zsc_page *p, const zsc_result *r)
{
    char memory[ZSC_BYTES_TEXT];
    fputs("<dl>\n", p->out);
    for (size_t i = 0; i < r->stages; i++) {
        fprintf(p->out, "<dt>%s</dt>", zsc_page_text(p, r->stage[i].stage));
        fprintf(p->out, "<dd>%.2f s</dd>\n", r->stage[i].seconds);
    }
    fprintf(p->out, "<dt>peak memory</dt><dd>%s</dd>\n</dl>\n", zsc_bytes_text((double)r->peak_rss, memory));
}

static zsc_status put_run_figures(zsc_page *p, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    zsc_figure_options o = zsc_page_figure_options(p, 2);
    const zsc_result_list one = {(zsc_result *)(uintptr_t)r, 1};
    const char *rank = r->scores ? zsc_result_coloured_rank(r) : NULL;
    if (r->curve) {
        ZSC_TRY(zsc_figure_clusters(&one, p->styles, &o, NULL));
        ZSC_TRY(zsc_page_figure(
            p, &o, "AMI at every cut of the dendrogram. Rings: as many clusters as classes; dots: the best cut."));
    }
    if (r->cut_curve.count) {
        const char *finest = r->scores == 0                              ? NULL
                             : zsc_result_rank(r, "species") < r->scores ? "species"
                                                                         : r->score[r->scores - 1].rank;
        ZSC_TRY(zsc_figure_cuts(&one, finest, p->styles, &o, NULL));
        ZSC_TRY(zsc_page_figure(p, &o,
                                "What the rule that found the number of clusters measured at numbers of clusters. Dot: "
                                "the number found; line: as many clusters as classes."));
    }
    if (rank && r->linkage_matrix && r->rows > 1) {
        ZSC_TRY(zsc_figure_dendrogram(r, rank, 25, p->styles, &o, NULL));
        ZSC_TRY(zsc_page_figure(
            p, &o,
            "The top of the dendrogram: rows and taxa of its branches, with the most frequent taxon of each "
            "and its share."));
    }
    if (rank && r->reduced && r->reduced_dim >= 2) {
        ZSC_TRY(zsc_figure_scatter(r, rank, 14, p->exec, p->styles, &o, NULL));
        ZSC_TRY(zsc_page_figure(p, &o, "The rows in two dimensions. Rows that would hide each other are drawn once."));
    }
done:
    return status;
}

zsc_status zsc_page_run(zsc_page *p, const zsc_results_table *rows, const zsc_series *s, size_t number)
{
    zsc_status status = ZSC_OK;
    zsc_result r = {0};
    char *label = NULL, *classes = NULL;
    double *ceiling = NULL;
    const zsc_results_row *shown = zsc_run_series_lowest_seed(rows, &s->runs);
    if (!shown) return ZSC_OK; /* from a table that names no file */
    ZSC_TRY(
        zsc_result_read(shown->path, ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE, &r));
    if (!(label = zsc_strdup(s->label))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    fprintf(p->out, "<section id=\"run-%zu\"><h2>%s%s</h2>\n", number, zsc_page_text(p, label),
            s->one_per_barcode ? " (one per barcode)" : "");
    classes = zsc_results_row_finds_clusters(shown) ? true_numbers(&r) : zsc_strdup("");
    if (!classes) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    fprintf(p->out, "<p>%zu rows of %zu dimensions, %zu clusters%s, seed %" PRIu64 ", key <code>%s</code>%s</p>\n",
            r.rows, r.dim, r.clusters, zsc_page_text(p, classes), r.seed, zsc_page_text(p, r.key),
            r.simulated ? " <span class=\"simulated\">simulated data</span>" : "");
    if (p->o->atlas) {
        fputs("<p>", p->out);
        zsc_page_atlas_link(p, r.key, "Its specimens, tree and confusions in the atlas");
        fputs("</p>\n", p->out);
    }
    ZSC_TRY(zsc_result_ceilings(&r, &ceiling));
    put_scores(p, &r, ceiling);
    put_internal(p, &r);
    if (p->o->figures) ZSC_TRY(put_run_figures(p, &r));
    for (size_t i = 0; i < p->o->taxa_ranks->count; i++) ZSC_TRY(zsc_page_taxa(p, &r, p->o->taxa_ranks->item[i]));
    for (size_t j = 0; p->o->taxa_ranks->count == 0 && j < r.scores; j++)
        ZSC_TRY(zsc_page_taxa(p, &r, r.score[j].rank));
    fputs("<details><summary>Rows, configuration, times, provenance</summary>\n<h3>Rows</h3>\n", p->out);
    put_selection(p, &r);
    fputs("<h3>Configuration</h3>\n", p->out);
    ZSC_TRY(zsc_page_words(p, r.config));
    fputs("<h3>Times</h3>\n", p->out);
    put_stages(p, &r);
    fputs("<h3>Provenance</h3>\n", p->out);
    ZSC_TRY(zsc_page_words(p, r.provenance));
    fputs("</details></section>\n", p->out);
done:
    free(label);
    free(classes);
    free(ceiling);
    zsc_result_free(&r);
    return status;
}
