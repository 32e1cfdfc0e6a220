/* The checksums of a result that are attributes of / (result_fields.h says which covers what). */
#ifndef ZSC_EXPERIMENT_RESULT_CHECKSUMS_H
#define ZSC_EXPERIMENT_RESULT_CHECKSUMS_H

#include "base/hash.h"
#include "zsc/experiment.h"

zsc_status zsc_result_checksum_scores(const zsc_result *result, char text[ZSC_DIGEST_TEXT]);
/* Of a result with all its arrays. */
zsc_status zsc_result_checksum_rows(const zsc_result *result, char text[ZSC_DIGEST_TEXT]);
zsc_status zsc_result_checksum_others(const zsc_result *result, char text[ZSC_DIGEST_TEXT]);

#endif
