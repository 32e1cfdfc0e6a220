/* Units of resampling that are no rank of the results: any column of the metadata that a run names. */
#ifndef ZSC_EXPERIMENT_UNIT_COLUMN_H
#define ZSC_EXPERIMENT_UNIT_COLUMN_H

#include "zsc/experiment.h"

/* The unit of each row of RESULT (unit[rows], from the caller) by COLUMN of the metadata, or of the embeddings, that
 * the run was made of; numbered as they first appear, a row without a value being a unit of its own after these. *units
 * in all, *unlabelled of them rows without a value. Files are read where the result says; paths are relative to the
 * folder of the run, where it is still there. ZSC_EINPUT: they cannot be read, have no such column, or lack a row. */
zsc_status zsc_unit_column(const zsc_result *result, const char *column, const zsc_exec *exec, int32_t *unit,
                           size_t *units, size_t *unlabelled);

#endif
