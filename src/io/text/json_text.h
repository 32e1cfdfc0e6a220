/* JSON as text, with real numbers in the shortest form that reads back. */
#ifndef ZSC_IO_JSON_TEXT_H
#define ZSC_IO_JSON_TEXT_H

#include <jansson.h>

/* json_dumps with FLAGS (JSON_INDENT, JSON_SORT_KEYS, ...). The caller's; NULL: memory ran out, or a text is not UTF-8.
 */
char *zsc_json_text(const json_t *json, size_t flags);

#endif
