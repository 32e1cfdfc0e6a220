/* zsc: finds the command, runs it, prints the one line of a failure. */
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/isa.h"
#include "base/limits.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "experiment/settings/run_config.h"
#include "io/files/atomic.h"

enum { MOST_NAMES = 64 };

static zsc_status unknown_command(const char *word)
{
    const char *names[MOST_NAMES];
    size_t count = 0, length = strlen(word);
    for (const cli_command *const *c = cli_commands(); *c; c++) /* the first word of two */
        if (strncmp((*c)->name, word, length) == 0 && (*c)->name[length] == ' ')
            return zsc_fail(ZSC_EUSAGE, "zsc: '%s' needs another word; did you mean '%s'?", word, (*c)->name);
    for (const cli_command *const *c = cli_commands(); *c && count < MOST_NAMES; c++) names[count++] = (*c)->name;
    if (strcmp(word, "status") == 0)
        return zsc_fail(ZSC_EUSAGE,
                        "zsc: there is no command 'status'; zsc sweep --status FILE.yaml says how far a sweep "
                        "is, and zsc ls RESULTS what a folder holds");
    const char *near = zsc_nearest(word, names, count);
    return near ? zsc_fail(ZSC_EUSAGE, "zsc: there is no command '%s'; did you mean '%s'?", word, near)
                : zsc_fail(ZSC_EUSAGE, "zsc: there is no command '%s'; 'zsc help' lists them", word);
}

static zsc_status dispatch(int argc, char **argv)
{
    if (argc < 2) {
        cli_help_all();
        return zsc_fail(ZSC_EUSAGE, "zsc: no command given");
    }
    const char *word = argv[1];
    static char help[] = "help", version[] = "version";
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) argv[1] = help;
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) argv[1] = version;
    int used = 0;
    const cli_command *command = cli_find((const char *const *)(argv + 1), argc - 1, &used);
    return command ? cli_run(command, argc - used, argv + used) : unknown_command(word);
}

static int flush_error; /* errno of the last write to stdout, where that failed */

/* A failed write to stdout is a failure of the command. */
static zsc_status close_stdout(zsc_status status)
{
    bool failed = ferror(stdout);
    if (fclose(stdout) != 0) {
        failed = true;
        flush_error = errno;
    }
    if (failed && status == ZSC_OK)
        status = zsc_fail(ZSC_EINPUT, "zsc: cannot write to standard output: %s",
                          flush_error ? strerror(flush_error) : "some of it is lost; the disk may be full");
    return status;
}

static void (*former_sigpipe)(int);

/* Where the reader of a pipe has gone, as in `zsc collect r | head`, the program ends as others do: by SIGPIPE, without
 * a word. Commands ignore the signal, so that files are finished. */
static void end_if_nobody_reads(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    if (fflush(stdout) != 0) flush_error = errno;
    if (!ferror(stdout) || former_sigpipe == SIG_IGN) return;
    if (poll(&out, 1, 0) < 1 || !(out.revents & POLLERR)) return;
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

/* The command line as given, since getopt_long permutes it. */
static char **copy_words(int argc, char **argv)
{
    char **words = malloc(((size_t)argc + 1) * sizeof *words);
    if (words) memcpy(words, argv, ((size_t)argc + 1) * sizeof *words);
    return words;
}

/* Libraries, HDF5 above all, can crash where memory ends while they start. Under a limit on address space, glibc's
 * heaps of 64 MB for each thread would leave little else. */
static zsc_status check_limits(void)
{
    const size_t least = (size_t)8 << 20;
    if (!zsc_limits_are_set()) return ZSC_OK;
    mallopt(M_ARENA_MAX, 1);
    return zsc_limits_allow(least) ? ZSC_OK : zsc_context(zsc_memory_refuse(least, "any command"), "zsc");
}

int main(int argc, char **argv)
{
    mallopt(M_MMAP_THRESHOLD, 128 * 1024); /* and does not grow: what is freed goes back, as estimates count it */
    former_sigpipe = signal(SIGPIPE, SIG_IGN);
    cli_register(cli_all_commands);
    zsc_count_from(1); /* rows of arrays are rows of files here */
    char **words = copy_words(argc, argv);
    if (words) zsc_provenance_command(argc, words);
    zsc_status status = words ? check_limits()
                              : zsc_context(zsc_fail_memory((size_t)argc, sizeof *words, "the command line"), "zsc");
    if (status == ZSC_OK) status = zsc_context(zsc_isa_check(), "zsc");
    if (status == ZSC_OK) status = dispatch(argc, argv);
    zsc_atomic_cleanup();
    end_if_nobody_reads();
    status = close_stdout(status);
    status = cli_close_log(status);
    free(words);
    return (int)status;
}
