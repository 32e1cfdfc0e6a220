/* Accuracy of retrieval against rank: the figure of ranks, with a panel for each split and a curve for each pair of
 * encoders. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/figures/figures.h"
#include "report/tables/table_retrieval.h"
#include "zsc/ranks.h"

typedef struct drawing {
    const zsc_retrieval_file *files;
    size_t count, k;
    const zsc_retrieval_figure_options *options;
    zsc_list ranks, splits;
    zsc_series_set set;
    zsc_seed_mean *mean;
    char **label; /* by file */
    char none[1]; /* an empty text */
} drawing;

static zsc_status list_splits(drawing *d)
{
    zsc_status status = ZSC_OK;
    for (size_t f = 0; f < d->count; f++)
        for (size_t i = 0; i < json_array_size(d->files[f].scores); i++)
            ZSC_TRY(zsc_list_add_once(&d->splits, zsc_retrieval_file_split(&d->files[f], i), NULL));
done:
    return status;
}

static void put_mean(const drawing *d, const zsc_retrieval_file *f, const char *split, zsc_seed_mean *mean)
{
    for (size_t i = 0; i < json_array_size(f->scores); i++) {
        double value = zsc_retrieval_file_value(f, i, d->options->score);
        if (zsc_retrieval_file_k(f, i) != d->k || strcmp(zsc_retrieval_file_split(f, i), split) != 0) continue;
        for (size_t r = 0; r < d->ranks.count; r++)
            if (strcmp(zsc_retrieval_file_rank(f, i), d->ranks.item[r]) == 0 && value == value)
                mean[r] = (zsc_seed_mean){.n = 1, .mean = value, .low = value, .high = value};
    }
}

/* "image in dna", with the file where two are named alike. */
static zsc_status name_files(drawing *d)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(d->label, d->count);
    for (size_t f = 0; f < d->count; f++) {
        size_t alike = 0;
        for (size_t g = 0; g < d->count; g++) alike += strcmp(d->files[f].label, d->files[g].label) == 0;
        d->label[f] = alike > 1 ? zsc_asprintf("%s (%s)", d->files[f].label, d->files[f].keys.source)
                                : zsc_strdup(d->files[f].label);
        if (!d->label[f]) return ZSC_EINTERNAL;
    }
done:
    return status;
}

static zsc_status fill(drawing *d)
{
    zsc_status status = ZSC_OK;
    size_t curves = d->splits.count * d->count;
    ZSC_NEW(d->set.item, curves);
    ZSC_NEW(d->mean, curves * d->ranks.count);
    d->set.rank = (const char **)d->ranks.item;
    d->set.ranks = d->ranks.count;
    d->set.count = curves;
    for (size_t s = 0; s < d->splits.count; s++)
        for (size_t f = 0; f < d->count; f++) {
            size_t c = s * d->count + f;
            zsc_series *series = &d->set.item[c];
            *series = (zsc_series){.encoders = d->label[f],
                                   .label = d->label[f],
                                   .modality = d->splits.item[s],
                                   .architecture = d->none,
                                   .method = d->none,
                                   .look = {.marker = zsc_style_marker(f), .line = ZSC_LINE_SOLID}};
            snprintf(series->look.colour, sizeof series->look.colour, "%s", zsc_style_colour(f));
            series->runs.mean = d->mean + c * d->ranks.count;
            put_mean(d, &d->files[f], d->splits.item[s], series->runs.mean);
            d->set.simulated |= d->files[f].simulated;
        }
done:
    return status;
}

zsc_status zsc_figure_retrieval(const zsc_retrieval_file *files, size_t count,
                                const zsc_retrieval_figure_options *options, const zsc_figure_options *figure,
                                char **dumb)
{
    zsc_status status = ZSC_OK;
    drawing d = {.files = files, .count = count, .k = options->k, .options = options};
    const zsc_list *asked = options->ranks;
    zsc_figure_panels panels = {0};
    char *title = NULL;
    ZSC_TRY(zsc_retrieval_files_k(files, count, &d.k));
    ZSC_TRY(list_splits(&d));
    ZSC_TRY(zsc_retrieval_files_ranks(files, count, asked ? (const char *const *)asked->item : NULL,
                                      asked ? asked->count : 0, &d.ranks));
    ZSC_TRY(name_files(&d));
    ZSC_TRY(fill(&d));
    if (d.splits.count > ZSC_FIGURE_MOST_PANELS) {
        status = zsc_fail(ZSC_EINPUT, "the figure has a panel for each split, %d at most, and there are %zu",
                          (int)ZSC_FIGURE_MOST_PANELS, d.splits.count);
        goto done;
    }
    if (!(title = zsc_asprintf("%s accuracy, k %zu", strcmp(options->score, "macro") == 0 ? "Macro" : "Micro", d.k))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    panels.y_title = title;
    for (size_t s = 0; s < d.splits.count; s++)
        panels.title[s] = zsc_retrieval_split_title(&d.splits, d.splits.item[s]);
    status = zsc_figure_ranks_of(&d.set, &panels, figure, dumb);
done:
    for (size_t f = 0; d.label && f < count; f++) free(d.label[f]);
    free(d.label);
    free(d.mean);
    free(d.set.item);
    zsc_list_free(&d.ranks);
    zsc_list_free(&d.splits);
    free(title);
    return status;
}
