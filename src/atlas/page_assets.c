#include "atlas/page_assets.h"

#include "atlas_assets.inc"

const size_t zsc_atlas_asset_count = sizeof zsc_atlas_assets / sizeof *zsc_atlas_assets;
