#include "inspect/check/check_metadata.h"

#include "base/error.h"
#include "inspect/check/check_barcodes.h"
#include "inspect/check/check_names.h"
#include "inspect/check/check_repeats.h"
#include "inspect/check/check_taxonomy.h"

zsc_status zsc_check_metadata(const zsc_metadata_source *source, const zsc_exec *exec, zsc_specimens *specimens,
                              zsc_findings *findings)
{
    zsc_status status = ZSC_OK;
    ZSC_TRY(zsc_specimens_read(source, exec, findings, specimens));
    ZSC_TRY(zsc_check_names(specimens, findings));
    ZSC_TRY(zsc_check_taxonomy(specimens, findings));
    ZSC_TRY(zsc_check_barcodes(specimens, findings));
    ZSC_TRY(zsc_check_repeats(specimens, exec, findings));
done:
    return status;
}
