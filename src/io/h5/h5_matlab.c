/* Texts of MATLAB 7.3. An array of class char, n x length, is a dataset [length, n] of UTF-16 codes, in which texts are
 * padded with blanks. An array of class cell is a dataset of references, each to one text or number; what is empty has
 * the attribute MATLAB_empty, and holds its size instead. */
#include "io/h5/h5_matlab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/h5/h5_internal.h"

enum { CLASS_LENGTH = 32, DIGITS = 32 };
static const double exact = 9007199254740992.0; /* 2^53 */

/* --- Codes to UTF-8 */
static uint32_t code_at(const uint16_t *code, size_t count, size_t stride, size_t *i)
{
    uint32_t first = code[*i * stride];
    if (first < 0xd800 || first > 0xdbff || *i + 1 >= count) return first;
    uint32_t second = code[(*i + 1) * stride];
    if (second < 0xdc00 || second > 0xdfff) return first;
    ++*i;
    return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

static size_t put_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    size_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    to[0] = (char)(lead[more] | (code >> (6 * more)));
    for (size_t i = 1; i <= more; i++) to[i] = (char)(0x80 | ((code >> (6 * (more - i))) & 0x3f));
    return more + 1;
}

/* COUNT codes, STRIDE apart, without the blanks at their end. */
static zsc_status add_codes(const uint16_t *code, size_t count, size_t stride, zsc_list *out)
{
    char *text = zsc_malloc(count + 1, 3, "texts"), *end = text;
    if (!text) return ZSC_EINTERNAL;
    while (count > 0 && (code[(count - 1) * stride] == ' ' || code[(count - 1) * stride] == 0)) count--;
    for (size_t i = 0; i < count; i++) end += put_utf8(end, code_at(code, count, stride, &i));
    *end = '\0';
    zsc_status status = strlen(text) < (size_t)(end - text)
                            ? zsc_fail(ZSC_EINPUT, "text %zu holds a zero", out->count + 1)
                            : zsc_list_add(out, text);
    free(text);
    return status;
}

/* --- class char */
static zsc_status read_char(zsc_h5 *file, const char *object, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    hid_t dataset = H5I_INVALID_HID;
    zsc_h5_info info;
    uint16_t *code = NULL;
    ZSC_TRY(zsc_h5_dataset(file, object, &dataset, &info));
    if (info.type != ZSC_H5_INTEGER || info.rank != 2) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' is an array of texts in %d dimensions, expected one text per row",
                          file->path, object, info.rank);
        goto done;
    }
    ZSC_TRY(zsc_memory_check(NULL, info.shape[0] * info.shape[1] * sizeof *code, "texts of MATLAB"));
    ZSC_NEW_RAW(code, info.shape[0] * info.shape[1]);
    if (H5Dread(dataset, H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, code) < 0) {
        status = zsc_h5_fail(file, object, "read it");
        goto done;
    }
    for (size_t i = 0; i < info.shape[1] && status == ZSC_OK; i++)
        status = zsc_context(add_codes(code + i, info.shape[0], info.shape[1], out), "'%s:%s'", file->path, object);
done:
    free(code);
    zsc_h5_drop(dataset);
    return status;
}

/* --- class cell */
/* What MATLAB calls the class of an object; "": it does not say. */
static void class_of(hid_t id, char class[CLASS_LENGTH])
{
    hid_t attribute = H5I_INVALID_HID, type = H5Tcopy(H5T_C_S1);
    class[0] = '\0';
    if (H5Aexists(id, "MATLAB_class") > 0) attribute = H5Aopen(id, "MATLAB_class", H5P_DEFAULT);
    bool good = attribute >= 0 && type >= 0 && H5Tset_size(type, CLASS_LENGTH) >= 0 &&
                H5Aread(attribute, type, class) >= 0;
    if (!good) class[0] = '\0';
    class[CLASS_LENGTH - 1] = '\0';
    zsc_h5_drop(type);
    zsc_h5_drop(attribute);
}

typedef struct cell {
    zsc_h5 *file;
    const char *object;
    size_t number; /* from 1 */
} cell;

static zsc_status refuse(const cell *c, const char *what)
{
    return zsc_fail(ZSC_EINPUT, "'%s:%s': element %zu of the cell array is %s, expected one text or whole number",
                    c->file->path, c->object, c->number, *what ? what : "of no class of MATLAB");
}

static zsc_status read_number(const cell *c, hid_t id, zsc_list *out)
{
    double value = NAN;
    char text[DIGITS] = "";
    if (H5Dread(id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) < 0)
        return zsc_h5_fail(c->file, c->object, "read it");
    if (isnan(value)) return zsc_list_add(out, "");
    if (value != trunc(value) || fabs(value) > exact) return refuse(c, "a fraction, or beyond 2^53");
    snprintf(text, sizeof text, "%.0f", value + 0.0);
    return zsc_list_add(out, text);
}

static zsc_status read_text(const cell *c, hid_t id, size_t count, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    uint16_t *code = NULL;
    ZSC_TRY(zsc_memory_check(NULL, count * sizeof *code, "texts of MATLAB"));
    ZSC_NEW_RAW(code, count);
    status = H5Dread(id, H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, code) < 0
                 ? zsc_h5_fail(c->file, c->object, "read it")
                 : zsc_context(add_codes(code, count, 1, out), "'%s:%s'", c->file->path, c->object);
done:
    free(code);
    return status;
}

/* One element: a dataset of which one dimension at most is not 1. */
static zsc_status read_element(const cell *c, hid_t id, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    char class[CLASS_LENGTH];
    hid_t type = H5I_INVALID_HID;
    zsc_h5_info info = {0};
    class_of(id, class);
    bool text = strcmp(class, "char") == 0;
    if (H5Iget_type(id) != H5I_DATASET) return refuse(c, *class ? class : "a group");
    if (H5Aexists(id, "MATLAB_empty") > 0) {
        if (!text && strcmp(class, "double") != 0) return refuse(c, class);
        return zsc_list_add(out, "");
    }
    ZSC_TRY(zsc_h5_space(c->file, c->object, id, &info));
    if ((type = H5Dget_type(id)) < 0) {
        status = zsc_h5_fail(c->file, c->object, "read its type");
        goto done;
    }
    zsc_h5_describe_type(type, &info);
    size_t count = 1, longest = 1;
    for (int i = 0; i < info.rank; i++) {
        count *= info.shape[i];
        if (info.shape[i] > longest) longest = info.shape[i];
    }
    bool number = info.type == ZSC_H5_FLOAT || info.type == ZSC_H5_INTEGER;
    if (text && count == 0)
        status = zsc_list_add(out, "");
    else if (text && number && count == longest)
        status = read_text(c, id, count, out);
    else if (!text && number && count == 1 && strcmp(class, "logical") != 0)
        status = read_number(c, id, out);
    else
        status = refuse(c, text ? "several texts" : class);
done:
    zsc_h5_drop(type);
    return status;
}

static zsc_status read_cell(zsc_h5 *file, const char *object, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    hid_t dataset = H5I_INVALID_HID, type = H5I_INVALID_HID, element = H5I_INVALID_HID;
    zsc_h5_info info;
    hobj_ref_t *reference = NULL;
    size_t count = 1;
    ZSC_TRY(zsc_h5_dataset(file, object, &dataset, &info));
    for (int i = 0; i < info.rank; i++) count *= info.shape[i];
    type = H5Dget_type(dataset);
    if (type < 0 || H5Tequal(type, H5T_STD_REF_OBJ) <= 0) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s, expected a cell array's references", file->path, object,
                          info.type_name);
        goto done;
    }
    ZSC_TRY(zsc_memory_check(NULL, count * sizeof *reference, "texts of MATLAB"));
    ZSC_NEW_RAW(reference, count);
    if (H5Dread(dataset, H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, reference) < 0) {
        status = zsc_h5_fail(file, object, "read it");
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        const cell c = {file, object, i + 1};
        element = H5Rdereference2(dataset, H5P_DEFAULT, H5R_OBJECT, &reference[i]);
        ZSC_TRY(element < 0 ? zsc_h5_fail(file, object, "follow a reference") : read_element(&c, element, out));
        zsc_h5_drop(element);
        element = H5I_INVALID_HID;
    }
done:
    free(reference);
    zsc_h5_drop(element);
    zsc_h5_drop(type);
    zsc_h5_drop(dataset);
    return status;
}

zsc_status zsc_h5_matlab_texts(zsc_h5 *file, const char *object, const char *class, zsc_list *out)
{
    zsc_status status = strcmp(class, "cell") == 0 ? read_cell(file, object, out) : read_char(file, object, out);
    if (status != ZSC_OK) zsc_list_free(out);
    return status;
}
