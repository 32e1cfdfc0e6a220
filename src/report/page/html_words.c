#include "report/page/html_words.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number_text.h"
#include "experiment/settings/choices.h"
#include "experiment/settings/settings.h"

/* What a setting is for, and what 0 or no text stands for, from the list of settings. */
typedef struct explained {
    const char *name, *help, *unset;
} explained;

static const explained *explain(const char *name)
{
#define SETTING(letter, name, level, kind, field, arg, help, choices, least, most, shown) {name, help, shown},
    static const explained list[] = {
#include "experiment/settings/settings.def"
        {"embeddings", "files of embeddings, and their encoders", NULL},
        {"encoders", "encoders", NULL},
        {"seed", "seed of every random choice", NULL},
        {"where", "only rows where", "all rows"},
        {"results_version", "version of results", NULL},
        {"command", "command", NULL},
        {"finished", "finished at", NULL},
        {"folder", "in the folder", NULL},
        {"kernels", "instruction set", NULL},
        {"verified", "digest of zsc version --verify", NULL},
        {"zsc", "version of zsc", NULL},
    };
#undef SETTING
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (strcmp(list[i].name, name) == 0) return &list[i];
    return NULL;
}

/* A name that the list lacks: "data-set_name" as "data set name". */
static char *plain_name(const char *name)
{
    char *text = zsc_strdup(name);
    for (char *c = text; c && *c; c++)
        if (*c == '_' || *c == '-') *c = ' ';
    return text;
}

static void append_value(zsc_text *out, const json_t *value, const char *between)
{
    const char *key;
    json_t *item;
    size_t i;
    if (json_is_string(value)) {
        zsc_text_append(out, json_string_value(value));
    } else if (json_is_boolean(value)) {
        zsc_text_append(out, json_is_true(value) ? "yes" : "no");
    } else if (json_is_integer(value)) {
        zsc_text_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else if (json_is_real(value)) {
        zsc_text_append(out, zsc_number_text(json_real_value(value), (char[ZSC_NUMBER_TEXT]){0}));
    } else if (json_is_array(value)) {
        json_array_foreach(value, i, item)
        {
            if (i) zsc_text_append(out, between);
            append_value(out, item, ", ");
        }
    } else if (json_is_object(value)) {
        const char *mark = "";
        json_object_foreach((json_t *)(uintptr_t)value, key, item)
        {
            zsc_text_printf(out, "%s%s ", mark, key);
            append_value(out, item, ", ");
            mark = "; ";
        }
    } else {
        zsc_text_append(out, "not known");
    }
}

static bool is_unset(const json_t *value)
{
    return (json_is_number(value) && json_number_value(value) == 0) ||
           (json_is_string(value) && !*json_string_value(value)) || (json_is_array(value) && !json_array_size(value));
}

static void put_term(zsc_page *p, const char *key, const json_t *value)
{
    const explained *known = explain(key);
    zsc_text text = {0};
    char *name = plain_name(key);
    zsc_text_append(&text, "");
    if (is_unset(value) && known && known->unset)
        zsc_text_append(&text, known->unset);
    else
        append_value(&text, value, strcmp(key, "command") == 0 ? " " : ", ");
    if (text.failed || !name) p->buffer.failed = true;
    fprintf(p->out, "<dt title=\"%s\">", zsc_page_text(p, key));
    fprintf(p->out, "%s</dt>", zsc_page_text(p, known ? known->help : name ? name : ""));
    fprintf(p->out, "<dd>%s</dd>\n", zsc_page_text(p, text.data ? text.data : ""));
    free(name);
    free(text.data);
}

zsc_status zsc_page_words(zsc_page *p, const char *json)
{
    json_t *object = json && *json ? json_loads(json, 0, NULL) : NULL, *value;
    const char *key;
    if (json && *json && !object)
        return zsc_fail(ZSC_EINTERNAL, "settings of a result cannot be read, or memory ran out");
    fputs("<dl>\n", p->out);
    json_object_foreach(object, key, value) put_term(p, key, value);
    fputs("</dl>\n", p->out);
    json_decref(object);
    return ZSC_OK;
}
