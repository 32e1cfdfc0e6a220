#include "data/loading.h"

#include <stdlib.h>
#include <string.h>

#include "io/files/piped_input.h"

void zsc_loaded_labels_free(zsc_loaded_labels *labels)
{
    for (size_t i = 0; i < labels->columns; i++) {
        free(labels->column[i].code);
        zsc_names_free(&labels->column[i].names);
    }
    free(labels->column);
    free(labels->barcode);
    free(labels->unlabelled);
    zsc_list_free(&labels->names);
}

void zsc_loading_free(zsc_loading *l)
{
    for (size_t m = 0; l->file && m < l->files; m++) {
        bool seen = false;
        for (size_t i = 0; i < m; i++) seen = seen || l->file[i] == l->file[m];
        if (!seen) zsc_embeddings_close(l->file[m]);
        free(l->place ? l->place[m] : NULL);
    }
    if (!l->borrowed) zsc_loaded_labels_free(&l->labels);
    free(l->file);
    free(l->encoder);
    free(l->place);
    free(l->identity);
    free(l->unmatched);
    free(l->kept);
    free(l->listed);
    zsc_id_list_free(&l->list);
    zsc_names_free(&l->id);
    zsc_missing_labels_free(&l->missing);
    if (l->own_table && l->table == l->own_table) zsc_input_forget(l->own_table);
    free(l->own_table);
}

zsc_label_column *zsc_loading_column(zsc_loading *l, const char *name)
{
    for (size_t i = 0; i < l->labels.columns; i++)
        if (strcmp(l->labels.column[i].name, name) == 0) return &l->labels.column[i];
    return NULL;
}
