#include "data/barcode_digest.h"

#include <ctype.h>

zsc_digest zsc_barcode_digest(const char *barcode, size_t length, size_t max_length, zsc_text *scratch)
{
    if (max_length && length > max_length) length = max_length;
    while (length > 0 && (barcode[length - 1] == 'N' || barcode[length - 1] == 'n')) length--;
    if (length == 0) return (zsc_digest){0, 0};
    if (!(zsc_text_bits(barcode, length) & 0x20)) return zsc_hash_bytes(barcode, length); /* no small letter */
    scratch->length = 0;
    zsc_text_append_n(scratch, barcode, length);
    if (scratch->failed) return (zsc_digest){0, 0};
    for (size_t i = 0; i < length; i++) scratch->data[i] = (char)toupper((unsigned char)scratch->data[i]);
    return zsc_hash_bytes(scratch->data, length);
}
