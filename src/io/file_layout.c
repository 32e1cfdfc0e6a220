/* What the user says of how files are read: checked, hashed for keys, and held against the files that were opened. */
#include <string.h>

#include "base/error.h"
#include "io/formats/h5_paths.h"
#include "io/file_layout.h"

zsc_status zsc_file_layout_check(const zsc_file_layout *p)
{
    for (size_t i = 0; i < p->label_count; i++)
        for (size_t k = 0; k < i; k++) {
            size_t length = strcspn(p->labels[i], "=");
            if (length == strcspn(p->labels[k], "=") && strncmp(p->labels[i], p->labels[k], length) == 0)
                return zsc_fail(ZSC_EUSAGE, "h5-label names the rank %.*s twice: '%s' and '%s'", (int)length,
                                p->labels[i], p->labels[k], p->labels[i]);
        }
    if (p->embedding || !(p->id || p->label_count || p->bfloat16)) return ZSC_OK;
    return zsc_fail(ZSC_EUSAGE, "h5-id, h5-label and bfloat16 go with h5-embedding, and none is given");
}

/* Comparing and hashing below name each field. */
_Static_assert(sizeof(zsc_file_layout) == 88 && sizeof(zsc_table_layout) == 48, "a new field is to be compared");

static void hash_strings(zsc_hash *hash, const char *const *item, size_t count)
{
    for (size_t i = 0; i < count; i++) zsc_hash_add(hash, item[i], strlen(item[i]) + 1);
    zsc_hash_add(hash, &count, sizeof count);
}

void zsc_file_layout_hash(zsc_hash *hash, const zsc_file_layout *p)
{
    const zsc_table_layout *t = &p->table;
    const char *const paths[] = {p->embedding ? p->embedding : "", p->id ? p->id : "",
                                 p->bfloat16 ? "bfloat16" : "",    t->delimiter ? t->delimiter : "",
                                 t->decimal ? t->decimal : "",     t->no_header ? "no header" : "",
                                 t->id_column ? t->id_column : "", t->label_columns ? t->label_columns : "",
                                 t->missing ? t->missing : "",     t->missing ? "missing" : ""};
    hash_strings(hash, paths, sizeof paths / sizeof *paths);
    hash_strings(hash, p->labels, p->label_count);
}

static bool same_text(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static bool same_table(const zsc_table_layout *a, const zsc_table_layout *b)
{
    return same_text(a->delimiter, b->delimiter) && same_text(a->decimal, b->decimal) && a->no_header == b->no_header &&
           same_text(a->id_column, b->id_column) && same_text(a->label_columns, b->label_columns) &&
           same_text(a->missing, b->missing);
}

bool zsc_file_layout_equal(const zsc_file_layout *a, const zsc_file_layout *b)
{
    bool same = same_text(a->embedding, b->embedding) && same_text(a->id, b->id) && a->bfloat16 == b->bfloat16 &&
                a->label_count == b->label_count && same_table(&a->table, &b->table);
    for (size_t i = 0; same && i < a->label_count; i++) same = strcmp(a->labels[i], b->labels[i]) == 0;
    return same;
}

zsc_file_layout zsc_file_layout_with_missing(const zsc_file_layout *file_layout, const char *missing_values)
{
    zsc_file_layout with = *file_layout;
    with.table.missing = missing_values;
    return with;
}

static bool is_by_paths(const zsc_embeddings *v)
{
    return v->parts ? is_by_paths(v->part[0]) : v->format == &zsc_format_h5_paths;
}

zsc_status zsc_file_layout_check_used(zsc_embeddings *const *file, size_t count, const zsc_file_layout *file_layout)
{
    if (!file_layout->embedding) return ZSC_OK;
    for (size_t i = 0; i < count; i++)
        if (is_by_paths(file[i])) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s' has no %s: it is taken for %s", file[0]->path, file_layout->embedding,
                    file[0]->format->description);
}
