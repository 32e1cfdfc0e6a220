/* The objects of an HDF5 file that has no layout that zsc knows. */
#ifndef ZSC_INSPECT_H5_CONTENTS_H
#define ZSC_INSPECT_H5_CONTENTS_H

#include "base/text.h"
#include "io/h5/h5.h"

typedef struct zsc_listed_object {
    char *path, *type, *shape;
} zsc_listed_object;

typedef struct zsc_h5_contents {
    zsc_listed_object *object;
    size_t objects;
    size_t unreadable; /* objects that could not be read: each is a sentence among the problems */
} zsc_h5_contents;

/* Lists what FILE holds into *out, which is {0}; it is to be freed after an error too. */
zsc_status zsc_h5_contents_read(zsc_h5 *file, zsc_list *problems, zsc_h5_contents *out);
void zsc_h5_contents_free(zsc_h5_contents *contents);

#endif
