/* The form of an output follows the ending of its name, or is refused: one table for all commands. A pipe or a device
 * has no ending. */
#include "cli/endings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/common.h"
#include "io/files/atomic.h"

typedef struct rule {
    const char *commands, *option; /* "umap|ward" */
    const char *endings;           /* "h5|hdf5|npy" */
    const char *formats;           /* the --format that each ending means; NULL: the command has none for its output */
    bool bare;                     /* a name without an ending is taken, in the first form or that of --format */
    bool printed;                  /* what is written is what the command prints */
    const char *advice;            /* beside the endings; NULL: none */
} rule;

#define HDF5 "h5|hdf5"
static const rule rules[] = {
    {"umap|ward|cluster|assign", "output", HDF5 "|npy|csv|tsv", NULL, true, false, NULL},
    {"knn|import|simulate", "output", HDF5, NULL, true, false, NULL},
    {"embed kmer", "output", HDF5, NULL, true, false, "zsc select writes embeddings as .csv and .npy"},
    {"simulate", "metadata-output", "csv", NULL, true, false, NULL},
    {"select", "output", "h5|npy|csv", NULL, false, false, NULL},
    {"export", "output", "csv|npy|h5ad", NULL, false, false, NULL},
    {"curve", "output", "csv|h5", NULL, false, false, NULL},
    {"report|atlas", "output", "html|htm", NULL, true, false, "a browser prints the page to PDF"},
    {"collect", "output", "csv|tsv|json", "csv|tsv|json", true, false, NULL},
    {"table", "output", "tex|md|csv|html|tsv|json|markdown|htm", "latex|markdown|csv|html|tsv|json|markdown|html", true,
     false, "zsc plot draws .pdf and .svg"},
    {"stats", "output", "txt|tex|md|csv|html|tsv|json", "table|latex|markdown|csv|html|tsv|json", true, true, NULL},
    {"check", "fix", "csv", NULL, false, false, NULL},
    {"split", "output", "csv", NULL, false, false, NULL},
    {"split", "explain", "csv", NULL, false, false, NULL},
    {"score|compare|retrieve|probe|check", "output", "txt|csv|json", "table|csv|json", true, true, NULL},
};
enum { RULES = sizeof rules / sizeof *rules };

/* The words of A|B|C, one after the other: start from LIST, then from what was returned. */
static const char *next_word(const char *list, char *word, size_t size)
{
    size_t length = strcspn(list, "|");
    snprintf(word, size, "%.*s", (int)length, list);
    return list[length] ? list + length + 1 : NULL;
}

enum { LONGEST_WORD = 32 };

/* The place of WORD in A|B|C, -1: it is not there. */
static int place_of(const char *list, const char *wanted)
{
    char word[LONGEST_WORD];
    int place = 0;
    for (const char *rest = list; rest; place++) {
        rest = next_word(rest, word, sizeof word);
        if (strcasecmp(word, wanted) == 0) return place;
    }
    return -1;
}

static void word_at(const char *list, int place, char *word)
{
    *word = '\0';
    for (const char *rest = list; rest && place >= 0; place--) rest = next_word(rest, word, LONGEST_WORD);
}

static const char *ending_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    return dot && dot > (slash ? slash + 1 : path) ? dot + 1 : "";
}

bool cli_ends(const char *path, const char *ending) { return strcasecmp(ending_of(path), ending) == 0; }

static const cli_option *find(const cli_command *command, const char *name, size_t *at)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (strcmp(command->options[i].name, name) == 0) {
            *at = i;
            return &command->options[i];
        }
    return NULL;
}

static zsc_status refuse(const rule *r, const char *path)
{
    zsc_text list = {0};
    char word[LONGEST_WORD];
    for (const char *rest = r->endings; rest;) {
        rest = next_word(rest, word, sizeof word);
        zsc_text_printf(&list, "%s.%s", !list.length ? "" : rest ? ", " : " or ", word);
    }
    zsc_status status = zsc_fail(ZSC_EUSAGE, "the output '%s' must end in %s%s%s", path, list.data ? list.data : "",
                                 r->advice ? "; " : "", r->advice ? r->advice : "");
    free(list.data);
    return status;
}

/* Sets --format by the ending, or compares the two. */
static zsc_status set_format(const rule *r, const cli_command *command, void *arguments, const bool *given, int place,
                             const char *path)
{
    size_t at = 0;
    char meant[LONGEST_WORD], said[LONGEST_WORD];
    const cli_option *format = find(command, "format", &at);
    if (!format) return zsc_fail(ZSC_EINTERNAL, "zsc %s has no --format", command->name);
    int *field = (void *)((char *)arguments + format->offset);
    word_at(r->formats, place, meant);
    zsc_value_choice_text(format->choices, *field, said, sizeof said);
    if (given[at] && strcmp(meant, said) != 0)
        return zsc_fail(ZSC_EUSAGE,
                        "--format %s and the output '%s' do not agree: leave one of them out, or name it .%s", said,
                        path, strcmp(said, "latex") == 0 ? "tex" : said);
    *field = place_of(format->choices, meant);
    return ZSC_OK;
}

static zsc_status check(const rule *r, const cli_command *command, void *arguments, const bool *given)
{
    size_t at = 0;
    const cli_option *o = find(command, r->option, &at);
    const char *path = o ? *(const char *const *)((const char *)arguments + o->offset) : NULL;
    if (!path || !*path || !zsc_output_is_file(path)) return ZSC_OK;
    const char *ending = ending_of(path);
    int place = place_of(r->endings, ending);
    if (!*ending && r->bare) return ZSC_OK;
    if (place < 0) return refuse(r, path);
    return r->formats ? set_format(r, command, arguments, given, place, path) : ZSC_OK;
}

zsc_status cli_table_ending(const char *path, int *format)
{
    size_t i = 0;
    char meant[LONGEST_WORD];
    while (strcmp(rules[i].commands, "table") != 0) i++;
    int place = place_of(rules[i].endings, ending_of(path));
    if (place < 0) return refuse(&rules[i], path);
    word_at(rules[i].formats, place, meant);
    *format = place_of(CLI_TABLE_FORMATS, meant);
    return ZSC_OK;
}

zsc_status cli_check_endings(const cli_command *command, void *arguments, const bool *given)
{
    for (size_t i = 0; i < RULES; i++) {
        if (place_of(rules[i].commands, command->name) < 0) continue;
        zsc_status status = check(&rules[i], command, arguments, given);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

/* --- "-" */
/* Whether it goes to standard output where the option is not given. */
static bool is_printed(const cli_command *command, const char *option)
{
    if (strcmp(option, "output") == 0 && place_of("collect|table", command->name) >= 0) return true;
    for (size_t i = 0; i < RULES; i++)
        if (rules[i].printed && strcmp(rules[i].option, option) == 0 && place_of(rules[i].commands, command->name) >= 0)
            return true;
    return false;
}

/* Whether it may be a pipe or a device: figures need an ending, and --fix writes a second file beside its own. */
static bool is_streamed(const cli_command *command, const cli_option *o)
{
    return o->file == CLI_WRITES && strcmp(command->name, "plot") != 0 && strcmp(o->name, "figure") != 0 &&
           strcmp(o->name, "fix") != 0;
}

static zsc_status check_dash(const cli_command *command, const cli_option *o, void *arguments)
{
    bool written = o->file == CLI_WRITES || o->file == CLI_ADDS_TO || o->file == CLI_WRITES_FOLDER;
    if (o->kind != CLI_TEXT || !(written || strcmp(o->name, "log-file") == 0)) return ZSC_OK;
    const char **path = (void *)((char *)arguments + o->offset);
    if (!*path || strcmp(*path, "-") != 0) return ZSC_OK;
    if (!is_printed(command, o->name))
        return zsc_fail(ZSC_EUSAGE,
                        "option --%s: '-' does not stand for standard output here; give %s./- for a %s of that name",
                        o->name, is_streamed(command, o) ? "/dev/stdout, or " : "",
                        o->file == CLI_WRITES_FOLDER ? "folder" : "file");
    *path = NULL;
    return ZSC_OK;
}

zsc_status cli_check_dashes(const cli_command *command, void *arguments)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < command->option_count && status == ZSC_OK; i++)
        status = check_dash(command, &command->options[i], arguments);
    for (size_t i = 0; i < cli_common_option_count && status == ZSC_OK; i++)
        status = check_dash(command, &cli_common_options[i], arguments);
    return status;
}

/* --- What is printed */
zsc_status cli_redirect(const cli_command *command, const void *arguments, cli_redirection *r)
{
    const char *path = NULL;
    size_t at = 0;
    *r = (cli_redirection){.standard_output = -1};
    for (size_t i = 0; i < RULES; i++) {
        const cli_option *o = find(command, rules[i].option, &at);
        if (o && rules[i].printed && place_of(rules[i].commands, command->name) >= 0)
            path = *(const char *const *)((const char *)arguments + o->offset);
    }
    if (!path) return ZSC_OK;
    r->path = path;
    zsc_status status = zsc_atomic_open(path, &r->file);
    if (status != ZSC_OK) return status;
    fflush(stdout);
    r->standard_output = dup(STDOUT_FILENO);
    if (r->standard_output >= 0 && dup2(fileno(zsc_atomic_stream(r->file)), STDOUT_FILENO) >= 0) return ZSC_OK;
    return cli_redirect_end(r, zsc_fail(ZSC_EINTERNAL, "cannot write to '%s' what is printed", path));
}

zsc_status cli_redirect_end(cli_redirection *r, zsc_status status)
{
    if (!r->file) return status;
    if (fflush(stdout) != 0 && status == ZSC_OK)
        status = zsc_fail(ZSC_EINPUT, "cannot write '%s': %s", r->path, strerror(errno));
    if (r->standard_output >= 0) {
        dup2(r->standard_output, STDOUT_FILENO);
        close(r->standard_output);
    }
    zsc_atomic *file = r->file;
    r->file = NULL;
    if (status == ZSC_OK) return zsc_atomic_commit(file);
    zsc_atomic_abandon(file);
    return status;
}
