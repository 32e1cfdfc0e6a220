/* Writes embeddings of any layout, joined on the id, to one file of the suite's own layout.
 *
 * Where the output is there already its encoders come first, and the rows stay its rows: the new encoders must have all
 * of its ids. The file is written anew beside the old one and takes its place when it is complete. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/options.h"
#include "base/threads.h"
#include "data/find_labels.h"
#include "data/join_embeddings.h"
#include "data/read_matrix.h"
#include "data/select_rows.h"
#include "io/file_layout.h"
#include "io/files/atomic.h"
#include "io/files/lock.h"
#include "io/labels/label_objects.h"
#include "zsc/import.h"

typedef struct import_job {
    const zsc_import_options *options;
    zsc_file_layout file_layout;
    const char *output;
    zsc_list spec; /* FILE:ENCODER of each encoder */
    size_t old;    /* the first of them are the output's own */
    zsc_loading l;
    zsc_h5 *out;
    zsc_identity before; /* the output as it was read */
} import_job;

/* --- What to write */
/* All encoders of a file, or the one that is named. */
static zsc_status add_specs(import_job *job, const char *source)
{
    zsc_status status = ZSC_OK;
    zsc_embeddings *v = NULL;
    const zsc_encoder *one = NULL;
    char *path = NULL, *encoder = NULL, *spec = NULL;
    ZSC_TRY(zsc_embeddings_split_name(source, &path, &encoder));
    if (zsc_embeddings_is_pattern(encoder)) {
        status = zsc_context(zsc_embeddings_unfold(source, &job->file_layout, &job->spec), "embeddings");
        goto done;
    }
    ZSC_TRY(zsc_context(zsc_embeddings_open(path, &job->file_layout, &v), "embeddings"));
    if (encoder) ZSC_TRY(zsc_embeddings_encoder(v, encoder, &one));
    for (size_t i = 0; i < v->skipped.count && v->encoders == 0; i++) { /* all that there is cannot be read */
        if (v->skipped_is_label[i]) continue;
        status = zsc_fail(ZSC_EINPUT, "%s", v->why_skipped.item[i]);
        goto done;
    }
    for (size_t i = 0; i < v->encoders; i++) {
        const char *name = v->encoder[i].name;
        if (one && one != &v->encoder[i]) continue;
        free(spec);
        if (!(spec = zsc_asprintf("%s:%s", path, name))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(zsc_list_add(&job->spec, spec));
    }
done:
    zsc_embeddings_close(v);
    free(path);
    free(encoder);
    free(spec);
    return status;
}

static zsc_status list_specs(import_job *job)
{
    zsc_status status = ZSC_OK;
    const zsc_import_options *o = job->options;
    if (job->before.there && zsc_output_is_file(job->output) && !o->overwrite) ZSC_TRY(add_specs(job, job->output));
    job->old = job->spec.count;
    for (size_t i = 0; i < o->source_count; i++) ZSC_TRY(add_specs(job, o->sources[i]));
    if (o->name && job->spec.count - job->old != 1)
        status = zsc_fail(ZSC_EUSAGE, "a name goes with one encoder, and %zu are imported", job->spec.count - job->old);
done:
    return status;
}

static const char *name_of(const import_job *job, size_t m)
{
    return m >= job->old && job->options->name ? job->options->name : job->l.encoder[m]->name;
}

/* An old encoder whose name a new one takes goes, where the user says so. */
static zsc_status check_names(import_job *job, bool *dropped)
{
    for (size_t m = 0; m < job->l.files; m++) {
        const char *name = name_of(job, m);
        if (!*name || strchr(name, '/') || strcmp(name, ".") == 0)
            return zsc_fail(ZSC_EUSAGE, "'%s' cannot be the name of an encoder%s", name,
                            *name ? "; --name gives it another" : "");
        if (!zsc_text_is_name(name))
            return zsc_fail(ZSC_EUSAGE,
                            "'%s' cannot be the name of an encoder: it is not UTF-8, or has a line end in it; --name "
                            "gives it another",
                            name);
        for (size_t i = 0; i < m; i++) {
            if (dropped[i] || strcmp(name, name_of(job, i)) != 0) continue;
            if (i >= job->old)
                return zsc_fail(ZSC_EINPUT, "two encoders are called '%s': import them one by one, with a name each",
                                name);
            if (!job->options->replace)
                return zsc_fail(ZSC_EINPUT,
                                "'%s' has an encoder '%s' already; it can be replaced, or the new one named otherwise",
                                job->output, name);
            dropped[i] = true;
        }
    }
    return ZSC_OK;
}

static zsc_status check_rows(const import_job *job)
{
    const zsc_selection *s = &job->l.selection;
    if (job->old && s->kept != s->embedded)
        return zsc_fail(ZSC_EINPUT,
                        "'%s' has %zu rows, of which %zu have no partner in what is imported: the ids do not agree",
                        job->output, s->embedded, s->embedded - s->kept);
    return ZSC_OK;
}

/* --- Writing */
static zsc_status write_column(import_job *job, const zsc_label_column *column)
{
    zsc_status status = ZSC_OK;
    const zsc_loading *l = &job->l;
    const char **text = NULL;
    char *object = zsc_asprintf(column->rank ? "/labels/%s" : "/%s", column->name);
    if (!object) return ZSC_EINTERNAL;
    ZSC_NEW(text, l->selection.kept);
    for (size_t i = 0; i < l->selection.kept; i++) {
        int32_t code = column->code[l->kept[i]];
        text[i] = code < 0 ? "" : zsc_names_get(&column->names, (size_t)code);
    }
    status = zsc_h5_write_strings(job->out, object, text, l->selection.kept);
done:
    free(text);
    free(object);
    return status;
}

static zsc_status write_ids(import_job *job)
{
    zsc_status status = ZSC_OK;
    const zsc_loading *l = &job->l;
    const char **text = NULL;
    ZSC_NEW(text, l->selection.kept);
    for (size_t i = 0; i < l->selection.kept; i++) text[i] = zsc_names_get(&l->id, (size_t)l->kept[i]);
    status = zsc_h5_write_strings(job->out, "/id", text, l->selection.kept);
done:
    free(text);
    return status;
}

static zsc_status write_attributes(import_job *job, size_t m, const char *object)
{
    zsc_status status = ZSC_OK;
    const zsc_encoder *e = job->l.encoder[m];
    const zsc_import_options *o = job->options;
    bool new = m >= job->old;
    const struct {
        const char *name, *value;
    } texts[] = {{"modality", new && o->modality ? o->modality : e->modality},
                 {"label", new && o->label ? o->label : e->label},
                 {"architecture", new && o->architecture ? o->architecture : e->architecture}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (*texts[i].value) ZSC_TRY(zsc_h5_set_text(job->out, object, texts[i].name, texts[i].value));
done:
    return status;
}

/* Rows go piece by piece: zsc_read_matrix reads those of a window of l->kept. */
static zsc_status write_encoder(import_job *job, size_t m)
{
    enum { PIECE = 8 << 20 };
    zsc_status status = ZSC_OK;
    zsc_loading *l = &job->l;
    const zsc_encoder *e = l->encoder[m];
    size_t n = l->selection.kept, rows = PIECE / (e->d * sizeof(float)) + 1, shape[2] = {n, e->d};
    int32_t *kept = l->kept;
    float *x = NULL;
    char *object = zsc_asprintf("/embeddings/%s", name_of(job, m));
    if (!object) return ZSC_EINTERNAL;
    bool half = strncmp(e->type, "float16", 7) == 0;
    ZSC_NEW_RAW(x, rows * e->d);
    ZSC_TRY(zsc_h5_make(job->out, object, half ? ZSC_H5_F16 : ZSC_H5_F32, 2, shape));
    for (size_t first = 0; first < n; first += rows) {
        l->kept = kept + first;
        l->selection.kept = n - first < rows ? n - first : rows;
        zsc_matrix_block to = {.f32 = x, .n = l->selection.kept, .d = e->d, .stride = e->d};
        ZSC_TRY(zsc_read_matrix(l, m, to));
        ZSC_TRY(zsc_h5_write_rows(job->out, object, ZSC_H5_F32, first, l->selection.kept, x));
    }
    ZSC_TRY(write_attributes(job, m, object));
done:
    l->kept = kept;
    l->selection.kept = n;
    free(x);
    free(object);
    return status;
}

static zsc_status check_label_names(const import_job *job)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    for (size_t i = 0; i < job->l.labels.columns; i++) {
        const zsc_label_column *column = &job->l.labels.column[i];
        if (column->known && column->rank) ZSC_TRY(zsc_list_add(&names, column->name));
    }
    status = zsc_label_names_check(job->output, &names);
done:
    zsc_list_free(&names);
    return status;
}

static zsc_status write_file(import_job *job)
{
    zsc_status status = ZSC_OK;
    zsc_loading *l = &job->l;
    bool *dropped = NULL, simulated = false;
    zsc_h5 *out;
    ZSC_NEW(dropped, l->files);
    ZSC_TRY(check_names(job, dropped));
    ZSC_TRY(check_rows(job));
    ZSC_TRY(check_label_names(job));
    ZSC_TRY(zsc_h5_create(job->output, &job->out));
    ZSC_TRY(write_ids(job));
    for (size_t i = 0; i < l->labels.columns; i++)
        if (l->labels.column[i].known) ZSC_TRY(write_column(job, &l->labels.column[i]));
    for (size_t m = 0; m < l->files; m++) {
        simulated = simulated || l->file[m]->simulated;
        if (!dropped[m]) ZSC_TRY(write_encoder(job, m));
    }
    if (simulated) ZSC_TRY(zsc_h5_set_int(job->out, "/", "simulated", 1));
    ZSC_TRY(zsc_identity_check(job->output, &job->before));
    out = job->out;
    job->out = NULL;
    status = zsc_h5_commit(out);
done:
    free(dropped);
    return status;
}

/* What is said of an encoder, in attributes of its dataset. */
static zsc_status check_texts(const zsc_import_options *options)
{
    const char *const text[] = {options->modality, options->label, options->architecture};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (text[i] && !zsc_text_is_name(text[i]))
            return zsc_fail(ZSC_EUSAGE, "the %s '%s' is not UTF-8, or has a line end in it",
                            i == 0   ? "modality"
                            : i == 1 ? "label"
                                     : "architecture",
                            text[i]);
    return ZSC_OK;
}

zsc_status zsc_import(const zsc_import_options *options, const char *output, const zsc_exec *exec,
                      zsc_selection *selection)
{
    ZSC_OPTIONS(zsc_import_options, options, ((zsc_import_options){0}));
    zsc_status status = ZSC_OK;
    import_job job = {.options = options, .output = output};
    job.file_layout = zsc_file_layout_with_missing(&options->file_layout, options->missing_values);
    zsc_dataset_options data = zsc_dataset_defaults();
    zsc_lock *lock = NULL;
    if (options->source_count == 0) return zsc_fail(ZSC_EUSAGE, "nothing to import");
    ZSC_TRY(check_texts(options));
    ZSC_TRY(zsc_lock_take(output, exec, &lock));
    job.before = zsc_identity_of(output);
    ZSC_TRY(list_specs(&job));
    data.embeddings = (const char *const *)job.spec.item;
    data.embedding_count = job.spec.count;
    data.metadata = options->metadata;
    data.split = options->split;
    data.columns = options->columns;
    data.file_layout = job.file_layout;
    data.missing_values = options->missing_values;
    data.where = options->where;
    data.where_count = options->where_count;
    data.ids = options->ids;
    data.ids_in_order = options->ids_in_order;
    job.l = (zsc_loading){.options = &data, .exec = exec, .all_columns = true};
    ZSC_TRY(zsc_join_embeddings(&job.l));
    ZSC_TRY(zsc_find_labels(&job.l));
    ZSC_TRY(zsc_select_rows(&job.l));
    ZSC_TRY(write_file(&job));
    if (selection) *selection = job.l.selection;
done:
    zsc_h5_close(job.out);
    zsc_lock_release(lock);
    zsc_loading_free(&job.l);
    zsc_list_free(&job.spec);
    return status;
}
