#include "atlas/atlas.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "atlas/atlas_head.h"
#include "atlas/atlas_page.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "experiment/rerun.h"
#include "io/file_form.h"
#include "io/files/atomic.h"

#include <fcntl.h>
#include <unistd.h>

/* --- The template of image files */
/* Adds the names in braces to LIST. */
static zsc_status template_columns(const char *image, zsc_list *list)
{
    zsc_status status = ZSC_OK;
    for (const char *open = image ? strchr(image, '{') : NULL; open; open = strchr(open + 1, '{')) {
        const char *close = strchr(open, '}');
        if (!close || close == open + 1)
            return zsc_fail(ZSC_EUSAGE, "--image '%s': expected the name of a column between { and }", image);
        char *name = zsc_strndup(open + 1, (size_t)(close - open - 1));
        if (!name) return ZSC_EINTERNAL;
        status = zsc_list_add_once(list, name, NULL);
        free(name);
        if (status != ZSC_OK) return status;
    }
    if (image && list->count == 0)
        return zsc_fail(ZSC_EUSAGE,
                        "--image '%s' is the same for all specimens: it names no column, such as "
                        "{processid}",
                        image);
    return status;
}

static bool is_column(const zsc_atlas_content *c, const char *name)
{
    if (strcmp(name, "processid") == 0 || strcmp(name, "id") == 0) return true;
    for (size_t j = 0; j < c->specimens.ranks; j++)
        if (strcmp(c->specimens.rank[j].name, name) == 0) return true;
    for (size_t j = 0; j < c->metadata.columns; j++)
        if (strcmp(c->metadata.column[j].text.name, name) == 0) return true;
    return false;
}

static zsc_status check_template(const zsc_atlas_content *c, const char *image, const zsc_list *names)
{
    zsc_text there = {0};
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < names->count && status == ZSC_OK; i++) {
        if (is_column(c, names->item[i])) continue;
        zsc_text_append(&there, "processid");
        for (size_t j = 0; j < c->specimens.ranks; j++) zsc_text_printf(&there, ", %s", c->specimens.rank[j].name);
        for (size_t j = 0; j < c->metadata.columns; j++)
            zsc_text_printf(&there, ", %s", c->metadata.column[j].text.name);
        status = zsc_fail(ZSC_EINPUT, "--image '%s': there is no column '%s'; there are %s", image, names->item[i],
                          there.data ? there.data : "");
    }
    free(there.data);
    return status;
}

/* --- Metadata */
static zsc_status read_table(const zsc_metadata_table_source *source, const zsc_atlas_options *o, const zsc_list *also,
                             const zsc_exec *exec, zsc_atlas_content *c)
{
    return zsc_metadata_table_read(source, &c->specimens, o->columns, also, exec, &c->metadata);
}

/* The metadata that the first result names, read where its run was made. Where it is not there, the page goes without,
 * unless columns of it were asked for. */
static zsc_status read_own_table(const zsc_result *r, const zsc_atlas_options *o, const zsc_list *also,
                                 const zsc_exec *exec, zsc_atlas_content *c)
{
    zsc_status status = ZSC_OK;
    zsc_rerun again = {0};
    zsc_file_form form = ZSC_FORM_NONE;
    if ((status = zsc_rerun_read(r, &again)) != ZSC_OK) return status;
    const zsc_dataset_options *d = &again.options.data;
    const zsc_metadata_table_source source = {d->metadata, &d->file_layout.table, &d->columns, d->missing_values};
    int here = open(".", O_RDONLY | O_CLOEXEC);
    if (here < 0) ZSC_TRY(zsc_fail(ZSC_EINPUT, "cannot read this folder, which zsc atlas must come back to"));
    zsc_rerun_enter(&again);
    if (source.path) status = zsc_file_form_find(source.path, &form);
    if (status == ZSC_OK && form == ZSC_FORM_TEXT) status = read_table(&source, o, also, exec, c);
    if (form == ZSC_FORM_TEXT && status == ZSC_EINPUT && o->columns->count + also->count == 0) {
        zsc_note("%s: the page has no column beside the ranks", zsc_error_message());
        zsc_error_clear();
        status = ZSC_OK;
    }
    if (form != ZSC_FORM_TEXT && status == ZSC_OK && o->columns->count)
        status = zsc_fail(ZSC_EINPUT,
                          "--columns: '%s' names no table of metadata that is still there; --metadata gives one",
                          r->path);
    if (fchdir(here) != 0 && status == ZSC_OK) status = zsc_fail(ZSC_EINPUT, "this folder is gone");
    close(here);
done:
    zsc_rerun_free(&again);
    return status;
}

/* --- What the page shows */
static zsc_status gather_result(const zsc_result *r, const zsc_atlas_options *o, const zsc_exec *exec,
                                zsc_atlas_view *v)
{
    zsc_status status = ZSC_OK;
    v->result = r;
    ZSC_TRY(zsc_plane_make(r, &o->plane, exec, &v->plane));
    ZSC_TRY(zsc_top_tree_make(r, o->clusters, exec, &v->tree));
done:
    return status;
}

static zsc_status gather(const zsc_result_list *list, const zsc_atlas_options *o, const zsc_exec *exec,
                         zsc_atlas_content *c)
{
    zsc_status status = ZSC_OK;
    zsc_list names = {0};
    const zsc_metadata_table_source given = {.path = o->metadata};
    ZSC_TRY(template_columns(o->image, &names));
    ZSC_NEW(c->view, list->count);
    c->views = list->count;
    ZSC_TRY(zsc_specimen_table_make(list, &c->specimens));
    ZSC_TRY(o->metadata ? read_table(&given, o, &names, exec, c) : read_own_table(&list->item[0], o, &names, exec, c));
    ZSC_TRY(check_template(c, o->image, &names));
    for (size_t i = 0; i < list->count; i++) ZSC_TRY(gather_result(&list->item[i], o, exec, &c->view[i]));
done:
    zsc_list_free(&names);
    return status;
}

/* What the results hold in memory, in bytes. */
static size_t held_by(const zsc_result_list *list)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list->count; i++) {
        const zsc_result *r = &list->item[i];
        size_t per_row = sizeof *r->label + r->scores * sizeof *r->taxon->code + sizeof *r->id;
        if (r->linkage_matrix) per_row += 4 * sizeof *r->linkage_matrix;
        if (r->reduced) per_row += r->reduced_dim * sizeof *r->reduced;
        if (r->curve) per_row += r->scores * sizeof **r->curve;
        bytes = zsc_memory_sum(bytes, r->rows * per_row);
    }
    return bytes;
}

static void free_content(zsc_atlas_content *c)
{
    for (size_t i = 0; i < c->views; i++) {
        zsc_plane_free(&c->view[i].plane);
        zsc_top_tree_free(&c->view[i].tree);
    }
    free(c->view);
    zsc_specimen_table_free(&c->specimens);
    zsc_metadata_table_free(&c->metadata);
}

/* --- Writing */
char *zsc_atlas_data_name(const char *output)
{
    const char *dot = strrchr(output, '.'), *slash = strrchr(output, '/');
    if (!dot || (slash && dot < slash)) dot = output + strlen(output);
    return zsc_asprintf("%.*s.bin", (int)(dot - output), output);
}

/* FNV-1a of the data, by which a page knows the file beside it. */
static uint32_t hash_of(const zsc_packed *packed)
{
    uint32_t hash = 0x811c9dc5;
    for (size_t i = 0; i < packed->size; i++) hash = (hash ^ packed->data[i]) * 0x01000193;
    return hash;
}

/* The name and the hash of the file beside the page, as members of HEAD. */
static zsc_status name_data(json_t *head, const char *beside, const zsc_packed *packed)
{
    const char *slash = strrchr(beside, '/');
    if (json_object_set_new(head, "file", json_string(slash ? slash + 1 : beside)) == 0 &&
        json_object_set_new(head, "hash", json_integer(hash_of(packed))) == 0)
        return ZSC_OK;
    return zsc_fail(ZSC_EINTERNAL, "memory ran out, or '%s' is not UTF-8", beside);
}

/* Both files are written before either takes its name, so that a full disk leaves those that were there. */
static zsc_status write_page(const zsc_atlas_options *o, json_t *head, const zsc_packed *packed, const char *output)
{
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL, *data = NULL, *whole;
    bool split = o->split_data && packed->size > ZSC_ATLAS_INLINE, written;
    char *beside = split ? zsc_atlas_data_name(output) : NULL;
    const zsc_atlas_page page = {o->title, head, split ? NULL : packed, o->image};
    if (split && !beside) return ZSC_EINTERNAL;
    if (split) {
        ZSC_TRY(name_data(head, beside, packed));
        ZSC_TRY(zsc_atomic_open(beside, &data));
        fwrite(packed->data, 1, packed->size, zsc_atomic_stream(data));
    }
    ZSC_TRY(zsc_atomic_open(output, &file));
    ZSC_TRY(zsc_atlas_page_write(zsc_atomic_stream(file), &page));
    written = fflush(zsc_atomic_stream(file)) == 0;
    if (split && written) {
        whole = data;
        data = NULL;
        ZSC_TRY(zsc_atomic_commit(whole));
    }
    whole = file;
    file = NULL;
    status = zsc_atomic_commit(whole);
done:
    zsc_atomic_abandon(file);
    zsc_atomic_abandon(data);
    free(beside);
    return status;
}

zsc_status zsc_atlas_write(const zsc_result_list *list, const zsc_styles *styles, const zsc_atlas_options *o,
                           const zsc_exec *exec, const char *output)
{
    zsc_status status = ZSC_OK;
    zsc_atlas_content c = {.title = o->title, .image = o->image};
    zsc_packed packed = {0};
    json_t *head = NULL;
    if (list->count == 0 || list->count > ZSC_ATLAS_RESULTS)
        return zsc_fail(ZSC_EINPUT, "%zu results; a page shows 1 to %d: name them one by one, or choose with --where",
                        list->count, ZSC_ATLAS_RESULTS);
    const zsc_exec held = zsc_memory_hold(exec, held_by(list));
    ZSC_TRY(gather(list, o, &held, &c));
    ZSC_TRY(zsc_atlas_head_make(&c, styles, &packed, &head));
    ZSC_TRY(write_page(o, head, &packed, output));
done:
    json_decref(head);
    zsc_packed_free(&packed);
    free_content(&c);
    return status;
}
