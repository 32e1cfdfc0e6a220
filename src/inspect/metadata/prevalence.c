#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "data/barcode_digest.h"
#include "inspect/metadata/digest_numbers.h"
#include "inspect/metadata/metadata_figures.h"

enum { RANK, BARCODE, SIMULATED, COLUMNS };

typedef struct reader {
    zsc_prevalence out;
    size_t at[COLUMNS]; /* among the columns that are read; SIZE_MAX: not there */
    zsc_names names;
    uint32_t *rows, *barcodes; /* of each taxon */
    size_t rows_capacity, barcodes_capacity;
    zsc_digest_numbers pairs; /* of taxon and barcode */
    zsc_text scratch;
} reader;

static zsc_status add_taxon(reader *r, const zsc_metadata_row *row, int32_t *number)
{
    zsc_status status = ZSC_OK;
    int added = 0;
    ZSC_TRY(zsc_names_add(&r->names, row->value[r->at[RANK]], row->length[r->at[RANK]], number, &added));
    if (!added) goto done;
    ZSC_TRY(zsc_grow(&r->rows, &r->rows_capacity, r->names.count, sizeof *r->rows, "taxa"));
    ZSC_TRY(zsc_grow(&r->barcodes, &r->barcodes_capacity, r->names.count, sizeof *r->barcodes, "taxa"));
    r->rows[*number] = r->barcodes[*number] = 0;
done:
    return status;
}

static zsc_status add_row(void *data, const zsc_metadata_row *row)
{
    reader *r = data;
    zsc_status status = ZSC_OK;
    int32_t taxon = 0, pair = 0;
    bool fresh = false;
    size_t b = r->at[BARCODE];
    r->out.simulated = r->out.simulated || zsc_metadata_says(row, r->at[SIMULATED]);
    if (row->length[r->at[RANK]] == 0) {
        r->out.unlabelled++;
        return ZSC_OK;
    }
    r->out.labelled++;
    ZSC_TRY(add_taxon(r, row, &taxon));
    r->rows[taxon]++;
    if (b == SIZE_MAX || row->length[b] == 0) goto done;
    zsc_digest digest = zsc_barcode_digest(row->value[b], row->length[b], 0, &r->scratch);
    if (r->scratch.failed) return ZSC_EINTERNAL;
    if (!digest.high && !digest.low) goto done; /* of N alone */
    digest.high ^= zsc_mix64((uint64_t)taxon + 1);
    digest.low += digest.high | 1;
    ZSC_TRY(zsc_digest_numbers_add(&r->pairs, digest, &pair, &fresh));
    r->barcodes[taxon] += fresh;
done:
    return status;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Sorts SIZE; taxa of size 0 are left out. */
static zsc_status count_sizes(uint32_t *size, size_t taxa, zsc_size_counts *out)
{
    zsc_status status = ZSC_OK;
    size_t capacity = 0;
    qsort(size, taxa, sizeof *size, by_size);
    for (size_t i = 0; i < taxa; i++) {
        if (size[i] == 0) continue;
        if (out->count == 0 || out->item[out->count - 1].size != size[i]) {
            ZSC_TRY(zsc_grow(&out->item, &capacity, out->count + 1, sizeof *out->item, "sizes"));
            out->item[out->count++] = (zsc_size_count){.size = size[i], .at_least = taxa - i};
        }
        out->item[out->count - 1].taxa++;
        out->taxa++;
    }
done:
    return status;
}

zsc_status zsc_prevalence_read(const zsc_metadata_source *source, const char *rank, const zsc_exec *exec,
                               zsc_prevalence *out)
{
    zsc_status status = ZSC_OK;
    reader r = {.at = {0}};
    zsc_list names = {0};
    ZSC_TRY(zsc_list_add(&names, rank));
    ZSC_TRY(zsc_metadata_add_optional(source, "dna_barcode", &names, &r.at[BARCODE]));
    ZSC_TRY(zsc_metadata_add_optional(source, "simulated", &names, &r.at[SIMULATED]));
    ZSC_TRY(zsc_metadata_read(source, (const char *const *)names.item, names.count, exec, add_row, &r));
    r.out.has_barcodes = r.at[BARCODE] != SIZE_MAX;
    if (r.out.labelled == 0) {
        status = zsc_fail(ZSC_EINPUT, "'%s': no row has a label in column %s", source->path, rank);
        goto done;
    }
    ZSC_TRY(count_sizes(r.rows, r.names.count, &r.out.records));
    ZSC_TRY(count_sizes(r.barcodes, r.names.count, &r.out.barcodes));
    *out = r.out;
    r.out = (zsc_prevalence){0};
done:
    zsc_prevalence_free(&r.out);
    zsc_names_free(&r.names);
    zsc_digest_numbers_free(&r.pairs);
    zsc_list_free(&names);
    free(r.rows);
    free(r.barcodes);
    free(r.scratch.data);
    return status;
}

void zsc_prevalence_free(zsc_prevalence *p)
{
    free(p->records.item);
    free(p->barcodes.item);
    *p = (zsc_prevalence){0};
}
