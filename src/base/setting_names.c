#include "base/setting_names.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *own, *umap_learn;
} names[] = {{"neighbors", "n-neighbors"}, {"dim", "n-components"}, {"epochs", "n-epochs"}, {"seed", "random-state"}};

const char *zsc_setting_other_name(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i].own) == 0) return names[i].umap_learn;
        if (strcmp(name, names[i].umap_learn) == 0) return names[i].own;
    }
    return NULL;
}

static bool same_spelling(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if ((*a == '_' ? '-' : *a) != (*b == '_' ? '-' : *b)) return false;
    return *a == *b;
}

bool zsc_setting_same_name(const char *a, const char *b)
{
    const char *other = zsc_setting_other_name(b);
    return same_spelling(a, b) || (other && same_spelling(a, other));
}
