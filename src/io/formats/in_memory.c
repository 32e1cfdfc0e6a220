#include "io/formats/in_memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The state of such a file. */
typedef struct zsc_format_memory {
    void **x;       /* encoders: floats, or doubles of wide ones */
    char **id;      /* one block, or NULL */
    char ***column; /* as many as the file's columns of text, in that order, one block each */
} zsc_format_memory;

static zsc_format_memory *memory_of(zsc_embeddings *v)
{
    if (!v->state) v->state = zsc_calloc(1, sizeof(zsc_format_memory), "embeddings");
    return v->state;
}

zsc_status zsc_format_memory_add(zsc_embeddings *v, const char *name, void *x, bool wide, size_t n, size_t d,
                                 const char *type)
{
    zsc_format_memory *memory = memory_of(v);
    void **grown = memory ? realloc(memory->x, (v->encoders + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(x);
        return zsc_fail_memory(v->encoders + 1, sizeof *grown, "encoders");
    }
    memory->x = grown;
    memory->x[v->encoders] = x;
    size_t before = v->encoders;
    zsc_status status = zsc_format_add_encoder(v, name, name, n, d, type, wide);
    if (v->encoders == before) {
        free(x);
        return status;
    }
    return status;
}

zsc_status zsc_format_memory_add_column(zsc_embeddings *v, const char *name, char **text)
{
    zsc_format_memory *memory = memory_of(v);
    char ***grown = memory ? realloc(memory->column, (v->text.count + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(text);
        return zsc_fail_memory(v->text.count + 1, sizeof *grown, "columns");
    }
    memory->column = grown;
    memory->column[v->text.count] = text;
    size_t before = v->text.count;
    zsc_status status = zsc_format_add_column(v, name);
    if (v->text.count == before) free(text);
    return status;
}

zsc_status zsc_format_memory_set_ids(zsc_embeddings *v, char **ids)
{
    zsc_format_memory *memory = memory_of(v);
    if (!memory) {
        free(ids);
        return ZSC_EINTERNAL;
    }
    free(memory->id);
    memory->id = ids;
    return ZSC_OK;
}

zsc_status zsc_format_memory_ids(zsc_embeddings *v, char ***out)
{
    const zsc_format_memory *memory = v->state;
    return zsc_strings_copy(memory->id, v->n, out);
}

zsc_status zsc_format_memory_text(zsc_embeddings *v, const char *column, size_t first, size_t count, char ***out)
{
    const zsc_format_memory *memory = v->state;
    for (size_t i = 0; i < v->text.count; i++)
        if (strcmp(v->own.item[i], column) == 0) return zsc_strings_copy(memory->column[i] + first, count, out);
    return zsc_fail(ZSC_EINTERNAL, "'%s' has no column %s", v->path, column);
}

zsc_status zsc_format_memory_rows(zsc_embeddings *v, const zsc_encoder *encoder, size_t first, size_t count, void *out)
{
    const zsc_format_memory *memory = v->state;
    const char *x = memory->x[encoder - v->encoder];
    size_t row = encoder->d * (encoder->wide ? sizeof(double) : sizeof(float));
    if (count) memcpy(out, x + first * row, count * row);
    return ZSC_OK;
}

size_t zsc_format_memory_held(const zsc_embeddings *v)
{
    const zsc_format_memory *memory = v->state;
    size_t bytes = 0;
    for (size_t i = 0; memory && memory->x && i < v->encoders && !v->encoder[i].file; i++)
        bytes += v->encoder[i].n * v->encoder[i].d * (v->encoder[i].wide ? sizeof(double) : sizeof(float));
    return bytes;
}

void zsc_format_memory_close(zsc_embeddings *v)
{
    zsc_format_memory *memory = v->state;
    if (!memory) return;
    for (size_t i = 0; i < v->encoders && memory->x && !v->encoder[i].file; i++) /* others' are behind its own */
        free(memory->x[i]);
    for (size_t i = 0; i < v->text.count && memory->column; i++) free(memory->column[i]);
    free(memory->x);
    free(memory->column);
    free(memory->id);
    free(memory);
}
