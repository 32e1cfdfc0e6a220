/* YAML by libyaml, as a tree that keeps line numbers. */
#ifndef ZSC_IO_YAML_H
#define ZSC_IO_YAML_H

#include <stddef.h>

#include "zsc/status.h"

typedef enum zsc_yaml_kind { ZSC_YAML_SCALAR, ZSC_YAML_LIST, ZSC_YAML_MAP } zsc_yaml_kind;

typedef struct zsc_yaml {
    zsc_yaml_kind kind;
    size_t line;            /* from 1 */
    char *text;             /* a scalar's text */
    struct zsc_yaml *child; /* a list's items; a map's values */
    char **key;             /* a map's keys, scalars only */
    size_t *key_line;
    size_t count;
} zsc_yaml;

/* One document. ZSC_EINPUT with file and line: not there, not YAML, a repeated key, a key that is no scalar, nested
 * deeper than 16. Anchors and aliases are followed; a document that unfolds to more than 100,000 values is refused. */
zsc_status zsc_yaml_read(const char *path, zsc_yaml *out);
void zsc_yaml_free(zsc_yaml *node);
const zsc_yaml *zsc_yaml_get(const zsc_yaml *map, const char *key); /* NULL if not there */

#endif
