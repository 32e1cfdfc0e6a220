#include "experiment/series/results_where.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/value.h"
#include "experiment/series/results_table_read.h"

typedef enum relation { EQUAL, UNEQUAL, BELOW, AT_MOST, ABOVE, AT_LEAST } relation;

static const struct {
    const char *sign;
    relation relation;
} relations[] = {{"!=", UNEQUAL}, {"<=", AT_MOST}, {">=", AT_LEAST}, {"=", EQUAL}, {"<", BELOW}, {">", ABOVE}};
enum { RELATIONS = sizeof relations / sizeof *relations };

/* "neighbors<=15" in its parts; false: there is no sign, or nothing before it. */
static bool split(const char *rule, size_t *name, relation *how, const char **value)
{
    *name = strcspn(rule, "=<>!");
    for (size_t i = 0; i < RELATIONS; i++) {
        size_t length = strlen(relations[i].sign);
        if (strncmp(rule + *name, relations[i].sign, length) != 0) continue;
        *how = relations[i].relation;
        *value = rule + *name + length;
        return *name > 0;
    }
    return false;
}

static bool is_one_of(const char *value, const char *wanted)
{
    double number, other;
    bool numeric = zsc_value_number(value, &number);
    for (const char *p = wanted;; p += strcspn(p, "|") + 1) {
        size_t n = strcspn(p, "|");
        char word[64];
        if (strlen(value) == n && strncmp(p, value, n) == 0) return true;
        if (numeric && n < sizeof word) {
            memcpy(word, p, n);
            word[n] = '\0';
            if (zsc_value_number(word, &other) && number == other) return true;
        }
        if (!p[n]) return false;
    }
}

/* *refused: WANTED is no number, and the relation needs one. What has no value is neither above nor below. */
static bool holds(const char *value, relation how, const char *wanted, bool *refused)
{
    double number, limit;
    if (how == EQUAL || how == UNEQUAL) return is_one_of(value, wanted) == (how == EQUAL);
    *refused = !zsc_value_number(wanted, &limit);
    if (*refused || !zsc_value_number(value, &number)) return false;
    switch (how) {
    case BELOW: return number < limit;
    case AT_MOST: return number <= limit;
    case ABOVE: return number > limit;
    default: return number >= limit;
    }
}

static zsc_status apply(const zsc_results_row *row, const char *rule, bool of_run, bool *keep)
{
    size_t length = 0;
    relation how = EQUAL;
    const char *wanted = NULL;
    zsc_text value = {0};
    bool refused = false;
    zsc_status status = ZSC_OK;
    bool known = split(rule, &length, &how, &wanted);
    char *name = zsc_strndup(rule, length);
    if (!name) return ZSC_EINTERNAL;
    if (known) known = zsc_results_row_value(row, name, of_run, &value);
    if (value.failed)
        status = ZSC_EINTERNAL;
    else if (!known)
        status = zsc_fail(ZSC_EUSAGE,
                          "option --where expects NAME=VALUE with the name of a setting such as neighbors, scale or "
                          "seed, or of a column such as key, encoders, subset, rows or version, not '%s'",
                          rule);
    else if (!holds(value.data, how, wanted, &refused))
        *keep = false;
    if (refused) status = zsc_fail(ZSC_EUSAGE, "option --where expects a number after < or >, not '%s'", rule);
    free(value.data);
    free(name);
    return status;
}

zsc_status zsc_results_row_satisfies(const zsc_results_row *row, const zsc_list *where, bool of_run, bool *keep)
{
    *keep = true;
    for (size_t i = 0; i < where->count; i++) {
        zsc_status status = apply(row, where->item[i], of_run, keep);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

/* A row is made of what can be read: here it must be readable. */
static zsc_status check_json(const zsc_result *r, const char *text, const char *what)
{
    json_t *object = json_loads(text ? text : "{}", 0, NULL);
    json_decref(object);
    if (object) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s': %s cannot be read: it is damaged, or memory ran out", r->path, what);
}

static zsc_status is_kept(const zsc_result *r, const zsc_list *where, bool *keep)
{
    zsc_results_row row = {0};
    zsc_status status = check_json(r, r->config, "its configuration");
    if (status == ZSC_OK) status = check_json(r, r->provenance, "its provenance");
    if (status == ZSC_OK) status = zsc_results_row_describe(r, &row);
    if (status == ZSC_OK) status = zsc_results_row_satisfies(&row, where, true, keep);
    zsc_results_row_clear(&row);
    return status;
}

zsc_status zsc_results_keep_where(zsc_result_list *list, const zsc_list *where)
{
    size_t kept = 0;
    for (size_t i = 0; where->count && i < list->count; i++) {
        bool keep = false;
        zsc_status status = is_kept(&list->item[i], where, &keep);
        if (status != ZSC_OK) return status;
        if (!keep) continue;
        zsc_result swap = list->item[kept];
        list->item[kept++] = list->item[i];
        list->item[i] = swap;
    }
    for (size_t i = kept; where->count && i < list->count; i++) zsc_result_free(&list->item[i]);
    if (where->count) list->count = kept;
    return ZSC_OK;
}
