/* The simulator's parts: a random taxonomy, barcodes evolved along it, and vectors; simulate.c writes them row by row.
 */
#ifndef ZSC_DATA_SIMULATE_H
#define ZSC_DATA_SIMULATE_H

#include <gsl/gsl_rng.h>

#include "base/random.h"
#include "zsc/dataset.h"

enum {
    SIM_CLASS,
    SIM_ORDER,
    SIM_FAMILY,
    SIM_SUBFAMILY,
    SIM_GENUS,
    SIM_SPECIES,
    SIM_LINEAGE,
    SIM_LEVELS,
    SIM_RANKS = SIM_LINEAGE
};

/* --- Random numbers: a stream for each purpose and pair of indices. The values are part of every simulated file. */
typedef enum sim_purpose {
    SIM_PARENTS = 1,
    SIM_WEIGHTS = 2,
    SIM_AGE = 3,
    SIM_NAMES = 4,
    SIM_SITES = 5,
    SIM_ANCESTOR = 6,
    SIM_BRANCH = 7,
    SIM_LINEAGES = 8,
    SIM_ABUNDANCE = 9,
    SIM_HAPLOTYPES = 10,
    SIM_MUTATION = 11,
    SIM_SHUFFLE = 12,
    SIM_READ = 13,
    SIM_LABELS = 14,
    SIM_SPLIT = 15,
    SIM_CLADE_VECTOR = 16,
    SIM_BARCODE_VECTOR = 17,
    SIM_ROW_VECTOR = 18,
    SIM_LIFT = 19,
    SIM_MEASURES = 20,
    SIM_SPECIES_SPLIT = 21
} sim_purpose;

static inline zsc_stream sim_stream(uint64_t seed, sim_purpose purpose, uint64_t a, uint64_t b)
{
    uint64_t index = zsc_mix64(zsc_mix64((uint64_t)purpose + UINT64_C(0x632be59bd9b4e019)) + a);
    return zsc_stream_open(seed, ZSC_RANDOM_SIMULATE, zsc_mix64(index + UINT64_C(0x9e3779b97f4a7c15)) + b);
}

/* The stream as GSL's generator, for GSL's distributions. Lives as long as STREAM. */
gsl_rng sim_gsl(zsc_stream *stream);

/* --- Taxonomy */
enum { SIM_NAME_SIZE = 64 };
typedef struct sim_taxonomy {
    size_t count[SIM_LEVELS];                /* the last: lineages, the deep branches within species */
    int32_t *parent[SIM_LEVELS];             /* parent[r][i]: at rank r - 1; NULL for classes */
    double *age[SIM_LEVELS];                 /* of the youngest common ancestor of what lies below; lineages: NULL */
    char (*name[SIM_LEVELS])[SIM_NAME_SIZE]; /* lineages: their BIN's */
    bool *no_subfamily;                      /* per family: its taxonomists use none */
    int32_t *first_lineage;                  /* per species, count + 1 entries */
    int32_t *bin;                            /* per lineage: the lineage whose BIN it is in, mostly itself */
} sim_taxonomy;
zsc_status sim_taxonomy_make(const zsc_simulate_options *options, sim_taxonomy *out);
void sim_taxonomy_free(sim_taxonomy *taxonomy);

/* --- Barcodes */
typedef struct sim_barcodes {
    uint64_t seed;
    size_t length;
    double *site_rate, *site_sum; /* length: each site's rate, and the sum of rates up to it */
    char *lineage;                /* lineages x length: each lineage's founder */
} sim_barcodes;
zsc_status sim_barcodes_make(const zsc_simulate_options *options, const sim_taxonomy *taxonomy, const zsc_exec *exec,
                             sim_barcodes *out);
void sim_barcodes_free(sim_barcodes *barcodes);
/* The lineage that haplotype h of a species belongs to. */
int32_t sim_lineage_of(const sim_barcodes *barcodes, const sim_taxonomy *taxonomy, int32_t species, int32_t haplotype);
/* What a sequencer made of it: OUT has length + 1 bytes. True if ambiguity codes were written. */
bool sim_barcode_read(const sim_barcodes *barcodes, const sim_taxonomy *taxonomy, int32_t species, int32_t haplotype,
                      size_t row, char *out);

/* --- Vectors */
typedef struct sim_encoder_weights {
    float clade[SIM_LEVELS]; /* how far the encoder tells clades of each level apart */
    float barcode, row;      /* ... haplotypes, and specimens */
    float ambient;           /* noise of each coordinate */
} sim_encoder_weights;

typedef struct sim_encoder {
    char name[24], label[32];
    const char *modality, *architecture;
    sim_encoder_weights weights;
    uint64_t seed;
    size_t number, d; /* number: among all encoders, which key its random numbers */
    float *latent;    /* lineages x SIM_LATENT */
    float *in;        /* SIM_LATENT x SIM_HIDDEN */
    float *out;       /* SIM_HIDDEN x d */
} sim_encoder;
enum { SIM_LATENT = 32, SIM_HIDDEN = 96 };
/* The i-th of the image encoders, or of those of DNA. */
zsc_status sim_encoder_make(const zsc_simulate_options *options, const sim_taxonomy *taxonomy, bool dna, size_t i,
                            const zsc_exec *exec, sim_encoder *out);
void sim_encoder_free(sim_encoder *encoder);
/* One specimen's vector: OUT has d floats. */
void sim_encode(const sim_encoder *encoder, int32_t species, int32_t haplotype, int32_t lineage, size_t row,
                bool ambiguous, float *out);

#endif
