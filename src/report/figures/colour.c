/* sRGB (IEC 61966-2-1), white D65, and CIELAB (CIE 15:2004). */
#include "report/figures/colour.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const double white[3] = {0.9505, 1, 1.089};

long zsc_colour_rgb(const char *colour) { return strtol(colour + 1, NULL, 16); }

static void lab_of(long rgb, double lab[3])
{
    static const double to_xyz[9] = {0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505};
    double linear[3], f[3];
    for (int i = 0; i < 3; i++) {
        double c = (double)(rgb >> (16 - 8 * i) & 255) / 255;
        linear[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
    }
    for (int i = 0; i < 3; i++) {
        double v = 0;
        for (int j = 0; j < 3; j++) v += to_xyz[3 * i + j] * linear[j] / white[i];
        f[i] = v > 0.008856 ? cbrt(v) : 7.787 * v + 16.0 / 116;
    }
    lab[0] = 116 * f[1] - 16;
    lab[1] = 500 * (f[0] - f[1]);
    lab[2] = 200 * (f[1] - f[2]);
}

double zsc_colour_lightness(long rgb)
{
    double lab[3];
    lab_of(rgb, lab);
    return lab[0];
}

/* False if a channel is out of range. */
static bool rgb_of(const double lab[3], long *rgb)
{
    static const double from_xyz[9] = {3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.2040, 1.0570};
    double y = (lab[0] + 16) / 116, f[3] = {y + lab[1] / 500, y, y - lab[2] / 200}, xyz[3];
    bool inside = true;
    *rgb = 0;
    for (int i = 0; i < 3; i++) xyz[i] = white[i] * (f[i] > 0.2069 ? f[i] * f[i] * f[i] : (f[i] - 16.0 / 116) / 7.787);
    for (int i = 0; i < 3; i++) {
        double v = 0;
        for (int j = 0; j < 3; j++) v += from_xyz[3 * i + j] * xyz[j];
        inside = inside && v > -0.002 && v < 1.002;
        v = fmin(1, fmax(0, v));
        v = v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055;
        *rgb = *rgb << 8 | lround(255 * v);
    }
    return inside;
}

long zsc_colour_on_dark(long rgb)
{
    double lab[3];
    long out;
    lab_of(rgb, lab);
    lab[0] = 92 - 0.55 * lab[0];
    for (int i = 0; i < 40 && !rgb_of(lab, &out); i++) {
        lab[1] *= 0.93;
        lab[2] *= 0.93;
    }
    rgb_of(lab, &out);
    return out;
}

double zsc_cividis_ink(double share) { return share < 0.55 ? 0xffffff : 0x222222; }
