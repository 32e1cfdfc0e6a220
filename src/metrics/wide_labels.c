/* Scores of labels that are any 64-bit numbers, none of them missing: numbered by first appearance, then as usual. */
#include <stdint.h>

#include "base/memory.h"
#include "base/random.h"
#include "zsc/metrics.h"

/* code[i] in 0 ..., equal where value[i] is equal. Hashing with open addressing; slots are a power of two. */
static zsc_status number_values(const int64_t *value, size_t n, int32_t *code)
{
    zsc_status status = ZSC_OK;
    int32_t *of = NULL, next = 0; /* code + 1; 0: empty */
    int64_t *key = NULL;
    size_t slots = 16;
    while (slots < 2 * n) slots *= 2;
    ZSC_NEW(of, slots);
    ZSC_NEW_RAW(key, slots);
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)zsc_mix64((uint64_t)value[i]) & (slots - 1);
        while (of[at] && key[at] != value[i]) at = (at + 1) & (slots - 1);
        if (!of[at]) {
            key[at] = value[i];
            of[at] = ++next;
        }
        code[i] = of[at] - 1;
    }
done:
    free(of);
    free(key);
    return status;
}

zsc_status zsc_score_i64(const int64_t *labels, const int64_t *clusters, size_t n, const zsc_exec *exec,
                         zsc_scores *out)
{
    zsc_status status = ZSC_OK;
    int32_t *code = NULL;
    if (n > INT32_MAX) return zsc_fail(ZSC_EUSAGE, "cannot score %zu rows; the most is %d", n, INT32_MAX);
    ZSC_NEW_RAW(code, 2 * n);
    ZSC_TRY(number_values(labels, n, code));
    ZSC_TRY(number_values(clusters, n, code + n));
    ZSC_TRY(zsc_score(code, code + n, n, ZSC_MISSING_CLASS, exec, out));
done:
    free(code);
    return status;
}
