/* The command line: one table entry per command, one table entry per option.
 *
 * Everything is generated from these tables: getopt_long's arguments, --help (with live defaults, read from the
 * defaulted struct), the man pages and the shell completions so that they cannot differ.
 *
 * A command's file holds its options' struct, a function that fills it with defaults, the table, and a function that
 * runs it. Results go to stdout; everything else goes through base/log.h.
 *
 * Defined in parse.c (parsing, running), usage.c (its failures), help.c (help, man pages, completion), registry.c (the
 * list of commands), print.c (tables on standard output) and cmd_*.c (the commands). */
#ifndef ZSC_CLI_CLI_H
#define ZSC_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "base/value.h"
#include "zsc/exec.h"

typedef enum cli_kind {
    CLI_FLAG,            /* bool: true when given */
    CLI_TEXT,            /* const char * */
    CLI_COUNT,           /* size_t, from minimum to maximum */
    CLI_REAL,            /* double, from minimum to maximum */
    CLI_CHOICE,          /* int: position in `choices`, "a|b|c" */
    CLI_OPTIONAL_CHOICE, /* the same; given without an argument: the second choice */
    CLI_REPEAT,          /* zsc_list: each time the option is given adds one */
    CLI_NAMES,           /* zsc_list: a comma-separated list; given, it replaces the default */
    CLI_SEEDS,           /* zsc_seeds: comma-separated uint64 and ranges, "0,1,5-9" */
    CLI_BYTES,           /* size_t: "4G", "300 MB" */
    CLI_OPTIONAL         /* const char *: the argument, "" when given without one; NULL when not given */
} cli_kind;

/* What a command does with the file that an option names: cli/files.c refuses an output that is an input. */
typedef enum cli_file {
    CLI_BY_ARG, /* reads it, where `arg` begins with FILE; otherwise there is none */
    CLI_READS,
    CLI_WRITES,
    CLI_ADDS_TO, /* reads it if it exists, and writes it again with additions */
    CLI_WRITES_FOLDER
} cli_file;

typedef struct cli_option {
    char letter;      /* 0: none */
    const char *name; /* "neighbors" */
    cli_kind kind;
    size_t offset;             /* offsetof(struct of the command, field) */
    const char *arg;           /* "N", "FILE"; NULL for flags. Completion knows FILE and DIR */
    const char *help;          /* one sentence, no full stop, lower case; help adds the default */
    const char *choices;       /* for CLI_CHOICE; also the words that completion offers for CLI_TEXT and CLI_NAMES */
    double minimum, maximum;   /* for numbers; both 0: any */
    const char *shown_default; /* instead of the live one, e.g. "all"; NULL: the live one */
    cli_file file;
} cli_option;

/* Options that every command has; each command's struct begins with it. */
typedef struct cli_common {
    zsc_exec exec;
    size_t threads, memory_limit;
    bool quiet, verbose;
    const char *log_file; /* NULL: none */
    bool force;           /* of commands that write a file: CLI_FORCE_OPTION is in their tables */
} cli_common;

typedef struct cli_command {
    const char *name;               /* "embed kmer" has one space: the second word selects */
    const char *group;              /* heading in `zsc help` */
    const char *summary;            /* one line, lower case, no full stop */
    const char *operands;           /* "FILE", "RESULTS...", "" */
    int min_operands, max_operands; /* max -1: any number */
    const char *kinds;              /* what the first operand can be, "a, b and c"; may be NULL */
    const char *description;        /* paragraphs for help and man page, separated by empty lines */
    const char *examples;           /* lines "$ zsc ...", or NULL */
    const cli_option *options;
    size_t option_count;
    size_t size;                             /* of the struct, whose first member is a cli_common */
    zsc_status (*defaults)(void *arguments); /* fills a zeroed struct (not its cli_common) */
    zsc_status (*run)(void *arguments, char **operands, int count);
    void (*clear)(void *arguments); /* frees what `run` left in the struct beyond lists and seeds; may be NULL */
    bool closing_line;              /* prints version, command, time and memory to stderr at the end */
    /* Files written beside those that options name; may be NULL. */
    zsc_status (*also_writes)(const void *arguments, zsc_list *paths);
} cli_command;

#define CLI_FORCE_OPTION                                                                                               \
    {                                                                                                                  \
        .name = "force", .kind = CLI_FLAG, .offset = offsetof(cli_common, force),                                      \
        .help = "replace an output file that zsc did not write"                                                        \
    }

#define CLI_FORMATS "table|csv|json"
#define CLI_TABLE_FORMATS "latex|markdown|csv|html|tsv|json" /* in the order of zsc_table_format */
#define CLI_FORMAT_OPTION(offset_)                                                                                     \
    {                                                                                                                  \
        .name = "format", .kind = CLI_CHOICE, .offset = offset_, .arg = "FORMAT", .help = "output format",             \
        .choices = CLI_FORMATS                                                                                         \
    }

#define CLI_OUTPUT_OPTION(offset_)                                                                                     \
    {                                                                                                                  \
        .letter = 'o', .name = "output", .kind = CLI_TEXT, .offset = offset_, .arg = "FILE", .file = CLI_WRITES,       \
        .help = "write to this file; its ending gives the format", .shown_default = "standard output"                  \
    }

/* --- registry.c: the commands of this program, for help and completion. */
/* COMMANDS ends in NULL and lives as long as the program; in the order of `zsc help`. */
void cli_register(const cli_command *const *commands);
const cli_command *const *cli_commands(void);
/* The command that the words begin with, and how many of them name it; NULL where there is none. */
const cli_command *cli_find(const char *const *words, int count, int *used);

/* --- parse.c */
zsc_status cli_run(const cli_command *command, int argc, char **argv); /* parse, run, free */
/* Prints the line of a failure, and closes the file of --log-file. Returns STATUS, or the failure of the log. */
zsc_status cli_close_log(zsc_status status);

/* --- help.c */
zsc_status cli_help(const cli_command *command); /* to stdout */
void cli_help_all(void);
zsc_status cli_man(const cli_command *command); /* troff to stdout; NULL: zsc(1) */
void cli_completion(const char *shell);         /* "bash" or "zsh" */

/* --- print.c */
/* A table on stdout: cells of plain text, columns aligned, numbers to the right. */
typedef enum cli_format { CLI_TABLE, CLI_CSV, CLI_JSON } cli_format;
void cli_print_table(const char *const *header, size_t columns, const char *const *cells, size_t rows);
void cli_print_csv(const char *const *header, size_t columns, const char *const *cells, size_t rows);

/* The text of a table's cells, row by row. Start from {0}; the first failure stays in `status`. */
typedef struct cli_cells {
    zsc_list list;
    zsc_status status;
} cli_cells;
__attribute__((format(printf, 2, 3))) void cli_cells_add(cli_cells *cells, const char *format, ...);
/* NaN is "-", and "" where EXACT; EXACT: the shortest text that reads back, else DECIMALS. */
void cli_cells_real(cli_cells *cells, double value, bool exact, int decimals);
/* The cells as a table or as CSV; frees them. */
zsc_status cli_cells_print(cli_cells *cells, const char *const *header, size_t columns, bool csv);

/* --- usage.c */
/* zsc_fail(ZSC_EUSAGE, ...). */
__attribute__((format(printf, 1, 2))) zsc_status cli_usage(const char *format, ...);

/* --- cmd_*.c, each named after its command */
extern const cli_command cli_simulate_command;
extern const cli_command cli_embed_kmer_command;
extern const cli_command cli_import_command;
extern const cli_command cli_info_command;
extern const cli_command cli_stats_command;
extern const cli_command cli_check_command;
extern const cli_command cli_split_command;
extern const cli_command cli_export_command;
extern const cli_command cli_run_command;
extern const cli_command cli_select_command;
extern const cli_command cli_sweep_command;
extern const cli_command cli_sensitivity_command;
extern const cli_command cli_collect_command;
extern const cli_command cli_compare_command;
extern const cli_command cli_plot_command;
extern const cli_command cli_table_command;
extern const cli_command cli_report_command;
extern const cli_command cli_atlas_command;
extern const cli_command cli_paper_command;
extern const cli_command cli_rerun_command;
extern const cli_command cli_ls_command;
extern const cli_command cli_rm_command;
extern const cli_command cli_retrieve_command;
extern const cli_command cli_probe_command;
extern const cli_command cli_knn_command;
extern const cli_command cli_umap_command;
extern const cli_command cli_trust_command;
extern const cli_command cli_assign_command;
extern const cli_command cli_ward_command;
extern const cli_command cli_cluster_command;
extern const cli_command cli_score_command;
extern const cli_command cli_curve_command;
extern const cli_command cli_help_command;
extern const cli_command cli_version_command;

#endif
