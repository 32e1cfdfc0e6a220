/* What a file holds. Everything is counted in one pass in pieces: of the ids and barcodes only hashes are kept, of the
 * names each one once. Rows and columns of an embedding are compared by hash too (128 bits). */
#include "data/info.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "data/load.h"
#include "io/metadata.h"

enum { PIECE = 1 << 16 };

/* --- Problems */
__attribute__((format(printf, 2, 3))) static zsc_status add_problem(zsc_info *info, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return zsc_list_add(&info->problem, text);
}

/* --- Hashes of ids and barcodes, sorted in the end to find what repeats */
typedef struct mark {
    zsc_digest digest;
    uint32_t row;
} mark;

typedef struct mark_list {
    mark *item;
    size_t count, capacity;
} mark_list;

static zsc_status add_mark(mark_list *list, zsc_digest digest, size_t row)
{
    zsc_status status = zsc_grow(&list->item, &list->capacity, list->count + 1, sizeof *list->item, "hashes");
    if (status == ZSC_OK) list->item[list->count++] = (mark){digest, (uint32_t)row};
    return status;
}

static int by_digest(const void *a, const void *b)
{
    const mark *x = a, *y = b;
    if (x->digest.high != y->digest.high) return x->digest.high < y->digest.high ? -1 : 1;
    if (x->digest.low != y->digest.low) return x->digest.low < y->digest.low ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool same_mark(const mark *a, const mark *b)
{
    return a->digest.high == b->digest.high && a->digest.low == b->digest.low;
}

/* Sorts by digest and row: handed out by the digest's first bits, which are as good as random, then each part by itself. */
static zsc_status sort_marks(mark_list *list)
{
    enum { BITS = 16, PARTS = 1 << BITS, SHIFT = 64 - BITS };
    zsc_status status = ZSC_OK;
    mark *item = NULL;
    size_t *end = NULL, first = 0;
    if (list->count < PARTS) {
        if (list->count > 1) qsort(list->item, list->count, sizeof *list->item, by_digest);
        return ZSC_OK;
    }
    ZSC_NEW_RAW(item, list->count);
    ZSC_NEW(end, PARTS + 1);
    for (size_t i = 0; i < list->count; i++) end[(list->item[i].digest.high >> SHIFT) + 1]++;
    for (size_t p = 0; p < PARTS; p++) end[p + 1] += end[p];
    for (size_t i = 0; i < list->count; i++) item[end[list->item[i].digest.high >> SHIFT]++] = list->item[i];
    for (size_t p = 0; p < PARTS; first = end[p++])
        if (end[p] - first > 1) qsort(item + first, end[p] - first, sizeof *item, by_digest);
    free(list->item);
    list->item = item;
    list->capacity = list->count;
    item = NULL;
done:
    free(item);
    free(end);
    return status;
}

/* How many are equal to an earlier one; the first such pair, by the row of the second (SIZE_MAX: none). */
static size_t count_repeats(const mark_list *list, size_t *first, size_t *second)
{
    size_t repeats = 0, earlier = 0, later = SIZE_MAX;
    for (size_t i = 1; i < list->count; i++) {
        if (!same_mark(&list->item[i], &list->item[i - 1])) continue;
        repeats++;
        if (list->item[i].row < later) {
            later = list->item[i].row;
            earlier = list->item[i - 1].row;
        }
    }
    if (first) *first = earlier;
    if (second) *second = later;
    return repeats;
}

/* --- Columns of names */
typedef struct tally {
    const char *name;
    zsc_names names;
    size_t *rows; /* of each name */
    size_t capacity, missing;
} tally;

static zsc_status count_name(tally *t, const char *text, size_t length, bool missing)
{
    if (missing) {
        t->missing++;
        return ZSC_OK;
    }
    int32_t code = 0;
    int added = 0;
    zsc_status status = zsc_names_add(&t->names, text, length, &code, &added);
    if (status == ZSC_OK && added) {
        status = zsc_grow(&t->rows, &t->capacity, t->names.count, sizeof *t->rows, "counts");
        if (status == ZSC_OK) t->rows[code] = 0;
    }
    if (status == ZSC_OK) t->rows[code]++;
    return status;
}

static void free_tally(tally *t)
{
    zsc_names_free(&t->names);
    free(t->rows);
}

static zsc_status copy_text(const char *text, char **out) { return (*out = zsc_strdup(text)) ? ZSC_OK : ZSC_EINTERNAL; }

static zsc_status add_rank(zsc_info *info, const tally *t)
{
    zsc_status status = ZSC_OK;
    info_column *c = &info->rank[info->ranks++];
    size_t largest = 0;
    for (size_t i = 1; i < t->names.count; i++)
        if (t->rows[i] > t->rows[largest]) largest = i;
    c->classes = t->names.count;
    c->missing = t->missing;
    c->largest = t->names.count ? t->rows[largest] : 0;
    ZSC_TRY(copy_text(t->name, &c->name));
    ZSC_TRY(copy_text(t->names.count ? zsc_names_get(&t->names, largest) : "", &c->largest_name));
done:
    return status;
}

static zsc_status add_splits(zsc_info *info, const tally *t)
{
    zsc_status status = ZSC_OK;
    info->without_split = t->missing;
    ZSC_NEW(info->split, t->names.count);
    for (size_t i = 0; i < t->names.count; i++) {
        ZSC_TRY(copy_text(zsc_names_get(&t->names, i), &info->split[i].name));
        info->split[i].rows = t->rows[i];
        info->splits++;
    }
done:
    return status;
}

/* --- Rows: ids, names, barcodes, whatever they come from */
typedef struct census {
    zsc_info *info;
    const zsc_exec *exec;
    tally *tally;      /* the split first, then ranks */
    size_t tallies;
    bool split_known;
    mark_list ids, barcodes;
    zsc_text scratch;
} census;

static zsc_status count_id(census *c, const char *id, size_t length, size_t row)
{
    if (length) return add_mark(&c->ids, zsc_hash_bytes(id, length), row);
    return c->info->empty_ids++ ? ZSC_OK : add_problem(c->info, "row %zu has an empty id", row);
}

static zsc_status count_barcode(census *c, const char *barcode, size_t length)
{
    zsc_digest digest = zsc_barcode_digest(barcode, length, 0, &c->scratch);
    if (c->scratch.failed) return ZSC_EINTERNAL;
    if (digest.high || digest.low) return add_mark(&c->barcodes, digest, 0);
    c->info->without_barcode++;
    return ZSC_OK;
}

static zsc_status end_census(census *c)
{
    zsc_status status = ZSC_OK;
    zsc_info *info = c->info;
    size_t first, second;
    ZSC_TRY(sort_marks(&c->ids));
    ZSC_TRY(sort_marks(&c->barcodes));
    info->repeated_ids = count_repeats(&c->ids, &first, &second);
    if (info->repeated_ids)
        ZSC_TRY(add_problem(info, "%zu rows repeat an id, the first are rows %zu and %zu", info->repeated_ids, first, second));
    info->repeated_barcodes = count_repeats(&c->barcodes, NULL, NULL);
    info->distinct_barcodes = c->barcodes.count - info->repeated_barcodes;
    ZSC_NEW(info->rank, c->tallies);
    for (size_t i = 1; i < c->tallies; i++) ZSC_TRY(add_rank(info, &c->tally[i]));
    if (c->split_known) ZSC_TRY(add_splits(info, &c->tally[0]));
done:
    return status;
}

static void free_census(census *c)
{
    for (size_t i = 0; i < c->tallies; i++) free_tally(&c->tally[i]);
    free(c->tally);
    free(c->ids.item);
    free(c->barcodes.item);
    free(c->scratch.data);
}

/* --- An embedding, block by block */
typedef struct study {
    size_t d;
    mark *row;             /* n */
    size_t done, finite;
    double sum, squares;   /* of the lengths of finite rows, less the first one's */
    double origin;
    uint64_t (*column)[2]; /* d: sums of keyed bit patterns */
    float *first;          /* d: the first row */
    bool *varies;          /* d */
    double *length;        /* of a block's rows */
    uint8_t *kind;         /* of a block's rows: bits below */
} study;

enum { HAS_NAN = 1, HAS_INFINITY = 2, ALL_ZERO = 4, ALL_SAME = 8 };

static void look_at_row(const float *row, size_t d, double *length, uint8_t *kind)
{
    double sum = 0;
    bool same = true, nan = false;
    for (size_t j = 0; j < d; j++) {
        sum += (double)row[j] * (double)row[j];
        same = same && row[j] == row[0];
    }
    *kind = same ? ALL_SAME : 0;
    if (same && row[0] == 0) *kind |= ALL_ZERO;
    if (!isfinite(sum)) { /* squares of floats do not overflow a double: some value is not finite */
        for (size_t j = 0; j < d; j++) {
            nan = nan || isnan(row[j]);
            if (isinf(row[j])) *kind |= HAS_INFINITY;
        }
        if (nan) *kind |= HAS_NAN;
    }
    *length = sqrt(sum);
}

static void look_at_columns(study *s, const float *x, size_t rows, size_t begin, size_t end)
{
    for (size_t i = 0; i < rows; i++) {
        const float *row = x + i * s->d;
        uint64_t key = zsc_mix64(s->done + i + 1) | 1, other = zsc_mix64(~(s->done + i)) | 1;
        for (size_t j = begin; j < end; j++) {
            uint32_t bits;
            memcpy(&bits, row + j, sizeof bits);
            s->column[j][0] += key * zsc_mix64(bits);
            s->column[j][1] += other * (zsc_mix64(bits) >> 3);
            s->varies[j] |= row[j] != s->first[j];
        }
    }
}

static void look_at_block(study *s, info_encoder *e, const float *x, size_t rows, int threads)
{
    enum { STRIP = 32 };
    size_t d = s->d, strips = (d + STRIP - 1) / STRIP;
    if (s->done == 0) memcpy(s->first, x, d * sizeof *x);
#pragma omp parallel num_threads(threads)
    {
#pragma omp for schedule(static)
        for (size_t i = 0; i < rows; i++) {
            look_at_row(x + i * d, d, &s->length[i], &s->kind[i]);
            s->row[s->done + i] = (mark){zsc_hash_bytes(x + i * d, d * sizeof *x), (uint32_t)(s->done + i)};
        }
#pragma omp for schedule(dynamic, 1)
        for (size_t strip = 0; strip < strips; strip++)
            look_at_columns(s, x, rows, strip * STRIP, (strip + 1) * STRIP < d ? (strip + 1) * STRIP : d);
    }
    for (size_t i = 0; i < rows; i++) {
        uint8_t kind = s->kind[i];
        e->nan_rows += (kind & HAS_NAN) != 0;
        e->infinite_rows += (kind & HAS_INFINITY) != 0;
        e->zero_rows += (kind & ALL_ZERO) != 0;
        e->constant_rows += (kind & ALL_SAME) != 0 && d > 1;
        if (kind & (HAS_NAN | HAS_INFINITY)) continue;
        if (s->finite++ == 0) s->origin = e->norm_least = e->norm_most = s->length[i];
        e->norm_least = fmin(e->norm_least, s->length[i]);
        e->norm_most = fmax(e->norm_most, s->length[i]);
        double difference = s->length[i] - s->origin;
        s->sum += difference;
        s->squares += difference * difference;
    }
    s->done += rows;
}

static zsc_status finish_study(study *s, info_encoder *e)
{
    zsc_status status = ZSC_OK;
    mark_list rows = {s->row, s->done, s->done}, columns = {0};
    double count = (double)s->finite, mean = s->sum / count;
    e->norm_mean = s->finite ? s->origin + mean : NAN;
    e->norm_sd = s->finite ? sqrt(fmax(0, s->squares / count - mean * mean)) : NAN;
    if (!s->finite) e->norm_least = e->norm_most = NAN;
    status = sort_marks(&rows);
    s->row = rows.item; /* sorting may have moved them */
    if (status != ZSC_OK) return status;
    e->repeated_rows = count_repeats(&rows, NULL, NULL);
    ZSC_NEW(columns.item, s->d);
    columns.count = s->d;
    for (size_t j = 0; j < s->d; j++) {
        columns.item[j] = (mark){{s->column[j][0], s->column[j][1]}, (uint32_t)j};
        e->constant_columns += s->done > 1 && !s->varies[j];
    }
    ZSC_TRY(sort_marks(&columns));
    e->repeated_columns = s->done ? count_repeats(&columns, NULL, NULL) : 0;
done:
    free(columns.item);
    return status;
}

static zsc_status study_encoder(zsc_vectors *v, const zsc_encoder *from, const zsc_exec *exec, info_encoder *e)
{
    zsc_status status = ZSC_OK;
    study s = {.d = from->d};
    float *block = NULL;
    int threads = zsc_threads(exec);
    size_t rows = from->block < 65536 ? from->block : 65536;
    if (rows > from->n) rows = from->n;
    e->norm_least = e->norm_mean = e->norm_sd = e->norm_most = NAN;
    if (from->n == 0 || from->d == 0) return ZSC_OK;
    ZSC_NEW_RAW(block, rows * s.d);
    ZSC_NEW_RAW(s.row, from->n);
    ZSC_NEW(s.column, s.d);
    ZSC_NEW(s.first, s.d);
    ZSC_NEW(s.varies, s.d);
    ZSC_NEW(s.length, rows);
    ZSC_NEW(s.kind, rows);
    for (size_t i = 0; i < from->n; i += rows) {
        size_t count = from->n - i < rows ? from->n - i : rows;
        ZSC_TRY(zsc_vectors_rows(v, from, i, count, block));
        look_at_block(&s, e, block, count, threads);
        if (!zsc_progress(exec, from->name, (double)(i + count), (double)from->n)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
    }
    ZSC_TRY(finish_study(&s, e));
done:
    free(block);
    free(s.row);
    free(s.column);
    free(s.first);
    free(s.varies);
    free(s.length);
    free(s.kind);
    return status;
}

/* --- Embeddings files */
static zsc_status count_texts(census *c, zsc_vectors *v, const char *column, size_t position)
{
    zsc_status status = ZSC_OK;
    char **text = NULL;
    for (size_t first = 0; first < v->n; first += PIECE) {
        size_t count = v->n - first < PIECE ? v->n - first : PIECE;
        free(text);
        text = NULL;
        ZSC_TRY(zsc_vectors_text(v, column, first, count, &text));
        for (size_t i = 0; i < count; i++) {
            size_t length = strlen(text[i]);
            if (position == SIZE_MAX)
                ZSC_TRY(count_barcode(c, text[i], zsc_vectors_missing(v, text[i]) ? 0 : length));
            else
                ZSC_TRY(count_name(&c->tally[position], text[i], length, zsc_vectors_missing(v, text[i])));
        }
    }
done:
    free(text);
    return status;
}

static zsc_status info_columns(zsc_vectors *v, census *c)
{
    zsc_status status = ZSC_OK;
    char **id = NULL;
    size_t position = 1;
    ZSC_NEW(c->tally, v->ranks.count + 1);
    c->tallies = v->ranks.count + 1;
    if (v->n) ZSC_TRY(zsc_vectors_ids(v, &id));
    for (size_t i = 0; i < v->n; i++) ZSC_TRY(count_id(c, id[i], strlen(id[i]), i + 1));
    for (size_t k = 0; k < zsc_rank_count; k++) /* coarse to fine, then what is not one of BIOSCAN's */
        if (zsc_list_has(&v->ranks, zsc_rank_names[k])) c->tally[position++].name = zsc_rank_names[k];
    for (size_t k = 0; k < v->ranks.count; k++) {
        bool known = false;
        for (size_t i = 1; i < position; i++) known = known || strcmp(c->tally[i].name, v->ranks.item[k]) == 0;
        if (!known) c->tally[position++].name = v->ranks.item[k];
    }
    for (size_t i = 1; i < c->tallies; i++) ZSC_TRY(count_texts(c, v, c->tally[i].name, i));
    if ((c->split_known = zsc_vectors_has_text(v, "split"))) ZSC_TRY(count_texts(c, v, "split", 0));
    if ((c->info->barcodes = zsc_vectors_has_text(v, "dna_barcode"))) ZSC_TRY(count_texts(c, v, "dna_barcode", SIZE_MAX));
done:
    free(id);
    return status;
}

static zsc_status judge_encoder(zsc_info *info, const info_encoder *e)
{
    zsc_status status = ZSC_OK;
    if (e->n != info->rows) ZSC_TRY(add_problem(info, "%s has %zu rows, and there are %zu ids", e->name, e->n, info->rows));
    if (e->d == 0) ZSC_TRY(add_problem(info, "%s has no columns", e->name));
    if (e->nan_rows) ZSC_TRY(add_problem(info, "%s: %zu rows hold NaN", e->name, e->nan_rows));
    if (e->infinite_rows) ZSC_TRY(add_problem(info, "%s: %zu rows hold infinity", e->name, e->infinite_rows));
done:
    return status;
}

static zsc_status info_vectors(zsc_vectors *v, const zsc_exec *exec, zsc_info *info)
{
    zsc_status status = ZSC_OK;
    census c = {.info = info, .exec = exec};
    ZSC_TRY(copy_text(v->layout->name, &info->layout));
    ZSC_TRY(copy_text(v->layout->description, &info->description));
    info->rows = v->n;
    info->simulated = v->simulated;
    ZSC_NEW(info->encoder, v->encoders);
    for (size_t i = 0; i < v->encoders; i++) {
        info_encoder *e = &info->encoder[info->encoders++];
        e->n = v->encoder[i].n;
        e->d = v->encoder[i].d;
        ZSC_TRY(copy_text(v->encoder[i].name, &e->name));
        ZSC_TRY(copy_text(v->encoder[i].type, &e->type));
        ZSC_TRY(copy_text(v->encoder[i].modality, &e->modality));
        ZSC_TRY(copy_text(v->encoder[i].label, &e->label));
        ZSC_TRY(study_encoder(v, &v->encoder[i], exec, e));
        ZSC_TRY(judge_encoder(info, e));
    }
    if (v->encoders == 0) ZSC_TRY(add_problem(info, "there is no encoder"));
    ZSC_TRY(info_columns(v, &c));
    ZSC_TRY(end_census(&c));
done:
    free_census(&c);
    return status;
}

/* --- Metadata */
enum { CSV_ID, CSV_BARCODE, CSV_SPLIT, CSV_RANKS };

static zsc_status count_row(void *data, const zsc_csv_row *row)
{
    enum { OFTEN = 0xffff };
    census *c = data;
    zsc_status status = ZSC_OK;
    if ((row->row & OFTEN) == 0 && !zsc_progress(c->exec, "metadata", (double)row->row, 0))
        return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    c->info->rows = row->row;
    ZSC_TRY(count_id(c, row->field[CSV_ID], row->length[CSV_ID], row->row));
    const char *barcode = row->field[CSV_BARCODE];
    if (c->info->barcodes) ZSC_TRY(count_barcode(c, barcode, zsc_text_missing(barcode) ? 0 : row->length[CSV_BARCODE]));
    for (size_t i = 0; i < c->tallies; i++) {
        const char *text = row->field[CSV_SPLIT + i];
        ZSC_TRY(count_name(&c->tally[i], text, row->length[CSV_SPLIT + i], zsc_text_missing(text)));
    }
done:
    return status;
}

/* The columns that metadata may have, under zsc's names: id, barcode and split as counted above, ranks, the user's own. */
static zsc_status list_columns(const zsc_columns *columns, zsc_list *names)
{
    static const char *const first[] = {[CSV_ID] = "processid", [CSV_BARCODE] = "dna_barcode", [CSV_SPLIT] = "split"};
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < CSV_RANKS; i++) ZSC_TRY(zsc_list_add(names, first[i]));
    for (size_t i = 0; i < zsc_rank_count; i++) ZSC_TRY(zsc_list_add(names, zsc_rank_names[i]));
    ZSC_TRY(zsc_columns_own(columns, names));
done:
    return status;
}

/* The header's name of a column; NULL: it has none. */
static const char *find_column(const zsc_csv_column *column, const zsc_list *header)
{
    for (const char *const *name = column->names; *name; name++)
        if (zsc_list_has(header, *name)) return *name;
    return NULL;
}

static zsc_status list_others(const zsc_csv_column *column, size_t count, const zsc_list *header, zsc_info *info)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < header->count; i++) {
        bool used = false;
        for (size_t k = 0; k < count && !used; k++) {
            const char *name = find_column(&column[k], header);
            used = name && strcmp(name, header->item[i]) == 0;
        }
        if (!used) ZSC_TRY(zsc_list_add(&info->other, header->item[i]));
    }
done:
    return status;
}

static zsc_status info_metadata(zsc_info *info, const zsc_columns *columns, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    census c = {.info = info, .exec = exec};
    zsc_list header = {0}, name = {0};
    const char *(*names)[ZSC_COLUMN_NAMES] = NULL;
    zsc_csv_column *column = NULL;
    bool *present = NULL;
    size_t kept = CSV_RANKS;
    ZSC_TRY(copy_text("metadata", &info->layout));
    ZSC_TRY(copy_text("metadata of specimens (CSV or TSV)", &info->description));
    ZSC_TRY(zsc_columns_check(columns, info->path));
    ZSC_TRY(zsc_csv_header(info->path, &header));
    ZSC_TRY(list_columns(columns, &name));
    ZSC_NEW(names, name.count);
    ZSC_NEW(column, name.count);
    ZSC_NEW(present, name.count);
    ZSC_NEW(c.tally, name.count);
    for (size_t i = 0; i < name.count; i++) column[i] = zsc_metadata_column(columns, name.item[i], i == CSV_ID, names[i]);
    ZSC_TRY(list_others(column, name.count, &header, info));
    for (size_t i = CSV_RANKS; i < name.count; i++) { /* those that are there, or must be */
        if (!column[i].required && !find_column(&column[i], &header)) continue;
        c.tally[kept - CSV_SPLIT].name = name.item[i];
        column[kept++] = column[i];
    }
    c.tallies = kept - CSV_SPLIT;
    c.split_known = find_column(&column[CSV_SPLIT], &header) != NULL;
    info->barcodes = find_column(&column[CSV_BARCODE], &header) != NULL;
    ZSC_TRY(zsc_csv_read(info->path, column, kept, present, count_row, &c));
    ZSC_TRY(end_census(&c));
done:
    free_census(&c);
    zsc_list_free(&header);
    zsc_list_free(&name);
    free(names);
    free(column);
    free(present);
    return status;
}

/* --- Other HDF5 files: what there is, for --h5-embedding and its like */
static zsc_status add_object(zsc_info *info, const char *path, const zsc_h5_info *object)
{
    zsc_status status = ZSC_OK;
    zsc_text shape = {0};
    info_object *grown = realloc(info->object, (info->objects + 1) * sizeof *grown);
    if (!grown) return zsc_fail_memory(info->objects + 1, sizeof *grown, "objects");
    info->object = grown;
    info_object *o = &info->object[info->objects++];
    *o = (info_object){0};
    for (int i = 0; i < object->rank; i++) zsc_text_printf(&shape, "%s%zu", i ? " x " : "", object->shape[i]);
    ZSC_TRY(copy_text(path, &o->path));
    ZSC_TRY(copy_text(object->type_name, &o->type));
    ZSC_TRY(copy_text(shape.data ? shape.data : "1", &o->shape));
done:
    free(shape.data);
    return status;
}

static zsc_status list_objects(zsc_h5 *file, const char *group, int depth, zsc_info *info)
{
    enum { DEEPEST = 8, MOST = 1000 };
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    char *path = NULL;
    zsc_h5_info object;
    ZSC_TRY(zsc_h5_children(file, group, &names));
    for (size_t i = 0; i < names.count && info->objects < MOST; i++) {
        free(path);
        if (!(path = zsc_asprintf("%s/%s", strcmp(group, "/") == 0 ? "" : group, names.item[i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        if (zsc_h5_stat(file, path, &object) != ZSC_OK) {
            ZSC_TRY(add_problem(info, "%s", zsc_error_message()));
            continue;
        }
        if (object.is_group && depth < DEEPEST)
            ZSC_TRY(list_objects(file, path, depth + 1, info));
        else if (!object.is_group)
            ZSC_TRY(add_object(info, path, &object));
    }
done:
    free(path);
    zsc_list_free(&names);
    return status;
}

static zsc_status info_objects(zsc_info *info)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    int64_t result = 0;
    ZSC_TRY(zsc_h5_open(info->path, &file));
    ZSC_TRY(zsc_h5_get_int(file, "/", "zsc_result", 0, &result));
    ZSC_TRY(copy_text(result ? "result" : "HDF5", &info->layout));
    ZSC_TRY(copy_text(result ? "result of zsc run" : "HDF5 in no layout of embeddings that zsc knows", &info->description));
    ZSC_TRY(list_objects(file, "/", 0, info));
done:
    zsc_h5_close(file);
    return status;
}

/* --- All */
/* What the user says about a file that is of another kind must not go unheard. */
static zsc_status check_kind(const char *path, zsc_vectors_class class, const zsc_pointing *pointing, const zsc_columns *columns)
{
    if (class != ZSC_VECTORS_NONE && columns->count)
        return zsc_fail(ZSC_EUSAGE, "columns have names in metadata, and '%s' is none", path);
    if (class == ZSC_VECTORS_NONE && pointing->embedding)
        return zsc_fail(ZSC_EUSAGE, "%s is looked for in HDF5 files, and '%s' is none", pointing->embedding, path);
    return ZSC_OK;
}

zsc_status zsc_info_read(const char *path, const zsc_pointing *pointing, const zsc_columns *columns, const zsc_exec *exec, zsc_info *out)
{
    zsc_status status = ZSC_OK;
    zsc_info info = {0};
    zsc_vectors *v = NULL;
    zsc_vectors_class class = ZSC_VECTORS_NONE;
    ZSC_TRY(copy_text(path, &info.path));
    ZSC_TRY(zsc_vectors_recognise(path, pointing, &class));
    ZSC_TRY(check_kind(path, class, pointing, columns));
    if (class == ZSC_VECTORS_EMBEDDINGS || (class == ZSC_VECTORS_HDF5 && pointing->embedding)) {
        ZSC_TRY(zsc_vectors_open(path, pointing, &v)); /* says what is missing where pointing fails */
        ZSC_TRY(zsc_vectors_check_pointing(&v, 1, pointing));
        ZSC_TRY(info_vectors(v, exec, &info));
    } else {
        ZSC_TRY(class == ZSC_VECTORS_HDF5 ? info_objects(&info) : info_metadata(&info, columns, exec));
    }
    *out = info;
    info = (zsc_info){0};
done:
    zsc_vectors_close(v);
    zsc_info_free(&info);
    return status;
}

void zsc_info_free(zsc_info *info)
{
    for (size_t i = 0; i < info->encoders; i++) {
        info_encoder *e = &info->encoder[i];
        free(e->name), free(e->type), free(e->modality), free(e->label);
    }
    for (size_t i = 0; i < info->ranks; i++) free(info->rank[i].name), free(info->rank[i].largest_name);
    for (size_t i = 0; i < info->splits; i++) free(info->split[i].name);
    for (size_t i = 0; i < info->objects; i++) free(info->object[i].path), free(info->object[i].type), free(info->object[i].shape);
    free(info->path), free(info->layout), free(info->description);
    free(info->encoder), free(info->rank), free(info->split), free(info->object);
    zsc_list_free(&info->other);
    zsc_list_free(&info->problem);
    *info = (zsc_info){0};
}
