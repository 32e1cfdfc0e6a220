#include "io/csv_id_column.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/names.h"
#include "io/csv.h"

enum { MOST_COLUMNS = 64, MOST_ROWS = 100000 };

typedef struct search {
    size_t columns;
    bool repeats[MOST_COLUMNS]; /* a value comes twice, or is empty */
    zsc_names values[MOST_COLUMNS];
} search;

static zsc_status look_for_repeats(void *data, const zsc_csv_row *row)
{
    search *s = data;
    for (size_t i = 0; i < s->columns; i++) {
        int32_t number;
        int added = 1;
        if (s->repeats[i]) continue;
        zsc_status status = zsc_names_add(&s->values[i], row->field[i], row->length[i], &number, &added);
        if (status != ZSC_OK) return status;
        s->repeats[i] = !added || row->length[i] == 0;
    }
    return row->row < MOST_ROWS ? ZSC_OK : ZSC_EINTERRUPTED;
}

static bool named_like_ids(const char *name)
{
    static const char *const words[] = {"id", "file", "sample", "specimen", "accession", "name"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (const char *p = name; *p; p++)
            if (strncasecmp(p, words[i], strlen(words[i])) == 0) return true;
    return false;
}

size_t zsc_csv_id_column(const char *path, const zsc_table_layout *given, const zsc_list *header)
{
    struct stat file;
    size_t found = SIZE_MAX;
    zsc_csv_column columns[MOST_COLUMNS] = {0};
    const char *names[MOST_COLUMNS][2] = {0};
    if (stat(path, &file) != 0 || !S_ISREG(file.st_mode)) return SIZE_MAX;
    search *s = zsc_calloc(1, sizeof *s, "a search for ids");
    if (!s) return SIZE_MAX;
    s->columns = header->count < MOST_COLUMNS ? header->count : MOST_COLUMNS;
    for (size_t i = 0; i < s->columns; i++) {
        names[i][0] = header->item[i];
        columns[i].names = names[i];
    }
    zsc_status status = zsc_csv_read(path, given, columns, s->columns, NULL, look_for_repeats, s);
    for (size_t i = 0; (status == ZSC_OK || status == ZSC_EINTERRUPTED) && i < s->columns; i++) {
        if (s->repeats[i]) continue;
        if (found == SIZE_MAX || (named_like_ids(header->item[i]) && !named_like_ids(header->item[found]))) found = i;
    }
    for (size_t i = 0; i < s->columns; i++) zsc_names_free(&s->values[i]);
    free(s);
    return found;
}
