/* HDF5 attributes. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/h5/h5_internal.h"

/* --- Writing */
/* What is not there becomes a group. */
static zsc_status make_owner(zsc_h5 *file, const char *object)
{
    if (zsc_h5_has(file, object)) return ZSC_OK;
    char *inside = zsc_asprintf("%s/", object);
    zsc_status status = inside ? zsc_h5_make_groups(file, inside) : ZSC_EINTERNAL;
    free(inside);
    return status;
}

static zsc_status set(zsc_h5 *file, const char *object, const char *name, hid_t disk, hid_t native, const void *value)
{
    zsc_status status = make_owner(file, object);
    if (status != ZSC_OK) return status;
    hid_t space = H5Screate(H5S_SCALAR), attribute = H5I_INVALID_HID;
    if (H5Aexists_by_name(file->id, object, name, H5P_DEFAULT) > 0)
        H5Adelete_by_name(file->id, object, name, H5P_DEFAULT);
    attribute = H5Acreate_by_name(file->id, object, name, disk, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, native, value) < 0)
        status = zsc_h5_fail(file, object, "write an attribute");
    zsc_h5_drop(attribute);
    zsc_h5_drop(space);
    return status == ZSC_OK ? zsc_h5_written(file) : status;
}

zsc_status zsc_h5_set_text(zsc_h5 *file, const char *object, const char *name, const char *value)
{
    enum { MOST_FIXED = 60000 }; /* an attribute holds 64 KB; a longer text goes to the file's heap */
    size_t length = strlen(value);
    bool variable = length > MOST_FIXED;
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, variable ? H5T_VARIABLE : length ? length : 1);
    H5Tset_cset(type, H5T_CSET_UTF8);
    H5Tset_strpad(type, variable ? H5T_STR_NULLTERM : H5T_STR_NULLPAD);
    zsc_status status = set(file, object, name, type, type, variable ? (const void *)&value : value);
    zsc_h5_drop(type);
    return status;
}

zsc_status zsc_h5_set_text_list(zsc_h5 *file, const char *object, const char *name, const char *const *values,
                                size_t count)
{
    zsc_status status = make_owner(file, object);
    if (status != ZSC_OK) return status;
    hsize_t extent = count;
    hid_t type = H5Tcopy(H5T_C_S1), attribute = H5I_INVALID_HID,
          space = count == ZSC_H5_SCALAR ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &extent, NULL);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    attribute = H5Acreate_by_name(file->id, object, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || (count > 0 && H5Awrite(attribute, type, values) < 0))
        status = zsc_h5_fail(file, object, "write an attribute");
    zsc_h5_drop(attribute);
    zsc_h5_drop(space);
    zsc_h5_drop(type);
    return status == ZSC_OK ? zsc_h5_written(file) : status;
}

/* Truth as h5py writes it: an enumeration. */
zsc_status zsc_h5_set_bool(zsc_h5 *file, const char *object, const char *name, bool value)
{
    int8_t no = 0, yes = 1, byte = value;
    hid_t type = H5Tenum_create(H5T_NATIVE_INT8);
    H5Tenum_insert(type, "FALSE", &no);
    H5Tenum_insert(type, "TRUE", &yes);
    zsc_status status = set(file, object, name, type, type, &byte);
    zsc_h5_drop(type);
    return status;
}

zsc_status zsc_h5_set_double(zsc_h5 *file, const char *object, const char *name, double value)
{
    return set(file, object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

zsc_status zsc_h5_set_int(zsc_h5 *file, const char *object, const char *name, int64_t value)
{
    return set(file, object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

/* --- Reading */
bool zsc_h5_has_attribute(zsc_h5 *file, const char *object, const char *name)
{
    return H5Aexists_by_name(file->id, object, name, H5P_DEFAULT) > 0;
}

/* *out stays invalid where there is no such attribute. */
static zsc_status open_attribute(zsc_h5 *file, const char *object, const char *name, hid_t *out)
{
    if (!zsc_h5_has(file, object)) return ZSC_OK;
    htri_t there = H5Aexists_by_name(file->id, object, name, H5P_DEFAULT);
    if (there <= 0) return there < 0 ? zsc_h5_fail(file, object, "look for an attribute") : ZSC_OK;
    zsc_status status = ZSC_OK;
    hid_t attribute = H5Aopen_by_name(file->id, object, name, H5P_DEFAULT, H5P_DEFAULT), space = H5I_INVALID_HID;
    if (attribute < 0 || (space = H5Aget_space(attribute)) < 0)
        status = zsc_h5_fail(file, object, "read an attribute");
    else if (H5Sget_simple_extent_npoints(space) != 1)
        status = zsc_fail(ZSC_EINPUT, "'%s:%s': attribute %s is a list, expected one value", file->path, object, name);
    zsc_h5_drop(space);
    if (status == ZSC_OK)
        *out = attribute;
    else
        zsc_h5_drop(attribute);
    return status;
}

static zsc_status get_number(zsc_h5 *file, const char *object, const char *name, hid_t native, void *out)
{
    hid_t attribute = H5I_INVALID_HID;
    zsc_status status = open_attribute(file, object, name, &attribute);
    if (attribute < 0) return status;
    if (H5Aread(attribute, native, out) < 0)
        status = zsc_fail(ZSC_EINPUT, "'%s:%s': attribute %s is not a number", file->path, object, name);
    zsc_h5_drop(attribute);
    return status;
}

zsc_status zsc_h5_get_double(zsc_h5 *file, const char *object, const char *name, double otherwise, double *out)
{
    double value = otherwise;
    zsc_status status = get_number(file, object, name, H5T_NATIVE_DOUBLE, &value);
    if (status == ZSC_OK) *out = value;
    return status;
}

zsc_status zsc_h5_get_int(zsc_h5 *file, const char *object, const char *name, int64_t otherwise, int64_t *out)
{
    int64_t value = otherwise;
    zsc_status status = get_number(file, object, name, H5T_NATIVE_INT64, &value);
    if (status == ZSC_OK) *out = value;
    return status;
}

static char *read_variable(hid_t attribute, hid_t type)
{
    char *text = NULL, *copy = NULL;
    if (H5Aread(attribute, type, &text) < 0) return NULL;
    copy = zsc_strdup(text ? text : "");
    if (text) H5free_memory(text);
    return copy;
}

static char *read_fixed(hid_t attribute, hid_t type)
{
    size_t size = H5Tget_size(type);
    char *text = zsc_calloc(size + 1, 1, "an attribute");
    if (text && H5Aread(attribute, type, text) < 0) {
        free(text);
        text = NULL;
    }
    if (text && H5Tget_strpad(type) == H5T_STR_SPACEPAD)
        for (size_t last = strlen(text); last > 0 && text[last - 1] == ' '; last--) text[last - 1] = '\0';
    return text;
}

zsc_status zsc_h5_get_text(zsc_h5 *file, const char *object, const char *name, const char *otherwise, char **out)
{
    hid_t attribute = H5I_INVALID_HID, type = H5I_INVALID_HID;
    char *text = NULL;
    zsc_error_clear();
    zsc_status status = open_attribute(file, object, name, &attribute);
    if (status != ZSC_OK) return status;
    if (attribute < 0) {
        text = otherwise ? zsc_strdup(otherwise) : NULL;
        if (otherwise && !text) return ZSC_EINTERNAL;
        *out = text;
        return ZSC_OK;
    }
    type = H5Aget_type(attribute);
    if (type < 0 || H5Tget_class(type) != H5T_STRING)
        status = zsc_fail(ZSC_EINPUT, "'%s:%s': attribute %s is not a text", file->path, object, name);
    else if (!(text = H5Tis_variable_str(type) > 0 ? read_variable(attribute, type) : read_fixed(attribute, type)))
        status = *zsc_error_message() ? ZSC_EINTERNAL : zsc_h5_fail(file, object, "read an attribute");
    else if (!zsc_utf8_valid(text, strlen(text)))
        status = zsc_fail(ZSC_EINPUT, "'%s:%s': attribute %s is not UTF-8, as the results are", file->path, object,
                          name);
    zsc_h5_drop(type);
    zsc_h5_drop(attribute);
    if (status == ZSC_OK)
        *out = text;
    else
        free(text);
    return status;
}
