#include "atlas/atlas_head.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/store/result_choice.h"
#include "experiment/store/result_fields.h"
#include "experiment/store/result_parts.h"
#include "report/figures/colour.h"
#include "report/figures/series.h"
#include "zsc/zsc.h"

/* --- JSON: memory that runs out is noticed at the end, as an object that lacks a member */
static zsc_status add(json_t *object, const char *name, json_t *value)
{
    if (json_object_set_new(object, name, value) == 0) return ZSC_OK;
    return zsc_fail(ZSC_EINTERNAL, "memory ran out, or a text of the page is not UTF-8");
}

static zsc_status add_text(json_t *object, const char *name, const char *text)
{
    return add(object, name, text ? json_string(text) : NULL);
}

static zsc_status add_count(json_t *object, const char *name, size_t count)
{
    return add(object, name, json_integer((json_int_t)count));
}

/* As text: numbers of JavaScript have 53 bits. */
static zsc_status add_seed(json_t *object, uint64_t seed)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, seed);
    return add_text(object, "seed", text);
}

static json_t *real(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static zsc_status add_array(json_t *object, const char *name, const zsc_packed_array *a)
{
    return add(object, name, json_pack("[s, I, I]", a->type, (json_int_t)a->offset, (json_int_t)a->count));
}

/* *out: an object or array that belongs to LIST. */
static zsc_status append(json_t *list, json_t *value, json_t **out)
{
    *out = value;
    if (json_array_append_new(list, value) == 0) return ZSC_OK;
    return zsc_fail_memory(1, 1, "the page");
}

static zsc_status add_list(json_t *object, const char *name, json_t **out)
{
    *out = json_array();
    return add(object, name, *out);
}

/* --- Colours, as in figures */
static zsc_status add_colours(json_t *head)
{
    zsc_status status = ZSC_OK;
    json_t *list, *both;
    char text[8];
    ZSC_TRY(add_list(head, "colours", &list));
    for (size_t i = 0; i < ZSC_STYLE_COLOURS; i++) {
        ZSC_TRY(append(list, json_array(), &both));
        snprintf(text, sizeof text, "#%06lx", zsc_colour_on_dark(zsc_colour_rgb(zsc_style_colour(i))) & 0xffffff);
        if (json_array_append_new(both, json_string(zsc_style_colour(i))) != 0 ||
            json_array_append_new(both, json_string(text)) != 0)
            return zsc_fail_memory(1, 1, "the page");
    }
done:
    return status;
}

/* --- Columns */
static zsc_status add_levels(json_t *object, const zsc_column *c)
{
    json_t *list;
    zsc_status status = add_list(object, "levels", &list);
    for (size_t k = 0; k < c->levels && status == ZSC_OK; k++)
        if (json_array_append_new(list, json_string(c->level[k])) != 0)
            status = zsc_fail(ZSC_EINTERNAL, "memory ran out, or the name '%s' is not UTF-8", c->level[k]);
    return status;
}

static zsc_status add_text_column(json_t *list, const zsc_column *c, size_t n, bool is_rank, zsc_packed *packed)
{
    zsc_status status = ZSC_OK;
    zsc_packed_array codes;
    json_t *o;
    char *title = is_rank ? zsc_rank_title(c->name) : zsc_strdup(c->name);
    ZSC_TRY(append(list, json_object(), &o));
    ZSC_TRY(add_text(o, "name", c->name));
    ZSC_TRY(add_text(o, "title", title));
    ZSC_TRY(add_text(o, "kind", is_rank ? "rank" : "text"));
    ZSC_TRY(add_levels(o, c));
    ZSC_TRY(zsc_packed_codes(packed, c->code, n, c->levels, &codes));
    ZSC_TRY(add_array(o, "codes", &codes));
done:
    free(title);
    return status;
}

static zsc_status add_number_column(json_t *list, const zsc_metadata_table_column *c, size_t n, zsc_packed *packed)
{
    zsc_status status = ZSC_OK;
    zsc_packed_array values, codes;
    uint16_t *value = NULL;
    json_t *o;
    ZSC_NEW_RAW(value, n);
    const zsc_packed_scale scale = zsc_packed_numbers(c->number, n, value);
    ZSC_TRY(append(list, json_object(), &o));
    ZSC_TRY(add_text(o, "name", c->text.name));
    ZSC_TRY(add_text(o, "title", c->text.name));
    ZSC_TRY(add_text(o, "kind", "number"));
    ZSC_TRY(add(o, "low", json_real(scale.low)));
    ZSC_TRY(add(o, "step", json_real(scale.step)));
    ZSC_TRY(add_count(o, "steps", scale.steps));
    ZSC_TRY(add(o, "exact", json_boolean(scale.exact)));
    ZSC_TRY(zsc_packed_u16(packed, value, n, &values));
    ZSC_TRY(add_array(o, "values", &values));
    if (!c->text.level) goto done;
    ZSC_TRY(add_levels(o, &c->text));
    ZSC_TRY(zsc_packed_codes(packed, c->text.code, n, c->text.levels, &codes));
    ZSC_TRY(add_array(o, "codes", &codes));
done:
    free(value);
    return status;
}

static zsc_status add_columns(json_t *head, const zsc_atlas_content *c, zsc_packed *packed)
{
    zsc_status status = ZSC_OK;
    json_t *list;
    size_t n = c->specimens.id.count;
    ZSC_TRY(add_list(head, "columns", &list));
    for (size_t j = 0; j < c->specimens.ranks; j++)
        ZSC_TRY(add_text_column(list, &c->specimens.rank[j], n, true, packed));
    for (size_t j = 0; j < c->metadata.columns; j++) {
        const zsc_metadata_table_column *m = &c->metadata.column[j];
        ZSC_TRY(m->number ? add_number_column(list, m, n, packed) : add_text_column(list, &m->text, n, false, packed));
    }
done:
    return status;
}

static zsc_status add_ids(json_t *head, const zsc_specimen_table *t, zsc_packed *packed)
{
    zsc_status status = ZSC_OK;
    char **id = NULL;
    zsc_packed_array ids;
    ZSC_NEW_RAW(id, t->id.count);
    for (size_t i = 0; i < t->id.count; i++) id[i] = t->id.letters + t->id.offset[i];
    ZSC_TRY(zsc_packed_texts(packed, id, t->id.count, &ids));
    ZSC_TRY(add_array(head, "ids", &ids));
done:
    free(id);
    return status;
}

/* --- One result */
/* Coordinates in 65,535 steps, the same in both directions, in the middle of a square. */
static zsc_status add_plane(json_t *o, const zsc_plane *p, size_t n, zsc_packed *packed)
{
    enum { STEPS = UINT16_MAX };
    zsc_status status = ZSC_OK;
    zsc_packed_array xy, near;
    uint16_t *value = NULL;
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (size_t i = 0; i < 2 * n; i++) {
        low[i % 2] = fmin(low[i % 2], p->xy[i]);
        high[i % 2] = fmax(high[i % 2], p->xy[i]);
    }
    double side = fmax(high[0] - low[0], high[1] - low[1]), step = side > 0 ? side / STEPS : 1;
    for (size_t k = 0; k < 2; k++) low[k] -= (step * STEPS - (high[k] - low[k])) / 2;
    ZSC_NEW_RAW(value, 2 * n);
    for (size_t i = 0; i < 2 * n; i++)
        value[i] = (uint16_t)fmax(0, fmin(STEPS, floor((p->xy[i] - low[i % 2]) / step + 0.5)));
    ZSC_TRY(zsc_packed_u16(packed, value, 2 * n, &xy));
    ZSC_TRY(add_array(o, "xy", &xy));
    ZSC_TRY(add(o, "low", json_pack("[f, f]", low[0], low[1])));
    ZSC_TRY(add(o, "step", json_real(step)));
    ZSC_TRY(add_text(o, "layout", p->how));
    if (!p->near) goto done;
    ZSC_TRY(zsc_packed_codes(packed, p->near, n * p->neighbors, n, &near));
    ZSC_TRY(add_array(o, "nearest", &near));
    ZSC_TRY(add_count(o, "neighbors", p->neighbors));
    ZSC_TRY(add_text(o, "nearestIn", p->nearest_in));
done:
    free(value);
    return status;
}

static zsc_status add_tree(json_t *o, const zsc_top_tree *t, size_t n, zsc_packed *packed)
{
    zsc_status status = ZSC_OK;
    zsc_packed_array a;
    json_t *tree = json_object();
    ZSC_TRY(add(o, "tree", tree));
    ZSC_TRY(add_count(tree, "clusters", t->clusters));
    ZSC_TRY(zsc_packed_codes(packed, t->leaf, n, t->clusters, &a));
    ZSC_TRY(add_array(tree, "leaf", &a));
    ZSC_TRY(zsc_packed_codes(packed, t->child, 2 * (t->clusters - 1), 2 * t->clusters, &a));
    ZSC_TRY(add_array(tree, "child", &a));
    ZSC_TRY(zsc_packed_f32(packed, t->height, t->clusters - 1, &a));
    ZSC_TRY(add_array(tree, "height", &a));
    ZSC_TRY(zsc_packed_f32(packed, t->ami, t->ranks * t->clusters, &a));
    ZSC_TRY(add_array(tree, "ami", &a));
done:
    return status;
}

static zsc_status add_scores(json_t *o, const zsc_result *r)
{
    zsc_status status = ZSC_OK;
    json_t *list, *s;
    ZSC_TRY(add_list(o, "scores", &list));
    for (size_t j = 0; j < r->scores; j++) {
        const zsc_rank_scores *from = &r->score[j];
        char *title = zsc_rank_title(from->rank);
        status = append(list, json_object(), &s);
        if (status == ZSC_OK) status = add_text(s, "rank", from->rank);
        if (status == ZSC_OK) status = add_text(s, "title", title);
        free(title);
        ZSC_TRY(status);
        ZSC_TRY(add_count(s, "classes", from->scores.classes));
        ZSC_TRY(add_count(s, "k", from->k));
        ZSC_TRY(add(s, "ami", real(from->scores.ami[ZSC_ARITHMETIC])));
    }
done:
    return status;
}

/* The label of result I, with its seed where another has the same one; the caller's. */
static char *title_of(const zsc_atlas_content *c, size_t i, const zsc_styles *styles)
{
    char *own = zsc_result_label(c->view[i].result, styles);
    bool shared = false;
    for (size_t j = 0; own && j < c->views; j++) {
        char *other = j == i ? NULL : zsc_result_label(c->view[j].result, styles);
        shared |= other && strcmp(own, other) == 0;
        free(other);
    }
    char *title = own && shared ? zsc_asprintf("%s, seed %" PRIu64 ", key %.8s", own, c->view[i].result->seed,
                                               c->view[i].result->key)
                                : NULL;
    if (!own || !shared) return own;
    free(own);
    return title;
}

static zsc_status add_rows(json_t *o, const zsc_atlas_content *c, size_t i, zsc_packed *packed)
{
    zsc_packed_array rows;
    if (!c->specimens.specimen[i]) return ZSC_OK;
    zsc_status status = zsc_packed_codes(packed, c->specimens.specimen[i], c->view[i].result->rows,
                                         c->specimens.id.count, &rows);
    return status == ZSC_OK ? add_array(o, "specimens", &rows) : status;
}

static zsc_status add_view(json_t *list, const zsc_atlas_content *c, size_t i, const zsc_styles *styles,
                           zsc_packed *packed)
{
    zsc_status status = ZSC_OK;
    const zsc_atlas_view *v = &c->view[i];
    const zsc_result *r = v->result;
    zsc_text settings = {0};
    zsc_packed_array clusters;
    char *title = title_of(c, i, styles);
    json_t *o;
    zsc_text_append(&settings, "");
    ZSC_TRY(append(list, json_object(), &o));
    ZSC_TRY(add_text(o, "title", title));
    ZSC_TRY(zsc_result_settings_text(r, &settings));
    ZSC_TRY(add_text(o, "settings", settings.data));
    ZSC_TRY(add_text(o, "key", r->key));
    ZSC_TRY(add_text(o, "clusterer", zsc_result_clusterer(r)->title));
    ZSC_TRY(add_text(o, "linkage", r->linkage));
    ZSC_TRY(add_seed(o, r->seed));
    ZSC_TRY(add_count(o, "rows", r->rows));
    ZSC_TRY(add_count(o, "k", r->clusters));
    ZSC_TRY(add_text(o, "missing", zsc_result_missing(r) == ZSC_MISSING_CLASS ? "class" : "drop"));
    ZSC_TRY(add_scores(o, r));
    ZSC_TRY(add_rows(o, c, i, packed));
    ZSC_TRY(add_plane(o, &v->plane, r->rows, packed));
    ZSC_TRY(zsc_packed_codes(packed, r->label, r->rows, r->clusters, &clusters));
    ZSC_TRY(add_array(o, "clusters", &clusters));
    if (v->tree.clusters) ZSC_TRY(add_tree(o, &v->tree, r->rows, packed));
done:
    free(title);
    free(settings.data);
    return status;
}

/* --- The whole */
zsc_status zsc_atlas_head_make(const zsc_atlas_content *c, const zsc_styles *styles, zsc_packed *packed, json_t **out)
{
    zsc_status status = ZSC_OK;
    json_t *head = json_object(), *views;
    bool simulated = false;
    for (size_t i = 0; i < c->views; i++) simulated |= c->view[i].result->simulated;
    ZSC_TRY(add_text(head, "zsc", zsc_version()));
    ZSC_TRY(add_text(head, "title", c->title));
    ZSC_TRY(add(head, "simulated", json_boolean(simulated)));
    ZSC_TRY(add_count(head, "rows", c->specimens.id.count));
    ZSC_TRY(add_text(head, "rank", zsc_result_coloured_rank(c->view[0].result)));
    if (c->image) ZSC_TRY(add_text(head, "image", c->image));
    ZSC_TRY(add_colours(head));
    ZSC_TRY(add_list(head, "results", &views));
    for (size_t i = 0; i < c->views; i++) ZSC_TRY(add_view(views, c, i, styles, packed));
    ZSC_TRY(add_columns(head, c, packed));
    ZSC_TRY(add_ids(head, &c->specimens, packed));
    ZSC_TRY(add_count(head, "bytes", packed->size));
    *out = head;
    head = NULL;
done:
    json_decref(head);
    return status;
}
