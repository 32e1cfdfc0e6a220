/* What computations say that they need (zsc_exec.memory_need) against what is measured: the peak of the resident set of
 * a process that computes one case. With what the process has besides (base/program_memory.h), as --verbose says it, it
 * is at least the peak, and at most 1.3 times the peak. Alone it is at least what the peak is beyond that which was
 * there before, and at most 1.3 times that or SMALL more; the functions zsc_..._memory, which know the shape alone, say
 * as much or more. */
#include "config.h"

#include <fcntl.h>
#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../folder.h"
#include "../long.h"
#include "base/memory.h"
#include "base/program_memory.h"
#include "experiment/pipeline/pipeline.h"
#include "experiment/settings/run_options.h"
#include "io/npy.h"
#include "zsc/zsc.h"

enum { THREADS = 2 };
static const double RATIO = 1.3, SMALL = 2.75e6; /* workspaces of two threads, which small problems use in part */
static size_t need;                              /* what a computation found that it needs */
static double own;                               /* what a case itself allocates beside that */
static const zsc_exec two = {.threads = THREADS, .memory_need = &need};

/* --- What is measured */
typedef struct shape {
    size_t n, d, k; /* k: neighbours, components, classes */
    int how;        /* metric, linkage, ... */
    int data;       /* 0: random; 1: clusters; 2: a hub; 3: every row four times */
} shape;

typedef struct measured {
    double need, most, peak; /* bytes, beyond what was there before */
    double all, all_peak;    /* of the process */
} measured;

static double from_status(const char *field)
{
    char line[256];
    double kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, field, strlen(field)) == 0) kib = strtod(line + strlen(field), NULL);
    if (file) fclose(file);
    return kib * 1024;
}

/* Sets the peak to what is resident now. */
static bool reset_peak(void)
{
    int file = open("/proc/self/clear_refs", O_WRONLY);
    bool done = file >= 0 && write(file, "5", 1) == 1;
    if (file >= 0) close(file);
    return done;
}

/* Memory that the caller holds: it is there before. */
static void *held(size_t bytes)
{
    void *memory = malloc(bytes ? bytes : 1);
    if (!memory) exit(3);
    memset(memory, 1, bytes);
    return memory;
}

static float *make_rows(const shape *s)
{
    uint32_t random = 1;
    float *x = calloc(s->n * s->d, sizeof *x);
    for (size_t i = 0; x && i < s->n; i++)
        for (size_t j = 0; j < s->d; j++) {
            random = random * 1664525 + 1013904223;
            float noise = (float)(random >> 8) / (1 << 24) - 0.5f;
            size_t from = s->data == 3 ? i / 4 * 4 : i;
            if (from != i)
                x[i * s->d + j] = x[from * s->d + j];
            else if (s->data == 2) /* far from one another, all near one row in the middle */
                x[i * s->d + j] = i == 0 ? 0 : noise;
            else
                x[i * s->d + j] = noise + (s->data == 1 ? (float)(i % 23 * (j % 7)) : 0);
        }
    return x;
}

static zsc_status run_knn(const shape *s, const float *x, double *most)
{
    zsc_knn found = {0};
    zsc_knn_options o = {.neighbors = s->k,
                         .metric = s->how > 9 ? ZSC_EUCLIDEAN : (zsc_metric)s->how,
                         .method = s->how > 9 ? ZSC_KNN_APPROX : ZSC_KNN_EXACT};
    *most = (double)zsc_knn_memory(s->n, s->d, &o, &two);
    zsc_status status = zsc_knn_search(x, s->n, s->d, &o, &two, &found);
    zsc_knn_free(&found);
    return status;
}

/* A quarter of the rows in the others. */
static zsc_status run_query(const shape *s, const float *x, double *most)
{
    size_t n = s->n / 4, m = s->n - n;
    zsc_knn found = {0};
    *most = (double)zsc_knn_query_memory(n, m, s->d, s->k, &two);
    zsc_status status = zsc_knn_query(x, n, x + n * s->d, m, s->d, s->k, (zsc_metric)s->how, &two, &found);
    zsc_knn_free(&found);
    return status;
}

static zsc_status run_joint(const shape *s, const float *x, double *most)
{
    static const size_t offset[] = {0, 1, 2, 4}, member[] = {0, 1, 0, 1};
    const zsc_knn_features blocks[] = {{.x = x, .d = s->d / 2}, {.x = x + s->n * (s->d / 2), .d = s->d / 2}};
    zsc_knn found[3] = {0};
    *most = (double)zsc_knn_joint_memory(blocks, 2, s->n, 3, s->k, &two);
    zsc_status status = zsc_knn_search_joint(blocks, 2, s->n, offset, member, 3, s->k, &two, found);
    for (size_t i = 0; i < 3; i++) zsc_knn_free(&found[i]);
    return status;
}

static zsc_status run_umap(const shape *s, const float *x, double *most)
{
    zsc_umap_options o = zsc_umap_defaults();
    o.n_neighbors = s->k;
    o.n_components = s->how ? (size_t)s->how : 2;
    o.n_epochs = 11;
    o.unique = s->data == 3;
    float *y = held(s->n * o.n_components * sizeof *y);
    own = (double)(s->n * o.n_components) * 4;
    *most = (double)zsc_umap_memory(s->n, s->d, &o, &two);
    zsc_status status = zsc_umap_fit(x, s->n, s->d, &o, &two, y, NULL);
    free(y);
    return status;
}

static zsc_status run_linkage(const shape *s, const float *x, double *most)
{
    double *z = held(s->n * 4 * sizeof *z);
    *most = (double)zsc_linkage_memory(s->n, s->d, (zsc_linkage_method)s->how, &two);
    own = (double)s->n * 32; /* z */
    zsc_status status = zsc_linkage(x, s->n, s->d, (zsc_linkage_method)s->how, &two, z, NULL);
    free(z);
    return status;
}

static zsc_status run_pca(const shape *s, const float *x, double *most)
{
    float *y = held(s->n * s->k * sizeof *y);
    *most = (double)zsc_pca_memory(s->n, s->d, s->k, &two);
    own = (double)(s->n * s->k) * 4; /* y */
    zsc_status status = zsc_pca(x, s->n, s->d, s->k, &two, y);
    free(y);
    return status;
}

static zsc_status run_kmeans(const shape *s, const float *x, double *most)
{
    zsc_kmeans found = {0};
    zsc_kmeans_options o = zsc_kmeans_defaults();
    o.clusters = s->k;
    o.n_init = s->how ? (size_t)s->how : 1;
    o.max_iter = 3;
    *most = (double)zsc_kmeans_memory(s->n, s->d, &o, &two);
    zsc_status status = zsc_kmeans_cluster_rows(x, s->n, s->d, &o, &two, &found);
    zsc_kmeans_free(&found);
    return status;
}

/* k: clusters; half of the rows are new. */
static zsc_status run_assign(const shape *s, const float *x, double *most)
{
    zsc_assign_options o = zsc_assign_defaults();
    zsc_assigned found = {0};
    const size_t n = s->n / 2, m = s->n - n;
    int32_t *label = held(n * sizeof *label);
    for (size_t i = 0; i < n; i++) label[i] = (int32_t)(i % s->k) - (i % 50 == 0);
    const zsc_assign_model model = {.x = x, .n = n, .d = s->d, .label = label};
    o.by = (zsc_assign_by)s->how;
    *most = (double)zsc_assign_memory(n, m, s->d, &o, &two);
    own = (double)n * 4;
    zsc_status status = zsc_assign(&model, x + n * s->d, m, &o, &two, &found);
    zsc_assigned_free(&found);
    free(label);
    return status;
}

/* k: min_cluster_size, of which min_samples is the half. */
static zsc_status run_hdbscan(const shape *s, const float *x, double *most)
{
    zsc_hdbscan found = {0};
    zsc_hdbscan_options o = zsc_hdbscan_defaults();
    o.min_cluster_size = s->k;
    o.min_samples = s->k / 2;
    o.metric = (zsc_metric)s->how;
    *most = (double)zsc_hdbscan_memory(s->n, s->d, &o);
    zsc_status status = zsc_hdbscan_cluster_rows(x, s->n, s->d, &o, &two, &found);
    zsc_hdbscan_free(&found);
    return status;
}

static zsc_status run_layers(const shape *s, const float *x, double *most)
{
    zsc_hdbscan_layers found = {0};
    zsc_hdbscan_layers_options o = zsc_hdbscan_layers_defaults();
    o.min_cluster_size = s->k;
    o.metric = (zsc_metric)s->how;
    *most = (double)zsc_hdbscan_layers_memory(s->n, s->d, &o);
    zsc_status status = zsc_hdbscan_layers_of_rows(x, s->n, s->d, &o, &two, &found);
    zsc_hdbscan_layers_free(&found);
    return status;
}

/* how: 0 or 1, which assigns the labels; 10 neighbours. */
static zsc_status run_spectral(const shape *s, const float *x, double *most)
{
    zsc_spectral found = {0};
    zsc_spectral_options o = zsc_spectral_defaults();
    o.clusters = s->k;
    o.n_init = 2;
    o.assign_labels = (zsc_spectral_assign_labels)s->how;
    *most = (double)zsc_spectral_memory(s->n, s->d, &o, &two);
    zsc_status status = zsc_spectral_cluster_rows(x, s->n, s->d, &o, &two, &found);
    zsc_spectral_free(&found);
    return status;
}

/* Those without a function that estimates say it where it is above the limit. */
static double said(void)
{
    const char *range = strstr(zsc_error_message(), "between "), *about = strstr(zsc_error_message(), "about ");
    const char *text = range ? strstr(range, " and ") : about;
    size_t bytes = 0, word = range ? sizeof " and " - 1 : sizeof "about " - 1;
    char amount[16] = "";
    if (text)
        snprintf(amount, sizeof amount, "%.*s", (int)(strstr(text, " of memory") - text) - (int)word, text + word);
    return zsc_bytes_parse(amount, &bytes) ? (double)bytes : 0;
}

static const zsc_exec little = {.threads = THREADS, .memory_limit = 1};

static zsc_status run_trust(const shape *s, const float *x, double *most)
{
    double value;
    zsc_trustworthiness(x, s->d, x, 2, s->n, s->k, (zsc_metric)s->how, &little, &value);
    *most = said();
    return zsc_trustworthiness(x, s->d, x, 2, s->n, s->k, (zsc_metric)s->how, &two, &value);
}

static zsc_status run_internal(const shape *s, const float *x, double *most)
{
    zsc_internal_scores scores;
    int32_t *labels = calloc(s->n, sizeof *labels);
    for (size_t i = 0; i < s->n; i++) labels[i] = (int32_t)(i * 7 % s->k);
    zsc_score_internal(x, s->n, s->d, labels, &little, &scores);
    *most = said();
    own = (double)s->n * 4;
    zsc_status status = zsc_score_internal(x, s->n, s->d, labels, &two, &scores);
    free(labels);
    return status;
}

/* The dendrogram of rows on a line, each merged with all before it, or in pairs. */
static zsc_status run_curve(const shape *s, const float *x, double *most)
{
    (void)x;
    size_t n = s->n;
    double *z = calloc(n * 4, sizeof *z);
    int32_t *labels = calloc(n, sizeof *labels);
    size_t *size = calloc(2 * n, sizeof *size);
    zsc_curve curve = {0};
    for (size_t i = 0; i < n; i++) labels[i] = (int32_t)(i * 7 % s->k), size[i] = 1;
    for (size_t i = 0; i + 1 < n; i++) {
        size_t a = s->how ? 2 * i : i + 1, b = s->how ? 2 * i + 1 : i ? n + i - 1 : 0;
        size[n + i] = size[a] + size[b];
        z[i * 4] = (double)(a < b ? a : b);
        z[i * 4 + 1] = (double)(a < b ? b : a);
        z[i * 4 + 2] = (double)i;
        z[i * 4 + 3] = (double)size[n + i];
    }
    free(size);
    zsc_ami_curve(z, n, labels, ZSC_MISSING_DROP, &little, &curve);
    *most = said();
    own = (double)n * 36; /* z and the labels */
    zsc_status status = zsc_ami_curve(z, n, labels, ZSC_MISSING_DROP, &two, &curve);
    zsc_curve_free(&curve);
    free(labels);
    free(z);
    return status;
}

/* From a file whose rows are read when they are wanted. */
static zsc_status run_load(const shape *s, const float *x, double *most)
{
    char path[512];
    const char *source[] = {path};
    zsc_dataset_options o = zsc_dataset_defaults();
    zsc_dataset data = {0};
    snprintf(path, sizeof path, "%s/x.npy", folder());
    zsc_status status = zsc_npy_write_f32(path, x, s->n, s->d);
    if (status != ZSC_OK) return status;
    reset_peak(); /* writing is not measured */
    o.embeddings = source;
    o.embedding_count = 1;
    zsc_dataset_load(&o, &little, &data);
    *most = said();
    own = (double)s->n * 100 + (1 << 20); /* ids, which are there before; a block of the file */
    status = zsc_dataset_load(&o, &two, &data);
    zsc_dataset_free(&data);
    unlink(path);
    return status;
}

/* What `zsc run` does of one seed, from the matrix to the dendrogram; k neighbours. how: zsc_reduce, and 10 where other
 * seeds follow. */
static zsc_status run_whole(const shape *s, const float *x, double *most)
{
    zsc_run_options o = zsc_run_defaults();
    zsc_input input = {.data = {.n = s->n, .d = s->d, .x = malloc(s->n * s->d * sizeof *x)}};
    zsc_tree tree = {0};
    input.last = s->how < 10;
    memcpy(input.data.x, x, s->n * s->d * sizeof *x);
    o.cut_height = 1; /* no labels */
    o.reduce = (zsc_reduce)(s->how % 10);
    o.umap.n_neighbors = s->k;
    o.umap.n_epochs = 11;
    o.umap.n_components = 20 < s->d ? 20 : s->d;
    const zsc_run_shape run = {.n = s->n, .d = s->d, .clusters = s->n, .last = input.last};
    *most = (double)zsc_run_memory(&o, &run, &two);
    zsc_status status = zsc_tree_grow(&o, &two, &input, &tree);
    zsc_tree_free(&tree);
    zsc_input_free(&input);
    return status;
}

static const struct {
    const char *name;
    zsc_status (*run)(const shape *shape, const float *x, double *most);
} kinds[] = {{"knn", run_knn},         {"joint knn", run_joint}, {"query", run_query},       {"umap", run_umap},
             {"linkage", run_linkage}, {"pca", run_pca},         {"trust", run_trust},       {"internal", run_internal},
             {"curve", run_curve},     {"load", run_load},       {"run", run_whole},         {"k-means", run_kmeans},
             {"HDBSCAN", run_hdbscan}, {"layers", run_layers},   {"spectral", run_spectral}, {"assign", run_assign}};
enum {
    KNN,
    JOINT,
    QUERY,
    UMAP,
    LINKAGE,
    PCA,
    TRUST,
    INTERNAL,
    CURVE,
    LOAD,
    RUN,
    KMEANS,
    HDBSCAN,
    LAYERS,
    SPECTRAL,
    ASSIGN,
    KINDS
};

/* In a process of its own, which is this program again. */
static int measure(char **words)
{
    shape s = {strtoul(words[1], NULL, 10), strtoul(words[2], NULL, 10), strtoul(words[3], NULL, 10), atoi(words[4]),
               atoi(words[5])};
    shape tiny = {60, 8, 4, 0, 0};
    double most;
    mallopt(M_MMAP_THRESHOLD, 128 * 1024); /* as the program does: what is freed goes back */
    float *x = make_rows(&tiny);
    for (int k = 0; k < KINDS; k++) /* libraries and threads are there afterwards */
        if (!x || kinds[k].run(&tiny, x, &most) != ZSC_OK) return 2;
    free(x);
    if (!(x = make_rows(&s))) return 3;
    malloc_trim(0);
    if (!reset_peak()) return 77;
    double before = from_status("VmRSS:");
    zsc_program_memory_begin();
    need = 0;
    own = 0;
    if (kinds[atoi(words[0])].run(&s, x, &most) != ZSC_OK) {
        fprintf(stderr, "%s\n", zsc_error_message());
        return 4;
    }
    double peak = from_status("VmHWM:") - before;
    printf("%.0f %.0f %.0f %.0f %.0f\n", (double)need + own, most + own, peak, (double)(need + zsc_program_memory()),
           before + peak);
    remove_folder();
    free(x);
    return 0;
}

/* --- The test */
static bool measure_apart(int kind, const shape *s, measured *out)
{
    char command[256];
    snprintf(command, sizeof command, "exec /proc/%d/exe --measure %d %zu %zu %zu %d %d", (int)getpid(), kind, s->n,
             s->d, s->k, s->how, s->data);
    FILE *answer = popen(command, "r");
    assert_non_null(answer);
    bool read = fscanf(answer, "%lf %lf %lf %lf %lf", &out->need, &out->most, &out->peak, &out->all, &out->all_peak) ==
                5;
    int status = pclose(answer);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) skip();
    return read && status == 0;
}

static bool is_too_much(const measured *m)
{
    return m->need > fmax(RATIO * m->peak, m->peak + SMALL) || m->all > RATIO * m->all_peak;
}

/* What both threads need is taken only where both got work, which is the scheduler's choice: what is said must be that
 * of the most that three processes took. It is never below what one of them took. */
static void compare(int kind, const shape *s)
{
    measured m;
    bool read = measure_apart(kind, s, &m);
    for (int again = 0; read && is_too_much(&m) && m.need >= m.peak && again < 2; again++) {
        measured other;
        read = measure_apart(kind, s, &other);
        if (read && other.peak > m.peak) m = other;
    }
    if (!read) fail_msg("%s of %zu x %zu was not measured", kinds[kind].name, s->n, s->d);
    printf("%-9s %6zu x %-5zu k %-4zu how %2d data %d: needs %7.2f MB, peak %7.2f MB, ratio %.2f; at most %7.2f MB; "
           "of the process %7.2f MB, peak %7.2f MB, ratio %.2f\n",
           kinds[kind].name, s->n, s->d, s->k, s->how, s->data, m.need / 1e6, m.peak / 1e6, m.need / m.peak,
           m.most / 1e6, m.all / 1e6, m.all_peak / 1e6, m.all / m.all_peak);
    if (getenv("ZSC_MEASURE_ONLY")) return;
    if (m.need < m.peak || is_too_much(&m) || m.most < m.need * 0.99) /* said with three digits */
        fail_msg(
            "%s of %zu x %zu, k %zu, how %d, data %d: needs %.0f, peak %.0f, at most %.0f, of the process %.0f and "
            "%.0f bytes",
            kinds[kind].name, s->n, s->d, s->k, s->how, s->data, m.need, m.peak, m.most, m.all, m.all_peak);
    if (m.all < m.all_peak)
        fail_msg("%s of %zu x %zu, k %zu, how %d, data %d: the process needs %.0f, peak %.0f bytes", kinds[kind].name,
                 s->n, s->d, s->k, s->how, s->data, m.all, m.all_peak);
}

static void compare_all(int kind, const shape *shapes, size_t few, size_t all)
{
    size_t count = check_long() > 1 ? all : few;
    for (size_t i = 0; i < count; i++) compare(kind, &shapes[i]);
}
#define COMPARE(kind, shapes, few) compare_all(kind, shapes, few, sizeof(shapes) / sizeof *(shapes))

static void linkage(void **state)
{
    (void)state;
    static const shape shapes[] = {
        {500, 32, 0, ZSC_WARD, 0},     {4000, 384, 0, ZSC_WARD, 1},     {12000, 8, 0, ZSC_WARD, 0},
        {3000, 16, 0, ZSC_AVERAGE, 0}, {5000, 64, 0, ZSC_SINGLE, 0},    {30000, 2, 0, ZSC_WARD, 0},
        {2500, 1536, 0, ZSC_WARD, 0},  {5000, 100, 0, ZSC_COMPLETE, 3}, {4000, 700, 0, ZSC_WARD, 3},
        {20000, 384, 0, ZSC_WARD, 1},  {30000, 50, 0, ZSC_WARD, 1}};
    COMPARE(LINKAGE, shapes, 4);
}

static void kmeans(void **state)
{
    (void)state;
    static const shape shapes[] = {{500, 32, 10, 0, 0},   {20000, 50, 300, 0, 1}, {5000, 100, 2000, 0, 0},
                                   {30000, 10, 50, 3, 1}, {3000, 768, 100, 2, 0}, {60000, 50, 4000, 0, 1}};
    COMPARE(KMEANS, shapes, 4);
}

static void hdbscan(void **state)
{
    (void)state;
    static const shape shapes[] = {{500, 32, 10, 0, 0},   {8000, 50, 10, 0, 1},          {20000, 16, 10, 0, 3},
                                   {5000, 200, 40, 0, 0}, {8000, 64, 10, ZSC_COSINE, 1}, {20000, 2, 200, 0, 1},
                                   {60000, 50, 10, 0, 1}, {60000, 50, 10, 0, 3},         {20000, 384, 20, 0, 1}};
    COMPARE(HDBSCAN, shapes, 5);
}

static void layers(void **state)
{
    (void)state;
    static const shape shapes[] = {{500, 32, 5, 0, 0},   {8000, 50, 5, 0, 1},
                                   {20000, 16, 5, 0, 3}, {5000, 200, 20, ZSC_COSINE, 0},
                                   {60000, 50, 5, 0, 1}, {60000, 20, 5, 0, 0}};
    COMPARE(LAYERS, shapes, 3);
}

static void spectral(void **state)
{
    (void)state;
    static const shape shapes[] = {{500, 32, 8, 0, 0},     {4000, 32, 50, 0, 0},  {4000, 32, 50, 1, 0},
                                   {4000, 100, 100, 0, 1}, {8000, 16, 20, 0, 3},  {20000, 32, 30, 0, 0},
                                   {20000, 32, 200, 1, 1}, {2000, 16, 500, 1, 0}, {60000, 50, 50, 0, 1}};
    COMPARE(SPECTRAL, shapes, 3);
}

static void assign(void **state)
{
    (void)state;
    static const shape shapes[] = {{20000, 50, 300, ZSC_ASSIGN_CENTROID, 1},
                                   {60000, 50, 300, ZSC_ASSIGN_NEIGHBOR, 1},
                                   {4000, 768, 40, ZSC_ASSIGN_CENTROID, 0}};
    COMPARE(ASSIGN, shapes, 3);
}

static void pca(void **state)
{
    (void)state;
    static const shape shapes[] = {{500, 32, 10, 0, 0},     {3000, 600, 20, 0, 0},  {500, 3000, 20, 0, 0},
                                   {2000, 900, 900, 0, 0},  {900, 2000, 600, 0, 0}, {20000, 64, 2, 0, 0},
                                   {1500, 1500, 100, 0, 1}, {60000, 384, 50, 0, 1}};
    COMPARE(PCA, shapes, 3);
}

static void knn(void **state)
{
    (void)state;
    static const shape shapes[] = {{500, 32, 15, 0, 0},    {5000, 256, 15, 0, 1},  {20000, 16, 30, 0, 0},
                                   {5000, 64, 200, 0, 0},  {8000, 64, 10, 10, 1},  {4000, 1024, 5, 1, 0},
                                   {5000, 100, 20, 3, 1},  {12000, 100, 15, 0, 3}, {20000, 128, 60, 10, 0},
                                   {40000, 64, 30, 0, 1},  {60000, 384, 15, 0, 0}, {60000, 384, 15, 0, 1},
                                   {60000, 384, 15, 10, 1}};
    COMPARE(KNN, shapes, 4);
}

static void joint(void **state)
{
    (void)state;
    static const shape shapes[] = {{500, 32, 15, 0, 0},    {5000, 256, 15, 0, 1},  {12000, 64, 30, 0, 0},
                                   {4000, 1024, 40, 0, 1}, {4000, 1024, 40, 0, 0}, {20000, 256, 20, 0, 1},
                                   {30000, 512, 15, 0, 1}};
    COMPARE(JOINT, shapes, 2);
}

static void query(void **state)
{
    (void)state;
    static const shape shapes[] = {{1000, 32, 15, 0, 0}, {8000, 256, 15, 0, 1},
                                   {20000, 16, 5, 3, 0}, {6000, 512, 5, ZSC_INNER_PRODUCT, 1},
                                   {60000, 64, 5, 1, 1}, {60000, 384, 5, 0, 1}};
    COMPARE(QUERY, shapes, 3);
}

static void umap(void **state)
{
    (void)state;
    static const shape shapes[] = {{500, 32, 15, 2, 0},    {8000, 32, 15, 2, 0},   {3000, 32, 200, 2, 0},
                                   {6000, 256, 15, 2, 1},  {5000, 16, 15, 50, 0},  {30000, 64, 15, 2, 0},
                                   {4000, 200, 30, 2, 2},  {20000, 16, 60, 2, 1},  {8000, 64, 15, 2, 3},
                                   {30000, 8, 5, 2, 0},    {20000, 100, 50, 2, 2}, {30000, 384, 15, 2, 0},
                                   {60000, 384, 15, 20, 1}};
    COMPARE(UMAP, shapes, 4);
}

static void load(void **state)
{
    (void)state;
    static const shape shapes[] = {{8000, 700, 0, 0, 0}, {20000, 500, 0, 0, 0}};
    COMPARE(LOAD, shapes, 1);
}

static void whole(void **state)
{
    (void)state;
    static const shape shapes[] = {{500, 32, 15, ZSC_REDUCE_UMAP, 0},        {4000, 128, 15, ZSC_REDUCE_UMAP, 1},
                                   {3000, 200, 15, ZSC_REDUCE_PCA, 0},       {3000, 64, 15, ZSC_REDUCE_NONE, 1},
                                   {3000, 200, 15, 10 + ZSC_REDUCE_UMAP, 1}, {20000, 384, 30, ZSC_REDUCE_UMAP, 1},
                                   {20000, 384, 30, ZSC_REDUCE_UMAP, 0},     {20000, 384, 30, 10 + ZSC_REDUCE_UMAP, 1}};
    COMPARE(RUN, shapes, 5);
}

static void scores(void **state)
{
    (void)state;
    static const shape trusts[] = {{3000, 64, 15, 0, 0}, {8000, 200, 30, 1, 1}, {5000, 16, 100, 3, 0}};
    static const shape internals[] = {{3000, 256, 1000, 0, 0}, {5000, 64, 50, 0, 0}, {4000, 1000, 500, 0, 1}};
    static const shape curves[] = {{50000, 1, 20, 0, 0}, {100000, 1, 5000, 1, 0}, {200000, 1, 200000, 0, 0}};
    COMPARE(TRUST, trusts, 2);
    COMPARE(INTERNAL, internals, 2);
    COMPARE(CURVE, curves, 2);
}

int main(int argc, char **argv)
{
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    (void)argv, (void)argc;
    return 77; /* a sanitizer's memory counts */
#endif
    if (argc == 8 && strcmp(argv[1], "--measure") == 0) return measure(argv + 2);
    const struct CMUnitTest tests[] = {cmocka_unit_test(linkage), cmocka_unit_test(pca),     cmocka_unit_test(kmeans),
                                       cmocka_unit_test(assign),  cmocka_unit_test(knn),     cmocka_unit_test(joint),
                                       cmocka_unit_test(query),   cmocka_unit_test(umap),    cmocka_unit_test(scores),
                                       cmocka_unit_test(load),    cmocka_unit_test(whole),   cmocka_unit_test(hdbscan),
                                       cmocka_unit_test(layers),  cmocka_unit_test(spectral)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
