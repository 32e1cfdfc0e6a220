#include "cli/inputs.h"

#include "io/formats/h5_paths.h"

zsc_status cli_inputs_resolve(const cli_inputs *inputs, zsc_pointing *pointing, zsc_columns *columns)
{
    if (columns) *columns = (zsc_columns){(const char *const *)inputs->columns.item, inputs->columns.count};
    if (!pointing) return ZSC_OK;
    *pointing = inputs->pointing;
    pointing->labels = (const char *const *)inputs->labels.item;
    pointing->label_count = inputs->labels.count;
    return zsc_pointing_check(pointing);
}
