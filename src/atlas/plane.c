#include "atlas/plane.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atlas/plane_file.h"
#include "base/log.h"
#include "base/memory.h"
#include "experiment/rerun.h"
#include "experiment/store/result_parts.h"

static const double MIN_DIST = 0.1; /* umap-learn's default: points of a cluster beside each other, not on each other */

static const char EMBEDDINGS[] = "the embeddings", REDUCED[] = "the reduced vectors";

static bool is_file(const zsc_plane_options *o)
{
    return strcmp(o->layout, "umap2d") != 0 && strcmp(o->layout, "pca") != 0;
}

/* --- Neighbours */
static zsc_status search(const float *x, size_t n, size_t d, const zsc_knn_options *how, const zsc_exec *exec,
                         zsc_knn *out)
{
    zsc_knn_options o = *how;
    if (o.neighbors > n) o.neighbors = n;
    return zsc_knn_search(x, n, d, &o, exec, out);
}

/* The first of each row's neighbours, without the row itself. */
static zsc_status take_nearest(const zsc_knn *knn, size_t wanted, zsc_plane *p)
{
    zsc_status status = ZSC_OK;
    size_t count = wanted < knn->k ? wanted : knn->k - 1;
    if (count == 0) return ZSC_OK;
    ZSC_NEW_RAW(p->near, knn->n * count);
    for (size_t i = 0; i < knn->n; i++) {
        size_t taken = 0;
        for (size_t j = 0; j < knn->k && taken < count; j++)
            if (knn->index[i * knn->k + j] != (int32_t)i) p->near[i * count + taken++] = knn->index[i * knn->k + j];
    }
    p->neighbors = count;
done:
    return status;
}

static zsc_status nearest_reduced(const zsc_result *r, const zsc_plane_options *o, const zsc_exec *exec, zsc_plane *p)
{
    zsc_status status = ZSC_OK;
    zsc_knn knn = {0};
    zsc_knn_options how = zsc_knn_defaults();
    how.neighbors = o->neighbors + 1;
    if (!r->reduced || o->neighbors == 0) return ZSC_OK;
    ZSC_TRY(search(r->reduced, r->rows, r->reduced_dim, &how, exec, &knn));
    ZSC_TRY(take_nearest(&knn, o->neighbors, p));
    p->nearest_in = REDUCED;
done:
    zsc_knn_free(&knn);
    return status;
}

/* --- Layouts */
/* UMAP of x (n x d) to two dimensions, and the nearest rows, from one search. */
static zsc_status umap_of(const float *x, size_t n, size_t d, const zsc_umap_options *settings, uint64_t knn_seed,
                          const zsc_plane_options *o, const zsc_exec *exec, zsc_plane *p)
{
    zsc_status status = ZSC_OK;
    zsc_knn knn = {0};
    zsc_umap_options u = *settings;
    u.n_components = 2;
    u.min_dist = MIN_DIST;
    u.a = u.b = 0;
    u.n_epochs = ZSC_UMAP_DEFAULT_EPOCHS;
    if (u.spread < u.min_dist) u.spread = 1;
    if (u.n_neighbors >= n) u.n_neighbors = n - 1;
    if (u.n_neighbors < 2) { /* two or three rows: a line */
        for (size_t i = 0; i < n; i++) p->xy[2 * i] = (float)i, p->xy[2 * i + 1] = 0;
        return ZSC_OK;
    }
    const zsc_knn_options how = {.neighbors = o->neighbors >= u.n_neighbors ? o->neighbors + 1 : u.n_neighbors,
                                 .metric = u.metric,
                                 .method = u.knn,
                                 .seed = knn_seed};
    ZSC_TRY(search(x, n, d, &how, exec, &knn));
    ZSC_TRY(take_nearest(&knn, o->neighbors, p));
    if (knn.k > u.n_neighbors) { /* the graph is of fewer than are shown */
        for (size_t i = 0; i < n; i++) {
            memmove(knn.index + i * u.n_neighbors, knn.index + i * knn.k, u.n_neighbors * sizeof *knn.index);
            memmove(knn.distance + i * u.n_neighbors, knn.distance + i * knn.k, u.n_neighbors * sizeof *knn.distance);
        }
        knn.k = u.n_neighbors;
    }
    ZSC_TRY(zsc_umap_fit_part(x, n, d, &u, &(zsc_umap_part){.knn = &knn}, exec, p->xy, NULL));
done:
    zsc_knn_free(&knn);
    return status;
}

static bool is_gone(const zsc_result *r)
{
    for (size_t m = 0; m < r->modalities; m++)
        if (access(r->modality[m].path, F_OK) != 0 && errno == ENOENT) return true;
    return false;
}

/* The dataset of the run, from where its result says. */
static zsc_status load_again(const zsc_result *r, const zsc_rerun *again, const zsc_exec *exec, zsc_dataset *out,
                             bool *gone)
{
    int here = open(".", O_RDONLY | O_CLOEXEC);
    if (here < 0) return zsc_fail(ZSC_EINPUT, "cannot read this folder, which zsc atlas must come back to");
    zsc_rerun_enter(again);
    *gone = is_gone(r);
    zsc_status status = zsc_dataset_load(&again->options.data, exec, out);
    if (fchdir(here) != 0 && status == ZSC_OK) status = zsc_fail(ZSC_EINPUT, "this folder is gone");
    close(here);
    if (status != ZSC_OK) return status;
    bool same = out->n == r->rows;
    for (size_t i = 0; same && i < out->n; i++) same = strcmp(out->id[i], r->id[i]) == 0;
    if (!same) {
        zsc_dataset_free(out);
        status = zsc_fail(ZSC_EINPUT, "its files no longer have the same rows; run it again");
    }
    return status;
}

/* *gone: a file of the run's embeddings is no longer there, which fails. */
static zsc_status umap_of_inputs(const zsc_result *r, const zsc_plane_options *o, const zsc_exec *exec, zsc_plane *p,
                                 bool *gone)
{
    zsc_status status = ZSC_OK;
    zsc_rerun again = {0};
    zsc_dataset data = {0};
    if ((status = zsc_rerun_read(r, &again)) != ZSC_OK) return status;
    ZSC_TRY(load_again(r, &again, exec, &data, gone));
    zsc_umap_options u = again.options.umap;
    u.seed = again.options.seed;
    const zsc_exec held = zsc_memory_hold(exec, data.n * data.d * sizeof *data.x);
    ZSC_TRY(umap_of(data.x, data.n, data.d, &u, again.options.data.seed, o, &held, p));
    p->how = "UMAP of the embeddings";
    p->nearest_in = EMBEDDINGS;
done:
    zsc_dataset_free(&data);
    zsc_rerun_free(&again);
    return status;
}

static zsc_status umap_of_reduced(const zsc_result *r, const zsc_plane_options *o, const zsc_exec *exec, zsc_plane *p)
{
    zsc_umap_options u = zsc_run_defaults().umap;
    u.metric = ZSC_EUCLIDEAN;
    u.seed = r->seed;
    p->how = "UMAP of the reduced vectors";
    p->nearest_in = REDUCED;
    return umap_of(r->reduced, r->rows, r->reduced_dim, &u, 0, o, exec, p);
}

static zsc_status make_umap(const zsc_result *r, const zsc_plane_options *o, const zsc_exec *exec, zsc_plane *p)
{
    if (r->reduced && r->reduced_dim == 2 && strcmp(r->reduce, "umap") == 0) {
        memcpy(p->xy, r->reduced, 2 * r->rows * sizeof *p->xy);
        p->how = "UMAP, the layout that was clustered";
        return nearest_reduced(r, o, exec, p);
    }
    bool gone = false;
    zsc_status status = umap_of_inputs(r, o, exec, p, &gone);
    if (status != ZSC_EINPUT || !gone) return status;
    if (!r->reduced)
        return zsc_context(status,
                           "'%s' keeps no reduced vectors (zsc run --keep-reduced), and its embeddings cannot "
                           "be read; --layout FILE gives coordinates",
                           r->path);
    zsc_note("'%s': the embeddings of the run cannot be read (%s); the map is of its reduced vectors", r->path,
             zsc_error_message());
    zsc_error_clear();
    return umap_of_reduced(r, o, exec, p);
}

static zsc_status make_pca(const zsc_result *r, const zsc_plane_options *o, const zsc_exec *exec, zsc_plane *p)
{
    zsc_status status = ZSC_OK;
    if (!r->reduced || r->reduced_dim < 2)
        return zsc_fail(ZSC_EINPUT,
                        "--layout pca: '%s' keeps no reduced vectors of two dimensions or more; zsc run "
                        "writes them with --keep-reduced",
                        r->path);
    ZSC_TRY(zsc_result_plane(r, exec, p->xy));
    p->how = r->reduced_dim == 2 ? "the reduced vectors" : "principal axes of the reduced vectors";
    ZSC_TRY(nearest_reduced(r, o, exec, p));
done:
    return status;
}

zsc_status zsc_plane_make(const zsc_result *r, const zsc_plane_options *o, const zsc_exec *exec, zsc_plane *out)
{
    zsc_status status = ZSC_OK;
    zsc_plane p = {0};
    ZSC_NEW(p.xy, 2 * r->rows);
    if (is_file(o)) {
        ZSC_TRY(zsc_plane_file_read(o->layout, r, p.xy));
        p.how = "coordinates from a file";
        ZSC_TRY(nearest_reduced(r, o, exec, &p));
    } else {
        ZSC_TRY(strcmp(o->layout, "pca") == 0 ? make_pca(r, o, exec, &p) : make_umap(r, o, exec, &p));
    }
    *out = p;
    p = (zsc_plane){0};
done:
    zsc_plane_free(&p);
    return status;
}

void zsc_plane_free(zsc_plane *p)
{
    free(p->xy);
    free(p->near);
    *p = (zsc_plane){0};
}
