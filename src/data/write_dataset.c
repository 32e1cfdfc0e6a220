/* A dataset as an embeddings file. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/finite.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/write_column.h"
#include "io/h5/h5.h"
#include "io/labels/label_objects.h"
#include "zsc/dataset.h"

/* What the modalities say at OFFSET, joined with '+'; NULL where memory runs out. */
static char *join(const zsc_dataset *data, size_t offset)
{
    zsc_text text = {0};
    zsc_text_append(&text, "");
    for (size_t i = 0; i < data->modalities; i++)
        zsc_text_printf(&text, "%s%s", i ? "+" : "", *(char *const *)((const char *)&data->modality[i] + offset));
    if (!text.failed) return text.data;
    free(text.data);
    return NULL;
}

static zsc_status write_matrix(zsc_h5 *file, const zsc_dataset *data)
{
    static const struct {
        const char *name;
        size_t offset;
    } attributes[] = {{"modality", offsetof(zsc_modality, modality)},
                      {"label", offsetof(zsc_modality, label)},
                      {"architecture", offsetof(zsc_modality, architecture)}};
    zsc_status status = ZSC_OK;
    size_t shape[2] = {data->n, data->d};
    char *name = join(data, offsetof(zsc_modality, encoder)), *object = NULL, *text = NULL;
    for (char *p = name; p && *p; p++)
        if (*p == '/') *p = '_'; /* a path in other layouts; here it would make groups */
    if (name) object = zsc_asprintf("/embeddings/%s", name);
    if (!object) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_h5_write(file, object, ZSC_H5_F32, 2, shape, data->x));
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        free(text);
        if (!(text = join(data, attributes[i].offset))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        if (*text) ZSC_TRY(zsc_h5_set_text(file, object, attributes[i].name, text));
    }
done:
    free(name);
    free(object);
    free(text);
    return status;
}

static zsc_status check_names(const zsc_dataset *data, const char *output)
{
    zsc_list names = {0};
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < data->ranks && status == ZSC_OK; i++) status = zsc_list_add(&names, data->rank[i].name);
    if (status == ZSC_OK) status = zsc_label_names_check(output, &names);
    zsc_list_free(&names);
    return status;
}

zsc_status zsc_dataset_write(const zsc_dataset *data, const char *output)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    bool simulated = false;
    if (!data->x && data->n * data->d > 0)
        return zsc_fail(ZSC_EUSAGE, "cannot write '%s': the dataset has no matrix in single precision", output);
    ZSC_TRY(zsc_check_finite(data->x, data->n, data->d, (zsc_boundary){"the matrix to write", NULL}, NULL));
    ZSC_TRY(check_names(data, output));
    ZSC_TRY(zsc_h5_create(output, &file));
    ZSC_TRY(zsc_h5_write_strings(file, "/id", (const char *const *)data->id, data->n));
    if (data->split.code) ZSC_TRY(zsc_column_write(file, "/split", &data->split, data->n));
    for (size_t i = 0; i < data->ranks; i++) {
        char *object = zsc_asprintf("/labels/%s", data->rank[i].name);
        status = object ? zsc_column_write(file, object, &data->rank[i], data->n) : ZSC_EINTERNAL;
        free(object);
        if (status != ZSC_OK) goto done;
    }
    ZSC_TRY(write_matrix(file, data));
    for (size_t i = 0; i < data->modalities; i++) simulated = simulated || data->modality[i].simulated;
    if (simulated) ZSC_TRY(zsc_h5_set_int(file, "/", "simulated", 1));
    zsc_h5 *whole = file;
    file = NULL;
    status = zsc_h5_commit(whole);
done:
    zsc_h5_close(file);
    return status;
}
