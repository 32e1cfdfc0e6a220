#include "inspect/check/check_repeats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "zsc/metrics.h"

/* AMI at RANK of the rows that have a barcode; NaN where no row has a label too. */
static zsc_status score_barcodes(const zsc_specimens *s, size_t rank, const zsc_exec *exec, double *ami)
{
    zsc_status status = ZSC_OK;
    int32_t *label = NULL, *cluster = NULL;
    zsc_scores scores;
    size_t n = 0;
    *ami = NAN;
    ZSC_NEW_RAW(label, s->n);
    ZSC_NEW_RAW(cluster, s->n);
    for (size_t i = 0; i < s->n; i++) {
        if (s->barcode[i] < 0 || s->code[rank][i] < 0) continue;
        label[n] = s->code[rank][i];
        cluster[n++] = s->barcode[i];
    }
    if (n == 0) goto done;
    ZSC_TRY(zsc_score(label, cluster, n, ZSC_MISSING_DROP, exec, &scores));
    *ami = scores.ami[ZSC_ARITHMETIC];
done:
    free(label);
    free(cluster);
    return status;
}

zsc_status zsc_check_repeats(const zsc_specimens *s, const zsc_exec *exec, zsc_findings *f)
{
    zsc_status status = ZSC_OK;
    bool *seen = NULL;
    size_t repeated = 0, barcoded = 0, first = 0;
    double ami = NAN;
    char score[96] = "";
    ZSC_NEW(seen, s->barcodes);
    for (size_t i = 0; i < s->n; i++) {
        if (s->barcode[i] < 0) continue;
        barcoded++;
        if (seen[s->barcode[i]] && repeated++ == 0) first = s->row[i];
        seen[s->barcode[i]] = true;
    }
    if (repeated == 0) goto done;
    for (size_t rank = ZSC_CHECK_SPECIES + 1; rank-- > 0 && isnan(ami);) {
        if (!s->has_rank[rank]) continue;
        ZSC_TRY(score_barcodes(s, rank, exec, &ami));
        if (!isnan(ami))
            snprintf(score, sizeof score, "; equal barcodes alone, as clusters, have AMI %.3f at %s", ami,
                     zsc_check_ranks[rank]);
    }
    status = zsc_findings_add(f, ZSC_RULE_BARCODE_REPEATED, first, repeated,
                              "%zu of %zu rows repeat the barcode of an earlier row%s", repeated, barcoded, score);
done:
    free(seen);
    return status;
}
