/* As torch.optim.SGD does it: of each batch, with g the gradient of its mean loss,
 *
 *     v = momentum v + g + decay w      w = w - rate v
 *
 * for all weights and biases, v = 0 at first. Rows come in another order in each epoch: Fisher and Yates, by a stream
 * of (seed, epoch), beginning from the order of the epoch before. */
#include "probe/sgd.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"

static const char stage[] = "linear probe";

static void shuffle(int32_t *order, size_t n, uint64_t seed, size_t epoch)
{
    zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_PROBE, epoch);
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)zsc_stream_below(&stream, i);
        int32_t row = order[i - 1];
        order[i - 1] = order[j];
        order[j] = row;
    }
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Rows of a batch, and of a block of held-out rows. */
static size_t most_rows(size_t n, size_t held_out, const zsc_probe_options *o)
{
    size_t batch = smaller(n, o->batch_size), block = smaller(held_out, ZSC_PROBE_BLOCK);
    return batch > block ? batch : block;
}

size_t zsc_probe_sgd_memory(size_t n, size_t held_out, size_t d, size_t classes, const zsc_probe_options *o)
{
    size_t weights = (d + 1) * classes * sizeof(float);
    return (held_out ? 2 : 1) * weights + zsc_probe_batch_memory(classes, d, most_rows(n, held_out, o));
}

static zsc_status diverged(size_t epoch, const zsc_probe_options *o)
{
    return zsc_fail(ZSC_ENUMERIC,
                    "the linear probe diverges: its loss is infinite or NaN in epoch %zu; lower the learning rate "
                    "(%g) or the weight decay (%g)",
                    epoch + 1, o->learning_rate, o->weight_decay);
}

typedef struct descent {
    const zsc_probe_data *data, *held_out;
    const zsc_probe_options *options;
    const zsc_exec *exec;
    zsc_probe_batch batch;
    float *velocity, *best; /* best: NULL without held-out rows */
} descent;

static zsc_status run_epoch(descent *s, size_t epoch, zsc_probe *probe)
{
    const zsc_probe_options *o = s->options;
    double sum = 0, n = (double)s->data->count, total = n * (double)o->epochs;
    for (size_t first = 0; first < s->data->count; first += o->batch_size) {
        size_t left = s->data->count - first;
        zsc_status status = zsc_probe_batch_fill(&s->batch, s->data, first,
                                                 left < o->batch_size ? left : o->batch_size);
        if (status != ZSC_OK) return status;
        sum += zsc_probe_batch_softmax(&s->batch, probe->weight, 1 / (double)s->batch.rows);
        if (!isfinite(sum)) return diverged(epoch, o);
        zsc_probe_batch_step(&s->batch, o, probe->weight, s->velocity);
        if (!zsc_progress(s->exec, stage, (double)epoch * n + (double)(first + s->batch.rows), total))
            return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    }
    probe->loss[epoch] = sum / n;
    probe->steps = probe->epochs = epoch + 1;
    return ZSC_OK;
}

/* Sets probe->stopped: whether it was the last epoch. */
static zsc_status look_at_held_out(descent *s, size_t epoch, zsc_probe *probe)
{
    double *loss = probe->held_out_loss;
    zsc_status status = zsc_probe_batch_evaluate(&s->batch, s->held_out, probe->weight, &loss[epoch],
                                                 &probe->held_out_accuracy[epoch]);
    if (status != ZSC_OK) return status;
    if (epoch == 0 || loss[epoch] < loss[probe->best_epoch - 1]) {
        memcpy(s->best, probe->weight, s->batch.classes * s->batch.width * sizeof *s->best);
        probe->best_epoch = epoch + 1;
    }
    probe->stopped = epoch + 1 - probe->best_epoch >= s->options->patience;
    return ZSC_OK;
}

zsc_status zsc_probe_sgd(const zsc_probe_data *data, int32_t *order, const zsc_probe_data *held_out,
                         const zsc_probe_options *o, const zsc_exec *exec, zsc_probe *probe)
{
    zsc_status status = ZSC_OK;
    descent s = {.data = data, .held_out = held_out, .options = o, .exec = exec};
    size_t weights = probe->classes * (probe->d + 1);
    ZSC_TRY(zsc_probe_batch_make(probe->classes, probe->d, most_rows(data->count, held_out ? held_out->count : 0, o),
                                 exec, &s.batch));
    ZSC_NEW(s.velocity, weights);
    if (held_out) ZSC_NEW_RAW(s.best, weights);
    for (size_t epoch = 0; epoch < o->epochs && !probe->stopped; epoch++) {
        shuffle(order, data->count, o->seed, epoch);
        ZSC_TRY(run_epoch(&s, epoch, probe));
        if (held_out) ZSC_TRY(look_at_held_out(&s, epoch, probe));
    }
    if (probe->best_epoch) memcpy(probe->weight, s.best, weights * sizeof *s.best);
    probe->gradient = NAN;
done:
    zsc_probe_batch_free(&s.batch);
    free(s.velocity);
    free(s.best);
    return status;
}
