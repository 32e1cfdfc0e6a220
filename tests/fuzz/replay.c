/* main() for fuzz targets that are built without libFuzzer: runs the target once for each file named. */
#ifndef ZSC_LIBFUZZER
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        long size = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
        uint8_t *data = size < 0 ? NULL
                                 : malloc(size > 0 ? (size_t)size
                                                   : 1); /* of the exact size, so that sanitizers see its end */
        if (data) rewind(file);
        int whole = data && fread(data, 1, (size_t)size, file) == (size_t)size;
        if (!whole) perror(argv[i]);
        if (file) fclose(file);
        if (whole) LLVMFuzzerTestOneInput(data, (size_t)size);
        free(data);
        if (!whole) return 1;
    }
    printf("%d inputs\n", argc - 1);
    return 0;
}
#else
typedef int zsc_not_empty;
#endif
