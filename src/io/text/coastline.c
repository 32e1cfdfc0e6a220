#include "io/text/coastline.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/value.h"
#include "io/files/read_file.h"

static zsc_status add(zsc_coastline *c, float longitude, float latitude)
{
    zsc_status status = zsc_grow(&c->point, &c->capacity, c->count + 1, sizeof *c->point, "the coastline");
    if (status == ZSC_OK) c->point[c->count++] = (zsc_map_point){longitude, latitude};
    return status;
}

static zsc_status end_line(zsc_coastline *c)
{
    if (c->count == 0 || isnan(c->point[c->count - 1].latitude)) return ZSC_OK;
    c->lines++;
    return add(c, NAN, NAN);
}

/* The next number of *TEXT, which goes on behind it. */
static bool next_number(char **text, double *out)
{
    char *word = *text + strspn(*text, " \t,"), *end = word + strcspn(word, " \t,"), kept = *end;
    *end = '\0';
    bool good = zsc_value_number(word, out);
    *end = kept;
    *text = end;
    return good;
}

static zsc_status add_text_line(zsc_coastline *c, const char *path, size_t number, char *line)
{
    double longitude, latitude;
    char *at = line;
    for (size_t length = strlen(line); length && isspace((unsigned char)line[length - 1]);) line[--length] = '\0';
    if (*line == '#') return ZSC_OK;
    if (*line == '\0' || *line == '>') return end_line(c);
    if (!next_number(&at, &longitude) || !next_number(&at, &latitude))
        return zsc_fail(
            ZSC_EINPUT,
            "'%s', line %zu: expected longitude and latitude, not '%.40s'; a coastline has a point per line, "
            "and blank lines or lines with > between its parts",
            path, number, line);
    if (fabs(latitude) > 90 || longitude < -180 || longitude > 360)
        return zsc_fail(
            ZSC_EINPUT,
            "'%s', line %zu: expected a longitude from -180 to 360 and a latitude from -90 to 90, not %g and "
            "%g",
            path, number, longitude, latitude);
    return add(c, (float)longitude, (float)latitude);
}

zsc_status zsc_coastline_read(const char *path, zsc_coastline *out)
{
    zsc_status status = ZSC_OK;
    zsc_coastline c = {0};
    char *text = NULL, *line, *next;
    size_t length = 0, number = 0;
    ZSC_TRY(zsc_read_file(path, &text, &length));
    if (strlen(text) != length) {
        status = zsc_fail(ZSC_EINPUT, "'%s' is no text: expected lines of longitude and latitude", path);
        goto done;
    }
    for (line = text; line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        ZSC_TRY(add_text_line(&c, path, ++number, line));
    }
    ZSC_TRY(end_line(&c));
    if (c.lines == 0) {
        status = zsc_fail(ZSC_EINPUT, "'%s' holds no points: expected lines of longitude and latitude", path);
        goto done;
    }
    *out = c;
    c = (zsc_coastline){0};
done:
    free(text);
    zsc_coastline_free(&c);
    return status;
}

void zsc_coastline_free(zsc_coastline *c)
{
    free(c->point);
    *c = (zsc_coastline){0};
}
