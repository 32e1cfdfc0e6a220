#include "paper/paper_page.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "io/files/atomic.h"
#include "io/files/read_file.h"
#include "io/text/json_text.h"
#include "paper/paper_examples.h"
#include "report/escape.h"
#include "report/page/html_assets.h"
#include "zsc/zsc.h"

static const char own_style[] =
    "body{max-width:100rem}.columns{display:flex;flex-wrap:wrap;gap:1.5rem}.columns>div{flex:1 1 34rem;min-width:0}\n"
    "img.figure{max-width:100%;width:52rem;height:auto}#figure-3 img.figure{width:28rem}td "
    "img{width:7rem;height:auto}pre{white-space:pre-wrap;"
    "overflow-wrap:anywhere;background:var(--tint);padding:.5rem;font-size:.8rem}\n"
    ".missing{background:#fff3cd;border:1px solid #e0c36a;border-radius:3px;padding:.3rem .6rem}.failed{background:"
    "#fde4e1;border:1px solid #d98880;border-radius:3px;padding:.3rem .6rem}table.examples td{vertical-align:top;"
    "white-space:normal}.digest{font-family:monospace;font-size:.8rem}\n";

/* --- What became of a column */
void zsc_paper_column_steps(const zsc_paper_plan *plan, const zsc_paper_column *column, bool *used)
{
    for (size_t i = 0; i < column->steps; i++) used[column->step[i]] = true;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < plan->steps; i++)
            for (size_t k = 0; used[i] && k < plan->step[i].afters; k++) {
                more = more || !used[plan->step[i].after[k]];
                used[plan->step[i].after[k]] = true;
            }
    }
}

const char *zsc_paper_column_reason(const zsc_paper_plan *plan, const zsc_paper_column *column)
{
    if (column->missing) return column->missing;
    if (column->steps && plan->step[column->step[column->steps - 1]].done) return NULL; /* of what was there */
    for (size_t i = 0; i < column->steps; i++)
        if (plan->step[column->step[i]].failure) return plan->step[column->step[i]].failure;
    return NULL;
}

zsc_status zsc_paper_column_without(const zsc_paper_plan *plan, const zsc_paper_column *column, zsc_text *out)
{
    out->length = 0;
    zsc_text_append(out, column->without ? column->without : "");
    for (size_t i = 0; i < column->steps; i++) {
        const char *lacks = plan->step[column->step[i]].lacks;
        if (lacks) zsc_text_printf(out, "%s%s", out->length ? "; " : "", lacks);
    }
    return out->failed ? ZSC_EINTERNAL : ZSC_OK;
}

const char *zsc_paper_column_state(const zsc_paper_plan *plan, const zsc_paper_column *column)
{
    if (!column->there) return "";
    if (column->missing) return "missing";
    if (zsc_paper_column_reason(plan, column)) return "failed";
    for (size_t i = 0; i < column->steps; i++)
        if (!plan->step[column->step[i]].done && !plan->step[column->step[i]].failure) return "to do";
    return "made";
}

void zsc_paper_command_text(const zsc_paper_command *command, const char *program, zsc_text *out)
{
    zsc_text_append(out, program);
    for (size_t i = 0; i < command->words.count; i++) {
        zsc_text_append(out, " ");
        zsc_text_shell_word(out, command->words.item[i]);
    }
}

/* What a column took: the sum of its steps' times, the largest of their memories. */
static zsc_paper_cost cost_of(const zsc_paper_plan *plan, const bool *used)
{
    zsc_paper_cost cost = {0};
    for (size_t i = 0; i < plan->steps; i++) {
        const zsc_paper_cost *c = &plan->step[i].cost;
        if (!used[i] || c->seconds < 0) continue;
        cost.seconds += c->seconds;
        cost.cpu_seconds += c->cpu_seconds;
        if (c->bytes > cost.bytes) cost.bytes = c->bytes;
    }
    return cost;
}

static zsc_paper_cost cost_of_shown(const zsc_paper_plan *plan)
{
    zsc_paper_cost cost = {0};
    for (size_t i = 0; i < plan->steps; i++) {
        const zsc_paper_step *s = &plan->step[i];
        if (!s->shown || s->cost.seconds < 0) continue;
        cost.seconds += s->cost.seconds;
        cost.cpu_seconds += s->cost.cpu_seconds;
        if (s->cost.bytes > cost.bytes) cost.bytes = s->cost.bytes;
    }
    return cost;
}

/* --- The page */
typedef struct page {
    const zsc_paper_plan *plan;
    const zsc_paper_state *state;
    FILE *out;
    zsc_text text;
    bool *used;    /* the steps of a column */
    size_t *order; /* the same, one after the other */
} page;

static const char *escaped(page *p, const char *text)
{
    p->text.length = 0;
    zsc_text_append(&p->text, "");
    zsc_escape_html(&p->text, text);
    return p->text.data ? p->text.data : "";
}

static void put_id(page *p, const zsc_paper_item *item)
{
    fprintf(p->out, "%s-%s", item->figure ? "figure" : "table", item->number);
}

static void put_cost(page *p, const zsc_paper_cost *cost)
{
    char bytes[ZSC_BYTES_TEXT], seconds[ZSC_SECONDS_TEXT];
    if (cost->seconds < 0) return;
    fprintf(p->out, "%s, %.1f s of processor time, %s", zsc_seconds_text(cost->seconds, seconds), cost->cpu_seconds,
            zsc_bytes_text((double)cost->bytes, bytes));
}

static void put_overview(page *p)
{
    fputs("<div class=\"wide\"><table><thead><tr><th>Item</th><th>Title</th><th>State</th><th class=\"n\">Seconds</th>"
          "<th class=\"n\">Memory, MB</th></tr></thead><tbody>\n",
          p->out);
    for (size_t i = 0; i < p->plan->items; i++) {
        const zsc_paper_item *item = &p->plan->item[i];
        char name[ZSC_PAPER_NAME];
        if (!item->shown) continue;
        memset(p->used, 0, p->plan->steps * sizeof *p->used);
        for (size_t c = 0; c < ZSC_PAPER_COLUMNS; c++) zsc_paper_column_steps(p->plan, &item->column[c], p->used);
        zsc_paper_cost cost = cost_of(p->plan, p->used);
        const char *sound = zsc_paper_column_state(p->plan, &item->column[ZSC_PAPER_SOUND]);
        fputs("<tr><td><a href=\"#", p->out);
        put_id(p, item);
        fprintf(p->out,
                "\">%s</a></td><td>%s</td><td>%s%s%s</td><td class=\"n\">%.1f</td><td class=\"n\">%.0f</td></tr>\n",
                zsc_paper_item_name(item, name), item->title, zsc_paper_column_state(p->plan, &item->column[0]),
                *sound ? "; second column " : "", sound, cost.seconds, (double)cost.bytes / 1e6);
    }
    zsc_paper_cost all = cost_of_shown(p->plan);
    char bytes[ZSC_BYTES_TEXT], seconds[ZSC_SECONDS_TEXT];
    fprintf(p->out,
            "</tbody></table></div>\n<p>In all, each step once: %s, %.0f s of processor time, at most %s.</p>\n",
            zsc_seconds_text(all.seconds, seconds), all.cpu_seconds, zsc_bytes_text((double)all.bytes, bytes));
}

static void put_head(page *p)
{
    fprintf(p->out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
            "script-src 'unsafe-inline'; img-src 'self' file:\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" "
            "content=\"zsc %s\">\n<title>Figures and tables</title>\n<style>\n%s%s</style>\n</head>\n<body>\n"
            "<h1>Figures and tables of the BIOSCAN-5M paper</h1>\n",
            zsc_version(), zsc_html_style, own_style);
    fprintf(p->out,
            "<p class=\"soft\">Made by zsc %s from <code>%s</code>. Commands: <a href=\"commands.sh\">commands.sh</a>; "
            "for programs: <a href=\"paper.json\">paper.json</a>; for LaTeX: <a href=\"paper.tex\">paper.tex</a>. "
            "Times of shared steps count for each item that "
            "needs them.</p>\n",
            zsc_version(), escaped(p, p->plan->config->path));
}

static void put_source(page *p, const char *list, const char *label, const char *kind, const zsc_paper_source *s)
{
    fprintf(p->out, "<tr><td>%s</td>", list);
    fprintf(p->out, "<td>%s</td>", escaped(p, label));
    fprintf(p->out, "<td>%s</td>", escaped(p, kind));
    fprintf(p->out, "<td class=\"list\">%s</td>", escaped(p, s->spec));
    fprintf(p->out, "<td>%s</td></tr>\n", escaped(p, s->absent ? s->absent : s->encoder));
}

/* What the configuration names. */
static void put_sources(page *p)
{
    const zsc_paper_config *c = p->plan->config;
    fputs("<details><summary>Embeddings</summary><div class=\"wide\"><table><thead><tr><th>For</th><th>Label</th>"
          "<th>Kind</th><th>Files</th><th>Encoder</th></tr></thead><tbody>\n",
          p->out);
    for (size_t i = 0; i < c->encoders; i++) {
        const zsc_paper_encoder *e = &c->encoder[i];
        char *kind = zsc_asprintf("%s%s%s%s%s", e->modality, e->pretraining ? ", " : "",
                                  e->pretraining ? e->pretraining : "", e->architecture ? ", " : "",
                                  e->architecture ? e->architecture : "");
        put_source(p, "clustering", e->label, kind ? kind : "", &e->source);
        free(kind);
    }
    for (size_t i = 0; i < c->probes; i++) put_source(p, "probes", c->probe[i].label, "", &c->probe[i].source);
    for (size_t i = 0; i < c->models; i++) {
        put_source(p, "retrieval", c->model[i].label, "image", &c->model[i].image);
        put_source(p, "retrieval", c->model[i].label, "dna", &c->model[i].dna);
    }
    fputs("</tbody></table></div></details>\n", p->out);
}

/* Whether the column has a file with that ending; the first is *found. */
static bool find_file(const zsc_paper_column *c, const char *ending, const char **found)
{
    for (size_t i = 0; i < c->files.count; i++)
        if (zsc_text_ends(*found = c->files.item[i], ending)) return true;
    return false;
}

static zsc_status put_file(page *p, const char *relative)
{
    char *path = zsc_asprintf("%s/%s", p->plan->options->output, relative), *text = NULL;
    zsc_status status = path ? zsc_read_file(path, &text, NULL) : ZSC_EINTERNAL;
    if (status == ZSC_OK) fprintf(p->out, "<div class=\"wide\">%s</div>\n", text);
    free(path);
    free(text);
    return status;
}

const char *zsc_paper_pair_title(const char *examples)
{
    return strstr(examples, "image-image") ? "Images in images"
           : strstr(examples, "image-dna") ? "Images in DNA"
                                           : "DNA in DNA";
}

static zsc_status put_examples(page *p, const char *relative)
{
    size_t pictures = 0;
    char *path = zsc_asprintf("%s/%s", p->plan->options->output, relative);
    if (!path) return ZSC_EINTERNAL;
    const char *images = p->plan->config->images_absent ? NULL : p->plan->config->images;
    fprintf(p->out, "<h3>%s</h3>\n", zsc_paper_pair_title(relative));
    zsc_status status = zsc_paper_examples_write(path, images, p->plan->options->output, p->out, &pictures);
    if (status == ZSC_OK && pictures == 0)
        fputs("<p class=\"soft\">In words: there are no pictures of these specimens.</p>\n", p->out);
    free(path);
    return status;
}

static zsc_status put_contents(page *p, const zsc_paper_item *item, const zsc_paper_column *c)
{
    zsc_status status = ZSC_OK;
    const char *file;
    char name[ZSC_PAPER_NAME];
    if (find_file(c, ".svg", &file)) {
        fprintf(p->out, "<img class=\"figure\" src=\"%s\" alt=\"%s\">\n", file, zsc_paper_item_name(item, name));
        return ZSC_OK;
    }
    if (find_file(c, ".html", &file)) return put_file(p, file);
    for (size_t i = 0; i < c->files.count && status == ZSC_OK; i++) status = put_examples(p, c->files.item[i]);
    return status;
}

static void put_links(page *p, const zsc_paper_column *c)
{
    if (c->files.count == 0) return;
    fputs("<p class=\"soft\">Files:", p->out);
    for (size_t i = 0; i < c->files.count; i++)
        fprintf(p->out, " <a href=\"%s\">%s</a>", c->files.item[i], c->files.item[i]);
    fputs("</p>\n", p->out);
}

static void put_inputs(page *p, const bool *used)
{
    zsc_list seen = {0};
    char digest[ZSC_DIGEST_TEXT], bytes[ZSC_BYTES_TEXT];
    for (size_t i = 0; i < p->plan->steps; i++)
        for (size_t k = 0; used[i] && k < p->plan->step[i].inputs.count; k++) {
            const char *path = p->plan->step[i].inputs.item[k];
            const zsc_paper_input *input = zsc_paper_state_input(p->state, path);
            if (!input || zsc_list_has(&seen, path) || zsc_list_add(&seen, path) != ZSC_OK) continue;
            fprintf(p->out, "<dt class=\"digest\">%s</dt><dd>%s, %s</dd>\n", zsc_digest_text(input->digest, digest),
                    escaped(p, path), zsc_bytes_text((double)input->bytes, bytes));
        }
    zsc_list_free(&seen);
}

/* The commands of the column's steps, those that come first before the others. */
static void put_commands(page *p, const bool *used)
{
    size_t count = zsc_paper_steps_in_order(p->plan, used, p->order);
    for (size_t i = 0; i < count; i++) {
        const zsc_paper_step *s = &p->plan->step[p->order[i]];
        fprintf(p->out, "<p class=\"soft\">%s%s", s->name, s->cost.seconds < 0 ? "" : ": ");
        put_cost(p, &s->cost);
        fputs("</p>\n<pre>", p->out);
        for (size_t c = 0; c < s->commands; c++) {
            zsc_text text = {0};
            zsc_paper_command_text(&s->command[c], "zsc", &text);
            fprintf(p->out, "%s\n", escaped(p, text.data ? text.data : ""));
            p->text.failed = p->text.failed || text.failed;
            free(text.data);
        }
        fputs("</pre>\n", p->out);
        if (s->sweep_text) fprintf(p->out, "<pre>%s</pre>\n", escaped(p, s->sweep_text));
    }
}

static void put_how(page *p, const zsc_paper_column *c)
{
    if (c->steps == 0) return;
    memset(p->used, 0, p->plan->steps * sizeof *p->used);
    zsc_paper_column_steps(p->plan, c, p->used);
    zsc_paper_cost cost = cost_of(p->plan, p->used);
    fputs("<details><summary>How: ", p->out);
    put_cost(p, &cost);
    fputs("</summary>\n", p->out);
    put_commands(p, p->used);
    fputs("<dl>\n", p->out);
    put_inputs(p, p->used);
    fputs("</dl></details>\n", p->out);
}

static zsc_status put_column(page *p, const zsc_paper_item *item, int which)
{
    static const char *const titles[] = {"As in the paper", "Several seeds, intervals, ceilings"};
    const zsc_paper_column *c = &item->column[which];
    const char *state = zsc_paper_column_state(p->plan, c), *reason = zsc_paper_column_reason(p->plan, c);
    zsc_status status = ZSC_OK;
    if (!c->there) return ZSC_OK;
    fputs("<div>\n", p->out);
    if (p->plan->options->sound) fprintf(p->out, "<h3>%s</h3>\n", titles[which]);
    if (c->missing)
        fprintf(p->out, "<p class=\"missing\">Not made: %s.</p>\n", escaped(p, c->missing));
    else if (reason)
        fprintf(p->out, "<p class=\"failed\">Failed: %s</p>\n", escaped(p, reason));
    else if (strcmp(state, "made") != 0)
        fputs("<p class=\"missing\">Not made yet.</p>\n", p->out);
    else
        status = put_contents(p, item, c);
    zsc_text without = {0};
    if (status == ZSC_OK) status = zsc_paper_column_without(p->plan, c, &without);
    if (without.length) fprintf(p->out, "<p class=\"missing\">Without %s.</p>\n", escaped(p, without.data));
    free(without.data);
    if (strcmp(state, "made") == 0) put_links(p, c);
    put_how(p, c);
    fputs("</div>\n", p->out);
    return status;
}

static zsc_status put_item(page *p, const zsc_paper_item *item)
{
    char name[ZSC_PAPER_NAME];
    fputs("<section id=\"", p->out);
    put_id(p, item);
    fprintf(p->out, "\">\n<h2>%s. %s</h2>\n<p>%s</p>\n<div class=\"columns\">\n", zsc_paper_item_name(item, name),
            item->title, item->caption);
    zsc_status status = ZSC_OK;
    for (int c = 0; c < ZSC_PAPER_COLUMNS && status == ZSC_OK; c++) status = put_column(p, item, c);
    fputs("</div>\n</section>\n", p->out);
    return status;
}

static zsc_status write_page(page *p)
{
    zsc_status status = ZSC_OK;
    put_head(p);
    put_overview(p);
    put_sources(p);
    for (size_t i = 0; i < p->plan->items && status == ZSC_OK; i++)
        if (p->plan->item[i].shown) status = put_item(p, &p->plan->item[i]);
    fputs("</body>\n</html>\n", p->out);
    if (status == ZSC_OK && p->text.failed) status = zsc_fail_memory(1, 1, "a text of the page");
    return status;
}

/* --- JSON */
static json_t *column_json(page *p, const zsc_paper_column *c)
{
    const zsc_paper_plan *plan = p->plan;
    const char *reason = zsc_paper_column_reason(plan, c);
    json_t *json = json_object(), *files = json_array(), *steps = json_array();
    memset(p->used, 0, plan->steps * sizeof *p->used);
    zsc_paper_column_steps(plan, c, p->used);
    zsc_paper_cost cost = cost_of(plan, p->used);
    size_t count = zsc_paper_steps_in_order(plan, p->used, p->order);
    for (size_t i = 0; i < c->files.count; i++) json_array_append_new(files, json_string(c->files.item[i]));
    for (size_t i = 0; i < count; i++) json_array_append_new(steps, json_string(plan->step[p->order[i]].name));
    json_object_set_new(json, "state", json_string(zsc_paper_column_state(plan, c)));
    if (reason) json_object_set_new(json, "reason", json_string(reason));
    zsc_text without = {0};
    if (zsc_paper_column_without(plan, c, &without) == ZSC_OK && without.length)
        json_object_set_new(json, "without", json_string(without.data));
    free(without.data);
    json_object_set_new(json, "files", files);
    json_object_set_new(json, "steps", steps);
    json_object_set_new(json, "seconds", json_real(cost.seconds));
    json_object_set_new(json, "cpu_seconds", json_real(cost.cpu_seconds));
    json_object_set_new(json, "peak_rss_bytes", json_integer((json_int_t)cost.bytes));
    return json;
}

static json_t *steps_json(const zsc_paper_plan *plan)
{
    json_t *all = json_object();
    for (size_t i = 0; i < plan->steps; i++) {
        const zsc_paper_step *s = &plan->step[i];
        json_t *step = json_object(), *commands = json_array(), *inputs = json_array();
        if (s->shown) {
            for (size_t c = 0; c < s->commands; c++) {
                zsc_text text = {0};
                zsc_paper_command_text(&s->command[c], "zsc", &text);
                json_array_append_new(commands, json_string(text.data ? text.data : ""));
                free(text.data);
            }
            for (size_t k = 0; k < s->inputs.count; k++) json_array_append_new(inputs, json_string(s->inputs.item[k]));
            json_object_set(step, "commands", commands);
            json_object_set(step, "inputs", inputs);
            json_object_set_new(step, "seconds", s->cost.seconds < 0 ? json_null() : json_real(s->cost.seconds));
            json_object_set_new(step, "cpu_seconds",
                                s->cost.seconds < 0 ? json_null() : json_real(s->cost.cpu_seconds));
            json_object_set_new(step, "peak_rss_bytes", json_integer((json_int_t)s->cost.bytes));
            json_object_set(all, s->name, step);
        }
        json_decref(commands);
        json_decref(inputs);
        json_decref(step);
    }
    return all;
}

static json_t *inputs_json(const zsc_paper_state *state)
{
    json_t *all = json_object();
    for (size_t i = 0; i < state->inputs; i++) {
        char digest[ZSC_DIGEST_TEXT];
        json_object_set_new(all, state->input[i].path,
                            json_pack("{s:s, s:I}", "digest", zsc_digest_text(state->input[i].digest, digest), "bytes",
                                      (json_int_t)state->input[i].bytes));
    }
    return all;
}

static json_t *items_json(page *p)
{
    static const char *const columns[] = {"paper", "sound"};
    json_t *items = json_array();
    for (size_t i = 0; i < p->plan->items; i++) {
        const zsc_paper_item *item = &p->plan->item[i];
        json_t *json = json_pack("{s:s, s:s, s:s, s:s}", "kind", item->figure ? "figure" : "table", "number",
                                 item->number, "title", item->title, "caption", item->caption);
        for (int c = 0; c < ZSC_PAPER_COLUMNS; c++)
            if (item->column[c].there) json_object_set_new(json, columns[c], column_json(p, &item->column[c]));
        if (item->shown)
            json_array_append_new(items, json);
        else
            json_decref(json);
    }
    return items;
}

static zsc_status write_json(page *p)
{
    json_t *root = json_object();
    json_object_set_new(root, "zsc", json_string(zsc_version()));
    json_object_set_new(root, "configuration", json_string(p->plan->config->path));
    json_object_set_new(root, "items", items_json(p));
    json_object_set_new(root, "steps", steps_json(p->plan));
    json_object_set_new(root, "inputs", inputs_json(p->state));
    char *text = zsc_json_text(root, JSON_INDENT(1));
    if (text) fprintf(p->out, "%s\n", text);
    json_decref(root);
    zsc_status status = text ? ZSC_OK : zsc_fail_memory(1, 1, "the list of items");
    free(text);
    return status;
}

static zsc_status write_file(page *p, const char *name, zsc_status (*write)(page *))
{
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    char *path = zsc_asprintf("%s/%s", p->plan->options->output, name);
    if (!path) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_atomic_open(path, &file));
    p->out = zsc_atomic_stream(file);
    ZSC_TRY(write(p));
    zsc_atomic *whole = file;
    file = NULL;
    status = zsc_atomic_commit(whole);
done:
    zsc_atomic_abandon(file);
    free(path);
    return status;
}

zsc_status zsc_paper_page_write(const zsc_paper_plan *plan, const zsc_paper_state *state)
{
    zsc_status status = ZSC_OK;
    page p = {.plan = plan, .state = state};
    ZSC_NEW(p.used, plan->steps + 1);
    ZSC_NEW(p.order, plan->steps + 1);
    ZSC_TRY(write_file(&p, "paper.json", write_json));
    status = write_file(&p, "index.html", write_page);
done:
    free(p.used);
    free(p.order);
    free(p.text.data);
    return status;
}
