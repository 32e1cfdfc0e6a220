/* Parses the command line with getopt_long into the struct of a command, by its table of options. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/setting_names.h"
#include "base/threads.h"
#include "base/value.h"
#include "cli/cli.h"
#include "cli/common.h"
#include "cli/files.h"
#include "cli/ignored.h"
#include "experiment/run_config.h"
#include "io/atomic.h"
#include "zsc/zsc.h"

enum { FIRST_LONG = 256, HELP = 'h' };

static volatile sig_atomic_t stop_asked;

/* The first signal asks the command to stop. A second one, of either kind, ends the program at once by that signal,
 * after temporary files are removed. */
static void on_signal(int number)
{
    if (stop_asked) {
        zsc_atomic_unlink_all();
        signal(number, SIG_DFL);
        raise(number); /* delivered when this function returns */
    }
    stop_asked = 1;
}

static void catch_signals(void)
{
    static const int asked[] = {SIGINT, SIGTERM};
    struct sigaction action = {.sa_handler = on_signal};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) sigaction(asked[i], &action, NULL);
}

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

static zsc_status set(const cli_option *o, void *arguments, const char *value)
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

static void warn_repeated_seeds(const cli_command *command, void *arguments)
{
    for (size_t i = 0; i < command->option_count; i++) {
        const cli_option *o = &command->options[i];
        const zsc_seeds *seeds = (const void *)((const char *)arguments + o->offset);
        if (o->kind == CLI_SEEDS && seeds->repeated)
            zsc_warn("option --%s holds %zu seed%s that came before; each runs once", o->name, seeds->repeated,
                     seeds->repeated == 1 ? "" : "s");
    }
}

static void clear(const cli_command *command, void *arguments)
{
    for (size_t i = 0; i < command->option_count; i++) {
        const cli_option *o = &command->options[i];
        void *field = (char *)arguments + o->offset;
        if (o->kind == CLI_REPEAT || o->kind == CLI_NAMES) zsc_list_free(field);
        if (o->kind == CLI_SEEDS) free(((zsc_seeds *)field)->item);
    }
    if (command->clear) command->clear(arguments);
}

/* getopt_long's tables from ours: the command's options, then the common ones. An option may be spelled with its other
 * name (base/setting_names.h), and with "_" for "-". */
enum { SPELLINGS = 4 };
typedef struct parser {
    struct option *longs;
    const char **name; /* of longs: with "-" */
    zsc_list spelled;  /* with "_" */
    char *letters;
    const cli_option **option;
    bool *given;           /* per option: whether it is on the command line */
    const char **given_as; /* per option: the name that it was given by */
    size_t count, spellings;
} parser;

static void parser_free(parser *p)
{
    free(p->longs);
    free(p->name);
    zsc_list_free(&p->spelled);
    free(p->letters);
    free(p->option);
    free(p->given);
    free(p->given_as);
}

static zsc_status add_spellings(parser *p, const char *name, int argument, int code)
{
    if (!name) return ZSC_OK;
    p->name[p->spellings] = name;
    p->longs[p->spellings++] = (struct option){name, argument, NULL, code};
    if (!strchr(name, '-')) return ZSC_OK;
    zsc_status status = zsc_list_add(&p->spelled, name);
    if (status != ZSC_OK) return status;
    char *spelling = p->spelled.item[p->spelled.count - 1];
    for (char *c = spelling; *c; c++)
        if (*c == '-') *c = '_';
    p->name[p->spellings] = name;
    p->longs[p->spellings++] = (struct option){spelling, argument, NULL, code};
    return ZSC_OK;
}

static zsc_status parser_make(parser *p, const cli_command *command)
{
    zsc_status status = ZSC_OK;
    *p = (parser){.count = command->option_count + cli_common_option_count};
    ZSC_NEW(p->longs, SPELLINGS * p->count + 2);
    ZSC_NEW(p->name, SPELLINGS * p->count + 2);
    ZSC_NEW(p->letters, 3 * p->count + 4);
    ZSC_NEW(p->option, p->count);
    ZSC_NEW(p->given, p->count);
    ZSC_NEW(p->given_as, p->count);
    memcpy(p->letters, ":h", sizeof ":h");
    char *letter = p->letters + 2;
    for (size_t i = 0; i < p->count; i++) {
        const cli_option *o = i < command->option_count ? &command->options[i]
                                                        : &cli_common_options[i - command->option_count];
        p->option[i] = o;
        bool may = o->kind == CLI_OPTIONAL || o->kind == CLI_OPTIONAL_CHOICE;
        int argument = o->kind == CLI_FLAG ? no_argument : may ? optional_argument : required_argument;
        ZSC_TRY(add_spellings(p, o->name, argument, FIRST_LONG + (int)i));
        ZSC_TRY(add_spellings(p, zsc_setting_other_name(o->name), argument, FIRST_LONG + (int)i));
        if (o->letter) {
            *letter++ = o->letter;
            if (argument != no_argument) *letter++ = ':';
            if (argument == optional_argument) *letter++ = ':';
        }
    }
    p->name[p->spellings] = "help";
    p->longs[p->spellings] = (struct option){"help", no_argument, NULL, HELP};
done:
    return status;
}

/* Position of the option that getopt_long found; p->count where there is none. */
static size_t position(const parser *p, int code)
{
    if (code >= FIRST_LONG) return (size_t)(code - FIRST_LONG);
    size_t i = 0;
    while (i < p->count && p->option[i]->letter != code) i++;
    return i;
}

static const cli_option *by_code(const parser *p, int code)
{
    size_t i = position(p, code);
    return i < p->count ? p->option[i] : NULL;
}

/* An option may be abbreviated, unless the abbreviation is the full name of another command's option: --metadata,
 * an input elsewhere, does not abbreviate an output. */
static bool means_another(const char *full_name, const char *word)
{
    if (strncmp(word, "--", 2) != 0) return false;
    size_t length = strcspn(word + 2, "=");
    if (strlen(full_name) == length) return false;
    for (const cli_command *const *c = cli_commands(); *c; c++)
        for (size_t i = 0; i < (*c)->option_count; i++) {
            const char *name = (*c)->options[i].name;
            if (strlen(name) == length && strncmp(name, word + 2, length) == 0) return true;
        }
    return false;
}

/* The name that LETTER stands for in other commands; NULL where it stands for none. */
static const char *name_elsewhere(int letter)
{
    for (const cli_command *const *c = cli_commands(); *c; c++)
        for (size_t i = 0; i < (*c)->option_count; i++)
            if ((*c)->options[i].letter == letter) return (*c)->options[i].name;
    return NULL;
}

/* The first command that has an option called NAME; NULL where none has. */
static const char *command_with(const char *name)
{
    for (const cli_command *const *c = cli_commands(); *c; c++)
        for (size_t i = 0; i < (*c)->option_count; i++)
            if (zsc_setting_same_name(name, (*c)->options[i].name)) return (*c)->name;
    return NULL;
}

static const char *begins_with(const parser *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++)
        if (strncmp(p->option[i]->name, name, strlen(name)) == 0) return p->option[i]->name;
    return NULL;
}

static zsc_status unknown_option(const parser *p, const char *word)
{
    if (strncmp(word, "--", 2) != 0) {
        const char *name = name_elsewhere(word[1]), *here = name ? begins_with(p, name) : NULL;
        return here ? cli_usage("there is no option %s here; did you mean --%s?", word, here)
                    : cli_usage("there is no option %s", word);
    }
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    const char *near = zsc_nearest(name, p->name, p->spellings), *other = command_with(name);
    if (near && other && !strstr(near, name)) near = NULL; /* it is spelled as it is meant, for another command */
    if (!near && other) return cli_usage("there is no option --%s here; zsc %s has it", name, other);
    return near ? cli_usage("there is no option --%s; did you mean --%s?", name, near)
                : cli_usage("there is no option --%s", name);
}

/* Sets the option, given by NAME. Two names of one setting must agree. */
static zsc_status set_named(const parser *p, size_t i, const char *name, void *arguments, const char *value)
{
    enum { LONGEST = 128 };
    char before[LONGEST], after[LONGEST];
    cli_option o = *p->option[i];
    o.shown_default = NULL;
    cli_default_text(&o, arguments, before, sizeof before);
    o.name = name;
    zsc_status status = set(&o, arguments, value);
    if (status != ZSC_OK) return status;
    cli_default_text(&o, arguments, after, sizeof after);
    if (p->given_as[i] && strcmp(p->given_as[i], name) != 0 && strcmp(before, after) != 0)
        return cli_usage("--%s is %s and --%s is %s, and they are one setting; keep one of the two", p->given_as[i],
                         before, name, after);
    p->given[i] = true;
    p->given_as[i] = name;
    return ZSC_OK;
}

static zsc_status too_few(const cli_command *command, int operands)
{
    const char *fewer = operands ? ", and there are fewer" : "";
    return command->kinds ? cli_usage("expected %s%s; KIND is one of %s", command->operands, fewer, command->kinds)
                          : cli_usage("expected %s%s", command->operands, fewer);
}

/* A word too many is likely to be meant for an option: one whose argument may be left out, or the first that reads. */
static zsc_status too_many(const cli_command *command, const parser *p, const char *word)
{
    for (size_t i = 0; i < p->count; i++) {
        const cli_option *o = p->option[i];
        bool may = o->kind == CLI_OPTIONAL || o->kind == CLI_OPTIONAL_CHOICE;
        if (may && p->given[i])
            return cli_usage("unexpected word '%s'; if it is for --%s, write --%s=%s", word, o->name, o->name, word);
    }
    for (size_t i = 0; command->max_operands == 0 && i < p->count; i++) {
        const cli_option *o = p->option[i];
        bool reads = o->file == CLI_READS || (o->file == CLI_BY_ARG && o->arg && strncmp(o->arg, "FILE", 4) == 0);
        if (o->letter && reads && !p->given[i])
            return cli_usage("unexpected word '%s'; if it is a file to read, write -%c %s", word, o->letter, word);
    }
    return cli_usage("unexpected word '%s'", word);
}

/* *help is set when --help was given. */
static zsc_status parse(const cli_command *command, const parser *p, int argc, char **argv, void *arguments, bool *help)
{
    opterr = 0;
    optind = 0;
    for (;;) {
        int before = optind ? optind : 1, at = -1, code = getopt_long(argc, argv, p->letters, p->longs, &at);
        if (code == -1) break;
        const char *word = before < argc ? argv[before] : "";
        if (code == HELP) {
            *help = true;
            return ZSC_OK;
        }
        if (code == ':') {
            const cli_option *o = by_code(p, optopt);
            return o ? cli_usage("option --%s needs an argument (%s)", o->name, o->arg) : unknown_option(p, word);
        }
        if (code == '?') {
            const cli_option *o = optopt >= FIRST_LONG ? by_code(p, optopt) : NULL;
            if (o) return cli_usage("option --%s takes no argument", o->name);
            char letter[3] = {'-', (char)optopt, 0};
            return unknown_option(p, optopt ? letter : argv[optind - 1]);
        }
        const cli_option *o = by_code(p, code);
        const char *name = at >= 0 ? p->name[at] : o ? o->name : "";
        if (o && means_another(name, word))
            return cli_usage("there is no option %s here; did you mean --%s?", word, o->name);
        zsc_status status = o ? set_named(p, position(p, code), name, arguments, optarg) : unknown_option(p, word);
        if (status != ZSC_OK) return status;
    }
    int operands = argc - optind;
    if (operands < command->min_operands) return too_few(command, operands);
    for (int i = 0; i < operands; i++)
        if (!*argv[optind + i]) return cli_usage("expected %s, and word %d is empty", command->operands, i + 1);
    if (command->max_operands >= 0 && operands > command->max_operands)
        return too_many(command, p, argv[optind + command->max_operands]);
    return ZSC_OK;
}

static void closing_line(const char *name, double wall, double cpu)
{
    char peak[ZSC_BYTES_TEXT];
    zsc_note("zsc %s, %s: %.2f s wall, %.2f s CPU, %s peak memory", zsc_version(), name, zsc_clock() - wall,
             zsc_cpu_clock() - cpu, zsc_bytes_text((double)zsc_memory_peak(), peak));
}

/* Records the value of every option, given or default, in the provenance of results. */
static zsc_status keep_options(const parser *p, const void *arguments)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < p->count && status == ZSC_OK; i++) {
        cli_option live = *p->option[i];
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

zsc_status cli_run(const cli_command *command, int argc, char **argv)
{
    double wall = zsc_clock(), cpu = zsc_cpu_clock();
    zsc_status status = ZSC_OK;
    cli_common *arguments = NULL;
    parser p = {0};
    bool help = false;
    char name[64];
    snprintf(name, sizeof name, "zsc %s", command->name);
    zsc_log_set(name, ZSC_LOG_NOTE);
    if (!(arguments = zsc_calloc(1, command->size, "options"))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    if (command->defaults) ZSC_TRY(command->defaults(arguments));
    ZSC_TRY(parser_make(&p, command));
    ZSC_TRY(parse(command, &p, argc, argv, arguments, &help));
    if (help) {
        status = cli_help(command);
        goto done;
    }
    zsc_log_set(name, arguments->quiet ? ZSC_LOG_QUIET : arguments->verbose ? ZSC_LOG_DETAIL : ZSC_LOG_NOTE);
    warn_repeated_seeds(command, arguments);
    ZSC_TRY(keep_options(&p, arguments));
    ZSC_TRY(cli_check_ignored(command, arguments, p.given, argv + optind, argc - optind));
    ZSC_TRY(cli_check_files(command, arguments, argv + optind, argc - optind));
    catch_signals();
    arguments->exec = (zsc_exec){.threads = (int)arguments->threads,
                                 .memory_limit = arguments->memory_limit,
                                 .progress = zsc_log_progress,
                                 .progress_data = (void *)&stop_asked};
    status = command->run(arguments, argv + optind, argc - optind);
    if (command->closing_line && status == ZSC_OK) closing_line(command->name, wall, cpu);
done:
    if (status != ZSC_OK && !*zsc_error_message())
        zsc_fail(status, "failed without a message; memory may have run out");
    if (status != ZSC_OK) zsc_context(status, "zsc %s", command->name);
    if (arguments) clear(command, arguments);
    free(arguments);
    parser_free(&p);
    return status;
}

zsc_status cli_usage(const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return zsc_fail(ZSC_EUSAGE, "%s", text);
}
