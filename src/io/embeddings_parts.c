#include "io/embeddings_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The whole's state: which encoder of each part is which of the whole, encoders x parts. */
static const zsc_encoder **matches_of(const zsc_embeddings *whole, size_t encoder)
{
    return (const zsc_encoder **)whole->state + encoder * whole->parts;
}

/* What is E, an encoder of the first part, in another part; NULL: it is not there. */
static const zsc_encoder *find_match(const zsc_embeddings *part, const zsc_embeddings *whole, const zsc_encoder *e)
{
    bool named = part->of_study &&
                 whole->part[0]->of_study; /* otherwise one is the other, whatever the files call it */
    if (whole->part[0]->encoders == 1 && part->encoders == 1 && !named) return part->encoder;
    for (size_t i = 0; i < part->encoders; i++)
        if (strcmp(part->encoder[i].name, e->name) == 0) return &part->encoder[i];
    return NULL;
}

const zsc_encoder *zsc_embeddings_part_encoder(const zsc_embeddings *whole, size_t part, const zsc_encoder *encoder)
{
    return matches_of(whole, (size_t)(encoder - whole->encoder))[part];
}

/* What the names of all parts begin with, without the marks at its end: x_test, x_train -> x. */
static char *common_name(const zsc_encoder *const *match, size_t parts)
{
    const char *first = match[0]->name;
    size_t length = strlen(first);
    for (size_t i = 1; i < parts; i++) {
        size_t same = 0;
        while (same < length && first[same] == match[i]->name[same]) same++;
        length = same;
    }
    while (length > 0 && length < strlen(first) && strchr("_-. ", first[length - 1]) == NULL)
        length--; /* whole words */
    while (length > 0 && strchr("_-. ", first[length - 1])) length--;
    return length ? zsc_strndup(first, length) : zsc_strdup(first);
}

static zsc_status add_encoders(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    const zsc_encoder **match = NULL;
    char *name = NULL;
    ZSC_NEW(match, v->part[0]->encoders * v->parts);
    v->state = match;
    for (size_t k = 0; k < v->part[0]->encoders; k++) {
        const zsc_encoder *e = &v->part[0]->encoder[k];
        bool everywhere = true, wide = false;
        size_t rows = 0;
        match = matches_of(v, v->encoders);
        for (size_t i = 0; i < v->parts && everywhere; i++) {
            const zsc_encoder *other = match[i] = find_match(v->part[i], v, e);
            everywhere = other != NULL;
            if (!other)
                status = zsc_fail(ZSC_EINPUT, "'%s' has no encoder %s, as '%s' has", v->part[i]->path, e->name,
                                  v->part[0]->path);
            ZSC_TRY(zsc_format_skip_encoder(v, e->name, status));
            if (other && other->d != e->d) {
                status = zsc_fail(ZSC_EINPUT,
                                  "'%s' has %zu columns and '%s' has %zu: they are not parts of one embedding",
                                  v->part[0]->path, e->d, v->part[i]->path, other->d);
                goto done;
            }
            rows += other ? other->n : 0;
            wide = wide || (other && other->wide);
        }
        if (!everywhere) continue;
        free(name);
        if (!(name = v->part[0]->encoders == 1 ? common_name(match, v->parts) : zsc_strdup(e->name))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(zsc_format_add_encoder(v, name, e->object, rows, e->d, e->type, e->wide));
        zsc_encoder *own = &v->encoder[v->encoders - 1];
        own->block = e->block;
        own->wide = wide;
        own->gap = e->gap;
        free(own->modality), free(own->label), free(own->architecture);
        own->modality = zsc_strdup(e->modality);
        own->label = zsc_strdup(e->label);
        own->architecture = zsc_strdup(e->architecture);
        if (!own->modality || !own->label || !own->architecture) {
            status = ZSC_EINTERNAL;
            goto done;
        }
    }
    if (v->encoders == 0)
        status = zsc_fail(ZSC_EINPUT, "'%s' and '%s' have no encoder in common", v->part[0]->path, v->part[1]->path);
done:
    free(name);
    return status;
}

static zsc_status add_columns(zsc_embeddings *v)
{
    zsc_status status = ZSC_OK;
    for (size_t k = 0; k < v->part[0]->text.count; k++) {
        const char *name = v->part[0]->text.item[k];
        bool everywhere = true;
        for (size_t i = 1; i < v->parts && everywhere; i++) {
            everywhere = zsc_embeddings_has_text(v->part[i], name);
            if (!everywhere)
                status = zsc_fail(ZSC_EINPUT, "'%s' has no labels %s, as '%s' has", v->part[i]->path, name,
                                  v->part[0]->path);
            ZSC_TRY(zsc_format_skip_labels(v, name, status));
        }
        if (!everywhere) continue;
        ZSC_TRY(zsc_format_add_column(v, name));
    }
done:
    return status;
}

zsc_status zsc_embeddings_parts_begin(zsc_embeddings *v, size_t count)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(v->part, count);
done:
    return status;
}

zsc_status zsc_embeddings_parts_add(zsc_embeddings *v, zsc_embeddings *part)
{
    const zsc_embeddings *first = v->parts ? v->part[0] : part;
    v->part[v->parts++] = part;
    v->n += part->n;
    v->simulated = v->simulated || part->simulated;
    v->idless = v->idless || part->idless;
    if (part->format == first->format) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s' (%s) and '%s' (%s) are not parts of one embedding: their layouts differ",
                    first->path, first->format->name, part->path, part->format->name);
}

zsc_status zsc_embeddings_parts_end(zsc_embeddings *v)
{
    zsc_status status = add_encoders(v);
    return status == ZSC_OK ? add_columns(v) : status;
}

static bool recognise(zsc_embeddings *v)
{
    (void)v;
    return false; /* by the number of files alone */
}

static zsc_status open_several(zsc_embeddings *v)
{
    return zsc_fail(ZSC_EINTERNAL, "'%s': several files are opened by their list", v->path);
}

/* Calls for the parts of rows first .. first + count - 1; strings of all parts end in one block. */
static zsc_status read_parts(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    zsc_status status = ZSC_OK;
    char ***piece = NULL, **all = NULL;
    size_t begin = 0, got = 0;
    ZSC_NEW(piece, v->parts);
    ZSC_NEW(all, count);
    for (size_t i = 0; i < v->parts; begin += v->part[i++]->n) {
        size_t from = first > begin ? first : begin, end = begin + v->part[i]->n;
        if (first + count < end) end = first + count;
        if (from >= end) continue;
        ZSC_TRY(column ? zsc_embeddings_text(v->part[i], column, from - begin, end - from, &piece[i])
                       : zsc_embeddings_ids(v->part[i], &piece[i]));
        memcpy(all + got, piece[i], (end - from) * sizeof *all);
        got += end - from;
    }
    status = zsc_strings_copy(all, count, out);
done:
    for (size_t i = 0; piece && i < v->parts; i++) free(piece[i]);
    free(piece);
    free(all);
    return status;
}

static zsc_status read_ids(zsc_embeddings *v, char ***out) { return read_parts(v, NULL, 0, v->n, out); }

static zsc_status read_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    return read_parts(v, column, first, count, out);
}

static zsc_status read_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, void *out)
{
    zsc_status status = ZSC_OK;
    size_t begin = 0;
    for (size_t i = 0; i < v->parts && status == ZSC_OK; begin += v->part[i++]->n) {
        size_t from = first > begin ? first : begin, end = begin + v->part[i]->n;
        if (first + count < end) end = first + count;
        if (from >= end) continue;
        const zsc_encoder *own = zsc_embeddings_part_encoder(v, i, encoder);
        size_t at = (from - first) * encoder->d;
        status = encoder->wide ? zsc_embeddings_rows_f64(v->part[i], own, from - begin, end - from, (double *)out + at)
                               : zsc_embeddings_rows(v->part[i], own, from - begin, end - from, (float *)out + at);
    }
    return status;
}

static void close_several(zsc_embeddings *v) { free(v->state); }

const zsc_format zsc_format_parts = {
    .name = "several",
    .description = "several files of embeddings, one after the other",
    .recognise = recognise,
    .open = open_several,
    .ids = read_ids,
    .text = read_text,
    .rows = read_rows,
    .close = close_several,
};
