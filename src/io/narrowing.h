/* What is lost where a file's numbers become floats: rows that differ in the file and are equal afterwards, and finite
 * numbers that a float cannot hold. */
#ifndef ZSC_IO_NARROWING_H
#define ZSC_IO_NARROWING_H

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct zsc_narrowing {
    uint64_t *hash; /* of each row as the file has it; begins with 0 */
    double beyond;  /* a finite number beyond floats; 0: there is none */
} zsc_narrowing;

/* VALUE as a float; in the hash of its row. Elements of a row come in the order of the columns. LOSS may be NULL. */
static inline float zsc_narrow(zsc_narrowing *loss, size_t row, double value)
{
    float narrow = (float)value;
    if (!loss) return narrow;
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t mixed = (loss->hash[row] ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
    loss->hash[row] = mixed ^ mixed >> 29;
    if (fabs(value) > FLT_MAX && value - value == 0 && isinf(narrow)) loss->beyond = value;
    return narrow;
}

#endif
