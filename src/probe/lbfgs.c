/* Minimises f(w) = mean loss + decay / 2 |w|^2, which is convex, by L-BFGS (Nocedal and Wright, Numerical Optimization,
 * 2nd edition, algorithms 7.4 and 7.5) with the last PAIRS pairs s = w' - w, y = g' - g:
 *
 *     1. direction d = -H g by the two loops; H's diagonal is s.y / y.y of the last pair, 1 / |g| at first
 *     2. step a, 1 at first, such that f(w + a d) <= f + 1e-4 a d.g (up to f's rounding) and |d.g'| <= .9 |d.g|: along
 * a line f's derivative grows, so that a step is too short where d.g' is too negative, too long otherwise
 *     3. w, g = w', g'; converged where max |g| <= tolerance
 *
 * The gradient is a sum over blocks of rows in their order, in single precision; scalar products are sums over chunks,
 * in double. */
#include "probe/lbfgs.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"

enum { PAIRS = 10, CHUNK = 1 << 16, PARALLEL = 8, MOST_TRIES = 20 };
static const double DECREASE = 1e-4, CURVATURE = .9, ROUNDING = 1e-6;

typedef struct point { /* weights, and f there */
    float *w, *g;
    double loss, value; /* value: with the decay's part */
} point;

typedef struct minimiser {
    const zsc_probe_data *data;
    const zsc_probe_options *options;
    const zsc_exec *exec;
    zsc_probe_batch batch;
    size_t n; /* weights */
    size_t chunks;
    double *part; /* chunks */
    int threads;  /* of operations on vectors */
    point here, there;
    float *direction, *s[PAIRS], *y[PAIRS];
    double rho[PAIRS];  /* 1 / s.y */
    size_t pairs, last; /* how many there are; where the newest is */
    size_t passes;
} minimiser;

/* --- Vectors */
static double dot(minimiser *m, const float *a, const float *b)
{
    double sum = 0;
#pragma omp parallel for schedule(static) num_threads(m->threads)
    for (size_t c = 0; c < m->chunks; c++) {
        size_t end = (c + 1) * CHUNK < m->n ? (c + 1) * CHUNK : m->n;
        double own = 0;
        for (size_t i = c * CHUNK; i < end; i++) own += (double)a[i] * (double)b[i];
        m->part[c] = own;
    }
    for (size_t c = 0; c < m->chunks; c++) sum += m->part[c];
    return sum;
}

/* out = a x + b */
static void combine(const minimiser *m, double a, const float *x, const float *b, float *out)
{
#pragma omp parallel for simd schedule(static) num_threads(m->threads)
    for (size_t i = 0; i < m->n; i++) out[i] = (float)(a * (double)x[i] + (double)b[i]);
}

static void multiply(const minimiser *m, double a, float *x)
{
#pragma omp parallel for simd schedule(static) num_threads(m->threads)
    for (size_t i = 0; i < m->n; i++) x[i] = (float)(a * (double)x[i]);
}

static double largest(const float *x, size_t n)
{
    float most = 0;
    for (size_t i = 0; i < n; i++) most = fabsf(x[i]) > most ? fabsf(x[i]) : most;
    return (double)most;
}

/* --- f */
static zsc_status evaluate(minimiser *m, point *at)
{
    double rows = (double)m->data->count, sum = 0;
    zsc_status status;
    for (size_t first = 0; first < m->data->count; first += m->batch.most) {
        size_t left = m->data->count - first;
        status = zsc_probe_batch_fill(&m->batch, m->data, first, left < m->batch.most ? left : m->batch.most);
        if (status != ZSC_OK) return status;
        sum += zsc_probe_batch_softmax(&m->batch, at->w, 1 / rows);
        zsc_probe_batch_gradient(&m->batch, first > 0, at->g);
        if (!zsc_progress(m->exec, "linear probe, L-BFGS", (double)m->passes * rows + (double)(first + m->batch.rows),
                          rows * (double)m->options->epochs))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    }
    m->passes++;
    combine(m, m->options->weight_decay, at->w, at->g, at->g);
    at->loss = sum / rows;
    at->value = at->loss + m->options->weight_decay / 2 * dot(m, at->w, at->w);
    if (!isfinite(at->value))
        return zsc_fail(ZSC_ENUMERIC,
                        "the linear probe diverges: its loss is infinite or NaN; lower the weight decay "
                        "(%g), or scale the vectors",
                        m->options->weight_decay);
    return ZSC_OK;
}

/* --- Directions */
static void set_direction(minimiser *m)
{
    double alpha[PAIRS];
    multiply(m, 0, m->direction);
    combine(m, -1, m->here.g, m->direction, m->direction);
    for (size_t k = 0; k < m->pairs; k++) {
        size_t i = (m->last + PAIRS - k) % PAIRS;
        alpha[i] = m->rho[i] * dot(m, m->s[i], m->direction);
        combine(m, -alpha[i], m->y[i], m->direction, m->direction);
    }
    double yy = m->pairs ? dot(m, m->y[m->last], m->y[m->last]) : 0, gg = dot(m, m->here.g, m->here.g);
    multiply(m, m->pairs ? 1 / (m->rho[m->last] * yy) : 1 / sqrt(gg), m->direction);
    for (size_t k = m->pairs; k-- > 0;) {
        size_t i = (m->last + PAIRS - k) % PAIRS;
        combine(m, alpha[i] - m->rho[i] * dot(m, m->y[i], m->direction), m->s[i], m->direction, m->direction);
    }
}

/* Goes to `there`, and remembers how. */
static void advance(minimiser *m)
{
    size_t next = m->pairs ? (m->last + 1) % PAIRS : 0;
    combine(m, -1, m->here.w, m->there.w, m->s[next]);
    combine(m, -1, m->here.g, m->there.g, m->y[next]);
    double sy = dot(m, m->s[next], m->y[next]);
    if (sy > 1e-10 * dot(m, m->y[next], m->y[next])) { /* H stays positive definite; else this pair is left out */
        m->rho[next] = 1 / sy;
        m->last = next;
        m->pairs += m->pairs < PAIRS;
    } else {
        m->pairs = 0;
    }
    point here = m->here;
    m->here = m->there;
    m->there = here;
}

/* A step along the direction into `there`; *found: there is one. */
static zsc_status search_line(minimiser *m, bool *found)
{
    zsc_status status = ZSC_OK;
    double slope = dot(m, m->direction, m->here.g), low = 0, high = INFINITY, step = 1;
    *found = false;
    for (int i = 0; slope < 0 && i < MOST_TRIES && m->passes < m->options->epochs; i++) {
        combine(m, step, m->direction, m->here.w, m->there.w);
        if ((status = evaluate(m, &m->there)) != ZSC_OK) return status;
        double now = dot(m, m->direction, m->there.g);
        bool less = m->there.value <= m->here.value + DECREASE * step * slope + ROUNDING * fabs(m->here.value);
        if (less && fabs(now) <= -CURVATURE * slope) {
            *found = true;
            return ZSC_OK;
        }
        if (less && now < 0)
            low = step;
        else
            high = step;
        step = isinf(high) ? 4 * step : (low + high) / 2;
    }
    return ZSC_OK;
}

/* --- The whole */
static zsc_status minimise(minimiser *m, zsc_probe *probe)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(evaluate(m, &m->here));
    while (!(probe->converged = largest(m->here.g, m->n) <= m->options->tolerance) && m->passes < m->options->epochs) {
        bool found = false, fresh = m->pairs == 0;
        set_direction(m);
        ZSC_TRY(search_line(m, &found));
        if (!found && fresh) break; /* steepest descent finds nothing lower: rounding has the last word */
        m->pairs = found ? m->pairs : 0;
        if (!found) continue;
        advance(m);
        probe->loss[probe->steps++] = m->here.loss;
    }
    probe->gradient = largest(m->here.g, m->n);
    probe->epochs = m->passes;
    memcpy(probe->weight, m->here.w, m->n * sizeof *m->here.w);
done:
    return status;
}

static size_t block_rows(size_t n) { return n < ZSC_PROBE_BLOCK ? n : ZSC_PROBE_BLOCK; }
static size_t chunks_of(size_t n) { return (n + CHUNK - 1) / CHUNK; }

size_t zsc_probe_lbfgs_memory(size_t n, size_t d, size_t classes)
{
    size_t weights = (d + 1) * classes;
    return (2 * PAIRS + 5) * weights * sizeof(float) + chunks_of(weights) * sizeof(double) +
           zsc_probe_batch_memory(classes, d, block_rows(n));
}

static zsc_status prepare(minimiser *m, const zsc_probe *probe)
{
    zsc_status status = ZSC_OK;
    m->n = probe->classes * (probe->d + 1);
    m->chunks = chunks_of(m->n);
    ZSC_TRY(zsc_probe_batch_make(probe->classes, probe->d, block_rows(m->data->count), m->exec, &m->batch));
    m->threads = m->chunks < PARALLEL ? 1 : zsc_threads(m->exec);
    ZSC_NEW(m->part, m->chunks);
    ZSC_NEW(m->here.w, m->n);
    ZSC_NEW_RAW(m->here.g, m->n);
    ZSC_NEW_RAW(m->there.w, m->n);
    ZSC_NEW_RAW(m->there.g, m->n);
    ZSC_NEW(m->direction, m->n);
    for (size_t k = 0; k < PAIRS; k++) {
        ZSC_NEW_RAW(m->s[k], m->n);
        ZSC_NEW_RAW(m->y[k], m->n);
    }
done:
    return status;
}

zsc_status zsc_probe_lbfgs(const zsc_probe_data *data, const zsc_probe_options *o, const zsc_exec *exec,
                           zsc_probe *probe)
{
    minimiser m = {.data = data, .options = o, .exec = exec};
    zsc_status status = prepare(&m, probe);
    if (status == ZSC_OK && o->epochs > 0) status = minimise(&m, probe);
    zsc_probe_batch_free(&m.batch);
    free(m.part);
    free(m.here.w);
    free(m.here.g);
    free(m.there.w);
    free(m.there.g);
    free(m.direction);
    for (size_t k = 0; k < PAIRS; k++) {
        free(m.s[k]);
        free(m.y[k]);
    }
    return status;
}
