/* zsc_probe_fit: checks, the mean and deviation of the rows that take part, and one of the solvers. */
#include "zsc/probe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/finite.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/threads.h"
#include "probe/batch.h"
#include "probe/lbfgs.h"
#include "probe/sgd.h"

static zsc_probe_options whole_defaults(zsc_probe_solver solver)
{
    return (zsc_probe_options){.solver = solver,
                               .epochs = solver == ZSC_PROBE_SGD ? 200 : 1000,
                               .weight_decay = 1e-5,
                               .learning_rate = .01,
                               .momentum = .9,
                               .batch_size = 1024,
                               .patience = 10,
                               .tolerance = 1e-5};
}

void zsc_probe_options_init(zsc_probe_options *options, size_t size, zsc_probe_solver solver)
{
    const zsc_probe_options whole = whole_defaults(solver);
    zsc_options_fill(options, size, &whole, sizeof whole);
}

zsc_status zsc_probe_check(const zsc_probe_options *o)
{
    ZSC_OPTIONS(zsc_probe_options, o, ((zsc_probe_options){0}));
    if (o->solver != ZSC_PROBE_SGD && o->solver != ZSC_PROBE_LBFGS)
        return zsc_fail(ZSC_EUSAGE, "there is no solver %d; expected 0 or 1", (int)o->solver);
    if (!(o->weight_decay >= 0 && isfinite(o->weight_decay)))
        return zsc_fail(ZSC_EUSAGE, "weight decay is %g; expected 0 or more", o->weight_decay);
    if (o->solver == ZSC_PROBE_LBFGS && !(o->tolerance > 0 && isfinite(o->tolerance)))
        return zsc_fail(ZSC_EUSAGE, "tolerance is %g; expected more than 0", o->tolerance);
    if (o->solver == ZSC_PROBE_LBFGS) return ZSC_OK;
    if (!(o->learning_rate > 0 && isfinite(o->learning_rate)))
        return zsc_fail(ZSC_EUSAGE, "learning rate is %g; expected more than 0", o->learning_rate);
    if (!(o->momentum >= 0 && o->momentum < 1))
        return zsc_fail(ZSC_EUSAGE, "momentum is %g; expected 0 or more, and less than 1", o->momentum);
    if (o->batch_size < 1) return zsc_fail(ZSC_EUSAGE, "batch size is 0; expected 1 or more");
    if (o->patience < 1) return zsc_fail(ZSC_EUSAGE, "patience is 0; expected 1 or more");
    return ZSC_OK;
}

/* --- Rows */
/* The rows with a label. */
static zsc_status choose_rows(const zsc_probe_rows *rows, size_t d, size_t classes, int32_t **row, zsc_probe_data *out)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW_RAW(*row, rows->n);
    *out = (zsc_probe_data){.x = rows->x,
                            .d = d,
                            .n = rows->n,
                            .read = rows->x ? NULL : rows->read,
                            .read_data = rows->data,
                            .label = rows->label,
                            .row = *row};
    for (size_t i = 0; i < rows->n; i++) {
        if (rows->label[i] >= 0 && (size_t)rows->label[i] >= classes) {
            status = zsc_fail(ZSC_EINPUT, "label %d of row %zu is not a class; expected 0 to %zu", rows->label[i],
                              zsc_number(i), classes - 1);
            goto done;
        }
        if (rows->label[i] >= 0) (*row)[out->count++] = (int32_t)i;
    }
done:
    return status;
}

static double sum_of_row(const float *x, size_t d, double centre, int power)
{
    double own = 0;
    for (size_t j = 0; j < d; j++) {
        double gap = (double)x[j] - centre;
        own += power == 2 ? gap * gap : gap;
    }
    return own;
}

static zsc_status read_block(const zsc_probe_data *data, size_t first, size_t count)
{
    zsc_status status = zsc_probe_data_read(data, first, count);
    if (status != ZSC_OK) return status;
    return zsc_check_finite(data->block, count, data->d, (zsc_boundary){"a block of the rows to learn from", NULL},
                            NULL);
}

/* Sums of (x - centre)^power over the numbers of each block of rows, added in the order of the blocks. */
static zsc_status sum_up(const zsc_probe_data *data, double centre, int power, int threads, double *out)
{
    zsc_status status = ZSC_OK;
    size_t blocks = (data->count + ZSC_PROBE_BLOCK - 1) / ZSC_PROBE_BLOCK;
    double *sum = NULL;
    ZSC_NEW(sum, blocks);
#pragma omp parallel for schedule(static) num_threads(threads) if (!data->read)
    for (size_t b = 0; b < blocks; b++) {
        size_t first = b * ZSC_PROBE_BLOCK,
               count = data->count - first < ZSC_PROBE_BLOCK ? data->count - first : ZSC_PROBE_BLOCK;
        if (data->read && status == ZSC_OK) status = read_block(data, first, count); /* in one thread, in order */
        if (data->read && status != ZSC_OK) continue;
        for (size_t i = 0; i < count; i++) sum[b] += sum_of_row(zsc_probe_row(data, first, i), data->d, centre, power);
    }
    if (status != ZSC_OK) goto done;
    *out = 0;
    for (size_t b = 0; b < blocks; b++) *out += sum[b];
done:
    free(sum);
    return status;
}

static zsc_status find_scale(zsc_probe_data *data, int threads, double *deviation)
{
    zsc_status status = ZSC_OK;
    double numbers = (double)data->count * (double)data->d, squares = 0;
    ZSC_TRY(sum_up(data, 0, 1, threads, &data->mean));
    data->mean /= numbers;
    ZSC_TRY(sum_up(data, data->mean, 2, threads, &squares));
    *deviation = sqrt(squares / numbers);
    data->inverse = 1 / *deviation;
    if (*deviation > 1e-12 * fabs(data->mean) && isfinite(data->inverse)) return ZSC_OK;
    status = zsc_fail(ZSC_ENUMERIC,
                      "all numbers of the rows to learn from are equal (mean %g, standard deviation %g): no class can "
                      "be told from another; expected vectors that differ",
                      data->mean, *deviation);
done:
    return status;
}

/* --- Memory */
static size_t curves_of(const zsc_probe_options *o, bool held_out) { return o->epochs * (held_out ? 3 : 1) * 8; }

/* Of rows that are read. */
static size_t read_memory(size_t n, size_t d)
{
    return 2 * (n < ZSC_PROBE_BLOCK ? n : ZSC_PROBE_BLOCK) * d * sizeof(float);
}

size_t zsc_probe_memory(size_t n, size_t held_out, size_t d, size_t classes, const zsc_probe_options *o,
                        const zsc_exec *exec)
{
    ZSC_OPTIONS_KNOWN(zsc_probe_options, o, ((zsc_probe_options){0}));
    (void)exec;
    if ((double)(d + 1) * (double)classes > 0x1p48 || (double)n + (double)held_out > 0x1p48 ||
        (double)o->epochs > 0x1p48)
        return SIZE_MAX;
    size_t solver = o->solver == ZSC_PROBE_SGD ? zsc_probe_sgd_memory(n, held_out, d, classes, o)
                                               : zsc_probe_lbfgs_memory(n, d, classes);
    size_t weights = (d + 1) * classes * sizeof(float), rows = (n + held_out) * sizeof(int32_t);
    if (o->solver == ZSC_PROBE_LBFGS) rows += read_memory(n, d);
    return ZSC_MEMORY_REST + rows + weights + curves_of(o, held_out > 0) + solver;
}

/* --- Fit */
typedef struct fit {
    const zsc_probe_options *options;
    const zsc_exec *exec;
    int32_t *row[2]; /* that take part: of all, and of the held-out rows */
    zsc_probe_data data, held_out;
} fit;

static zsc_status check(const zsc_probe_rows *rows, size_t d, size_t classes, const zsc_probe_rows *held_out,
                        const zsc_probe_options *o)
{
    zsc_status status = zsc_probe_check(o);
    if (status != ZSC_OK) return status;
    if (rows->n > INT32_MAX || classes > INT32_MAX || d >= INT32_MAX)
        return zsc_fail(ZSC_EUSAGE, "%zu rows, %zu columns, %zu classes; the most is %d", rows->n, d, classes,
                        INT32_MAX - 1);
    if (classes < 1) return zsc_fail(ZSC_EUSAGE, "there are 0 classes; expected 1 or more");
    if (held_out && o->solver != ZSC_PROBE_SGD)
        return zsc_fail(ZSC_EUSAGE, "held-out rows stop gradient descent early; L-BFGS converges, expected none");
    if (!rows->x && rows->n && !(rows->read && o->solver == ZSC_PROBE_LBFGS))
        return zsc_fail(ZSC_EUSAGE, "the rows are not in memory: gradient descent draws batches from all of them, "
                                    "expected a matrix, or the solver L-BFGS");
    return ZSC_OK;
}

static zsc_status take_rows(fit *f, const zsc_probe_rows *rows, size_t d, size_t classes,
                            const zsc_probe_rows *held_out)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(choose_rows(rows, d, classes, &f->row[0], &f->data));
    if (f->data.count == 0 || d == 0) {
        status = zsc_fail(ZSC_EUSAGE, "of %zu rows of %zu columns, %zu have a label; expected 1 or more of each",
                          rows->n, d, f->data.count);
        goto done;
    }
    if (held_out) ZSC_TRY(choose_rows(held_out, d, classes, &f->row[1], &f->held_out));
    if (f->data.read) {
        size_t most = rows->n < ZSC_PROBE_BLOCK ? rows->n : ZSC_PROBE_BLOCK;
        ZSC_NEW_RAW(f->data.span, most * d);
        ZSC_NEW_RAW(f->data.block, most * d);
    } else {
        ZSC_TRY(zsc_check_finite(rows->x, rows->n, d, (zsc_boundary){"the rows to learn from", NULL}, f->exec));
    }
    if (held_out)
        ZSC_TRY(zsc_check_finite(held_out->x, held_out->n, d, (zsc_boundary){"the held-out rows", NULL}, f->exec));
done:
    return status;
}

static zsc_status run(fit *f, zsc_probe *p)
{
    zsc_status status = ZSC_OK;
    const zsc_probe_options *o = f->options;
    bool held_out = f->held_out.count > 0 && p->classes > 1;
    ZSC_TRY(zsc_memory_check(f->exec, zsc_probe_memory(f->data.count, f->held_out.count, p->d, p->classes, o, f->exec),
                             "the linear probe"));
    ZSC_NEW(p->weight, p->classes * (p->d + 1));
    ZSC_NEW(p->loss, o->epochs);
    if (held_out) {
        ZSC_NEW(p->held_out_loss, o->epochs);
        ZSC_NEW(p->held_out_accuracy, o->epochs);
    }
    p->gradient = NAN;
    if (p->classes == 1) {
        p->mean = 0;
        p->deviation = 1;
        goto done;
    }
    ZSC_TRY(find_scale(&f->data, zsc_threads(f->exec), &p->deviation));
    p->mean = f->held_out.mean = f->data.mean;
    f->held_out.inverse = f->data.inverse;
    p->held_out = held_out ? f->held_out.count : 0;
    if (o->solver == ZSC_PROBE_SGD)
        ZSC_TRY(zsc_probe_sgd(&f->data, f->row[0], held_out ? &f->held_out : NULL, o, f->exec, p));
    else
        ZSC_TRY(zsc_probe_lbfgs(&f->data, o, f->exec, p));
    ZSC_TRY(zsc_check_finite(p->weight, p->classes, p->d + 1,
                             (zsc_boundary){"weights of the linear probe", "lower the learning rate"}, f->exec));
done:
    return status;
}

zsc_status zsc_probe_fit(const zsc_probe_rows *rows, size_t d, size_t classes, const zsc_probe_rows *held_out,
                         const zsc_probe_options *options, const zsc_exec *exec, zsc_probe *out)
{
    ZSC_OPTIONS(zsc_probe_options, options, ((zsc_probe_options){0}));
    zsc_status status = ZSC_OK;
    const zsc_probe_options defaults = zsc_probe_defaults(ZSC_PROBE_SGD);
    fit f = {.options = options ? options : &defaults, .exec = exec};
    zsc_probe p = {.classes = classes, .d = d};
    ZSC_TRY(check(rows, d, classes, held_out, f.options));
    ZSC_TRY(take_rows(&f, rows, d, classes, held_out));
    p.rows = f.data.count;
    ZSC_TRY(run(&f, &p));
    *out = p;
    p = (zsc_probe){0};
done:
    free(f.row[0]);
    free(f.row[1]);
    free(f.data.span);
    free(f.data.block);
    zsc_probe_free(&p);
    return status;
}

void zsc_probe_free(zsc_probe *p)
{
    if (!p) return;
    free(p->weight);
    free(p->loss);
    free(p->held_out_loss);
    free(p->held_out_accuracy);
    *p = (zsc_probe){0};
}

/* --- Prediction */
zsc_status zsc_probe_predict(const zsc_probe *p, const float *x, size_t n, const zsc_exec *exec, int32_t *label)
{
    zsc_status status = ZSC_OK;
    const zsc_probe_data data = {.x = x, .d = p->d, .count = n, .mean = p->mean, .inverse = 1 / p->deviation};
    zsc_probe_batch batch = {0};
    size_t most = n < ZSC_PROBE_BLOCK ? n : ZSC_PROBE_BLOCK;
    ZSC_TRY(zsc_check_finite(x, n, p->d, (zsc_boundary){"the rows to classify", NULL}, exec));
    ZSC_TRY(zsc_memory_check(exec, zsc_probe_batch_memory(p->classes, p->d, most), "prediction by the linear probe"));
    ZSC_TRY(zsc_probe_batch_make(p->classes, p->d, most, exec, &batch));
    for (size_t first = 0; first < n; first += most) {
        ZSC_TRY(zsc_probe_batch_fill(&batch, &data, first, n - first < most ? n - first : most));
        zsc_probe_batch_classify(&batch, p->weight);
        memcpy(label + first, batch.found, batch.rows * sizeof *label);
    }
done:
    zsc_probe_batch_free(&batch);
    return status;
}
