#include "inspect/check/specimen_codes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/barcode_digest.h"
#include "inspect/check/barcode_faults.h"
#include "inspect/metadata/digest_numbers.h"

const char *const zsc_check_ranks[ZSC_CHECK_RANKS] = {"phylum",    "class", "order",   "family",
                                                      "subfamily", "genus", "species", "dna_bin"};

enum { BARCODE = ZSC_CHECK_RANKS, LATITUDE, LONGITUDE, ID, COLUMNS };

typedef struct reader {
    zsc_specimens s;
    zsc_findings *findings;
    zsc_digest_numbers barcodes, ids;
    uint32_t *first_row; /* of each id */
    size_t first_capacity;
    size_t field[COLUMNS]; /* among the columns that are read; SIZE_MAX: not there */
    char decimal;          /* of coordinates */
    zsc_text scratch;
} reader;

/* Room for one more row in all arrays, which have one capacity. */
static zsc_status grow(zsc_specimens *s)
{
    zsc_status status = ZSC_OK;
    size_t mine = s->capacity;
    for (size_t r = 0; r < ZSC_CHECK_RANKS; r++) {
        if (!s->has_rank[r]) continue;
        mine = s->capacity;
        ZSC_TRY(zsc_grow(&s->code[r], &mine, s->n + 1, sizeof *s->code[r], "labels"));
    }
    mine = s->capacity;
    ZSC_TRY(zsc_grow(&s->barcode, &mine, s->n + 1, sizeof *s->barcode, "barcodes"));
    mine = s->capacity;
    ZSC_TRY(zsc_grow(&s->split_code, &mine, s->n + 1, sizeof *s->split_code, "splits"));
    mine = s->capacity;
    ZSC_TRY(zsc_grow(&s->row, &mine, s->n + 1, sizeof *s->row, "rows"));
    s->capacity = mine; /* the same for all: it follows from capacity, need and size */
done:
    return status;
}

/* {0, 0}: there is none. */
static zsc_digest id_of(const reader *r, const zsc_metadata_row *row)
{
    size_t at = r->field[ID];
    if (!r->findings || at == SIZE_MAX || row->length[at] == 0) return (zsc_digest){0, 0};
    return zsc_hash_bytes(row->value[at], row->length[at]);
}

static zsc_digest barcode_of(reader *r, const zsc_metadata_row *row)
{
    size_t at = r->field[BARCODE];
    if (at == SIZE_MAX || row->length[at] == 0) return (zsc_digest){0, 0};
    return zsc_barcode_digest(row->value[at], row->length[at], 0, &r->scratch);
}

static zsc_status add_id(reader *r, const zsc_metadata_row *row, zsc_digest id)
{
    size_t at = r->field[ID];
    int32_t number = 0;
    bool added = false;
    if (at == SIZE_MAX) return ZSC_OK;
    if (!r->findings) return ZSC_OK;
    if (row->length[at] == 0)
        return zsc_findings_add(r->findings, ZSC_RULE_EMPTY_ID, row->row, 1, "row %zu has no id", row->row);
    zsc_status status = zsc_digest_numbers_add(&r->ids, id, &number, &added);
    if (status != ZSC_OK) return status;
    if (!added)
        return zsc_findings_add(r->findings, ZSC_RULE_REPEATED_ID, row->row, 1, "rows %u and %zu have the id '%s'",
                                r->first_row[number], row->row, row->value[at]);
    status = zsc_grow(&r->first_row, &r->first_capacity, (size_t)number + 1, sizeof *r->first_row, "ids");
    if (status == ZSC_OK) r->first_row[number] = (uint32_t)row->row;
    return status;
}

static zsc_status add_barcode(reader *r, const zsc_metadata_row *row, zsc_digest digest)
{
    size_t at = r->field[BARCODE];
    int32_t number = -1;
    zsc_status status = ZSC_OK;
    if (at != SIZE_MAX && row->length[at]) {
        if (digest.high || digest.low) ZSC_TRY(zsc_digest_numbers_add(&r->barcodes, digest, &number, NULL));
        if (r->findings) ZSC_TRY(zsc_barcode_faults(row->value[at], row->length[at], row->row, r->findings));
    }
    r->s.barcode[r->s.n] = number;
done:
    return status;
}

static zsc_status check_place(reader *r, const zsc_metadata_row *row)
{
    size_t a = r->field[LATITUDE], b = r->field[LONGITUDE];
    double latitude = 0, longitude = 0;
    const char *fault = NULL;
    if (!r->findings || a == SIZE_MAX || b == SIZE_MAX || (row->length[a] == 0 && row->length[b] == 0)) return ZSC_OK;
    if (row->length[a] == 0 || row->length[b] == 0)
        fault = "one of the two is missing";
    else if (!zsc_metadata_number(row->value[a], row->length[a], r->decimal, &latitude) ||
             !zsc_metadata_number(row->value[b], row->length[b], r->decimal, &longitude))
        fault = "not a number";
    else if (fabs(latitude) > 90 || fabs(longitude) > 180)
        fault = fabs(latitude) <= 180 && fabs(longitude) <= 90 ? "out of range; were the two exchanged?"
                                                               : "out of range";
    else if (latitude == 0 && longitude == 0)
        fault = "both are 0";
    return fault ? zsc_findings_add(r->findings, ZSC_RULE_COORDINATES, row->row, 1,
                                    "row %zu: latitude '%s', longitude '%s': %s", row->row, row->value[a],
                                    row->value[b], fault)
                 : ZSC_OK;
}

static zsc_status add_row(void *data, const zsc_metadata_row *row)
{
    reader *r = data;
    zsc_specimens *s = &r->s;
    zsc_status status = ZSC_OK;
    if (row->row > UINT32_MAX) return zsc_fail(ZSC_EINPUT, "the metadata has more rows than 2^32");
    if (s->n >= s->capacity) ZSC_TRY(grow(s));
    const zsc_digest id = id_of(r, row), barcode = barcode_of(r, row);
    if (r->scratch.failed) return ZSC_EINTERNAL;
    zsc_digest_numbers_prefetch(&r->ids, id);
    zsc_digest_numbers_prefetch(&r->barcodes, barcode);
    for (size_t k = 0; k < ZSC_CHECK_RANKS; k++) {
        if (!s->has_rank[k]) continue;
        size_t at = r->field[k];
        s->code[k][s->n] = -1;
        if (row->length[at])
            ZSC_TRY(zsc_names_add(&s->name[k], row->value[at], row->length[at], &s->code[k][s->n], NULL));
    }
    s->row[s->n] = (uint32_t)row->row;
    s->split_code[s->n] = -1;
    if (row->split_length) ZSC_TRY(zsc_names_add(&s->split, row->split, row->split_length, &s->split_code[s->n], NULL));
    ZSC_TRY(add_id(r, row, id));
    ZSC_TRY(add_barcode(r, row, barcode));
    ZSC_TRY(check_place(r, row));
    s->n++;
done:
    return status;
}

/* Which columns are there; LIST gets those to be read. */
static zsc_status find_columns(const zsc_metadata_source *source, reader *r, zsc_list *list)
{
    static const char *const others[] = {"dna_barcode", "coord-lat", "coord-lon", "processid"};
    zsc_status status = ZSC_OK;
    const char *name[COLUMNS];
    bool present[COLUMNS];
    for (size_t k = 0; k < COLUMNS; k++)
        name[k] = k < ZSC_CHECK_RANKS ? zsc_check_ranks[k] : others[k - ZSC_CHECK_RANKS];
    ZSC_TRY(zsc_metadata_present(source, name, COLUMNS, present, &r->s.has_split));
    for (size_t k = 0; k < COLUMNS; k++) {
        r->field[k] = present[k] ? list->count : SIZE_MAX;
        if (present[k]) ZSC_TRY(zsc_list_add(list, name[k]));
        if (k < ZSC_CHECK_RANKS) r->s.has_rank[k] = present[k];
    }
    r->s.has_barcode = present[BARCODE];
    r->s.has_coordinates = present[LATITUDE] && present[LONGITUDE];
    r->s.has_id = present[ID];
    if (list->count == 0)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' has none of the columns that are checked (processid, dna_barcode, %s ... species, "
                          "coord-lat); say which column is meant, as in --column species=NAME",
                          source->path, zsc_check_ranks[0]);
done:
    return status;
}

zsc_status zsc_specimens_read(const zsc_metadata_source *source, const zsc_exec *exec, zsc_findings *findings,
                              zsc_specimens *out)
{
    zsc_status status = ZSC_OK;
    reader r = {.findings = findings};
    zsc_list list = {0};
    ZSC_TRY(find_columns(source, &r, &list));
    ZSC_TRY(zsc_metadata_decimal(source, &r.decimal));
    ZSC_TRY(zsc_metadata_read(source, (const char *const *)list.item, list.count, exec, add_row, &r));
    r.s.barcodes = r.barcodes.count;
    *out = r.s;
    r.s = (zsc_specimens){0};
done:
    zsc_specimens_free(&r.s);
    zsc_digest_numbers_free(&r.barcodes);
    zsc_digest_numbers_free(&r.ids);
    free(r.first_row);
    free(r.scratch.data);
    zsc_list_free(&list);
    return status;
}

void zsc_specimens_free(zsc_specimens *s)
{
    for (size_t r = 0; r < ZSC_CHECK_RANKS; r++) {
        zsc_names_free(&s->name[r]);
        free(s->code[r]);
    }
    zsc_names_free(&s->split);
    free(s->barcode);
    free(s->split_code);
    free(s->row);
    *s = (zsc_specimens){0};
}

const char *zsc_specimens_name(const zsc_specimens *s, size_t rank, size_t i)
{
    int32_t code = s->has_rank[rank] ? s->code[rank][i] : -1;
    return code < 0 ? "" : zsc_names_get(&s->name[rank], (size_t)code);
}

zsc_status zsc_specimens_by_barcode(const zsc_specimens *s, zsc_barcode_rows *out)
{
    zsc_status status = ZSC_OK;
    zsc_barcode_rows r = {0};
    ZSC_NEW(r.first, s->barcodes + 2);
    ZSC_NEW_RAW(r.row, s->n);
    for (size_t i = 0; i < s->n; i++)
        if (s->barcode[i] >= 0) r.first[s->barcode[i] + 2]++;
    for (size_t b = 0; b < s->barcodes; b++) {
        if (r.first[b + 2] > r.most) r.most = r.first[b + 2];
        r.first[b + 2] += r.first[b + 1];
    }
    for (size_t i = 0; i < s->n; i++)
        if (s->barcode[i] >= 0) r.row[r.first[s->barcode[i] + 1]++] = (uint32_t)i;
    *out = r;
    r = (zsc_barcode_rows){0};
done:
    zsc_barcode_rows_free(&r);
    return status;
}

void zsc_barcode_rows_free(zsc_barcode_rows *rows)
{
    free(rows->first);
    free(rows->row);
    *rows = (zsc_barcode_rows){0};
}
