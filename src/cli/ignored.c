/* Options that other options make useless, in one table.
 *
 * A rule names an option and up to three conditions on others, all of which must hold for it to have no effect. Values
 * are compared as help shows them, so defaults count; KIND is the first operand. What the library itself
 * refuses is not here: --column without metadata, --h5-id and its like without --h5-embedding. */
#include "cli/ignored.h"

#include <stdio.h>
#include <string.h>

#include "cli/common.h"

typedef enum relation { IS = 1, IS_NOT, GIVEN, ABSENT } relation;

enum { MOST_CONDITIONS = 3 };
typedef struct condition {
    const char *option;
    relation relation;
    const char *values; /* "a|b", of IS and IS_NOT */
} condition;

typedef struct rule {
    const char *commands; /* "run|select" */
    const char *options;  /* "dim|neighbors" */
    condition when[MOST_CONDITIONS];
    const char *because;
} rule;

static const rule rules[] = {
    /* rows */
    {"run|select", "barcode-max-length", {{"one-per-barcode", IS, "all"}}, "--one-per-barcode is not given"},
    {"select", "barcode-seed", {{"one-per-barcode", IS_NOT, "random"}}, "no row is drawn for a barcode"},
    {"run",
     "barcode-seed",
     {{"one-per-barcode", IS_NOT, "random"}, {"reduce", IS_NOT, "umap"}},
     "no row is drawn for a barcode"},
    {"run",
     "barcode-seed",
     {{"one-per-barcode", IS_NOT, "random"}, {"knn", IS, "exact"}},
     "no row is drawn for a barcode, and neighbours are searched exactly"},
    {"run",
     "scale-scope",
     {{"scale", IS_NOT, "zscore|zscore-average"}, {"scale-scope", IS_NOT, "rows"}},
     "--scale takes no means and deviations"},
    {"select", "ranks", {{"output", ABSENT, NULL}}, "without --output rows are counted only"},
    /* reduction and clusters */
    {"run", "dim", {{"reduce", IS, "none"}}, "--reduce none keeps all dimensions"},
    {"run", "neighbors|min-dist|metric|epochs|knn", {{"reduce", IS_NOT, "umap"}}, "it is an option of --reduce umap"},
    {"run",
     "seed",
     {{"reduce", IS_NOT, "umap"}},
     "nothing is drawn at random without --reduce umap (--barcode-seed draws rows)"},
    {"run", "keep-reduced", {{"reduce", IS, "none"}}, "--reduce none reduces nothing"},
    {"run", "clusters", {{"cut-height", GIVEN, NULL}}, "--cut-height cuts the dendrogram instead"},
    {"run", "force", {{"output", ABSENT, NULL}}, "results are kept with --output only"},
    {"sweep",
     "output|dry-run|shard|cache|cache-memory|force",
     {{"example", GIVEN, NULL}},
     "--example prints a file and exits"},
    {"import", "replace", {{"overwrite", GIVEN, NULL}}, "--overwrite replaces the whole file"},
    /* steps on their own */
    {"knn", "seed", {{"knn", IS, "exact"}, {"check-recall", ABSENT, NULL}}, "the exact search draws nothing at random"},
    {"umap", "knn", {{"knn-file", GIVEN, NULL}}, "--knn-file brings the neighbours"},
    {"umap",
     "min-dist|spread",
     {{"a", GIVEN, NULL}, {"b", GIVEN, NULL}},
     "--a and --b are the curve that it would be fitted to"},
    /* figures and tables */
    {"plot",
     "output|columns|width|dpi|font|font-size",
     {{"dumb", GIVEN, NULL}},
     "--dumb draws letters in the terminal"},
    {"plot", "text-columns|text-rows", {{"dumb", ABSENT, NULL}}, "it goes with --dumb"},
    {"plot", "columns", {{"width", GIVEN, NULL}}, "--width is another width"},
    {"plot", "taxa", {{"KIND", IS_NOT, "scatter"}}, "it is an option of the scatter"},
    {"plot", "leaves", {{"KIND", IS_NOT, "dendrogram"}}, "it is an option of the dendrogram"},
    {"plot", "decimals", {{"KIND", IS_NOT, "heatmap"}}, "it is an option of the heatmap"},
    {"plot", "baseline|unit|level", {{"KIND", IS_NOT, "compare"}}, "it is an option of the comparison"},
    {"table", "marks", {{"KIND", IS_NOT, "ranks"}}, "it is an option of the table of ranks"},
    {"table", "rank", {{"KIND", IS_NOT, "crossmodal"}}, "it is an option of the cross-modal table"},
    {"report", "most-taxa", {{"taxa", IS, ""}}, "no taxa are listed"},
};
enum { RULES = sizeof rules / sizeof *rules };

/* Whether the words A|B|C hold WORD. */
static bool holds(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *p = words;; p += strcspn(p, "|") + 1) {
        size_t n = strcspn(p, "|");
        if (n == length && strncmp(p, word, n) == 0) return true;
        if (!p[n]) return false;
    }
}

static const cli_option *find(const cli_command *command, const char *name)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (strcmp(command->options[i].name, name) == 0) return &command->options[i];
    return NULL;
}

/* Given under its own name or under another of the same field. */
static bool is_given(const cli_command *command, const bool *given, const cli_option *option)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (given[i] && command->options[i].offset == option->offset) return true;
    return false;
}

static bool is_met(const condition *c, const cli_command *command, const void *arguments, const bool *given,
                   const char *kind)
{
    char text[256];
    const cli_option *option = find(command, c->option);
    if (strcmp(c->option, "KIND") == 0) {
        snprintf(text, sizeof text, "%s", kind);
    } else if (!option) {
        return false;
    } else if (c->relation == GIVEN || c->relation == ABSENT) {
        return is_given(command, given, option) == (c->relation == GIVEN);
    } else {
        cli_option live = *option;
        live.shown_default = NULL;
        cli_default_text(&live, arguments, text, sizeof text);
    }
    return holds(c->values, text) == (c->relation == IS);
}

zsc_status cli_check_ignored(const cli_command *command, const void *arguments, const bool *given, char **operands,
                             int count)
{
    const char *kind = count > 0 ? operands[0] : "";
    for (size_t r = 0; r < RULES; r++) {
        if (!holds(rules[r].commands, command->name)) continue;
        for (size_t i = 0; i < command->option_count; i++) {
            const condition *when = rules[r].when;
            if (!given[i] || !holds(rules[r].options, command->options[i].name)) continue;
            size_t met = 0;
            while (met < MOST_CONDITIONS && when[met].option && is_met(&when[met], command, arguments, given, kind))
                met++;
            if (met == MOST_CONDITIONS || !when[met].option)
                return zsc_fail(ZSC_EUSAGE, "option --%s has no effect here: %s; leave it out",
                                command->options[i].name, rules[r].because);
        }
    }
    return ZSC_OK;
}
