#include "paper/paper_state.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/version.h"
#include "io/files/atomic.h"
#include "io/files/content_digest.h"
#include "io/files/input_files.h"
#include "io/files/read_file.h"
#include "io/files/written.h"
#include "io/text/json_text.h"
#include "zsc/zsc.h"

/* --- JSON */
/* NULL where there is no such file, or it holds something else: then it is as if nothing had been made. */
static json_t *read_json(const char *folder, const char *name)
{
    char *path = zsc_asprintf("%s/%s.json", folder, name), *text = NULL;
    json_t *json = NULL;
    if (path && access(path, R_OK) == 0 && zsc_read_file(path, &text, NULL) == ZSC_OK) json = json_loads(text, 0, NULL);
    zsc_error_clear();
    free(path);
    free(text);
    return json;
}

static zsc_status write_json(const char *folder, const char *name, json_t *json)
{
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    char *path = zsc_asprintf("%s/%s.json", folder, name);
    char *text = json ? zsc_json_text(json, JSON_INDENT(2)) : NULL;
    if (!path || !text) ZSC_TRY(zsc_fail_memory(1, 1, "the state of a paper"));
    ZSC_TRY(zsc_atomic_open(path, &file));
    fprintf(zsc_atomic_stream(file), "%s\n", text);
    zsc_atomic *whole = file;
    file = NULL;
    status = zsc_atomic_commit(whole);
done:
    zsc_atomic_abandon(file);
    json_decref(json);
    free(path);
    free(text);
    return status;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static bool is_digest(const json_t *object, const char *key, zsc_digest digest)
{
    char text[ZSC_DIGEST_TEXT];
    return strcmp(text_of(object, key), zsc_digest_text(digest, text)) == 0;
}

static bool read_digest(const json_t *object, const char *key, zsc_digest *out)
{
    return strlen(text_of(object, key)) == ZSC_DIGEST_TEXT - 1 &&
           sscanf(text_of(object, key), "%16" SCNx64 "%16" SCNx64, &out->high, &out->low) == 2;
}

static json_t *digest_json(zsc_digest digest)
{
    char text[ZSC_DIGEST_TEXT];
    return json_string(zsc_digest_text(digest, text));
}

json_t *zsc_paper_state_learned(const char *output)
{
    char *folder = zsc_asprintf("%s/state", output);
    json_t *learned = folder ? read_json(folder, "encoders") : NULL;
    free(folder);
    return learned;
}

/* --- Inputs */
const zsc_paper_input *zsc_paper_state_input(const zsc_paper_state *state, const char *path)
{
    for (size_t i = 0; i < state->inputs; i++)
        if (strcmp(state->input[i].path, path) == 0) return &state->input[i];
    return NULL;
}

static zsc_status add_input(zsc_paper_state *state, const json_t *before, const char *path, const zsc_exec *exec)
{
    bool known = false;
    zsc_paper_input input = {0};
    const json_t *old = json_object_get(before, path);
    if (zsc_paper_state_input(state, path) || !zsc_input_exists(path)) return ZSC_OK;
    zsc_status status = zsc_input_identity(path, &input.identity, &known);
    if (status != ZSC_OK) return status;
    if (known && is_digest(old, "identity", input.identity) && read_digest(old, "digest", &input.digest))
        input.bytes = (uint64_t)json_integer_value(json_object_get(old, "bytes"));
    else
        status = zsc_content_digest(path, exec, &input.digest, &input.bytes);
    if (status == ZSC_OK)
        status = zsc_grow(&state->input, &state->capacity, state->inputs + 1, sizeof *state->input, "inputs");
    if (status == ZSC_OK) status = zsc_copy_text(path, &input.path);
    if (status == ZSC_OK) state->input[state->inputs++] = input;
    return status;
}

static zsc_status add_source(zsc_paper_state *state, const json_t *before, const zsc_paper_source *source,
                             const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < source->files.count && status == ZSC_OK; i++)
        status = add_input(state, before, source->files.item[i], exec);
    return status;
}

static zsc_status add_inputs(zsc_paper_state *state, const zsc_paper_config *c, const zsc_exec *exec)
{
    zsc_status status = ZSC_OK;
    json_t *before = read_json(state->folder, "inputs");
    ZSC_TRY(add_input(state, before, c->metadata, exec));
    if (c->coastline) ZSC_TRY(add_input(state, before, c->coastline, exec));
    for (size_t i = 0; i < c->encoders; i++) ZSC_TRY(add_source(state, before, &c->encoder[i].source, exec));
    for (size_t i = 0; i < c->probes; i++) ZSC_TRY(add_source(state, before, &c->probe[i].source, exec));
    for (size_t i = 0; i < c->models; i++) {
        ZSC_TRY(add_source(state, before, &c->model[i].image, exec));
        ZSC_TRY(add_source(state, before, &c->model[i].dna, exec));
    }
done:
    json_decref(before);
    return status;
}

static zsc_status write_inputs(const zsc_paper_state *state)
{
    json_t *all = json_object();
    for (size_t i = 0; i < state->inputs; i++) {
        const zsc_paper_input *input = &state->input[i];
        json_t *entry = json_object();
        json_object_set_new(entry, "identity", digest_json(input->identity));
        json_object_set_new(entry, "digest", digest_json(input->digest));
        json_object_set_new(entry, "bytes", json_integer((json_int_t)input->bytes));
        json_object_set_new(all, input->path, entry);
    }
    return write_json(state->folder, "inputs", all);
}

/* --- The folder of results */
static json_t *encoder_digest(const zsc_paper_state *state, const zsc_paper_source *source)
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return NULL;
    for (size_t i = 0; i < source->files.count; i++) {
        const zsc_paper_input *input = zsc_paper_state_input(state, source->files.item[i]);
        if (input) zsc_hash_add(hash, &input->digest, sizeof input->digest);
    }
    return digest_json(zsc_hash_end(hash));
}

/* The metadata and the encoders that are there, with their digests. */
static json_t *contents_of(const zsc_paper_state *state, const zsc_paper_config *c)
{
    json_t *contents = json_object();
    const zsc_paper_input *metadata = zsc_paper_state_input(state, c->metadata);
    if (metadata) json_object_set_new(contents, "", digest_json(metadata->digest));
    for (size_t i = 0; i < c->encoders; i++)
        if (c->encoder[i].source.encoder)
            json_object_set_new(contents, c->encoder[i].source.encoder, encoder_digest(state, &c->encoder[i].source));
    return contents;
}

/* Takes the generation of before, unless something of the same name has other contents now. */
static zsc_status choose_generation(zsc_paper_state *state, const zsc_paper_config *c, bool keep)
{
    json_t *before = read_json(state->folder, "results"), *contents = contents_of(state, c), *kept = NULL;
    const json_t *old = json_object_get(before, "contents");
    json_int_t last = json_integer_value(json_object_get(before, "generation"));
    bool same = last >= 1 && json_is_object(old);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)old, name, value)
    {
        const json_t *own = json_object_get(contents, name);
        if (own && !json_equal(own, value)) same = false;
    }
    state->generation = (size_t)(same ? last : last + 1);
    kept = json_pack("{s:I, s:O}", "generation", (json_int_t)state->generation, "contents", contents);
    json_object_foreach((json_t *)(uintptr_t)old, name, value)
    {
        if (!same || json_object_get(contents, name)) continue;
        state->others = true;
        json_object_set(json_object_get(kept, "contents"), name, value);
    }
    json_decref(before);
    json_decref(contents);
    if (keep) return write_json(state->folder, "results", kept);
    json_decref(kept);
    return ZSC_OK;
}

zsc_status zsc_paper_state_open(const zsc_paper_config *config, const char *output, bool keep, const zsc_exec *exec,
                                zsc_paper_state *out)
{
    zsc_status status = ZSC_OK;
    zsc_paper_state state = {0};
    char *steps = NULL;
    if (!(state.folder = zsc_asprintf("%s/state", output)) || !(steps = zsc_asprintf("%s/steps", state.folder)))
        ZSC_TRY(ZSC_EINTERNAL);
    if (keep) ZSC_TRY(zsc_make_folder(steps));
    ZSC_TRY(add_inputs(&state, config, exec));
    if (keep) ZSC_TRY(write_inputs(&state));
    if (keep) ZSC_TRY(write_json(state.folder, "encoders", zsc_paper_config_learned(config)));
    ZSC_TRY(choose_generation(&state, config, keep));
    *out = state;
    state = (zsc_paper_state){0};
done:
    free(steps);
    zsc_paper_state_free(&state);
    return status;
}

void zsc_paper_state_free(zsc_paper_state *state)
{
    for (size_t i = 0; i < state->inputs; i++) free(state->input[i].path);
    free(state->input);
    free(state->folder);
    *state = (zsc_paper_state){0};
}

/* --- Steps */
/* A word counts without the output folder that it begins with: a folder that was moved is the same. So do paths in it,
 * joined with '+', without the folder of the configuration, which depends on where zsc was started. */
static void add_word(zsc_hash *hash, const zsc_paper_plan *plan, const char *word)
{
    const char *folder = plan->config->folder;
    size_t length = strlen(plan->options->output), own = strlen(folder);
    if (strncmp(word, plan->options->output, length) == 0 && word[length] == '/') {
        zsc_hash_add(hash, word + length, strlen(word + length) + 1);
        return;
    }
    for (;;) {
        if (strncmp(word, folder, own) == 0) word += own;
        size_t part = strcspn(word, "+");
        zsc_hash_add(hash, word, part + 1); /* with the '+' or the end */
        if (!word[part]) return;
        word += part + 1;
    }
}

static const char *styles_of(const zsc_paper_plan *plan, const char *word)
{
    return strcmp(word, plan->encoder_styles) == 0 ? plan->encoder_styles_text
           : strcmp(word, plan->probe_styles) == 0 ? plan->probe_styles_text
           : strcmp(word, plan->model_styles) == 0 ? plan->model_styles_text
                                                   : NULL;
}

/* Its file counts without the folder of results, but for the generation of that; of its inputs, the encoders by what
 * they are. */
static void add_sweep(zsc_hash *hash, const zsc_paper_plan *plan, const zsc_paper_step *s)
{
    const zsc_paper_config *c = plan->config;
    const char *settings = strstr(s->sweep_text, "\nsplit: ");
    if (!settings) settings = s->sweep_text;
    zsc_hash_add(hash, settings, strlen(settings) + 1);
    for (size_t i = 0; i < c->encoders; i++) {
        if (c->encoder[i].source.absent) continue;
        add_word(hash, plan, c->encoder[i].source.spec);
        zsc_hash_add(hash, c->encoder[i].modality, strlen(c->encoder[i].modality) + 1);
    }
    zsc_hash_add(hash, &plan->generation, sizeof plan->generation);
}

static zsc_status make_key(const zsc_paper_state *state, const zsc_paper_plan *plan, zsc_paper_step *s)
{
    zsc_hash *hash = zsc_hash_begin();
    if (!hash) return ZSC_EINTERNAL;
    zsc_hash_add(hash, zsc_version(), strlen(zsc_version()) + 1);
    zsc_hash_add(hash, zsc_revision(), strlen(zsc_revision()) + 1);
    for (size_t i = 0; i < s->commands; i++)
        for (size_t w = 0; w < s->command[i].words.count; w++) {
            const char *word = s->command[i].words.item[w], *styles = styles_of(plan, word);
            add_word(hash, plan, word);
            if (styles) zsc_hash_add(hash, styles, strlen(styles) + 1);
        }
    if (s->sweep_text) add_sweep(hash, plan, s);
    for (size_t i = 0; i < s->inputs.count; i++) {
        const zsc_paper_input *input = zsc_paper_state_input(state, s->inputs.item[i]);
        if (input) zsc_hash_add(hash, &input->digest, sizeof input->digest);
    }
    for (size_t i = 0; i < s->afters; i++) zsc_hash_add(hash, &plan->step[s->after[i]].key, sizeof(zsc_digest));
    s->key = zsc_hash_end(hash);
    return ZSC_OK;
}

static char *step_file(const zsc_paper_step *step) { return zsc_asprintf("steps/%s", step->name); }

static bool outputs_are_there(const zsc_paper_step *s)
{
    for (size_t i = 0; i < s->outputs.count; i++)
        if (access(s->outputs.item[i], F_OK) != 0) return false;
    return !s->results || access(s->results, F_OK) == 0;
}

/* The first of the outputs that are there with other contents than the step gave them; NULL: there is none. */
static const char *changed_output(const zsc_paper_step *s, const json_t *digests)
{
    for (size_t i = 0; i < s->outputs.count; i++) {
        char text[ZSC_DIGEST_TEXT];
        zsc_digest digest;
        uint64_t bytes;
        const char *before = json_string_value(json_array_get(digests, i));
        if (access(s->outputs.item[i], F_OK) != 0) continue;
        if (zsc_content_digest(s->outputs.item[i], NULL, &digest, &bytes) != ZSC_OK) {
            zsc_error_clear();
            return s->outputs.item[i];
        }
        if (!before || strcmp(before, zsc_digest_text(digest, text)) != 0) return s->outputs.item[i];
    }
    return NULL;
}

static double real_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : -1;
}

/* *changed: a file of the step that is not as the step made it; NULL: there is none. */
static zsc_status find_step(const zsc_paper_state *state, zsc_paper_step *s, const char **changed)
{
    char *file = step_file(s);
    *changed = NULL;
    if (!file) return ZSC_EINTERNAL;
    json_t *json = read_json(state->folder, file);
    if (json) {
        s->done = is_digest(json, "key", s->key) && outputs_are_there(s);
        *changed = changed_output(s, json_object_get(json, "outputs"));
        s->ours = !*changed;
        s->cost.seconds = real_of(json, "seconds");
        s->cost.cpu_seconds = real_of(json, "cpu_seconds");
        s->cost.bytes = (size_t)json_integer_value(json_object_get(json, "peak_rss_bytes"));
    }
    json_decref(json);
    free(file);
    return ZSC_OK;
}

static void warn_of_changed(const char *first, size_t steps)
{
    if (steps == 1)
        zsc_warn("'%s' was changed after zsc paper made it, and is kept as it is; --force makes it again", first);
    else
        zsc_warn("'%s' and files of %zu more steps were changed after zsc paper made them, and are kept as they are; "
                 "--force makes them again",
                 first, steps - 1);
}

zsc_status zsc_paper_state_find(const zsc_paper_state *state, zsc_paper_plan *plan, bool again)
{
    zsc_status status = ZSC_OK;
    bool *keyed = NULL;
    const char *first = NULL;
    size_t kept = 0;
    ZSC_NEW(keyed, plan->steps + 1);
    /* a step's own list may name steps that stand behind it */
    for (size_t left = plan->steps; left > 0;)
        for (size_t i = 0; i < plan->steps; i++) {
            bool ready = !keyed[i];
            for (size_t k = 0; k < plan->step[i].afters; k++) ready = ready && keyed[plan->step[i].after[k]];
            if (!ready) continue;
            zsc_paper_step *s = &plan->step[i];
            const char *changed;
            ZSC_TRY(make_key(state, plan, s));
            ZSC_TRY(find_step(state, s, &changed));
            if (again && s->wanted) s->done = false;
            if (s->wanted && s->done && changed && !zsc_written_by_us(changed) && kept++ == 0) first = changed;
            keyed[i] = true;
            left--;
        }
    if (kept) warn_of_changed(first, kept);
done:
    free(keyed);
    return status;
}

static json_t *commands_json(const zsc_paper_step *step)
{
    json_t *commands = json_array();
    for (size_t i = 0; i < step->commands; i++) {
        json_t *words = json_array();
        json_array_append_new(words, json_string("zsc"));
        for (size_t w = 0; w < step->command[i].words.count; w++)
            json_array_append_new(words, json_string(step->command[i].words.item[w]));
        json_array_append_new(commands, words);
    }
    return commands;
}

/* The digests of the step's outputs. */
static zsc_status outputs_json(const zsc_paper_step *step, json_t *out)
{
    for (size_t i = 0; i < step->outputs.count; i++) {
        zsc_digest digest;
        uint64_t bytes;
        zsc_status status = zsc_content_digest(step->outputs.item[i], NULL, &digest, &bytes);
        if (status != ZSC_OK) return status;
        json_array_append_new(out, digest_json(digest));
    }
    return ZSC_OK;
}

zsc_status zsc_paper_state_keep(const zsc_paper_state *state, const zsc_paper_step *step)
{
    char *file = step_file(step);
    if (!file) return ZSC_EINTERNAL;
    json_t *inputs = json_object(), *json = json_object(), *outputs = json_array();
    zsc_status status = outputs_json(step, outputs);
    for (size_t i = 0; i < step->inputs.count; i++) {
        const zsc_paper_input *input = zsc_paper_state_input(state, step->inputs.item[i]);
        if (input) json_object_set_new(inputs, input->path, digest_json(input->digest));
    }
    json_object_set_new(json, "zsc", json_string(zsc_version()));
    /* no key is 0: what lacks something is made again */
    json_object_set_new(json, "key", digest_json(step->lacks ? (zsc_digest){0} : step->key));
    json_object_set_new(json, "commands", commands_json(step));
    json_object_set_new(json, "inputs", inputs);
    json_object_set_new(json, "outputs", outputs);
    json_object_set_new(json, "seconds", json_real(step->cost.seconds));
    json_object_set_new(json, "cpu_seconds", json_real(step->cost.cpu_seconds));
    json_object_set_new(json, "peak_rss_bytes", json_integer((json_int_t)step->cost.bytes));
    if (status == ZSC_OK)
        status = write_json(state->folder, file, json);
    else
        json_decref(json);
    free(file);
    return status;
}
