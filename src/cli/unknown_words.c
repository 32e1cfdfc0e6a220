#include "cli/unknown_words.h"

#include <stdio.h>
#include <string.h>

#include "base/setting_names.h"
#include "base/text.h"

bool cli_means_another(const char *full_name, const char *word)
{
    if (strncmp(word, "--", 2) != 0) return false;
    size_t length = strcspn(word + 2, "=");
    if (strlen(full_name) == length) return false;
    for (const cli_command *const *c = cli_commands(); *c; c++)
        for (size_t i = 0; i < (*c)->option_count; i++) {
            const char *name = (*c)->options[i].name;
            if (strlen(name) == length && strncmp(name, word + 2, length) == 0) return true;
        }
    return false;
}

/* The name that LETTER stands for in other commands; NULL where it stands for none. */
static const char *name_elsewhere(int letter)
{
    for (const cli_command *const *c = cli_commands(); *c; c++)
        for (size_t i = 0; i < (*c)->option_count; i++)
            if ((*c)->options[i].letter == letter) return (*c)->options[i].name;
    return NULL;
}

/* The first command that has an option called NAME; NULL where none has. */
static const char *command_with(const char *name)
{
    for (const cli_command *const *c = cli_commands(); *c; c++)
        for (size_t i = 0; i < (*c)->option_count; i++)
            if (zsc_setting_same_name(name, (*c)->options[i].name)) return (*c)->name;
    return NULL;
}

static const char *begins_with(const cli_known_options *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++)
        if (strncmp(p->option[i]->name, name, strlen(name)) == 0) return p->option[i]->name;
    return NULL;
}

/* What people ask for that is there by another name, in commands that have the option BESIDE. */
static const struct {
    const char *word, *beside, *answer;
} answers[] = {
    {"resume", "shard", "a sweep that is started again runs what is missing"},
    {"k", "clusters", "--clusters gives the number of clusters"},
    {"labels", "metadata", "labels are read from the embeddings file, or from --metadata"},
    {"y", "metadata", "labels are read from the embeddings file, or from --metadata"},
};

static const char *answer_to(const cli_known_options *p, const char *name)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        for (size_t k = 0; k < p->count && zsc_setting_same_name(name, answers[i].word); k++)
            if (strcmp(p->option[k]->name, answers[i].beside) == 0) return answers[i].answer;
    return NULL;
}

zsc_status cli_unknown_option(const cli_known_options *p, const char *word)
{
    if (strncmp(word, "--", 2) != 0) {
        const char *name = name_elsewhere(word[1]), *here = name ? begins_with(p, name) : NULL;
        return here ? cli_usage("there is no option %s here; did you mean --%s?", word, here)
                    : cli_usage("there is no option %s", word);
    }
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    const char *answer = answer_to(p, name);
    if (answer) return cli_usage("there is no option --%s here: %s", name, answer);
    const char *near = zsc_nearest(name, p->name, p->spellings), *other = command_with(name);
    if (near && other && !strstr(near, name)) near = NULL; /* it is spelled as it is meant, for another command */
    if (!near && other) return cli_usage("there is no option --%s here; zsc %s has it", name, other);
    return near ? cli_usage("there is no option --%s; did you mean --%s?", name, near)
                : cli_usage("there is no option --%s", name);
}

zsc_status cli_too_few_words(const cli_command *command, int operands)
{
    const char *fewer = operands ? ", and there are fewer" : "";
    return command->kinds ? cli_usage("expected %s%s; KIND is one of %s", command->operands, fewer, command->kinds)
                          : cli_usage("expected %s%s", command->operands, fewer);
}

zsc_status cli_too_many_words(const cli_command *command, const cli_known_options *p, const char *word)
{
    for (size_t i = 0; i < p->count; i++) {
        const cli_option *o = p->option[i];
        bool may = o->kind == CLI_OPTIONAL || o->kind == CLI_OPTIONAL_CHOICE;
        if (may && p->given[i])
            return cli_usage("unexpected word '%s'; if it is for --%s, write --%s=%s", word, o->name, o->name, word);
    }
    for (size_t i = 0; command->max_operands == 0 && i < p->count; i++) {
        const cli_option *o = p->option[i];
        bool reads = o->file == CLI_READS || (o->file == CLI_BY_ARG && o->arg && strncmp(o->arg, "FILE", 4) == 0);
        if (o->letter && reads && !p->given[i])
            return cli_usage("unexpected word '%s'; if it is a file to read, write -%c %s", word, o->letter, word);
    }
    if (command->max_operands == 1) return cli_usage("unexpected word '%s': expected one %s", word, command->operands);
    return cli_usage("unexpected word '%s'", word);
}
