/* Parses the command line with getopt_long into the struct of a command, by its table of options. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/program_memory.h"
#include "base/setting_names.h"
#include "base/text.h"
#include "base/threads.h"
#include "cli/cli.h"
#include "cli/common.h"
#include "cli/endings.h"
#include "cli/files.h"
#include "cli/ignored.h"
#include "cli/option_values.h"
#include "cli/unknown_words.h"
#include "io/files/atomic.h"
#include "io/files/log_file.h"
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

/* What the caller ignores stays ignored: SIGHUP under nohup, SIGINT of what a script starts with "&". */
static void catch_signals(void)
{
    static const int asked[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU}; /* SIGHUP: the terminal has gone */
    struct sigaction action = {.sa_handler = on_signal}, before;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        if (sigaction(asked[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) sigaction(asked[i], &action, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit fails, and the message says so */
}

/* getopt_long's tables from ours: the command's options, then the common ones. An option may be spelled with its other
 * name (base/setting_names.h), and with "_" for "-". */
enum { SPELLINGS = 4 };
typedef struct parser {
    struct option *longs; /* a spelling each */
    zsc_list spelled;     /* with "_" */
    char *letters;
    const char **given_as; /* per option: the name that it was given by */
    cli_known_options known;
} parser;

static void parser_free(parser *p)
{
    free(p->longs);
    free(p->known.name);
    zsc_list_free(&p->spelled);
    free(p->letters);
    free(p->known.option);
    free(p->known.given);
    free(p->given_as);
}

static zsc_status add_spellings(parser *p, const char *name, int argument, int code)
{
    if (!name) return ZSC_OK;
    p->known.name[p->known.spellings] = name;
    p->longs[p->known.spellings++] = (struct option){name, argument, NULL, code};
    if (!strchr(name, '-')) return ZSC_OK;
    zsc_status status = zsc_list_add(&p->spelled, name);
    if (status != ZSC_OK) return status;
    char *spelling = p->spelled.item[p->spelled.count - 1];
    for (char *c = spelling; *c; c++)
        if (*c == '-') *c = '_';
    p->known.name[p->known.spellings] = name;
    p->longs[p->known.spellings++] = (struct option){spelling, argument, NULL, code};
    return ZSC_OK;
}

static zsc_status parser_make(parser *p, const cli_command *command)
{
    zsc_status status = ZSC_OK;
    *p = (parser){.known.count = command->option_count + cli_common_option_count};
    ZSC_NEW(p->longs, SPELLINGS * p->known.count + 2);
    ZSC_NEW(p->known.name, SPELLINGS * p->known.count + 2);
    ZSC_NEW(p->letters, 3 * p->known.count + 4);
    ZSC_NEW(p->known.option, p->known.count);
    ZSC_NEW(p->known.given, p->known.count);
    ZSC_NEW(p->given_as, p->known.count);
    memcpy(p->letters, ":h", sizeof ":h");
    char *letter = p->letters + 2;
    for (size_t i = 0; i < p->known.count; i++) {
        const cli_option *o = i < command->option_count ? &command->options[i]
                                                        : &cli_common_options[i - command->option_count];
        p->known.option[i] = o;
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
    p->known.name[p->known.spellings] = "help";
    p->longs[p->known.spellings] = (struct option){"help", no_argument, NULL, HELP};
done:
    return status;
}

/* Position of the option that getopt_long found; p->known.count where there is none. */
static size_t position(const parser *p, int code)
{
    if (code >= FIRST_LONG) return (size_t)(code - FIRST_LONG);
    size_t i = 0;
    while (i < p->known.count && p->known.option[i]->letter != code) i++;
    return i;
}

static const cli_option *by_code(const parser *p, int code)
{
    size_t i = position(p, code);
    return i < p->known.count ? p->known.option[i] : NULL;
}

/* What an option could take several values of: a file, or a list in one argument. Whoever gives it twice may mean both.
 * Of a number or a choice the last counts, so that a script's can be replaced. */
static bool could_be_several(const cli_option *o)
{
    static const char *const arguments[] = {"FILE", "DIR", "SPLIT", "RANK", "NAME", "LABELS", "LIST", "ENCODER"};
    for (size_t i = 0; o->arg && i < sizeof arguments / sizeof *arguments; i++)
        if (strncmp(o->arg, arguments[i], strlen(arguments[i])) == 0)
            return o->kind != CLI_REPEAT && !strchr(o->arg, '|');                           /* RANK|N is a choice */
    return o->kind == CLI_NAMES || (o->kind == CLI_SEEDS && o->arg && strchr(o->arg, ',')); /* SEED is one number */
}

/* How several values are given to an option that takes them in one argument. */
static const char *several_as(const cli_option *o)
{
    if (o->arg && strcmp(o->arg, "SPLITS") == 0) return ", or join them with +";
    return o->kind == CLI_NAMES || o->kind == CLI_SEEDS ? ", or join them with a comma" : "";
}

static bool names_a_file(const cli_option *o)
{
    static const char *const arguments[] = {"FILE", "DIR", "LABELS", "INIT"};
    for (size_t i = 0; o->arg && i < sizeof arguments / sizeof *arguments; i++)
        if (strstr(o->arg, arguments[i])) return true;
    return o->file == CLI_READS;
}

/* Names of inputs, and texts, come to stand in results, tables and figures, which are UTF-8. */
static zsc_status check_utf8(const cli_option *o, const char *word)
{
    bool written = o && (o->file == CLI_WRITES || o->file == CLI_ADDS_TO || o->file == CLI_WRITES_FOLDER);
    if (written || zsc_utf8_valid(word, strlen(word))) return ZSC_OK;
    if (o && !names_a_file(o))
        return cli_usage("option --%s: '%s' is not UTF-8, as the results are; iconv converts it", o->name, word);
    return cli_usage("'%s' is not UTF-8, as the results that name it are; rename the file (mv), or link to it (ln -s)",
                     word);
}

/* Sets the option, given by NAME. Two names of one setting must agree, and so must two lists or files. */
static zsc_status set_named(const parser *p, size_t i, const char *name, void *arguments, const char *value)
{
    enum { LONGEST = 4096 };
    char before[LONGEST], after[LONGEST];
    cli_option o = *p->known.option[i];
    o.shown_default = NULL;
    cli_default_text(&o, arguments, before, sizeof before);
    o.name = name;
    zsc_status status = value ? check_utf8(&o, value) : ZSC_OK;
    if (status == ZSC_OK) status = cli_option_set(&o, arguments, value);
    if (status != ZSC_OK) return status;
    cli_default_text(&o, arguments, after, sizeof after);
    if (p->given_as[i] && strcmp(p->given_as[i], name) != 0 && strcmp(before, after) != 0)
        return cli_usage("--%s is %s and --%s is %s, and they are one setting; keep one of the two", p->given_as[i],
                         before, name, after);
    if (p->given_as[i] && could_be_several(&o) && strcmp(before, after) != 0)
        return cli_usage("option --%s is given twice, as %s and as %s, and counts once; keep one of the two%s", name,
                         before, after, several_as(&o));
    p->known.given[i] = true;
    p->given_as[i] = name;
    return ZSC_OK;
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
            return o ? cli_usage("option --%s needs an argument (%s)", o->name, o->arg)
                     : cli_unknown_option(&p->known, word);
        }
        if (code == '?') {
            const cli_option *o = optopt >= FIRST_LONG ? by_code(p, optopt) : NULL;
            if (o) return cli_usage("option --%s takes no argument", o->name);
            char letter[3] = {'-', (char)optopt, 0};
            return cli_unknown_option(&p->known, optopt ? letter : argv[optind - 1]);
        }
        const cli_option *o = by_code(p, code);
        const char *name = at >= 0 ? p->known.name[at] : o ? o->name : "";
        if (o && cli_means_another(name, word))
            return cli_usage("there is no option %s here; did you mean --%s?", word, o->name);
        zsc_status status = o ? set_named(p, position(p, code), name, arguments, optarg)
                              : cli_unknown_option(&p->known, word);
        if (status != ZSC_OK) return status;
    }
    int operands = argc - optind;
    if (operands < command->min_operands) return cli_too_few_words(command, operands);
    for (int i = 0; i < operands; i++) {
        zsc_status status = check_utf8(NULL, argv[optind + i]);
        if (status != ZSC_OK) return status;
    }
    for (int i = 0; i < operands; i++)
        if (!*argv[optind + i]) return cli_usage("expected %s, and word %d is empty", command->operands, i + 1);
    if (command->max_operands >= 0 && operands > command->max_operands)
        return cli_too_many_words(command, &p->known, argv[optind + command->max_operands]);
    return ZSC_OK;
}

static void closing_line(const char *name, double wall, double cpu)
{
    char peak[ZSC_BYTES_TEXT];
    zsc_note_progress("zsc %s, %s: %.2f s wall, %.2f s CPU, %s peak memory", zsc_version(), name, zsc_clock() - wall,
                      zsc_cpu_clock() - cpu, zsc_bytes_text((double)zsc_memory_peak(), peak));
}

static void memory_line(size_t need)
{
    char beside[ZSC_BYTES_TEXT], all[ZSC_BYTES_TEXT], peak[ZSC_BYTES_TEXT];
    zsc_detail("memory: about %s needed beside the program, %s with it; peak %s", zsc_bytes_text((double)need, beside),
               zsc_bytes_text((double)zsc_memory_sum(need, zsc_program_memory()), all),
               zsc_bytes_text((double)zsc_memory_peak(), peak));
}

static FILE *log_file;
static char *log_path;

/* The words of a command as they were given: getopt_long puts them in another order. The caller's. */
static char *command_text(const char *name, int argc, char **argv)
{
    zsc_text text = {0};
    zsc_text_printf(&text, "zsc %s", name);
    for (int i = 1; i < argc; i++) {
        zsc_text_append(&text, " ");
        zsc_text_shell_word(&text, argv[i]);
    }
    return text.data;
}

static zsc_status open_log(const char *path, const char *line)
{
    if (!(log_path = zsc_strdup(path))) return ZSC_EINTERNAL;
    zsc_status status = zsc_log_file_open(path, &log_file);
    if (status != ZSC_OK) return status;
    zsc_log_also(log_file);
    zsc_detail("zsc %s: %s", zsc_version(), line ? line : "");
    return ZSC_OK;
}

zsc_status cli_close_log(zsc_status status)
{
    if (status != ZSC_OK && *zsc_error_message()) zsc_log_error(zsc_error_message());
    zsc_log_also(NULL);
    zsc_status closed = zsc_log_file_close(log_path, log_file);
    if (closed != ZSC_OK && status == ZSC_OK) zsc_log_error(zsc_error_message());
    free(log_path);
    log_file = NULL;
    log_path = NULL;
    return status == ZSC_OK ? closed : status;
}

zsc_status cli_run(const cli_command *command, int argc, char **argv)
{
    double wall = zsc_clock(), cpu = zsc_cpu_clock();
    zsc_status status = ZSC_OK;
    cli_common *arguments = NULL;
    parser p = {0};
    cli_redirection redirection;
    bool help = false;
    size_t need = 0;
    char name[64], *line = command_text(command->name, argc, argv);
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
    ZSC_TRY(cli_check_dashes(command, arguments));
    cli_options_warn(command, arguments);
    ZSC_TRY(cli_options_record(p.known.option, p.known.count, arguments));
    ZSC_TRY(cli_keep_pipes(command, arguments, argv + optind, argc - optind));
    ZSC_TRY(cli_check_files(command, arguments, argv + optind, argc - optind));
    ZSC_TRY(cli_check_endings(command, arguments, p.known.given));
    ZSC_TRY(cli_check_ignored(command, arguments, p.known.given, argv + optind, argc - optind));
    catch_signals();
    zsc_program_memory_begin();
    arguments->exec = (zsc_exec){.threads = (int)arguments->threads,
                                 .memory_limit = arguments->memory_limit,
                                 .progress = zsc_log_progress,
                                 .progress_data = (void *)&stop_asked,
                                 .memory_need = &need};
    if (arguments->log_file) ZSC_TRY(open_log(arguments->log_file, line));
    ZSC_TRY(cli_redirect(command, arguments, &redirection));
    status = cli_redirect_end(&redirection, command->run(arguments, argv + optind, argc - optind));
    zsc_warn_end();
    if (need) memory_line(need);
    if (command->closing_line && status == ZSC_OK) closing_line(command->name, wall, cpu);
done:
    zsc_warn_end();
    cli_close_kept_inputs();
    if (status != ZSC_OK && !*zsc_error_message())
        zsc_fail(status, "failed without a message; memory may have run out");
    if (status != ZSC_OK) zsc_context(status, "zsc %s", command->name);
    if (arguments) cli_options_clear(command, arguments);
    free(arguments);
    free(line);
    parser_free(&p);
    return status;
}
