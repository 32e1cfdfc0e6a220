#include "report/series.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "report/identity.h"

/* --- Names */
char *zsc_rank_title(const char *rank)
{
    if (strcmp(rank, "dna_bin") == 0) return zsc_strdup("BIN");
    char *title = zsc_strdup(rank);
    if (title) title[0] = (char)toupper((unsigned char)title[0]);
    for (char *p = title; p && *p; p++)
        if (*p == '_') *p = ' ';
    return title;
}

static char *title_of_part(const char *part)
{
    if (strcmp(part, "dna") == 0) return zsc_strdup("DNA");
    char *title = zsc_strdup(part);
    if (title) title[0] = (char)toupper((unsigned char)title[0]);
    return title;
}

/* JOIN(f(part 0), f(part 1)...) with " + ". */
char *zsc_modality_title(const char *modality)
{
    zsc_list parts = {0};
    zsc_text text = {0};
    zsc_text_append(&text, "");
    if (zsc_list_split(&parts, modality, "+") != ZSC_OK) text.failed = true;
    for (size_t i = 0; i < parts.count; i++) {
        char *title = title_of_part(parts.item[i]);
        if (!title) text.failed = true;
        zsc_text_printf(&text, "%s%s", i ? " + " : "", title ? title : "");
        free(title);
    }
    zsc_list_free(&parts);
    if (text.failed) {
        free(text.data);
        return NULL;
    }
    return text.data;
}

/* The i-th of "a+b+c" (parts may be empty), "" beyond the last; NULL when memory runs out. The caller's. */
static char *part_of(const char *joined, size_t i)
{
    for (; i > 0; i--) {
        joined = strchr(joined, '+');
        if (!joined) return zsc_strdup("");
        joined++;
    }
    return zsc_strndup(joined, strcspn(joined, "+"));
}

static size_t parts_of(const char *joined)
{
    size_t n = 1;
    for (; *joined; joined++) n += *joined == '+';
    return n;
}

char *zsc_encoders_label(const zsc_styles *styles, const char *encoders, const char *labels)
{
    zsc_text text = {0};
    zsc_text_append(&text, "");
    for (size_t i = 0; i < parts_of(encoders); i++) {
        char *encoder = part_of(encoders, i), *own = part_of(labels, i);
        const zsc_style *style = encoder ? zsc_styles_find(styles, encoder) : NULL;
        const char *label = style ? style->label : own && *own ? own : encoder;
        if (!encoder || !own) text.failed = true;
        zsc_text_printf(&text, "%s%s", i ? " + " : "", label ? label : "");
        free(encoder);
        free(own);
    }
    if (text.failed) {
        free(text.data);
        return NULL;
    }
    return text.data;
}

static size_t part_index(const char *joined, const char *part)
{
    size_t length = strlen(part);
    for (size_t i = 0;; i++) {
        size_t own = strcspn(joined, "+");
        if (own == length && strncmp(joined, part, length) == 0) return i;
        if (!joined[own]) return SIZE_MAX;
        joined += own + 1;
    }
}

char *zsc_encoder_attribute(const zsc_series_set *set, const zsc_styles *styles, const char *encoder, bool architecture)
{
    const zsc_style *style = zsc_styles_find(styles, encoder);
    const char *styled = style ? (architecture ? style->architecture : style->label) : "";
    if (*styled) return zsc_strdup(styled);
    for (size_t k = 0; k < set->count; k++) {
        const zsc_tidy_row *row = set->item[k].first;
        size_t i = part_index(row->encoders, encoder);
        if (i == SIZE_MAX) continue;
        char *own = part_of(architecture ? row->architectures : row->labels, i);
        if (!own || *own) return own;
        free(own);
    }
    return zsc_strdup(architecture ? "" : encoder);
}

/* --- Choosing rows */
static bool value_matches(const char *value, const char *wanted)
{
    size_t length = strlen(value);
    for (;;) {
        size_t part = strcspn(wanted, "|");
        if (part == length && strncmp(wanted, value, length) == 0) return true;
        if (!wanted[part]) return false;
        wanted += part + 1;
    }
}

static zsc_status keeps_where(const zsc_tidy_row *row, const zsc_list *where, bool *keep)
{
    for (size_t i = 0; i < where->count; i++) {
        size_t length = strcspn(where->item[i], "=");
        char *column = zsc_strndup(where->item[i], length);
        if (!column) return ZSC_EINTERNAL;
        char number[32];
        snprintf(number, sizeof number, "%llu", (unsigned long long)row->seed);
        const char *value = strcmp(column, "seed") == 0 ? number : zsc_tidy_text(row, column);
        free(column);
        if (!where->item[i][length] || !value)
            return zsc_fail(ZSC_EUSAGE,
                            "option --where expects COLUMN=VALUE with a column such as scale, subset, reduce, rank or "
                            "seed, not '%s'",
                            where->item[i]);
        if (!value_matches(value, where->item[i] + length + 1)) *keep = false;
    }
    return ZSC_OK;
}

static void swap_rows(zsc_tidy_row *a, zsc_tidy_row *b)
{
    zsc_tidy_row c = *a;
    *a = *b;
    *b = c;
}

zsc_status zsc_tidy_filter(zsc_tidy *rows, const zsc_list *where, const zsc_list *encoders, int which)
{
    size_t kept = 0, before = rows->count;
    for (size_t i = 0; i < rows->count; i++) {
        bool keep = encoders->count == 0 || zsc_list_has(encoders, rows->item[i].encoders);
        if (which && zsc_one_per_barcode(&rows->item[i]) != (which == 2)) keep = false;
        zsc_status status = keeps_where(&rows->item[i], where, &keep);
        if (status != ZSC_OK) return status;
        if (keep && i != kept) swap_rows(&rows->item[kept], &rows->item[i]);
        kept += keep;
    }
    zsc_tidy_truncate(rows, kept);
    zsc_status settled = zsc_tidy_settle(rows);
    if (settled != ZSC_OK) return settled;
    return kept ? ZSC_OK
                : zsc_fail(ZSC_EINPUT, "--where, --encoders and --rows leave none of the %zu rows of results", before);
}

/* --- Ranks */
static size_t rank_place(const char *rank) /* known ranks coarse to fine, then the others */
{
    size_t i = 0;
    while (i < zsc_rank_count && strcmp(zsc_rank_names[i], rank) != 0) i++;
    return i;
}

static size_t rank_index(const zsc_series_set *set, const char *rank)
{
    size_t i = 0;
    while (i < set->ranks && strcmp(set->rank[i], rank) != 0) i++;
    return i;
}

static zsc_status collect_ranks(const zsc_tidy *rows, const zsc_list *asked, zsc_series_set *set)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW(set->rank, (asked->count ? asked->count : rows->count) + 1);
    for (size_t i = 0; i < rows->count; i++) {
        const char *rank = rows->item[i].rank;
        if (asked->count || rank_index(set, rank) < set->ranks) continue;
        size_t at = set->ranks++;
        for (; at > 0 && rank_place(set->rank[at - 1]) > rank_place(rank); at--) set->rank[at] = set->rank[at - 1];
        set->rank[at] = rank;
    }
    for (size_t i = 0; i < asked->count; i++) {
        size_t r = 0;
        while (r < rows->count && strcmp(rows->item[r].rank, asked->item[i]) != 0) r++;
        if (r == rows->count) {
            status = zsc_fail(ZSC_EINPUT, "the results have no scores at rank '%s'", asked->item[i]);
            goto done;
        }
        set->rank[set->ranks++] = rows->item[r].rank;
    }
done:
    return status;
}

/* --- Series */
/* The row's labels must be those of the run with the most ranks, too: the first may have few; and its matrix that of
 * the runs that know theirs. */
static bool in_series(const zsc_series *s, const zsc_tidy_row *row)
{
    return zsc_same_series(s->first, row) && zsc_same_labels(s->widest, row) && zsc_same_contents(s->known, row);
}

static zsc_status fill_series(const zsc_tidy_row *row, const zsc_styles *styles, size_t index, zsc_series *s)
{
    zsc_status status = ZSC_OK;
    bool single = !strchr(row->encoders, '+');
    const zsc_style *style = single ? zsc_styles_find(styles, row->encoders) : NULL;
    *s = (zsc_series){.first = row,
                      .widest = row,
                      .known = row,
                      .finished = row->finished,
                      .one_per_barcode = zsc_one_per_barcode(row),
                      .rows = row->rows,
                      .order = 2000,
                      .marker = zsc_style_marker(index)};
    if (style) {
        s->order = style->order;
        s->marker = style->marker;
    }
    s->encoders = zsc_strdup(row->encoders);
    s->label = zsc_encoders_label(styles, row->encoders, row->labels);
    s->modality = zsc_strdup(*row->modalities || !style ? row->modalities : style->modality);
    s->architecture = style && *style->architecture ? zsc_strdup(style->architecture)
                                                    : zsc_encoders_label(&(zsc_styles){0}, row->architectures, "");
    s->method = zsc_strdup(style ? style->method : "");
    s->colour = zsc_strdup(style ? style->colour : zsc_style_colour(index));
    if (!s->encoders || !s->label || !s->modality || !s->architecture || !s->method || !s->colour)
        status = ZSC_EINTERNAL;
    return status;
}

static void add_origin(zsc_series *s, const zsc_tidy_row *row)
{
    enum { NANOSECONDS = 1000000000 };
    struct stat file;
    if (strlen(row->label_set) > strlen(s->widest->label_set)) s->widest = row;
    if (!*s->known->matrix) s->known = row;
    if (strcmp(row->finished, s->finished) > 0) s->finished = row->finished;
    if (!*row->path || stat(row->path, &file) != 0) return;
    int64_t used = (int64_t)file.st_mtim.tv_sec * NANOSECONDS + file.st_mtim.tv_nsec;
    if (used > s->used) s->used = used;
}

/* Whether B has been run since A was; where the results' files tell otherwise (a store that had A's result took it
 * again, and the file has that time), neither is older. */
static bool is_older(const zsc_series *a, const zsc_series *b)
{
    return strcmp(a->finished, b->finished) < 0 && (a->used <= b->used || !b->used);
}

static void add_value(zsc_point *p, const zsc_tidy_row *row) /* Welford; sd holds the sum of squares until the end */
{
    if (!isfinite(row->ami)) return;
    if (p->n == 0)
        *p = (zsc_point){.low = row->ami,
                         .high = row->ami,
                         .scored = row->scored,
                         .classes = row->classes,
                         .clusters = row->clusters};
    double d = row->ami - p->mean;
    p->n++;
    p->mean += d / (double)p->n;
    p->sd += d * (row->ami - p->mean);
    p->low = fmin(p->low, row->ami);
    p->high = fmax(p->high, row->ami);
}

static int modality_place(const char *modality)
{
    static const char *const order[] = {"image", "dna", "image+dna", "dna+image"};
    for (int i = 0; i < (int)(sizeof order / sizeof *order); i++)
        if (strcmp(order[i], modality) == 0) return i;
    return *modality ? 10 : 11;
}

static int by_order(const void *left, const void *right)
{
    const zsc_series *a = left, *b = right;
    int pa = modality_place(a->modality), pb = modality_place(b->modality);
    if (pa != pb) return pa < pb ? -1 : 1;
    int c = strcmp(a->modality, b->modality);
    if (c) return c;
    if (a->order != b->order) return a->order < b->order ? -1 : 1;
    if ((c = strcmp(a->encoders, b->encoders))) return c;
    if (a->one_per_barcode != b->one_per_barcode) return a->one_per_barcode ? 1 : -1;
    return a->first < b->first ? -1 : a->first > b->first;
}

/* " (scale zscore, neighbors 15)" for what differs among the series of one encoder. */
static void append_settings(const zsc_series_set *set, const zsc_series *s, zsc_text *text, const char **mark)
{
    json_t *own = json_loads(s->first->settings, 0, NULL), *value;
    const char *key;
    if (!own && *s->first->settings) text->failed = true;
    json_object_foreach(own, key, value)
    {
        bool differs = false;
        for (size_t i = 0; i < set->count && !differs; i++) {
            if (strcmp(set->item[i].encoders, s->encoders) != 0) continue;
            json_t *other = json_loads(set->item[i].first->settings, 0, NULL);
            differs = !json_equal(json_object_get(other, key), value);
            json_decref(other);
        }
        char *shown = differs ? json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6)) : NULL;
        if (shown) {
            zsc_text_printf(text, "%s%s %s", *mark, key, shown);
            *mark = ", ";
        }
        if (differs && !shown) text->failed = true;
        free(shown);
    }
    json_decref(own);
}

/* Where series of one encoder and settings have other files, contents, rows or labels: which. */
static void append_origin(const zsc_series_set *set, const zsc_series *s, zsc_text *text, const char **mark)
{
    const char **others = zsc_calloc(set->count, sizeof *others, "labels");
    size_t count = 0;
    bool rows = false, labels = false, contents = false, superseded = false;
    if (!others) text->failed = true;
    for (size_t i = 0; others && i < set->count; i++) {
        const zsc_tidy_row *other = set->item[i].first;
        if (&set->item[i] == s || strcmp(other->encoders, s->encoders) != 0) continue;
        if (*other->sources && *s->first->sources) others[count++] = other->sources;
        if (!zsc_same_settings(other, s->first) || strcmp(other->sources, s->first->sources) != 0) continue;
        rows |= strcmp(other->row_set, s->first->row_set) != 0;
        bool other_labels = !zsc_same_labels(set->item[i].widest, s->widest);
        bool other_matrix = !zsc_same_contents(set->item[i].known, s->known);
        labels |= other_labels && !other_matrix;
        contents |= other_matrix;
        superseded |= (other_labels || other_matrix) && is_older(s, &set->item[i]);
    }
    char *part = others && count ? zsc_source_part(s->first->sources, others, count) : zsc_strdup("");
    if (!part) text->failed = true;
    if (part && *part) zsc_text_printf(text, "%s%s", *mark, part), *mark = ", ";
    if (rows) zsc_text_printf(text, "%srows %.8s", *mark, s->first->row_set), *mark = ", ";
    if (contents) {
        zsc_text_append(text, *mark);
        zsc_contents_text(text, s->finished, s->known->matrix);
        *mark = ", ";
    }
    if (labels) zsc_text_printf(text, "%slabels of %s", *mark, s->finished), *mark = ", ";
    if (superseded) zsc_text_printf(text, "%ssuperseded", *mark), *mark = ", ";
    free(part);
    free(others);
}

static bool one_name(const zsc_series_set *set, char *const *label, size_t a, size_t b)
{
    return a != b && set->item[a].one_per_barcode == set->item[b].one_per_barcode &&
           strcmp(set->item[a].encoders, set->item[b].encoders) == 0 && strcmp(label[a], label[b]) == 0;
}

/* Series that nothing else tells apart (labels of one second) get the key of a run of theirs. */
static zsc_status add_keys(const zsc_series_set *set, char **label)
{
    bool *shared = zsc_calloc(set->count + 1, sizeof *shared, "labels");
    zsc_status status = shared ? ZSC_OK : ZSC_EINTERNAL;
    for (size_t k = 0; shared && k < set->count; k++)
        for (size_t i = 0; i < set->count && !shared[k]; i++) shared[k] = one_name(set, label, k, i);
    for (size_t k = 0; status == ZSC_OK && k < set->count; k++) {
        if (!shared[k] || !*set->item[k].first->key) continue;
        char *longer = zsc_asprintf("%s, run %.8s", label[k], set->item[k].first->key);
        if (!longer) status = ZSC_EINTERNAL;
        if (longer) free(label[k]), label[k] = longer;
    }
    free(shared);
    return status;
}

static zsc_status label_variants(zsc_series_set *set)
{
    char **label = zsc_calloc(set->count, sizeof *label, "labels");
    zsc_status status = label ? ZSC_OK : ZSC_EINTERNAL;
    for (size_t k = 0; status == ZSC_OK && k < set->count; k++) {
        const zsc_series *s = &set->item[k];
        zsc_text text = {0};
        const char *mark = " (";
        zsc_text_append(&text, s->label);
        for (size_t v = 0; v < zsc_variant_count; v++) {
            const char *own = zsc_tidy_text(s->first, zsc_variant_columns[v]);
            bool differs = false;
            for (size_t i = 0; i < set->count; i++)
                differs |= strcmp(set->item[i].encoders, s->encoders) == 0 &&
                           strcmp(zsc_tidy_text(set->item[i].first, zsc_variant_columns[v]), own) != 0;
            if (!differs) continue;
            zsc_text_printf(&text, "%s%s%s", mark, strcmp(zsc_variant_columns[v], "clusters_rule") == 0 ? "K: " : "",
                            *own ? own : "?");
            mark = ", ";
        }
        append_settings(set, s, &text, &mark);
        append_origin(set, s, &text, &mark);
        if (*mark == ',') zsc_text_append(&text, ")");
        if (text.failed) status = ZSC_EINTERNAL;
        label[k] = text.data;
    }
    if (status == ZSC_OK) status = add_keys(set, label);
    for (size_t k = 0; label && k < set->count; k++) {
        if (status == ZSC_OK) {
            free(set->item[k].label);
            set->item[k].label = label[k];
        } else {
            free(label[k]);
        }
    }
    free(label);
    return status;
}

/* Encoders without a style: colours and markers in turn, the same for all series of one encoder; variants of one
 * encoder differ. */
static void dress(zsc_series_set *set, const zsc_styles *styles, zsc_status *status)
{
    size_t next = 0;
    for (size_t k = 0; k < set->count; k++) {
        zsc_series *s = &set->item[k];
        bool known = !strchr(s->encoders, '+') && zsc_styles_find(styles, s->encoders);
        bool variant = k > 0 && strcmp(s->encoders, set->item[k - 1].encoders) == 0;
        bool same_dress = variant && s->one_per_barcode != set->item[k - 1].one_per_barcode &&
                          strcmp(s->label, set->item[k - 1].label) == 0;
        if (k > 0 && strcmp(s->modality, set->item[k - 1].modality) != 0) next = 0;
        if (same_dress || (known && !variant)) {
            if (same_dress) {
                free(s->colour);
                s->colour = zsc_strdup(set->item[k - 1].colour);
                s->marker = set->item[k - 1].marker;
            }
        } else {
            free(s->colour);
            s->colour = zsc_strdup(zsc_style_colour(next));
            s->marker = zsc_style_marker(next++);
        }
        if (!s->colour) *status = ZSC_EINTERNAL;
    }
}

zsc_status zsc_series_make(const zsc_tidy *rows, const zsc_styles *styles, const zsc_list *ranks, zsc_series_set *out)
{
    zsc_status status = ZSC_OK;
    zsc_series_set set = {0};
    ZSC_TRY(collect_ranks(rows, ranks, &set));
    ZSC_NEW(set.item, rows->count);
    for (size_t i = 0; i < rows->count; i++) {
        const zsc_tidy_row *row = &rows->item[i];
        size_t k = 0, rank = rank_index(&set, row->rank);
        if (rank == set.ranks) continue;
        while (k < set.count && !in_series(&set.item[k], row)) k++;
        if (k == set.count) {
            set.count++;
            ZSC_TRY(fill_series(row, styles, k, &set.item[k]));
            ZSC_NEW(set.item[k].point, set.ranks);
        }
        add_origin(&set.item[k], row);
        add_value(&set.item[k].point[rank], row);
        set.item[k].simulated |= row->simulated;
        set.simulated |= row->simulated;
    }
    for (size_t k = 0; k < set.count; k++)
        for (size_t r = 0; r < set.ranks; r++) {
            zsc_point *p = &set.item[k].point[r];
            p->sd = p->n > 1 ? sqrt(p->sd / (double)(p->n - 1)) : 0;
        }
    qsort(set.item, set.count, sizeof *set.item, by_order);
    ZSC_TRY(label_variants(&set));
    dress(&set, styles, &status);
    if (status != ZSC_OK) goto done;
    *out = set;
    set = (zsc_series_set){0};
done:
    zsc_series_free(&set);
    return status;
}

void zsc_series_free(zsc_series_set *set)
{
    for (size_t k = 0; k < set->count; k++) {
        zsc_series *s = &set->item[k];
        char *texts[] = {s->encoders, s->label, s->modality, s->architecture, s->method, s->colour};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
        free(s->point);
    }
    free(set->item);
    free(set->rank);
    *set = (zsc_series_set){0};
}
