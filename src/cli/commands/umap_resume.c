/* A layout of zsc umap that was stopped, and is resumed. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number_text.h"
#include "cli/commands/umap_parts.h"

/* "'half.h5' was made from other embeddings than these: split test, and here it is train" */
static zsc_status fail_other_input(const cli_umap *a, zsc_h5 *file)
{
    zsc_status status = ZSC_OK;
    cli_umap_source list[CLI_UMAP_SOURCES] = {{0}};
    char *before = NULL;
    ZSC_TRY(cli_umap_sources(a, list));
    for (size_t i = CLI_UMAP_SOURCES; i-- > 0;) { /* the file last, since it may have several names */
        free(before);
        before = NULL;
        ZSC_TRY(zsc_h5_get_text(file, "/embeddings/umap", list[i].name, list[i].text, &before));
        if (strcmp(before, list[i].text) == 0) continue;
        status = zsc_fail(ZSC_EINPUT, "'%s' was made from other embeddings than these: %s %s, and here %s", a->resume,
                          list[i].name, before, list[i].text);
        goto done;
    }
    status = zsc_fail(ZSC_EINPUT, "'%s' was made from other embeddings than these: what '%s' holds has changed",
                      a->resume, list[0].text);
done:
    cli_umap_sources_free(list);
    free(before);
    return status;
}

static bool parse_digest(const char *text, uint64_t out[2])
{
    if (strlen(text) != ZSC_DIGEST_TEXT - 1) return false;
    out[0] = out[1] = 0;
    for (size_t i = 0; i < ZSC_DIGEST_TEXT - 1; i++) {
        const char *digit = strchr("0123456789abcdef", text[i]);
        if (!digit) return false;
        out[i / 16] = out[i / 16] * 16 + (uint64_t)(digit - "0123456789abcdef");
    }
    return true;
}

/* The graph that the stopped layout was made with; fit_part compares it with that of this run. */
static zsc_status read_graph(cli_umap *a, zsc_h5 *file)
{
    char *text = NULL;
    zsc_status status = zsc_h5_get_text(file, "/embeddings/umap", "graph", "", &text);
    if (status == ZSC_OK && !parse_digest(text, a->graph))
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' does not say with which graph it was made: an older zsc wrote it. Begin again without "
                          "--resume",
                          a->resume);
    free(text);
    return status == ZSC_OK ? zsc_h5_get_text(file, "/embeddings/umap", "neighbours", "", &a->made_with) : status;
}

zsc_status cli_umap_explain(const cli_umap *a, const zsc_umap_report *r, zsc_status status)
{
    bool compared = r->graph[0] || r->graph[1];
    if (status == ZSC_OK || !a->resume || !compared || memcmp(r->graph, a->graph, sizeof a->graph) == 0) return status;
    char *own = cli_umap_neighbours_text(a, r->method);
    if (!own) return ZSC_EINTERNAL;
    status = zsc_fail(ZSC_EUSAGE,
                      "'%s' was made with other neighbours: there %s, here %s%s; give --knn and --knn-file as then, or "
                      "begin again without --resume",
                      a->resume, a->made_with, own,
                      strcmp(own, a->made_with) == 0 ? " with other contents (another processor?)" : "");
    free(own);
    return status;
}

static size_t epochs_by_default(const cli_umap *a)
{
    const zsc_umap_options defaults = zsc_umap_defaults();
    return zsc_umap_epochs(&defaults, a->data.n);
}

/* A parameter of a file as the option that gives it: "--min-dist 0.1", "--init pca". */
static void append_option(const char *name, double value, zsc_text *out)
{
    static const struct {
        const char *name, *choices;
    } words[] = {{"metric", ZSC_METRIC_CHOICES}, {"init", CLI_UMAP_INIT_CHOICES "|FILE"}};
    char word[16];
    if (strcmp(name, "unique") == 0) {
        zsc_text_printf(out, "%s --unique", value != 0 ? "with" : "without");
        return;
    }
    bool curve = strcmp(name, "a") == 0 || strcmp(name, "b") == 0 || strcmp(name, "disconnection_distance") == 0;
    zsc_text_append(out, curve && value == 0 ? "without --" : "with --");
    for (const char *c = name; *c; c++) zsc_text_append_n(out, *c == '_' ? "-" : c, 1);
    if (curve && value == 0) return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(name, words[i].name) == 0) {
            zsc_text_printf(out, " %s", zsc_value_choice_text(words[i].choices, (int)value, word, sizeof word));
            return;
        }
    zsc_text_printf(out, " %s", zsc_number_text(value, (char[ZSC_NUMBER_TEXT]){0}));
}

static zsc_status fail_other_parameter(const cli_umap *a, const char *name, double before, double now)
{
    zsc_text then = {0}, here = {0};
    append_option(name, before, &then);
    append_option(name, now, &here);
    zsc_status status = zsc_fail(ZSC_EUSAGE,
                                 "'%s' was made %s, and here it is %s: give the same options, or begin again without "
                                 "--resume",
                                 a->resume, then.data ? then.data : name, here.data ? here.data : name);
    free(then.data);
    free(here.data);
    return status;
}

/* It is in two halves, so that each is exact as a double. */
static zsc_status compare_seed(const cli_umap *a, zsc_h5 *file)
{
    zsc_status status = ZSC_OK;
    double low, high;
    ZSC_TRY(zsc_h5_get_double(file, "/embeddings/umap", "seed_low", -1, &low));
    ZSC_TRY(zsc_h5_get_double(file, "/embeddings/umap", "seed_high", -1, &high));
    if (!(low >= 0 && low <= UINT32_MAX && high >= 0 && high <= UINT32_MAX))
        return zsc_fail(ZSC_EINPUT, "'%s' does not say its seed: begin again without --resume", a->resume);
    uint64_t before = (uint64_t)high << 32 | (uint64_t)low;
    if (before != a->options.seed)
        return zsc_fail(ZSC_EUSAGE,
                        "'%s' was made with --seed %" PRIu64 ", and here it is %" PRIu64
                        ": give the same options, or begin again without --resume",
                        a->resume, before, a->options.seed);
done:
    return status;
}

/* What a file does not say was not in use. */
static zsc_status compare_graph(const cli_umap *a, zsc_h5 *file)
{
    zsc_status status = ZSC_OK;
    cli_umap_parameter list[CLI_UMAP_GRAPH_PARAMETERS];
    char *target = NULL;
    ZSC_TRY(zsc_h5_get_text(file, "/embeddings/umap", "target", "", &target));
    if (strcmp(target, a->target ? a->target : "") != 0) {
        status = zsc_fail(ZSC_EUSAGE,
                          "'%s' was made with%s%s, and here%s%s: give the same options, or begin again "
                          "without --resume",
                          a->resume, *target ? " --target " : "out --target", target,
                          a->target ? " with --target " : " without --target", a->target ? a->target : "");
        goto done;
    }
    cli_umap_graph_parameters(a, list);
    for (size_t i = 0; i < CLI_UMAP_GRAPH_PARAMETERS; i++) {
        double before;
        ZSC_TRY(zsc_h5_get_double(file, "/embeddings/umap", list[i].name, 0, &before));
        if (before != list[i].value) {
            status = fail_other_parameter(a, list[i].name, before, list[i].value);
            goto done;
        }
    }
done:
    free(target);
    return status;
}

zsc_status cli_umap_read_stopped(cli_umap *a)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    char *fingerprint = NULL;
    int64_t epoch;
    cli_umap_parameter list[CLI_UMAP_PARAMETERS];
    ZSC_TRY(cli_umap_read_given(a, a->resume));
    ZSC_TRY(zsc_h5_open(a->resume, &file));
    ZSC_TRY(cli_umap_check_seal(file));
    ZSC_TRY(zsc_h5_get_int(file, "/embeddings/umap", "epoch", -1, &epoch));
    ZSC_TRY(zsc_h5_get_text(file, "/embeddings/umap", "input", "", &fingerprint));
    size_t epochs = zsc_umap_epochs(&a->options, a->data.n);
    if (epoch < 1 || (uint64_t)epoch > epochs) {
        status = zsc_fail(ZSC_EINPUT, "'%s' was not stopped within %zu epochs: there is nothing to resume", a->resume,
                          epochs);
        goto done;
    }
    if (strcmp(fingerprint, a->fingerprint) != 0) {
        status = fail_other_input(a, file);
        goto done;
    }
    cli_umap_parameters(a, list);
    for (size_t i = 0; i < CLI_UMAP_PARAMETERS; i++) {
        double before;
        ZSC_TRY(zsc_h5_get_double(file, "/embeddings/umap", list[i].name, NAN, &before));
        if (before == 0 && strcmp(list[i].name, "n_epochs") == 0)
            before = (double)epochs_by_default(a); /* older files hold 0 if --n-epochs was not given */
        if (before != list[i].value && strncmp(list[i].name, "seed", 4) != 0) {
            status = fail_other_parameter(a, list[i].name, before, list[i].value);
            goto done;
        }
    }
    ZSC_TRY(compare_graph(a, file));
    ZSC_TRY(compare_seed(a, file));
    ZSC_TRY(read_graph(a, file));
    a->first_epoch = (size_t)epoch;
done:
    free(fingerprint);
    zsc_h5_close(file);
    return status;
}
