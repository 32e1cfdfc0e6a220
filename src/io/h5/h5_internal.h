/* What the files of the HDF5 reader and writer share. Defined in h5_internal.c (messages), h5_objects.c (types, shapes,
 * groups), h5_virtual.c, h5_checksums.c and h5_data.c (types in memory and on disk, checks before reading, selections
 * of rows). */
#ifndef ZSC_IO_H5_INTERNAL_H
#define ZSC_IO_H5_INTERNAL_H

#include <hdf5.h>

#include "base/error.h"
#include "io/h5/h5.h"

struct zsc_h5 {
    hid_t id;
    char *path;          /* as the user knows it */
    char *temporary;     /* NULL: opened to read */
    int failure;         /* errno of the first write that failed */
    bool closed;         /* HDF5 has let go of the file */
    bool troubled;       /* something in it could not be read */
    bool starved;        /* since memory ran out */
    zsc_list *checksums; /* lines of the attribute, once they were asked for */
    /* The objects that zsc_h5_stat described last in a file opened to read, in a ring: lists, checks and reads of one
     * group come one after the other. */
    struct {
        char *object; /* NULL: none */
        zsc_h5_info info;
    } described[16];
    size_t next_described;
    char *virtual_checked; /* the virtual dataset whose sources are known to be there; NULL: none */
    /* What readers call first; NULL in a file being written. Set where a file is opened, as checksums are read by the
     * readers themselves. */
    zsc_status (*verify)(zsc_h5 *file, const char *object);
};

/* Quiet HDF5, register our filters; before any other call. */
void zsc_h5_begin(void);

/* Closes any HDF5 handle that is valid. */
static inline void zsc_h5_drop(hid_t id)
{
    if (id >= 0) H5Idec_ref(id);
}

/* Whether HDF5 says of its last failure that memory ran out. */
bool zsc_h5_lacks_memory(void);
/* Something in FILE could not be read, by HDF5's last failure. */
void zsc_h5_trouble(zsc_h5 *file);
/* The innermost of HDF5's reasons, in TEXT. */
const char *zsc_h5_reason(char text[256]);
/* "'PATH:OBJECT': cannot VERB: the innermost of HDF5's reasons", or the file system's reason when a write failed.
 * OBJECT may be NULL. */
zsc_status zsc_h5_fail(zsc_h5 *file, const char *object, const char *verb);
/* ZSC_OK unless a write failed. */
zsc_status zsc_h5_written(zsc_h5 *file);

/* Shape, after checking that the count of bytes makes sense. */
zsc_status zsc_h5_space(zsc_h5 *file, const char *object, hid_t dataset, zsc_h5_info *info);
/* Fails unless the shape is RANK dimensions of these sizes. */
zsc_status zsc_h5_expect(zsc_h5 *file, const char *object, const zsc_h5_info *info, int rank, const size_t *shape);
/* Fails, naming it, where the dataset needs a filter that is not there. */
zsc_status zsc_h5_filters(zsc_h5 *file, const char *object, hid_t dataset);
/* Fails where a source of a virtual dataset is not there. */
zsc_status zsc_h5_check_virtual(zsc_h5 *file, const char *object, hid_t dataset);
/* Opens a dataset and checks all of these. */
zsc_status zsc_h5_dataset(zsc_h5 *file, const char *object, hid_t *out, zsc_h5_info *info);
void zsc_h5_describe_type(hid_t type, zsc_h5_info *info);
/* Selects count rows from first in *space (of the file) and makes *memory; the caller drops both. */
zsc_status zsc_h5_select_rows(zsc_h5 *file, const char *object, hid_t dataset, const zsc_h5_info *info, size_t first,
                              size_t count, hid_t *space, hid_t *memory);

/* A new type equal to TYPE on disk (little-endian) or in memory; the caller drops it. */
hid_t zsc_h5_disk_type(zsc_h5_type type);
hid_t zsc_h5_memory_type(zsc_h5_type type);
hid_t zsc_h5_half(void); /* IEEE half, little-endian */

/* Compares OBJECT with its checksum, where the file has one, the first time that it is read. */
zsc_status zsc_h5_verify(zsc_h5 *file, const char *object);
void zsc_h5_checksums_free(zsc_h5 *file);

/* The folder that holds OBJECT is made if it is not there. */
zsc_status zsc_h5_make_groups(zsc_h5 *file, const char *object);

#endif
