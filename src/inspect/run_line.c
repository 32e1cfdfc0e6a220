#include "inspect/run_line.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void add_option(zsc_text *out, const char *name, const char *value)
{
    if (!value) return;
    zsc_text_printf(out, " --%s ", name);
    zsc_text_shell_word(out, value);
}

static void add_table(zsc_text *out, const zsc_table_layout *t)
{
    add_option(out, "delimiter", t->delimiter);
    add_option(out, "decimal", t->decimal);
    if (t->no_header) zsc_text_printf(out, " --no-header");
    add_option(out, "id-column", t->id_column);
    add_option(out, "label-column", t->label_columns);
}

/* What the user said of the file is wanted again. */
static void add_layout(zsc_text *out, const zsc_file_layout *l)
{
    add_option(out, "h5-embedding", l->embedding);
    add_option(out, "h5-id", l->id);
    for (size_t i = 0; i < l->label_count; i++) add_option(out, "h5-label", l->labels[i]);
    if (l->bfloat16) zsc_text_printf(out, " --bfloat16");
    add_table(out, &l->table);
}

static bool is_matrix(const zsc_listed_object *o)
{
    const char *times = strstr(o->shape, " x ");
    return times && !strstr(times + 1, " x ") && strncmp(o->type, "float", 5) == 0;
}

/* The only matrix of floats among the objects; NULL: there are none or several. */
static const zsc_listed_object *only_matrix(const zsc_h5_contents *contents)
{
    const zsc_listed_object *found = NULL;
    for (size_t i = 0; i < contents->objects; i++) {
        if (!is_matrix(&contents->object[i])) continue;
        if (found) return NULL;
        found = &contents->object[i];
    }
    return found;
}

/* The only list of texts that has as many elements as the matrix has rows. */
static const zsc_listed_object *only_ids(const zsc_h5_contents *contents, const zsc_listed_object *matrix)
{
    const zsc_listed_object *found = NULL;
    size_t length = strcspn(matrix->shape, " ");
    for (size_t i = 0; i < contents->objects; i++) {
        const zsc_listed_object *o = &contents->object[i];
        bool list = strlen(o->shape) == length && strncmp(o->shape, matrix->shape, length) == 0;
        if (!list || strncmp(o->type, "string", 6) != 0) continue;
        if (found) return NULL;
        found = o;
    }
    return found;
}

static void add_embeddings(zsc_text *out, const zsc_info *info, const char *encoder)
{
    zsc_text spec = {0};
    zsc_text_printf(&spec, "%s", info->path);
    if (encoder || info->encoders > 1) zsc_text_printf(&spec, ":%s", encoder ? encoder : "*");
    zsc_text_printf(out, "zsc run -e ");
    zsc_text_shell_word(out, spec.data ? spec.data : info->path);
    out->failed = out->failed || spec.failed;
    free(spec.data);
}

zsc_status zsc_info_run_line(const zsc_info *info, const zsc_file_layout *layout, const zsc_columns *columns,
                             const char *missing_values, const zsc_list *where, const char *id_list, char **out)
{
    zsc_text line = {0};
    const zsc_listed_object *matrix = only_matrix(&info->contents), *ids = NULL;
    bool labels = false;
    for (size_t i = 0; i < info->row_stats.ranks; i++) labels = labels || info->row_stats.rank[i].classes > 0;
    if (strcmp(info->layout, "result") == 0) {
        zsc_text_printf(&line, "zsc rerun ");
        zsc_text_shell_word(&line, info->path);
    } else if (strcmp(info->layout, "metadata") == 0) {
        zsc_text_printf(&line, "zsc run -e EMBEDDINGS -m ");
        zsc_text_shell_word(&line, info->path);
        for (size_t i = 0; i < columns->count; i++) add_option(&line, "column", columns->rule[i]);
        add_table(&line, &layout->table);
        add_option(&line, "missing-values", missing_values);
        for (size_t i = 0; i < where->count; i++) add_option(&line, "where", where->item[i]);
        add_option(&line, "ids", id_list);
        zsc_text_printf(&line, " -o results");
    } else if (info->contents.objects && matrix) {
        ids = only_ids(&info->contents, matrix);
        zsc_text_printf(&line, "zsc run -e ");
        zsc_text_shell_word(&line, info->path);
        add_option(&line, "h5-embedding", matrix->path);
        add_option(&line, "h5-id", ids ? ids->path : NULL);
        zsc_text_printf(&line, " -m METADATA.csv -o results");
    } else if (info->encoders) {
        add_embeddings(&line, info, info->asked_encoder);
        add_layout(&line, layout);
        if (!labels) zsc_text_printf(&line, " -m METADATA.csv");
        add_option(&line, "missing-values", missing_values);
        add_option(&line, "ids", id_list);
        zsc_text_printf(&line, " -o results");
    }
    if (line.failed) {
        free(line.data);
        return zsc_fail_memory(1, 1, "a command line");
    }
    *out = line.data;
    return ZSC_OK;
}
