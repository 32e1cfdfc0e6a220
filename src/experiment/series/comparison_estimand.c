#include "experiment/series/comparison_estimand.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* The least and most runs of the encoders. */
static void count_runs(const zsc_compare_group *g, size_t *least, size_t *most)
{
    *least = SIZE_MAX;
    *most = 0;
    for (size_t i = 0; i < g->ranks * g->encoders; i++) {
        size_t runs = g->cell[i].runs;
        if (runs && runs < *least) *least = runs;
        if (runs > *most) *most = runs;
    }
}

static void append_seeds(zsc_text *t, const zsc_compare_group *g)
{
    size_t least, most;
    count_runs(g, &least, &most);
    if (g->reclustered) {
        zsc_text_append(t, "; the variance of seeds is in it");
        return;
    }
    if (most <= 1)
        zsc_text_append(t, "; one seed, whose variance is not known and not in it");
    else if (least == most)
        zsc_text_printf(t, "; the variance of %zu seeds is in it", most);
    else
        zsc_text_printf(t, "; the variance of up to %zu seeds is in it, but for encoders of one seed", most);
}

char *zsc_compare_estimand(const zsc_compare_group *g)
{
    zsc_text t = {0};
    if (g->accuracy) {
        zsc_text_append(&t, "the mean accuracy, over other samples of as many classes with all their queries, of these "
                            "keys; what other keys would change is not in it");
        return t.failed ? NULL : t.data;
    }
    zsc_text_printf(&t, "the mean AMI, over other samples of %zu %s%s, ", g->units - g->unlabelled, g->unit_words,
                    strcmp(g->unit, "specimens") == 0 ? "" : " with all their specimens");
    zsc_text_append(&t, g->reclustered ? "each clustered anew"
                                       : "of these clusters; what clustering a sample anew would change is not in it");
    append_seeds(&t, g);
    if (strcmp(g->per_barcode, "random") == 0)
        zsc_text_append(&t, "; one draw of barcodes, and that of other draws is not in it");
    if (!t.failed) return t.data;
    free(t.data);
    return NULL;
}
