#include "data/where_rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/labels/column_names.h"

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

bool zsc_where_holds(const zsc_where_rules *rules, const zsc_missing_labels *missing, const zsc_csv_row *row)
{
    for (size_t i = 0; i < rules->count; i++) {
        const char *value = row->field[rules->rule[i].field];
        bool none = zsc_is_missing(missing, value), wanted = *rules->rule[i].value != '\0';
        if (wanted ? none || strcmp(value, rules->rule[i].value) != 0 : !none) return false;
    }
    return true;
}
