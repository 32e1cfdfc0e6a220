#include "cli/commands/retrieve_output.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/pipeline/retrieve_intervals.h"
#include "experiment/series/retrieval_file.h"
#include "experiment/settings/choices.h"
#include "experiment/store/retrieval_record.h"
#include "io/file_form.h"
#include "io/files/atomic.h"
#include "io/text/csv.h"
#include "zsc/zsc.h"

/* --- Table and CSV */
static void add_fraction(cli_cells *c, double value, bool csv)
{
    if (isnan(value))
        cli_cells_add(c, "%s", csv ? "" : "-");
    else
        cli_cells_add(c, csv ? "%.17g" : "%.1f", csv ? value : 100 * value);
}

static void add_none(cli_cells *c, size_t count, bool csv)
{
    for (size_t i = 0; i < count; i++) cli_cells_add(c, "%s", csv ? "" : "-");
}

/* O: NULL where there is no k. */
static void add_rank(cli_cells *c, const zsc_retrieve_result *r, const zsc_retrieve_options *o, size_t rank, size_t k)
{
    cli_cells_add(c, "%s", r->rank[rank]);
    if (o) cli_cells_add(c, "%zu", o->k[k]);
}

static void add_row(cli_cells *c, const zsc_retrieve_result *r, const zsc_retrieve_options *o, size_t rank, size_t k,
                    size_t column, bool csv)
{
    const zsc_retrieval_scores *s = zsc_retrieve_score(r, rank, k, column);
    add_rank(c, r, o, rank, k);
    cli_cells_add(c, "%s", r->column[column].split);
    cli_cells_add(c, "%zu", s->queries);
    cli_cells_add(c, "%zu", s->missing);
    cli_cells_add(c, "%zu", s->classes);
    cli_cells_add(c, "%zu", s->reachable);
    cli_cells_add(c, "%zu", s->reachable_classes);
    add_fraction(c, s->micro, csv);
    add_fraction(c, s->macro, csv);
}

/* Of percentages with one decimal, as tables have them. */
static void printed_harmonic(const zsc_retrieve_result *r, size_t rank, size_t k, double *micro, double *macro)
{
    double value[2][CLI_MOST_COLUMNS];
    for (size_t c = 0; c < r->columns; c++) {
        const zsc_retrieval_scores *s = zsc_retrieve_score(r, rank, k, c);
        value[0][c] = s->micro;
        value[1][c] = s->macro;
    }
    *micro = zsc_retrieval_printed_mean(value[0], r->columns) / 100;
    *macro = zsc_retrieval_printed_mean(value[1], r->columns) / 100;
}

/* Low and high of the intervals, in columns of their own. */
static void add_bounds(cli_cells *c, const zsc_retrieve_result *r, size_t rank, size_t k)
{
    for (size_t macro = 0; macro < 2; macro++) {
        const zsc_interval *i = &r->interval[(rank * r->ks + k) * 2 + macro];
        add_fraction(c, i->low, true);
        add_fraction(c, i->high, true);
    }
}

static void add_mean(cli_cells *c, double mean, zsc_interval i)
{
    if (isnan(mean) || isnan(i.low))
        add_fraction(c, mean, false);
    else
        cli_cells_add(c, "%.1f [%.1f, %.1f]", 100 * mean, 100 * i.low, 100 * i.high);
}

/* The harmonic means at a rank and k. */
static void add_means(cli_cells *c, const zsc_retrieve_result *r, const zsc_retrieve_options *o, size_t rank, size_t k,
                      bool csv)
{
    double micro, macro;
    const zsc_interval *interval = &r->interval[(rank * r->ks + k) * 2];
    add_rank(c, r, o, rank, k);
    cli_cells_add(c, "%s", csv ? "harmonic_mean" : "harmonic mean");
    add_none(c, 5, csv);
    if (csv) {
        zsc_retrieve_harmonic(r, rank, k, &micro, &macro);
        add_fraction(c, micro, true);
        add_fraction(c, macro, true);
        add_bounds(c, r, rank, k);
        return;
    }
    printed_harmonic(r, rank, k, &micro, &macro);
    add_mean(c, micro, interval[0]);
    add_mean(c, macro, interval[1]);
}

static zsc_status print_cells(const zsc_retrieve_result *r, const zsc_retrieve_options *o, bool csv)
{
    static const char *const header[] = {
        "k", "rank", "split", "queries", "missing", "classes", "reachable", "reachable classes", "micro %", "macro %"};
    static const char *const csv_header[] = {
        "k",     "rank",  "split",     "queries",    "missing",   "classes",   "reachable", "reachable_classes",
        "micro", "macro", "micro_low", "micro_high", "macro_low", "macro_high"};
    enum { COLUMNS = sizeof header / sizeof *header, CSV_COLUMNS = sizeof csv_header / sizeof *csv_header };
    const char *shown[CSV_COLUMNS];
    size_t columns = csv ? CSV_COLUMNS : COLUMNS;
    cli_cells cells = {0};
    for (size_t rank = 0; rank < r->ranks; rank++)
        for (size_t k = 0; k < r->ks; k++) {
            for (size_t c = 0; c < r->columns; c++) {
                add_row(&cells, r, o, rank, k, c, csv);
                if (csv) add_none(&cells, 4, true);
            }
            if (r->columns > 1) add_means(&cells, r, o, rank, k, csv);
        }
    memcpy(shown, csv ? csv_header : header, columns * sizeof *shown);
    shown[0] = shown[1]; /* k stands behind the rank */
    shown[1] = o ? "k" : shown[1];
    return cli_cells_print(&cells, o ? shown : shown + 1, o ? columns : columns - 1, csv);
}

/* --- JSON */
/* Frees ROOT, which may be NULL. */
static zsc_status print_json(json_t *root, zsc_status status)
{
    char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(root);
    if (status != ZSC_OK) return status;
    if (!text) return zsc_fail(ZSC_EINTERNAL, "out of memory for the JSON of what was found");
    puts(text);
    free(text);
    return ZSC_OK;
}

/* --- Files of classes */
static const char *name_of(const zsc_retrieve_result *r, size_t rank, int32_t label)
{
    return label < 0 ? "" : zsc_names_get(&r->name[rank], (size_t)label);
}

/* What all rows begin with. */
static void add_place(cli_cells *c, const zsc_retrieve_result *r, const zsc_retrieve_options *o, const size_t at[3])
{
    cli_cells_add(c, "%s", r->rank[at[0]]);
    cli_cells_add(c, "%zu", o->k[at[1]]);
    cli_cells_add(c, "%s", r->column[at[2]].split);
}

static void add_classes(cli_cells *c, const zsc_retrieve_result *r, const zsc_retrieve_options *o, const size_t at[3])
{
    const zsc_retrieval_details *d = zsc_retrieve_details(r, at[0], at[1], at[2]);
    for (size_t i = 0; i < d->classes; i++) {
        const zsc_retrieval_class *class = &d->class[i];
        add_place(c, r, o, at);
        cli_cells_add(c, "%s", name_of(r, at[0], class->label));
        cli_cells_add(c, "%zu", class->keys);
        cli_cells_add(c, "%zu", class->queries);
        cli_cells_add(c, "%zu", class->right);
        cli_cells_real(c, (double)class->right / (double)class->queries, true, 0);
    }
}

static void add_confusions(cli_cells *c, const zsc_retrieve_result *r, const zsc_retrieve_options *o,
                           const size_t at[3])
{
    const zsc_retrieval_details *d = zsc_retrieve_details(r, at[0], at[1], at[2]);
    for (size_t i = 0; i < d->confusions; i++) {
        add_place(c, r, o, at);
        cli_cells_add(c, "%s", name_of(r, at[0], d->confusion[i].label));
        cli_cells_add(c, "%s", name_of(r, at[0], d->confusion[i].taken_for));
        cli_cells_add(c, "%zu", d->confusion[i].queries);
    }
}

/* Classes without a key, with one, with 2 to 3, 4 to 7, and so on. */
static void add_by_keys(cli_cells *c, const zsc_retrieve_result *r, const zsc_retrieve_options *o, const size_t at[3])
{
    const zsc_retrieval_details *d = zsc_retrieve_details(r, at[0], at[1], at[2]);
    for (size_t from = 0, to = 0; from <= r->keys; from = to + 1, to = 2 * from - 1) {
        size_t classes = 0, queries = 0, right = 0;
        double recalls = 0;
        for (size_t i = 0; i < d->classes; i++) {
            const zsc_retrieval_class *class = &d->class[i];
            if (class->keys < from || class->keys > to) continue;
            classes++;
            queries += class->queries;
            right += class->right;
            recalls += (double)class->right / (double)class->queries;
        }
        if (classes == 0) continue;
        add_place(c, r, o, at);
        cli_cells_add(c, "%zu", from);
        cli_cells_add(c, "%zu", to);
        cli_cells_add(c, "%zu", classes);
        cli_cells_add(c, "%zu", queries);
        cli_cells_add(c, "%zu", right);
        cli_cells_real(c, (double)right / (double)queries, true, 0);
        cli_cells_real(c, recalls / (double)classes, true, 0);
    }
}

typedef struct detail_file {
    void (*add)(cli_cells *, const zsc_retrieve_result *, const zsc_retrieve_options *, const size_t[3]);
    const char *header[11];
    size_t columns;
    unsigned texts; /* a bit for each column that is text */
} detail_file;
static const detail_file detail_files[] = {
    {.add = add_classes,
     .header = {"rank", "k", "split", "class", "keys", "queries", "right", "recall"},
     .columns = 8,
     .texts = 1 | 4 | 8},
    {.add = add_confusions,
     .header = {"rank", "k", "split", "class", "taken_for", "queries"},
     .columns = 6,
     .texts = 1 | 4 | 8 | 16},
    {.add = add_by_keys,
     .header = {"rank", "k", "split", "keys_from", "keys_to", "classes", "queries", "right", "micro", "macro"},
     .columns = 10,
     .texts = 1 | 4},
};

static zsc_status put_json(FILE *out, const detail_file *f, const cli_cells *c)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < c->list.count && status == ZSC_OK; i++) {
        size_t column = i % f->columns;
        json_t *text = json_string(c->list.item[i]);
        char *quoted = text ? json_dumps(text, JSON_ENCODE_ANY) : NULL;
        fprintf(out, "%s\"%s\": %s%s",
                column ? ", "
                : i    ? ",\n{"
                       : "[\n{",
                f->header[column], f->texts >> column & 1 && quoted ? quoted : c->list.item[i],
                column + 1 == f->columns ? "}" : "");
        if (!quoted) status = zsc_fail(ZSC_EINTERNAL, "out of memory, or labels that are not UTF-8");
        json_decref(text);
        free(quoted);
    }
    fputs(c->list.count ? "\n]\n" : "[]\n", out);
    return status;
}

static void put_csv(FILE *out, const detail_file *f, const cli_cells *c)
{
    for (size_t i = 0; i < f->columns; i++) fprintf(out, "%s%s", f->header[i], i + 1 < f->columns ? "," : "\n");
    for (size_t i = 0; i < c->list.count; i++) {
        zsc_csv_write_field(out, c->list.item[i]);
        putc((i + 1) % f->columns ? ',' : '\n', out);
    }
}

/* Frees the cells. */
static zsc_status write_file(const char *path, const detail_file *f, cli_cells *c)
{
    zsc_status status = c->status;
    zsc_atomic *file = NULL;
    if (status == ZSC_OK) status = zsc_atomic_open(path, &file);
    if (status == ZSC_OK && zsc_text_ends(path, ".json"))
        status = put_json(zsc_atomic_stream(file), f, c);
    else if (status == ZSC_OK)
        put_csv(zsc_atomic_stream(file), f, c);
    zsc_list_free(&c->list);
    if (status == ZSC_OK) return zsc_atomic_commit(file);
    zsc_atomic_abandon(file);
    return status;
}

zsc_status cli_write_retrieval_details(const zsc_retrieve_result *r, const zsc_retrieve_options *o,
                                       cli_retrieval_detail which, const char *path)
{
    const detail_file *f = &detail_files[which];
    cli_cells c = {0};
    for (size_t rank = 0; rank < r->ranks; rank++)
        for (size_t k = 0; k < r->ks; k++)
            for (size_t column = 0; column < r->columns; column++) f->add(&c, r, o, (size_t[]){rank, k, column});
    return write_file(path, f, &c);
}

/* --- Examples */
typedef struct image_names { /* by example: the query's, then its keys'; NULL where the metadata has none */
    char **name;
    size_t count;
} image_names;

static zsc_status find_images(const zsc_retrieve_result *r, const zsc_retrieve_options *o, image_names *out)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset_options *d = &o->keys;
    zsc_file_form form = ZSC_FORM_NONE;
    const char **id = NULL;
    size_t each = 1 + ZSC_EXAMPLE_KEYS, count = r->examples * each;
    if (d->metadata) ZSC_TRY(zsc_file_form_find(d->metadata, &form));
    if (form != ZSC_FORM_TEXT) return ZSC_OK;
    ZSC_NEW(id, count);
    for (size_t i = 0; i < r->examples; i++)
        for (size_t j = 0; j < each; j++) {
            const zsc_retrieve_example *e = &r->example[i];
            id[i * each + j] = j == 0            ? r->query_data[e->column].id[e->row]
                               : j - 1 < e->keys ? r->key_data.id[e->key[j - 1]]
                                                 : "";
        }
    ZSC_TRY(zsc_retrieve_images(d->metadata, &d->file_layout.table, &d->columns, id, count, &out->name));
    if (out->name) out->count = count;
done:
    free(id);
    return status;
}

static const char *image_at(const image_names *images, size_t i, size_t j)
{
    const char *name = images->count ? images->name[i * (1 + ZSC_EXAMPLE_KEYS) + j] : NULL;
    return name ? name : "";
}

/* The label at the finest rank that has one. */
static const char *finest_label(const zsc_dataset *d, size_t row)
{
    for (size_t r = d->ranks; r-- > 0;)
        if (d->rank[r].code[row] >= 0) return d->rank[r].level[d->rank[r].code[row]];
    return "";
}

zsc_status cli_write_retrieval_examples(const zsc_retrieve_result *r, const zsc_retrieve_options *o, const char *path)
{
    static const detail_file with_images = {.header = {"query", "split", "query_label", "place", "key", "key_label",
                                                       "shared_rank", "distance", "query_image", "key_image"},
                                            .columns = 10,
                                            .texts = 1 | 2 | 4 | 16 | 32 | 64 | 256 | 512};
    zsc_status status = ZSC_OK;
    detail_file f = with_images;
    image_names images = {0};
    cli_cells c = {0};
    ZSC_TRY(find_images(r, o, &images));
    if (images.count == 0) f.columns = 8;
    for (size_t i = 0; i < r->examples; i++) {
        const zsc_retrieve_example *e = &r->example[i];
        const zsc_dataset *q = &r->query_data[e->column];
        for (size_t j = 0; j < e->keys; j++) {
            size_t key = (size_t)e->key[j];
            const char *shared = zsc_deepest_shared_rank(q, e->row, &r->key_data, key);
            cli_cells_add(&c, "%s", q->id[e->row]);
            cli_cells_add(&c, "%s", r->column[e->column].split);
            cli_cells_add(&c, "%s", finest_label(q, e->row));
            cli_cells_add(&c, "%zu", j + 1);
            cli_cells_add(&c, "%s", r->key_data.id[key]);
            cli_cells_add(&c, "%s", finest_label(&r->key_data, key));
            cli_cells_add(&c, "%s", shared ? shared : path ? "" : "-");
            cli_cells_real(&c, (double)e->distance[j], path != NULL, 4);
            if (images.count == 0) continue;
            cli_cells_add(&c, "%s", image_at(&images, i, 0));
            cli_cells_add(&c, "%s", image_at(&images, i, j + 1));
        }
    }
    if (path) {
        status = write_file(path, &f, &c);
    } else {
        putchar('\n');
        status = cli_cells_print(&c, f.header, f.columns, false);
    }
done:
    for (size_t i = 0; i < images.count; i++) free(images.name[i]);
    free(images.name);
    return status;
}

/* --- Heading */
static void names_of(const zsc_dataset *data, zsc_text *text)
{
    for (size_t m = 0; m < data->modalities; m++)
        zsc_text_printf(text, "%s%s", m ? "+" : "", data->modality[m].encoder);
}

/* What is compared with what. FIRST, LAST: before and behind it. */
static zsc_status print_heading(const zsc_retrieve_result *r, const char *first, const char *last)
{
    zsc_text queries = {0}, keys = {0};
    names_of(&r->query_data[0], &queries);
    names_of(&r->key_data, &keys);
    bool failed = queries.failed || keys.failed;
    if (!failed)
        printf("%s%s in %s: %zu keys, %s%s\n", first, queries.data, keys.data, r->keys, last,
               r->simulated ? " (simulated data)" : "");
    free(queries.data);
    free(keys.data);
    return failed ? ZSC_EINTERNAL : ZSC_OK;
}

zsc_status cli_print_retrieval(const zsc_retrieve_result *r, const zsc_retrieve_options *o, cli_format format)
{
    char last[64], metric[32];
    json_t *root = NULL;
    if (format == CLI_JSON) {
        zsc_status status = zsc_retrieval_record_make(r, o, &root);
        return print_json(root, status);
    }
    zsc_value_choice_text(ZSC_QUERY_METRIC_CHOICES, (int)o->metric, metric, sizeof metric);
    snprintf(last, sizeof last, "%s%s", metric, o->weighted ? ", weighted votes" : "");
    zsc_status status = format == CLI_TABLE ? print_heading(r, "", last) : ZSC_OK;
    return status == ZSC_OK ? print_cells(r, o, format == CLI_CSV) : status;
}

zsc_status cli_print_probe(const zsc_retrieve_result *r, const zsc_retrieve_options *o, cli_format format)
{
    char last[64], solver[16];
    json_t *root = NULL;
    if (format == CLI_JSON) {
        zsc_status status = zsc_retrieval_record_make(r, o, &root);
        return print_json(root, status);
    }
    zsc_value_choice_text(ZSC_PROBE_SOLVERS, o->linear->solver, solver, sizeof solver);
    snprintf(last, sizeof last, "%s, at most %zu epochs", solver, zsc_linear_probe_options(o->linear).epochs);
    zsc_status status = format == CLI_TABLE ? print_heading(r, "linear probe, ", last) : ZSC_OK;
    return status == ZSC_OK ? print_cells(r, NULL, format == CLI_CSV) : status;
}
