/* Sites lie in provinces, provinces in countries. A few sites, such as a Malaise trap that stands for a year, have many
 * specimens. BIOSCAN-5M has 47 countries, 102 provinces and states, and 1,650 pairs of coordinates (Gharaee et al.,
 * arXiv 2406.12723, Table A4). */
#include "simulate/places.h"

#include <math.h>
#include <stdio.h>

#include "base/elementary.h"
#include "simulate/streams.h"

enum { COUNTRIES = 47, PROVINCES = 102, SITES = 1650 };
/* What the second index of a stream is of: rows, sites, provinces, countries. */
enum { OF_ROW, OF_SITE, OF_PROVINCE, OF_COUNTRY };
static const double no_province = 0.018, no_coordinates = 0.001; /* shares of the rows */

typedef struct position {
    double latitude, longitude;
} position;

/* A number below COUNT, small ones more often: its density falls as a power of (POWER - 1) / POWER. */
static uint64_t skewed(zsc_stream *stream, uint64_t count, double power)
{
    return (uint64_t)((double)count * zsc_pow(zsc_stream_uniform(stream), power));
}

static double shifted(zsc_stream *stream, double degrees) { return degrees * (2 * zsc_stream_uniform(stream) - 1); }

/* Further by up to DEGREES; longitudes go round. */
static void move(zsc_stream *stream, double degrees, position *at)
{
    at->latitude = fmax(-84, fmin(84, at->latitude + shifted(stream, degrees)));
    at->longitude += shifted(stream, degrees);
    at->longitude -= 360 * floor((at->longitude + 180) / 360);
}

/* The angle of this sine, -1 .. 1, in degrees, by halving: the C library's asin depends on the processor. */
static double degrees_of_sine(double sine)
{
    enum { HALVINGS = 50 };
    double low = -0.25, high = 0.25; /* in turns */
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (zsc_cos_turns(middle - 0.25) < sine)
            low = middle;
        else
            high = middle;
    }
    return 180 * (low + high);
}

/* The middle of a country is uniform on the sphere between 37 degrees south and 68 north, where most land is. */
static position middle_of(uint64_t seed, uint64_t country)
{
    zsc_stream stream = zsc_sim_stream(seed, ZSC_SIM_PLACES, country, OF_COUNTRY);
    position at;
    at.latitude = degrees_of_sine(-0.60 + 1.53 * zsc_stream_uniform(&stream));
    at.longitude = shifted(&stream, 180);
    return at;
}

void zsc_sim_place_of(const zsc_simulate_options *o, size_t row, zsc_sim_place *out)
{
    zsc_stream own = zsc_sim_stream(o->seed, ZSC_SIM_PLACES, row, OF_ROW);
    uint64_t site = skewed(&own, SITES, 3);
    zsc_stream of_site = zsc_sim_stream(o->seed, ZSC_SIM_PLACES, site, OF_SITE);
    uint64_t province = site < PROVINCES ? site : skewed(&of_site, PROVINCES, 1.5);
    zsc_stream of_province = zsc_sim_stream(o->seed, ZSC_SIM_PLACES, province, OF_PROVINCE);
    uint64_t country = province < COUNTRIES ? province : skewed(&of_province, COUNTRIES, 2);
    position at = middle_of(o->seed, country);
    move(&of_province, 6, &at);
    move(&of_site, 2, &at);
    *out = (zsc_sim_place){.country = ""};
    snprintf(out->country, sizeof out->country, "Fictland %u", (unsigned)country + 1);
    if (zsc_stream_uniform(&own) >= no_province)
        snprintf(out->province, sizeof out->province, "Fict Province %u", (unsigned)province + 1);
    if (zsc_stream_uniform(&own) < no_coordinates) return;
    snprintf(out->latitude, sizeof out->latitude, "%.3f", at.latitude);
    snprintf(out->longitude, sizeof out->longitude, "%.3f", at.longitude);
}
