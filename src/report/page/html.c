#include "report/page/html.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/threads.h"
#include "io/files/atomic.h"
#include "report/page/html_assets.h"
#include "report/page/html_comparison.h"
#include "report/page/html_confusion.h"
#include "report/page/html_overview.h"
#include "report/page/html_page.h"
#include "report/page/html_retrieval.h"
#include "report/page/html_run.h"
#include "zsc/zsc.h"

static void put_head(zsc_page *p, const zsc_results_table *rows, const zsc_series_set *set)
{
    fprintf(p->out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
            "script-src 'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" "
            "content=\"zsc %s\">\n<title>%s</title>\n"
            "<style>\n%s</style>\n</head>\n<body>\n",
            zsc_version(), zsc_page_text(p, p->o->title), zsc_html_style);
    fprintf(p->out, "<h1>%s</h1>\n", zsc_page_text(p, p->o->title));
    fprintf(p->out,
            "<p class=\"soft\">%zu rows of results, %zu encoders or settings; zsc %s. Click the head of a "
            "column to sort.</p>\n",
            rows->count, set->count, zsc_version());
    if (set->simulated)
        fputs("<p class=\"simulated\">Simulated data: these figures say nothing about real specimens.</p>\n", p->out);
    fputs("<nav>", p->out);
    fputs("<a href=\"#overview\">Encoders and ranks</a>", p->out);
    if (p->o->resamples && set->count > 1) fputs("<a href=\"#comparison\">Comparison</a>", p->out);
    if (zsc_page_has_pairs(set)) fputs("<a href=\"#pairs\">Pairs</a>", p->out);
    if (p->o->retrievals) fputs("<a href=\"#retrieval\">Retrieval</a>", p->out);
    if (p->o->probes) fputs("<a href=\"#probes\">Linear probes</a>", p->out);
    zsc_page_atlas_link(p, NULL, "Atlas of specimens");
    for (size_t k = 0; k < set->count && k < p->o->most_runs; k++) {
        if (!zsc_run_series_lowest_seed(rows, &set->item[k].runs)) continue;
        fprintf(p->out, "<a href=\"#run-%zu\">%s%s</a> ", k + 1, zsc_page_text(p, set->item[k].label),
                set->item[k].one_per_barcode ? " (one per barcode)" : "");
    }
    fputs("</nav>\n", p->out);
}

static zsc_status make_folder(zsc_page *p)
{
    zsc_status status = zsc_temporary_folder(&p->folder);
    if (status != ZSC_OK) return status;
    return (p->figure_path = zsc_asprintf("%s/figure.svg", p->folder)) ? ZSC_OK : ZSC_EINTERNAL;
}

static void remove_folder(zsc_page *p)
{
    static const char *const names[] = {"figure.svg", "figure.dat"};
    for (size_t i = 0; p->folder && i < sizeof names / sizeof *names; i++) {
        char *path = zsc_asprintf("%s/%s", p->folder, names[i]);
        if (path) unlink(path);
        free(path);
    }
    if (p->folder) rmdir(p->folder);
    free(p->folder);
    free(p->figure_path);
}

zsc_status zsc_report_write(const zsc_results_table *rows, const zsc_series_set *set, const zsc_styles *styles,
                            const zsc_report_options *options, const zsc_exec *exec, const char *output)
{
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL, *confusions = NULL;
    zsc_page p = {.o = options, .exec = exec, .styles = styles};
    ZSC_TRY(zsc_atomic_open(output, &file));
    p.out = zsc_atomic_stream(file);
    if (options->confusions) {
        ZSC_TRY(zsc_atomic_open(options->confusions, &confusions));
        p.confusions = zsc_atomic_stream(confusions);
        zsc_page_confusions_head(p.confusions);
    }
    ZSC_TRY(make_folder(&p));
    put_head(&p, rows, set);
    ZSC_TRY(zsc_page_overview(&p, rows, set));
    if (options->resamples) ZSC_TRY(zsc_page_comparison(&p, rows, set));
    ZSC_TRY(zsc_page_retrieval(&p));
    for (size_t k = 0; k < set->count && k < options->most_runs; k++) {
        if (!zsc_progress(exec, "report", (double)k, (double)set->count)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
        ZSC_TRY(zsc_page_run(&p, rows, &set->item[k], k + 1));
    }
    if (set->count > options->most_runs)
        fprintf(p.out, "<p class=\"soft\">%zu further series are in the tables above only; --runs shows more.</p>\n",
                set->count - options->most_runs);
    fprintf(p.out, "<script>\n%s</script>\n</body>\n</html>\n", zsc_html_script);
    if (p.buffer.failed) { /* possibly long ago: its message may be lost */
        status = zsc_fail_memory(1, 1, "a text of the page");
        goto done;
    }
    if (confusions) {
        zsc_atomic *table = confusions;
        confusions = NULL;
        ZSC_TRY(zsc_atomic_commit(table));
    }
    zsc_atomic *whole = file;
    file = NULL;
    status = zsc_atomic_commit(whole);
done:
    zsc_atomic_abandon(confusions);
    zsc_atomic_abandon(file);
    remove_folder(&p);
    free(p.buffer.data);
    return status;
}
