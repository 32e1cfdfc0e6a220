#include "experiment/series/results_table_read.h"
#include "experiment/series/results_table_filter.h"
#include "cli/read_results.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/files/atomic.h"
#include "io/files/input_files.h"
#include "report/figures/figure.h"

zsc_status cli_results_read(const cli_results_choice *c, char *const *paths, int count, const zsc_exec *exec,
                            cli_results *out)
{
    zsc_status status = ZSC_OK;
    cli_results r = {0};
    zsc_reference_options reference = c->reference;
    ZSC_TRY(zsc_styles_load(c->style, &r.styles));
    ZSC_TRY(zsc_results_table_read((const char *const *)paths, (size_t)count, &r.rows));
    ZSC_TRY(zsc_looks_assign(&r.styles, &r.rows));
    ZSC_TRY(zsc_results_table_filter(&r.rows, &c->where, &c->encoders, c->rows));
    reference.ranks = &c->ranks;
    if (reference.permutations || reference.rarefy || reference.each_rank) { /* a rank that is not there: at once */
        ZSC_TRY(zsc_series_make(&r.rows, &r.styles, &c->ranks, &r.set));
        zsc_series_free(&r.set);
    }
    ZSC_TRY(zsc_results_table_add_reference(&r.rows, &reference, exec));
    ZSC_TRY(zsc_series_make(&r.rows, &r.styles, &c->ranks, &r.set));
    *out = r;
    r = (cli_results){0};
done:
    cli_results_free(&r);
    return status;
}

void cli_results_free(cli_results *r)
{
    zsc_series_free(&r->set);
    zsc_results_table_free(&r->rows);
    zsc_styles_free(&r->styles);
}

zsc_status cli_find_kind(const char *what, const char *word, const char *const *name, size_t stride, size_t count,
                         size_t *out)
{
    zsc_status status = ZSC_OK;
    const char **names = NULL;
    zsc_text list = {0};
    ZSC_NEW(names, count);
    for (size_t i = 0; i < count; i++) {
        names[i] = *(const char *const *)((const char *)name + i * stride);
        zsc_text_printf(&list, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", names[i]);
        if (strcmp(names[i], word) != 0) continue;
        *out = i;
        goto done;
    }
    const char *near = zsc_nearest(word, names, count);
    if (strncmp(word, "confusion", strlen("confusion")) == 0) {
        status = cli_usage("there is no %s '%s'; zsc report RESULTS -o FILE.html shows which taxa are confused", what,
                           word);
        goto done;
    }
    if (zsc_input_exists(word)) {
        status = cli_usage("'%s' is a file; the kind of %s comes before it: %s", word, what,
                           list.data ? list.data : "");
        goto done;
    }
    status = near ? cli_usage("there is no %s '%s'; did you mean '%s'?", what, word, near)
                  : cli_usage("there is no %s '%s'; there are %s", what, word, list.data ? list.data : "");
done:
    free(list.data);
    free(names);
    return status;
}

zsc_status cli_figure_writes(const char *path, zsc_list *paths)
{
    zsc_figure_format format;
    if (zsc_figure_format_of(path, &format) != ZSC_OK) {
        zsc_error_clear(); /* the command says it */
        return ZSC_OK;
    }
    return zsc_output_is_file(path) ? zsc_figure_files(path, format, paths) : ZSC_OK;
}
