/* Numbers as the shortest text that reads back to the same value. */
#ifndef ZSC_BASE_NUMBER_TEXT_H
#define ZSC_BASE_NUMBER_TEXT_H

#include <stddef.h>

enum { ZSC_NUMBER_TEXT = 32 }; /* bytes of a buffer for one number */

/* "0.1", not "0.10000000000000001"; BUFFER. */
const char *zsc_number_text(double value, char buffer[ZSC_NUMBER_TEXT]);
const char *zsc_float_text(float value, char buffer[ZSC_NUMBER_TEXT]);

/* Shortens, in place, the real numbers of a JSON text; what is in strings stays. A real number keeps its "." or "e". */
void zsc_json_shorten(char *json);

#endif
