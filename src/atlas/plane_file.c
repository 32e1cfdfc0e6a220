#include "atlas/plane_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/names.h"
#include "io/file_form.h"
#include "io/labels/metadata.h"
#include "io/npy.h"
#include "io/text/csv_dialect.h"

static zsc_status read_npy(const char *path, const zsc_result *r, float *xy)
{
    float *data = NULL;
    size_t n, d;
    zsc_status status = zsc_npy_read_f32(path, &data, &n, &d);
    if (status != ZSC_OK) return status;
    if (n != r->rows || d != 2)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' is an array %zu x %zu; expected one row of two coordinates for each of the %zu rows "
                          "of '%s'",
                          path, n, d, r->rows, r->path);
    for (size_t i = 0; status == ZSC_OK && i < 2 * n; i++) {
        if (!isfinite(data[i]))
            status = zsc_fail(ZSC_EINPUT, "'%s', row %zu: a coordinate is NaN or infinite", path, i / 2 + 1);
        xy[i] = data[i];
    }
    free(data);
    return status;
}

typedef struct coordinate_reader {
    const char *path;
    const zsc_names *ids;
    char decimal;
    float *xy;
    bool *taken;
} coordinate_reader;

static zsc_status take_row(void *data, const zsc_csv_row *row)
{
    coordinate_reader *r = data;
    int32_t at = zsc_names_find(r->ids, row->field[0], row->length[0]);
    if (at < 0 || r->taken[at]) return ZSC_OK;
    for (size_t k = 0; k < 2; k++) {
        double value;
        const char *text = row->field[k + 1];
        if (!zsc_csv_number(text, row->length[k + 1], r->decimal, &value) || !isfinite((float)value))
            return zsc_fail(ZSC_EINPUT, "'%s', line %zu: expected a coordinate, found '%s'", r->path, row->line, text);
        r->xy[2 * at + (int32_t)k] = (float)value;
    }
    r->taken[at] = true;
    return ZSC_OK;
}

/* The two columns of coordinates: x and y, else the first two beside the id. */
static zsc_status find_columns(const char *path, const zsc_list *header, size_t id, const char *name[2])
{
    static const char *const usual[2] = {"x", "y"};
    size_t found = 0;
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < header->count; i++)
            if (i != id && strcmp(header->item[i], usual[k]) == 0) name[found++] = header->item[i];
    if (found == 2) return ZSC_OK;
    found = 0;
    for (size_t i = 0; i < header->count && found < 2; i++)
        if (i != id) name[found++] = header->item[i];
    if (found == 2) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s' has no two columns of coordinates beside the id", path);
}

static zsc_status read_table(const char *path, const zsc_result *r, float *xy)
{
    zsc_status status = ZSC_OK;
    zsc_names ids = {0};
    zsc_list header = {0};
    zsc_csv_style style = {.decimal = '.'};
    const char *id[ZSC_COLUMN_NAMES], *name[2];
    bool *taken = NULL;
    int32_t number;
    for (size_t i = 0; i < r->rows; i++) ZSC_TRY(zsc_names_add(&ids, r->id[i], strlen(r->id[i]), &number, NULL));
    ZSC_NEW(taken, r->rows);
    ZSC_TRY(zsc_csv_header(path, NULL, &header, &style));
    zsc_csv_column by_id = zsc_metadata_column(NULL, "processid", true, id);
    ZSC_TRY(find_columns(path, &header, zsc_metadata_find(&by_id, &header), name));
    const char *const x[] = {name[0], NULL}, *const y[] = {name[1], NULL};
    const zsc_csv_column column[] = {by_id, {x, true}, {y, true}};
    coordinate_reader reader = {.path = path, .ids = &ids, .decimal = style.decimal, .xy = xy, .taken = taken};
    ZSC_TRY(zsc_csv_read(path, NULL, column, 3, NULL, take_row, &reader));
    for (size_t i = 0; i < r->rows; i++)
        if (!taken[i]) ZSC_TRY(zsc_fail(ZSC_EINPUT, "'%s' has no coordinates of '%s'", path, r->id[i]));
done:
    zsc_names_free(&ids);
    zsc_list_free(&header);
    free(taken);
    return status;
}

zsc_status zsc_plane_file_read(const char *path, const zsc_result *r, float *xy)
{
    zsc_file_form form;
    zsc_status status = zsc_file_form_find(path, &form);
    if (status == ZSC_OK && form == ZSC_FORM_NONE)
        status = zsc_fail(ZSC_EINPUT, "'%s' is neither umap2d nor pca, and no file of coordinates", path);
    if (status == ZSC_OK && form != ZSC_FORM_TEXT && form != ZSC_FORM_NPY)
        status = zsc_fail(ZSC_EINPUT, "'%s' is neither a table nor an .npy of coordinates", path);
    if (status == ZSC_OK) status = form == ZSC_FORM_NPY ? read_npy(path, r, xy) : read_table(path, r, xy);
    return zsc_context(status, "--layout");
}
