/* HDF5 datasets of numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/h5/h5_internal.h"
#include "io/half.h"

/* --- Types */
hid_t zsc_h5_half(void)
{
    hid_t type = H5Tcopy(H5T_IEEE_F32LE);
    if (type < 0) return type;
    if (H5Tset_fields(type, 15, 10, 5, 0, 10) < 0 || H5Tset_size(type, 2) < 0 || H5Tset_ebias(type, 15) < 0) {
        H5Tclose(type);
        return H5I_INVALID_HID;
    }
    return type;
}

hid_t zsc_h5_disk_type(zsc_h5_type type)
{
    switch (type) {
    case ZSC_H5_F32: return H5Tcopy(H5T_IEEE_F32LE);
    case ZSC_H5_F64: return H5Tcopy(H5T_IEEE_F64LE);
    case ZSC_H5_I32: return H5Tcopy(H5T_STD_I32LE);
    case ZSC_H5_I64: return H5Tcopy(H5T_STD_I64LE);
    case ZSC_H5_U64: return H5Tcopy(H5T_STD_U64LE);
    case ZSC_H5_U8: return H5Tcopy(H5T_STD_U8LE);
    case ZSC_H5_F16: return zsc_h5_half();
    }
    return H5I_INVALID_HID;
}

hid_t zsc_h5_memory_type(zsc_h5_type type)
{
    switch (type) {
    case ZSC_H5_F32: return H5Tcopy(H5T_NATIVE_FLOAT);
    case ZSC_H5_F64: return H5Tcopy(H5T_NATIVE_DOUBLE);
    case ZSC_H5_I32: return H5Tcopy(H5T_NATIVE_INT32);
    case ZSC_H5_I64: return H5Tcopy(H5T_NATIVE_INT64);
    case ZSC_H5_U64: return H5Tcopy(H5T_NATIVE_UINT64);
    case ZSC_H5_U8: return H5Tcopy(H5T_NATIVE_UINT8);
    case ZSC_H5_F16: {
        hid_t half = zsc_h5_half();
        if (half >= 0) H5Tset_order(half, H5Tget_order(H5T_NATIVE_FLOAT));
        return half;
    }
    }
    return H5I_INVALID_HID;
}

/* --- Opening */
static const char *filter_name(H5Z_filter_t id)
{
    static const struct {
        H5Z_filter_t id;
        const char *name;
    } known[] = {{1, "gzip"},           {2, "shuffle"}, {3, "fletcher32"}, {4, "szip"},      {5, "nbit"},
                 {6, "scaleoffset"},    {307, "bzip2"}, {32000, "lzf"},    {32001, "blosc"}, {32004, "lz4"},
                 {32008, "bitshuffle"}, {32013, "zfp"}, {32015, "zstd"},   {32017, "sz"},    {32026, "blosc2"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].id == id) return known[i].name;
    return NULL;
}

zsc_status zsc_h5_filters(zsc_h5 *file, const char *object, hid_t dataset)
{
    zsc_status status = ZSC_OK;
    hid_t plist = H5Dget_create_plist(dataset);
    int count = plist < 0 || H5Pget_layout(plist) != H5D_CHUNKED ? 0 : H5Pget_nfilters(plist);
    for (int i = 0; i < count && status == ZSC_OK; i++) {
        char stored[64] = "";
        unsigned flags = 0, config = 0;
        size_t values = 0;
        H5Z_filter_t id = H5Pget_filter2(plist, (unsigned)i, &flags, &values, NULL, sizeof stored, stored, &config);
        if (id < 0 || H5Zfilter_avail(id) > 0) continue;
        stored[sizeof stored - 1] = '\0';
        const char *name = filter_name(id) ? filter_name(id) : *stored ? stored : "unknown";
        status = zsc_fail(ZSC_EINPUT,
                          "'%s:%s' is compressed with the HDF5 filter %s (number %d), which is not installed; "
                          "h5repack -f GZIP=1 rewrites it where it is",
                          file->path, object, name, (int)id);
    }
    zsc_h5_drop(plist);
    return status;
}

zsc_status zsc_h5_dataset(zsc_h5 *file, const char *object, hid_t *out, zsc_h5_info *info)
{
    zsc_status status = ZSC_OK;
    hid_t id = H5I_INVALID_HID;
    ZSC_TRY(zsc_h5_stat(file, object, info));
    if (info->is_group) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' is a group, expected a dataset", file->path, object);
        goto done;
    }
    if ((id = H5Dopen2(file->id, object, H5P_DEFAULT)) < 0) {
        status = zsc_h5_fail(file, object, "open it");
        goto done;
    }
    ZSC_TRY(zsc_h5_filters(file, object, id));
    ZSC_TRY(zsc_h5_check_virtual(file, object, id));
    *out = id;
    id = H5I_INVALID_HID;
done:
    zsc_h5_drop(id);
    return status;
}

size_t zsc_h5_block_rows(zsc_h5 *file, const char *object)
{
    enum { BLOCK = 1 << 20 };
    hid_t dataset = H5I_INVALID_HID, plist = H5I_INVALID_HID;
    zsc_h5_info info;
    size_t rows = 1;
    if (zsc_h5_dataset(file, object, &dataset, &info) != ZSC_OK || info.rank < 1) goto done;
    size_t row_bytes = info.bytes;
    for (int i = 1; i < info.rank; i++) row_bytes *= info.shape[i];
    rows = row_bytes ? BLOCK / row_bytes : BLOCK;
    hsize_t chunk[H5S_MAX_RANK];
    plist = H5Dget_create_plist(dataset);
    if (plist >= 0 && H5Pget_layout(plist) == H5D_CHUNKED && H5Pget_chunk(plist, H5S_MAX_RANK, chunk) > 0) {
        /* whole chunks, or a chunk of too many rows would be unpacked again for every piece of it */
        size_t height = chunk[0] < info.shape[0] ? (size_t)chunk[0] : info.shape[0];
        if (height > 0) rows = rows > height ? rows / height * height : height;
    }
done:
    zsc_h5_drop(plist);
    zsc_h5_drop(dataset);
    return rows > 0 ? rows : 1;
}

zsc_status zsc_h5_select_rows(zsc_h5 *file, const char *object, hid_t dataset, const zsc_h5_info *info, size_t first,
                              size_t count, hid_t *space, hid_t *memory)
{
    hsize_t start[ZSC_H5_MAX_RANK] = {first}, extent[ZSC_H5_MAX_RANK] = {count};
    if (info->rank < 1 || first > info->shape[0] || count > info->shape[0] - first)
        return zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu rows, expected %zu", file->path, object,
                        info->rank < 1 ? (size_t)0 : info->shape[0], first + count);
    for (int i = 1; i < info->rank; i++) extent[i] = info->shape[i];
    *space = H5Dget_space(dataset);
    *memory = H5Screate_simple(info->rank, extent, NULL);
    if (*space < 0 || *memory < 0 || H5Sselect_hyperslab(*space, H5S_SELECT_SET, start, NULL, extent, NULL) < 0)
        return zsc_h5_fail(file, object, "select rows");
    return ZSC_OK;
}

/* --- Reading */
/* Half floats go through HDF5 unconverted: its own conversion of types it does not know takes 50 times as long. */
static zsc_status read_halves(zsc_h5 *file, const char *object, hid_t dataset, hid_t type, hid_t memory, hid_t space,
                              size_t elements, float *data)
{
    uint16_t *halves = (uint16_t *)(void *)data + elements; /* the upper half of the array, widened from below */
    if (H5Dread(dataset, type, memory, space, H5P_DEFAULT, halves) < 0) return zsc_h5_fail(file, object, "read it");
    for (size_t i = 0; i < elements; i++) {
        uint16_t half;
        memcpy(&half, halves + i, sizeof half);
        float value = zsc_half_to_float(half);
        memcpy(data + i, &value, sizeof value);
    }
    return ZSC_OK;
}

static zsc_status read_selection(zsc_h5 *file, const char *object, hid_t dataset, const zsc_h5_info *info, hid_t memory,
                                 hid_t space, size_t elements, zsc_h5_type type, void *data)
{
    zsc_status status = ZSC_OK;
    hid_t disk = H5Dget_type(dataset), half = zsc_h5_memory_type(ZSC_H5_F16), native = zsc_h5_memory_type(type);
    bool member = info->type == ZSC_H5_ENUM && type == ZSC_H5_I64; /* asked for as the number that it is */
    if (info->type != ZSC_H5_FLOAT && info->type != ZSC_H5_INTEGER && !member) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s, expected numbers", file->path, object, info->type_name);
        goto done;
    }
    if (disk < 0 || half < 0 || native < 0) {
        status = zsc_h5_fail(file, object, "read its type");
        goto done;
    }
    if (elements == 0) goto done;
    if (type == ZSC_H5_F32 && H5Tequal(disk, half) > 0)
        status = read_halves(file, object, dataset, half, memory, space, elements, data);
    else if (H5Dread(dataset, native, memory, space, H5P_DEFAULT, data) < 0)
        status = zsc_h5_fail(file, object, "read it");
done:
    zsc_h5_drop(disk);
    zsc_h5_drop(half);
    zsc_h5_drop(native);
    return status;
}

/* "a list of 3", "3 x 2" */
static const char *shape_text(int rank, const size_t *shape, char text[192])
{
    size_t used = 0;
    snprintf(text, 192, rank == 0 ? "a single value" : rank == 1 ? "a list of " : "");
    used = strlen(text);
    for (int i = 0; i < rank && used < 192; i++)
        used += (size_t)snprintf(text + used, 192 - used, "%s%zu", i ? " x " : "", shape[i]);
    return text;
}

zsc_status zsc_h5_expect(zsc_h5 *file, const char *object, const zsc_h5_info *info, int rank, const size_t *shape)
{
    char found[192], expected[192];
    bool same = info->rank == rank;
    for (int i = 0; i < rank && same; i++) same = info->shape[i] == shape[i];
    if (same) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s:%s' is %s, expected %s", file->path, object,
                    shape_text(info->rank, info->shape, found), shape_text(rank, shape, expected));
}

static size_t elements_of(const zsc_h5_info *info, size_t rows)
{
    size_t elements = info->rank > 0 ? rows : 1;
    for (int i = 1; i < info->rank; i++) elements *= info->shape[i];
    return elements;
}

zsc_status zsc_h5_read(zsc_h5 *file, const char *object, zsc_h5_type type, int rank, const size_t *shape, void *data)
{
    zsc_status status = ZSC_OK;
    hid_t dataset = H5I_INVALID_HID;
    zsc_h5_info info;
    if (file->verify) ZSC_TRY(file->verify(file, object));
    ZSC_TRY(zsc_h5_dataset(file, object, &dataset, &info));
    ZSC_TRY(zsc_h5_expect(file, object, &info, rank, shape));
    status = read_selection(file, object, dataset, &info, H5S_ALL, H5S_ALL, elements_of(&info, info.shape[0]), type,
                            data);
done:
    zsc_h5_drop(dataset);
    return status;
}

zsc_status zsc_h5_read_rows(zsc_h5 *file, const char *object, zsc_h5_type type, size_t first, size_t count,
                            size_t width, void *data)
{
    zsc_status status = ZSC_OK;
    hid_t dataset = H5I_INVALID_HID, space = H5I_INVALID_HID, memory = H5I_INVALID_HID;
    zsc_h5_info info;
    if (file->verify) ZSC_TRY(file->verify(file, object));
    ZSC_TRY(zsc_h5_dataset(file, object, &dataset, &info));
    ZSC_TRY(zsc_h5_select_rows(file, object, dataset, &info, first, count, &space, &memory));
    if (elements_of(&info, 1) != width) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu numbers per row, expected %zu", file->path, object,
                          elements_of(&info, 1), width);
        goto done;
    }
    status = read_selection(file, object, dataset, &info, memory, space, elements_of(&info, count), type, data);
done:
    zsc_h5_drop(memory);
    zsc_h5_drop(space);
    zsc_h5_drop(dataset);
    return status;
}

/* --- Writing */
/* No times in the file: the same run writes the same bytes. */
static zsc_status make(zsc_h5 *file, const char *object, hid_t type, int rank, const size_t *shape, hid_t *out)
{
    zsc_status status = ZSC_OK;
    hsize_t extent[ZSC_H5_MAX_RANK];
    hid_t space = H5I_INVALID_HID, plist = H5Pcreate(H5P_DATASET_CREATE), dataset = H5I_INVALID_HID;
    for (int i = 0; i < rank; i++) extent[i] = shape[i];
    ZSC_TRY(zsc_h5_make_groups(file, object));
    space = rank ? H5Screate_simple(rank, extent, NULL) : H5Screate(H5S_SCALAR);
    if (type < 0 || space < 0 || plist < 0 || H5Pset_obj_track_times(plist, false) < 0 ||
        H5Pset_fill_time(plist, H5D_FILL_TIME_NEVER) < 0 ||
        (dataset = H5Dcreate2(file->id, object, type, space, H5P_DEFAULT, plist, H5P_DEFAULT)) < 0) {
        status = zsc_h5_fail(file, object, "create it");
        goto done;
    }
    *out = dataset;
done:
    zsc_h5_drop(plist);
    zsc_h5_drop(space);
    return status;
}

zsc_status zsc_h5_make(zsc_h5 *file, const char *object, zsc_h5_type type, int rank, const size_t *shape)
{
    hid_t disk = zsc_h5_disk_type(type), dataset = H5I_INVALID_HID;
    zsc_status status = make(file, object, disk, rank, shape, &dataset);
    zsc_h5_drop(dataset);
    zsc_h5_drop(disk);
    return status == ZSC_OK ? zsc_h5_written(file) : status;
}

zsc_status zsc_h5_write(zsc_h5 *file, const char *object, zsc_h5_type type, int rank, const size_t *shape,
                        const void *data)
{
    zsc_status status = ZSC_OK;
    hid_t disk = zsc_h5_disk_type(type), native = zsc_h5_memory_type(type), dataset = H5I_INVALID_HID;
    size_t elements = 1;
    for (int i = 0; i < rank; i++) elements *= shape[i];
    ZSC_TRY(make(file, object, disk, rank, shape, &dataset));
    if (elements && (native < 0 || H5Dwrite(dataset, native, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0))
        status = zsc_h5_fail(file, object, "write it");
done:
    zsc_h5_drop(dataset);
    zsc_h5_drop(native);
    zsc_h5_drop(disk);
    return status == ZSC_OK ? zsc_h5_written(file) : status;
}

zsc_status zsc_h5_write_rows(zsc_h5 *file, const char *object, zsc_h5_type type, size_t first, size_t count,
                             const void *data)
{
    zsc_status status = ZSC_OK;
    hid_t dataset = H5I_INVALID_HID, space = H5I_INVALID_HID, memory = H5I_INVALID_HID,
          native = zsc_h5_memory_type(type);
    zsc_h5_info info;
    ZSC_TRY(zsc_h5_dataset(file, object, &dataset, &info));
    ZSC_TRY(zsc_h5_select_rows(file, object, dataset, &info, first, count, &space, &memory));
    if (elements_of(&info, count) && H5Dwrite(dataset, native, memory, space, H5P_DEFAULT, data) < 0)
        status = zsc_h5_fail(file, object, "write it");
done:
    zsc_h5_drop(memory);
    zsc_h5_drop(space);
    zsc_h5_drop(dataset);
    zsc_h5_drop(native);
    return status == ZSC_OK ? zsc_h5_written(file) : status;
}
