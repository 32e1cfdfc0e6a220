/* The checksums of a result that are attributes of / (result_fields.h says which covers what). */
#ifndef ZSC_EXPERIMENT_RESULT_CHECKSUMS_H
#define ZSC_EXPERIMENT_RESULT_CHECKSUMS_H

#include <stdbool.h>

#include "base/hash.h"
#include "zsc/experiment.h"

/* Settings and scores, the same whenever and wherever they are computed. FORMER: as in results of before 2026-11-30. */
zsc_status zsc_result_checksum_scores(const zsc_result *result, bool former, char text[ZSC_DIGEST_TEXT]);
/* Of a result with all its arrays. */
zsc_status zsc_result_checksum_rows(const zsc_result *result, char text[ZSC_DIGEST_TEXT]);
/* What checksum_scores leaves out. */
zsc_status zsc_result_checksum_others(const zsc_result *result, bool former, char text[ZSC_DIGEST_TEXT]);

#endif
