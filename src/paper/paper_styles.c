#include "paper/paper_styles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/text/csv.h"
#include "report/figures/colour.h"
#include "report/figures/styles.h"

enum { LIGHTER_IN_PERCENT = 35 }; /* towards white, as the built-in shades */

/* --- Rows of CSV in memory */
typedef struct table {
    char *text;
    size_t size;
    FILE *out;
} table;

static zsc_status table_begin(table *t, const char *header)
{
    *t = (table){0};
    if (!(t->out = open_memstream(&t->text, &t->size))) return zsc_fail_memory(1, 1, "a file of styles");
    fprintf(t->out, "%s\n", header);
    return ZSC_OK;
}

static void table_row(table *t, const char *const *field, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i) putc(',', t->out);
        zsc_csv_write_field(t->out, field[i] ? field[i] : "");
    }
    putc('\n', t->out);
}

static zsc_status table_end(table *t, char **out)
{
    bool failed = ferror(t->out);
    if (fclose(t->out) != 0 || failed) {
        free(t->text);
        return zsc_fail_memory(1, 1, "a file of styles");
    }
    *out = t->text;
    return ZSC_OK;
}

/* --- Looks of encoders that have no built-in style */
/* How many different values stand before the first that is VALUE. */
static size_t place_of(const zsc_paper_config *c, size_t offset, const char *modality, const char *value)
{
    size_t place = 0;
    for (size_t i = 0; i < c->encoders; i++) {
        const char *own = *(char *const *)(const void *)((const char *)&c->encoder[i] + offset);
        if (strcmp(c->encoder[i].modality, modality) != 0 || !own) continue;
        if (strcmp(own, value) == 0) return place;
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++) {
            const char *other = *(char *const *)(const void *)((const char *)&c->encoder[k] + offset);
            seen = strcmp(c->encoder[k].modality, modality) == 0 && other && strcmp(other, own) == 0;
        }
        place += !seen;
    }
    return place;
}

static void lighten(const char *colour, char out[8])
{
    unsigned rgb = zsc_colour_rgb(colour), light = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
        unsigned part = rgb >> shift & 255;
        light |= (part + (255 - part) * LIGHTER_IN_PERCENT / 100) << shift;
    }
    snprintf(out, 8, "#%06X", light);
}

/* Whether each part of two colours differs by rounding at most. */
static bool are_near(const char *a, const char *b)
{
    long x = zsc_colour_rgb(a), y = zsc_colour_rgb(b);
    for (int shift = 16; shift >= 0; shift -= 8)
        if (labs((x >> shift & 255) - (y >> shift & 255)) > 1) return false;
    return true;
}

/* The built-in look of an encoder of the modality; NULL: it has none. */
static const zsc_style *look_of(const zsc_styles *built_in, const zsc_paper_encoder *e, const char *modality)
{
    if (!e->source.encoder || strcmp(e->modality, modality) != 0) return NULL;
    return zsc_styles_find(built_in, e->source.encoder);
}

/* The colours that built-in looks of the modality's encoders have, in any shade. */
static void find_taken(const zsc_paper_config *c, const zsc_styles *built_in, const char *modality, bool *taken)
{
    for (size_t i = 0; i < c->encoders; i++) {
        const zsc_style *style = look_of(built_in, &c->encoder[i], modality);
        for (size_t k = 0; style && k < ZSC_STYLE_COLOURS; k++) {
            char light[8];
            lighten(zsc_style_colour(k), light);
            taken[k] = taken[k] || strcmp(style->colour, zsc_style_colour(k)) == 0 || are_near(style->colour, light);
        }
    }
}

/* How many other pretrainings of encoders without a built-in look stand before that of E in its modality. */
static size_t place_of_new(const zsc_paper_config *c, const zsc_styles *built_in, const zsc_paper_encoder *e)
{
    size_t place = 0;
    for (size_t i = 0; i < c->encoders; i++) {
        const zsc_paper_encoder *other = &c->encoder[i];
        if (!other->pretraining || strcmp(other->modality, e->modality) != 0) continue;
        if (look_of(built_in, other, e->modality)) continue;
        if (strcmp(other->pretraining, e->pretraining) == 0) return place;
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++) {
            const zsc_paper_encoder *before = &c->encoder[k];
            seen = before->pretraining && strcmp(before->modality, e->modality) == 0 &&
                   !look_of(built_in, before, e->modality) && strcmp(before->pretraining, other->pretraining) == 0;
        }
        place += !seen;
    }
    return place;
}

/* The last built-in look of the modality with that text; NULL: there is none. */
static const zsc_style *built_in_with(const zsc_styles *built_in, const char *modality, size_t offset, const char *text)
{
    for (size_t i = built_in->count; i-- > 0;) {
        const zsc_style *s = &built_in->item[i];
        const char *own = *(char *const *)(const void *)((const char *)s + offset);
        if (strcmp(s->modality, modality) == 0 && strcmp(own, text) == 0) return s;
    }
    return NULL;
}

/* The colour of a pretraining: that of encoders with a built-in look; or of the seven, one that no built-in look of the
 * modality's encoders has; grey for the first that finds none, and for others NULL, any that is free. */
static const char *hue_of(const zsc_paper_config *c, const zsc_styles *built_in, const zsc_paper_encoder *e)
{
    const zsc_style *same = built_in_with(built_in, e->modality, offsetof(zsc_style, method), e->pretraining);
    size_t place = place_of_new(c, built_in, e), free_colours = 0;
    if (same) return same->colour;
    bool taken[ZSC_STYLE_COLOURS] = {false};
    find_taken(c, built_in, e->modality, taken);
    for (size_t k = 0; k < ZSC_STYLE_COLOURS; k++)
        if (!taken[k] && free_colours++ == place) return zsc_style_colour(k);
    return place == free_colours ? "#7F7F7F" : NULL;
}

static size_t architectures_of(const zsc_paper_config *c, const char *modality)
{
    return place_of(c, offsetof(zsc_paper_encoder, architecture), modality, "");
}

/* Colour by pretraining, marker by architecture; of several architectures every other one is lighter, the first too. */
static void choose_look(const zsc_paper_config *c, const zsc_styles *built_in, const zsc_paper_encoder *e,
                        char colour[8], char marker[8])
{
    *colour = *marker = '\0';
    const char *hue = e->pretraining ? hue_of(c, built_in, e) : NULL;
    if (hue) {
        size_t architecture = e->architecture
                                  ? place_of(c, offsetof(zsc_paper_encoder, architecture), e->modality, e->architecture)
                                  : 1;
        if (architecture % 2 == 1 || architectures_of(c, e->modality) < 2)
            snprintf(colour, 8, "%s", hue);
        else
            lighten(hue, colour);
    }
    if (!e->architecture) return;
    const zsc_style *same = built_in_with(built_in, e->modality, offsetof(zsc_style, architecture), e->architecture);
    size_t place = place_of(c, offsetof(zsc_paper_encoder, architecture), e->modality, e->architecture);
    snprintf(marker, 8, "%d", same ? same->marker : zsc_style_marker(place));
}

static zsc_status write_encoders(const zsc_paper_config *c, char **out)
{
    zsc_status status = ZSC_OK;
    zsc_styles built_in = {0};
    table t;
    ZSC_TRY(zsc_styles_load(NULL, &built_in));
    ZSC_TRY(table_begin(&t, "encoder,label,modality,architecture,method,colour,marker,line,order"));
    for (size_t i = 0; i < c->encoders; i++) {
        const zsc_paper_encoder *e = &c->encoder[i];
        char colour[8] = "", marker[8] = "", order[24];
        if (!e->source.encoder) continue;
        if (!zsc_styles_find(&built_in, e->source.encoder)) choose_look(c, &built_in, e, colour, marker);
        snprintf(order, sizeof order, "%zu", i + 1);
        const char *const field[] = {
            e->source.encoder, e->label, e->modality, e->architecture, e->pretraining, colour, marker, "", order};
        table_row(&t, field, sizeof field / sizeof *field);
    }
    status = table_end(&t, out);
done:
    zsc_styles_free(&built_in);
    return status;
}

static zsc_status write_probes(const zsc_paper_config *c, char **out)
{
    table t;
    zsc_status status = table_begin(&t, "encoder,label,order");
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < c->probes; i++) {
        char order[24];
        if (!c->probe[i].source.encoder) continue;
        snprintf(order, sizeof order, "%zu", i + 1);
        const char *const field[] = {c->probe[i].source.encoder, c->probe[i].label, order};
        table_row(&t, field, sizeof field / sizeof *field);
    }
    return table_end(&t, out);
}

/* Tables of retrieval know a model by the name of its file, without folder and ending. */
static char *file_name(const zsc_paper_source *s)
{
    const char *spec = s->spec, *slash = strrchr(spec, '/');
    char *name = zsc_strdup(slash && slash[1] ? slash + 1 : spec);
    if (!name) return NULL;
    char *colon = strrchr(name, ':');
    if (colon && s->encoder && strcmp(colon + 1, s->encoder) == 0) *colon = '\0';
    char *dot = strrchr(name, '.');
    if (dot && dot > name) *dot = '\0';
    return name;
}

static zsc_status write_models(const zsc_paper_config *c, char **out)
{
    table t;
    zsc_status status = table_begin(&t, "encoder,label,order");
    if (status != ZSC_OK) return status;
    for (size_t i = 0; i < c->models; i++) {
        char order[24], *keys = file_name(&c->model[i].dna), *images = file_name(&c->model[i].image);
        snprintf(order, sizeof order, "%zu", i + 1);
        const char *const field[] = {keys, c->model[i].label, order};
        const char *const other[] = {images, c->model[i].label, order};
        if (keys && images) {
            table_row(&t, field, sizeof field / sizeof *field);
            if (strcmp(keys, images) != 0) table_row(&t, other, sizeof other / sizeof *other);
        } else {
            status = ZSC_EINTERNAL;
        }
        free(keys);
        free(images);
    }
    zsc_status ended = table_end(&t, out);
    return status == ZSC_OK ? ended : status;
}

zsc_status zsc_paper_styles_make(zsc_paper_plan *plan)
{
    zsc_status status = ZSC_OK;
    const char *output = plan->options->output;
    if (!(plan->encoder_styles = zsc_asprintf("%s/styles/encoders.csv", output)) ||
        !(plan->probe_styles = zsc_asprintf("%s/styles/probes.csv", output)) ||
        !(plan->model_styles = zsc_asprintf("%s/styles/models.csv", output)))
        return ZSC_EINTERNAL;
    ZSC_TRY(write_encoders(plan->config, &plan->encoder_styles_text));
    ZSC_TRY(write_probes(plan->config, &plan->probe_styles_text));
    status = write_models(plan->config, &plan->model_styles_text);
done:
    return status;
}
