/* zsc ward: the dendrogram of a matrix, its cuts, and the tree in Newick's notation. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/inputs.h"
#include "io/atomic.h"
#include "io/h5/h5.h"
#include "io/npy.h"
#include "io/embeddings.h"
#include "zsc/zsc.h"

typedef struct ward_arguments {
    cli_common common;
    cli_matrix matrix;
    zsc_list clusters;
    const char *output, *newick;
    int linkage;
    double cut_height;
} ward_arguments;

enum { NO_HEIGHT = -1 };

static zsc_status defaults(void *data)
{
    ((ward_arguments *)data)->cut_height = NO_HEIGHT;
    return ZSC_OK;
}

static bool is_number(const char *word) { return *word && word[strspn(word, "0123456789")] == '\0'; }

/* K of the file name STEM-K.npy; NULL for another name. *length: its digits. */
static const char *number_of(const char *name, const char *stem, size_t stem_length, size_t *length)
{
    if (strncmp(name, stem, stem_length) != 0 || name[stem_length] != '-') return NULL;
    const char *k = name + stem_length + 1;
    *length = strspn(k, "0123456789");
    return *length > 0 && strcmp(k + *length, ".npy") == 0 ? k : NULL;
}

/* Whether there are as many clusters as a rank has classes, or a height gives. */
static bool has_unknown_number(const ward_arguments *a)
{
    for (size_t i = 0; i < a->clusters.count; i++)
        if (!is_number(a->clusters.item[i])) return true;
    return a->cut_height >= 0;
}

static zsc_status add_once(zsc_list *paths, const char *path)
{
    for (size_t i = 0; i < paths->count; i++)
        if (strcmp(paths->item[i], path) == 0) return ZSC_OK;
    return zsc_list_add(paths, path);
}

/* STEM-K.npy of the numbers that are asked for; STEM is without its ending. */
static zsc_status add_numbered(const ward_arguments *a, const char *stem, zsc_list *paths)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < a->clusters.count && status == ZSC_OK; i++) {
        const char *word = a->clusters.item[i];
        if (!is_number(word)) continue;
        word += strspn(word, "0");
        char *path = zsc_asprintf("%s-%s.npy", stem, word);
        status = path ? add_once(paths, path) : ZSC_EINTERNAL;
        free(path);
    }
    return status;
}

/* What K a rank or a height has is not known yet: the names of all numbers that are there count, and the one that the
 * tree in Newick's notation has. */
static zsc_status add_possible(const ward_arguments *a, const char *stem, zsc_list *paths)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    const char *slash = strrchr(stem, '/'), *name = slash ? slash + 1 : stem;
    char *newick = NULL, *folder = zsc_strndup(stem, (size_t)(name - stem));
    DIR *entries = folder ? opendir(*folder ? folder : ".") : NULL;
    if (!folder) status = ZSC_EINTERNAL;
    for (const struct dirent *e; entries && status == ZSC_OK && (e = readdir(entries));)
        status = zsc_list_add(&names, e->d_name);
    if (status != ZSC_OK) goto done;
    if (a->newick) {
        ZSC_TRY(zsc_output_target(a->newick, &newick));
        ZSC_TRY(zsc_list_add(&names, (slash = strrchr(newick, '/')) ? slash + 1 : newick));
    }
    for (size_t i = 0, digits; i < names.count; i++) {
        if (!number_of(names.item[i], name, strlen(name), &digits)) continue;
        char *path = zsc_asprintf("%s%s", folder, names.item[i]);
        status = path ? add_once(paths, path) : ZSC_EINTERNAL;
        free(path);
        if (status != ZSC_OK) goto done;
    }
done:
    if (entries) closedir(entries);
    zsc_list_free(&names);
    free(newick);
    free(folder);
    return status;
}

/* With FILE.npy: FILE-K.npy of each number of clusters. */
static zsc_status also_writes(const void *data, zsc_list *paths)
{
    const ward_arguments *a = data;
    zsc_list mine = {0};
    if (!a->output || !zsc_text_ends(a->output, ".npy")) return ZSC_OK;
    char *stem = zsc_strndup(a->output, strlen(a->output) - strlen(".npy"));
    zsc_status status = stem ? add_numbered(a, stem, &mine) : ZSC_EINTERNAL;
    if (status == ZSC_OK && has_unknown_number(a)) status = add_possible(a, stem, &mine);
    for (size_t i = 0; i < mine.count && status == ZSC_OK; i++) status = zsc_list_add(paths, mine.item[i]);
    zsc_list_free(&mine);
    free(stem);
    return status;
}

static const char *const method_name[] = {"ward", "single", "average", "complete"};

#define FIELD(name) offsetof(ward_arguments, name)
#define H5_FIELD(field) matrix.inputs.h5_paths.field
#define SETTING(letter, name, level, kind, field, ...) CLI_SETTING(letter, name, kind, FIELD(field), __VA_ARGS__)
static const cli_option options[] = {
    CLI_EMBEDDINGS_OPTION(
        FIELD(matrix.embeddings), " to cluster",
        ". FILE.npy, or FILE.h5:/PATH for any matrix in an HDF5 file, is used unchanged and in its own precision"),
    {.letter = 'o',
     .name = "output",
     .kind = CLI_TEXT,
     .offset = FIELD(output),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "write linkage matrix and clusters: HDF5, or .npy with clusters in FILE-K.npy"},
    {.name = "newick",
     .kind = CLI_TEXT,
     .offset = FIELD(newick),
     .arg = "FILE",
     .file = CLI_WRITES,
     .help = "write the dendrogram in Newick format"},
    {.letter = 'k',
     .name = "clusters",
     .kind = CLI_NAMES,
     .offset = FIELD(clusters),
     .arg = "K,...",
     .help = "cut into K clusters: numbers, ranks (as many clusters as the rank has classes), or each-rank"},
    {.name = "cut-height",
     .kind = CLI_REAL,
     .offset = FIELD(cut_height),
     .arg = "H",
     .help = "also cut at this height",
     .minimum = 0,
     .maximum = INFINITY,
     .shown_default = "off"},
    {.name = "linkage",
     .kind = CLI_CHOICE,
     .offset = FIELD(linkage),
     .arg = "METHOD",
     .help = "linkage method of agglomerative clustering",
     .choices = ZSC_LINKAGE_CHOICES},
    {.letter = 'm',
     .name = "metadata",
     .kind = CLI_TEXT,
     .offset = FIELD(matrix.metadata),
     .arg = "FILE",
     .help = "CSV with ids, splits and ranks",
     .shown_default = "those of the embeddings file"},
    CLI_SPLIT_OPTION(FIELD(matrix.split)),
    CLI_SCALE_OPTION(FIELD(matrix.scale), ZSC_SCALE_HELP),
#include "experiment/h5_paths.def"
    CLI_LABELS_OPTION(FIELD(matrix.inputs.labels)),
    CLI_COLUMN_OPTION(FIELD(matrix.inputs.columns)),
    CLI_MISSING_VALUES_OPTION(FIELD(matrix.inputs.missing_values)),
    CLI_FORCE_OPTION,
};
#undef SETTING
#undef H5_FIELD

/* --- Input */
typedef struct matrix {
    size_t n, d;
    const float *f32; /* one of the two */
    double *f64;
    char **id; /* NULL: none are known */
    char **own_id;
    float *own_f32;
    zsc_dataset data; /* all zeros for a bare matrix */
} matrix;

static void matrix_free(matrix *x)
{
    free(x->own_id);
    free(x->own_f32);
    free(x->f64);
    zsc_dataset_free(&x->data);
    *x = (matrix){0};
}

static zsc_status load_object(const char *path, const char *object, matrix *x)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    zsc_h5_info info;
    size_t ids = 0;
    ZSC_TRY(zsc_h5_open(path, &file));
    if (!zsc_h5_has(file, object)) {
        status = zsc_fail(ZSC_EINPUT, "'%s' holds no %s", path, object);
        goto done;
    }
    ZSC_TRY(zsc_h5_stat(file, object, &info));
    if (info.is_group || info.rank != 2 || (info.type != ZSC_H5_FLOAT && info.type != ZSC_H5_INTEGER)) {
        status = zsc_fail(ZSC_EINPUT, "'%s': %s is not a matrix of numbers; expected a dataset [n, d]", path, object);
        goto done;
    }
    x->n = info.shape[0];
    x->d = info.shape[1];
    if (info.type == ZSC_H5_FLOAT && info.bytes <= sizeof(float)) {
        ZSC_NEW_RAW(x->own_f32, x->n * x->d);
        if (x->n > 0 && x->d > 0) ZSC_TRY(zsc_h5_read(file, object, ZSC_H5_F32, 2, info.shape, x->own_f32));
        x->f32 = x->own_f32;
    } else {
        ZSC_NEW_RAW(x->f64, x->n * x->d);
        if (x->n > 0 && x->d > 0) ZSC_TRY(zsc_h5_read(file, object, ZSC_H5_F64, 2, info.shape, x->f64));
    }
    if (zsc_h5_has(file, "/id")) ZSC_TRY(zsc_h5_read_all_strings(file, "/id", &x->own_id, &ids));
    if (ids == x->n) x->id = x->own_id;
done:
    zsc_h5_close(file);
    return status;
}

static zsc_status load_dataset(const ward_arguments *a, matrix *x)
{
    zsc_dataset_options o;
    zsc_status status = cli_matrix_options(&a->matrix, &o);
    if (status == ZSC_OK) status = zsc_dataset_load(&o, &a->common.exec, &x->data);
    if (status != ZSC_OK) return status;
    x->n = x->data.n;
    x->d = x->data.d;
    x->f32 = x->data.x;
    x->id = x->data.id;
    return ZSC_OK;
}

static zsc_status load(const ward_arguments *a, matrix *x)
{
    zsc_status status = ZSC_OK;
    char *path = NULL, *object = NULL;
    if (a->matrix.embeddings.count == 0)
        return cli_usage("no embeddings: option --embeddings is needed (-e FILE[:ENCODER])");
    const char *spec = a->matrix.embeddings.item[0];
    ZSC_TRY(zsc_embeddings_split_name(spec, &path, &object));
    bool npy = zsc_text_ends(spec, ".npy"), bare = npy || (object && *object == '/');
    bool more = a->matrix.embeddings.count > 1 || a->matrix.metadata || a->matrix.split || a->matrix.scale ||
                a->matrix.inputs.h5_paths.embedding || a->matrix.inputs.columns.count ||
                a->matrix.inputs.missing_values;
    if (bare && more)
        status = cli_usage("'%s' is used unchanged: it cannot be combined with other embeddings, --metadata, --column, "
                           "--split, --scale, --missing-values or --h5-embedding",
                           spec);
    else
        status = npy    ? zsc_npy_read_f64(spec, &x->f64, &x->n, &x->d)
                 : bare ? load_object(path, object, x)
                        : load_dataset(a, x);
done:
    free(path);
    free(object);
    return status;
}

/* --- Cuts */
typedef struct cut {
    size_t k;
    const char *rank; /* whose number of classes it is, or NULL */
    int32_t *label;
} cut;

typedef struct cuts {
    cut *item;
    size_t count;
} cuts;

static void cuts_free(cuts *c)
{
    for (size_t i = 0; i < c->count; i++) free(c->item[i].label);
    free(c->item);
}

static zsc_status add_cut(cuts *c, size_t k, const char *rank, size_t n)
{
    if (k < 1 || k > n)
        return cli_usage("cannot cut %zu rows into %zu clusters%s%s", n, k, rank ? ", the classes of rank " : "",
                         rank ? rank : "");
    for (size_t i = 0; i < c->count; i++)
        if (c->item[i].k == k) return ZSC_OK;
    cut *grown = realloc(c->item, (c->count + 1) * sizeof *grown);
    if (!grown) return zsc_fail_memory(c->count + 1, sizeof *grown, "cuts");
    c->item = grown;
    c->item[c->count++] = (cut){k, rank, NULL};
    return ZSC_OK;
}

static zsc_status add_word(cuts *c, const char *word, const matrix *x)
{
    uint64_t k = 0;
    if (zsc_value_digits(word, &k) && k <= SIZE_MAX) return add_cut(c, (size_t)k, NULL, x->n);
    bool each = strcmp(word, "each-rank") == 0, found = false;
    for (size_t r = 0; r < x->data.ranks; r++) {
        const zsc_column *rank = &x->data.rank[r];
        if (!each && strcmp(word, rank->name) != 0) continue;
        found = true;
        if (each && rank->levels == 0) continue; /* every label is missing */
        zsc_status status = add_cut(c, rank->levels, rank->name, x->n);
        if (status != ZSC_OK) return status;
    }
    return found ? ZSC_OK
                 : cli_usage("option --clusters expects numbers%s, not '%s'",
                             x->data.ranks ? ", ranks or each-rank" : " (these embeddings have no ranks)", word);
}

static zsc_status cut_all(const ward_arguments *a, const double *z, size_t n, cuts *c)
{
    zsc_status status = ZSC_OK;
    int32_t *label = NULL;
    if (a->cut_height >= 0 && n > 0) {
        size_t k;
        ZSC_NEW_RAW(label, n);
        ZSC_TRY(zsc_cut_height(z, n, a->cut_height, label, &k));
        ZSC_TRY(add_cut(c, k, NULL, n));
        zsc_note("%zu clusters at height %g", k, a->cut_height);
    }
    for (size_t i = 0; i < c->count; i++) {
        ZSC_NEW_RAW(c->item[i].label, n);
        ZSC_TRY(zsc_cut_clusters(z, n, c->item[i].k, c->item[i].label));
    }
done:
    free(label);
    return status;
}

/* --- Output */
static zsc_status write_rank(zsc_h5 *file, const zsc_column *rank, size_t n)
{
    zsc_status status = ZSC_OK;
    const char **text = NULL;
    char *path = zsc_asprintf("/labels/%s", rank->name);
    if (!path) return ZSC_EINTERNAL;
    ZSC_NEW(text, n);
    for (size_t i = 0; i < n; i++) text[i] = rank->code[i] < 0 ? "" : rank->level[rank->code[i]];
    status = zsc_h5_write_strings(file, path, text, n);
done:
    free(text);
    free(path);
    return status;
}

static zsc_status write_cut(zsc_h5 *file, const cut *c, size_t n)
{
    char path[64];
    snprintf(path, sizeof path, "/clusters/%zu", c->k);
    zsc_status status = zsc_h5_write(file, path, ZSC_H5_I32, 1, &n, c->label);
    return status == ZSC_OK && c->rank ? zsc_h5_set_text(file, path, "rank", c->rank) : status;
}

static zsc_status write_h5(const ward_arguments *a, const matrix *x, const double *z, const cuts *c, const char *how)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    size_t shape[2] = {x->n ? x->n - 1 : 0, 4};
    ZSC_TRY(zsc_h5_create(a->output, &file));
    ZSC_TRY(zsc_h5_write(file, "/linkage", ZSC_H5_F64, 2, shape, z));
    ZSC_TRY(zsc_h5_set_text(file, "/linkage", "method", method_name[a->linkage]));
    ZSC_TRY(zsc_h5_set_text(file, "/linkage", "algorithm", how));
    ZSC_TRY(zsc_h5_set_text(file, "/", "version", zsc_version()));
    ZSC_TRY(zsc_h5_set_text(file, "/", "embeddings", a->matrix.embeddings.item[0]));
    if (x->id) ZSC_TRY(zsc_h5_write_strings(file, "/id", (const char *const *)x->id, x->n));
    for (size_t r = 0; r < x->data.ranks; r++) ZSC_TRY(write_rank(file, &x->data.rank[r], x->n));
    for (size_t i = 0; i < c->count; i++) ZSC_TRY(write_cut(file, &c->item[i], x->n));
    status = zsc_h5_commit(file);
    file = NULL;
done:
    zsc_h5_close(file);
    return status;
}

static zsc_status write_npy(const ward_arguments *a, size_t n, const double *z, const cuts *c)
{
    zsc_status status = zsc_npy_write_f64(a->output, z, n ? n - 1 : 0, 4);
    for (size_t i = 0; i < c->count && status == ZSC_OK; i++) {
        char *path = zsc_asprintf("%.*s-%zu.npy", (int)(strlen(a->output) - strlen(".npy")), a->output, c->item[i].k);
        status = path ? zsc_npy_write_i32(path, c->item[i].label, n) : ZSC_EINTERNAL;
        free(path);
    }
    return status;
}

static zsc_status write_newick(const char *path, const matrix *x, const double *z)
{
    zsc_status status = ZSC_OK;
    char *text = NULL;
    zsc_atomic *file = NULL;
    ZSC_TRY(zsc_newick(z, x->n, (const char *const *)x->id, &text));
    ZSC_TRY(zsc_atomic_open(path, &file));
    fputs(text, zsc_atomic_stream(file)); /* an error stays in the stream, and commit looks */
    status = zsc_atomic_commit(file);
done:
    free(text);
    return status;
}

/* --- */
static zsc_status cluster(const ward_arguments *a, const matrix *x, double *z, const char **how)
{
    const zsc_exec *exec = &a->common.exec;
    zsc_linkage_method method = (zsc_linkage_method)a->linkage;
    char need[ZSC_BYTES_TEXT];
    zsc_note("%zu rows, %zu columns; %s linkage needs about %s", x->n, x->d, method_name[method],
             zsc_bytes_text((double)zsc_linkage_memory(x->n, x->d, method, exec), need));
    zsc_status status = x->f64 ? zsc_linkage_f64(x->f64, x->n, x->d, method, exec, z, how)
                               : zsc_linkage(x->f32, x->n, x->d, method, exec, z, how);
    if (status == ZSC_OK) zsc_note("%s", *how);
    return status;
}

static zsc_status run(void *data, char **operands, int count)
{
    (void)operands, (void)count;
    ward_arguments *a = data;
    zsc_status status = ZSC_OK;
    matrix x = {0};
    cuts c = {0};
    double *z = NULL;
    const char *how = "";
    if (!a->output && !a->newick) return cli_usage("nothing to write: give --output or --newick");
    if (!a->output && (a->clusters.count || a->cut_height >= 0))
        return cli_usage("clusters are written to --output, which is not given");
    ZSC_TRY(load(a, &x));
    for (size_t i = 0; i < a->clusters.count; i++) ZSC_TRY(add_word(&c, a->clusters.item[i], &x));
    ZSC_NEW_RAW(z, 4 * x.n);
    ZSC_TRY(cluster(a, &x, z, &how));
    ZSC_TRY(cut_all(a, z, x.n, &c));
    if (a->newick) ZSC_TRY(write_newick(a->newick, &x, z));
    if (a->output) ZSC_TRY(zsc_text_ends(a->output, ".npy") ? write_npy(a, x.n, z, &c) : write_h5(a, &x, z, &c, how));
done:
    matrix_free(&x);
    cuts_free(&c);
    free(z);
    return status;
}

const cli_command cli_ward_command = {
    .name = "ward",
    .group = "Single steps",
    .summary = "cluster the rows of a matrix: dendrogram and cuts",
    .operands = "",
    .description = "Agglomerative clustering, Ward's by default, exact and without a distance matrix. The output is "
                   "an HDF5 file with /linkage, SciPy's linkage matrix (float64, one row per merge: two clusters, "
                   "height, size); /clusters/K for each cut (int32 labels 0 to K-1, numbered in the order of their "
                   "first rows); and the ids and labels of the rows. `zsc curve` scores it.\n\n"
                   "Ward and single linkage need memory in proportion to the matrix. Average and complete linkage "
                   "need 8 bytes per pair of rows. If there is not enough memory, the command fails before it "
                   "starts.\n\n"
                   "Equal rows merge first, at height 0. Of clusters at equal distance, the one whose first row "
                   "comes first merges first.",
    .examples = "  $ zsc ward -e embeddings.h5:dna -o dendrogram.h5 --clusters species\n"
                "  $ zsc ward -e vectors.npy -o linkage.npy --clusters 10,100 --newick tree.nwk",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .size = sizeof(ward_arguments),
    .defaults = defaults,
    .run = run,
    .also_writes = also_writes,
    .closing_line = true,
};
