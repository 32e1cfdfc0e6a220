#include "experiment/series/run_identity.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "experiment/settings/clusterers.h"
#include "experiment/series/row_settings.h"
#include "experiment/settings/run_config.h"

const char *const zsc_variant_columns[] = {"subset", "scale", "reduce", "clusterer", "linkage", "clusters_rule"};
const size_t zsc_variant_count = sizeof zsc_variant_columns / sizeof *zsc_variant_columns;

/* --- Same or not */
bool zsc_one_per_barcode(const zsc_results_row *row)
{
    return *row->per_barcode && strcmp(row->per_barcode, "all") != 0;
}

bool zsc_setting_of_both(const zsc_results_row *a, const zsc_results_row *b, const char *name)
{
    if (strcmp(name, "clusters_rule") == 0) name = "clusters";
    return zsc_clusterer_uses(zsc_clusterer_find(a->clusterer), name) &&
           zsc_clusterer_uses(zsc_clusterer_find(b->clusterer), name);
}

static bool agree(const char *a, const char *b) { return !*a || !*b || strcmp(a, b) == 0; }

bool zsc_same_settings(const zsc_results_row *a, const zsc_results_row *b)
{
    if (strcmp(a->encoders, b->encoders) != 0 || zsc_one_per_barcode(a) != zsc_one_per_barcode(b)) return false;
    for (size_t i = 0; i < zsc_variant_count; i++)
        if (strcmp(zsc_results_row_text(a, zsc_variant_columns[i]), zsc_results_row_text(b, zsc_variant_columns[i])) !=
            0)
            return false;
    return strcmp(a->settings, b->settings) == 0;
}

static const char *next_rank(const char *p)
{
    p += strcspn(p, ";");
    return p + (*p == ';');
}

/* label_set is "class=1f..;order=20..;": each rank's digest, looked up by its name. The ranks of two results mostly
 * come in one order, so that each is looked for behind the one that was found last; thousands of ranks take no square
 * of their number. */
const char *zsc_rank_of_other_labels(const zsc_results_row *a, const zsc_results_row *b, size_t *length)
{
    const char *from = b->label_set;
    if (strcmp(a->label_set, b->label_set) == 0) return NULL;
    for (const char *p = a->label_set; *p; p = next_rank(p)) {
        size_t name = strcspn(p, "="), whole = strcspn(p, ";");
        const char *q = *from ? from : b->label_set, *end = q;
        while (*q && (strcspn(q, "=") != name || strncmp(p, q, name) != 0)) {
            q = next_rank(q);
            if (!*q) q = b->label_set;
            if (q == end) q = "";
        }
        if (!*q) continue;
        from = next_rank(q);
        *length = name;
        if (strcspn(q, ";") != whole || strncmp(p, q, whole) != 0) return p;
    }
    return NULL;
}

bool zsc_same_labels(const zsc_results_row *a, const zsc_results_row *b)
{
    size_t length;
    return !zsc_rank_of_other_labels(a, b, &length);
}

bool zsc_same_contents(const zsc_results_row *a, const zsc_results_row *b) { return agree(a->matrix, b->matrix); }

bool zsc_same_series(const zsc_results_row *a, const zsc_results_row *b)
{
    return zsc_same_settings(a, b) && agree(a->sources, b->sources) && agree(a->row_set, b->row_set) &&
           zsc_same_contents(a, b) && zsc_same_labels(a, b);
}

/* The first of the columns in which the two differ; NULL: none. */
static const char *different_column(const zsc_results_row *a, const zsc_results_row *b, const char *const *columns,
                                    size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(zsc_results_row_text(a, columns[i]), zsc_results_row_text(b, columns[i])) != 0) return columns[i];
    return NULL;
}

/* The same of settings that have columns of their own; their values to x and y. */
static const char *different_setting(const zsc_results_row *a, const zsc_results_row *b, const char *value[2],
                                     size_t length[2])
{
    for (size_t i = 0; i < zsc_row_setting_columns() && strcmp(a->settings, b->settings) != 0; i++) {
        value[0] = zsc_row_setting_value(a->values, i, &length[0]);
        value[1] = zsc_row_setting_value(b->values, i, &length[1]);
        if (length[0] != length[1] || memcmp(value[0], value[1], length[0]) != 0) return zsc_row_setting_column(i);
    }
    return NULL;
}

zsc_status zsc_refuse_two_series(const zsc_results_row *a, const zsc_results_row *b)
{
    static const char *const choice[] = {"per_barcode"}, *const rest[] = {"settings", "sources", "row_set", "label_set",
                                                                          "matrix"};
    const char *value[2] = {"", ""}, *in = different_column(a, b, zsc_variant_columns, zsc_variant_count);
    size_t length[2] = {0, 0};
    if (!in) in = different_column(a, b, choice, 1);
    bool own = !in && (in = different_setting(a, b, value, length));
    if (!in) in = different_column(a, b, rest, sizeof rest / sizeof *rest);
    for (int i = 0; i < 2 && in && !own; i++) {
        value[i] = zsc_results_row_text(i == 0 ? a : b, in);
        length[i] = strlen(value[i]);
    }
    return zsc_fail(ZSC_EINPUT,
                    "%s has two kinds of runs, which differ in %s ('%.*s' and '%.*s'); choose with --where or --rows",
                    a->encoders, in ? in : "their order", (int)length[0], value[0], (int)length[1], value[1]);
}

/* --- One seed, several results */
/* The seed, where it counts. */
static uint64_t seed_of(const zsc_results_row *row)
{
    return zsc_run_draws(row->reduce, row->clusterer) ? row->seed : 0;
}

bool zsc_same_series_and_seed(const zsc_results_row *a, const zsc_results_row *b)
{
    return a->seeded && b->seeded && seed_of(a) == seed_of(b) && zsc_same_series(a, b);
}

static bool same_seed(const zsc_results_row *a, const zsc_results_row *b)
{
    return strcmp(a->rank, b->rank) == 0 && zsc_same_series_and_seed(a, b);
}

static int score_kinds(const zsc_results_row *row)
{
    return (row->best_clusters > 0) + (row->silhouette == row->silhouette) +
           (row->silhouette_original == row->silhouette_original) +
           (row->stability_subsamples == row->stability_subsamples);
}

/* Below 0 if A finished before B; within the same second, the files' times decide. */
static int by_age(const zsc_results_row *a, const zsc_results_row *b)
{
    struct stat s, t;
    int c = strcmp(a->finished, b->finished);
    if (c || stat(a->path, &s) != 0 || stat(b->path, &t) != 0) return c;
    if (s.st_mtim.tv_sec != t.st_mtim.tv_sec) return s.st_mtim.tv_sec < t.st_mtim.tv_sec ? -1 : 1;
    return (s.st_mtim.tv_nsec > t.st_mtim.tv_nsec) - (s.st_mtim.tv_nsec < t.st_mtim.tv_nsec);
}

/* The same settings, including output, but another key: the contents of the inputs have changed, unless both say that
 * they are the same and only their ranks differ (A and B are of one series). */
static bool other_contents(const zsc_results_row *a, const zsc_results_row *b)
{
    bool recorded = *a->matrix && *b->matrix && *a->label_set && *b->label_set;
    return !recorded && *a->configuration && strcmp(a->configuration, b->configuration) == 0 && *a->key && *b->key &&
           strcmp(a->key, b->key) != 0;
}

/* Whether B replaces A. */
static bool is_superseded(const zsc_results_row *a, const zsc_results_row *b)
{
    if (!other_contents(a, b) && score_kinds(a) == score_kinds(b) && a->seed != b->seed) return a->seed > b->seed;
    if (!other_contents(a, b) && score_kinds(a) != score_kinds(b)) return score_kinds(a) < score_kinds(b);
    return by_age(a, b) < 0;
}

static void warn_superseded(const zsc_results_row *out, const zsc_results_row *kept)
{
    const char *why = other_contents(out, kept) ? "is superseded by one from newer contents of its inputs"
                                                : "is there twice and counts once";
    zsc_warn("%s, seed %llu: %s%s%s%s %s%s%s%s", out->encoders, (unsigned long long)out->seed, *out->path ? "'" : "",
             out->path, *out->path ? "' " : "", why, *kept->path ? "(" : "", kept->path, *kept->path ? " is taken" : "",
             *kept->path ? ")" : "");
}

typedef struct slot {
    uint64_t hash; /* of encoders, rank and seed: only rows with equal hashes can be the same */
    size_t at;
} slot;

static int by_hash(const void *a, const void *b)
{
    const slot *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

void zsc_runs_superseded(const zsc_results_row *run, size_t count, bool *left_out)
{
    slot *list = zsc_calloc(count + 1, sizeof *list, "rows of results");
    if (!list) return;
    for (size_t i = 0; i < count; i++)
        list[i] = (slot){zsc_hash64(run[i].encoders, strlen(run[i].encoders)) ^
                             (zsc_hash64(run[i].rank, strlen(run[i].rank)) * 3 + seed_of(&run[i]) * 0x9e3779b97f4a7c15),
                         i};
    if (count > 1) qsort(list, count, sizeof *list, by_hash);
    size_t other_seeds = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count && list[j].hash == list[i].hash && !left_out[list[i].at]; j++) {
            size_t a = list[i].at, b = list[j].at;
            if (left_out[b] || !same_seed(&run[a], &run[b])) continue;
            size_t out = is_superseded(&run[a], &run[b]) ? a : b, kept = out == a ? b : a;
            bool first = *run[out].key != '\0'; /* one message per run, which has a row at each rank */
            for (size_t r = 0; r < count && first; r++) first = !left_out[r] || strcmp(run[r].key, run[out].key) != 0;
            left_out[out] = true;
            if (first && run[out].seed == run[kept].seed) warn_superseded(&run[out], &run[kept]);
            other_seeds += first && run[out].seed != run[kept].seed;
        }
    if (other_seeds > 0)
        zsc_note("%zu run%s, in which nothing is drawn at random, differ%s from others in the seed alone: counted once",
                 other_seeds, other_seeds == 1 ? "" : "s", other_seeds == 1 ? "s" : "");
    free(list);
}

/* --- Names of sources */
/* The AT-th component of PATH from its end (0: the file's name), its length to *length; NULL: there are fewer. */
static const char *component(const char *path, size_t length, size_t at, size_t *size)
{
    const char *end = path + length;
    for (;; at--) {
        const char *begin = end;
        while (begin > path && begin[-1] != '/') begin--;
        *size = (size_t)(end - begin);
        if (at == 0) return begin;
        if (begin == path) return NULL;
        end = begin - 1;
    }
}

static bool distinguishes(const char *path, size_t length, size_t at, const char *const *others, size_t count)
{
    size_t size, other_size;
    const char *own = component(path, length, at, &size);
    if (!own || size == 0) return false;
    for (size_t i = 0; i < count; i++) {
        size_t other_length = strlen(others[i]);
        if (other_length == length && strncmp(others[i], path, length) == 0) continue;
        const char *other = component(others[i], other_length, at, &other_size);
        if (other && other_size == size && strncmp(other, own, size) == 0) return false;
    }
    return true;
}

char *zsc_source_part(const char *sources, const char *const *others, size_t count)
{
    enum { DEEPEST = 64 };
    size_t length = strlen(sources), size = 0, same = 0;
    for (size_t i = 0; i < count; i++) same += strcmp(others[i], sources) == 0;
    if (same == count || strchr(sources, '|')) return zsc_strdup(same == count ? "" : sources);
    for (size_t at = 0; at < DEEPEST; at++)
        if (distinguishes(sources, length, at, others, count)) {
            const char *part = component(sources, length, at, &size);
            return zsc_strndup(part, size);
        }
    return zsc_strdup(sources);
}

void zsc_contents_text(zsc_text *text, const char *finished, const char *matrix)
{
    enum { DATE = 10, MINUTE = 5 }; /* of 2026-11-28T21:50:00Z */
    const char *mark = "";
    if (strlen(finished) > DATE + MINUTE) {
        zsc_text_printf(text, "contents of %.*s %.*s", DATE, finished, MINUTE, finished + DATE + 1);
        mark = ", ";
    }
    zsc_text_printf(text, "%smatrix %.8s", mark, *matrix ? matrix : "not known");
}
