/* The HDF5 filter lzf (number 32000), which h5py writes and plain HDF5 cannot read: unpacking only.
 *
 * LZF's format: a control byte c below 32 means c + 1 letters follow; otherwise the upper three bits are a length L
 * (7: one more byte is added to it), the lower five and the next byte a distance D; L + 2 letters are copied from D + 1
 * letters back. */
#include "io/h5/h5_lzf.h"

#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

enum { LZF = 32000 };

/* Bytes written to OUT, or 0 when the data is wrong or does not fit into SIZE bytes. */
static size_t unpack(const unsigned char *in, size_t length, unsigned char *out, size_t size)
{
    size_t i = 0, o = 0;
    while (i < length) {
        size_t control = in[i++];
        if (control < 32) {
            size_t run = control + 1;
            if (run > length - i || run > size - o) return 0;
            memcpy(out + o, in + i, run);
            i += run;
            o += run;
            continue;
        }
        size_t run = control >> 5, back = (control & 31) << 8;
        if (run == 7) {
            if (i >= length) return 0;
            run += in[i++];
        }
        if (i >= length) return 0;
        back += in[i++] + (size_t)1;
        run += 2;
        if (back > o || run > size - o) return 0;
        for (size_t part; run > 0;
             run -= part, o += part) { /* what is copied may be part of the copy: never more than is there */
            part = run < back ? run : back;
            memcpy(out + o, out + o - back, part);
        }
    }
    return o;
}

/* Parameters: h5py's and LZF's versions, and the bytes of an unpacked chunk. */
static size_t filter(unsigned flags, size_t count, const unsigned values[], size_t bytes, size_t *buffer_size,
                     void **buffer)
{
    if (!(flags & H5Z_FLAG_REVERSE)) return 0;
    size_t size = count >= 3 && values[2] ? values[2] : *buffer_size, made = 0;
    unsigned char *out = NULL;
    for (int attempt = 0; attempt < 8 && made == 0; attempt++, size *= 2) {
        free(out);
        if (!(out = malloc(size ? size : 1))) return 0;
        made = unpack(*buffer, bytes, out, size);
        if (made) break;
    }
    if (made == 0) {
        free(out);
        return 0;
    }
    free(*buffer);
    *buffer = out;
    *buffer_size = size;
    return made;
}

void zsc_h5_register_lzf(void)
{
    static const H5Z_class2_t lzf = {H5Z_CLASS_T_VERS, LZF, 0, 1, "lzf", NULL, NULL, filter};
    if (H5Zfilter_avail(LZF) <= 0) H5Zregister(&lzf);
}
