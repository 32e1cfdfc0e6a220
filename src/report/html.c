#include "report/html.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/threads.h"
#include "io/atomic.h"
#include "report/escape.h"
#include "report/figures.h"
#include "report/taxa.h"
#include "zsc/zsc.h"

static const char style[] =
    ":root{--ink:#1c1c1c;--pale:#d9d9d9;--soft:#666;--tint:#f4f6f8}\n"
    "*{box-sizing:border-box}\n"
    "body{font:15px/1.45 system-ui,'DejaVu Sans',sans-serif;color:var(--ink);max-width:74rem;margin:2rem "
    "auto;padding:0 1.2rem;background:#fff}\n"
    "h1{font-size:1.6rem;margin:0 0 .2rem}h2{font-size:1.2rem;margin:2.2rem 0 .6rem;border-bottom:1px solid "
    "var(--pale);padding-bottom:.2rem}\n"
    "h3{font-size:1rem;margin:1.4rem 0 .4rem}p,dl{margin:.4rem 0}.soft{color:var(--soft)}\n"
    ".simulated{display:inline-block;background:#fff3cd;border:1px solid #e0c36a;padding:.15rem "
    ".6rem;border-radius:3px}\n"
    "nav a{margin-right:1rem}a{color:#332288}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.87rem;margin:.3rem 0 1rem}\n"
    "caption{text-align:left;color:var(--soft);padding:.3rem 0;caption-side:bottom}\n"
    "th{text-align:left;border-bottom:1.5px solid var(--ink);border-top:1.5px solid var(--ink);padding:.25rem "
    ".5rem;vertical-align:bottom}\n"
    "td{padding:.18rem .5rem;border-bottom:1px solid #eee;white-space:nowrap}tr.group td{border-top:1px solid "
    "var(--ink)}\n"
    "th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}tbody tr:hover{background:var(--tint)}\n"
    "th "
    "button{font:inherit;font-weight:600;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:"
    "inherit}\n"
    "th[aria-sort=ascending] button::after{content:' \\25B2'}th[aria-sort=descending] button::after{content:' "
    "\\25BC'}\n"
    "figure{margin:.6rem 0 1.2rem}figure svg{width:100%;max-width:60rem;height:auto;display:block}figure.narrow "
    "svg{max-width:34rem}figcaption{color:var(--soft);font-size:.87rem}\n"
    "details{border:1px solid var(--pale);border-radius:4px;padding:.4rem .9rem;margin:.6rem "
    "0}summary{cursor:pointer;font-weight:600}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem "
    "1rem;font-size:.87rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}\n"
    "@media "
    "print{body{max-width:none;margin:0;font-size:10pt}nav{display:none}details{border:0;padding:0}summary{list-style:"
    "none}\n"
    "table,figure{break-inside:auto}tr,figure "
    "svg,h2,h3{break-inside:avoid}h2,h3,summary{break-after:avoid}.wide{overflow:visible}thead{display:table-header-"
    "group}}\n";

static const char script[] =
    "'use strict';\n"
    "function key(row,i){const t=row.cells[i].textContent.trim();const n=parseFloat(t.replace('\\u2212','-'));return "
    "t!==''&&/^[-+\\u2212]?[0-9.]/.test(t)&&!isNaN(n)?n:t;}\n"
    "function compare(a,b){const e=a===''?1:0,f=b===''?1:0;if(e||f)return NaN;return typeof a==='number'&&typeof "
    "b==='number'?a-b:String(a).localeCompare(String(b));}\n"
    "for(const table of document.querySelectorAll('table')){if(!table.tHead)continue;\n"
    " [...table.tHead.rows[0].cells].forEach((th,i)=>{const "
    "b=document.createElement('button');b.type='button';b.append(...th.childNodes);th.append(b);\n"
    "  b.addEventListener('click',()=>{const "
    "down=th.getAttribute('aria-sort')==='descending'||(!th.hasAttribute('aria-sort')&&!th.classList.contains('n'));\n"
    "   for(const o of "
    "table.tHead.rows[0].cells)o.removeAttribute('aria-sort');th.setAttribute('aria-sort',down?'ascending':'descending'"
    ");\n"
    "   const rows=[...table.tBodies[0].rows];rows.forEach(r=>r.classList.remove('group'));\n"
    "   rows.sort((x,y)=>{const a=key(x,i),b=key(y,i);if(a===''||b==='')return(a===''?1:0)-(b===''?1:0);const "
    "c=compare(a,b);return down?c:-c;});\n"
    "   table.tBodies[0].append(...rows);});});}\n"
    "addEventListener('beforeprint',()=>document.querySelectorAll('details').forEach(d=>d.open=true));\n";

typedef struct page {
    FILE *out;
    zsc_text buffer;
    size_t figures; /* so far: the prefix of their ids */
    const zsc_report_options *o;
    const zsc_exec *exec;
    const zsc_styles *styles;
    char *folder; /* where figures are drawn */
} page;

static const char *html(page *p, const char *text)
{
    p->buffer.length = 0;
    if (!text) p->buffer.failed = true; /* a text for which memory ran out: the page is given up at its end */
    if (!p->buffer.failed) zsc_escape_html(&p->buffer, text);
    return p->buffer.failed || !p->buffer.data ? "" : p->buffer.data;
}

/* --- Figures */
static zsc_status read_text(const char *path, char **out)
{
    FILE *file = fopen(path, "rb");
    zsc_text text = {0};
    char buffer[8192];
    if (!file) return zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(errno));
    zsc_text_append(&text, "");
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, file)) > 0;) zsc_text_append_n(&text, buffer, n);
    zsc_status status = ferror(file) ? zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(errno)) : ZSC_OK;
    fclose(file);
    if (status == ZSC_OK && text.failed) status = ZSC_EINTERNAL;
    if (status == ZSC_OK)
        *out = text.data;
    else
        free(text.data);
    return status;
}

/* The <svg> element of SVG with every id made the page's own; text between tags is copied as it is. */
static void put_svg(page *p, const char *svg)
{
    static const char *const marks[] = {" id=\"", " id='", "href=\"#", "href='#", "url(#"};
    const char *c = strstr(svg, "<svg");
    bool inside = false;
    while (c && *c) {
        if (*c == '<' || *c == '>') inside = *c == '<';
        size_t m = 0, marks_count = sizeof marks / sizeof *marks;
        while (inside && m < marks_count && strncmp(c, marks[m], strlen(marks[m])) != 0) m++;
        if (inside && m < marks_count) {
            fprintf(p->out, "%sf%zu-", marks[m], p->figures);
            c += strlen(marks[m]);
        } else {
            putc(*c++, p->out);
        }
    }
}

static zsc_figure_options figure_options(const char *path, int columns)
{
    return (zsc_figure_options){.output = path,
                                .format = ZSC_FIGURE_SVG,
                                .columns = columns,
                                .font_size = 8,
                                .dpi = 300,
                                .width = columns == 2 ? 7.4 : 4.4};
}

/* Puts the figure that was drawn with these options into the page. */
static zsc_status embed(page *p, const zsc_figure_options *o, const char *caption)
{
    char *svg = NULL;
    zsc_status status = read_text(o->output, &svg);
    if (status != ZSC_OK) return status;
    p->figures++;
    fputs(o->columns == 2 ? "<figure>\n" : "<figure class=\"narrow\">\n", p->out);
    put_svg(p, svg);
    fprintf(p->out, "<figcaption>%s</figcaption></figure>\n", html(p, caption));
    free(svg);
    return ZSC_OK;
}

/* --- Parts */
static zsc_status put_json_list(page *p, const char *text, const char *skip)
{
    zsc_status status = ZSC_OK;
    json_t *object = text ? json_loads(text, 0, NULL) : NULL, *value;
    const char *key;
    if (text && *text && !object)
        status = zsc_fail(ZSC_EINTERNAL, "settings of a result cannot be read, or memory ran out");
    fputs("<dl>\n", p->out);
    json_object_foreach(object, key, value)
    {
        if (skip && strcmp(key, skip) == 0) continue;
        char *shown = json_is_string(value) ? zsc_strdup(json_string_value(value))
                                            : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(8));
        if (!shown) status = zsc_fail_memory(1, 64, "a setting");
        fprintf(p->out, "<dt>%s</dt>", html(p, key));
        fprintf(p->out, "<dd>%s</dd>\n", html(p, shown ? shown : ""));
        free(shown);
    }
    fputs("</dl>\n", p->out);
    json_decref(object);
    return status;
}

static void put_percent(page *p, double value)
{
    if (isfinite(value))
        fprintf(p->out, "<td class=\"n\">%.1f</td>", zsc_round_half_even(100 * value, 1));
    else
        fputs("<td class=\"n\"></td>", p->out);
}

static void put_number(page *p, double value)
{
    if (isfinite(value))
        fprintf(p->out, "<td class=\"n\">%.4g</td>", value);
    else
        fputs("<td class=\"n\"></td>", p->out);
}

static void put_scores(page *p, const zsc_result *r)
{
    fputs("<div class=\"wide\"><table><caption>Scores in per cent. Rows without a label at a rank are counted under "
          "missing; best K is the cut of highest AMI.</caption>\n<thead><tr><th>Rank</th>",
          p->out);
    static const char *const heads[] = {"rows", "missing", "classes",      "clusters",    "AMI",
                                        "NMI",  "ARI",     "FMI",          "homogeneity", "completeness",
                                        "V",    "best K",  "AMI at best K"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) fprintf(p->out, "<th class=\"n\">%s</th>", heads[i]);
    fputs("</tr></thead>\n<tbody>\n", p->out);
    for (size_t j = 0; j < r->scores; j++) {
        const zsc_scores *s = &r->score[j].scores;
        char *rank = zsc_rank_title(r->score[j].rank);
        fprintf(p->out,
                "<tr><td>%s</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td><td "
                "class=\"n\">%zu</td>",
                html(p, rank), s->rows, s->missing, s->classes, s->clusters);
        free(rank);
        const double values[] = {s->ami[ZSC_ARITHMETIC], s->nmi[ZSC_ARITHMETIC], s->ari,      s->fmi,
                                 s->homogeneity,         s->completeness,        s->v_measure};
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) put_percent(p, values[i]);
        put_number(p, r->score[j].best_clusters ? (double)r->score[j].best_clusters : NAN);
        put_percent(p, r->score[j].best_clusters ? r->score[j].best_ami : NAN);
        fputs("</tr>\n", p->out);
    }
    fputs("</tbody></table></div>\n", p->out);
}

static void put_selection(page *p, const zsc_result *r)
{
    const zsc_selection *s = &r->selection;
    const struct {
        const char *name;
        size_t rows;
    } lines[] = {{"rows with embeddings", s->embedded},
                 {"not in the metadata, or not in every embedding", s->unmatched},
                 {"of another split", s->other_split},
                 {"not selected by --where", s->where},
                 {"without a barcode", s->without_barcode},
                 {"with the barcode of a row that was kept", s->repeated_barcode},
                 {"kept", s->kept}};
    fputs("<dl>\n", p->out);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].rows || i == 0 || i == 6)
            fprintf(p->out, "<dt>%s</dt><dd>%zu</dd>\n", lines[i].name, lines[i].rows);
    fputs("</dl>\n", p->out);
}

static void put_stages(page *p, const zsc_result *r)
{
    char memory[ZSC_BYTES_TEXT];
    fputs("<dl>\n", p->out);
    for (size_t i = 0; i < r->stages; i++) {
        fprintf(p->out, "<dt>%s</dt>", html(p, r->stage[i].stage));
        fprintf(p->out, "<dd>%.2f s</dd>\n", r->stage[i].seconds);
    }
    fprintf(p->out, "<dt>peak memory</dt><dd>%s</dd>\n</dl>\n", zsc_bytes_text((double)r->peak_rss, memory));
}

/* One taxon: at the run's clusters (A) and at a cut into as many clusters as the rank has classes (B, NULL: no
 * dendrogram). */
static void put_taxon(page *p, const zsc_column *c, const zsc_taxon_score *a, const zsc_taxon_score *b)
{
    fprintf(p->out, "<tr><td>%s</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td>", html(p, c->level[a->code]),
            a->rows, a->clusters);
    put_percent(p, a->completeness);
    put_percent(p, a->homogeneity);
    fputs("<td>", p->out);
    for (int i = 0; i < 3 && a->top[i] >= 0; i++)
        fprintf(p->out, "%s%d (%.0f %%)", i ? ", " : "", a->top[i], 100 * a->top_share[i]);
    fputs("</td>", p->out);
    if (b) {
        fprintf(p->out, "<td class=\"n\">%zu</td>", b->clusters);
        put_percent(p, b->completeness);
        put_percent(p, b->homogeneity);
    }
    const zsc_taxon_score *s = b ? b : a;
    fprintf(p->out, "<td>%s</td>", s->confused >= 0 ? html(p, c->level[s->confused]) : "");
    put_percent(p, s->confused >= 0 ? s->confused_share : NAN);
    fputs("</tr>\n", p->out);
}

static void put_taxa_head(page *p, const zsc_result *r, size_t j, size_t shown, size_t count, bool both)
{
    char *title = zsc_rank_title(r->score[j].rank);
    size_t classes = r->score[j].scores.classes;
    fprintf(p->out,
            "<h3>%s: how well each taxon is recovered</h3>\n<div class=\"wide\"><table class=\"taxa\"><caption>",
            html(p, title));
    fprintf(p->out,
            "The %zu most frequent of %zu taxa. Completeness: the chance, in per cent, that two specimens of the taxon "
            "lie in one cluster. "
            "Homogeneity: of the labelled specimens in its members&#39; clusters, the share that are of the taxon. At "
            "the run&#39;s cut (K = %zu)",
            shown, count, r->score[j].k);
    if (both) fprintf(p->out, " and, without main clusters, at K = %zu, as many as there are classes", classes);
    fputs("; confused with: the other taxon most frequent in those clusters, and its "
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
    free(title);
}

static zsc_status put_taxa(page *p, const zsc_result *r, const char *rank)
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
    ZSC_TRY(zsc_taxa_score(c, labels, r->rows, a, &count));
    if (both) {
        ZSC_TRY(zsc_cut_clusters(r->linkage_matrix, r->rows, classes, labels));
        ZSC_TRY(zsc_taxa_score(c, labels, r->rows, b, &again)); /* the same order: by rows, then by code */
    }
    size_t shown = count < p->o->most_taxa ? count : p->o->most_taxa;
    put_taxa_head(p, r, j, shown, count, both);
    for (size_t i = 0; i < shown; i++) put_taxon(p, c, &a[i], both ? &b[i] : NULL);
    fputs("</tbody></table></div>\n", p->out);
done:
    free(a);
    free(b);
    free(labels);
    return status;
}

static zsc_status put_run_figures(page *p, const zsc_result *r, const char *path)
{
    zsc_status status = ZSC_OK;
    zsc_figure_options o = figure_options(path, 2);
    const zsc_result_list one = {(zsc_result *)(uintptr_t)r, 1};
    size_t family = zsc_result_rank(r, "family");
    const char *rank = family < r->scores ? "family" : r->scores ? r->score[0].rank : NULL;
    if (r->curve) {
        ZSC_TRY(zsc_figure_clusters(&one, p->styles, &o, NULL));
        ZSC_TRY(embed(p, &o,
                      "AMI at every cut of the dendrogram. Rings: as many clusters as classes; dots: the best cut."));
    }
    if (rank && r->linkage_matrix && r->rows > 1) {
        ZSC_TRY(zsc_figure_dendrogram(r, rank, 25, p->styles, &o, NULL));
        ZSC_TRY(embed(p, &o,
                      "The top of the dendrogram: rows and taxa of its branches, with the most frequent taxon of each "
                      "and its share."));
    }
    if (rank && r->reduced && r->reduced_dim >= 2) {
        ZSC_TRY(zsc_figure_scatter(r, rank, 14, p->exec, p->styles, &o, NULL));
        ZSC_TRY(embed(p, &o, "The rows in two dimensions. Rows that would hide each other are drawn once."));
    }
done:
    return status;
}

static zsc_status put_run(page *p, const zsc_series *s, size_t number, const char *figure_path)
{
    zsc_status status = ZSC_OK;
    zsc_result r = {0};
    char *label = NULL;
    if (!*s->first->path) return ZSC_OK; /* a row of a table, without its file */
    ZSC_TRY(zsc_result_read(s->first->path,
                            ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE, &r));
    if (!(label = zsc_strdup(s->label))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    fprintf(p->out, "<section id=\"run-%zu\"><h2>%s%s</h2>\n", number, html(p, label),
            s->one_per_barcode ? " (one per barcode)" : "");
    fprintf(p->out, "<p>%zu rows of %zu dimensions, %zu clusters, seed %" PRIu64 ", key <code>%s</code>%s</p>\n",
            r.rows, r.dim, r.clusters, r.seed, html(p, r.key),
            r.simulated ? " <span class=\"simulated\">simulated data</span>" : "");
    put_scores(p, &r);
    if (p->o->figures) ZSC_TRY(put_run_figures(p, &r, figure_path));
    for (size_t i = 0; i < p->o->taxa_ranks->count; i++) ZSC_TRY(put_taxa(p, &r, p->o->taxa_ranks->item[i]));
    fputs("<details><summary>Rows, configuration, times, provenance</summary>\n<h3>Rows</h3>\n", p->out);
    put_selection(p, &r);
    fputs("<h3>Configuration</h3>\n", p->out);
    ZSC_TRY(put_json_list(p, r.config, NULL));
    fputs("<h3>Times</h3>\n", p->out);
    put_stages(p, &r);
    fputs("<h3>Provenance</h3>\n", p->out);
    ZSC_TRY(put_json_list(p, r.provenance, NULL));
    fputs("</details></section>\n", p->out);
done:
    free(label);
    zsc_result_free(&r);
    return status;
}

static bool has_pairs(const zsc_series_set *set)
{
    for (size_t k = 0; k < set->count; k++)
        if (strchr(set->item[k].encoders, '+')) return true;
    return false;
}

static bool has_stages(const zsc_tidy *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        if (*rows->item[i].stages) return true;
    return false;
}

static zsc_status put_table(page *p, zsc_status made, zsc_table *table)
{
    if (made == ZSC_OK) {
        fputs("<div class=\"wide\">", p->out);
        made = zsc_table_write(table, ZSC_TABLE_HTML, p->out);
        fputs("</div>\n", p->out);
    }
    zsc_table_free(table);
    return made;
}

/* What all runs show together. A cross-modal table that cannot be made (runs of several kinds) is left out, with the
 * reason. */
static zsc_status put_overview(page *p, const zsc_tidy *rows, const zsc_series_set *set, const char *path)
{
    zsc_status status = ZSC_OK;
    zsc_table table = {0};
    zsc_table_options to = {.decimals = 1, .mark_groups = false, .rank = "species"};
    zsc_figure_options fo = figure_options(path, 2);
    zsc_crossmodal cross = {0};
    fputs("<section id=\"overview\"><h2>Encoders and ranks</h2>\n", p->out);
    if (p->o->figures) {
        ZSC_TRY(zsc_figure_ranks(set, &fo, NULL));
        ZSC_TRY(embed(
            p, &fo,
            "AMI of clusters and taxa against rank. Bars: standard deviation over seeds, where there are several."));
    }
    ZSC_TRY(put_table(p, zsc_table_ranks(set, &to, &table), &table));
    fputs("</section>\n", p->out);
    if (has_pairs(set)) {
        fputs("<section id=\"pairs\"><h2>Pairs of encoders</h2>\n", p->out);
        status = zsc_crossmodal_make(set, p->styles, "species", &cross);
        if (status == ZSC_OK) {
            if (p->o->figures) {
                fo = figure_options(path, 1);
                ZSC_TRY(zsc_figure_heatmap(&cross, "species", 0, &fo, NULL));
                ZSC_TRY(embed(p, &fo, "AMI at species of each pair of encoders, and of each alone."));
            }
            to.decimals = 0;
            ZSC_TRY(put_table(p, zsc_table_crossmodal(set, p->styles, &to, &table), &table));
        } else if (status == ZSC_EINPUT) {
            fprintf(p->out, "<p class=\"soft\">No table of pairs: %s.</p>\n", html(p, zsc_error_message()));
            status = ZSC_OK;
        }
        fputs("</section>\n", p->out);
    }
    if (status == ZSC_OK && p->o->figures && has_stages(rows)) {
        fo = figure_options(path, 2);
        fputs("<section id=\"cost\"><h2>Cost</h2>\n", p->out);
        ZSC_TRY(zsc_figure_stages(rows, set, &fo, NULL));
        ZSC_TRY(embed(p, &fo, "Seconds by stage, mean over seeds, and peak memory of the process."));
        fputs("</section>\n", p->out);
    }
done:
    zsc_crossmodal_free(&cross);
    return status;
}

static void put_head(page *p, const zsc_tidy *rows, const zsc_series_set *set)
{
    fprintf(p->out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
            "script-src 'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" "
            "content=\"zsc %s\">\n<title>%s</title>\n"
            "<style>\n%s</style>\n</head>\n<body>\n",
            zsc_version(), html(p, p->o->title), style);
    fprintf(p->out, "<h1>%s</h1>\n", html(p, p->o->title));
    fprintf(p->out,
            "<p class=\"soft\">%zu rows of results, %zu encoders or settings; zsc %s. Click the head of a "
            "column to sort.</p>\n",
            rows->count, set->count, zsc_version());
    if (set->simulated)
        fputs("<p class=\"simulated\">Simulated data: these figures say nothing about real specimens.</p>\n", p->out);
    fputs("<nav>", p->out);
    fputs("<a href=\"#overview\">Encoders and ranks</a>", p->out);
    if (has_pairs(set)) fputs("<a href=\"#pairs\">Pairs</a>", p->out);
    for (size_t k = 0; k < set->count && k < p->o->most_runs; k++) {
        if (!*set->item[k].first->path) continue;
        fprintf(p->out, "<a href=\"#run-%zu\">%s%s</a> ", k + 1, html(p, set->item[k].label),
                set->item[k].one_per_barcode ? " (one per barcode)" : "");
    }
    fputs("</nav>\n", p->out);
}

static zsc_status make_folder(page *p, char **path)
{
    zsc_status status = zsc_temporary_folder(&p->folder);
    if (status != ZSC_OK) return status;
    return (*path = zsc_asprintf("%s/figure.svg", p->folder)) ? ZSC_OK : ZSC_EINTERNAL;
}

static void remove_folder(page *p)
{
    static const char *const names[] = {"figure.svg", "figure.dat"};
    for (size_t i = 0; p->folder && i < sizeof names / sizeof *names; i++) {
        char *path = zsc_asprintf("%s/%s", p->folder, names[i]);
        if (path) unlink(path);
        free(path);
    }
    if (p->folder) rmdir(p->folder);
    free(p->folder);
}

zsc_status zsc_report_write(const zsc_tidy *rows, const zsc_series_set *set, const zsc_styles *styles,
                            const zsc_report_options *options, const zsc_exec *exec, const char *output)
{
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    char *path = NULL;
    page p = {.o = options, .exec = exec, .styles = styles};
    ZSC_TRY(zsc_atomic_open(output, &file));
    p.out = zsc_atomic_stream(file);
    ZSC_TRY(make_folder(&p, &path));
    put_head(&p, rows, set);
    ZSC_TRY(put_overview(&p, rows, set, path));
    for (size_t k = 0; k < set->count && k < options->most_runs; k++) {
        if (!zsc_progress(exec, "report", (double)k, (double)set->count)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        ZSC_TRY(put_run(&p, &set->item[k], k + 1, path));
    }
    if (set->count > options->most_runs)
        fprintf(p.out, "<p class=\"soft\">%zu further series are in the tables above only; --runs shows more.</p>\n",
                set->count - options->most_runs);
    fprintf(p.out, "<script>\n%s</script>\n</body>\n</html>\n", script);
    if (p.buffer.failed) { /* some time ago: what was said then may be gone */
        status = zsc_fail_memory(1, 1, "a text of the page");
        goto done;
    }
    zsc_atomic *whole = file;
    file = NULL;
    status = zsc_atomic_commit(whole);
done:
    zsc_atomic_abandon(file);
    remove_folder(&p);
    free(path);
    free(p.buffer.data);
    return status;
}
