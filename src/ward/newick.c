/* A dendrogram in Newick notation: ((a:1,b:1):0.5,c:1.5); */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "zsc/ward.h"

/* A name is quoted where it holds a character with a meaning in the notation; a quote in it is doubled. */
static void append_name(zsc_text *text, const char *name)
{
    if (*name && !strpbrk(name, " \t\r\n()[]{},;:'\"_/\\=*`+-<>")) {
        zsc_text_append(text, name);
        return;
    }
    zsc_text_append(text, "'");
    for (size_t length; *name; name += length) {
        length = strcspn(name, "'");
        zsc_text_append_n(text, name, length);
        if (name[length] == '\'') {
            zsc_text_append(text, "''");
            length++;
        }
    }
    zsc_text_append(text, "'");
}

static void append_leaf(zsc_text *text, size_t row, const char *const *names)
{
    if (names)
        append_name(text, names[row]);
    else
        zsc_text_printf(text, "%zu", row);
}

typedef struct node_state {
    int32_t node;
    int32_t stage; /* children written so far */
    double above;  /* height of the parent */
} node_state;

/* Depth first, on an explicit stack: a dendrogram can be as deep as it has rows. */
static void write_tree(const double *z, size_t n, const char *const *names, node_state *stack, zsc_text *text)
{
    size_t depth = 0;
    int32_t root = (int32_t)(2 * n - 2);
    stack[depth++] = (node_state){root, 0, 0};
    while (depth) {
        node_state *v = &stack[depth - 1];
        bool leaf = (size_t)v->node < n;
        const double *row = leaf ? NULL : z + 4 * ((size_t)v->node - n);
        if (!leaf && v->stage < 2) {
            zsc_text_append(text, v->stage ? "," : "(");
            stack[depth++] = (node_state){(int32_t)row[v->stage++], 0, row[2]};
            continue;
        }
        if (leaf)
            append_leaf(text, (size_t)v->node, names);
        else
            zsc_text_append(text, ")");
        if (v->node != root) zsc_text_printf(text, ":%.9g", v->above - (leaf ? 0 : row[2]));
        depth--;
    }
}

zsc_status zsc_newick(const double *z, size_t n, const char *const *names, char **out)
{
    zsc_status status = ZSC_OK;
    zsc_text text = {0};
    node_state *stack = NULL;
    ZSC_TRY(zsc_linkage_check(z, n));
    ZSC_NEW_RAW(stack, n + 1);
    if (n > 0) write_tree(z, n, names, stack, &text);
    zsc_text_append(&text, ";\n");
    if (text.failed) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    *out = text.data;
    text.data = NULL;
done:
    free(stack);
    free(text.data);
    return status;
}
