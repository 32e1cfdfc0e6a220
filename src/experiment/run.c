/* One run of the experiment: rows -> matrix -> reduction -> dendrogram -> cut -> scores. */
#include "base/error.h"
#include "base/options.h"
#include "experiment/pipeline/pipeline.h"
#include "experiment/settings/run_options.h"

zsc_status zsc_run(const zsc_run_options *options, const zsc_exec *exec, zsc_result *out)
{
    ZSC_OPTIONS(zsc_run_options, options, zsc_run_defaults());
    zsc_status status = ZSC_OK;
    zsc_input input = {.last = true};
    zsc_tree tree = {0};
    ZSC_TRY(zsc_run_check(options));
    ZSC_TRY(zsc_input_load(options, exec, &input));
    ZSC_TRY(zsc_tree_grow(options, exec, &input, &tree));
    ZSC_TRY(zsc_tree_score(options, exec, &input, &tree, out));
done:
    zsc_tree_free(&tree);
    zsc_input_free(&input);
    return status;
}
