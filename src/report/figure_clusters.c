/* AMI at every cut of a dendrogram, one curve per rank; the true number of classes and the best cut are marked. */
#include <math.h>
#include <stdlib.h>

#include "report/escape.h"
#include "report/figures.h"

enum { MOST_POINTS = 400 };

/* Cuts that are drawn: all up to 40, then equally spaced on the logarithmic axis; the marked K are always among them.
 */
static size_t next_cut(size_t k, size_t n)
{
    if (k < 40) return k + 1;
    double factor = pow((double)n / 40, 1.0 / (MOST_POINTS - 40));
    size_t next = (size_t)((double)k * factor);
    return next > k ? next : k + 1;
}

static void put_curve(zsc_figure *f, const zsc_result *r, size_t rank)
{
    const zsc_rank_scores *s = &r->score[rank];
    size_t marks[2] = {s->scores.classes, s->best_clusters};
    for (size_t k = 1; k <= r->rows;) {
        zsc_figure_number(f, (double)k);
        zsc_figure_number(f, 100 * r->curve[rank][k - 1]);
        zsc_figure_end_line(f);
        size_t next = next_cut(k, r->rows);
        for (int m = 0; m < 2; m++)
            if (marks[m] > k && marks[m] < next) next = marks[m];
        if (k < r->rows && next > r->rows) next = r->rows;
        k = next;
    }
}

zsc_status zsc_figure_clusters(const zsc_result_list *list, const zsc_styles *styles, const zsc_figure_options *options,
                               char **dumb)
{
    zsc_figure f;
    zsc_status status = ZSC_OK;
    const zsc_result *first = &list->item[0];
    size_t longest = 10, ranks = first->scores, rows = 0;
    bool simulated = false;
    zsc_figure_begin(&f, options, "clusters");
    for (size_t i = 0; i < list->count; i++) {
        const zsc_result *r = &list->item[i];
        if (!r->curve) {
            status = zsc_fail(ZSC_EINPUT, "'%s' has no curve: run it with --curve", r->path);
            goto done;
        }
        if (r->scores != ranks) {
            status = zsc_fail(ZSC_EINPUT, "'%s' has %zu ranks, '%s' has %zu: draw them in separate figures", r->path,
                              r->scores, first->path, ranks);
            goto done;
        }
        if (r->rows > rows) rows = r->rows;
        simulated |= r->simulated;
    }
    double width = zsc_figure_width(options), line = 1.35 * options->font_size / 72;
    bool right = width > 4.6;
    zsc_figure_size(&f, right ? 2.9 : 1.9 + line * (3.5 + ceil((double)(ranks + 2) / 2)));
    zsc_figure_set(&f, "panels", "%zu", list->count);
    zsc_figure_set(&f, "ranks", "%zu", ranks);
    zsc_figure_set(&f, "rows", "%zu", rows);
    zsc_figure_set(&f, "simulated", "%d", simulated);
    zsc_figure_block(&f, "panels: title");
    for (size_t i = 0; i < list->count; i++) {
        char *label = zsc_result_label(&list->item[i], styles);
        zsc_figure_text(&f, label ? label : "");
        if (!label) f.text.failed = true;
        free(label);
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "ranks: name, colour");
    for (size_t j = 0; j < ranks; j++) {
        char *title = zsc_rank_title(first->score[j].rank);
        zsc_figure_text(&f, title);
        if (title && zsc_utf8_length(title) > longest) longest = zsc_utf8_length(title);
        free(title);
        zsc_figure_number(&f, (double)strtol(zsc_style_colour(j) + 1, NULL, 16));
        zsc_figure_end_line(&f);
    }
    zsc_figure_block(&f, "marks: panel, rank, classes, AMI in % there, best K, AMI in % there");
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < ranks; j++) {
            const zsc_result *r = &list->item[i];
            size_t classes = r->score[j].scores.classes, best = r->score[j].best_clusters;
            zsc_figure_number(&f, (double)i + 1);
            zsc_figure_number(&f, (double)j + 1);
            zsc_figure_number(&f, (double)classes);
            zsc_figure_number(&f, classes ? 100 * r->curve[j][classes - 1] : NAN);
            zsc_figure_number(&f, (double)best);
            zsc_figure_number(&f, best ? 100 * r->curve[j][best - 1] : NAN);
            zsc_figure_end_line(&f);
        }
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < ranks; j++) {
            zsc_figure_block(&f, "one curve (panel by panel, rank by rank): clusters K, AMI in %");
            put_curve(&f, &list->item[i], j);
        }
    return zsc_figure_finish(&f, "clusters", dumb);
done:
    zsc_figure_drop(&f);
    return status;
}
