/* The atlas: results as one page in which specimens are looked at. */
#ifndef ZSC_ATLAS_ATLAS_H
#define ZSC_ATLAS_ATLAS_H

#include "atlas/plane.h"
#include "base/text.h"
#include "report/figures/styles.h"

typedef struct zsc_atlas_options {
    const char *title;
    const char *image;       /* "images/{split}/{processid}.jpg"; NULL: none */
    const char *metadata;    /* a table; NULL: that of the first result, where it names one */
    const zsc_list *columns; /* of the metadata; empty: see zsc_metadata_table_read */
    zsc_plane_options plane;
    size_t clusters; /* leaves of the trees: see zsc_top_tree_make */
    bool split_data; /* data above ZSC_ATLAS_INLINE bytes goes into OUTPUT with the ending .bin */
} zsc_atlas_options;

enum { ZSC_ATLAS_INLINE = 20000000, ZSC_ATLAS_RESULTS = 16 };

/* Writes OUTPUT, whole or not at all, and where the data is beside it, that file first. RESULTS were read with rows,
 * linkage, reduced vectors and curves; at most ZSC_ATLAS_RESULTS. Errors: those of zsc_plane_make,
 * zsc_metadata_table_read and zsc_top_tree_make; ZSC_EINPUT: there are no results, or too many, or the image's template
 * names a column that is not there. */
zsc_status zsc_atlas_write(const zsc_result_list *results, const zsc_styles *styles, const zsc_atlas_options *options,
                           const zsc_exec *exec, const char *output);

/* The name of the data beside OUTPUT; the caller's. NULL: memory ran out. */
char *zsc_atlas_data_name(const char *output);

#endif
