/* Links may lead to groups that are open already, so that there are names without end: each group is entered once, and
 * none of another file. */
#include "inspect/h5_contents.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "inspect/problems.h"

static zsc_status add_object(zsc_h5_contents *out, const char *path, const zsc_h5_info *object)
{
    zsc_status status = ZSC_OK;
    zsc_text shape = {0};
    zsc_listed_object *grown = realloc(out->object, (out->objects + 1) * sizeof *grown);
    if (!grown) return zsc_fail_memory(out->objects + 1, sizeof *grown, "objects");
    out->object = grown;
    zsc_listed_object *o = &out->object[out->objects++];
    *o = (zsc_listed_object){0};
    for (int i = 0; i < object->rank; i++) zsc_text_printf(&shape, "%s%zu", i ? " x " : "", object->shape[i]);
    if (shape.failed) ZSC_TRY(zsc_fail_memory(1, 1, "the shape of an object"));
    ZSC_TRY(zsc_copy_text(path, &o->path));
    ZSC_TRY(zsc_copy_text(object->type_name, &o->type));
    ZSC_TRY(zsc_copy_text(shape.data ? shape.data : "1", &o->shape));
done:
    free(shape.data);
    return status;
}

typedef struct object_list {
    zsc_h5_contents *out;
    zsc_list *problems;
    zsc_h5 *file;
    uint64_t *entered; /* addresses of groups */
    size_t groups, capacity, links;
    bool cut; /* something was left out */
} object_list;
enum { DEEPEST = 8, MOST_OBJECTS = 1000, MOST_LINKS = 10000 };

/* Whether the group is to be entered, which happens once. */
static zsc_status enter(object_list *l, const zsc_h5_info *group, bool *out)
{
    *out = !group->elsewhere;
    for (size_t i = 0; i < l->groups && *out; i++) *out = l->entered[i] != group->address;
    if (!*out) return ZSC_OK;
    zsc_status status = zsc_grow(&l->entered, &l->capacity, l->groups + 1, sizeof *l->entered, "groups");
    if (status == ZSC_OK) l->entered[l->groups++] = group->address;
    return status;
}

static zsc_status list_objects(object_list *l, const char *group, int depth);

static zsc_status list_object(object_list *l, const char *path, zsc_h5_info *object, int depth)
{
    bool inside = false;
    if (object->is_group && depth < DEEPEST) {
        zsc_status status = enter(l, object, &inside);
        if (status != ZSC_OK || inside) return status == ZSC_OK ? list_objects(l, path, depth + 1) : status;
    }
    if (object->is_group) {
        bool deep = depth == DEEPEST;
        l->cut = l->cut || deep;
        snprintf(object->type_name, sizeof object->type_name, "%s",
                 object->elsewhere ? "group of another file"
                 : deep            ? "group, not entered"
                                   : "group, linked again");
    }
    return add_object(l->out, path, object);
}

static zsc_status list_objects(object_list *l, const char *group, int depth)
{
    zsc_status status = ZSC_OK;
    zsc_h5_contents *out = l->out;
    zsc_h5 *file = l->file;
    zsc_list names = {0};
    char *path = NULL;
    zsc_h5_info object;
    ZSC_TRY(zsc_h5_children(file, group, &names));
    for (size_t i = 0; i < names.count; i++) {
        if (out->objects == MOST_OBJECTS || l->links++ == MOST_LINKS) {
            l->cut = true;
            break;
        }
        if (!zsc_utf8_valid(names.item[i], strlen(names.item[i]))) {
            status = zsc_fail(ZSC_EINPUT, "'%s': the name of '%s' in group %s is not UTF-8; rename it in the file",
                              zsc_h5_path(file), names.item[i], group);
            goto done;
        }
        free(path);
        if (!(path = zsc_asprintf("%s/%s", strcmp(group, "/") == 0 ? "" : group, names.item[i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        if ((status = zsc_h5_stat(file, path, &object)) != ZSC_OK) {
            if (status != ZSC_EINPUT) goto done;
            ZSC_TRY(zsc_problems_add(l->problems, "%s", zsc_error_message()));
            out->unreadable++;
            continue;
        }
        ZSC_TRY(list_object(l, path, &object, depth));
    }
done:
    free(path);
    zsc_list_free(&names);
    return status;
}

zsc_status zsc_h5_contents_read(zsc_h5 *file, zsc_list *problems, zsc_h5_contents *out)
{
    zsc_status status = ZSC_OK;
    zsc_h5_info root;
    object_list l = {.out = out, .problems = problems, .file = file};
    bool inside;
    ZSC_TRY(zsc_h5_stat(file, "/", &root));
    ZSC_TRY(enter(&l, &root, &inside));
    ZSC_TRY(list_objects(&l, "/", 0));
    if (l.cut)
        ZSC_TRY(zsc_problems_add(problems, "not all is listed: at most %d objects, %d links, and groups %d levels deep",
                                 (int)MOST_OBJECTS, (int)MOST_LINKS, (int)DEEPEST));
done:
    free(l.entered);
    return status;
}

void zsc_h5_contents_free(zsc_h5_contents *contents)
{
    for (size_t i = 0; i < contents->objects; i++)
        free(contents->object[i].path), free(contents->object[i].type), free(contents->object[i].shape);
    free(contents->object);
    *contents = (zsc_h5_contents){0};
}
