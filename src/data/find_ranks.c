/* Which columns are ranks, where the user does not say.
 *
 * 1. BIOSCAN's ranks, where there are two of them, or one with several classes (but for `class`, which other data use
 *    for their labels): other columns of such metadata are countries, collectors and the like.
 * 2. Else the columns of labels: of a table, those of text that have two values or more and repeat them, and those
 *    named target, label and the like; of other files what they call labels. Whole numbers are labels where nothing
 * else is. */
#include "data/find_ranks.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/nesting.h"
#include "base/value.h"
#include "io/labels/column_names.h"
#include "io/labels/label_names.h"
#include "io/labels/metadata.h"

enum { MOST_GUESSED = 1000 }; /* columns of a table among which ranks are looked for: each pair is compared */

static bool is_in(const zsc_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcasecmp(list->item[i], name) == 0) return true;
    return false;
}

/* Whether a --column names COLUMN, so that it has a meaning already. */
static bool is_named(const zsc_columns *columns, const char *column)
{
    for (size_t i = 0; i < columns->count; i++)
        if (strcasecmp(strchr(columns->rule[i], '=') + 1, column) == 0) return true;
    return false;
}

static bool has_known(const zsc_loading *l, const zsc_list *header, size_t rank)
{
    const char *name = zsc_rank_names[rank];
    return zsc_columns_rename(&l->options->columns, name) || is_in(header, name) ||
           (strcmp(name, "dna_bin") == 0 && is_in(header, "bin_uri")) || zsc_embeddings_has_text(l->file[0], name);
}

/* A column without a name, or one of several that are called the same, cannot be asked for. */
static bool has_own_name(const zsc_list *header, size_t column)
{
    size_t same = 0;
    for (size_t i = 0; i < header->count; i++) same += strcmp(header->item[i], header->item[column]) == 0;
    return *header->item[column] && same == 1;
}

static zsc_status add_guessed(const zsc_loading *l, const zsc_list *header, zsc_list *names)
{
    zsc_status status = ZSC_OK;
    const zsc_list *own = &l->file[0]->ranks;
    for (size_t i = 0; i < header->count; i++) {
        const char *name = header->item[i];
        if (!zsc_is_metadata_name(name) && !zsc_metadata_is_known(name) && zsc_rank_place(name) == zsc_rank_count &&
            !is_named(&l->options->columns, name) && has_own_name(header, i) && !zsc_list_has(names, name) &&
            strlen(name) <= ZSC_LONGEST_COLUMN)
            ZSC_TRY(zsc_list_add(names, name));
    }
    for (size_t i = 0; i < own->count && !header->count; i++)
        if (zsc_rank_place(own->item[i]) == zsc_rank_count) ZSC_TRY(zsc_list_add(names, own->item[i]));
done:
    return status;
}

zsc_status zsc_find_ranks(const zsc_loading *l, zsc_list *names, size_t *sure)
{
    zsc_status status = ZSC_OK;
    zsc_list header = {0}, chosen = {0};
    const zsc_dataset_options *o = l->options;
    size_t known = 0;
    if (o->metadata) ZSC_TRY(zsc_csv_header(l->table, l->table_layout, &header, NULL));
    for (size_t i = 0; i < zsc_rank_count; i++) {
        ZSC_TRY(zsc_list_add(names, zsc_rank_names[i]));
        known += has_known(l, &header, i);
    }
    *sure = names->count;
    ZSC_TRY(zsc_columns_own(&o->columns, &chosen)); /* the user has chosen */
    if (header.count > MOST_GUESSED && known == 0 && chosen.count == 0)
        zsc_warn("metadata '%s' has %zu columns, too many to find the ranks among them: --ranks names them",
                 o->metadata, header.count);
    if (known < 2 && chosen.count == 0 && header.count <= MOST_GUESSED) ZSC_TRY(add_guessed(l, &header, names));
    if (known == 0 && !o->metadata) *sure = names->count; /* what the file itself calls labels */
done:
    zsc_list_free(&header);
    zsc_list_free(&chosen);
    return status;
}

/* --- By their values */
static bool is_number(const char *text, bool *fraction)
{
    double value;
    if (!zsc_value_number(text, &value)) return false;
    *fraction = *fraction || strpbrk(text, ".eE") != NULL;
    return true;
}

/* Two values or more, of which at least one in ten is there again. */
static bool repeats(const zsc_label_column *column, size_t n)
{
    enum { OF = 10 };
    size_t labelled = 0;
    for (size_t i = 0; i < n; i++) labelled += column->code[i] >= 0;
    return column->names.count >= 2 && labelled * (OF - 1) >= column->names.count * OF;
}

typedef enum content { NO_LABELS, NUMBERS, LABELS } content;

static content content_of(const zsc_label_column *column, size_t n)
{
    bool numbers = true, fraction = false;
    if (!column->known || !repeats(column, n)) return NO_LABELS;
    for (size_t i = 0; i < column->names.count && numbers; i++)
        numbers = is_number(zsc_names_get(&column->names, i), &fraction);
    if (!numbers) return LABELS;
    if (fraction) return NO_LABELS;
    return zsc_is_label_name(column->name) ? LABELS : NUMBERS;
}

/* A rank of BIOSCAN's that tells taxa apart: what else there is is no rank. */
static bool has_taxa(const zsc_loading *l)
{
    for (size_t i = 0; i < l->labels.columns; i++) {
        const zsc_label_column *c = &l->labels.column[i];
        if (c->rank && !c->guessed && c->known && strcmp(c->name, "class") != 0 && c->names.count > 1) return true;
    }
    return false;
}

void zsc_keep_ranks(zsc_loading *l)
{
    bool any = false, taxa = has_taxa(l);
    for (size_t i = 0; i < l->labels.columns; i++)
        any = any || (l->labels.column[i].guessed && content_of(&l->labels.column[i], l->n) == LABELS);
    for (size_t i = 0; i < l->labels.columns; i++) {
        zsc_label_column *c = &l->labels.column[i];
        if (c->guessed) c->rank = !taxa && content_of(c, l->n) >= (any ? LABELS : NUMBERS);
    }
}
