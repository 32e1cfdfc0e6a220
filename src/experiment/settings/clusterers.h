/* What sets the clusterers apart (zsc_clusterer): in one table, which settings, labels and the store go by. */
#ifndef ZSC_EXPERIMENT_CLUSTERERS_H
#define ZSC_EXPERIMENT_CLUSTERERS_H

#include <stdbool.h>

#include "zsc/experiment.h"

typedef struct zsc_clusterer_traits {
    const char *name;     /* the word of the setting */
    const char *title;    /* of labels: "HDBSCAN" */
    const char *settings; /* "a|b": settings that it uses and not every clusterer does */
    bool dendrogram;      /* one dendrogram gives every number of clusters */
    bool wants_k;         /* is told the number of clusters; others find it */
    bool noise;           /* may leave rows in no cluster */
    bool draws;           /* at random, by the seed of the run */
    bool metric;          /* takes --metric where nothing is reduced */
} zsc_clusterer_traits;

const zsc_clusterer_traits *zsc_clusterer_traits_of(zsc_clusterer clusterer);
/* By its word; "" and words of a newer zsc stand for the first, agglomerative clustering. */
const zsc_clusterer_traits *zsc_clusterer_find(const char *name);

/* Whether the setting has an effect with the clusterer; true of settings that are no clusterer's. */
bool zsc_clusterer_uses(const zsc_clusterer_traits *clusterer, const char *setting);

/* Words for a label: "HDBSCAN"; of agglomerative clustering "Ward" or "average linkage". Static storage. */
const char *zsc_clusterer_label(const char *name, const char *linkage);

#endif
