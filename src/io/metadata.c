#include "io/metadata.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

/* The columns that are no ranks, and dna_bin; with the second name that each goes by without the user's saying. */
static const char *const second_names[][2] = {
    {"processid", "id"},
    {"split", NULL},
    {"dna_barcode", "nuc"},
    {"dna_bin", "bin_uri"},
};
enum { SECOND_NAMES = sizeof second_names / sizeof *second_names };

static const char *second_name(const char *name)
{
    for (size_t i = 0; i < SECOND_NAMES; i++)
        if (strcmp(name, second_names[i][0]) == 0) return second_names[i][1];
    return NULL;
}

/* The column of the rule for NAME; NULL: there is none. */
static const char *ruled(const zsc_columns *columns, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; columns && i < columns->count; i++)
        if (strncmp(columns->rule[i], name, length) == 0 && columns->rule[i][length] == '=')
            return columns->rule[i] + length + 1;
    return NULL;
}

zsc_csv_column zsc_metadata_column(const zsc_columns *columns, const char *name, bool required,
                                   const char *names[ZSC_COLUMN_NAMES])
{
    const char *own = ruled(columns, name);
    names[0] = own ? own : name;
    names[1] = own ? NULL : second_name(name);
    names[2] = NULL;
    return (zsc_csv_column){names, required || own};
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < SECOND_NAMES; i++)
        if (strcmp(name, second_names[i][0]) == 0) return true;
    for (size_t i = 0; i < zsc_rank_count; i++)
        if (strcmp(name, zsc_rank_names[i]) == 0) return true;
    return false;
}

zsc_status zsc_columns_own(const zsc_columns *columns, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < columns->count && status == ZSC_OK; i++) {
        char *name = zsc_strndup(columns->rule[i], strcspn(columns->rule[i], "="));
        if (!name) return ZSC_EINTERNAL;
        if (!is_known(name)) status = zsc_list_add(out, name);
        free(name);
    }
    return status;
}

zsc_status zsc_columns_check(const zsc_columns *columns, const char *metadata)
{
    for (size_t i = 0; i < columns->count; i++) {
        const char *rule = columns->rule[i];
        size_t length = strcspn(rule, "=");
        if (length == 0 || !rule[length] || !rule[length + 1] || memchr(rule, '/', length))
            return zsc_fail(ZSC_EUSAGE, "column expects NAME=COLUMN, such as family=Familia, not '%s'", rule);
        if (strncmp(rule, "id=", 3) == 0)
            return zsc_fail(ZSC_EUSAGE, "the column of ids is called processid here, as in processid=%s", rule + 3);
        if (length > ZSC_LONGEST_COLUMN)
            return zsc_fail(ZSC_EUSAGE, "the name in column '%s' is longer than %d bytes", rule, ZSC_LONGEST_COLUMN);
        for (size_t k = 0; k < i; k++)
            if (strncmp(columns->rule[k], rule, length + 1) == 0)
                return zsc_fail(ZSC_EUSAGE, "two columns are given for %.*s: '%s' and '%s'", (int)length, rule,
                                columns->rule[k], rule);
    }
    if (columns->count && !metadata)
        return zsc_fail(ZSC_EUSAGE, "column '%s' is one of the metadata, and no metadata is given", columns->rule[0]);
    return ZSC_OK;
}
