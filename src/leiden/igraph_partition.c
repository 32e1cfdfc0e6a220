/* igraph's Leiden algorithm, one iteration a call: clusters are compared after each, because up to igraph 0.10.2 "until
 * nothing changes" ends after the first iteration that does change something. igraph has one generator of random
 * numbers, one handler of errors and one of interruption for the whole process: ours take their places while it runs,
 * by one thread at a time. */
#include "leiden/igraph_partition.h"

#include "config.h"

#ifdef ZSC_HAVE_IGRAPH
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef" /* of igraph 0.10.2 */
#include <igraph.h>
#pragma GCC diagnostic pop
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"

static const double BETA = 0.01; /* randomness of the refinement: igraph's and the paper's */

const char *zsc_leiden_library(void)
{
    const char *version = NULL;
    igraph_version(&version, NULL, NULL, NULL);
    return version;
}

zsc_status zsc_leiden_check_library(void) { return ZSC_OK; }

/* --- What igraph has one of */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static const zsc_exec *running;
static double iteration, iterations_most;

/* An interrupted function returns without freeing: while its variables are there, we do. */
static igraph_error_t ask(void *data)
{
    (void)data;
    if (zsc_progress(running, "leiden", iteration, iterations_most)) return IGRAPH_SUCCESS;
    IGRAPH_FINALLY_FREE();
    return IGRAPH_INTERRUPTED;
}

static igraph_error_t seed_stream(void *state, igraph_uint_t seed)
{
    *(zsc_stream *)state = zsc_stream_open(seed, ZSC_RANDOM_LEIDEN, 0);
    return IGRAPH_SUCCESS;
}

static igraph_uint_t bits_of_stream(void *state)
{
    return (igraph_uint_t)(zsc_stream_u64(state) >> (64 - IGRAPH_INTEGER_SIZE));
}

static const igraph_rng_type_t stream_type = {
    .name = "zsc", .bits = IGRAPH_INTEGER_SIZE, .seed = seed_stream, .get = bits_of_stream};

typedef struct replaced {
    igraph_rng_t *generator, value;
    igraph_error_handler_t *error;
    igraph_interruption_handler_t *interruption;
} replaced;

static void take_over(igraph_rng_t *own, const zsc_exec *exec, replaced *before)
{
    pthread_mutex_lock(&one_at_a_time);
    running = exec;
    before->generator = igraph_rng_default();
    before->value = *before->generator;
    igraph_rng_set_default(own);
    before->error = igraph_set_error_handler(igraph_error_handler_ignore);
    before->interruption = igraph_set_interruption_handler(ask);
    IGRAPH_FINALLY_ENTER(); /* what a failure frees is of this level, and not the host's */
}

static void give_back(replaced *before)
{
    IGRAPH_FINALLY_FREE();
    IGRAPH_FINALLY_EXIT();
    igraph_set_interruption_handler(before->interruption);
    igraph_set_error_handler(before->error);
    /* some versions copy the generator, others keep the pointer */
    igraph_rng_set_default(igraph_rng_default() == before->generator ? &before->value : before->generator);
    running = NULL;
    pthread_mutex_unlock(&one_at_a_time);
}

static zsc_status status_of(igraph_error_t error)
{
    if (error == IGRAPH_SUCCESS) return ZSC_OK;
    if (error == IGRAPH_INTERRUPTED) return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    if (error == IGRAPH_ENOMEM) return zsc_fail(ZSC_EINTERNAL, "out of memory in igraph");
    return zsc_fail(ZSC_EINTERNAL, "igraph: %s", igraph_strerror(error));
}

/* --- The graph */
/* Each edge once, from its first row. */
static igraph_error_t make_graph(const zsc_graph *g, igraph_t *graph, double *weight)
{
    igraph_vector_int_t edges;
    igraph_error_t error = igraph_vector_int_init(&edges, (igraph_integer_t)g->offset[g->n]);
    size_t count = 0;
    if (error != IGRAPH_SUCCESS) return error;
    for (size_t i = 0; i < g->n; i++)
        for (size_t e = g->offset[i]; e < g->offset[i + 1]; e++) {
            if ((size_t)g->column[e] <= i) continue;
            VECTOR(edges)[2 * count] = (igraph_integer_t)i;
            VECTOR(edges)[2 * count + 1] = g->column[e];
            weight[count++] = g->weight[e];
        }
    error = igraph_create(graph, &edges, (igraph_integer_t)g->n, IGRAPH_UNDIRECTED);
    igraph_vector_int_destroy(&edges);
    return error;
}

/* Clusters by the first row of each; whether any row's has changed. NAME is scratch (n). */
static bool take_labels(const igraph_vector_int_t *membership, int32_t *name, zsc_leiden *out)
{
    bool changed = false;
    for (size_t c = 0; c < out->n; c++) name[c] = -1;
    out->clusters = 0;
    for (size_t i = 0; i < out->n; i++) {
        const igraph_integer_t c = VECTOR(*membership)[i];
        if (name[c] < 0) name[c] = (int32_t)out->clusters++;
        changed = changed || out->label[i] != name[c];
        out->label[i] = name[c];
    }
    return changed;
}

static igraph_error_t iterate(const zsc_leiden_problem *p, const igraph_t *graph, const double *weight,
                              igraph_vector_int_t *membership, int32_t *name, zsc_leiden *out)
{
    igraph_vector_t edges, nodes;
    igraph_error_t error = IGRAPH_SUCCESS;
    igraph_vector_view(&edges, weight, igraph_ecount(graph));
    igraph_vector_view(&nodes, p->node_weight, igraph_vcount(graph));
    for (size_t i = 0; i < out->n; i++) out->label[i] = (int32_t)i;
    for (out->iterations = 0; out->iterations < p->max_iter && !out->converged; out->iterations++) {
        iteration = (double)out->iterations;
        error = ask(NULL);
        if (error == IGRAPH_SUCCESS)
            error = igraph_community_leiden(graph, &edges, &nodes, p->resolution, BETA, true, 1, membership, NULL,
                                            NULL);
        if (error != IGRAPH_SUCCESS) return error;
        out->converged = !take_labels(membership, name, out);
    }
    return error;
}

zsc_status zsc_leiden_partition(const zsc_leiden_problem *p, const zsc_exec *exec, zsc_leiden *out)
{
    zsc_status status = ZSC_OK;
    zsc_stream stream = zsc_stream_open(p->seed, ZSC_RANDOM_LEIDEN, 0);
    igraph_rng_t generator = {.type = &stream_type, .state = &stream, .is_seeded = true};
    replaced before;
    igraph_t graph;
    igraph_vector_int_t membership;
    bool graph_there = false, membership_there = false;
    double *weight = NULL;
    int32_t *name = NULL;
    if (p->graph->offset[p->graph->n] > (size_t)IGRAPH_INTEGER_MAX)
        return zsc_fail(ZSC_EUSAGE, "the graph has %zu edges; this igraph takes %td", p->graph->offset[p->graph->n] / 2,
                        (ptrdiff_t)IGRAPH_INTEGER_MAX / 2);
    iterations_most = (double)p->max_iter;
    take_over(&generator, exec, &before);
    ZSC_NEW_RAW(weight, p->graph->offset[p->graph->n] / 2 + 1);
    ZSC_NEW_RAW(name, p->graph->n);
    ZSC_TRY(status_of(make_graph(p->graph, &graph, weight)));
    graph_there = true;
    ZSC_TRY(status_of(igraph_vector_int_init_range(&membership, 0, igraph_vcount(&graph))));
    membership_there = true;
    ZSC_TRY(status_of(iterate(p, &graph, weight, &membership, name, out)));
done:
    if (membership_there) igraph_vector_int_destroy(&membership);
    if (graph_there) igraph_destroy(&graph);
    give_back(&before);
    free(weight);
    free(name);
    return status;
}

/* By edge: igraph's graph holds both ends and two orders (32 bytes), and there are our weights (8), the list of edges
 * that it is made from (16), or the incident edges of each row (16); then the first aggregation's list of edges, graph
 * and weights, of as many edges as the refinement leaves between clusters. By row: vectors of each phase, and the lists
 * of each row's edges and each cluster's rows with their headers. Measured: 68 to 122 bytes per edge, the most where
 * hubs keep clusters apart, and 220 per row. */
size_t zsc_leiden_partition_memory(size_t n, size_t entries) { return entries / 2 * 128 + n * 256; }

#else
#include "base/error.h"

const char *zsc_leiden_library(void) { return NULL; }

zsc_status zsc_leiden_check_library(void)
{
    return zsc_fail(ZSC_EUSAGE,
                    "this zsc was built without igraph, which the Leiden algorithm needs: install igraph 0.10 (Debian "
                    "package libigraph-dev), and build with ./configure --with-igraph");
}

zsc_status zsc_leiden_partition(const zsc_leiden_problem *problem, const zsc_exec *exec, zsc_leiden *out)
{
    (void)problem, (void)exec, (void)out;
    return zsc_leiden_check_library();
}

size_t zsc_leiden_partition_memory(size_t n, size_t entries)
{
    (void)n, (void)entries;
    return 0;
}
#endif
