/* Help, man pages and completions, all from the tables of commands and options. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/setting_names.h"
#include "cli/cli.h"
#include "cli/common.h"
#include "zsc/zsc.h"

enum { WIDTH = 88, INDENT = 6 };

static const cli_option *option_at(const cli_command *command, size_t i)
{
    return i < command->option_count ? &command->options[i] : &cli_common_options[i - command->option_count];
}

static size_t options_of(const cli_command *command) { return command->option_count + cli_common_option_count; }

static void drop_defaults(const cli_command *command, void *arguments)
{
    for (size_t i = 0; arguments && i < command->option_count; i++) {
        void *field = (char *)arguments + command->options[i].offset;
        if (command->options[i].kind == CLI_NAMES || command->options[i].kind == CLI_REPEAT) zsc_list_free(field);
        if (command->options[i].kind == CLI_SEEDS) free(((zsc_seeds *)field)->item);
    }
    free(arguments);
}

/* A struct with the command's defaults, to read live defaults from; NULL with the message set; freed with
 * drop_defaults. */
static void *make_defaults(const cli_command *command)
{
    void *arguments = zsc_calloc(1, command->size, "defaults");
    if (arguments && command->defaults && command->defaults(arguments) != ZSC_OK) {
        drop_defaults(command, arguments);
        arguments = NULL;
    }
    return arguments;
}

/* Words of TEXT (up to an empty line or the end) filled to WIDTH with the given indent. */
static const char *fill(const char *text, int indent)
{
    int column = 0;
    while (*text && strncmp(text, "\n\n", 2) != 0) {
        text += *text == '\n' || *text == ' ';
        int length = (int)strcspn(text, " \n");
        if (column && column + 1 + length > WIDTH) {
            putchar('\n');
            column = 0;
        }
        column += column ? printf(" %.*s", length, text) : printf("%*s%.*s", indent, "", length, text);
        text += length;
    }
    putchar('\n');
    return *text ? text + 2 : text;
}

static void fill_paragraphs(const char *text, int indent)
{
    for (bool first = true; *text; first = false) {
        if (!first) putchar('\n');
        text = fill(text, indent);
    }
}

static void argument_text(const cli_option *o, char *buffer, size_t size)
{
    if (o->kind == CLI_FLAG)
        buffer[0] = '\0';
    else if (o->kind == CLI_CHOICE)
        snprintf(buffer, size, "=%s", o->choices);
    else if (o->kind == CLI_OPTIONAL_CHOICE)
        snprintf(buffer, size, "[=%s]", o->choices);
    else if (o->kind == CLI_OPTIONAL)
        snprintf(buffer, size, "[=%s]", o->arg);
    else
        snprintf(buffer, size, "=%s", o->arg);
}

/* Into BUFFER: the other name that the option is accepted by; "" if there is none. */
static const char *alias_text(const cli_option *o, char *buffer, size_t size)
{
    const char *other = zsc_setting_other_name(o->name);
    snprintf(buffer, size, other ? " (also --%s)" : "%s", other ? other : "");
    return buffer;
}

zsc_status cli_help(const cli_command *command)
{
    zsc_status status = ZSC_OK;
    void *arguments = make_defaults(command);
    if (!arguments) return ZSC_EINTERNAL;
    printf("Usage: zsc %s [OPTION]...%s%s\n\n", command->name, *command->operands ? " " : "", command->operands);
    printf("%c%s.\n\n", toupper((unsigned char)command->summary[0]), command->summary + 1);
    fill_paragraphs(command->description, 0);
    puts("\nOptions:");
    for (size_t i = 0; i < options_of(command); i++) {
        const cli_option *o = option_at(command, i);
        char argument[256], value[256], alias[64];
        argument_text(o, argument, sizeof argument);
        alias_text(o, alias, sizeof alias);
        if (o->letter)
            printf("  -%c, --%s%s%s\n", o->letter, o->name, argument, alias);
        else
            printf("      --%s%s%s\n", o->name, argument, alias);
        cli_default_text(o, arguments, value, sizeof value);
        char *line = zsc_asprintf(*value ? "%s [%s]" : "%s", o->help, value);
        if (!line) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        fill(line, INDENT + 4);
        free(line);
    }
    puts("  -h, --help\n          print this help and exit");
    if (command->examples) printf("\nExamples:\n%s\n", command->examples);
done:
    drop_defaults(command, arguments);
    return status;
}

void cli_help_all(void)
{
    puts("Usage: zsc COMMAND [OPTION]...\n\nZero-shot clustering analysis of precomputed embeddings.");
    const char *group = "";
    for (const cli_command *const *c = cli_commands(); *c; c++) {
        if (strcmp(group, (*c)->group) != 0) printf("\n%s:\n", group = (*c)->group);
        printf("  %-12s  %s\n", (*c)->name, (*c)->summary);
    }
    puts("\n'zsc COMMAND --help' describes one command. Exit status: 0 done, 1 internal error or out of memory,\n"
         "2 usage, 3 input or file, 4 numerical, 5 some runs of a sweep failed, or zsc check --strict found errors,\n"
         "130 interrupted.");
}

/* --- Man pages */
static void troff(const char *text)
{
    bool start = true;
    for (const char *p = text; *p; p++) {
        if (start && (*p == '.' || *p == '\'')) fputs("\\&", stdout);
        start = *p == '\n';
        if (*p == '\n' && p[1] == '\n') {
            fputs("\n.PP\n", stdout);
            p++;
        } else if (*p == '\\') {
            fputs("\\e", stdout);
        } else if (*p == '-') {
            fputs("\\-", stdout);
        } else if (*p == '`') {
            fputs("\\(ga", stdout);
        } else {
            putchar(*p);
        }
    }
}

static void man_name(const cli_command *command)
{
    fputs("zsc", stdout);
    if (!command) return;
    putchar('-');
    for (const char *p = command->name; *p; p++) putchar(*p == ' ' ? '-' : *p);
}

static const char exit_statuses[] =
    ".SH EXIT STATUS\n0 done; 1 internal error or out of memory; 2 usage; 3 input or file; 4 numerical;\n"
    "5 some runs of a sweep failed, or zsc check --strict found errors; 130 interrupted (SIGINT, SIGTERM, SIGHUP or\n"
    "SIGXCPU that the caller does not ignore).\n";

static void man_command(const cli_command *command, const void *arguments)
{
    printf(".SH SYNOPSIS\n.B zsc %s\n[\\fIOPTION\\fR]... ", command->name);
    troff(command->operands);
    fputs("\n.SH DESCRIPTION\n", stdout);
    troff(command->description);
    fputs("\n.SH OPTIONS\n", stdout);
    for (size_t i = 0; i < options_of(command); i++) {
        const cli_option *o = option_at(command, i);
        char argument[256], value[256], alias[64];
        argument_text(o, argument, sizeof argument);
        fputs(".TP\n", stdout);
        if (o->letter) printf("\\fB\\-%c\\fR, ", o->letter);
        fputs("\\fB\\-\\-", stdout);
        troff(o->name);
        fputs("\\fR", stdout);
        troff(argument);
        troff(alias_text(o, alias, sizeof alias));
        putchar('\n');
        troff(o->help);
        if (*cli_default_text(o, arguments, value, sizeof value)) {
            fputs(" [", stdout);
            troff(value);
            putchar(']');
        }
        fputs(".\n", stdout);
    }
    fputs(".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nprint help and exit.\n", stdout);
    if (command->examples) {
        fputs(".SH EXAMPLES\n.nf\n", stdout);
        troff(command->examples);
        fputs("\n.fi\n", stdout);
    }
}

static void man_overview(void)
{
    fputs(".SH SYNOPSIS\n.B zsc\n\\fICOMMAND\\fR [\\fIOPTION\\fR]...\n.SH DESCRIPTION\n"
          "zsc reduces precomputed embeddings with UMAP, clusters them with Ward's method and scores the clusters\n"
          "with adjusted mutual information at every taxonomic rank.\n.SH COMMANDS\n",
          stdout);
    for (const cli_command *const *c = cli_commands(); *c; c++) {
        fputs(".TP\n\\fB", stdout);
        troff((*c)->name);
        fputs("\\fR\n", stdout);
        troff((*c)->summary);
        fputs(".\n", stdout);
    }
}

zsc_status cli_man(const cli_command *command)
{
    void *arguments = command ? make_defaults(command) : NULL;
    if (command && !arguments) return ZSC_EINTERNAL;
    fputs(".TH \"", stdout);
    man_name(command);
    printf("\" 1 \"\" \"zsc %s\" \"User commands\"\n.SH NAME\n", zsc_version());
    man_name(command);
    fputs(" \\- ", stdout);
    troff(command ? command->summary : "zero-shot clustering analysis of precomputed embeddings");
    putchar('\n');
    if (command)
        man_command(command, arguments);
    else
        man_overview();
    fputs(exit_statuses, stdout);
    fputs(".SH SEE ALSO\n", stdout);
    if (command)
        fputs(".BR zsc (1)\n", stdout);
    else
        fputs("The man page of each command: zsc\\-run(1), ...\n", stdout);
    if (command) drop_defaults(command, arguments);
    return ZSC_OK;
}

/* --- Completion. Both shells get the same words: per command its options, per option its choices. */
static void print_words(const char *choices)
{
    for (const char *p = choices; *p; p++) putchar(*p == '|' ? ' ' : *p);
}

static void bash_options(const cli_command *command)
{
    printf("    '%s') options='--help", command->name);
    for (size_t i = 0; i < options_of(command); i++) printf(" --%s", option_at(command, i)->name);
    puts("' ;;");
}

static void bash_choices(const cli_command *command)
{
    for (size_t i = 0; i < options_of(command); i++) {
        const cli_option *o = option_at(command, i);
        if (!o->choices) continue;
        printf("    '%s --%s') words='", command->name, o->name);
        print_words(o->choices);
        puts("' ;;");
    }
}

static void bash_body(void)
{
    puts("_zsc() {\n"
         "  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" command=\"${COMP_WORDS[1]}\" "
         "options='' words=''\n"
         "  if [ \"$cur\" = '=' ]; then cur=''; elif [ \"$prev\" = '=' ]; then prev=\"${COMP_WORDS[COMP_CWORD-2]}\"; "
         "fi\n"
         "  case \"$command ${COMP_WORDS[2]}\" in 'embed kmer') command='embed kmer' ;; esac");
    fputs("  if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=( $(compgen -W '", stdout);
    for (const cli_command *const *c = cli_commands(); *c; c++)
        printf("%s%.*s", c == cli_commands() ? "" : " ", (int)strcspn((*c)->name, " "), (*c)->name);
    puts("' -- \"$cur\") ); return; fi\n  case \"$command $prev\" in");
    for (const cli_command *const *c = cli_commands(); *c; c++) bash_choices(*c);
    puts("  esac\n  if [ -n \"$words\" ]; then COMPREPLY=( $(compgen -W \"$words\" -- \"$cur\") ); return; fi\n"
         "  case \"$command\" in");
    for (const cli_command *const *c = cli_commands(); *c; c++) bash_options(*c);
    puts("  esac\n"
         "  case \"$cur\" in -*) COMPREPLY=( $(compgen -W \"$options\" -- \"$cur\") ) ;; *) COMPREPLY=( $(compgen -f "
         "-- \"$cur\") ) ;; esac\n"
         "}\ncomplete -o filenames -F _zsc zsc");
}

void cli_completion(const char *shell)
{
    if (strcmp(shell, "zsh") == 0) puts("#compdef zsc\nautoload -U +X bashcompinit && bashcompinit");
    puts("# completion of zsc, made from its option tables by: zsc help --completion");
    bash_body();
}
