#include "paper/paper_sweeps.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/value.h"

static const struct {
    const char *name, *settings;
    bool pairs, sound;
} sweeps[] = {
    [ZSC_PAPER_ALL_ROWS] = {"clustering", "scale: none\n", false, false},
    [ZSC_PAPER_ONE_PER_BARCODE] = {"clustering-one-per-barcode", "one-per-barcode: random\nscale: none\n", false,
                                   false},
    [ZSC_PAPER_PAIRS] = {"cross-modal", "one-per-barcode: random\nscale: zscore\nscale-scope: split\n", true, false},
    [ZSC_PAPER_PAIRS_SOUND] = {"cross-modal-sound", "one-per-barcode: random\nscale: zscore\nscale-scope: rows\n", true,
                               true},
};

/* A text of YAML in double quotes. */
static void put_text(zsc_text *out, const char *text)
{
    zsc_text_append(out, "\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\') zsc_text_append(out, "\\");
        zsc_text_append_n(out, c, 1);
    }
    zsc_text_append(out, "\"");
}

static void put_encoders(zsc_text *out, const zsc_paper_config *c, const char *modality, const char *indent)
{
    for (size_t i = 0; i < c->encoders; i++) {
        const zsc_paper_encoder *e = &c->encoder[i];
        if (e->source.absent || (modality && strcmp(e->modality, modality) != 0)) continue;
        zsc_text_printf(out, "%s- ", indent);
        put_text(out, e->source.spec);
        zsc_text_append(out, "\n");
    }
}

/* Seed 0, the paper's, and those of the second column. */
static void put_seeds(zsc_text *out, const zsc_paper_plan *plan, bool paper, bool sound)
{
    const char *seeds = plan->config->seeds;
    if (!sound)
        zsc_text_append(out, "seed: 0\n");
    else if (!paper || zsc_value_has_seed(seeds, 0))
        zsc_text_printf(out, "seed: \"%s\"\n", seeds);
    else
        zsc_text_printf(out, "seed: [0, \"%s\"]\n", seeds);
}

static zsc_status make_text(const zsc_paper_plan *plan, zsc_paper_sweep kind, const char *results, char **out)
{
    const zsc_paper_config *c = plan->config;
    zsc_text text = {0};
    bool paper = !sweeps[kind].sound, sound = sweeps[kind].sound || (plan->options->sound && !sweeps[kind].pairs);
    zsc_text_append(&text, "# Made by zsc paper. Run by hand: zsc sweep THIS_FILE, from the folder where zsc paper was "
                           "started.\noutput: ");
    put_text(&text, results);
    zsc_text_append(&text, "\nmetadata: ");
    put_text(&text, c->metadata);
    zsc_text_append(&text, "\nembeddings:\n");
    put_encoders(&text, c, NULL, "  ");
    if (sweeps[kind].pairs) {
        zsc_text_append(&text, "pairs:\n  -\n");
        put_encoders(&text, c, "image", "    ");
        zsc_text_append(&text, "  -\n");
        put_encoders(&text, c, "dna", "    ");
    }
    zsc_text_printf(&text, "split: test+test_unseen\n%s", sweeps[kind].settings);
    zsc_text_append(&text, "reduce: umap\ndim: 50\nneighbors: 30\nmin-dist: 0\nlinkage: ward\nclusters: species\n");
    zsc_text_printf(&text, "missing: %s\n", !sound ? "class" : paper ? "[class, drop]" : "drop");
    put_seeds(&text, plan, paper, sound);
    *out = text.data;
    return text.failed ? ZSC_EINTERNAL : ZSC_OK;
}

static zsc_status add_inputs(const zsc_paper_plan *plan, zsc_paper_step *s)
{
    const zsc_paper_config *c = plan->config;
    zsc_status status = zsc_list_add(&s->inputs, c->metadata);
    for (size_t i = 0; i < c->encoders; i++)
        for (size_t f = 0; f < c->encoder[i].source.files.count && status == ZSC_OK && !c->encoder[i].source.absent;
             f++)
            status = zsc_list_add_once(&s->inputs, c->encoder[i].source.files.item[f], NULL);
    return status;
}

zsc_status zsc_paper_sweep_step(zsc_paper_plan *plan, zsc_paper_sweep kind, size_t *at)
{
    zsc_status status = ZSC_OK;
    const char *output = plan->options->output;
    bool made = false;
    char *cache = NULL;
    ZSC_TRY(zsc_paper_step_find(plan, sweeps[kind].name, ZSC_PAPER_SWEEP, at, &made));
    if (!made) return ZSC_OK;
    zsc_paper_step *s = &plan->step[*at];
    s->sweep = zsc_asprintf("%s/sweeps/%s.yaml", output, sweeps[kind].name);
    s->results = zsc_asprintf("%s/results/%zu/%s", output, plan->generation, sweeps[kind].name);
    cache = zsc_asprintf("%s/cache", output);
    if (!s->sweep || !s->results || !cache) ZSC_TRY(ZSC_EINTERNAL);
    ZSC_TRY(make_text(plan, kind, s->results, &s->sweep_text));
    ZSC_TRY(add_inputs(plan, s));
    status = zsc_paper_step_command(plan, *at, "sweep", s->sweep, "--cache", cache, NULL);
done:
    free(cache);
    return status;
}

static void put_name(zsc_text *out, const char *first, const char *second)
{
    zsc_text_printf(out, "%s%s%s%s", out->length ? "," : "", first, second ? "+" : "", second ? second : "");
}

zsc_status zsc_paper_encoders_listed(const zsc_paper_plan *plan, bool pairs, char **out)
{
    const zsc_paper_config *c = plan->config;
    zsc_text text = {0};
    *out = NULL;
    if (!plan->others) return ZSC_OK;
    for (size_t i = 0; i < c->encoders; i++)
        if (!c->encoder[i].source.absent) put_name(&text, c->encoder[i].source.encoder, NULL);
    for (size_t i = 0; pairs && i < c->encoders; i++)
        for (size_t k = 0; k < c->encoders; k++) {
            const zsc_paper_encoder *image = &c->encoder[i], *dna = &c->encoder[k];
            if (image->source.absent || dna->source.absent) continue;
            if (strcmp(image->modality, "image") == 0 && strcmp(dna->modality, "dna") == 0)
                put_name(&text, image->source.encoder, dna->source.encoder);
        }
    *out = text.data;
    return text.failed ? ZSC_EINTERNAL : ZSC_OK;
}
