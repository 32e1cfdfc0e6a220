/* Whether the inputs of a plan are there. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "data/label_table.h"
#include "experiment/plan/plan.h"
#include "io/embeddings.h"
#include "io/file_layout.h"

typedef struct input_check {
    const char *path, *key;
    const zsc_file_layout *file_layout; /* of the first run, as where patterns are unfolded */
    char *name;                         /* the file that was opened last: encoders of one file stand together */
    zsc_embeddings *file;
    zsc_list noted; /* files whose parts have been reported */
} input_check;

static zsc_status check_embeddings(input_check *l, const zsc_yaml *node)
{
    zsc_status status = ZSC_OK;
    char *name = NULL, *encoder = NULL;
    const zsc_encoder *found = NULL;
    ZSC_TRY(zsc_embeddings_split_name(node->text, &name, &encoder));
    if (!l->name || strcmp(l->name, name) != 0) {
        zsc_embeddings_close(l->file);
        free(l->name);
        l->file = NULL;
        l->name = NULL;
        ZSC_TRY(zsc_embeddings_open(name, l->file_layout, &l->file));
        if (!zsc_list_has(&l->noted, name)) {
            zsc_embeddings_note(l->file);
            ZSC_TRY(zsc_list_add(&l->noted, name));
        }
        l->name = name;
        name = NULL;
    }
    if (zsc_embeddings_is_pattern(encoder)) goto done; /* unfolding it has opened the file */
    ZSC_TRY(zsc_embeddings_encoder(l->file, encoder, &found));
done:
    free(name);
    free(encoder);
    return status;
}

static zsc_status check_metadata(input_check *l, const zsc_yaml *node)
{
    (void)l;
    return zsc_label_table_check(node->text);
}

/* Every scalar at or below NODE. */
static zsc_status check_all(input_check *l, const zsc_yaml *node,
                            zsc_status (*one)(input_check *l, const zsc_yaml *node))
{
    zsc_status status = ZSC_OK;
    if (node->kind == ZSC_YAML_SCALAR) {
        status = one(l, node);
        if (status == ZSC_EUSAGE) status = ZSC_EINPUT;
        return zsc_context(status, "%s:%zu: %s", l->path, node->line, l->key);
    }
    for (size_t i = 0; i < node->count && status == ZSC_OK; i++) status = check_all(l, &node->child[i], one);
    return status;
}

zsc_status zsc_plan_check_inputs(const zsc_plan *plan, const char *path)
{
    static const struct {
        const char *key;
        zsc_status (*one)(input_check *l, const zsc_yaml *node);
    } keys[] = {{"embeddings", check_embeddings},
                {"pairs", check_embeddings},
                {"keys", check_embeddings},
                {"queries", check_embeddings},
                {"metadata", check_metadata}};
    zsc_status status = ZSC_OK;
    const zsc_dataset_options *first = plan->count ? &plan->run[0].options.data : NULL;
    zsc_file_layout layout = {0};
    if (first) layout = zsc_file_layout_with_missing(&first->file_layout, first->missing_values);
    input_check l = {.path = path, .file_layout = first ? &layout : NULL};
    for (size_t i = 0; i < sizeof keys / sizeof *keys && status == ZSC_OK; i++) {
        const zsc_yaml *node = zsc_yaml_get(&plan->file, keys[i].key);
        l.key = keys[i].key;
        if (node) status = check_all(&l, node, keys[i].one);
    }
    zsc_embeddings_close(l.file);
    free(l.name);
    zsc_list_free(&l.noted);
    return status;
}
