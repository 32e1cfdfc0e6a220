/* The parts of `zsc ward`, of which `zsc cluster` has the matrix.
 *
 * ward_input.c reads the matrix; ward_output.c writes dendrogram and clusters; ward_names.c says which files may be
 * written beside a .npy. */
#ifndef ZSC_CLI_WARD_PARTS_H
#define ZSC_CLI_WARD_PARTS_H

#include "cli/inputs.h"
#include "data/scale.h"
#include "io/h5/h5.h"
#include "zsc/cuts.h"
#include "zsc/ward.h"

typedef struct cli_ward {
    cli_common common;
    cli_matrix matrix;
    zsc_list clusters;
    const char *output, *newick;
    int linkage, linkage_metric, cut;
    double cut_height, cut_standardised;
} cli_ward;

typedef struct cli_ward_matrix {
    size_t n, d;
    const float *f32; /* one of the two */
    double *f64;
    bool doubles; /* it was read as such */
    char **id;    /* NULL: none are known */
    char **own_id;
    float *own_f32;
    zsc_dataset data; /* all zeros for a bare matrix */
} cli_ward_matrix;

typedef struct cli_ward_cut {
    size_t k;
    const char *rank; /* whose number of classes it is, or NULL */
    int32_t *label;
} cli_ward_cut;

typedef struct cli_ward_cuts {
    cli_ward_cut *item;
    size_t count;
} cli_ward_cuts;

/* --- ward_input.c */
zsc_status cli_ward_load(const cli_matrix *matrix, const zsc_exec *exec, cli_ward_matrix *x);
void cli_ward_matrix_free(cli_ward_matrix *x);
/* The statistics of its columns, by m->scale, where the matrix was loaded without scaling. */
zsc_status cli_ward_measure(const cli_matrix *m, const zsc_exec *exec, cli_ward_matrix *x, zsc_scaling *out);
/* The columns by these statistics, in the precision of the matrix. */
zsc_status cli_ward_standardise(const zsc_scaling *scaling, const zsc_exec *exec, cli_ward_matrix *x);
/* Doubles become floats: x->f32 is set, and x->f64 NULL. */
zsc_status cli_ward_narrow(cli_ward_matrix *x, const zsc_exec *exec);

/* --- ward_output.c */
/* ZSC_EINPUT: ids that the output cannot hold. */
zsc_status cli_ward_check_texts(const char *output, const cli_ward_matrix *x);
/* /labels/RANK */
zsc_status cli_ward_write_rank(zsc_h5 *file, const zsc_column *rank, size_t n);
/* HOW: name of the algorithm. */
zsc_status cli_ward_write(const cli_ward *a, const cli_ward_matrix *x, const double *z, const cli_ward_cuts *c,
                          const char *how);
/* Whether the clusters of an output of this name are in files of their own, FILE-K with the same ending. */
bool cli_ward_has_files_beside(const char *path);
zsc_status cli_ward_write_newick(const char *path, const cli_ward_matrix *x, const double *z);

/* --- ward_names.c */
/* With FILE.npy, .csv or .tsv: FILE-K with the same ending, of each number of clusters. */
zsc_status cli_ward_also_writes(const void *arguments, zsc_list *paths);

#endif
