#include "io/labels/metadata.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/labels/column_names.h"
#include "io/formats/format.h"

/* The columns that are no ranks, and dna_bin; with the other names that each goes by without the user's saying. nuc is
 * the barcode in BOLD's data packages, nucraw in its older downloads. */
static const char *const other_names[][3] = {
    {"processid", "id", NULL},
    {"split", NULL, NULL},
    {"dna_barcode", "nuc", "nucraw"},
    {"dna_bin", "bin_uri", NULL},
};
enum { OTHER_NAMES = sizeof other_names / sizeof *other_names };

/* zsc's own name in any case. */
static bool is_known(const char *name) { return strcasecmp(name, other_names[0][0]) == 0 || zsc_known_column(name); }

/* Whether a rule is that for NAME: zsc's own names in any case. */
static bool is_rule_for(const char *rule, const char *name, size_t length)
{
    char own[ZSC_LONGEST_COLUMN + 1];
    if (strcspn(rule, "=") != length || length >= sizeof own) return false;
    memcpy(own, name, length);
    own[length] = '\0';
    return is_known(own) ? strncasecmp(rule, name, length) == 0 : strncmp(rule, name, length) == 0;
}

/* The column of the rule for NAME; NULL: there is none. */
static const char *ruled(const zsc_columns *columns, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; columns && i < columns->count; i++)
        if (is_rule_for(columns->rule[i], name, length)) return columns->rule[i] + length + 1;
    return NULL;
}

zsc_csv_column zsc_metadata_column(const zsc_columns *columns, const char *name, bool required,
                                   const char *names[ZSC_COLUMN_NAMES])
{
    const char *own = ruled(columns, name);
    for (size_t i = 0; i < ZSC_COLUMN_NAMES; i++) names[i] = NULL;
    names[0] = own ? own : name;
    for (size_t i = 0; !own && i < OTHER_NAMES; i++)
        if (strcmp(name, other_names[i][0]) == 0) names[1] = other_names[i][1], names[2] = other_names[i][2];
    return (zsc_csv_column){names, required || own};
}

bool zsc_columns_rename(const zsc_columns *columns, const char *name) { return ruled(columns, name) != NULL; }

bool zsc_metadata_is_known(const char *name)
{
    for (size_t i = 0; i < OTHER_NAMES; i++)
        for (size_t k = 0; k < 3 && other_names[i][k]; k++)
            if (strcasecmp(name, other_names[i][k]) == 0) return true;
    return zsc_format_id_rank(name) > 0;
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
        if (strncasecmp(rule, "id=", 3) == 0)
            return zsc_fail(ZSC_EUSAGE, "the column of ids is called processid here, as in processid=%s", rule + 3);
        if (length > ZSC_LONGEST_COLUMN)
            return zsc_fail(ZSC_EUSAGE, "the name in column '%s' is longer than %d bytes", rule, ZSC_LONGEST_COLUMN);
        for (size_t k = 0; k < i; k++)
            if (is_rule_for(columns->rule[k], rule, length))
                return zsc_fail(ZSC_EUSAGE, "two columns are given for %.*s: '%s' and '%s'", (int)length, rule,
                                columns->rule[k], rule);
    }
    if (columns->count && !metadata)
        return zsc_fail(ZSC_EUSAGE, "column '%s' is one of the metadata, and no metadata is given", columns->rule[0]);
    return ZSC_OK;
}

size_t zsc_metadata_find(const zsc_csv_column *column, const zsc_list *header)
{
    for (const char *const *name = column->names; *name; name++) {
        size_t found = SIZE_MAX;
        for (size_t i = 0; i < header->count; i++) {
            if (strcmp(header->item[i], *name) == 0) return i;
            if (found == SIZE_MAX && strcasecmp(header->item[i], *name) == 0) found = i;
        }
        if (found != SIZE_MAX) return found;
    }
    return SIZE_MAX;
}
