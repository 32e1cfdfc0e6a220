/* CSV and TSV, plain or packed. What was read is written with zsc_csv_write_field and read again: it must be the same.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "io/text/csv.h"

enum { COLUMNS = 3 };
static const char *const id[] = {"processid", "id", "a", NULL}, *const species[] = {"species", "b", NULL},
                         *const other[] = {"dna_barcode", "c", NULL};
static const zsc_csv_column columns[COLUMNS] = {{id, true}, {species, false}, {other, false}};

typedef struct table {
    zsc_text bytes; /* fields, each with its zero */
    size_t rows;
} table;

static zsc_status take(void *data, const zsc_csv_row *row)
{
    table *t = data;
    for (int i = 0; i < COLUMNS; i++) {
        if (strlen(row->field[i]) != row->length[i])
            fuzz_wrong("row %zu: field %d has length %zu, not %zu", row->row, i, strlen(row->field[i]), row->length[i]);
        if (!zsc_utf8_valid(row->field[i], row->length[i])) fuzz_wrong("row %zu: field %d is not UTF-8", row->row, i);
        zsc_text_append_n(&t->bytes, row->field[i], row->length[i] + 1);
    }
    if (row->row != ++t->rows) fuzz_wrong("row %zu is numbered %zu", t->rows, row->row);
    if (row->line < 1) fuzz_wrong("row %zu in line %zu", row->row, row->line);
    return ZSC_OK;
}

static void round_trip(const table *first)
{
    char *written = NULL;
    size_t size = 0;
    table second = {0};
    FILE *stream = open_memstream(&written, &size);
    if (!stream) return;
    fputs("a,b,c\n", stream);
    for (const char *p = first->bytes.data; p && p < first->bytes.data + first->bytes.length;)
        for (int i = 0; i < COLUMNS; i++) {
            zsc_csv_write_field(stream, p);
            putc(i + 1 < COLUMNS ? ',' : '\n', stream);
            p += strlen(p) + 1;
        }
    fclose(stream);
    const char *path = fuzz_file((const uint8_t *)written, size);
    zsc_status status = zsc_csv_read(path, NULL, columns, COLUMNS, NULL, take, &second);
    if (status != ZSC_OK) fuzz_wrong("what was written cannot be read: %s", zsc_error_message());
    if (second.rows != first->rows || second.bytes.length != first->bytes.length ||
        (second.bytes.data && first->bytes.data &&
         memcmp(second.bytes.data, first->bytes.data, second.bytes.length) != 0))
        fuzz_wrong("written and read again, %zu rows became %zu or changed", first->rows, second.rows);
    free(second.bytes.data);
    free(written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    zsc_list names = {0};
    table t = {0};
    bool present[COLUMNS];
    if (!path) return 0;
    fuzz_check_status(zsc_csv_header(path, NULL, &names, NULL));
    zsc_list_free(&names);
    zsc_status status = zsc_csv_read(path, NULL, columns, COLUMNS, present, take, &t);
    fuzz_check_status(status);
    if (status == ZSC_OK && !t.bytes.failed) round_trip(&t);
    free(t.bytes.data);
    return 0;
}
