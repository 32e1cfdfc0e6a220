#include "experiment/series/row_settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_text.h"
#include "base/setting_names.h"

/* All settings of settings.def but those that say where data is found: a new one is entered here. */
static const struct {
    const char *column, *setting;
    bool elsewhere; /* the table has this column without us */
} columns[] = {
    {"n_components", "dim", false}, /* "dim" are the columns of the matrix before it is reduced */
    {"neighbors", "neighbors", false},
    {"min_dist", "min-dist", false},
    {"metric", "metric", false},
    {"epochs", "epochs", false},
    {"knn", "knn", false},
    {"min_cluster_size", "min-cluster-size", false},
    {"min_samples", "min-samples", false},
    {"max_cluster_size", "max-cluster-size", false},
    {"cluster_selection_method", "cluster-selection-method", false},
    {"cluster_selection_epsilon", "cluster-selection-epsilon", false},
    {"allow_single_cluster", "allow-single-cluster", false},
    {"linkage_metric", "linkage-metric", false},
    {"max_layers", "max-layers", false},
    {"max_layer_similarity", "max-layer-similarity", false},
    {"n_init", "n-init", false},
    {"max_iter", "max-iter", false},
    {"graph_neighbors", "graph-neighbors", false},
    {"assign_labels", "assign-labels", false},
    {"graph_weights", "graph-weights", false},
    {"objective", "objective", false},
    {"resolution", "resolution", false},
    {"cut_height", "cut-height", false},
    {"cut_standardised", "cut-standardised", false},
    {"cut", "cut", false},
    {"missing_rule", "missing", false}, /* "missing" counts rows without a label */
    {"missing_values", "missing-values", false},
    {"scale_scope", "scale-scope", false},
    {"barcode_max_length", "barcode-max-length", false},
    {"barcode_seed", "barcode-seed", false},
    {"ids_in_order", "ids-in-order", false},
    {"where", "where", false},
    {"curve", "curve", false},
    {"internal", "internal", false},
    {"internal_space", "internal-space", false},
    {"stability", "stability", false},
    {"keep_reduced", "keep-reduced", false},
    {"subset", "split", true},
    {"per_barcode", "one-per-barcode", true},
    {"scale", "scale", true},
    {"reduce", "reduce", true},
    {"clusterer", "clusterer", true},
    {"linkage", "linkage", true},
    {"clusters_rule", "clusters", true},
};
enum { ALL = sizeof columns / sizeof *columns };

size_t zsc_row_setting_columns(void)
{
    size_t count = 0;
    while (count < ALL && !columns[count].elsewhere) count++;
    return count;
}

const char *zsc_row_setting_column(size_t i) { return columns[i].column; }

static void append_json(zsc_text *out, const json_t *value)
{
    char number[ZSC_NUMBER_TEXT];
    if (json_is_string(value)) zsc_text_append(out, json_string_value(value));
    if (json_is_boolean(value)) zsc_text_append(out, json_is_true(value) ? "true" : "false");
    if (json_is_integer(value)) zsc_text_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value)) zsc_text_append(out, zsc_number_text(json_real_value(value), number));
    for (size_t i = 0; json_is_array(value) && i < json_array_size(value); i++) {
        if (i) zsc_text_append(out, "; ");
        append_json(out, json_array_get(value, i));
    }
}

/* A configuration has 0 for what is not set, and says apart where 0 is meant. */
static bool is_set(const json_t *config, const char *setting)
{
    const json_t *value = json_object_get(config, setting);
    bool zero = json_is_number(value) && json_number_value(value) == 0;
    if (zero && strcmp(setting, "cut-height") == 0) return json_is_true(json_object_get(config, "cut-at-height-0"));
    if (zero && strcmp(setting, "barcode-max-length") == 0) return false;
    return value != NULL;
}

bool zsc_row_setting_differs(const json_t *config, const json_t *other, const char *setting)
{
    bool set = is_set(config, setting);
    if (set != is_set(other, setting)) return true;
    return set && !json_equal(json_object_get(config, setting), json_object_get(other, setting));
}

void zsc_row_settings_append(zsc_text *values, const char *text)
{
    size_t from = values->length;
    zsc_text_append(values, text);
    for (char *p = values->failed ? NULL : values->data + from; p && *p; p++)
        if (*p == '\n' || *p == '\r') *p = ' ';
    zsc_text_append(values, "\n");
}

char *zsc_row_settings_of(const json_t *config)
{
    zsc_text values = {0};
    for (size_t i = 0; i < zsc_row_setting_columns(); i++) {
        zsc_text one = {0};
        zsc_text_append(&one, "");
        if (is_set(config, columns[i].setting)) append_json(&one, json_object_get(config, columns[i].setting));
        if (one.failed) values.failed = true;
        zsc_row_settings_append(&values, one.failed ? "" : one.data);
        free(one.data);
    }
    if (!values.failed) return values.data;
    free(values.data);
    return NULL;
}

char *zsc_row_settings_of_text(const char *config)
{
    json_t *object = *config ? json_loads(config, 0, NULL) : NULL;
    char *values = zsc_row_settings_of(object);
    json_decref(object);
    return values;
}

const char *zsc_row_setting_value(const char *values, size_t i, size_t *length)
{
    for (; i > 0 && *values; i--) {
        values += strcspn(values, "\n");
        values += *values == '\n';
    }
    *length = strcspn(values, "\n");
    return values;
}

bool zsc_row_setting_find(const char *name, size_t *i, const char **other)
{
    for (size_t k = 0; k < ALL; k++) {
        if (!zsc_setting_same_name(name, columns[k].setting) && !zsc_setting_same_name(name, columns[k].column))
            continue;
        *i = columns[k].elsewhere ? SIZE_MAX : k;
        *other = columns[k].column;
        return true;
    }
    return false;
}
