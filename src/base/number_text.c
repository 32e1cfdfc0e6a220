#include "base/number_text.h"

#include <float.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each decimal number of FLT_DIG or DBL_DIG digits is the nearest one of that length to its binary value, and
 * *_DECIMAL_DIG digits always read back. %g drops zeros at the end, so the first precision that reads back is taken. */
const char *zsc_number_text(double value, char buffer[ZSC_NUMBER_TEXT])
{
    for (int digits = DBL_DIG; digits <= DBL_DECIMAL_DIG; digits++) {
        snprintf(buffer, ZSC_NUMBER_TEXT, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value) break;
    }
    return buffer;
}

const char *zsc_float_text(float value, char buffer[ZSC_NUMBER_TEXT])
{
    for (int digits = FLT_DIG; digits <= FLT_DECIMAL_DIG; digits++) {
        snprintf(buffer, ZSC_NUMBER_TEXT, "%.*g", digits, (double)value);
        if (strtof(buffer, NULL) == value) break;
    }
    return buffer;
}

/* The number at JSON, to be replaced by NUMBER; its length, 0 where there is no real number. */
static size_t real_at(const char *json, char number[ZSC_NUMBER_TEXT + 2])
{
    size_t length = strspn(json, "-+.0123456789eE");
    if (strcspn(json, ".eE") >= length) return 0;
    zsc_number_text(strtod(json, NULL), number);
    if (!strpbrk(number, ".e")) strcat(number, ".0");
    if (strlen(number) > length) snprintf(number, ZSC_NUMBER_TEXT, "%.*s", (int)length, json);
    return length;
}

void zsc_json_shorten(char *json)
{
    char *to = json;
    bool quoted = false;
    for (const char *from = json; *from;) {
        char number[ZSC_NUMBER_TEXT + 2];
        size_t length = !quoted && strchr("-0123456789", *from) ? real_at(from, number) : 0;
        size_t kept = length ? strlen(number) : 0;
        if (length) {
            memcpy(to, number, kept);
        } else {
            kept = length = quoted && *from == '\\' && from[1] ? 2 : 1;
            if (*from == '"') quoted = !quoted;
            memmove(to, from, length);
        }
        from += length;
        to += kept;
    }
    *to = '\0';
}
