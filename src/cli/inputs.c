#include "cli/inputs.h"

#include "io/formats/h5_paths.h"

zsc_status cli_inputs_resolve(const cli_inputs *inputs, zsc_h5_paths *h5_paths, zsc_columns *columns)
{
    if (columns) *columns = (zsc_columns){(const char *const *)inputs->columns.item, inputs->columns.count};
    if (!h5_paths) return ZSC_OK;
    *h5_paths = inputs->h5_paths;
    h5_paths->labels = (const char *const *)inputs->labels.item;
    h5_paths->label_count = inputs->labels.count;
    return zsc_h5_paths_check(h5_paths);
}
