/* zsc umap: UMAP as a tool of its own, under umap-learn's parameter names. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/inputs.h"
#include "data/matrix_digest.h"
#include "io/labels.h"
#include "io/h5/h5.h"
#include "io/npy.h"
#include "knn/given_lists.h"
#include "zsc/zsc.h"

typedef struct umap_arguments {
    cli_common common;
    zsc_umap_options options;
    cli_matrix matrix;
    const char *output, *init, *neighbours, *resume;
    int metric, method;
    size_t stop;
    zsc_seeds seed;
    zsc_dataset data; /* n, d, x of a .npy too; then without ids */
    zsc_knn knn;
    float *y;
    size_t first_epoch;
    char fingerprint[ZSC_DIGEST_TEXT];
    uint64_t graph[2]; /* with which the layout to be resumed was made */
    char *made_with;   /* its neighbours, in words */
} umap_arguments;

static zsc_status defaults(void *data)
{
    umap_arguments *a = data;
    a->options = zsc_umap_defaults();
    a->metric = (int)a->options.metric;
    a->method = (int)a->options.knn;
    a->init = "spectral";
    return ZSC_OK;
}

/* --- Input */
static zsc_status add_digest(zsc_dataset *data)
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_matrix_digest_add(hash, &(zsc_column_block){data->x, data->d}, 1, data->n);
    zsc_digest matrix = zsc_hash_end(hash);
    data->matrix_digest[0] = matrix.high;
    data->matrix_digest[1] = matrix.low;
    return ZSC_OK;
}

static zsc_status read_npy(umap_arguments *a)
{
    zsc_dataset *data = &a->data;
    if (a->matrix.split)
        return cli_usage("option --split needs an embeddings file with a split column; '%s' has none",
                         a->matrix.embeddings.item[0]);
    if (a->matrix.inputs.h5_paths.embedding)
        return cli_usage("option --h5-embedding needs an HDF5 file, and '%s' is not one", a->matrix.embeddings.item[0]);
    if (a->matrix.inputs.missing_values)
        return cli_usage("option --missing-values needs labels, and '%s' has none", a->matrix.embeddings.item[0]);
    zsc_status status = zsc_npy_read_f32(a->matrix.embeddings.item[0], &data->x, &data->n, &data->d);
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < data->n * data->d; i++)
        if (!isfinite(data->x[i]))
            return zsc_fail(ZSC_EINPUT, "'%s': row %zu holds %g in column %zu", a->matrix.embeddings.item[0],
                            i / data->d + 1, (double)data->x[i], i % data->d + 1);
    status = zsc_scale_rows(data->x, data->n, data->d, (zsc_scale)a->matrix.scale, NULL, 1, &a->common.exec);
    return status == ZSC_OK ? add_digest(data) : status;
}

static zsc_status read_rows(umap_arguments *a)
{
    zsc_status status = ZSC_OK;
    zsc_dataset_options load;
    ZSC_TRY(cli_matrix_options(&a->matrix, &load));
    if (a->matrix.embeddings.count == 1 && zsc_text_ends(a->matrix.embeddings.item[0], ".npy")) {
        ZSC_TRY(read_npy(a));
    } else {
        ZSC_TRY(zsc_dataset_load(&load, &a->common.exec, &a->data));
    }
    zsc_digest_text(zsc_hash_bytes(a->data.x, a->data.n * a->data.d * sizeof *a->data.x), a->fingerprint);
done:
    return status;
}

/* Ids of FILE, where both have some, must be those of the rows. */
static zsc_status check_ids(const umap_arguments *a, zsc_h5 *file)
{
    zsc_status status = ZSC_OK;
    char **id = NULL;
    size_t count = 0;
    if (!a->data.id || !zsc_h5_has(file, "/id")) return ZSC_OK;
    ZSC_TRY(zsc_h5_read_all_strings(file, "/id", &id, &count));
    if (count != a->data.n) {
        status = zsc_fail(ZSC_EINPUT, "'%s' holds %zu rows, and the embeddings %zu", zsc_h5_path(file), count,
                          a->data.n);
        goto done;
    }
    for (size_t i = 0; i < count; i++)
        if (strcmp(id[i], a->data.id[i]) != 0) {
            status = zsc_fail(ZSC_EINPUT, "'%s': row %zu is %s, and in the embeddings it is %s", zsc_h5_path(file),
                              i + 1, id[i], a->data.id[i]);
            goto done;
        }
done:
    free(id);
    return status;
}

/* A two-dimensional dataset of n rows; its columns to *columns. */
static zsc_status check_shape(zsc_h5 *file, const char *object, size_t n, size_t *columns)
{
    zsc_h5_info info;
    zsc_status status = zsc_h5_stat(file, object, &info);
    if (status != ZSC_OK) return status;
    if (info.is_group || info.rank != 2 || info.shape[0] != n || info.shape[1] == 0)
        return zsc_fail(ZSC_EINPUT, "'%s': %s is not a table of %zu rows", zsc_h5_path(file), object, n);
    *columns = info.shape[1];
    return ZSC_OK;
}

static char *embeddings_text(const umap_arguments *a)
{
    zsc_text text = {0};
    for (size_t i = 0; i < a->matrix.embeddings.count; i++)
        zsc_text_printf(&text, "%s%s", i ? " " : "", a->matrix.embeddings.item[i]);
    return text.data;
}

/* The file's neighbours must be those of this matrix: by the digest of the one that was searched, or, where the file
 * has none, by the distances of some rows. */
static zsc_status check_matrix(const umap_arguments *a, zsc_h5 *file)
{
    enum { SAMPLE = 50 };
    zsc_status status = ZSC_OK;
    const zsc_dataset *data = &a->data;
    char *before = NULL, own[ZSC_DIGEST_TEXT], scale[32], *embeddings = embeddings_text(a);
    if (!embeddings) return ZSC_EINTERNAL;
    zsc_digest_text((zsc_digest){data->matrix_digest[0], data->matrix_digest[1]}, own);
    ZSC_TRY(zsc_h5_get_text(file, "/knn", "matrix", "", &before));
    if (*before && strcmp(before, own) != 0)
        status = zsc_fail(ZSC_EINPUT, "the digest of the matrix is %s there, and here %s", before, own);
    else if (!*before)
        status = zsc_knn_check_distances(data->x, data->n, data->d, &a->knn, a->options.metric, SAMPLE,
                                         &a->common.exec);
    if (status == ZSC_EINPUT)
        status = zsc_context(status,
                             "the neighbours in '%s' are not those of '%s' with --scale %s: search again by zsc knn, "
                             "or give the embeddings and --scale as then",
                             a->neighbours, embeddings,
                             zsc_value_choice_text(ZSC_SCALE_CHOICES, a->matrix.scale, scale, sizeof scale));
done:
    free(before);
    free(embeddings);
    return status;
}

static zsc_status read_neighbours(umap_arguments *a)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    char *metric = NULL, own[16];
    size_t k = 0, again = 0;
    ZSC_TRY(zsc_h5_open(a->neighbours, &file));
    ZSC_TRY(check_shape(file, "/knn/index", a->data.n, &k));
    ZSC_TRY(check_shape(file, "/knn/distance", a->data.n, &again));
    ZSC_TRY(zsc_h5_get_text(file, "/knn", "metric", "", &metric));
    if (k != again) {
        status = zsc_fail(ZSC_EINPUT, "'%s': /knn/index has %zu columns, and /knn/distance %zu", a->neighbours, k,
                          again);
        goto done;
    }
    if (*metric && strcmp(metric, zsc_value_choice_text(ZSC_METRIC_CHOICES, a->metric, own, sizeof own)) != 0) {
        status = zsc_fail(ZSC_EUSAGE, "the neighbours in '%s' are by the %s metric, and --metric is %s", a->neighbours,
                          metric, own);
        goto done;
    }
    ZSC_TRY(check_ids(a, file));
    a->knn = (zsc_knn){.n = a->data.n, .k = k, .method = ZSC_KNN_EXACT};
    const size_t shape[2] = {a->data.n, k};
    ZSC_NEW_RAW(a->knn.index, a->data.n * k);
    ZSC_NEW_RAW(a->knn.distance, a->data.n * k);
    ZSC_TRY(zsc_h5_read(file, "/knn/index", ZSC_H5_I32, 2, shape, a->knn.index));
    ZSC_TRY(zsc_h5_read(file, "/knn/distance", ZSC_H5_F32, 2, shape, a->knn.distance));
    ZSC_TRY(zsc_context(zsc_knn_arrange(&a->knn), "'%s'", a->neighbours));
    ZSC_TRY(check_matrix(a, file));
    size_t wanted = a->options.n_neighbors < a->data.n ? a->options.n_neighbors : a->data.n - (a->data.n > 1);
    if (wanted > k) {
        status = zsc_fail(ZSC_EUSAGE, "'%s' holds %zu neighbours a row, and --n-neighbors is %zu", a->neighbours, k,
                          wanted);
        goto done;
    }
    for (size_t i = 1; i < a->data.n; i++) /* the first --n-neighbors of each list */
        for (size_t j = 0; j < wanted; j++) {
            a->knn.index[i * wanted + j] = a->knn.index[i * k + j];
            a->knn.distance[i * wanted + j] = a->knn.distance[i * k + j];
        }
    a->knn.k = wanted;
done:
    free(metric);
    zsc_h5_close(file);
    return status;
}

/* --- Parameters, as they are written to the file and compared when a run is resumed */
typedef struct parameter {
    const char *name;
    double value;
} parameter;
enum { PARAMETERS = 17 };

static void parameters(const umap_arguments *a, parameter out[PARAMETERS])
{
    const zsc_umap_options *o = &a->options;
    const parameter list[PARAMETERS] = {{"n_components", (double)o->n_components},
                                        {"n_neighbors", (double)o->n_neighbors},
                                        {"metric", (double)o->metric},
                                        {"min_dist", o->min_dist},
                                        {"spread", o->spread},
                                        {"a", o->a},
                                        {"b", o->b},
                                        {"set_op_mix_ratio", o->set_op_mix_ratio},
                                        {"local_connectivity", o->local_connectivity},
                                        {"n_epochs", (double)zsc_umap_epochs(o, a->data.n)},
                                        {"learning_rate", o->learning_rate},
                                        {"repulsion_strength", o->repulsion_strength},
                                        {"negative_sample_rate", (double)o->negative_sample_rate},
                                        {"init", (double)o->init},
                                        {"unique", (double)o->unique},
                                        {"seed_low", (double)(o->seed & UINT32_MAX)},
                                        {"seed_high", (double)(o->seed >> 32)}};
    memcpy(out, list, sizeof list);
}

static zsc_status read_given(const umap_arguments *a, const char *source)
{
    zsc_status status = ZSC_OK;
    char *path = NULL, *member = NULL, *object = NULL;
    float *values = NULL;
    size_t n = 0, dim = 0, wanted = a->options.n_components;
    zsc_h5 *file = NULL;
    if (zsc_text_ends(source, ".npy")) {
        ZSC_TRY(zsc_npy_read_f32(source, &values, &n, &dim));
        if (n != a->data.n || dim != wanted) {
            status = zsc_fail(ZSC_EINPUT, "the initialisation in '%s' is %zu x %zu, expected %zu x %zu", source, n, dim,
                              a->data.n, wanted);
            goto done;
        }
        memcpy(a->y, values, n * dim * sizeof *values);
        goto done;
    }
    ZSC_TRY(zsc_labels_split_source(source, &path, &member));
    object = !member          ? zsc_strdup("/embeddings/umap")
             : *member == '/' ? zsc_strdup(member)
                              : zsc_asprintf("/embeddings/%s", member);
    if (!object) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_h5_open(path, &file));
    ZSC_TRY(check_shape(file, object, a->data.n, &dim));
    if (dim != wanted) {
        status = zsc_fail(ZSC_EINPUT, "'%s': %s has %zu columns, and --n-components is %zu", path, object, dim, wanted);
        goto done;
    }
    ZSC_TRY(check_ids(a, file));
    ZSC_TRY(zsc_h5_read(file, object, ZSC_H5_F32, 2, (const size_t[]){a->data.n, dim}, a->y));
done:
    zsc_h5_close(file);
    free(values);
    free(path);
    free(member);
    free(object);
    return status;
}

/* What the input is made of, in words: written to the file, and named where a layout cannot be resumed. */
enum { SOURCES = 3 };
typedef struct source {
    const char *name;
    char *text;
} source;

static void sources_free(source list[SOURCES])
{
    for (size_t i = 0; i < SOURCES; i++) free(list[i].text);
}

static zsc_status sources_of(const umap_arguments *a, source out[SOURCES])
{
    char scale[32];
    source list[SOURCES] = {
        {"embeddings", embeddings_text(a)},
        {"split", zsc_strdup(a->matrix.split ? a->matrix.split : "all rows")},
        {"scale", zsc_strdup(zsc_value_choice_text(ZSC_SCALE_CHOICES, a->matrix.scale, scale, sizeof scale))}};
    memcpy(out, list, sizeof list);
    if (list[0].text && list[1].text && list[2].text) return ZSC_OK;
    sources_free(out);
    return ZSC_EINTERNAL;
}

/* "'half.h5' was made from other embeddings than these: split test, and here it is train" */
static zsc_status fail_other_input(const umap_arguments *a, zsc_h5 *file)
{
    zsc_status status = ZSC_OK;
    source list[SOURCES] = {{0}};
    char *before = NULL;
    ZSC_TRY(sources_of(a, list));
    for (size_t i = SOURCES; i-- > 0;) { /* the file last: another name may be another way to the same file */
        free(before);
        before = NULL;
        ZSC_TRY(zsc_h5_get_text(file, "/embeddings/umap", list[i].name, list[i].text, &before));
        if (strcmp(before, list[i].text) == 0) continue;
        status = zsc_fail(ZSC_EINPUT, "'%s' was made from other embeddings than these: %s %s, and here %s", a->resume,
                          list[i].name, before, list[i].text);
        goto done;
    }
    status = zsc_fail(ZSC_EINPUT, "'%s' was made from other embeddings than these: what '%s' holds has changed",
                      a->resume, list[0].text);
done:
    sources_free(list);
    free(before);
    return status;
}

/* Where the neighbours come from, in words. */
static char *neighbours_text(const umap_arguments *a, zsc_knn_method method)
{
    char text[16];
    return a->neighbours
               ? zsc_asprintf("file '%s'", a->neighbours)
               : zsc_asprintf("%s search", zsc_value_choice_text(ZSC_KNN_CHOICES, (int)method, text, sizeof text));
}

static bool parse_digest(const char *text, uint64_t out[2])
{
    if (strlen(text) != ZSC_DIGEST_TEXT - 1) return false;
    out[0] = out[1] = 0;
    for (size_t i = 0; i < ZSC_DIGEST_TEXT - 1; i++) {
        const char *digit = strchr("0123456789abcdef", text[i]);
        if (!digit) return false;
        out[i / 16] = out[i / 16] * 16 + (uint64_t)(digit - "0123456789abcdef");
    }
    return true;
}

/* The graph that the stopped layout was made with; fit_part compares it with that of this run. */
static zsc_status read_graph(umap_arguments *a, zsc_h5 *file)
{
    char *text = NULL;
    zsc_status status = zsc_h5_get_text(file, "/embeddings/umap", "graph", "", &text);
    if (status == ZSC_OK && !parse_digest(text, a->graph))
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' does not say with which graph it was made: an older zsc wrote it. Begin again without "
                          "--resume",
                          a->resume);
    free(text);
    return status == ZSC_OK ? zsc_h5_get_text(file, "/embeddings/umap", "neighbours", "", &a->made_with) : status;
}

/* fit_part's refusal of another graph, in words. */
static zsc_status explain(const umap_arguments *a, const zsc_umap_report *r, zsc_status status)
{
    bool compared = r->graph[0] || r->graph[1];
    if (status == ZSC_OK || !a->resume || !compared || memcmp(r->graph, a->graph, sizeof a->graph) == 0) return status;
    char *own = neighbours_text(a, r->method);
    if (!own) return ZSC_EINTERNAL;
    status = zsc_fail(ZSC_EUSAGE,
                      "'%s' was made with other neighbours: there %s, here %s%s; give --knn and --knn-file as then, or "
                      "begin again without --resume",
                      a->resume, a->made_with, own,
                      strcmp(own, a->made_with) == 0 ? " with other contents (another processor?)" : "");
    free(own);
    return status;
}

static size_t epochs_by_default(const umap_arguments *a)
{
    const zsc_umap_options defaults = zsc_umap_defaults();
    return zsc_umap_epochs(&defaults, a->data.n);
}

/* A run that was stopped is resumed only as the same run. */
static zsc_status read_stopped(umap_arguments *a)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    char *fingerprint = NULL;
    int64_t epoch;
    parameter list[PARAMETERS];
    ZSC_TRY(read_given(a, a->resume));
    ZSC_TRY(zsc_h5_open(a->resume, &file));
    ZSC_TRY(zsc_h5_get_int(file, "/embeddings/umap", "epoch", -1, &epoch));
    ZSC_TRY(zsc_h5_get_text(file, "/embeddings/umap", "input", "", &fingerprint));
    size_t epochs = zsc_umap_epochs(&a->options, a->data.n);
    if (epoch < 1 || (uint64_t)epoch > epochs) {
        status = zsc_fail(ZSC_EINPUT, "'%s' was not stopped within %zu epochs: there is nothing to resume", a->resume,
                          epochs);
        goto done;
    }
    if (strcmp(fingerprint, a->fingerprint) != 0) {
        status = fail_other_input(a, file);
        goto done;
    }
    parameters(a, list);
    for (size_t i = 0; i < PARAMETERS; i++) {
        double before;
        ZSC_TRY(zsc_h5_get_double(file, "/embeddings/umap", list[i].name, NAN, &before));
        if (before == 0 && strcmp(list[i].name, "n_epochs") == 0)
            before = (double)epochs_by_default(a); /* older files hold 0 where none were given */
        if (before != list[i].value) {
            status = zsc_fail(ZSC_EUSAGE, "'%s' was made with %s %g, and here it is %g", a->resume, list[i].name,
                              before, list[i].value);
            goto done;
        }
    }
    ZSC_TRY(read_graph(a, file));
    a->first_epoch = (size_t)epoch;
done:
    free(fingerprint);
    zsc_h5_close(file);
    return status;
}

/* --- Output */
static zsc_status write_column(zsc_h5 *file, const char *object, const zsc_column *c, size_t n)
{
    zsc_status status = ZSC_OK;
    const char **text = NULL;
    ZSC_NEW(text, n);
    for (size_t i = 0; i < n; i++) text[i] = c->code[i] < 0 ? "" : c->level[c->code[i]];
    ZSC_TRY(zsc_h5_write_strings(file, object, text, n));
done:
    free(text);
    return status;
}

static zsc_status write_origin(const umap_arguments *a, const zsc_umap_report *r, zsc_h5 *file)
{
    zsc_status status = ZSC_OK;
    source list[SOURCES] = {{0}};
    char text[ZSC_DIGEST_TEXT], *neighbours = neighbours_text(a, r->method);
    if (!neighbours) return ZSC_EINTERNAL;
    ZSC_TRY(sources_of(a, list));
    ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "input", a->fingerprint));
    for (size_t i = 0; i < SOURCES; i++) ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", list[i].name, list[i].text));
    zsc_digest_text((zsc_digest){r->graph[0], r->graph[1]}, text);
    ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "graph", text));
    if (a->stop) ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "neighbours", neighbours)); /* for its resume */
done:
    sources_free(list);
    free(neighbours);
    return status;
}

static zsc_status write_h5(const umap_arguments *a, size_t epoch, const zsc_umap_report *r)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    const zsc_dataset *data = &a->data;
    size_t shape[2] = {data->n, a->options.n_components};
    parameter list[PARAMETERS];
    char label[256] = "";
    ZSC_TRY(zsc_h5_create(a->output, &file));
    if (data->id) ZSC_TRY(zsc_h5_write_strings(file, "/id", (const char *const *)data->id, data->n));
    ZSC_TRY(zsc_h5_write(file, "/embeddings/umap", ZSC_H5_F32, 2, shape, a->y));
    for (size_t i = 0; i < data->ranks; i++) {
        char *object = zsc_asprintf("/labels/%s", data->rank[i].name);
        status = object ? write_column(file, object, &data->rank[i], data->n) : ZSC_EINTERNAL;
        free(object);
        if (status != ZSC_OK) goto done;
    }
    if (data->split.code) ZSC_TRY(write_column(file, "/split", &data->split, data->n));
    bool simulated = false;
    for (size_t m = 0; m < data->modalities; m++) {
        size_t used = strlen(label);
        snprintf(label + used, sizeof label - used, "%s%s", m ? "+" : "UMAP of ", data->modality[m].encoder);
        simulated = simulated || data->modality[m].simulated;
    }
    if (data->modalities == 1)
        ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "modality", data->modality[0].modality));
    ZSC_TRY(zsc_h5_set_text(file, "/embeddings/umap", "label", *label ? label : "UMAP"));
    if (simulated) ZSC_TRY(zsc_h5_set_int(file, "/", "simulated", 1));
    parameters(a, list);
    for (size_t i = 0; i < PARAMETERS; i++)
        ZSC_TRY(zsc_h5_set_double(file, "/embeddings/umap", list[i].name, list[i].value));
    ZSC_TRY(zsc_h5_set_int(file, "/embeddings/umap", "epoch", (int64_t)epoch));
    ZSC_TRY(write_origin(a, r, file));
    zsc_h5 *whole = file;
    file = NULL;
    ZSC_TRY(zsc_h5_commit(whole));
done:
    zsc_h5_close(file);
    return status;
}

static void tell(const umap_arguments *a, const zsc_umap_report *r)
{
    char method[16];
    const zsc_umap_seconds *s = &r->seconds;
    if (r->neighbors < a->options.n_neighbors && !a->neighbours)
        zsc_warn("%zu rows have fewer than %zu neighbours each: %zu are used", r->rows, a->options.n_neighbors,
                 r->neighbors);
    if (r->rows < a->data.n) zsc_note("%zu of %zu rows are distinct and were laid out", r->rows, a->data.n);
    if (!r->converged)
        zsc_note("the spectral initialisation did not converge to its tolerance; its last eigenvectors were used");
    zsc_note(
        "%zu x %zu: %zu neighbours, %s %.2f s, graph (%zu component%s) %.2f s, initialisation %.2f s, layout %.2f s",
        r->rows, a->data.d, r->neighbors,
        a->neighbours ? "from a file" : zsc_value_choice_text(ZSC_KNN_CHOICES, (int)r->method, method, sizeof method),
        s->knn, r->components, r->components == 1 ? "" : "s", s->graph, s->initialisation, s->layout);
    if (r->edge_updates > 0)
        zsc_detail("layout: %.4g edge updates, %.1f ns each, with %zu negative samples", r->edge_updates,
                   1e9 * s->layout / r->edge_updates, a->options.negative_sample_rate);
}

static zsc_status set_options(umap_arguments *a)
{
    static const char *const starts[] = {"spectral", "pca", "random"};
    if (!a->output) return cli_usage("option --output is needed: the file to write");
    bool npy = zsc_text_ends(a->output, ".npy");
    if (npy && a->stop) return cli_usage("option --stop-at-epoch needs an HDF5 file to write, which keeps the epoch");
    if (a->neighbours && a->options.unique) return cli_usage("option --knn-file cannot be used with --unique");
    a->options.metric = (zsc_metric)a->metric;
    a->options.knn = (zsc_knn_method)a->method;
    a->options.init = ZSC_INIT_GIVEN;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strcmp(a->init, starts[i]) == 0) a->options.init = (zsc_umap_init)i;
    zsc_status status = cli_one_seed(&a->seed, &a->options.seed);
    return status == ZSC_OK ? zsc_umap_check(&a->options) : status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    umap_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_umap_report report = {0};
    ZSC_TRY(set_options(a));
    ZSC_TRY(read_rows(a));
    ZSC_NEW(a->y, a->data.n * a->options.n_components);
    if (a->neighbours) ZSC_TRY(read_neighbours(a));
    if (a->resume)
        ZSC_TRY(read_stopped(a));
    else if (a->options.init == ZSC_INIT_GIVEN)
        ZSC_TRY(zsc_context(read_given(a, a->init), "option --init (spectral, pca, random or a file)"));
    zsc_umap_part part = {.knn = a->neighbours ? &a->knn : NULL,
                          .first_epoch = a->first_epoch,
                          .last_epoch = a->stop,
                          .graph = a->resume ? a->graph : NULL};
    size_t last = a->stop ? a->stop : zsc_umap_epochs(&a->options, a->data.n);
    ZSC_TRY(explain(
        a, &report,
        zsc_umap_fit_part(a->data.x, a->data.n, a->data.d, &a->options, &part, &a->common.exec, a->y, &report)));
    tell(a, &report);
    ZSC_TRY(zsc_text_ends(a->output, ".npy") ? zsc_npy_write_f32(a->output, a->y, a->data.n, a->options.n_components)
                                             : write_h5(a, last, &report));
done:
    return status;
}

static void clear(void *data)
{
    umap_arguments *a = data;
    zsc_dataset_free(&a->data);
    zsc_knn_free(&a->knn);
    free(a->y);
    free(a->made_with);
}

#define FIELD(member) offsetof(umap_arguments, options.member)
#define H5_FIELD(field) matrix.inputs.h5_paths.field
#define SETTING(letter, name, level, kind, field, ...)                                                                 \
    CLI_SETTING(letter, name, kind, offsetof(umap_arguments, field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_EMBEDDINGS_OPTION(offsetof(umap_arguments, matrix.embeddings), " to reduce: an embeddings file or a .npy", ""),
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = offsetof(umap_arguments, output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "file to write: HDF5 with /embeddings/umap, ids and labels; or, if it ends in .npy, coordinates "
             "only"},
    {.name = "n-neighbors",
     .kind = CLI_COUNT,
     .offset = FIELD(n_neighbors),
     .arg = "K",
     .help = "neighbours per row, including the row itself",
     .minimum = 2,
     .maximum = 1e9},
    {.name = "n-components",
     .kind = CLI_COUNT,
     .offset = FIELD(n_components),
     .arg = "DIM",
     .help = "dimensions of the layout",
     .minimum = 1,
     .maximum = 256},
    CLI_METRIC_OPTION(offsetof(umap_arguments, metric), "distance between rows"),
    {.name = "min-dist",
     .kind = CLI_REAL,
     .offset = FIELD(min_dist),
     .arg = "X",
     .help = "minimum distance of neighbours in the layout; at most spread",
     .maximum = 1e6},
    {.name = "spread",
     .kind = CLI_REAL,
     .offset = FIELD(spread),
     .arg = "X",
     .help = "scale of the layout",
     .minimum = 1e-6,
     .maximum = 1e6},
    {.name = "a",
     .kind = CLI_REAL,
     .offset = FIELD(a),
     .arg = "A",
     .help = "a of the curve 1 / (1 + a d^(2b))",
     .minimum = 1e-9,
     .maximum = 1e9,
     .shown_default = "fitted to min-dist and spread"},
    {.name = "b",
     .kind = CLI_REAL,
     .offset = FIELD(b),
     .arg = "B",
     .help = "b of the same curve",
     .minimum = 1e-9,
     .maximum = 100,
     .shown_default = "fitted to min-dist and spread"},
    {.name = "n-epochs",
     .kind = CLI_COUNT,
     .offset = FIELD(n_epochs),
     .arg = "N",
     .help = "epochs of the layout; 0 writes the initialisation",
     .maximum = 1e9,
     .shown_default = "200 above 10,000 rows, 500 otherwise"},
    {.name = "learning-rate",
     .kind = CLI_REAL,
     .offset = FIELD(learning_rate),
     .arg = "X",
     .help = "step size of the first epoch",
     .maximum = 1e6},
    {.name = "init",
     .kind = CLI_TEXT,
     .offset = offsetof(umap_arguments, init),
     .arg = "INIT",
     .file = CLI_READS,
     .help = "initialisation of the layout: spectral, pca, random, or a file (.npy, or FILE.h5:ENCODER)",
     .choices = "spectral|pca|random"},
    {.name = "set-op-mix-ratio",
     .kind = CLI_REAL,
     .offset = FIELD(set_op_mix_ratio),
     .arg = "X",
     .help = "1: union of the rows' neighbourhoods, 0: intersection",
     .maximum = 1},
    {.name = "local-connectivity",
     .kind = CLI_REAL,
     .offset = FIELD(local_connectivity),
     .arg = "X",
     .help = "number of neighbours assumed to be fully connected",
     .maximum = 1e6},
    {.name = "repulsion-strength",
     .kind = CLI_REAL,
     .offset = FIELD(repulsion_strength),
     .arg = "X",
     .help = "weight of negative samples",
     .maximum = 1e6},
    {.name = "negative-sample-rate",
     .kind = CLI_COUNT,
     .offset = FIELD(negative_sample_rate),
     .arg = "N",
     .help = "negative samples per edge update",
     .maximum = 1000},
    {.name = "unique",
     .kind = CLI_FLAG,
     .offset = FIELD(unique),
     .help = "lay out repeated rows once; they get the same coordinates"},
    {.name = "seed",
     .kind = CLI_SEEDS,
     .offset = offsetof(umap_arguments, seed),
     .arg = "SEED",
     .help = "random_state of umap-learn; one seed gives the same bytes at any number of threads",
     .shown_default = "0"},
    CLI_KNN_OPTION(offsetof(umap_arguments, method)),
    {.name = "knn-file",
     .kind = CLI_TEXT,
     .offset = offsetof(umap_arguments, neighbours),
     .arg = "FILE",
     .help = "take the neighbours from this file of zsc knn instead of searching; they must be those of the same "
             "embeddings with the same --scale"},
    CLI_SPLIT_OPTION(offsetof(umap_arguments, matrix.split)),
    CLI_SCALE_OPTION(offsetof(umap_arguments, matrix.scale), ZSC_SCALE_HELP),
    {.name = "stop-at-epoch",
     .kind = CLI_COUNT,
     .offset = offsetof(umap_arguments, stop),
     .arg = "N",
     .help = "stop after N epochs and write a file for --resume",
     .minimum = 1,
     .maximum = 1e9,
     .shown_default = "all epochs"},
    {.name = "resume",
     .kind = CLI_TEXT,
     .offset = offsetof(umap_arguments, resume),
     .arg = "FILE",
     .help = "resume from a file of --stop-at-epoch; the result equals that of an uninterrupted run"},
#include "experiment/h5_paths.def"
    CLI_LABELS_OPTION(offsetof(umap_arguments, matrix.inputs.labels)),
    CLI_MISSING_VALUES_OPTION(offsetof(umap_arguments, matrix.inputs.missing_values)),
    CLI_FORCE_OPTION,
};
#undef SETTING
#undef H5_FIELD

const cli_command cli_umap_command = {
    .name = "umap",
    .group = "Single steps",
    .summary = "reduce embeddings with UMAP",
    .operands = "",
    .description = "Lays the rows out in a few dimensions so that neighbours stay neighbours (McInnes, Healy and "
                   "Melville, arXiv 1802.03426). Parameters have the names, defaults and meanings of "
                   "umap-learn.\n\n"
                   "The output is an embeddings file with the encoder umap, the ids and the labels. Every command "
                   "that takes embeddings reads it.\n\n"
                   "The spectral initialisation has a bounded number of steps on every graph. If its eigenvectors "
                   "have not converged by then, a line on stderr says so.",
    .examples = "  $ zsc umap -e example.h5:sim_dna -o reduced.h5 --n-neighbors 30 --min-dist 0 --n-components 50\n"
                "  $ zsc umap -e example.h5:sim_dna -o half.h5 --stop-at-epoch 100\n"
                "  $ zsc umap -e example.h5:sim_dna -o whole.h5 --resume half.h5",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(umap_arguments),
    .defaults = defaults,
    .run = run,
    .clear = clear,
    .closing_line = true,
};
