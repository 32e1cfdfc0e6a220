#include "experiment/settings/linear_settings.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/number_text.h"
#include "base/value.h"

#define LINEAR_FIELD(field) field
#define SETTING(letter, name, level, kind, field, arg, help, choices, least, most, shown)                              \
    {name, ZSC_LEVEL_##level, ZSC_##kind, offsetof(zsc_linear_options, field), choices, least, most},
const zsc_setting zsc_linear_settings[] = {
#include "experiment/settings/linear.def"
};
#undef SETTING
#undef LINEAR_FIELD
const size_t zsc_linear_setting_count = sizeof zsc_linear_settings / sizeof *zsc_linear_settings;

zsc_linear_options zsc_linear_defaults(void)
{
    const zsc_probe_options sgd = zsc_probe_defaults(ZSC_PROBE_SGD), lbfgs = zsc_probe_defaults(ZSC_PROBE_LBFGS);
    return (zsc_linear_options){.solver = ZSC_PROBE_SGD,
                                .batch_size = sgd.batch_size,
                                .patience = sgd.patience,
                                .seed = (size_t)sgd.seed,
                                .learning_rate = sgd.learning_rate,
                                .momentum = sgd.momentum,
                                .weight_decay = sgd.weight_decay,
                                .tolerance = lbfgs.tolerance};
}

zsc_probe_options zsc_linear_probe_options(const zsc_linear_options *o)
{
    zsc_probe_options p = zsc_probe_defaults((zsc_probe_solver)o->solver);
    if (o->epochs) p.epochs = o->epochs;
    p.batch_size = o->batch_size;
    p.patience = o->patience;
    p.seed = o->seed;
    p.learning_rate = o->learning_rate;
    p.momentum = o->momentum;
    p.weight_decay = o->weight_decay;
    p.tolerance = o->tolerance;
    return p;
}

const char *zsc_linear_setting_unused(const zsc_setting *s, const zsc_linear_options *o)
{
    static const char *const of_sgd[] = {"learning-rate",  "momentum", "batch-size",
                                         "stopping-split", "patience", "seed"};
    if (o->solver == ZSC_PROBE_SGD && strcmp(s->name, "tolerance") == 0) return "it is one of solver lbfgs";
    for (size_t i = 0; o->solver != ZSC_PROBE_SGD && i < sizeof of_sgd / sizeof *of_sgd; i++)
        if (strcmp(s->name, of_sgd[i]) == 0) return "it is one of solver sgd";
    return strcmp(s->name, "patience") == 0 && !o->stopping_split ? "there is no stopping-split" : NULL;
}

/* --- As JSON */
static json_t *value_of(const zsc_setting *s, const zsc_linear_options *o)
{
    const void *field = (const char *)o + s->offset;
    char text[32];
    switch (s->kind) {
    case ZSC_COUNT: return json_integer((json_int_t) * (const size_t *)field);
    case ZSC_REAL: return json_real(*(const double *)field);
    case ZSC_CHOICE: return json_string(zsc_value_choice_text(s->choices, *(const int *)field, text, sizeof text));
    case ZSC_TEXT: return *(const char *const *)field ? json_string(*(const char *const *)field) : NULL;
    case ZSC_OPTIONAL_CHOICE:
    case ZSC_FLAG: break; /* there is none of these */
    }
    return NULL;
}

json_t *zsc_linear_config(const zsc_linear_options *options)
{
    zsc_linear_options o = *options;
    json_t *config = json_object();
    o.epochs = zsc_linear_probe_options(options).epochs;
    for (size_t i = 0; i < zsc_linear_setting_count; i++) {
        const zsc_setting *s = &zsc_linear_settings[i];
        json_t *value = zsc_linear_setting_unused(s, &o) ? NULL : value_of(s, &o);
        if (value) json_object_set_new(config, s->name, value);
    }
    return config;
}

zsc_status zsc_linear_config_read(const json_t *config, zsc_linear_options *out)
{
    zsc_status status = ZSC_OK;
    *out = zsc_linear_defaults();
    for (size_t i = 0; i < zsc_linear_setting_count && status == ZSC_OK; i++) {
        const zsc_setting *s = &zsc_linear_settings[i];
        const json_t *value = json_object_get(config, s->name);
        char number[ZSC_NUMBER_TEXT > 32 ? ZSC_NUMBER_TEXT : 32];
        if (json_is_integer(value)) snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        if (json_is_real(value)) zsc_number_text(json_real_value(value), number);
        const char *text = json_is_string(value) ? json_string_value(value) : json_is_number(value) ? number : NULL;
        if (text) status = zsc_setting_parse(s, text, out);
    }
    return status;
}
