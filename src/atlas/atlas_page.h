/* The page itself: what share/atlas holds, the description of the data, and the data. */
#ifndef ZSC_ATLAS_ATLAS_PAGE_H
#define ZSC_ATLAS_ATLAS_PAGE_H

#include <jansson.h>

#include "atlas/packed.h"

typedef struct zsc_atlas_page {
    const char *title;
    const json_t *head;       /* what the arrays are: doc/atlas.md */
    const zsc_packed *packed; /* NULL: they are in a file beside the page */
    const char *image;        /* whence the page may load pictures: NULL: from nowhere */
} zsc_atlas_page;

/* Names are JSON, in which < is written as an escape, so that none of them ends the script that holds it; scripts and
 * styles carry a nonce that the Content-Security-Policy asks for, so that no other script runs. ZSC_EINTERNAL: memory
 * ran out, or a text is not UTF-8. Errors of STREAM are its owner's to see. */
zsc_status zsc_atlas_page_write(FILE *stream, const zsc_atlas_page *page);

#endif
