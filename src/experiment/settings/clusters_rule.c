#include "experiment/settings/clusters_rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/nesting.h"
#include "base/text.h"
#include "base/value.h"
#include "experiment/settings/choices.h"
#include "experiment/settings/settings.h"

bool zsc_clusters_number(const char *rule, size_t *k)
{
    uint64_t count = 0;
    if (!zsc_value_digits(rule, &count) || count > SIZE_MAX) return false;
    *k = (size_t)count;
    return true;
}

static size_t distinct_classes(const zsc_column *column, size_t n, zsc_missing missing)
{
    /* levels are those of the rows that were kept: dataset.h */
    size_t classes = column->levels;
    for (size_t i = 0; missing == ZSC_MISSING_CLASS && i < n; i++)
        if (column->code[i] < 0) return classes + 1;
    return classes;
}

zsc_status zsc_clusters_rank(const char *rule, const zsc_dataset *data, const char **out)
{
    size_t finest;
    *out = rule;
    if (strcmp(rule, ZSC_FINEST) != 0) return ZSC_OK;
    zsc_status status = zsc_finest_rank(data->rank, data->ranks, data->n, &finest);
    if (status != ZSC_OK) return status;
    if (finest == SIZE_MAX)
        return zsc_fail(ZSC_EINPUT,
                        "the %zu rows have no labels at any rank, which would give the number of clusters; "
                        "give --clusters a number, or labels: --metadata, --column, --label-column",
                        data->n);
    *out = data->rank[finest].name;
    return ZSC_OK;
}

zsc_status zsc_resolve_clusters(const char *rule, const char *rank, const zsc_dataset *data, zsc_missing missing,
                                size_t *k)
{
    if (zsc_clusters_number(rule, k)) {
        if (*k > data->n)
            return zsc_fail(ZSC_EINPUT, "%zu clusters requested, but there are only %zu rows", *k, data->n);
        return ZSC_OK;
    }
    const char *name = strcmp(rule, "each-rank") == 0 ? rank : rule;
    zsc_status known_rank = zsc_clusters_rank(name, data, &name);
    if (known_rank != ZSC_OK) return known_rank;
    const zsc_column *column = zsc_dataset_rank(data, name);
    if (!column) {
        zsc_text known = {0};
        for (size_t i = 0; i < data->ranks; i++) zsc_text_printf(&known, "%s%s", i ? ", " : "", data->rank[i].name);
        zsc_status status = zsc_fail(ZSC_EINPUT,
                                     "clusters is '%s'; expected a rank of the data (%s), a number, or each-rank", name,
                                     known.data ? known.data : "none");
        free(known.data);
        return status;
    }
    *k = distinct_classes(column, data->n, missing);
    if (*k == 0)
        return zsc_fail(ZSC_EINPUT, "rank %s has no labels among the %zu rows, so it gives no number of clusters", name,
                        data->n);
    return ZSC_OK;
}

size_t zsc_clusters_most(const zsc_run_options *o, const zsc_dataset *data)
{
    size_t k = data->n;
    const char *name;
    const zsc_column *column = NULL;
    if (!zsc_clusters_number(o->clusters, &k) && zsc_clusters_rank(o->clusters, data, &name) == ZSC_OK)
        column = zsc_dataset_rank(data, name);
    if (column) k = distinct_classes(column, data->n, o->missing);
    return k < data->n ? k : data->n;
}

static const char height[] = "height", standardised[] = "standardised height";

const char *zsc_clusters_found_by(const zsc_run_options *o)
{
    if (o->cut != ZSC_CUT_CLUSTERS) return zsc_setting_choice("cut", o);
    return o->cut_standardised >= 0 ? standardised : height;
}

bool zsc_clusters_are_found(const char *rule)
{
    char word[16];
    for (int cut = ZSC_CUT_GAP; *zsc_value_choice_text(ZSC_CUT_CHOICES, cut, word, sizeof word); cut++)
        if (strcmp(rule, word) == 0) return true;
    return strcmp(rule, height) == 0 || strcmp(rule, standardised) == 0;
}
