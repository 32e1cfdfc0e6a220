#include "paper/paper_items.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "paper/paper_styles.h"
#include "paper/paper_sweeps.h"

typedef struct maker {
    zsc_paper_plan *plan;
    zsc_paper_item *item;
    zsc_paper_column *column;
    bool sound;
} maker;

/* --- Names and paths */
/* "table-2", "figure-A11-sound" */
static char *base_name(const maker *m)
{
    return zsc_asprintf("%s-%s%s", m->item->figure ? "figure" : "table", m->item->number, m->sound ? "-sound" : "");
}

/* The file of the item with that ending, relative to the output folder; it becomes one of the column. */
static zsc_status add_file(const maker *m, const char *ending, const char **relative)
{
    char *name = base_name(m),
         *path = name ? zsc_asprintf("%ss/%s%s", m->item->figure ? "figure" : "table", name, ending) : NULL;
    zsc_status status = path ? zsc_list_add(&m->column->files, path) : ZSC_EINTERNAL;
    if (status == ZSC_OK) *relative = m->column->files.item[m->column->files.count - 1];
    free(name);
    free(path);
    return status;
}

/* OUT/RELATIVE, which the step writes; the caller's. */
static zsc_status output_path(const maker *m, size_t step, const char *relative, char **out)
{
    char *path = zsc_asprintf("%s/%s", m->plan->options->output, relative);
    zsc_status status = path ? zsc_list_add(&m->plan->step[step].outputs, path) : ZSC_EINTERNAL;
    if (status == ZSC_OK)
        *out = path;
    else
        free(path);
    return status;
}

static zsc_status use_step(const maker *m, size_t step)
{
    zsc_paper_column *c = m->column;
    zsc_status status = zsc_grow(&c->step, &c->step_capacity, c->steps + 1, sizeof *c->step, "a plan");
    if (status == ZSC_OK) c->step[c->steps++] = step;
    return status;
}

/* The step that writes the files of the item itself. */
static zsc_status own_step(const maker *m, zsc_paper_work work, size_t *at)
{
    char *name = base_name(m);
    zsc_status status = name ? zsc_paper_step_find(m->plan, name, work, at, NULL) : ZSC_EINTERNAL;
    free(name);
    return status == ZSC_OK ? use_step(m, *at) : status;
}

/* The table in each form: words -o T.tex --also T.csv --also T.html of the last command. */
static zsc_status write_tables(const maker *m, size_t step)
{
    static const char *const ending[] = {".tex", ".csv", ".html"};
    zsc_status status = ZSC_OK;
    char *path = NULL;
    for (size_t i = 0; i < sizeof ending / sizeof *ending && status == ZSC_OK; i++) {
        const char *relative;
        ZSC_TRY(add_file(m, ending[i], &relative));
        ZSC_TRY(output_path(m, step, relative, &path));
        ZSC_TRY(zsc_paper_step_words(m->plan, step, i ? "--also" : "-o", path, NULL));
        free(path);
        path = NULL;
    }
done:
    free(path);
    return status;
}

/* --- What is missing */
static zsc_status is_missing(const maker *m, const char *why) { return zsc_copy_text(why, &m->column->missing); }

static bool lacks_metadata(const maker *m, zsc_status *status)
{
    const char *why = m->plan->config->metadata_absent;
    if (why) *status = is_missing(m, why);
    return why != NULL;
}

/* "DINO: 'x.npz' is not there" of those of the list that are absent; *there: how many are not. */
static zsc_status list_absent(const zsc_paper_encoder *list, size_t count, const char *modality, char **out,
                              size_t *there)
{
    zsc_text text = {0};
    *there = 0;
    for (size_t i = 0; i < count; i++) {
        if (modality && strcmp(list[i].modality, modality) != 0) continue;
        if (list[i].source.absent)
            zsc_text_printf(&text, "%s%s: %s", text.length ? "; " : "", list[i].label, list[i].source.absent);
        else
            ++*there;
    }
    *out = text.data;
    return text.failed ? ZSC_EINTERNAL : ZSC_OK;
}

/* Adds to what the column lacks. */
static zsc_status is_without(const maker *m, const char *what)
{
    char *before = m->column->without, *all = zsc_asprintf("%s%s%s", before ? before : "", before ? "; " : "", what);
    if (!all) return ZSC_EINTERNAL;
    m->column->without = all;
    free(before);
    return ZSC_OK;
}

/* Whether encoders of the list are there; the column says which are not, or, where none is, why it is missing. */
static zsc_status check_encoders(const maker *m, const zsc_paper_encoder *list, size_t count, const char *modality,
                                 const char *key, bool *any)
{
    zsc_status status = ZSC_OK;
    char *absent = NULL;
    size_t there = 0;
    *any = false;
    if (lacks_metadata(m, &status) || status != ZSC_OK) return status;
    ZSC_TRY(list_absent(list, count, modality, &absent, &there));
    if (there == 0) {
        char *why = absent ? zsc_strdup(absent)
                           : zsc_asprintf("the configuration names no %s%sunder %s", modality ? modality : "",
                                          modality ? " encoder " : "encoder ", key);
        status = why ? is_missing(m, why) : ZSC_EINTERNAL;
        free(why);
    } else if (absent) {
        status = is_without(m, absent);
    }
    *any = there > 0;
done:
    free(absent);
    return status;
}

/* --- Tables of metadata */
static zsc_status stats_table(const maker *m, const char *kind, const char *only, const char *show,
                              const char *const *columns)
{
    zsc_status status = ZSC_OK;
    size_t step = 0;
    if (lacks_metadata(m, &status) || status != ZSC_OK) return status;
    ZSC_TRY(own_step(m, ZSC_PAPER_METADATA, &step));
    ZSC_TRY(zsc_list_add(&m->plan->step[step].inputs, m->plan->config->metadata));
    ZSC_TRY(zsc_paper_step_command(m->plan, step, "stats", m->plan->config->metadata, "--kind", kind, NULL));
    for (size_t i = 0; columns && columns[i]; i++)
        ZSC_TRY(zsc_paper_step_words(m->plan, step, "--column", columns[i], NULL));
    if (only) ZSC_TRY(zsc_paper_step_words(m->plan, step, "--only", only, NULL));
    if (show) ZSC_TRY(zsc_paper_step_words(m->plan, step, "--show", show, NULL));
    status = write_tables(m, step);
done:
    return status;
}

#define CATEGORIES "categories,labelled,labelled %,unlabelled,unlabelled %,imbalance"
static zsc_status table_2(const maker *m)
{
    return stats_table(m, "ranks", "phylum,class,order,family,subfamily,genus,species,dna_bin,dna_barcode", CATEGORIES,
                       NULL);
}
static zsc_status table_3(const maker *m) { return stats_table(m, "splits", "dna_barcode,species", NULL, NULL); }
static zsc_status table_a4(const maker *m) { return stats_table(m, "geography", NULL, CATEGORIES, NULL); }
static zsc_status table_a5(const maker *m)
{
    static const char *const sizes[] = {"image_measurement_value", "area_fraction", "scale_factor", NULL};
    return stats_table(m, "geography", "image_measurement_value,area_fraction,scale_factor", CATEGORIES, sizes);
}
static zsc_status table_a6(const maker *m)
{
    return stats_table(m, "sizes", NULL, "numbers,missing,min,median,mean,max,sd", NULL);
}
static zsc_status table_a9(const maker *m)
{
    return stats_table(m, "splits", "phylum,class,order,family,subfamily,genus,species", NULL, NULL);
}
static zsc_status table_a10(const maker *m)
{
    return stats_table(m, "splits", "dna_bin,dna_barcode,dna_barcode without trailing N", NULL, NULL);
}
static zsc_status table_a11(const maker *m) { return stats_table(m, "overlap", "species", "counts", NULL); }
static zsc_status table_a12(const maker *m) { return stats_table(m, "overlap", "species", "percent", NULL); }
static zsc_status table_a13(const maker *m) { return stats_table(m, "overlap", "genus", "counts", NULL); }
static zsc_status table_a14(const maker *m) { return stats_table(m, "overlap", "genus", "percent", NULL); }

/* --- Figures of metadata */
/* The figure as PDF and as SVG, as wide as so many columns of a page. SPLIT may be NULL. */
static zsc_status metadata_figure(const maker *m, const char *kind, const char *split, const char *columns)
{
    static const char *const ending[] = {".pdf", ".svg"};
    zsc_status status = ZSC_OK;
    const zsc_paper_config *c = m->plan->config;
    size_t step = 0;
    char *path = NULL;
    if (lacks_metadata(m, &status) || status != ZSC_OK) return status;
    ZSC_TRY(own_step(m, ZSC_PAPER_METADATA, &step));
    ZSC_TRY(zsc_list_add(&m->plan->step[step].inputs, c->metadata));
    bool coast = strcmp(kind, "map") == 0 && c->coastline;
    if (coast) ZSC_TRY(zsc_list_add(&m->plan->step[step].inputs, c->coastline));
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        const char *relative;
        ZSC_TRY(zsc_paper_step_command(m->plan, step, "plot", kind, c->metadata, NULL));
        if (split) ZSC_TRY(zsc_paper_step_words(m->plan, step, "--split", split, NULL));
        ZSC_TRY(zsc_paper_step_words(m->plan, step, "--columns", columns, NULL));
        if (coast) ZSC_TRY(zsc_paper_step_words(m->plan, step, "--coastline", c->coastline, NULL));
        ZSC_TRY(add_file(m, ending[i], &relative));
        ZSC_TRY(output_path(m, step, relative, &path));
        ZSC_TRY(zsc_paper_step_words(m->plan, step, "-o", path, NULL));
        free(path);
        path = NULL;
    }
done:
    free(path);
    return status;
}

static zsc_status figure_3(const maker *m) { return metadata_figure(m, "map", NULL, "1"); }
static zsc_status figure_a1(const maker *m) { return metadata_figure(m, "map", NULL, "2"); }
static zsc_status figure_a3(const maker *m) { return metadata_figure(m, "composition", NULL, "2"); }
static zsc_status figure_a7(const maker *m) { return metadata_figure(m, "prevalence", NULL, "2"); }
static zsc_status figure_a8(const maker *m) { return metadata_figure(m, "prevalence", "seen", "2"); }
static zsc_status figure_a9(const maker *m) { return metadata_figure(m, "prevalence", "unseen", "2"); }
static zsc_status figure_a10(const maker *m) { return metadata_figure(m, "prevalence", "other_heldout", "2"); }

/* --- Clustering */
/* "--style FILE --where missing=class --where seed=0" of the last command: the runs that the column shows. */
static zsc_status choose_runs(const maker *m, size_t step, bool pairs)
{
    zsc_status status = ZSC_OK;
    char *encoders = NULL;
    ZSC_TRY(zsc_paper_step_words(m->plan, step, "--style", m->plan->encoder_styles, "--where",
                                 m->sound ? "missing=drop" : "missing=class", NULL));
    if (!m->sound) ZSC_TRY(zsc_paper_step_words(m->plan, step, "--where", "seed=0", NULL));
    ZSC_TRY(zsc_paper_encoders_listed(m->plan, pairs, &encoders));
    if (encoders) ZSC_TRY(zsc_paper_step_words(m->plan, step, "--encoders", encoders, NULL));
done:
    free(encoders);
    return status;
}

/* The sweep of the column, and the item's own step behind it. */
static zsc_status after_sweep(const maker *m, zsc_paper_sweep kind, size_t *sweep, size_t *own)
{
    zsc_status status = zsc_paper_sweep_step(m->plan, kind, sweep);
    if (status == ZSC_OK) status = use_step(m, *sweep);
    if (status == ZSC_OK) status = own_step(m, ZSC_PAPER_DRAWING, own);
    return status == ZSC_OK ? zsc_paper_step_after(m->plan, *own, *sweep) : status;
}

static zsc_status figure_of_ranks(const maker *m, zsc_paper_sweep kind)
{
    static const char *const ending[] = {".pdf", ".svg"};
    zsc_status status = ZSC_OK;
    size_t sweep = 0, own = 0;
    bool any = false;
    char *path = NULL;
    const char *relative;
    ZSC_TRY(check_encoders(m, m->plan->config->encoder, m->plan->config->encoders, NULL, "encoders", &any));
    if (!any) goto done;
    ZSC_TRY(after_sweep(m, kind, &sweep, &own));
    const char *results = m->plan->step[sweep].results;
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        ZSC_TRY(zsc_paper_step_command(m->plan, own, "plot", "ranks", results, "--columns", "2", NULL));
        ZSC_TRY(choose_runs(m, own, false));
        if (m->sound) ZSC_TRY(zsc_paper_step_words(m->plan, own, "--ceiling", NULL));
        if (!m->sound && !m->plan->options->plain) ZSC_TRY(zsc_paper_step_words(m->plan, own, "--look", "paper", NULL));
        ZSC_TRY(add_file(m, ending[i], &relative));
        ZSC_TRY(output_path(m, own, relative, &path));
        ZSC_TRY(zsc_paper_step_words(m->plan, own, "-o", path, NULL));
        free(path);
        path = NULL;
    }
    ZSC_TRY(zsc_paper_step_command(m->plan, own, "table", "ranks", results, NULL));
    ZSC_TRY(choose_runs(m, own, false));
    if (m->sound) ZSC_TRY(zsc_paper_step_words(m->plan, own, "--ceiling", NULL));
    status = write_tables(m, own);
done:
    free(path);
    return status;
}

static zsc_status figure_6(const maker *m) { return figure_of_ranks(m, ZSC_PAPER_ALL_ROWS); }
static zsc_status figure_a11(const maker *m) { return figure_of_ranks(m, ZSC_PAPER_ONE_PER_BARCODE); }

static zsc_status table_a16(const maker *m)
{
    zsc_status status = ZSC_OK;
    size_t sweep = 0, own = 0;
    bool any = false;
    const zsc_paper_config *c = m->plan->config;
    ZSC_TRY(check_encoders(m, c->encoder, c->encoders, "image", "encoders", &any));
    if (any) ZSC_TRY(check_encoders(m, c->encoder, c->encoders, "dna", "encoders", &any));
    if (!any) goto done;
    ZSC_TRY(after_sweep(m, m->sound ? ZSC_PAPER_PAIRS_SOUND : ZSC_PAPER_PAIRS, &sweep, &own));
    ZSC_TRY(zsc_paper_step_command(m->plan, own, "table", "crossmodal", m->plan->step[sweep].results, "--rank",
                                   "species", NULL));
    ZSC_TRY(choose_runs(m, own, true));
    status = write_tables(m, own);
done:
    return status;
}

/* --- Nearest keys and linear probes */
enum { NEAREST, LINEAR };

/* The step that classifies queries of the splits by the encoder, and its file. */
static zsc_status probe_step(const maker *m, size_t encoder, int how, const char *split, size_t *at, char **file)
{
    zsc_status status = ZSC_OK;
    zsc_paper_plan *plan = m->plan;
    const zsc_paper_config *c = plan->config;
    const zsc_paper_source *source = &c->probe[encoder].source;
    bool made = false;
    char *name = zsc_asprintf("%s-%s-%zu", how == LINEAR ? "linear" : "nearest", split, encoder + 1);
    char *relative = name ? zsc_asprintf("probes/%s.json", name) : NULL;
    if (!relative) ZSC_TRY(ZSC_EINTERNAL);
    ZSC_TRY(zsc_paper_step_find(plan, name, how == LINEAR ? ZSC_PAPER_PROBE : ZSC_PAPER_SEARCH, at, &made));
    if (!(*file = zsc_asprintf("%s/%s", plan->options->output, relative))) ZSC_TRY(ZSC_EINTERNAL);
    if (!made) goto done;
    zsc_paper_step *step = &plan->step[*at];
    step->columns = source->columns;
    ZSC_TRY(zsc_list_add(&step->inputs, c->metadata));
    for (size_t i = 0; i < source->files.count; i++) ZSC_TRY(zsc_list_add(&step->inputs, source->files.item[i]));
    ZSC_TRY(zsc_list_add(&step->outputs, *file));
    ZSC_TRY(zsc_paper_step_command(plan, *at, how == LINEAR ? "probe" : "retrieve", "-e", source->spec, "-m",
                                   c->metadata, "--key-split", "train", "--query-split", split, "--one-per-barcode",
                                   "--ranks", how == LINEAR ? "species" : "genus", NULL));
    if (how == NEAREST) ZSC_TRY(zsc_paper_step_words(plan, *at, "--k", "1", NULL));
    for (size_t i = 0; how == LINEAR && i < c->settings; i++) {
        char *option = zsc_asprintf("--%s", c->linear[i].name);
        status = option ? zsc_paper_step_words(plan, *at, option, c->linear[i].value, NULL) : ZSC_EINTERNAL;
        free(option);
        if (status != ZSC_OK) goto done;
    }
    if (how == LINEAR && c->settings == 0) /* as in the paper; the other settings are the defaults of zsc probe */
        ZSC_TRY(zsc_paper_step_words(plan, *at, "--stopping-split", "val", NULL));
    status = zsc_paper_step_words(plan, *at, "-o", *file, NULL);
done:
    free(name);
    free(relative);
    return status;
}

/* Adds the files of the encoders of probes to the last command of the item's own step, which comes after them. */
static zsc_status add_probes(const maker *m, size_t own, int how, const char *split)
{
    zsc_status status = ZSC_OK;
    for (size_t e = 0; e < m->plan->config->probes && status == ZSC_OK; e++) {
        size_t at = 0;
        char *file = NULL;
        if (m->plan->config->probe[e].source.absent) continue;
        status = probe_step(m, e, how, split, &at, &file);
        if (status == ZSC_OK) status = zsc_paper_step_words(m->plan, own, file, NULL);
        if (status == ZSC_OK) status = zsc_paper_step_after(m->plan, own, at);
        free(file);
    }
    return status;
}

static zsc_status begin_probes(const maker *m, size_t *own, bool *any)
{
    zsc_status status = check_encoders(m, m->plan->config->probe, m->plan->config->probes, NULL, "probes", any);
    return status == ZSC_OK && *any ? own_step(m, ZSC_PAPER_DRAWING, own) : status;
}

static zsc_status table_4(const maker *m)
{
    zsc_status status = ZSC_OK;
    size_t own = 0;
    bool any = false;
    ZSC_TRY(begin_probes(m, &own, &any));
    if (!any) goto done;
    ZSC_TRY(zsc_paper_step_command(m->plan, own, "table", "probe", NULL));
    ZSC_TRY(add_probes(m, own, NEAREST, "test_unseen"));
    ZSC_TRY(add_probes(m, own, LINEAR, "test"));
    ZSC_TRY(zsc_paper_step_words(m->plan, own, "--style", m->plan->probe_styles, NULL));
    if (m->sound) ZSC_TRY(zsc_paper_step_words(m->plan, own, "--intervals", NULL));
    status = write_tables(m, own);
done:
    return status;
}

static zsc_status table_a15(const maker *m)
{
    zsc_status status = ZSC_OK;
    size_t own = 0;
    bool any = false;
    ZSC_TRY(begin_probes(m, &own, &any));
    if (!any) goto done;
    ZSC_TRY(zsc_paper_step_command(m->plan, own, "table", "probe", NULL));
    ZSC_TRY(add_probes(m, own, NEAREST, "val_unseen"));
    ZSC_TRY(zsc_paper_step_words(m->plan, own, "--score", "macro", "--style", m->plan->probe_styles, NULL));
    if (m->sound) ZSC_TRY(zsc_paper_step_words(m->plan, own, "--intervals", NULL));
    status = write_tables(m, own);
done:
    return status;
}

/* --- Retrieval */
static const struct {
    const char *name; /* queries, keys */
    bool image_queries, image_keys;
} pairs[] = {{"dna-dna", false, false}, {"image-image", true, true}, {"image-dna", true, false}};
enum { PAIRS = sizeof pairs / sizeof *pairs };
#define EXAMPLES "6" /* of Figure A12 */

static zsc_status check_models(const maker *m, bool *any)
{
    zsc_status status = ZSC_OK;
    zsc_text text = {0};
    const zsc_paper_config *c = m->plan->config;
    size_t there = 0;
    *any = false;
    if (lacks_metadata(m, &status) || status != ZSC_OK) return status;
    for (size_t i = 0; i < c->models; i++) {
        const zsc_paper_model *model = &c->model[i];
        const char *absent = model->image.absent ? model->image.absent : model->dna.absent;
        if (absent)
            zsc_text_printf(&text, "%s%s: %s", text.length ? "; " : "", model->label, absent);
        else
            there++;
    }
    if (text.failed) status = ZSC_EINTERNAL;
    if (status == ZSC_OK && there == 0)
        status = is_missing(m, text.data ? text.data : "the configuration names no model under retrieval");
    else if (status == ZSC_OK && text.data)
        status = is_without(m, text.data);
    *any = there > 0;
    free(text.data);
    return status;
}

static zsc_status add_model_inputs(zsc_paper_step *step, const zsc_paper_source *source)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < source->files.count && status == ZSC_OK; i++)
        status = zsc_list_add_once(&step->inputs, source->files.item[i], NULL);
    return status;
}

/* The search of a pair of modalities of a model: FILE has its scores, EXAMPLES drawn queries with their keys. */
static zsc_status search_step(const maker *m, size_t model, size_t pair, size_t *at, char **file, char **examples)
{
    zsc_status status = ZSC_OK;
    zsc_paper_plan *plan = m->plan;
    const zsc_paper_config *c = plan->config;
    const zsc_paper_source *keys = pairs[pair].image_keys ? &c->model[model].image : &c->model[model].dna,
                           *queries = pairs[pair].image_queries ? &c->model[model].image : &c->model[model].dna;
    bool made = false;
    char *name = zsc_asprintf("retrieval-%zu-%s", model + 1, pairs[pair].name);
    if (!name) ZSC_TRY(ZSC_EINTERNAL);
    ZSC_TRY(zsc_paper_step_find(plan, name, ZSC_PAPER_SEARCH, at, &made));
    if (!(*file = zsc_asprintf("%s/retrieval/%s.json", plan->options->output, name))) ZSC_TRY(ZSC_EINTERNAL);
    if (!(*examples = zsc_asprintf("retrieval/%s-examples.csv", name))) ZSC_TRY(ZSC_EINTERNAL);
    if (!made) goto done;
    char *example_path = NULL;
    zsc_paper_step *step = &plan->step[*at];
    ZSC_TRY(zsc_list_add(&step->inputs, c->metadata));
    ZSC_TRY(add_model_inputs(step, keys));
    ZSC_TRY(add_model_inputs(step, queries));
    ZSC_TRY(zsc_list_add(&step->outputs, *file));
    ZSC_TRY(zsc_paper_step_command(plan, *at, "retrieve", "-e", keys->spec, NULL));
    if (keys != queries) ZSC_TRY(zsc_paper_step_words(plan, *at, "--queries", queries->spec, NULL));
    ZSC_TRY(zsc_paper_step_words(plan, *at, "-m", c->metadata, "--key-split", "train+key_unseen", "--query-split",
                                 "test,test_unseen", "--k", "1", "--ranks", "order,family,genus,species", "-o", *file,
                                 NULL));
    ZSC_TRY(output_path(m, *at, *examples, &example_path));
    status = zsc_paper_step_words(plan, *at, "--examples", EXAMPLES, "--examples-file", example_path, NULL);
    free(example_path);
done:
    free(name);
    return status;
}

static zsc_status retrieval_table(const maker *m, const char *score)
{
    zsc_status status = ZSC_OK;
    size_t own = 0, at = 0;
    bool any = false;
    const zsc_paper_config *c = m->plan->config;
    char *file = NULL, *examples = NULL;
    ZSC_TRY(check_models(m, &any));
    if (!any) goto done;
    ZSC_TRY(own_step(m, ZSC_PAPER_DRAWING, &own));
    ZSC_TRY(zsc_paper_step_command(m->plan, own, "table", "retrieval", NULL));
    for (size_t i = 0; i < c->models; i++)
        for (size_t p = 0; p < PAIRS && !c->model[i].image.absent && !c->model[i].dna.absent; p++) {
            ZSC_TRY(search_step(m, i, p, &at, &file, &examples));
            ZSC_TRY(zsc_paper_step_words(m->plan, own, file, NULL));
            ZSC_TRY(zsc_paper_step_after(m->plan, own, at));
            free(file), free(examples);
            file = examples = NULL;
        }
    ZSC_TRY(zsc_paper_step_words(m->plan, own, "--ranks", "order,family,genus,species", "--score", score, "--style",
                                 m->plan->model_styles, NULL));
    if (m->sound) ZSC_TRY(zsc_paper_step_words(m->plan, own, "--intervals", NULL));
    status = write_tables(m, own);
done:
    free(file);
    free(examples);
    return status;
}

static zsc_status table_5(const maker *m) { return retrieval_table(m, "macro"); }
static zsc_status table_a17(const maker *m) { return retrieval_table(m, "micro"); }

/* Examples of the last model that is there: the one after alignment. */
static zsc_status figure_a12(const maker *m)
{
    zsc_status status = ZSC_OK;
    bool any = false;
    const zsc_paper_config *c = m->plan->config;
    char *file = NULL, *examples = NULL;
    ZSC_TRY(check_models(m, &any));
    if (!any) goto done;
    if (c->images_absent) {
        char *pictures = zsc_asprintf("pictures: %s", c->images_absent);
        status = pictures ? is_without(m, pictures) : ZSC_EINTERNAL;
        free(pictures);
        if (status != ZSC_OK) goto done;
    }
    size_t model = c->models - 1;
    while (c->model[model].image.absent || c->model[model].dna.absent) model--;
    for (size_t p = PAIRS; p-- > 0;) {
        size_t at = 0;
        ZSC_TRY(search_step(m, model, p, &at, &file, &examples));
        ZSC_TRY(zsc_list_add(&m->column->files, examples));
        ZSC_TRY(use_step(m, at));
        free(file), free(examples);
        file = examples = NULL;
    }
done:
    free(file);
    free(examples);
    return status;
}

/* --- The items */
static const struct {
    bool figure, sound; /* sound: it has a second column */
    const char *number, *title, *caption;
    zsc_status (*make)(const maker *m);
} items[] = {
    {false, false, "2", "Taxonomic ranks",
     "Categories of each taxonomic rank, of BINs and of barcodes; records with and without a label; imbalance ratio.",
     table_2},
    {false, false, "3", "Partitions", "Records, distinct barcodes as they stand, and species of each split.", table_3},
    {true, false, "3", "Collection sites", "Sites by latitude and longitude; the colour is the number of specimens.",
     figure_3},
    {false, true, "4", "DNA-based classification",
     "Accuracy (%) of the nearest key at genus (unseen species) and of a linear probe at species (seen species); one "
     "record per barcode.",
     table_4},
    {true, true, "6", "Zero-shot clustering",
     "AMI (%) of clusters with taxonomic labels, rank by rank; each encoder alone, all test records.", figure_6},
    {false, true, "5", "Retrieval between modalities",
     "Top-1 macro accuracy (%) of DNA to DNA, image to image and image to DNA; seen and unseen species, and their "
     "harmonic mean.",
     table_5},
    {true, false, "A1", "Collection sites, large", "Sites by latitude and longitude, on the width of a page.",
     figure_a1},
    {true, false, "A3", "Taxonomic composition", "Taxa by their share of the records, a column for each rank.",
     figure_a3},
    {false, false, "A4", "Geography",
     "Countries, provinces and coordinates: categories, records with and without, imbalance ratio.", table_a4},
    {false, false, "A5", "Size columns as categories",
     "Distinct values of the columns of specimen size, records with and without, imbalance ratio.", table_a5},
    {false, false, "A6", "Specimen size", "Distribution of the columns of specimen size.", table_a6},
    {true, false, "A7", "Prevalence of species", "Species by their records and by their distinct barcodes.", figure_a7},
    {true, false, "A8", "Prevalence of seen species", "As Figure A7, of train, val and test.", figure_a8},
    {true, false, "A9", "Prevalence of unseen species", "As Figure A7, of key_unseen, val_unseen and test_unseen.",
     figure_a9},
    {true, false, "A10", "Prevalence of heldout species", "As Figure A7, of other_heldout.", figure_a10},
    {false, false, "A9", "Taxa of the partitions", "Records and distinct taxa of each rank, by split.", table_a9},
    {false, false, "A10", "Barcodes of the partitions",
     "Records, BINs and distinct barcodes, as they stand and without N at the end, by split.", table_a10},
    {false, false, "A11", "Species in common", "How many species two splits share.", table_a11},
    {false, false, "A12", "Species in common, per cent", "As Table A11, in per cent of the species of the row's split.",
     table_a12},
    {false, false, "A13", "Genera in common", "How many genera two splits share.", table_a13},
    {false, false, "A14", "Genera in common, per cent", "As Table A13, in per cent of the genera of the row's split.",
     table_a14},
    {false, true, "A15", "Nearest-neighbour probe",
     "Balanced accuracy (%) of the nearest key at genus, on val_unseen; one record per barcode.", table_a15},
    {true, true, "A11", "Zero-shot clustering, one record per barcode",
     "As Figure 6, with one record for each DNA barcode.", figure_a11},
    {false, true, "A16", "Cross-modal clustering",
     "AMI (%) at species of every pair of an image and a DNA encoder, and of each alone; one record per barcode, "
     "z-scores.",
     table_a16},
    {false, true, "A17", "Retrieval between modalities, micro accuracy", "As Table 5, top-1 micro accuracy (%).",
     table_a17},
    {true, false, "A12", "Examples of retrieval",
     "Drawn queries with their five nearest keys, and the deepest rank at which both have one label.", figure_a12},
};
enum { ITEMS = sizeof items / sizeof *items };

zsc_status zsc_paper_items_add(zsc_paper_plan *plan)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_paper_styles_make(plan));
    ZSC_TRY(zsc_grow(&plan->item, &plan->item_capacity, ITEMS, sizeof *plan->item, "a plan"));
    for (size_t i = 0; i < ITEMS; i++) {
        zsc_paper_item *item = &plan->item[plan->items++];
        *item = (zsc_paper_item){
            .number = items[i].number, .figure = items[i].figure, .title = items[i].title, .caption = items[i].caption};
        for (int c = 0; c <= (items[i].sound && plan->options->sound); c++) {
            const maker m = {plan, item, &item->column[c], c == ZSC_PAPER_SOUND};
            item->column[c].there = true;
            ZSC_TRY(items[i].make(&m));
        }
    }
done:
    return status;
}
