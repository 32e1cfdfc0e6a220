/* Figure A12: drawn queries with their nearest keys, in words, and with pictures where there are any. */
#ifndef ZSC_PAPER_EXAMPLES_H
#define ZSC_PAPER_EXAMPLES_H

#include <stdio.h>

#include "zsc/status.h"

/* Writes to OUT, a page of HTML in the folder OUTPUT, the examples of PATH (zsc retrieve --examples-file). Pictures of
 * the folder IMAGES (NULL: none), by the names of the file or called after the ids, also in folders up to three deep
 * within it, are copied to OUTPUT/pictures. *pictures: how many there are. ZSC_EINPUT: PATH cannot be read, a picture
 * cannot be copied. */
zsc_status zsc_paper_examples_write(const char *path, const char *images, const char *output, FILE *out,
                                    size_t *pictures);

#endif
