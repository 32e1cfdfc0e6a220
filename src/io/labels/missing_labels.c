#include "io/labels/missing_labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

/* na_values of pandas.read_csv (version 2), and CLIBD's word. */
static const char *const default_words[] = {
    "#N/A", "#N/A N/A", "#NA",  "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",        "<NA>",
    "N/A",  "NA",       "NULL", "NaN",     "None",     "n/a",  "nan",  "null",   "not_classified",
};
enum { DEFAULT_WORDS = sizeof default_words / sizeof *default_words };

static bool is_word(const char *text, const char *const *word, size_t words)
{
    for (size_t i = 0; i < words; i++)
        if (strcmp(text, word[i]) == 0) return true;
    return false;
}

static zsc_status split_words(const char *list, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    for (const char *end; *list && status == ZSC_OK; list = end + (*end != '\0')) {
        end = list + strcspn(list, ",");
        while (*list == ' ') list++;
        size_t length = end > list ? (size_t)(end - list) : 0;
        while (length > 0 && list[length - 1] == ' ') length--;
        if (length == 0) continue;
        char *word = zsc_strndup(list, length);
        status = word ? zsc_list_add(out, word) : ZSC_EINTERNAL;
        free(word);
    }
    return status;
}

zsc_status zsc_missing_labels_make(const char *list, zsc_missing_labels *out)
{
    zsc_missing_labels missing = {.word = default_words, .words = DEFAULT_WORDS};
    if (list) {
        zsc_status status = split_words(list, &missing.own);
        if (status != ZSC_OK) {
            zsc_list_free(&missing.own);
            return status;
        }
        missing.word = (const char *const *)missing.own.item;
        missing.words = missing.own.count;
    }
    for (size_t i = 0; i < missing.words; i++) missing.first[(unsigned char)missing.word[i][0]] = true;
    *out = missing;
    return ZSC_OK;
}

void zsc_missing_labels_free(zsc_missing_labels *missing)
{
    zsc_list_free(&missing->own);
    *missing = (zsc_missing_labels){0};
}

bool zsc_is_missing(const zsc_missing_labels *missing, const char *text)
{
    if (!*text) return true;
    return missing->first[(unsigned char)*text] && is_word(text, missing->word, missing->words);
}

bool zsc_is_missing_by_default(const char *text) { return !*text || is_word(text, default_words, DEFAULT_WORDS); }

static bool is_number(const char *text)
{
    text += *text == '-';
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || (digits > 1 && *text == '0')) return false; /* 007 is a name */
    return text[digits] == '\0' || strcmp(text + digits, ".0") == 0;
}

bool zsc_is_minus_one(const char *text) { return strcmp(text, "-1") == 0 || strcmp(text, "-1.0") == 0; }

bool zsc_are_label_numbers(const zsc_missing_labels *missing, char *const *text, size_t n)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        bool none = zsc_is_missing(missing, text[i]);
        if (!none && !is_number(text[i])) return false;
        any = any || !none;
    }
    return any;
}
