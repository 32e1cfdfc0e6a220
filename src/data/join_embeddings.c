/* Opens the embeddings and joins them on the id. */
#include "data/join_embeddings.h"
#include "data/label_table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/memory.h"
#include "data/dataset_cache.h"
#include "data/row_order.h"
#include "io/file_layout.h"
#include "io/files/input_files.h"
#include "io/labels/metadata.h"

/* The file that holds ROW, which becomes the row in it: a part, where the input is several files. */
static const char *file_of_row(const zsc_embeddings *v, size_t *row)
{
    for (size_t p = 0; p < v->parts; p++) {
        if (*row < v->part[p]->n) return v->part[p]->path;
        *row -= v->part[p]->n;
    }
    return v->path;
}

static zsc_status fail_repeated(zsc_loading *l, size_t m, const char *id, size_t first, size_t second)
{
    zsc_status status = ZSC_OK;
    const zsc_encoder *e = l->encoder[m];
    float *rows = NULL;
    ZSC_NEW_RAW(rows, 2 * e->d);
    ZSC_TRY(zsc_embeddings_rows(l->file[m], e, first, 1, rows));
    ZSC_TRY(zsc_embeddings_rows(l->file[m], e, second, 1, rows + e->d));
    bool same = memcmp(rows, rows + e->d, e->d * sizeof *rows) == 0;
    const char *with = same ? "the same embedding" : "different embeddings";
    const char *one = file_of_row(l->file[m], &first), *two = file_of_row(l->file[m], &second);
    if (one == two)
        status = zsc_fail(ZSC_EINPUT, "embeddings '%s': rows %zu and %zu have the same id %s, with %s", one, first + 1,
                          second + 1, id, with);
    else
        status = zsc_fail(ZSC_EINPUT, "embeddings '%s', row %zu, and '%s', row %zu, have the same id %s, with %s", one,
                          first + 1, two, second + 1, id, with);
done:
    free(rows);
    return status;
}

static zsc_status check_id(const zsc_loading *l, size_t m, size_t length, size_t row)
{
    if (length == 0) return zsc_fail(ZSC_EINPUT, "embeddings '%s': row %zu has an empty id", l->file[m]->path, row + 1);
    return ZSC_OK;
}

/* --- Joining */
/* The first file's ids get their rows as numbers. */
static zsc_status number_ids(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    char **id = NULL;
    l->n = l->file[0]->n;
    if (l->n == 0) return zsc_fail(ZSC_EINPUT, "embeddings '%s': no rows", l->file[0]->path);
    ZSC_TRY(zsc_embeddings_ids(l->file[0], &id));
    for (size_t i = 0; i < l->n; i++) {
        size_t length = strlen(id[i]);
        int32_t number = 0;
        int added = 0;
        ZSC_TRY(check_id(l, 0, length, i));
        ZSC_TRY(zsc_names_add(&l->id, id[i], length, &number, &added));
        if (!added) {
            status = fail_repeated(l, 0, id[i], (size_t)number, i);
            goto done;
        }
    }
done:
    free(id);
    return status;
}

/* Where the first file's rows are in file m; rows of file m alone do not matter. */
static zsc_status find_ids(zsc_loading *l, size_t m)
{
    zsc_status status = ZSC_OK;
    zsc_embeddings *v = l->file[m];
    char **id = NULL;
    size_t found = 0;
    if (v->n > 0) ZSC_TRY(zsc_embeddings_ids(v, &id));
    ZSC_NEW_RAW(l->place[m], l->n);
    for (size_t i = 0; i < l->n; i++) l->place[m][i] = -1;
    for (size_t j = 0; j < v->n; j++) {
        size_t length = strlen(id[j]);
        ZSC_TRY(check_id(l, m, length, j));
        int32_t i = zsc_names_find(&l->id, id[j], length);
        if (i < 0) continue;
        if (l->place[m][i] >= 0) {
            status = fail_repeated(l, m, id[j], (size_t)l->place[m][i], j);
            goto done;
        }
        l->place[m][i] = (int32_t)j;
        found++;
    }
    if (found == 0) {
        status = zsc_fail(ZSC_EINPUT, "embeddings '%s' and '%s' have no id in common (the first are %s and %s)",
                          l->file[0]->path, v->path, zsc_names_get(&l->id, 0), v->n ? id[0] : "none");
        goto done;
    }
    for (size_t i = 0; i < l->n; i++)
        if (l->place[m][i] < 0) l->unmatched[i] = 1;
done:
    free(id);
    return status;
}

/* Which rows of the first file the list of ids has. */
static zsc_status find_listed(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    if (!l->options->ids) return ZSC_OK;
    ZSC_TRY(zsc_id_list_read(l->options->ids, l->options->ids_in_order, &l->list));
    ZSC_NEW_RAW(l->listed, l->n);
    for (size_t i = 0; i < l->n; i++) {
        const char *id = zsc_names_get(&l->id, i);
        l->listed[i] = zsc_names_find(&l->list.id, id, strlen(id));
    }
    zsc_id_list_find_trimmed(&l->list, &l->id, l->listed);
done:
    return status;
}

static zsc_status open_one(zsc_loading *l, size_t m)
{
    zsc_status status = ZSC_OK;
    char *path = NULL, *encoder = NULL;
    ZSC_TRY(zsc_embeddings_split_name(l->options->embeddings[m], &path, &encoder));
    for (size_t i = 0; i < m && !l->file[m]; i++)
        if (strcmp(l->file[i]->given_path, path) == 0 && !l->file[i]->one_encoder) {
            l->file[m] = l->file[i];
            l->identity[m] = l->identity[i];
        }
    if (!l->file[m]) {
        if (l->cache) ZSC_TRY(zsc_input_identity(path, &l->identity[m].digest, &l->identity[m].known));
        ZSC_TRY(
            zsc_context(zsc_embeddings_open_for(path, encoder, &l->options->file_layout, &l->file[m]), "embeddings"));
        if (!l->cache) zsc_embeddings_note(l->file[m]); /* a sweep has said so when it looked at its plan */
    }
    ZSC_TRY(zsc_embeddings_encoder(l->file[m], encoder, &l->encoder[m]));
    if (m == 0) ZSC_TRY(zsc_label_table_open(l, l->file[0]));
done:
    free(path);
    free(encoder);
    return status;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat sa, sb;
    return strcmp(a, b) == 0 ||
           (stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino);
}

/* An encoder that is concatenated with itself counts twice in every distance: it may be meant, and changes nothing
 * where it is alone. */
static void warn_of_repeated(const zsc_loading *l)
{
    for (size_t m = 1; m < l->files; m++)
        for (size_t i = 0; i < m; i++) {
            if (strcmp(l->encoder[i]->name, l->encoder[m]->name) != 0 ||
                !is_same_file(l->file[i]->given_path, l->file[m]->given_path) ||
                !zsc_dataset_cache_first_mention(l->cache, l->options->embeddings[m]))
                continue;
            zsc_warn("embeddings '%s' and '%s' are one encoder, which counts twice in the concatenation",
                     l->options->embeddings[i], l->options->embeddings[m]);
            break;
        }
}

zsc_status zsc_join_embeddings(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    if (l->options->embedding_count == 0) return zsc_fail(ZSC_EUSAGE, "no embeddings given");
    ZSC_TRY(zsc_columns_check(&l->options->columns, l->options->metadata));
    ZSC_TRY(zsc_file_layout_check(&l->options->file_layout));
    l->files = l->options->embedding_count;
    ZSC_NEW(l->file, l->files);
    ZSC_NEW(l->encoder, l->files);
    ZSC_NEW(l->place, l->files);
    ZSC_NEW(l->identity, l->files);
    for (size_t m = 0; m < l->files; m++) ZSC_TRY(open_one(l, m));
    ZSC_TRY(zsc_order_rows(l));
    warn_of_repeated(l);
    ZSC_TRY(zsc_file_layout_check_used(l->file, l->files, &l->options->file_layout));
    ZSC_TRY(number_ids(l));
    ZSC_TRY(find_listed(l));
    ZSC_NEW(l->unmatched, l->n);
    for (size_t m = 1; m < l->files; m++)
        if (l->file[m] != l->file[0]) ZSC_TRY(find_ids(l, m));
    l->selection.embedded = l->n;
done:
    return status;
}
