/* What an HDF5 file may hold, rather than its bytes: the input is a list of objects to write, with names that readers
 * look for, of any type and shape. The file is whole, so every fault is zsc's own. Readers of results and of embeddings
 * must take it or say what is wrong with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fuzz.h"
#include "io/h5.h"
#include "io/vectors.h"
#include "zsc/experiment.h"

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
    LARGEST = 64 * 64
};

static void write_strings(zsc_h5 *file, const char *object, fuzz_input *in, size_t n)
{
    static const char *const words[] = {"",     "a",     "b",         "species",  "genus", "dna_bin",
                                        "test", "train", "ACGTNACGT", "\xc3\xa9", "\xff"};
    const char *list[64];
    for (size_t i = 0; i < n; i++) list[i] = words[fuzz_take(in) % (sizeof words / sizeof *words)];
    zsc_h5_write_strings(file, object, list, n);
}

static void write_numbers(zsc_h5 *file, const char *object, fuzz_input *in, size_t n, size_t d)
{
    static const zsc_h5_type types[] = {ZSC_H5_F32, ZSC_H5_F64, ZSC_H5_I32, ZSC_H5_I64, ZSC_H5_U8, ZSC_H5_F16};
    static double memory[LARGEST];
    size_t shape[3] = {n, d, 2};
    unsigned how = fuzz_take(in), rank = how / 8 % 4, fill = fuzz_take(in);
    memset(memory, (int)fill, sizeof memory);
    if (how & 128)
        for (size_t i = 0; i < n; i++) ((int32_t *)(void *)memory)[i] = (int32_t)fuzz_take(in) - 2;
    if (n * d * 2 <= LARGEST) zsc_h5_write(file, object, types[how % 6], (int)rank, shape, memory);
}

static void build(zsc_h5 *file, fuzz_input *in)
{
    for (int count = 0; in->left > 0 && count < 64; count++) {
        unsigned what = fuzz_take(in);
        const char *object = objects[fuzz_take(in) % OBJECTS], *name = attributes[fuzz_take(in) % ATTRIBUTES];
        char text[64] = "";
        switch (what % 5) {
        case 0: write_strings(file, object, in, fuzz_take(in) % 64); break;
        case 1: write_numbers(file, object, in, fuzz_take(in) % 64, fuzz_take(in) % 16); break;
        case 2:
            if (what & 64) object = "/";
            zsc_h5_set_int(file, object, name, (int64_t)(int8_t)fuzz_take(in) * (INT64_C(1) << (fuzz_take(in) % 56)));
            break;
        case 3:
            if (what & 64) object = "/";
            for (size_t i = 0, n = fuzz_take(in) % sizeof text; i + 1 < n; i++) text[i] = (char)fuzz_take(in);
            zsc_h5_set_text(file, object, name, text);
            break;
        default: zsc_h5_set_double(file, object, name, (double)(int8_t)fuzz_take(in) / 3);
        }
    }
}

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

static void read_result(const char *path)
{
    zsc_result result = {0};
    zsc_status status = zsc_result_read(
        path, ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE, &result);
    fuzz_check_status(status);
    if (status == ZSC_OK) zsc_result_free(&result);
}

static void read_vectors(const char *path)
{
    zsc_vectors *v = NULL;
    char **ids = NULL;
    float x[64 * 16];
    zsc_status status = zsc_vectors_open(path, NULL, &v);
    fuzz_check_status(status);
    if (status != ZSC_OK) return;
    status = zsc_vectors_ids(v, &ids);
    fuzz_check_status(status);
    if (status == ZSC_OK) free(ids);
    for (size_t i = 0; i < v->text.count && v->n <= 64; i++) {
        char **text = NULL;
        status = zsc_vectors_text(v, v->text.item[i], 0, v->n, &text);
        fuzz_check_status(status);
        if (status == ZSC_OK) free(text);
    }
    for (size_t e = 0; e < v->encoders; e++)
        if (v->encoder[e].n == v->n && v->n <= 64 && v->encoder[e].d <= 16)
            fuzz_check_status(zsc_vectors_rows(v, &v->encoder[e], 0, v->n, x));
    zsc_vectors_close(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[300];
    zsc_h5 *file = NULL;
    fuzz_input in = {data, size};
    snprintf(path, sizeof path, "%s/layout.h5", fuzz_folder());
    if (zsc_h5_create(path, &file) != ZSC_OK) fuzz_wrong("cannot create: %s", zsc_error_message());
    bool result = fuzz_take(&in) & 1;
    if (result && begin_result(file) != ZSC_OK) fuzz_wrong("cannot begin: %s", zsc_error_message());
    build(file, &in);
    if (zsc_h5_commit(file) != ZSC_OK) fuzz_wrong("cannot commit: %s", zsc_error_message());
    if (result)
        read_result(path);
    else
        read_vectors(path);
    return 0;
}
