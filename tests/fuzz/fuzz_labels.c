/* Label files of zsc score and zsc curve: CSV, npy and HDF5 by the first byte; matched with themselves they are the
 * same. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/labels/labels.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"l.csv", "l.npy", "l.tsv", "l.csv.gz"};
    char path[400], source[416];
    zsc_labels a = {0};
    int32_t *at = NULL;
    if (size < 1 || fuzz_is_h5(data + 1, size - 1)) return 0;
    snprintf(path, sizeof path, "%s/%s", fuzz_folder(), names[data[0] % 4]);
    snprintf(source, sizeof source, "%s%s", path, data[0] % 4 == 1 ? "" : data[0] & 64 ? ":species" : ":a");
    FILE *file = fopen(path, "wb");
    if (!file) return 0;
    fwrite(data + 1, 1, size - 1, file);
    fclose(file);
    int status = (int)zsc_labels_read(source, NULL, &a);
    fuzz_check_status(status);
    if (status == ZSC_OK) {
        status = (int)zsc_labels_match(&a, &a, &at);
        fuzz_check_status(status);
        for (size_t i = 0; status == ZSC_OK && i < a.n; i++)
            if (at[i] != (int32_t)i) fuzz_wrong("row %zu is matched with row %d of itself", i, (int)at[i]);
        free(at);
        zsc_labels_free(&a);
    }
    unlink(path);
    return 0;
}
