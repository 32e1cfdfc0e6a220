/* Labels that several files have for the same rows: those that are used against the others. */
#include "data/compare_labels.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/memory.h"
#include "data/dataset_cache.h"
#include "io/embeddings_parts.h"

enum { PIECE = 1 << 16 }; /* rows whose labels are in memory at a time */

/* Rows whose label in a file is not the one that is used. */
typedef struct disagreement {
    size_t rows, first; /* first: row of the first file, counted from 0 */
    char *own;          /* the file's label in it */
} disagreement;

/* A file that has labels of the rows, and which of them: its row r is row back[r] of the first file, -1: none; NULL:
 * the rows are the same. */
typedef struct labelled_file {
    zsc_embeddings *file;
    const int32_t *back;
} labelled_file;

static zsc_status compare_own(zsc_loading *l, const zsc_label_column *column, labelled_file own, disagreement *out)
{
    zsc_status status = ZSC_OK;
    char **text = NULL;
    for (size_t first = 0; first < own.file->n; first += PIECE) {
        size_t count = own.file->n - first < PIECE ? own.file->n - first : PIECE;
        free(text);
        text = NULL;
        ZSC_TRY(zsc_embeddings_text(own.file, column->name, first, count, &text));
        for (size_t i = 0; i < count; i++) {
            if (own.back && own.back[first + i] < 0) continue;
            size_t row = own.back ? (size_t)own.back[first + i] : first + i;
            int32_t code = column->code[row];
            if (l->labels.unlabelled[row] || zsc_is_missing(&l->missing, text[i])) continue;
            if (code >= 0 && strcmp(zsc_names_get(&column->names, (size_t)code), text[i]) == 0) continue;
            if (out->rows++ > 0 && row > out->first) continue;
            out->first = row;
            free(out->own);
            ZSC_TRY(zsc_copy_text(text[i], &out->own));
        }
    }
done:
    free(text);
    return status;
}

static void warn_of_disagreement(const zsc_loading *l, const zsc_label_column *column, labelled_file own,
                                 const disagreement *d)
{
    bool from_table = !column->own;
    int32_t code = column->code[d->first];
    const char *theirs = code < 0 ? "" : zsc_names_get(&column->names, (size_t)code);
    zsc_warn("%s of %zu of %zu rows is another in %s'%s' than in '%s', first in row %zu (id %s): '%.60s' and '%.60s'; "
             "%s are used",
             column->name, d->rows, l->n, from_table ? "metadata " : "",
             from_table ? l->options->metadata : l->file[0]->path, own.file->path, d->first + 1,
             zsc_names_get(&l->id, d->first), theirs, d->own, from_table ? "the metadata's" : "the first file's");
}

/* Warns of each rank, and of the split, whose labels are others in the file than those that are used. */
static zsc_status compare_labels(zsc_loading *l, labelled_file own)
{
    zsc_status status = ZSC_OK;
    disagreement d = {0};
    for (size_t i = 0; i < l->labels.columns; i++) {
        const zsc_label_column *column = &l->labels.column[i];
        if (!column->known || !zsc_embeddings_has_text(own.file, column->name)) continue;
        free(d.own);
        d = (disagreement){0};
        ZSC_TRY(compare_own(l, column, own, &d));
        if (d.rows) warn_of_disagreement(l, column, own, &d);
    }
done:
    free(d.own);
    return status;
}

static bool is_read(const zsc_loading *l, const char *rank)
{
    for (size_t i = 0; i < l->labels.columns; i++)
        if (strcasecmp(l->labels.column[i].name, rank) == 0) return true;
    return zsc_list_has(&l->file[0]->ranks, rank);
}

/* Warns of ranks that the file has beyond those of the first: nothing else says that they are left out. */
static zsc_status warn_of_other_ranks(const zsc_loading *l, const zsc_embeddings *file)
{
    zsc_text names = {0};
    for (size_t i = 0; i < file->ranks.count && !l->options->metadata; i++)
        if (!is_read(l, file->ranks.item[i]))
            zsc_text_printf(&names, "%s%s", names.length ? ", " : "", file->ranks.item[i]);
    zsc_status status = names.failed ? ZSC_EINTERNAL : ZSC_OK;
    if (status == ZSC_OK && names.length)
        zsc_warn(
            "labels of '%s' that '%s' lacks are left out: %s; labels are those of the first file, or of --metadata",
            file->path, l->file[0]->path, names.data);
    free(names.data);
    return status;
}

zsc_status zsc_compare_own_labels(zsc_loading *l)
{
    zsc_text names = {0};
    for (size_t i = 0; i < l->labels.columns; i++) {
        const zsc_label_column *column = &l->labels.column[i];
        if (column->known && !column->own && zsc_embeddings_has_text(l->file[0], column->name))
            zsc_text_printf(&names, "%s%s", names.length ? ", " : "", column->name);
    }
    zsc_status status = names.failed ? ZSC_EINTERNAL : ZSC_OK;
    if (status == ZSC_OK && names.length) {
        status = compare_labels(l, (labelled_file){l->file[0], NULL});
        zsc_note("labels of '%s' are not used: metadata '%s' names %s", l->file[0]->path, l->options->metadata,
                 names.data);
    }
    free(names.data);
    return status;
}

/* The files that hold the vectors of ENCODER, an encoder of V: those that labels were not read from. back: of v's rows.
 */
static zsc_status compare_holders(zsc_loading *l, zsc_embeddings *v, const zsc_encoder *encoder, const int32_t *back)
{
    zsc_status status = ZSC_OK;
    size_t begin = 0;
    if (v->parts == 0) {
        zsc_embeddings *holder = encoder->file ? encoder->file : v;
        if (holder == l->file[0]) return ZSC_OK;
        status = warn_of_other_ranks(l, holder);
        return status == ZSC_OK ? compare_labels(l, (labelled_file){holder, back}) : status;
    }
    for (size_t p = 0; p < v->parts && v != l->file[0] && status == ZSC_OK; begin += v->part[p++]->n)
        status = compare_holders(l, v->part[p], zsc_embeddings_part_encoder(v, p, encoder), back + begin);
    return status;
}

zsc_status zsc_compare_other_files(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    int32_t *back = NULL;
    char *pair = NULL;
    for (size_t m = 0; m < l->files; m++) {
        zsc_embeddings *v = l->file[m];
        if (v == l->file[0] && (v->parts || !l->encoder[m]->file)) continue;
        free(pair);
        if (!(pair = zsc_asprintf("labels of '%s' beside '%s'", l->options->embeddings[m],
                                  l->options->embeddings[0]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        if (!zsc_dataset_cache_first_mention(l->cache, pair)) continue;
        free(back);
        ZSC_NEW_RAW(back, v->n);
        for (size_t r = 0; r < v->n; r++) back[r] = l->place[m] ? -1 : (int32_t)r;
        for (size_t i = 0; i < l->n && l->place[m]; i++)
            if (l->place[m][i] >= 0) back[l->place[m][i]] = (int32_t)i;
        ZSC_TRY(compare_holders(l, v, l->encoder[m], back));
    }
done:
    free(back);
    free(pair);
    return status;
}
