/* Items stand where they are put, one after the other, since the numbers are the paper's and not counted: `table` and
 * `figure` do not float. A table or figure that is wider than the page is scaled down to it. */
#include "paper/paper_latex.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/files/atomic.h"
#include "io/text/csv.h"
#include "paper/paper_page.h"
#include "report/escape.h"
#include "zsc/zsc.h"

static const char preamble[] =
    "\\documentclass[10pt,a4paper]{article}\n"
    "\\usepackage[T1]{fontenc}\n"
    "\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}\n"
    "\\usepackage[margin=16mm,bottom=20mm]{geometry}\n"
    "\\usepackage{booktabs}\n"
    "\\usepackage{graphicx}\n"
    "\\setlength{\\parindent}{0pt}\\setlength{\\emergencystretch}{0.3\\textwidth} % for names of files\n"
    "\\makeatletter\n"
    "% No floats: everything stands in its order.\n"
    "\\renewenvironment{table}[1][]{\\par\\addvspace{6mm plus 3mm}\\noindent\\begin{minipage}{\\linewidth}"
    "\\def\\@captype{table}}{\\end{minipage}\\par}\n"
    "\\renewenvironment{figure}[1][]{\\par\\addvspace{6mm plus 3mm}\\noindent\\begin{minipage}{\\linewidth}"
    "\\def\\@captype{figure}\\centering}{\\end{minipage}\\par}\n"
    "\\setlength{\\abovecaptionskip}{2mm}\\setlength{\\belowcaptionskip}{2mm}\n"
    "% Of each table the item's caption, then that of the table itself.\n"
    "\\newcommand{\\itemcaption}{}\n"
    "\\let\\owncaption\\caption\n"
    "\\renewcommand{\\caption}[1]{\\owncaption[]{\\itemcaption\\ {\\footnotesize #1}}}\n"
    "\\newcommand{\\item@of}[2]{\\renewcommand{\\itemcaption}{#2}\\renewcommand{\\thetable}{#1}"
    "\\renewcommand{\\thefigure}{#1}}\n"
    "\\newcommand{\\paperitem}[2]{\\item@of{#1}{#2}}\n"
    "% What is too wide is made as wide as the page.\n"
    "\\newsavebox{\\fitted}\n"
    "\\let\\owntabular\\tabular\\let\\endowntabular\\endtabular\n"
    "\\newcommand{\\fittext}{\\ifdim\\wd\\fitted>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox{\\fitted}}\\else"
    "\\usebox{\\fitted}\\fi}\n"
    "\\renewenvironment{tabular}[1]{\\begin{lrbox}{\\fitted}\\owntabular{#1}}{\\endowntabular\\end{lrbox}\\fittext}\n"
    "\\newcommand{\\paperfigure}[1]{\\sbox{\\fitted}{\\includegraphics{#1}}\\fittext}\n"
    "\\makeatother\n";

typedef struct document {
    const zsc_paper_plan *plan;
    FILE *out;
    zsc_text text;
    char *query; /* of the example before */
    size_t keys; /* of the query, so far */
} document;

static void put(document *d, const char *before, const char *text, const char *after)
{
    d->text.length = 0;
    zsc_text_append(&d->text, "");
    zsc_escape_latex(&d->text, text);
    fprintf(d->out, "%s%s%s", before, d->text.data ? d->text.data : "", after);
}

/* --- Figure A12: six cells in a row, the query and its keys */
enum { KEYS = 5 };
enum { QUERY, SPLIT, QUERY_LABEL, KEY, KEY_LABEL, SHARED, COLUMNS };

/* The picture of ID, where OUT/pictures has one that LaTeX takes; a line of that height otherwise. */
static zsc_status put_picture(document *d, const char *id)
{
    static const char *const ending[] = {".jpg", ".jpeg", ".png", ".JPG", ".PNG"};
    bool plain = *id && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(id);
    for (size_t i = 0; plain && i < sizeof ending / sizeof *ending; i++) {
        char *path = zsc_asprintf("%s/pictures/%s%s", d->plan->options->output, id, ending[i]);
        if (!path) return ZSC_EINTERNAL;
        bool there = access(path, R_OK) == 0;
        free(path);
        if (!there) continue;
        fprintf(d->out, "\\includegraphics[width=0.8\\linewidth]{pictures/%s%s}\\\\", id, ending[i]);
        break;
    }
    return ZSC_OK;
}

static void end_row(document *d)
{
    if (d->query) fputs("\\par\\medskip\n", d->out);
}

static zsc_status put_cell(document *d, const char *id, const char *label, const char *note)
{
    fputs("\\begin{minipage}[t]{0.157\\linewidth}\\raggedright\\scriptsize ", d->out);
    zsc_status status = put_picture(d, id);
    put(d, "\\textit{", *label ? label : "no label", "}\\\\");
    put(d, "", note, "\\end{minipage}\\hfill\n");
    return status;
}

static zsc_status put_example(void *data, const zsc_csv_row *row)
{
    document *d = data;
    const char *const *f = row->field;
    zsc_status status = ZSC_OK;
    char *note = NULL;
    if (!d->query || strcmp(d->query, f[QUERY]) != 0) {
        end_row(d);
        free(d->query);
        d->query = zsc_strdup(f[QUERY]);
        d->keys = 0;
        if (!d->query || !(note = zsc_asprintf("query, %s", f[SPLIT]))) ZSC_TRY(ZSC_EINTERNAL);
        ZSC_TRY(put_cell(d, f[QUERY], f[QUERY_LABEL], note));
        free(note);
        note = NULL;
    }
    if (d->keys++ >= KEYS) goto done;
    if (!(note = zsc_asprintf("%zu: same %s", d->keys, *f[SHARED] ? f[SHARED] : "at no rank"))) ZSC_TRY(ZSC_EINTERNAL);
    status = put_cell(d, f[KEY], f[KEY_LABEL], note);
done:
    free(note);
    return status;
}

static zsc_status put_examples(document *d, const char *relative)
{
    static const char *const names[COLUMNS][2] = {{"query"}, {"split"},     {"query_label"},
                                                  {"key"},   {"key_label"}, {"shared_rank"}};
    zsc_status status = ZSC_OK;
    zsc_csv_column columns[COLUMNS];
    char *path = zsc_asprintf("%s/%s", d->plan->options->output, relative);
    if (!path) return ZSC_EINTERNAL;
    for (int i = 0; i < COLUMNS; i++) columns[i] = (zsc_csv_column){names[i], true};
    fprintf(d->out, "\\par\\medskip\\textbf{%s}\\par\\smallskip\n", zsc_paper_pair_title(relative));
    ZSC_TRY(zsc_csv_read(path, NULL, columns, COLUMNS, NULL, put_example, d));
    end_row(d);
done:
    free(d->query);
    d->query = NULL;
    free(path);
    return status;
}

/* --- Items */
static const char *file_that_ends(const zsc_paper_column *c, const char *ending)
{
    for (size_t i = 0; i < c->files.count; i++)
        if (zsc_text_ends(c->files.item[i], ending)) return c->files.item[i];
    return NULL;
}

static void put_figure(document *d, const zsc_paper_item *item, const char *pdf, const char *numbers)
{
    fprintf(d->out, "\\begin{figure}\\paperfigure{%s}\\caption{}\\end{figure}\n", pdf);
    if (numbers)
        fprintf(d->out,
                "\\begingroup\\renewcommand{\\tablename}{Figure}\\paperitem{%s, in numbers}{}\\input{%s}"
                "\\endgroup\n",
                item->number, numbers);
}

/* A figure has a PDF, a table a LaTeX file, Figure A12 files of examples, which stand on pages of their own and break
 * between queries. */
static zsc_status put_files(document *d, const zsc_paper_item *item, const zsc_paper_column *c)
{
    zsc_status status = ZSC_OK;
    const char *pdf = file_that_ends(c, ".pdf"), *tex = file_that_ends(c, ".tex");
    if (pdf)
        put_figure(d, item, pdf, tex);
    else if (tex)
        fprintf(d->out, "\\input{%s}\n", tex);
    else {
        fprintf(d->out, "\\clearpage\\textbf{Figure %s.} \\itemcaption\\par\n", item->number);
        for (size_t i = 0; i < c->files.count && status == ZSC_OK; i++) status = put_examples(d, c->files.item[i]);
    }
    return status;
}

static zsc_status put_column(document *d, const zsc_paper_item *item, int which)
{
    static const char *const added[] = {"", " As it is sound: several seeds, intervals, ceilings."};
    const zsc_paper_column *c = &item->column[which];
    const char *reason = zsc_paper_column_reason(d->plan, c);
    char name[ZSC_PAPER_NAME];
    if (!c->there) return ZSC_OK;
    fprintf(d->out, "\n%% %s\n", zsc_paper_item_name(item, name));
    put(d, "\\paperitem{", item->number, "}{");
    put(d, "\\textbf{", item->title, ".} ");
    put(d, "", item->caption, "");
    put(d, "", added[which], "");
    zsc_text without = {0};
    zsc_status status = zsc_paper_column_without(d->plan, c, &without);
    if (without.length) put(d, " Without ", without.data, ".");
    free(without.data);
    if (status != ZSC_OK) return status;
    fputs("}\n", d->out);
    if (strcmp(zsc_paper_column_state(d->plan, c), "made") == 0) return put_files(d, item, c);
    fprintf(d->out, "\\par\\medskip\\textbf{%s %s.} \\itemcaption\\ ", item->figure ? "Figure" : "Table", item->number);
    put(d, "\\emph{Not made: ", reason ? reason : "not yet", ".}\\par\n");
    return ZSC_OK;
}

static zsc_status put_document(document *d)
{
    zsc_status status = ZSC_OK;
    fprintf(d->out, "%% Made by zsc paper (zsc %s); compile in this folder: pdflatex paper.tex\n%s\\begin{document}\n",
            zsc_version(), preamble);
    fputs("\\begin{center}\\Large Figures and tables of the BIOSCAN-5M paper\\\\\n", d->out);
    put(d, "\\normalsize made by zsc from \\texttt{", d->plan->config->path, "}\\end{center}\n");
    for (size_t i = 0; i < d->plan->items; i++)
        for (int c = 0; d->plan->item[i].shown && c < ZSC_PAPER_COLUMNS && status == ZSC_OK; c++)
            status = put_column(d, &d->plan->item[i], c);
    fputs("\\end{document}\n", d->out);
    if (status == ZSC_OK && d->text.failed) status = zsc_fail_memory(1, 1, "a text of the document");
    return status;
}

zsc_status zsc_paper_latex_write(const zsc_paper_plan *plan)
{
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    document d = {.plan = plan};
    char *path = zsc_asprintf("%s/paper.tex", plan->options->output);
    if (!path) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_atomic_open(path, &file));
    d.out = zsc_atomic_stream(file);
    ZSC_TRY(put_document(&d));
    zsc_atomic *whole = file;
    file = NULL;
    status = zsc_atomic_commit(whole);
done:
    zsc_atomic_abandon(file);
    free(d.text.data);
    free(path);
    return status;
}
