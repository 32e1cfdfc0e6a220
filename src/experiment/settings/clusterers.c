#include "experiment/settings/clusterers.h"

#include <stddef.h>
#include <string.h>

#define HDBSCAN_SETTINGS                                                                                               \
    "min-cluster-size|min-samples|max-cluster-size|cluster-selection-method|cluster-selection-epsilon|"                \
    "allow-single-cluster"

static const zsc_clusterer_traits traits[] = {
    [ZSC_AGGLOMERATIVE] = {.name = "agglomerative",
                           .title = "agglomerative clustering",
                           .settings = "linkage|linkage-metric|clusters|cut-height|cut-standardised|cut|curve",
                           .dendrogram = true,
                           .wants_k = true},
    [ZSC_HDBSCAN] =
        {.name = "hdbscan", .title = "HDBSCAN", .settings = HDBSCAN_SETTINGS, .noise = true, .metric = true},
    [ZSC_KMEANS] =
        {.name = "kmeans", .title = "k-means", .settings = "clusters|n-init|max-iter", .wants_k = true, .draws = true},
    [ZSC_LAYERS] = {.name = "layers",
                    .title = "layers",
                    .settings = "min-cluster-size|min-samples|max-layers|max-layer-similarity",
                    .noise = true,
                    .metric = true},
    [ZSC_SPECTRAL] = {.name = "spectral",
                      .title = "spectral clustering",
                      .settings = "clusters|graph-neighbors|assign-labels|n-init",
                      .wants_k = true,
                      .draws = true,
                      .metric = true},
    [ZSC_LEIDEN] = {.name = "leiden",
                    .title = "Leiden",
                    .settings = "graph-neighbors|graph-weights|objective|resolution|max-iter",
                    .draws = true,
                    .metric = true},
};
enum { CLUSTERERS = sizeof traits / sizeof *traits };

const zsc_clusterer_traits *zsc_clusterer_traits_of(zsc_clusterer clusterer) { return &traits[clusterer]; }

const zsc_clusterer_traits *zsc_clusterer_find(const char *name)
{
    for (size_t i = 0; i < CLUSTERERS; i++)
        if (strcmp(traits[i].name, name) == 0) return &traits[i];
    return &traits[ZSC_AGGLOMERATIVE];
}

static bool holds(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *p = words; *p; p += strcspn(p, "|"), p += *p == '|')
        if (strcspn(p, "|") == length && strncmp(p, word, length) == 0) return true;
    return false;
}

bool zsc_clusterer_uses(const zsc_clusterer_traits *clusterer, const char *setting)
{
    bool of_some = false;
    for (size_t i = 0; i < CLUSTERERS && !of_some; i++) of_some = holds(traits[i].settings, setting);
    return !of_some || holds(clusterer->settings, setting);
}

const char *zsc_clusterer_label(const char *name, const char *linkage)
{
    static const struct {
        const char *linkage, *label;
    } linkages[] = {{"ward", "Ward"},
                    {"single", "single linkage"},
                    {"average", "average linkage"},
                    {"complete", "complete linkage"}};
    const zsc_clusterer_traits *clusterer = zsc_clusterer_find(name);
    for (size_t i = 0; clusterer->dendrogram && i < sizeof linkages / sizeof *linkages; i++)
        if (strcmp(linkages[i].linkage, linkage) == 0) return linkages[i].label;
    return clusterer->title;
}
