#include "io/labels/label_names.h"

#include <stddef.h>
#include <strings.h>

/* Columns of BIOSCAN-5M's metadata, and BOLD's. */
static const char *const metadata_names[] = {
    "sampleid",       "taxon",        "phylum",         "country",
    "province_state", "coord-lat",    "coord-lon",      "image_measurement_value",
    "area_fraction",  "scale_factor", "inferred_ranks", "index_bioscan_1M_insect",
    "chunk",          "bin_uri",      "genbank",        "simulated",
};
/* Columns of classes, if they hold whole numbers or text. */
static const char *const label_names[] = {"target",  "targets",  "label",      "labels",  "y",        "y_true",
                                          "y_pred",  "class_id", "class_name", "classes", "category", "categories",
                                          "cluster", "clusters", "group",      "groups",  "taxon_id"};

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(name, names[i]) == 0) return true;
    return false;
}

bool zsc_is_metadata_name(const char *name)
{
    return is_one_of(name, metadata_names, sizeof metadata_names / sizeof *metadata_names);
}

bool zsc_is_label_name(const char *name)
{
    return is_one_of(name, label_names, sizeof label_names / sizeof *label_names);
}
