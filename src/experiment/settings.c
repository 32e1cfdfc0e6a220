#include "experiment/settings.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define SETTING(letter, name, kind, field, arg, help, choices, least, most, shown)                                     \
    {name, ZSC_##kind, offsetof(zsc_run_options, field), choices, least, most},
const zsc_setting zsc_settings[] = {
#include "experiment/settings.def"
};
#undef SETTING
const size_t zsc_setting_count = sizeof zsc_settings / sizeof *zsc_settings;

const zsc_setting *zsc_setting_find(const char *name)
{
    for (size_t i = 0; i < zsc_setting_count; i++)
        if (strcmp(zsc_settings[i].name, name) == 0) return &zsc_settings[i];
    return NULL;
}

static zsc_status parse_choice(const zsc_setting *s, const char *value, int *field)
{
    if (s->kind == ZSC_OPTIONAL_CHOICE && (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)) {
        *field = value[0] == 't';
        return ZSC_OK;
    }
    size_t length = strlen(value);
    const char *p = s->choices;
    for (int i = 0; *p; i++) {
        size_t n = strcspn(p, "|");
        if (n == length && strncmp(p, value, n) == 0) {
            *field = i;
            return ZSC_OK;
        }
        p += n + (p[n] == '|');
    }
    return zsc_fail(ZSC_EINPUT, "%s expects one of %s, not '%s'", s->name, s->choices, value);
}

static zsc_status parse_number(const zsc_setting *s, const char *value, double *number)
{
    char *end;
    errno = 0;
    *number = strtod(value, &end);
    bool whole = s->kind == ZSC_COUNT, bounded = s->least != 0 || s->most != 0;
    if (end == value || *end || errno || isnan(*number) ||
        (whole && (*number < 0 || *number != floor(*number) || *number > 9e15)))
        return zsc_fail(ZSC_EINPUT, "%s expects a %snumber, not '%s'", s->name, whole ? "whole " : "", value);
    if (bounded && (*number < s->least || *number > s->most))
        return zsc_fail(ZSC_EINPUT, "%s expects a number from %.15g to %.15g, not '%s'", s->name, s->least, s->most,
                        value);
    return ZSC_OK;
}

zsc_status zsc_setting_parse(const zsc_setting *s, const char *value, zsc_run_options *options)
{
    void *field = (char *)options + s->offset;
    double number;
    zsc_status status = ZSC_OK;
    switch (s->kind) {
    case ZSC_TEXT: *(const char **)field = value; return ZSC_OK;
    case ZSC_CHOICE:
    case ZSC_OPTIONAL_CHOICE: return parse_choice(s, value, field);
    case ZSC_FLAG:
        if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
            return zsc_fail(ZSC_EINPUT, "%s expects true or false, not '%s'", s->name, value);
        *(bool *)field = value[0] == 't';
        return ZSC_OK;
    case ZSC_COUNT:
        status = parse_number(s, value, &number);
        if (status == ZSC_OK) *(size_t *)field = (size_t)number;
        return status;
    case ZSC_REAL:
        status = parse_number(s, value, &number);
        if (status == ZSC_OK) *(double *)field = number;
        return status;
    }
    return zsc_fail(ZSC_EINTERNAL, "setting %s has no kind", s->name);
}

const char *zsc_setting_choice(const char *name, const zsc_run_options *options)
{
    enum { LONGEST = 32 };
    static _Thread_local char text[LONGEST];
    const zsc_setting *s = zsc_setting_find(name);
    if (!s || !s->choices) return "";
    const char *p = s->choices;
    for (int n = *(const int *)((const char *)options + s->offset); n > 0; n--) p += strcspn(p, "|") + 1;
    size_t length = strcspn(p, "|");
    if (length >= LONGEST) length = LONGEST - 1;
    memcpy(text, p, length);
    text[length] = '\0';
    return text;
}
