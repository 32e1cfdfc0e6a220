/* Embeddings in any layout, as bytes: npz, npy, CSV and TSV of vectors. The first byte chooses the file's name, which
 * some layouts go by. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"
#include "io/embeddings.h"

static void read_all(zsc_embeddings *v)
{
    enum { MOST = 1 << 16 };
    char **ids = NULL, **text = NULL;
    zsc_status status = zsc_embeddings_ids(v, &ids);
    fuzz_check_status(status);
    free(status == ZSC_OK ? ids : NULL);
    for (size_t e = 0; e < v->encoders; e++) {
        const zsc_encoder *encoder = &v->encoder[e];
        if (encoder->n != v->n || v->n == 0 || encoder->d == 0 || encoder->d > MOST || v->n * encoder->d > MOST)
            continue;
        float *x = malloc(v->n * encoder->d * sizeof *x);
        if (x) fuzz_check_status(zsc_embeddings_rows(v, encoder, 0, v->n, x));
        if (x && v->n > 1) fuzz_check_status(zsc_embeddings_rows(v, encoder, 1, 1, x));
        free(x);
    }
    for (size_t i = 0; i < v->text.count && v->n <= MOST; i++) {
        status = zsc_embeddings_text(v, v->text.item[i], 0, v->n, &text);
        fuzz_check_status(status);
        if (status == ZSC_OK) free(text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"v.npz", "v.npy", "v.csv",    "v.tsv",
                                        "v.txt", "v.h5",  "v.csv.gz", "test_seen.npy"};
    char path[400];
    zsc_embeddings *v = NULL;
    if (size < 1 || fuzz_is_h5(data + 1, size - 1)) return 0;
    snprintf(path, sizeof path, "%s/%s", fuzz_folder(), names[data[0] % 8]);
    FILE *file = fopen(path, "wb");
    if (!file) return 0;
    fwrite(data + 1, 1, size - 1, file);
    fclose(file);
    zsc_status status = zsc_embeddings_open(path, NULL, &v);
    fuzz_check_status(status);
    if (status == ZSC_OK) {
        read_all(v);
        zsc_embeddings_close(v);
    }
    unlink(path);
    return 0;
}
