/* Simulated taxonomies, barcodes and embeddings. The release is defined in release.c, all else in simulate.c.
 * Module: src/simulate
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_SIMULATE_H
#define ZSC_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zsc/exec.h"
#include "zsc/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Simulated specimens, for examples, tests and the planning of large runs. The model: a random taxonomy with
 * heavy-tailed numbers of children, barcodes evolved along it, vectors that follow it more or less closely. */
typedef struct zsc_simulate_options {
    size_t size; /* see zsc/status.h */
    size_t rows;
    uint64_t seed;
    size_t taxa[6];          /* class order family subfamily genus species; 0: scaled from BIOSCAN-5M by the rows */
    size_t barcode_length;   /* 60 .. 100000 */
    double rows_per_barcode; /* mean number of specimens that share a barcode, at least 1 */
    double unseen_species;   /* share of species that are unseen (of all splits: of those that are not held out); below
                                0: the default, 0.2, of all splits 0.12 */
    bool all_splits;         /* all eight splits of BIOSCAN-5M; otherwise test and test_unseen alone */
    size_t unnamed_species;  /* further species that have no name, those of split pretrain; set by zsc_simulate_check */
    size_t image_encoders, dna_encoders; /* how many of either kind, best first; at most 64 */
    size_t image_dim, dna_dim;           /* of their vectors; 0: leave those encoders out */
    const size_t *image_dims, *dna_dims; /* one per encoder instead; NULL: the same for all of a kind */
    bool aligned;                        /* all encoders are of one space, as after contrastive training: equal dims */
    double unseen_noise;    /* 0 .. 100: specimens of unseen species differ 1 + unseen_noise times as much within their
                               species as those of seen ones; below 0: the default, 0.3 if aligned, otherwise 0 */
    double missing_species; /* share of rows without a species, beside those of pretrain; coarser ranks have fewer;
                               below 0: the default, 0.05, of all splits 0 */
    double label_errors; /* share of the metadata's rows in which an error is planted; the embeddings file has none */
} zsc_simulate_options;
enum { zsc_simulate_options_first = sizeof(zsc_simulate_options) }; /* in 0.1.0 */
ZSC_API void zsc_simulate_options_init(zsc_simulate_options *options, size_t size);
static inline zsc_simulate_options zsc_simulate_defaults(void)
{
    zsc_simulate_options options;
    zsc_simulate_options_init(&options, sizeof options);
    return options;
}
/* Sets the counts of taxa that are 0, and checks everything: ZSC_EUSAGE when fewer taxa at a rank than at a coarser
 * one, fewer rows than species, or a value out of range. */
ZSC_API zsc_status zsc_simulate_check(zsc_simulate_options *options);
/* Writes the embeddings file and, where metadata is not NULL, the CSV. Both say that they are simulated. Encoders:
 * sim_image_1 (good) ... sim_image_<n> (poor), and sim_dna, or sim_dna_1 ... where there are several. One seed gives
 * the same contents at any number of threads. Memory: a few words per row, and one barcode per species. */
ZSC_API zsc_status zsc_simulate(const zsc_simulate_options *options, const char *output, const char *metadata,
                                const zsc_exec *exec);

/* A stand-in of the release of BIOSCAN-5M: metadata of all splits, files of embeddings under the names that the paper's
 * authors gave theirs (12 image and 5 DNA encoders, CLIBD before and after alignment), some images, and paper.yaml,
 * which lists them for `zsc paper`. All of it is simulated, and says so. */
typedef struct zsc_release_options {
    size_t size;  /* see zsc/status.h */
    double scale; /* above 0, at most 1: rows as a share of BIOSCAN-5M's 5,150,850; dimensions stay as they are */
    uint64_t seed;
    bool replace; /* files of other programs that are in the way are replaced */
} zsc_release_options;
enum { zsc_release_options_first = sizeof(zsc_release_options) }; /* in 0.1.0 */
ZSC_API void zsc_release_options_init(zsc_release_options *options, size_t size);
static inline zsc_release_options zsc_release_defaults(void)
{
    zsc_release_options options;
    zsc_release_options_init(&options, sizeof options);
    return options;
}
/* Writes the files into FOLDER, which is made; paper.yaml last. Each appears whole or not at all. ZSC_EUSAGE for a
 * scale out of range, or at which a split has no rows; ZSC_EINPUT where a file is there that zsc did not write, or the
 * disk is full. One seed gives the same bytes at any number of threads. Memory: 10 bytes per row, and about 1.5 KB per
 * BIN; disk: 15 GB at scale 1. */
ZSC_API zsc_status zsc_simulate_release(const zsc_release_options *options, const char *folder, const zsc_exec *exec);

#ifdef __cplusplus
}
#endif
#endif
