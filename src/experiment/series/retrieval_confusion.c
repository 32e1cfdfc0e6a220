#include "experiment/series/retrieval_confusion.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static size_t place_of(const zsc_retrieval_confusion_map *m, const char *taxon)
{
    size_t i = 0;
    while (i < m->taxa && strcmp(m->taxon[i], taxon) != 0) i++;
    return i;
}

/* --- Which list */
static const char *usual_rank(const zsc_retrieval_file *f)
{
    size_t lists = zsc_retrieval_file_class_lists(f);
    const char *rank = NULL;
    for (size_t i = 0; i < lists; i++) {
        rank = zsc_retrieval_file_classes(f, i).rank;
        if (strcmp(rank, "species") == 0) break;
    }
    return rank;
}

static zsc_status find_list(const zsc_retrieval_file *f, const char *rank, const char *split,
                            zsc_retrieval_classes *out)
{
    for (size_t i = 0; rank && i < zsc_retrieval_file_class_lists(f); i++) {
        *out = zsc_retrieval_file_classes(f, i);
        if (strcmp(out->rank, rank) == 0 && (!split || strcmp(out->split, split) == 0)) return ZSC_OK;
    }
    if (!rank)
        return zsc_fail(ZSC_EINPUT,
                        "'%s' has no classes, which zsc retrieve of this version writes; expected a new one", f->path);
    return zsc_fail(ZSC_EINPUT, "'%s' has no classes of rank %s%s%s", f->path, rank, split ? " and split " : "",
                    split ? split : "");
}

/* --- Taxa */
static void choose_taxa(const zsc_retrieval_confusions *c, size_t most, zsc_retrieval_confusion_map *m)
{
    for (size_t i = 0; i < c->count; i++) {
        const char *both[] = {zsc_retrieval_confusions_name(c, i), zsc_retrieval_confusions_other(c, i)};
        size_t more = (size_t)(place_of(m, both[0]) == m->taxa) + (size_t)(place_of(m, both[1]) == m->taxa);
        if (!*both[1] || m->taxa + more > most) continue;
        for (int b = 0; b < 2; b++)
            if (place_of(m, both[b]) == m->taxa) m->taxon[m->taxa++] = both[b];
    }
}

static void count_queries(const zsc_retrieval_classes *list, const zsc_retrieval_confusions *c,
                          zsc_retrieval_confusion_map *m)
{
    for (size_t i = 0; i < list->count; i++) {
        size_t at = place_of(m, zsc_retrieval_classes_name(list, i)), queries = zsc_retrieval_classes_queries(list, i);
        m->scored += queries;
        if (at == m->taxa) continue;
        m->queries[at] = queries;
        m->taken[at * m->taxa + at] = zsc_retrieval_classes_right(list, i, m->k);
    }
    for (size_t i = 0; i < c->count; i++) {
        size_t a = place_of(m, zsc_retrieval_confusions_name(c, i)),
               b = place_of(m, zsc_retrieval_confusions_other(c, i)), queries = zsc_retrieval_confusions_queries(c, i);
        m->wrong += queries;
        if (a < m->taxa && b < m->taxa) m->taken[a * m->taxa + b] = queries;
    }
}

zsc_status zsc_retrieval_confusion_map_make(const zsc_retrieval_file *f, const char *rank, const char *split, size_t k,
                                            size_t most, zsc_retrieval_confusion_map *out)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_confusion_map m = {.k = k};
    zsc_retrieval_classes list;
    ZSC_TRY(zsc_retrieval_files_k(f, 1, &m.k));
    ZSC_TRY(find_list(f, rank ? rank : usual_rank(f), split, &list));
    m.rank = list.rank;
    m.split = list.split;
    const zsc_retrieval_confusions c = zsc_retrieval_file_confusions(f, m.rank, m.k, m.split);
    if (!c.entry || !zsc_retrieval_classes_have(&list, m.k)) {
        status = zsc_fail(ZSC_EINPUT, "'%s' has no classes for k %zu; choose another --k", f->path, m.k);
        goto done;
    }
    ZSC_NEW(m.taxon, most);
    choose_taxa(&c, most, &m);
    if (m.taxa == 0) {
        status = zsc_fail(ZSC_EINPUT, "'%s': no query of split %s is taken for another %s at k %zu", f->path, m.split,
                          m.rank, m.k);
        goto done;
    }
    ZSC_NEW(m.queries, m.taxa);
    ZSC_NEW(m.taken, m.taxa * m.taxa);
    count_queries(&list, &c, &m);
    *out = m;
    m = (zsc_retrieval_confusion_map){0};
done:
    zsc_retrieval_confusion_map_free(&m);
    return status;
}

void zsc_retrieval_confusion_map_free(zsc_retrieval_confusion_map *m)
{
    free(m->taxon);
    free(m->queries);
    free(m->taken);
    *m = (zsc_retrieval_confusion_map){0};
}
