#include "simulate/simulated_metadata.h"

#include "io/text/csv.h"
#include "simulate/streams.h"

static const char phylum[] = "Fictarthropoda";

const char zsc_sim_metadata_header[] =
    "processid,sampleid,taxon,phylum,class,order,family,subfamily,genus,species,dna_bin,dna_barcode,country,"
    "province_state,coord-lat,coord-lon,image_measurement_value,area_fraction,scale_factor,inferred_ranks,split,"
    "index_bioscan_1M_insect,chunk,simulated";

void zsc_sim_metadata_write(const zsc_simulate_options *o, size_t row, const zsc_sim_record *record,
                            const zsc_sim_place *place, const char *chunk, FILE *csv)
{
    const char *taxon = phylum;
    for (size_t rank = 0; rank < ZSC_SIM_RANKS; rank++)
        if (*record->label[rank]) taxon = record->label[rank];
    fprintf(csv, "%s,SIMULATED-%zu,", record->id, row + 1);
    zsc_csv_write_field(csv, taxon);
    fprintf(csv, ",%s", phylum);
    for (size_t level = 0; level < ZSC_SIM_LEVELS; level++) {
        putc(',', csv);
        zsc_csv_write_field(csv, record->label[level]);
    }
    zsc_stream stream = zsc_sim_stream(o->seed, ZSC_SIM_MEASURES, row, 0);
    double area = 0.05 + 0.6 * zsc_stream_uniform(&stream), scale = 1 + 3 * zsc_stream_uniform(&stream);
    fprintf(csv, ",%s,%s,%s,%s,%s,%.0f,%.4f,%.4f,0,%s,,%s,1", record->barcode, place->country, place->province,
            record->latitude, record->longitude, area * 768 * 1024, area, scale, record->split, chunk);
}
