/* From a sweep file to a list of runs: every key is read into an axis, then their cross product is made. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/setting_names.h"
#include "experiment/plan/plan_axes.h"
#include "io/file_layout.h"

static zsc_axis_level level_of(const zsc_setting *setting)
{
    static const zsc_axis_level levels[] = {
        [ZSC_LEVEL_PLACE] = LEVEL_INPUT,   [ZSC_LEVEL_ROWS] = LEVEL_INPUT, [ZSC_LEVEL_GRAPH] = LEVEL_GRAPH,
        [ZSC_LEVEL_LAYOUT] = LEVEL_LAYOUT, [ZSC_LEVEL_TREE] = LEVEL_TREE,  [ZSC_LEVEL_CUT] = LEVEL_SCORE,
        [ZSC_LEVEL_OUTPUT] = LEVEL_SCORE,
    };
    return levels[setting->level];
}

/* --- Seeds: 0, [0, 1, 2], or "0-5" */
static zsc_status read_seed(zsc_plan_builder *b, zsc_axis *a, const zsc_yaml *item)
{
    static const zsc_value_owner owner = {"", "seed", ZSC_EINPUT};
    size_t before = a->seeds.repeated;
    if (item->kind != ZSC_YAML_SCALAR)
        return zsc_plan_fail_at(b, item->line, "seed expects a whole number, a range or a list");
    zsc_status status = zsc_plan_at(b, item->line, zsc_value_seeds(&owner, item->text, &a->seeds));
    if (a->seeds.repeated > before)
        zsc_warn("%s:%zu: seed '%s' holds %zu that came before; each runs once", b->path, item->line, item->text,
                 a->seeds.repeated - before);
    a->count = a->seeds.count;
    return status;
}

static zsc_status read_seeds(zsc_plan_builder *b, const zsc_yaml *node)
{
    zsc_axis *a = zsc_plan_add_axis(b, AXIS_SEED, LEVEL_LAYOUT);
    zsc_status status = ZSC_OK;
    if (node->kind != ZSC_YAML_LIST) return read_seed(b, a, node);
    if (node->count == 0) return zsc_plan_fail_at(b, node->line, "seed has no value");
    for (size_t i = 0; i < node->count && status == ZSC_OK; i++) status = read_seed(b, a, &node->child[i]);
    return status;
}

/* --- Settings */
/* Lists that belong to all runs. */
static const struct {
    const char *name;
    size_t items, count; /* places in zsc_dataset_options */
    const char *marks;   /* between entries of one text, as on the command line; NULL: a text is one entry */
} list_keys[] = {
    {"where", offsetof(zsc_dataset_options, where), offsetof(zsc_dataset_options, where_count), NULL},
    {"ranks", offsetof(zsc_dataset_options, ranks), offsetof(zsc_dataset_options, rank_count), ","},
    {"column", offsetof(zsc_dataset_options, columns.rule), offsetof(zsc_dataset_options, columns.count), NULL},
    {"h5-label", offsetof(zsc_dataset_options, file_layout.labels),
     offsetof(zsc_dataset_options, file_layout.label_count), NULL},
};
enum { LIST_KEYS = sizeof list_keys / sizeof *list_keys };

static const char *const special_keys[] = {"output", "embeddings", "pairs",  "subsets",  "exclude", "where",
                                           "ranks",  "seed",       "column", "h5-label", "design"};
enum { SPECIAL_KEYS = sizeof special_keys / sizeof *special_keys };

/* The key that NAME stands for: "_" equals "-", and some settings have two names. NULL: there is none. */
static const char *known_key(const char *name)
{
    for (size_t i = 0; i < SPECIAL_KEYS; i++)
        if (zsc_setting_same_name(name, special_keys[i])) return special_keys[i];
    for (size_t i = 0; i < zsc_setting_count; i++)
        if (zsc_setting_same_name(name, zsc_settings[i].name)) return zsc_settings[i].name;
    return NULL;
}

static bool same_value(const zsc_yaml *a, const zsc_yaml *b)
{
    if (a->kind != b->kind || a->count != b->count) return false;
    if (a->kind == ZSC_YAML_SCALAR) return strcmp(a->text, b->text) == 0;
    for (size_t i = 0; i < a->count; i++)
        if ((a->key && strcmp(a->key[i], b->key[i]) != 0) || !same_value(&a->child[i], &b->child[i])) return false;
    return true;
}

/* Calls the keys of MAP by the names that the rest of the reader knows. A key that stands there by two names counts
 * once if both have one value, and is refused otherwise. */
static zsc_status rename_keys(const zsc_plan_builder *b, zsc_yaml *map)
{
    size_t kept = 0;
    for (size_t k = 0; map->kind == ZSC_YAML_MAP && k < map->count; k++) {
        const char *key = known_key(map->key[k]);
        char *name = key ? zsc_strdup(key) : map->key[k];
        size_t same = 0;
        if (!name) return ZSC_EINTERNAL;
        while (same < kept && strcmp(map->key[same], name) != 0) same++;
        if (same < kept && !same_value(&map->child[same], &map->child[k])) {
            free(name);
            return zsc_fail(ZSC_EINPUT, "%s:%zu: %s is the setting of line %zu with another value; keep one of the two",
                            b->path, map->key_line[k], map->key[k], map->key_line[same]);
        }
        if (name != map->key[k]) free(map->key[k]);
        map->key[k] = name;
        if (same < kept) {
            free(map->key[k]);
            zsc_yaml_free(&map->child[k]);
        } else {
            map->key[kept] = name;
            map->key_line[kept] = map->key_line[k];
            map->child[kept] = map->child[k];
            if (kept++ == k) continue;
        }
        map->key[k] = NULL;
        map->child[k] = (zsc_yaml){0};
    }
    if (map->kind == ZSC_YAML_MAP) map->count = kept;
    return ZSC_OK;
}

/* The keys of the file, and of its subsets and exclusions. */
static zsc_status rename_all_keys(const zsc_plan_builder *b, zsc_yaml *root)
{
    zsc_status status = rename_keys(b, root);
    for (size_t k = 0; status == ZSC_OK && k < root->count; k++) {
        bool entries = strcmp(root->key[k], "subsets") == 0 || strcmp(root->key[k], "exclude") == 0;
        zsc_yaml *list = &root->child[k];
        for (size_t i = 0; entries && list->kind == ZSC_YAML_LIST && status == ZSC_OK && i < list->count; i++)
            status = rename_keys(b, &list->child[i]);
    }
    return status;
}

static bool is_special(const char *key)
{
    for (size_t i = 0; i < SPECIAL_KEYS; i++)
        if (strcmp(special_keys[i], key) == 0) return true;
    return false;
}

static zsc_status unknown_key(const zsc_plan_builder *b, size_t line, const char *key)
{
    const char *names[ZSC_PLAN_MOST_AXES + SPECIAL_KEYS];
    size_t count = 0;
    for (size_t i = 0; i < SPECIAL_KEYS; i++) names[count++] = special_keys[i];
    for (size_t i = 0; i < zsc_setting_count; i++) names[count++] = zsc_settings[i].name;
    const char *near = zsc_nearest(key, names, count);
    return near ? zsc_fail(ZSC_EINPUT, "%s:%zu: there is no key '%s'; did you mean '%s'?", b->path, line, key, near)
                : zsc_fail(ZSC_EINPUT, "%s:%zu: there is no key '%s'", b->path, line, key);
}

/* Checks a value by setting it in a struct that is thrown away. */
static zsc_status check_value(const zsc_plan_builder *b, const zsc_setting *setting, const zsc_yaml *value)
{
    zsc_run_options scratch = zsc_run_defaults();
    if (value->kind != ZSC_YAML_SCALAR)
        return zsc_fail(ZSC_EINPUT, "%s:%zu: %s expects one value", b->path, value->line, setting->name);
    return zsc_plan_at(b, value->line, zsc_setting_parse(setting, value->text, &scratch));
}

static zsc_status read_setting(zsc_plan_builder *b, const zsc_setting *setting, const zsc_yaml *node)
{
    zsc_axis *a = zsc_plan_add_axis(b, AXIS_SETTING, level_of(setting));
    a->setting = setting;
    size_t n = node->kind == ZSC_YAML_LIST ? node->count : 1;
    if (n == 0) return zsc_fail(ZSC_EINPUT, "%s:%zu: %s has no value", b->path, node->line, setting->name);
    for (size_t i = 0; i < n; i++) {
        const zsc_yaml *item = node->kind == ZSC_YAML_LIST ? &node->child[i] : node;
        zsc_status status = check_value(b, setting, item);
        if (status == ZSC_OK) status = zsc_axis_add_value(a, item);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

/* A key that stands in a subset and beside subsets as well: which of the two counts would be a guess. */
static zsc_status check_only_in_subset(const zsc_plan_builder *b, const zsc_yaml *root, const zsc_yaml *subset,
                                       size_t k)
{
    for (size_t i = 0; i < root->count; i++)
        if (strcmp(root->key[i], subset->key[k]) == 0)
            return zsc_fail(ZSC_EINPUT,
                            "%s:%zu: %s is given for this subset and, on line %zu, for all runs; keep one of the two",
                            b->path, subset->key_line[k], subset->key[k], root->key_line[i]);
    return ZSC_OK;
}

static zsc_status read_subsets(zsc_plan_builder *b, const zsc_yaml *root, const zsc_yaml *node)
{
    zsc_axis *a = zsc_plan_add_axis(b, AXIS_SUBSET, LEVEL_INPUT);
    if (node->kind != ZSC_YAML_LIST)
        return zsc_plan_fail_at(b, node->line,
                                "subsets expects a list, each entry with settings such as split or one-per-barcode");
    for (size_t i = 0; i < node->count; i++) {
        const zsc_yaml *map = &node->child[i];
        if (map->kind != ZSC_YAML_MAP)
            return zsc_plan_fail_at(b, map->line, "a subset expects settings such as split or one-per-barcode");
        for (size_t k = 0; k < map->count; k++) {
            const zsc_setting *setting = zsc_setting_find(map->key[k]);
            if (!setting && is_special(map->key[k]) && strcmp(map->key[k], "where") != 0)
                return zsc_fail(ZSC_EINPUT, "%s:%zu: %s does not select rows: put it outside of subsets", b->path,
                                map->key_line[k], map->key[k]);
            if (!setting && strcmp(map->key[k], "where") != 0) return unknown_key(b, map->key_line[k], map->key[k]);
            if (setting && level_of(setting) != LEVEL_INPUT)
                return zsc_fail(ZSC_EINPUT, "%s:%zu: %s does not select rows: put it outside of subsets", b->path,
                                map->key_line[k], map->key[k]);
            zsc_status status = check_only_in_subset(b, root, map, k);
            if (status == ZSC_OK && setting) status = check_value(b, setting, &map->child[k]);
            if (status != ZSC_OK) return status;
        }
        zsc_status status = zsc_axis_add_value(a, map);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

static zsc_status check_seed(const zsc_plan_builder *b, const zsc_yaml *value)
{
    static const zsc_value_owner owner = {"", "seed", ZSC_EINPUT};
    zsc_seeds seeds = {0};
    zsc_status status = zsc_plan_at(b, value->line, zsc_value_seeds(&owner, value->text, &seeds));
    free(seeds.item);
    return status;
}

static zsc_status check_exclude(zsc_plan_builder *b, const zsc_yaml *node)
{
    if (node->kind != ZSC_YAML_LIST)
        return zsc_plan_fail_at(b, node->line,
                                "exclude expects a list, each entry with keys and values such as seed: 0");
    for (size_t i = 0; i < node->count; i++) {
        const zsc_yaml *map = &node->child[i];
        if (map->kind != ZSC_YAML_MAP || map->count == 0)
            return zsc_plan_fail_at(b, map->line, "an entry of exclude expects keys and values such as seed: 0");
        for (size_t k = 0; k < map->count; k++) {
            const zsc_setting *setting = zsc_setting_find(map->key[k]);
            bool known = setting || strcmp(map->key[k], "embeddings") == 0 || strcmp(map->key[k], "seed") == 0;
            if (!known) return unknown_key(b, map->key_line[k], map->key[k]);
            if (map->child[k].kind != ZSC_YAML_SCALAR)
                return zsc_plan_fail_at(b, map->child[k].line, "an entry of exclude expects one value for each key");
            zsc_status status = setting ? check_value(b, setting, &map->child[k]) : ZSC_OK;
            if (strcmp(map->key[k], "seed") == 0) status = check_seed(b, &map->child[k]);
            if (status != ZSC_OK) return status;
        }
    }
    b->exclude = node;
    b->matched = zsc_calloc(node->count + 1, sizeof *b->matched, "a sweep");
    return b->matched ? ZSC_OK : ZSC_EINTERNAL;
}

/* --- Which combinations */
static zsc_status read_design(zsc_plan_builder *b, const zsc_yaml *node)
{
    static const char *const names[] = {[ZSC_DESIGN_PRODUCT] = "product", [ZSC_DESIGN_ONE_AT_A_TIME] = "one-at-a-time"};
    for (size_t i = 0; i < 2 && node->kind == ZSC_YAML_SCALAR; i++) {
        if (!zsc_setting_same_name(node->text, names[i])) continue;
        b->design = (zsc_plan_design)i;
        return ZSC_OK;
    }
    return zsc_plan_fail_at(b, node->line,
                            "design expects product (all combinations) or one-at-a-time (the first values, and each "
                            "other value of a setting with the first ones of the others)");
}

/* --- The file */
static zsc_status read_key(zsc_plan_builder *b, const zsc_yaml *root, size_t k, zsc_run_options *base)
{
    const char *key = root->key[k];
    const zsc_yaml *value = &root->child[k];
    const char **list = NULL;
    const zsc_setting *setting = zsc_setting_find(key);
    zsc_status status = ZSC_OK;
    if (setting) return read_setting(b, setting, value);
    if (strcmp(key, "embeddings") == 0 || strcmp(key, "pairs") == 0) return ZSC_OK; /* read together: one zsc_axis */
    if (strcmp(key, "subsets") == 0) return read_subsets(b, root, value);
    if (strcmp(key, "exclude") == 0) return check_exclude(b, value);
    if (strcmp(key, "seed") == 0) return read_seeds(b, value);
    if (strcmp(key, "design") == 0) return read_design(b, value);
    if (strcmp(key, "output") == 0) {
        if (value->kind != ZSC_YAML_SCALAR) return zsc_plan_fail_at(b, value->line, "output expects a folder");
        b->plan->output = zsc_strdup(value->text);
        return b->plan->output ? ZSC_OK : ZSC_EINTERNAL;
    }
    for (size_t i = 0; i < LIST_KEYS; i++) {
        if (strcmp(key, list_keys[i].name) != 0) continue;
        char *data = (char *)&base->data;
        status = zsc_plan_strings(b, key, value, list_keys[i].marks, &list, (size_t *)(data + list_keys[i].count));
        *(const char *const **)(data + list_keys[i].items) = list;
        return status;
    }
    return unknown_key(b, root->key_line[k], key);
}

/* Where the first run looks in its files. */
static zsc_status first_file_layout(zsc_plan_builder *b, const zsc_run_options *base)
{
    zsc_status status = ZSC_OK;
    zsc_run_options o = *base;
    for (size_t i = 0; i < b->axis_count; i++)
        if (b->axes[i].count > 0) ZSC_TRY(zsc_plan_apply(b, &b->axes[i], 0, &o));
    b->file_layout = zsc_file_layout_with_missing(&o.data.file_layout, o.data.missing_values);
done:
    return status;
}

zsc_status zsc_plan_read(const char *path, zsc_plan_design usual, zsc_plan *out)
{
    zsc_status status = ZSC_OK;
    zsc_plan plan = {0};
    zsc_plan_builder b = {.path = path, .plan = &plan, .design = usual};
    zsc_run_options base = zsc_run_defaults();
    ZSC_TRY(zsc_yaml_read(path, &plan.file));
    if (plan.file.kind != ZSC_YAML_MAP) {
        status = zsc_plan_fail_at(&b, plan.file.line, "expected keys and values");
        goto done;
    }
    ZSC_TRY(rename_all_keys(&b, &plan.file));
    for (size_t k = 0; k < plan.file.count; k++) ZSC_TRY(read_key(&b, &plan.file, k, &base));
    ZSC_TRY(first_file_layout(&b, &base));
    zsc_axis *inputs = zsc_plan_add_axis(&b, AXIS_EMBEDDINGS, LEVEL_INPUT);
    const zsc_yaml *embeddings = zsc_yaml_get(&plan.file, "embeddings"), *pairs = zsc_yaml_get(&plan.file, "pairs");
    if (embeddings) ZSC_TRY(zsc_plan_read_embeddings(&b, inputs, embeddings));
    if (pairs) ZSC_TRY(zsc_plan_read_pairs(&b, inputs, pairs));
    if (inputs->count == 0) {
        status = zsc_fail(ZSC_EINPUT, "%s: no embeddings and no pairs: there is nothing to run", path);
        goto done;
    }
    ZSC_TRY(zsc_plan_multiply(&b, &base));
    zsc_plan_warn_unmatched(&b);
    *out = plan;
    plan = (zsc_plan){0};
done:
    for (size_t i = 0; i < b.axis_count; i++) {
        free(b.axes[i].value);
        free(b.axes[i].list);
        free(b.axes[i].seeds.item);
    }
    free(b.matched);
    zsc_plan_free(&plan);
    return status;
}
