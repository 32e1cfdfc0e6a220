/* Which taxa are confused: a table, and a heat map as SVG whose cells say what they are. */
#include "report/page/html_confusion.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/store/result_parts.h"
#include "report/figures/text_width.h"

/* --- CSV: one line per confused specimen */
void zsc_page_confusions_head(FILE *out)
{
    fputs("encoders,seed,key,rank,specimen,taxon,cluster,taxon_of_cluster\n", out);
}

static void put_csv(FILE *out, const char *text, bool last)
{
    bool quoted = text[strcspn(text, ",\"\r\n")] != '\0';
    if (quoted) putc('"', out);
    for (; *text; text++) {
        if (*text == '"') putc('"', out);
        putc(*text, out);
    }
    if (quoted) putc('"', out);
    putc(last ? '\n' : ',', out);
}

static void put_specimens(zsc_page *p, const zsc_result *r, size_t j, const zsc_confusion *c, const int32_t *clusters)
{
    const zsc_column *taxa = &r->taxon[j];
    for (size_t i = 0; i < c->pairs; i++)
        for (size_t k = 0; k < c->pair[i].rows; k++) {
            size_t row = c->row[c->pair[i].first_row + k];
            for (size_t m = 0; m < r->modalities; m++) {
                bool last = m + 1 == r->modalities;
                char *name = zsc_asprintf("%s%s", r->modality[m].encoder, last ? "" : "+");
                if (last || !name)
                    put_csv(p->confusions, name ? name : "", false);
                else
                    fputs(name, p->confusions);
                free(name);
            }
            fprintf(p->confusions, "%" PRIu64 ",%s,", r->seed, r->key);
            put_csv(p->confusions, r->score[j].rank, false);
            put_csv(p->confusions, r->id[row], false);
            put_csv(p->confusions, taxa->level[c->pair[i].taxon], false);
            fprintf(p->confusions, "%" PRId32 ",", clusters[row]);
            put_csv(p->confusions, taxa->level[c->pair[i].other], true);
        }
}

/* --- Heat map: the taxa with most confused specimens; rows are taxa, columns the taxa of clusters */
enum { MOST_SHOWN = 24, CELL = 18, FONT = 11, MOST_NAME_EM = 16 };

static bool shows(const int32_t *shown, size_t count, int32_t taxon)
{
    for (size_t i = 0; i < count; i++)
        if (shown[i] == taxon) return true;
    return false;
}

static size_t choose_taxa(const zsc_confusion *c, int32_t *shown)
{
    size_t count = 0;
    for (size_t i = 0; i < c->pairs; i++) {
        const int32_t both[] = {c->pair[i].taxon, c->pair[i].other};
        size_t more = (size_t)!shows(shown, count, both[0]) + (size_t)!shows(shown, count, both[1]);
        if (count + more > MOST_SHOWN) continue;
        for (int m = 0; m < 2; m++)
            if (!shows(shown, count, both[m])) shown[count++] = both[m];
    }
    return count;
}

static const zsc_confused_pair *pair_of(const zsc_confusion *c, int32_t taxon, int32_t other)
{
    for (size_t i = 0; i < c->pairs; i++)
        if (c->pair[i].taxon == taxon && c->pair[i].other == other) return &c->pair[i];
    return NULL;
}

static size_t kept_rows(const zsc_confusion *c, int32_t taxon)
{
    size_t rows = c->rows_of[taxon];
    for (size_t i = 0; i < c->pairs; i++)
        if (c->pair[i].taxon == taxon) rows -= c->pair[i].rows;
    return rows;
}

static void put_name(zsc_page *p, const char *text, double x, double y, bool upright)
{
    char *name = zsc_text_shorten(text, MOST_NAME_EM);
    fprintf(p->out, "<text x=\"%g\" y=\"%g\" text-anchor=\"%s\"", x, y, upright ? "start" : "end");
    if (upright) fprintf(p->out, " transform=\"rotate(-60 %g %g)\"", x, y);
    fprintf(p->out, ">%s</text>", zsc_page_text(p, name));
    free(name);
}

static void put_cell(zsc_page *p, const zsc_column *taxa, const zsc_confusion *c, int32_t t, int32_t u, double x,
                     double y)
{
    const zsc_confused_pair *pair = t == u ? NULL : pair_of(c, t, u);
    size_t rows = t == u ? kept_rows(c, t) : pair ? pair->rows : 0;
    double share = (double)rows / (double)c->rows_of[t];
    if (rows == 0) return;
    fprintf(p->out,
            "<rect x=\"%g\" y=\"%g\" width=\"%d\" height=\"%d\" fill=\"%s\" fill-opacity=\"%.3f\"><title>%zu of %zu "
            "specimens of ",
            x, y, CELL - 1, CELL - 1, t == u ? "#2E9CA6" : "#A01A58", 0.12 + 0.88 * share, rows, c->rows_of[t]);
    fprintf(p->out, "%s lie in clusters ", zsc_page_text(p, taxa->level[t]));
    fprintf(p->out, "of %s (%.0f %%)</title></rect>", zsc_page_text(p, taxa->level[u]), 100 * share);
}

static void put_heatmap(zsc_page *p, const zsc_result *r, size_t j, const zsc_confusion *c)
{
    const zsc_column *taxa = &r->taxon[j];
    int32_t shown[MOST_SHOWN + 2];
    size_t count = choose_taxa(c, shown);
    double longest = 6;
    for (size_t i = 0; i < count; i++) {
        double em = zsc_text_em(taxa->level[shown[i]]);
        longest = em > longest ? em : longest;
    }
    if (longest > MOST_NAME_EM) longest = MOST_NAME_EM;
    double left = longest * FONT + 8, top = 0.87 * longest * FONT + 14, side = (double)count * CELL;
    double width = left + side + 0.5 * longest * FONT + 12, height = top + side + 4;
    fprintf(
        p->out,
        "<figure class=\"narrow\"><svg viewBox=\"0 0 %.0f %.0f\" style=\"max-width:%.0fpx\" font-size=\"%d\" "
        "font-family=\"sans-serif\" fill=\"#222\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\"><title>Confusion "
        "of taxa: rows are taxa, columns the taxa of the clusters in which their specimens lie</title>\n",
        width, height, width, FONT);
    for (size_t i = 0; i < count; i++) {
        put_name(p, taxa->level[shown[i]], left - 5, top + ((double)i + 0.72) * CELL, false);
        put_name(p, taxa->level[shown[i]], left + ((double)i + 0.7) * CELL, top - 5, true);
        for (size_t k = 0; k < count; k++)
            put_cell(p, taxa, c, shown[i], shown[k], left + (double)k * CELL, top + (double)i * CELL);
        fputs("\n", p->out);
    }
    fprintf(
        p->out,
        "</svg><figcaption>The %zu taxa with most confused specimens. Row: taxon; column: the most frequent taxon of "
        "the cluster; the darker, the larger the share of the row&#39;s specimens. Green: in clusters of their own "
        "taxon.</figcaption></figure>\n",
        count);
}

/* --- Table */
static void put_clusters(zsc_page *p, const zsc_confusion *c, const zsc_confused_pair *pair)
{
    enum { MOST = 8 };
    for (size_t k = 0; k < pair->clusters && k < MOST; k++)
        fprintf(p->out, "%s%" PRId32, k ? ", " : "", c->cluster[pair->first_cluster + k]);
    if (pair->clusters > MOST) fprintf(p->out, " and %zu more", pair->clusters - MOST);
}

static void put_ids(zsc_page *p, const zsc_result *r, const zsc_confusion *c, const zsc_confused_pair *pair)
{
    enum { OPEN = 3, MOST = 200 };
    if (pair->rows > OPEN) fprintf(p->out, "<details><summary>%zu specimens</summary>", pair->rows);
    for (size_t k = 0; k < pair->rows && k < MOST; k++)
        fprintf(p->out, "%s%s", k ? ", " : "", zsc_page_text(p, r->id[c->row[pair->first_row + k]]));
    if (pair->rows > MOST) fprintf(p->out, " and %zu more", pair->rows - MOST);
    if (pair->rows > OPEN) fputs("</details>", p->out);
}

static void put_table(zsc_page *p, const zsc_result *r, size_t j, const zsc_confusion *c)
{
    const zsc_column *taxa = &r->taxon[j];
    size_t shown = c->pairs < p->o->most_taxa ? c->pairs : p->o->most_taxa;
    fprintf(
        p->out,
        "<div class=\"wide\"><table class=\"confusions\" data-name=\"confused-%s\"><caption>The %zu most frequent of "
        "%zu confusions at K = %zu. A cluster is of the taxon that is most frequent in it.</caption>\n<thead><tr>"
        "<th>Taxon</th><th class=\"n\">rows</th><th>in clusters of</th><th class=\"n\">confused</th><th "
        "class=\"n\">per cent</th><th>clusters</th><th>specimens</th></tr></thead>\n<tbody>\n",
        zsc_page_text(p, r->score[j].rank), shown, c->pairs, r->score[j].k);
    for (size_t i = 0; i < shown; i++) {
        const zsc_confused_pair *pair = &c->pair[i];
        fprintf(p->out, "<tr><td>%s</td><td class=\"n\">%zu</td>", zsc_page_text(p, taxa->level[pair->taxon]),
                c->rows_of[pair->taxon]);
        fprintf(p->out, "<td>%s</td><td class=\"n\">%zu</td>", zsc_page_text(p, taxa->level[pair->other]), pair->rows);
        zsc_page_percent(p, (double)pair->rows / (double)c->rows_of[pair->taxon]);
        fputs("<td class=\"list\">", p->out);
        put_clusters(p, c, pair);
        fputs("</td><td class=\"list\">", p->out);
        put_ids(p, r, c, pair);
        fputs("</td></tr>\n", p->out);
    }
    fputs("</tbody></table></div>\n", p->out);
}

zsc_status zsc_page_confusion(zsc_page *p, const zsc_result *r, size_t j)
{
    zsc_status status = ZSC_OK;
    zsc_confusion c = {0};
    int32_t *clusters = NULL;
    ZSC_NEW(clusters, r->rows + 1);
    ZSC_TRY(zsc_result_clusters(r, j, clusters));
    ZSC_TRY(zsc_confusion_make(&r->taxon[j], clusters, r->rows, &c));
    if (p->confusions) put_specimens(p, r, j, &c, clusters);
    fprintf(p->out,
            "<h4>Which taxa are confused</h4>\n<p>%zu of %zu labelled specimens lie in a cluster in which another "
            "taxon is most frequent.</p>\n",
            c.confused, c.labelled);
    if (c.pairs) {
        if (p->o->figures) put_heatmap(p, r, j, &c);
        put_table(p, r, j, &c);
    }
done:
    free(clusters);
    zsc_confusion_free(&c);
    return status;
}
