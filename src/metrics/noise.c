/* Noise, three ways. Against the labels,
 *
 *   as one cluster    rows of noise are one more cluster: what zsc_score gives of labels with -1
 *   left out          only clustered rows are scored; to be read beside the share of rows that are clustered
 *   as single rows    each row of noise is a cluster of its own
 *
 * One cluster of noise is punished for the classes that it mixes, and rewarded where it is a class. Leaving noise out
 * rewards a clustering that keeps to what is easy. As single rows it is punished for the classes that it splits. */
#include <stdlib.h>

#include "base/memory.h"
#include "zsc/metrics.h"

/* The labels and clusters of the clustered rows, or of all rows with single rows for noise; how many. */
static size_t take_rows(const int32_t *labels, const int32_t *clusters, size_t n, bool single, int32_t *label,
                        int32_t *cluster)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (clusters[i] < 0 && !single) continue;
        label[kept] = labels[i];
        cluster[kept++] = clusters[i] < 0 ? -1 - (int32_t)i : clusters[i];
    }
    return kept;
}

zsc_status zsc_score_noise(const int32_t *labels, const int32_t *clusters, size_t n, zsc_missing missing,
                           const zsc_exec *exec, zsc_noise_scores *out)
{
    zsc_status status = ZSC_OK;
    int32_t *label = NULL, *cluster = NULL;
    zsc_scores clustered, single;
    if (n > INT32_MAX) return zsc_fail(ZSC_EUSAGE, "cannot score %zu rows; the most is %d", n, INT32_MAX);
    ZSC_NEW_RAW(label, n);
    ZSC_NEW_RAW(cluster, n);
    ZSC_TRY(
        zsc_score(label, cluster, take_rows(labels, clusters, n, false, label, cluster), missing, exec, &clustered));
    ZSC_TRY(zsc_score(label, cluster, take_rows(labels, clusters, n, true, label, cluster), missing, exec, &single));
    *out = (zsc_noise_scores){.clustered = clustered.rows,
                              .ami_clustered = clustered.ami[ZSC_ARITHMETIC],
                              .ami_singletons = single.ami[ZSC_ARITHMETIC]};
done:
    free(label);
    free(cluster);
    return status;
}
