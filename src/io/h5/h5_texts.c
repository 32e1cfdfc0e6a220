/* Columns of ids and labels as text, whatever type the file has them in: strings as they are, whole numbers in decimal,
 * enumerations by the names of their members. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/h5/h5_internal.h"

enum { DIGITS = 24 };

zsc_status zsc_h5_check_texts(zsc_h5 *file, const char *object, const zsc_h5_info *info)
{
    bool known = info->type == ZSC_H5_STRING || info->type == ZSC_H5_INTEGER || info->type == ZSC_H5_ENUM ||
                 info->type == ZSC_H5_FLOAT;
    if (info->is_group || !known)
        return zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s%s, expected strings, whole numbers or an enumeration", file->path,
                        object, info->is_group ? "a " : "", info->type_name);
    if (info->rank == 1 || (info->rank == 2 && info->shape[1] == 1)) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s:%s' has %d dimensions, expected one", file->path, object, info->rank);
}

/* COUNT empty texts of up to DIGITS bytes each, in one block. */
static char **new_texts(size_t count)
{
    size_t bytes;
    char **text = __builtin_mul_overflow(count, sizeof *text + DIGITS, &bytes) ? NULL : malloc(bytes + 1);
    if (!text) {
        zsc_fail_memory(count, sizeof *text + DIGITS, "labels");
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        text[i] = (char *)(text + count) + i * DIGITS;
        text[i][0] = '\0';
    }
    return text;
}

/* --- Integers */
static zsc_status read_integers(zsc_h5 *file, const char *object, bool is_signed, size_t first, size_t count,
                                char ***out)
{
    zsc_status status = ZSC_OK;
    int64_t *value = NULL;
    char **text = NULL;
    ZSC_NEW(value, count);
    ZSC_TRY(zsc_h5_read_rows(file, object, is_signed ? ZSC_H5_I64 : ZSC_H5_U64, first, count, 1, value));
    if (!(text = new_texts(count))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    for (size_t i = 0; i < count; i++)
        if (is_signed)
            snprintf(text[i], DIGITS, "%" PRId64, value[i]);
        else
            snprintf(text[i], DIGITS, "%" PRIu64, (uint64_t)value[i]);
    *out = text;
done:
    free(value);
    return status;
}

/* Whole numbers that pandas made floats, because some were missing: those are NaN, and empty here. */
static zsc_status read_floats(zsc_h5 *file, const char *object, size_t first, size_t count, char ***out)
{
    enum { EXACT = 1LL << 53 };
    zsc_status status = ZSC_OK;
    double *value = NULL;
    char **text = NULL;
    ZSC_NEW(value, count);
    ZSC_TRY(zsc_h5_read_rows(file, object, ZSC_H5_F64, first, count, 1, value));
    if (!(text = new_texts(count))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        if (isnan(value[i])) continue;
        if (value[i] != trunc(value[i]) || fabs(value[i]) > (double)EXACT) {
            status = zsc_fail(
                ZSC_EINPUT,
                "'%s:%s': row %zu holds %.9g, expected a whole number, which is the name of an id or a class",
                file->path, object, first + i + 1, value[i]);
            goto done;
        }
        snprintf(text[i], DIGITS, "%.0f", value[i] + 0.0); /* no -0 */
    }
    *out = text;
    text = NULL;
done:
    free(value);
    free(text);
    return status;
}

/* --- Enumerations */
typedef struct member {
    int64_t value;
    char *name; /* HDF5's */
} member;

static int by_value(const void *a, const void *b)
{
    int64_t x = ((const member *)a)->value, y = ((const member *)b)->value;
    return (x > y) - (x < y);
}

static zsc_status list_members(zsc_h5 *file, const char *object, hid_t type, member *members, size_t count)
{
    hid_t base = H5Tget_super(type);
    for (size_t i = 0; i < count; i++) {
        union {
            int64_t value;
            char bytes[16];
        } u = {0};
        if (base < 0 || H5Tget_size(base) > sizeof u || H5Tget_member_value(type, (unsigned)i, &u) < 0 ||
            H5Tconvert(base, H5T_NATIVE_INT64, 1, &u, NULL, H5P_DEFAULT) < 0 ||
            !(members[i].name = H5Tget_member_name(type, (unsigned)i))) {
            zsc_h5_drop(base);
            return zsc_h5_fail(file, object, "read the members of its type");
        }
        members[i].value = u.value;
    }
    zsc_h5_drop(base);
    qsort(members, count, sizeof *members, by_value);
    return ZSC_OK;
}

static zsc_status name_values(const zsc_h5 *file, const char *object, const int64_t *value, size_t first, size_t count,
                              const member *members, size_t known, size_t longest, char ***out)
{
    char **text = malloc(count * (sizeof *text + longest + 1) + 1);
    if (!text) return zsc_fail_memory(count, sizeof *text + longest + 1, "labels");
    for (size_t i = 0; i < count; i++) {
        const member key = {value[i], NULL}, *found = bsearch(&key, members, known, sizeof key, by_value);
        if (!found) {
            free(text);
            return zsc_fail(ZSC_EINPUT, "'%s:%s': row %zu holds %" PRId64 ", which its enumeration does not name",
                            file->path, object, first + i + 1, value[i]);
        }
        text[i] = (char *)(text + count) + i * (longest + 1);
        memcpy(text[i], found->name, strlen(found->name) + 1);
    }
    *out = text;
    return ZSC_OK;
}

static zsc_status read_members(zsc_h5 *file, const char *object, size_t first, size_t count, char ***out)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    hid_t dataset = H5I_INVALID_HID, type = H5I_INVALID_HID;
    int64_t *value = NULL;
    member *members = NULL;
    size_t longest = 0, known = 0;
    ZSC_TRY(zsc_h5_dataset(file, object, &dataset, &info));
    type = H5Dget_type(dataset);
    int named = type < 0 ? -1 : H5Tget_nmembers(type);
    if (named < 0) {
        status = zsc_h5_fail(file, object, "read its type");
        goto done;
    }
    ZSC_NEW(members, (size_t)named);
    ZSC_NEW(value, count);
    known = (size_t)named;
    ZSC_TRY(list_members(file, object, type, members, known));
    for (size_t i = 0; i < known; i++)
        if (strlen(members[i].name) > longest) longest = strlen(members[i].name);
    ZSC_TRY(zsc_h5_read_rows(file, object, ZSC_H5_I64, first, count, 1, value));
    status = name_values(file, object, value, first, count, members, known, longest, out);
done:
    for (size_t i = 0; i < known; i++)
        if (members[i].name) H5free_memory(members[i].name);
    free(members);
    free(value);
    zsc_h5_drop(type);
    zsc_h5_drop(dataset);
    return status;
}

/* --- Either */
zsc_status zsc_h5_read_text_rows(zsc_h5 *file, const char *object, size_t first, size_t count, char ***out)
{
    zsc_h5_info info;
    zsc_status status = zsc_h5_stat(file, object, &info);
    if (status == ZSC_OK) status = zsc_h5_check_texts(file, object, &info);
    if (status != ZSC_OK) return status;
    switch (info.type) {
    case ZSC_H5_INTEGER: return read_integers(file, object, info.is_signed, first, count, out);
    case ZSC_H5_FLOAT: return read_floats(file, object, first, count, out);
    case ZSC_H5_ENUM: return read_members(file, object, first, count, out);
    default: return zsc_h5_read_string_rows(file, object, first, count, out);
    }
}

zsc_status zsc_h5_read_label_rows(zsc_h5 *file, const char *object, size_t first, size_t count, char ***out)
{
    zsc_h5_info info;
    zsc_status status = zsc_h5_stat(file, object, &info);
    if (status == ZSC_OK) status = zsc_h5_read_text_rows(file, object, first, count, out);
    if (status != ZSC_OK || info.type == ZSC_H5_STRING || info.type == ZSC_H5_ENUM) return status;
    for (size_t i = 0; i < count; i++)
        if (strcmp((*out)[i], "-1") == 0) (*out)[i][0] = '\0';
    return ZSC_OK;
}
