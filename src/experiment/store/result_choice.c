#include "experiment/store/result_choice.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "experiment/settings/linear_settings.h"
#include "experiment/settings/run_config.h"
#include "experiment/settings/settings.h"
#include "experiment/store/result_fields.h"

static void append_value(const json_t *value, zsc_text *out)
{
    if (json_is_string(value)) zsc_text_printf(out, "%s", json_string_value(value));
    if (json_is_boolean(value)) zsc_text_printf(out, "%s", json_is_true(value) ? "true" : "false");
    if (json_is_integer(value)) zsc_text_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value)) zsc_text_append(out, zsc_number_text(json_real_value(value), (char[ZSC_NUMBER_TEXT]){0}));
    for (size_t i = 0; json_is_array(value) && i < json_array_size(value); i++) {
        if (i) zsc_text_append(out, "+");
        append_value(json_array_get(value, i), out);
    }
}

/* The JSON text of a result; an error where it cannot be read, or memory runs out. */
static zsc_status load_json(const zsc_result *r, const char *text, const char *what, json_t **out)
{
    *out = json_loads(text ? text : "{}", 0, NULL);
    if (*out) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s': %s cannot be read: it is damaged, or memory ran out", r->path, what);
}

zsc_status zsc_result_origin(const zsc_result *r, char *finished, size_t finished_size, char *version,
                             size_t version_size)
{
    json_t *p;
    zsc_status status = load_json(r, r->provenance, "its provenance", &p);
    if (status != ZSC_OK) return status;
    const char *when = json_string_value(json_object_get(p, "finished"));
    const char *by = json_string_value(json_object_get(p, "zsc"));
    snprintf(finished, finished_size, "%s", when ? when : "");
    snprintf(version, version_size, "%s", by ? by : "");
    json_decref(p);
    return ZSC_OK;
}

static void print_inputs(const json_t *inputs, FILE *out)
{
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        const json_t *input = json_array_get(inputs, i);
        const char *path = json_string_value(json_object_get(input, "path")),
                   *digest = json_string_value(json_object_get(input, "digest"));
        if (path)
            fprintf(out, "input: %s, %" JSON_INTEGER_FORMAT " bytes, digest %s\n", path,
                    json_integer_value(json_object_get(input, "bytes")), digest ? digest : "not known");
    }
}

zsc_status zsc_result_print_origin(const zsc_result *r, FILE *out)
{
    static const char *const names[] = {"folder", "host", "kernels", "finished", "zsc"};
    json_t *p;
    zsc_status status = load_json(r, r->provenance, "its provenance", &p);
    if (status != ZSC_OK) return status;
    json_t *words = json_object_get(p, "command");
    fputs("command:", out);
    for (size_t i = 0; i < json_array_size(words); i++)
        fprintf(out, " %s", json_string_value(json_array_get(words, i)));
    putc('\n', out);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = json_string_value(json_object_get(p, names[i]));
        if (text) fprintf(out, "%s: %s\n", names[i], text);
    }
    for (size_t m = 0; m < r->modalities; m++)
        fprintf(out, "embeddings: %s:%s\n", r->modality[m].path, r->modality[m].encoder);
    print_inputs(json_object_get(p, "inputs"), out);
    json_decref(p);
    return ZSC_OK;
}

/* "macro % at species, k 1: test 60.0": at species, or the last rank, and the first k. */
static void append_scores(const json_t *record, bool probe, zsc_text *out)
{
    const json_t *scores = json_object_get(record, "scores"), *first = NULL;
    const json_t *last = json_array_get(scores, json_array_size(scores) - 1);
    const char *rank = json_string_value(json_object_get(last, "rank"));
    for (size_t i = 0; i < json_array_size(scores); i++) {
        const char *name = json_string_value(json_object_get(json_array_get(scores, i), "rank"));
        if (name && strcmp(name, "species") == 0) rank = name;
    }
    for (size_t i = 0; rank && i < json_array_size(scores); i++) {
        const json_t *s = json_array_get(scores, i), *macro = json_object_get(s, "macro");
        const char *of = json_string_value(json_object_get(s, "rank")),
                   *split = json_string_value(json_object_get(s, "split"));
        if (!of || !split || strcmp(of, rank) != 0 || !json_is_number(macro)) continue;
        if (first && !json_equal(json_object_get(first, "k"), json_object_get(s, "k"))) continue;
        if (!first)
            zsc_text_printf(out, probe ? "; macro %% at %s:" : "; macro %% at %s, k %" JSON_INTEGER_FORMAT ":", rank,
                            json_integer_value(json_object_get(s, "k")));
        zsc_text_printf(out, "%s %s %.1f", first ? "," : "", split, 100 * json_number_value(macro));
        first = s;
    }
}

/* "linear probe, sgd, epochs 20": the solver, and settings that are not the usual ones. */
static void append_probe(const json_t *probe, zsc_text *out)
{
    zsc_linear_options usual = zsc_linear_defaults();
    const char *solver = json_string_value(json_object_get(probe, "solver"));
    if (!probe) return;
    usual.stopping_split = ""; /* none is the same as the usual one, and the usual patience is beside it */
    usual.solver = solver && strcmp(solver, "lbfgs") == 0 ? ZSC_PROBE_LBFGS : ZSC_PROBE_SGD;
    json_t *defaults = zsc_linear_config(&usual);
    zsc_text_printf(out, "linear probe, %s", solver ? solver : "");
    for (size_t i = 0; i < zsc_linear_setting_count; i++) {
        const char *name = zsc_linear_settings[i].name;
        const json_t *value = json_object_get(probe, name);
        if (!value || strcmp(name, "solver") == 0 || json_equal(value, json_object_get(defaults, name))) continue;
        zsc_text_printf(out, ", %s ", name);
        append_value(value, out);
    }
    json_decref(defaults);
}

/* "test,test_unseen in train, k 1,5, weighted". */
static zsc_status retrieval_text(const zsc_result *r, zsc_text *out)
{
    static const char *const usual[][2] = {{"distance", "cosine"}, {"barcodes", "none"}, {"known-queries", "drop"}};
    json_t *config = NULL, *record = NULL;
    zsc_status status = load_json(r, r->config, "its configuration", &config);
    if (status == ZSC_OK) status = load_json(r, r->retrieval, "its record", &record);
    if (status == ZSC_OK) {
        const json_t *ks = json_object_get(config, "k");
        const char *keys = json_string_value(json_object_get(config, "key-split"));
        zsc_text_printf(out, "%s in %s, ", r->subset, keys ? keys : "");
        append_probe(json_object_get(config, "probe"), out);
        for (size_t i = 0; i < json_array_size(ks); i++)
            zsc_text_printf(out, "%s%" JSON_INTEGER_FORMAT, i ? "," : "k ", json_integer_value(json_array_get(ks, i)));
        for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
            const char *value = json_string_value(json_object_get(config, usual[i][0]));
            if (value && strcmp(value, usual[i][1]) != 0) zsc_text_printf(out, ", %s %s", usual[i][0], value);
        }
        if (json_is_true(json_object_get(config, "weighted"))) zsc_text_append(out, ", weighted");
        append_scores(record, zsc_result_is_probe(r), out);
        if (out->failed) status = zsc_fail_memory(1, 1, "settings");
    }
    json_decref(config);
    json_decref(record);
    return status;
}

zsc_status zsc_result_encoders_text(const zsc_result *r, zsc_text *out)
{
    zsc_status status = ZSC_OK;
    json_t *config = NULL;
    if (!zsc_result_is_retrieval(r)) {
        for (size_t m = 0; m < r->modalities; m++) zsc_text_printf(out, "%s%s", m ? "+" : "", r->modality[m].encoder);
    } else {
        status = load_json(r, r->config, "its configuration", &config);
        append_value(json_object_get(config, "query-encoders"), out);
        zsc_text_append(out, " in ");
        append_value(json_object_get(config, "encoders"), out);
    }
    json_decref(config);
    return status == ZSC_OK && out->failed ? zsc_fail_memory(1, 1, "names of encoders") : status;
}

/* The defaults that count are those beside the clusterer of the result. */
static zsc_status usual_clusterer(const json_t *config, zsc_run_options *defaults)
{
    const json_t *clusterer = json_object_get(config, "clusterer"),
                 *smallest = json_object_get(config, "min-cluster-size");
    if (!clusterer) return ZSC_OK;
    if (json_is_integer(smallest)) defaults->hdbscan.min_samples = (size_t)json_integer_value(smallest);
    return zsc_setting_parse(zsc_setting_find("clusterer"), json_string_value(clusterer), defaults);
}

zsc_status zsc_result_settings_text(const zsc_result *r, zsc_text *out)
{
    if (zsc_result_is_retrieval(r)) return retrieval_text(r, out);
    zsc_status status = ZSC_OK;
    zsc_run_options defaults = zsc_run_defaults();
    const zsc_dataset nothing = {0};
    char *plain = NULL;
    json_t *config = NULL, *usual = NULL;
    ZSC_TRY(load_json(r, r->config, "its configuration", &config));
    ZSC_TRY(usual_clusterer(config, &defaults));
    ZSC_TRY(zsc_config_text(&defaults, &nothing, &plain));
    ZSC_TRY(load_json(r, plain, "the default configuration", &usual));
    for (size_t i = 0; i < zsc_setting_count; i++) {
        const char *name = zsc_settings[i].name;
        json_t *value = json_object_get(config, name);
        bool is_default = !value ||
                          (strcmp(name, "clusterer") != 0 && json_equal(value, json_object_get(usual, name))) ||
                          (strcmp(name, "clusters") == 0 && strcmp(json_string_value(value), "species") == 0);
        if (is_default || zsc_settings[i].level == ZSC_LEVEL_OUTPUT) continue;
        zsc_text_printf(out, "%s%s ", out->length ? ", " : "", name);
        append_value(value, out);
    }
    json_t *where = json_object_get(config, "where");
    for (size_t i = 0; i < json_array_size(where); i++)
        zsc_text_printf(out, "%s%s", out->length ? ", " : "", json_string_value(json_array_get(where, i)));
    if (out->failed) status = zsc_fail_memory(1, 1, "settings");
done:
    json_decref(config);
    json_decref(usual);
    free(plain);
    return status;
}
