#include "cli/model_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/value.h"
#include "io/files/file_names.h"

#define MEAN "/model/mean"
#define DEVIATION "/model/deviation"
#define EXPONENT "/model/exponent"
static const char *const arrays_of_model[] = {CLI_MODEL_ROWS, MEAN, DEVIATION, EXPONENT};
enum { ARRAYS = sizeof arrays_of_model / sizeof *arrays_of_model };

/* Texts among the attributes. */
static const char *const texts_of_model[] = {"scale", "metric", "columns", "doubles", "encoders"};
enum { SCALE, METRIC, COLUMNS, DOUBLES, ENCODERS, TEXTS };

bool cli_scale_has_statistics(int scale) { return scale == ZSC_SCALE_ZSCORE || scale == ZSC_SCALE_ZSCORE_AVERAGE; }

/* "768+512"; the caller's. */
static char *columns_text(size_t d, const zsc_modality *modality, size_t modalities)
{
    zsc_text text = {0};
    for (size_t m = 0; m < modalities; m++) zsc_text_printf(&text, "%s%zu", m ? "+" : "", modality[m].d);
    if (!modalities) zsc_text_printf(&text, "%zu", d);
    return text.data;
}

/* Whether the encoder has no name but that of its file, which new rows do not share. */
static bool is_named_by_file(const zsc_modality *m)
{
    const char *slash = strrchr(m->path, '/'), *name = slash ? slash + 1 : m->path;
    const size_t stem = zsc_file_name_stem(name);
    return strncmp(m->encoder, name, stem) == 0 && !m->encoder[stem];
}

/* "dino+barcodebert", "" where not all have names of their own; the caller's. */
static char *encoders_text(const zsc_modality *modality, size_t modalities)
{
    zsc_text text = {0};
    zsc_text_append(&text, "");
    for (size_t m = 0; m < modalities; m++)
        if (is_named_by_file(&modality[m])) modalities = 0;
    for (size_t m = 0; m < modalities; m++) zsc_text_printf(&text, "%s%s", m ? "+" : "", modality[m].encoder);
    return text.data;
}

/* Files of older versions have no encoders among them. */
static zsc_status digest_of_texts(char *const text[TEXTS], char out[ZSC_DIGEST_TEXT])
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    for (size_t i = 0; i < TEXTS; i++)
        if (i != ENCODERS || *text[i]) zsc_hash_add(hash, text[i], strlen(text[i]) + 1);
    zsc_digest_text(zsc_hash_end(hash), out);
    return ZSC_OK;
}

/* --- Writing */
static zsc_status write_attributes(zsc_h5 *file, const cli_kept_rows *r)
{
    zsc_status status = ZSC_OK;
    char scale[32], metric[32], doubles[] = {r->doubles ? '1' : '0', '\0'}, digest[ZSC_DIGEST_TEXT];
    char *columns = columns_text(r->d, r->modality, r->modalities);
    char *encoders = encoders_text(r->modality, r->modalities);
    char *const text[TEXTS] = {scale, metric, columns, doubles, encoders};
    if (!columns || !encoders) ZSC_TRY(ZSC_EINTERNAL);
    zsc_value_choice_text(ZSC_SCALE_CHOICES, r->scale, scale, sizeof scale);
    zsc_value_choice_text(ZSC_METRIC_CHOICES, r->metric, metric, sizeof metric);
    for (size_t i = 0; i < TEXTS; i++) ZSC_TRY(zsc_h5_set_text(file, CLI_MODEL_ROWS, texts_of_model[i], text[i]));
    ZSC_TRY(digest_of_texts(text, digest));
    status = zsc_h5_set_text(file, CLI_MODEL_ROWS, "checksum", digest);
done:
    free(columns);
    free(encoders);
    return status;
}

zsc_status cli_model_write(zsc_h5 *file, const cli_kept_rows *r)
{
    zsc_status status = ZSC_OK;
    const zsc_scaling *s = r->scaling;
    ZSC_TRY(zsc_h5_write(file, CLI_MODEL_ROWS, ZSC_H5_F32, 2, (const size_t[]){r->n, r->d}, r->x));
    ZSC_TRY(write_attributes(file, r));
    if (s->d == 0) return ZSC_OK;
    ZSC_TRY(zsc_h5_write(file, MEAN, ZSC_H5_F64, 1, &s->d, s->mean));
    ZSC_TRY(zsc_h5_write(file, DEVIATION, ZSC_H5_F64, 1, &s->d, s->sd));
    status = zsc_h5_write(file, EXPONENT, ZSC_H5_I32, 1, &s->d, s->exponent);
done:
    return status;
}

zsc_status cli_model_arrays(zsc_h5 *file, zsc_list *arrays)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < ARRAYS && status == ZSC_OK; i++)
        if (zsc_h5_has(file, arrays_of_model[i])) status = zsc_list_add(arrays, arrays_of_model[i]);
    return status;
}

/* --- Reading */
static zsc_status fail_damaged(zsc_h5 *file, const char *what)
{
    return zsc_fail(ZSC_EINPUT, "'%s' is damaged: %s", zsc_h5_path(file), what);
}

/* Files of zsc umap before there were such attributes have none of them. */
static zsc_status read_attributes(zsc_h5 *file, cli_model *m)
{
    const zsc_value_owner scale = {"attribute ", "scale", ZSC_EINPUT}, metric = {"attribute ", "metric", ZSC_EINPUT};
    zsc_status status = ZSC_OK;
    char *text[TEXTS] = {0}, *stored = NULL, digest[ZSC_DIGEST_TEXT];
    for (size_t i = 0; i < TEXTS; i++) ZSC_TRY(zsc_h5_get_text(file, CLI_MODEL_ROWS, texts_of_model[i], "", &text[i]));
    ZSC_TRY(zsc_h5_get_text(file, CLI_MODEL_ROWS, "checksum", "", &stored));
    ZSC_TRY(digest_of_texts(text, digest));
    if (*stored && strcmp(stored, digest) != 0) {
        status = fail_damaged(file, "the checksum of the attributes of " CLI_MODEL_ROWS " does not match them");
        goto done;
    }
    if (*text[SCALE]) ZSC_TRY(zsc_value_choice(&scale, text[SCALE], ZSC_SCALE_CHOICES, &m->scale));
    if (*text[METRIC]) ZSC_TRY(zsc_value_choice(&metric, text[METRIC], ZSC_METRIC_CHOICES, &m->metric));
    m->columns = text[COLUMNS];
    m->encoders = text[ENCODERS];
    text[COLUMNS] = text[ENCODERS] = NULL;
done:
    for (size_t i = 0; i < TEXTS; i++) free(text[i]);
    free(stored);
    return zsc_context(status, "'%s'", zsc_h5_path(file));
}

static zsc_status read_scaling(zsc_h5 *file, size_t d, zsc_scaling *out)
{
    zsc_status status = ZSC_OK;
    zsc_scaling s = {.d = d};
    ZSC_NEW_RAW(s.mean, d);
    ZSC_NEW_RAW(s.sd, d);
    ZSC_NEW_RAW(s.exponent, d);
    ZSC_TRY(zsc_h5_read(file, MEAN, ZSC_H5_F64, 1, &d, s.mean));
    ZSC_TRY(zsc_h5_read(file, DEVIATION, ZSC_H5_F64, 1, &d, s.sd));
    ZSC_TRY(zsc_h5_read(file, EXPONENT, ZSC_H5_I32, 1, &d, s.exponent));
    *out = s;
    s = (zsc_scaling){0};
done:
    zsc_scaling_free(&s);
    return status;
}

static zsc_status read_rows(zsc_h5 *file, cli_model *m)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info info;
    ZSC_TRY(zsc_h5_stat(file, CLI_MODEL_ROWS, &info));
    if (info.is_group || info.rank != 2 || !info.shape[0] || !info.shape[1]) {
        status = zsc_fail(ZSC_EINPUT, "'%s': %s is no matrix of rows and columns", zsc_h5_path(file), CLI_MODEL_ROWS);
        goto done;
    }
    m->n = info.shape[0];
    m->d = info.shape[1];
    ZSC_NEW_RAW(m->x, m->n * m->d);
    ZSC_TRY(zsc_h5_read(file, CLI_MODEL_ROWS, ZSC_H5_F32, 2, info.shape, m->x));
    if (zsc_h5_has(file, "/id")) ZSC_TRY(zsc_h5_read_strings(file, "/id", m->n, &m->id));
done:
    return status;
}

zsc_status cli_model_read(zsc_h5 *file, cli_model *out)
{
    zsc_status status = ZSC_OK;
    cli_model m = {.path = zsc_h5_path(file)};
    if (!zsc_h5_has(file, CLI_MODEL_ROWS)) {
        status = zsc_fail(ZSC_EINPUT, "'%s' keeps no model: make the file by zsc umap or zsc cluster with --keep-model",
                          m.path);
        goto done;
    }
    ZSC_TRY(read_rows(file, &m));
    ZSC_TRY(read_attributes(file, &m));
    if (zsc_h5_has(file, MEAN))
        ZSC_TRY(read_scaling(file, m.d, &m.scaling));
    else if (cli_scale_has_statistics(m.scale))
        ZSC_TRY(fail_damaged(file, "it does not hold the means of its columns, by which new rows are scaled"));
    *out = m;
    m = (cli_model){0};
done:
    cli_model_free(&m);
    return status;
}

void cli_model_free(cli_model *m)
{
    if (!m) return;
    free(m->x);
    free(m->id);
    free(m->columns);
    free(m->encoders);
    zsc_scaling_free(&m->scaling);
    *m = (cli_model){0};
}

static zsc_status fail_width(const cli_model *m, size_t d)
{
    const bool layout = strcmp(m->encoders, "umap") == 0;
    return zsc_fail(ZSC_EINPUT,
                    "'%s' keeps rows of %zu columns, and these have %zu; expected embeddings of the same encoder%s",
                    m->path, m->d, d,
                    layout ? ": its rows are of a layout; to assign rows that are not in it, keep the layout by zsc "
                             "umap --keep-model, and give --model LAYOUT.h5 --clusters CLUSTERS"
                           : "");
}

static zsc_status warn_of_others(const cli_model *m, const zsc_modality *modality, size_t modalities)
{
    char *encoders = encoders_text(modality, modalities);
    if (!encoders) return ZSC_EINTERNAL;
    if (*encoders && *m->encoders && strcmp(encoders, m->encoders) != 0)
        zsc_warn("'%s' keeps rows of encoder %s, and these are of %s; if that is not the same encoder by another name, "
                 "their distances say nothing",
                 m->path, m->encoders, encoders);
    free(encoders);
    return ZSC_OK;
}

zsc_status cli_model_check_columns(const cli_model *m, size_t d, const zsc_modality *modality, size_t modalities)
{
    zsc_status status = ZSC_OK;
    char *columns = columns_text(d, modality, modalities);
    if (!columns) return ZSC_EINTERNAL;
    if (d != m->d)
        status = fail_width(m, d);
    else if (*m->columns && strcmp(columns, m->columns) != 0)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' keeps rows of encoders of %s columns, and these are of %s; name the same encoders in "
                          "the same order",
                          m->path, m->columns, columns);
    free(columns);
    return status == ZSC_OK ? warn_of_others(m, modality, modalities) : status;
}
