/* Barcodes that several rows have: whoever clusters them finds equal rows together, which AMI rewards. */
#ifndef ZSC_INSPECT_CHECK_REPEATS_H
#define ZSC_INSPECT_CHECK_REPEATS_H

#include "inspect/check/specimen_codes.h"

/* One finding, where a barcode is repeated: how many rows repeat that of an earlier row, and the AMI of equal barcodes
 * as clusters, at the finest rank with labels below BIN. O(n log n). */
zsc_status zsc_check_repeats(const zsc_specimens *s, const zsc_exec *exec, zsc_findings *findings);

#endif
