/* HDF5 files: what they hold. Links, groups, the type and shape of a dataset. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "io/h5/h5_internal.h"

static bool is_special(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && !S_ISREG(s.st_mode);
}

/* Before HDF5 opens the file of an external link: a FIFO or a device in its place would be waited for. HDF5 looks for
 * the name as it is, and beside the file that holds the link. */
static herr_t before_external(const char *parent, const char *group, const char *child, const char *object,
                              unsigned *flags, hid_t access, void *data)
{
    (void)group, (void)object, (void)flags, (void)access, (void)data;
    const char *slash = strrchr(parent, '/'), *name = *child == '/' ? strrchr(child, '/') + 1 : child;
    char *beside = zsc_asprintf("%.*s%s", slash ? (int)(slash - parent) + 1 : 0, parent, name);
    bool refused = !beside || is_special(child) || is_special(beside);
    free(beside);
    return refused ? -1 : 0;
}

static htri_t object_exists(zsc_h5 *file, const char *part)
{
    hid_t access = H5Pcreate(H5P_LINK_ACCESS);
    htri_t there = access < 0 || H5Pset_elink_cb(access, before_external, NULL) < 0
                       ? -1
                       : H5Oexists_by_name(file->id, part, access);
    zsc_h5_drop(access);
    return there;
}

/* Whether the link PART leads to an object: 1, 0, or -1 where it cannot be told. */
static int leads_somewhere(zsc_h5 *file, const char *part)
{
    H5L_info_t link;
    htri_t there = H5Lexists(file->id, part, H5P_DEFAULT);
    if (there <= 0) return there < 0 ? -1 : 0;
    if ((there = object_exists(file, part)) >= 0) return there > 0;
    bool elsewhere = H5Lget_info(file->id, part, &link, H5P_DEFAULT) >= 0 && link.type != H5L_TYPE_HARD;
    return elsewhere ? 0 : -1; /* a link to another file, or round in a circle */
}

/* HDF5 may be asked for what is in PART: 1, 0, or -1 where it cannot be told. */
static int is_group(zsc_h5 *file, const char *part)
{
    H5O_info_t info;
    if (H5Oget_info_by_name2(file->id, part, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0) return -1;
    return info.type == H5O_TYPE_GROUP;
}

/* Where it cannot be told, because a read fails or memory runs out, the answer is yes: whoever reads the object then
 * meets the failure, while a no would silently leave out what is there. */
bool zsc_h5_has(zsc_h5 *file, const char *object)
{
    enum { SHORT = 512 };
    char stack[SHORT], *part = stack;
    size_t size = strlen(object) + 1;
    int there = 1;
    if (strcmp(object, "/") == 0) return true;
    if (!*object) return false;
    if (size > SHORT && !(part = malloc(size))) {
        file->troubled = file->starved = true;
        return true;
    }
    memcpy(part, object, size);
    for (char *p = part; there > 0 && p;) { /* every group on the way must be there before HDF5 may be asked for more */
        char *slash = strchr(p + 1, '/');
        if (slash) *slash = '\0';
        there = leads_somewhere(file, part);
        if (there > 0 && slash) there = is_group(file, part);
        if (slash) *slash = '/';
        p = slash;
    }
    if (part != stack) free(part);
    if (there < 0) zsc_h5_trouble(file);
    return there != 0;
}

bool zsc_h5_troubled(const zsc_h5 *file) { return file->troubled; }
bool zsc_h5_starved(const zsc_h5 *file) { return file->starved; }

/* Whether the bits of a number lie within its bytes. HDF5 does not look, and converts what lies beyond. */
static bool bits_are_within(hid_t type, H5T_class_t class, size_t size)
{
    size_t bits = 8 * size, precision = H5Tget_precision(type), sign, exponent, exponent_bits, mantissa, mantissa_bits;
    int offset = H5Tget_offset(type);
    if (precision == 0 || precision > bits || offset < 0 || (size_t)offset > bits - precision) return false;
    if (class == H5T_INTEGER) return true;
    return H5Tget_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits) >= 0 && sign < bits &&
           exponent_bits > 0 && exponent_bits <= bits && exponent <= bits - exponent_bits && mantissa_bits > 0 &&
           mantissa_bits <= bits && mantissa <= bits - mantissa_bits;
}

void zsc_h5_describe_type(hid_t type, zsc_h5_info *info)
{
    static const char *const other[] = {[H5T_TIME] = "time",
                                        [H5T_BITFIELD] = "bit field",
                                        [H5T_OPAQUE] = "opaque",
                                        [H5T_COMPOUND] = "compound",
                                        [H5T_REFERENCE] = "reference",
                                        [H5T_ENUM] = "enumeration",
                                        [H5T_VLEN] = "variable-length list",
                                        [H5T_ARRAY] = "array"};
    H5T_class_t class = H5Tget_class(type);
    size_t size = H5Tget_size(type);
    const char *order = size > 1 && H5Tget_order(type) == H5T_ORDER_BE ? " big-endian" : "";
    info->bytes = size;
    info->type = class == H5T_ENUM ? ZSC_H5_ENUM : ZSC_H5_OTHER;
    info->is_signed = class == H5T_INTEGER && H5Tget_sign(type) != H5T_SGN_NONE;
    if ((class == H5T_FLOAT || class == H5T_INTEGER) && !bits_are_within(type, class, size)) {
        snprintf(info->type_name, sizeof info->type_name, "numbers whose type is damaged");
    } else if (class == H5T_FLOAT) {
        info->type = ZSC_H5_FLOAT;
        snprintf(info->type_name, sizeof info->type_name, "float%zu%s", 8 * size, order);
    } else if (class == H5T_INTEGER) {
        info->type = ZSC_H5_INTEGER;
        snprintf(info->type_name, sizeof info->type_name, "%sint%zu%s", H5Tget_sign(type) == H5T_SGN_NONE ? "u" : "",
                 8 * size, order);
    } else if (class == H5T_STRING) {
        info->type = ZSC_H5_STRING;
        if (H5Tis_variable_str(type) > 0)
            snprintf(info->type_name, sizeof info->type_name, "string");
        else
            snprintf(info->type_name, sizeof info->type_name, "string of %zu bytes", size);
    } else {
        bool known = class >= 0 && (size_t) class < sizeof other / sizeof *other && other[class];
        snprintf(info->type_name, sizeof info->type_name, "%s", known ? other[class] : "unknown");
    }
}

zsc_status zsc_h5_space(zsc_h5 *file, const char *object, hid_t dataset, zsc_h5_info *info)
{
    zsc_status status = ZSC_OK;
    hsize_t shape[H5S_MAX_RANK], bytes = info->bytes ? info->bytes : 1, stored;
    hid_t space = H5Dget_space(dataset), plist = H5Dget_create_plist(dataset);
    struct stat s;
    int rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
    if (rank < 0 || H5Sget_simple_extent_dims(space, shape, NULL) < 0 || plist < 0) {
        status = zsc_h5_fail(file, object, "read its shape");
        goto done;
    }
    if (H5Sget_simple_extent_type(space) == H5S_NULL) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds nothing", file->path, object);
        goto done;
    }
    if (rank > ZSC_H5_MAX_RANK) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %d dimensions, expected at most %d", file->path, object, rank,
                          ZSC_H5_MAX_RANK);
        goto done;
    }
    info->rank = rank;
    bool overflow = false;
    for (int i = 0; i < rank; i++) {
        info->shape[i] = (size_t)shape[i];
        overflow = overflow || __builtin_mul_overflow(bytes, shape[i] ? shape[i] : 1, &bytes);
    }
    for (int i = 0; i < rank; i++)
        if (shape[i] == 0) bytes = 0;
    /* Our own copies may be twice as wide as the file's elements, or four times. */
    overflow = overflow || bytes > SIZE_MAX / 16;
    stored = H5Dget_storage_size(dataset);
    if (!overflow && H5Pget_layout(plist) == H5D_CONTIGUOUS && H5Pget_external_count(plist) == 0 && stored > 0 &&
        !file->temporary && stat(file->path, &s) == 0 && S_ISREG(s.st_mode) && (hsize_t)s.st_size < stored) {
        status = zsc_fail(ZSC_EINPUT, "'%s' is truncated: %s should have %llu bytes and the file has %lld", file->path,
                          object, (unsigned long long)stored, (long long)s.st_size);
        goto done;
    }
    if (overflow)
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' is damaged: its shape is impossibly large", file->path, object);
done:
    zsc_h5_drop(space);
    zsc_h5_drop(plist);
    return status;
}

/* Where the object is, so that one that several links lead to can be known again. */
static zsc_status locate(zsc_h5 *file, const char *object, hid_t id, zsc_h5_info *info)
{
    H5O_info_t own, root;
    if (H5Oget_info2(id, &own, H5O_INFO_BASIC) < 0 || H5Oget_info2(file->id, &root, H5O_INFO_BASIC) < 0)
        return zsc_h5_fail(file, object, "look at it");
    info->address = own.addr;
    info->elsewhere = own.fileno != root.fileno;
    return ZSC_OK;
}

static bool recall(const zsc_h5 *file, const char *object, zsc_h5_info *out)
{
    for (size_t i = 0; i < sizeof file->described / sizeof *file->described; i++)
        if (file->described[i].object && strcmp(file->described[i].object, object) == 0) {
            *out = file->described[i].info;
            return true;
        }
    return false;
}

static void remember(zsc_h5 *file, const char *object, const zsc_h5_info *info)
{
    if (file->temporary) return; /* what is being written changes */
    size_t i = file->next_described++ % (sizeof file->described / sizeof *file->described);
    free(file->described[i].object);
    file->described[i].object = strdup(object); /* without memory it is described again */
    file->described[i].info = *info;
}

zsc_status zsc_h5_stat(zsc_h5 *file, const char *object, zsc_h5_info *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info = {0};
    hid_t id = H5I_INVALID_HID, type = H5I_INVALID_HID;
    if (recall(file, object, out)) return ZSC_OK;
    if (!zsc_h5_has(file, object)) return zsc_fail(ZSC_EINPUT, "'%s' has no %s", file->path, object);
    if ((id = H5Oopen(file->id, object, H5P_DEFAULT)) < 0) {
        status = zsc_h5_fail(file, object, "open it");
        goto done;
    }
    H5I_type_t kind = H5Iget_type(id);
    if (kind == H5I_DATASET) {
        if ((type = H5Dget_type(id)) < 0) {
            status = zsc_h5_fail(file, object, "read its type");
            goto done;
        }
        zsc_h5_describe_type(type, &info);
        ZSC_TRY(zsc_h5_space(file, object, id, &info));
    } else {
        info.type = ZSC_H5_OTHER;
        info.is_group = kind == H5I_GROUP;
        snprintf(info.type_name, sizeof info.type_name, "%s", info.is_group ? "group" : "named type");
    }
    ZSC_TRY(locate(file, object, id, &info));
    *out = info;
    remember(file, object, &info);
done:
    zsc_h5_drop(type);
    zsc_h5_drop(id);
    return status;
}

typedef struct child_list {
    zsc_list *list;
    zsc_status status;
} child_list;

static herr_t add_child(hid_t group, const char *name, const H5L_info_t *info, void *data)
{
    (void)group, (void)info;
    child_list *children = data;
    children->status = zsc_list_add(children->list, name);
    return children->status == ZSC_OK ? 0 : -1;
}

zsc_status zsc_h5_children(zsc_h5 *file, const char *group, zsc_list *out)
{
    child_list children = {out, ZSC_OK};
    if (!zsc_h5_has(file, group)) return zsc_fail(ZSC_EINPUT, "'%s' has no %s", file->path, group);
    hid_t id = H5Gopen2(file->id, group, H5P_DEFAULT);
    if (id < 0) return zsc_fail(ZSC_EINPUT, "'%s:%s' is a dataset, expected a group", file->path, group);
    if (H5Literate(id, H5_INDEX_NAME, H5_ITER_INC, NULL, add_child, &children) < 0 && children.status == ZSC_OK)
        children.status = zsc_h5_fail(file, group, "list it");
    zsc_h5_drop(id);
    return children.status;
}

zsc_status zsc_h5_make_groups(zsc_h5 *file, const char *object)
{
    zsc_status status = ZSC_OK;
    char *part = zsc_strdup(object);
    if (!part) return ZSC_EINTERNAL;
    for (char *slash = *part ? strchr(part + 1, '/') : NULL; slash && status == ZSC_OK;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (H5Lexists(file->id, part, H5P_DEFAULT) <= 0) {
            hid_t group = H5Gcreate2(file->id, part, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
            if (group < 0) status = zsc_h5_fail(file, part, "create it");
            zsc_h5_drop(group);
        }
        *slash = '/';
    }
    free(part);
    return status;
}

zsc_status zsc_h5_table_columns(zsc_h5 *file, const char *object, size_t n, size_t *columns)
{
    zsc_h5_info info;
    zsc_status status = zsc_h5_stat(file, object, &info);
    if (status != ZSC_OK) return status;
    if (info.is_group || info.rank != 2 || info.shape[0] != n || info.shape[1] == 0)
        return zsc_fail(ZSC_EINPUT, "'%s': %s is not a table of %zu rows", file->path, object, n);
    *columns = info.shape[1];
    return ZSC_OK;
}
