/* Colours of figures: as text and as number, and as they are drawn on a dark background. */
#ifndef ZSC_REPORT_COLOUR_H
#define ZSC_REPORT_COLOUR_H

/* "#rrggbb" as 0xrrggbb. */
long zsc_colour_rgb(const char *colour);

/* L of CIELAB, 0 to 100. */
double zsc_colour_lightness(long rgb);

/* The colour of the same hue (CIELAB) whose lightness L becomes 92 - 0.55 L, less saturated where the screen cannot
 * show that: what was dark on white is light on black, and steps of lightness remain. */
long zsc_colour_on_dark(long rgb);

/* Black or white, whichever has more contrast with the colour of this share of cividis, the scale of heat maps: its
 * lightness is nearly linear. */
double zsc_cividis_ink(double share);

#endif
