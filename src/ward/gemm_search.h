/* Nearest clusters by matrix products (gemm_search.c), for vectors of many dimensions. */
#ifndef ZSC_WARD_GEMM_SEARCH_H
#define ZSC_WARD_GEMM_SEARCH_H

#include "ward/clusters.h"

zsc_status zsc_ward_gemm_make(const zsc_ward_clusters *clusters, int threads, zsc_ward_gemm *out);
size_t zsc_ward_gemm_memory(size_t clusters, size_t d, int threads);
void zsc_ward_gemm_free(zsc_ward_gemm *gemm);

/* Cluster b was merged into a: *clusters has the new centroid and weight of a. */
void zsc_ward_gemm_merge(zsc_ward_gemm *gemm, const zsc_ward_clusters *clusters, int32_t a, int32_t b);

enum { ZSC_WARD_GEMM_QUERIES = 128 }; /* at most, in one call */
void zsc_ward_gemm_search(const zsc_ward_gemm *gemm, const zsc_ward_clusters *clusters, const int32_t *slots,
                          size_t count, int thread, zsc_ward_near_list *out);

#endif
