#include "experiment/store/result_choice.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/setting_names.h"
#include "base/value.h"
#include "experiment/settings/run_config.h"
#include "experiment/settings/settings.h"

static void append_value(const json_t *value, zsc_text *out)
{
    if (json_is_string(value)) zsc_text_printf(out, "%s", json_string_value(value));
    if (json_is_boolean(value)) zsc_text_printf(out, "%s", json_is_true(value) ? "true" : "false");
    if (json_is_integer(value)) zsc_text_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value)) zsc_text_printf(out, "%.15g", json_real_value(value));
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
    json_decref(p);
    return ZSC_OK;
}

static bool is_name_of(const char *name, const char *setting)
{
    const char *other = zsc_setting_other_name(setting);
    return zsc_setting_same_name(name, setting) || (other && zsc_setting_same_name(name, other));
}

/* The value of NAME as a text; false: there is no such name, or the provenance cannot be read. */
static bool value_of(const zsc_result *r, json_t *config, const char *name, zsc_text *out)
{
    char finished[32], version[32];
    const char *under = name;
    for (size_t i = 0; i < zsc_setting_count; i++) /* n_neighbors, min_dist: every name that the setting has */
        if (is_name_of(name, zsc_settings[i].name)) under = zsc_settings[i].name;
    if (is_name_of(name, "seed")) under = "seed";
    zsc_text_append(out, "");
    if (strcmp(name, "key") == 0) {
        zsc_text_append(out, r->key);
    } else if (strcmp(name, "rows") == 0) {
        zsc_text_printf(out, "%zu", r->rows);
    } else if (strcmp(name, "subset") == 0) {
        zsc_text_append(out, r->subset);
    } else if (strcmp(name, "clusters_rule") == 0) {
        zsc_text_append(out, r->clusters_rule);
    } else if (strcmp(name, "version") == 0) {
        if (zsc_result_origin(r, finished, sizeof finished, version, sizeof version) != ZSC_OK) out->failed = true;
        if (!out->failed) zsc_text_append(out, version);
    } else if (json_object_get(config, under)) {
        append_value(json_object_get(config, under), out);
    } else {
        return zsc_setting_find(under) != NULL; /* left out of the configuration where it is not set */
    }
    return true;
}

static bool is_one_of(const char *value, const char *wanted)
{
    double number, other;
    for (const char *p = wanted;; p += strcspn(p, "|") + 1) {
        size_t n = strcspn(p, "|");
        char word[256];
        snprintf(word, sizeof word, "%.*s", (int)n, p);
        if (strcmp(word, value) == 0) return true;
        if (zsc_value_number(word, &number) && zsc_value_number(value, &other) && number == other) return true;
        if (!p[n]) return false;
    }
}

zsc_status zsc_result_is_chosen(const zsc_result *r, const zsc_list *where, bool *chosen)
{
    json_t *config;
    zsc_status status = load_json(r, r->config, "its configuration", &config);
    *chosen = status == ZSC_OK;
    for (size_t i = 0; i < where->count && status == ZSC_OK; i++) {
        const char *rule = where->item[i], *equals = strchr(rule, '=');
        char name[128];
        zsc_text value = {0};
        snprintf(name, sizeof name, "%.*s", equals ? (int)(equals - rule) : 0, rule);
        if (!equals || !value_of(r, config, name, &value))
            status = zsc_fail(
                ZSC_EUSAGE,
                "option --where expects NAME=VALUE with the name of a setting such as neighbors, scale or "
                "seed, or key, encoders, subset, rows, version, not '%s'",
                rule);
        else if (value.failed)
            status = zsc_fail(ZSC_EINTERNAL, "'%s': its %s cannot be read", r->path, name);
        else if (!is_one_of(value.data ? value.data : "", equals + 1))
            *chosen = false;
        free(value.data);
    }
    json_decref(config);
    return status;
}

zsc_status zsc_result_settings_text(const zsc_result *r, zsc_text *out)
{
    zsc_status status = ZSC_OK;
    const zsc_run_options defaults = zsc_run_defaults();
    const zsc_dataset nothing = {0};
    char *plain = NULL;
    json_t *config = NULL, *usual = NULL;
    ZSC_TRY(load_json(r, r->config, "its configuration", &config));
    ZSC_TRY(zsc_config_text(&defaults, &nothing, &plain));
    ZSC_TRY(load_json(r, plain, "the default configuration", &usual));
    for (size_t i = 0; i < zsc_setting_count; i++) {
        const char *name = zsc_settings[i].name;
        json_t *value = json_object_get(config, name);
        bool is_default = !value || json_equal(value, json_object_get(usual, name)) ||
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
