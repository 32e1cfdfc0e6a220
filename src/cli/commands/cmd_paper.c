/* zsc paper: the figures and tables of a paper, whole, from one configuration. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands/paper_cost.h"
#include "cli/commands/sweep_plan.h"
#include "paper/paper_page.h"

typedef struct paper_arguments {
    cli_common common;
    const char *output, *launcher, *shard;
    zsc_list only, skip;
    size_t jobs;
    int look;
    bool sound, dry_run, example;
} paper_arguments;

enum { LOOK_PAPER, LOOK_ZSC };

static zsc_status defaults(void *data)
{
    paper_arguments *a = data;
    a->output = "paper";
    a->jobs = 1;
    return ZSC_OK;
}

/* --- What would be done */
static const char *items_of(const zsc_paper_plan *plan, size_t step, bool *used, zsc_text *text)
{
    char name[ZSC_PAPER_NAME];
    text->length = 0;
    zsc_text_append(text, "");
    for (size_t i = 0; i < plan->items; i++) {
        if (!plan->item[i].wanted) continue;
        memset(used, 0, plan->steps * sizeof *used);
        for (int c = 0; c < ZSC_PAPER_COLUMNS; c++) zsc_paper_column_steps(plan, &plan->item[i].column[c], used);
        if (used[step])
            zsc_text_printf(text, "%s%s", text->length ? ", " : "", zsc_paper_item_name(&plan->item[i], name));
    }
    return text->data ? text->data : "";
}

static void print_missing(const zsc_paper_plan *plan)
{
    char name[ZSC_PAPER_NAME];
    for (size_t i = 0; i < plan->items; i++) {
        const zsc_paper_item *item = &plan->item[i];
        const zsc_paper_column *c = &item->column[ZSC_PAPER_PAPER];
        if (item->wanted && c->missing) printf("%s: not made: %s\n", zsc_paper_item_name(item, name), c->missing);
        if (item->wanted && c->without) printf("%s: without %s\n", zsc_paper_item_name(item, name), c->without);
    }
}

static zsc_status print_plan(const zsc_paper *paper, const zsc_exec *exec)
{
    static const char *const header[] = {"step", "state", "seconds", "memory", "for"};
    zsc_status status = ZSC_OK;
    const zsc_paper_plan *plan = &paper->plan;
    cli_cells cells = {0};
    zsc_text text = {0};
    bool *used = NULL;
    cli_paper_keys keys = {0};
    double seconds = 0, bytes = 0, probes = 0;
    size_t to_do = 0;
    char memory[ZSC_BYTES_TEXT];
    ZSC_NEW(used, plan->steps + 1);
    for (size_t i = 0; i < plan->steps; i++) {
        const zsc_paper_step *s = &plan->step[i];
        zsc_paper_cost cost = s->cost;
        if (!s->wanted) continue;
        if (!s->done) {
            ZSC_TRY(cli_paper_step_cost(paper, s, exec, &keys, &cost));
            if (s->work == ZSC_PAPER_PROBE && s->cost.seconds < 0) probes += fmax(0, cost.seconds);
            to_do++;
            seconds += fmax(0, cost.seconds);
            bytes = fmax(bytes, (double)cost.bytes);
        }
        cli_cells_add(&cells, "%s", s->name);
        cli_cells_add(&cells, "%s", s->done ? "done" : "to do");
        cli_cells_real(&cells, cost.seconds < 0 ? NAN : cost.seconds, false, 1);
        cli_cells_add(&cells, "%s", cost.bytes ? zsc_bytes_text((double)cost.bytes, memory) : "-");
        cli_cells_add(&cells, "%s", items_of(plan, i, used, &text));
    }
    ZSC_TRY(cli_cells_print(&cells, header, sizeof header / sizeof *header, false));
    print_missing(plan);
    printf("%zu steps to do: about %.0f seconds, one after the other, and up to %s", to_do, seconds,
           zsc_bytes_text(bytes, memory));
    if (probes > 0) printf("; at most %.0f of them for linear probes, which may stop early", probes);
    putchar('\n');
done:
    zsc_list_free(&cells.list);
    free(text.data);
    free(used);
    return status;
}

/* --- Doing it */
/* The program that this is. */
static zsc_status find_program(char path[4096])
{
    ssize_t length = readlink("/proc/self/exe", path, 4095);
    if (length <= 0) return zsc_fail(ZSC_EINTERNAL, "cannot find the program zsc in /proc");
    path[length] = '\0';
    return ZSC_OK;
}

/* Items that are asked for and have no steps at all. */
static size_t count_missing(const zsc_paper_plan *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->items; i++)
        count += plan->item[i].wanted && plan->item[i].column[ZSC_PAPER_PAPER].missing;
    return count;
}

static zsc_status make(const paper_arguments *a, zsc_paper *paper, zsc_paper_run_options *o)
{
    zsc_status status = ZSC_OK;
    zsc_list launcher = {0};
    zsc_paper_report report = {0};
    char program[4096];
    ZSC_TRY(find_program(program));
    if (a->launcher) ZSC_TRY(zsc_list_split(&launcher, a->launcher, " "));
    o->program = program;
    o->launcher = &launcher;
    status = zsc_paper_make(paper, o, &a->common.exec, &report);
    if (status == ZSC_OK || status == ZSC_EPARTIAL || status == ZSC_EINTERRUPTED) {
        size_t missing = count_missing(&paper->plan);
        printf("%zu steps made, %zu there already, %zu failed, %zu left out", report.made, report.present,
               report.failed, report.left);
        if (missing) printf("; %zu items lack inputs", missing);
        printf("; see %s/index.html\n", a->output);
    }
    if (status == ZSC_EINTERRUPTED) zsc_note("interrupted: run the same command again to resume");
done:
    zsc_list_free(&launcher);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    const paper_arguments *a = data;
    const zsc_paper_options options = {
        .output = a->output, .only = &a->only, .skip = &a->skip, .sound = a->sound, .plain = a->look == LOOK_ZSC};
    zsc_status status = ZSC_OK;
    zsc_paper paper = {0};
    zsc_paper_run_options o = {
        .jobs = a->jobs, .memory_limit = a->common.memory_limit, .force = a->common.force, .shards = 1};
    if (a->example) {
        fputs(zsc_paper_example, stdout);
        return ZSC_OK;
    }
    if (count != 1) return cli_usage("expected one configuration; zsc paper --example prints one");
    ZSC_TRY(cli_read_shard(a->shard, &o.shard, &o.shards));
    ZSC_TRY(zsc_paper_open(operands[0], &options, a->dry_run ? NULL : &o, a->common.force, &a->common.exec, &paper));
    if (a->dry_run && !a->common.verbose)
        zsc_log_set("zsc paper", ZSC_LOG_QUIET); /* notes on each input, of each sweep */
    status = a->dry_run ? print_plan(&paper, &a->common.exec) : make(a, &paper, &o);
done:
    zsc_paper_close(&paper);
    return status;
}

#define FIELD(name) offsetof(paper_arguments, name)
static const cli_option options[] = {
    {'o', "output", CLI_TEXT, FIELD(output), "DIR", .help = "folder for everything; a new one, or one of zsc paper's",
     .file = CLI_WRITES_FOLDER},
    {'n', "dry-run", CLI_FLAG, FIELD(dry_run),
     .help = "print what would be made, what is made already, estimated time and memory, and what is missing; write "
             "nothing to the output folder"},
    {.name = "example", .kind = CLI_FLAG, .offset = FIELD(example), .help = "print a commented configuration and exit"},
    {.name = "only",
     .kind = CLI_NAMES,
     .offset = FIELD(only),
     .arg = "ITEMS",
     .help = "make these alone: A16,6 or table-A16,figure-6; a bare number is the table and the figure of that number",
     .shown_default = "all"},
    {.name = "skip",
     .kind = CLI_NAMES,
     .offset = FIELD(skip),
     .arg = "ITEMS",
     .help = "leave these out",
     .shown_default = "none"},
    {.name = "sound",
     .kind = CLI_FLAG,
     .offset = FIELD(sound),
     .help =
         "beside each result as the paper has it (one seed, missing labels as a class, z-scores within splits), one "
         "with several seeds, without missing labels, with intervals and ceilings"},
    {.name = "look",
     .kind = CLI_CHOICE,
     .offset = FIELD(look),
     .arg = "LOOK",
     .choices = "paper|zsc",
     .help = "how Figures 6 and A11 look: as in the paper, or as zsc plot draws by default"},
    {.name = "jobs",
     .kind = CLI_COUNT,
     .offset = FIELD(jobs),
     .arg = "N",
     .help = "number of steps at a time; each takes its share of the threads, and memory of its own",
     .minimum = 1,
     .maximum = 1024},
    {.name = "launcher",
     .kind = CLI_TEXT,
     .offset = FIELD(launcher),
     .arg = "WORDS",
     .help = "words before zsc sweep, such as 'mpirun -n 4'",
     .shown_default = "none"},
    {.name = "shard",
     .kind = CLI_TEXT,
     .offset = FIELD(shard),
     .arg = "I/N",
     .help = "compute part I of N, I from 1 to N; figures and tables are made by a run without it, once all parts are "
             "done",
     .shown_default = "1/1"},
    {.name = "force",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_common, force),
     .help = "make again what is made already, also in a folder that holds other files, and where files were changed "
             "by hand"},
};

const cli_command cli_paper_command = {
    .name = "paper",
    .group = "Figures and tables",
    .summary = "all figures and tables of the BIOSCAN-5M paper, from one file",
    .operands = "CONFIG.yaml",
    .max_operands = 1,
    .description =
        "Reads a file that names metadata and embeddings, and makes every table and figure of the paper (arXiv "
        "2406.12723) that comes from them, in its numbering: tables 2 to 5, A4 to A6, A9 to A17, figures 3, 6, A1, A3, "
        "A7 "
        "to A12. The output folder then has tables (LaTeX, CSV, HTML), figures (PDF, SVG), results, and:\n\n"
        "index.html: each item with its caption, the commands that made it, its inputs with digests, time and memory, "
        "and the items that could not be made with the reason; paper.json is the same for programs.\n\n"
        "paper.tex: all tables and figures in one LaTeX document, to be compiled in that folder.\n\n"
        "commands.sh: the commands, to be run by hand.\n\n"
        "The work is done by other commands of zsc (stats, plot, sweep, table, retrieve, probe), each in a process of "
        "its own, whose messages are in the folder logs. What items share is computed once. A step is not made again "
        "while its commands, the contents of its inputs, and the version and commit of zsc are the same, so that a run "
        "that was "
        "interrupted resumes when it is started again, and a change of one input remakes what depends on it.\n\n"
        "Items whose inputs the configuration does not name are left out. The exit status is 5 if a command failed, or "
        "an input that is named cannot be used; everything else is made nevertheless, tables and figures of several "
        "encoders without those that failed.",
    .examples = "  $ zsc paper --example > paper.yaml\n"
                "  $ zsc paper --dry-run paper.yaml -o paper\n"
                "  $ zsc paper paper.yaml -o paper --sound\n"
                "  $ zsc paper paper.yaml -o paper --only A16,6",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(paper_arguments),
    .defaults = defaults,
    .run = run,
    .closing_line = true,
};
