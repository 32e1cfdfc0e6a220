/* The linear probe against plain code in double: weights, losses and accuracies of gradient descent on random and
 * awkward shapes; L-BFGS by the gradient of the plain objective, which is 0 at the only optimum. Neither threads
 * nor instruction sets change a byte.
 *
 * ZSC_CHECK_LONG=100 runs 100 times as many cases; ZSC_CHECK_CASE=17 runs case 17 alone. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../long.h"
#include "base/isa.h"
#include "base/random.h"
#include "zsc/zsc.h"

enum { CASES = 60, MOST = 300 };

/* --- Rows */
typedef struct problem {
    size_t n, d, classes, held;
    float *x, *held_x;
    int32_t *label, *held_label;
    zsc_probe_options options;
} problem;

static float draw(zsc_stream *r, size_t number, int32_t label, size_t j)
{
    zsc_stream centre = zsc_stream_open(number, ZSC_RANDOM_TEST, (uint64_t)(label + 2) * 1000 + j);
    if (number % 4 == 1 && j == 0) return 3;                                  /* a constant column */
    if (number % 4 == 2) return (float)(50 + 5 * zsc_stream_normal(&centre)); /* rows of a class are equal */
    return (float)(zsc_stream_normal(&centre) + zsc_stream_normal(r) * (number % 4 == 3 ? 100 : 2));
}

static void fill(zsc_stream *r, size_t number, size_t n, const problem *p, float **x, int32_t **label)
{
    *x = calloc(n * p->d + 1, sizeof **x);
    *label = calloc(n + 1, sizeof **label);
    assert_non_null(*x);
    assert_non_null(*label);
    for (size_t i = 0; i < n; i++) {
        (*label)[i] = (int32_t)zsc_stream_below(r, p->classes + (number % 3 == 0)); /* one class less than there are */
        if (number % 5 == 0 && i % 7 == 3) (*label)[i] = -1;
        if ((size_t)(*label)[i] == p->classes) (*label)[i] = 0;
        for (size_t j = 0; j < p->d; j++) (*x)[i * p->d + j] = draw(r, number, (*label)[i], j);
    }
}

static void make_problem(size_t number, problem *p)
{
    zsc_stream r = zsc_stream_open(11, ZSC_RANDOM_TEST, number);
    memset(p, 0, sizeof *p);
    p->n = 2 + (size_t)zsc_stream_below(&r, MOST);
    p->d = 1 + (size_t)zsc_stream_below(&r, number % 2 ? 60 : 5);
    p->classes = 2 + (size_t)zsc_stream_below(&r, number % 3 ? 6 : 90);
    p->held = number % 2 ? 1 + (size_t)zsc_stream_below(&r, 90) : 0;
    fill(&r, number, p->n, p, &p->x, &p->label);
    fill(&r, number, p->held, p, &p->held_x, &p->held_label);
    p->label[0] = 0; /* at least one row has a label */
    p->options = zsc_probe_defaults(ZSC_PROBE_SGD);
    p->options.epochs = 1 + (size_t)zsc_stream_below(&r, 12);
    p->options.batch_size = 1 + (size_t)zsc_stream_below(&r, number % 2 ? 400 : 40);
    p->options.learning_rate = number % 4 == 1 ? .1 : .01;
    p->options.weight_decay = number % 3 ? 1e-5 : .05;
    p->options.seed = number;
    p->options.patience = 1 + number % 4;
}

static void free_problem(problem *p)
{
    free(p->x);
    free(p->held_x);
    free(p->label);
    free(p->held_label);
}

/* --- Plain code */
static void scale_of(const problem *p, double *mean, double *deviation)
{
    double sum = 0, squares = 0, count = 0;
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < p->d && p->label[i] >= 0; j++) sum += (double)p->x[i * p->d + j], count++;
    *mean = sum / count;
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < p->d && p->label[i] >= 0; j++) squares += pow((double)p->x[i * p->d + j] - *mean, 2);
    *deviation = sqrt(squares / count);
}

/* The loss of a row; adds its gradient to G unless that is NULL. *found: the largest logit. */
static double plain_row(const problem *p, const float *x, int32_t label, const double scale[2], const double *w,
                        double *g, int32_t *found)
{
    double z[100], most = -INFINITY, sum = 0;
    size_t width = p->d + 1;
    for (size_t c = 0; c < p->classes; c++) {
        z[c] = w[c * width + p->d];
        for (size_t j = 0; j < p->d; j++) z[c] += w[c * width + j] * ((double)x[j] - scale[0]) / scale[1];
        if (z[c] > most) most = z[c], *found = (int32_t)c;
    }
    for (size_t c = 0; c < p->classes; c++) sum += exp(z[c] - most);
    for (size_t c = 0; g && c < p->classes; c++) {
        double gap = exp(z[c] - most) / sum - ((int32_t)c == label);
        for (size_t j = 0; j < p->d; j++) g[c * width + j] += gap * ((double)x[j] - scale[0]) / scale[1];
        g[c * width + p->d] += gap;
    }
    return log(sum) + most - z[label];
}

typedef struct plain {
    double *w, *v, *g, scale[2];
    double loss[32], accuracy[32];
    int32_t order[MOST + 2];
    size_t count;
} plain;

static void plain_epoch(const problem *p, plain *o, size_t epoch)
{
    size_t weights = p->classes * (p->d + 1);
    int32_t found;
    zsc_stream stream = zsc_stream_open(p->options.seed, ZSC_RANDOM_PROBE, epoch);
    for (size_t i = o->count; i > 1; i--) {
        size_t j = (size_t)zsc_stream_below(&stream, i);
        int32_t row = o->order[i - 1];
        o->order[i - 1] = o->order[j];
        o->order[j] = row;
    }
    o->loss[epoch] = 0;
    for (size_t first = 0; first < o->count; first += p->options.batch_size) {
        size_t rows = o->count - first < p->options.batch_size ? o->count - first : p->options.batch_size;
        memset(o->g, 0, weights * sizeof *o->g);
        for (size_t i = first; i < first + rows; i++) {
            size_t row = (size_t)o->order[i];
            o->loss[epoch] += plain_row(p, p->x + row * p->d, p->label[row], o->scale, o->w, o->g, &found);
        }
        for (size_t k = 0; k < weights; k++) {
            o->v[k] = p->options.momentum * o->v[k] + o->g[k] / (double)rows + p->options.weight_decay * o->w[k];
            o->w[k] -= p->options.learning_rate * o->v[k];
        }
    }
    o->loss[epoch] /= (double)o->count;
}

static double plain_accuracy(const problem *p, const plain *o, double *margin_of_all)
{
    double right = 0, count = 0;
    for (size_t i = 0; i < p->held; i++) {
        int32_t found = 0;
        if (p->held_label[i] < 0) continue;
        plain_row(p, p->held_x + i * p->d, p->held_label[i], o->scale, o->w, NULL, &found);
        right += found == p->held_label[i];
        count++;
    }
    *margin_of_all = count;
    return right / count;
}

static double plain_loss(const problem *p, const plain *o)
{
    double sum = 0, count = 0;
    int32_t found;
    for (size_t i = 0; i < p->held; i++) {
        if (p->held_label[i] < 0) continue;
        sum += plain_row(p, p->held_x + i * p->d, p->held_label[i], o->scale, o->w, NULL, &found);
        count++;
    }
    return sum / count;
}

static void make_plain(const problem *p, plain *o)
{
    size_t weights = p->classes * (p->d + 1);
    memset(o, 0, sizeof *o);
    o->w = calloc(weights, sizeof *o->w);
    o->v = calloc(weights, sizeof *o->v);
    o->g = calloc(weights, sizeof *o->g);
    assert_non_null(o->w);
    assert_non_null(o->v);
    assert_non_null(o->g);
    scale_of(p, &o->scale[0], &o->scale[1]);
    for (size_t i = 0; i < p->n; i++)
        if (p->label[i] >= 0) o->order[o->count++] = (int32_t)i;
}

static void free_plain(plain *o)
{
    free(o->w);
    free(o->v);
    free(o->g);
}

static double largest_gap(const float *a, const double *b, size_t count)
{
    double most = 0, size = 1e-3;
    for (size_t k = 0; k < count; k++) {
        most = fmax(most, fabs((double)a[k] - b[k]));
        size = fmax(size, fabs(b[k]));
    }
    return most / size;
}

/* --- Tests */
static zsc_status fit(const problem *p, bool held, const zsc_exec *exec, zsc_probe *out)
{
    const zsc_probe_rows rows = {.x = p->x, .n = p->n, .label = p->label},
                         held_out = {.x = p->held_x, .n = p->held, .label = p->held_label};
    return zsc_probe_fit(&rows, p->d, p->classes, held && p->held ? &held_out : NULL, &p->options, exec, out);
}

static bool same_bytes(const zsc_probe *a, const zsc_probe *b)
{
    return a->steps == b->steps && a->best_epoch == b->best_epoch &&
           memcmp(a->weight, b->weight, a->classes * (a->d + 1) * sizeof *a->weight) == 0 &&
           memcmp(a->loss, b->loss, a->steps * sizeof *a->loss) == 0;
}

static void check_threads(const problem *p, bool held, const zsc_probe *one)
{
    for (int threads = 2; threads <= 3; threads++) {
        zsc_exec exec = {.threads = threads};
        zsc_probe other;
        assert_int_equal(fit(p, held, &exec, &other), ZSC_OK);
        assert_true(same_bytes(one, &other));
        zsc_probe_free(&other);
    }
}

/* Of data whose rows of one class are equal, the deviation may be 0. */
static bool is_fit(const problem *p, bool held, zsc_probe *out)
{
    const zsc_exec one = {.threads = 1};
    double mean, deviation;
    scale_of(p, &mean, &deviation);
    zsc_status status = fit(p, held, &one, out);
    assert_int_equal(status, deviation > 1e-12 * fabs(mean) ? ZSC_OK : ZSC_ENUMERIC);
    return status == ZSC_OK;
}

static void check_sgd(size_t number)
{
    problem p;
    plain o;
    zsc_probe probe;
    make_problem(number, &p);
    size_t weights = p.classes * (p.d + 1);
    if (is_fit(&p, false, &probe)) {
        make_plain(&p, &o);
        for (size_t e = 0; e < p.options.epochs; e++) plain_epoch(&p, &o, e);
        double gap = largest_gap(probe.weight, o.w, weights);
        if (gap > 1e-4) print_error("case %zu: weights differ by %g of the largest\n", number, gap);
        assert_true(gap <= 1e-4); /* single precision, some hundred steps */
        assert_int_equal(probe.rows, o.count);
        assert_int_equal(probe.epochs, p.options.epochs);
        assert_float_equal(probe.mean, o.scale[0], 1e-9 * (1 + fabs(o.scale[0])));
        assert_float_equal(probe.deviation, o.scale[1], 1e-9 * o.scale[1]);
        for (size_t e = 0; e < p.options.epochs; e++)
            assert_float_equal(probe.loss[e], o.loss[e], 1e-4 * fabs(o.loss[e]) + 1e-6);
        check_threads(&p, false, &probe);
        free_plain(&o);
        zsc_probe_free(&probe);
    }
    free_problem(&p);
}

/* Early stopping: accuracies are those of the plain weights, the weights kept are those of a fit of so many epochs. */
static void check_held_out(size_t number)
{
    problem p;
    plain o;
    zsc_probe probe, again;
    make_problem(number, &p);
    p.options.epochs = 12;
    if (p.held && is_fit(&p, true, &probe) && probe.held_out > 0) {
        double count = 0;
        size_t best = 0;
        make_plain(&p, &o);
        for (size_t e = 0; e < probe.steps; e++) {
            plain_epoch(&p, &o, e);
            double gap = fabs(probe.held_out_accuracy[e] - plain_accuracy(&p, &o, &count));
            assert_true(gap <= 2.5 / count); /* a near tie may fall to either side */
            if (probe.held_out_loss[e] < probe.held_out_loss[best]) best = e;
            double loss = plain_loss(&p, &o);
            assert_float_equal(probe.held_out_loss[e], loss, 1e-4 * loss + 1e-6);
        }
        assert_int_equal(probe.held_out, count);
        assert_int_equal(probe.best_epoch, best + 1);
        assert_int_equal(probe.stopped, probe.steps - probe.best_epoch >= p.options.patience);
        assert_int_equal(probe.steps, probe.stopped ? probe.best_epoch + p.options.patience : 12);
        check_threads(&p, true, &probe);
        p.options.epochs = probe.best_epoch;
        assert_int_equal(fit(&p, false, NULL, &again), ZSC_OK);
        assert_memory_equal(again.weight, probe.weight, p.classes * (p.d + 1) * sizeof(float));
        zsc_probe_free(&again);
        zsc_probe_free(&probe);
        free_plain(&o);
    }
    free_problem(&p);
}

typedef struct reading {
    const problem *p;
    size_t next, passes; /* the row that has to come next */
} reading;

static zsc_status read_rows(void *data, size_t first, size_t count, float *x)
{
    reading *r = data;
    if (first == 0) r->next = 0;
    assert_true(first == r->next && count > 0 && count <= ZSC_PROBE_BLOCK_ROWS && first + count <= r->p->n);
    memcpy(x, r->p->x + first * r->p->d, count * r->p->d * sizeof *x);
    r->next = first + count;
    r->passes += r->next == r->p->n;
    return ZSC_OK;
}

/* Rows that are read, in order and all of them in each pass, give the bytes of rows in memory. */
static void check_rows_that_are_read(const problem *p, const zsc_probe *wanted)
{
    reading r = {.p = p};
    const zsc_probe_rows rows = {.n = p->n, .label = p->label, .read = read_rows, .data = &r};
    zsc_probe_options sgd = zsc_probe_defaults(ZSC_PROBE_SGD);
    zsc_probe probe;
    assert_int_equal(zsc_probe_fit(&rows, p->d, p->classes, NULL, &p->options, NULL, &probe), ZSC_OK);
    assert_true(same_bytes(wanted, &probe) && wanted->mean == probe.mean && wanted->deviation == probe.deviation);
    assert_true(p->classes == 1 || (r.next == p->n && r.passes == probe.epochs + 2)); /* mean, deviation */
    zsc_probe_free(&probe);
    assert_int_equal(zsc_probe_fit(&rows, p->d, p->classes, NULL, &sgd, NULL, &probe), ZSC_EUSAGE);
}

static void check_lbfgs(size_t number)
{
    problem p;
    plain o;
    zsc_probe probe;
    int32_t found;
    make_problem(number, &p);
    double decay = number % 2 ? 1e-2 : 1e-4;
    p.options = zsc_probe_defaults(ZSC_PROBE_LBFGS);
    p.options.weight_decay = decay;
    size_t weights = p.classes * (p.d + 1);
    if (is_fit(&p, false, &probe)) {
        double most = 0;
        make_plain(&p, &o);
        for (size_t k = 0; k < weights; k++) o.w[k] = (double)probe.weight[k];
        for (size_t i = 0; i < o.count; i++) {
            size_t row = (size_t)o.order[i];
            plain_row(&p, p.x + row * p.d, p.label[row], o.scale, o.w, o.g, &found);
        }
        for (size_t k = 0; k < weights; k++) most = fmax(most, fabs(o.g[k] / (double)o.count + decay * o.w[k]));
        if (!probe.converged || most > 1.2e-5)
            print_error("case %zu: gradient %g (said: %g) after %zu passes\n", number, most, probe.gradient,
                        probe.epochs);
        assert_true(probe.converged);
        assert_true(most <= 1.2e-5); /* tolerance and rounding */
        for (size_t s = 1; s < probe.steps; s++) assert_true(isfinite(probe.loss[s]));
        check_threads(&p, false, &probe);
        check_rows_that_are_read(&p, &probe);
        free_plain(&o);
        zsc_probe_free(&probe);
    }
    free_problem(&p);
}

static void for_cases(void (*check)(size_t))
{
    const char *alone = getenv("ZSC_CHECK_CASE");
    if (alone) {
        check((size_t)strtoul(alone, NULL, 10));
        return;
    }
    const size_t cases = check_cases(CASES);
    for (size_t number = 0; number < cases; number++) check(number);
}

static void gradient_descent_is_that_of_plain_code(void **state)
{
    (void)state;
    for_cases(check_sgd);
}

static void the_best_epoch_on_held_out_rows_is_kept(void **state)
{
    (void)state;
    for_cases(check_held_out);
}

static void lbfgs_ends_where_the_gradient_is_zero(void **state)
{
    (void)state;
    for_cases(check_lbfgs);
}

static void threads_share_large_batches_without_changing_a_byte(void **state)
{
    (void)state;
    zsc_stream r = zsc_stream_open(12, ZSC_RANDOM_TEST, 0);
    problem p = {.n = 700, .d = 130, .classes = 300};
    fill(&r, 1, p.n, &p, &p.x, &p.label);
    for (int solver = ZSC_PROBE_SGD; solver <= ZSC_PROBE_LBFGS; solver++) {
        zsc_probe probe;
        p.options = zsc_probe_defaults((zsc_probe_solver)solver);
        p.options.epochs = 4;
        assert_true(is_fit(&p, false, &probe));
        check_threads(&p, false, &probe);
        zsc_probe_free(&probe);
    }
    free_problem(&p);
}

static void instruction_sets_give_the_same_bytes(void **state)
{
    (void)state;
    const size_t classes[] = {2, 7, 47, 48, 150, 300}, d[] = {1, 15, 33, 48, 100, 257}; /* edges of panels */
    const zsc_isa best = zsc_isa_active();
    for (size_t number = 0; number < 12; number += check_number("ZSC_CHECK_PART")) {
        zsc_stream r = zsc_stream_open(13, ZSC_RANDOM_TEST, number);
        problem p = {.n = 350, .d = d[number / 2], .classes = classes[number % 6]};
        zsc_probe first, probe;
        fill(&r, 7, p.n, &p, &p.x, &p.label);
        p.options = zsc_probe_defaults(number % 2 ? ZSC_PROBE_LBFGS : ZSC_PROBE_SGD);
        p.options.epochs = 3;
        p.options.batch_size = 131;
        zsc_isa_force(ZSC_ISA_PLAIN);
        assert_int_equal(fit(&p, false, NULL, &first), ZSC_OK);
        for (int isa = ZSC_ISA_PLAIN + 1; isa <= (int)best; isa++) {
            zsc_isa_force((zsc_isa)isa);
            assert_int_equal(fit(&p, false, NULL, &probe), ZSC_OK);
            assert_int_equal(probe.steps, first.steps);
            assert_memory_equal(probe.loss, first.loss, first.steps * sizeof *first.loss);
            assert_memory_equal(probe.weight, first.weight, p.classes * (p.d + 1) * sizeof *first.weight);
            zsc_probe_free(&probe);
        }
        zsc_isa_force(best);
        zsc_probe_free(&first);
        free_problem(&p);
    }
}

static void predictions_are_the_largest_logits(void **state)
{
    (void)state;
    problem p;
    plain o;
    zsc_probe probe;
    int32_t label[MOST + 2], found = 0;
    make_problem(8, &p);
    assert_int_equal(fit(&p, false, NULL, &probe), ZSC_OK);
    make_plain(&p, &o);
    for (size_t k = 0; k < p.classes * (p.d + 1); k++) o.w[k] = (double)probe.weight[k];
    assert_int_equal(zsc_probe_predict(&probe, p.x, p.n, NULL, label), ZSC_OK);
    for (size_t i = 0; i < p.n; i++) {
        plain_row(&p, p.x + i * p.d, 0, o.scale, o.w, NULL, &found);
        assert_int_equal(label[i], found);
    }
    assert_int_equal(zsc_probe_predict(&probe, p.x, 0, NULL, label), ZSC_OK);
    p.x[3] = NAN;
    assert_int_equal(zsc_probe_predict(&probe, p.x, p.n, NULL, label), ZSC_ENUMERIC);
    zsc_probe_free(&probe);
    free_plain(&o);
    free_problem(&p);
}

/* --- Awkward input */
static void one_class_needs_no_fit(void **state)
{
    (void)state;
    const float x[] = {1, 1, 1, 1};
    const int32_t label[] = {0, -1};
    const zsc_probe_rows rows = {.x = x, .n = 2, .label = label};
    int32_t found[2] = {7, 7};
    zsc_probe probe;
    for (int solver = ZSC_PROBE_SGD; solver <= ZSC_PROBE_LBFGS; solver++) {
        const zsc_probe_options options = zsc_probe_defaults((zsc_probe_solver)solver);
        assert_int_equal(zsc_probe_fit(&rows, 2, 1, NULL, &options, NULL, &probe), ZSC_OK);
        assert_int_equal(probe.epochs, 0);
        assert_int_equal(probe.rows, 1);
        assert_int_equal(zsc_probe_predict(&probe, x, 2, NULL, found), ZSC_OK);
        assert_int_equal(found[0], 0);
        assert_int_equal(found[1], 0);
        zsc_probe_free(&probe);
    }
}

static bool stop(void *data, const char *stage, double done, double total)
{
    (void)data, (void)stage;
    return done < total / 3;
}

static void expect(const problem *p, const zsc_exec *exec, zsc_status status, const char *words)
{
    zsc_probe probe = {.classes = 77};
    assert_int_equal(fit(p, true, exec, &probe), status);
    if (!strstr(zsc_error_message(), words)) print_error("%s\n", zsc_error_message());
    assert_non_null(strstr(zsc_error_message(), words));
    assert_int_equal(probe.classes, 77); /* set on success only */
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    problem p;
    make_problem(9, &p);
    const problem good = p;
    const zsc_exec interrupted = {.progress = stop}, small = {.memory_limit = 1000};
    expect(&p, &interrupted, ZSC_EINTERRUPTED, "interrupted");
    expect(&p, &small, ZSC_EUSAGE, "the linear probe");
    p.options.learning_rate = 1e30;
    p.options.weight_decay = 1e20;
    expect(&p, NULL, ZSC_ENUMERIC, "lower the learning rate");
    p = good;
    p.options.batch_size = 0;
    expect(&p, NULL, ZSC_EUSAGE, "batch size is 0");
    p.options = good.options;
    p.options.momentum = 1;
    expect(&p, NULL, ZSC_EUSAGE, "momentum is 1");
    p.options.momentum = NAN;
    expect(&p, NULL, ZSC_EUSAGE, "momentum is");
    p.options = good.options;
    p.options.learning_rate = 0;
    expect(&p, NULL, ZSC_EUSAGE, "learning rate is 0");
    p.options = good.options;
    p.options.weight_decay = -1;
    expect(&p, NULL, ZSC_EUSAGE, "weight decay is -1");
    p.options = zsc_probe_defaults(ZSC_PROBE_LBFGS);
    expect(&p, NULL, ZSC_EUSAGE, "held-out rows stop gradient descent");
    p.held = 0;
    p.options.tolerance = 0;
    expect(&p, NULL, ZSC_EUSAGE, "tolerance is 0");
    p = good;
    p.classes = 0;
    expect(&p, NULL, ZSC_EUSAGE, "0 classes");
    p = good;
    p.label[1] = (int32_t)p.classes;
    expect(&p, NULL, ZSC_EINPUT, "of row 1 is not a class");
    p.label[1] = 0;
    p.x[5 * p.d] = INFINITY;
    expect(&p, NULL, ZSC_ENUMERIC, "the rows to learn from: 1 of");
    for (size_t k = 0; k < p.n * p.d; k++) p.x[k] = 0.1F;
    expect(&p, NULL, ZSC_ENUMERIC, "are equal (mean 0.1, standard deviation");
    for (size_t i = 0; i < p.n; i++) p.label[i] = -1;
    expect(&p, NULL, ZSC_EUSAGE, "0 have a label");
    free_problem(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradient_descent_is_that_of_plain_code),
        cmocka_unit_test(the_best_epoch_on_held_out_rows_is_kept),
        cmocka_unit_test(lbfgs_ends_where_the_gradient_is_zero),
        cmocka_unit_test(threads_share_large_batches_without_changing_a_byte),
        cmocka_unit_test(instruction_sets_give_the_same_bytes),
        cmocka_unit_test(predictions_are_the_largest_logits),
        cmocka_unit_test(one_class_needs_no_fit),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
