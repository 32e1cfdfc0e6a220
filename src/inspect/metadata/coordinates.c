#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "inspect/metadata/digest_numbers.h"
#include "inspect/metadata/metadata_figures.h"

typedef struct reader {
    zsc_sites sites;
    zsc_digest_numbers numbers; /* of pairs: the index of the site */
    size_t simulated;           /* the column; SIZE_MAX: not there */
    char decimal;
} reader;

static zsc_status add_row(void *data, const zsc_metadata_row *row)
{
    reader *r = data;
    zsc_sites *s = &r->sites;
    zsc_status status = ZSC_OK;
    double at[2] = {0};
    int32_t site = 0;
    bool fresh = false;
    s->rows++;
    s->simulated = s->simulated || zsc_metadata_says(row, r->simulated);
    if (row->length[0] == 0 || row->length[1] == 0) {
        s->missing++;
        return ZSC_OK;
    }
    for (size_t i = 0; i < 2; i++) {
        if (!zsc_metadata_number(row->value[i], row->length[i], r->decimal, &at[i]) || fabs(at[i]) > (i ? 180 : 90)) {
            s->refused++;
            return ZSC_OK;
        }
        at[i] += 0.0; /* -0 is 0 */
    }
    ZSC_TRY(zsc_digest_numbers_add(&r->numbers, zsc_hash_bytes((const char *)at, sizeof at), &site, &fresh));
    if (fresh) {
        ZSC_TRY(zsc_grow(&s->item, &s->capacity, s->count + 1, sizeof *s->item, "sites"));
        s->item[s->count++] = (zsc_site){.latitude = at[0], .longitude = at[1]};
    }
    s->item[site].rows++;
done:
    return status;
}

zsc_status zsc_sites_read(const zsc_metadata_source *source, const zsc_exec *exec, zsc_sites *out)
{
    zsc_status status = ZSC_OK;
    reader r = {.simulated = SIZE_MAX};
    zsc_list names = {0};
    ZSC_TRY(zsc_list_add(&names, "coord-lat"));
    ZSC_TRY(zsc_list_add(&names, "coord-lon"));
    ZSC_TRY(zsc_metadata_add_optional(source, "simulated", &names, &r.simulated));
    ZSC_TRY(zsc_metadata_decimal(source, &r.decimal));
    ZSC_TRY(zsc_metadata_read(source, (const char *const *)names.item, names.count, exec, add_row, &r));
    if (r.sites.count == 0) {
        status = zsc_fail(ZSC_EINPUT, "'%s': no row has coordinates in range in the columns coord-lat and coord-lon",
                          source->path);
        goto done;
    }
    *out = r.sites;
    r.sites = (zsc_sites){0};
done:
    zsc_sites_free(&r.sites);
    zsc_digest_numbers_free(&r.numbers);
    zsc_list_free(&names);
    return status;
}

void zsc_sites_free(zsc_sites *s)
{
    free(s->item);
    *s = (zsc_sites){0};
}
