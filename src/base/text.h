/* Text: a growing string, splitting, and the nearest of several names. */
#ifndef ZSC_BASE_TEXT_H
#define ZSC_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "zsc/status.h"

/* A growing string; start from {0}. After memory ran out `failed` is set,
 * `data` is NULL, and appending does nothing. */
typedef struct zsc_text {
    char *data; /* zero-terminated once anything was appended; the owner frees it */
    size_t length, capacity;
    bool failed;
} zsc_text;

void zsc_text_append(zsc_text *text, const char *string);
void zsc_text_append_n(zsc_text *text, const char *string, size_t length);
__attribute__((format(printf, 2, 3))) void zsc_text_printf(zsc_text *text, const char *format, ...);
/* A word as a shell reads it: in single quotes where it holds anything that a shell would change. */
void zsc_text_shell_word(zsc_text *text, const char *word);

/* A list of strings; start from {0}. */
typedef struct zsc_list {
    char **item;
    size_t count, capacity;
} zsc_list;

zsc_status zsc_list_add(zsc_list *list, const char *item); /* copies ITEM */
zsc_status zsc_list_split(zsc_list *list, const char *text,
                          const char *marks); /* adds the parts of TEXT between any of MARKS */
/* Adds ITEM unless it is there; *at (may be NULL): where it is. */
zsc_status zsc_list_add_once(zsc_list *list, const char *item, size_t *at);
bool zsc_list_has(const zsc_list *list, const char *item);
void zsc_list_free(zsc_list *list);

/* The first two different conditions NAME=VALUE that are on one name; false: there are none. */
bool zsc_conditions_on_one_name(const zsc_list *conditions, const char **one, const char **other);

/* Whether TEXT ends in END. */
bool zsc_text_ends(const char *text, const char *end);

/* All bits that are set in any of the bytes, looked at eight at a time: 0x80 says that one is beyond ASCII, no 0x20
 * that none is a small letter. */
unsigned char zsc_text_bits(const char *text, size_t length);

/* Bytes of the UTF-8 sequence that TEXT begins with, of at most LENGTH; 0 where there is none. */
size_t zsc_utf8_sequence(const char *text, size_t length);
/* Whether the bytes are UTF-8 (no overlong forms, no surrogates); plain ASCII is quick. */
bool zsc_utf8_valid(const char *text, size_t length);

/* Whether TEXT can name something in files, tables and figures: UTF-8 without line ends and other control
 * characters. */
bool zsc_text_is_name(const char *text);

/* As strcmp, with numbers by their value: 5 comes before 15, and 0.05 before 0.1. */
int zsc_compare_numerically(const char *a, const char *b);

/* The entry of NAMES that is fewest edits from NAME, or NULL when none is near enough to be what was meant. */
const char *zsc_nearest(const char *name, const char *const *names, size_t count);
/* Copies count strings into one block. */
zsc_status zsc_strings_copy(char *const *text, size_t count, char ***out);

#endif
