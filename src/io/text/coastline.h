/* Lines of a map: coasts, borders, rivers. A line of text per point, longitude and latitude in degrees, between blanks,
 * tabs or a comma; a blank line or one that begins with > ends a line of the map (GMT's format); lines that begin with
 * # are comments. */
#ifndef ZSC_IO_COASTLINE_H
#define ZSC_IO_COASTLINE_H

#include <stddef.h>

#include "zsc/status.h"

typedef struct zsc_map_point {
    float longitude, latitude; /* NaN: the line of the map ends */
} zsc_map_point;

typedef struct zsc_coastline {
    zsc_map_point *point;
    size_t count, capacity, lines;
} zsc_coastline;

/* ZSC_EINPUT: no such file, a line that is no point (with its number), latitude or longitude out of range (-90 .. 90,
 * -180 .. 360), or no point at all. */
zsc_status zsc_coastline_read(const char *path, zsc_coastline *out);
void zsc_coastline_free(zsc_coastline *coastline);

#endif
