#include "atlas/packed.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Space for COUNT numbers of WIDTH bytes; *at: where they go. */
static zsc_status begin(zsc_packed *p, size_t count, size_t width, unsigned char **at, size_t *offset)
{
    size_t start = (p->size + ZSC_PACKED_ALIGNMENT - 1) / ZSC_PACKED_ALIGNMENT * ZSC_PACKED_ALIGNMENT;
    if (count > (SIZE_MAX / 2 - start) / width) return zsc_fail_memory(count, width, "the data of a page");
    zsc_status status = zsc_grow(&p->data, &p->capacity, start + count * width + 1, 1, "the data of a page");
    if (status != ZSC_OK) return status;
    memset(p->data + p->size, 0, start - p->size);
    *at = p->data + start;
    *offset = start;
    p->size = start + count * width;
    return ZSC_OK;
}

static void put_number(unsigned char *at, uint32_t value, size_t width)
{
    for (size_t b = 0; b < width; b++) at[b] = (unsigned char)(value >> 8 * b & 255);
}

zsc_status zsc_packed_codes(zsc_packed *p, const int32_t *code, size_t count, size_t levels, zsc_packed_array *out)
{
    unsigned char *at;
    size_t offset, width = levels < UINT8_MAX ? 1 : levels < UINT16_MAX ? 2 : 4;
    zsc_status status = begin(p, count, width, &at, &offset);
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < count; i++) put_number(at + i * width, code[i] < 0 ? UINT32_MAX : (uint32_t)code[i], width);
    *out = (zsc_packed_array){width == 1 ? "u8" : width == 2 ? "u16" : "u32", offset, count};
    return ZSC_OK;
}

zsc_status zsc_packed_u16(zsc_packed *p, const uint16_t *value, size_t count, zsc_packed_array *out)
{
    unsigned char *at;
    size_t offset;
    zsc_status status = begin(p, count, sizeof *value, &at, &offset);
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < count; i++) put_number(at + i * sizeof *value, value[i], sizeof *value);
    *out = (zsc_packed_array){"u16", offset, count};
    return ZSC_OK;
}

zsc_status zsc_packed_f32(zsc_packed *p, const float *value, size_t count, zsc_packed_array *out)
{
    unsigned char *at;
    size_t offset;
    zsc_status status = begin(p, count, sizeof *value, &at, &offset);
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &value[i], sizeof bits);
        put_number(at + i * sizeof bits, bits, sizeof bits);
    }
    *out = (zsc_packed_array){"f32", offset, count};
    return ZSC_OK;
}

zsc_status zsc_packed_texts(zsc_packed *p, char *const *text, size_t count, zsc_packed_array *out)
{
    unsigned char *at;
    size_t offset, bytes = 0;
    for (size_t i = 0; i < count; i++) bytes += strlen(text[i]) + 1;
    zsc_status status = begin(p, bytes, 1, &at, &offset);
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(text[i]) + 1;
        memcpy(at, text[i], length);
        at += length;
    }
    *out = (zsc_packed_array){"text", offset, bytes};
    return ZSC_OK;
}

void zsc_packed_free(zsc_packed *p)
{
    free(p->data);
    *p = (zsc_packed){0};
}

/* The largest 10^-d, d from 0 to 6, that all numbers are multiples of to double precision; 0: none. */
static double unit_of(const double *number, size_t count)
{
    enum { MOST_DECIMALS = 6 };
    const double slack = 8 * DBL_EPSILON;
    double tenths = 1;
    for (int d = 0; d <= MOST_DECIMALS; d++, tenths *= 10) {
        size_t i = 0;
        for (; i < count; i++) {
            double scaled = number[i] * tenths;
            if (!isnan(scaled) && fabs(scaled - round(scaled)) > slack * fabs(scaled)) break;
        }
        if (i == count) return 1 / tenths;
    }
    return 0;
}

zsc_packed_scale zsc_packed_numbers(const double *number, size_t count, uint16_t *value)
{
    enum { MOST_STEPS = UINT16_MAX - 1 };
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        least = fmin(least, number[i]);
        most = fmax(most, number[i]);
    }
    zsc_packed_scale s = {.low = isfinite(least) ? least : 0, .exact = !(most > least)};
    if (most > least) {
        double unit = unit_of(number, count);
        s.exact = unit > 0 && (most - least) / unit <= MOST_STEPS + 0.5;
        s.steps = s.exact ? (unsigned)((most - least) / unit + 0.5) : MOST_STEPS;
        s.step = s.exact ? unit : (most - least) / MOST_STEPS;
    }
    for (size_t i = 0; i < count; i++) {
        if (isnan(number[i]))
            value[i] = UINT16_MAX;
        else
            value[i] = s.step > 0 ? (uint16_t)fmin(s.steps, floor((number[i] - s.low) / s.step + 0.5)) : 0;
    }
    return s;
}

void zsc_base64_write(FILE *stream, const unsigned char *data, size_t size)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char line[4096];
    size_t used = 0;
    for (size_t i = 0; i < size; i += 3) {
        size_t rest = size - i;
        uint32_t bits = (uint32_t)data[i] << 16 | (uint32_t)(rest > 1 ? data[i + 1] : 0) << 8 |
                        (uint32_t)(rest > 2 ? data[i + 2] : 0);
        line[used++] = letters[bits >> 18];
        line[used++] = letters[bits >> 12 & 63];
        line[used++] = rest > 1 ? letters[bits >> 6 & 63] : '=';
        line[used++] = rest > 2 ? letters[bits & 63] : '=';
        if (used == sizeof line || i + 3 >= size) {
            fwrite(line, 1, used, stream);
            used = 0;
        }
    }
}
