/* What was found, from its record: zsc_retrieval_record_read of retrieval_record.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "experiment/store/probe_record.h"
#include "experiment/store/retrieval_record.h"

/* Whole numbers below 0 and other values become SIZE_MAX, which no count is. */
static size_t whole(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) && json_integer_value(value) >= 0 ? (size_t)json_integer_value(value) : SIZE_MAX;
}

static double real(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static bool says(const json_t *object, const char *name, const char *text)
{
    const char *found = json_string_value(json_object_get(object, name));
    return found && strcmp(found, text) == 0;
}

static bool is_place(const json_t *entry, const zsc_retrieve_result *r, size_t rank, size_t column)
{
    return says(entry, "rank", r->rank[rank]) && says(entry, "split", r->column[column].split);
}

static zsc_status other(const char *what) { return zsc_fail(ZSC_EINPUT, "it has other %s", what); }

static zsc_status add_name(zsc_names *names, const json_t *list, size_t i, int32_t *out)
{
    const char *text = json_string_value(json_array_get(list, i));
    if (!text) return other("names");
    if (*text) return zsc_names_add(names, text, strlen(text), out, NULL);
    *out = -1;
    return ZSC_OK;
}

static size_t item(const json_t *list, size_t i)
{
    const json_t *value = json_array_get(list, i);
    return json_is_integer(value) && json_integer_value(value) >= 0 ? (size_t)json_integer_value(value) : SIZE_MAX;
}

/* --- Scores: by rank, k and column */
static zsc_status read_scores(const json_t *record, const size_t *k, zsc_retrieve_result *r)
{
    const json_t *list = json_object_get(record, "scores");
    if (json_array_size(list) != r->ranks * r->ks * r->columns) return other("scores");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *s = json_array_get(list, i);
        size_t column = i % r->columns, rank = i / (r->columns * r->ks);
        if (!is_place(s, r, rank, column) || whole(s, "k") != k[i / r->columns % r->ks]) return other("scores");
        r->scores[i] = (zsc_retrieval_scores){.queries = whole(s, "queries"),
                                              .missing = whole(s, "missing"),
                                              .classes = whole(s, "classes"),
                                              .reachable = whole(s, "reachable"),
                                              .reachable_classes = whole(s, "reachable_classes"),
                                              .right = whole(s, "right"),
                                              .micro = real(s, "micro"),
                                              .macro = real(s, "macro")};
    }
    return ZSC_OK;
}

/* --- Classes: by rank and column, with those that are right for each k */
static zsc_status read_classes_at(const json_t *entry, const size_t *k, size_t rank, size_t column,
                                  zsc_retrieve_result *r)
{
    zsc_status status = ZSC_OK;
    const json_t *name = json_object_get(entry, "class");
    for (size_t at = 0; at < r->ks; at++) {
        zsc_retrieval_details *d = &r->details[(rank * r->ks + at) * r->columns + column];
        char text[32];
        snprintf(text, sizeof text, "%zu", k[at]);
        const json_t *right = json_object_get(json_object_get(entry, "right"), text);
        if (json_array_size(right) != json_array_size(name)) return other("classes");
        ZSC_NEW(d->class, json_array_size(name));
        for (; d->classes < json_array_size(name); d->classes++) {
            zsc_retrieval_class *c = &d->class[d->classes];
            *c = (zsc_retrieval_class){.keys = item(json_object_get(entry, "keys"), d->classes),
                                       .queries = item(json_object_get(entry, "queries"), d->classes),
                                       .right = item(right, d->classes)};
            ZSC_TRY(add_name(&r->name[rank], name, d->classes, &c->label));
        }
    }
done:
    return status;
}

static zsc_status read_confusions_at(const json_t *entry, size_t at, zsc_names *names, zsc_retrieve_result *r)
{
    zsc_status status = ZSC_OK;
    zsc_retrieval_details *d = &r->details[at];
    const json_t *name = json_object_get(entry, "class"), *taken_for = json_object_get(entry, "taken_for");
    ZSC_NEW(d->confusion, json_array_size(name));
    for (; d->confusions < json_array_size(name); d->confusions++) {
        zsc_retrieval_confusion *c = &d->confusion[d->confusions];
        c->queries = item(json_object_get(entry, "queries"), d->confusions);
        ZSC_TRY(add_name(names, name, d->confusions, &c->label));
        ZSC_TRY(add_name(names, taken_for, d->confusions, &c->taken_for));
    }
done:
    return status;
}

static zsc_status read_details(const json_t *record, const size_t *k, zsc_retrieve_result *r)
{
    zsc_status status = ZSC_OK;
    const json_t *classes = json_object_get(record, "classes"), *confusions = json_object_get(record, "confusions");
    if (json_array_size(classes) != r->ranks * r->columns ||
        json_array_size(confusions) != r->ranks * r->columns * r->ks)
        return other("classes");
    for (size_t rank = 0; rank < r->ranks; rank++)
        for (size_t c = 0; c < r->columns; c++) {
            size_t place = rank * r->columns + c;
            const json_t *entry = json_array_get(classes, place);
            if (!is_place(entry, r, rank, c)) return other("classes");
            ZSC_TRY(read_classes_at(entry, k, rank, c, r));
            for (size_t i = 0; i < r->ks; i++)
                ZSC_TRY(read_confusions_at(json_array_get(confusions, place * r->ks + i),
                                           (rank * r->ks + i) * r->columns + c, &r->name[rank], r));
        }
done:
    return status;
}

zsc_status zsc_retrieval_record_read(const json_t *record, const size_t *k, zsc_retrieve_result *r)
{
    zsc_status status = ZSC_OK;
    bool probe = says(record, "kind", "probe");
    r->distinct_keys = probe ? 0 : whole(json_object_get(record, "keys"), "distinct");
    if (probe) ZSC_TRY(zsc_probe_record_read(record, r));
    ZSC_TRY(read_scores(record, k, r));
    status = read_details(record, k, r);
done:
    return status;
}
