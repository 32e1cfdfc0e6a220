/* A sweep equals its runs: random small plans over random files, swept with whatever a sweep shares (rows, matrices,
 * neighbours searched together, graphs, dendrograms, neighbours on disk, an index of the store, shards), against every
 * run alone. Rows, labels, scores, linkage and reduced vectors must be the same bytes.
 *
 * A failure prints the plan and its seed; ZSC_TEST_SEED=<seed> repeats it. ZSC_CHECK_LONG multiplies the plans, and
 * ZSC_TEST_PLANS sets their number. With ZSC_TEST_SWEEP="mpirun -n 2 zsc" the command sweeps, not this process. */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../folder.h"
#include "../long.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "experiment/pipeline/pipeline.h"
#include "experiment/sweep.h"
#include "io/h5/h5.h"

enum { PLANS = 10, MOST_ROWS = 50, X = 5, Y = 3, SPECIES = 5, MOST_RUNS = 24 };

static const zsc_exec exec = {.threads = 1}; /* what is small waits for threads more than it gains */
static uint64_t under_test;
static zsc_text plan_text;

/* --- Files */
static void species_of(size_t row, uint64_t table, char name[16])
{
    snprintf(name, 16, "species %d", (int)((row * 7 + table * (row / 3)) % SPECIES));
}

/* Element j of a row in the file of this variant: some rows repeat the one before, and values tie. */
static float element(uint64_t variant, size_t row, size_t j)
{
    zsc_stream s = zsc_stream_open(variant, ZSC_RANDOM_TEST, row * 64);
    size_t from = row && zsc_stream_below(&s, 9) == 0 ? row - 1 : row;
    s = zsc_stream_open(variant, ZSC_RANDOM_TEST, from * 64 + 1 + j);
    float x = (float)zsc_stream_normal(&s) + (float)(from % SPECIES);
    return variant % 3 == 0 ? (float)(int)(2 * x) : x;
}

/* Rows order[first] .. order[last - 1] with the encoders x and ns:y. */
static void write_h5(const char *path, uint64_t variant, const size_t *order, size_t first, size_t last)
{
    static const char *const encoder[] = {"/embeddings/x", "/embeddings/ns:y"};
    static char name[3][MOST_ROWS][16];
    const char *text[MOST_ROWS];
    float x[MOST_ROWS * X];
    size_t n = last - first;
    zsc_h5 *file;
    assert_int_equal(zsc_h5_create(path, &file), ZSC_OK);
    for (size_t e = 0; e < 2; e++) {
        size_t shape[2] = {n, e ? Y : X};
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < shape[1]; j++) x[i * shape[1] + j] = element(2 * variant + e, order[first + i], j);
        assert_int_equal(zsc_h5_write(file, encoder[e], ZSC_H5_F32, 2, shape, x), ZSC_OK);
    }
    for (size_t i = 0; i < n; i++) {
        size_t row = order[first + i];
        snprintf(name[0][i], 16, "id%zu", row);
        species_of(row, 0, name[1][i]);
        snprintf(name[2][i], 16, "%s", row % 4 ? "test" : "test_unseen");
    }
    static const char *const object[] = {"/id", "/labels/species", "/split"};
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < n; i++) text[i] = name[k][i];
        assert_int_equal(zsc_h5_write_strings(file, object[k], text, n), ZSC_OK);
    }
    assert_int_equal(zsc_h5_commit(file), ZSC_OK);
}

/* Rows without ids: the metadata says which they are. */
static void write_npy(const char *path, uint64_t variant, size_t n)
{
    char head[128];
    memset(head, ' ', sizeof head);
    memcpy(head, "\x93NUMPY\x01\x00\x76\x00", 10);
    int used = snprintf(head + 10, 100, "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %d), }", n, X);
    head[10 + used] = ' ';
    head[127] = '\n';
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(head, 1, sizeof head, file);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < X; j++) fwrite(&(float){element(2 * variant, i, j)}, sizeof(float), 1, file);
    assert_int_equal(fclose(file), 0);
}

static void write_csv(const char *path, uint64_t table, const size_t *order, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("processid,split,species\n", file);
    for (size_t i = 0; i < n; i++) {
        char name[16];
        species_of(order[i], table, name);
        fprintf(file, "id%zu,%s,%s\n", order[i], order[i] % 4 ? "test" : "test_unseen", name);
    }
    assert_int_equal(fclose(file), 0);
}

static void shuffle(size_t *order, size_t n, zsc_stream *s)
{
    for (size_t i = 0; i < n; i++) order[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t k = zsc_stream_below(s, i), held = order[i - 1];
        order[i - 1] = order[k];
        order[k] = held;
    }
}

/* Writes a file again with other contents of the same size and, where that can be asked for, the same times. */
static void write_files(zsc_stream *s, size_t n, uint64_t version)
{
    size_t plain[MOST_ROWS], mixed[MOST_ROWS];
    struct stat before;
    bool there = stat("B/q.h5", &before) == 0;
    for (size_t i = 0; i < n; i++) plain[i] = i;
    shuffle(mixed, n, s);
    if (!there) {
        mkdir("A", 0777);
        mkdir("B", 0777);
        write_h5("one.h5", 8 * under_test, plain, 0, n);
        write_h5("A/p.h5", 8 * under_test + 2, plain, 0, n / 2);
        write_h5("A/q.h5", 8 * under_test + 2, plain, n / 2, n);
        write_h5("B/p.h5", 8 * under_test + 3, plain, 0, n / 2);
        write_csv("one.csv", 0, plain, n);
        FILE *other = fopen("A/README", "wb");
        assert_non_null(other);
        assert_int_equal(fclose(other), 0);
    }
    write_h5("two.h5", 8 * under_test + 1 + 100 * version, mixed, 0, n);
    write_h5("B/q.h5", 8 * under_test + 3 + 100 * version, plain, n / 2, n);
    write_npy("e.npy", 8 * under_test + 4 + 100 * version, n);
    write_csv("two.csv", 1 + version, mixed, n);
    if (there) utimensat(AT_FDCWD, "B/q.h5", (struct timespec[]){before.st_atim, before.st_mtim}, 0);
}

/* --- Plans */
static const char *one_of(zsc_stream *s, const char *const *item, size_t count)
{
    return item[zsc_stream_below(s, count)];
}
#define ONE_OF(s, ...)                                                                                                 \
    one_of(s, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static const char *embedding(zsc_stream *s, bool metadata)
{
    static const char *const all[] = {"one.h5:x",
                                      "one.h5:ns:y",
                                      "two.h5:x",
                                      "two.h5:ns:y",
                                      "A:x",
                                      "B:ns:y",
                                      "A/p.h5+A/q.h5:x",
                                      "B/p.h5+B/q.h5:x",
                                      "A/p.h5+A/q.h5:ns:y",
                                      "B/p.h5+B/q.h5:ns:y",
                                      "./one.h5:x",
                                      "B:x",
                                      "A/q.h5+A/p.h5:x",
                                      "B/q.h5+B/p.h5:ns:y",
                                      "e.npy"};
    return all[zsc_stream_below(s, sizeof all / sizeof *all - !metadata)];
}

static void add_embeddings(zsc_stream *s, bool metadata)
{
    size_t count = 2 + zsc_stream_below(s, 3);
    zsc_text_printf(&plan_text, "embeddings:\n");
    for (size_t i = 0; i < count; i++) {
        size_t joined = 1 + zsc_stream_below(s, 3);
        if (joined == 1 && zsc_stream_below(s, 4) == 0) {
            zsc_text_printf(&plan_text, "  - \"%s\"\n", ONE_OF(s, "one.h5:*", "B:ns:*", "A/p.h5+A/q.h5:*"));
            continue;
        }
        zsc_text_printf(&plan_text, "  - [");
        for (size_t k = 0; k < joined; k++)
            zsc_text_printf(&plan_text, "%s\"%s\"", k ? ", " : "", embedding(s, metadata));
        zsc_text_printf(&plan_text, "]\n");
    }
    if (zsc_stream_below(s, 4) == 0)
        zsc_text_printf(&plan_text, "pairs: [[\"A:x\", \"%s\"], [\"B:x\", \"two.h5:ns:*\"]]\n", embedding(s, metadata));
}

static void draw_plan(zsc_stream *s)
{
    bool metadata = zsc_stream_below(s, 3) == 0;
    plan_text.length = 0;
    if (metadata) zsc_text_printf(&plan_text, "metadata: %s\n", ONE_OF(s, "[one.csv, two.csv]", "two.csv"));
    add_embeddings(s, metadata);
    const char *scale = ONE_OF(s, "none", "zscore", "[l2, none]"); /* of all runs, or of the subsets */
    if (zsc_stream_below(s, 3) == 0)
        zsc_text_printf(&plan_text, "subsets: [{split: %s, scale: none}, {split: %s, scale: l2}]\n",
                        ONE_OF(s, "all", "test"), ONE_OF(s, "test", "test+test_unseen"));
    else
        zsc_text_printf(&plan_text, "scale: %s\n", scale);
    zsc_text_printf(&plan_text, "scale-scope: %s\n", ONE_OF(s, "rows", "rows", "split"));
    zsc_text_printf(&plan_text, "metric: %s\n",
                    ONE_OF(s, "euclidean", "[cosine, euclidean]", "[euclidean, cosine]", "[euclidean, manhattan]",
                           "[correlation, euclidean]"));
    zsc_text_printf(&plan_text, "knn: %s\n",
                    ONE_OF(s, "auto", "exact", "[approx, exact]", "[exact, approx]", "[auto, approx]"));
    zsc_text_printf(&plan_text, "neighbors: %s\n", ONE_OF(s, "5", "5", "[5, 7]", "[8, 4]"));
    zsc_text_printf(&plan_text, "reduce: %s\ndim: %s\n", ONE_OF(s, "umap", "umap", "[umap, none]", "[pca, umap]"),
                    ONE_OF(s, "2", "2", "[3, 2]"));
    zsc_text_printf(&plan_text, "epochs: %s\nmin-dist: %s\n", ONE_OF(s, "10", "20"), ONE_OF(s, "0", "0.3"));
    zsc_text_printf(&plan_text, "seed: %s\nlinkage: %s\n", ONE_OF(s, "0", "0-1", "[3, 1]"),
                    ONE_OF(s, "ward", "ward", "[ward, average]"));
    zsc_text_printf(&plan_text, "clusters: %s\n", ONE_OF(s, "species", "3", "[3, each-rank]", "[4, 60]"));
    zsc_text_printf(&plan_text, "keep-reduced: true\ncurve: %s\n", ONE_OF(s, "true", "false"));
    assert_false(plan_text.failed);
}

/* Draws until the runs are few: the kinds of axes stay mixed. */
static void make_plan(zsc_stream *s, zsc_plan *plan)
{
    for (;;) {
        draw_plan(s);
        FILE *file = fopen("plan.yaml", "wb");
        assert_non_null(file);
        fputs(plan_text.data, file);
        assert_int_equal(fclose(file), 0);
        if (zsc_plan_read("plan.yaml", ZSC_DESIGN_PRODUCT, plan) != ZSC_OK) fail_msg("%s", zsc_error_message());
        if (plan->count <= MOST_RUNS) return;
        zsc_plan_free(plan);
    }
}

/* --- Sweep and runs */
static void assert_same(const char *what, const void *a, const void *b, size_t size, const zsc_result *r)
{
    if ((a != NULL) != (b != NULL) || (a && memcmp(a, b, size) != 0))
        fail_msg("%s of %s are not those of the run alone: %s", what, r->path, r->config);
}

static void assert_same_scores(const zsc_result *a, const zsc_result *b)
{
    assert_same("selections", &a->selection, &b->selection, sizeof a->selection, a);
    assert_int_equal(a->scores, b->scores);
    for (size_t j = 0; j < a->scores; j++) {
        const zsc_rank_scores *x = &a->score[j], *y = &b->score[j];
        assert_string_equal(x->rank, y->rank);
        assert_same("scores", &x->scores, &y->scores, offsetof(zsc_scores, ri), a); /* those that results hold */
        assert_true(isnan(x->scores.ri) && x->scores.pairs[0][0] == -1 && x->scores.pairs[1][1] == -1);
        assert_same("numbers of clusters", (size_t[]){x->k, x->best_clusters}, (size_t[]){y->k, y->best_clusters},
                    2 * sizeof(size_t), a);
        assert_same("best AMI", &x->best_ami, &y->best_ami, sizeof x->best_ami, a);
        if (a->curve || b->curve) assert_same("curves", a->curve[j], b->curve[j], a->rows * sizeof **a->curve, a);
        for (size_t i = 0; i < a->rows; i++) {
            int32_t p = a->taxon[j].code[i], q = b->taxon[j].code[i];
            assert_string_equal(p < 0 ? "" : a->taxon[j].level[p], q < 0 ? "" : b->taxon[j].level[q]);
        }
    }
}

static void assert_same_result(const zsc_result *a, const zsc_result *b)
{
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->clusters, b->clusters);
    assert_int_equal(a->reduced_dim, b->reduced_dim);
    for (size_t i = 0; i < a->rows; i++) assert_string_equal(a->id[i], b->id[i]);
    assert_same("reduced vectors", a->reduced, b->reduced, a->rows * a->reduced_dim * sizeof *a->reduced, a);
    assert_same("linkages", a->linkage_matrix, b->linkage_matrix, 4 * (a->rows - 1) * sizeof *a->linkage_matrix, a);
    assert_same("clusters", a->label, b->label, a->rows * sizeof *a->label, a);
    assert_same_scores(a, b);
}

/* The run alone against the sweep's result. False: it fails. */
static bool check_run(const zsc_planned_run *run, size_t r, const char *store)
{
    const unsigned all = ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE;
    zsc_result alone = {0}, swept = {0};
    char path[256];
    if (zsc_run(&run->options, &exec, &alone) != ZSC_OK) return false;
    snprintf(path, sizeof path, "%s/%s.h5", store, alone.key);
    if (access(path, F_OK) != 0) fail_msg("run %zu of %s is not there: %s", r, store, alone.config);
    if (zsc_result_read(path, all, &swept) != ZSC_OK) fail_msg("%s", zsc_error_message());
    assert_same_result(&swept, &alone);
    zsc_result_free(&swept);
    zsc_result_free(&alone);
    return true;
}

static int silence(void)
{
    int shown = dup(STDERR_FILENO), nothing = open("/dev/null", O_WRONLY);
    assert_true(shown >= 0 && nothing >= 0);
    dup2(nothing, STDERR_FILENO);
    close(nothing);
    return shown;
}

static void unsilence(int shown)
{
    dup2(shown, STDERR_FILENO);
    close(shown);
}

/* The same by the command, in processes of its own. */
static void sweep_by_command(const char *command, const zsc_sweep_options *o, zsc_sweep_report *report)
{
    char line[1024], memory[64] = "", cache[64] = "";
    size_t runs;
    if (o->cache) snprintf(cache, sizeof cache, "--cache %s", o->cache);
    if (o->cache_memory != SIZE_MAX) snprintf(memory, sizeof memory, "--cache-memory %zu", o->cache_memory);
    snprintf(line, sizeof line, "%s sweep -t 1 -o %s --shard %zu/%zu %s %s plan.yaml 2>told", command, o->output,
             o->shard + 1, o->shards, cache, memory);
    FILE *told = popen(line, "r");
    assert_non_null(told);
    int found = fscanf(told, "%zu runs: %zu computed, %zu there already, %zu failed", &runs, &report->computed,
                       &report->present, &report->failed);
    while (fgetc(told) != EOF) continue;
    int status = pclose(told);
    if (found != 4 || (status != 0) != (report->failed != 0)) fail_msg("%s: status %d", line, status);
}

static void sweep_and_check(const zsc_plan *plan, zsc_sweep_options o)
{
    const char *command = getenv("ZSC_TEST_SWEEP");
    size_t failed = 0, told = 0, done = 0;
    for (o.shard = 0; o.shard < o.shards; o.shard++) {
        zsc_sweep_report report;
        int shown = silence(); /* warnings of runs that fail */
        zsc_status status = ZSC_OK;
        if (command)
            sweep_by_command(command, &o, &report);
        else
            status = zsc_sweep(plan, &o, &exec, &report);
        unsilence(shown);
        if (status != ZSC_OK && status != ZSC_EPARTIAL) fail_msg("%s", zsc_error_message());
        told += report.failed;
        done += report.computed + report.present;
    }
    for (size_t r = 0; r < plan->count; r++) failed += !check_run(&plan->run[r], r, o.output);
    if (told != failed || done != plan->count - failed)
        fail_msg("%zu of %zu runs fail alone, and %zu in the sweep, which did %zu", failed, plan->count, told, done);
}

static void remove_all(const char *path)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf ./%s", path);
    assert_int_equal(system(command), 0);
}

static void check_plan(uint64_t seed)
{
    zsc_stream s = zsc_stream_open(seed, ZSC_RANDOM_TEST, 0);
    size_t n = 24 + zsc_stream_below(&s, MOST_ROWS - 24 + 1);
    zsc_plan plan = {0};
    under_test = seed;
    write_files(&s, n, 0);
    make_plan(&s, &plan);
    zsc_sweep_options o = {.output = "store",
                           .cache = zsc_stream_below(&s, 2) ? "neighbours" : NULL,
                           .shards = 1 + zsc_stream_below(&s, 3),
                           .cache_memory = zsc_stream_below(&s, 4) ? SIZE_MAX : zsc_stream_below(&s, 2) * 2000};
    sweep_and_check(&plan, o);
    if (zsc_stream_below(&s, 2)) { /* other contents under the same names */
        write_files(&s, n, 1);
    } else { /* another plan, another store, the same neighbours on disk */
        zsc_plan_free(&plan);
        make_plan(&s, &plan);
        o.output = "other";
    }
    sweep_and_check(&plan, o);
    zsc_plan_free(&plan);
    remove_all("*");
}

static void test_sweeps(void **state)
{
    (void)state;
    const char *one = getenv("ZSC_TEST_SEED"), *plans = getenv("ZSC_TEST_PLANS");
    uint64_t first = one ? strtoull(one, NULL, 10) : 1;
    size_t count = one ? 1 : plans ? strtoull(plans, NULL, 10) : check_cases(PLANS);
    for (uint64_t seed = first; seed < first + count; seed++) check_plan(seed);
    under_test = 0;
}

static int say_plan(void **state)
{
    (void)state;
    if (under_test)
        fprintf(stderr, "the plan:\n%sits seed is %llu; to repeat it: ZSC_TEST_SEED=%llu tests/property/sweep\n",
                plan_text.data ? plan_text.data : "", (unsigned long long)under_test, (unsigned long long)under_test);
    free(plan_text.data);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(test_sweeps, say_plan)};
    if (chdir(folder()) != 0) return 99;
    zsc_log_set("sweep", ZSC_LOG_QUIET);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_all("*");
    remove_folder();
    return failed;
}
