/* What is wrong with a barcode by itself. */
#ifndef ZSC_INSPECT_BARCODE_FAULTS_H
#define ZSC_INSPECT_BARCODE_FAULTS_H

#include "inspect/check/findings.h"

/* Length, N, ambiguity codes, other letters and stop codons of the barcode of row ROW; N at its end does not count. */
zsc_status zsc_barcode_faults(const char *barcode, size_t length, size_t row, zsc_findings *findings);

#endif
