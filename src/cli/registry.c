#include <string.h>

#include "cli/cli.h"

static const cli_command *const *registered;

void cli_register(const cli_command *const *commands) { registered = commands; }
const cli_command *const *cli_commands(void) { return registered; }

const cli_command *cli_find(const char *const *words, int count, int *used)
{
    for (const cli_command *const *c = registered; *c; c++) {
        const char *space = strchr((*c)->name, ' ');
        size_t first = space ? (size_t)(space - (*c)->name) : strlen((*c)->name);
        if (count < 1 || strlen(words[0]) != first || strncmp(words[0], (*c)->name, first) != 0) continue;
        if (space && (count < 2 || strcmp(words[1], space + 1) != 0)) continue;
        *used = space ? 2 : 1;
        return *c;
    }
    return NULL;
}
