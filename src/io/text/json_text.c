#include "io/text/json_text.h"

#include "base/number_text.h"

char *zsc_json_text(const json_t *json, size_t flags)
{
    enum { ALL_DIGITS = 17 };
    char *text = json_dumps(json, flags | JSON_REAL_PRECISION(ALL_DIGITS));
    if (text) zsc_json_shorten(text);
    return text;
}
