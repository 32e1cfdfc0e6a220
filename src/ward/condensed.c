/* The merge of two clusters whose distances are given (Lance and Williams 1967). */
#include "ward/condensed.h"

#include <math.h>
#include <stdbool.h>

#include "base/error.h"

zsc_status zsc_condensed_merge(zsc_condensed *s, zsc_linkage_method method, size_t x, size_t y, double xy)
{
    zsc_condensed_pair p = {.xy = xy, .nx = s->size[x], .ny = s->size[y]};
    bool sound = true;
    s->size[x] = 0;
    s->size[y] = p.nx + p.ny;
    for (size_t i = 0; i < s->n; i++) {
        if (s->size[i] == 0 || i == y) continue;
        double *to = s->d + zsc_condensed_index(s->n, i, y);
        p.ni = s->size[i];
        p.dx = s->d[zsc_condensed_index(s->n, i, x)];
        p.dy = *to;
        *to = zsc_condensed_union(method, p);
        sound = sound && *to >= 0 && isfinite(*to);
    }
    if (sound) return ZSC_OK;
    return zsc_fail(ZSC_ENUMERIC, "linkage: the distance of a union is not a finite number of 0 and above; this method "
                                  "takes Euclidean distances, below the square root of the largest double");
}
