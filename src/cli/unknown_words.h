/* Words of a command line that name no option or operand: what they are likely to mean. */
#ifndef ZSC_CLI_UNKNOWN_WORDS_H
#define ZSC_CLI_UNKNOWN_WORDS_H

#include "cli/cli.h"

/* The options of a command, and how each may be spelled. */
typedef struct cli_known_options {
    const cli_option **option;
    bool *given; /* per option: whether it is on the command line */
    size_t count;
    const char **name; /* spellings, with "-" */
    size_t spellings;
} cli_known_options;

/* An option may be abbreviated, unless the abbreviation is the full name of another command's option: --metadata, an
 * input elsewhere, does not abbreviate an output. */
bool cli_means_another(const char *full_name, const char *word);

/* Each fails with ZSC_EUSAGE and a message that says what to write. */
zsc_status cli_unknown_option(const cli_known_options *known, const char *word);
zsc_status cli_too_few_words(const cli_command *command, int operands);
/* A word too many is likely to be meant for an option: one whose argument may be left out, or the first that reads. */
zsc_status cli_too_many_words(const cli_command *command, const cli_known_options *known, const char *word);

#endif
