/* Before a command runs: no output is one of its inputs, no two outputs are one file, and no file is replaced that zsc
 * did not write, unless --force says so. What is an input and what an output is in the tables of options
 * (cli_option.file); operands are inputs, but for the word of a kind that comes before them. */
#include "cli/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "experiment/store/result_read.h"
#include "io/files/atomic.h"
#include "io/files/input_files.h"
#include "io/h5/h5.h"
#include "io/files/piped_input.h"
#include "io/files/written.h"

typedef struct named_file {
    char *path, *option; /* option: "--embeddings", or NULL for an operand */
    dev_t device;
    ino_t inode;
    bool folder, results;
} named_file;

typedef struct file_list {
    named_file *item;
    size_t count, capacity;
} file_list;

static void free_files(file_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->item[i].path);
        free(list->item[i].option);
    }
    free(list->item);
}

/* --- Inputs */
/* Adds PATH where there is such a file or folder. */
static zsc_status add_path(file_list *list, const char *option, const char *path, bool results, bool *found)
{
    struct stat s;
    *found = stat(path, &s) == 0;
    if (!*found) return ZSC_OK;
    zsc_status status = zsc_grow(&list->item, &list->capacity, list->count + 1, sizeof *list->item, "names of files");
    if (status != ZSC_OK) return status;
    named_file *file = &list->item[list->count];
    *file = (named_file){.path = zsc_strdup(path),
                         .option = option ? zsc_asprintf("--%s", option) : NULL,
                         .device = s.st_dev,
                         .inode = s.st_ino,
                         .folder = S_ISDIR(s.st_mode),
                         .results = results};
    list->count++;
    return file->path && (file->option || !option) ? ZSC_OK : ZSC_EINTERNAL;
}

/* A file, or several joined with '+', each of which may be followed by the name of a part after a colon. Names may
 * contain + and : themselves, so the longest existing name counts. */
static zsc_status add_source(file_list *list, const char *option, const char *text, bool results)
{
    zsc_status status = ZSC_OK;
    bool found = false;
    zsc_list parts = {0};
    char *name = zsc_strdup(text);
    if (!name) return ZSC_EINTERNAL;
    for (char *colon = name; colon && !found;) {
        ZSC_TRY(add_path(list, option, name, results, &found));
        if ((colon = strrchr(name, ':'))) *colon = '\0';
    }
    if (!found && strchr(text, '+')) {
        ZSC_TRY(zsc_list_split(&parts, text, "+"));
        for (size_t i = 0; i < parts.count; i++) ZSC_TRY(add_source(list, option, parts.item[i], results));
    }
done:
    zsc_list_free(&parts);
    free(name);
    return status;
}

static cli_file use_of(const cli_option *o)
{
    if (o->file != CLI_BY_ARG) return o->file;
    return o->arg && strncmp(o->arg, "FILE", 4) == 0 ? CLI_READS : CLI_BY_ARG;
}

/* Calls TAKE with every text that names an input: OPTION is NULL for operands. */
typedef zsc_status (*input_fn)(void *data, const char *option, const char *text);

static zsc_status each_input(const cli_command *command, const void *arguments, char **operands, int count,
                             input_fn take, void *data)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < command->option_count; i++) {
        const cli_option *o = &command->options[i];
        const void *field = (const char *)arguments + o->offset;
        if (use_of(o) != CLI_READS) continue;
        if (o->kind == CLI_TEXT && *(const char *const *)field)
            ZSC_TRY(take(data, o->name, *(const char *const *)field));
        const zsc_list *several = field;
        for (size_t k = 0; o->kind == CLI_REPEAT && k < several->count; k++)
            ZSC_TRY(take(data, o->name, several->item[k]));
    }
    for (int i = strncmp(command->operands, "KIND", 4) == 0; i < count; i++) ZSC_TRY(take(data, NULL, operands[i]));
done:
    return status;
}

/* HDF5 takes a few megabytes for each file that it opens, and 2 million instructions to clear them; a file that is open
 * already shares what is there. So the first inputs stay open until the command has ended. */
static zsc_h5 *kept_open[4];
static size_t kept_count;

static void keep_open(zsc_h5 *file)
{
    if (file && kept_count < sizeof kept_open / sizeof *kept_open)
        kept_open[kept_count++] = file;
    else
        zsc_h5_close(file);
}

void cli_close_kept_inputs(void)
{
    while (kept_count) zsc_h5_close(kept_open[--kept_count]);
}

/* Arrays of older results have no checksum of their own: all are compared before one is read. Results that are read as
 * results are checked there. */
static zsc_status check_older_result(const char *path)
{
    zsc_h5 *file = NULL;
    zsc_status status = ZSC_OK;
    zsc_input_files files = {0};
    struct stat s;
    if (zsc_input_list(path, &files) != ZSC_OK) zsc_error_clear(); /* whoever reads it says so */
    for (size_t i = 0; i < files.count && status == ZSC_OK; i++)
        if (stat(files.item[i].path, &s) == 0 && S_ISREG(s.st_mode)) {
            status = zsc_result_check_older(files.item[i].path, &file);
            keep_open(file);
        }
    zsc_input_files_free(&files);
    return status;
}

static zsc_status check_older_results(const file_list *inputs)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < inputs->count && status == ZSC_OK; i++) {
        const named_file *file = &inputs->item[i];
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = file->device == inputs->item[k].device && file->inode == inputs->item[k].inode &&
                   !inputs->item[k].results;
        if (!file->results && !seen) status = check_older_result(file->path);
    }
    return status;
}

zsc_status cli_check_older_results(const char *const *sources, size_t count)
{
    zsc_status status = ZSC_OK;
    file_list list = {0};
    for (size_t i = 0; i < count && status == ZSC_OK; i++) status = add_source(&list, NULL, sources[i], false);
    if (status == ZSC_OK) status = check_older_results(&list);
    free_files(&list);
    return status;
}

typedef struct input_list {
    file_list *list;
    bool results; /* the operands are */
} input_list;

static zsc_status add_input(void *data, const char *option, const char *text)
{
    const input_list *inputs = data;
    return add_source(inputs->list, option, text, !option && inputs->results);
}

static zsc_status add_inputs(const cli_command *command, const void *arguments, char **operands, int count,
                             file_list *list)
{
    input_list inputs = {list, strstr(command->operands, "RESULT") != NULL};
    return each_input(command, arguments, operands, count, add_input, &inputs);
}

static zsc_status keep_input(void *data, const char *option, const char *text)
{
    (void)data;
    bool standard_input = option && strcmp(option, "ids") == 0 && strcmp(text, "-") == 0;
    return zsc_piped_input_keep(standard_input ? "/dev/stdin" : text);
}

zsc_status cli_keep_pipes(const cli_command *command, const void *arguments, char **operands, int count)
{
    return each_input(command, arguments, operands, count, keep_input, NULL);
}

/* --- Outputs */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static zsc_status stat_parent(const char *path, struct stat *s, bool *found)
{
    char *folder = zsc_strndup(path, (size_t)(last_part(path) - path));
    if (!folder) return ZSC_EINTERNAL;
    *found = stat(*folder ? folder : ".", s) == 0;
    free(folder);
    return ZSC_OK;
}

static zsc_status input_refused(const char *output, const named_file *input, const char *how)
{
    return input->option
               ? zsc_fail(ZSC_EUSAGE, "the output '%s' %s %s '%s': it would be lost; give the output another name",
                          output, how, input->option, input->path)
               : zsc_fail(ZSC_EUSAGE, "the output '%s' %s '%s': it would be lost; give the output another name", output,
                          how, input->path);
}

/* Whether FILE, or what it leads to as a link, is an entry of the folder INPUT. */
static zsc_status is_within(const char *file, const named_file *input, bool *within)
{
    struct stat parent;
    char *target = NULL;
    zsc_status status = zsc_output_target(file, &target);
    const char *const paths[] = {file, target};
    *within = false;
    for (size_t i = 0; i < 2 && status == ZSC_OK && !*within; i++) {
        bool found = false;
        status = stat_parent(paths[i], &parent, &found);
        *within = found && parent.st_dev == input->device && parent.st_ino == input->inode;
    }
    free(target);
    return status;
}

/* The output FILE (S: what is there, if THERE) against one input. */
static zsc_status compare(const char *file, bool there, const struct stat *s, const named_file *input)
{
    bool within = false;
    if (there && s->st_dev == input->device && s->st_ino == input->inode)
        return input_refused(file, input, "is the input");
    if (!input->folder) return ZSC_OK;
    zsc_status status = is_within(file, input, &within);
    if (status != ZSC_OK || !within) return status;
    if (there && (!input->results || zsc_text_ends(file, ".h5")))
        return input_refused(file, input, "is a part of the input");
    if (input->results && zsc_text_ends(last_part(file), ".h5"))
        return zsc_fail(ZSC_EUSAGE,
                        "the output '%s' is in the folder '%s' of results: it would be read as one of them the next "
                        "time; write it elsewhere, or under a name that does not end in .h5",
                        file, input->path);
    if (!input->results)
        return zsc_fail(ZSC_EUSAGE,
                        "the output '%s' is in the folder '%s', whose files are the input: it would be read as one of "
                        "them the next time; write it elsewhere",
                        file, input->path);
    return ZSC_OK;
}

/* Anything but embeddings in an HDF5 file would be lost when encoders are added to it. */
static bool can_be_added_to(const char *path)
{
    static const char *const known[] = {"id", "processid", "embeddings", "labels", "split", "dna_barcode"};
    zsc_h5 *file = NULL;
    zsc_list names = {0};
    bool good = zsc_h5_open(path, &file) == ZSC_OK && zsc_h5_has(file, "/embeddings") &&
                zsc_h5_children(file, "/", &names) == ZSC_OK;
    for (size_t i = 0; good && i < names.count; i++) {
        size_t k = 0;
        while (k < sizeof known / sizeof *known && strcmp(known[k], names.item[i]) != 0) k++;
        good = k < sizeof known / sizeof *known;
    }
    zsc_list_free(&names);
    zsc_h5_close(file);
    zsc_error_clear();
    return good;
}

/* Said before the work that the output is to hold, in the words of what would fail after it. */
static zsc_status check_parent(const char *path)
{
    struct stat parent;
    char *target = NULL;
    bool found = false;
    zsc_status status = zsc_output_target(path, &target);
    if (status == ZSC_OK) status = stat_parent(target, &parent, &found);
    if (status == ZSC_OK && !found) status = zsc_fail(ZSC_EINPUT, "cannot create '%s': %s", path, strerror(ENOENT));
    free(target);
    return status;
}

static zsc_status check_file(const char *path, cli_file use, const cli_common *common, const file_list *inputs)
{
    struct stat s;
    bool there = stat(path, &s) == 0;
    if (!zsc_output_is_file(path)) return ZSC_OK; /* a pipe or a device: nothing is replaced */
    if (there && S_ISDIR(s.st_mode)) return zsc_fail(ZSC_EINPUT, "cannot write '%s': it is a folder", path);
    zsc_status parent = there ? ZSC_OK : check_parent(path);
    if (parent != ZSC_OK) return parent;
    for (size_t i = 0; i < inputs->count; i++) {
        zsc_status status = compare(path, there, &s, &inputs->item[i]);
        if (status != ZSC_OK) return status;
    }
    if (use != CLI_ADDS_TO || (there && s.st_nlink > 1)) return zsc_check_replaceable(path, common->force);
    if (!there || s.st_size == 0 || common->force || zsc_written_by_us(path) || can_be_added_to(path)) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT,
                    "'%s' is there already, and zsc did not write it (and it holds more than embeddings); --force "
                    "replaces it",
                    path);
}

/* Whether a folder holds a file that may be an input. */
static bool holds_files(const char *path)
{
    DIR *entries = opendir(path);
    bool any = false;
    for (const struct dirent *e; entries && !any && (e = readdir(entries));) any = e->d_name[0] != '.';
    if (entries) closedir(entries);
    return any;
}

static zsc_status check_folder(const char *path, const file_list *inputs)
{
    struct stat s;
    if (stat(path, &s) != 0) return ZSC_OK;
    if (!S_ISDIR(s.st_mode)) return zsc_fail(ZSC_EINPUT, "'%s' is a file: a folder is expected for the output", path);
    for (size_t i = 0; i < inputs->count; i++)
        if (inputs->item[i].device == s.st_dev && inputs->item[i].inode == s.st_ino && holds_files(path))
            return zsc_fail(ZSC_EUSAGE,
                            "the output folder '%s' is the input '%s', whose files are read: give it another name",
                            path, inputs->item[i].path);
    return ZSC_OK;
}

/* Whether two outputs are written to one file: both are there and are one, or, links followed (also those that lead to
 * no file yet), their folders and their names are the same. */
static zsc_status is_same_file(const char *a, const char *b, bool *same)
{
    struct stat sa, sb;
    bool there_a = stat(a, &sa) == 0, there_b = stat(b, &sb) == 0;
    char *target_a = NULL, *target_b = NULL;
    zsc_status status = ZSC_OK;
    *same = there_a && there_b && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
    if (there_a || there_b) return ZSC_OK;
    ZSC_TRY(zsc_output_target(a, &target_a));
    ZSC_TRY(zsc_output_target(b, &target_b));
    if (strcmp(last_part(target_a), last_part(target_b)) != 0) goto done;
    ZSC_TRY(stat_parent(target_a, &sa, &there_a));
    ZSC_TRY(stat_parent(target_b, &sb, &there_b));
    *same = there_a && there_b && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
done:
    free(target_a);
    free(target_b);
    return status;
}

/* Whether both are one pipe or device, other than /dev/null, which keeps nothing. */
static bool is_one_stream(const char *a, const char *b)
{
    struct stat sa, sb, null;
    if (zsc_output_is_file(a) || zsc_output_is_file(b) || stat(a, &sa) != 0 || stat(b, &sb) != 0) return false;
    if (sa.st_dev != sb.st_dev || sa.st_ino != sb.st_ino) return false;
    return !(S_ISCHR(sa.st_mode) && stat("/dev/null", &null) == 0 && null.st_rdev == sa.st_rdev);
}

static zsc_status check_pair(const char *a, const char *b)
{
    bool same = false;
    if (is_one_stream(a, b))
        return zsc_fail(ZSC_EUSAGE, "two outputs go to one pipe or device, '%s' and '%s': they would be mixed", a, b);
    if (!zsc_output_is_file(a) || !zsc_output_is_file(b)) return ZSC_OK;
    zsc_status status = is_same_file(a, b, &same);
    if (status != ZSC_OK || !same) return status;
    return zsc_fail(ZSC_EUSAGE, "two outputs name the same file, '%s' and '%s': one of them would be lost", a, b);
}

/* The log is added to: what is there stays, but an input, or another output, is no log. */
static zsc_status check_log(const char *path, const file_list *inputs, const zsc_list *outputs)
{
    struct stat s;
    bool there = stat(path, &s) == 0;
    if (!zsc_output_is_file(path)) return ZSC_OK;
    for (size_t i = 0; i < inputs->count; i++) {
        zsc_status status = compare(path, there, &s, &inputs->item[i]);
        if (status != ZSC_OK) return status;
    }
    for (size_t i = 0; i < outputs->count; i++) {
        zsc_status status = check_pair(outputs->item[i], path);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

zsc_status cli_check_files(const cli_command *command, const void *arguments, char **operands, int count)
{
    zsc_status status = ZSC_OK;
    file_list inputs = {0};
    zsc_list outputs = {0};
    bool adds = false;
    const char *log_file = ((const cli_common *)arguments)->log_file;
    ZSC_TRY(add_inputs(command, arguments, operands, count, &inputs));
    if (strcmp(command->name, "info") != 0) ZSC_TRY(check_older_results(&inputs)); /* info describes damage */
    for (size_t i = 0; i < command->option_count; i++) {
        const cli_option *o = &command->options[i];
        const char *path = o->kind == CLI_TEXT ? *(const char *const *)((const char *)arguments + o->offset) : NULL;
        if (!path || !*path) continue;
        if (o->file == CLI_WRITES_FOLDER) ZSC_TRY(check_folder(path, &inputs));
        if (o->file != CLI_WRITES && o->file != CLI_ADDS_TO) continue;
        ZSC_TRY(zsc_list_add(&outputs, path));
        adds = adds || o->file == CLI_ADDS_TO; /* such a command has one output */
    }
    if (command->also_writes) ZSC_TRY(command->also_writes(arguments, &outputs));
    for (size_t i = 0; i < outputs.count; i++)
        for (size_t k = 0; k < i; k++) ZSC_TRY(check_pair(outputs.item[k], outputs.item[i]));
    for (size_t i = 0; i < outputs.count; i++)
        ZSC_TRY(check_file(outputs.item[i], adds ? CLI_ADDS_TO : CLI_WRITES, arguments, &inputs));
    if (log_file) ZSC_TRY(check_log(log_file, &inputs, &outputs));
done:
    zsc_list_free(&outputs);
    free_files(&inputs);
    return status;
}
