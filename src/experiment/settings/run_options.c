#include "experiment/settings/run_options.h"

#include <math.h>

#include "base/error.h"
#include "base/memory.h"
#include "data/where_rules.h"
#include "experiment/settings/clusters_rule.h"
#include "io/labels/metadata.h"
#include "io/file_layout.h"
#include "umap/stages.h"
#include "zsc/pca.h"

static zsc_status check_where(const zsc_run_options *o)
{
    zsc_where_rules rules = {0};
    zsc_status status = zsc_where_parse(o->data.where, o->data.where_count, &rules);
    zsc_where_free(&rules);
    return status;
}

zsc_status zsc_run_check(const zsc_run_options *o)
{
    size_t k;
    zsc_status status = zsc_columns_check(&o->data.columns, o->data.metadata);
    if (status == ZSC_OK) status = zsc_file_layout_check(&o->data.file_layout);
    if (status == ZSC_OK) status = check_where(o);
    if (status != ZSC_OK) return status;
    if (o->data.metadata && o->data.file_layout.label_count)
        return zsc_fail(ZSC_EUSAGE,
                        "labels are those of the metadata ('%s') or those of h5-label ('%s'): give one of the two",
                        o->data.metadata, o->data.file_layout.labels[0]);
    if (o->data.ids_in_order && !o->data.ids)
        return zsc_fail(ZSC_EUSAGE, "ids-in-order is the order of a list of ids: give ids, too");
    if (!o->clusters || !*o->clusters)
        return zsc_fail(ZSC_EUSAGE, "clusters is empty: it takes a rank, a number or each-rank");
    if (zsc_clusters_number(o->clusters, &k) && k == 0)
        return zsc_fail(ZSC_EUSAGE, "clusters is 0: at least one cluster is needed");
    if (o->cut_height != ZSC_NO_CUT_HEIGHT && !(o->cut_height >= 0 && isfinite(o->cut_height)))
        return zsc_fail(ZSC_EUSAGE, "cut-height is %g; expected a finite number, 0 or above", o->cut_height);
    if (o->reduce == ZSC_REDUCE_UMAP) return zsc_umap_check(&o->umap);
    if (o->umap.n_components == 0) return zsc_fail(ZSC_EUSAGE, "dim is 0: at least one dimension is needed");
    return ZSC_OK;
}

size_t zsc_run_memory(const zsc_run_options *o, size_t n, size_t d, bool wide, const zsc_exec *exec)
{
    size_t dim = o->reduce == ZSC_REDUCE_NONE ? d : o->umap.n_components;
    size_t reduce = o->reduce == ZSC_REDUCE_UMAP  ? zsc_umap_stages_memory(n, d, &o->umap, true, exec)
                    : o->reduce == ZSC_REDUCE_PCA ? zsc_pca_memory(n, d, dim, exec)
                                                  : (size_t)0;
    size_t ward = zsc_linkage_memory(n, dim, o->linkage, exec), held = n * dim * sizeof(float) + 4 * n * sizeof(double);
    if (o->reduce == ZSC_REDUCE_UMAP) held = zsc_memory_sum(held, zsc_umap_held_most(n, &o->umap));
    ward = zsc_memory_sum(ward, held); /* average and complete linkage: n^2 doubles */
    if (reduce < SIZE_MAX - n * dim * sizeof(float)) reduce += n * dim * sizeof(float);
    size_t most = reduce > ward ? reduce : ward,
           matrix = n * d * (wide && o->reduce == ZSC_REDUCE_NONE ? sizeof(double) : sizeof(float));
    return most < SIZE_MAX - matrix ? most + matrix : SIZE_MAX;
}
