/* Random numbers as a function of (seed, purpose, index): who asks and why, never in which order.
 *
 * A stream is SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) started at a key that mixes the three, so that streams of
 * neighbouring seeds and indices are unrelated. Streams are values: copy one and both go on alike. */
#ifndef ZSC_BASE_RANDOM_H
#define ZSC_BASE_RANDOM_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "base/elementary.h"

/* Purposes are part of every result: never renumber them. */
typedef enum zsc_purpose {
    ZSC_RANDOM_TEST = 0,
    ZSC_RANDOM_ROWS = 1,                 /* one row per barcode; index: the barcode's hash */
    ZSC_RANDOM_KNN = 2,                  /* approximate neighbours; index: a row */
    ZSC_RANDOM_SPECTRAL = 3,             /* first block of the eigensolver */
    ZSC_RANDOM_INITIALISATION_NOISE = 4, /* noise on the initialisation; index: a row */
    ZSC_RANDOM_INITIALISATION = 5,       /* random initialisation; index: a row */
    ZSC_RANDOM_NEGATIVE = 6,             /* rows of the layout's pools; index: a block in a round */
    ZSC_RANDOM_SIMULATE = 7,             /* the simulator derives its own indices */
    ZSC_RANDOM_BOOTSTRAP = 8,            /* index: a resample */
    ZSC_RANDOM_PCA = 9,
    ZSC_RANDOM_SAMPLE = 10,      /* rows sampled by estimates such as recall */
    ZSC_RANDOM_LAYOUT = 11,      /* shuffling of edges and rounds; draws from a task's pool */
    ZSC_RANDOM_POOL = 12,        /* which blocks' rows make a pool; index: a round */
    ZSC_RANDOM_TRANSFORM = 13,   /* negative samples of a new row; index: the hash of its values */
    ZSC_RANDOM_KMEANS = 14,      /* candidates of k-means++; index: a start */
    ZSC_RANDOM_PROBE = 15,       /* order of rows of the linear probe; index: an epoch */
    ZSC_RANDOM_STABILITY = 19,   /* rows of subsamples; index: a subsample */
    ZSC_RANDOM_PERMUTATION = 20, /* of clusters among rows, for what chance gives; index: a permutation */
    ZSC_RANDOM_LEIDEN = 21,      /* igraph's random numbers, in the order of its one thread */
    ZSC_RANDOM_RAREFY = 22,      /* choices of rows for rarefaction; index: a choice */
    ZSC_RANDOM_LANCZOS = 23,     /* first block of the eigensolver of PCA; index: a vector */
    ZSC_RANDOM_SPEED = 24,       /* rows of the problem that tells a machine's speed; index: a row or cluster */
    ZSC_RANDOM_MULTIPLIER = 25   /* normal weights of resamples, for what differences have in common; index: a draw */
} zsc_purpose;

typedef struct zsc_stream {
    uint64_t state;
} zsc_stream;

static inline uint64_t zsc_mix64(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline zsc_stream zsc_stream_open(uint64_t seed, zsc_purpose purpose, uint64_t index)
{
    uint64_t key = zsc_mix64(seed + UINT64_C(0x9e3779b97f4a7c15));
    key = zsc_mix64(key ^ ((uint64_t)purpose + UINT64_C(0xd1b54a32d192ed03)));
    return (zsc_stream){zsc_mix64(key ^ (index * UINT64_C(0xaef17502108ef2d9) + 1))};
}

static inline uint64_t zsc_stream_u64(zsc_stream *stream)
{
    return zsc_mix64(stream->state += UINT64_C(0x9e3779b97f4a7c15));
}

/* Uniform on [0, 1), 53 bits. */
static inline double zsc_stream_uniform(zsc_stream *stream) { return (double)(zsc_stream_u64(stream) >> 11) * 0x1p-53; }

/* Uniform on 0 .. n-1, n >= 1 (multiply-shift; the bias is below n / 2^64). */
static inline uint64_t zsc_stream_below(zsc_stream *stream, uint64_t n)
{
    return (uint64_t)(((unsigned __int128)zsc_stream_u64(stream) * n) >> 64);
}

/* Standard normal (Box and Muller 1958; the second of the pair is not kept, so that a stream stays one number). */
static inline double zsc_stream_normal(zsc_stream *stream)
{
    double u = 1.0 - zsc_stream_uniform(stream), v = zsc_stream_uniform(stream);
    return sqrt(-2.0 * zsc_log(u)) * zsc_cos_turns(v);
}

#endif
