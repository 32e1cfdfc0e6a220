#include "paper/paper_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/threads.h"
#include "experiment/store/store.h"
#include "io/files/atomic.h"
#include "io/files/input_files.h"
#include "io/files/read_file.h"

enum { PAUSE_NANOSECONDS = 5000000 };

typedef struct job { /* a step under way */
    size_t step, command;
    pid_t process;
    double began;
    zsc_paper_cost cost;
    char *log;
} job;

typedef struct runner {
    zsc_paper_plan *plan;
    const zsc_paper_state *state;
    const zsc_paper_run_options *o;
    const zsc_exec *exec;
    zsc_paper_report *report;
    job *job;
    size_t jobs;
    bool *begun; /* by step */
    size_t wanted;
} runner;

static bool go_on(const runner *r)
{
    const zsc_paper_report *p = r->report;
    return zsc_progress(r->exec, "steps", (double)(p->made + p->failed + p->left), (double)r->wanted);
}

/* --- A command */
/* Whether the word is a file of a step before S which failed, so that it is not there. */
static bool is_lost(const zsc_paper_plan *plan, const zsc_paper_step *s, const char *word)
{
    for (size_t k = 0; k < s->afters; k++) {
        const zsc_paper_step *before = &plan->step[s->after[k]];
        if (!before->done && zsc_list_has(&before->outputs, word)) return true;
    }
    return false;
}

/* Its words as exec takes them: launcher, program, words, options of how it is carried out. */
static zsc_status make_words(const runner *r, size_t step, size_t command, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    const zsc_paper_step *s = &r->plan->step[step];
    const zsc_list *words = &s->command[command].words;
    char number[48];
    for (size_t i = 0; s->work == ZSC_PAPER_SWEEP && r->o->launcher && i < r->o->launcher->count; i++)
        ZSC_TRY(zsc_list_add(out, r->o->launcher->item[i]));
    ZSC_TRY(zsc_list_add(out, r->o->program));
    for (size_t i = 0; i < words->count; i++)
        if (!is_lost(r->plan, s, words->item[i])) ZSC_TRY(zsc_list_add(out, words->item[i]));
    if (s->work == ZSC_PAPER_SWEEP && r->o->shards > 1) {
        snprintf(number, sizeof number, "%zu/%zu", r->o->shard + 1, r->o->shards);
        ZSC_TRY(zsc_list_add(out, "--shard"));
        ZSC_TRY(zsc_list_add(out, number));
    }
    if ((s->ours || r->o->force) && s->work != ZSC_PAPER_SWEEP) ZSC_TRY(zsc_list_add(out, "--force"));
    if (r->exec->threads > 0 || r->o->jobs > 1) {
        int threads = zsc_threads(r->exec) / (int)r->o->jobs;
        snprintf(number, sizeof number, "%d", threads > 1 ? threads : 1);
        ZSC_TRY(zsc_list_add(out, "--threads"));
        ZSC_TRY(zsc_list_add(out, number));
    }
    if (r->o->memory_limit) {
        snprintf(number, sizeof number, "%zu", r->o->memory_limit);
        ZSC_TRY(zsc_list_add(out, "--memory-limit"));
        ZSC_TRY(zsc_list_add(out, number));
    }
done:
    return status;
}

/* In the child: what it prints goes to LOG, and it ends with its parent. */
static void become(char *const *words, const char *log, pid_t parent)
{
    int file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666),
        null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(126);
    signal(SIGPIPE, SIG_DFL);
    if (null >= 0) dup2(null, STDIN_FILENO);
    if (file >= 0) dup2(file, STDOUT_FILENO), dup2(file, STDERR_FILENO);
    execvp(words[0], words);
    dprintf(STDERR_FILENO, "cannot start '%s': %s\n", words[0], strerror(errno));
    _exit(127);
}

static zsc_status start_command(runner *r, job *j)
{
    zsc_status status = ZSC_OK;
    zsc_list list = {0};
    char **words = NULL;
    ZSC_TRY(make_words(r, j->step, j->command, &list));
    ZSC_NEW(words, list.count + 1);
    memcpy(words, list.item, list.count * sizeof *words);
    pid_t parent = getpid();
    j->process = fork();
    if (j->process == 0) become(words, j->log, parent);
    if (j->process < 0) status = zsc_fail(ZSC_EINTERNAL, "cannot start a process: %s", strerror(errno));
done:
    free(words);
    zsc_list_free(&list);
    return status;
}

/* The last line that a command printed: its message, without the name of the command. */
static char *last_line(const char *log)
{
    char *text = NULL;
    size_t length = 0;
    if (zsc_read_file(log, &text, &length) != ZSC_OK) {
        zsc_error_clear();
        return zsc_strdup("it left no message");
    }
    while (length && (text[length - 1] == '\n' || text[length - 1] == '\r')) text[--length] = '\0';
    const char *line = strrchr(text, '\n');
    char *message = zsc_strdup(*text ? (line ? line + 1 : text) : "it left no message");
    free(text);
    return message;
}

/* A message that a run of the sweep failed with, among those that LOG has too, since others may be of earlier sweeps;
 * NULL: there is none. */
static char *failed_run(const char *results, const char *log)
{
    char *folder = zsc_asprintf("%s/.failed", results), *text = NULL, *message = NULL;
    zsc_input_files files = {0};
    struct stat s;
    bool listed = folder && stat(folder, &s) == 0 && zsc_read_file(log, &text, NULL) == ZSC_OK &&
                  zsc_input_list(folder, &files) == ZSC_OK;
    for (size_t i = 0; listed && !message && i < files.count; i++) {
        message = last_line(files.item[i].path);
        if (message && strstr(text, message)) break;
        free(message);
        message = NULL;
    }
    zsc_error_clear();
    zsc_input_files_free(&files);
    free(text);
    free(folder);
    return message;
}

/* --- A step */
static void note_step(const runner *r, const zsc_paper_step *s, const char *what)
{
    zsc_note_progress("%zu of %zu: %s: %s", r->report->made + r->report->failed + r->report->left + 1, r->wanted,
                      s->name, what);
}

static zsc_status make_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = zsc_strndup(path, slash ? (size_t)(slash - path) : 0);
    zsc_status status = !folder ? ZSC_EINTERNAL : *folder ? zsc_make_folder(folder) : ZSC_OK;
    free(folder);
    return status;
}

/* OUT/logs/<step>.log. Parts of one sweep may be under way at the same time: each has a log of its own. */
static char *log_path(const runner *r, const zsc_paper_step *s)
{
    const char *output = r->plan->options->output;
    if (s->work != ZSC_PAPER_SWEEP || r->o->shards <= 1) return zsc_asprintf("%s/logs/%s.log", output, s->name);
    return zsc_asprintf("%s/logs/%s-%zu-of-%zu.log", output, s->name, r->o->shard + 1, r->o->shards);
}

/* What S lacks of the steps before it. */
static zsc_status note_lacks(const zsc_paper_plan *plan, zsc_paper_step *s)
{
    zsc_text text = {0};
    for (size_t k = 0; k < s->afters; k++) {
        const zsc_paper_step *before = &plan->step[s->after[k]];
        const char *why = before->failure ? before->failure : before->lacks;
        if (why) zsc_text_printf(&text, "%s%s: %s", text.length ? "; " : "", before->name, why);
    }
    free(s->lacks);
    s->lacks = text.data;
    return text.failed ? ZSC_EINTERNAL : ZSC_OK;
}

static zsc_status start_step(runner *r, size_t step)
{
    zsc_status status = ZSC_OK;
    zsc_paper_step *s = &r->plan->step[step];
    job *j = &r->job[r->jobs];
    *j = (job){.step = step, .began = zsc_clock()};
    r->begun[step] = true;
    ZSC_TRY(note_lacks(r->plan, s));
    if (!(j->log = log_path(r, s))) ZSC_TRY(ZSC_EINTERNAL);
    for (size_t i = 0; i < s->outputs.count; i++) ZSC_TRY(make_folder_of(s->outputs.item[i]));
    ZSC_TRY(make_folder_of(j->log));
    unlink(j->log);
    ZSC_TRY(start_command(r, j));
    r->jobs++;
    return ZSC_OK;
done:
    free(j->log);
    return status;
}

/* WHY becomes the step's; NULL: memory ran out. */
static zsc_status fail_step(runner *r, zsc_paper_step *s, char *why)
{
    if (!(s->failure = why)) return ZSC_EINTERNAL;
    r->report->failed++;
    zsc_warn("%s: %s", s->name, why);
    return ZSC_OK;
}

static bool holds_results(const char *folder)
{
    zsc_list paths = {0};
    bool any = zsc_store_list(folder, &paths) == ZSC_OK && paths.count > 0;
    zsc_error_clear();
    zsc_list_free(&paths);
    return any;
}

static zsc_status command_failed(runner *r, const job *j, int ended)
{
    zsc_paper_step *s = &r->plan->step[j->step];
    char *line = last_line(j->log);
    if (!line) return ZSC_EINTERNAL;
    char *why = WIFSIGNALED(ended) ? zsc_asprintf("its command was ended by signal %d (%s); %s", WTERMSIG(ended),
                                                  strsignal(WTERMSIG(ended)), line)
                                   : zsc_strdup(line);
    const bool some = s->results && WIFEXITED(ended) && WEXITSTATUS(ended) == ZSC_EPARTIAL;
    char *run = some ? failed_run(s->results, j->log) : NULL;
    s->partial = some && holds_results(s->results);
    char *more = why && run ? zsc_asprintf("%s; one of them: %s", why, run) : NULL;
    free(line);
    free(run);
    if (!more) return fail_step(r, s, why);
    free(why);
    return fail_step(r, s, more);
}

static bool outputs_missing(const zsc_paper_step *s, const char **which)
{
    for (size_t i = 0; i < s->outputs.count; i++)
        if (access(*which = s->outputs.item[i], F_OK) != 0) return true;
    return false;
}

/* All commands of the step are done. */
static zsc_status end_step(runner *r, job *j)
{
    zsc_paper_step *s = &r->plan->step[j->step];
    const char *missing;
    char seconds[ZSC_SECONDS_TEXT];
    if (outputs_missing(s, &missing))
        return fail_step(r, s, zsc_asprintf("its commands ended well, and '%s' is not there", missing));
    j->cost.seconds = zsc_clock() - j->began;
    s->cost = j->cost;
    note_step(r, s, zsc_seconds_text(s->cost.seconds, seconds));
    r->report->made++;
    s->done = s->work != ZSC_PAPER_SWEEP || r->o->shards <= 1; /* a part of a sweep is not the whole */
    return s->done ? zsc_paper_state_keep(r->state, s) : ZSC_OK;
}

static double seconds_of(struct timeval t) { return (double)t.tv_sec + 1e-6 * (double)t.tv_usec; }

static zsc_status command_ended(runner *r, size_t at, int ended, const struct rusage *use)
{
    job *j = &r->job[at];
    const zsc_paper_step *s = &r->plan->step[j->step];
    size_t bytes = (size_t)use->ru_maxrss * 1024;
    j->process = 0;
    j->cost.cpu_seconds += seconds_of(use->ru_utime) + seconds_of(use->ru_stime);
    if (bytes > j->cost.bytes) j->cost.bytes = bytes;
    bool good = WIFEXITED(ended) && WEXITSTATUS(ended) == 0;
    if (good && j->command + 1 < s->commands) {
        j->command++;
        return start_command(r, j);
    }
    zsc_status status = good ? end_step(r, j) : command_failed(r, j, ended);
    free(j->log);
    r->job[at] = r->job[--r->jobs];
    return status;
}

/* --- All */
/* Whether the step is this part's. */
static bool is_ours(const runner *r, size_t step)
{
    zsc_paper_work work = r->plan->step[step].work;
    if (r->o->shards <= 1 || work == ZSC_PAPER_SWEEP) return true;
    return (work == ZSC_PAPER_SEARCH || work == ZSC_PAPER_PROBE) && step % r->o->shards == r->o->shard;
}

/* Whether what BEFORE was to make is named by the commands of S file by file, so that S can do without. */
static bool is_one_of_several(const zsc_paper_step *before, const zsc_paper_step *s)
{
    for (size_t i = 0; i < before->outputs.count; i++) {
        bool named = false;
        for (size_t c = 0; c < s->commands; c++)
            named = named || zsc_list_has(&s->command[c].words, before->outputs.item[i]);
        if (!named) return false;
    }
    return before->outputs.count > 0;
}

/* Whether every step before S has ended; *blocked: one that failed and without which S cannot be made, as all are of
 * which none is there. NULL: none. */
static bool is_ready(const zsc_paper_plan *plan, const zsc_paper_step *s, const zsc_paper_step **blocked)
{
    bool ready = true, any = s->afters == 0;
    const zsc_paper_step *failed = NULL;
    *blocked = NULL;
    for (size_t k = 0; k < s->afters; k++) {
        const zsc_paper_step *before = &plan->step[s->after[k]];
        ready = ready && (before->done || before->failure);
        any = any || before->done || before->partial || !before->failure;
        if (!before->failure || before->partial) continue;
        failed = before;
        if (!is_one_of_several(before, s)) *blocked = before;
    }
    if (!any) *blocked = failed;
    return ready;
}

/* Steps that cannot be made for want of one before are left out. *next: one that can begin, SIZE_MAX: none can now. */
static zsc_status find_next(runner *r, size_t *next)
{
    *next = SIZE_MAX;
    for (size_t i = 0; i < r->plan->steps; i++) {
        zsc_paper_step *s = &r->plan->step[i];
        const zsc_paper_step *blocked = NULL;
        if (!s->wanted || s->done || s->failure || r->begun[i] || !is_ours(r, i)) continue;
        bool ready = is_ready(r->plan, s, &blocked);
        if (blocked) {
            if (!(s->failure = zsc_asprintf("%s failed: %s", blocked->name, blocked->failure))) return ZSC_EINTERNAL;
            r->report->left++;
            i = (size_t)-1; /* others may wait for this one */
        } else if (ready && *next == SIZE_MAX) {
            *next = i;
        }
    }
    return ZSC_OK;
}

static void end_all(runner *r)
{
    for (size_t i = 0; i < r->jobs; i++)
        if (r->job[i].process > 0) kill(r->job[i].process, SIGTERM);
    for (size_t i = 0; i < r->jobs; i++) {
        if (r->job[i].process > 0) waitpid(r->job[i].process, NULL, 0);
        free(r->job[i].log);
    }
    r->jobs = 0;
}

/* Waits until a command ends, or the user does not want to wait any more. */
static zsc_status wait_for_one(runner *r)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NANOSECONDS};
    for (;;) {
        for (size_t i = 0; i < r->jobs; i++) {
            int ended = 0;
            struct rusage use;
            pid_t got = wait4(r->job[i].process, &ended, WNOHANG, &use);
            if (got == r->job[i].process) return command_ended(r, i, ended, &use);
            if (got < 0 && errno != EINTR) return zsc_fail(ZSC_EINTERNAL, "a command is lost: %s", strerror(errno));
        }
        if (!go_on(r)) return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        nanosleep(&pause, NULL);
    }
}

static zsc_status carry_out(runner *r)
{
    zsc_status status = ZSC_OK;
    for (;;) {
        size_t next = SIZE_MAX;
        if (!go_on(r)) return zsc_fail(ZSC_EINTERRUPTED, "interrupted");
        ZSC_TRY(find_next(r, &next));
        if (next != SIZE_MAX && r->jobs < r->o->jobs) {
            ZSC_TRY(start_step(r, next));
            continue;
        }
        if (r->jobs == 0) break;
        ZSC_TRY(wait_for_one(r));
    }
done:
    return status;
}

zsc_status zsc_paper_run(zsc_paper_plan *plan, const zsc_paper_state *state, const zsc_paper_run_options *options,
                         const zsc_exec *exec, zsc_paper_report *report)
{
    zsc_status status = ZSC_OK;
    runner r = {.plan = plan, .state = state, .o = options, .exec = exec, .report = report};
    *report = (zsc_paper_report){0};
    ZSC_NEW(r.job, options->jobs + 1);
    ZSC_NEW(r.begun, plan->steps + 1);
    for (size_t i = 0; i < plan->steps; i++) {
        if (!plan->step[i].wanted) continue;
        if (plan->step[i].done)
            report->present++;
        else
            r.wanted += is_ours(&r, i);
    }
    status = carry_out(&r);
    end_all(&r);
    if (status == ZSC_OK && report->failed)
        status = zsc_fail(ZSC_EPARTIAL, "%zu of %zu steps failed", report->failed, r.wanted);
done:
    free(r.job);
    free(r.begun);
    return status;
}
