#include "experiment/pipeline/cut.h"

#include "base/log.h"
#include "base/memory.h"
#include "experiment/settings/choices.h"
#include "experiment/settings/settings.h"

static zsc_status silhouette(const zsc_cut_rows *rows, const double *z, const zsc_exec *exec, zsc_cut_curve *out)
{
    zsc_status status = zsc_cut_grid(z, rows->n, out);
    if (status != ZSC_OK) return status;
    status = rows->x64 ? zsc_silhouette_cuts_f64(rows->x64, rows->n, rows->d, z, out->k, out->count, exec, out->value)
                       : zsc_silhouette_cuts(rows->x, rows->n, rows->d, z, out->k, out->count, exec, out->value);
    if (status == ZSC_OK)
        zsc_cut_choose(out);
    else
        zsc_cut_curve_free(out);
    return status;
}

zsc_status zsc_cut_find(zsc_cut_rule rule, const zsc_cut_rows *rows, const double *z, const zsc_exec *exec,
                        zsc_cut_curve *out)
{
    zsc_status status = rule == ZSC_CUT_GAP     ? zsc_cut_gap(z, rows->n, out)
                        : rule == ZSC_CUT_ELBOW ? zsc_cut_elbow(z, rows->n, out)
                                                : silhouette(rows, z, exec, out);
    if (status == ZSC_OK && out->count == 0)
        zsc_warn_counted("too few distinct rows or heights to find a number of clusters: all %zu rows are one cluster",
                         rows->n);
    return status;
}

zsc_status zsc_cut_height_of(double standardised, const zsc_cut_rows *rows, double *out)
{
    double unit;
    zsc_status status = rows->x64 ? zsc_standardised_height_f64(rows->x64, rows->n, rows->d, &unit)
                                  : zsc_standardised_height(rows->x, rows->n, rows->d, &unit);
    if (status == ZSC_OK) *out = standardised * unit;
    return status;
}

zsc_status zsc_cut_run(const zsc_run_options *o, const zsc_cut_rows *rows, const double *z, const zsc_exec *exec,
                       int32_t *label, size_t *k, zsc_cut_curve *curve)
{
    zsc_status status = ZSC_OK;
    double height = o->cut_height;
    if (o->cut != ZSC_CUT_CLUSTERS) {
        ZSC_TRY(zsc_cut_find(o->cut, rows, z, exec, curve));
        *k = curve->clusters;
        zsc_detail("%zu clusters by --cut %s", *k, zsc_setting_choice("cut", o));
        return zsc_cut_clusters(z, rows->n, *k, label);
    }
    if (o->cut_standardised >= 0) ZSC_TRY(zsc_cut_height_of(o->cut_standardised, rows, &height));
    status = zsc_cut_height(z, rows->n, height, label, k);
done:
    return status;
}
