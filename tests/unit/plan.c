/* Sweep files: what they unfold to, and what is said of those that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiment/plan/plan.h"
#include "experiment/settings/settings.h"
#include "zsc/zsc.h"

static char path[] = "plan-test-XXXXXX";

static void write_file(const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static void refuses(const char *text, const char *words)
{
    zsc_plan plan = {0};
    write_file(text);
    assert_int_equal(zsc_plan_read(path, ZSC_DESIGN_PRODUCT, &plan), ZSC_EINPUT);
    if (!strstr(zsc_error_message(), words)) fail_msg("expected '%s' in '%s'", words, zsc_error_message());
}

static void test_product(void **state)
{
    (void)state;
    zsc_plan plan = {0};
    write_file(
        "embeddings: [a.h5:x, a.h5:y, [a.h5:x, b.h5:z]]\nseed: 0-2\nclusters: [species, 10]\nneighbors: [15, 30]\n"
        "subsets:\n  - split: test\n  - split: all\n    one-per-barcode: first\n");
    assert_int_equal(zsc_plan_read(path, ZSC_DESIGN_PRODUCT, &plan), ZSC_OK);
    assert_int_equal(plan.count, 3 * 3 * 2 * 2 * 2);
    assert_int_equal(plan.inputs, 6);
    assert_int_equal(plan.graphs, 12);
    assert_int_equal(plan.trees, 36);
    /* runs of one input, graph and tree stand together */
    for (size_t r = 1; r < plan.count; r++) {
        assert_true(plan.run[r].input >= plan.run[r - 1].input);
        assert_true(plan.run[r].graph >= plan.run[r - 1].graph);
        assert_true(plan.run[r].tree >= plan.run[r - 1].tree);
        const zsc_run_options *a = &plan.run[r - 1].options, *b = &plan.run[r].options;
        if (plan.run[r].graph == plan.run[r - 1].graph) {
            assert_ptr_equal(a->data.embeddings, b->data.embeddings);
            assert_int_equal(a->umap.n_neighbors, b->umap.n_neighbors);
            assert_int_equal(a->data.per_barcode, b->data.per_barcode);
        }
        if (plan.run[r].tree == plan.run[r - 1].tree) assert_int_equal(a->seed, b->seed);
    }
    assert_int_equal(plan.run[plan.count - 1].options.data.embedding_count, 2);
    zsc_plan_free(&plan);
}

static void test_pairs_and_exclusions(void **state)
{
    (void)state;
    zsc_plan plan = {0};
    write_file("pairs:\n  image: [i.h5:a, i.h5:b, i.h5:c]\n  dna: [d.h5:p, d.h5:q]\nseed: [1, 4]\n"
               "exclude:\n  - embeddings: '*:b'\n    seed: 4\n  - embeddings: '*:q'\n    scale: l2\n");
    assert_int_equal(zsc_plan_read(path, ZSC_DESIGN_PRODUCT, &plan), ZSC_OK);
    assert_int_equal(plan.count, 10);
    assert_int_equal(plan.excluded, 2);
    for (size_t r = 0; r < plan.count; r++) {
        const zsc_run_options *o = &plan.run[r].options;
        assert_int_equal(o->data.embedding_count, 2);
        assert_false(o->seed == 4 && strcmp(o->data.embeddings[0], "i.h5:b") == 0);
    }
    zsc_plan_free(&plan);
}

static size_t runs_of(const char *text)
{
    zsc_plan plan = {0};
    write_file(text);
    assert_int_equal(zsc_plan_read(path, ZSC_DESIGN_PRODUCT, &plan), ZSC_OK);
    size_t count = plan.count;
    zsc_plan_free(&plan);
    return count;
}

/* The first values of all settings, and each other value with the first of the others; all else in every combination.
 */
static void test_one_at_a_time(void **state)
{
    (void)state;
    zsc_plan plan = {0};
    static const char settings[] = "embeddings: [a.h5:x, b.h5:x]\nneighbors: [30, 10, 15]\nmin-dist: [0, 0.1]\n"
                                   "subsets:\n  - split: test\n  - split: val\nscale: [none, l2]\nseed: 0-1\n";
    write_file(settings);
    assert_int_equal(zsc_plan_read(path, ZSC_DESIGN_ONE_AT_A_TIME, &plan), ZSC_OK);
    assert_int_equal(plan.count, 2 * 2 * 2 * (1 + 2 + 1 + 1));
    size_t first = 0;
    for (size_t r = 0; r < plan.count; r++) {
        const zsc_run_options *o = &plan.run[r].options;
        size_t varied = (o->umap.n_neighbors != 30) + (o->umap.min_dist != 0) + (o->data.scale != ZSC_SCALE_NONE);
        assert_true(varied <= 1);
        first += varied == 0;
        for (size_t i = 0; i < plan.axes; i++) /* values are found again by the run's number */
            if (strcmp(plan.axis[i].name, "neighbors") == 0)
                assert_int_equal(atoi(plan.axis[i].value.item[zsc_plan_value_of(&plan, r, i)]), o->umap.n_neighbors);
    }
    assert_int_equal(first, 2 * 2 * 2);
    assert_int_equal(plan.inputs, 2 * 2 * 2); /* files, splits and scales */
    zsc_plan_free(&plan);
    assert_int_equal(runs_of("embeddings: a.h5:x\nneighbors: [30, 10]\nmin-dist: [0, 0.1]\ndesign: one_at_a_time\n"),
                     3);
    assert_int_equal(runs_of("embeddings: a.h5:x\nneighbors: [30, 10]\nmin-dist: [0, 0.1]\ndesign: product\n"), 4);
    refuses("embeddings: a.h5:x\ndesign: star\n", ":2: design expects product");
    refuses("embeddings: a.h5:x\ndesign: [product]\n", ":2: design expects product");
}

/* A range leaves out all of its seeds; a seed that is given twice runs once. */
static void test_seeds(void **state)
{
    (void)state;
    assert_int_equal(runs_of("embeddings: a.h5:x\nseed: 0-6\nexclude:\n  - seed: 1-5\n"), 2);
    assert_int_equal(runs_of("embeddings: a.h5:x\nseed: 0-6\nexclude:\n  - seed: 1,3-4\n"), 4);
    assert_int_equal(runs_of("embeddings: a.h5:x\nseed: 0,2,5-6\n"), 4);
    assert_int_equal(runs_of("embeddings: a.h5:x\nseed: [0, 0, 1, 0-2]\n"), 3);
    assert_int_equal(runs_of("embeddings: a.h5:x\nseed: [3, 1, 2, 1]\n"), 3);
    assert_int_equal(runs_of("embeddings: a.h5:x\nepochs: [100, 200]\nexclude:\n  - epochs: 1e2\n"), 1);
    refuses("embeddings: a.h5:x\nexclude:\n  - seed: none\n", ":3: seed expects seeds such as 0");
    refuses("embeddings: a.h5:x\nexclude:\n  - seed: 5-1\n", ":3: seed expects");
    refuses("embeddings: a.h5:x\nseed: 1-\n", ":2: seed expects");
    refuses("embeddings: a.h5:x\nseed: '1,'\n", ":2: seed expects");
    refuses("embeddings: a.h5:x\nseed: 0x10\n", ":2: seed expects");
    refuses("embeddings: a.h5:x\nseed: 18446744073709551616\n", ":2: seed expects");
    refuses("embeddings: a.h5:x\nseed: []\n", ":2: seed has no value");
}

/* One parser: each value means the same on the command line and in a sweep file. */
static void test_values(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        zsc_status status;
    } values[] = {{"epochs", "100", ZSC_OK},          {"epochs", "1e2", ZSC_OK},
                  {"epochs", "1.5", ZSC_EINPUT},      {"epochs", "-1", ZSC_EINPUT},
                  {"epochs", "0x10", ZSC_EINPUT},     {"epochs", " 7", ZSC_EINPUT},
                  {"epochs", "7 ", ZSC_EINPUT},       {"epochs", "1e7", ZSC_EINPUT},
                  {"epochs", "", ZSC_EINPUT},         {"barcode-seed", "1e300", ZSC_EINPUT},
                  {"min-dist", "nan", ZSC_EINPUT},    {"cut-height", "inf", ZSC_EINPUT},
                  {"min-dist", "0x1p-3", ZSC_EINPUT}, {"cut-height", "1e400", ZSC_EINPUT},
                  {"min-dist", "1e-2", ZSC_OK},       {"curve", "yes", ZSC_EINPUT},
                  {"scale", "", ZSC_EINPUT}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        zsc_run_options o = zsc_run_defaults();
        zsc_status status = zsc_setting_parse(zsc_setting_find(values[i].name), values[i].text, &o);
        if (status != values[i].status) fail_msg("%s '%s': status %d", values[i].name, values[i].text, status);
    }
    zsc_run_options o = zsc_run_defaults();
    assert_int_equal(zsc_setting_parse(zsc_setting_find("epochs"), "1e2", &o), ZSC_OK);
    assert_int_equal(o.umap.n_epochs, 100);
}

static void test_documents(void **state)
{
    (void)state;
    refuses("embeddings: a.h5:x\n---\nseed: 1\n", ":2: a second document begins here");
    refuses("---\nembeddings: a.h5:x\n...\n# more\n---\nseed: 1\n", ":5: a second document begins here");
    assert_int_equal(runs_of("---\nembeddings: a.h5:x\n...\n"), 1);
}

static void test_refusals(void **state)
{
    (void)state;
    refuses("embeddings: a.h5:x\nneighbours: 30\n", ":2: there is no key 'neighbours'; did you mean 'neighbors'?");
    refuses("embeddings: a.h5:x\nneighbors: many\n", ":2: neighbors expects a whole number, not 'many'");
    refuses("embeddings: a.h5:x\nscale: z\n", ":2: scale expects one of none|l2|");
    refuses("seed: 1\n", "there is nothing to run");
    refuses("embeddings: a.h5:x\nseed: x\n", ":2: seed expects seeds such as 0");
    refuses("embeddings: a.h5:x\nseed: 1\nseed: 2\n", ":3: key 'seed' stands there twice");
    refuses("embeddings: a.h5:x\nexclude:\n  - seed: 0\n", "runs are excluded");
    refuses("embeddings: [a.h5:x\n", ": not YAML");
    refuses("", "is empty");
    refuses("embeddings: a.h5:x\nsubsets:\n  - dim: 3\n", ":3: dim does not select rows");
    refuses("embeddings: a.h5:x\nseed: 1\nmin-dist: [0, 3]\n", ":3: option min_dist expects");
    refuses("embeddings: a.h5:x\nclusters: 0\n", ":2: clusters is 0");
    refuses("embeddings: {a: b}\n", ":1: embeddings expects FILE:ENCODER");
    refuses("pairs:\n  - a.h5:x\n", ":2: pairs expects two lists");
    refuses("pairs:\n  - [[a.h5:x]]\n  - [b.h5:y]\n", ":2: pairs expects FILE:ENCODER");
    refuses("embeddings: a.h5:x\nwhere: [[order=Diptera]]\n", ":2: where expects text");
    refuses("embeddings: a.h5:x\nsubsets:\n  - splitt: test\n", ":3: there is no key 'splitt'; did you mean 'split'?");
    refuses("embeddings: a.h5:x\nsplit: test\nsubsets:\n  - split: val\n",
            ":4: split is given for this subset and, on line 2,");
    refuses("embeddings: no-such.h5:*\n", ":1: embeddings: ");
    zsc_plan plan = {0};
    assert_int_equal(zsc_plan_read("there/is/no/such.yaml", ZSC_DESIGN_PRODUCT, &plan), ZSC_EINPUT);
}

static void test_example(void **state)
{
    (void)state;
    zsc_plan plan = {0};
    char text[8192];
    /* the example names files that are not there and a pattern; without the pattern it must be a good plan */
    snprintf(text, sizeof text, "%s", zsc_plan_example);
    char *star = strstr(text, "image.h5:* ");
    assert_non_null(star);
    star[9] = 'a';
    write_file(text);
    assert_int_equal(zsc_plan_read(path, ZSC_DESIGN_PRODUCT, &plan), ZSC_OK);
    assert_int_equal(plan.count, 3 * 2 * 2 * 3 - 6);
    zsc_plan_free(&plan);
}

int main(void)
{
    int descriptor = mkstemp(path);
    if (descriptor < 0) return 1;
    close(descriptor);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_product),       cmocka_unit_test(test_pairs_and_exclusions),
        cmocka_unit_test(test_seeds),         cmocka_unit_test(test_values),
        cmocka_unit_test(test_one_at_a_time), cmocka_unit_test(test_documents),
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_example),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
