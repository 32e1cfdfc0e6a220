/* What the two kinds of files of CLIBD have in common. Defined in clibd.c; clibd_groups.c uses it too. */
#ifndef ZSC_IO_FORMATS_CLIBD_H
#define ZSC_IO_FORMATS_CLIBD_H

#include "io/formats/format.h"

/* Of the group called GROUP ("/seen"; "" is the root): whether it has features, and each of them as an encoder. */
bool zsc_clibd_has_features(zsc_embeddings *file, const char *group);
zsc_status zsc_clibd_add_features(zsc_embeddings *file, const char *group);
/* "images/ABC123.jpg" -> "ABC123" */
void zsc_clibd_strip_name(char *name);

#endif
