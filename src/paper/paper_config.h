/* What `zsc paper` is to make the paper's figures and tables of: a YAML file of metadata and embeddings.
 *
 *     metadata: metadata.csv
 *     images: images                 # folder of <id>.jpg, also in subfolders; optional
 *     coastline: coast.txt           # lines of the maps; optional
 *     encoders:                      # clustering
 *       - {label: DINO ResNet-50, file: dino.npz, modality: image, pretraining: DINO, architecture: ResNet-50}
 *     probes:                        # nearest keys and linear probes
 *       - {label: BarcodeBERT, file: [train.npz, test.npz]}
 *     linear: {solver: lbfgs}        # settings of zsc probe; optional
 *     retrieval:                     # queries in keys, between modalities
 *       - {label: CLIBD, image: "clibd:image", dna: "clibd:dna"}
 *     seeds: 0-4                     # of the second column; optional
 *
 * Paths are relative to the folder of the file. A list of files is parts of one embedding, as names joined with '+'
 * are.
 */
#ifndef ZSC_PAPER_CONFIG_H
#define ZSC_PAPER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/hash.h"
#include "base/text.h"

/* Embeddings as `zsc run -e` takes them. */
typedef struct zsc_paper_source {
    char *spec;          /* "a.npz+b.npz:dino", paths as they are from the working folder */
    zsc_list files;      /* its files and folders */
    char *encoder;       /* what the file calls the encoder; NULL where the file is not there */
    char *absent;        /* why it is not used: "'x.npz' is not there"; NULL: it is there */
    size_t columns;      /* of its vectors */
    zsc_digest identity; /* of its files when they were looked at, where `identified` */
    bool identified;
    size_t line;
} zsc_paper_source;

typedef struct zsc_paper_encoder {
    char *label, *modality, *pretraining, *architecture; /* NULL: not given */
    zsc_paper_source source;
} zsc_paper_encoder;

typedef struct zsc_paper_model {
    char *label;
    zsc_paper_source image, dna;
} zsc_paper_model;

typedef struct zsc_paper_setting {
    char *name, *value;
} zsc_paper_setting;

typedef struct zsc_paper_config {
    char *path, *folder;              /* of the file; the folder ends in '/', or is "" */
    char *metadata, *metadata_absent; /* why the metadata cannot be used; NULL: they are there */
    char *images, *coastline;         /* NULL: not given */
    char *images_absent;              /* why there can be no pictures; NULL: the folder is there, or not given */
    char *seeds;
    zsc_paper_encoder *encoder, *probe;
    zsc_paper_model *model;
    zsc_paper_setting *linear;
    size_t encoders, probes, models, settings;
    size_t encoder_capacity, probe_capacity, model_capacity, setting_capacity;
} zsc_paper_config;

/* ZSC_EINPUT with file and line: no YAML, an unknown key (the nearest is suggested), a value that does not fit, two
 * encoders of one name; embeddings that are there and cannot be read. Files that are not there are no error: they are
 * said in `absent`. KNOWN (may be NULL): what was learned before of embeddings, as zsc_paper_config_learned says it;
 * those that have not changed since are not opened. *out is set on success only. */
zsc_status zsc_paper_config_read(const char *path, const json_t *known, zsc_paper_config *out);
/* Of each source that is there its name, columns, and the state of its files, by its text; NULL: memory ran out. */
json_t *zsc_paper_config_learned(const zsc_paper_config *config);
void zsc_paper_config_free(zsc_paper_config *config);

/* A commented configuration. */
extern const char zsc_paper_example[];

#endif
