#include "io/formats/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "io/labels/column_names.h"
#include "io/files/file_names.h"

void zsc_embeddings_parts_free(zsc_embeddings_parts *parts)
{
    zsc_list_free(&parts->part);
    zsc_list_free(&parts->left_out);
    zsc_list_free(&parts->why);
}

static void free_encoder(zsc_encoder *e)
{
    free(e->name), free(e->modality), free(e->label), free(e->architecture), free(e->object);
    *e = (zsc_encoder){0};
}

void zsc_embeddings_close(zsc_embeddings *v)
{
    if (!v) return;
    if (v->format && v->format->close) v->format->close(v);
    zsc_h5_close(v->h5);
    for (size_t i = 0; i < v->encoders; i++) free_encoder(&v->encoder[i]);
    for (size_t i = 0; i < v->parts; i++) zsc_embeddings_close(v->part[i]);
    for (size_t i = 0; i < v->besides; i++) zsc_embeddings_close(v->beside[i]);
    free(v->part);
    free(v->beside);
    free(v->given_id);
    free(v->split_of_name);
    free(v->encoder);
    zsc_list_free(&v->text);
    zsc_list_free(&v->own);
    zsc_list_free(&v->ranks);
    zsc_list_free(&v->skipped);
    zsc_list_free(&v->why_skipped);
    free(v->skipped_is_label);
    free(v->remark);
    zsc_embeddings_parts_free(&v->listed);
    free(v->given_path);
    free(v->path);
    free(v);
}

/* Rows without ids go by their numbers. */
static zsc_status number_rows(size_t n, char ***out)
{
    enum { DIGITS = 24 };
    char **id = malloc(n * (sizeof *id + DIGITS) + 1);
    if (!id) return zsc_fail_memory(n, sizeof *id + DIGITS, "ids");
    char *letters = (char *)(id + n);
    for (size_t i = 0; i < n; i++) {
        id[i] = letters + i * DIGITS;
        snprintf(id[i], DIGITS, "%zu", i + 1);
    }
    *out = id;
    return ZSC_OK;
}

size_t zsc_embeddings_held(const zsc_embeddings *v)
{
    size_t bytes = v->format && v->format->held ? v->format->held(v) : 0;
    for (size_t i = 0; i < v->parts; i++) bytes += zsc_embeddings_held(v->part[i]);
    for (size_t i = 0; i < v->besides; i++) bytes += zsc_embeddings_held(v->beside[i]);
    return bytes;
}

/* --- Text is UTF-8, as the results, tables and figures are where it comes to stand */
zsc_status zsc_format_check_names(const zsc_embeddings *v)
{
    for (size_t i = 0; i < v->encoders; i++) {
        const zsc_encoder *e = &v->encoder[i];
        const char *const text[] = {e->name, e->object, e->modality, e->label, e->architecture};
        for (size_t k = 0; k < sizeof text / sizeof *text; k++)
            if (!zsc_utf8_valid(text[k], strlen(text[k])))
                return zsc_fail(ZSC_EINPUT, "embeddings '%s', encoder %zu: '%s' is not UTF-8; rename it in the file",
                                v->path, i + 1, text[k]);
    }
    for (size_t i = 0; i < v->own.count; i++)
        if (!zsc_utf8_valid(v->own.item[i], strlen(v->own.item[i])))
            return zsc_fail(ZSC_EINPUT,
                            "embeddings '%s': the name of labels '%s' is not UTF-8; rename them in the file", v->path,
                            v->own.item[i]);
    return ZSC_OK;
}

/* Frees *text, one block, if one of them is not. What is read from parts is checked there. */
static zsc_status check_texts(const zsc_embeddings *v, const char *what, size_t first, size_t count, char ***text)
{
    for (size_t i = 0; i < count && !v->parts; i++)
        if (!zsc_utf8_valid((*text)[i], strlen((*text)[i]))) {
            free(*text);
            *text = NULL;
            return zsc_fail(ZSC_EINPUT, "embeddings '%s': %s of row %zu is not UTF-8", v->path, what, first + i + 1);
        }
    return ZSC_OK;
}

zsc_status zsc_embeddings_ids(zsc_embeddings *v, char ***out)
{
    if (v->given_id) return zsc_strings_copy(v->given_id, v->n, out);
    if (v->idless) return number_rows(v->n, out);
    zsc_status status = v->format->ids(v, out);
    return status == ZSC_OK ? check_texts(v, "the id", 0, v->n, out) : status;
}

void zsc_embeddings_give_ids(zsc_embeddings *v, char **ids)
{
    free(v->given_id);
    v->given_id = ids;
}

/* No layout is asked for rows that it has not: those in memory, and parts, would read beyond their arrays. */
static zsc_status check_range(const zsc_embeddings *v, const char *kind, const char *name, size_t rows, size_t first,
                              size_t count)
{
    if (first <= rows && count <= rows - first) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "embeddings '%s': %s %s has %zu rows, expected %zu", v->path, kind, name, rows,
                    first + count);
}

bool zsc_embeddings_has_text(const zsc_embeddings *v, const char *column) { return zsc_list_has(&v->text, column); }

zsc_status zsc_embeddings_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    size_t i = 0;
    zsc_status status = check_range(v, "column", column, v->n, first, count);
    if (status != ZSC_OK) return status;
    while (i < v->text.count && strcmp(v->text.item[i], column) != 0) i++;
    if (i == v->text.count) return zsc_fail(ZSC_EINTERNAL, "'%s' has no column %s", v->path, column);
    status = v->format->text(v, v->own.item[i], first, count, out);
    return status == ZSC_OK ? check_texts(v, column, first, count, out) : status;
}

const char *zsc_embeddings_why_skipped(const zsc_embeddings *v, const char *name)
{
    for (size_t i = 0; i < v->skipped.count; i++)
        if (strcmp(v->skipped.item[i], name) == 0) return v->why_skipped.item[i];
    return NULL;
}

/* As the file has them: doubles where the encoder is wide, and else floats. */
static zsc_status own_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, void *out)
{
    if (encoder->file) return own_rows(encoder->file, &encoder->file->encoder[encoder->number], first, count, out);
    zsc_status status = check_range(v, "encoder", encoder->name, encoder->n, first, count);
    return status == ZSC_OK ? v->format->rows(v, encoder, first, count, out) : status;
}

/* Rows that are converted at a time. */
static size_t piece_of(const zsc_encoder *encoder, size_t count)
{
    enum { PIECE = 1 << 16 };
    size_t rows = encoder->d < PIECE ? PIECE / (encoder->d ? encoder->d : 1) : 1;
    return rows < count ? rows : count;
}

zsc_status zsc_embeddings_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, float *out)
{
    zsc_status status = ZSC_OK;
    double *wide = NULL;
    size_t d = encoder->d, most = piece_of(encoder, count);
    if (!encoder->wide || count == 0) return own_rows(v, encoder, first, count, out);
    ZSC_NEW_RAW(wide, most * d);
    for (size_t i = 0; i < count; i += most) {
        size_t rows = count - i < most ? count - i : most;
        ZSC_TRY(own_rows(v, encoder, first + i, rows, wide));
        for (size_t k = 0; k < rows * d; k++) out[i * d + k] = (float)wide[k];
    }
done:
    free(wide);
    return status;
}

zsc_status zsc_embeddings_rows_f64(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count,
                                   double *out)
{
    zsc_status status = ZSC_OK;
    float *narrow = NULL;
    size_t d = encoder->d, most = piece_of(encoder, count);
    if (encoder->wide || count == 0) return own_rows(v, encoder, first, count, out);
    ZSC_NEW_RAW(narrow, most * d);
    for (size_t i = 0; i < count; i += most) {
        size_t rows = count - i < most ? count - i : most;
        ZSC_TRY(own_rows(v, encoder, first + i, rows, narrow));
        for (size_t k = 0; k < rows * d; k++) out[i * d + k] = (double)narrow[k];
    }
done:
    free(narrow);
    return status;
}

/* --- For formats */
zsc_status zsc_format_add_encoder(zsc_embeddings *v, const char *name, const char *object, size_t n, size_t d,
                                  const char *type, bool wide)
{
    zsc_encoder *grown = realloc(v->encoder, (v->encoders + 1) * sizeof *grown);
    if (!grown) return zsc_fail_memory(v->encoders + 1, sizeof *grown, "encoders");
    v->encoder = grown;
    zsc_encoder *e = &v->encoder[v->encoders];
    *e = (zsc_encoder){.n = n, .d = d, .block = 4096, .gap = 0, .wide = wide};
    snprintf(e->type, sizeof e->type, "%s", type);
    v->encoders++;
    if (!(e->name = zsc_strdup(name)) || !(e->object = zsc_strdup(object)) || !(e->modality = zsc_strdup("")) ||
        !(e->label = zsc_strdup("")) || !(e->architecture = zsc_strdup("")))
        return ZSC_EINTERNAL;
    return ZSC_OK;
}

static zsc_status attribute(zsc_embeddings *v, const char *object, const char *name, char **field)
{
    char *text = NULL;
    zsc_status status = zsc_h5_get_text(v->h5, object, name, "", &text);
    if (status != ZSC_OK) return status;
    free(*field);
    *field = text;
    return ZSC_OK;
}

zsc_status zsc_format_describe_h5(zsc_embeddings *v)
{
    enum { SKIP = 1 << 16 }; /* bytes that are read faster than skipped */
    zsc_status status = ZSC_OK;
    zsc_encoder *e = &v->encoder[v->encoders - 1];
    e->block = zsc_h5_block_rows(v->h5, e->object);
    e->gap = SKIP / (4 * (e->d ? e->d : 1));
    ZSC_TRY(attribute(v, e->object, "modality", &e->modality));
    ZSC_TRY(attribute(v, e->object, "label", &e->label));
    ZSC_TRY(attribute(v, e->object, "architecture", &e->architecture));
done:
    if (status != ZSC_OK) free_encoder(&v->encoder[--v->encoders]); /* what cannot be described is left out, by name */
    return status;
}

zsc_status zsc_format_h5_rows(zsc_embeddings *v, const zsc_encoder *e, size_t first, size_t count, void *out)
{
    return zsc_h5_read_rows(v->h5, e->object, e->wide ? ZSC_H5_F64 : ZSC_H5_F32, first, count, e->d, out);
}

static zsc_status replace(char **text, const char *by)
{
    char *copy = zsc_strdup(by);
    if (!copy) return ZSC_EINTERNAL;
    free(*text);
    *text = copy;
    return ZSC_OK;
}

/* Column AT gives up zsc's name for that of the file's. */
static zsc_status give_up_name(zsc_embeddings *v, size_t at)
{
    zsc_status status = ZSC_OK;
    const char *own = v->own.item[at];
    if (zsc_is_rank_column(v->text.item[at])) {
        for (size_t i = 0; i < v->ranks.count && status == ZSC_OK; i++)
            if (strcmp(v->ranks.item[i], v->text.item[at]) == 0) status = replace(&v->ranks.item[i], own);
    } else {
        status = zsc_list_add(&v->ranks, own);
    }
    return status == ZSC_OK ? replace(&v->text.item[at], own) : status;
}

zsc_status zsc_format_add_column(zsc_embeddings *v, const char *own)
{
    zsc_status status = ZSC_OK;
    const char *name = zsc_column_name(own);
    size_t at = 0;
    while (at < v->text.count && strcmp(v->text.item[at], name) != 0) at++;
    bool taken = at < v->text.count && zsc_known_column(own), other = taken && strcmp(name, own) != 0;
    if (taken && !other) ZSC_TRY(give_up_name(v, at));
    if (other) name = own;
    ZSC_TRY(zsc_list_add(&v->own, own));
    ZSC_TRY(zsc_list_add(&v->text, name));
    if (other || zsc_is_rank_column(name)) status = zsc_list_add(&v->ranks, name);
done:
    return status;
}

static zsc_status skip(zsc_embeddings *v, const char *name, bool label, zsc_status status)
{
    if (status != ZSC_EINPUT || (v->h5 && zsc_h5_troubled(v->h5))) return status;
    bool *grown = realloc(v->skipped_is_label, (v->skipped.count + 1) * sizeof *grown);
    if (!grown) return zsc_fail_memory(v->skipped.count + 1, sizeof *grown, "labels");
    v->skipped_is_label = grown;
    grown[v->skipped.count] = label;
    status = zsc_list_add(&v->why_skipped, zsc_error_message());
    if (status == ZSC_OK) status = zsc_list_add(&v->skipped, name);
    if (status == ZSC_OK) zsc_error_clear();
    return status;
}

zsc_status zsc_format_skip_encoder(zsc_embeddings *v, const char *name, zsc_status status)
{
    return skip(v, name, false, status);
}

zsc_status zsc_format_skip_labels(zsc_embeddings *v, const char *name, zsc_status status)
{
    return skip(v, name, true, status);
}

const char *const zsc_format_id_names[] = {"processid", "processids", "process_id", "process_ids", "id", "ids", NULL};

int zsc_format_id_rank(const char *name)
{
    for (size_t i = 0; zsc_format_id_names[i]; i++)
        if (strcasecmp(name, zsc_format_id_names[i]) == 0) return zsc_format_id_names[i][0] == 'p' ? 2 : 1;
    return 0;
}

zsc_status zsc_format_name_encoder(zsc_embeddings *v, char **name)
{
    zsc_file_name said;
    zsc_status status = zsc_file_name_read(v->path, &said);
    if (status != ZSC_OK) return status;
    v->named_by_file = true;
    v->of_study = said.of_study;
    *name = said.encoder;
    return ZSC_OK;
}

zsc_status zsc_format_name_split(zsc_embeddings *v)
{
    zsc_file_name said;
    zsc_status status = zsc_file_name_read(v->path, &said);
    if (status != ZSC_OK) return status;
    free(said.encoder);
    if (said.split && !(v->split_of_name = zsc_strdup(said.split))) return ZSC_EINTERNAL;
    for (size_t i = 0; i < v->encoders && *said.modality; i++) {
        if (*v->encoder[i].modality) continue;
        free(v->encoder[i].modality);
        if (!(v->encoder[i].modality = zsc_strdup(said.modality))) return ZSC_EINTERNAL;
    }
    return ZSC_OK;
}
