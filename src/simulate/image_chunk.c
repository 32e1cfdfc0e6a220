/* MD5 (RFC 1321) of a text that fits one block of 64 bytes; only the first byte of the digest is asked for.
 *
 *   F_i(b, c, d)  round 1: (b & c) | (~b & d)   2: (d & b) | (~d & c)   3: b ^ c ^ d   4: c ^ (b | ~d)
 *   word of step  round 1: i   2: 5i + 1   3: 3i + 5   4: 7i, all modulo 16
 *   T_i           floor(2^32 |sin(i + 1)|), i = 0 .. 63 */
#include "simulate/image_chunk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 64, STEPS = 64, LONGEST = BLOCK - 9 };

static uint32_t rotated(uint32_t x, int by) { return x << by | x >> (32 - by); }

/* The first word of the digest. */
static uint32_t md5_word(const char *text)
{
    static const int shift[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    static const int factor[4] = {1, 5, 3, 7}, offset[4] = {0, 1, 5, 0};
    const uint32_t first = 0x67452301;
    uint32_t word[16] = {0}, a = first, b = 0xefcdab89, c = 0x98badcfe, d = 0x10325476;
    size_t length = strlen(text) < LONGEST ? strlen(text) : LONGEST;
    for (size_t i = 0; i <= length; i++)
        word[i / 4] |= (uint32_t)(i < length ? (unsigned char)text[i] : 0x80) << 8 * (i % 4);
    word[14] = (uint32_t)length * 8;
    for (int i = 0; i < STEPS; i++) {
        int round = i / 16;
        uint32_t f = round == 0   ? (b & c) | (~b & d)
                     : round == 1 ? (d & b) | (~d & c)
                     : round == 2 ? b ^ c ^ d
                                  : c ^ (b | ~d);
        uint32_t constant = (uint32_t)floor(0x1p32 *
                                            fabs(sin(i + 1))); /* far from whole numbers: any libm's digits do */
        uint32_t sum = a + f + constant + word[(factor[round] * i + offset[round]) % 16];
        a = d;
        d = c;
        c = b;
        b += rotated(sum, shift[round][i % 4]);
    }
    return first + a;
}

void zsc_sim_image_chunk(const char *id, zsc_sim_split split, char out[ZSC_SIM_CHUNK_SIZE])
{
    int digits = split == ZSC_SIM_PRETRAIN ? 2 : split == ZSC_SIM_TRAIN || split == ZSC_SIM_OTHER_HELDOUT ? 1 : 0;
    out[0] = '\0';
    if (digits == 0) return;
    snprintf(out, ZSC_SIM_CHUNK_SIZE, "%02x", (unsigned)(md5_word(id) & 0xff));
    out[digits] = '\0';
}
