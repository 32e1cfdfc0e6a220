#include "experiment/series/retrieval_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/text.h"
#include "experiment/store/result_read.h"
#include "experiment/store/results_in_folder.h"
#include "io/files/read_file.h"
#include "io/h5/h5.h"
#include "zsc/ranks.h"

static zsc_status lacks(const char *path, const char *what)
{
    return zsc_fail(ZSC_EINPUT, "'%s' has no %s; expected a file that zsc retrieve or zsc probe wrote (-o FILE.json)",
                    path, what);
}

/* --- Keys and queries */
/* The texts of LIST joined with '+'; what is no text counts as empty. */
static zsc_status join(const json_t *list, char **out)
{
    zsc_text text = {0};
    bool any = false;
    zsc_text_append(&text, "");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));
        zsc_text_printf(&text, "%s%s", i ? "+" : "", word ? word : "");
        any = any || (word && *word);
    }
    if (!any && text.data) *text.data = '\0';
    *out = text.data;
    return text.failed || !text.data ? ZSC_EINTERNAL : ZSC_OK;
}

static zsc_status read_side(const char *path, const json_t *side, const char *what, zsc_retrieval_side *out)
{
    zsc_status status = ZSC_OK;
    const char *file = json_string_value(json_array_get(json_object_get(side, "embeddings"), 0));
    if (!file || !json_is_array(json_object_get(side, "encoders"))) return lacks(path, what);
    const char *slash = strrchr(file, '/'), *name = slash && slash[1] ? slash + 1 : file, *dot = strrchr(name, '.');
    if (!(out->source = zsc_strndup(name, dot && dot > name ? (size_t)(dot - name) : strlen(name))))
        return ZSC_EINTERNAL;
    ZSC_TRY(join(json_object_get(side, "encoders"), &out->encoders));
    ZSC_TRY(join(json_object_get(side, "modalities"), &out->modality));
done:
    return status;
}

/* --- Scores */
static bool is_fraction(const json_t *value)
{
    double x = json_number_value(value);
    return json_is_null(value) || (json_is_number(value) && x >= 0 && x <= 1);
}

/* Whether micro accuracy is right over queries, where the file has these. */
static bool counts_agree(const json_t *score)
{
    const json_t *queries = json_object_get(score, "queries"), *right = json_object_get(score, "right"),
                 *micro = json_object_get(score, "micro");
    if (!json_is_integer(queries) || !json_is_integer(right) || !json_is_number(micro)) return true;
    double n = (double)json_integer_value(queries), r = (double)json_integer_value(right);
    return r >= 0 && r <= n && fabs(json_number_value(micro) * n - r) <= 1e-9 * n;
}

static zsc_status check_scores(const zsc_retrieval_file *f)
{
    if (json_array_size(f->scores) == 0) return lacks(f->path, "scores");
    for (size_t i = 0; i < json_array_size(f->scores); i++) {
        const json_t *s = json_array_get(f->scores, i), *k = json_object_get(s, "k");
        if (!json_is_string(json_object_get(s, "rank")) || !json_is_string(json_object_get(s, "split")) ||
            !json_is_integer(k) || json_integer_value(k) < 1 || !is_fraction(json_object_get(s, "micro")) ||
            !is_fraction(json_object_get(s, "macro")))
            return zsc_fail(ZSC_EINPUT,
                            "'%s', score %zu: expected rank, k, split, micro and macro, fractions from 0 to 1", f->path,
                            i + 1);
        if (!counts_agree(s))
            return zsc_fail(ZSC_EINPUT,
                            "'%s', score %zu: micro accuracy is not right over queries: the file was altered", f->path,
                            i + 1);
    }
    return ZSC_OK;
}

/* --- Classes and confusions */
/* A list of COUNT whole numbers or texts. */
static bool is_list(const json_t *list, size_t count, bool texts)
{
    bool good = json_is_array(list) && json_array_size(list) == count;
    for (size_t i = 0; good && i < count; i++) {
        const json_t *item = json_array_get(list, i);
        good = texts ? json_is_string(item) : json_is_integer(item) && json_integer_value(item) >= 0;
    }
    return good;
}

/* Whether no more queries are right than there are. */
static bool are_possible(const json_t *right, const json_t *queries)
{
    bool good = true;
    for (size_t i = 0; good && i < json_array_size(queries); i++)
        good = json_integer_value(json_array_get(right, i)) <= json_integer_value(json_array_get(queries, i));
    return good;
}

static bool all_differ(const json_t *texts, size_t count)
{
    json_t *seen = json_object();
    bool good = seen != NULL;
    for (size_t i = 0; good && i < count; i++)
        good = json_object_set_new(seen, json_string_value(json_array_get(texts, i)), json_true()) == 0;
    good = good && json_object_size(seen) == count;
    json_decref(seen);
    return good;
}

static bool are_classes(json_t *entry)
{
    size_t count = json_array_size(json_object_get(entry, "class"));
    json_t *right = json_object_get(entry, "right"), *list;
    const char *k;
    bool good = json_is_string(json_object_get(entry, "rank")) && json_is_string(json_object_get(entry, "split")) &&
                is_list(json_object_get(entry, "class"), count, true) &&
                is_list(json_object_get(entry, "keys"), count, false) &&
                is_list(json_object_get(entry, "queries"), count, false) && json_is_object(right);
    json_object_foreach(right, k, list)
        good = good && is_list(list, count, false) && are_possible(list, json_object_get(entry, "queries"));
    return good && all_differ(json_object_get(entry, "class"), count);
}

static bool are_confusions(const json_t *entry)
{
    size_t count = json_array_size(json_object_get(entry, "class"));
    return json_is_string(json_object_get(entry, "rank")) && json_is_string(json_object_get(entry, "split")) &&
           json_is_integer(json_object_get(entry, "k")) && is_list(json_object_get(entry, "class"), count, true) &&
           is_list(json_object_get(entry, "taken_for"), count, true) &&
           is_list(json_object_get(entry, "queries"), count, false);
}

/* Older files have none. */
static zsc_status check_details(const zsc_retrieval_file *f)
{
    const json_t *classes = json_object_get(f->root, "classes"), *confusions = json_object_get(f->root, "confusions");
    for (size_t i = 0; i < json_array_size(classes); i++)
        if (!are_classes(json_array_get(classes, i)))
            return zsc_fail(ZSC_EINPUT,
                            "'%s', classes %zu: expected rank, split, and lists of one length: class (each once), "
                            "keys, queries, right by k (at most queries)",
                            f->path, i + 1);
    for (size_t i = 0; i < json_array_size(confusions); i++)
        if (!are_confusions(json_array_get(confusions, i)))
            return zsc_fail(ZSC_EINPUT,
                            "'%s', confusions %zu: expected rank, k, split, and lists of one length: class, taken_for, "
                            "queries",
                            f->path, i + 1);
    return ZSC_OK;
}

size_t zsc_retrieval_file_class_lists(const zsc_retrieval_file *f)
{
    return json_array_size(json_object_get(f->root, "classes"));
}

zsc_retrieval_classes zsc_retrieval_file_classes(const zsc_retrieval_file *f, size_t list)
{
    const json_t *entry = json_array_get(json_object_get(f->root, "classes"), list);
    return (zsc_retrieval_classes){.rank = json_string_value(json_object_get(entry, "rank")),
                                   .split = json_string_value(json_object_get(entry, "split")),
                                   .count = json_array_size(json_object_get(entry, "class")),
                                   .entry = entry};
}

const char *zsc_retrieval_classes_name(const zsc_retrieval_classes *c, size_t i)
{
    return json_string_value(json_array_get(json_object_get(c->entry, "class"), i));
}

size_t zsc_retrieval_classes_queries(const zsc_retrieval_classes *c, size_t i)
{
    return (size_t)json_integer_value(json_array_get(json_object_get(c->entry, "queries"), i));
}

static const json_t *right_at(const zsc_retrieval_classes *c, size_t k)
{
    char text[32];
    snprintf(text, sizeof text, "%zu", k);
    return json_object_get(json_object_get(c->entry, "right"), text);
}

bool zsc_retrieval_classes_have(const zsc_retrieval_classes *c, size_t k) { return right_at(c, k) != NULL; }

size_t zsc_retrieval_classes_right(const zsc_retrieval_classes *c, size_t i, size_t k)
{
    return (size_t)json_integer_value(json_array_get(right_at(c, k), i));
}

zsc_retrieval_confusions zsc_retrieval_file_confusions(const zsc_retrieval_file *f, const char *rank, size_t k,
                                                       const char *split)
{
    const json_t *list = json_object_get(f->root, "confusions");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        if (strcmp(json_string_value(json_object_get(entry, "rank")), rank) == 0 &&
            strcmp(json_string_value(json_object_get(entry, "split")), split) == 0 &&
            json_integer_value(json_object_get(entry, "k")) == (json_int_t)k)
            return (zsc_retrieval_confusions){rank, split, k, json_array_size(json_object_get(entry, "class")), entry};
    }
    return (zsc_retrieval_confusions){rank, split, k, 0, NULL};
}

const char *zsc_retrieval_confusions_name(const zsc_retrieval_confusions *c, size_t i)
{
    return json_string_value(json_array_get(json_object_get(c->entry, "class"), i));
}

const char *zsc_retrieval_confusions_other(const zsc_retrieval_confusions *c, size_t i)
{
    return json_string_value(json_array_get(json_object_get(c->entry, "taken_for"), i));
}

size_t zsc_retrieval_confusions_queries(const zsc_retrieval_confusions *c, size_t i)
{
    return (size_t)json_integer_value(json_array_get(json_object_get(c->entry, "queries"), i));
}

/* --- The file */
/* The JSON of the file, or that of a result. */
static zsc_status read_text(const char *path, char **text, size_t *length)
{
    zsc_result result = {0};
    bool hdf5 = false;
    zsc_status status = zsc_h5_is_hdf5(path, &hdf5);
    if (status != ZSC_OK) return status;
    if (!hdf5) return zsc_read_file(path, text, length);
    status = zsc_result_read(path, ZSC_RESULT_RETRIEVAL, &result);
    if (status == ZSC_OK && !result.retrieval)
        status = zsc_fail(
            ZSC_EINPUT,
            "result '%s' is of zsc run; expected one of zsc retrieve or zsc probe (of clusters, zsc report RESULTS -o "
            "FILE.html shows "
            "which taxa are confused)",
            path);
    *text = result.retrieval;
    result.retrieval = NULL;
    *length = *text ? strlen(*text) : 0;
    zsc_result_free(&result);
    return status;
}

/* PATHS: files, and folders of results, of which those of KINDS count; FOLDERS: only what is in folders, from which
 * runs have been read. */
static zsc_status list_files(const char *const *paths, size_t count, bool folders, unsigned kinds, zsc_list *out)
{
    static const char *const names[] = {[ZSC_RESULTS_OF_RETRIEVAL] = "zsc retrieve",
                                        [ZSC_RESULTS_OF_PROBES] = "zsc probe",
                                        [ZSC_RESULTS_OF_QUERIES] = "zsc retrieve or zsc probe"};
    zsc_status status = ZSC_OK;
    struct stat s;
    for (size_t i = 0; i < count; i++) {
        if (stat(paths[i], &s) != 0 || !S_ISDIR(s.st_mode)) {
            if (!folders) ZSC_TRY(zsc_list_add(out, paths[i]));
            continue;
        }
        ZSC_TRY(zsc_results_in_folder(paths[i], kinds | (folders ? ZSC_RESULTS_QUIETLY : 0), out, NULL));
    }
    if (out->count == 0 && !folders)
        status = zsc_fail(
            ZSC_EINPUT,
            "folder '%s' holds no results of %s (of clusters, zsc report RESULTS -o FILE.html shows which taxa are "
            "confused)",
            paths[0], names[kinds]);
done:
    return status;
}

/* A file that is named twice counts once. */
static zsc_status drop_repeated(zsc_list *list)
{
    zsc_status status = ZSC_OK;
    size_t kept = 0;
    struct stat *known = NULL, s;
    ZSC_NEW(known, list->count);
    for (size_t i = 0; i < list->count; i++) {
        size_t same = 0;
        bool there = stat(list->item[i], &s) == 0;
        while (there && same < kept && (known[same].st_dev != s.st_dev || known[same].st_ino != s.st_ino)) same++;
        if (there && same < kept) {
            free(list->item[i]);
            continue;
        }
        if (there) known[kept] = s;
        list->item[kept++] = list->item[i];
    }
    list->count = kept;
done:
    free(known);
    return status;
}

static zsc_status read_files(const char *const *paths, size_t count, bool folders, unsigned kinds,
                             zsc_retrieval_file **out, size_t *files)
{
    zsc_status status = ZSC_OK;
    zsc_list list = {0};
    zsc_retrieval_file *f = NULL;
    size_t n = 0;
    ZSC_TRY(list_files(paths, count, folders, kinds, &list));
    ZSC_TRY(drop_repeated(&list));
    ZSC_NEW(f, list.count);
    for (; n < list.count; n++) ZSC_TRY(zsc_retrieval_file_read(list.item[n], &f[n]));
    *out = f;
    *files = n;
    f = NULL;
done:
    if (f) zsc_retrieval_files_free(f, n);
    zsc_list_free(&list);
    return status;
}

zsc_status zsc_retrieval_files_read(const char *const *paths, size_t count, unsigned kinds, zsc_retrieval_file **out,
                                    size_t *files)
{
    return read_files(paths, count, false, kinds, out, files);
}

zsc_status zsc_retrieval_files_find(const char *const *paths, size_t count, unsigned kinds, zsc_retrieval_file **out,
                                    size_t *files)
{
    return read_files(paths, count, true, kinds, out, files);
}

void zsc_retrieval_files_free(zsc_retrieval_file *files, size_t count)
{
    for (size_t i = 0; files && i < count; i++) zsc_retrieval_file_free(&files[i]);
    free(files);
}

zsc_status zsc_retrieval_file_read(const char *path, zsc_retrieval_file *out)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_file f = {0};
    char *text = NULL;
    size_t length = 0;
    json_error_t error;
    ZSC_TRY(read_text(path, &text, &length));
    ZSC_TRY(zsc_copy_text(path, &f.path));
    if (!(f.root = json_loadb(text, length, 0, &error))) {
        status = zsc_fail(
            ZSC_EINPUT,
            "'%s' is not JSON (line %d: %s); expected a file that zsc retrieve or zsc probe wrote (-o FILE.json)", path,
            error.line, error.text);
        goto done;
    }
    const char *kind = json_string_value(json_object_get(f.root, "kind"));
    f.probe = kind && strcmp(kind, "probe") == 0;
    if (!f.probe && (!kind || strcmp(kind, "retrieval") != 0)) ZSC_TRY(lacks(path, "kind 'retrieval' or 'probe'"));
    ZSC_TRY(read_side(path, json_object_get(f.root, "keys"), "keys", &f.keys));
    ZSC_TRY(read_side(path, json_object_get(f.root, "queries"), "queries", &f.queries));
    if (!(f.label = zsc_asprintf("%s%s in %s", f.probe ? "linear probe, " : "", f.queries.encoders, f.keys.encoders)))
        ZSC_TRY(ZSC_EINTERNAL);
    f.simulated = json_is_true(json_object_get(f.root, "simulated"));
    f.scores = json_object_get(f.root, "scores");
    ZSC_TRY(check_scores(&f));
    ZSC_TRY(check_details(&f));
    *out = f;
    f = (zsc_retrieval_file){0};
done:
    free(text);
    zsc_retrieval_file_free(&f);
    return status;
}

static void free_side(zsc_retrieval_side *s)
{
    free(s->source);
    free(s->encoders);
    free(s->modality);
}

void zsc_retrieval_file_free(zsc_retrieval_file *f)
{
    free(f->path);
    free(f->label);
    free_side(&f->keys);
    free_side(&f->queries);
    json_decref(f->root);
    *f = (zsc_retrieval_file){0};
}

/* --- One score */
static const json_t *field(const zsc_retrieval_file *f, size_t i, const char *name)
{
    return json_object_get(json_array_get(f->scores, i), name);
}

const char *zsc_retrieval_file_rank(const zsc_retrieval_file *f, size_t i)
{
    return json_string_value(field(f, i, "rank"));
}

const char *zsc_retrieval_file_split(const zsc_retrieval_file *f, size_t i)
{
    return json_string_value(field(f, i, "split"));
}

size_t zsc_retrieval_file_k(const zsc_retrieval_file *f, size_t i)
{
    return (size_t)json_integer_value(field(f, i, "k"));
}

double zsc_retrieval_file_value(const zsc_retrieval_file *f, size_t i, const char *value)
{
    const json_t *number = field(f, i, value);
    return json_is_number(number) ? json_number_value(number) : NAN;
}

void zsc_retrieval_file_interval(const zsc_retrieval_file *f, const char *rank, size_t k, const char *value,
                                 double *low, double *high)
{
    const json_t *means = json_object_get(f->root, "harmonic_mean");
    *low = *high = NAN;
    for (size_t i = 0; i < json_array_size(means); i++) {
        const json_t *mean = json_array_get(means, i), *name = json_object_get(mean, "rank"),
                     *pair = json_object_get(mean, strcmp(value, "micro") == 0 ? "micro_interval" : "macro_interval");
        if (!json_is_string(name) || strcmp(json_string_value(name), rank) != 0 ||
            json_integer_value(json_object_get(mean, "k")) != (json_int_t)k || !is_fraction(json_array_get(pair, 0)) ||
            !json_is_number(json_array_get(pair, 0)) || !is_fraction(json_array_get(pair, 1)) ||
            !json_is_number(json_array_get(pair, 1)))
            continue;
        *low = json_number_value(json_array_get(pair, 0));
        *high = json_number_value(json_array_get(pair, 1));
    }
}

static bool has_k(const zsc_retrieval_file *f, size_t k)
{
    for (size_t i = 0; i < json_array_size(f->scores); i++)
        if (zsc_retrieval_file_k(f, i) == k) return true;
    return false;
}

zsc_status zsc_retrieval_files_k(const zsc_retrieval_file *files, size_t count, size_t *k)
{
    for (size_t i = 0; *k == 0 && i < json_array_size(files[0].scores); i++) {
        size_t candidate = zsc_retrieval_file_k(&files[0], i), all = 0;
        for (size_t f = 0; f < count; f++) all += has_k(&files[f], candidate);
        if (all == count) *k = candidate;
    }
    if (*k == 0) return zsc_fail(ZSC_EINPUT, "the files have no k in common; expected files of the same --k");
    for (size_t f = 0; f < count; f++)
        if (!has_k(&files[f], *k))
            return zsc_fail(ZSC_EINPUT, "'%s' has no scores for k %zu; choose another --k", files[f].path, *k);
    return ZSC_OK;
}

zsc_status zsc_retrieval_files_ranks(const zsc_retrieval_file *files, size_t count, const char *const *asked,
                                     size_t asked_count, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    zsc_list found = {0};
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < json_array_size(files[f].scores); i++)
            ZSC_TRY(zsc_list_add_once(&found, zsc_retrieval_file_rank(&files[f], i), NULL));
    for (size_t r = 0; r < asked_count; r++) {
        if (!zsc_list_has(&found, asked[r])) ZSC_TRY(zsc_fail(ZSC_EINPUT, "no file has scores at rank %s", asked[r]));
        ZSC_TRY(zsc_list_add_once(out, asked[r], NULL));
    }
    for (size_t r = 0; r < zsc_rank_count && !asked_count; r++)
        if (zsc_list_has(&found, zsc_rank_names[r])) ZSC_TRY(zsc_list_add_once(out, zsc_rank_names[r], NULL));
    for (size_t r = 0; r < found.count && !asked_count; r++) ZSC_TRY(zsc_list_add_once(out, found.item[r], NULL));
done:
    zsc_list_free(&found);
    return status;
}

zsc_status zsc_retrieval_files_no_probe(const zsc_retrieval_file *files, size_t count, const char *instead)
{
    for (size_t f = 0; f < count; f++)
        if (files[f].probe)
            return zsc_fail(ZSC_EINPUT, "'%s' is of zsc probe; expected files and results of zsc retrieve (%s)",
                            files[f].path, instead);
    return ZSC_OK;
}

double zsc_retrieval_printed_mean(const double *fraction, size_t count)
{
    double sum = 0; /* of 1 / x: infinite where a percentage is 0, NaN where one is */
    for (size_t i = 0; i < count; i++) sum += 10 / fabs(nearbyint(1000 * fraction[i]));
    return count ? (double)count / sum : NAN;
}
