/* What is wrong with the labels, barcodes and places of metadata: for `zsc check`. */
#ifndef ZSC_INSPECT_CHECK_METADATA_H
#define ZSC_INSPECT_CHECK_METADATA_H

#include "inspect/check/findings.h"
#include "inspect/check/specimen_codes.h"

/* The whole check: reads the metadata, and gives all findings. SPECIMENS is to be freed by the caller, also after an
 * error; it starts as {0}. */
zsc_status zsc_check_metadata(const zsc_metadata_source *source, const zsc_exec *exec, zsc_specimens *specimens,
                              zsc_findings *findings);

#endif
