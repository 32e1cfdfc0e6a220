/* A result on disk: one HDF5 file per run, written whole or not at all, checked when read.
 *
 *   /                    attributes: zsc_result, key, config, provenance, settings, checksum_scores, checksum_rows
 *   /modality/<i>        attributes of each embedding
 *   /selection           attributes: rows kept and why others went
 *   /stages              attributes: seconds per stage
 *   /scores/<column>     one value per rank
 *   /id  /clusters       one value per row
 *   /labels/<rank>       the true labels, "" missing
 *   /linkage             (rows - 1) x 4, as SciPy writes it
 *   /reduced  /curve/<rank>   where asked for
 *
 * Attributes against damage: checksum_scores covers what every reader reads, checksum_others the attributes that it
 * leaves out; "checksums" lists the arrays, and whoever reads one compares it (io/h5/h5_checksums.c); checksum_rows
 * covers all arrays together. Older results have the first and the last: of them all arrays are read and compared. */
#include "experiment/result.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/finite.h"
#include "base/memory.h"
#include "base/text.h"
#include "io/atomic.h"
#include "io/h5/h5.h"

enum { RESULT_VERSION = 1 };

/* --- Columns of /scores: one table serves writing, reading and the checksum */
typedef struct score_column {
    const char *name;
    bool whole; /* size_t, otherwise double */
    size_t offset;
} score_column;

#define WHOLE(name, field)                                                                                             \
    {                                                                                                                  \
        name, true, offsetof(zsc_rank_scores, field)                                                                   \
    }
#define REAL(name, field)                                                                                              \
    {                                                                                                                  \
        name, false, offsetof(zsc_rank_scores, field)                                                                  \
    }
static const score_column score_columns[] = {
    WHOLE("rows", scores.rows),
    WHOLE("missing", scores.missing),
    WHOLE("classes", scores.classes),
    WHOLE("clusters", scores.clusters),
    WHOLE("k", k),
    REAL("ami", scores.ami[ZSC_ARITHMETIC]),
    REAL("ami_max", scores.ami[ZSC_MAX]),
    REAL("ami_min", scores.ami[ZSC_MIN]),
    REAL("ami_geometric", scores.ami[ZSC_GEOMETRIC]),
    REAL("nmi", scores.nmi[ZSC_ARITHMETIC]),
    REAL("nmi_max", scores.nmi[ZSC_MAX]),
    REAL("nmi_min", scores.nmi[ZSC_MIN]),
    REAL("nmi_geometric", scores.nmi[ZSC_GEOMETRIC]),
    REAL("ari", scores.ari),
    REAL("fmi", scores.fmi),
    REAL("homogeneity", scores.homogeneity),
    REAL("completeness", scores.completeness),
    REAL("v_measure", scores.v_measure),
    REAL("mi", scores.mi),
    REAL("emi", scores.emi),
    REAL("entropy_classes", scores.h_classes),
    REAL("entropy_clusters", scores.h_clusters),
    REAL("silhouette", internal.silhouette),
    REAL("davies_bouldin", internal.davies_bouldin),
    REAL("calinski_harabasz", internal.calinski_harabasz),
    WHOLE("best_clusters", best_clusters),
    REAL("best_ami", best_ami),
};
enum { SCORE_COLUMNS = sizeof score_columns / sizeof *score_columns };

/* --- Settings that are text or whole numbers, as attributes of / */
typedef struct setting {
    const char *name;
    size_t offset;
} setting;
static const setting texts[] = {
    {"key", offsetof(zsc_result, key)},
    {"config", offsetof(zsc_result, config)},
    {"provenance", offsetof(zsc_result, provenance)},
    {"subset", offsetof(zsc_result, subset)},
    {"one_per_barcode", offsetof(zsc_result, per_barcode)},
    {"scale", offsetof(zsc_result, scale)},
    {"reduce", offsetof(zsc_result, reduce)},
    {"linkage_method", offsetof(zsc_result, linkage)},
    {"clusters_rule", offsetof(zsc_result, clusters_rule)},
};
static const setting numbers[] = {
    {"rows", offsetof(zsc_result, rows)},
    {"dim", offsetof(zsc_result, dim)},
    {"clusters", offsetof(zsc_result, clusters)},
    {"peak_rss_bytes", offsetof(zsc_result, peak_rss)},
    {"reduced_dim", offsetof(zsc_result, reduced_dim)},
};
static const setting selections[] = {
    {"embedded", offsetof(zsc_selection, embedded)},
    {"unmatched", offsetof(zsc_selection, unmatched)},
    {"other_split", offsetof(zsc_selection, other_split)},
    {"where", offsetof(zsc_selection, where)},
    {"without_barcode", offsetof(zsc_selection, without_barcode)},
    {"repeated_barcode", offsetof(zsc_selection, repeated_barcode)},
    {"kept", offsetof(zsc_selection, kept)},
};
static const setting modality_texts[] = {
    {"path", offsetof(zsc_modality, path)},
    {"encoder", offsetof(zsc_modality, encoder)},
    {"modality", offsetof(zsc_modality, modality)},
    {"label", offsetof(zsc_modality, label)},
    {"architecture", offsetof(zsc_modality, architecture)},
};
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TEXT_AT(object, setting) (*(char **)((char *)(object) + (setting).offset))
#define SIZE_AT(object, setting) (*(size_t *)((char *)(object) + (setting).offset))

/* --- Checksums */
static void hash_text(zsc_hash *hash, const char *text) { zsc_hash_add(hash, text, strlen(text) + 1); }

static bool has_matrix(const zsc_result *r) { return r->matrix && *r->matrix; }

static zsc_status checksum_scores(const zsc_result *r, char text[ZSC_DIGEST_TEXT])
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    for (size_t i = 0; i < COUNT(texts); i++) hash_text(hash, TEXT_AT(r, texts[i]));
    for (size_t i = 0; i < COUNT(numbers); i++) zsc_hash_add(hash, &SIZE_AT(r, numbers[i]), sizeof(size_t));
    for (size_t i = 0; i < COUNT(selections); i++)
        zsc_hash_add(hash, &SIZE_AT(&r->selection, selections[i]), sizeof(size_t));
    zsc_hash_add(hash, &r->seed, sizeof r->seed);
    if (has_matrix(r)) hash_text(hash, r->matrix); /* older files have none */
    for (size_t m = 0; m < r->modalities; m++)
        for (size_t i = 0; i < COUNT(modality_texts); i++) hash_text(hash, TEXT_AT(&r->modality[m], modality_texts[i]));
    for (size_t j = 0; j < r->scores; j++) {
        hash_text(hash, r->score[j].rank);
        for (size_t c = 0; c < SCORE_COLUMNS; c++)
            zsc_hash_add(hash, (const char *)&r->score[j] + score_columns[c].offset, sizeof(double));
    }
    zsc_digest_text(zsc_hash_end(hash), text);
    return ZSC_OK;
}
_Static_assert(sizeof(size_t) == sizeof(double), "both kinds of column are hashed as 8 bytes");

static zsc_status checksum_rows(const zsc_result *r, char text[ZSC_DIGEST_TEXT])
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    for (size_t i = 0; i < r->rows; i++) hash_text(hash, r->id[i]);
    zsc_hash_add(hash, r->label, r->rows * sizeof *r->label);
    for (size_t j = 0; j < r->scores; j++)
        for (size_t i = 0; i < r->rows; i++) {
            int32_t code = r->taxon[j].code[i];
            hash_text(hash, code < 0 ? "" : r->taxon[j].level[code]);
        }
    zsc_hash_add(hash, r->linkage_matrix, 4 * (r->rows - 1) * sizeof *r->linkage_matrix);
    if (r->reduced) zsc_hash_add(hash, r->reduced, r->rows * r->reduced_dim * sizeof *r->reduced);
    for (size_t j = 0; r->curve && j < r->scores; j++) zsc_hash_add(hash, r->curve[j], r->rows * sizeof *r->curve[j]);
    zsc_digest_text(zsc_hash_end(hash), text);
    return ZSC_OK;
}

/* What checksum_scores has left out since the first results. */
static zsc_status checksum_others(const zsc_result *r, char text[ZSC_DIGEST_TEXT])
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    const double internal[] = {r->internal.silhouette, r->internal.davies_bouldin, r->internal.calinski_harabasz};
    for (size_t i = 0; i < COUNT(internal); i++) zsc_hash_add(hash, &internal[i], sizeof *internal);
    zsc_hash_add(hash, &(uint64_t){r->simulated}, sizeof(uint64_t));
    for (size_t m = 0; m < r->modalities; m++) {
        const uint64_t numbers_of[] = {r->modality[m].d, r->modality[m].simulated};
        zsc_hash_add(hash, numbers_of, sizeof numbers_of);
    }
    for (size_t i = 0; i < r->stages; i++) {
        hash_text(hash, r->stage[i].stage);
        zsc_hash_add(hash, &r->stage[i].seconds, sizeof r->stage[i].seconds);
    }
    zsc_digest_text(zsc_hash_end(hash), text);
    return ZSC_OK;
}

/* --- Writing */
static zsc_status write_scores(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const char **names = NULL;
    double *values = NULL;
    int64_t *counts = NULL;
    size_t shape[1] = {r->scores};
    char object[64];
    ZSC_NEW(names, r->scores);
    ZSC_NEW(values, r->scores);
    ZSC_NEW(counts, r->scores);
    for (size_t j = 0; j < r->scores; j++) names[j] = r->score[j].rank;
    ZSC_TRY(zsc_h5_write_strings(file, "/scores/rank", names, r->scores));
    for (size_t c = 0; c < SCORE_COLUMNS; c++) {
        const score_column *column = &score_columns[c];
        snprintf(object, sizeof object, "/scores/%s", column->name);
        for (size_t j = 0; j < r->scores; j++) {
            const char *field = (const char *)&r->score[j] + column->offset;
            if (column->whole)
                counts[j] = (int64_t) * (const size_t *)field;
            else
                values[j] = *(const double *)field;
        }
        ZSC_TRY(column->whole ? zsc_h5_write(file, object, ZSC_H5_I64, 1, shape, counts)
                              : zsc_h5_write(file, object, ZSC_H5_F64, 1, shape, values));
    }
done:
    free(names);
    free(values);
    free(counts);
    return status;
}

static zsc_status write_settings(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    char object[64], text[ZSC_DIGEST_TEXT];
    ZSC_TRY(zsc_h5_set_int(file, "/", "zsc_result", RESULT_VERSION));
    for (size_t i = 0; i < COUNT(texts); i++) ZSC_TRY(zsc_h5_set_text(file, "/", texts[i].name, TEXT_AT(r, texts[i])));
    if (has_matrix(r)) ZSC_TRY(zsc_h5_set_text(file, "/", "matrix", r->matrix));
    for (size_t i = 0; i < COUNT(numbers); i++)
        ZSC_TRY(zsc_h5_set_int(file, "/", numbers[i].name, (int64_t)SIZE_AT(r, numbers[i])));
    ZSC_TRY(zsc_h5_set_int(file, "/", "seed", (int64_t)r->seed));
    ZSC_TRY(zsc_h5_set_int(file, "/", "simulated", r->simulated));
    ZSC_TRY(zsc_h5_set_double(file, "/", "silhouette", r->internal.silhouette));
    ZSC_TRY(zsc_h5_set_double(file, "/", "davies_bouldin", r->internal.davies_bouldin));
    ZSC_TRY(zsc_h5_set_double(file, "/", "calinski_harabasz", r->internal.calinski_harabasz));
    for (size_t i = 0; i < COUNT(selections); i++)
        ZSC_TRY(zsc_h5_set_int(file, "/selection", selections[i].name, (int64_t)SIZE_AT(&r->selection, selections[i])));
    ZSC_TRY(zsc_h5_set_int(file, "/modality", "count", (int64_t)r->modalities));
    for (size_t m = 0; m < r->modalities; m++) {
        snprintf(object, sizeof object, "/modality/%zu", m);
        for (size_t i = 0; i < COUNT(modality_texts); i++)
            ZSC_TRY(zsc_h5_set_text(file, object, modality_texts[i].name, TEXT_AT(&r->modality[m], modality_texts[i])));
        ZSC_TRY(zsc_h5_set_int(file, object, "dim", (int64_t)r->modality[m].d));
        ZSC_TRY(zsc_h5_set_int(file, object, "simulated", r->modality[m].simulated));
    }
    ZSC_TRY(zsc_h5_set_int(file, "/stages", "count", (int64_t)r->stages));
    for (size_t i = 0; i < r->stages; i++) {
        snprintf(object, sizeof object, "/stages/%zu", i);
        ZSC_TRY(zsc_h5_set_text(file, object, "stage", r->stage[i].stage));
        ZSC_TRY(zsc_h5_set_double(file, object, "seconds", r->stage[i].seconds));
    }
    ZSC_TRY(checksum_scores(r, text));
    ZSC_TRY(zsc_h5_set_text(file, "/", "checksum_scores", text));
    ZSC_TRY(checksum_rows(r, text));
    ZSC_TRY(zsc_h5_set_text(file, "/", "checksum_rows", text));
    ZSC_TRY(checksum_others(r, text));
    ZSC_TRY(zsc_h5_set_text(file, "/", "checksum_others", text));
done:
    return status;
}

static zsc_status add_object(zsc_list *list, const char *group, const char *name)
{
    char *object = zsc_asprintf("%s/%s", group, name);
    zsc_status status = object ? zsc_list_add(list, object) : ZSC_EINTERNAL;
    free(object);
    return status;
}

static zsc_status write_checksums(zsc_h5 *file, const zsc_result *r)
{
    static const char *const arrays[] = {"id", "clusters", "linkage"};
    zsc_status status = ZSC_OK;
    zsc_list objects = {0};
    for (size_t i = 0; i < COUNT(arrays); i++) ZSC_TRY(add_object(&objects, "", arrays[i]));
    if (r->reduced) ZSC_TRY(add_object(&objects, "", "reduced"));
    for (size_t j = 0; j < r->scores; j++) {
        ZSC_TRY(add_object(&objects, "/labels", r->taxon[j].name));
        if (r->curve) ZSC_TRY(add_object(&objects, "/curve", r->score[j].rank));
    }
    status = zsc_h5_checksums_write(file, &objects);
done:
    zsc_list_free(&objects);
    return status;
}

static zsc_status write_labels(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const char **names = NULL;
    ZSC_NEW(names, r->rows);
    for (size_t j = 0; j < r->scores; j++) {
        const zsc_column *c = &r->taxon[j];
        char *object = zsc_asprintf("/labels/%s", c->name);
        for (size_t i = 0; i < r->rows; i++) names[i] = c->code[i] < 0 ? "" : c->level[c->code[i]];
        status = object ? zsc_h5_write_strings(file, object, names, r->rows) : ZSC_EINTERNAL;
        free(object);
        if (status != ZSC_OK) goto done;
    }
done:
    free(names);
    return status;
}

static zsc_status write_arrays(zsc_h5 *file, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    size_t rows[1] = {r->rows}, linkage[2] = {r->rows - 1, 4}, reduced[2] = {r->rows, r->reduced_dim};
    ZSC_TRY(zsc_h5_write_strings(file, "/id", (const char *const *)r->id, r->rows));
    ZSC_TRY(zsc_h5_write(file, "/clusters", ZSC_H5_I32, 1, rows, r->label));
    ZSC_TRY(zsc_h5_write(file, "/linkage", ZSC_H5_F64, 2, linkage, r->linkage_matrix));
    if (r->reduced) ZSC_TRY(zsc_h5_write(file, "/reduced", ZSC_H5_F32, 2, reduced, r->reduced));
    for (size_t j = 0; r->curve && j < r->scores; j++) {
        char *object = zsc_asprintf("/curve/%s", r->score[j].rank);
        status = object ? zsc_h5_write(file, object, ZSC_H5_F64, 1, rows, r->curve[j]) : ZSC_EINTERNAL;
        free(object);
        if (status != ZSC_OK) goto done;
    }
done:
    return status;
}

/* What is about to be written: a dendrogram, finite coordinates, codes that have names. */
static zsc_status check_arrays(const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_context(zsc_linkage_check(r->linkage_matrix, r->rows), "the result to write"));
    if (r->reduced)
        ZSC_TRY(
            zsc_check_finite(r->reduced, r->rows, r->reduced_dim, (zsc_boundary){"the reduced vectors", NULL}, NULL));
    for (size_t j = 0; r->taxon && j < r->scores; j++)
        for (size_t i = 0; i < r->rows; i++)
            if (r->taxon[j].code[i] >= 0 && (size_t)r->taxon[j].code[i] >= r->taxon[j].levels)
                return zsc_fail(ZSC_EUSAGE,
                                "the result to write: rank %s of row %zu has code %d, and there are %zu names",
                                r->taxon[j].name, i + 1, r->taxon[j].code[i], r->taxon[j].levels);
done:
    return status;
}

zsc_status zsc_result_write(zsc_result *r, const char *folder)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    char *path = NULL;
    ZSC_TRY(check_arrays(r));
    ZSC_TRY(zsc_make_folder(folder));
    if (!(path = zsc_asprintf("%s/%s.h5", folder, r->key))) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_h5_create(path, &file));
    ZSC_TRY(write_settings(file, r));
    ZSC_TRY(write_scores(file, r));
    ZSC_TRY(write_arrays(file, r));
    ZSC_TRY(write_labels(file, r));
    ZSC_TRY(write_checksums(file, r));
    zsc_h5 *whole = file;
    file = NULL;
    ZSC_TRY(zsc_h5_commit(whole));
    free(r->path);
    r->path = path;
    path = NULL;
done:
    zsc_h5_close(file);
    free(path);
    return status;
}

/* --- Parts of a result in memory */
static void free_rows(zsc_result *r)
{
    for (size_t i = 0; r->id && i < r->rows; i++) free(r->id[i]);
    for (size_t j = 0; r->taxon && j < r->scores; j++) {
        free(r->taxon[j].name);
        free(r->taxon[j].code);
        for (size_t l = 0; r->taxon[j].level && l < r->taxon[j].levels; l++) free(r->taxon[j].level[l]);
        free(r->taxon[j].level);
    }
    free(r->id);
    free(r->label);
    free(r->taxon);
    r->id = NULL;
    r->label = NULL;
    r->taxon = NULL;
}

static void free_linkage(zsc_result *r)
{
    free(r->linkage_matrix);
    r->linkage_matrix = NULL;
}

static void free_reduced(zsc_result *r)
{
    free(r->reduced);
    r->reduced = NULL;
}

static void free_curve(zsc_result *r)
{
    for (size_t j = 0; r->curve && j < r->scores; j++) free(r->curve[j]);
    free(r->curve);
    r->curve = NULL;
}

/* --- Reading */
static zsc_status damaged(const char *path, const char *what)
{
    return zsc_fail(ZSC_EINPUT, "result '%s' is damaged: %s", path, what);
}

static zsc_status read_size(zsc_h5 *file, const char *object, const char *name, size_t *out)
{
    int64_t value;
    zsc_status status = zsc_h5_get_int(file, object, name, -1, &value);
    if (status != ZSC_OK) return status;
    if (value < 0) return damaged(zsc_h5_path(file), name);
    *out = (size_t)value;
    return ZSC_OK;
}

static zsc_status read_settings(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    int64_t value;
    for (size_t i = 0; i < COUNT(texts); i++)
        ZSC_TRY(zsc_h5_get_text(file, "/", texts[i].name, "", &TEXT_AT(r, texts[i])));
    ZSC_TRY(zsc_h5_get_text(file, "/", "matrix", "", &r->matrix));
    for (size_t i = 0; i < COUNT(numbers); i++) ZSC_TRY(read_size(file, "/", numbers[i].name, &SIZE_AT(r, numbers[i])));
    ZSC_TRY(zsc_h5_get_int(file, "/", "seed", 0, &value));
    r->seed = (uint64_t)value;
    ZSC_TRY(zsc_h5_get_int(file, "/", "simulated", 0, &value));
    r->simulated = value != 0;
    ZSC_TRY(zsc_h5_get_double(file, "/", "silhouette", NAN, &r->internal.silhouette));
    ZSC_TRY(zsc_h5_get_double(file, "/", "davies_bouldin", NAN, &r->internal.davies_bouldin));
    ZSC_TRY(zsc_h5_get_double(file, "/", "calinski_harabasz", NAN, &r->internal.calinski_harabasz));
    for (size_t i = 0; i < COUNT(selections); i++)
        ZSC_TRY(read_size(file, "/selection", selections[i].name, &SIZE_AT(&r->selection, selections[i])));
done:
    return status;
}

enum { MOST_ITEMS = 4096 }; /* modalities, stages, ranks: a damaged count must not become an allocation */

static zsc_status read_items(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    char object[64];
    int64_t value;
    size_t count;
    ZSC_TRY(read_size(file, "/modality", "count", &count));
    if (count > MOST_ITEMS) return damaged(zsc_h5_path(file), "too many modalities");
    ZSC_NEW(r->modality, count);
    for (r->modalities = 0; r->modalities < count;) {
        zsc_modality *m = &r->modality[r->modalities];
        snprintf(object, sizeof object, "/modality/%zu", r->modalities++);
        for (size_t i = 0; i < COUNT(modality_texts); i++)
            ZSC_TRY(zsc_h5_get_text(file, object, modality_texts[i].name, "", &TEXT_AT(m, modality_texts[i])));
        ZSC_TRY(read_size(file, object, "dim", &m->d));
        ZSC_TRY(zsc_h5_get_int(file, object, "simulated", 0, &value));
        m->simulated = value != 0;
    }
    ZSC_TRY(read_size(file, "/stages", "count", &count));
    if (count > MOST_ITEMS) return damaged(zsc_h5_path(file), "too many stages");
    ZSC_NEW(r->stage, count);
    for (r->stages = 0; r->stages < count;) {
        zsc_stage_seconds *s = &r->stage[r->stages];
        snprintf(object, sizeof object, "/stages/%zu", r->stages++);
        ZSC_TRY(zsc_h5_get_text(file, object, "stage", "", &s->stage));
        ZSC_TRY(zsc_h5_get_double(file, object, "seconds", 0, &s->seconds));
    }
done:
    return status;
}

/* OBJECT must be an array of exactly this shape. */
static zsc_status expect_shape(zsc_h5 *file, const char *object, int rank, size_t rows, size_t columns)
{
    zsc_h5_info info;
    zsc_status status = zsc_h5_stat(file, object, &info);
    if (status != ZSC_OK) return status;
    if (info.is_group || info.rank != rank || info.shape[0] != rows || (rank == 2 && info.shape[1] != columns))
        return damaged(zsc_h5_path(file), object);
    return ZSC_OK;
}

static zsc_status read_scores(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    char **names = NULL, object[64];
    double *values = NULL;
    int64_t *counts = NULL;
    size_t count;
    ZSC_TRY(zsc_h5_read_all_strings(file, "/scores/rank", &names, &count));
    if (count > MOST_ITEMS) {
        status = damaged(zsc_h5_path(file), "too many ranks");
        goto done;
    }
    ZSC_NEW(r->score, count);
    ZSC_NEW(values, count);
    ZSC_NEW(counts, count);
    for (r->scores = 0; r->scores < count; r->scores++)
        if (!(r->score[r->scores].rank = zsc_strdup(names[r->scores]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
    for (size_t c = 0; c < SCORE_COLUMNS; c++) {
        const score_column *column = &score_columns[c];
        snprintf(object, sizeof object, "/scores/%s", column->name);
        ZSC_TRY(expect_shape(file, object, 1, count, 0));
        ZSC_TRY(column->whole ? zsc_h5_read(file, object, ZSC_H5_I64, 1, &count, counts)
                              : zsc_h5_read(file, object, ZSC_H5_F64, 1, &count, values));
        for (size_t j = 0; j < count; j++) {
            char *field = (char *)&r->score[j] + column->offset;
            if (column->whole)
                *(size_t *)field = (size_t)counts[j];
            else
                *(double *)field = values[j];
        }
    }
done:
    free(names);
    free(values);
    free(counts);
    return status;
}

/* Interns the N strings of NAMES into codes by first appearance; "" is -1. */
static zsc_status to_column(char *const *names, size_t n, const char *name, zsc_column *out)
{
    zsc_status status = ZSC_OK;
    size_t slots = 16, *table = NULL;
    while (slots < 2 * n) slots *= 2;
    if (!(out->name = zsc_strdup(name))) return ZSC_EINTERNAL;
    ZSC_NEW_RAW(out->code, n);
    ZSC_NEW(out->level, n);
    ZSC_NEW(table, slots); /* level + 1 */
    for (size_t i = 0; i < n; i++) {
        out->code[i] = -1;
        if (!*names[i]) continue;
        size_t s = zsc_hash64(names[i], strlen(names[i])) & (slots - 1);
        while (table[s] && strcmp(out->level[table[s] - 1], names[i]) != 0) s = (s + 1) & (slots - 1);
        if (!table[s]) {
            if (!(out->level[out->levels] = zsc_strdup(names[i]))) {
                status = ZSC_EINTERNAL;
                goto done;
            }
            table[s] = ++out->levels;
        }
        out->code[i] = (int32_t)(table[s] - 1);
    }
done:
    free(table);
    return status;
}

static zsc_status read_strings(zsc_h5 *file, const char *object, size_t rows, char ***out)
{
    size_t count;
    zsc_status status = zsc_h5_read_all_strings(file, object, out, &count);
    if (status == ZSC_OK && count != rows) {
        free(*out);
        *out = NULL;
        status = damaged(zsc_h5_path(file), object);
    }
    return status;
}

static zsc_status read_rows(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    char **names = NULL;
    ZSC_TRY(read_strings(file, "/id", r->rows, &names));
    ZSC_NEW(r->id, r->rows);
    for (size_t i = 0; i < r->rows; i++)
        if (!(r->id[i] = zsc_strdup(names[i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
    ZSC_NEW_RAW(r->label, r->rows);
    ZSC_TRY(expect_shape(file, "/clusters", 1, r->rows, 0));
    ZSC_TRY(zsc_h5_read(file, "/clusters", ZSC_H5_I32, 1, &r->rows, r->label));
    for (size_t i = 0; i < r->rows; i++)
        if (r->label[i] < 0 || (size_t)r->label[i] >= r->clusters) {
            status = zsc_fail(ZSC_EINPUT, "result '%s' is damaged: row %zu is in cluster %d; expected 0 to %zu",
                              zsc_h5_path(file), i + 1, (int)r->label[i], r->clusters ? r->clusters - 1 : 0);
            goto done;
        }
    ZSC_NEW(r->taxon, r->scores);
    for (size_t j = 0; j < r->scores; j++) {
        char *object = zsc_asprintf("/labels/%s", r->score[j].rank);
        free(names);
        names = NULL;
        status = object ? read_strings(file, object, r->rows, &names) : ZSC_EINTERNAL;
        free(object);
        if (status != ZSC_OK) goto done;
        ZSC_TRY(to_column(names, r->rows, r->score[j].rank, &r->taxon[j]));
    }
done:
    free(names);
    return status;
}

static zsc_status read_linkage(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(expect_shape(file, "/linkage", 2, r->rows - 1, 4));
    ZSC_NEW_RAW(r->linkage_matrix, 4 * (r->rows - 1));
    ZSC_TRY(zsc_h5_read(file, "/linkage", ZSC_H5_F64, 2, (const size_t[]){r->rows - 1, 4}, r->linkage_matrix));
    status = zsc_context(zsc_linkage_check(r->linkage_matrix, r->rows), "result '%s' is damaged", zsc_h5_path(file));
done:
    return status;
}

static zsc_status read_reduced(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    if (!zsc_h5_has(file, "/reduced")) return ZSC_OK;
    ZSC_TRY(expect_shape(file, "/reduced", 2, r->rows, r->reduced_dim));
    ZSC_NEW_RAW(r->reduced, r->rows * r->reduced_dim);
    ZSC_TRY(zsc_h5_read(file, "/reduced", ZSC_H5_F32, 2, (const size_t[]){r->rows, r->reduced_dim}, r->reduced));
done:
    return status;
}

static zsc_status read_curve(zsc_h5 *file, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    if (!zsc_h5_has(file, "/curve")) return ZSC_OK;
    ZSC_NEW(r->curve, r->scores);
    for (size_t j = 0; j < r->scores; j++) {
        ZSC_NEW_RAW(r->curve[j], r->rows);
        char *object = zsc_asprintf("/curve/%s", r->score[j].rank);
        status = object ? expect_shape(file, object, 1, r->rows, 0) : ZSC_EINTERNAL;
        if (status == ZSC_OK) status = zsc_h5_read(file, object, ZSC_H5_F64, 1, &r->rows, r->curve[j]);
        free(object);
        if (status != ZSC_OK) goto done;
    }
done:
    return status;
}

static zsc_status verify(zsc_h5 *file, const char *name, zsc_status (*sum)(const zsc_result *, char *),
                         const zsc_result *r)
{
    char text[ZSC_DIGEST_TEXT], *stored = NULL;
    zsc_status status = sum(r, text);
    if (status == ZSC_OK) status = zsc_h5_get_text(file, "/", name, "", &stored);
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION /* a fuzzer would never get past it */
    if (status == ZSC_OK && strcmp(stored, text) != 0)
        status = damaged(zsc_h5_path(file), "its checksum does not match");
#endif
    free(stored);
    return status;
}

static zsc_status check_version(zsc_h5 *file, bool *newer)
{
    int64_t version;
    zsc_status status = zsc_h5_get_int(file, "/", "zsc_result", 0, &version);
    if (status != ZSC_OK) return status;
    if (version == 0) return zsc_fail(ZSC_EINPUT, "'%s' is not a result of zsc", zsc_h5_path(file));
    *newer = version > RESULT_VERSION;
    if (*newer)
        return zsc_fail(ZSC_EINPUT,
                        "result '%s' was written by a newer zsc (format %" PRId64 ", this one reads up to %d)",
                        zsc_h5_path(file), version, RESULT_VERSION);
    return ZSC_OK;
}

/* The arrays that WHAT asks for. Of an older result all are read, since only all together can be compared; those that
 * were not asked for are dropped again. */
static zsc_status read_arrays(zsc_h5 *file, unsigned what, zsc_result *r)
{
    zsc_status status = ZSC_OK;
    const unsigned all = ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE;
    bool listed = zsc_h5_checksums_present(file);
    unsigned read = listed || !(what & all) ? what : what | all;
    if (listed) ZSC_TRY(zsc_h5_verify_present(file));
    if (read & ZSC_RESULT_ROWS) ZSC_TRY(read_rows(file, r));
    if (read & ZSC_RESULT_LINKAGE) ZSC_TRY(read_linkage(file, r));
    if (read & ZSC_RESULT_REDUCED) ZSC_TRY(read_reduced(file, r));
    if (read & ZSC_RESULT_CURVE) ZSC_TRY(read_curve(file, r));
    if ((read & all) == all) ZSC_TRY(verify(file, "checksum_rows", checksum_rows, r));
    if (!(what & ZSC_RESULT_ROWS)) free_rows(r);
    if (!(what & ZSC_RESULT_LINKAGE)) free_linkage(r);
    if (!(what & ZSC_RESULT_REDUCED)) free_reduced(r);
    if (!(what & ZSC_RESULT_CURVE)) free_curve(r);
done:
    return status;
}

/* With one class AMI is not defined; earlier versions wrote 1 or 0. */
static void remove_undefined(zsc_result *r)
{
    for (size_t j = 0; j < r->scores; j++) {
        zsc_rank_scores *s = &r->score[j];
        if (s->scores.rows == 0 || s->scores.classes != 1) continue;
        for (int a = ZSC_ARITHMETIC; a <= ZSC_GEOMETRIC; a++) s->scores.ami[a] = NAN;
        s->best_clusters = 0;
        s->best_ami = NAN;
        for (size_t k = 0; r->curve && k < r->rows; k++) r->curve[j][k] = NAN;
    }
}

zsc_status zsc_result_read(const char *path, unsigned what, zsc_result *out)
{
    bool newer;
    return zsc_result_read_known(path, what, out, &newer);
}

zsc_status zsc_result_read_known(const char *path, unsigned what, zsc_result *out, bool *newer)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    zsc_result r = {0};
    *newer = false;
    ZSC_TRY(zsc_h5_open(path, &file));
    ZSC_TRY(check_version(file, newer));
    if (!(r.path = zsc_strdup(path))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(read_settings(file, &r));
    ZSC_TRY(read_items(file, &r));
    ZSC_TRY(read_scores(file, &r));
    ZSC_TRY(verify(file, "checksum_scores", checksum_scores, &r));
    if (zsc_h5_has_attribute(file, "/", "checksum_others"))
        ZSC_TRY(verify(file, "checksum_others", checksum_others, &r));
    if (r.rows < 2) {
        status = damaged(path, "fewer than two rows");
        goto done;
    }
    ZSC_TRY(read_arrays(file, what, &r));
    remove_undefined(&r);
    *out = r;
    r = (zsc_result){0};
done:
    zsc_h5_close(file);
    zsc_result_free(&r);
    return status;
}

void zsc_result_free(zsc_result *r)
{
    if (!r) return;
    free_rows(r);
    free_linkage(r);
    free_reduced(r);
    free_curve(r);
    for (size_t i = 0; i < COUNT(texts); i++) free(TEXT_AT(r, texts[i]));
    for (size_t m = 0; r->modality && m < r->modalities; m++)
        for (size_t i = 0; i < COUNT(modality_texts); i++) free(TEXT_AT(&r->modality[m], modality_texts[i]));
    for (size_t i = 0; r->stage && i < r->stages; i++) free(r->stage[i].stage);
    for (size_t j = 0; r->score && j < r->scores; j++) free(r->score[j].rank);
    free(r->path);
    free(r->matrix);
    free(r->modality);
    free(r->stage);
    free(r->score);
    *r = (zsc_result){0};
}
