/* Clusters of new rows, as files, and what is printed of them. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number_text.h"
#include "base/memory.h"
#include "cli/commands/assign_parts.h"
#include "cli/endings.h"
#include "cli/print_results.h"
#include "io/files/atomic.h"
#include "io/npy.h"
#include "io/text/csv.h"
#include "zsc/zsc.h"

/* --- Files */
static zsc_status write_attributes(const cli_assign *a, const zsc_assigned *found, zsc_h5 *file)
{
    zsc_status status = ZSC_OK;
    char by[16];
    ZSC_TRY(zsc_h5_set_text(file, "/", "version", zsc_version()));
    ZSC_TRY(zsc_h5_set_text(file, "/", "embeddings", a->matrix.embeddings.item[0]));
    ZSC_TRY(zsc_h5_set_text(file, "/clusters", "model", a->model));
    ZSC_TRY(
        zsc_h5_set_text(file, "/clusters", "by", zsc_value_choice_text(CLI_ASSIGN_BY_CHOICES, a->by, by, sizeof by)));
    ZSC_TRY(zsc_h5_set_int(file, "/clusters", "clusters", (int64_t)found->clusters));
    ZSC_TRY(zsc_h5_set_double(file, "/novel", "quantile", a->quantile));
    status = zsc_h5_set_double(file, "/novel", "limit", found->limit);
done:
    return status;
}

static zsc_status write_h5(const cli_assign *a, const cli_ward_matrix *x, const zsc_assigned *found)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    unsigned char *novel = NULL;
    ZSC_NEW_RAW(novel, found->n);
    for (size_t i = 0; i < found->n; i++) novel[i] = found->novel[i];
    ZSC_TRY(zsc_h5_create(a->output, &file));
    ZSC_TRY(zsc_h5_write(file, "/clusters", ZSC_H5_I32, 1, &found->n, found->label));
    ZSC_TRY(zsc_h5_write(file, "/distance", ZSC_H5_F32, 1, &found->n, found->distance));
    ZSC_TRY(zsc_h5_write(file, "/novel", ZSC_H5_U8, 1, &found->n, novel));
    if (found->nearest) ZSC_TRY(zsc_h5_write(file, "/nearest", ZSC_H5_I32, 1, &found->n, found->nearest));
    ZSC_TRY(write_attributes(a, found, file));
    if (x->id) ZSC_TRY(zsc_h5_write_strings(file, "/id", (const char *const *)x->id, x->n));
    for (size_t r = 0; r < x->data.ranks; r++) ZSC_TRY(cli_ward_write_rank(file, &x->data.rank[r], x->n));
    status = zsc_h5_commit(file);
    file = NULL;
done:
    zsc_h5_close(file);
    free(novel);
    return status;
}

/* A row's id, or its number where there is none. */
static void write_name(FILE *out, char *const *id, size_t i, char delimiter)
{
    if (id)
        zsc_write_field(out, id[i], delimiter);
    else
        fprintf(out, "%zu", i);
}

static zsc_status write_table(const cli_assign *a, const cli_ward_matrix *x, const cli_clustering *c,
                              const zsc_assigned *found)
{
    zsc_atomic *file = NULL;
    const char delimiter = cli_ends(a->output, "tsv") ? '\t' : ',';
    char number[ZSC_NUMBER_TEXT];
    zsc_status status = zsc_atomic_open(a->output, &file);
    if (status != ZSC_OK) return status;
    FILE *out = zsc_atomic_stream(file);
    fprintf(out, "%s%ccluster%cdistance%cnovel", x->id ? "id" : "row", delimiter, delimiter, delimiter);
    if (found->nearest) fprintf(out, "%cnearest", delimiter);
    putc('\n', out);
    for (size_t i = 0; i < found->n; i++) {
        write_name(out, x->id, i, delimiter);
        fprintf(out, "%c%d%c%s%c%d", delimiter, (int)found->label[i], delimiter,
                zsc_float_text(found->distance[i], number), delimiter, found->novel[i]);
        if (found->nearest) {
            putc(delimiter, out);
            write_name(out, c->layout.rows.id, (size_t)found->nearest[i], delimiter);
        }
        putc('\n', out);
    }
    return zsc_atomic_commit(file);
}

zsc_status cli_assign_write(const cli_assign *a, const cli_ward_matrix *x, const cli_clustering *c,
                            const zsc_assigned *found)
{
    if (cli_ends(a->output, "npy")) return zsc_npy_write_i32(a->output, found->label, found->n);
    if (cli_ends(a->output, "csv") || cli_ends(a->output, "tsv")) return write_table(a, x, c, found);
    return write_h5(a, x, found);
}

/* --- What is printed */
static double share(const zsc_assigned *found) { return found->n ? (double)found->novel_rows / (double)found->n : 0; }

static zsc_status print_json(const cli_assign *a, const zsc_assigned *found, const char *by)
{
    return cli_print_json(json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:f, s:f, s:I, s:f}", "zsc", zsc_version(),
                                    "model", a->model, "embeddings", a->matrix.embeddings.item[0], "by", by, "rows",
                                    (json_int_t)found->n, "clustered", (json_int_t)found->rows, "clusters",
                                    (json_int_t)found->clusters, "quantile", a->quantile, "limit", found->limit,
                                    "novel", (json_int_t)found->novel_rows, "novel_share", share(found)));
}

zsc_status cli_assign_print(const cli_assign *a, const zsc_assigned *found)
{
    static const char *const header[] = {"by", "rows", "clustered", "clusters", "quantile", "limit", "novel", "share"};
    const bool csv = a->format == CLI_CSV;
    char by[16];
    cli_cells cells = {0};
    zsc_value_choice_text(CLI_ASSIGN_BY_CHOICES, a->by, by, sizeof by);
    if (a->format == CLI_JSON) return print_json(a, found, by);
    cli_cells_add(&cells, "%s", by);
    cli_cells_add(&cells, "%zu", found->n);
    cli_cells_add(&cells, "%zu", found->rows);
    cli_cells_add(&cells, "%zu", found->clusters);
    cli_cells_add(&cells, "%g", a->quantile);
    cli_cells_real(&cells, found->limit, csv, 6);
    cli_cells_add(&cells, "%zu", found->novel_rows);
    cli_cells_real(&cells, share(found), csv, 4);
    return cli_cells_print(&cells, header, sizeof header / sizeof *header, csv);
}
