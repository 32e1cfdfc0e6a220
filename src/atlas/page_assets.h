/* The files of share/atlas, which the build puts into the program (share/atlas/embed.sh). */
#ifndef ZSC_ATLAS_PAGE_ASSETS_H
#define ZSC_ATLAS_PAGE_ASSETS_H

#include <stddef.h>

typedef enum zsc_asset_kind { ZSC_ASSET_STYLE, ZSC_ASSET_BODY, ZSC_ASSET_SCRIPT } zsc_asset_kind;

typedef struct zsc_asset {
    const char *name; /* of the file */
    zsc_asset_kind kind;
    const unsigned char *text; /* ASCII, ends in a zero */
} zsc_asset;

/* In the order in which the page has them. */
extern const zsc_asset zsc_atlas_assets[];
extern const size_t zsc_atlas_asset_count;

#endif
