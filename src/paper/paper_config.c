#include "paper/paper_config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/value.h"
#include "experiment/settings/linear_settings.h"
#include "io/embeddings.h"
#include "io/files/input_files.h"
#include "io/text/yaml.h"

const char zsc_paper_example[] =
    "# What the figures and tables of the BIOSCAN-5M paper are made of. Paths are relative to the folder of this "
    "file.\n"
    "#   zsc paper --dry-run paper.yaml -o paper        what would be made, and how long it would take\n"
    "#   zsc paper paper.yaml -o paper                  make it; paper/index.html shows everything\n"
    "# Items whose inputs are not named here are left out, and the page says so.\n"
    "\n"
    "metadata: BIOSCAN_5M_Insect_Dataset_metadata.csv\n"
    "# images: images                # folder of <processid>.jpg, also in subfolders (Figure A12)\n"
    "# coastline: coast.txt          # lines of the maps, as `zsc plot map --coastline` takes them (Figures 3 and A1)\n"
    "\n"
    "# Clustering (Figures 6 and A11, Table A16). A file is anything that `zsc run -e` takes: FILE, FOLDER, "
    "FILE:ENCODER;\n"
    "# a list is parts of one embedding, such as a file for each split.\n"
    "encoders:\n"
    "  - label: ResNet-50 DINO\n"
    "    file: [test__z1.0/bioscan5m__dino_resnet50.npz, test_unseen__z1.0/bioscan5m__dino_resnet50.npz]\n"
    "    modality: image             # image or dna\n"
    "    pretraining: DINO           # gives the colour\n"
    "    architecture: ResNet-50     # gives marker and shade\n"
    "  - label: BarcodeBERT\n"
    "    file: [test__maxlen660/bioscan5m__barcodebert.npz, test_unseen__maxlen660/bioscan5m__barcodebert.npz]\n"
    "    modality: dna\n"
    "    pretraining: BarcodeBERT\n"
    "    architecture: Transformer\n"
    "\n"
    "# Nearest keys and linear probes (Tables 4 and A15): splits train, val, test, test_unseen, val_unseen.\n"
    "# probes:\n"
    "#   - {label: BarcodeBERT, file: barcodebert_all_splits.npz}\n"
    "# linear: {solver: lbfgs}       # settings of `zsc probe`; by default those of the paper\n"
    "\n"
    "# Retrieval between modalities (Tables 5 and A17, Figure A12): splits train, key_unseen, test, test_unseen.\n"
    "# retrieval:\n"
    "#   - {label: No alignment, image: \"clibd/before:image\", dna: \"clibd/before:dna\"}\n"
    "#   - {label: CLIBD, image: \"clibd/after:image\", dna: \"clibd/after:dna\"}\n"
    "\n"
    "# seeds: 0-4                    # of the second column (--sound)\n";

typedef struct reading {
    const char *path;
    zsc_paper_config *config;
    const json_t *known; /* may be NULL */
} reading;

/* --- Keys and values */
static zsc_status fail_at(const reading *r, size_t line, const char *what)
{
    return zsc_fail(ZSC_EINPUT, "%s:%zu: %s", r->path, line, what);
}

static zsc_status check_keys(const reading *r, const zsc_yaml *map, const char *const *known, size_t count)
{
    for (size_t k = 0; k < map->count; k++) {
        size_t i = 0;
        while (i < count && strcmp(map->key[k], known[i]) != 0) i++;
        if (i < count) continue;
        const char *near = zsc_nearest(map->key[k], known, count);
        return near ? zsc_fail(ZSC_EINPUT, "%s:%zu: there is no key '%s' here; did you mean '%s'?", r->path,
                               map->key_line[k], map->key[k], near)
                    : zsc_fail(ZSC_EINPUT, "%s:%zu: there is no key '%s' here", r->path, map->key_line[k], map->key[k]);
    }
    return ZSC_OK;
}

/* The text of a key, NULL where there is none. */
static zsc_status read_text(const reading *r, const zsc_yaml *map, const char *key, char **out)
{
    const zsc_yaml *node = zsc_yaml_get(map, key);
    if (!node) return ZSC_OK;
    if (node->kind != ZSC_YAML_SCALAR || !*node->text)
        return zsc_fail(ZSC_EINPUT, "%s:%zu: %s expects one text", r->path, node->line, key);
    if (!zsc_text_is_name(node->text))
        return zsc_fail(ZSC_EINPUT, "%s:%zu: %s holds characters that are no text", r->path, node->line, key);
    return zsc_copy_text(node->text, out);
}

static zsc_status need(const reading *r, const zsc_yaml *map, const char *key, const char *what)
{
    if (zsc_yaml_get(map, key)) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "%s:%zu: %s has no %s", r->path, map->line, what, key);
}

/* --- Paths */
static char *resolve(const reading *r, const char *path)
{
    return zsc_asprintf("%s%s", *path == '/' ? "" : r->config->folder, path);
}

static zsc_status read_path(const reading *r, const zsc_yaml *map, const char *key, char **out)
{
    char *text = NULL;
    zsc_status status = read_text(r, map, key, &text);
    if (status == ZSC_OK && text && !(*out = resolve(r, text))) status = ZSC_EINTERNAL;
    free(text);
    return status;
}

/* --- Embeddings */
/* PART of a source, "FILE" or "A+B:ENCODER": its files, and the encoder, where it is named; all parts that name one
 * name the same. */
static zsc_status take_part(const reading *r, size_t line, const char *part, zsc_list *files, char **encoder)
{
    zsc_status status = ZSC_OK;
    char *whole = NULL, *path = NULL, *named = NULL;
    zsc_list names = {0};
    /* where PART begins, files are looked for from the configuration's folder */
    if (!(whole = resolve(r, part))) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_embeddings_split_name(whole, &path, &named));
    if (access(path, F_OK) == 0) {
        ZSC_TRY(zsc_list_add(files, path));
    } else {
        free(path), free(named);
        path = named = NULL;
        char *colon = strrchr(whole, ':');
        if (colon && !strchr(colon, '/') && !zsc_input_exists(whole)) {
            *colon = '\0';
            if (!(named = zsc_strdup(colon + 1))) ZSC_TRY(ZSC_EINTERNAL);
        }
        ZSC_TRY(zsc_list_split(&names, whole + (*part == '/' ? 0 : strlen(r->config->folder)), "+"));
        for (size_t i = 0; i < names.count; i++) {
            char *file = resolve(r, names.item[i]);
            status = file ? zsc_list_add(files, file) : ZSC_EINTERNAL;
            free(file);
            if (status != ZSC_OK) goto done;
        }
    }
    if (named && *encoder && strcmp(*encoder, named) != 0) {
        status = zsc_fail(ZSC_EINPUT, "%s:%zu: parts of one embedding name two encoders, '%s' and '%s'; expected one",
                          r->path, line, *encoder, named);
    } else if (named && !*encoder) {
        *encoder = named;
        named = NULL;
    }
done:
    zsc_list_free(&names);
    free(whole);
    free(path);
    free(named);
    return status;
}

static zsc_status find_absent(zsc_paper_source *s)
{
    zsc_text text = {0};
    size_t count = 0;
    for (size_t i = 0; i < s->files.count; i++) {
        if (zsc_input_exists(s->files.item[i])) continue;
        if (count++ < 2) zsc_text_printf(&text, "%s'%s'", count > 1 ? ", " : "", s->files.item[i]);
    }
    if (count > 2) zsc_text_printf(&text, " and %zu more", count - 2);
    if (count) zsc_text_append(&text, count > 1 ? " are not there" : " is not there");
    s->absent = text.data;
    return text.failed ? ZSC_EINTERNAL : ZSC_OK;
}

/* Takes what is known of these files, if they have not changed since. */
static bool recall(const reading *r, zsc_paper_source *s)
{
    char text[ZSC_DIGEST_TEXT];
    const json_t *known = json_object_get(r->known, s->spec);
    const char *identity = json_string_value(json_object_get(known, "identity")),
               *encoder = json_string_value(json_object_get(known, "encoder"));
    if (!s->identified || !identity || !encoder) return false;
    if (strcmp(identity, zsc_digest_text(s->identity, text)) != 0) return false;
    s->columns = (size_t)json_integer_value(json_object_get(known, "columns"));
    s->encoder = zsc_strdup(encoder);
    return s->encoder != NULL;
}

/* What the file calls the encoder, which results name it by. */
static zsc_status find_encoder(const reading *r, zsc_paper_source *s)
{
    zsc_status status = ZSC_OK;
    char *path = NULL, *named = NULL;
    zsc_embeddings *file = NULL;
    const zsc_encoder *encoder = NULL;
    ZSC_TRY(zsc_embeddings_split_name(s->spec, &path, &named));
    if (named && zsc_embeddings_is_pattern(named)) {
        status = zsc_fail(ZSC_EINPUT, "'%s' stands for several encoders; name one", s->spec);
        goto done;
    }
    ZSC_TRY(zsc_input_identity(path, &s->identity, &s->identified));
    if (recall(r, s)) goto done;
    status = zsc_embeddings_open_for(path, named, NULL, &file);
    if (status == ZSC_EINPUT) { /* what does not need it is made nevertheless */
        status = zsc_copy_text(zsc_error_message(), &s->absent);
        zsc_error_clear();
        goto done;
    }
    ZSC_TRY(status);
    ZSC_TRY(zsc_embeddings_encoder(file, named, &encoder));
    s->columns = encoder->d;
    status = zsc_copy_text(encoder->name, &s->encoder);
done:
    zsc_embeddings_close(file);
    free(path);
    free(named);
    return status == ZSC_OK ? status : zsc_context(status, "%s:%zu", r->path, s->line);
}

static zsc_status join_files(zsc_paper_source *s, const char *encoder)
{
    zsc_text text = {0};
    for (size_t i = 0; i < s->files.count; i++) zsc_text_printf(&text, "%s%s", i ? "+" : "", s->files.item[i]);
    if (encoder) zsc_text_printf(&text, ":%s", encoder);
    s->spec = text.data;
    return text.failed ? ZSC_EINTERNAL : ZSC_OK;
}

static zsc_status read_source(const reading *r, const zsc_yaml *map, const char *key, zsc_paper_source *out)
{
    zsc_status status = ZSC_OK;
    char *encoder = NULL;
    const zsc_yaml *node = zsc_yaml_get(map, key);
    size_t n = node->kind == ZSC_YAML_LIST ? node->count : 1;
    out->line = node->line;
    for (size_t i = 0; i < n; i++) {
        const zsc_yaml *item = node->kind == ZSC_YAML_LIST ? &node->child[i] : node;
        if (item->kind != ZSC_YAML_SCALAR || !*item->text) {
            status = zsc_fail(ZSC_EINPUT, "%s:%zu: %s expects FILE[:ENCODER], or a list of files", r->path, item->line,
                              key);
            goto done;
        }
        ZSC_TRY(take_part(r, item->line, item->text, &out->files, &encoder));
    }
    if (n == 0) ZSC_TRY(fail_at(r, node->line, "a list of files is empty"));
    ZSC_TRY(join_files(out, encoder));
    ZSC_TRY(find_absent(out));
    if (!out->absent) status = find_encoder(r, out);
done:
    free(encoder);
    return status;
}

static void source_clear(zsc_paper_source *s)
{
    zsc_list_free(&s->files);
    free(s->spec);
    free(s->encoder);
    free(s->absent);
}

static void encoder_clear(zsc_paper_encoder *e)
{
    char *texts[] = {e->label, e->modality, e->pretraining, e->architecture};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
    source_clear(&e->source);
}

static void model_clear(zsc_paper_model *m)
{
    free(m->label);
    source_clear(&m->image);
    source_clear(&m->dna);
}

/* --- Entries of the lists */
static zsc_status check_entry(const reading *r, const zsc_yaml *node, const char *what)
{
    if (node->kind == ZSC_YAML_MAP) return need(r, node, "label", what);
    return zsc_fail(ZSC_EINPUT, "%s:%zu: %s expects keys such as label and their values", r->path, node->line, what);
}

static zsc_status read_encoder(const reading *r, const zsc_yaml *node, zsc_paper_encoder *e)
{
    static const char *const known[] = {"label", "file", "modality", "pretraining", "architecture"};
    zsc_status status = ZSC_OK;
    ZSC_TRY(check_entry(r, node, "an encoder"));
    ZSC_TRY(check_keys(r, node, known, sizeof known / sizeof *known));
    ZSC_TRY(need(r, node, "file", "the encoder"));
    ZSC_TRY(need(r, node, "modality", "the encoder"));
    ZSC_TRY(read_text(r, node, "label", &e->label));
    ZSC_TRY(read_text(r, node, "modality", &e->modality));
    ZSC_TRY(read_text(r, node, "pretraining", &e->pretraining));
    ZSC_TRY(read_text(r, node, "architecture", &e->architecture));
    if (strcmp(e->modality, "image") != 0 && strcmp(e->modality, "dna") != 0)
        ZSC_TRY(zsc_fail(ZSC_EINPUT, "%s:%zu: modality expects image or dna, not '%s'", r->path,
                         zsc_yaml_get(node, "modality")->line, e->modality));
    status = read_source(r, node, "file", &e->source);
done:
    return status;
}

static zsc_status read_probe(const reading *r, const zsc_yaml *node, zsc_paper_encoder *e)
{
    static const char *const known[] = {"label", "file"};
    zsc_status status = ZSC_OK;
    ZSC_TRY(check_entry(r, node, "an encoder of probes"));
    ZSC_TRY(check_keys(r, node, known, sizeof known / sizeof *known));
    ZSC_TRY(need(r, node, "file", "the encoder"));
    ZSC_TRY(read_text(r, node, "label", &e->label));
    status = read_source(r, node, "file", &e->source);
done:
    return status;
}

static zsc_status read_model(const reading *r, const zsc_yaml *node, zsc_paper_model *m)
{
    static const char *const known[] = {"label", "image", "dna"};
    zsc_status status = ZSC_OK;
    ZSC_TRY(check_entry(r, node, "a model of retrieval"));
    ZSC_TRY(check_keys(r, node, known, sizeof known / sizeof *known));
    ZSC_TRY(need(r, node, "image", "the model"));
    ZSC_TRY(need(r, node, "dna", "the model"));
    ZSC_TRY(read_text(r, node, "label", &m->label));
    ZSC_TRY(read_source(r, node, "image", &m->image));
    status = read_source(r, node, "dna", &m->dna);
done:
    return status;
}

/* Results know encoders by the names that files give them. */
static zsc_status check_names(const reading *r, const zsc_paper_encoder *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const zsc_paper_source *s = &list[i].source;
        if (s->encoder && strchr(s->encoder, ','))
            return zsc_fail(ZSC_EINPUT,
                            "%s:%zu: the encoder is called '%s', and names with a comma cannot be listed; "
                            "zsc import --name gives it another",
                            r->path, s->line, s->encoder);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(list[k].label, list[i].label) == 0)
                return zsc_fail(ZSC_EINPUT, "%s:%zu: the label '%s' is that of line %zu too; expected another", r->path,
                                s->line, list[i].label, list[k].source.line);
            if (s->encoder && list[k].source.encoder && strcmp(s->encoder, list[k].source.encoder) == 0)
                return zsc_fail(ZSC_EINPUT,
                                "%s:%zu: its file calls this encoder '%s', as that of line %zu does; results could not "
                                "tell them apart: zsc import --name gives one of them another name",
                                r->path, s->line, s->encoder, list[k].source.line);
        }
    }
    return ZSC_OK;
}

/* --- Lists of the file */
static zsc_status read_list(const reading *r, const zsc_yaml *root, const char *key, const zsc_yaml **out)
{
    *out = zsc_yaml_get(root, key);
    if (!*out || (*out)->kind == ZSC_YAML_LIST) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "%s:%zu: %s expects a list, each entry with a label and a file", r->path, (*out)->line,
                    key);
}

static zsc_status read_encoders(const reading *r, const zsc_yaml *root, const char *key,
                                zsc_status (*read)(const reading *, const zsc_yaml *, zsc_paper_encoder *),
                                zsc_paper_encoder **list, size_t *count, size_t *capacity)
{
    zsc_status status = ZSC_OK;
    const zsc_yaml *node = NULL;
    ZSC_TRY(read_list(r, root, key, &node));
    for (size_t i = 0; node && i < node->count; i++) {
        ZSC_TRY(zsc_grow(list, capacity, *count + 1, sizeof **list, "a configuration"));
        (*list)[*count] = (zsc_paper_encoder){0};
        ZSC_TRY(read(r, &node->child[i], &(*list)[(*count)++]));
    }
    status = check_names(r, *list, *count);
done:
    return status;
}

static zsc_status read_models(const reading *r, const zsc_yaml *root)
{
    zsc_status status = ZSC_OK;
    zsc_paper_config *c = r->config;
    const zsc_yaml *node = NULL;
    ZSC_TRY(read_list(r, root, "retrieval", &node));
    for (size_t i = 0; node && i < node->count; i++) {
        ZSC_TRY(zsc_grow(&c->model, &c->model_capacity, c->models + 1, sizeof *c->model, "a configuration"));
        c->model[c->models] = (zsc_paper_model){0};
        ZSC_TRY(read_model(r, &node->child[i], &c->model[c->models++]));
        for (size_t k = 0; k < i; k++)
            if (strcmp(c->model[k].label, c->model[i].label) == 0)
                ZSC_TRY(zsc_fail(ZSC_EINPUT, "%s:%zu: the label '%s' is that of line %zu too; expected another",
                                 r->path, node->child[i].line, c->model[i].label, node->child[k].line));
    }
done:
    return status;
}

/* --- Settings */
static zsc_status read_linear(const reading *r, const zsc_yaml *root)
{
    zsc_status status = ZSC_OK;
    zsc_paper_config *c = r->config;
    const zsc_yaml *node = zsc_yaml_get(root, "linear");
    zsc_linear_options scratch = zsc_linear_defaults();
    const char *known[32];
    size_t n = 0;
    if (!node) return ZSC_OK;
    if (node->kind != ZSC_YAML_MAP) return fail_at(r, node->line, "linear expects settings of zsc probe");
    for (; n < zsc_linear_setting_count && n < sizeof known / sizeof *known; n++)
        known[n] = zsc_linear_settings[n].name;
    ZSC_TRY(check_keys(r, node, known, n));
    for (size_t k = 0; k < node->count; k++) {
        const zsc_yaml *value = &node->child[k];
        size_t i = 0;
        while (strcmp(known[i], node->key[k]) != 0) i++;
        if (value->kind != ZSC_YAML_SCALAR) ZSC_TRY(fail_at(r, value->line, "a setting of linear expects one value"));
        status = zsc_setting_parse(&zsc_linear_settings[i], value->text, &scratch);
        if (status != ZSC_OK) {
            status = zsc_context(status, "%s:%zu", r->path, value->line);
            goto done;
        }
        ZSC_TRY(zsc_grow(&c->linear, &c->setting_capacity, c->settings + 1, sizeof *c->linear, "a configuration"));
        zsc_paper_setting *s = &c->linear[c->settings++];
        *s = (zsc_paper_setting){0};
        ZSC_TRY(zsc_copy_text(node->key[k], &s->name));
        ZSC_TRY(zsc_copy_text(value->text, &s->value));
    }
done:
    return status;
}

static zsc_status read_seeds(const reading *r, const zsc_yaml *root)
{
    static const zsc_value_owner owner = {"", "seeds", ZSC_EINPUT};
    zsc_seeds seeds = {0};
    zsc_status status = read_text(r, root, "seeds", &r->config->seeds);
    if (status != ZSC_OK) return status;
    if (!r->config->seeds) return zsc_copy_text("0-4", &r->config->seeds);
    status = zsc_value_seeds(&owner, r->config->seeds, &seeds);
    free(seeds.item);
    return status == ZSC_OK ? status : zsc_context(status, "%s:%zu", r->path, zsc_yaml_get(root, "seeds")->line);
}

static zsc_status check_metadata(zsc_paper_config *c)
{
    if (zsc_input_exists(c->metadata)) return ZSC_OK;
    return (c->metadata_absent = zsc_asprintf("'%s' is not there", c->metadata)) ? ZSC_OK : ZSC_EINTERNAL;
}

static zsc_status check_images(zsc_paper_config *c)
{
    struct stat s;
    bool there = c->images && stat(c->images, &s) == 0;
    if (!c->images || (there && S_ISDIR(s.st_mode))) return ZSC_OK;
    c->images_absent = zsc_asprintf("'%s' is %s", c->images, there ? "no folder" : "not there");
    return c->images_absent ? ZSC_OK : ZSC_EINTERNAL;
}

static zsc_status read_root(const reading *r, const zsc_yaml *root)
{
    static const char *const known[] = {"metadata", "images", "coastline", "encoders",
                                        "probes",   "linear", "retrieval", "seeds"};
    zsc_status status = ZSC_OK;
    zsc_paper_config *c = r->config;
    if (root->kind != ZSC_YAML_MAP) return fail_at(r, root->line, "expected keys such as metadata and their values");
    ZSC_TRY(check_keys(r, root, known, sizeof known / sizeof *known));
    ZSC_TRY(need(r, root, "metadata", "the configuration"));
    ZSC_TRY(read_path(r, root, "metadata", &c->metadata));
    ZSC_TRY(read_path(r, root, "images", &c->images));
    ZSC_TRY(read_path(r, root, "coastline", &c->coastline));
    ZSC_TRY(read_seeds(r, root));
    ZSC_TRY(read_linear(r, root));
    ZSC_TRY(check_metadata(c));
    ZSC_TRY(check_images(c));
    ZSC_TRY(read_encoders(r, root, "encoders", read_encoder, &c->encoder, &c->encoders, &c->encoder_capacity));
    ZSC_TRY(read_encoders(r, root, "probes", read_probe, &c->probe, &c->probes, &c->probe_capacity));
    status = read_models(r, root);
done:
    return status;
}

static void put_learned(json_t *all, const zsc_paper_source *s)
{
    char text[ZSC_DIGEST_TEXT];
    if (!s->encoder || !s->identified) return;
    json_object_set_new(all, s->spec,
                        json_pack("{s:s, s:s, s:I}", "identity", zsc_digest_text(s->identity, text), "encoder",
                                  s->encoder, "columns", (json_int_t)s->columns));
}

json_t *zsc_paper_config_learned(const zsc_paper_config *config)
{
    json_t *all = json_object();
    for (size_t i = 0; i < config->encoders; i++) put_learned(all, &config->encoder[i].source);
    for (size_t i = 0; i < config->probes; i++) put_learned(all, &config->probe[i].source);
    for (size_t i = 0; i < config->models; i++) {
        put_learned(all, &config->model[i].image);
        put_learned(all, &config->model[i].dna);
    }
    return all;
}

zsc_status zsc_paper_config_read(const char *path, const json_t *known, zsc_paper_config *out)
{
    zsc_status status = ZSC_OK;
    zsc_yaml root = {0};
    zsc_paper_config config = {0};
    const reading r = {path, &config, known};
    const char *slash = strrchr(path, '/');
    ZSC_TRY(zsc_yaml_read(path, &root));
    ZSC_TRY(zsc_copy_text(path, &config.path));
    if (!(config.folder = zsc_strndup(path, slash ? (size_t)(slash + 1 - path) : 0))) ZSC_TRY(ZSC_EINTERNAL);
    ZSC_TRY(read_root(&r, &root));
    *out = config;
    config = (zsc_paper_config){0};
done:
    zsc_yaml_free(&root);
    zsc_paper_config_free(&config);
    return status;
}

void zsc_paper_config_free(zsc_paper_config *c)
{
    char *texts[] = {c->path,   c->folder,        c->metadata,  c->metadata_absent,
                     c->images, c->images_absent, c->coastline, c->seeds};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
    for (size_t i = 0; i < c->encoders; i++) encoder_clear(&c->encoder[i]);
    for (size_t i = 0; i < c->probes; i++) encoder_clear(&c->probe[i]);
    for (size_t i = 0; i < c->models; i++) model_clear(&c->model[i]);
    for (size_t i = 0; i < c->settings; i++) {
        free(c->linear[i].name);
        free(c->linear[i].value);
    }
    free(c->encoder);
    free(c->probe);
    free(c->model);
    free(c->linear);
    *c = (zsc_paper_config){0};
}
