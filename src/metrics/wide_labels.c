/* Scores of labels that are any 64-bit numbers, none of them missing: numbered by first appearance, then as usual. */
#include <stdint.h>

#include "base/memory.h"
#include "metrics/contingency.h"
#include "zsc/metrics.h"

static int64_t wide_value(const void *value, size_t i) { return ((const int64_t *)value)[i]; }

zsc_status zsc_score_i64(const int64_t *labels, const int64_t *clusters, size_t n, const zsc_exec *exec,
                         zsc_scores *out)
{
    zsc_status status = ZSC_OK;
    int32_t *code = NULL;
    size_t distinct;
    if (n > INT32_MAX) return zsc_fail(ZSC_EUSAGE, "cannot score %zu rows; the most is %d", n, INT32_MAX);
    ZSC_NEW_RAW(code, 2 * n);
    ZSC_TRY(zsc_contingency_codes_of(wide_value, labels, n, code, &distinct));
    ZSC_TRY(zsc_contingency_codes_of(wide_value, clusters, n, code + n, &distinct));
    ZSC_TRY(zsc_score(code, code + n, n, ZSC_MISSING_CLASS, exec, out));
done:
    free(code);
    return status;
}
