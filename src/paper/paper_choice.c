#include "paper/paper_choice.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "paper/paper_items.h"

/* "A16", "a16", "table-A16", "Figure 6" */
static bool is_named(const zsc_paper_item *item, const char *name)
{
    static const char *const kinds[] = {"table", "figure"};
    name += strspn(name, " ");
    for (int figure = 0; figure < 2; figure++) {
        size_t length = strlen(kinds[figure]);
        if (strncasecmp(name, kinds[figure], length) != 0) continue;
        if (item->figure != (bool)figure) return false;
        name += length + (name[length] == '-' || name[length] == ' ' || name[length] == '_');
        break;
    }
    size_t length = strlen(item->number);
    return strncasecmp(name, item->number, length) == 0 && name[length + strspn(name + length, " ")] == '\0';
}

static zsc_status check_names(const zsc_paper_plan *plan, const zsc_list *names, const char *option)
{
    zsc_text known = {0};
    for (size_t k = 0; names && k < names->count; k++) {
        size_t i = 0;
        while (i < plan->items && !is_named(&plan->item[i], names->item[k])) i++;
        if (i < plan->items) continue;
        for (i = 0; i < plan->items; i++)
            zsc_text_printf(&known, "%s%s-%s", i ? ", " : "", plan->item[i].figure ? "figure" : "table",
                            plan->item[i].number);
        zsc_status status = zsc_fail(ZSC_EUSAGE, "option --%s: there is no table or figure '%s'; there are %s", option,
                                     names->item[k], known.data ? known.data : "");
        free(known.data);
        return status;
    }
    return ZSC_OK;
}

static bool is_listed(const zsc_paper_item *item, const zsc_list *names)
{
    for (size_t i = 0; names && i < names->count; i++)
        if (is_named(item, names->item[i])) return true;
    return false;
}

static void want(zsc_paper_plan *plan, size_t step)
{
    zsc_paper_step *s = &plan->step[step];
    if (s->wanted) return;
    s->wanted = true;
    for (size_t i = 0; i < s->afters; i++) want(plan, s->after[i]);
}

static void choose(zsc_paper_plan *plan)
{
    const zsc_paper_options *o = plan->options;
    for (size_t i = 0; i < plan->items; i++) {
        zsc_paper_item *item = &plan->item[i];
        item->wanted = (!o->only || o->only->count == 0 || is_listed(item, o->only)) && !is_listed(item, o->skip);
        for (size_t c = 0; item->wanted && c < ZSC_PAPER_COLUMNS; c++)
            for (size_t s = 0; s < item->column[c].steps; s++) want(plan, item->column[c].step[s]);
    }
}

static bool is_made(const zsc_paper_plan *plan, const zsc_paper_column *c)
{
    bool made = c->steps > 0 && !c->missing;
    for (size_t i = 0; i < c->steps; i++) made = made && plan->step[c->step[i]].done;
    return made;
}

static void show(zsc_paper_plan *plan, size_t step)
{
    zsc_paper_step *s = &plan->step[step];
    if (s->shown) return;
    s->shown = true;
    for (size_t i = 0; i < s->afters; i++) show(plan, s->after[i]);
}

void zsc_paper_plan_show(zsc_paper_plan *plan)
{
    for (size_t i = 0; i < plan->items; i++) {
        zsc_paper_item *item = &plan->item[i];
        item->shown = item->wanted || is_made(plan, &item->column[ZSC_PAPER_PAPER]);
        for (size_t c = 0; item->shown && c < ZSC_PAPER_COLUMNS; c++)
            for (size_t s = 0; s < item->column[c].steps; s++) show(plan, item->column[c].step[s]);
    }
}

zsc_status zsc_paper_plan_make(const zsc_paper_config *config, const zsc_paper_options *options, size_t generation,
                               bool others, zsc_paper_plan *out)
{
    zsc_status status = ZSC_OK;
    zsc_paper_plan plan = {.config = config, .options = options, .generation = generation, .others = others};
    ZSC_TRY(zsc_paper_items_add(&plan));
    ZSC_TRY(check_names(&plan, options->only, "only"));
    ZSC_TRY(check_names(&plan, options->skip, "skip"));
    choose(&plan);
    *out = plan;
    plan = (zsc_paper_plan){0};
done:
    zsc_paper_plan_free(&plan);
    return status;
}
