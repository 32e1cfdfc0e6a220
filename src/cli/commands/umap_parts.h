/* The parts of `zsc umap`.
 *
 * umap_input.c reads the rows, given neighbours and given coordinates; umap_origin.c says what a layout was made of, as
 * it is written to the file and compared when a run is resumed; umap_resume.c takes up a run that was stopped;
 * umap_output.c writes; umap_model.c reads a layout that keeps its rows, and umap_transform.c puts new rows into it. */
#ifndef ZSC_CLI_UMAP_PARTS_H
#define ZSC_CLI_UMAP_PARTS_H

#include "base/hash.h"
#include "cli/model_file.h"
#include "io/h5/h5.h"
#include "zsc/umap.h"

typedef struct cli_umap {
    cli_common common;
    zsc_umap_options options;
    cli_matrix matrix;
    const char *output, *init, *neighbours, *resume, *transform, *target;
    int metric, method;
    bool keep_model;
    size_t stop;
    zsc_seeds seed;
    zsc_dataset data;    /* n, d, x of a .npy too; then without ids */
    zsc_scaling scaling; /* of the rows, where it is kept with them */
    zsc_knn knn;
    float *y;
    size_t first_epoch;
    char fingerprint[ZSC_DIGEST_TEXT];
    uint64_t graph[2]; /* with which the layout to resume was made */
    char *made_with;   /* its neighbours, in words */
} cli_umap;

/* --- umap_input.c */
/* The rows of MATRIX; with GIVEN (may be NULL) they are scaled as that model's were, and have its columns. */
zsc_status cli_umap_load(const cli_matrix *matrix, const cli_model *given, const zsc_exec *exec, zsc_dataset *out);
/* To a->data, and with --keep-model, what they were scaled by to a->scaling. */
zsc_status cli_umap_read_rows(cli_umap *a, const cli_model *given);
zsc_status cli_umap_read_neighbours(cli_umap *a);
/* The labels of --target, which the dataset holds. ZSC_EUSAGE: there are none of that rank. */
zsc_status cli_umap_find_target(const cli_umap *a, const int32_t **labels);
/* The coordinates of SOURCE, a .npy or FILE.h5:ENCODER, to a->y. */
zsc_status cli_umap_read_given(const cli_umap *a, const char *source);

/* --- umap_origin.c */
typedef struct cli_umap_parameter {
    const char *name;
    double value;
} cli_umap_parameter;
enum { CLI_UMAP_PARAMETERS = 17 };
#define CLI_UMAP_INIT_CHOICES "spectral|pca|random"

void cli_umap_parameters(const cli_umap *a, cli_umap_parameter out[CLI_UMAP_PARAMETERS]);

/* Those that are written where they are in use, and are 0 otherwise: supervision and disconnection. */
enum { CLI_UMAP_GRAPH_PARAMETERS = 2 };
void cli_umap_graph_parameters(const cli_umap *a, cli_umap_parameter out[CLI_UMAP_GRAPH_PARAMETERS]);

/* What the input is made of, in words: written to the file, and named where a layout cannot be resumed. */
enum { CLI_UMAP_SOURCES = 3 };
typedef struct cli_umap_source {
    const char *name;
    char *text;
} cli_umap_source;

zsc_status cli_umap_sources(const cli_umap *a, cli_umap_source out[CLI_UMAP_SOURCES]);
void cli_umap_sources_free(cli_umap_source list[CLI_UMAP_SOURCES]);
/* The embeddings as they were given; where the neighbours come from. The caller's. */
char *cli_umap_embeddings_text(const cli_umap *a);
char *cli_umap_neighbours_text(const cli_umap *a, zsc_knn_method method);

#define CLI_UMAP_LAYOUT "/embeddings/umap"
/* Checksums of the layout, its settings and the kept rows, at the end of writing them. Whoever reads the arrays
 * compares them; check_seal does it with the settings (ZSC_EINPUT). Older files have none. */
zsc_status cli_umap_seal(zsc_h5 *file);
zsc_status cli_umap_check_seal(zsc_h5 *file);

/* --- umap_resume.c */
/* The layout that was stopped, to a->y. A run is resumed only as the same run. */
zsc_status cli_umap_read_stopped(cli_umap *a);
/* Puts zsc_umap_fit_part's refusal of another graph in words. */
zsc_status cli_umap_explain(const cli_umap *a, const zsc_umap_report *r, zsc_status status);

/* --- umap_output.c */
/* By the ending of the output. */
typedef enum cli_umap_output { CLI_UMAP_H5, CLI_UMAP_NPY, CLI_UMAP_TABLE } cli_umap_output;
cli_umap_output cli_umap_form(const cli_umap *a);
/* ZSC_EINPUT: ids or labels that the output cannot hold. */
zsc_status cli_umap_check_texts(const cli_umap *a);
zsc_status cli_umap_check_model(const cli_umap *a); /* whether they can be kept, if they are wanted */
zsc_status cli_umap_write_form(const cli_umap *a, size_t epoch, const zsc_umap_report *r);
void cli_umap_note(const cli_umap *a, const zsc_umap_report *r);

/* --- umap_transform.c */
/* Reads the model and the new rows, and writes these. */
zsc_status cli_umap_run_transform(cli_umap *a);

/* --- umap_model.c */
typedef struct cli_umap_model {
    cli_model rows;
    float *y; /* n x n_components */
    zsc_umap_options options;
} cli_umap_model;

bool cli_umap_is_layout(zsc_h5 *file);
/* ZSC_EINPUT: FILE keeps no model of a layout, or is damaged. *out is set on success only. */
zsc_status cli_umap_read_model(zsc_h5 *file, cli_umap_model *out);
void cli_umap_model_free(cli_umap_model *model);
/* Puts the rows, scaled as the model's, into its layout: y (n x n_components). */
zsc_status cli_umap_place(const cli_umap_model *model, const zsc_dataset *rows, const zsc_exec *exec, float *y);

#endif
