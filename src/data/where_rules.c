#include "data/where_rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/labels/column_names.h"

/* A row meets all rules: two values of one column leave nothing. */
static zsc_status check_twice(const zsc_where_rules *rules)
{
    const zsc_where_rule *last = &rules->rule[rules->count - 1];
    for (size_t i = 0; i + 1 < rules->count; i++)
        if (strcmp(rules->rule[i].name, last->name) == 0 && strcmp(rules->rule[i].value, last->value) != 0)
            return zsc_fail(ZSC_EUSAGE,
                            "where has two conditions on column %s, '%s' and '%s', and a row must meet all conditions: "
                            "write '%s=%s|%s' for rows with either value",
                            last->name, rules->rule[i].value, last->value, last->name, rules->rule[i].value,
                            last->value);
    return ZSC_OK;
}

zsc_status zsc_where_parse(const char *const *text, size_t count, zsc_where_rules *out)
{
    zsc_status status = ZSC_OK;
    char *name = NULL;
    *out = (zsc_where_rules){0};
    ZSC_NEW(out->rule, count);
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(text[i], '=');
        if (!equals || equals == text[i]) {
            status = zsc_fail(ZSC_EUSAGE, "option --where expects column=value, such as order=Diptera, not '%s'",
                              text[i]);
            goto done;
        }
        zsc_where_rule *rule = &out->rule[out->count];
        if (!(name = zsc_strndup(text[i], (size_t)(equals - text[i]))) ||
            !(rule->name = zsc_strdup(zsc_column_name(name)))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        free(name);
        name = NULL;
        rule->value = equals + 1;
        out->count++;
        ZSC_TRY(check_twice(out));
    }
done:
    free(name);
    if (status != ZSC_OK) zsc_where_free(out);
    return status;
}

void zsc_where_free(zsc_where_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) free(rules->rule[i].name);
    free(rules->rule);
    *rules = (zsc_where_rules){0};
}

bool zsc_where_takes(const zsc_where_rule *rule, const char *value)
{
    size_t length = strlen(value);
    if (strcmp(value, rule->value) == 0) return true;
    for (const char *part = rule->value;; part++) {
        size_t own = strcspn(part, "|");
        if (own == length && memcmp(part, value, length) == 0) return true;
        part += own;
        if (!*part) return false;
    }
}

bool zsc_where_holds(const zsc_where_rules *rules, const zsc_missing_labels *missing, const zsc_csv_row *row)
{
    for (size_t i = 0; i < rules->count; i++) {
        const char *value = row->field[rules->rule[i].field];
        if (!zsc_where_takes(&rules->rule[i], zsc_is_missing(missing, value) ? "" : value)) return false;
    }
    return true;
}
