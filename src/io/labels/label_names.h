/* Names of columns that say what the column holds. Upper and lower case are the same. */
#ifndef ZSC_IO_LABEL_NAMES_H
#define ZSC_IO_LABEL_NAMES_H

#include <stdbool.h>

/* A column of metadata that names no classes: country, chunk, coord-lat, ... */
bool zsc_is_metadata_name(const char *name);
/* A column of classes, if it holds whole numbers or text: target, label, y, ... */
bool zsc_is_label_name(const char *name);

#endif
