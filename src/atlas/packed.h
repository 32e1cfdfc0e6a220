/* Arrays of the atlas as bytes, one after the other: whole numbers in the narrowest of 8, 16 and 32 bits, floats, text;
 * all little-endian. In a page the bytes stand in base64; each array begins at a multiple of 24 bytes, so that a page
 * can decode one of them from its own letters alone, and view it in place. */
#ifndef ZSC_ATLAS_PACKED_H
#define ZSC_ATLAS_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "zsc/status.h"

enum { ZSC_PACKED_ALIGNMENT = 24 };

/* Start from {0}; freed with zsc_packed_free. */
typedef struct zsc_packed {
    unsigned char *data;
    size_t size, capacity;
} zsc_packed;

/* Where an array is. TYPE: "u8", "u16", "u32", "f32" or "text" (count: bytes). */
typedef struct zsc_packed_array {
    const char *type;
    size_t offset, count;
} zsc_packed_array;

/* Codes 0 .. levels - 1 (count) in the narrowest type; below 0: the largest number of that type. */
zsc_status zsc_packed_codes(zsc_packed *packed, const int32_t *code, size_t count, size_t levels,
                            zsc_packed_array *out);
zsc_status zsc_packed_u16(zsc_packed *packed, const uint16_t *value, size_t count, zsc_packed_array *out);
zsc_status zsc_packed_f32(zsc_packed *packed, const float *value, size_t count, zsc_packed_array *out);
/* Texts (count), each with its zero byte. */
zsc_status zsc_packed_texts(zsc_packed *packed, char *const *text, size_t count, zsc_packed_array *out);
void zsc_packed_free(zsc_packed *packed);

/* How numbers are packed: low + step * value[i], values being 0 .. steps, and 65,535 for NaN. */
typedef struct zsc_packed_scale {
    double low, step; /* step 0: all numbers are equal */
    unsigned steps;
    bool exact; /* the numbers are multiples of STEP, 10^-d with d from 0 to 6: nothing is lost */
} zsc_packed_scale;

/* Numbers (count) in steps of the largest 10^-d that they are multiples of, where at most 65,534 are needed; else in
 * 65,534 steps, so that value[i] is up to half a step off. */
zsc_packed_scale zsc_packed_numbers(const double *number, size_t count, uint16_t *value);

/* The bytes in base64 (RFC 4648), without line ends. Errors of STREAM are its owner's to see. */
void zsc_base64_write(FILE *stream, const unsigned char *data, size_t size);

#endif
