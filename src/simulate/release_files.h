/* What a simulated release holds, and under which names: those of BIOSCAN-5M, of zs-ssl-clustering and of CLIBD. */
#ifndef ZSC_SIMULATE_RELEASE_FILES_H
#define ZSC_SIMULATE_RELEASE_FILES_H

#include "simulate/specimens.h"

enum {
    ZSC_RELEASE_IMAGE_MODELS = 12,
    ZSC_RELEASE_DNA_MODELS = 5,
    ZSC_RELEASE_MODELS = ZSC_RELEASE_IMAGE_MODELS + ZSC_RELEASE_DNA_MODELS,
    ZSC_RELEASE_ALIGNMENTS = 2, /* models of CLIBD */
    ZSC_RELEASE_CLIBD_FILES = 4,
    ZSC_RELEASE_MOST_SPLITS = 5,
    ZSC_RELEASE_CLIBD_COLUMNS = 768
};

typedef struct zsc_release_model {
    const char *name; /* in the names of its files */
    const char *label, *architecture, *pretraining;
    size_t d;
    float quality; /* see zsc_sim_encoder_weights_at: 0 is the best of its modality */
} zsc_release_model;
/* Those of images, then those of DNA, each in the order of the paper's Table A16. */
extern const zsc_release_model zsc_release_models[ZSC_RELEASE_MODELS];

/* The splits of which a modality's models have embeddings: those that an item of the paper needs; the first
 * ZSC_RELEASE_CLUSTERED of them are clustered. */
enum { ZSC_RELEASE_CLUSTERED = 2 };
typedef struct zsc_release_splits {
    size_t count;
    zsc_sim_split split[ZSC_RELEASE_MOST_SPLITS];
} zsc_release_splits;
const zsc_release_splits *zsc_release_splits_of(bool dna);

typedef struct zsc_release_alignment {
    const char *name, *label;
    bool aligned;
} zsc_release_alignment;
extern const zsc_release_alignment zsc_release_alignments[ZSC_RELEASE_ALIGNMENTS];
typedef struct zsc_release_clibd_file {
    const char *name; /* CLIBD's of the split */
    zsc_sim_split split;
} zsc_release_clibd_file;
extern const zsc_release_clibd_file zsc_release_clibd_files[ZSC_RELEASE_CLIBD_FILES];

/* Names within the folder of the release. */
#define ZSC_RELEASE_METADATA "bioscan5m/metadata/csv/BIOSCAN_5M_Insect_Dataset_metadata.csv"
#define ZSC_RELEASE_IMAGES "bioscan5m/images/cropped_256"
/* FOLDER/..., the caller's (free); NULL with the message set where memory runs out. */
char *zsc_release_embeddings_path(const char *folder, size_t model, zsc_sim_split split);
char *zsc_release_clibd_path(const char *folder, size_t alignment, size_t file);
char *zsc_release_image_path(const char *folder, zsc_sim_split split, const char *chunk, const char *id);

/* FOLDER/README and FOLDER/paper.yaml, the configuration of all of it. SCALE and SEED are told. */
zsc_status zsc_release_write_readme(const char *folder, double scale, uint64_t seed);
zsc_status zsc_release_write_configuration(const char *folder, double scale, uint64_t seed);

#endif
