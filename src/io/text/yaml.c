#include "io/text/yaml.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

#include "base/memory.h"

enum { DEEPEST = 16, MOST_NODES = 100000 };

typedef struct reader {
    yaml_document_t *document;
    const char *path;
    size_t nodes;
} reader;

static zsc_status convert(reader *r, int id, int depth, zsc_yaml *out);

static zsc_status bad(const reader *r, size_t line, const char *what)
{
    return zsc_fail(ZSC_EINPUT, "%s:%zu: %s", r->path, line, what);
}

static zsc_status convert_list(reader *r, const yaml_node_t *node, int depth, zsc_yaml *out)
{
    zsc_status status = ZSC_OK;
    size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    ZSC_NEW(out->child, count);
    while (out->count < count) {
        int id = node->data.sequence.items.start[out->count];
        ZSC_TRY(convert(r, id, depth + 1, &out->child[out->count++]));
    }
done:
    return status;
}

static zsc_status convert_map(reader *r, const yaml_node_t *node, int depth, zsc_yaml *out)
{
    zsc_status status = ZSC_OK;
    size_t count = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
    ZSC_NEW(out->child, count);
    ZSC_NEW(out->key, count);
    ZSC_NEW(out->key_line, count);
    for (size_t i = 0; i < count; i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        const yaml_node_t *key = yaml_document_get_node(r->document, pair->key);
        size_t line = key ? key->start_mark.line + 1 : out->line;
        if (!key || key->type != YAML_SCALAR_NODE) return bad(r, line, "a key must be plain text");
        const char *name = (const char *)key->data.scalar.value;
        if (zsc_yaml_get(out, name))
            return zsc_fail(ZSC_EINPUT, "%s:%zu: key '%s' stands there twice", r->path, line, name);
        if (!(out->key[i] = zsc_strdup(name))) return ZSC_EINTERNAL;
        out->key_line[i] = line;
        out->count = i + 1;
        ZSC_TRY(convert(r, pair->value, depth + 1, &out->child[i]));
    }
done:
    return status;
}

static zsc_status convert(reader *r, int id, int depth, zsc_yaml *out)
{
    const yaml_node_t *node = yaml_document_get_node(r->document, id);
    if (!node) return bad(r, 1, "the document is empty");
    out->line = node->start_mark.line + 1;
    if (depth > DEEPEST) return bad(r, out->line, "nested too deeply");
    if (++r->nodes > MOST_NODES) return bad(r, out->line, "the document unfolds to too many values");
    switch (node->type) {
    case YAML_SCALAR_NODE:
        out->kind = ZSC_YAML_SCALAR;
        if (strlen((const char *)node->data.scalar.value) != node->data.scalar.length)
            return bad(r, out->line, "text holds a NUL");
        out->text = zsc_strdup((const char *)node->data.scalar.value);
        return out->text ? ZSC_OK : ZSC_EINTERNAL;
    case YAML_SEQUENCE_NODE: out->kind = ZSC_YAML_LIST; return convert_list(r, node, depth, out);
    case YAML_MAPPING_NODE: out->kind = ZSC_YAML_MAP; return convert_map(r, node, depth, out);
    default: return bad(r, out->line, "a value of unknown kind");
    }
}

/* One document is read: what follows it would have no effect. */
static zsc_status check_end(yaml_parser_t *parser, const char *path)
{
    yaml_document_t next;
    if (!yaml_parser_load(parser, &next))
        return zsc_fail(ZSC_EINPUT, "%s:%zu: not YAML: %s", path, parser->problem_mark.line + 1,
                        parser->problem ? parser->problem : "cannot be read");
    const yaml_node_t *root = yaml_document_get_root_node(&next);
    size_t line = root ? next.start_mark.line + 1 : 0;
    yaml_document_delete(&next);
    return root ? zsc_fail(ZSC_EINPUT,
                           "%s:%zu: a second document begins here, expected one; join them, or write them to files of "
                           "their own",
                           path, line)
                : ZSC_OK;
}

zsc_status zsc_yaml_read(const char *path, zsc_yaml *out)
{
    zsc_status status = ZSC_OK;
    yaml_parser_t parser;
    yaml_document_t document;
    zsc_yaml root = {0};
    bool have_parser = false, have_document = false;
    FILE *file = fopen(path, "rb");
    if (!file) return zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(errno));
    struct stat s;
    if (fstat(fileno(file), &s) == 0 && S_ISDIR(s.st_mode)) {
        status = zsc_fail(ZSC_EINPUT, "cannot read '%s': it is a folder; a YAML file is expected", path);
        goto done;
    }
    if (!(have_parser = yaml_parser_initialize(&parser))) {
        status = zsc_fail(ZSC_EINTERNAL, "out of memory for a YAML reader");
        goto done;
    }
    yaml_parser_set_input_file(&parser, file);
    if (!(have_document = yaml_parser_load(&parser, &document))) {
        status = zsc_fail(ZSC_EINPUT, "%s:%zu: not YAML: %s", path, parser.problem_mark.line + 1,
                          parser.problem ? parser.problem : "cannot be read");
        goto done;
    }
    if (!yaml_document_get_root_node(&document)) {
        status = zsc_fail(ZSC_EINPUT, "'%s' is empty", path);
        goto done;
    }
    reader r = {&document, path, 0};
    ZSC_TRY(convert(&r, 1, 0, &root));
    ZSC_TRY(check_end(&parser, path));
    *out = root;
    root = (zsc_yaml){0};
done:
    zsc_yaml_free(&root);
    if (have_document) yaml_document_delete(&document);
    if (have_parser) yaml_parser_delete(&parser);
    fclose(file);
    return status;
}

void zsc_yaml_free(zsc_yaml *node)
{
    for (size_t i = 0; i < node->count; i++) {
        zsc_yaml_free(&node->child[i]);
        if (node->key) free(node->key[i]);
    }
    free(node->child);
    free(node->key);
    free(node->key_line);
    free(node->text);
    *node = (zsc_yaml){0};
}

const zsc_yaml *zsc_yaml_get(const zsc_yaml *map, const char *key)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->key[i] && strcmp(map->key[i], key) == 0) return &map->child[i];
    return NULL;
}
