#include "cli/option_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/value.h"
#include "cli/common.h"
#include "experiment/settings/run_config.h"

static zsc_status bad_value(const cli_option *o, const char *value, const char *expected)
{
    return cli_usage("option --%s expects %s, not '%s'", o->name, expected, value);
}

static zsc_status set_seeds(const zsc_value_owner *owner, zsc_seeds *field, const char *value)
{
    free(field->item);
    *field = (zsc_seeds){0};
    return zsc_value_seeds(owner, value, field);
}

/* Whether the argument is the name of a file, a folder, or an object in a file: these are never empty. */
static bool names_something(const cli_option *o)
{
    static const char *const arguments[] = {"FILE", "DIR", "PATH"};
    for (size_t i = 0; o->arg && i < sizeof arguments / sizeof *arguments; i++)
        if (strncmp(o->arg, arguments[i], strlen(arguments[i])) == 0) return true;
    return false;
}

zsc_status cli_option_set(const cli_option *o, void *arguments, const char *value)
{
    const zsc_value_owner owner = {"option --", o->name, ZSC_EUSAGE};
    void *field = (char *)arguments + o->offset;
    if (value && !*value && names_something(o))
        return cli_usage("option --%s expects a name (%s), and its argument is empty", o->name, o->arg);
    switch (o->kind) {
    case CLI_FLAG: *(bool *)field = true; return ZSC_OK;
    case CLI_TEXT: *(const char **)field = value; return ZSC_OK;
    case CLI_OPTIONAL: *(const char **)field = value ? value : ""; return ZSC_OK;
    case CLI_COUNT: return zsc_value_count(&owner, value, o->minimum, o->maximum, field);
    case CLI_REAL: return zsc_value_real(&owner, value, o->minimum, o->maximum, field);
    case CLI_CHOICE: return zsc_value_choice(&owner, value, o->choices, field);
    case CLI_OPTIONAL_CHOICE:
        if (value) return zsc_value_optional_choice(&owner, value, o->choices, field);
        *(int *)field = 1;
        return ZSC_OK;
    case CLI_REPEAT: return zsc_list_add(field, value);
    case CLI_NAMES: zsc_list_free(field); return zsc_list_split(field, value, ",");
    case CLI_SEEDS: return set_seeds(&owner, field, value);
    case CLI_BYTES:
        return zsc_bytes_parse(value, field) && (double)*(size_t *)field >= o->minimum
                   ? ZSC_OK
                   : bad_value(o, value, "a size such as 4G or 300M");
    }
    return zsc_fail(ZSC_EINTERNAL, "option --%s has no kind", o->name);
}

void cli_options_warn(const cli_command *command, const void *arguments)
{
    for (size_t i = 0; i < command->option_count; i++) {
        const cli_option *o = &command->options[i];
        const zsc_seeds *seeds = (const void *)((const char *)arguments + o->offset);
        if (o->kind == CLI_SEEDS && seeds->repeated)
            zsc_warn("option --%s holds %zu seed%s that came before; each runs once", o->name, seeds->repeated,
                     seeds->repeated == 1 ? "" : "s");
    }
}

void cli_options_clear(const cli_command *command, void *arguments)
{
    for (size_t i = 0; i < command->option_count; i++) {
        const cli_option *o = &command->options[i];
        void *field = (char *)arguments + o->offset;
        if (o->kind == CLI_REPEAT || o->kind == CLI_NAMES) zsc_list_free(field);
        if (o->kind == CLI_SEEDS) free(((zsc_seeds *)field)->item);
    }
    if (command->clear) command->clear(arguments);
}

zsc_status cli_options_record(const cli_option *const *option, size_t count, const void *arguments)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < count && status == ZSC_OK; i++) {
        cli_option live = *option[i];
        char text[64];
        const void *field = (const char *)arguments + live.offset;
        if (live.kind == CLI_REPEAT || live.kind == CLI_NAMES) {
            const zsc_list *list = field;
            for (size_t k = 0; k < list->count && status == ZSC_OK; k++)
                status = zsc_provenance_option(live.name, list->item[k]);
        } else if (live.kind == CLI_TEXT || live.kind == CLI_OPTIONAL) {
            const char *value = *(const char *const *)field;
            if (value) status = zsc_provenance_option(live.name, value);
        } else if (live.kind == CLI_FLAG) {
            status = zsc_provenance_option(live.name, *(const bool *)field ? "true" : "false");
        } else if (live.kind == CLI_SEEDS) {
            const zsc_seeds *seeds = field;
            for (size_t k = 0; k < seeds->count && status == ZSC_OK; k++) {
                snprintf(text, sizeof text, "%llu", (unsigned long long)seeds->item[k]);
                status = zsc_provenance_option(live.name, text);
            }
        } else {
            live.shown_default = NULL;
            status = zsc_provenance_option(live.name, cli_default_text(&live, arguments, text, sizeof text));
        }
    }
    return status;
}
