/* Which rows stay: matched, of the splits, where the rules hold, one per barcode. */
#include "data/select_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "data/split_filter.h"
#include "data/where_rules.h"

/* --- Splits */
static zsc_status fail_split(const zsc_label_column *column, const char *name)
{
    zsc_status status = ZSC_OK;
    zsc_text text = {0};
    const char **names = NULL;
    ZSC_NEW(names, column->names.count);
    for (size_t i = 0; i < column->names.count && text.length < 400; i++) {
        names[i] = zsc_names_get(&column->names, i);
        zsc_text_printf(&text, "%s%s", i ? ", " : "", names[i]);
    }
    const char *near = text.length < 400 ? zsc_nearest(name, names, column->names.count) : NULL;
    const char *list = text.data ? text.data : "none";
    status = near ? zsc_fail(ZSC_EINPUT, "no row has split '%s'; did you mean '%s'? There are: %s", name, near, list)
                  : zsc_fail(ZSC_EINPUT, "no row has split '%s'; there are: %s", name, list);
done:
    free(names);
    free(text.data);
    return status;
}

/* One name of "a+b": a split, or a group of which any split will do. */
static zsc_status take_name(const zsc_label_column *column, const char *name, bool *taken, bool *all)
{
    zsc_split_filter filter = {0};
    zsc_status status = zsc_split_parse(name, &filter);
    bool found = filter.wanted.count == 0; /* "all" */
    *all = *all || found;
    for (size_t i = 0; i < filter.wanted.count; i++) {
        const char *split = filter.wanted.item[i];
        int32_t code = zsc_names_find(&column->names, split, strlen(split));
        if (code < 0) continue;
        taken[code] = found = true;
    }
    zsc_split_free(&filter);
    return status != ZSC_OK || found ? status : fail_split(column, name);
}

static zsc_status by_split(zsc_loading *l, uint8_t *gone)
{
    zsc_status status = ZSC_OK;
    const zsc_label_column *column = &l->labels.column[0];
    zsc_list names = {0};
    bool *taken = NULL, all = false;
    if (!l->options->split) return ZSC_OK;
    ZSC_NEW(taken, column->names.count + 1);
    ZSC_TRY(zsc_list_split(&names, l->options->split, "+"));
    if (names.count == 0) {
        status = zsc_fail(ZSC_EUSAGE, "option --split expects the name of a split");
        goto done;
    }
    for (size_t i = 0; i < names.count; i++) ZSC_TRY(take_name(column, names.item[i], taken, &all));
    for (size_t i = 0; i < l->n && !all; i++) {
        if (gone[i] || (column->code[i] >= 0 && taken[column->code[i]])) continue;
        gone[i] = 1;
        l->selection.other_split++;
    }
done:
    zsc_list_free(&names);
    free(taken);
    return status;
}

/* --- Where */
static zsc_status no_such_value(const zsc_label_column *column, const char *value)
{
    const char **names = NULL;
    zsc_status status = ZSC_OK;
    ZSC_NEW(names, column->names.count);
    for (size_t i = 0; i < column->names.count; i++) names[i] = zsc_names_get(&column->names, i);
    const char *near = zsc_nearest(value, names, column->names.count);
    status = near ? zsc_fail(ZSC_EINPUT, "no row has %s '%s'; did you mean '%s'?", column->name, value, near)
                  : zsc_fail(ZSC_EINPUT, "no row has %s '%s'", column->name, value);
done:
    free(names);
    return status;
}

/* Each value of the rule is the name of a class, but for the one that stands for a missing label; or the whole is. */
static zsc_status check_values(const zsc_label_column *column, const zsc_where_rule *rule)
{
    zsc_status status = ZSC_OK;
    zsc_list values = {0};
    if (zsc_names_find(&column->names, rule->value, strlen(rule->value)) >= 0) return ZSC_OK;
    ZSC_TRY(zsc_list_split(&values, rule->value, "|"));
    for (size_t i = 0; i < values.count; i++)
        if (*values.item[i] && zsc_names_find(&column->names, values.item[i], strlen(values.item[i])) < 0)
            ZSC_TRY(no_such_value(column, values.item[i]));
done:
    zsc_list_free(&values);
    return status;
}

static zsc_status by_rule(zsc_loading *l, const zsc_where_rule *rule, uint8_t *gone)
{
    zsc_status status = ZSC_OK;
    const zsc_label_column *column = NULL;
    bool *taken = NULL; /* by code, and first where there is none */
    for (size_t i = 0; i < l->labels.columns && !column; i++)
        if (strcmp(l->labels.column[i].name, rule->name) == 0) column = &l->labels.column[i];
    if (!column) return zsc_fail(ZSC_EINTERNAL, "--where %s=%s: the column was not loaded", rule->name, rule->value);
    ZSC_TRY(check_values(column, rule));
    ZSC_NEW(taken, column->names.count + 1);
    taken[0] = zsc_where_takes(rule, "");
    for (size_t k = 0; k < column->names.count; k++)
        taken[k + 1] = zsc_where_takes(rule, zsc_names_get(&column->names, k));
    for (size_t i = 0; i < l->n; i++) {
        if (gone[i] || taken[column->code[i] + 1]) continue;
        gone[i] = 1;
        l->selection.where++;
    }
done:
    free(taken);
    return status;
}

/* --- One row per barcode */
/* Who stands for a barcode is a matter of the seed, the barcode and the ids: not of the order of rows, nor of which
 * other barcodes there are. */
static uint64_t lot(const zsc_loading *l, size_t row)
{
    const char *id = zsc_names_get(&l->id, row);
    zsc_stream stream = zsc_stream_open(l->options->seed, ZSC_RANDOM_ROWS, l->labels.barcode[row].low);
    return zsc_mix64(zsc_stream_u64(&stream) ^ zsc_hash64(id, strlen(id)));
}

static bool goes_before(const zsc_loading *l, size_t row, size_t other)
{
    if (l->options->per_barcode == ZSC_BARCODE_FIRST) return row < other;
    uint64_t a = lot(l, row), b = lot(l, other);
    return a != b ? a < b : strcmp(zsc_names_get(&l->id, row), zsc_names_get(&l->id, other)) < 0;
}

static zsc_status by_barcode(zsc_loading *l, uint8_t *gone)
{
    zsc_status status = ZSC_OK;
    size_t slots = 64, left = 0;
    int32_t *slot = NULL; /* row that stands for a barcode, plus 1 */
    if (!l->labels.barcode) return ZSC_OK;
    for (size_t i = 0; i < l->n; i++) left += !gone[i];
    while (slots < 2 * left) slots *= 2;
    ZSC_NEW(slot, slots);
    for (size_t i = 0; i < l->n; i++) {
        zsc_digest barcode = l->labels.barcode[i];
        if (gone[i]) continue;
        if (!barcode.high && !barcode.low) {
            gone[i] = 1;
            l->selection.without_barcode++;
            continue;
        }
        size_t at = (size_t)barcode.high & (slots - 1);
        for (; slot[at]; at = (at + 1) & (slots - 1)) {
            zsc_digest other = l->labels.barcode[slot[at] - 1];
            if (other.high == barcode.high && other.low == barcode.low) break;
        }
        size_t other = (size_t)slot[at]; /* 0: none */
        if (other) {
            l->selection.repeated_barcode++;
            bool before = goes_before(l, i, other - 1);
            gone[before ? other - 1 : i] = 1;
            if (!before) continue;
        }
        slot[at] = (int32_t)i + 1;
    }
done:
    free(slot);
    return status;
}

/* --- The list of ids */
/* Every id of the list is asked for: one that some file lacks is an error. */
static zsc_status by_list(zsc_loading *l, uint8_t *gone)
{
    zsc_status status = ZSC_OK;
    bool *found = NULL;
    if (!l->listed) return ZSC_OK;
    ZSC_NEW(found, l->list.id.count);
    for (size_t i = 0; i < l->n; i++) {
        if (l->listed[i] < 0) {
            gone[i] = 1;
            l->selection.not_listed++;
        } else if (!gone[i]) {
            found[l->listed[i]] = true;
        }
    }
    status = zsc_id_list_check(&l->list, l->options->ids, found, "the embeddings and the metadata");
done:
    free(found);
    return status;
}

static zsc_status order_by_list(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    int32_t *row = NULL; /* of each id of the list, plus 1; 0: not kept */
    ZSC_NEW(row, l->list.id.count);
    for (size_t k = 0; k < l->selection.kept; k++) row[l->listed[l->kept[k]]] = l->kept[k] + 1;
    for (size_t i = 0, k = 0; i < l->list.id.count; i++)
        if (row[i]) l->kept[k++] = row[i] - 1;
done:
    free(row);
    return status;
}

/* --- All */
zsc_status zsc_select_rows(zsc_loading *l)
{
    zsc_status status = ZSC_OK;
    uint8_t *gone = l->unmatched;
    zsc_selection *s = &l->selection;
    zsc_where_rules where = {0};
    ZSC_TRY(by_list(l, gone));
    for (size_t i = 0; i < l->n; i++) s->unmatched += gone[i];
    s->unmatched -= s->not_listed;
    ZSC_TRY(by_split(l, gone));
    ZSC_TRY(zsc_where_parse(l->options->where, l->options->where_count, &where));
    for (size_t i = 0; i < where.count; i++) ZSC_TRY(by_rule(l, &where.rule[i], gone));
    ZSC_TRY(by_barcode(l, gone));
    for (size_t i = 0; i < l->n; i++) s->kept += !gone[i];
    if (s->kept == 0) {
        status = zsc_fail(ZSC_EINPUT,
                          "no row is left of %zu: %zu without a match, %zu of other splits, %zu by --where, "
                          "%zu without a barcode",
                          s->embedded, s->unmatched, s->other_split, s->where, s->without_barcode);
        goto done;
    }
    ZSC_NEW_RAW(l->kept, s->kept);
    for (size_t i = 0, k = 0; i < l->n; i++)
        if (!gone[i]) l->kept[k++] = (int32_t)i;
    if (l->listed && l->options->ids_in_order) ZSC_TRY(order_by_list(l));
done:
    zsc_where_free(&where);
    return status;
}
