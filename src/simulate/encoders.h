/* Simulated encoders: vectors of specimens that follow the taxonomy more or less closely. */
#ifndef ZSC_SIMULATE_ENCODERS_H
#define ZSC_SIMULATE_ENCODERS_H

#include "simulate/specimens.h"

typedef struct zsc_sim_encoder_weights {
    float clade[ZSC_SIM_LEVELS]; /* how far the encoder tells clades of each level apart */
    float barcode, row;          /* ... haplotypes, and specimens */
    float ambient;               /* noise of each coordinate */
} zsc_sim_encoder_weights;

typedef struct zsc_sim_encoder {
    char name[24], label[32];
    const char *modality, *architecture;
    zsc_sim_encoder_weights weights;
    uint64_t seed;
    size_t number, d; /* number: among all encoders, which key its random numbers */
    size_t space;     /* the number by which clades and matrices are drawn: encoders of one space share it */
    float *latent;    /* lineages x ZSC_SIM_LATENT */
    float *in;        /* ZSC_SIM_LATENT x ZSC_SIM_HIDDEN */
    float *out;       /* ZSC_SIM_HIDDEN x d */
} zsc_sim_encoder;
typedef struct zsc_sim_specimen { /* what encoders see of a row */
    int32_t species, haplotype, lineage;
    size_t row;
    bool ambiguous; /* the barcode has ambiguity codes */
    float noise;    /* factor of the weights of haplotypes and specimens; 1 for species that encoders were trained on */
} zsc_sim_specimen;
enum { ZSC_SIM_LATENT = 32, ZSC_SIM_HIDDEN = 96 };
/* The i-th of the image encoders, or of those of DNA. */
zsc_status zsc_sim_encoder_make(const zsc_simulate_options *options, const zsc_sim_taxonomy *taxonomy,
                                const zsc_sim_specimens *specimens, bool dna, size_t i, const zsc_exec *exec,
                                zsc_sim_encoder *out);
/* For encoders of a caller's own choice: the weights of an encoder at T of the way from the best of its modality (0) to
 * the poorest (1; beyond that poorer), and the numbers by which those of encoder I are drawn, which are the same where
 * they are given again. */
zsc_sim_encoder_weights zsc_sim_encoder_weights_at(bool dna, float t);
void zsc_sim_encoder_number(zsc_sim_encoder *encoder, bool dna, size_t i, bool aligned);
/* Draws matrices and the vectors of clades of an encoder whose seed, d, weights and numbers are set. 128 bytes per
 * lineage; after a failure it is freed. */
zsc_status zsc_sim_encoder_draw(const zsc_sim_taxonomy *taxonomy, const zsc_sim_specimens *specimens,
                                const zsc_exec *exec, zsc_sim_encoder *encoder);
void zsc_sim_encoder_free(zsc_sim_encoder *encoder);
/* One specimen's vector: OUT has d floats. */
void zsc_sim_encode(const zsc_sim_encoder *encoder, const zsc_sim_specimen *specimen, float *out);

#endif
