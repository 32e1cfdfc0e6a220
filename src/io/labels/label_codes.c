#include "io/labels/label_codes.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

zsc_status zsc_text_lookup_make(char *const *text, size_t n, zsc_text_lookup *x)
{
    zsc_status status = ZSC_OK;
    if (n > INT32_MAX) return zsc_fail(ZSC_EINPUT, "%zu labels; at most %d are supported", n, INT32_MAX);
    *x = (zsc_text_lookup){.text = text, .slots = 16};
    while (x->slots < 2 * n) x->slots *= 2;
    ZSC_NEW_RAW(x->row, x->slots);
    memset(x->row, -1, x->slots * sizeof *x->row);
done:
    return status;
}

size_t zsc_text_lookup_slot(const zsc_text_lookup *x, const char *text)
{
    size_t at = (size_t)zsc_hash64(text, strlen(text)) & (x->slots - 1);
    while (x->row[at] >= 0 && strcmp(x->text[x->row[at]], text) != 0) at = (at + 1) & (x->slots - 1);
    return at;
}

zsc_status zsc_label_codes(char *const *text, size_t n, const zsc_missing_labels *missing, int32_t *code)
{
    zsc_text_lookup x;
    zsc_status status = zsc_text_lookup_make(text, n, &x);
    if (status != ZSC_OK) return status;
    int32_t next = 0;
    for (size_t i = 0; i < n; i++) {
        code[i] = -1;
        if (missing ? zsc_is_missing(missing, text[i]) : !*text[i]) continue;
        size_t at = zsc_text_lookup_slot(&x, text[i]);
        if (x.row[at] < 0) {
            x.row[at] = (int32_t)i;
            code[i] = next++;
        } else {
            code[i] = code[x.row[at]];
        }
    }
    free(x.row);
    return ZSC_OK;
}
