/* HDF5 files in the layouts that zsc reads, made by HDF5's own functions: tests put objects into them, or in their
 * places, that zsc's writers would not write. */
#ifndef ZSC_TESTS_H5_FILES_H
#define ZSC_TESTS_H5_FILES_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "zsc/dataset.h"

enum { H5_NATIVE, H5_ANNDATA, H5_CLIBD, H5_POINTED, H5_SAMPLES, H5_LAYOUTS };
enum { H5_COLUMNS = 2, H5_MOST_STRINGS = 4096 };

/* Of H5_POINTED. */
static const zsc_file_layout h5_file_paths = {
    .embedding = "/features",
    .id = "/test/id",
    .labels = (const char *const[]){"species=/a/labels", "dna_bin=/test/dna_bin"},
    .label_count = 2};

static inline void h5_drop(hid_t id)
{
    if (id >= 0) H5Idec_ref(id);
}

static inline void h5_take_away(hid_t file, const char *object)
{
    if (H5Lexists(file, object, H5P_DEFAULT) > 0) H5Ldelete(file, object, H5P_DEFAULT);
}

static inline void h5_put(hid_t file, const char *object, hid_t disk, hid_t memory, int rank, const hsize_t *shape,
                          const void *data)
{
    hid_t links = H5Pcreate(H5P_LINK_CREATE),
          space = rank ? H5Screate_simple(rank, shape, NULL) : H5Screate(H5S_SCALAR);
    H5Pset_create_intermediate_group(links, 1);
    h5_take_away(file, object);
    hid_t dataset = H5Dcreate2(file, object, disk, space, links, H5P_DEFAULT, H5P_DEFAULT);
    if (dataset >= 0) H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
    h5_drop(dataset);
    h5_drop(space);
    h5_drop(links);
}

static inline void h5_put_strings(hid_t file, const char *object, int rank, const hsize_t *shape,
                                  const char *const *text, bool variable)
{
    enum { WIDTH = 12 };
    static char fixed[H5_MOST_STRINGS][WIDTH];
    hid_t type = H5Tcopy(H5T_C_S1);
    hsize_t count = 1;
    for (int i = 0; i < rank; i++) count *= shape[i];
    H5Tset_size(type, variable ? H5T_VARIABLE : WIDTH);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    for (hsize_t i = 0; i < count && !variable; i++) snprintf(fixed[i], WIDTH, "%s", text[i]);
    if (variable)
        h5_put(file, object, type, type, rank, shape, text);
    else
        h5_put(file, object, type, type, rank, shape, fixed);
    h5_drop(type);
}

/* --- N rows, at most 8, in a layout, whole and right: names a to h, row i of a matrix is {2 i + 1, 2 i + 2}. */
static inline void h5_put_list(hid_t file, const char *object, size_t n)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    hsize_t rows = n;
    h5_put_strings(file, object, 1, &rows, names, false);
}

static inline void h5_put_matrix(hid_t file, const char *object, size_t n)
{
    static const float rows[8][H5_COLUMNS] = {{1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}, {11, 12}, {13, 14}, {15, 16}};
    h5_put(file, object, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, 2, (const hsize_t[]){n, H5_COLUMNS}, rows);
}

static inline void h5_put_codes(hid_t file, const char *object, size_t n)
{
    static const int32_t code[8] = {0, 1, -1, 1};
    hsize_t rows = n;
    h5_put(file, object, H5T_STD_I32LE, H5T_NATIVE_INT32, 1, &rows, code);
}

static inline void h5_begin_layout(hid_t file, unsigned layout, size_t n)
{
    switch (layout) {
    case H5_NATIVE:
        h5_put_list(file, "/id", n), h5_put_matrix(file, "/embeddings/a", n), h5_put_matrix(file, "/embeddings/b", n);
        h5_put_list(file, "/labels/species", n), h5_put_list(file, "/split", n);
        break;
    case H5_ANNDATA:
        h5_put_list(file, "/obs/_index", n), h5_put_matrix(file, "/X", n), h5_put_matrix(file, "/obsm/X_umap", n);
        h5_put_codes(file, "/obs/species/codes", n), h5_put_list(file, "/obs/species/categories", 3);
        h5_put_codes(file, "/obs/genus", n), h5_put_codes(file, "/obs/__categories/genus", 2);
        break;
    case H5_CLIBD:
        h5_put_list(file, "/processid", n), h5_put_matrix(file, "/encoded_dna_feature", n),
            h5_put_list(file, "/species_list", n);
        break;
    case H5_POINTED:
        h5_put_matrix(file, "/features", n), h5_put_codes(file, "/test/id", n), h5_put_codes(file, "/test/dna_bin", n);
        h5_put_list(file, "/a/labels", n);
        break;
    case H5_SAMPLES:
        for (int i = 1; i <= 3; i++) {
            char object[16];
            hsize_t columns = H5_COLUMNS;
            snprintf(object, sizeof object, "/s%d", i);
            h5_put(file, object, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, 1, &columns, (const float[H5_COLUMNS]){1, 2});
        }
        break;
    default: break;
    }
}

#endif
