#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "inspect/metadata/digest_numbers.h"
#include "inspect/metadata/metadata_figures.h"

typedef struct reader {
    zsc_taxon_tree tree;
    zsc_digest_numbers numbers; /* of parent and name: the index of the taxon */
    size_t simulated;           /* the column; SIZE_MAX: not there */
} reader;

static zsc_status add_row(void *data, const zsc_metadata_row *row)
{
    reader *r = data;
    zsc_taxon_tree *t = &r->tree;
    zsc_status status = ZSC_OK;
    int32_t parent = -1;
    t->rows++;
    t->simulated = t->simulated || zsc_metadata_says(row, r->simulated);
    for (size_t k = 0; k < t->ranks; k++) {
        int32_t name = -1, taxon = 0;
        bool fresh = false;
        if (row->length[k]) ZSC_TRY(zsc_names_add(&t->names[k], row->value[k], row->length[k], &name, NULL));
        uint64_t key = (uint64_t)(uint32_t)(parent + 2) << 32 | (uint32_t)(name + 2);
        ZSC_TRY(zsc_digest_numbers_add(&r->numbers, (zsc_digest){.high = key, .low = zsc_mix64(key)}, &taxon, &fresh));
        if (fresh) {
            ZSC_TRY(zsc_grow(&t->taxon, &t->capacity, t->taxa + 1, sizeof *t->taxon, "taxa"));
            t->taxon[t->taxa++] = (zsc_taxon){.parent = parent, .name = name, .rank = k};
        }
        t->taxon[taxon].rows++;
        parent = taxon;
    }
done:
    return status;
}

zsc_status zsc_taxon_tree_read(const zsc_metadata_source *source, const char *const *ranks, size_t count,
                               const zsc_exec *exec, zsc_taxon_tree *out)
{
    zsc_status status = ZSC_OK;
    reader r = {.simulated = SIZE_MAX};
    zsc_list names = {0};
    ZSC_NEW(r.tree.rank, count);
    ZSC_NEW(r.tree.names, count);
    for (r.tree.ranks = 0; r.tree.ranks < count; r.tree.ranks++) {
        ZSC_TRY(zsc_list_add(&names, ranks[r.tree.ranks]));
        ZSC_TRY(zsc_copy_text(ranks[r.tree.ranks], &r.tree.rank[r.tree.ranks]));
    }
    ZSC_TRY(zsc_metadata_add_optional(source, "simulated", &names, &r.simulated));
    ZSC_TRY(zsc_metadata_read(source, (const char *const *)names.item, names.count, exec, add_row, &r));
    *out = r.tree;
    r.tree = (zsc_taxon_tree){0};
done:
    zsc_taxon_tree_free(&r.tree);
    zsc_digest_numbers_free(&r.numbers);
    zsc_list_free(&names);
    return status;
}

void zsc_taxon_tree_free(zsc_taxon_tree *t)
{
    for (size_t k = 0; k < t->ranks; k++) {
        free(t->rank[k]);
        zsc_names_free(&t->names[k]);
    }
    free(t->rank);
    free(t->names);
    free(t->taxon);
    *t = (zsc_taxon_tree){0};
}
