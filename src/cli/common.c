#include "cli/common.h"

#include <stdio.h>
#include <string.h>

const cli_option cli_common_options[] = {
    {.letter = 't',
     .name = "threads",
     .kind = CLI_COUNT,
     .offset = offsetof(cli_common, threads),
     .arg = "N",
     .help = "number of threads; results do not depend on it",
     .maximum = 4096,
     .shown_default = "all processors"},
    {.name = "memory-limit",
     .kind = CLI_BYTES,
     .offset = offsetof(cli_common, memory_limit),
     .arg = "SIZE",
     .help = "fail before more memory than this is taken, e.g. 4G",
     .minimum = 1,
     .shown_default = "memory of the machine"},
    {.letter = 'q',
     .name = "quiet",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_common, quiet),
     .help = "print only warnings and errors on stderr"},
    {.letter = 'v',
     .name = "verbose",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_common, verbose),
     .help = "print more on stderr, each line with its time"},
    {.name = "log-file",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_common, log_file),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "add all messages to this file, also those of --verbose, each with its time",
     .shown_default = "none"},
};
const size_t cli_common_option_count = sizeof cli_common_options / sizeof *cli_common_options;

static void join(const zsc_list *list, char *buffer, size_t size)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < list->count && used < size; i++)
        used += (size_t)snprintf(buffer + used, size - used, "%s%s", i ? "," : "", list->item[i]);
}

const char *cli_default_text(const cli_option *o, const void *arguments, char *buffer, size_t size)
{
    const void *field = (const char *)arguments + o->offset;
    buffer[0] = '\0';
    if (o->shown_default) {
        snprintf(buffer, size, "%s", o->shown_default);
        return buffer;
    }
    switch (o->kind) {
    case CLI_FLAG:
    case CLI_OPTIONAL:
    case CLI_REPEAT: break;
    case CLI_TEXT:
        if (*(const char *const *)field) snprintf(buffer, size, "%s", *(const char *const *)field);
        break;
    case CLI_COUNT:
    case CLI_BYTES:
        if (*(const size_t *)field == SIZE_MAX) /* not set */
            snprintf(buffer, size, "default");
        else
            snprintf(buffer, size, "%zu", *(const size_t *)field);
        break;
    case CLI_REAL:
        if (o->minimum >= 0 && o->maximum > 0 && *(const double *)field < 0) /* not set */
            snprintf(buffer, size, "off");
        else
            snprintf(buffer, size, "%g", *(const double *)field);
        break;
    case CLI_OPTIONAL_CHOICE:
    case CLI_CHOICE: zsc_value_choice_text(o->choices, *(const int *)field, buffer, size); break;
    case CLI_NAMES: join(field, buffer, size); break;
    case CLI_SEEDS: {
        const zsc_seeds *seeds = field;
        size_t used = 0;
        for (size_t i = 0; i < seeds->count && used < size; i++)
            used += (size_t)snprintf(buffer + used, size - used, "%s%llu", i ? "," : "",
                                     (unsigned long long)seeds->item[i]);
        break;
    }
    }
    return buffer;
}
