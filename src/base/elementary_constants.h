/* What elementary.c and its lanes (kernels.c) compute with. */
#ifndef ZSC_BASE_ELEMENTARY_CONSTANTS_H
#define ZSC_BASE_ELEMENTARY_CONSTANTS_H

/* log 2 in two parts: the first has 42 bits, so that its products with exponents are exact. */
static const double LN2_HIGH = 0x1.62e42fefa38p-1, LN2_LOW = 0x1.ef35793c7673p-45;
static const double LOG2_E = 0x1.71547652b82fep+0;
static const double TO_WHOLE = 0x1.8p52; /* x + TO_WHOLE - TO_WHOLE is x to the nearest integer */
static const double SPLIT = 0x1p27 + 1;
static const double TWO_PI = 0x1.921fb54442d18p+2, TWO_PI_LOW = 0x1.1a62633145c07p-52;
/* Of exp to single precision; of 2 artanh. */
static const double OVER_FACTORIAL_SHORT[] = {1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120,
                                              1.0 / 24,    1.0 / 6,    1.0 / 2,   1};
static const double OVER_ODD[] = {2.0 / 23, 2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13,
                                  2.0 / 11, 2.0 / 9,  2.0 / 7,  2.0 / 5,  2.0 / 3};

#endif
