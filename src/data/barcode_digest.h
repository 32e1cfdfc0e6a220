/* What barcodes are compared by. */
#ifndef ZSC_DATA_BARCODE_DIGEST_H
#define ZSC_DATA_BARCODE_DIGEST_H

#include "base/hash.h"
#include "base/text.h"

/* Of the first max_length letters (0: all), without N at the end, in capitals; both zero for none. */
zsc_digest zsc_barcode_digest(const char *barcode, size_t length, size_t max_length, zsc_text *scratch);

#endif
