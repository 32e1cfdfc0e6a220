/* What HDF5 files may hold, rather than their bytes: the input says which layout to begin with (a result, or embeddings
 * in one to three parts, whole and right), and what is then done to them: datasets of any type, rank and size in any
 * place, attributes, links (to other objects, to groups around them, to nowhere, to other files), and objects taken
 * away. The files are whole, so every fault is zsc's own. Readers of results, embeddings, labels and zsc info must take
 * them or say what is wrong, and must not touch memory beyond what they asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/labels/labels.h"
#include "inspect/info.h"
#include "fuzz.h"
#include "io/h5/h5.h"
#include "io/embeddings.h"
#include "zsc/experiment.h"
#include "../h5_files.h"

static const char *const objects[] = {
    "/id",
    "/processid",
    "/split",
    "/dna_barcode",
    "/embeddings",
    "/embeddings/a",
    "/embeddings/b",
    "/labels/species",
    "/labels/genus",
    "/labels/dna_bin",
    "/labels",
    "/scores/rank",
    "/scores/rows",
    "/scores/ami",
    "/scores/k",
    "/clusters",
    "/linkage",
    "/reduced",
    "/curve/species",
    "/modality",
    "/modality/0",
    "/stages",
    "/stages/0",
    "/selection",
    "/knn/index",
    "/knn/distance",
    "/test/a",
    "/test/id",
    "/test/dna_bin",
    "/x/y/z",
    "/metadata",
    "/features",
    "/a/labels",
    "/X",
    "/obs/_index",
    "/obs/species",
    "/obs/species/codes",
    "/obs/species/categories",
    "/obs/__categories/genus",
    "/obs/genus",
    "/obsm/X_umap",
    "/encoded_dna_feature",
    "/encoded_image_feature",
    "/processid_list",
    "/file_name_list",
    "/species_list",
    "/order_list",
    "/s1",
    "/s2",
    "/s3",
};
static const char *const attributes[] = {
    "zsc_result",    "key",         "config",   "provenance", "rows",         "dim",           "clusters",
    "count",         "reduced_dim", "modality", "label",      "architecture", "checksum_rows", "checksum_scores",
    "seed",          "stage",       "seconds",  "simulated",  "kept",         "encoder",       "_index",
    "encoding-type", "categories",
};
enum {
    OBJECTS = sizeof objects / sizeof *objects,
    ATTRIBUTES = sizeof attributes / sizeof *attributes,
    LARGEST = H5_MOST_STRINGS,
    MOST_PARTS = 3
};
enum { EMPTY = H5_LAYOUTS, RESULT, BEGINNINGS };

/* --- Attributes */
static void put_attribute(hid_t file, const char *object, const char *name, hid_t type, int rank, const void *value)
{
    hsize_t two = 2;
    hid_t space = rank ? H5Screate_simple(1, &two, NULL) : H5Screate(H5S_SCALAR);
    if (H5Lexists(file, object, H5P_DEFAULT) <= 0 && strcmp(object, "/") != 0) object = "/";
    if (H5Aexists_by_name(file, object, name, H5P_DEFAULT) > 0) H5Adelete_by_name(file, object, name, H5P_DEFAULT);
    hid_t attribute = H5Acreate_by_name(file, object, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute >= 0) H5Awrite(attribute, type, value);
    h5_drop(attribute);
    h5_drop(space);
}

/* --- What is done to a file */
/* Any rank and size; the count of elements. */
static size_t take_shape(fuzz_input *in, size_t n, int *rank, hsize_t shape[6])
{
    size_t count = 1;
    *rank = (int)(fuzz_take(in) % 6);
    for (int i = 0; i < *rank; i++) {
        unsigned how = fuzz_take(in);
        shape[i] = how < 96 ? n : how < 128 ? H5_COLUMNS : how < 144 ? n + 1 : how % 9;
        if (count * shape[i] > LARGEST) shape[i] = 1;
        count *= shape[i];
    }
    return count;
}

static void write_strings(hid_t file, const char *object, fuzz_input *in, size_t n)
{
    static const char *const words[] = {"",     "a",     "b",         "species",  "genus", "dna_bin",
                                        "test", "train", "ACGTNACGT", "\xc3\xa9", "\xff"};
    static const char *list[LARGEST];
    hsize_t shape[6];
    int rank;
    size_t count = take_shape(in, n, &rank, shape);
    bool variable = fuzz_take(in) & 1;
    for (size_t i = 0; i < count; i++) list[i] = words[(in->left ? fuzz_take(in) : i) % (sizeof words / sizeof *words)];
    h5_put_strings(file, object, rank, shape, list, variable);
}

static hid_t take_type(fuzz_input *in)
{
    hid_t type = H5I_INVALID_HID;
    int8_t value = 0;
    switch (fuzz_take(in) % 10) {
    case 0: return H5Tcopy(H5T_IEEE_F32LE);
    case 1: return H5Tcopy(H5T_IEEE_F64LE);
    case 2: return H5Tcopy(H5T_STD_I32LE);
    case 3: return H5Tcopy(H5T_STD_I64LE);
    case 4: return H5Tcopy(H5T_STD_U8LE);
    case 5: return H5Tcopy(H5T_IEEE_F32BE);
    case 6: return H5Tcopy(H5T_STD_U64BE);
    case 7:
        type = H5Tcopy(H5T_IEEE_F32LE);
        H5Tset_fields(type, 15, 10, 5, 0, 10);
        H5Tset_size(type, 2);
        H5Tset_ebias(type, 15);
        return type;
    case 8:
        type = H5Tenum_create(H5T_NATIVE_INT8);
        H5Tenum_insert(type, "FALSE", &value);
        return type;
    default: return H5Tarray_create2(H5T_NATIVE_FLOAT, 1, (const hsize_t[]){3});
    }
}

static void write_numbers(hid_t file, const char *object, fuzz_input *in, size_t n)
{
    static double memory[3 * LARGEST];
    hsize_t shape[6];
    int rank;
    hid_t type = take_type(in);
    size_t count = take_shape(in, n, &rank, shape);
    unsigned fill = fuzz_take(in);
    memset(memory, (int)fill, sizeof memory);
    if (fill & 1)
        for (size_t i = 0; i < count && in->left; i++) memory[i] = (double)fuzz_take(in) - 2;
    hid_t native = fill & 1 && H5Tget_class(type) != H5T_ARRAY && H5Tget_class(type) != H5T_ENUM ? H5T_NATIVE_DOUBLE
                                                                                                 : type;
    h5_put(file, object, type, native, rank, shape, memory);
    h5_drop(type);
}

static void link_objects(hid_t file, const char *object, fuzz_input *in)
{
    unsigned how = fuzz_take(in);
    const char *target = how & 128 ? "/" : objects[fuzz_take(in) % OBJECTS];
    hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    h5_take_away(file, object);
    switch (how % 4) {
    case 0: H5Lcreate_hard(file, target, file, object, links, H5P_DEFAULT); break;
    case 1: H5Lcreate_soft(target, file, object, links, H5P_DEFAULT); break;
    case 2: H5Lcreate_external("layout0.h5", target, file, object, links, H5P_DEFAULT); break;
    default: H5Lcreate_external("nowhere.h5", target, file, object, links, H5P_DEFAULT);
    }
    h5_drop(links);
}

static void change(hid_t file, fuzz_input *in, size_t n)
{
    for (unsigned count = fuzz_take(in) % 16; in->left > 0 && count > 0; count--) {
        unsigned what = fuzz_take(in);
        const char *object = objects[fuzz_take(in) % OBJECTS], *name = attributes[fuzz_take(in) % ATTRIBUTES];
        int rank = what & 32 ? 1 : 0;
        if (what & 64) object = "/";
        if (what % 8 == 0) {
            write_strings(file, object, in, n);
        } else if (what % 8 == 1 || what % 8 == 2) {
            write_numbers(file, object, in, n);
        } else if (what % 8 == 3) {
            int64_t value[2] = {(int64_t)(int8_t)fuzz_take(in) * (INT64_C(1) << (fuzz_take(in) % 56)), 1};
            put_attribute(file, object, name, H5T_NATIVE_INT64, rank, value);
        } else if (what % 8 == 4) {
            char text[16] = "";
            hid_t type = H5Tcopy(H5T_C_S1);
            size_t length = fuzz_take(in) % 7 + 1;
            H5Tset_size(type, length);
            for (size_t i = 0; i < 2 * length; i++) text[i] = (char)fuzz_take(in);
            put_attribute(file, object, name, type, rank, text);
            h5_drop(type);
        } else if (what % 8 == 5) {
            double value[2] = {(double)(int8_t)fuzz_take(in) / 3, 0};
            put_attribute(file, object, name, H5T_NATIVE_DOUBLE, rank, value);
        } else if (what % 8 == 6) {
            link_objects(file, object, in);
        } else {
            h5_take_away(file, object);
        }
    }
}

/* --- What a result begins as */
/* A result that everything in it agrees with, so that the damage that follows meets more than the first check. */
static zsc_status begin_result(zsc_h5 *file)
{
    static const char *const columns[] = {"rows", "missing", "classes", "clusters", "k", "best_clusters"};
    static const char *const reals[] = {"ami",
                                        "ami_max",
                                        "ami_min",
                                        "ami_geometric",
                                        "nmi",
                                        "nmi_max",
                                        "nmi_min",
                                        "nmi_geometric",
                                        "ari",
                                        "fmi",
                                        "homogeneity",
                                        "completeness",
                                        "v_measure",
                                        "mi",
                                        "emi",
                                        "entropy_classes",
                                        "entropy_clusters",
                                        "silhouette",
                                        "davies_bouldin",
                                        "calinski_harabasz",
                                        "best_ami"};
    static const char *const sizes[] = {"rows", "dim", "clusters", "peak_rss_bytes", "reduced_dim"};
    static const char *const kept[] = {"embedded",        "unmatched",        "other_split", "where",
                                       "without_barcode", "repeated_barcode", "kept"};
    zsc_status status = ZSC_OK;
    const char *rank[1] = {"species"}, *ids[3] = {"a", "b", "c"};
    int64_t whole[3] = {3, 0, 1};
    double real[8] = {0, 1, 1, 2, 2, 3, 2, 3};
    size_t one[1] = {1}, three[2] = {3, 2}, two[2] = {2, 4};
    char object[64];
    ZSC_TRY(zsc_h5_set_int(file, "/", "zsc_result", 1));
    ZSC_TRY(zsc_h5_write_strings(file, "/scores/rank", rank, 1));
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        snprintf(object, sizeof object, "/scores/%s", columns[i]);
        ZSC_TRY(zsc_h5_write(file, object, ZSC_H5_I64, 1, one, whole));
    }
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        snprintf(object, sizeof object, "/scores/%s", reals[i]);
        ZSC_TRY(zsc_h5_write(file, object, ZSC_H5_F64, 1, one, real));
    }
    ZSC_TRY(zsc_h5_write_strings(file, "/id", ids, 3));
    ZSC_TRY(zsc_h5_write_strings(file, "/labels/species", ids, 3));
    ZSC_TRY(zsc_h5_write(file, "/clusters", ZSC_H5_I32, 1, three, whole));
    ZSC_TRY(zsc_h5_write(file, "/linkage", ZSC_H5_F64, 2, two, real));
    ZSC_TRY(zsc_h5_write(file, "/reduced", ZSC_H5_F32, 2, three, real));
    ZSC_TRY(zsc_h5_write(file, "/modality/0/x", ZSC_H5_I64, 1, one, whole)); /* makes the groups */
    ZSC_TRY(zsc_h5_write(file, "/stages/0/x", ZSC_H5_I64, 1, one, whole));
    ZSC_TRY(zsc_h5_write(file, "/selection/x", ZSC_H5_I64, 1, one, whole));
    ZSC_TRY(zsc_h5_set_int(file, "/modality", "count", 1));
    ZSC_TRY(zsc_h5_set_int(file, "/modality/0", "dim", 2));
    ZSC_TRY(zsc_h5_set_int(file, "/stages", "count", 1));
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        ZSC_TRY(zsc_h5_set_int(file, "/", sizes[i], i == 0 ? 3 : 2));
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) ZSC_TRY(zsc_h5_set_int(file, "/selection", kept[i], 3));
done:
    return status;
}

/* --- Reading */
static void read_result(const char *path)
{
    zsc_result result = {0};
    zsc_status status = zsc_result_read(
        path, ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE, &result);
    fuzz_check_status(status);
    if (status == ZSC_OK) zsc_result_free(&result);
}

static void read_texts(zsc_embeddings *v)
{
    char **text = NULL;
    zsc_status status = zsc_embeddings_ids(v, &text);
    size_t letters = 0;
    fuzz_check_status(status);
    for (size_t i = 0; status == ZSC_OK && i < v->n; i++) letters += strlen(text[i]);
    free(status == ZSC_OK ? text : NULL);
    for (size_t i = 0; i < v->text.count; i++)
        for (size_t first = 0; first < 2 && first < v->n + 1; first++) {
            status = zsc_embeddings_text(v, v->text.item[i], first, v->n - first, &text);
            fuzz_check_status(status);
            for (size_t k = 0; status == ZSC_OK && k < v->n - first; k++) letters += strlen(text[k]);
            if (status == ZSC_OK) free(text);
        }
    if (letters > SIZE_MAX / 2) fuzz_wrong("no end");
}

/* Into arrays of just the size that was asked for, whatever the encoder says of itself. */
static void read_vectors(const char *path, bool pointed)
{
    zsc_embeddings *v = NULL;
    zsc_status status = zsc_embeddings_open(path, pointed ? &h5_file_paths : NULL, &v);
    fuzz_check_status(status);
    if (status != ZSC_OK) return;
    if (v->n <= LARGEST) read_texts(v);
    for (size_t e = 0; e < v->encoders; e++) {
        const zsc_encoder *encoder = &v->encoder[e];
        if (v->n > LARGEST || encoder->d > LARGEST || v->n == 0 || encoder->d == 0) continue;
        for (size_t first = 0; first < 2 && first < v->n; first++) {
            float *x = malloc((v->n - first) * encoder->d * sizeof *x);
            if (x) fuzz_check_status(zsc_embeddings_rows(v, encoder, first, v->n - first, x));
            free(x);
        }
        fuzz_check_status(zsc_embeddings_encoder(v, encoder->name, &encoder));
    }
    zsc_embeddings_close(v);
}

static void read_info(const char *path, bool pointed)
{
    static const zsc_file_layout nothing;
    const zsc_columns columns = {0};
    zsc_info info = {0};
    zsc_status status = zsc_info_read(path, pointed ? &h5_file_paths : &nothing, &columns, NULL, &(zsc_list){0}, NULL,
                                      &(zsc_exec){.threads = 1}, &info);
    fuzz_check_status(status);
    if (status == ZSC_OK) zsc_info_free(&info);
}

static void read_labels(const char *path, const char *object)
{
    zsc_labels labels = {0};
    char *source = zsc_asprintf("%s:%s", path, object);
    if (!source) return;
    zsc_status status = zsc_labels_read(source, NULL, &labels);
    fuzz_check_status(status);
    zsc_labels_free(&labels);
    free(source);
}

static void make_file(const char *path, unsigned layout, size_t n, fuzz_input *in)
{
    zsc_h5 *file = NULL;
    if (zsc_h5_create(path, &file) != ZSC_OK) fuzz_wrong("cannot create: %s", zsc_error_message());
    if (layout == RESULT && begin_result(file) != ZSC_OK) fuzz_wrong("cannot begin: %s", zsc_error_message());
    if (zsc_h5_commit(file) != ZSC_OK) fuzz_wrong("cannot commit: %s", zsc_error_message());
    hid_t raw = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    if (raw < 0) fuzz_wrong("cannot open again");
    if (layout < H5_LAYOUTS) h5_begin_layout(raw, layout, n);
    change(raw, in, n);
    H5Fclose(raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[MOST_PARTS][300], joined[1000] = "";
    fuzz_input in = {data, size};
    unsigned first = fuzz_take(&in), layout = first % BEGINNINGS;
    size_t parts = layout == RESULT ? 1 : 1 + first / 8 % MOST_PARTS;
    for (size_t i = 0; i < parts; i++) {
        snprintf(path[i], sizeof path[i], "%s/layout%zu.h5", fuzz_folder(), i);
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", i ? "+" : "", path[i]);
        make_file(path[i], layout, 3 + i, &in);
    }
    if (layout == RESULT) {
        read_result(joined);
    } else {
        read_vectors(joined, layout == H5_POINTED);
        read_info(joined, layout == H5_POINTED);
    }
    if (parts == 1) read_labels(path[0], objects[first / 8 % OBJECTS]);
    for (size_t i = 0; i < parts; i++) unlink(path[i]);
    return 0;
}
