#include "io/labels/column_names.h"

#include <strings.h>

#include "base/nesting.h"

static const char *const others[] = {"split", "dna_barcode"};
enum { OTHERS = sizeof others / sizeof *others };

static size_t other_place(const char *name)
{
    size_t i = 0;
    while (i < OTHERS && strcasecmp(others[i], name) != 0) i++;
    return i;
}

const char *zsc_known_column(const char *name)
{
    size_t rank = zsc_rank_place(name), other = other_place(name);
    return rank < zsc_rank_count ? zsc_rank_names[rank] : other < OTHERS ? others[other] : NULL;
}

const char *zsc_column_name(const char *name)
{
    const char *known = zsc_known_column(name);
    return known ? known : name;
}

bool zsc_is_rank_column(const char *name) { return other_place(name) == OTHERS; }
