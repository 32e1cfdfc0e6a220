/* What a file holds. Everything is counted in one pass in pieces (census.h, study.h). */
#include "data/info.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/threads.h"
#include "data/census.h"
#include "data/load.h"
#include "data/study.h"
#include "io/formats/h5_paths.h"
#include "io/metadata.h"

enum { PIECE = 1 << 16 };

zsc_status zsc_info_problem(zsc_info *info, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return zsc_list_add(&info->problem, text);
}

/* --- Embeddings files */
static zsc_status count_texts(zsc_census *c, zsc_embeddings *v, const char *column, size_t position)
{
    zsc_status status = ZSC_OK;
    char **text = NULL;
    for (size_t first = 0; first < v->n; first += PIECE) {
        size_t count = v->n - first < PIECE ? v->n - first : PIECE;
        free(text);
        text = NULL;
        ZSC_TRY(zsc_embeddings_text(v, column, first, count, &text));
        for (size_t i = 0; i < count; i++) {
            size_t length = strlen(text[i]);
            if (position == SIZE_MAX)
                ZSC_TRY(zsc_census_barcode(c, text[i], zsc_embeddings_missing(v, text[i]) ? 0 : length));
            else
                ZSC_TRY(zsc_census_name(&c->tally[position], text[i], length, zsc_embeddings_missing(v, text[i])));
        }
    }
done:
    free(text);
    return status;
}

static zsc_status info_columns(zsc_embeddings *v, zsc_census *c)
{
    zsc_status status = ZSC_OK;
    char **id = NULL;
    size_t position = 1;
    ZSC_NEW(c->tally, v->ranks.count + 1);
    c->tallies = v->ranks.count + 1;
    if (v->n) ZSC_TRY(zsc_embeddings_ids(v, &id));
    for (size_t i = 0; i < v->n; i++) ZSC_TRY(zsc_census_id(c, id[i], strlen(id[i]), i + 1));
    for (size_t k = 0; k < zsc_rank_count; k++) /* coarse to fine, then what is not one of BIOSCAN's */
        if (zsc_list_has(&v->ranks, zsc_rank_names[k])) c->tally[position++].name = zsc_rank_names[k];
    for (size_t k = 0; k < v->ranks.count; k++) {
        bool known = false;
        for (size_t i = 1; i < position; i++) known = known || strcmp(c->tally[i].name, v->ranks.item[k]) == 0;
        if (!known) c->tally[position++].name = v->ranks.item[k];
    }
    for (size_t i = 1; i < c->tallies; i++) ZSC_TRY(count_texts(c, v, c->tally[i].name, i));
    if ((c->split_known = zsc_embeddings_has_text(v, "split"))) ZSC_TRY(count_texts(c, v, "split", 0));
    if ((c->info->barcodes = zsc_embeddings_has_text(v, "dna_barcode")))
        ZSC_TRY(count_texts(c, v, "dna_barcode", SIZE_MAX));
done:
    free(id);
    return status;
}

static zsc_status judge_encoder(zsc_info *info, const info_encoder *e)
{
    zsc_status status = ZSC_OK;
    if (e->n != info->rows)
        ZSC_TRY(zsc_info_problem(info, "%s has %zu rows, and there are %zu ids", e->name, e->n, info->rows));
    if (e->d == 0) ZSC_TRY(zsc_info_problem(info, "%s has no columns", e->name));
    if (e->nan_rows) ZSC_TRY(zsc_info_problem(info, "%s: %zu rows hold NaN", e->name, e->nan_rows));
    if (e->infinite_rows) ZSC_TRY(zsc_info_problem(info, "%s: %zu rows hold infinity", e->name, e->infinite_rows));
done:
    return status;
}

static zsc_status info_vectors(zsc_embeddings *v, const zsc_exec *exec, zsc_info *info)
{
    zsc_status status = ZSC_OK;
    zsc_census c = {.info = info, .exec = exec};
    ZSC_TRY(zsc_copy_text(v->format->name, &info->layout));
    ZSC_TRY(zsc_copy_text(v->format->description, &info->description));
    info->rows = v->n;
    info->simulated = v->simulated;
    info->parts = v->listed.part;
    info->left_out = v->listed.left_out;
    v->listed = (zsc_embeddings_parts){0}; /* the info's now */
    ZSC_NEW(info->encoder, v->encoders);
    for (size_t i = 0; i < v->encoders; i++) {
        info_encoder *e = &info->encoder[info->encoders++];
        e->n = v->encoder[i].n;
        e->d = v->encoder[i].d;
        ZSC_TRY(zsc_copy_text(v->encoder[i].name, &e->name));
        ZSC_TRY(zsc_copy_text(v->encoder[i].type, &e->type));
        ZSC_TRY(zsc_copy_text(v->encoder[i].modality, &e->modality));
        ZSC_TRY(zsc_copy_text(v->encoder[i].label, &e->label));
        e->norm_least = e->norm_mean = e->norm_sd = e->norm_most = NAN;
        if (v->parts && zsc_embeddings_check_rows(v, &v->encoder[i]) != ZSC_OK) { /* its rows are those of no ids */
            ZSC_TRY(zsc_info_problem(info, "%s", zsc_error_message()));
            continue;
        }
        ZSC_TRY(zsc_study_encoder(v, &v->encoder[i], exec, e));
        ZSC_TRY(judge_encoder(info, e));
    }
    if (v->encoders == 0) ZSC_TRY(zsc_info_problem(info, "there is no encoder"));
    ZSC_TRY(info_columns(v, &c));
    ZSC_TRY(zsc_census_end(&c));
done:
    zsc_census_free(&c);
    return status;
}

/* --- Metadata */
enum { CSV_ID, CSV_BARCODE, CSV_SPLIT, CSV_RANKS };

static zsc_status count_row(void *data, const zsc_csv_row *row)
{
    enum { OFTEN = 0xffff };
    zsc_census *c = data;
    zsc_status status = ZSC_OK;
    if ((row->row & OFTEN) == 0 && !zsc_progress(c->exec, "metadata", (double)row->row, 0))
        return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
    c->info->rows = row->row;
    ZSC_TRY(zsc_census_id(c, row->field[CSV_ID], row->length[CSV_ID], row->row));
    const char *barcode = row->field[CSV_BARCODE];
    if (c->info->barcodes)
        ZSC_TRY(zsc_census_barcode(c, barcode, zsc_text_missing(barcode) ? 0 : row->length[CSV_BARCODE]));
    for (size_t i = 0; i < c->tallies; i++) {
        const char *text = row->field[CSV_SPLIT + i];
        ZSC_TRY(zsc_census_name(&c->tally[i], text, row->length[CSV_SPLIT + i], zsc_text_missing(text)));
    }
done:
    return status;
}

/* The columns that metadata may have, under zsc's names: id, barcode and split as counted above, ranks, the user's own.
 */
static zsc_status list_columns(const zsc_columns *columns, zsc_list *names)
{
    static const char *const first[] = {[CSV_ID] = "processid", [CSV_BARCODE] = "dna_barcode", [CSV_SPLIT] = "split"};
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < CSV_RANKS; i++) ZSC_TRY(zsc_list_add(names, first[i]));
    for (size_t i = 0; i < zsc_rank_count; i++) ZSC_TRY(zsc_list_add(names, zsc_rank_names[i]));
    ZSC_TRY(zsc_columns_own(columns, names));
done:
    return status;
}

/* The header's name of a column; NULL: it has none. */
static const char *find_column(const zsc_csv_column *column, const zsc_list *header)
{
    for (const char *const *name = column->names; *name; name++)
        if (zsc_list_has(header, *name)) return *name;
    return NULL;
}

static zsc_status list_others(const zsc_csv_column *column, size_t count, const zsc_list *header, zsc_info *info)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < header->count; i++) {
        bool used = false;
        for (size_t k = 0; k < count && !used; k++) {
            const char *name = find_column(&column[k], header);
            used = name && strcmp(name, header->item[i]) == 0;
        }
        if (!used) ZSC_TRY(zsc_list_add(&info->other, header->item[i]));
    }
done:
    return status;
}

static zsc_status info_metadata(zsc_info *info, const zsc_columns *columns, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    zsc_census c = {.info = info, .exec = exec};
    zsc_list header = {0}, name = {0};
    const char *(*names)[ZSC_COLUMN_NAMES] = NULL;
    zsc_csv_column *column = NULL;
    bool *present = NULL;
    size_t kept = CSV_RANKS;
    ZSC_TRY(zsc_copy_text("metadata", &info->layout));
    ZSC_TRY(zsc_copy_text("metadata of specimens (CSV or TSV)", &info->description));
    ZSC_TRY(zsc_columns_check(columns, info->path));
    ZSC_TRY(zsc_csv_header(info->path, &header));
    ZSC_TRY(list_columns(columns, &name));
    ZSC_NEW(names, name.count);
    ZSC_NEW(column, name.count);
    ZSC_NEW(present, name.count);
    ZSC_NEW(c.tally, name.count);
    for (size_t i = 0; i < name.count; i++)
        column[i] = zsc_metadata_column(columns, name.item[i], i == CSV_ID, names[i]);
    ZSC_TRY(list_others(column, name.count, &header, info));
    for (size_t i = CSV_RANKS; i < name.count; i++) { /* those that are there, or must be */
        if (!column[i].required && !find_column(&column[i], &header)) continue;
        c.tally[kept - CSV_SPLIT].name = name.item[i];
        column[kept++] = column[i];
    }
    c.tallies = kept - CSV_SPLIT;
    c.split_known = find_column(&column[CSV_SPLIT], &header) != NULL;
    info->barcodes = find_column(&column[CSV_BARCODE], &header) != NULL;
    ZSC_TRY(zsc_csv_read(info->path, column, kept, present, count_row, &c));
    ZSC_TRY(zsc_census_end(&c));
done:
    zsc_census_free(&c);
    zsc_list_free(&header);
    zsc_list_free(&name);
    free(names);
    free(column);
    free(present);
    return status;
}

/* --- Other HDF5 files: what there is, for --h5-embedding and its like */
static zsc_status add_object(zsc_info *info, const char *path, const zsc_h5_info *object)
{
    zsc_status status = ZSC_OK;
    zsc_text shape = {0};
    info_object *grown = realloc(info->object, (info->objects + 1) * sizeof *grown);
    if (!grown) return zsc_fail_memory(info->objects + 1, sizeof *grown, "objects");
    info->object = grown;
    info_object *o = &info->object[info->objects++];
    *o = (info_object){0};
    for (int i = 0; i < object->rank; i++) zsc_text_printf(&shape, "%s%zu", i ? " x " : "", object->shape[i]);
    if (shape.failed) ZSC_TRY(zsc_fail_memory(1, 1, "the shape of an object"));
    ZSC_TRY(zsc_copy_text(path, &o->path));
    ZSC_TRY(zsc_copy_text(object->type_name, &o->type));
    ZSC_TRY(zsc_copy_text(shape.data ? shape.data : "1", &o->shape));
done:
    free(shape.data);
    return status;
}

/* Links may lead to groups that are open already, so that there are names without end: each group is entered once, and
 * none of another file. */
typedef struct object_list {
    zsc_info *info;
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
    return add_object(l->info, path, object);
}

static zsc_status list_objects(object_list *l, const char *group, int depth)
{
    zsc_status status = ZSC_OK;
    zsc_info *info = l->info;
    zsc_h5 *file = l->file;
    zsc_list names = {0};
    char *path = NULL;
    zsc_h5_info object;
    ZSC_TRY(zsc_h5_children(file, group, &names));
    for (size_t i = 0; i < names.count; i++) {
        if (info->objects == MOST_OBJECTS || l->links++ == MOST_LINKS) {
            l->cut = true;
            break;
        }
        free(path);
        if (!(path = zsc_asprintf("%s/%s", strcmp(group, "/") == 0 ? "" : group, names.item[i]))) {
            status = ZSC_EINTERNAL;
            goto done;
        }
        if ((status = zsc_h5_stat(file, path, &object)) != ZSC_OK) {
            if (status != ZSC_EINPUT) goto done;
            ZSC_TRY(zsc_info_problem(info, "%s", zsc_error_message()));
            info->unreadable++;
            continue;
        }
        ZSC_TRY(list_object(l, path, &object, depth));
    }
done:
    free(path);
    zsc_list_free(&names);
    return status;
}

static zsc_status info_objects(zsc_info *info)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    int64_t result = 0;
    zsc_h5_info root;
    object_list l = {.info = info};
    bool inside;
    ZSC_TRY(zsc_h5_open(info->path, &file));
    l.file = file;
    ZSC_TRY(zsc_h5_get_int(file, "/", "zsc_result", 0, &result));
    ZSC_TRY(zsc_copy_text(result ? "result" : "HDF5", &info->layout));
    ZSC_TRY(zsc_copy_text(result ? "result of zsc run" : "HDF5 in no layout of embeddings that zsc knows",
                          &info->description));
    ZSC_TRY(zsc_h5_stat(file, "/", &root));
    ZSC_TRY(enter(&l, &root, &inside));
    ZSC_TRY(list_objects(&l, "/", 0));
    if (l.cut)
        ZSC_TRY(zsc_info_problem(info, "not all is listed: at most %d objects, %d links, and groups %d levels deep",
                                 (int)MOST_OBJECTS, (int)MOST_LINKS, (int)DEEPEST));
done:
    free(l.entered);
    zsc_h5_close(file);
    return status;
}

/* --- All */
/* What the user says about a file that is of another kind must not go unheard. */
static zsc_status check_kind(const char *path, zsc_embeddings_class class, const zsc_h5_paths *h5_paths,
                             const zsc_columns *columns)
{
    if (class != ZSC_CLASS_OTHER && columns->count)
        return zsc_fail(ZSC_EUSAGE, "columns have names in metadata, and '%s' is none", path);
    if (class == ZSC_CLASS_OTHER && h5_paths->embedding)
        return zsc_fail(ZSC_EUSAGE, "%s is looked for in HDF5 files, and '%s' is none", h5_paths->embedding, path);
    return ZSC_OK;
}

zsc_status zsc_info_read(const char *path, const zsc_h5_paths *h5_paths, const zsc_columns *columns,
                         const zsc_exec *exec, zsc_info *out)
{
    zsc_status status = ZSC_OK;
    zsc_info info = {0};
    zsc_embeddings *v = NULL;
    zsc_embeddings_class class = ZSC_CLASS_OTHER;
    ZSC_TRY(zsc_copy_text(path, &info.path));
    ZSC_TRY(zsc_embeddings_recognise(path, h5_paths, &class));
    ZSC_TRY(check_kind(path, class, h5_paths, columns));
    if (class == ZSC_CLASS_EMBEDDINGS || (class == ZSC_CLASS_HDF5 && h5_paths->embedding)) {
        ZSC_TRY(zsc_embeddings_open(path, h5_paths, &v)); /* says what is missing where a path leads nowhere */
        ZSC_TRY(zsc_h5_paths_check_used(&v, 1, h5_paths));
        ZSC_TRY(info_vectors(v, exec, &info));
    } else {
        ZSC_TRY(class == ZSC_CLASS_HDF5 ? info_objects(&info) : info_metadata(&info, columns, exec));
    }
    *out = info;
    info = (zsc_info){0};
done:
    zsc_embeddings_close(v);
    zsc_info_free(&info);
    return status;
}

void zsc_info_free(zsc_info *info)
{
    for (size_t i = 0; i < info->encoders; i++) {
        info_encoder *e = &info->encoder[i];
        free(e->name), free(e->type), free(e->modality), free(e->label);
    }
    for (size_t i = 0; i < info->ranks; i++) free(info->rank[i].name), free(info->rank[i].largest_name);
    for (size_t i = 0; i < info->splits; i++) free(info->split[i].name);
    for (size_t i = 0; i < info->objects; i++)
        free(info->object[i].path), free(info->object[i].type), free(info->object[i].shape);
    free(info->path), free(info->layout), free(info->description);
    free(info->encoder), free(info->rank), free(info->split), free(info->object);
    zsc_list_free(&info->other);
    zsc_list_free(&info->parts);
    zsc_list_free(&info->left_out);
    zsc_list_free(&info->problem);
    *info = (zsc_info){0};
}
