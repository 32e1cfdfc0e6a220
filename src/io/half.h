/* Sixteen-bit floats, exactly. */
#ifndef ZSC_IO_HALF_H
#define ZSC_IO_HALF_H

#include <stdint.h>
#include <string.h>

static inline float zsc_bits_to_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* IEEE 754 binary16. */
static inline float zsc_half_to_float(uint16_t half)
{
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 31, fraction = half & 1023;
    if (exponent == 31) return zsc_bits_to_float(sign | 0x7f800000 | fraction << 13); /* infinity, NaN */
    if (exponent) return zsc_bits_to_float(sign | (exponent + 112) << 23 | fraction << 13);
    float value = (float)fraction * 0x1p-24f; /* zero, or a subnormal number */
    return sign ? -value : value;
}

/* bfloat16: the upper half of a float. */
static inline float zsc_bfloat_to_float(uint16_t bits) { return zsc_bits_to_float((uint32_t)bits << 16); }

#endif
