#include "paper/paper.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "io/files/atomic.h"
#include "io/files/lock.h"
#include "paper/paper_choice.h"
#include "paper/paper_latex.h"
#include "paper/paper_page.h"

/* --- The output folder */
static bool holds_anything(const char *path)
{
    DIR *entries = opendir(path);
    bool any = false;
    for (const struct dirent *e; entries && !any && (e = readdir(entries));)
        any = strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    if (entries) closedir(entries);
    return any;
}

static zsc_status check_folder(const char *output, bool force)
{
    struct stat s;
    if (stat(output, &s) != 0) return ZSC_OK;
    if (!S_ISDIR(s.st_mode)) return zsc_fail(ZSC_EINPUT, "'%s' is a file: a folder is expected for the output", output);
    char *state = zsc_asprintf("%s/state", output);
    if (!state) return ZSC_EINTERNAL;
    bool own = access(state, F_OK) == 0;
    free(state);
    if (own || force || !holds_anything(output)) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT,
                    "'%s' holds files, and zsc paper did not make it; name a new folder, or --force uses this one",
                    output);
}

static zsc_status write_text(const char *path, const char *text, bool program)
{
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    fputs(text, zsc_atomic_stream(file));
    if (program && fchmod(fileno(zsc_atomic_stream(file)), 0755) != 0)
        zsc_detail("cannot mark '%s' as a program", path);
    return zsc_atomic_commit(file);
}

/* The commands of all items that the page shows, in an order in which they can run. */
static zsc_status add_commands(const zsc_paper_plan *plan, zsc_text *text)
{
    zsc_status status = ZSC_OK;
    bool *shown = NULL;
    size_t *order = NULL;
    ZSC_NEW(shown, plan->steps + 1);
    ZSC_NEW(order, plan->steps + 1);
    for (size_t i = 0; i < plan->steps; i++) shown[i] = plan->step[i].shown;
    size_t count = zsc_paper_steps_in_order(plan, shown, order);
    for (size_t i = 0; i < count; i++) {
        const zsc_paper_step *s = &plan->step[order[i]];
        zsc_text_printf(text, "\n# %s\n", s->name);
        for (size_t c = 0; c < s->commands; c++) {
            zsc_paper_command_text(&s->command[c], "\"$zsc\"", text);
            zsc_text_append(text, "\n");
        }
    }
done:
    free(shown);
    free(order);
    return status;
}

static zsc_status add_folders(const zsc_paper_plan *plan, zsc_text *text)
{
    static const char *const names[] = {"tables", "figures", "probes", "retrieval"};
    zsc_text_append(text, "mkdir -p");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = zsc_asprintf("%s/%s", plan->options->output, names[i]);
        if (!path) return ZSC_EINTERNAL;
        zsc_text_append(text, " ");
        zsc_text_shell_word(text, path);
        free(path);
    }
    zsc_text_append(text, "\n");
    return ZSC_OK;
}

static zsc_status write_commands(const zsc_paper_plan *plan)
{
    zsc_status status = ZSC_OK;
    zsc_text text = {0};
    char *path = zsc_asprintf("%s/commands.sh", plan->options->output), *folder = getcwd(NULL, 0);
    if (!path || !folder) ZSC_TRY(ZSC_EINTERNAL);
    zsc_text_append(&text, "#!/bin/sh\n# Made by zsc paper: the commands that it runs, to be run by hand, all or some. "
                           "ZSC names another zsc.\n"
                           "set -e\nzsc=${ZSC:-zsc}\ncd ");
    zsc_text_shell_word(&text, folder);
    zsc_text_append(&text, "\n");
    ZSC_TRY(add_folders(plan, &text));
    ZSC_TRY(add_commands(plan, &text));
    status = text.failed ? zsc_fail_memory(1, 1, "the list of commands") : write_text(path, text.data, true);
done:
    free(text.data);
    free(path);
    free(folder);
    return status;
}

static zsc_status write_inputs(const zsc_paper_plan *plan)
{
    static const char *const folders[] = {"styles", "sweeps"};
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char *path = zsc_asprintf("%s/%s", plan->options->output, folders[i]);
        status = path ? zsc_make_folder(path) : ZSC_EINTERNAL;
        free(path);
        if (status != ZSC_OK) return status;
    }
    ZSC_TRY(write_text(plan->encoder_styles, plan->encoder_styles_text, false));
    ZSC_TRY(write_text(plan->probe_styles, plan->probe_styles_text, false));
    ZSC_TRY(write_text(plan->model_styles, plan->model_styles_text, false));
    for (size_t i = 0; i < plan->steps; i++)
        if (plan->step[i].sweep) ZSC_TRY(write_text(plan->step[i].sweep, plan->step[i].sweep_text, false));
    status = write_commands(plan);
done:
    return status;
}

/* --- The whole */
/* One process at a time makes the whole, or the same part of it, in a folder. */
static zsc_status take_lock(const char *output, const zsc_paper_run_options *run, const zsc_exec *exec, zsc_lock **lock)
{
    char *file = run->shards > 1 ? zsc_asprintf("%s/part-%zu-of-%zu", output, run->shard + 1, run->shards)
                                 : zsc_asprintf("%s/paper.json", output);
    zsc_status status = file ? zsc_make_folder(output) : ZSC_EINTERNAL;
    if (status == ZSC_OK) status = zsc_lock_take(file, exec, lock);
    free(file);
    return status;
}

zsc_status zsc_paper_open(const char *path, const zsc_paper_options *options, const zsc_paper_run_options *run,
                          bool force, const zsc_exec *exec, zsc_paper *out)
{
    zsc_status status = ZSC_OK;
    zsc_paper paper = {0};
    json_t *learned = NULL;
    *out = paper;
    ZSC_TRY(check_folder(options->output, force));
    learned = zsc_paper_state_learned(options->output);
    ZSC_TRY(zsc_paper_config_read(path, learned, &paper.config));
    *out = paper; /* the plan refers to the configuration where it stays */
    paper = (zsc_paper){0};
    /* --only is right, before files are read */
    ZSC_TRY(zsc_paper_plan_make(&out->config, options, 1, false, &out->plan));
    zsc_paper_plan_free(&out->plan);
    if (run) ZSC_TRY(take_lock(options->output, run, exec, &out->lock));
    ZSC_TRY(zsc_paper_state_open(&out->config, options->output, run != NULL, exec, &out->state));
    ZSC_TRY(zsc_paper_plan_make(&out->config, options, out->state.generation, out->state.others, &out->plan));
    ZSC_TRY(zsc_paper_state_find(&out->state, &out->plan, force));
    zsc_paper_plan_show(&out->plan);
    if (run) status = write_inputs(&out->plan);
done:
    json_decref(learned);
    zsc_paper_config_free(&paper.config);
    if (status != ZSC_OK) zsc_paper_close(out);
    return status;
}

void zsc_paper_close(zsc_paper *paper)
{
    zsc_paper_plan_free(&paper->plan);
    zsc_paper_state_free(&paper->state);
    zsc_paper_config_free(&paper->config);
    zsc_lock_release(paper->lock);
    paper->lock = NULL;
}

static zsc_status add_absent(zsc_list *list, const char *absent)
{
    return absent ? zsc_list_add_once(list, absent, NULL) : ZSC_OK;
}

/* Inputs which the configuration names and which are not there, as opposed to those that it does not name: each once.
 */
static zsc_status list_absent(const zsc_paper_config *c, zsc_list *list)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(add_absent(list, c->metadata_absent));
    ZSC_TRY(add_absent(list, c->images_absent));
    for (size_t i = 0; i < c->encoders; i++) ZSC_TRY(add_absent(list, c->encoder[i].source.absent));
    for (size_t i = 0; i < c->probes; i++) ZSC_TRY(add_absent(list, c->probe[i].source.absent));
    for (size_t i = 0; i < c->models; i++) {
        ZSC_TRY(add_absent(list, c->model[i].image.absent));
        ZSC_TRY(add_absent(list, c->model[i].dna.absent));
    }
done:
    return status;
}

static zsc_status check_absent(const zsc_paper_config *c)
{
    zsc_list absent = {0};
    zsc_status status = list_absent(c, &absent);
    if (status == ZSC_OK && absent.count == 1)
        status = zsc_fail(ZSC_EPARTIAL, "%s; the page says what lacks it", absent.item[0]);
    else if (status == ZSC_OK && absent.count > 1)
        status = zsc_fail(ZSC_EPARTIAL,
                          "%s (and %zu more of the configuration's inputs); the page says what lacks them",
                          absent.item[0], absent.count - 1);
    zsc_list_free(&absent);
    return status;
}

zsc_status zsc_paper_make(zsc_paper *paper, const zsc_paper_run_options *options, const zsc_exec *exec,
                          zsc_paper_report *report)
{
    zsc_status status = zsc_paper_run(&paper->plan, &paper->state, options, exec, report);
    if (status != ZSC_OK && status != ZSC_EPARTIAL && status != ZSC_EINTERRUPTED) return status;
    zsc_status written = zsc_paper_page_write(&paper->plan, &paper->state);
    if (written == ZSC_OK) written = zsc_paper_latex_write(&paper->plan);
    if (written != ZSC_OK) return written;
    if (status == ZSC_EINTERRUPTED) return zsc_fail(status, "interrupted");
    if (status == ZSC_EPARTIAL) return zsc_fail(status, "%zu steps failed, see the page", report->failed);
    return check_absent(&paper->config);
}
