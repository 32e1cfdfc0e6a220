/* From a sweep file to a list of runs: a cross product of axes, ordered so that what can be shared comes together.
 *
 * Axes are nested by what they change: input (embeddings, rows, scaling), graph (neighbours), tree (layout, linkage,
 * seed), scores (cut). Walking the product with the last axis fastest then visits each input, graph and tree once. */
#include "experiment/plan.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/value.h"
#include "experiment/pipeline.h"
#include "experiment/settings.h"
#include "io/csv.h"
#include "io/embeddings.h"

enum { MOST_RUNS = 1000000, MOST_AXES = 64 };

typedef enum level { LEVEL_INPUT, LEVEL_GRAPH, LEVEL_TREE, LEVEL_SCORE, LEVELS } level;

/* One axis: a setting and its values, or one of the four that are no setting. */
typedef struct axis {
    enum { AXIS_SUBSET, AXIS_SETTING, AXIS_EMBEDDINGS, AXIS_SEED } kind; /* in this order within a level */
    level level;
    size_t place; /* among the keys of the file: keeps the order of equals */
    const zsc_setting *setting;
    const zsc_yaml **value; /* AXIS_SETTING, AXIS_SUBSET */
    const char ***list;     /* AXIS_EMBEDDINGS: lists that end in NULL */
    zsc_seeds seeds;        /* AXIS_SEED */
    size_t count, capacity, list_capacity;
} axis;

typedef struct builder {
    const char *path;
    zsc_plan *plan;
    axis axes[MOST_AXES];
    size_t axis_count;
    const zsc_yaml *exclude;
    bool *matched;         /* exclusions that a run matched */
    zsc_h5_paths h5_paths; /* of the first run: for patterns of encoders */
    size_t run_capacity;
} builder;

static zsc_status at(const builder *b, size_t line, zsc_status status)
{
    return zsc_context(status, "%s:%zu", b->path, line);
}

static zsc_status fail_at(const builder *b, size_t line, const char *text)
{
    return zsc_fail(ZSC_EINPUT, "%s:%zu: %s", b->path, line, text);
}

static level level_of(const zsc_setting *setting)
{
    static const level levels[] = {
        [ZSC_LEVEL_PLACE] = LEVEL_INPUT, [ZSC_LEVEL_ROWS] = LEVEL_INPUT, [ZSC_LEVEL_GRAPH] = LEVEL_GRAPH,
        [ZSC_LEVEL_TREE] = LEVEL_TREE,   [ZSC_LEVEL_CUT] = LEVEL_SCORE,  [ZSC_LEVEL_OUTPUT] = LEVEL_SCORE,
    };
    return levels[setting->level];
}

static axis *add_axis(builder *b, int kind, level depth)
{
    /* every key makes one axis, and there are fewer keys than MOST_AXES */
    axis *a = &b->axes[b->axis_count++];
    *a = (axis){.level = depth, .place = b->axis_count};
    a->kind = kind;
    return a;
}

static zsc_status axis_add_value(axis *a, const zsc_yaml *value)
{
    zsc_status status = zsc_grow(&a->value, &a->capacity, a->count + 1, sizeof *a->value, "a sweep");
    if (status == ZSC_OK) a->value[a->count++] = value;
    return status;
}

/* --- Lists of strings that the plan keeps */
static const char *keep(zsc_plan *plan, const char *text)
{
    return zsc_list_add(&plan->names, text) == ZSC_OK ? plan->names.item[plan->names.count - 1] : NULL;
}

/* A list of COUNT strings, ended by NULL, owned by the plan. */
static const char **new_list(zsc_plan *plan, size_t count)
{
    if (zsc_grow(&plan->lists, &plan->list_capacity, plan->list_count + 1, sizeof *plan->lists, "a sweep") != ZSC_OK)
        return NULL;
    const char **list = zsc_calloc(count + 1, sizeof *list, "a sweep");
    if (list) plan->lists[plan->list_count++] = list;
    return list;
}

static zsc_status strings_of(builder *b, const char *key, const zsc_yaml *node, const char ***out, size_t *count)
{
    size_t n = node->kind == ZSC_YAML_LIST ? node->count : 1;
    const char **list = new_list(b->plan, n);
    if (!list) return ZSC_EINTERNAL;
    for (size_t i = 0; i < n; i++) {
        const zsc_yaml *item = node->kind == ZSC_YAML_LIST ? &node->child[i] : node;
        if (item->kind != ZSC_YAML_SCALAR)
            return zsc_fail(ZSC_EINPUT, "%s:%zu: %s expects text, or a list of texts", b->path, item->line, key);
        list[i] = item->text;
    }
    *out = list;
    *count = n;
    return ZSC_OK;
}

/* --- Embeddings */
static bool is_pattern(const char *encoder) { return encoder && strpbrk(encoder, "*?["); }

/* What would be wrong usage is wrong input in a file. */
static zsc_status as_input(zsc_status status) { return status == ZSC_EUSAGE ? ZSC_EINPUT : status; }

/* FILE:PATTERN with * ? [ in the pattern stands for every encoder of the file that matches. */
static zsc_status unfold(builder *b, const char *key, const zsc_yaml *node, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    zsc_embeddings *file = NULL;
    char *path = NULL, *pattern = NULL;
    ZSC_TRY(
        at(b, node->line, as_input(zsc_context(zsc_embeddings_split_name(node->text, &path, &pattern), "%s", key))));
    if (!is_pattern(pattern)) {
        status = zsc_list_add(out, node->text);
        goto done;
    }
    ZSC_TRY(at(b, node->line, zsc_context(zsc_embeddings_open(path, &b->h5_paths, &file), "%s", key)));
    size_t before = out->count;
    for (size_t i = 0; i < file->encoders; i++) {
        const char *encoder = file->encoder[i].name; /* its name may have marks of patterns itself */
        if (fnmatch(pattern, encoder, 0) != 0 && strcmp(pattern, encoder) != 0) continue;
        char *name = zsc_asprintf("%s:%s", path, encoder);
        status = name ? zsc_list_add(out, name) : ZSC_EINTERNAL;
        free(name);
        if (status != ZSC_OK) goto done;
    }
    if (out->count == before)
        status = zsc_fail(ZSC_EINPUT, "%s:%zu: %s: no encoder of '%s' matches '%s'", b->path, node->line, key, path,
                          pattern);
done:
    zsc_embeddings_close(file);
    free(path);
    free(pattern);
    return status;
}

static zsc_status unfold_all(builder *b, const char *key, const zsc_yaml *node, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    size_t n = node->kind == ZSC_YAML_LIST ? node->count : 1;
    for (size_t i = 0; i < n && status == ZSC_OK; i++) {
        const zsc_yaml *item = node->kind == ZSC_YAML_LIST ? &node->child[i] : node;
        status = item->kind == ZSC_YAML_SCALAR
                     ? unfold(b, key, item, out)
                     : zsc_fail(ZSC_EINPUT, "%s:%zu: %s expects FILE:ENCODER", b->path, item->line, key);
    }
    return status;
}

static zsc_status add_embeddings(builder *b, axis *a, const char *const *names, size_t count)
{
    const char **list = new_list(b->plan, count);
    if (!list) return ZSC_EINTERNAL;
    for (size_t i = 0; i < count; i++)
        if (!(list[i] = keep(b->plan, names[i]))) return ZSC_EINTERNAL;
    zsc_status status = zsc_grow(&a->list, &a->list_capacity, a->count + 1, sizeof *a->list, "a sweep");
    if (status == ZSC_OK) a->list[a->count++] = list;
    return status;
}

static zsc_status read_embeddings(builder *b, axis *a, const zsc_yaml *node)
{
    zsc_status status = ZSC_OK;
    size_t n = node->kind == ZSC_YAML_LIST ? node->count : 1;
    for (size_t i = 0; i < n && status == ZSC_OK; i++) {
        const zsc_yaml *item = node->kind == ZSC_YAML_LIST ? &node->child[i] : node;
        zsc_list names = {0};
        status = item->kind == ZSC_YAML_MAP
                     ? fail_at(b, item->line, "embeddings expects FILE:ENCODER, or a list of them to be joined")
                     : unfold_all(b, "embeddings", item, &names);
        if (status == ZSC_OK && item->kind == ZSC_YAML_LIST)
            status = add_embeddings(b, a, (const char *const *)names.item, names.count);
        for (size_t j = 0; status == ZSC_OK && item->kind == ZSC_YAML_SCALAR && j < names.count; j++)
            status = add_embeddings(b, a, (const char *const *)&names.item[j], 1);
        zsc_list_free(&names);
    }
    return status;
}

static zsc_status read_pairs(builder *b, axis *a, const zsc_yaml *node)
{
    zsc_status status = ZSC_OK;
    zsc_list first = {0}, second = {0};
    if (node->kind == ZSC_YAML_SCALAR || node->count != 2)
        return fail_at(b, node->line, "pairs expects two lists of FILE:ENCODER");
    ZSC_TRY(unfold_all(b, "pairs", &node->child[0], &first));
    ZSC_TRY(unfold_all(b, "pairs", &node->child[1], &second));
    for (size_t i = 0; i < first.count; i++)
        for (size_t j = 0; j < second.count; j++) {
            const char *names[2] = {first.item[i], second.item[j]};
            ZSC_TRY(add_embeddings(b, a, names, 2));
        }
done:
    zsc_list_free(&first);
    zsc_list_free(&second);
    return status;
}

/* --- Seeds: 0, [0, 1, 2], or "0-5" */
static zsc_status read_seed(builder *b, axis *a, const zsc_yaml *item)
{
    static const zsc_value_owner owner = {"", "seed", ZSC_EINPUT};
    size_t before = a->seeds.repeated;
    if (item->kind != ZSC_YAML_SCALAR) return fail_at(b, item->line, "seed expects a whole number, a range or a list");
    zsc_status status = at(b, item->line, zsc_value_seeds(&owner, item->text, &a->seeds));
    if (a->seeds.repeated > before)
        zsc_warn("%s:%zu: seed '%s' holds %zu that came before; each runs once", b->path, item->line, item->text,
                 a->seeds.repeated - before);
    a->count = a->seeds.count;
    return status;
}

static zsc_status read_seeds(builder *b, const zsc_yaml *node)
{
    axis *a = add_axis(b, AXIS_SEED, LEVEL_TREE);
    zsc_status status = ZSC_OK;
    if (node->kind != ZSC_YAML_LIST) return read_seed(b, a, node);
    if (node->count == 0) return fail_at(b, node->line, "seed has no value");
    for (size_t i = 0; i < node->count && status == ZSC_OK; i++) status = read_seed(b, a, &node->child[i]);
    return status;
}

/* --- Settings */
/* Lists that belong to all runs. */
static const struct {
    const char *name;
    size_t items, count; /* places in zsc_dataset_options */
} list_keys[] = {
    {"where", offsetof(zsc_dataset_options, where), offsetof(zsc_dataset_options, where_count)},
    {"ranks", offsetof(zsc_dataset_options, ranks), offsetof(zsc_dataset_options, rank_count)},
    {"column", offsetof(zsc_dataset_options, columns.rule), offsetof(zsc_dataset_options, columns.count)},
    {"h5-label", offsetof(zsc_dataset_options, h5_paths.labels), offsetof(zsc_dataset_options, h5_paths.label_count)},
};
enum { LIST_KEYS = sizeof list_keys / sizeof *list_keys };

static const char *const special_keys[] = {"output", "embeddings", "pairs", "subsets", "exclude",
                                           "where",  "ranks",      "seed",  "column",  "h5-label"};
enum { SPECIAL_KEYS = sizeof special_keys / sizeof *special_keys };

static zsc_status unknown_key(const builder *b, size_t line, const char *key)
{
    const char *names[MOST_AXES + SPECIAL_KEYS];
    size_t count = 0;
    for (size_t i = 0; i < SPECIAL_KEYS; i++) names[count++] = special_keys[i];
    for (size_t i = 0; i < zsc_setting_count; i++) names[count++] = zsc_settings[i].name;
    const char *near = zsc_nearest(key, names, count);
    return near ? zsc_fail(ZSC_EINPUT, "%s:%zu: there is no key '%s'; did you mean '%s'?", b->path, line, key, near)
                : zsc_fail(ZSC_EINPUT, "%s:%zu: there is no key '%s'", b->path, line, key);
}

/* Checks a value by setting it in a struct that is thrown away. */
static zsc_status check_value(const builder *b, const zsc_setting *setting, const zsc_yaml *value)
{
    zsc_run_options scratch = zsc_run_defaults();
    if (value->kind != ZSC_YAML_SCALAR)
        return zsc_fail(ZSC_EINPUT, "%s:%zu: %s expects one value", b->path, value->line, setting->name);
    return at(b, value->line, zsc_setting_parse(setting, value->text, &scratch));
}

static zsc_status read_setting(builder *b, const zsc_setting *setting, const zsc_yaml *node)
{
    axis *a = add_axis(b, AXIS_SETTING, level_of(setting));
    a->setting = setting;
    size_t n = node->kind == ZSC_YAML_LIST ? node->count : 1;
    if (n == 0) return zsc_fail(ZSC_EINPUT, "%s:%zu: %s has no value", b->path, node->line, setting->name);
    for (size_t i = 0; i < n; i++) {
        const zsc_yaml *item = node->kind == ZSC_YAML_LIST ? &node->child[i] : node;
        zsc_status status = check_value(b, setting, item);
        if (status == ZSC_OK) status = axis_add_value(a, item);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

static zsc_status read_subsets(builder *b, const zsc_yaml *node)
{
    axis *a = add_axis(b, AXIS_SUBSET, LEVEL_INPUT);
    if (node->kind != ZSC_YAML_LIST)
        return fail_at(b, node->line,
                       "subsets expects a list, each entry with settings such as split or one-per-barcode");
    for (size_t i = 0; i < node->count; i++) {
        const zsc_yaml *map = &node->child[i];
        if (map->kind != ZSC_YAML_MAP)
            return fail_at(b, map->line, "a subset expects settings such as split or one-per-barcode");
        for (size_t k = 0; k < map->count; k++) {
            const zsc_setting *setting = zsc_setting_find(map->key[k]);
            if (!setting && strcmp(map->key[k], "where") != 0) return unknown_key(b, map->key_line[k], map->key[k]);
            if (setting && level_of(setting) != LEVEL_INPUT)
                return zsc_fail(ZSC_EINPUT, "%s:%zu: %s does not select rows: put it outside of subsets", b->path,
                                map->key_line[k], map->key[k]);
            zsc_status status = setting ? check_value(b, setting, &map->child[k]) : ZSC_OK;
            if (status != ZSC_OK) return status;
        }
        zsc_status status = axis_add_value(a, map);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

static zsc_status check_seed(const builder *b, const zsc_yaml *value)
{
    static const zsc_value_owner owner = {"", "seed", ZSC_EINPUT};
    zsc_seeds seeds = {0};
    zsc_status status = at(b, value->line, zsc_value_seeds(&owner, value->text, &seeds));
    free(seeds.item);
    return status;
}

static zsc_status check_exclude(builder *b, const zsc_yaml *node)
{
    if (node->kind != ZSC_YAML_LIST)
        return fail_at(b, node->line, "exclude expects a list, each entry with keys and values such as seed: 0");
    for (size_t i = 0; i < node->count; i++) {
        const zsc_yaml *map = &node->child[i];
        if (map->kind != ZSC_YAML_MAP || map->count == 0)
            return fail_at(b, map->line, "an entry of exclude expects keys and values such as seed: 0");
        for (size_t k = 0; k < map->count; k++) {
            const zsc_setting *setting = zsc_setting_find(map->key[k]);
            bool known = setting || strcmp(map->key[k], "embeddings") == 0 || strcmp(map->key[k], "seed") == 0;
            if (!known) return unknown_key(b, map->key_line[k], map->key[k]);
            if (map->child[k].kind != ZSC_YAML_SCALAR)
                return fail_at(b, map->child[k].line, "an entry of exclude expects one value for each key");
            zsc_status status = setting ? check_value(b, setting, &map->child[k]) : ZSC_OK;
            if (strcmp(map->key[k], "seed") == 0) status = check_seed(b, &map->child[k]);
            if (status != ZSC_OK) return status;
        }
    }
    b->exclude = node;
    b->matched = zsc_calloc(node->count + 1, sizeof *b->matched, "a sweep");
    return b->matched ? ZSC_OK : ZSC_EINTERNAL;
}

/* --- The product */
static zsc_status apply_map(builder *b, const zsc_yaml *map, zsc_run_options *o)
{
    zsc_status status = ZSC_OK;
    for (size_t k = 0; k < map->count && status == ZSC_OK; k++) {
        const zsc_setting *setting = zsc_setting_find(map->key[k]);
        const char **list = NULL;
        if (setting) {
            status = zsc_setting_parse(setting, map->child[k].text, o);
        } else {
            status = strings_of(b, map->key[k], &map->child[k], &list, &o->data.where_count);
            o->data.where = list;
        }
    }
    return status;
}

static zsc_status apply(builder *b, const axis *a, size_t i, zsc_run_options *o)
{
    switch (a->kind) {
    case AXIS_EMBEDDINGS:
        o->data.embeddings = a->list[i];
        o->data.embedding_count = 0;
        while (a->list[i][o->data.embedding_count]) o->data.embedding_count++;
        return ZSC_OK;
    case AXIS_SUBSET: return apply_map(b, a->value[i], o);
    case AXIS_SETTING: return zsc_setting_parse(a->setting, a->value[i]->text, o);
    case AXIS_SEED: o->seed = a->seeds.item[i]; return ZSC_OK;
    }
    return ZSC_EINTERNAL;
}

static bool same_setting(const zsc_setting *s, const char *text, const zsc_run_options *o)
{
    zsc_run_options wanted = *o;
    if (zsc_setting_parse(s, text, &wanted) != ZSC_OK) return false;
    const char *a = (const char *)o + s->offset, *b = (const char *)&wanted + s->offset;
    switch (s->kind) {
    case ZSC_TEXT: return *(const char *const *)a && fnmatch(text, *(const char *const *)a, 0) == 0;
    case ZSC_COUNT: return *(const size_t *)a == *(const size_t *)b;
    case ZSC_REAL: return *(const double *)a == *(const double *)b;
    case ZSC_FLAG: return *(const bool *)a == *(const bool *)b;
    case ZSC_CHOICE:
    case ZSC_OPTIONAL_CHOICE: return *(const int *)a == *(const int *)b;
    }
    return false;
}

static bool excluded_by(const zsc_yaml *map, const zsc_run_options *o)
{
    for (size_t k = 0; k < map->count; k++) {
        const char *text = map->child[k].text;
        const zsc_setting *setting = zsc_setting_find(map->key[k]);
        bool match = false;
        if (setting)
            match = same_setting(setting, text, o);
        else if (strcmp(map->key[k], "seed") == 0)
            match = zsc_value_has_seed(text, o->seed);
        else
            for (size_t i = 0; i < o->data.embedding_count && !match; i++)
                match = fnmatch(text, o->data.embeddings[i], 0) == 0;
        if (!match) return false;
    }
    return true;
}

/* The line of the setting that zsc_run_check refuses; 0 where none is to blame alone. */
static size_t blamed_line(const builder *b)
{
    for (size_t i = 0; i < b->axis_count; i++) {
        const axis *a = &b->axes[i];
        for (size_t v = 0; a->kind == AXIS_SETTING && v < a->count; v++) {
            zsc_run_options alone = zsc_run_defaults();
            if (zsc_setting_parse(a->setting, a->value[v]->text, &alone) != ZSC_OK || zsc_run_check(&alone) != ZSC_OK)
                return a->value[v]->line;
        }
    }
    return 0;
}

/* What would be wrong usage is wrong input here. */
static zsc_status check_run(const builder *b, const zsc_run_options *o)
{
    zsc_status status = zsc_run_check(o);
    if (status == ZSC_OK) return ZSC_OK;
    size_t line = blamed_line(b);
    zsc_run_check(o); /* its words again: looking for the line has replaced them */
    if (status == ZSC_EUSAGE) status = ZSC_EINPUT;
    return line ? at(b, line, status) : zsc_context(status, "%s", b->path);
}

static bool excluded(builder *b, const zsc_run_options *o)
{
    bool out = false;
    for (size_t i = 0; b->exclude && i < b->exclude->count; i++) {
        if (!excluded_by(&b->exclude->child[i], o)) continue;
        b->matched[i] = true;
        out = true;
    }
    return out;
}

static void warn_unmatched(const builder *b)
{
    for (size_t i = 0; b->exclude && i < b->exclude->count; i++)
        if (!b->matched[i]) zsc_warn("%s:%zu: this exclusion matches no run", b->path, b->exclude->child[i].line);
}

static int by_level(const void *a, const void *b)
{
    const axis *x = a, *y = b;
    if (x->level != y->level) return (int)x->level - (int)y->level;
    if (x->kind != y->kind) return (int)x->kind - (int)y->kind;
    return (x->place > y->place) - (x->place < y->place);
}

/* Walks the product; `fresh` is the lowest level that changed since the last run that was kept. */
static zsc_status multiply(builder *b, const zsc_run_options *base)
{
    zsc_status status = ZSC_OK;
    zsc_plan *plan = b->plan;
    size_t digit[MOST_AXES] = {0}, total = 1;
    level fresh = LEVEL_INPUT;
    for (size_t i = 0; i < b->axis_count; i++)
        if (__builtin_mul_overflow(total, b->axes[i].count, &total) || total > MOST_RUNS)
            return zsc_fail(ZSC_EINPUT, "%s: more than %d runs", b->path, MOST_RUNS);
    for (size_t r = 0; r < total; r++) {
        zsc_run_options o = *base;
        for (size_t i = 0; i < b->axis_count; i++) ZSC_TRY(apply(b, &b->axes[i], digit[i], &o));
        if (excluded(b, &o)) {
            plan->excluded++;
        } else {
            ZSC_TRY(check_run(b, &o));
            ZSC_TRY(zsc_grow(&plan->run, &b->run_capacity, plan->count + 1, sizeof *plan->run, "a sweep"));
            plan->inputs += fresh <= LEVEL_INPUT;
            plan->graphs += fresh <= LEVEL_GRAPH;
            plan->trees += fresh <= LEVEL_TREE;
            plan->run[plan->count++] = (zsc_planned_run){o, plan->inputs - 1, plan->graphs - 1, plan->trees - 1};
            fresh = LEVELS;
        }
        size_t i = b->axis_count;
        while (i-- > 0) {
            if (b->axes[i].level < fresh) fresh = b->axes[i].level;
            if (++digit[i] < b->axes[i].count) break;
            digit[i] = 0;
        }
    }
    if (plan->count == 0)
        status = zsc_fail(ZSC_EINPUT, "%s: nothing to run: all %zu runs are excluded", b->path, total);
done:
    return status;
}

static zsc_status read_key(builder *b, const zsc_yaml *root, size_t k, zsc_run_options *base)
{
    const char *key = root->key[k];
    const zsc_yaml *value = &root->child[k];
    const char **list = NULL;
    const zsc_setting *setting = zsc_setting_find(key);
    zsc_status status = ZSC_OK;
    if (setting) return read_setting(b, setting, value);
    if (strcmp(key, "embeddings") == 0 || strcmp(key, "pairs") == 0) return ZSC_OK; /* read together: one axis */
    if (strcmp(key, "subsets") == 0) return read_subsets(b, value);
    if (strcmp(key, "exclude") == 0) return check_exclude(b, value);
    if (strcmp(key, "seed") == 0) return read_seeds(b, value);
    if (strcmp(key, "output") == 0) {
        if (value->kind != ZSC_YAML_SCALAR) return fail_at(b, value->line, "output expects a folder");
        b->plan->output = zsc_strdup(value->text);
        return b->plan->output ? ZSC_OK : ZSC_EINTERNAL;
    }
    for (size_t i = 0; i < LIST_KEYS; i++) {
        if (strcmp(key, list_keys[i].name) != 0) continue;
        char *data = (char *)&base->data;
        status = strings_of(b, key, value, &list, (size_t *)(data + list_keys[i].count));
        *(const char *const **)(data + list_keys[i].items) = list;
        return status;
    }
    return unknown_key(b, root->key_line[k], key);
}

/* Where the first run looks in its files. */
static zsc_status first_h5_paths(builder *b, const zsc_run_options *base)
{
    zsc_status status = ZSC_OK;
    zsc_run_options o = *base;
    for (size_t i = 0; i < b->axis_count; i++)
        if (b->axes[i].count > 0) ZSC_TRY(apply(b, &b->axes[i], 0, &o));
    b->h5_paths = o.data.h5_paths;
done:
    return status;
}

zsc_status zsc_plan_read(const char *path, zsc_plan *out)
{
    zsc_status status = ZSC_OK;
    zsc_plan plan = {0};
    builder b = {.path = path, .plan = &plan};
    zsc_run_options base = zsc_run_defaults();
    ZSC_TRY(zsc_yaml_read(path, &plan.file));
    if (plan.file.kind != ZSC_YAML_MAP) {
        status = fail_at(&b, plan.file.line, "expected keys and values");
        goto done;
    }
    for (size_t k = 0; k < plan.file.count; k++) ZSC_TRY(read_key(&b, &plan.file, k, &base));
    ZSC_TRY(first_h5_paths(&b, &base));
    axis *inputs = add_axis(&b, AXIS_EMBEDDINGS, LEVEL_INPUT);
    const zsc_yaml *embeddings = zsc_yaml_get(&plan.file, "embeddings"), *pairs = zsc_yaml_get(&plan.file, "pairs");
    if (embeddings) ZSC_TRY(read_embeddings(&b, inputs, embeddings));
    if (pairs) ZSC_TRY(read_pairs(&b, inputs, pairs));
    if (inputs->count == 0) {
        status = zsc_fail(ZSC_EINPUT, "%s: no embeddings and no pairs: there is nothing to run", path);
        goto done;
    }
    qsort(b.axes, b.axis_count, sizeof *b.axes, by_level);
    ZSC_TRY(multiply(&b, &base));
    warn_unmatched(&b);
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

/* --- Whether the inputs are there */
typedef struct looking {
    const char *path, *key;
    const zsc_h5_paths *h5_paths; /* of the first run, as where patterns are unfolded */
    char *name;                   /* the file that was opened last: encoders of one file stand together */
    zsc_embeddings *file;
    zsc_list noted; /* files whose parts have been told */
} looking;

static zsc_status look_embeddings(looking *l, const zsc_yaml *node)
{
    zsc_status status = ZSC_OK;
    char *name = NULL, *encoder = NULL;
    const zsc_encoder *found = NULL;
    ZSC_TRY(zsc_embeddings_split_name(node->text, &name, &encoder));
    if (!l->name || strcmp(l->name, name) != 0) {
        zsc_embeddings_close(l->file);
        free(l->name);
        l->file = NULL;
        l->name = NULL;
        ZSC_TRY(zsc_embeddings_open(name, l->h5_paths, &l->file));
        if (!zsc_list_has(&l->noted, name)) {
            zsc_embeddings_note_parts(l->file);
            ZSC_TRY(zsc_list_add(&l->noted, name));
        }
        l->name = name;
        name = NULL;
    }
    if (is_pattern(encoder)) goto done; /* unfolding it has looked */
    ZSC_TRY(zsc_embeddings_encoder(l->file, encoder, &found));
done:
    free(name);
    free(encoder);
    return status;
}

static zsc_status look_metadata(looking *l, const zsc_yaml *node)
{
    (void)l;
    zsc_list header = {0};
    zsc_status status = zsc_csv_header(node->text, &header);
    zsc_list_free(&header);
    return status;
}

/* Every scalar at or below NODE. */
static zsc_status look(looking *l, const zsc_yaml *node, zsc_status (*one)(looking *l, const zsc_yaml *node))
{
    zsc_status status = ZSC_OK;
    if (node->kind == ZSC_YAML_SCALAR) {
        status = one(l, node);
        if (status == ZSC_EUSAGE) status = ZSC_EINPUT;
        return zsc_context(status, "%s:%zu: %s", l->path, node->line, l->key);
    }
    for (size_t i = 0; i < node->count && status == ZSC_OK; i++) status = look(l, &node->child[i], one);
    return status;
}

zsc_status zsc_plan_look(const zsc_plan *plan, const char *path)
{
    static const struct {
        const char *key;
        zsc_status (*one)(looking *l, const zsc_yaml *node);
    } keys[] = {{"embeddings", look_embeddings}, {"pairs", look_embeddings}, {"metadata", look_metadata}};
    zsc_status status = ZSC_OK;
    looking l = {.path = path, .h5_paths = plan->count ? &plan->run[0].options.data.h5_paths : NULL};
    for (size_t i = 0; i < sizeof keys / sizeof *keys && status == ZSC_OK; i++) {
        const zsc_yaml *node = zsc_yaml_get(&plan->file, keys[i].key);
        l.key = keys[i].key;
        if (node) status = look(&l, node, keys[i].one);
    }
    zsc_embeddings_close(l.file);
    free(l.name);
    zsc_list_free(&l.noted);
    return status;
}

void zsc_plan_free(zsc_plan *plan)
{
    for (size_t i = 0; i < plan->list_count; i++) free(plan->lists[i]);
    free(plan->lists);
    free(plan->run);
    free(plan->output);
    zsc_list_free(&plan->names);
    zsc_yaml_free(&plan->file);
    *plan = (zsc_plan){0};
}

const char zsc_plan_example[] =
    "# A sweep: every combination of the lists below is one run.\n"
    "# Show the plan: zsc sweep --dry-run FILE.yaml      Run it: zsc sweep FILE.yaml\n"
    "# Paths are relative to the folder in which zsc is started.\n"
    "\n"
    "output: results/figure6            # one result file per run; a run with a result is not run again\n"
    "metadata: metadata.csv             # labels; without it, those of the embeddings files\n"
    "# column: [family=Familia]         # columns of the metadata whose names differ from BIOSCAN-5M's\n"
    "\n"
    "embeddings:                        # embeddings to cluster; each entry is an input\n"
    "  - image.h5:*                     # all encoders of a file\n"
    "  - dna.h5:hyenadna\n"
    "  - [image.h5:dino, dna.h5:hyenadna]   # joined on the id and concatenated\n"
    "# pairs:                           # each of the first list with each of the second\n"
    "#   - [image.h5:*]\n"
    "#   - [dna.h5:*]\n"
    "\n"
    "subsets:                           # selections of rows\n"
    "  - split: test+test_unseen\n"
    "  - split: test+test_unseen\n"
    "    one-per-barcode: random\n"
    "\n"
    "scale: zscore                      # every option of zsc run is a key; a list gives one run per value\n"
    "neighbors: 30\n"
    "clusters: [species, each-rank]\n"
    "seed: 0-2                          # or [0, 1, 2]\n"
    "\n"
    "exclude:                           # a run is left out if it matches all lines of an entry\n"
    "  - embeddings: \"*:dino\"\n"
    "    clusters: each-rank\n";
