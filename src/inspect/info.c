/* Everything is counted in one pass in pieces (row_stats, encoder_stats). */
#include "inspect/info.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/threads.h"
#include "inspect/problems.h"
#include "io/file_layout.h"
#include "io/files/input_files.h"
#include "io/labels/metadata.h"

enum { PIECE = 1 << 16 };

/* --- Embeddings files */
static zsc_status count_texts(zsc_row_counter *c, zsc_embeddings *v, const char *column, size_t position)
{
    zsc_status status = ZSC_OK;
    char **text = NULL;
    for (size_t first = 0; first < v->n; first += PIECE) {
        size_t count = v->n - first < PIECE ? v->n - first : PIECE;
        free(text);
        text = NULL;
        ZSC_TRY(zsc_embeddings_text(v, column, first, count, &text));
        for (size_t i = 0; i < count; i++) {
            size_t length = strlen(text[i]);
            if (c->taken && !c->taken[first + i]) continue;
            if (position == SIZE_MAX)
                ZSC_TRY(zsc_row_counter_barcode(c, text[i], zsc_is_missing(&c->missing, text[i]) ? 0 : length));
            else
                ZSC_TRY(
                    zsc_row_counter_name(&c->column[position], text[i], length, zsc_is_missing(&c->missing, text[i])));
        }
    }
done:
    free(text);
    return status;
}

/* Which rows are counted. */
static zsc_status choose_rows(zsc_embeddings *v, zsc_row_counter *c)
{
    zsc_status status = ZSC_OK;
    char **id = NULL;
    if (!c->listed.path) return ZSC_OK;
    if (v->idless) return zsc_fail(ZSC_EUSAGE, "a list of ids needs ids, and '%s' has none", v->path);
    ZSC_NEW(c->taken, v->n);
    if (v->n) ZSC_TRY(zsc_embeddings_ids(v, &id));
    c->stats->rows = 0;
    for (size_t i = 0; i < v->n; i++) {
        c->taken[i] = zsc_id_filter_takes(&c->listed, id[i], strlen(id[i]), NULL);
        c->stats->rows += c->taken[i];
    }
    status = zsc_id_filter_check(&c->listed, "the embeddings");
done:
    free(id);
    return status;
}

static zsc_status info_columns(zsc_embeddings *v, zsc_row_counter *c)
{
    zsc_status status = ZSC_OK;
    char **id = NULL;
    size_t position = 1;
    ZSC_NEW(c->column, v->ranks.count + 1);
    c->columns = v->ranks.count + 1;
    if (v->n) ZSC_TRY(zsc_embeddings_ids(v, &id));
    for (size_t i = 0; i < v->n; i++)
        if (!c->taken || c->taken[i]) ZSC_TRY(zsc_row_counter_id(c, id[i], strlen(id[i]), i + 1));
    for (size_t k = 0; k < zsc_rank_count; k++) /* coarse to fine, then what is not one of BIOSCAN's */
        if (zsc_list_has(&v->ranks, zsc_rank_names[k])) c->column[position++].name = zsc_rank_names[k];
    for (size_t k = 0; k < v->ranks.count; k++) {
        bool known = false;
        for (size_t i = 1; i < position; i++) known = known || strcmp(c->column[i].name, v->ranks.item[k]) == 0;
        if (!known) c->column[position++].name = v->ranks.item[k];
    }
    for (size_t i = 1; i < c->columns; i++) ZSC_TRY(count_texts(c, v, c->column[i].name, i));
    if ((c->split_known = zsc_embeddings_has_text(v, "split"))) ZSC_TRY(count_texts(c, v, "split", 0));
    if ((c->stats->barcodes = zsc_embeddings_has_text(v, "dna_barcode")))
        ZSC_TRY(count_texts(c, v, "dna_barcode", SIZE_MAX));
done:
    free(id);
    return status;
}

static zsc_status judge_encoder(zsc_info *info, const zsc_encoder_stats *e)
{
    zsc_status status = ZSC_OK;
    if (e->n != info->row_stats.rows)
        ZSC_TRY(zsc_problems_add(&info->problem, "%s has %zu rows, and there are %zu ids", e->name, e->n,
                                 info->row_stats.rows));
    if (e->d == 0) ZSC_TRY(zsc_problems_add(&info->problem, "%s has no columns", e->name));
    if (e->nan_rows) ZSC_TRY(zsc_problems_add(&info->problem, "%s: %zu rows hold NaN", e->name, e->nan_rows));
    if (e->infinite_rows)
        ZSC_TRY(zsc_problems_add(&info->problem, "%s: %zu rows hold infinity", e->name, e->infinite_rows));
done:
    return status;
}

/* A name that no encoder has is an error; so is a pattern that none matches. */
static zsc_status check_encoder(zsc_embeddings *v, const char *encoder)
{
    const zsc_encoder *found = NULL;
    for (size_t i = 0; i < v->encoders; i++)
        if (zsc_embeddings_matches(v, &v->encoder[i], encoder)) return ZSC_OK;
    return encoder ? zsc_embeddings_encoder(v, encoder, &found) : ZSC_OK;
}

/* ENCODER: a name or a pattern; NULL: all. */
static zsc_status info_vectors(zsc_embeddings *v, const char *encoder, const char *missing_values, const char *ids,
                               const zsc_exec *exec, zsc_info *info)
{
    zsc_status status = ZSC_OK;
    zsc_row_counter c = {.stats = &info->row_stats, .problems = &info->problem, .exec = exec};
    ZSC_TRY(check_encoder(v, encoder));
    ZSC_TRY(zsc_missing_labels_make(missing_values, &c.missing));
    ZSC_TRY(zsc_copy_text(v->format->name, &info->layout));
    ZSC_TRY(zsc_copy_text(v->format->description, &info->description));
    if (v->remark) ZSC_TRY(zsc_copy_text(v->remark, &info->remark));
    info->row_stats.rows = v->n;
    ZSC_TRY(zsc_id_filter_read(ids, false, &c.listed));
    ZSC_TRY(choose_rows(v, &c));
    info->simulated = v->simulated;
    info->parts = v->listed.part;
    info->left_out = v->listed.left_out;
    v->listed = (zsc_embeddings_parts){0}; /* the info's now */
    ZSC_NEW(info->encoder, v->encoders);
    for (size_t i = 0; i < v->encoders; i++) {
        if (!zsc_embeddings_matches(v, &v->encoder[i], encoder)) continue;
        zsc_encoder_stats *e = &info->encoder[info->encoders++];
        e->n = v->encoder[i].n;
        e->d = v->encoder[i].d;
        ZSC_TRY(zsc_copy_text(v->encoder[i].name, &e->name));
        ZSC_TRY(zsc_copy_text(v->encoder[i].type, &e->type));
        ZSC_TRY(zsc_copy_text(v->encoder[i].modality, &e->modality));
        ZSC_TRY(zsc_copy_text(v->encoder[i].label, &e->label));
        e->norm_least = e->norm_mean = e->norm_sd = e->norm_most = NAN;
        if (v->parts && zsc_embeddings_check_rows(v, &v->encoder[i]) != ZSC_OK) { /* its rows are those of no ids */
            ZSC_TRY(zsc_problems_add(&info->problem, "%s", zsc_error_message()));
            continue;
        }
        ZSC_TRY(zsc_encoder_stats_read(v, &v->encoder[i], e->n == v->n ? c.taken : NULL, exec, e));
        ZSC_TRY(judge_encoder(info, e));
    }
    for (size_t i = 0; i < v->skipped.count; i++)
        ZSC_TRY(zsc_problems_add(&info->problem, "left out: %s", v->why_skipped.item[i]));
    if (v->encoders == 0) ZSC_TRY(zsc_problems_add(&info->problem, "there is no encoder"));
    ZSC_TRY(info_columns(v, &c));
    ZSC_TRY(zsc_row_counter_end(&c));
done:
    zsc_row_counter_free(&c);
    return status;
}

/* --- Metadata */
enum { CSV_ID, CSV_BARCODE, CSV_SPLIT, CSV_RANKS };

static zsc_status count_row(void *data, const zsc_csv_row *row)
{
    enum { OFTEN = 0xffff };
    zsc_row_counter *c = data;
    zsc_status status = ZSC_OK;
    if ((row->row & OFTEN) == 0 && !zsc_progress(c->exec, "metadata", (double)row->row, 0))
        return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    if (!zsc_id_filter_takes(&c->listed, row->field[CSV_ID], row->length[CSV_ID], NULL)) return ZSC_OK;
    if (!zsc_where_holds(&c->where, &c->missing, row)) return ZSC_OK;
    c->stats->rows++;
    ZSC_TRY(zsc_row_counter_id(c, row->field[CSV_ID], row->length[CSV_ID], row->row));
    const char *barcode = row->field[CSV_BARCODE];
    if (c->stats->barcodes)
        ZSC_TRY(
            zsc_row_counter_barcode(c, barcode, zsc_is_missing(&c->missing, barcode) ? 0 : row->length[CSV_BARCODE]));
    for (size_t i = 0; i < c->columns; i++) {
        const char *text = row->field[CSV_SPLIT + i];
        ZSC_TRY(
            zsc_row_counter_name(&c->column[i], text, row->length[CSV_SPLIT + i], zsc_is_missing(&c->missing, text)));
    }
done:
    return status;
}

/* The columns that metadata may have, under zsc's names: id, barcode and split as counted above, ranks, the user's own.
 */
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

static zsc_status list_others(const zsc_csv_column *column, size_t count, const zsc_list *header, zsc_info *info)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < header->count; i++) {
        bool used = false;
        for (size_t k = 0; k < count && !used; k++) {
            used = zsc_metadata_find(&column[k], header) == i;
        }
        if (!used) ZSC_TRY(zsc_list_add(&info->other, header->item[i]));
    }
done:
    return status;
}

static zsc_status info_metadata(zsc_info *info, const zsc_table_layout *layout, const zsc_columns *columns,
                                const char *missing_values, const zsc_list *where, const char *ids,
                                const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    zsc_row_counter c = {.stats = &info->row_stats, .problems = &info->problem, .exec = exec};
    zsc_list header = {0}, name = {0};
    zsc_csv_style style;
    const char *(*names)[ZSC_COLUMN_NAMES] = NULL;
    zsc_csv_column *column = NULL;
    bool *present = NULL;
    size_t kept = CSV_RANKS;
    ZSC_TRY(zsc_missing_labels_make(missing_values, &c.missing));
    ZSC_TRY(zsc_copy_text("metadata", &info->layout));
    ZSC_TRY(zsc_copy_text("metadata of specimens (CSV or TSV)", &info->description));
    ZSC_TRY(zsc_columns_check(columns, info->path));
    ZSC_TRY(zsc_csv_header(info->path, layout, &header, &style));
    if (*style.remark) ZSC_TRY(zsc_copy_text(style.remark, &info->remark));
    ZSC_TRY(list_columns(columns, &name));
    ZSC_TRY(zsc_where_parse((const char *const *)where->item, where->count, &c.where));
    ZSC_TRY(zsc_id_filter_read(ids, false, &c.listed));
    ZSC_NEW(names, name.count + where->count);
    ZSC_NEW(column, name.count + where->count);
    ZSC_NEW(present, name.count + where->count);
    ZSC_NEW(c.column, name.count);
    for (size_t i = 0; i < name.count; i++)
        column[i] = zsc_metadata_column(columns, name.item[i], i == CSV_ID, names[i]);
    ZSC_TRY(list_others(column, name.count, &header, info));
    for (size_t i = CSV_RANKS; i < name.count; i++) { /* those that are there, or must be */
        if (!column[i].required && zsc_metadata_find(&column[i], &header) == SIZE_MAX) continue;
        c.column[kept - CSV_SPLIT].name = name.item[i];
        column[kept++] = column[i];
    }
    c.columns = kept - CSV_SPLIT;
    c.split_known = zsc_metadata_find(&column[CSV_SPLIT], &header) != SIZE_MAX;
    info->row_stats.barcodes = zsc_metadata_find(&column[CSV_BARCODE], &header) != SIZE_MAX;
    for (size_t i = 0; i < c.where.count; i++) {
        c.where.rule[i].field = kept;
        column[kept++] = zsc_metadata_column(columns, c.where.rule[i].name, true, names[name.count + i]);
    }
    ZSC_TRY(zsc_csv_read(info->path, layout, column, kept, present, count_row, &c));
    ZSC_TRY(zsc_context(zsc_id_filter_check(&c.listed, "the metadata"), "'%s'", info->path));
    ZSC_TRY(zsc_row_counter_end(&c));
done:
    zsc_row_counter_free(&c);
    zsc_list_free(&header);
    zsc_list_free(&name);
    free(names);
    free(column);
    free(present);
    return status;
}

/* Compares what a result holds with its checksums. */
static zsc_status check_result(zsc_h5 *file, zsc_info *info)
{
    size_t before = info->problem.count;
    if (!zsc_h5_checksums_present(file))
        return zsc_copy_text("none for each array: an older zsc wrote it", &info->checksums);
    zsc_status status = zsc_h5_verify_all(file, &info->problem);
    info->damaged = info->problem.count - before;
    return status == ZSC_OK ? zsc_copy_text(info->damaged ? "damaged" : "match", &info->checksums) : status;
}

/* --- Other HDF5 files: what there is, for --h5-embedding and its like */
static zsc_status info_objects(zsc_info *info)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    int64_t result = 0;
    char *kind = NULL;
    ZSC_TRY(zsc_h5_open(info->path, &file));
    ZSC_TRY(zsc_h5_get_int(file, "/", "zsc_result", 0, &result));
    ZSC_TRY(zsc_h5_get_text(file, "/", "kind", "", &kind));
    ZSC_TRY(zsc_copy_text(result ? "result" : "HDF5", &info->layout));
    ZSC_TRY(zsc_copy_text(strcmp(kind, "probe") == 0 && result ? "result of zsc probe"
                          : result && *kind                    ? "result of zsc retrieve"
                          : result                             ? "result of zsc run"
                                                               : "HDF5 in no layout of embeddings that zsc knows",
                          &info->description));
    ZSC_TRY(zsc_h5_contents_read(file, &info->problem, &info->contents));
    if (result) ZSC_TRY(check_result(file, info));
done:
    free(kind);
    zsc_h5_close(file);
    return status;
}

/* --- All */
/* What the user says about a file that is of another kind must not go unheard. */
static zsc_status check_kind(const char *path, zsc_embeddings_class class, const zsc_file_layout *file_layout,
                             const zsc_columns *columns, const char *missing_values)
{
    if (class == ZSC_CLASS_HDF5 && !file_layout->embedding && missing_values)
        return zsc_fail(ZSC_EUSAGE, "missing values are looked for in labels, and '%s' has no layout that zsc knows",
                        path);
    if (class != ZSC_CLASS_OTHER && columns->count)
        return zsc_fail(ZSC_EUSAGE, "columns have names in metadata, and '%s' is none", path);
    if (class == ZSC_CLASS_OTHER && file_layout->embedding)
        return zsc_fail(ZSC_EUSAGE, "%s is looked for in HDF5 files, and '%s' is none", file_layout->embedding, path);
    return ZSC_OK;
}

zsc_status zsc_info_read(const char *spec, const zsc_file_layout *given, const zsc_columns *columns,
                         const char *missing_values, const zsc_list *where, const char *ids, const zsc_exec *exec,
                         zsc_info *out)
{
    zsc_status status = ZSC_OK;
    zsc_info info = {0};
    zsc_embeddings *v = NULL;
    zsc_embeddings_class class = ZSC_CLASS_OTHER;
    char *encoder = NULL;
    const zsc_file_layout layout = zsc_file_layout_with_missing(given, missing_values), *file_layout = &layout;
    if (strchr(spec, ':') && !zsc_input_exists(spec)) ZSC_TRY(zsc_embeddings_split_name(spec, &info.path, &encoder));
    if (!encoder || !zsc_input_exists(info.path)) { /* a name with colons, of a file that may not be there */
        free(info.path), free(encoder);
        info.path = encoder = NULL;
        ZSC_TRY(zsc_copy_text(spec, &info.path));
    }
    const char *path = info.path;
    ZSC_TRY(zsc_embeddings_recognise(path, file_layout, &class));
    ZSC_TRY(check_kind(path, class, file_layout, columns, missing_values));
    if (where->count && class != ZSC_CLASS_OTHER) {
        status = zsc_fail(ZSC_EUSAGE, "where chooses rows of metadata, and '%s' is a file of embeddings or HDF5", path);
        goto done;
    }
    if (ids && class == ZSC_CLASS_HDF5 && !file_layout->embedding) {
        status = zsc_fail(ZSC_EUSAGE, "a list of ids chooses rows of embeddings or metadata, and '%s' is neither",
                          path);
        goto done;
    }
    if (class == ZSC_CLASS_EMBEDDINGS || (class == ZSC_CLASS_HDF5 && file_layout->embedding)) {
        ZSC_TRY(zsc_embeddings_open(path, file_layout, &v)); /* says what is missing where a path leads nowhere */
        ZSC_TRY(zsc_file_layout_check_used(&v, 1, file_layout));
        ZSC_TRY(info_vectors(v, encoder, missing_values, ids, exec, &info));
    } else if (encoder) {
        status = zsc_fail(ZSC_EINPUT, "'%s' holds no embeddings, and thus no encoder %s", path, encoder);
        goto done;
    } else {
        ZSC_TRY(class == ZSC_CLASS_HDF5
                    ? info_objects(&info)
                    : info_metadata(&info, &file_layout->table, columns, missing_values, where, ids, exec));
    }
    info.asked_encoder = encoder;
    encoder = NULL;
    *out = info;
    info = (zsc_info){0};
done:
    free(encoder);
    zsc_embeddings_close(v);
    zsc_info_free(&info);
    return status;
}

void zsc_info_free(zsc_info *info)
{
    for (size_t i = 0; i < info->encoders; i++) {
        zsc_encoder_stats *e = &info->encoder[i];
        free(e->name), free(e->type), free(e->modality), free(e->label);
    }
    zsc_row_stats_free(&info->row_stats);
    zsc_h5_contents_free(&info->contents);
    free(info->path), free(info->layout), free(info->description), free(info->remark), free(info->checksums),
        free(info->asked_encoder);
    free(info->encoder);
    zsc_list_free(&info->other);
    zsc_list_free(&info->parts);
    zsc_list_free(&info->left_out);
    zsc_list_free(&info->problem);
    *info = (zsc_info){0};
}
