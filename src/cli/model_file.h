/* Files that keep what new rows are compared with: `zsc umap` and `zsc cluster` write them with --keep-model, `zsc umap
 * --transform` and `zsc assign` read them.
 *
 *   /model/rows                                n x d: the rows that were laid out or clustered, as they were scaled
 *   /model/mean, /model/deviation, /model/exponent   d each: of the columns, where --scale standardised them
 *   /embeddings/umap                           the layout, of zsc umap; its attributes are the parameters
 *   /clusters                                  n, of zsc cluster
 *   /id                                        n, where rows have ids
 *
 * Attributes of /model/rows: scale, metric, columns (of each of the concatenated encoders, "768+512"), doubles (whether
 * rows were scaled in double precision), encoders (their names, "dino+barcodebert"; none where one is but its file's
 * name), and their checksum. */
#ifndef ZSC_CLI_MODEL_FILE_H
#define ZSC_CLI_MODEL_FILE_H

#include "cli/inputs.h"
#include "data/scale.h"
#include "io/h5/h5.h"
#include "zsc/umap.h"

#define CLI_MODEL_ROWS "/model/rows"

/* What is kept; all is the caller's. */
typedef struct cli_kept_rows {
    const float *x;
    size_t n, d;
    int scale, metric;
    const zsc_scaling *scaling;   /* d 0: no statistics */
    const zsc_modality *modality; /* the concatenated encoders; none: a bare matrix */
    size_t modalities;
    bool doubles;
} cli_kept_rows;

zsc_status cli_model_write(zsc_h5 *file, const cli_kept_rows *rows);
/* Those of its arrays that are in FILE, for checksums. */
zsc_status cli_model_arrays(zsc_h5 *file, zsc_list *arrays);
/* Whether --scale has statistics that a model must hold. */
bool cli_scale_has_statistics(int scale);

typedef struct cli_model {
    const char *path;
    float *x; /* n x d */
    size_t n, d;
    int scale, metric;
    zsc_scaling scaling;
    char *columns;  /* "768+512"; "" in files of older versions */
    char *encoders; /* "dino+barcodebert"; "": not known */
    char **id;      /* n; NULL: none */
} cli_model;

/* Reads FILE's model but for a layout. ZSC_EINPUT: it keeps none, or is damaged. *out is set on success only. */
zsc_status cli_model_read(zsc_h5 *file, cli_model *out);
void cli_model_free(cli_model *model);
/* Rows of D columns, of these encoders (MODALITIES 0: a bare matrix), can be compared with the model's. Encoders of
 * other names are warned of: one encoder may have several. */
zsc_status cli_model_check_columns(const cli_model *model, size_t d, const zsc_modality *modality, size_t modalities);

#endif
