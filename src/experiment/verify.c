#include "experiment/verify.h"

#include <pthread.h>
#include <stdlib.h>
#include <stddef.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "zsc/zsc.h"

enum { ROWS = 320, WIDE = 24, CLASSES = 16, K = 12, DIM = 6, EPOCHS = 25 };

/* Digests of version 0.1.0: new ones are a change of results, which CHANGELOG names. */
static const struct stage {
    const char *name, *expected;
} stages[ZSC_VERIFY_STAGES] = {
    {"rows", "1bc4e16355e2f6d82e1120118a7a2219"},
    {"neighbours", "37e574b7c62d76d6b43dc39981033786"},
    {"neighbours, cosine", "9078df96d5b4c6d31f832f4fa2353c70"},
    {"neighbours, approximate", "37e574b7c62d76d6b43dc39981033786"},
    {"fuzzy graph", "3b8cfbb2a4e80fb6a9fd44fb492cfd71"},
    {"initialisation", "0a5d98cccdfdef4c5681716fc9aee954"},
    {"layout", "83618a4f2594a61e5a28e87eed8c64ca"},
    {"principal components", "943174900ef6c1acb261fea0e7b00da5"},
    {"linkage", "f9425d2007a0ad545ac1c5d7481542e6"},
    {"clusters", "22eec860abe7f0705f1167ae31c60df5"},
    {"scores", "b25387e8dc317ab2d01a02c6a630fc34"},
};

typedef struct problem {
    float x[ROWS * WIDE], start[ROWS * DIM], layout[ROWS * DIM], components[ROWS * DIM];
    double z[(ROWS - 1) * 4];
    int32_t label[ROWS], cluster[ROWS];
} problem;

/* Classes around centres, four of them far from the others (a graph of two components), and some rows twice. */
static void make_rows(problem *p)
{
    for (size_t i = 0; i < ROWS; i++) {
        size_t class = i % CLASSES;
        zsc_stream centre = zsc_stream_open(1, ZSC_RANDOM_TEST, class), own = zsc_stream_open(2, ZSC_RANDOM_TEST, i);
        p->label[i] = i % 50 == 7 ? -1 : (int32_t) class;
        for (size_t j = 0; j < WIDE; j++) {
            double at = 2 * zsc_stream_normal(&centre) + (class >= CLASSES - 4 ? 300 : 0);
            p->x[i * WIDE + j] = (float)(at + zsc_stream_normal(&own) / (double)(1 + j % 5));
        }
        if (i >= CLASSES && i % 40 == 39) memcpy(p->x + i * WIDE, p->x + (i - CLASSES) * WIDE, WIDE * sizeof *p->x);
    }
}

static void take(zsc_verified *out, const void *data, size_t size, const void *more, size_t more_size)
{
    size_t s = 0;
    while (out[s].stage) s++;
    zsc_digest one = zsc_hash_bytes(data, size), two = more ? zsc_hash_bytes(more, more_size) : (zsc_digest){0, 0};
    zsc_digest both = zsc_hash_bytes((uint64_t[]){one.high, one.low, two.high, two.low}, 4 * sizeof(uint64_t));
    out[s].stage = stages[s].name;
    out[s].expected = stages[s].expected;
    zsc_digest_text(both, out[s].digest);
    out[s].agrees = strcmp(out[s].digest, out[s].expected) == 0;
}

static zsc_status search(const problem *p, zsc_metric metric, zsc_knn_method method, const zsc_exec *exec,
                         zsc_verified *out, zsc_knn *kept)
{
    zsc_knn found = {0};
    zsc_knn_options o = zsc_knn_defaults();
    o.neighbors = K;
    o.metric = metric;
    o.method = method;
    zsc_status status = zsc_knn_search(p->x, ROWS, WIDE, &o, exec, &found);
    if (status != ZSC_OK) return status;
    take(out, found.index, ROWS * K * sizeof *found.index, found.distance, ROWS * K * sizeof *found.distance);
    if (kept)
        *kept = found;
    else
        zsc_knn_free(&found);
    return ZSC_OK;
}

static zsc_status lay_out(problem *p, const zsc_knn *knn, const zsc_exec *exec, zsc_verified *out)
{
    zsc_status status = ZSC_OK;
    zsc_graph graph = {0};
    zsc_umap_options o = zsc_umap_defaults();
    o.n_neighbors = K;
    o.n_components = DIM;
    o.n_epochs = EPOCHS;
    ZSC_TRY(zsc_fuzzy_simplicial_set(knn, 1, 1, exec, NULL, NULL, &graph));
    take(out, graph.column, graph.offset[ROWS] * sizeof *graph.column, graph.weight,
         graph.offset[ROWS] * sizeof *graph.weight);
    ZSC_TRY(zsc_umap_initialise(&graph, p->x, WIDE, &o, exec, p->start, NULL));
    take(out, p->start, sizeof p->start, NULL, 0);
    memcpy(p->layout, p->start, sizeof p->start);
    ZSC_TRY(zsc_umap_layout(&graph, &o, 0, EPOCHS, exec, p->layout));
    take(out, p->layout, sizeof p->layout, NULL, 0);
done:
    zsc_graph_free(&graph);
    return status;
}

zsc_status zsc_verify(const zsc_exec *exec, zsc_verified out[ZSC_VERIFY_STAGES])
{
    zsc_status status = ZSC_OK;
    problem *p = NULL;
    zsc_knn knn = {0};
    zsc_scores scores;
    memset(out, 0, ZSC_VERIFY_STAGES * sizeof *out);
    ZSC_NEW(p, 1);
    make_rows(p);
    take(out, p->x, sizeof p->x, p->label, sizeof p->label);
    ZSC_TRY(search(p, ZSC_EUCLIDEAN, ZSC_KNN_EXACT, exec, out, &knn));
    ZSC_TRY(search(p, ZSC_COSINE, ZSC_KNN_EXACT, exec, out, NULL));
    ZSC_TRY(search(p, ZSC_EUCLIDEAN, ZSC_KNN_APPROX, exec, out, NULL));
    ZSC_TRY(lay_out(p, &knn, exec, out));
    ZSC_TRY(zsc_pca(p->x, ROWS, WIDE, DIM, exec, p->components));
    take(out, p->components, sizeof p->components, NULL, 0);
    ZSC_TRY(zsc_linkage(p->layout, ROWS, DIM, ZSC_WARD, exec, p->z, NULL));
    take(out, p->z, sizeof p->z, NULL, 0);
    ZSC_TRY(zsc_cut_clusters(p->z, ROWS, CLASSES, p->cluster));
    take(out, p->cluster, sizeof p->cluster, NULL, 0);
    ZSC_TRY(zsc_score(p->label, p->cluster, ROWS, ZSC_MISSING_DROP, exec, &scores));
    take(out, &scores, offsetof(zsc_scores, ri), NULL, 0); /* those that the digest on record is of */
done:
    zsc_knn_free(&knn);
    free(p);
    return status;
}

zsc_status zsc_verify_digest(char digest[ZSC_DIGEST_TEXT])
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static char once[ZSC_DIGEST_TEXT];
    zsc_status status = ZSC_OK;
    pthread_mutex_lock(&lock);
    if (!once[0]) {
        zsc_verified all[ZSC_VERIFY_STAGES];
        char text[ZSC_VERIFY_STAGES * ZSC_DIGEST_TEXT];
        status = zsc_verify(&(zsc_exec){.threads = 1}, all);
        for (size_t s = 0; status == ZSC_OK && s < ZSC_VERIFY_STAGES; s++)
            memcpy(text + s * ZSC_DIGEST_TEXT, all[s].digest, ZSC_DIGEST_TEXT);
        if (status == ZSC_OK) zsc_digest_text(zsc_hash_bytes(text, sizeof text), once);
    }
    memcpy(digest, once, ZSC_DIGEST_TEXT);
    pthread_mutex_unlock(&lock);
    return status;
}
