/* Specimens: everything about the rows of one analysis. */
#include "data/dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/finite.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/nesting.h"
#include "base/options.h"
#include "base/scratch_map.h"
#include "base/threads.h"
#include "data/find_labels.h"
#include "data/join_embeddings.h"
#include "data/matrix_digest.h"
#include "data/read_matrix.h"
#include "data/scale.h"
#include "data/select_rows.h"
#include "io/file_layout.h"
#include "io/labels/column_names.h"

static zsc_dataset_options whole_defaults(void)
{
    return (zsc_dataset_options){.per_barcode = ZSC_BARCODE_ALL, .scale = ZSC_SCALE_NONE, .scope = ZSC_SCOPE_ROWS};
}

void zsc_dataset_options_init(zsc_dataset_options *options, size_t size)
{
    const zsc_dataset_options whole = whole_defaults();
    zsc_options_fill(options, size, &whole, sizeof whole);
}

static void free_column(zsc_column *column)
{
    for (size_t i = 0; i < column->levels; i++) free(column->level[i]);
    free(column->level);
    free(column->code);
    free(column->name);
}

void zsc_dataset_free_matrix(zsc_dataset *d)
{
    if (d->mapped) {
        zsc_scratch_unmap(d->x ? (void *)d->x : (void *)d->x64, d->mapped);
    } else {
        free(d->x);
        free(d->x64);
    }
    d->x = NULL;
    d->x64 = NULL;
    d->mapped = 0;
}

void zsc_dataset_free(zsc_dataset *d)
{
    if (!d) return;
    for (size_t i = 0; d->id && i < d->n; i++) free(d->id[i]);
    for (size_t i = 0; i < d->ranks; i++) free_column(&d->rank[i]);
    for (size_t i = 0; i < d->modalities; i++) {
        zsc_modality *m = &d->modality[i];
        free(m->path), free(m->encoder), free(m->modality), free(m->label), free(m->architecture);
    }
    free_column(&d->split);
    free(d->id);
    free(d->rank);
    free(d->modality);
    zsc_dataset_free_matrix(d);
    *d = (zsc_dataset){0};
}

const zsc_column *zsc_dataset_rank(const zsc_dataset *dataset, const char *name)
{
    const char *own = zsc_column_name(name);
    for (size_t i = 0; i < dataset->ranks; i++)
        if (strcmp(dataset->rank[i].name, own) == 0) return &dataset->rank[i];
    return NULL;
}

/* The column on the rows that stay, levels numbered anew in order of first appearance. */
static zsc_status make_column(const zsc_loading *l, const zsc_label_column *from, zsc_column *to)
{
    zsc_status status = ZSC_OK;
    size_t n = l->selection.kept;
    int32_t *number = NULL; /* old code -> new code + 1 */
    ZSC_NEW(number, from->names.count + 1);
    ZSC_NEW_RAW(to->code, n);
    ZSC_NEW(to->level, from->names.count);
    if (!(to->name = zsc_strdup(from->name))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        int32_t code = from->code[l->kept[i]];
        if (code >= 0 && number[code] == 0) {
            if (!(to->level[to->levels] = zsc_strdup(zsc_names_get(&from->names, (size_t)code)))) {
                status = ZSC_EINTERNAL;
                goto done;
            }
            number[code] = (int32_t)++to->levels;
        }
        to->code[i] = code < 0 ? -1 : number[code] - 1;
    }
done:
    free(number);
    return status;
}

/* Ranks that the user has not put in order, and whose names zsc does not know. */
static zsc_status sort_ranks(const zsc_loading *l, zsc_dataset *d)
{
    zsc_status status = ZSC_OK;
    bool all_known = true;
    zsc_text text = {0};
    for (size_t i = 0; i < d->ranks; i++) all_known = all_known && zsc_rank_place(d->rank[i].name) < zsc_rank_count;
    if (all_known || l->options->ranks) return ZSC_OK;
    ZSC_TRY(zsc_sort_ranks(d->rank, d->ranks, d->n));
    for (size_t i = 0; i < d->ranks; i++) zsc_text_printf(&text, "%s%s", i ? "," : "", d->rank[i].name);
    if (text.failed)
        status = ZSC_EINTERNAL;
    else
        zsc_note_once("ranks, coarse to fine: %s (the columns of labels; --ranks chooses others)", text.data);
done:
    free(text.data);
    return status;
}

static zsc_status make_rows(zsc_loading *l, zsc_dataset *d)
{
    zsc_status status = ZSC_OK;
    d->n = l->selection.kept;
    d->selection = l->selection;
    d->id_list[0] = l->list.digest.high;
    d->id_list[1] = l->list.digest.low;
    ZSC_NEW(d->id, d->n);
    for (size_t i = 0; i < d->n; i++)
        if (!(d->id[i] = zsc_strdup(zsc_names_get(&l->id, (size_t)l->kept[i])))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
    if (l->labels.column[0].known) ZSC_TRY(make_column(l, &l->labels.column[0], &d->split));
    ZSC_NEW(d->rank, l->labels.columns);
    for (size_t i = 0; i < l->labels.columns; i++)
        if (l->labels.column[i].rank && l->labels.column[i].known)
            ZSC_TRY(make_column(l, &l->labels.column[i], &d->rank[d->ranks++]));
    ZSC_TRY(sort_ranks(l, d));
done:
    return status;
}

static zsc_status make_modalities(const zsc_loading *l, zsc_dataset *d)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(d->modality, l->files);
    for (size_t m = 0; m < l->files; m++) {
        const zsc_encoder *e = l->encoder[m];
        zsc_modality *to = &d->modality[d->modalities++];
        *to = (zsc_modality){.d = e->d, .simulated = l->file[m]->simulated};
        if (!zsc_text_is_name(e->name)) {
            status = zsc_fail(ZSC_EINPUT,
                              "embeddings '%s': the name of encoder '%s' is not UTF-8, or has a line end in it: rename "
                              "the file, or name the encoder by zsc import --name",
                              l->file[m]->path, e->name);
            goto done;
        }
        if (!(to->path = zsc_strdup(l->file[m]->path)) || !(to->encoder = zsc_strdup(e->name)) ||
            !(to->modality = zsc_strdup(e->modality)) || !(to->label = zsc_strdup(e->label)) ||
            !(to->architecture = zsc_strdup(e->architecture))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        d->d += e->d;
        d->wide = d->wide || e->wide;
    }
done:
    return status;
}

/* Rows without a split are a group of their own. */
static zsc_status split_groups(const zsc_dataset *d, int32_t **group, size_t *groups)
{
    zsc_status status = ZSC_OK;
    int32_t *g = NULL;
    ZSC_NEW_RAW(g, d->n);
    for (size_t i = 0; i < d->n; i++) g[i] = d->split.code[i] < 0 ? (int32_t)d->split.levels : d->split.code[i];
    *group = g;
    *groups = d->split.levels + 1;
done:
    return status;
}

/* Of all that the scaled matrix of file m depends on. Rows are named by their ids and by their places in the file:
 * those of a file without ids depend on the metadata. */
static zsc_status matrix_key(const zsc_loading *l, const zsc_dataset *d, size_t m, const int32_t *group,
                             zsc_digest *key)
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    const int32_t *place = l->place[m];
    const size_t what[] = {'m', d->n, l->encoder[m]->d, (size_t)l->options->scale, group != NULL, d->x64 != NULL};
    zsc_hash_add(hash, what, sizeof what);
    zsc_hash_add(hash, &l->identity[m].digest, sizeof l->identity[m].digest);
    zsc_hash_add(hash, l->encoder[m]->name, strlen(l->encoder[m]->name) + 1);
    zsc_file_layout_hash(hash, &l->options->file_layout);
    for (size_t i = 0; i < d->n; i++) {
        int32_t row = place ? place[l->kept[i]] : l->kept[i];
        zsc_hash_add(hash, &row, sizeof row);
        zsc_hash_add(hash, d->id[i], strlen(d->id[i]) + 1);
    }
    if (group) zsc_hash_add(hash, group, d->n * sizeof *group);
    *key = zsc_hash_end(hash);
    return ZSC_OK;
}

/* Bytes of vectors that the open files hold. A file that is given twice is open twice. */
static size_t held_by_files(const zsc_loading *l)
{
    size_t bytes = 0;
    for (size_t m = 0; m < l->files; m++) bytes += zsc_embeddings_held(l->file[m]);
    return bytes;
}

/* BYTES for x or x64, in memory or in a file. */
static zsc_status allocate_matrix(const zsc_dataset_options *o, bool wide, size_t bytes, zsc_dataset *d)
{
    const char *what = "the matrix of embeddings";
    zsc_status status = ZSC_OK;
    if (bytes == 0) bytes = 1; /* a mapping has a size, by which it is freed */
    void *memory = NULL;
    if (o->memory_map)
        ZSC_TRY(zsc_scratch_map(o->memory_map, bytes, what, &memory));
    else if (!(memory = zsc_malloc(bytes, 1, what)))
        status = ZSC_EINTERNAL;
    if (status != ZSC_OK) goto done;
    d->mapped = o->memory_map ? bytes : 0;
    if (wide)
        d->x64 = memory;
    else
        d->x = memory;
done:
    return status;
}

static zsc_status make_matrix(zsc_loading *l, zsc_dataset *d)
{
    zsc_status status = ZSC_OK;
    int32_t *group = NULL;
    size_t groups = 1, offset = 0, bytes;
    bool wide = d->wide && l->options->double_precision;
    if (__builtin_mul_overflow(d->n, d->d * (wide ? sizeof *d->x64 : sizeof *d->x), &bytes)) bytes = SIZE_MAX;
    const size_t held = held_by_files(l);
    ZSC_TRY(zsc_memory_check(l->exec, zsc_memory_sum(l->options->memory_map ? 0 : bytes, held),
                             held ? "the matrix of embeddings, beside files that are read whole (zsc import makes HDF5 "
                                    "of them, which is read by rows)"
                                  : "the matrix of embeddings"));
    ZSC_TRY(allocate_matrix(l->options, wide, bytes, d));
    const zsc_matrix_block all = {.f32 = d->x, .f64 = d->x64, .n = d->n, .d = d->d, .stride = d->d};
    if (l->options->scope == ZSC_SCOPE_SPLIT && d->split.code) ZSC_TRY(split_groups(d, &group, &groups));
    for (size_t m = 0; m < l->files; m++) {
        zsc_digest key = {0};
        zsc_matrix_block block = zsc_matrix_columns(all, offset, l->encoder[m]->d);
        zsc_dataset_cache *cache = l->cache && l->identity[m].known ? l->cache : NULL;
        if (cache) ZSC_TRY(matrix_key(l, d, m, group, &key));
        if (!zsc_dataset_cache_take_matrix(cache, key, block)) {
            ZSC_TRY(zsc_read_matrix(l, m, block));
            ZSC_TRY(zsc_scale_block(block, l->options->scale, group, groups, l->exec));
            zsc_dataset_cache_keep_matrix(cache, key, block);
        }
        offset += block.d;
    }
    const zsc_boundary scaled = {"the scaled matrix", "try another --scale"};
    ZSC_TRY(wide ? zsc_check_finite_f64(d->x64, d->n, d->d, scaled, l->exec)
                 : zsc_check_finite(d->x, d->n, d->d, scaled, l->exec));
done:
    free(group);
    return status;
}

/* HASH has the matrix; ends it. */
static void set_fingerprint(zsc_hash *hash, zsc_dataset *d)
{
    zsc_digest matrix = zsc_hash_so_far(hash);
    d->matrix_digest[0] = matrix.high;
    d->matrix_digest[1] = matrix.low;
    for (size_t i = 0; i < d->n; i++) zsc_hash_add(hash, d->id[i], strlen(d->id[i]) + 1);
    for (size_t r = 0; r < d->ranks; r++) {
        const zsc_column *c = &d->rank[r];
        zsc_hash_add(hash, c->name, strlen(c->name) + 1);
        zsc_hash_add(hash, c->code, d->n * sizeof *c->code);
        for (size_t i = 0; i < c->levels; i++) zsc_hash_add(hash, c->level[i], strlen(c->level[i]) + 1);
    }
    zsc_digest digest = zsc_hash_end(hash);
    d->fingerprint[0] = digest.high;
    d->fingerprint[1] = digest.low;
}

static zsc_status make_fingerprint(zsc_dataset *d)
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    if (d->x64)
        zsc_matrix_digest_add_f64(hash, d->x64, d->n, d->d);
    else
        zsc_matrix_digest_add(hash, &(zsc_column_block){d->x, d->d}, 1, d->n);
    set_fingerprint(hash, d);
    return ZSC_OK;
}

zsc_status zsc_dataset_load(const zsc_dataset_options *options, const zsc_exec *exec, zsc_dataset *out)
{
    ZSC_OPTIONS(zsc_dataset_options, options, zsc_dataset_defaults());
    return zsc_dataset_load_with(options, exec, NULL, out);
}

/* What is known before vectors are read. L->options are OPTIONS, and its exec and cache the caller's. */
static zsc_status load_rows(zsc_loading *l, zsc_dataset_options *options, zsc_dataset *d)
{
    zsc_status status = ZSC_OK;
    options->file_layout = zsc_file_layout_with_missing(&options->file_layout, options->missing_values);
    l->options = options;
    zsc_dataset_cache_begin(l->cache);
    ZSC_TRY(zsc_join_embeddings(l));
    ZSC_TRY(zsc_find_labels(l));
    ZSC_TRY(zsc_select_rows(l));
    ZSC_TRY(make_rows(l, d));
    ZSC_TRY(make_modalities(l, d));
done:
    return status;
}

zsc_status zsc_dataset_load_with(const zsc_dataset_options *options, const zsc_exec *exec, zsc_dataset_cache *cache,
                                 zsc_dataset *out)
{
    zsc_status status = ZSC_OK;
    zsc_dataset_options o = *options;
    zsc_loading l = {.exec = exec, .cache = cache};
    zsc_dataset d = {0};
    ZSC_TRY(load_rows(&l, &o, &d));
    if (!options->rows_only) {
        ZSC_TRY(make_matrix(&l, &d));
        ZSC_TRY(make_fingerprint(&d));
    }
    *out = d;
    d = (zsc_dataset){0};
done:
    zsc_dataset_free(&d);
    zsc_loading_free(&l);
    return status;
}

/* --- How many rows differ */
static int by_digest(const void *a, const void *b) { return memcmp(a, b, sizeof(zsc_digest)); }

/* -0.0 + 0.0 is 0.0: rows are equal as in linalg/distinct.h. */
static zsc_digest digest_of_row(const float *x, size_t d, float *clean)
{
    for (size_t j = 0; j < d; j++) clean[j] = x[j] + 0.0f;
    return zsc_hash_bytes(clean, d * sizeof *clean);
}

static size_t count_distinct(zsc_digest *row, size_t n)
{
    size_t count = 0;
    qsort(row, n, sizeof *row, by_digest);
    for (size_t i = 0; i < n; i++) count += i == 0 || by_digest(&row[i - 1], &row[i]) != 0;
    return count;
}

enum { WINDOWS = 64 }; /* of a sample */

/* Digests of rows of `windows` windows of `size` rows each, which are spread over n; to ROW in the order that the first
 * half of them are every other window. Unscaled: rows that are equal stay equal. */
static zsc_status digest_windows(zsc_loading *l, const zsc_dataset *d, size_t windows, size_t size, zsc_digest *row)
{
    zsc_status status = ZSC_OK;
    const size_t n = d->n;
    int32_t *kept = l->kept;
    float *x = NULL, *clean = NULL;
    ZSC_NEW_RAW(x, size * d->d);
    ZSC_NEW_RAW(clean, d->d);
    l->selection.kept = size;
    for (size_t w = 0; w < windows; w++) {
        size_t at = windows == 1 ? 0 : 2 * w < windows ? 2 * w : 2 * (w - (windows + 1) / 2) + 1, offset = 0;
        const zsc_matrix_block all = {.f32 = x, .n = size, .d = d->d, .stride = d->d};
        l->kept = kept + (windows == 1 ? 0 : at * (n - size) / (windows - 1));
        for (size_t m = 0; m < l->files; m++) {
            ZSC_TRY(zsc_read_matrix(l, m, zsc_matrix_columns(all, offset, l->encoder[m]->d)));
            offset += l->encoder[m]->d;
        }
        for (size_t i = 0; i < size; i++) *row++ = digest_of_row(x + i * d->d, d->d, clean);
    }
done:
    l->kept = kept;
    l->selection.kept = n;
    free(x);
    free(clean);
    return status;
}

/* Of m rows, D(m) are distinct, and the number of distinct ones grows with a power of the rows (Heaps' law), which half
 * of the sample tells. All rows are a sample of one window. */
static zsc_status estimate_distinct(zsc_loading *l, const zsc_dataset *d, size_t bytes, double *distinct)
{
    zsc_status status = ZSC_OK;
    size_t width = (d->d ? d->d : 1) * sizeof(float), wanted = bytes / width, windows = wanted < d->n ? WINDOWS : 1,
           size = windows == 1 ? d->n : wanted / WINDOWS;
    zsc_digest *row = NULL;
    *distinct = (double)d->n;
    if (size == 0) goto done;
    ZSC_NEW_RAW(row, windows * size);
    l->silent = true;
    ZSC_TRY(digest_windows(l, d, windows, size, row));
    if (windows > 1) {
        const size_t half = windows / 2 * size;
        const double few = (double)count_distinct(row, half), more = (double)count_distinct(row, windows * size);
        *distinct = more * pow((double)d->n / (double)(windows * size), fmin(1, log2(more / few)));
    } else {
        *distinct = (double)count_distinct(row, d->n);
    }
done:
    free(row);
    return status;
}

zsc_status zsc_dataset_load_counted(const zsc_dataset_options *options, size_t bytes, const zsc_exec *exec,
                                    zsc_dataset_cache *cache, zsc_dataset *out, double *distinct)
{
    zsc_status status = ZSC_OK;
    zsc_dataset_options o = *options;
    zsc_loading l = {.exec = exec, .cache = cache};
    zsc_dataset d = {0};
    ZSC_TRY(load_rows(&l, &o, &d));
    status = estimate_distinct(&l, &d, bytes, distinct);
    if (status != ZSC_OK && status != ZSC_EINTERRUPTED) {
        zsc_error_clear();
        *distinct = NAN;
        status = ZSC_OK;
    }
    if (status != ZSC_OK) goto done;
    *out = d;
    d = (zsc_dataset){0};
done:
    zsc_dataset_free(&d);
    zsc_loading_free(&l);
    return status;
}

/* --- Rows that stay in their files */
enum { READ_AT_ONCE = 4 << 20 }; /* bytes, of the pass for digests */

struct zsc_dataset_reader {
    zsc_dataset_options options;
    zsc_loading l;
    size_t n, d, distinct;
    zsc_digest matrix; /* of the pass for digests */
    zsc_hash *again;   /* of what has been read since, from the first row on */
    size_t next;       /* row that it goes on with */
};

void zsc_dataset_reader_free(zsc_dataset_reader *r)
{
    if (!r) return;
    if (r->again) zsc_hash_end(r->again);
    zsc_loading_free(&r->l);
    free(r);
}

size_t zsc_dataset_reader_distinct(const zsc_dataset_reader *r) { return r->distinct; }

static bool by_row(const zsc_loading *l)
{
    zsc_scale scale = l->options->scale;
    return held_by_files(l) == 0 &&
           (scale == ZSC_SCALE_NONE || scale == ZSC_SCALE_L2 || scale == ZSC_SCALE_L2_SQRT_DIM);
}

/* zsc_read_matrix reads the rows of a window of l->kept. */
static zsc_status read_window(zsc_dataset_reader *r, size_t first, size_t count, float *x)
{
    zsc_status status = ZSC_OK;
    zsc_loading *l = &r->l;
    int32_t *kept = l->kept;
    const double begin = (double)first / (double)r->n, end = (double)(first + count) / (double)r->n;
    const zsc_exec *exec = l->exec;
    /* Rows that are read again are read for a search, which reports how far it is. */
    zsc_progress_part part = l->silent ? (zsc_progress_part){exec, "knn", begin, begin}
                                       : (zsc_progress_part){exec, "load", begin, end};
    const zsc_exec own = zsc_progress_within(&part);
    const zsc_matrix_block all = {.f32 = x, .n = count, .d = r->d, .stride = r->d};
    size_t offset = 0;
    l->kept = kept + first;
    l->selection.kept = count;
    l->exec = &own;
    for (size_t m = 0; m < l->files; m++) {
        const zsc_matrix_block block = zsc_matrix_columns(all, offset, l->encoder[m]->d);
        ZSC_TRY(zsc_read_matrix(l, m, block));
        ZSC_TRY(zsc_scale_block(block, l->options->scale, NULL, 1, l->exec));
        offset += block.d;
    }
    status = zsc_check_finite(x, count, r->d, (zsc_boundary){"the scaled matrix", "try another --scale"}, l->exec);
done:
    l->exec = exec;
    l->kept = kept;
    l->selection.kept = r->n;
    return status;
}

/* Files may change after the pass for digests: rows that are read from the first to the last are compared with it. */
static zsc_status compare_pass(zsc_dataset_reader *r, size_t first, size_t count, const float *x)
{
    if (first == 0) {
        if (r->again) zsc_hash_end(r->again);
        if (!(r->again = zsc_hash_begin())) return ZSC_EINTERNAL;
        zsc_matrix_digest_begin(r->again, r->n, r->d);
        r->next = 0;
    }
    if (!r->again || first != r->next) return ZSC_OK;
    zsc_hash_add(r->again, x, count * r->d * sizeof *x);
    r->next += count;
    if (r->next < r->n || zsc_digest_equal(zsc_hash_so_far(r->again), r->matrix)) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "the files of the keys have changed while they were read; run the command again");
}

zsc_status zsc_dataset_reader_rows(void *reader, size_t first, size_t count, float *x)
{
    zsc_status status = read_window(reader, first, count, x);
    return status == ZSC_OK ? compare_pass(reader, first, count, x) : status;
}

/* Reads all rows: the digests of D, and how many rows differ. */
static zsc_status read_through(zsc_dataset_reader *r, zsc_dataset *d)
{
    zsc_status status = ZSC_OK;
    size_t step = READ_AT_ONCE / (r->d * sizeof(float)) + 1;
    float *x = NULL, *clean = NULL;
    zsc_digest *row = NULL;
    zsc_hash *hash = NULL;
    if (step > r->n) step = r->n;
    ZSC_TRY(zsc_memory_check(r->l.exec, step * r->d * sizeof *x + r->n * sizeof *row, "reading keys by rows"));
    ZSC_NEW_RAW(x, step * r->d);
    ZSC_NEW_RAW(clean, r->d);
    ZSC_NEW_RAW(row, r->n);
    if (!(hash = zsc_hash_begin())) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    zsc_matrix_digest_begin(hash, r->n, r->d);
    for (size_t first = 0; first < r->n; first += step) {
        size_t count = r->n - first < step ? r->n - first : step;
        ZSC_TRY(read_window(r, first, count, x));
        zsc_hash_add(hash, x, count * r->d * sizeof *x);
        for (size_t i = 0; i < count; i++) row[first + i] = digest_of_row(x + i * r->d, r->d, clean);
    }
    set_fingerprint(hash, d);
    hash = NULL;
    r->matrix = (zsc_digest){d->matrix_digest[0], d->matrix_digest[1]};
    r->distinct = count_distinct(row, r->n);
    r->l.silent = true;
done:
    if (hash) zsc_hash_end(hash);
    free(x);
    free(clean);
    free(row);
    return status;
}

zsc_status zsc_dataset_open(const zsc_dataset_options *options, const zsc_exec *exec, zsc_dataset_cache *cache,
                            double share, zsc_dataset *out, zsc_dataset_reader **reader)
{
    zsc_status status = ZSC_OK;
    zsc_dataset_reader *r = NULL;
    zsc_dataset d = {0};
    size_t memory = exec && exec->memory_limit ? exec->memory_limit : zsc_memory_available();
    *reader = NULL;
    ZSC_NEW(r, 1);
    r->options = *options;
    r->l = (zsc_loading){.exec = exec, .cache = cache};
    ZSC_TRY(load_rows(&r->l, &r->options, &d));
    r->n = d.n;
    r->d = d.d;
    if ((double)d.n * (double)d.d * sizeof(float) > share * (double)memory && by_row(&r->l)) {
        ZSC_TRY(read_through(r, &d));
        *reader = r;
        r = NULL;
    } else {
        ZSC_TRY(make_matrix(&r->l, &d));
        ZSC_TRY(make_fingerprint(&d));
    }
    *out = d;
    d = (zsc_dataset){0};
done:
    zsc_dataset_free(&d);
    zsc_dataset_reader_free(r);
    return status;
}

zsc_status zsc_dataset_check_space(const zsc_dataset *queries, const zsc_dataset *keys)
{
    if (queries->d != keys->d)
        return zsc_fail(ZSC_EINPUT,
                        "the queries have %zu columns, and the keys %zu; expected encoders of one space, such as those "
                        "that were aligned in training",
                        queries->d, keys->d);
    for (size_t m = 0; queries->modalities == keys->modalities && m < keys->modalities; m++) {
        const zsc_modality *q = &queries->modality[m], *k = &keys->modality[m];
        if (q->d != k->d)
            return zsc_fail(ZSC_EINPUT,
                            "part %zu of the concatenated queries, %s, has %zu columns, and that of the keys, %s, %zu; "
                            "name the parts of both in the same order",
                            m + 1, q->encoder, q->d, k->encoder, k->d);
    }
    return ZSC_OK;
}
