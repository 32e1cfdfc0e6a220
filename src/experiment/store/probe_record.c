#include "experiment/store/probe_record.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/value.h"

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }
static json_t *whole(size_t value) { return json_integer((json_int_t)value); }

static json_t *reals(const double *value, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; value && i < count; i++) json_array_append_new(list, real(value[i]));
    return list;
}

/* Of one rank. */
static json_t *fit(const zsc_probe *p, const char *rank, zsc_probe_solver solver)
{
    json_t *f = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "rank", rank, "classes", whole(p->classes), "keys",
                          whole(p->rows), "mean", real(p->mean), "deviation", real(p->deviation), "epochs",
                          whole(p->epochs), "loss", reals(p->loss, p->steps));
    if (solver == ZSC_PROBE_LBFGS) {
        json_object_set_new(f, "converged", json_boolean(p->converged || p->classes == 1));
        json_object_set_new(f, "largest_derivative", real(p->gradient));
    }
    if (p->held_out) {
        json_object_set_new(f, "stopping_rows", whole(p->held_out));
        json_object_set_new(f, "stopped_early", json_boolean(p->stopped));
        json_object_set_new(f, "best_epoch", whole(p->best_epoch));
        json_object_set_new(f, "stopping_loss", reals(p->held_out_loss, p->steps));
        json_object_set_new(f, "stopping_accuracy", reals(p->held_out_accuracy, p->steps));
    }
    return f;
}

/* The settings of the solver, under the names of the options. */
static json_t *settings(const zsc_linear_options *o)
{
    const zsc_probe_options probe = zsc_linear_probe_options(o);
    char solver[16];
    zsc_value_choice_text(ZSC_PROBE_SOLVERS, o->solver, solver, sizeof solver);
    json_t *s = json_pack("{s:s, s:o, s:f}", "solver", solver, "epochs", whole(probe.epochs), "weight_decay",
                          o->weight_decay);
    if (o->solver == ZSC_PROBE_LBFGS) {
        json_object_set_new(s, "tolerance", json_real(o->tolerance));
        return s;
    }
    json_object_set_new(s, "learning_rate", json_real(o->learning_rate));
    json_object_set_new(s, "momentum", json_real(o->momentum));
    json_object_set_new(s, "batch_size", whole(o->batch_size));
    json_object_set_new(s, "seed", whole(o->seed));
    json_object_set_new(s, "stopping_split", o->stopping_split ? json_string(o->stopping_split) : json_null());
    if (o->stopping_split) json_object_set_new(s, "patience", whole(o->patience));
    return s;
}

zsc_status zsc_probe_record_add(const zsc_retrieve_result *r, const zsc_linear_options *o, json_t *record)
{
    json_t *fits = json_array(), *probe = settings(o);
    for (size_t rank = 0; rank < r->ranks; rank++)
        json_array_append_new(fits, fit(&r->probe[rank], r->rank[rank], (zsc_probe_solver)o->solver));
    int failed = json_object_set_new(probe, "fits", fits);
    failed |= json_object_set_new(record, "probe", probe);
    failed |= json_object_set_new(record, "kind", json_string("probe"));
    if (failed) return zsc_fail(ZSC_EINTERNAL, "out of memory for the record of a probe");
    json_object_del(record, "metric");
    json_object_del(record, "weighted");
    json_object_del(json_object_get(record, "keys"), "distinct");
    return ZSC_OK;
}

/* --- Again */
static double number(const json_t *value) { return json_is_number(value) ? json_number_value(value) : (double)NAN; }

static size_t count(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) && json_integer_value(value) >= 0 ? (size_t)json_integer_value(value) : 0;
}

/* *steps numbers, all lists of the same length. */
static zsc_status read_curve(const json_t *list, size_t *steps, double **out)
{
    zsc_status status = ZSC_OK;
    *steps = json_array_size(list);
    ZSC_NEW(*out, *steps);
    for (size_t i = 0; i < *steps; i++) (*out)[i] = number(json_array_get(list, i));
done:
    return status;
}

static zsc_status read_fit(const json_t *f, zsc_probe *p)
{
    zsc_status status = ZSC_OK;
    size_t losses = 0, accuracies = 0;
    *p = (zsc_probe){.classes = count(f, "classes"),
                     .rows = count(f, "keys"),
                     .mean = number(json_object_get(f, "mean")),
                     .deviation = number(json_object_get(f, "deviation")),
                     .epochs = count(f, "epochs"),
                     .converged = json_is_true(json_object_get(f, "converged")),
                     .gradient = number(json_object_get(f, "largest_derivative")),
                     .held_out = count(f, "stopping_rows"),
                     .best_epoch = count(f, "best_epoch"),
                     .stopped = json_is_true(json_object_get(f, "stopped_early"))};
    ZSC_TRY(read_curve(json_object_get(f, "loss"), &p->steps, &p->loss));
    if (p->held_out == 0) goto done;
    ZSC_TRY(read_curve(json_object_get(f, "stopping_loss"), &losses, &p->held_out_loss));
    ZSC_TRY(read_curve(json_object_get(f, "stopping_accuracy"), &accuracies, &p->held_out_accuracy));
    if (losses != p->steps || accuracies != p->steps) status = zsc_fail(ZSC_EINPUT, "it has other losses");
done:
    return status;
}

zsc_status zsc_probe_record_read(const json_t *record, zsc_retrieve_result *r)
{
    zsc_status status = ZSC_OK;
    const json_t *fits = json_object_get(json_object_get(record, "probe"), "fits");
    if (json_array_size(fits) != r->ranks) return zsc_fail(ZSC_EINPUT, "it has other fits");
    ZSC_NEW(r->probe, r->ranks);
    for (size_t rank = 0; rank < r->ranks; rank++) {
        const json_t *f = json_array_get(fits, rank);
        const char *name = json_string_value(json_object_get(f, "rank"));
        if (!name || strcmp(name, r->rank[rank]) != 0) return zsc_fail(ZSC_EINPUT, "it has other fits");
        ZSC_TRY(read_fit(f, &r->probe[rank]));
    }
done:
    return status;
}
