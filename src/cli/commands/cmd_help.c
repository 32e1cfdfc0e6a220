/* zsc help, zsc version; and the pages generated from the option tables. */
#include <stdio.h>
#include <string.h>

#include "base/isa.h"
#include "base/version.h"
#include "cli/cli.h"
#include "experiment/mpi.h"
#include "experiment/verify.h"
#include "io/h5/h5.h"
#include "zsc/zsc.h"

/* --- zsc help */
typedef struct help_arguments {
    cli_common common;
    int form;
    const char *shell;
} help_arguments;

enum { FORM_TEXT, FORM_MAN, FORM_NAMES };

static zsc_status run_help(void *data, char **words, int count)
{
    const help_arguments *a = data;
    if (a->shell) {
        if (strcmp(a->shell, "bash") != 0 && strcmp(a->shell, "zsh") != 0)
            return cli_usage("option --completion expects bash or zsh, not '%s'", a->shell);
        cli_completion(a->shell);
        return ZSC_OK;
    }
    const cli_command *command = NULL;
    int used = 0;
    if (count > 0 && !(command = cli_find((const char *const *)words, count, &used)))
        return cli_usage("there is no command '%s'", words[0]);
    if (a->form == FORM_NAMES)
        for (const cli_command *const *c = cli_commands(); *c; c++) puts((*c)->name);
    else if (a->form == FORM_MAN)
        return cli_man(command);
    else if (command)
        return cli_help(command);
    else
        cli_help_all();
    return ZSC_OK;
}

static const cli_option help_options[] = {
    {.name = "form",
     .kind = CLI_CHOICE,
     .offset = offsetof(help_arguments, form),
     .arg = "FORM",
     .help = "plain text, the source of the man page, or the names of all commands",
     .choices = "text|man|names"},
    {.name = "completion",
     .kind = CLI_TEXT,
     .offset = offsetof(help_arguments, shell),
     .arg = "SHELL",
     .help = "print the completion script for bash or zsh",
     .choices = "bash|zsh"},
};

const cli_command cli_help_command = {
    .name = "help",
    .group = "About zsc",
    .summary = "list the commands, or describe one",
    .operands = "[COMMAND]",
    .max_operands = 2,
    .description = "Without a command, lists all commands by purpose. With one, prints the same as `zsc COMMAND "
                   "--help`.",
    .options = help_options,
    .option_count = sizeof help_options / sizeof *help_options,
    .size = sizeof(help_arguments),
    .run = run_help,
};

/* --- zsc version */
typedef struct version_arguments {
    cli_common common;
    bool verify;
} version_arguments;

static const cli_option version_options[] = {
    {.name = "verify",
     .kind = CLI_FLAG,
     .offset = offsetof(version_arguments, verify),
     .help = "compute a small fixed problem, and compare each stage with what it is on every machine"},
};

static zsc_status print_verified(void)
{
    zsc_verified stage[ZSC_VERIFY_STAGES];
    size_t differing = 0;
    char all[ZSC_DIGEST_TEXT];
    zsc_status status = zsc_verify(NULL, stage);
    if (status == ZSC_OK) status = zsc_verify_digest(all);
    if (status != ZSC_OK) return status;
    printf("\n%-24s %-32s %s\n", "stage", "digest", "agrees");
    for (size_t s = 0; s < ZSC_VERIFY_STAGES; s++) {
        printf("%-24s %s %s%s\n", stage[s].stage, stage[s].digest, stage[s].agrees ? "yes" : "no, expected ",
               stage[s].agrees ? "" : stage[s].expected);
        differing += !stage[s].agrees;
    }
    printf("%-24s %s\n", "all", all);
    if (!differing) return ZSC_OK;
    return zsc_fail(ZSC_ENUMERIC,
                    "%zu of %d stages differ from zsc %s on other machines; results of this build may differ in their "
                    "last digits, and scores with them",
                    differing, ZSC_VERIFY_STAGES, zsc_version());
}

static zsc_status run_version(void *data, char **words, int count)
{
    const version_arguments *a = data;
    (void)words, (void)count;
    printf("zsc %s\n", zsc_version());
    if (*zsc_revision()) printf("revision   %s\n", zsc_revision());
    printf("compiler   %s\n", __VERSION__);
    printf("kernels    %s\n", zsc_isa_name(zsc_isa_active()));
    printf("BLAS       %s, running %s kernels\n", zsc_blas_config(), zsc_blas_core());
    printf("GSL        %s\n", zsc_gsl_version());
    printf("HDF5       %s\n", zsc_h5_library_version());
    printf("igraph     %s\n", zsc_leiden_library() ? zsc_leiden_library() : "no: --clusterer leiden is refused");
    printf("MPI        %s\n", zsc_mpi_is_there() ? "yes" : "no");
    puts("License    GPL-3.0-or-later: you may change and share it; there is no warranty");
    return a->verify ? print_verified() : ZSC_OK;
}

const cli_command cli_version_command = {
    .name = "version",
    .group = "About zsc",
    .summary = "print versions of zsc and of its libraries",
    .operands = "",
    .description = "Prints the version, the compiler, the kernels chosen for this processor, and the libraries that "
                   "are linked.\n\n"
                   "With --verify, computes a small fixed problem (320 rows: neighbours, UMAP, principal components, "
                   "Ward's linkage, scores) and compares the bytes of each stage with those that this version gives "
                   "on every machine; status 4 if one differs. Results record the digest of all stages.",
    .options = version_options,
    .option_count = sizeof version_options / sizeof *version_options,
    .size = sizeof(version_arguments),
    .run = run_version,
};
