/* Names of the files of clusters beside a linkage that is no HDF5. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/commands/ward_parts.h"
#include "io/files/atomic.h"

static bool is_number(const char *word) { return *word && word[strspn(word, "0123456789")] == '\0'; }

/* K of the file name STEM-K.npy, where ENDING is .npy; NULL for another name. *length: its digits. */
static const char *number_of(const char *name, const char *stem, size_t stem_length, const char *ending, size_t *length)
{
    if (strncmp(name, stem, stem_length) != 0 || name[stem_length] != '-') return NULL;
    const char *k = name + stem_length + 1;
    *length = strspn(k, "0123456789");
    return *length > 0 && strcmp(k + *length, ending) == 0 ? k : NULL;
}

/* Whether there are as many clusters as a rank has classes, or a height gives. */
static bool has_unknown_number(const cli_ward *a)
{
    for (size_t i = 0; i < a->clusters.count; i++)
        if (!is_number(a->clusters.item[i])) return true;
    return a->cut_height >= 0 || a->cut_standardised >= 0 || a->cut != ZSC_CUT_CLUSTERS;
}

static zsc_status add_once(zsc_list *paths, const char *path)
{
    for (size_t i = 0; i < paths->count; i++)
        if (strcmp(paths->item[i], path) == 0) return ZSC_OK;
    return zsc_list_add(paths, path);
}

/* STEM-K.npy of the numbers that are asked for; STEM is without its ending. */
static zsc_status add_numbered(const cli_ward *a, const char *stem, const char *ending, zsc_list *paths)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < a->clusters.count && status == ZSC_OK; i++) {
        const char *word = a->clusters.item[i];
        if (!is_number(word)) continue;
        word += strspn(word, "0");
        char *path = zsc_asprintf("%s-%s%s", stem, word, ending);
        status = path ? add_once(paths, path) : ZSC_EINTERNAL;
        free(path);
    }
    return status;
}

/* The number of clusters of a rank or a height is not known yet: every existing STEM-K.npy counts, and so does the file
 * of
 * --newick if its name is of this form. */
static zsc_status add_possible(const cli_ward *a, const char *stem, const char *ending, zsc_list *paths)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    const char *slash = strrchr(stem, '/'), *name = slash ? slash + 1 : stem;
    char *newick = NULL, *folder = zsc_strndup(stem, (size_t)(name - stem));
    DIR *entries = folder ? opendir(*folder ? folder : ".") : NULL;
    if (!folder) status = ZSC_EINTERNAL;
    for (const struct dirent *e; entries && status == ZSC_OK && (e = readdir(entries));)
        status = zsc_list_add(&names, e->d_name);
    if (status != ZSC_OK) goto done;
    if (a->newick) {
        ZSC_TRY(zsc_output_target(a->newick, &newick));
        ZSC_TRY(zsc_list_add(&names, (slash = strrchr(newick, '/')) ? slash + 1 : newick));
    }
    for (size_t i = 0, digits; i < names.count; i++) {
        if (!number_of(names.item[i], name, strlen(name), ending, &digits)) continue;
        char *path = zsc_asprintf("%s%s", folder, names.item[i]);
        status = path ? add_once(paths, path) : ZSC_EINTERNAL;
        free(path);
        if (status != ZSC_OK) goto done;
    }
done:
    if (entries) closedir(entries);
    zsc_list_free(&names);
    free(newick);
    free(folder);
    return status;
}

zsc_status cli_ward_also_writes(const void *data, zsc_list *paths)
{
    const cli_ward *a = data;
    zsc_list mine = {0};
    if (!a->output || !cli_ward_has_files_beside(a->output)) return ZSC_OK;
    const char *ending = strrchr(a->output, '.');
    char *stem = zsc_strndup(a->output, (size_t)(ending - a->output));
    zsc_status status = stem ? add_numbered(a, stem, ending, &mine) : ZSC_EINTERNAL;
    if (status == ZSC_OK && has_unknown_number(a)) status = add_possible(a, stem, ending, &mine);
    for (size_t i = 0; i < mine.count && status == ZSC_OK; i++) status = zsc_list_add(paths, mine.item[i]);
    zsc_list_free(&mine);
    free(stem);
    return status;
}
