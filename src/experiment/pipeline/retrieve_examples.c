#include "experiment/pipeline/retrieve_examples.h"

#include <string.h>

#include "base/memory.h"
#include "base/names.h"
#include "base/random.h"
#include "io/labels/metadata.h"
#include "io/text/csv.h"

static int ascending(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

zsc_status zsc_retrieve_draw(size_t n, size_t count, uint64_t seed, size_t **out, size_t *drawn)
{
    zsc_status status = ZSC_OK;
    size_t *order = NULL;
    zsc_stream stream = zsc_stream_open(seed, ZSC_RANDOM_SAMPLE, n);
    if (count > n) count = n;
    ZSC_NEW_RAW(order, n);
    for (size_t i = 0; i < n; i++) order[i] = i;
    for (size_t i = 0; i < count; i++) { /* Fisher and Yates, as far as needed */
        size_t j = i + (size_t)zsc_stream_below(&stream, n - i), chosen = order[j];
        order[j] = order[i];
        order[i] = chosen;
    }
    qsort(order, count, sizeof *order, ascending);
    *out = order;
    *drawn = count;
done:
    return status;
}

static const char *label_at(const zsc_column *column, size_t row)
{
    return column && column->code[row] >= 0 ? column->level[column->code[row]] : NULL;
}

const char *zsc_deepest_shared_rank(const zsc_dataset *a, size_t row_a, const zsc_dataset *b, size_t row_b)
{
    for (size_t r = a->ranks; r-- > 0;) {
        const char *x = label_at(&a->rank[r], row_a), *y = label_at(zsc_dataset_rank(b, a->rank[r].name), row_b);
        if (x && y && strcmp(x, y) == 0) return a->rank[r].name;
    }
    return NULL;
}

/* --- Image files */
typedef struct image_search {
    zsc_names ids;
    char **name; /* by number of the id */
    bool present[2];
} image_search;

static zsc_status take_row(void *data, const zsc_csv_row *row)
{
    image_search *s = data;
    int32_t number = s->present[1] ? zsc_names_find(&s->ids, row->field[0], row->length[0]) : -1;
    if (number < 0 || s->name[number] || row->length[1] == 0) return ZSC_OK;
    s->name[number] = zsc_strndup(row->field[1], row->length[1]);
    return s->name[number] ? ZSC_OK : ZSC_EINTERNAL;
}

zsc_status zsc_retrieve_images(const char *metadata, const zsc_table_layout *layout, const zsc_columns *columns,
                               const char *const *id, size_t count, char ***out)
{
    static const char *const images[] = {"image_file", "image_path", "filename", NULL};
    zsc_status status = ZSC_OK;
    const char *names[ZSC_COLUMN_NAMES];
    char **by_row = NULL;
    image_search s = {0};
    const zsc_csv_column wanted[] = {zsc_metadata_column(columns, "processid", false, names), {images, false}};
    int32_t number;
    *out = NULL;
    ZSC_NEW(s.name, count);
    for (size_t i = 0; i < count; i++) ZSC_TRY(zsc_names_add(&s.ids, id[i], strlen(id[i]), &number, NULL));
    ZSC_TRY(zsc_csv_read(metadata, layout, wanted, 2, s.present, take_row, &s));
    if (!s.present[0] || !s.present[1]) goto done;
    ZSC_NEW(by_row, count);
    for (size_t i = 0; i < count; i++) {
        const char *name = s.name[zsc_names_find(&s.ids, id[i], strlen(id[i]))];
        if (name) ZSC_TRY(zsc_copy_text(name, &by_row[i]));
    }
    *out = by_row;
    by_row = NULL;
done:
    for (size_t i = 0; s.name && i < count; i++) free(s.name[i]);
    for (size_t i = 0; by_row && i < count; i++) free(by_row[i]);
    free(s.name);
    free(by_row);
    zsc_names_free(&s.ids);
    return status;
}
