/* Rows are handed on one at a time; only the keys of their runs are kept. */
#include "experiment/series/results_table_read.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/number_text.h"
#include "base/text.h"
#include "base/value.h"
#include "experiment/series/reference_scores.h"
#include "experiment/series/row_settings.h"
#include "experiment/series/run_identity.h"
#include "experiment/settings/run_config.h"
#include "experiment/settings/settings.h"
#include "experiment/store/result_fields.h"
#include "experiment/store/result_read.h"
#include "experiment/store/results_in_folder.h"
#include "experiment/store/store.h"
#include "io/file_form.h"
#include "io/text/csv.h"
#include "io/text/json_text.h"

typedef struct reader {
    zsc_names keys; /* of the runs that have been */
    zsc_results_row_take *take;
    void *data;
    size_t rows; /* handed on so far */
} reader;

/* Clears ROW, also on failure. */
static zsc_status hand_on(reader *g, zsc_results_row *row)
{
    if (row->classes == 1) row->ami = row->best_ami = NAN; /* not defined; earlier versions wrote 1 or 0 */
    zsc_status status = zsc_results_row_whole(row) ? g->take(g->data, row) : ZSC_EINTERNAL;
    if (status == ZSC_OK) g->rows++;
    zsc_results_row_clear(row);
    return status;
}

/* --- From results */
static char *copy(const char *text) { return zsc_strdup(text ? text : ""); }

static char *join(const zsc_result *r, size_t offset)
{
    zsc_text text = {0};
    zsc_text_append(&text, "");
    for (size_t i = 0; i < r->modalities; i++) {
        const char *part = *(char *const *)((const char *)&r->modality[i] + offset);
        zsc_text_printf(&text, "%s%s", i ? "+" : "", part ? part : "");
    }
    return text.data;
}

static char *stages_text(const zsc_result *r)
{
    zsc_text text = {0};
    zsc_text_append(&text, "");
    for (size_t i = 0; i < r->stages; i++)
        zsc_text_printf(&text, "%s%s=%.6g", i ? ";" : "", r->stage[i].stage, r->stage[i].seconds);
    return text.data;
}

/* The configuration without what has a column of its own or cannot change a score. */
static char *settings_text(const zsc_result *r)
{
    static const char *const known[] = {"embeddings", "encoders", "seed",     "one-per-barcode", "scale", "reduce",
                                        "clusterer",  "linkage",  "clusters", "split",           "ranks"};
    json_t *config = r->config ? json_loads(r->config, 0, NULL) : NULL;
    char *text = NULL;
    if (config) zsc_config_keep_effective(config, r->rows, r->dim);
    for (size_t i = 0; config && i < sizeof known / sizeof *known; i++) json_object_del(config, known[i]);
    for (size_t i = 0; config && i < zsc_setting_count; i++)
        if (zsc_settings[i].level == ZSC_LEVEL_OUTPUT) json_object_del(config, zsc_settings[i].name);
    if (config) text = zsc_json_text(config, JSON_SORT_KEYS | JSON_COMPACT);
    json_decref(config);
    return text ? text : copy("");
}

static char *values_text(const zsc_result *r)
{
    json_t *config = r->config ? json_loads(r->config, 0, NULL) : NULL;
    if (config) zsc_config_keep_effective(config, r->rows, r->dim);
    char *text = zsc_row_settings_of(config);
    json_decref(config);
    return text;
}

static char *sources_text(const zsc_result *r)
{
    zsc_text text = {0};
    zsc_text_append(&text, "");
    for (size_t i = 0; i < r->modalities; i++) zsc_text_printf(&text, "%s%s", i ? "|" : "", r->modality[i].path);
    return text.data;
}

/* Sums of hashes: the order of rows does not matter. */
static char *row_set_text(const zsc_result *r)
{
    uint64_t sum = 0;
    for (size_t i = 0; r->id && i < r->rows; i++) sum += zsc_hash64(r->id[i], strlen(r->id[i]));
    return r->id ? zsc_asprintf("%016" PRIx64, sum) : copy("");
}

static char *label_set_text(const zsc_result *r)
{
    zsc_text text = {0}, pair = {0};
    zsc_text_append(&text, "");
    for (size_t j = 0; r->id && r->taxon && j < r->scores; j++) {
        const zsc_column *c = &r->taxon[j];
        uint64_t sum = 0;
        for (size_t i = 0; i < r->rows; i++) {
            pair.length = 0;
            zsc_text_append(&pair, r->id[i]);
            zsc_text_append_n(&pair, "", 1);
            if (c->level)
                zsc_text_append(&pair, c->code[i] < 0 ? "" : c->level[c->code[i]]);
            else
                zsc_text_printf(&pair, "%d", (int)c->code[i]); /* codes without names */
            if (!pair.failed) sum += zsc_hash64(pair.data, pair.length);
        }
        zsc_text_printf(&text, "%s=%016" PRIx64 ";", r->score[j].rank, sum);
    }
    bool failed = pair.failed;
    free(pair.data);
    if (!failed) return text.data;
    free(text.data);
    return NULL;
}

static char *configuration_text(const zsc_result *r)
{
    json_t *config = r->config ? json_loads(r->config, 0, NULL) : NULL;
    char digest[ZSC_DIGEST_TEXT], *text = config ? json_dumps(config, JSON_SORT_KEYS | JSON_COMPACT) : NULL;
    json_decref(config);
    if (!text) return copy("");
    zsc_digest_text(zsc_hash_bytes(text, strlen(text)), digest);
    free(text);
    return copy(digest);
}

/* Of the provenance: when the run ended, or the version. */
static char *provenance_text(const zsc_result *r, const char *name)
{
    json_t *provenance = r->provenance ? json_loads(r->provenance, 0, NULL) : NULL;
    char *text = copy(json_string_value(json_object_get(provenance, name)));
    json_decref(provenance);
    return text;
}

zsc_status zsc_results_row_describe(const zsc_result *r, zsc_results_row *out)
{
    double seconds = 0;
    const bool asked = r->stability.repeats > 0;
    for (size_t i = 0; i < r->stages; i++) seconds += r->stage[i].seconds;
    *out = (zsc_results_row){.key = copy(r->key),
                             .path = copy(r->path),
                             .encoders = join(r, offsetof(zsc_modality, encoder)),
                             .labels = join(r, offsetof(zsc_modality, label)),
                             .modalities = join(r, offsetof(zsc_modality, modality)),
                             .architectures = join(r, offsetof(zsc_modality, architecture)),
                             .subset = copy(r->subset),
                             .per_barcode = copy(r->per_barcode),
                             .scale = copy(r->scale),
                             .reduce = copy(r->reduce),
                             .clusterer = copy(zsc_result_clusterer(r)->name),
                             .linkage = copy(r->linkage),
                             .clusters_rule = copy(r->clusters_rule),
                             .rank = copy(""),
                             .settings = settings_text(r),
                             .stages = stages_text(r),
                             .sources = sources_text(r),
                             .row_set = row_set_text(r),
                             .label_set = label_set_text(r),
                             .configuration = configuration_text(r),
                             .finished = provenance_text(r, "finished"),
                             .matrix = copy(r->matrix),
                             .version = provenance_text(r, "zsc"),
                             .values = values_text(r),
                             .rows = r->rows,
                             .dim = r->dim,
                             .seed = r->seed,
                             .seeded = true,
                             .silhouette = r->internal.silhouette,
                             .davies_bouldin = r->internal.davies_bouldin,
                             .calinski_harabasz = r->internal.calinski_harabasz,
                             .silhouette_original = r->internal_original.silhouette,
                             .davies_bouldin_original = r->internal_original.davies_bouldin,
                             .calinski_harabasz_original = r->internal_original.calinski_harabasz,
                             .stability_subsamples = asked ? r->stability.subsamples : NAN,
                             .stability_subsamples_sd = asked ? r->stability.subsamples_sd : NAN,
                             .stability_seeds = asked ? r->stability.seeds : NAN,
                             .stability_seeds_sd = asked ? r->stability.seeds_sd : NAN,
                             .seconds = seconds,
                             .peak_rss = r->peak_rss,
                             .simulated = r->simulated};
    if (zsc_results_row_whole(out)) return ZSC_OK;
    zsc_results_row_clear(out);
    return ZSC_EINTERNAL;
}

static zsc_status from_result(reader *g, const zsc_result *r)
{
    zsc_results_row shared = {0};
    double *ceiling = NULL;
    zsc_status status = zsc_results_row_describe(r, &shared);
    if (status == ZSC_OK) status = zsc_result_ceilings(r, &ceiling);
    for (size_t i = 0; status == ZSC_OK && i < r->scores; i++) {
        const zsc_rank_scores *s = &r->score[i];
        zsc_results_row row = {0};
        if ((status = zsc_results_row_copy(&shared, &row)) != ZSC_OK) break;
        free(row.rank);
        row.rank = copy(s->rank);
        row.clusters = s->k;
        row.clustered = s->noise.clustered;
        row.ami_clustered = s->noise.ami_clustered;
        row.ami_singletons = s->noise.ami_singletons;
        zsc_results_row_set_scores(&row, &s->scores);
        row.best_clusters = s->best_clusters;
        row.best_ami = s->best_clusters ? s->best_ami : NAN;
        row.ceiling = ceiling[i];
        row.chance_sd = row.p_value = NAN;
        status = hand_on(g, &row);
    }
    zsc_results_row_clear(&shared);
    free(ceiling);
    return status;
}

static zsc_status add_result(reader *g, const char *path)
{
    zsc_result result = {0};
    int32_t number;
    int added = 1;
    zsc_status status = zsc_result_read(path, ZSC_RESULT_ROWS, &result);
    if (status == ZSC_OK && result.key && *result.key)
        status = zsc_names_add(&g->keys, result.key, strlen(result.key), &number, &added);
    if (status == ZSC_OK && added) status = from_result(g, &result);
    zsc_result_free(&result);
    return status;
}

static zsc_status add_folder(reader *g, const char *path)
{
    zsc_list files = {0}; /* without those of retrieval, which this table has no columns for */
    zsc_status status = zsc_results_in_folder(path, ZSC_RESULTS_OF_RUNS, &files, NULL);
    for (size_t i = 0; status == ZSC_OK && i < files.count; i++) status = add_result(g, files.item[i]);
    zsc_list_free(&files);
    return status;
}

/* --- From tidy CSV */
typedef struct reading {
    reader *g;
    const char *path;
    size_t before; /* number of keys before this file */
} reading;

/* Whether an earlier file held the run; rows of one run in this file share a key. */
static zsc_status came_before(const reading *r, const char *key, bool *before)
{
    int32_t number = 0;
    *before = false;
    if (!key || !*key) return ZSC_OK; /* a row that lacks a text is refused where it is handed on */
    zsc_status status = zsc_names_add(&r->g->keys, key, strlen(key), &number, NULL);
    *before = status == ZSC_OK && (size_t)number < r->before;
    return status;
}

/* Scores are fractions; what is no score of a run is a mistake in the file, or per cent. NaN is an empty field. */
static zsc_status check_scores(const zsc_results_row *row)
{
    const struct {
        const char *name;
        double value, least, most;
    } scores[] = {{"ami", row->ami, -1, 1},
                  {"nmi", row->nmi, 0, 1},
                  {"ari", row->ari, -1, 1},
                  {"fmi", row->fmi, 0, 1},
                  {"homogeneity", row->homogeneity, 0, 1},
                  {"completeness", row->completeness, 0, 1},
                  {"v_measure", row->v_measure, 0, 1},
                  {"ami_clustered", row->ami_clustered, -1, 1},
                  {"ami_singletons", row->ami_singletons, -1, 1},
                  {"silhouette", row->silhouette, -1, 1},
                  {"silhouette_original", row->silhouette_original, -1, 1},
                  {"stability_subsamples", row->stability_subsamples, -1, 1},
                  {"stability_seeds", row->stability_seeds, -1, 1},
                  {"best_ami", row->best_ami, -1, 1},
                  {"ceiling", row->ceiling, -1, 1},
                  {"p_value", row->p_value, 0, 1}};
    const double rounding = 1e-9;
    for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
        if (scores[i].value < scores[i].least - rounding || scores[i].value > scores[i].most + rounding)
            return zsc_fail(ZSC_EINPUT, "%s is %g, expected a fraction from %g to %g", scores[i].name, scores[i].value,
                            scores[i].least, scores[i].most);
    return ZSC_OK;
}

/* Tables of older versions have settings in one column alone, and numbers there with digits that they do not need. */
static zsc_status complete_settings(zsc_results_row *row)
{
    if (!row->settings || !row->values || !row->reduce || !row->clusterer) return ZSC_EINTERNAL;
    zsc_json_shorten(row->settings);
    if (*row->reduce && !*row->clusterer) { /* tables that are older than clusterers */
        free(row->clusterer);
        if (!(row->clusterer = copy(zsc_clusterer_traits_of(ZSC_AGGLOMERATIVE)->name))) return ZSC_EINTERNAL;
        row->clustered = row->scored;
    }
    if (row->values[strspn(row->values, "\n")]) return ZSC_OK;
    free(row->values);
    row->values = zsc_row_settings_of_text(row->settings);
    return row->values ? ZSC_OK : ZSC_EINTERNAL;
}

static zsc_status read_row(void *data, const zsc_csv_row *csv)
{
    const reading *r = data;
    zsc_results_row row = {0};
    zsc_status status = ZSC_OK;
    bool before = false;
    for (size_t i = 0; i < zsc_results_table_columns(); i++) {
        zsc_status one = zsc_results_row_parse(&row, i, csv->field[i]);
        if (one != ZSC_OK && status == ZSC_OK) status = zsc_context(one, "'%s', line %zu", r->path, csv->line);
    }
    if (status == ZSC_OK) status = complete_settings(&row);
    if (status == ZSC_OK) status = zsc_context(check_scores(&row), "'%s', line %zu", r->path, csv->line);
    if (status == ZSC_OK) status = came_before(r, row.key, &before);
    if (status == ZSC_OK && !before) return hand_on(r->g, &row);
    zsc_results_row_clear(&row);
    return status;
}

static zsc_status add_tidy(reader *g, const char *path)
{
    zsc_status status = ZSC_OK;
    size_t count = zsc_results_table_columns();
    const char **names = NULL; /* each followed by NULL */
    zsc_csv_column *columns = NULL;
    ZSC_NEW(names, 2 * count);
    ZSC_NEW(columns, count);
    for (size_t i = 0; i < count; i++) {
        names[2 * i] = zsc_results_table_column(i, &columns[i].required);
        columns[i].names = &names[2 * i];
    }
    reading r = {.g = g, .path = path, .before = g->keys.count};
    status = zsc_csv_read(path, NULL, columns, count, NULL, read_row, &r);
done:
    free(names);
    free(columns);
    return status;
}

/* --- From a wide cross-modal table, as published */
typedef struct wide {
    reader *g;
    const char *path;
    const zsc_list *header;
} wide;

static zsc_status add_cell(const wide *w, const char *image, const char *architecture, const char *dna,
                           const char *text)
{
    double percent = 0;
    if (!zsc_value_number(text, &percent) || !(percent >= -100 && percent <= 100))
        return zsc_fail(ZSC_EINPUT, "'%s': expected an AMI in per cent, found '%s'", w->path, text);
    const char *plus = image && dna ? "+" : "";
    zsc_results_row row = {.encoders = zsc_asprintf("%s%s%s", image ? image : "", plus, dna ? dna : ""),
                           .labels = copy(NULL),
                           .modalities = zsc_asprintf("%s%s%s", image ? "image" : "", plus, dna ? "dna" : ""),
                           .architectures = zsc_asprintf("%s%s", image ? architecture : "", plus),
                           .rank = copy("species"),
                           .ami = percent / 100,
                           .key = copy(NULL),
                           .path = copy(NULL),
                           .subset = copy(NULL),
                           .per_barcode = copy(NULL),
                           .scale = copy(NULL),
                           .reduce = copy(NULL),
                           .clusterer = copy(NULL),
                           .linkage = copy(NULL),
                           .clusters_rule = copy(NULL),
                           .settings = copy(NULL),
                           .stages = copy(NULL),
                           .sources = copy(NULL),
                           .row_set = copy(NULL),
                           .label_set = copy(NULL),
                           .configuration = copy(NULL),
                           .finished = copy(NULL),
                           .matrix = copy(NULL),
                           .version = copy(NULL),
                           .values = zsc_row_settings_of(NULL),
                           .nmi = NAN,
                           .ari = NAN,
                           .fmi = NAN,
                           .homogeneity = NAN,
                           .completeness = NAN,
                           .v_measure = NAN,
                           .ami_clustered = NAN,
                           .ami_singletons = NAN,
                           .silhouette = NAN,
                           .davies_bouldin = NAN,
                           .calinski_harabasz = NAN,
                           .silhouette_original = NAN,
                           .davies_bouldin_original = NAN,
                           .calinski_harabasz_original = NAN,
                           .stability_subsamples = NAN,
                           .stability_subsamples_sd = NAN,
                           .stability_seeds = NAN,
                           .stability_seeds_sd = NAN,
                           .best_ami = NAN,
                           .ceiling = NAN,
                           .chance_sd = NAN,
                           .p_value = NAN,
                           .seconds = NAN};
    return hand_on(w->g, &row);
}

enum { ARCHITECTURE, IMAGE, IMAGE_ONLY, FIRST_DNA };

static zsc_status read_wide(void *data, const zsc_csv_row *csv)
{
    const wide *w = data;
    zsc_status status = ZSC_OK;
    const char *architecture = csv->field[ARCHITECTURE], *image = csv->field[IMAGE];
    bool dna_only = !*architecture; /* the row of DNA alone belongs to no architecture */
    char *name = *architecture ? zsc_asprintf("%s %s", architecture, image) : copy(image);
    if (!name) return ZSC_EINTERNAL;
    for (size_t i = IMAGE_ONLY; status == ZSC_OK && i < w->header->count; i++)
        if (*csv->field[i])
            status = add_cell(w, dna_only ? NULL : name, architecture, i < FIRST_DNA ? NULL : w->header->item[i],
                              csv->field[i]);
    free(name);
    return status;
}

static zsc_status add_wide(reader *g, const char *path, const zsc_list *header)
{
    zsc_status status = ZSC_OK;
    const char **names = NULL;
    zsc_csv_column *columns = NULL;
    ZSC_NEW(names, 2 * header->count);
    ZSC_NEW(columns, header->count);
    for (size_t i = 0; i < header->count; i++) {
        names[2 * i] = header->item[i];
        columns[i] = (zsc_csv_column){.names = &names[2 * i], .required = true};
    }
    wide w = {.g = g, .path = path, .header = header};
    status = zsc_csv_read(path, NULL, columns, header->count, NULL, read_wide, &w);
done:
    free(names);
    free(columns);
    return status;
}

static bool is_wide(const zsc_list *header)
{
    static const char *const expected[] = {"architecture", "image_encoder", "image_only"};
    for (size_t i = 0; i < FIRST_DNA; i++)
        if (header->count <= FIRST_DNA || strcmp(header->item[i], expected[i]) != 0) return false;
    return true;
}

static zsc_status add_csv(reader *g, const char *path)
{
    zsc_list header = {0};
    zsc_status status = zsc_csv_header(path, NULL, &header, NULL);
    if (status == ZSC_OK) status = is_wide(&header) ? add_wide(g, path, &header) : add_tidy(g, path);
    zsc_list_free(&header);
    return status;
}

/* A result, a table or a folder, by its content. */
static zsc_status read_path(reader *g, const char *path)
{
    struct stat s;
    zsc_file_form form;
    if (stat(path, &s) != 0) return zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(errno));
    if (S_ISDIR(s.st_mode)) return add_folder(g, path);
    zsc_status status = zsc_file_form_find(path, &form);
    if (status != ZSC_OK) return status;
    if (form == ZSC_FORM_NPY)
        return zsc_fail(ZSC_EINPUT, "'%s' is an array and no result: expected what zsc run -o or zsc collect wrote",
                        path);
    return form == ZSC_FORM_TEXT ? add_csv(g, path) : add_result(g, path);
}

static zsc_status read_paths(reader *g, const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        zsc_status status = read_path(g, paths[i]);
        if (status != ZSC_OK) return status;
        if (i == 0 && g->rows == 0)
            return zsc_fail(ZSC_EINPUT, "'%s' holds no results with scores at a rank", paths[i]);
    }
    return ZSC_OK;
}

zsc_status zsc_results_table_each(const char *const *paths, size_t count, zsc_results_row_take *take, void *data)
{
    reader g = {.take = take, .data = data};
    zsc_status status = read_paths(&g, paths, count);
    zsc_names_free(&g.keys);
    return status;
}

static zsc_status keep(void *rows, zsc_results_row *row) { return zsc_results_table_push(rows, row); }

zsc_status zsc_results_table_add(zsc_results_table *rows, const zsc_result *result)
{
    reader g = {.take = keep, .data = rows};
    return from_result(&g, result);
}

zsc_status zsc_results_table_read(const char *const *paths, size_t count, zsc_results_table *out)
{
    zsc_results_table rows = {0};
    zsc_status status = zsc_results_table_each(paths, count, keep, &rows);
    if (status == ZSC_OK)
        *out = rows;
    else
        zsc_results_table_free(&rows);
    return status;
}

/* --- Back to the results */
static bool seen(const zsc_results_table *rows, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(rows->item[j].key, rows->item[i].key) == 0) return true;
    return false;
}

static size_t rows_of_key(const zsc_results_table *rows, const char *key)
{
    size_t count = 0;
    for (size_t j = 0; j < rows->count; j++) count += strcmp(rows->item[j].key, key) == 0;
    return count;
}

/* Whether the run of row I has rows left only at ranks that another run of its series and seed lacks, which counts
 * instead. */
static bool counts_as_another(const zsc_results_table *rows, size_t i)
{
    const zsc_results_row *own = &rows->item[i];
    for (size_t j = 0; j < rows->count; j++) {
        const zsc_results_row *other = &rows->item[j];
        if (strcmp(other->encoders, own->encoders) != 0 || strcmp(other->key, own->key) == 0) continue;
        if (!zsc_same_series_and_seed(own, other)) continue;
        size_t a = rows_of_key(rows, own->key), b = rows_of_key(rows, other->key);
        if (b > a || (b == a && j < i)) return true;
    }
    return false;
}

zsc_status zsc_results_of_table(const zsc_results_table *rows, unsigned what, size_t most, zsc_result_list *out)
{
    zsc_status status = ZSC_OK;
    zsc_list paths = {0};
    zsc_result_list list = {0};
    for (size_t i = 0; i < rows->count; i++) {
        if (!*rows->item[i].path) {
            status = zsc_fail(ZSC_EINPUT,
                              "this needs result files; the rows of %s come from a table without a column path",
                              rows->item[i].encoders);
            goto done;
        }
        if (!seen(rows, i) && !counts_as_another(rows, i)) ZSC_TRY(zsc_list_add(&paths, rows->item[i].path));
    }
    if (paths.count > most) {
        status = zsc_fail(
            ZSC_EINPUT,
            "this figure shows %zu result%s, and there are %zu; select with --encoders, --rows, --where or "
            "by naming files",
            most, most == 1 ? "" : "s at most", paths.count);
        goto done;
    }
    ZSC_NEW(list.item, paths.count);
    for (size_t i = 0; i < paths.count; i++) {
        ZSC_TRY(zsc_result_read(paths.item[i], what, &list.item[i]));
        list.count++;
    }
    *out = list;
    list = (zsc_result_list){0};
done:
    zsc_list_free(&paths);
    zsc_results_free(&list);
    return status;
}
