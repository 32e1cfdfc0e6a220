#include "io/labels/label_objects.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

enum { DEEPEST = 8, MOST_LINKS = 10000 }; /* groups may lead back to themselves */

typedef struct listing {
    zsc_h5 *file;
    zsc_list *out;
    size_t links;
} listing;

static zsc_status list_group(listing *l, const char *group, const char *prefix, int depth);

/* OBJECT, which is NAME among the labels: a dataset, or a group with others. What cannot be looked at is a name too:
 * whoever reads it says why. */
static zsc_status list_object(listing *l, const char *object, const char *name, int depth)
{
    zsc_h5_info info;
    zsc_status status = zsc_h5_stat(l->file, object, &info);
    bool group = status == ZSC_OK && info.is_group && !info.elsewhere && depth < DEEPEST;
    if (status == ZSC_EINPUT) zsc_error_clear();
    if (status != ZSC_OK && status != ZSC_EINPUT) return status;
    if (!group) return zsc_list_add(l->out, name);
    char *prefix = zsc_asprintf("%s/", name);
    status = prefix ? list_group(l, object, prefix, depth + 1) : ZSC_EINTERNAL;
    free(prefix);
    return status;
}

static zsc_status list_group(listing *l, const char *group, const char *prefix, int depth)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    char *object = NULL, *name = NULL;
    ZSC_TRY(zsc_h5_children(l->file, group, &names));
    for (size_t i = 0; i < names.count && l->links++ < MOST_LINKS; i++) {
        free(object);
        free(name);
        object = zsc_asprintf("%s/%s", group, names.item[i]);
        name = zsc_asprintf("%s%s", prefix, names.item[i]);
        if (!object || !name) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        ZSC_TRY(list_object(l, object, name, depth));
    }
done:
    free(object);
    free(name);
    zsc_list_free(&names);
    return status;
}

zsc_status zsc_label_objects(zsc_h5 *file, const char *group, zsc_list *out)
{
    listing l = {.file = file, .out = out};
    return list_group(&l, group, "", 0);
}

/* Whether each part of NAME between slashes is a name. */
static bool has_parts(const char *name)
{
    for (const char *p = name;; p++) {
        size_t length = strcspn(p, "/");
        if (length == 0 || (length == 1 && *p == '.')) return false;
        p += length;
        if (!*p) return true;
    }
}

zsc_status zsc_label_names_check(const char *path, const zsc_list *names)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->item[i];
        size_t length = strlen(name);
        if (!has_parts(name))
            return zsc_fail(ZSC_EINPUT,
                            "'%s': an HDF5 file cannot hold labels that are called '%s'; --column NAME=COLUMN reads "
                            "the column under another name, --ranks leaves it out",
                            path, name);
        for (size_t k = 0; k < names->count; k++)
            if (strncmp(names->item[k], name, length) == 0 && names->item[k][length] == '/')
                return zsc_fail(ZSC_EINPUT,
                                "'%s': an HDF5 file cannot hold labels that are called '%s' beside '%s', which would "
                                "lie in them; --column NAME=COLUMN reads one under another name",
                                path, name, names->item[k]);
    }
    return ZSC_OK;
}
