/* HDF5 datasets of strings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/h5/h5_internal.h"

/* --- Reading. Pointers come first in the one block, letters behind them; while it grows, the places of the pointers
 * hold offsets. */
typedef struct string_block {
    char *data;
    size_t used, capacity;
} string_block;

static zsc_status put(string_block *block, size_t index, const char *text, size_t length)
{
    zsc_status status = zsc_grow(&block->data, &block->capacity, block->used + length + 1, 1, "strings");
    if (status != ZSC_OK) return status;
    memcpy(block->data + index * sizeof(char *), &block->used, sizeof block->used);
    memcpy(block->data + block->used, text, length);
    block->data[block->used + length] = '\0';
    block->used += length + 1;
    return ZSC_OK;
}

static zsc_status seal(string_block *block, size_t count, char ***out)
{
    char *data = realloc(block->data, block->used ? block->used : 1);
    if (!data) return zsc_fail_memory(block->used, 1, "strings");
    block->data = NULL;
    char **pointer = (char **)(void *)data;
    for (size_t i = 0; i < count; i++) {
        size_t offset;
        memcpy(&offset, data + i * sizeof(char *), sizeof offset);
        pointer[i] = data + offset;
    }
    *out = pointer;
    return ZSC_OK;
}

typedef struct string_reader {
    zsc_h5 *file;
    const char *object;
    hid_t dataset, type;
    zsc_h5_info info;
    bool variable;
    H5T_str_t padding;
} string_reader;

static zsc_status take_fixed(const string_reader *reader, const char *buffer, size_t row, size_t count, size_t index,
                             string_block *block)
{
    size_t width = reader->info.bytes;
    for (size_t i = 0; i < count; i++) {
        const char *text = buffer + i * width;
        size_t length = strnlen(text, width), last = width;
        while (last > length && text[last - 1] == '\0') last--;
        if (last > length) /* also where a zero ends the text: what stands behind it tells rows apart */
            return zsc_fail(ZSC_EINPUT, "'%s:%s': row %zu holds a zero byte", reader->file->path, reader->object,
                            row + i + 1);
        while (reader->padding == H5T_STR_SPACEPAD && length > 0 && text[length - 1] == ' ') length--;
        zsc_status status = put(block, index + i, text, length);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

static zsc_status take_variable(char *const *buffer, size_t count, size_t index, string_block *block)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < count && status == ZSC_OK; i++) {
        const char *text = buffer[i] ? buffer[i] : "";
        status = put(block, index + i, text, strlen(text));
    }
    return status;
}

static zsc_status read_piece(const string_reader *reader, void *buffer, size_t first, size_t count, size_t index,
                             string_block *block)
{
    zsc_status status = ZSC_OK;
    hid_t space = H5I_INVALID_HID, memory = H5I_INVALID_HID;
    bool filled = false;
    ZSC_TRY(zsc_h5_select_rows(reader->file, reader->object, reader->dataset, &reader->info, first, count, &space,
                               &memory));
    if (H5Dread(reader->dataset, reader->type, memory, space, H5P_DEFAULT, buffer) < 0) {
        status = zsc_h5_fail(reader->file, reader->object, "read it");
        goto done;
    }
    filled = true;
    status = reader->variable ? take_variable(buffer, count, index, block)
                              : take_fixed(reader, buffer, first, count, index, block);
done:
    if (filled && reader->variable) H5Dvlen_reclaim(reader->type, memory, H5P_DEFAULT, buffer);
    zsc_h5_drop(memory);
    zsc_h5_drop(space);
    return status;
}

static zsc_status begin_strings(string_reader *reader)
{
    zsc_status status = zsc_h5_dataset(reader->file, reader->object, &reader->dataset, &reader->info);
    if (status != ZSC_OK) return status;
    if (reader->info.type != ZSC_H5_STRING)
        return zsc_fail(ZSC_EINPUT, "'%s:%s' holds %s, expected strings", reader->file->path, reader->object,
                        reader->info.type_name);
    if (reader->info.rank == 2 && reader->info.shape[1] == 1) { /* a column: [n, 1] */
    } else if (reader->info.rank != 1) {
        return zsc_fail(ZSC_EINPUT, "'%s:%s' has %d dimensions, expected one", reader->file->path, reader->object,
                        reader->info.rank);
    }
    /* The file's own type: the letters are wanted as they are, whatever the character set says. */
    if ((reader->type = H5Dget_type(reader->dataset)) < 0)
        return zsc_h5_fail(reader->file, reader->object, "read its type");
    reader->variable = H5Tis_variable_str(reader->type) > 0;
    reader->padding = H5Tget_strpad(reader->type);
    return ZSC_OK;
}

/* count rows from first; SIZE_MAX: all. WHOLE: these are all, or it is a failure. */
static zsc_status read_strings(zsc_h5 *file, const char *object, size_t first, size_t *count, bool whole, char ***out)
{
    zsc_status status = ZSC_OK;
    string_reader reader = {.file = file, .object = object, .dataset = H5I_INVALID_HID, .type = H5I_INVALID_HID};
    string_block block = {0};
    void *buffer = NULL;
    if (file->verify) ZSC_TRY(file->verify(file, object));
    ZSC_TRY(begin_strings(&reader));
    if (*count == SIZE_MAX) *count = reader.info.shape[0];
    if (whole && *count != reader.info.shape[0]) {
        status = zsc_fail(ZSC_EINPUT, "'%s:%s' has %zu rows, expected %zu", file->path, object, reader.info.shape[0],
                          *count);
        goto done;
    }
    size_t piece = zsc_h5_block_rows(file, object), width = reader.variable ? sizeof(char *) : reader.info.bytes, head;
    if (piece > *count) piece = *count;
    if (__builtin_mul_overflow(*count, sizeof(char *), &head)) {
        status = zsc_fail_memory(*count, sizeof(char *), "strings");
        goto done;
    }
    ZSC_TRY(zsc_grow(&block.data, &block.capacity, head + 1, 1, "strings"));
    block.used = head;
    if (!(buffer = zsc_malloc(piece, width, "strings"))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    for (size_t i = 0; i < *count; i += piece) {
        size_t rows = *count - i < piece ? *count - i : piece;
        ZSC_TRY(read_piece(&reader, buffer, first + i, rows, i, &block));
    }
    status = seal(&block, *count, out);
done:
    free(buffer);
    free(block.data);
    zsc_h5_drop(reader.type);
    zsc_h5_drop(reader.dataset);
    return status;
}

zsc_status zsc_h5_read_all_strings(zsc_h5 *file, const char *object, char ***out, size_t *count)
{
    size_t rows = SIZE_MAX;
    zsc_status status = read_strings(file, object, 0, &rows, true, out);
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < rows; i++)
        if (!zsc_utf8_valid((*out)[i], strlen((*out)[i]))) {
            free(*out);
            *out = NULL;
            return zsc_fail(ZSC_EINPUT, "'%s:%s': text %zu is not UTF-8", file->path, object, i + 1);
        }
    *count = rows;
    return ZSC_OK;
}

zsc_status zsc_h5_read_strings(zsc_h5 *file, const char *object, size_t count, char ***out)
{
    return read_strings(file, object, 0, &count, true, out);
}

zsc_status zsc_h5_read_string_rows(zsc_h5 *file, const char *object, size_t first, size_t count, char ***out)
{
    return read_strings(file, object, first, &count, false, out);
}

/* --- Writing */
static hid_t fixed_type(size_t longest)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type < 0) return type;
    H5Tset_size(type, longest ? longest : 1);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

/* Long columns are packed with gzip (level 1): names and barcodes shrink to a tenth, and reading gets no slower. */
static zsc_status pack(zsc_h5 *file, const char *object, hid_t plist, size_t count, size_t longest)
{
    enum { SMALL = 1 << 16, CHUNK = 1 << 18 };
    if (count < 2 || count * longest < SMALL || H5Zfilter_avail(H5Z_FILTER_DEFLATE) <= 0) return ZSC_OK;
    hsize_t rows = CHUNK / longest;
    if (rows < 1) rows = 1;
    if (rows > count) rows = count;
    return H5Pset_chunk(plist, 1, &rows) < 0 || H5Pset_deflate(plist, 1) < 0 ? zsc_h5_fail(file, object, "create it")
                                                                             : ZSC_OK;
}

zsc_status zsc_h5_make_strings(zsc_h5 *file, const char *object, size_t count, size_t longest)
{
    zsc_status status = ZSC_OK;
    hsize_t extent = count;
    hid_t type = fixed_type(longest), space = H5Screate_simple(1, &extent, NULL), plist = H5Pcreate(H5P_DATASET_CREATE),
          dataset = H5I_INVALID_HID;
    ZSC_TRY(zsc_h5_make_groups(file, object));
    ZSC_TRY(pack(file, object, plist, count, longest ? longest : 1));
    if (type < 0 || space < 0 || plist < 0 || H5Pset_obj_track_times(plist, false) < 0 ||
        (dataset = H5Dcreate2(file->id, object, type, space, H5P_DEFAULT, plist, H5P_DEFAULT)) < 0)
        status = zsc_h5_fail(file, object, "create it");
done:
    zsc_h5_drop(dataset);
    zsc_h5_drop(plist);
    zsc_h5_drop(space);
    zsc_h5_drop(type);
    return status == ZSC_OK ? zsc_h5_written(file) : status;
}

static zsc_status write_piece(string_reader *writer, char *buffer, size_t first, size_t count, const char *const *data)
{
    zsc_status status = ZSC_OK;
    hid_t space = H5I_INVALID_HID, memory = H5I_INVALID_HID;
    size_t width = writer->info.bytes;
    memset(buffer, 0, count * width);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(data[i]);
        if (length > width) {
            status = zsc_fail(ZSC_EINTERNAL, "'%s:%s': a string of %zu bytes in a dataset made for %zu",
                              writer->file->path, writer->object, length, width);
            goto done;
        }
        memcpy(buffer + i * width, data[i], length);
    }
    ZSC_TRY(zsc_h5_select_rows(writer->file, writer->object, writer->dataset, &writer->info, first, count, &space,
                               &memory));
    if (H5Dwrite(writer->dataset, writer->type, memory, space, H5P_DEFAULT, buffer) < 0)
        status = zsc_h5_fail(writer->file, writer->object, "write it");
done:
    zsc_h5_drop(memory);
    zsc_h5_drop(space);
    return status;
}

zsc_status zsc_h5_write_string_rows(zsc_h5 *file, const char *object, size_t first, size_t count,
                                    const char *const *data)
{
    zsc_status status = ZSC_OK;
    string_reader writer = {.file = file, .object = object, .dataset = H5I_INVALID_HID, .type = H5I_INVALID_HID};
    char *buffer = NULL;
    if (count == 0) return ZSC_OK;
    ZSC_TRY(begin_strings(&writer));
    size_t piece = zsc_h5_block_rows(file, object);
    if (piece > count) piece = count;
    ZSC_NEW_RAW(buffer, piece * writer.info.bytes);
    for (size_t i = 0; i < count; i += piece) {
        size_t rows = count - i < piece ? count - i : piece;
        ZSC_TRY(write_piece(&writer, buffer, first + i, rows, data + i));
    }
done:
    free(buffer);
    zsc_h5_drop(writer.type);
    zsc_h5_drop(writer.dataset);
    return status == ZSC_OK ? zsc_h5_written(file) : status;
}

zsc_status zsc_h5_write_strings(zsc_h5 *file, const char *object, const char *const *data, size_t count)
{
    size_t longest = 1;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(data[i]);
        if (length > longest) longest = length;
    }
    zsc_status status = zsc_h5_make_strings(file, object, count, longest);
    return status == ZSC_OK ? zsc_h5_write_string_rows(file, object, 0, count, data) : status;
}
