/* The built-in DNA encoder.
 *
 *   1. slide a window of k letters along the barcode, one letter at a time;
 *   2. skip windows that hold anything but A, C, G, T (upper case, as sequence databases write them);
 *   3. count each of the 4^k words, A < C < G < T, first letter most significant;
 *   4. divide the counts by their L2 norm, in double, and round to float.
 *
 * The sum of squares is a sum of integers, hence exact, so the result does not depend on the order of summation.
 *
 * Metadata is read twice: once to learn how many rows there are and how long their strings are (and that ids do not
 * repeat), once to encode it block by block. What stays in memory is one block and 16 bytes per row. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/finite.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/threads.h"
#include "data/split_filter.h"
#include "data/where_rules.h"
#include "data/id_filter.h"
#include "io/h5/h5.h"
#include "io/labels/label_objects.h"
#include "io/labels/metadata.h"
#include "io/labels/missing_labels.h"
#include "zsc/kmer.h"
#include "zsc/zsc.h"

/* --- One barcode */
static const signed char letter_code[256] = {['A'] = 1, ['C'] = 2, ['G'] = 3, ['T'] = 4, /* 0: any other */
                                             ['a'] = 1, ['c'] = 2, ['g'] = 3, ['t'] = 4};

/* Calls BODY with `word` set for each window. */
#define FOR_EACH_WINDOW(barcode, length, k, word, body)                                                                \
    do {                                                                                                               \
        const uint32_t mask_ = (UINT32_C(1) << (2 * (k))) - 1;                                                         \
        uint32_t word = 0;                                                                                             \
        size_t run_ = 0;                                                                                               \
        for (size_t i_ = 0; i_ < (length); i_++) {                                                                     \
            int code_ = letter_code[(unsigned char)(barcode)[i_]];                                                     \
            run_ = code_ ? run_ + 1 : 0;                                                                               \
            word = ((word << 2) | (uint32_t)(code_ - 1)) & mask_;                                                      \
            if (run_ >= (k)) body                                                                                      \
        }                                                                                                              \
    } while (0)

/* Counts are kept in OUT itself: exact in float below 2^24 letters, four orders of magnitude beyond a barcode. Finished
 * values are marked by their sign until every word has been visited, so that only words that occur cost a division. */
bool zsc_kmer_embed(const char *barcode, size_t length, size_t k, float *out)
{
    size_t words = (size_t)1 << (2 * k);
    memset(out, 0, words * sizeof *out);
    double squares = 0;
    FOR_EACH_WINDOW(barcode, length, k, word, {
        squares += 2.0 * (double)out[word] + 1.0; /* (c + 1)^2 - c^2 */
        out[word] += 1.0f;
    });
    if (squares == 0) return false;
    double norm = sqrt(squares);
    FOR_EACH_WINDOW(barcode, length, k, word, {
        if (out[word] > 0) out[word] = -(float)((double)out[word] / norm);
    });
    FOR_EACH_WINDOW(barcode, length, k, word, { out[word] = fabsf(out[word]); });
    return true;
}

/* --- A file of them */
enum { ID, BARCODE, SPLIT, SIMULATED, FIRST_RANK, MOST_RANKS = 64, MOST_COLUMNS = FIRST_RANK + MOST_RANKS };
enum { LONGEST_OBJECT = sizeof "/labels/" + ZSC_LONGEST_COLUMN };
enum { SMALLEST_K = 2, LARGEST_K = 8, MOST_K = LARGEST_K - SMALLEST_K + 1 };
static const size_t block_bytes = (size_t)64 << 20; /* of strings and vectors held at a time */

static const char *const first_names[] = {
    [ID] = "processid", [BARCODE] = "dna_barcode", [SPLIT] = "split", [SIMULATED] = "simulated"};

typedef struct kmer_job {
    const char *metadata, *split_text;
    const zsc_columns *renamed; /* may be NULL */
    zsc_missing_labels missing;
    zsc_list own; /* names of ranks that are the user's */
    zsc_where_rules where;
    zsc_id_filter ids;
    bool in_order; /* rows are put in the order of the list, and held until all are there */
    size_t *order; /* of each id of the list: its row in the output, while rows are read first: whether it has one */
    size_t written_columns; /* those behind them only choose rows */
    const size_t *k;
    size_t k_count;
    int threads;
    const zsc_exec *exec;

    zsc_csv_column column[MOST_COLUMNS];
    const char *name[MOST_COLUMNS]; /* zsc's */
    const char *names[MOST_COLUMNS][ZSC_COLUMN_NAMES];
    bool present[MOST_COLUMNS];
    size_t columns;

    zsc_split_filter split;
    size_t rows, seen, digest_capacity;
    zsc_digest *digest; /* of each row's id */
    size_t longest[MOST_COLUMNS];
    bool simulated;
    zsc_digest repeated; /* for the message: the id that stands in two rows */
    size_t repeated_row;

    size_t block_rows, filled, written;
    char *slot[MOST_COLUMNS]; /* block_rows x (longest + 1) */
    const char **pointer;     /* block_rows */
    float *vector[MOST_K];    /* block_rows x 4^k */
    bool *found;              /* block_rows: a window for the smallest k */
    zsc_h5 *out;
    zsc_embed_summary summary;
} kmer_job;

static bool is_written(const kmer_job *job, size_t c)
{
    return job->present[c] && c != SIMULATED && c < job->written_columns;
}

static zsc_status describe_columns(kmer_job *job)
{
    zsc_status status = ZSC_OK;
    if (job->renamed) ZSC_TRY(zsc_columns_check(job->renamed, job->metadata));
    if (job->renamed) ZSC_TRY(zsc_columns_own(job->renamed, &job->own));
    for (size_t c = 0; c < FIRST_RANK; c++) job->name[job->columns++] = first_names[c];
    for (size_t r = 0; r < zsc_rank_count; r++) job->name[job->columns++] = zsc_rank_names[r];
    for (size_t r = 0; r < job->own.count; r++) {
        if (job->columns == MOST_COLUMNS) return zsc_fail(ZSC_EUSAGE, "more than %d ranks", MOST_RANKS);
        job->name[job->columns++] = job->own.item[r];
    }
    job->written_columns = job->columns;
    for (size_t i = 0; i < job->where.count; i++) {
        zsc_where_rule *rule = &job->where.rule[i];
        for (rule->field = 0; rule->field < job->columns; rule->field++)
            if (strcmp(job->name[rule->field], rule->name) == 0) break;
        if (rule->field == MOST_COLUMNS) return zsc_fail(ZSC_EUSAGE, "more than %d ranks", MOST_RANKS);
        if (rule->field == job->columns) job->name[job->columns++] = rule->name;
    }
    for (size_t c = 0; c < job->columns; c++) {
        bool needed = c == ID || c == BARCODE;
        for (size_t i = 0; i < job->where.count; i++) needed = needed || job->where.rule[i].field == c;
        job->column[c] = zsc_metadata_column(job->renamed, job->name[c], needed, job->names[c]);
    }
done:
    return status;
}

/* Bytes of what is kept of a field: nothing where it stands for a missing value. */
static size_t kept_length(const kmer_job *job, const zsc_csv_row *row, size_t c)
{
    return c != ID && zsc_is_missing(&job->missing, row->field[c]) ? 0 : row->length[c];
}

/* Whether a row is listed, of the splits, and meets the rules; *place: of its id in the list. */
static zsc_status is_wanted(kmer_job *job, const zsc_csv_row *row, size_t *place, bool *wanted)
{
    *wanted = zsc_id_filter_takes(&job->ids, row->field[ID], row->length[ID], place);
    if (!*wanted) return ZSC_OK;
    zsc_status status = zsc_split_wants(&job->split, row->field[SPLIT], wanted);
    *wanted = *wanted && zsc_where_holds(&job->where, &job->missing, row);
    return status;
}

/* First reading: rows, lengths, ids. */
static zsc_status measure_row(void *data, const zsc_csv_row *row)
{
    kmer_job *job = data;
    size_t place = 0;
    bool wanted;
    job->seen++;
    if (job->split_text && !job->present[SPLIT])
        return zsc_fail(ZSC_EINPUT, "'%s' has no column 'split', and split '%s' was asked for", job->metadata,
                        job->split_text);
    if (!zsc_id_filter_takes(&job->ids, row->field[ID], row->length[ID], NULL)) {
        job->summary.not_listed++;
        return ZSC_OK;
    }
    zsc_status status = is_wanted(job, row, &place, &wanted);
    if (status != ZSC_OK || !wanted) return status;
    if (job->in_order) job->order[place] = 1;
    if (row->length[ID] == 0)
        return zsc_fail(ZSC_EINPUT, "'%s', line %zu: the row has no id", job->metadata, row->line);
    for (size_t c = 0; c < job->columns; c++)
        if (kept_length(job, row, c) > job->longest[c]) job->longest[c] = kept_length(job, row, c);
    if (row->length[SIMULATED] && strcmp(row->field[SIMULATED], "0") != 0) job->simulated = true;
    status = zsc_grow(&job->digest, &job->digest_capacity, job->rows + 1, sizeof *job->digest, "digests of ids");
    if (status == ZSC_OK) job->digest[job->rows++] = zsc_hash_bytes(row->field[ID], row->length[ID]);
    if (job->seen % 65536 == 0 && !zsc_progress(job->exec, "measure", 0, 1))
        return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    return status;
}

static int by_digest(const void *a, const void *b)
{
    const zsc_digest *x = a, *y = b;
    if (x->high != y->high) return x->high < y->high ? -1 : 1;
    return x->low < y->low ? -1 : x->low > y->low;
}

static zsc_status name_repeated(void *data, const zsc_csv_row *row)
{
    kmer_job *job = data;
    bool wanted;
    zsc_status status = is_wanted(job, row, NULL, &wanted);
    if (status != ZSC_OK || !wanted) return status;
    zsc_digest digest = zsc_hash_bytes(row->field[ID], row->length[ID]);
    if (by_digest(&digest, &job->repeated) != 0) return ZSC_OK;
    if (job->repeated_row)
        return zsc_fail(
            ZSC_EINPUT,
            "'%s': id '%s' stands in row %zu and again in row %zu; ids must be unique among the rows that are "
            "taken: --where COLUMN=VALUE, such as marker_code=COI-5P, takes one of them",
            job->metadata, row->field[ID], job->repeated_row, row->row);
    job->repeated_row = row->row;
    return ZSC_OK;
}

static zsc_status check_ids(kmer_job *job)
{
    qsort(job->digest, job->rows, sizeof *job->digest, by_digest);
    for (size_t i = 1; i < job->rows; i++)
        if (by_digest(&job->digest[i - 1], &job->digest[i]) == 0) {
            job->repeated = job->digest[i];
            return zsc_csv_read(job->metadata, NULL, job->column, job->columns, NULL, name_repeated, job);
        }
    free(job->digest);
    job->digest = NULL;
    return ZSC_OK;
}

static zsc_status measure(kmer_job *job)
{
    zsc_status status = zsc_csv_read(job->metadata, NULL, job->column, job->columns, job->present, measure_row, job);
    if (status != ZSC_OK) return status;
    if (job->seen == 0) return zsc_fail(ZSC_EINPUT, "'%s' has a header and no rows", job->metadata);
    if (job->rows == 0 && job->where.count)
        return zsc_fail(ZSC_EINPUT, "'%s': none of its %zu rows is of the splits and meets --where", job->metadata,
                        job->seen);
    if (job->rows == 0) return zsc_context(zsc_split_none(&job->split, job->split_text), "'%s'", job->metadata);
    job->summary.rows = job->rows;
    job->summary.other_split = job->seen - job->rows - job->summary.not_listed;
    return check_ids(job);
}

/* Numbers the rows of the output in the order of the list. */
static zsc_status order_rows(kmer_job *job)
{
    size_t row = 0;
    zsc_status status = zsc_context(zsc_id_filter_check(&job->ids, "the metadata"), "'%s'", job->metadata);
    for (size_t i = 0; job->in_order && i < job->ids.list.id.count; i++) {
        bool has_row = job->order[i] != 0;
        job->order[i] = row;
        row += has_row;
    }
    return status;
}

/* --- Output */
static void object_of(const kmer_job *job, size_t c, char *buffer, size_t size)
{
    static const char *const objects[] = {[ID] = "/id", [BARCODE] = "/dna_barcode", [SPLIT] = "/split"};
    if (c < sizeof objects / sizeof *objects)
        snprintf(buffer, size, "%s", objects[c]);
    else
        snprintf(buffer, size, "/labels/%s", job->name[c]);
}

static zsc_status make_encoder(kmer_job *job, size_t i)
{
    zsc_status status = ZSC_OK;
    char object[32], label[16];
    size_t k = job->k[i], shape[2] = {job->rows, (size_t)1 << (2 * k)};
    snprintf(object, sizeof object, "/embeddings/kmer%zu", k);
    snprintf(label, sizeof label, "%zu-mer", k);
    ZSC_TRY(zsc_h5_make(job->out, object, ZSC_H5_F32, 2, shape));
    ZSC_TRY(zsc_h5_set_text(job->out, object, "modality", "dna"));
    ZSC_TRY(zsc_h5_set_text(job->out, object, "label", label));
    ZSC_TRY(zsc_h5_set_text(job->out, object, "architecture", "k-mer counts"));
done:
    return status;
}

static zsc_status make_output(kmer_job *job, const char *path)
{
    zsc_status status = ZSC_OK;
    char object[LONGEST_OBJECT];
    ZSC_TRY(zsc_label_names_check(path, &job->own));
    ZSC_TRY(zsc_h5_create(path, &job->out));
    for (size_t c = 0; c < job->columns; c++) {
        if (!is_written(job, c)) continue;
        object_of(job, c, object, sizeof object);
        ZSC_TRY(zsc_h5_make_strings(job->out, object, job->rows, job->longest[c] ? job->longest[c] : 1));
    }
    for (size_t i = 0; i < job->k_count; i++) ZSC_TRY(make_encoder(job, i));
    if (job->simulated) ZSC_TRY(zsc_h5_set_int(job->out, "/", "simulated", 1));
done:
    return status;
}

static zsc_status make_block(kmer_job *job)
{
    zsc_status status = ZSC_OK;
    size_t bytes = sizeof *job->pointer + sizeof *job->found;
    for (size_t c = 0; c < job->columns; c++)
        if (is_written(job, c)) bytes += job->longest[c] + 1;
    for (size_t i = 0; i < job->k_count; i++) bytes += sizeof(float) << (2 * job->k[i]);
    size_t rows = block_bytes / bytes;
    if (rows < 16) rows = 16;
    if (rows > 8192) rows = 8192;
    job->block_rows = rows < job->rows && !job->in_order ? rows : job->rows;
    ZSC_TRY(zsc_memory_check(job->exec, job->block_rows * bytes, "embedding"));
    ZSC_NEW_RAW(job->pointer, job->block_rows);
    ZSC_NEW_RAW(job->found, job->block_rows);
    for (size_t c = 0; c < job->columns; c++)
        if (is_written(job, c)) ZSC_NEW_RAW(job->slot[c], job->block_rows * (job->longest[c] + 1));
    for (size_t i = 0; i < job->k_count; i++) ZSC_NEW_RAW(job->vector[i], job->block_rows << (2 * job->k[i]));
done:
    return status;
}

static zsc_status write_block(kmer_job *job)
{
    zsc_status status = ZSC_OK;
    size_t smallest = 0, width = job->longest[BARCODE] + 1;
    for (size_t i = 0; i < job->k_count; i++)
        if (job->k[i] < job->k[smallest]) smallest = i;
#pragma omp parallel for num_threads(job->threads) schedule(static)
    for (size_t r = 0; r < job->filled; r++) {
        const char *barcode = job->slot[BARCODE] + r * width;
        size_t length = strlen(barcode);
        for (size_t i = 0; i < job->k_count; i++) {
            bool any = zsc_kmer_embed(barcode, length, job->k[i], job->vector[i] + (r << (2 * job->k[i])));
            if (i == smallest) job->found[r] = any;
        }
    }
    for (size_t r = 0; r < job->filled; r++) {
        if (job->slot[BARCODE][r * width] == '\0')
            job->summary.without_barcode++;
        else if (!job->found[r])
            job->summary.without_window++;
    }
    for (size_t i = 0; i < job->k_count; i++) {
        char object[32];
        snprintf(object, sizeof object, "/embeddings/kmer%zu", job->k[i]);
        ZSC_TRY(zsc_check_finite(job->vector[i], job->filled, (size_t)1 << (2 * job->k[i]),
                                 (zsc_boundary){"k-mer embedding", NULL}, job->exec));
        ZSC_TRY(zsc_h5_write_rows(job->out, object, ZSC_H5_F32, job->written, job->filled, job->vector[i]));
    }
    for (size_t c = 0; c < job->columns; c++) {
        if (!is_written(job, c)) continue;
        char object[LONGEST_OBJECT];
        object_of(job, c, object, sizeof object);
        for (size_t r = 0; r < job->filled; r++) job->pointer[r] = job->slot[c] + r * (job->longest[c] + 1);
        ZSC_TRY(zsc_h5_write_string_rows(job->out, object, job->written, job->filled, job->pointer));
    }
    job->written += job->filled;
    job->filled = 0;
    if (!zsc_progress(job->exec, "embed", (double)job->written, (double)job->rows))
        status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
done:
    return status;
}

/* Second reading. */
static zsc_status encode_row(void *data, const zsc_csv_row *row)
{
    kmer_job *job = data;
    bool wanted;
    size_t place = 0;
    zsc_status status = is_wanted(job, row, &place, &wanted);
    if (status != ZSC_OK || !wanted) return status;
    size_t at = job->in_order ? job->order[place] : job->filled;
    bool fits = job->written + job->filled < job->rows;
    for (size_t c = 0; c < job->columns; c++) fits = fits && kept_length(job, row, c) <= job->longest[c];
    if (!fits) return zsc_fail(ZSC_EINPUT, "'%s' changed while it was being read", job->metadata);
    for (size_t c = 0; c < job->columns; c++) {
        if (!is_written(job, c)) continue;
        char *slot = job->slot[c] + at * (job->longest[c] + 1);
        size_t length = kept_length(job, row, c);
        memcpy(slot, row->field[c], length);
        slot[length] = '\0';
    }
    return ++job->filled == job->block_rows ? write_block(job) : ZSC_OK;
}

static zsc_status check_ks(const size_t *ks, size_t k_count)
{
    if (k_count == 0) return zsc_fail(ZSC_EUSAGE, "expected at least one k");
    for (size_t i = 0; i < k_count; i++) {
        if (ks[i] < SMALLEST_K || ks[i] > LARGEST_K)
            return zsc_fail(ZSC_EUSAGE, "expected k from %d to %d, not %zu", SMALLEST_K, LARGEST_K, ks[i]);
        for (size_t j = 0; j < i; j++)
            if (ks[i] == ks[j]) return zsc_fail(ZSC_EUSAGE, "k = %zu is asked for twice", ks[i]);
    }
    return ZSC_OK;
}

zsc_status zsc_embed_kmer(const zsc_embed_options *options, const char *output, const zsc_exec *exec,
                          zsc_embed_summary *summary)
{
    ZSC_OPTIONS(zsc_embed_options, options, ((zsc_embed_options){0}));
    zsc_status status = ZSC_OK;
    kmer_job *job = NULL;
    ZSC_TRY(check_ks(options->k, options->k_count));
    ZSC_NEW(job, 1);
    *job = (kmer_job){.metadata = options->metadata,
                      .renamed = options->columns,
                      .split_text = options->split,
                      .in_order = options->ids && options->ids_in_order,
                      .k = options->k,
                      .k_count = options->k_count,
                      .threads = zsc_threads(exec),
                      .exec = exec};
    ZSC_TRY(zsc_missing_labels_make(options->missing_values, &job->missing));
    ZSC_TRY(zsc_where_parse(options->where, options->where_count, &job->where));
    ZSC_TRY(zsc_id_filter_read(options->ids, options->ids_in_order, &job->ids));
    if (job->in_order) ZSC_NEW(job->order, job->ids.list.id.count);
    ZSC_TRY(describe_columns(job));
    ZSC_TRY(zsc_split_parse(options->split, &job->split));
    ZSC_TRY(measure(job));
    ZSC_TRY(order_rows(job));
    ZSC_TRY(make_block(job));
    ZSC_TRY(make_output(job, output));
    ZSC_TRY(zsc_csv_read(job->metadata, NULL, job->column, job->columns, NULL, encode_row, job));
    if (job->filled) ZSC_TRY(write_block(job));
    if (job->written != job->rows) {
        status = zsc_fail(ZSC_EINPUT, "'%s' changed while it was being read", job->metadata);
        goto done;
    }
    zsc_h5 *out = job->out;
    job->out = NULL; /* commit frees it, also when it fails */
    ZSC_TRY(zsc_h5_commit(out));
    if (summary) *summary = job->summary;
done:
    if (job) {
        zsc_h5_close(job->out);
        zsc_split_free(&job->split);
        zsc_list_free(&job->own);
        zsc_where_free(&job->where);
        zsc_id_filter_free(&job->ids);
        free(job->order);
        zsc_missing_labels_free(&job->missing);
        free(job->digest);
        free(job->pointer);
        free(job->found);
        for (size_t c = 0; c < MOST_COLUMNS; c++) free(job->slot[c]);
        for (size_t i = 0; i < MOST_K; i++) free(job->vector[i]);
        free(job);
    }
    return status;
}
