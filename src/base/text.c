#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool reserve(zsc_text *text, size_t more)
{
    if (text->failed) return false;
    if (zsc_grow(&text->data, &text->capacity, text->length + more + 1, 1, "text") == ZSC_OK) return true;
    free(text->data); /* a text that lacks a part must not be taken for the whole */
    *text = (zsc_text){.failed = true};
    return false;
}

void zsc_text_append_n(zsc_text *text, const char *string, size_t length)
{
    if (!reserve(text, length)) return;
    memcpy(text->data + text->length, string, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void zsc_text_append(zsc_text *text, const char *string) { zsc_text_append_n(text, string, strlen(string)); }

void zsc_text_printf(zsc_text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length >= 0 && reserve(text, (size_t)length)) {
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

zsc_status zsc_list_add(zsc_list *list, const char *item)
{
    char *copy = zsc_strdup(item);
    zsc_status status = copy ? zsc_grow(&list->item, &list->capacity, list->count + 1, sizeof *list->item, "a list")
                             : ZSC_EINTERNAL;
    if (status != ZSC_OK) {
        free(copy);
        return status;
    }
    list->item[list->count++] = copy;
    return ZSC_OK;
}

zsc_status zsc_list_split(zsc_list *list, const char *text, const char *marks)
{
    while (*text) {
        size_t length = strcspn(text, marks);
        if (length) {
            char *part = zsc_strndup(text, length);
            zsc_status status = part ? zsc_list_add(list, part) : ZSC_EINTERNAL;
            free(part);
            if (status != ZSC_OK) return status;
        }
        text += length + (text[length] != '\0');
    }
    return ZSC_OK;
}

zsc_status zsc_list_add_once(zsc_list *list, const char *item, size_t *at)
{
    size_t i = 0;
    while (i < list->count && strcmp(list->item[i], item) != 0) i++;
    if (at) *at = i;
    return i < list->count ? ZSC_OK : zsc_list_add(list, item);
}

bool zsc_list_has(const zsc_list *list, const char *item)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i], item) == 0) return true;
    return false;
}

void zsc_list_free(zsc_list *list)
{
    for (size_t i = 0; i < list->count; i++) free(list->item[i]);
    free(list->item);
    *list = (zsc_list){0};
}

bool zsc_conditions_on_one_name(const zsc_list *conditions, const char **one, const char **other)
{
    for (size_t i = 0; i < conditions->count; i++)
        for (size_t k = 0; k < i; k++) {
            const char *a = conditions->item[k], *b = conditions->item[i];
            size_t length = strcspn(a, "=");
            if (length != strcspn(b, "=") || strncmp(a, b, length) != 0 || strcmp(a, b) == 0) continue;
            *one = a;
            *other = b;
            return true;
        }
    return false;
}

bool zsc_text_ends(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

unsigned char zsc_text_bits(const char *text, size_t length)
{
    uint64_t any = 0, word = 0;
    for (; length >= sizeof word; text += sizeof word, length -= sizeof word) {
        memcpy(&word, text, sizeof word);
        any |= word;
    }
    word = 0;
    if (length) memcpy(&word, text, length);
    any |= word;
    any |= any >> 32;
    any |= any >> 16;
    any |= any >> 8;
    return (unsigned char)any;
}

/* Unicode 15, table 3-7. */
size_t zsc_utf8_sequence(const char *bytes, size_t length)
{
    const unsigned char *text = (const unsigned char *)bytes;
    unsigned char first = text[0];
    size_t need = first < 0x80                     ? 1
                  : first >= 0xc2 && first <= 0xdf ? 2
                  : first >= 0xe0 && first <= 0xef ? 3
                  : first >= 0xf0 && first <= 0xf4 ? 4
                                                   : 0;
    if (need == 0 || need > length) return 0;
    for (size_t i = 1; i < need; i++)
        if ((text[i] & 0xc0) != 0x80) return 0;
    if ((first == 0xe0 && text[1] < 0xa0) || (first == 0xed && text[1] > 0x9f) || (first == 0xf0 && text[1] < 0x90) ||
        (first == 0xf4 && text[1] > 0x8f))
        return 0;
    return need;
}

bool zsc_utf8_valid(const char *text, size_t length)
{
    size_t i = 0;
    while (i < length) {
        uint64_t word;
        while (length - i >= sizeof word) {
            memcpy(&word, text + i, sizeof word);
            if (word & UINT64_C(0x8080808080808080)) break;
            i += sizeof word;
        }
        if (i >= length) break;
        size_t step = zsc_utf8_sequence(text + i, length - i);
        if (step == 0) return false;
        i += step;
    }
    return true;
}

/* Levenshtein's distance; names of 63 letters at most. */
static size_t edits(const char *a, const char *b)
{
    enum { LONGEST = 64 };
    size_t la = strlen(a), lb = strlen(b), row[LONGEST];
    if (la >= LONGEST || lb >= LONGEST) return LONGEST;
    for (size_t j = 0; j <= lb; j++) row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[lb];
}

const char *zsc_nearest(const char *name, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t least = strlen(name) / 3 + 2; /* a third of the letters, or one, may be wrong */
    for (size_t i = 0; i < count; i++) {
        size_t d = edits(name, names[i]);
        if (d < least) {
            least = d;
            best = names[i];
        }
    }
    return best;
}

int zsc_compare_numerically(const char *a, const char *b)
{
    while (*a && *b) {
        char *after_a = NULL, *after_b = NULL;
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            double x = strtod(a, &after_a), y = strtod(b, &after_b);
            if (x != y) return x < y ? -1 : 1;
            a = after_a, b = after_b;
        } else if (*a != *b) {
            break;
        } else {
            a++, b++;
        }
    }
    return strcmp(a, b);
}

void zsc_text_shell_word(zsc_text *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
    if (*word && word[strspn(word, plain)] == '\0') {
        zsc_text_printf(out, "%s", word);
        return;
    }
    zsc_text_printf(out, "'");
    for (const char *p = word; *p; p++)
        if (*p == '\'')
            zsc_text_printf(out, "'\\''");
        else
            zsc_text_append_n(out, p, 1);
    zsc_text_printf(out, "'");
}

bool zsc_text_is_name(const char *text)
{
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p < ' ' || *p == '\x7f') return false;
    return zsc_utf8_valid(text, strlen(text));
}

zsc_status zsc_strings_copy(char *const *text, size_t count, char ***out)
{
    size_t letters = 0;
    for (size_t i = 0; i < count; i++) letters += strlen(text[i]) + 1;
    char **copy = malloc(count * sizeof *copy + letters + 1);
    if (!copy) return zsc_fail_memory(count * sizeof *copy + letters, 1, "strings");
    char *at = (char *)(copy + count);
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(text[i]) + 1;
        memcpy(at, text[i], size);
        copy[i] = at;
        at += size;
    }
    *out = copy;
    return ZSC_OK;
}
