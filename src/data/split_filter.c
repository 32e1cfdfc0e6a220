/* Splits and groups of splits. */
#include "data/split_filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "io/files/file_names.h"

/* BIOSCAN-5M's splits by species set. Names of sets with several splits are groups that --split takes; those of the
 * others could be splits of the user's. */
static const struct {
    const char *set, *split;
    bool is_group;
} species_sets[] = {
    {"unknown", "pretrain", false}, {"seen", "train", true},
    {"seen", "val", true},          {"seen", "test", true},
    {"unseen", "val_unseen", true}, {"unseen", "test_unseen", true},
    {"unseen", "key_unseen", true}, {"heldout", "other_heldout", false},
};
enum { SPECIES_SETS = sizeof species_sets / sizeof *species_sets, FOUND_SHOWN = 12 };

static zsc_status add(zsc_list *wanted, const char *name)
{
    zsc_status status = ZSC_OK;
    size_t before = wanted->count;
    for (size_t i = 0; i < SPECIES_SETS && status == ZSC_OK; i++)
        if (species_sets[i].is_group && strcmp(name, species_sets[i].set) == 0)
            status = zsc_list_add(wanted, species_sets[i].split);
    if (status != ZSC_OK || wanted->count > before) return status;
    const char *splits = zsc_splits_named(name); /* CLIBD's names; metadata may have them too */
    status = zsc_list_add(wanted, name);
    return status == ZSC_OK && splits && strcmp(splits, name) != 0 ? zsc_list_split(wanted, splits, "+") : status;
}

zsc_status zsc_split_parse(const char *text, zsc_split_filter *out)
{
    zsc_status status = ZSC_OK;
    zsc_split_filter filter = {0};
    zsc_list parts = {0};
    if (text) {
        ZSC_TRY(zsc_list_split(&parts, text, "+"));
        if (parts.count == 0) {
            status = zsc_fail(ZSC_EUSAGE, "expected splits such as test+test_unseen, not '%s'", text);
            goto done;
        }
    }
    if (!zsc_list_has(&parts, "all"))
        for (size_t i = 0; i < parts.count; i++) ZSC_TRY(add(&filter.wanted, parts.item[i]));
    *out = filter;
    filter = (zsc_split_filter){0};
done:
    zsc_split_free(&filter);
    zsc_list_free(&parts);
    return status;
}

void zsc_split_free(zsc_split_filter *filter)
{
    zsc_list_free(&filter->wanted);
    zsc_list_free(&filter->found);
}

zsc_status zsc_split_wants(zsc_split_filter *filter, const char *value, bool *yes)
{
    *yes = filter->wanted.count == 0 || zsc_list_has(&filter->wanted, value);
    if (*yes || filter->found.count >= FOUND_SHOWN || zsc_list_has(&filter->found, value)) return ZSC_OK;
    return zsc_list_add(&filter->found, value);
}

zsc_status zsc_split_none(const zsc_split_filter *filter, const char *text)
{
    zsc_text there = {0};
    for (size_t i = 0; i < filter->found.count; i++)
        zsc_text_printf(&there, "%s'%s'", i ? ", " : "", filter->found.item[i]);
    if (filter->found.count >= FOUND_SHOWN) zsc_text_append(&there, ", ...");
    zsc_status status = zsc_fail(ZSC_EINPUT, "no row has split '%s'; there are %s", text,
                                 there.length && !there.failed ? there.data : "none");
    free(there.data);
    return status;
}

/* --- Species sets */
const char *zsc_species_set(size_t n, const char **split)
{
    if (n >= SPECIES_SETS) return NULL;
    if (split) *split = species_sets[n].split;
    return species_sets[n].set;
}

const char *zsc_species_set_of(const char *split)
{
    for (size_t i = 0; i < SPECIES_SETS; i++)
        if (strcmp(species_sets[i].split, split) == 0) return species_sets[i].set;
    return NULL;
}
