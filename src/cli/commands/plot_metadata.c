#include "cli/commands/plot_metadata.h"

#include "cli/cli.h"
#include "inspect/metadata/metadata_figures.h"
#include "report/figures/figures.h"

zsc_status cli_plot_prevalence(const cli_plot_metadata *from, const zsc_figure_options *options, char **dumb)
{
    zsc_prevalence prevalence = {0};
    const char *rank = from->rank ? from->rank : "species";
    zsc_status status = zsc_prevalence_read(&from->source, rank, from->exec, &prevalence);
    if (status == ZSC_OK) status = zsc_figure_prevalence(&prevalence, rank, options, dumb);
    zsc_prevalence_free(&prevalence);
    return status;
}

/* The ranks that the metadata has; where the figure has no space for all, without those that show least. */
static zsc_status choose_ranks(const cli_plot_metadata *from, size_t most, zsc_list *out)
{
    static const struct {
        const char *name;
        int leaves; /* who goes first */
    } known[] = {{"phylum", 1},    {"class", 3}, {"order", 6},  {"family", 7},
                 {"subfamily", 2}, {"genus", 5}, {"species", 4}};
    enum { RANKS = sizeof known / sizeof *known };
    zsc_status status = ZSC_OK;
    const char *name[RANKS];
    bool present[RANKS], split;
    size_t count = 0;
    for (size_t k = 0; k < RANKS; k++) name[k] = known[k].name;
    ZSC_TRY(zsc_metadata_present(&from->source, name, RANKS, present, &split));
    for (size_t k = 0; k < RANKS; k++) count += present[k];
    for (int turn = 1; turn <= RANKS && count > most; turn++)
        for (size_t k = 0; k < RANKS; k++) {
            if (!present[k] || known[k].leaves != turn) continue;
            present[k] = false;
            count--;
        }
    for (size_t k = 0; k < RANKS; k++)
        if (present[k]) ZSC_TRY(zsc_list_add(out, name[k]));
    if (out->count == 0)
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' has none of the columns phylum, class, order, family, subfamily, genus, species; say "
                          "which columns are meant, as in --column species=NAME or --ranks NAME,NAME",
                          from->source.path);
done:
    return status;
}

zsc_status cli_plot_composition(const cli_plot_metadata *from, const zsc_figure_options *options, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_taxon_tree tree = {0};
    zsc_list chosen = {0};
    const zsc_list *ranks = from->ranks->count ? from->ranks : &chosen;
    if (ranks == &chosen) ZSC_TRY(choose_ranks(from, zsc_figure_composition_ranks(options), &chosen));
    ZSC_TRY(zsc_taxon_tree_read(&from->source, (const char *const *)ranks->item, ranks->count, from->exec, &tree));
    status = zsc_figure_composition(&tree, options, dumb);
done:
    zsc_taxon_tree_free(&tree);
    zsc_list_free(&chosen);
    return status;
}

zsc_status cli_plot_map(const cli_plot_metadata *from, const zsc_figure_options *options, char **dumb)
{
    zsc_status status = ZSC_OK;
    zsc_sites sites = {0};
    zsc_coastline coastline = {0};
    if (from->coastline) ZSC_TRY(zsc_coastline_read(from->coastline, &coastline));
    ZSC_TRY(zsc_sites_read(&from->source, from->exec, &sites));
    status = zsc_figure_map(&sites, from->coastline ? &coastline : NULL, options, dumb);
done:
    zsc_sites_free(&sites);
    zsc_coastline_free(&coastline);
    return status;
}
