#include "experiment/store/probe_record.h"

#include <math.h>

#include "base/error.h"
#include "base/value.h"
#include "experiment/store/retrieval_record.h"

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
    char solver[16];
    zsc_value_choice_text(ZSC_PROBE_SOLVERS, (int)o->probe.solver, solver, sizeof solver);
    json_t *s = json_pack("{s:s, s:o, s:f}", "solver", solver, "epochs", whole(o->probe.epochs), "weight_decay",
                          o->probe.weight_decay);
    if (o->probe.solver == ZSC_PROBE_LBFGS) {
        json_object_set_new(s, "tolerance", json_real(o->probe.tolerance));
        return s;
    }
    json_object_set_new(s, "learning_rate", json_real(o->probe.learning_rate));
    json_object_set_new(s, "momentum", json_real(o->probe.momentum));
    json_object_set_new(s, "batch_size", whole(o->probe.batch_size));
    json_object_set_new(s, "seed", whole((size_t)o->probe.seed));
    json_object_set_new(s, "stopping_split", o->stopping_split ? json_string(o->stopping_split) : json_null());
    if (o->stopping_split) json_object_set_new(s, "patience", whole(o->probe.patience));
    return s;
}

zsc_status zsc_probe_record_make(const zsc_linear_result *r, const zsc_linear_options *o, json_t **out)
{
    json_t *root = NULL, *fits = json_array(), *probe = settings(o);
    zsc_status status = zsc_retrieval_record_make(&r->found, &o->rows, &root);
    for (size_t rank = 0; rank < r->found.ranks; rank++)
        json_array_append_new(fits, fit(&r->probe[rank], r->found.rank[rank], o->probe.solver));
    if (json_object_set_new(probe, "fits", fits) != 0 && status == ZSC_OK)
        status = zsc_fail(ZSC_EINTERNAL, "out of memory for the record of a probe");
    if (status != ZSC_OK) {
        json_decref(probe);
        return status;
    }
    json_object_set_new(root, "kind", json_string("probe"));
    json_object_set_new(root, "probe", probe);
    json_object_del(root, "metric");
    json_object_del(root, "weighted");
    json_object_del(json_object_get(root, "keys"), "distinct");
    *out = root;
    return ZSC_OK;
}
