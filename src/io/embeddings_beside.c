#include "io/embeddings_beside.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/files/file_names.h"

/* --- Which files have the same rows */
static bool share_an_encoder(const zsc_embeddings *a, const zsc_embeddings *b)
{
    for (size_t i = 0; i < a->encoders; i++)
        for (size_t k = 0; k < b->encoders; k++)
            if (strcmp(a->encoder[i].name, b->encoder[k].name) == 0) return true;
    return false;
}

static zsc_status have_same_ids(zsc_embeddings *a, zsc_embeddings *b, bool *same)
{
    zsc_status status = ZSC_OK;
    char **id_a = NULL, **id_b = NULL;
    *same = false;
    if (a->n != b->n || a->n == 0) return ZSC_OK;
    ZSC_TRY(zsc_embeddings_ids(a, &id_a));
    ZSC_TRY(zsc_embeddings_ids(b, &id_b));
    *same = true;
    for (size_t i = 0; i < a->n && *same; i++) *same = strcmp(id_a[i], id_b[i]) == 0;
done:
    free(id_a);
    free(id_b);
    return status;
}

static const char *skip_digits(const char *text)
{
    while (isdigit((unsigned char)*text)) text++;
    return text;
}

/* part1 and part2, 001 and 002 */
static bool differ_by_number(const char *a, const char *b)
{
    for (;;) {
        a = skip_digits(a), b = skip_digits(b);
        if (!*a || !*b) return *a == *b;
        if (*a++ != *b++) return false;
    }
}

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

static bool in_one_folder(const zsc_embeddings *a, const zsc_embeddings *b)
{
    size_t length = folder_length(a->path);
    return length == folder_length(b->path) && strncmp(a->path, b->path, length) == 0;
}

static bool is_named_encoder(const zsc_embeddings *v) { return v->named_by_file && v->encoders == 1; }

/* Whether there are several folders, and each has a file of each name. */
static bool folders_are_alike(zsc_embeddings *const *file, size_t count)
{
    size_t folders = 0;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < i && !in_one_folder(file[k], file[i])) k++;
        folders += k == i;
    }
    for (size_t i = 0; i < count; i++) {
        size_t namesakes = 0;
        for (size_t k = 0; k < count && is_named_encoder(file[i]) && is_named_encoder(file[k]); k++)
            namesakes += strcmp(file[i]->encoder[0].name, file[k]->encoder[0].name) == 0;
        if (namesakes != folders) return false;
    }
    return folders > 1;
}

/* A is the first of its group: its encoders are those of the group. */
static zsc_status have_same_rows(zsc_embeddings *a, zsc_embeddings *b, bool alike, bool *same)
{
    *same = false;
    if (share_an_encoder(a, b) || a->idless != b->idless) return ZSC_OK;
    if (!a->idless) return have_same_ids(a, b, same);
    if (!a->named_by_file || !is_named_encoder(b)) return ZSC_OK;
    if (!(a->of_study && b->of_study) && differ_by_number(a->encoder[0].name, b->encoder[0].name)) return ZSC_OK;
    if (a->split_of_name && b->split_of_name)
        *same = strcmp(a->split_of_name, b->split_of_name) == 0;
    else
        *same = alike && !a->split_of_name && !b->split_of_name && in_one_folder(a, b);
    return ZSC_OK;
}

/* --- Putting one beside another */
static zsc_status add_encoder(zsc_embeddings *first, zsc_embeddings *other, size_t number)
{
    const zsc_encoder *e = &other->encoder[number];
    zsc_status status = zsc_format_add_encoder(first, e->name, e->object, e->n, e->d, e->type, e->wide);
    if (status != ZSC_OK) return status;
    zsc_encoder *own = &first->encoder[first->encoders - 1];
    own->block = e->block;
    own->gap = e->gap;
    own->wide = e->wide;
    own->file = other;
    own->number = number;
    free(own->modality), free(own->label), free(own->architecture);
    own->modality = zsc_strdup(e->modality);
    own->label = zsc_strdup(e->label);
    own->architecture = zsc_strdup(e->architecture);
    return own->modality && own->label && own->architecture ? ZSC_OK : ZSC_EINTERNAL;
}

/* zs-ssl-clustering keeps the codes of the species beside each encoder: other codes are other rows. */
static zsc_status check_y_true(zsc_embeddings *first, zsc_embeddings *other)
{
    zsc_status status = ZSC_OK;
    char **a = NULL, **b = NULL;
    const char *column = "y_true";
    if (first->n != other->n || !zsc_embeddings_has_text(first, column) || !zsc_embeddings_has_text(other, column))
        return ZSC_OK;
    ZSC_TRY(zsc_embeddings_text(first, column, 0, first->n, &a));
    ZSC_TRY(zsc_embeddings_text(other, column, 0, first->n, &b));
    for (size_t i = 0; i < first->n; i++) {
        if (strcmp(a[i], b[i]) == 0) continue;
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' and '%s' are taken for encoders of the same rows, and y_true of row %zu is %s in one "
                          "and %s in the other",
                          first->path, other->path, i + 1, a[i], b[i]);
        goto done;
    }
done:
    free(a);
    free(b);
    return status;
}

/* FIRST owns OTHER from the start, also when it fails. */
static zsc_status put_beside(zsc_embeddings *first, zsc_embeddings *other)
{
    zsc_status status = ZSC_OK;
    zsc_embeddings **grown = realloc(first->beside, (first->besides + 1) * sizeof(*grown));
    if (!grown) {
        zsc_embeddings_close(other);
        return zsc_fail_memory(first->besides + 1, sizeof(*grown), "files");
    }
    first->beside = grown;
    first->beside[first->besides++] = other;
    first->simulated = first->simulated || other->simulated;
    for (size_t i = 0; i < other->encoders; i++) ZSC_TRY(add_encoder(first, other, i));
    for (size_t i = 0; i < other->skipped.count; i++) {
        if (other->skipped_is_label[i]) continue;
        status = zsc_fail(ZSC_EINPUT, "%s", other->why_skipped.item[i]);
        ZSC_TRY(zsc_format_skip_encoder(first, other->skipped.item[i], status));
    }
    status = check_y_true(first, other);
done:
    return status;
}

/* dino_test is dino where there are other files: it is found in those of other splits under this name. */
static zsc_status drop_splits(zsc_embeddings *first)
{
    for (size_t i = 0; i < first->encoders; i++) {
        zsc_encoder *e = &first->encoder[i];
        const zsc_embeddings *file = e->file ? e->file : first;
        char *name = NULL;
        if (!file->named_by_file) continue;
        zsc_status status = zsc_file_name_model(file->path, &name);
        if (status != ZSC_OK) return status;
        free(e->name);
        e->name = name;
    }
    return ZSC_OK;
}

zsc_status zsc_embeddings_group(zsc_embeddings **file, size_t *count)
{
    zsc_status status = ZSC_OK;
    size_t groups = 0;
    bool alike = folders_are_alike(file, *count);
    for (size_t i = 0; i < *count; i++) {
        zsc_embeddings *next = file[i];
        bool same = false;
        size_t g = 0;
        for (; g < groups && status == ZSC_OK && !same; g += !same)
            status = have_same_rows(file[g], next, alike, &same);
        file[i] = NULL;
        if (status == ZSC_OK && same)
            status = put_beside(file[g], next);
        else
            file[groups++] = next;
    }
    for (size_t g = 0; g<groups && * count> 1 && status == ZSC_OK; g++) status = drop_splits(file[g]);
    *count = groups;
    return status;
}
