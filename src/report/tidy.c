/* Tidy rows: one table of fields says how each is written to CSV and JSON and read from CSV. */
#include "report/tidy.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/csv.h"

typedef enum field_kind { TEXT, COUNT, U64, REAL, BOOL } field_kind;

static const struct field {
    const char *name;
    field_kind kind;
    size_t offset;
    bool required; /* in a CSV file that is read */
} fields[] = {
#define FIELD(name, kind, required) {#name, kind, offsetof(zsc_tidy_row, name), required}
    FIELD(key, TEXT, false), FIELD(path, TEXT, false), FIELD(encoders, TEXT, true), FIELD(labels, TEXT, false), FIELD(modalities, TEXT, false),
    FIELD(architectures, TEXT, false), FIELD(subset, TEXT, false), FIELD(per_barcode, TEXT, false), FIELD(scale, TEXT, false),
    FIELD(reduce, TEXT, false), FIELD(linkage, TEXT, false), FIELD(clusters_rule, TEXT, false), FIELD(seed, U64, false),
    FIELD(rows, COUNT, false), FIELD(dim, COUNT, false), FIELD(rank, TEXT, true), FIELD(clusters, COUNT, false),
    FIELD(scored, COUNT, false), FIELD(missing, COUNT, false), FIELD(classes, COUNT, false), FIELD(found, COUNT, false),
    FIELD(ami, REAL, true), FIELD(nmi, REAL, false), FIELD(ari, REAL, false), FIELD(fmi, REAL, false),
    FIELD(homogeneity, REAL, false), FIELD(completeness, REAL, false), FIELD(v_measure, REAL, false),
    FIELD(silhouette, REAL, false), FIELD(davies_bouldin, REAL, false), FIELD(calinski_harabasz, REAL, false),
    FIELD(best_clusters, COUNT, false), FIELD(best_ami, REAL, false), FIELD(seconds, REAL, false),
    FIELD(peak_rss, COUNT, false), FIELD(simulated, BOOL, false), FIELD(settings, TEXT, false), FIELD(stages, TEXT, false),
#undef FIELD
};
enum { FIELDS = sizeof fields / sizeof *fields };

static void *at(const zsc_tidy_row *row, const struct field *f) { return (char *)(uintptr_t)row + f->offset; }

const char *zsc_tidy_text(const zsc_tidy_row *row, const char *column)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].kind == TEXT && strcmp(fields[i].name, column) == 0) return *(char **)at(row, &fields[i]);
    return NULL;
}

static void row_clear(zsc_tidy_row *row)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].kind == TEXT) free(*(char **)at(row, &fields[i]));
}

void zsc_tidy_truncate(zsc_tidy *rows, size_t count)
{
    for (size_t i = count; i < rows->count; i++) row_clear(&rows->item[i]);
    if (rows->count > count) rows->count = count;
}

void zsc_tidy_free(zsc_tidy *rows)
{
    zsc_tidy_truncate(rows, 0);
    free(rows->item);
    *rows = (zsc_tidy){0};
}

/* Takes ROW over. */
static zsc_status push(zsc_tidy *rows, zsc_tidy_row *row)
{
    zsc_status status = zsc_grow(&rows->item, &rows->capacity, rows->count + 1, sizeof *rows->item, "rows of results");
    for (size_t i = 0; status == ZSC_OK && i < FIELDS; i++)
        if (fields[i].kind == TEXT && !*(char **)at(row, &fields[i])) status = ZSC_EINTERNAL;
    if (status == ZSC_OK)
        rows->item[rows->count++] = *row;
    else
        row_clear(row);
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

/* What has a column of its own, or cannot change a score, is taken out of the configuration. */
static char *settings_text(const zsc_result *r)
{
    static const char *const known[] = {"embeddings", "encoders", "seed", "barcode-seed", "one-per-barcode", "scale", "reduce", "linkage",
                                        "clusters", "split", "curve", "internal", "keep-reduced", "ranks"};
    json_t *config = r->config ? json_loads(r->config, 0, NULL) : NULL;
    char *text = NULL;
    for (size_t i = 0; config && i < sizeof known / sizeof *known; i++) json_object_del(config, known[i]);
    if (config) text = json_dumps(config, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(config);
    return text ? text : copy("");
}

zsc_status zsc_tidy_add(zsc_tidy *rows, const zsc_result *r)
{
    double seconds = 0;
    for (size_t i = 0; i < r->stages; i++) seconds += r->stage[i].seconds;
    for (size_t i = 0; i < r->scores; i++) {
        const zsc_rank_scores *s = &r->score[i];
        zsc_tidy_row row = {
            .key = copy(r->key), .path = copy(r->path), .encoders = join(r, offsetof(zsc_modality, encoder)), .labels = join(r, offsetof(zsc_modality, label)),
            .modalities = join(r, offsetof(zsc_modality, modality)), .architectures = join(r, offsetof(zsc_modality, architecture)),
            .subset = copy(r->subset), .per_barcode = copy(r->per_barcode), .scale = copy(r->scale), .reduce = copy(r->reduce),
            .linkage = copy(r->linkage), .clusters_rule = copy(r->clusters_rule), .rank = copy(s->rank), .settings = settings_text(r), .stages = stages_text(r),
            .rows = r->rows, .dim = r->dim, .clusters = s->k, .seed = r->seed, .scored = s->scores.rows,
            .missing = s->scores.missing, .classes = s->scores.classes, .found = s->scores.clusters,
            .ami = s->scores.ami[ZSC_ARITHMETIC], .nmi = s->scores.nmi[ZSC_ARITHMETIC], .ari = s->scores.ari,
            .fmi = s->scores.fmi, .homogeneity = s->scores.homogeneity, .completeness = s->scores.completeness,
            .v_measure = s->scores.v_measure, .silhouette = r->internal.silhouette, .davies_bouldin = r->internal.davies_bouldin,
            .calinski_harabasz = r->internal.calinski_harabasz, .best_clusters = s->best_clusters,
            .best_ami = s->best_clusters ? s->best_ami : NAN, .seconds = seconds, .peak_rss = r->peak_rss,
            .simulated = r->simulated};
        zsc_status status = push(rows, &row);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

static bool has_key(const zsc_tidy *rows, const char *key)
{
    for (size_t i = 0; *key && i < rows->count; i++)
        if (strcmp(rows->item[i].key, key) == 0) return true;
    return false;
}

static zsc_status add_result(zsc_tidy *rows, const char *path)
{
    zsc_result result = {0};
    zsc_status status = zsc_result_read(path, 0, &result);
    if (status == ZSC_OK && !has_key(rows, result.key)) status = zsc_tidy_add(rows, &result);
    zsc_result_free(&result);
    return status;
}

static int is_result_name(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 3 && strcmp(entry->d_name + length - 3, ".h5") == 0;
}

static zsc_status add_folder(zsc_tidy *rows, const char *path)
{
    zsc_status status = ZSC_OK;
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_result_name, alphasort);
    if (count < 0) return zsc_fail(ZSC_EINPUT, "cannot read folder '%s': %s", path, strerror(errno));
    for (int i = 0; i < count; i++) {
        char *file = status == ZSC_OK ? zsc_asprintf("%s/%s", path, entries[i]->d_name) : NULL;
        if (status == ZSC_OK) status = file ? add_result(rows, file) : ZSC_EINTERNAL;
        free(file);
        free(entries[i]);
    }
    free(entries);
    return status;
}

/* --- From tidy CSV */
typedef struct reading {
    zsc_tidy *rows;
    const char *path;
    size_t before; /* rows that were there: a key among them is a run that came before */
} reading;

static zsc_status parse_field(const struct field *f, const char *text, void *to)
{
    char *end = NULL;
    errno = 0;
    switch (f->kind) {
    case TEXT: *(char **)to = zsc_strdup(text); return *(char **)to ? ZSC_OK : ZSC_EINTERNAL;
    case COUNT: *(size_t *)to = *text ? (size_t)strtoull(text, &end, 10) : 0; break;
    case U64: *(uint64_t *)to = *text ? strtoull(text, &end, 10) : 0; break;
    case REAL: *(double *)to = *text ? strtod(text, &end) : NAN; break;
    case BOOL: *(bool *)to = strcmp(text, "1") == 0 || strcmp(text, "true") == 0 || strcmp(text, "yes") == 0; return ZSC_OK;
    }
    bool negative = f->kind != REAL && strchr(text, '-');
    if (*text && (*end || end == text || negative || (errno && f->kind != REAL)))
        return zsc_fail(ZSC_EINPUT, "column %s: expected a number, found '%s'", f->name, text);
    return ZSC_OK;
}

static zsc_status read_row(void *data, const zsc_csv_row *csv)
{
    reading *r = data;
    zsc_tidy_row row = {0};
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < FIELDS; i++) {
        zsc_status one = parse_field(&fields[i], csv->field[i], at(&row, &fields[i]));
        if (one != ZSC_OK && status == ZSC_OK) status = zsc_context(one, "'%s', line %zu", r->path, csv->line);
    }
    const zsc_tidy before = {.item = r->rows->item, .count = r->before};
    if (status != ZSC_OK || has_key(&before, row.key))
        row_clear(&row);
    else
        status = push(r->rows, &row);
    return status;
}

static zsc_status add_tidy(zsc_tidy *rows, const char *path)
{
    const char *names[FIELDS][2];
    zsc_csv_column columns[FIELDS];
    for (size_t i = 0; i < FIELDS; i++) {
        names[i][0] = fields[i].name;
        names[i][1] = NULL;
        columns[i] = (zsc_csv_column){.names = names[i], .required = fields[i].required};
    }
    reading r = {.rows = rows, .path = path, .before = rows->count};
    return zsc_csv_read(path, columns, FIELDS, NULL, read_row, &r);
}

/* --- From a wide cross-modal table, as published */
typedef struct wide {
    zsc_tidy *rows;
    const char *path;
    const zsc_list *header;
} wide;

static zsc_status add_cell(const wide *w, const char *image, const char *architecture, const char *dna, const char *text)
{
    char *end = NULL;
    double percent = strtod(text, &end);
    if (*end || end == text) return zsc_fail(ZSC_EINPUT, "'%s': expected an AMI in per cent, found '%s'", w->path, text);
    const char *plus = image && dna ? "+" : "";
    zsc_tidy_row row = {
        .encoders = zsc_asprintf("%s%s%s", image ? image : "", plus, dna ? dna : ""), .labels = copy(NULL),
        .modalities = zsc_asprintf("%s%s%s", image ? "image" : "", plus, dna ? "dna" : ""),
        .architectures = zsc_asprintf("%s%s", image ? architecture : "", plus), .rank = copy("species"), .ami = percent / 100,
        .key = copy(NULL), .path = copy(NULL), .subset = copy(NULL), .per_barcode = copy(NULL), .scale = copy(NULL), .reduce = copy(NULL),
        .linkage = copy(NULL), .clusters_rule = copy(NULL), .settings = copy(NULL), .stages = copy(NULL), .nmi = NAN, .ari = NAN, .fmi = NAN,
        .homogeneity = NAN, .completeness = NAN, .v_measure = NAN, .silhouette = NAN, .davies_bouldin = NAN,
        .calinski_harabasz = NAN, .best_ami = NAN, .seconds = NAN};
    return push(w->rows, &row);
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
            status = add_cell(w, dna_only ? NULL : name, architecture, i < FIRST_DNA ? NULL : w->header->item[i], csv->field[i]);
    free(name);
    return status;
}

static zsc_status add_wide(zsc_tidy *rows, const char *path, const zsc_list *header)
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
    wide w = {.rows = rows, .path = path, .header = header};
    status = zsc_csv_read(path, columns, header->count, NULL, read_wide, &w);
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

static zsc_status add_csv(zsc_tidy *rows, const char *path)
{
    zsc_list header = {0};
    zsc_status status = zsc_csv_header(path, &header);
    if (status == ZSC_OK) status = is_wide(&header) ? add_wide(rows, path, &header) : add_tidy(rows, path);
    zsc_list_free(&header);
    return status;
}

static bool ends_in(const char *path, const char *end)
{
    size_t length = strlen(path), tail = strlen(end);
    return length >= tail && strcmp(path + length - tail, end) == 0;
}

zsc_status zsc_tidy_read(const char *const *paths, size_t count, zsc_tidy *out)
{
    zsc_status status = ZSC_OK;
    zsc_tidy rows = {0};
    for (size_t i = 0; i < count; i++) {
        struct stat s;
        if (stat(paths[i], &s) != 0) {
            status = zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", paths[i], strerror(errno));
            goto done;
        }
        size_t before = rows.count;
        ZSC_TRY(S_ISDIR(s.st_mode) ? add_folder(&rows, paths[i])
                : ends_in(paths[i], ".csv") ? add_csv(&rows, paths[i]) : add_result(&rows, paths[i]));
        if (i == 0 && rows.count == before) {
            status = zsc_fail(ZSC_EINPUT, "'%s' holds no results", paths[i]);
            goto done;
        }
    }
    *out = rows;
    rows = (zsc_tidy){0};
done:
    zsc_tidy_free(&rows);
    return status;
}

/* --- Writing */
static void write_csv_field(const struct field *f, const zsc_tidy_row *row, FILE *out)
{
    const void *value = at(row, f);
    switch (f->kind) {
    case TEXT: zsc_csv_write_field(out, *(char *const *)value); break;
    case COUNT: fprintf(out, "%zu", *(const size_t *)value); break;
    case U64: fprintf(out, "%llu", (unsigned long long)*(const uint64_t *)value); break;
    case REAL:
        if (!isnan(*(const double *)value)) fprintf(out, "%.17g", *(const double *)value);
        break;
    case BOOL: fputs(*(const bool *)value ? "true" : "false", out); break;
    }
}

static zsc_status wrote(FILE *out)
{
    return ferror(out) ? zsc_fail(ZSC_EINPUT, "cannot write: %s", strerror(errno)) : ZSC_OK;
}

zsc_status zsc_tidy_write_csv(const zsc_tidy *rows, FILE *out)
{
    for (size_t i = 0; i < FIELDS; i++) fprintf(out, "%s%s", i ? "," : "", fields[i].name);
    putc('\n', out);
    for (size_t r = 0; r < rows->count; r++)
        for (size_t i = 0; i < FIELDS; i++) {
            write_csv_field(&fields[i], &rows->item[r], out);
            putc(i + 1 < FIELDS ? ',' : '\n', out);
        }
    return wrote(out);
}

static json_t *text_value(const char *text)
{
    json_t *value = json_string(text);
    return value ? value : json_null(); /* not UTF-8 */
}

static json_t *json_value(const struct field *f, const zsc_tidy_row *row)
{
    const void *value = at(row, f);
    switch (f->kind) {
    case TEXT: return text_value(*(char *const *)value);
    case COUNT: return json_integer((json_int_t) * (const size_t *)value);
    case U64: return json_integer((json_int_t) * (const uint64_t *)value);
    case REAL: return isfinite(*(const double *)value) ? json_real(*(const double *)value) : json_null();
    case BOOL: return json_boolean(*(const bool *)value);
    }
    return json_null();
}

zsc_status zsc_tidy_write_json(const zsc_tidy *rows, FILE *out)
{
    putc('[', out);
    for (size_t r = 0; r < rows->count; r++) {
        json_t *object = json_object();
        bool failed = !object;
        for (size_t i = 0; !failed && i < FIELDS; i++)
            failed = json_object_set_new(object, fields[i].name, json_value(&fields[i], &rows->item[r])) != 0;
        if (!failed) {
            fputs(r ? ",\n " : "\n ", out);
            failed = json_dumpf(object, out, JSON_REAL_PRECISION(17)) != 0;
        }
        json_decref(object);
        if (failed && !ferror(out)) return zsc_fail_memory(1, sizeof(json_t), "JSON");
    }
    fputs(rows->count ? "\n]\n" : "]\n", out);
    return wrote(out);
}
