#include "experiment/settings/settings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "base/value.h"
#include "experiment/settings/choices.h"

#define SETTING(letter, name, level, kind, field, arg, help, choices, least, most, shown)                              \
    {name, ZSC_LEVEL_##level, ZSC_##kind, offsetof(zsc_run_options, field), choices, least, most},
const zsc_setting zsc_settings[] = {
#include "experiment/settings/settings.def"
};
#undef SETTING
const size_t zsc_setting_count = sizeof zsc_settings / sizeof *zsc_settings;

const zsc_setting *zsc_setting_find(const char *name)
{
    for (size_t i = 0; i < zsc_setting_count; i++)
        if (strcmp(zsc_settings[i].name, name) == 0) return &zsc_settings[i];
    return NULL;
}

zsc_status zsc_setting_parse(const zsc_setting *s, const char *value, void *options)
{
    const zsc_value_owner owner = {"", s->name, ZSC_EINPUT};
    void *field = (char *)options + s->offset;
    switch (s->kind) {
    case ZSC_TEXT: *(const char **)field = value; return ZSC_OK;
    case ZSC_CHOICE: return zsc_value_choice(&owner, value, s->choices, field);
    case ZSC_OPTIONAL_CHOICE: return zsc_value_optional_choice(&owner, value, s->choices, field);
    case ZSC_FLAG: return zsc_value_flag(&owner, value, field);
    case ZSC_COUNT: return zsc_value_count(&owner, value, s->least, s->most, field);
    case ZSC_REAL: return zsc_value_real(&owner, value, s->least, s->most, field);
    }
    return zsc_fail(ZSC_EINTERNAL, "setting %s has no kind", s->name);
}

static bool same_field(const zsc_setting *s, const void *a, const void *b)
{
    const char *one, *other;
    switch (s->kind) {
    case ZSC_TEXT:
        one = *(const char *const *)a, other = *(const char *const *)b;
        return one == other || (one && other && strcmp(one, other) == 0);
    case ZSC_COUNT: return *(const size_t *)a == *(const size_t *)b;
    case ZSC_REAL: return memcmp(a, b, sizeof(double)) == 0;
    case ZSC_CHOICE:
    case ZSC_OPTIONAL_CHOICE: return *(const int *)a == *(const int *)b;
    case ZSC_FLAG: return *(const bool *)a == *(const bool *)b;
    }
    return false;
}

bool zsc_settings_same(const zsc_run_options *a, const zsc_run_options *b, zsc_setting_level last)
{
    bool same = true;
    for (size_t i = 0; i < zsc_setting_count && same; i++) {
        const zsc_setting *s = &zsc_settings[i];
        same = s->level > last || same_field(s, (const char *)a + s->offset, (const char *)b + s->offset);
    }
    return same;
}

const char *zsc_setting_choice(const char *name, const zsc_run_options *options)
{
    enum { LONGEST = 32 };
    static _Thread_local char text[LONGEST];
    const zsc_setting *s = zsc_setting_find(name);
    if (!s || !s->choices) return "";
    return zsc_value_choice_text(s->choices, *(const int *)((const char *)options + s->offset), text, LONGEST);
}

char *zsc_setting_label(const char *name, const json_t *value)
{
    static const char *const vague[] = {"none", "auto", "all", "drop", "class"}; /* "cosine" says which setting it is */
    const char *text = json_string_value(value);
    bool alone = true;
    for (size_t i = 0; text && i < sizeof vague / sizeof *vague; i++) alone &= strcmp(text, vague[i]) != 0;
    if (text) return alone ? zsc_strdup(text) : zsc_asprintf("%s %s", name, text);
    if (json_is_boolean(value)) return zsc_asprintf("%s%s", json_is_true(value) ? "" : "no ", name);
    if (json_is_number(value))
        return zsc_asprintf("%s %s", name, zsc_number_text(json_number_value(value), (char[ZSC_NUMBER_TEXT]){0}));
    char *shown = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    char *label = shown ? zsc_asprintf("%s %s", name, shown) : NULL;
    free(shown);
    return label;
}
