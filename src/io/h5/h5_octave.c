/* Variables of Octave (save -hdf5): libinterp/octave-value/ov*.cc, functions save_hdf5, of Octave 7.3 write them. Texts
 * are bytes; a cell array is a group of its elements _0, _1, ... in numbers of one width, and of its dimensions. What
 * is empty has the attribute OCTAVE_EMPTY_MATRIX, and holds its size instead. */
#include "io/h5/h5_octave.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/h5/h5_internal.h"

static const double exact = 9007199254740992.0; /* 2^53 */

bool zsc_h5_is_octave(zsc_h5 *file, const char *object)
{
    return zsc_h5_has(file, object) && zsc_h5_has_attribute(file, object, "OCTAVE_NEW_FORMAT");
}

/* The text of the scalar OBJECT/type. */
static zsc_status read_type(zsc_h5 *file, const char *object, char *type, size_t size)
{
    zsc_status status = ZSC_OK;
    hid_t dataset = H5I_INVALID_HID, kind = H5I_INVALID_HID;
    zsc_h5_info info;
    char *path = zsc_asprintf("%s/type", object);
    if (!path) return ZSC_EINTERNAL;
    memset(type, 0, size);
    ZSC_TRY(zsc_h5_dataset(file, path, &dataset, &info));
    kind = H5Tcopy(H5T_C_S1);
    if (info.type != ZSC_H5_STRING || info.rank != 0 || info.bytes >= size)
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s, expected the name of a type of Octave", file->path, path,
                          info.type_name);
    else if (kind < 0 || H5Tset_size(kind, size) < 0 || H5Dread(dataset, kind, H5S_ALL, H5S_ALL, H5P_DEFAULT, type) < 0)
        status = zsc_h5_fail(file, path, "read it");
    type[size - 1] = '\0';
done:
    zsc_h5_drop(kind);
    zsc_h5_drop(dataset);
    free(path);
    return status;
}

/* What MATLAB calls TYPE. */
static void class_of(const char *type, char *class, size_t size)
{
    static const struct {
        const char *type, *class;
    } known[] = {{"matrix", "double"},        {"scalar", "double"},        {"float matrix", "single"},
                 {"float scalar", "single"},  {"bool matrix", "logical"},  {"bool", "logical"},
                 {"string", "char"},          {"sq_string", "char"},       {"double_range", "range"},
                 {"scalar struct", "struct"}, {"sparse matrix", "sparse"}, {"null_matrix", "double"},
                 {"null_string", "char"},     {"null_sq_string", "char"}};
    snprintf(class, size, "%s", type);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].type, type) == 0) snprintf(class, size, "%s", known[i].class);
    char *space = strchr(class, ' '); /* "int32 matrix", "complex matrix" */
    if (space) *space = '\0';
}

/* The two dimensions of a cell array, or of what is empty; other numbers of them leave rank 0. */
static zsc_status read_dimensions(zsc_h5 *file, const char *object, zsc_h5_info *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    int64_t size[2];
    ZSC_TRY(zsc_h5_stat(file, object, &info));
    out->rank = 0;
    if (info.type != ZSC_H5_INTEGER || info.rank != 1 || info.shape[0] != 2) goto done;
    ZSC_TRY(zsc_h5_read(file, object, ZSC_H5_I64, 1, info.shape, size));
    for (int i = 0; i < 2; i++) {
        if (size[i] < 0 || size[i] > INT32_MAX) {
            status = zsc_fail(ZSC_EINPUT, "'%s:%s': dimension %d is %lld, expected a number of elements", file->path,
                              object, i + 1, (long long)size[i]);
            goto done;
        }
        out->shape[i] = (size_t)size[i];
    }
    out->rank = 2;
done:
    return status;
}

zsc_status zsc_h5_octave_describe(zsc_h5 *file, const char *object, char **values, char class[ZSC_H5_CLASS],
                                  zsc_h5_info *info)
{
    zsc_status status = ZSC_OK;
    char type[ZSC_H5_CLASS], *dims = NULL;
    if (!(*values = zsc_asprintf("%s/value", object))) return ZSC_EINTERNAL;
    ZSC_TRY(read_type(file, object, type, sizeof type));
    class_of(type, class, ZSC_H5_CLASS);
    ZSC_TRY(zsc_h5_stat(file, *values, info));
    bool cell = strcmp(class, "cell") == 0 && info->is_group;
    if (cell && !(dims = zsc_asprintf("%s/dims", *values))) status = ZSC_EINTERNAL;
    if (status == ZSC_OK && (cell || zsc_h5_has_attribute(file, object, "OCTAVE_EMPTY_MATRIX")))
        status = read_dimensions(file, cell ? dims : *values, info);
done:
    free(dims);
    return status;
}

/* --- Texts */
/* LENGTH bytes, STRIDE apart, without the blanks at their end. */
static zsc_status add_bytes(const char *byte, size_t length, size_t stride, zsc_list *out)
{
    while (length > 0 && (byte[(length - 1) * stride] == ' ' || byte[(length - 1) * stride] == '\0')) length--;
    char *text = zsc_malloc(length + 1, 1, "texts");
    if (!text) return ZSC_EINTERNAL;
    for (size_t i = 0; i < length; i++) text[i] = byte[i * stride];
    text[length] = '\0';
    zsc_status status = strlen(text) < length ? zsc_fail(ZSC_EINPUT, "text %zu holds a zero", out->count + 1)
                                              : zsc_list_add(out, text);
    free(text);
    return status;
}

/* A matrix of letters [length, n]: a text per row. */
static zsc_status read_letters(zsc_h5 *file, const char *values, const zsc_h5_info *shape, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    size_t length = shape->shape[0], n = shape->shape[1];
    char *byte = NULL;
    hid_t dataset = H5I_INVALID_HID;
    zsc_h5_info info;
    if (length * n == 0) return zsc_fail(ZSC_EINPUT, "'%s:%s' is empty", file->path, values);
    ZSC_TRY(zsc_memory_check(NULL, length * n, "texts of Octave"));
    ZSC_NEW_RAW(byte, length * n);
    ZSC_TRY(zsc_h5_dataset(file, values, &dataset, &info));
    ZSC_TRY(zsc_h5_expect(file, values, &info, 2, shape->shape));
    if (info.type != ZSC_H5_INTEGER || info.bytes != 1) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s, expected letters of Octave", file->path, values,
                          info.type_name);
        goto done;
    }
    if (H5Dread(dataset, info.is_signed ? H5T_NATIVE_SCHAR : H5T_NATIVE_UCHAR, H5S_ALL, H5S_ALL, H5P_DEFAULT, byte) < 0)
        status = zsc_h5_fail(file, values, "read it");
    for (size_t i = 0; i < n && status == ZSC_OK; i++)
        status = zsc_context(add_bytes(byte + i, length, n, out), "'%s:%s'", file->path, values);
done:
    zsc_h5_drop(dataset);
    free(byte);
    return status;
}

static zsc_status read_element(zsc_h5 *file, const char *object, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    char class[ZSC_H5_CLASS], *values = NULL, text[32] = "";
    zsc_h5_info x;
    double value = NAN;
    ZSC_TRY(zsc_h5_octave_describe(file, object, &values, class, &x));
    bool letters = strcmp(class, "char") == 0, empty = x.rank == 2 && (x.shape[0] == 0 || x.shape[1] == 0);
    bool number = (x.type == ZSC_H5_FLOAT || x.type == ZSC_H5_INTEGER) && x.rank == 0;
    if (empty && (letters || strcmp(class, "double") == 0)) {
        status = zsc_list_add(out, "");
    } else if (letters && x.rank == 2 && x.shape[1] == 1) {
        status = read_letters(file, values, &x, out);
    } else if (number && strcmp(class, "logical") != 0) {
        ZSC_TRY(zsc_h5_read(file, values, ZSC_H5_F64, 0, NULL, &value));
        if (isnan(value) || (value == trunc(value) && fabs(value) <= exact)) {
            if (!isnan(value)) snprintf(text, sizeof text, "%.0f", value + 0.0);
            status = zsc_list_add(out, text);
        } else {
            status = zsc_fail(ZSC_EINPUT, "'%s:%s' is a fraction, or beyond 2^53, expected one text or whole number",
                              file->path, object);
        }
    } else {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' is %s, expected one text or whole number", file->path, object,
                          letters ? "several texts" : class);
    }
done:
    free(values);
    return status;
}

static zsc_status read_cell(zsc_h5 *file, const char *values, size_t count, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    int digits = 1;
    for (size_t i = count; i >= 10; i /= 10) digits++;
    for (size_t i = 0; i < count && status == ZSC_OK; i++) {
        char *object = zsc_asprintf("%s/_%0*zu", values, digits, i);
        status = object ? read_element(file, object, out) : ZSC_EINTERNAL;
        free(object);
    }
    return status;
}

zsc_status zsc_h5_octave_texts(zsc_h5 *file, const char *values, const char *class, const zsc_h5_info *info,
                               zsc_list *out)
{
    if (info->rank != 2)
        return zsc_fail(ZSC_EINPUT, "'%s:%s' is a %s of Octave of more than two dimensions", file->path, values, class);
    return strcmp(class, "cell") == 0 ? read_cell(file, values, info->shape[0] * info->shape[1], out)
                                      : read_letters(file, values, info, out);
}
