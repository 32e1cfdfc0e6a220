#include "experiment/store/result_layers.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

typedef struct layer_field {
    const char *object;
    size_t offset;
} layer_field;

static const layer_field counts[] = {
    {"/layers/min_cluster_size", offsetof(zsc_result_layer, min_cluster_size)},
    {"/layers/persistence", offsetof(zsc_result_layer, persistence)},
    {"/layers/clusters", offsetof(zsc_result_layer, clusters)},
    {"/layers/clustered", offsetof(zsc_result_layer, clustered)},
};
enum { COUNTS = sizeof counts / sizeof *counts };

static const layer_field scores[] = {
    {"/layers/ami", offsetof(zsc_layer_scores, ami)},
    {"/layers/ami_clustered", offsetof(zsc_layer_scores, ami_clustered)},
    {"/layers/ami_singletons", offsetof(zsc_layer_scores, ami_singletons)},
    {"/layers/homogeneity", offsetof(zsc_layer_scores, homogeneity)},
    {"/layers/completeness", offsetof(zsc_layer_scores, completeness)},
};
enum { SCORES = sizeof scores / sizeof *scores };

static const char labels[] = "/layers/labels";
enum { MOST_LAYERS = 4096 }; /* a damaged count must not become an allocation */

static size_t *count_at(const zsc_result *r, size_t layer, size_t field)
{
    return (size_t *)((char *)&r->layer[layer] + counts[field].offset);
}

static double *score_at(const zsc_result *r, size_t layer, size_t rank, size_t field)
{
    return (double *)((char *)&r->layer[layer].score[rank] + scores[field].offset);
}

size_t zsc_result_layer_chosen(const zsc_result *r)
{
    size_t most = SIZE_MAX;
    for (size_t i = 0; i < r->layers; i++)
        if (most == SIZE_MAX || r->layer[i].persistence > r->layer[most].persistence) most = i;
    return most;
}

static zsc_status write_labels(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    int32_t *all = NULL;
    ZSC_NEW_RAW(all, r->layers * r->rows);
    for (size_t l = 0; l < r->layers; l++)
        for (size_t i = 0; i < r->rows; i++) all[l * r->rows + i] = r->layer[l].label[i];
    status = zsc_h5_write(file, labels, ZSC_H5_I32, 2, (const size_t[]){r->layers, r->rows}, all);
done:
    free(all);
    return status;
}

zsc_status zsc_result_layers_write(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    int64_t *count = NULL;
    double *score = NULL;
    if (r->layers == 0) return ZSC_OK;
    ZSC_NEW_RAW(count, r->layers);
    ZSC_NEW_RAW(score, r->layers * r->scores + 1);
    for (size_t f = 0; f < COUNTS; f++) {
        for (size_t l = 0; l < r->layers; l++) count[l] = (int64_t)*count_at(r, l, f);
        ZSC_TRY(zsc_h5_write(file, counts[f].object, ZSC_H5_I64, 1, &r->layers, count));
    }
    for (size_t f = 0; r->scores && f < SCORES; f++) {
        for (size_t l = 0; l < r->layers; l++)
            for (size_t j = 0; j < r->scores; j++) score[l * r->scores + j] = *score_at(r, l, j, f);
        ZSC_TRY(zsc_h5_write(file, scores[f].object, ZSC_H5_F64, 2, (const size_t[]){r->layers, r->scores}, score));
    }
    status = write_labels(file, r);
done:
    free(count);
    free(score);
    return status;
}

static zsc_status damaged(zsc_h5 *file, const char *object)
{
    return zsc_fail(ZSC_EINPUT, "result '%s' is damaged: %s", zsc_h5_path(file), object);
}

/* OBJECT has a value per layer, and per layer and COLUMNS where there are columns. */
static zsc_status expect(zsc_h5 *file, const char *object, size_t layers, size_t columns)
{
    zsc_h5_info info;
    zsc_status status = zsc_h5_stat(file, object, &info);
    if (status != ZSC_OK) return status;
    bool fits = !info.is_group && info.rank == (columns ? 2 : 1) && info.shape[0] == layers &&
                (!columns || info.shape[1] == columns);
    return fits ? ZSC_OK : damaged(file, object);
}

static zsc_status read_counts(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    int64_t *count = NULL;
    ZSC_NEW_RAW(count, r->layers);
    for (size_t f = 0; f < COUNTS; f++) {
        ZSC_TRY(expect(file, counts[f].object, r->layers, 0));
        ZSC_TRY(zsc_h5_read(file, counts[f].object, ZSC_H5_I64, 1, &r->layers, count));
        for (size_t l = 0; l < r->layers; l++) {
            if (count[l] < 0) {
                status = damaged(file, counts[f].object);
                goto done;
            }
            *count_at(r, l, f) = (size_t)count[l];
        }
    }
done:
    free(count);
    return status;
}

static zsc_status read_scores(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    double *score = NULL;
    ZSC_NEW_RAW(score, r->layers * r->scores);
    for (size_t f = 0; f < SCORES; f++) {
        ZSC_TRY(expect(file, scores[f].object, r->layers, r->scores));
        ZSC_TRY(zsc_h5_read(file, scores[f].object, ZSC_H5_F64, 2, (const size_t[]){r->layers, r->scores}, score));
        for (size_t l = 0; l < r->layers; l++)
            for (size_t j = 0; j < r->scores; j++) *score_at(r, l, j, f) = score[l * r->scores + j];
    }
done:
    free(score);
    return status;
}

zsc_status zsc_result_layers_read(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    if (!zsc_h5_has(file, "/layers")) return ZSC_OK;
    ZSC_TRY(zsc_h5_stat(file, counts[0].object, &info));
    if (info.is_group || info.rank != 1 || info.shape[0] > MOST_LAYERS) return damaged(file, counts[0].object);
    ZSC_NEW(r->layer, info.shape[0]);
    for (r->layers = 0; r->layers < info.shape[0]; r->layers++) ZSC_NEW(r->layer[r->layers].score, r->scores);
    ZSC_TRY(read_counts(file, r));
    if (r->scores) status = read_scores(file, r);
done:
    return status;
}

zsc_status zsc_result_layer_labels_read(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    int32_t *all = NULL;
    if (r->layers == 0) return ZSC_OK;
    ZSC_TRY(expect(file, labels, r->layers, r->rows));
    ZSC_NEW_RAW(all, r->layers * r->rows);
    ZSC_TRY(zsc_h5_read(file, labels, ZSC_H5_I32, 2, (const size_t[]){r->layers, r->rows}, all));
    for (size_t l = 0; l < r->layers; l++) {
        ZSC_NEW_RAW(r->layer[l].label, r->rows);
        for (size_t i = 0; i < r->rows; i++) {
            int32_t label = all[l * r->rows + i];
            if (label < -1 || (label >= 0 && (size_t)label >= r->layer[l].clusters)) {
                status = damaged(file, labels);
                goto done;
            }
            r->layer[l].label[i] = label;
        }
    }
done:
    free(all);
    return status;
}

zsc_status zsc_result_layers_list(const zsc_result *r, zsc_list *objects)
{
    zsc_status status = ZSC_OK;
    if (r->layers == 0) return ZSC_OK;
    for (size_t f = 0; f < COUNTS; f++) ZSC_TRY(zsc_list_add(objects, counts[f].object));
    for (size_t f = 0; r->scores && f < SCORES; f++) ZSC_TRY(zsc_list_add(objects, scores[f].object));
    status = zsc_list_add(objects, labels);
done:
    return status;
}

void zsc_result_layers_hash(zsc_hash *hash, const zsc_result *r)
{
    for (size_t l = 0; l < r->layers; l++) {
        for (size_t f = 0; f < COUNTS; f++) zsc_hash_add(hash, &(uint64_t){*count_at(r, l, f)}, sizeof(uint64_t));
        for (size_t j = 0; j < r->scores; j++)
            for (size_t f = 0; f < SCORES; f++) zsc_hash_add(hash, score_at(r, l, j, f), sizeof(double));
        zsc_hash_add(hash, r->layer[l].label, r->rows * sizeof *r->layer[l].label);
    }
}

void zsc_result_layers_free_labels(zsc_result *r)
{
    for (size_t l = 0; l < r->layers; l++) {
        free(r->layer[l].label);
        r->layer[l].label = NULL;
    }
}

void zsc_result_layers_free(zsc_result *r)
{
    zsc_result_layers_free_labels(r);
    for (size_t l = 0; l < r->layers; l++) free(r->layer[l].score);
    free(r->layer);
    r->layer = NULL;
    r->layers = 0;
}
