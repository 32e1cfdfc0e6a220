/* Stages that are kept before they are finished, and resumed: Ward's linkage and the approximate search for neighbours.
 * Stopped whenever they ask whether to go on, and resumed from what was kept last, they have the bytes of those that
 * never stopped, with each search for the nearest cluster, one thread and two; so has what is resumed from any state
 * that was kept on the way. States of other rows are refused, and nonsense in them does no harm.
 *
 * Shapes are those where history could decide: rows that are equally far from each other, exactly or but for rounding
 * (corners of simplices and cubes, thirds of grids), repeated rows, clusters within clusters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../long.h"
#include "base/random.h"
#include "knn/search_state.h"
#include "knn/nn_descent.h"
#include "ward/divide.h"
#include "ward/linkage_state.h"
#include "ward/methods.h"
#include "ward/nearest.h"
#include "zsc/zsc.h"

/* --- Rows */
typedef enum kind { GAUSS, GRID, CUBE, SIMPLEX, SIMPLICES, REPEATED, NESTED, THIRDS, KINDS } kind;
static const char *const kind_name[KINDS] = {"gauss",     "integer grid",  "corners of a cube", "simplex",
                                             "simplices", "repeated rows", "nested blobs",      "thirds, far from 0"};

static double value(kind k, zsc_stream *r, size_t i, size_t j, size_t d, uint64_t salt)
{
    zsc_stream centre = zsc_stream_open(salt, ZSC_RANDOM_TEST, 1000 + 7 * (i % 23) + 100000 * j);
    const size_t corner = i % 3 == 2 ? (i + 1) % d : i % d; /* some corners are taken twice */
    switch (k) {
    case GRID: return (double)zsc_stream_below(r, 4);
    case CUBE: return (double)zsc_stream_below(r, 2);
    case SIMPLEX: return i % d == j;
    case SIMPLICES: return (corner == j) + (j == 0 ? 3 * (double)(i / d % 2) : 0);
    case REPEATED: return zsc_stream_normal(&centre);
    case NESTED:
        return 300 * (double)(i % 3) * (double)(j == 0) + 3 * zsc_stream_normal(&centre) + 1e-4 * zsc_stream_normal(r);
    case THIRDS: return 1000.0 / 3 + (double)zsc_stream_below(r, 3) / 3;
    default: return zsc_stream_normal(r);
    }
}

static float *make_rows(kind k, size_t n, size_t d, uint64_t salt)
{
    float *x = malloc(n * d * sizeof *x);
    assert_non_null(x);
    zsc_stream r = zsc_stream_open(salt, ZSC_RANDOM_TEST, 0);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++) x[i * d + j] = (float)value(k, &r, i, j, d, salt);
    return x;
}

/* --- Stopping */
typedef struct stopper {
    size_t asked, stop_at; /* 0: never */
    double from;           /* questions before this share of the stage are not counted */
} stopper;

static bool asked(void *data, const char *stage, double done, double total)
{
    stopper *s = data;
    (void)stage;
    return done < s->from * total || ++s->asked != s->stop_at;
}

/* --- Ward */
enum { MOST_KEPT = 400 };
typedef struct ward_store {
    bool always, find; /* keep before each round; find the last one that was kept */
    size_t count;
    zsc_ward_state kept[MOST_KEPT]; /* all of them; of more, the last is replaced */
} ward_store;

static zsc_ward_state copy_state(const zsc_ward_state *s)
{
    zsc_ward_state copy = *s;
    copy.pair = malloc((2 * s->merges + 1) * sizeof *copy.pair);
    copy.nearest = malloc((s->live + 1) * sizeof *copy.nearest);
    assert_true(copy.pair && copy.nearest);
    if (s->merges) memcpy(copy.pair, s->pair, 2 * s->merges * sizeof *copy.pair);
    memcpy(copy.nearest, s->nearest, s->live * sizeof *copy.nearest);
    return copy;
}

static zsc_status find_state(void *owner, zsc_ward_state *out)
{
    const ward_store *w = owner;
    if (w->find && w->count) *out = copy_state(&w->kept[w->count - 1]);
    return ZSC_OK;
}

static bool state_due(void *owner) { return ((const ward_store *)owner)->always; }

static zsc_status keep_state(void *owner, const zsc_ward_state *state)
{
    ward_store *w = owner;
    if (w->count == MOST_KEPT) zsc_ward_state_free(&w->kept[--w->count]);
    w->kept[w->count++] = copy_state(state);
    return ZSC_OK;
}

static void forget(ward_store *w)
{
    for (size_t i = 0; i < w->count; i++) zsc_ward_state_free(&w->kept[i]);
    *w = (ward_store){0};
}

typedef struct linkage_case {
    const char *kind;
    const float *x;
    size_t n, d;
    int threads, search;
    double *plain, *z;
} linkage_case;

static zsc_status link_kept(const linkage_case *c, ward_store *store, size_t stop_at)
{
    stopper stop = {.stop_at = stop_at};
    const zsc_exec exec = {.threads = c->threads, .progress = asked, .progress_data = &stop};
    const zsc_ward_keeper keeper = {find_state, state_due, keep_state, store};
    return zsc_linkage_kept(c->x, NULL, c->n, c->d, ZSC_WARD, ZSC_EUCLIDEAN, &keeper, &exec, c->z, NULL);
}

static void expect_plain(const linkage_case *c, const char *what, size_t at)
{
    if (memcmp(c->z, c->plain, 4 * (c->n - 1) * sizeof *c->z) != 0)
        fail_msg("%s, %zu x %zu, %d threads, search %d: other bytes, %s %zu", c->kind, c->n, c->d, c->threads,
                 c->search, what, at);
}

/* Stops at each STEP-th question, resumes, stops again after as many. */
static void stop_often(linkage_case *c, size_t step)
{
    ward_store store = {.find = true};
    size_t stops = 0;
    zsc_status status;
    while ((status = link_kept(c, &store, step + stops % 3)) == ZSC_EINTERRUPTED)
        if (++stops > 4000) fail_msg("%s: resumed %zu times, and is not finished", c->kind, stops);
    if (status != ZSC_OK) fail_msg("%s: %s", c->kind, zsc_error_message());
    expect_plain(c, "stops:", stops);
    forget(&store);
}

/* Resumes from every state there was. */
static void resume_each(linkage_case *c)
{
    ward_store all = {.always = true};
    assert_int_equal(link_kept(c, &all, 0), ZSC_OK);
    expect_plain(c, "kept", all.count);
    assert_true(all.count > 1);
    for (size_t i = 0; i < all.count; i++) {
        ward_store one = {.find = true, .count = 1, .kept = {copy_state(&all.kept[i])}};
        assert_int_equal(link_kept(c, &one, 0), ZSC_OK);
        expect_plain(c, "from state", i);
        forget(&one);
    }
    forget(&all);
}

/* Stops at each STEP-th question, and TIMES multiples of it. */
static void check_linkage(kind k, size_t n, size_t d, uint64_t salt, size_t step, size_t times)
{
    float *x = make_rows(k, n, d, salt);
    double *plain = malloc(4 * n * sizeof *plain), *z = malloc(4 * n * sizeof *z);
    assert_true(plain && z);
    zsc_ward_search_force(ZSC_WARD_SEARCH_AUTO);
    const size_t sleep = salt % 2 ? 10 : 0; /* heavy clusters sleep also where there are few rows */
    zsc_ward_sleep_force(sleep);
    assert_int_equal(zsc_linkage(x, n, d, ZSC_WARD, &(zsc_exec){.threads = 1}, plain, NULL), ZSC_OK);
    for (int search = ZSC_WARD_SEARCH_TREE; search <= ZSC_WARD_SEARCH_GEMM; search++)
        for (int threads = 1; threads <= 2; threads++) {
            linkage_case c = {kind_name[k], x, n, d, threads, search, plain, z};
            zsc_ward_search_force((zsc_ward_search_kind)search);
            zsc_ward_divide_force(n < 1000 ? 3 : 0);
            zsc_ward_sleep_force(sleep);
            for (size_t at = step; at <= times * step; at += step) stop_often(&c, at);
            if (n < 1000) resume_each(&c);
            zsc_ward_sleep_force(0);
        }
    zsc_ward_search_force(ZSC_WARD_SEARCH_AUTO);
    zsc_ward_divide_force(0);
    free(x);
    free(plain);
    free(z);
}

static void linkages_resume(void **state)
{
    (void)state;
    size_t cases = check_cases(3);
    for (size_t i = 0; i < cases; i++)
        for (int k = 0; k < KINDS; k++)
            check_linkage((kind)k, 40 + 37 * i, k == SIMPLEX || k == SIMPLICES ? 30 : 2 + i % 5, 17 * i + (size_t)k, 2,
                          4);
}

/* So many rows that a search is stopped in its midst. */
static void searches_resume(void **state)
{
    (void)state;
    check_linkage(GAUSS, 4000 / check_number("ZSC_CHECK_PART") + 1000, 40, 3, 20, 1);
}

static void expect_refused(const linkage_case *c, const zsc_ward_state *state)
{
    ward_store one = {.find = true, .count = 1, .kept = {copy_state(state)}};
    assert_int_equal(link_kept(c, &one, 0), ZSC_EINPUT);
    forget(&one);
}

static void other_states_are_refused(void **state)
{
    (void)state;
    enum { N = 120, D = 3 };
    float *x = make_rows(GRID, N, D, 9);
    double z[4 * N];
    linkage_case c = {"integer grid", x, N, D, 1, ZSC_WARD_SEARCH_AUTO, z, z};
    ward_store all = {.always = true};
    assert_int_equal(link_kept(&c, &all, 0), ZSC_OK);
    assert_true(all.count > 3);
    zsc_ward_state s = all.kept[2];
    assert_true(s.merges > 2 && s.live > 2);
    const zsc_ward_state whole = copy_state(&s);
#define WITH(change)                                                                                                   \
    do {                                                                                                               \
        zsc_ward_state other = copy_state(&whole);                                                                     \
        change;                                                                                                        \
        expect_refused(&c, &other);                                                                                    \
        zsc_ward_state_free(&other);                                                                                   \
    } while (0)
    WITH(other.merges--);
    WITH(other.live--);
    WITH(other.pair[0] = N);
    WITH(other.pair[1] = -1);
    WITH(other.pair[1] = other.pair[0]);
    WITH(other.pair[2] = other.pair[1]); /* merged away before */
    WITH(other.nearest[0] = 0);          /* its own */
    WITH(other.nearest[0] = N);
    WITH(other.nearest[0] = INT32_MIN);
    WITH(for (size_t i = 0; i < other.live; i++) other.nearest[i] = i == 0); /* nothing to find, nothing merges */
#undef WITH
    /* whatever is in them, there is an answer */
    zsc_stream r = zsc_stream_open(5, ZSC_RANDOM_TEST, 0);
    for (size_t trial = 0; trial < check_cases(300); trial++) {
        ward_store one = {.find = true, .count = 1, .kept = {copy_state(&whole)}};
        for (size_t change = 0; change < 1 + trial % 4; change++) {
            const int32_t to = (int32_t)zsc_stream_below(&r, 2 * N) - N;
            if (trial % 2)
                one.kept[0].nearest[zsc_stream_below(&r, whole.live)] = to;
            else
                one.kept[0].pair[zsc_stream_below(&r, 2 * whole.merges)] = to;
        }
        const zsc_status status = link_kept(&c, &one, 0);
        assert_true(status == ZSC_OK || status == ZSC_EINPUT);
        forget(&one);
    }
    zsc_ward_state none = whole;
    zsc_ward_state_free(&none);
    forget(&all);
    free(x);
}

/* --- Neighbours */
typedef struct lists {
    bool always;
    size_t at, count; /* which is found, of those that were kept; at >= count: none */
    zsc_knn_state kept[16];
} lists;

static zsc_knn_state copy_lists(const zsc_knn_state *s)
{
    zsc_knn_state copy = *s;
    size_t entries = s->n * s->k;
    copy.index = malloc(entries * sizeof *copy.index);
    copy.distance = malloc(entries * sizeof *copy.distance);
    copy.new = malloc(entries);
    assert_true(copy.index && copy.distance && copy.new);
    memcpy(copy.index, s->index, entries * sizeof *copy.index);
    memcpy(copy.distance, s->distance, entries * sizeof *copy.distance);
    memcpy(copy.new, s->new, entries);
    return copy;
}

static void free_lists(lists *l)
{
    for (size_t i = 0; i < l->count; i++) {
        free(l->kept[i].index);
        free(l->kept[i].distance);
        free(l->kept[i].new);
    }
    l->count = 0;
}

static zsc_status find_lists(void *owner, zsc_knn_state *state, bool *found)
{
    const lists *l = owner;
    if (l->at >= l->count) return ZSC_OK;
    const zsc_knn_state *s = &l->kept[l->at];
    assert_true(s->n == state->n && s->k == state->k);
    memcpy(state->index, s->index, s->n * s->k * sizeof *s->index);
    memcpy(state->distance, s->distance, s->n * s->k * sizeof *s->distance);
    memcpy(state->new, s->new, s->n * s->k);
    state->round = s->round;
    state->improved = s->improved;
    *found = true;
    return ZSC_OK;
}

static bool lists_due(void *owner) { return ((const lists *)owner)->always; }

static zsc_status keep_lists(void *owner, const zsc_knn_state *state)
{
    lists *l = owner;
    assert_true(l->count < 16);
    l->kept[l->count++] = copy_lists(state);
    return ZSC_OK;
}

typedef struct search_case {
    const zsc_knn_rows *rows;
    int threads;
    int32_t *index, *plain_index;
    float *distance, *plain_distance;
} search_case;
enum { K = 12 };

static zsc_status search_kept(const search_case *c, lists *l, size_t stop_at)
{
    stopper stop = {.stop_at = stop_at, .from = 0.55}; /* in the rounds */
    const zsc_exec exec = {.threads = c->threads, .progress = asked, .progress_data = &stop};
    const zsc_knn_keeper keeper = {find_lists, lists_due, keep_lists, l};
    bool exact = true;
    zsc_status status = zsc_nn_descent_search(c->rows, K, 2, 7, &keeper, &exec, c->index, c->distance, &exact);
    assert_true(status != ZSC_OK || !exact);
    return status;
}

static void expect_neighbours(const search_case *c, const char *what, size_t at)
{
    const size_t entries = c->rows->count * K;
    if (memcmp(c->index, c->plain_index, entries * sizeof *c->index) != 0 ||
        memcmp(c->distance, c->plain_distance, entries * sizeof *c->distance) != 0)
        fail_msg("%d threads: other neighbours, %s %zu", c->threads, what, at);
}

static void check_search(const zsc_knn_rows *rows)
{
    const size_t entries = rows->count * K;
    int32_t *index = malloc(2 * entries * sizeof *index);
    float *distance = malloc(2 * entries * sizeof *distance);
    bool exact = true;
    assert_true(index && distance);
    search_case c = {rows, 1, index, index + entries, distance, distance + entries};
    assert_int_equal(zsc_nn_descent_search(rows, K, 2, 7, NULL, NULL, c.plain_index, c.plain_distance, &exact), ZSC_OK);
    assert_false(exact);
    for (c.threads = 1; c.threads <= 2; c.threads++) {
        lists all = {.always = true, .at = 16}, one = {.at = 0}, stopped = {.at = 16};
        assert_int_equal(search_kept(&c, &all, 0), ZSC_OK);
        expect_neighbours(&c, "kept", all.count);
        assert_in_range(all.count, 3, 6);
        for (size_t i = 0; i < all.count; i++) {
            one.kept[0] = all.kept[i];
            one.count = 1;
            assert_int_equal(search_kept(&c, &one, 0), ZSC_OK);
            expect_neighbours(&c, "from state", i);
        }
        /* stopped at the first questions: how many there are, and which of them are within rounds, is a matter of time
         */
        for (size_t stop = 1; stop <= 8; stop++) {
            if (search_kept(&c, &stopped, stop) != ZSC_EINTERRUPTED || !stopped.count) continue;
            stopped.at = 0;
            assert_int_equal(search_kept(&c, &stopped, 0), ZSC_OK);
            expect_neighbours(&c, "stopped at question", stop);
            free_lists(&stopped);
            stopped.at = 16;
        }
        free_lists(&all);
    }
    /* of other rows */
    lists all = {.always = true, .at = 16};
    c.threads = 1;
    assert_int_equal(search_kept(&c, &all, 0), ZSC_OK);
    all.kept[1].index[entries / 2] = (int32_t)rows->count;
    all.at = 1;
    assert_int_equal(search_kept(&c, &all, 0), ZSC_EINPUT);
    free_lists(&all);
    free(index);
    free(distance);
}

static void neighbours_resume(void **state)
{
    (void)state;
    enum { N = 3000, WIDE = 96, FEW = 7 };
    static const struct {
        kind k;
        size_t d;
        zsc_metric metric;
    } one[] = {{GAUSS, WIDE, ZSC_EUCLIDEAN}, {NESTED, WIDE, ZSC_COSINE}, {GAUSS, FEW, ZSC_MANHATTAN}};
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        float *x = make_rows(one[i].k, N, one[i].d, i);
        zsc_knn_rows rows = {0};
        assert_int_equal(zsc_knn_rows_make(x, one[i].d, NULL, N, one[i].metric, NULL, &rows), ZSC_OK);
        check_search(&rows);
        zsc_knn_rows_free(&rows);
        free(x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linkages_resume),
        cmocka_unit_test(searches_resume),
        cmocka_unit_test(other_states_are_refused),
        cmocka_unit_test(neighbours_resume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
