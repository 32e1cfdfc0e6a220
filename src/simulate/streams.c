#include "simulate/streams.h"

static unsigned long gsl_get(void *state) { return (unsigned long)(zsc_stream_u64(state) >> 32); }
static double gsl_get_double(void *state) { return zsc_stream_uniform(state); }
static void gsl_seed(void *state, unsigned long seed) { ((zsc_stream *)state)->state = seed; }

gsl_rng zsc_sim_gsl(zsc_stream *stream)
{
    static const gsl_rng_type type = {"zsc_stream", UINT32_MAX,    0, sizeof(zsc_stream), gsl_seed,
                                      gsl_get,      gsl_get_double};
    return (gsl_rng){&type, stream};
}
