/* zsc atlas RESULTS... -o FILE.html */
#include <stdio.h>
#include <stdlib.h>

#include "atlas/atlas.h"
#include "base/memory.h"
#include "cli/read_results.h"

typedef struct atlas_arguments {
    cli_common common;
    const char *output, *title, *layout, *image, *metadata, *style;
    zsc_list columns, where;
    size_t neighbors, clusters;
    bool split_data;
} atlas_arguments;

static zsc_status atlas_defaults(void *data)
{
    atlas_arguments *a = data;
    a->title = "Atlas of specimens";
    a->layout = "umap2d";
    a->neighbors = 5;
    return ZSC_OK;
}

static zsc_status also_writes(const void *data, zsc_list *paths)
{
    const atlas_arguments *a = data;
    if (!a->split_data || !a->output) return ZSC_OK;
    char *name = zsc_atlas_data_name(a->output);
    zsc_status status = name ? zsc_list_add(paths, name) : ZSC_EINTERNAL;
    free(name);
    return status;
}

static zsc_status run_atlas(void *data, char **paths, int count)
{
    const atlas_arguments *a = data;
    zsc_status status = ZSC_OK;
    zsc_result_list list = {0};
    zsc_styles styles = {0};
    const unsigned parts = ZSC_RESULT_ROWS | ZSC_RESULT_LINKAGE | ZSC_RESULT_REDUCED | ZSC_RESULT_CURVE;
    const zsc_atlas_options options = {.title = a->title,
                                       .image = a->image,
                                       .metadata = a->metadata,
                                       .columns = &a->columns,
                                       .plane = {a->layout, a->neighbors},
                                       .clusters = a->clusters,
                                       .split_data = a->split_data};
    if (!a->output) return cli_usage("expected -o FILE.html");
    ZSC_TRY(zsc_styles_load(a->style, &styles));
    ZSC_TRY(zsc_results_read((const char *const *)paths, (size_t)count, parts, &list));
    if (a->where.count) ZSC_TRY(zsc_results_keep_where(&list, &a->where));
    ZSC_TRY(zsc_atlas_write(&list, &styles, &options, &a->common.exec, a->output));
    puts(a->output);
done:
    zsc_results_free(&list);
    zsc_styles_free(&styles);
    return status;
}

#define AT(field) .offset = offsetof(atlas_arguments, field)
static const cli_option atlas_options[] = {
    CLI_PAGE_OPTIONS(offsetof(atlas_arguments, output), offsetof(atlas_arguments, title)),
    {.name = "layout",
     .kind = CLI_TEXT,
     AT(layout),
     .arg = "HOW",
     .choices = "umap2d|pca",
     .help = "the map: umap2d (UMAP to two dimensions of what the run reduced), pca (of its reduced vectors), or a "
             "file of coordinates, a table with ids or an .npy"},
    {.name = "metadata",
     .kind = CLI_TEXT,
     AT(metadata),
     .arg = "FILE",
     .help = "table whose columns the map can be coloured by",
     .shown_default = "that of the first result's run"},
    {.name = "columns",
     .kind = CLI_NAMES,
     AT(columns),
     .arg = "NAMES",
     .help = "columns of the metadata",
     .shown_default = "all that do not tell nearly every specimen apart"},
    {.name = "image",
     .kind = CLI_TEXT,
     AT(image),
     .arg = "TEMPLATE",
     .help = "files of pictures, with names of columns in braces, such as images/{split}/{processid}.jpg; relative to "
             "the page",
     .shown_default = "no pictures"},
    {.name = "neighbors",
     .kind = CLI_COUNT,
     AT(neighbors),
     .arg = "N",
     .help = "nearest specimens of each that the page lists",
     .maximum = 100},
    {.name = "clusters",
     .kind = CLI_COUNT,
     AT(clusters),
     .arg = "N",
     .help = "clusters up to which the dendrogram can be cut in the page",
     .maximum = 60000,
     .shown_default = "a quarter more than the run's clusters, or the classes of a rank"},
    {.name = "split-data",
     .kind = CLI_FLAG,
     AT(split_data),
     .help = "write data of more than 20 MB beside the page, as FILE.bin"},
    CLI_FORCE_OPTION,
    CLI_RESULTS_WHERE_OPTION(offsetof(atlas_arguments, where)),
    CLI_STYLE_OPTION(offsetof(atlas_arguments, style)),
};

const cli_command cli_atlas_command = {
    .name = "atlas",
    .group = "Figures and tables",
    .summary = "write one interactive HTML page in which specimens, clusters and taxa are looked at",
    .operands = "RESULTS...",
    .min_operands = 1,
    .max_operands = -1,
    .description =
        "Writes a self-contained HTML page that opens offline in any browser with WebGL 2: a map of all specimens, "
        "coloured by a rank, by cluster, by right and wrong, or by a column of the metadata; the top of the "
        "dendrogram, with a slider that cuts it anywhere and shows AMI at each rank; which taxa are confused; "
        "search by id and taxon, selections and what they hold, pictures of specimens. Two results can be seen side "
        "by side, with one selection.\n\n"
        "The map is a layout of the embeddings that the run reduced, which are read again where the result says; "
        "where they are gone, of the reduced vectors that zsc run --keep-reduced writes. Dendrogram and AMI are the "
        "result's own.",
    .examples = "  $ zsc atlas results/ -o atlas.html\n"
                "  $ zsc atlas results/ --where encoders=dino --image 'images/{split}/{processid}.jpg' -o atlas.html",
    .options = atlas_options,
    .option_count = sizeof atlas_options / sizeof *atlas_options,
    .size = sizeof(atlas_arguments),
    .defaults = atlas_defaults,
    .run = run_atlas,
    .also_writes = also_writes,
};
