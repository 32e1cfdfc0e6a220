#include "paper/paper_plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- Steps */
zsc_status zsc_paper_step_find(zsc_paper_plan *plan, const char *name, zsc_paper_work work, size_t *at, bool *made)
{
    size_t i = 0;
    while (i < plan->steps && strcmp(plan->step[i].name, name) != 0) i++;
    if (made) *made = i == plan->steps;
    *at = i;
    if (i < plan->steps) return ZSC_OK;
    zsc_status status = zsc_grow(&plan->step, &plan->step_capacity, plan->steps + 1, sizeof *plan->step, "a plan");
    if (status != ZSC_OK) return status;
    plan->step[i] = (zsc_paper_step){.work = work, .cost = {.seconds = -1, .cpu_seconds = -1}};
    plan->steps++;
    return zsc_copy_text(name, &plan->step[i].name);
}

static zsc_status add_words(zsc_list *words, va_list given)
{
    zsc_status status = ZSC_OK;
    for (const char *word; status == ZSC_OK && (word = va_arg(given, const char *));)
        status = zsc_list_add(words, word);
    return status;
}

zsc_status zsc_paper_step_command(zsc_paper_plan *plan, size_t step, ...)
{
    zsc_paper_step *s = &plan->step[step];
    zsc_status status = zsc_grow(&s->command, &s->command_capacity, s->commands + 1, sizeof *s->command, "a plan");
    va_list words;
    if (status != ZSC_OK) return status;
    s->command[s->commands] = (zsc_paper_command){0};
    va_start(words, step);
    status = add_words(&s->command[s->commands++].words, words);
    va_end(words);
    return status;
}

zsc_status zsc_paper_step_words(zsc_paper_plan *plan, size_t step, ...)
{
    zsc_paper_step *s = &plan->step[step];
    va_list words;
    va_start(words, step);
    zsc_status status = add_words(&s->command[s->commands - 1].words, words);
    va_end(words);
    return status;
}

zsc_status zsc_paper_step_after(zsc_paper_plan *plan, size_t step, size_t before)
{
    zsc_paper_step *s = &plan->step[step];
    zsc_status status = zsc_grow(&s->after, &s->after_capacity, s->afters + 1, sizeof *s->after, "a plan");
    if (status == ZSC_OK) s->after[s->afters++] = before;
    return status;
}

static bool has_step(const size_t *steps, size_t count, size_t step)
{
    size_t i = 0;
    while (i < count && steps[i] != step) i++;
    return i < count;
}

size_t zsc_paper_steps_in_order(const zsc_paper_plan *plan, const bool *used, size_t *order)
{
    size_t count = 0;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < plan->steps; i++) {
            const zsc_paper_step *s = &plan->step[i];
            bool ready = used[i] && !has_step(order, count, i);
            for (size_t k = 0; k < s->afters; k++) ready = ready && has_step(order, count, s->after[k]);
            if (!ready) continue;
            order[count++] = i;
            more = true;
        }
    }
    return count;
}

/* --- Items */
const char *zsc_paper_item_name(const zsc_paper_item *item, char buffer[ZSC_PAPER_NAME])
{
    snprintf(buffer, ZSC_PAPER_NAME, "%s %s", item->figure ? "Figure" : "Table", item->number);
    return buffer;
}

static void step_clear(zsc_paper_step *s)
{
    for (size_t i = 0; i < s->commands; i++) zsc_list_free(&s->command[i].words);
    zsc_list_free(&s->inputs);
    zsc_list_free(&s->outputs);
    free(s->name);
    free(s->command);
    free(s->after);
    free(s->sweep);
    free(s->sweep_text);
    free(s->results);
    free(s->failure);
    free(s->lacks);
}

static void column_clear(zsc_paper_column *c)
{
    zsc_list_free(&c->files);
    free(c->step);
    free(c->missing);
    free(c->without);
}

void zsc_paper_plan_free(zsc_paper_plan *plan)
{
    char *texts[] = {plan->encoder_styles,      plan->probe_styles,      plan->model_styles,
                     plan->encoder_styles_text, plan->probe_styles_text, plan->model_styles_text};
    for (size_t i = 0; i < plan->steps; i++) step_clear(&plan->step[i]);
    for (size_t i = 0; i < plan->items; i++)
        for (size_t c = 0; c < ZSC_PAPER_COLUMNS; c++) column_clear(&plan->item[i].column[c]);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
    free(plan->step);
    free(plan->item);
    *plan = (zsc_paper_plan){0};
}
