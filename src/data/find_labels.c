/* Labels, splits and barcodes of the rows of the first embeddings file.
 *
 * The metadata CSV may have millions of rows that have no embedding: of those nothing is kept. Names are kept once
 * each. */
#include "data/find_labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "data/barcode_digest.h"
#include "data/compare_labels.h"
#include "data/dataset_cache.h"
#include "data/find_ranks.h"
#include "data/split_filter.h"
#include "data/where_rules.h"
#include "io/labels/column_names.h"
#include "io/file_layout.h"
#include "io/files/input_files.h"
#include "io/labels/metadata.h"

/* --- Which columns */
static zsc_status ask(zsc_loading *l, const char *name, bool rank)
{
    zsc_status status = ZSC_OK;
    zsc_label_column *column = zsc_loading_column(l, name);
    if (column) {
        column->rank = column->rank || rank;
        return ZSC_OK;
    }
    ZSC_TRY(zsc_list_add(&l->labels.names, name));
    column = realloc(l->labels.column, (l->labels.columns + 1) * sizeof *column);
    if (!column) return zsc_fail_memory(l->labels.columns + 1, sizeof *column, "columns");
    l->labels.column = column;
    column += l->labels.columns++;
    *column = (zsc_label_column){.name = l->labels.names.item[l->labels.names.count - 1], .rank = rank};
    ZSC_NEW_RAW(column->code, l->n);
    for (size_t i = 0; i < l->n; i++) column->code[i] = -1;
done:
    return status;
}

/* Columns that the user names and zsc does not know are ranks, but where they only choose rows. */
static zsc_status ask_named(zsc_loading *l)
{
    zsc_list names = {0};
    zsc_status status = zsc_columns_own(&l->options->columns, &names);
    for (size_t i = 0; i < names.count && status == ZSC_OK; i++)
        status = zsc_loading_column(l, names.item[i]) ? ZSC_OK : ask(l, names.item[i], true);
    zsc_list_free(&names);
    return status;
}

/* "rank=value" */
static zsc_status ask_where(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    zsc_where_rules rules;
    status = zsc_where_parse(l->options->where, l->options->where_count, &rules);
    for (size_t i = 0; i < rules.count && status == ZSC_OK; i++) status = ask(l, rules.rule[i].name, false);
    zsc_where_free(&rules);
    return status;
}

static zsc_status ask_ranks(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    size_t sure = 0;
    ZSC_TRY(zsc_find_ranks(l, &names, &sure));
    for (size_t i = 0; i < names.count; i++) {
        bool guessed = i >= sure && !zsc_loading_column(l, names.item[i]);
        ZSC_TRY(ask(l, names.item[i], true));
        zsc_loading_column(l, names.item[i])->guessed = guessed;
    }
done:
    zsc_list_free(&names);
    return status;
}

/* The ranks asked for, or those that there are. */
static zsc_status ask_all(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    const zsc_dataset_options *o = l->options;
    ZSC_TRY(ask(l, "split", false));
    for (size_t i = 0; i < o->rank_count && o->ranks; i++) ZSC_TRY(ask(l, zsc_column_name(o->ranks[i]), true));
    if (!o->ranks) ZSC_TRY(ask_ranks(l));
    for (size_t i = 0; i < l->file[0]->text.count && l->all_columns; i++) {
        const char *name = l->file[0]->text.item[i];
        ZSC_TRY(ask(l, name, zsc_list_has(&l->file[0]->ranks, name)));
    }
    if (l->all_columns) ZSC_TRY(ask(l, "dna_barcode", false));
    ZSC_TRY(ask_where(l));
    if (!o->ranks) ZSC_TRY(ask_named(l));
done:
    return status;
}

/* --- From the metadata */
typedef struct metadata {
    zsc_loading *l;
    size_t *csv_row; /* row of the CSV that a row of the embeddings was found in, 0: none yet */
    size_t barcode;  /* position of the barcode among the columns asked for, SIZE_MAX: not asked for */
    size_t matched;
    zsc_split_filter split;
    zsc_where_rules where; /* fields set where the column is one of those asked for */
    size_t split_field;    /* 0: none */
    const bool *present;   /* which of the columns asked for are there */
    bool *outside;  /* rows of the embeddings whose row of the CSV is of other splits, or does not meet the rules */
    char *first_id; /* of the CSV, for the message when nothing matches */
    zsc_text scratch;
} metadata;

static zsc_status set_code(zsc_label_column *column, size_t row, const char *text, size_t length)
{
    return zsc_names_add(&column->names, text, length, &column->code[row], NULL);
}

/* Rules on columns that the metadata does not have are those of the embeddings' own. */
static void keep_known_rules(metadata *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->where.count; i++) {
        zsc_where_rule rule = m->where.rule[i];
        if (m->present[rule.field])
            m->where.rule[kept++] = rule;
        else
            free(rule.name);
    }
    m->where.count = kept;
    if (!m->present[m->split_field]) m->split_field = 0;
}

/* Identity is asked of the rows that are selected: a specimen may have several rows, of which the splits and the rules
 * take one. */
static zsc_status is_inside(metadata *m, const zsc_csv_row *csv, bool *inside)
{
    zsc_status status = ZSC_OK;
    if (m->split_field) status = zsc_split_wants(&m->split, csv->field[m->split_field], inside);
    *inside = *inside && zsc_where_holds(&m->where, &m->l->missing, csv);
    return status;
}

static zsc_status take_row(void *data, const zsc_csv_row *csv)
{
    enum { OFTEN = 0xffff };
    metadata *m = data;
    zsc_loading *l = m->l;
    if ((csv->row & OFTEN) == 0 && !zsc_progress(l->exec, "metadata", (double)csv->row, 0))
        return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    if (csv->row == 1) { /* whether or not it has an embedding */
        keep_known_rules(m);
        if (!(m->first_id = zsc_strdup(csv->field[0]))) return ZSC_EINTERNAL;
    }
    int32_t row = zsc_names_find(&l->id, csv->field[0], csv->length[0]);
    if (row < 0 || (l->listed && l->listed[row] < 0)) return ZSC_OK;
    bool inside = true;
    zsc_status wants = is_inside(m, csv, &inside);
    if (wants != ZSC_OK) return wants;
    if (m->csv_row[row] && inside && !m->outside[row])
        return zsc_fail(ZSC_EINPUT,
                        "metadata '%s': rows %zu and %zu have the same id %s; --where COLUMN=VALUE, such as "
                        "marker_code=COI-5P, takes one of them",
                        l->options->metadata, m->csv_row[row], csv->row, csv->field[0]);
    if (m->csv_row[row] && !inside) return ZSC_OK;
    m->matched += !m->csv_row[row];
    m->csv_row[row] = csv->row;
    m->outside[row] = !inside;
    for (size_t i = 0; i < l->labels.columns; i++) {
        l->labels.column[i].code[row] = -1;
        if (zsc_is_missing(&l->missing, csv->field[i + 1])) continue;
        zsc_status status = set_code(&l->labels.column[i], (size_t)row, csv->field[i + 1], csv->length[i + 1]);
        if (status != ZSC_OK) return status;
    }
    if (m->barcode != SIZE_MAX) l->labels.barcode[row] = (zsc_digest){0};
    if (m->barcode != SIZE_MAX && !zsc_is_missing(&l->missing, csv->field[m->barcode]))
        l->labels.barcode[row] = zsc_barcode_digest(csv->field[m->barcode], csv->length[m->barcode],
                                                    l->options->barcode_max_length, &m->scratch);
    return m->scratch.failed ? ZSC_EINTERNAL : ZSC_OK;
}

static zsc_status mark_unlabelled(zsc_loading *l, const metadata *m)
{
    if (m->matched == 0)
        return zsc_fail(ZSC_EINPUT, "no id of embeddings '%s' is in metadata '%s' (the first are %s and %s)",
                        l->file[0]->path, l->options->metadata, zsc_names_get(&l->id, 0),
                        m->first_id ? m->first_id : "none");
    for (size_t i = 0; i < l->n; i++)
        if (!m->csv_row[i]) l->labels.unlabelled[i] = 1;
    return ZSC_OK;
}

static zsc_status read_metadata(zsc_loading *l, bool *barcodes)
{
    zsc_status status = ZSC_OK;
    size_t count = l->labels.columns + 1 + *barcodes;
    metadata m = {.l = l, .barcode = *barcodes ? count - 1 : SIZE_MAX};
    zsc_csv_column *columns = NULL;
    const char *(*names)[ZSC_COLUMN_NAMES] = NULL;
    bool *present = NULL;
    ZSC_NEW(columns, count);
    ZSC_NEW(names, count);
    ZSC_NEW(present, count);
    m.present = present;
    ZSC_NEW(m.csv_row, l->n);
    ZSC_NEW(m.outside, l->n);
    ZSC_TRY(zsc_split_parse(l->options->split, &m.split));
    ZSC_TRY(zsc_where_parse(l->options->where, l->options->where_count, &m.where));
    for (size_t i = 0; i < l->labels.columns; i++) {
        if (l->options->split && strcmp(l->labels.column[i].name, "split") == 0) m.split_field = i + 1;
        for (size_t k = 0; k < m.where.count; k++)
            if (strcmp(l->labels.column[i].name, m.where.rule[k].name) == 0) m.where.rule[k].field = i + 1;
    }
    for (size_t i = 0; i < count; i++) {
        const char *name = i == 0 ? "processid" : i <= l->labels.columns ? l->labels.column[i - 1].name : "dna_barcode";
        columns[i] = zsc_metadata_column(&l->options->columns, name, i == 0, names[i]);
    }
    ZSC_TRY(zsc_context(zsc_csv_read(l->table, l->table_layout, columns, count, present, take_row, &m), "metadata"));
    ZSC_TRY(mark_unlabelled(l, &m));
    for (size_t i = 0; i < l->labels.columns; i++) l->labels.column[i].known = present[i + 1];
    if (*barcodes) *barcodes = present[count - 1];
done:
    free(columns);
    free(names);
    free(present);
    free(m.csv_row);
    free(m.outside);
    zsc_split_free(&m.split);
    zsc_where_free(&m.where);
    free(m.first_id);
    free(m.scratch.data);
    return status;
}

/* --- From the file */
enum { PIECE = 1 << 18 }; /* rows: chunks at the ends of a piece are unpacked twice */

static zsc_status read_own(zsc_loading *l, zsc_label_column *column)
{
    zsc_status status = ZSC_OK;
    zsc_embeddings *v = l->file[0];
    char **text = NULL;
    for (size_t first = 0; first < l->n; first += PIECE) {
        size_t count = l->n - first < PIECE ? l->n - first : PIECE;
        free(text);
        text = NULL;
        ZSC_TRY(zsc_embeddings_text(v, column->name, first, count, &text));
        for (size_t i = 0; i < count; i++) {
            if (zsc_is_missing(&l->missing, text[i])) continue;
            ZSC_TRY(set_code(column, first + i, text[i], strlen(text[i])));
        }
    }
    column->known = column->own = true;
done:
    free(text);
    return status;
}

static zsc_status read_own_barcodes(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    char **text = NULL;
    zsc_text scratch = {0};
    for (size_t first = 0; first < l->n; first += PIECE) {
        size_t count = l->n - first < PIECE ? l->n - first : PIECE;
        free(text);
        text = NULL;
        ZSC_TRY(zsc_embeddings_text(l->file[0], "dna_barcode", first, count, &text));
        for (size_t i = 0; i < count; i++)
            if (!zsc_is_missing(&l->missing, text[i]))
                l->labels.barcode[first + i] = zsc_barcode_digest(text[i], strlen(text[i]),
                                                                  l->options->barcode_max_length, &scratch);
        if (scratch.failed) {
            status = ZSC_EINTERNAL;
            goto done;
        }
    }
done:
    free(text);
    free(scratch.data);
    return status;
}

/* --- Both */
static zsc_status fail_unknown(zsc_loading *l, const zsc_label_column *column)
{
    zsc_status status = ZSC_OK;
    zsc_list header = {0};
    zsc_text text = {0};
    const zsc_list *own = &l->file[0]->text;
    const char *why = zsc_embeddings_why_skipped(l->file[0], column->name);
    if (why) return zsc_fail(ZSC_EINPUT, "%s", why);
    if (l->options->metadata) ZSC_TRY(zsc_csv_header(l->table, l->table_layout, &header, NULL));
    for (size_t i = 0; i < own->count; i++)
        if (!zsc_list_has(&header, own->item[i])) ZSC_TRY(zsc_list_add(&header, own->item[i]));
    for (size_t i = 0; i < header.count && text.length < 400; i++)
        zsc_text_printf(&text, "%s%s", i ? ", " : "", header.item[i]);
    const char *near = zsc_nearest(column->name, (const char *const *)header.item, header.count);
    const char *where = l->options->metadata ? l->options->metadata : l->file[0]->path;
    const char *list = text.data ? text.data : "none";
    status = near ? zsc_fail(ZSC_EINPUT, "'%s' has no column %s; did you mean %s? There are: %s", where, column->name,
                             near, list)
                  : zsc_fail(ZSC_EINPUT, "'%s' has no column %s; there are: %s", where, column->name, list);
done:
    zsc_list_free(&header);
    free(text.data);
    return status;
}

static zsc_status check_known(zsc_loading *l)
{
    for (size_t i = 0; i < l->labels.columns; i++) {
        const zsc_label_column *column = &l->labels.column[i];
        bool wanted = i == 0           ? l->options->split || l->options->scope == ZSC_SCOPE_SPLIT
                      : l->all_columns ? false
                                       : !column->rank || l->options->ranks;
        if (i == 0 && l->options->split && strcmp(l->options->split, "all") == 0)
            wanted = l->options->scope == ZSC_SCOPE_SPLIT;
        if (wanted && !column->known) return fail_unknown(l, column);
    }
    return ZSC_OK;
}

/* zs-ssl-clustering's y_true: codes of the species. Where rows are known by their place alone, each code must go with
 * one species and each species with one code, or the place is wrong. */
static zsc_status check_y_true(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    zsc_label_column *species = zsc_loading_column(l, "species"), y = {.name = "y_true"};
    int32_t *other = NULL, *back = NULL;
    if (!l->file[0]->idless || !l->options->metadata || !species || !zsc_embeddings_has_text(l->file[0], y.name))
        return ZSC_OK;
    ZSC_NEW_RAW(y.code, l->n);
    for (size_t i = 0; i < l->n; i++) y.code[i] = -1;
    ZSC_TRY(read_own(l, &y));
    ZSC_NEW(other, y.names.count + 1);
    ZSC_NEW(back, species->names.count + 1);
    for (size_t i = 0; i < l->n; i++) {
        int32_t a = y.code[i], b = species->code[i];
        if (a < 0 || b < 0) continue;
        if (other[a] == 0 && back[b] == 0) {
            other[a] = b + 1;
            back[b] = a + 1;
        } else if (other[a] != b + 1 || back[b] != a + 1) {
            status = zsc_fail(
                ZSC_EINPUT,
                "embeddings '%s': y_true is %s in row %zu, whose species would be %s (id %s): the rows are "
                "not those of metadata '%s'%s%s in the order of the ids",
                l->file[0]->path, zsc_names_get(&y.names, (size_t)a), i + 1, zsc_names_get(&species->names, (size_t)b),
                zsc_names_get(&l->id, i), l->options->metadata, l->options->split ? ", split " : "",
                l->options->split ? l->options->split : "");
            goto done;
        }
    }
done:
    free(y.code);
    zsc_names_free(&y.names);
    free(other);
    free(back);
    return status;
}

static zsc_status find_labels(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    bool barcodes = l->options->per_barcode != ZSC_BARCODE_ALL, found = barcodes;
    ZSC_TRY(ask_all(l));
    ZSC_NEW(l->labels.unlabelled, l->n);
    if (barcodes) ZSC_NEW(l->labels.barcode, l->n);
    if (l->options->metadata) ZSC_TRY(read_metadata(l, &found));
    for (size_t i = 0; i < l->labels.columns; i++)
        if (!l->labels.column[i].known && zsc_embeddings_has_text(l->file[0], l->labels.column[i].name))
            ZSC_TRY(read_own(l, &l->labels.column[i]));
    ZSC_TRY(check_known(l));
    ZSC_TRY(check_y_true(l));
    zsc_keep_ranks(l);
    if (l->options->metadata) ZSC_TRY(zsc_compare_own_labels(l));
    if (barcodes && !(found && l->options->metadata)) {
        if (!zsc_embeddings_has_text(l->file[0], "dna_barcode")) {
            status = zsc_fail(ZSC_EINPUT, "one row per barcode needs barcodes, and %s'%s' has no column dna_barcode",
                              l->options->metadata ? "metadata " : "embeddings ",
                              l->options->metadata ? l->options->metadata : l->file[0]->path);
            goto done;
        }
        ZSC_TRY(read_own_barcodes(l));
    }
done:
    return status;
}

static void hash_text(zsc_hash *hash, const char *text)
{
    zsc_hash_add(hash, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* Whether labels are the metadata's whatever the first file holds: it has no ids, and of texts at most y_true, which is
 * checked for each file, and the split by which its ids were found. */
static bool are_of_metadata(const zsc_loading *l)
{
    const zsc_embeddings *v = l->file[0];
    bool only = l->options->metadata && v->idless && v->given_id && !l->by_row;
    for (size_t i = 0; i < v->text.count; i++)
        only = only && (strcmp(v->text.item[i], "y_true") == 0 || strcmp(v->text.item[i], "split") == 0);
    return only;
}

/* Of all that the labels depend on. *known is false where files cannot be told from others: labels are not shared
 * then. */
static zsc_status labels_key(const zsc_loading *l, zsc_digest *key, bool *known)
{
    _Static_assert(sizeof(zsc_dataset_options) == 240, "a new option that labels depend on belongs into their key");
    const zsc_dataset_options *o = l->options;
    zsc_known_identity table = {.known = true};
    if (o->metadata) {
        zsc_status status = zsc_input_identity(o->metadata, &table.digest, &table.known);
        if (status != ZSC_OK) return status;
    }
    bool of_file = !are_of_metadata(l);
    *known = table.known && (!of_file || l->identity[0].known);
    if (!*known) return ZSC_OK;
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    const size_t what[] = {'l',
                           l->n,
                           o->ranks ? o->rank_count + 1 : 0,
                           o->where_count,
                           o->columns.count,
                           o->per_barcode != ZSC_BARCODE_ALL,
                           o->barcode_max_length};
    zsc_hash_add(hash, what, sizeof what);
    zsc_hash_add(hash, l->id.letters, l->id.used);
    zsc_hash_add(hash, &l->list.digest, sizeof l->list.digest); /* labels of other rows are not read */
    if (of_file) zsc_hash_add(hash, &l->identity[0].digest, sizeof l->identity[0].digest);
    hash_text(hash, o->metadata);
    hash_text(hash, o->split); /* chooses among rows of one id */
    zsc_hash_add(hash, &(bool){o->missing_values != NULL}, sizeof(bool));
    hash_text(hash, o->missing_values);
    zsc_hash_add(hash, &table.digest, sizeof table.digest);
    for (size_t i = 0; o->ranks && i < o->rank_count; i++) hash_text(hash, o->ranks[i]);
    for (size_t i = 0; i < o->where_count; i++) hash_text(hash, o->where[i]);
    for (size_t i = 0; i < o->columns.count; i++) hash_text(hash, o->columns.rule[i]);
    zsc_file_layout_hash(hash, &o->file_layout);
    *key = zsc_hash_end(hash);
    return ZSC_OK;
}

zsc_status zsc_find_labels(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    zsc_digest key = {0};
    bool known = false;
    ZSC_TRY(zsc_missing_labels_make(l->options->missing_values, &l->missing));
    if (l->cache) ZSC_TRY(labels_key(l, &key, &known));
    zsc_dataset_cache *cache = known ? l->cache : NULL;
    const zsc_loaded_labels *there = zsc_dataset_cache_find_labels(cache, key);
    if (there) {
        l->labels = *there;
        l->borrowed = true;
        ZSC_TRY(check_known(l)); /* what is needed can differ where what there is does not */
        ZSC_TRY(check_y_true(l));
    } else {
        ZSC_TRY(find_labels(l));
        l->borrowed = zsc_dataset_cache_keep_labels(cache, key, &l->labels, l->n);
    }
    ZSC_TRY(zsc_compare_other_files(l));
    for (size_t i = 0; i < l->n; i++) l->unmatched[i] |= l->labels.unlabelled[i];
done:
    return status;
}
