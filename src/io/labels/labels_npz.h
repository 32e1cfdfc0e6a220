/* Labels in an archive of NumPy arrays (.npz). */
#ifndef ZSC_IO_LABELS_NPZ_H
#define ZSC_IO_LABELS_NPZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/labels/missing_labels.h"
#include "zsc/status.h"

/* As zsc_labels has them (labels.h). *id is NULL where there is no array of ids. */
typedef struct zsc_npz_labels {
    int32_t *code;
    size_t n;
    bool text;
    char **id;
} zsc_npz_labels;

/* Those in ARRAY, strings or whole numbers of shape (n,), with the ids beside them; the caller frees code and id, also
 * where it fails. ARRAY NULL, or one that is not there: ZSC_EUSAGE or ZSC_EINPUT, naming those that are. */
zsc_status zsc_labels_read_npz(const char *path, const char *array, const zsc_missing_labels *missing,
                               zsc_npz_labels *out);

#endif
