/* What a page shows, packed, and described in JSON: doc/atlas.md has the format. */
#ifndef ZSC_ATLAS_ATLAS_HEAD_H
#define ZSC_ATLAS_ATLAS_HEAD_H

#include <jansson.h>

#include "atlas/plane.h"
#include "report/figures/styles.h"
#include "atlas/metadata_table.h"
#include "atlas/packed.h"
#include "atlas/top_tree.h"

/* One result. */
typedef struct zsc_atlas_view {
    const zsc_result *result;
    zsc_plane plane;
    zsc_top_tree tree;
} zsc_atlas_view;

typedef struct zsc_atlas_content {
    const char *title, *image; /* image: NULL, no pictures */
    zsc_specimen_table specimens;
    zsc_metadata_table metadata;
    zsc_atlas_view *view;
    size_t views;
} zsc_atlas_content;

/* Adds all arrays to PACKED; *head describes them, the caller's (json_decref). */
zsc_status zsc_atlas_head_make(const zsc_atlas_content *content, const zsc_styles *styles, zsc_packed *packed,
                               json_t **head);

#endif
