/* Simulated specimens: drawn from a random taxonomy (taxonomy.c, specimens.c), with barcodes (barcodes.c) and vectors
 * (encoders.c), and written block by block. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/elementary.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/threads.h"
#include "io/files/atomic.h"
#include "io/h5/h5.h"
#include "simulate/barcodes.h"
#include "simulate/encoders.h"
#include "simulate/label_errors.h"
#include "simulate/simulated_metadata.h"
#include "simulate/places.h"
#include "simulate/specimens.h"
#include "simulate/streams.h"
#include "zsc/zsc.h"

/* --- Options. BIOSCAN-5M's splits test and test_unseen have 47,260 rows and these many taxa (Gharaee et al.,
 * arXiv 2406.12723). Fewer rows meet fewer taxa, the coarser ranks more slowly; beyond, counts grow towards those of
 * the whole of BIOSCAN-5M. */
static const double reference_rows = 47260;
static const struct {
    double count, power_below, power_above;
} reference_taxa[ZSC_SIM_RANKS] = {{6, 0.25, 0.11},   {27, 0.40, 0.15},   {360, 0.70, 0.20},
                                   {600, 0.75, 0.20}, {1750, 0.90, 0.29}, {4363, 1.00, 0.35}};
/* The whole of BIOSCAN-5M: named taxa, and of its 324,411 BINs those without a species. */
static const double all_rows = 5150850;
static const struct {
    double count, power;
} all_taxa[ZSC_SIM_RANKS] = {{10, 0.2}, {55, 0.25}, {934, 0.4}, {1700, 0.45}, {7605, 0.6}, {22622, 0.7}},
  all_unnamed = {ZSC_SIM_ALL_UNNAMED, 0.8};
static const double unseen_share = 0.2, unseen_share_of_all = 0.12, missing_share = 0.05;
static const double aligned_unseen_noise = 0.3; /* the default of encoders that are aligned */
static const size_t most_rows = 1000000000;
enum { MOST_ENCODERS = 64 }; /* of either kind */

static zsc_simulate_options whole_defaults(void)
{
    return (zsc_simulate_options){.rows = 47260,
                                  .barcode_length = 658,
                                  .rows_per_barcode = 2.17,
                                  .unseen_species = -1,
                                  .image_encoders = 3,
                                  .dna_encoders = 1,
                                  .image_dim = 256,
                                  .dna_dim = 128,
                                  .unseen_noise = -1,
                                  .missing_species = -1};
}

void zsc_simulate_options_init(zsc_simulate_options *options, size_t size)
{
    const zsc_simulate_options whole = whole_defaults();
    zsc_options_fill(options, size, &whole, sizeof whole);
}

static size_t scaled(double count, double share, double power, size_t most)
{
    double scaled_count = round(count * zsc_pow(share, power));
    return scaled_count < 1 ? 1 : scaled_count > (double)most ? most : (size_t)scaled_count;
}

static size_t default_count(const zsc_simulate_options *o, size_t rank)
{
    double share = (double)o->rows / (o->all_splits ? all_rows : reference_rows);
    if (o->all_splits) return scaled(all_taxa[rank].count, share, all_taxa[rank].power, zsc_sim_named_rows(o));
    return scaled(reference_taxa[rank].count, share,
                  share < 1 ? reference_taxa[rank].power_below : reference_taxa[rank].power_above, o->rows);
}

static void set_defaults(zsc_simulate_options *o)
{
    bool given[ZSC_SIM_RANKS];
    for (size_t r = 0; r < ZSC_SIM_RANKS; r++) {
        given[r] = o->taxa[r] != 0;
        if (!given[r]) o->taxa[r] = default_count(o, r);
    }
    for (size_t r = ZSC_SIM_RANKS - 1; r-- > 0;)
        if (!given[r] && o->taxa[r] > o->taxa[r + 1]) o->taxa[r] = o->taxa[r + 1];
    for (size_t r = 1; r < ZSC_SIM_RANKS; r++)
        if (!given[r] && o->taxa[r] < o->taxa[r - 1]) o->taxa[r] = o->taxa[r - 1];
    if (!o->all_splits) return;
    size_t unnamed_rows = o->rows - zsc_sim_named_rows(o);
    o->unnamed_species = unnamed_rows
                             ? scaled(all_unnamed.count, (double)o->rows / all_rows, all_unnamed.power, unnamed_rows)
                             : 0;
}

static bool is_share(double x) { return x >= 0 && x <= 1; }

static zsc_status check_dims(const size_t *dim, size_t count, bool each)
{
    for (size_t i = 0; i < count; i++)
        if (dim[i] > 65536 || (each && dim[i] == 0))
            return zsc_fail(ZSC_EUSAGE, "expected 1 to 65536 dimensions, not %zu", dim[i]);
    return ZSC_OK;
}

/* One space has one number of columns. */
static zsc_status check_aligned(const zsc_simulate_options *o)
{
    size_t first = 0;
    for (size_t e = 0; e < o->image_encoders + o->dna_encoders; e++) {
        bool dna = e >= o->image_encoders;
        size_t i = dna ? e - o->image_encoders : e;
        const size_t *each = dna ? o->dna_dims : o->image_dims;
        size_t d = each ? each[i] : dna ? o->dna_dim : o->image_dim;
        if (d && first && d != first)
            return zsc_fail(ZSC_EUSAGE, "aligned encoders have one dimension, not %zu and %zu", first, d);
        if (d) first = d;
    }
    return ZSC_OK;
}

zsc_status zsc_simulate_check(zsc_simulate_options *o)
{
    if (o->rows < 1 || o->rows > most_rows)
        return zsc_fail(ZSC_EUSAGE, "expected 1 to %zu rows, not %zu", most_rows, o->rows);
    if (o->barcode_length < 60 || o->barcode_length > 100000)
        return zsc_fail(ZSC_EUSAGE, "expected barcodes of 60 to 100000 letters, not %zu", o->barcode_length);
    if (!(o->rows_per_barcode >= 1))
        return zsc_fail(ZSC_EUSAGE, "expected at least 1 row per barcode, not %g", o->rows_per_barcode);
    if (o->unseen_species < 0) o->unseen_species = o->all_splits ? unseen_share_of_all : unseen_share;
    if (o->missing_species < 0) o->missing_species = o->all_splits ? 0 : missing_share;
    if (!is_share(o->unseen_species) || !is_share(o->missing_species))
        return zsc_fail(ZSC_EUSAGE, "expected shares from 0 to 1, not %g and %g", o->unseen_species,
                        o->missing_species);
    if (!is_share(o->label_errors))
        return zsc_fail(ZSC_EUSAGE, "expected a share of label errors from 0 to 1, not %g", o->label_errors);
    if (o->image_encoders > MOST_ENCODERS || o->dna_encoders > MOST_ENCODERS)
        return zsc_fail(ZSC_EUSAGE, "expected at most %d encoders of a kind, not %zu", MOST_ENCODERS,
                        o->image_encoders > MOST_ENCODERS ? o->image_encoders : o->dna_encoders);
    zsc_status status = check_dims(o->image_dims ? o->image_dims : &o->image_dim, o->image_dims ? o->image_encoders : 1,
                                   o->image_dims != NULL);
    if (status == ZSC_OK)
        status = check_dims(o->dna_dims ? o->dna_dims : &o->dna_dim, o->dna_dims ? o->dna_encoders : 1,
                            o->dna_dims != NULL);
    if (status == ZSC_OK && o->aligned) status = check_aligned(o);
    if (status != ZSC_OK) return status;
    if (o->unseen_noise < 0) o->unseen_noise = o->aligned ? aligned_unseen_noise : 0;
    if (!(o->unseen_noise >= 0 && o->unseen_noise <= 100))
        return zsc_fail(ZSC_EUSAGE, "expected unseen noise from 0 to 100, not %g", o->unseen_noise);
    set_defaults(o);
    for (size_t r = 1; r < ZSC_SIM_RANKS; r++)
        if (o->taxa[r] < o->taxa[r - 1])
            return zsc_fail(ZSC_EUSAGE, "every %s has at least one %s: %zu and %zu were asked for",
                            zsc_rank_names[r - 1], zsc_rank_names[r], o->taxa[r - 1], o->taxa[r]);
    size_t named_rows = zsc_sim_named_rows(o);
    if (o->taxa[ZSC_SIM_SPECIES] > named_rows)
        return zsc_fail(ZSC_EUSAGE, "%zu species need at least as many rows%s, not %zu", o->taxa[ZSC_SIM_SPECIES],
                        o->all_splits ? " outside split pretrain" : "", named_rows);
    return ZSC_OK;
}

/* --- Output */
enum { ID_SIZE = 16 };
typedef struct zsc_sim_job {
    zsc_simulate_options options;
    const zsc_exec *exec;
    int threads;
    zsc_sim_taxonomy taxonomy;
    zsc_sim_barcodes barcodes;
    zsc_sim_specimens specimens;
    zsc_sim_encoder encoder[2 * MOST_ENCODERS];
    size_t encoders;

    size_t block_rows;
    char *barcode; /* block_rows x (length + 1) */
    char (*id)[ID_SIZE];
    const char *(*label)[ZSC_SIM_LEVELS];
    zsc_sim_split *split;
    const char **pointer;
    float *vector[2 * MOST_ENCODERS];
    zsc_h5 *out;
    zsc_atomic *csv;
    zsc_sim_errors errors;
    char *letters; /* a barcode's; NULL: no errors are planted */
} zsc_sim_job;

static zsc_status make_block(zsc_sim_job *job)
{
    zsc_status status = ZSC_OK;
    const zsc_simulate_options *o = &job->options;
    size_t bytes = o->barcode_length + 1 + ID_SIZE + sizeof *job->label + sizeof *job->split + sizeof *job->pointer;
    for (size_t e = 0; e < job->encoders; e++) bytes += job->encoder[e].d * sizeof(float);
    size_t rows = ((size_t)64 << 20) / bytes;
    job->block_rows = rows < 16 ? 16 : rows > 8192 ? 8192 : rows;
    if (job->block_rows > o->rows) job->block_rows = o->rows;
    ZSC_NEW_RAW(job->barcode, job->block_rows * (o->barcode_length + 1));
    ZSC_NEW_RAW(job->id, job->block_rows);
    ZSC_NEW_RAW(job->label, job->block_rows);
    ZSC_NEW_RAW(job->split, job->block_rows);
    ZSC_NEW_RAW(job->pointer, job->block_rows);
    if (o->label_errors > 0) {
        ZSC_NEW_RAW(job->letters, o->barcode_length + 1);
        ZSC_TRY(zsc_sim_errors_make(o, &job->taxonomy, &job->specimens, &job->errors));
    }
    for (size_t e = 0; e < job->encoders; e++) ZSC_NEW_RAW(job->vector[e], job->block_rows * job->encoder[e].d);
done:
    return status;
}

static void fill_row(zsc_sim_job *job, size_t row, size_t r)
{
    const zsc_simulate_options *o = &job->options;
    int32_t species = job->specimens.species[row], haplotype = job->specimens.haplotype[row];
    int32_t lineage = zsc_sim_lineage_of(&job->barcodes, &job->taxonomy, species, haplotype);
    snprintf(job->id[r], ID_SIZE, "SIM%09zu", row + 1);
    bool ambiguous = zsc_sim_barcode_read(&job->barcodes, &job->taxonomy, species, haplotype, row,
                                          job->barcode + r * (o->barcode_length + 1));
    job->split[r] = zsc_sim_split_of(o, &job->specimens, row);
    zsc_sim_labels_of(o, &job->taxonomy, row, lineage, job->label[r]);
    zsc_sim_specimen specimen = {species, haplotype, lineage, row, ambiguous, 1};
    if (zsc_sim_species_unseen(&job->specimens, species)) specimen.noise += (float)o->unseen_noise;
    for (size_t e = 0; e < job->encoders; e++)
        zsc_sim_encode(&job->encoder[e], &specimen, job->vector[e] + r * job->encoder[e].d);
}

static zsc_status write_strings(zsc_sim_job *job, const char *object, size_t first, size_t count)
{
    return zsc_h5_write_string_rows(job->out, object, first, count, job->pointer);
}

static zsc_status write_h5_block(zsc_sim_job *job, size_t first, size_t count)
{
    zsc_status status = ZSC_OK;
    char object[64];
    for (size_t r = 0; r < count; r++) job->pointer[r] = job->id[r];
    ZSC_TRY(write_strings(job, "/id", first, count));
    for (size_t r = 0; r < count; r++) job->pointer[r] = zsc_sim_split_names[job->split[r]];
    ZSC_TRY(write_strings(job, "/split", first, count));
    for (size_t r = 0; r < count; r++) job->pointer[r] = job->barcode + r * (job->options.barcode_length + 1);
    ZSC_TRY(write_strings(job, "/dna_barcode", first, count));
    for (size_t level = 0; level < ZSC_SIM_LEVELS; level++) {
        snprintf(object, sizeof object, "/labels/%s", zsc_rank_names[level]);
        for (size_t r = 0; r < count; r++) job->pointer[r] = job->label[r][level];
        ZSC_TRY(write_strings(job, object, first, count));
    }
    for (size_t e = 0; e < job->encoders; e++) {
        snprintf(object, sizeof object, "/embeddings/%s", job->encoder[e].name);
        ZSC_TRY(zsc_h5_write_rows(job->out, object, ZSC_H5_F32, first, count, job->vector[e]));
    }
done:
    return status;
}

static void write_csv_row(zsc_sim_job *job, FILE *csv, size_t row, size_t r)
{
    zsc_sim_place place;
    char chunk[24];
    zsc_sim_place_of(&job->options, row, &place);
    zsc_sim_record record = {.id = job->id[r],
                             .barcode = job->barcode + r * (job->options.barcode_length + 1),
                             .split = zsc_sim_split_names[job->split[r]],
                             .latitude = place.latitude,
                             .longitude = place.longitude,
                             .planted = "",
                             .letters = job->letters};
    memcpy(record.label, job->label[r], sizeof record.label);
    if (job->letters) zsc_sim_plant_error(&job->errors, row, &record);
    snprintf(chunk, sizeof chunk, "%zu", row / 10000);
    zsc_sim_metadata_write(&job->options, row, &record, &place, chunk, csv);
    fprintf(csv, job->letters ? ",%s\n" : "\n", record.planted);
}

static zsc_status write_rows(zsc_sim_job *job)
{
    zsc_status status = ZSC_OK;
    size_t n = job->options.rows, count;
    for (size_t first = 0; first < n; first += count) {
        count = n - first < job->block_rows ? n - first : job->block_rows;
#pragma omp parallel for num_threads(job->threads) schedule(dynamic, 16)
        for (size_t r = 0; r < count; r++) fill_row(job, first + r, r);
        ZSC_TRY(write_h5_block(job, first, count));
        for (size_t r = 0; job->csv && r < count; r++) write_csv_row(job, zsc_atomic_stream(job->csv), first + r, r);
        if (!zsc_progress(job->exec, "simulate", (double)(first + count), (double)n)) {
            status = zsc_fail(ZSC_EINTERRUPTED, "interrupted");
            goto done;
        }
    }
done:
    return status;
}

static size_t longest_name(const zsc_sim_taxonomy *t, size_t level)
{
    size_t longest = 1;
    for (size_t i = 0; i < t->count[level]; i++) {
        size_t length = strlen(t->name[level][i]);
        if (length > longest) longest = length;
    }
    return longest;
}

static zsc_status make_encoder(zsc_sim_job *job, const zsc_sim_encoder *e)
{
    zsc_status status = ZSC_OK;
    char object[64];
    size_t shape[2] = {job->options.rows, e->d};
    snprintf(object, sizeof object, "/embeddings/%s", e->name);
    ZSC_TRY(zsc_h5_make(job->out, object, ZSC_H5_F32, 2, shape));
    ZSC_TRY(zsc_h5_set_text(job->out, object, "modality", e->modality));
    ZSC_TRY(zsc_h5_set_text(job->out, object, "label", e->label));
    ZSC_TRY(zsc_h5_set_text(job->out, object, "architecture", e->architecture));
    ZSC_TRY(zsc_h5_set_int(job->out, object, "simulated", 1));
done:
    return status;
}

static zsc_status say_simulated(zsc_sim_job *job)
{
    zsc_status status = ZSC_OK;
    const zsc_simulate_options *o = &job->options;
    char name[32];
    ZSC_TRY(zsc_h5_set_int(job->out, "/", "simulated", 1));
    ZSC_TRY(zsc_h5_set_text(job->out, "/", "description",
                            "Simulated by zsc simulate: these specimens, taxa, barcodes and vectors do not exist"));
    ZSC_TRY(zsc_h5_set_int(job->out, "/", "seed", (int64_t)o->seed));
    for (size_t r = 0; r < ZSC_SIM_RANKS; r++) {
        snprintf(name, sizeof name, "taxa_%s", zsc_rank_names[r]);
        ZSC_TRY(zsc_h5_set_int(job->out, "/", name, (int64_t)o->taxa[r]));
    }
    ZSC_TRY(zsc_h5_set_double(job->out, "/", "rows_per_barcode", o->rows_per_barcode));
    ZSC_TRY(zsc_h5_set_double(job->out, "/", "unseen_species", o->unseen_species));
    ZSC_TRY(zsc_h5_set_double(job->out, "/", "missing_species", o->missing_species));
    if (o->unseen_noise > 0) ZSC_TRY(zsc_h5_set_double(job->out, "/", "unseen_noise", o->unseen_noise));
done:
    return status;
}

static zsc_status make_outputs(zsc_sim_job *job, const char *output, const char *metadata)
{
    zsc_status status = ZSC_OK;
    size_t n = job->options.rows;
    char object[64];
    ZSC_TRY(zsc_h5_create(output, &job->out));
    ZSC_TRY(zsc_h5_make_strings(job->out, "/id", n, ID_SIZE - 1));
    ZSC_TRY(zsc_h5_make_strings(job->out, "/split", n, strlen("other_heldout")));
    ZSC_TRY(zsc_h5_make_strings(job->out, "/dna_barcode", n, job->options.barcode_length));
    for (size_t level = 0; level < ZSC_SIM_LEVELS; level++) {
        snprintf(object, sizeof object, "/labels/%s", zsc_rank_names[level]);
        ZSC_TRY(zsc_h5_make_strings(job->out, object, n, longest_name(&job->taxonomy, level)));
    }
    for (size_t e = 0; e < job->encoders; e++) ZSC_TRY(make_encoder(job, &job->encoder[e]));
    ZSC_TRY(say_simulated(job));
    if (metadata) {
        ZSC_TRY(zsc_atomic_open(metadata, &job->csv));
        fprintf(zsc_atomic_stream(job->csv), "%s%s\n", zsc_sim_metadata_header, job->letters ? ",planted_error" : "");
    }
done:
    return status;
}

static zsc_status commit(zsc_sim_job *job)
{
    zsc_h5 *out = job->out;
    zsc_atomic *csv = job->csv;
    job->out = NULL; /* committing frees them, also when it fails */
    zsc_status status = zsc_h5_commit(out);
    if (status != ZSC_OK || !csv) return status;
    job->csv = NULL;
    return zsc_atomic_commit(csv);
}

static zsc_status make_model(zsc_sim_job *job)
{
    zsc_status status = ZSC_OK;
    const zsc_simulate_options *o = &job->options;
    double nodes = 3.0 * (double)(o->taxa[ZSC_SIM_SPECIES] + o->unnamed_species);
    double bytes = (o->label_errors > 0 ? 16.0 : 8.0) * (double)o->rows + nodes * ((double)o->barcode_length + 512) +
                   96e6;
    ZSC_TRY(zsc_memory_check(job->exec, (size_t)bytes, "the simulation"));
    ZSC_TRY(zsc_sim_taxonomy_make(o, &job->taxonomy));
    ZSC_TRY(zsc_sim_barcodes_make(o, &job->taxonomy, job->exec, &job->barcodes));
    ZSC_TRY(zsc_sim_specimens_draw(o, &job->taxonomy, job->exec, &job->specimens));
    size_t images = o->image_dims || o->image_dim ? o->image_encoders : 0,
           dnas = o->dna_dims || o->dna_dim ? o->dna_encoders : 0;
    for (; job->encoders < images + dnas; job->encoders++) {
        size_t i = job->encoders;
        bool dna = i >= images;
        ZSC_TRY(zsc_sim_encoder_make(o, &job->taxonomy, &job->specimens, dna, dna ? i - images : i, job->exec,
                                     &job->encoder[i]));
    }
done:
    return status;
}

zsc_status zsc_simulate(const zsc_simulate_options *options, const char *output, const char *metadata,
                        const zsc_exec *exec)
{
    ZSC_OPTIONS(zsc_simulate_options, options, zsc_simulate_defaults());
    zsc_status status = ZSC_OK;
    zsc_sim_job *job = NULL;
    ZSC_NEW(job, 1);
    job->options = *options;
    job->exec = exec;
    job->threads = zsc_threads(exec);
    ZSC_TRY(zsc_simulate_check(&job->options));
    ZSC_TRY(make_model(job));
    ZSC_TRY(make_block(job));
    ZSC_TRY(make_outputs(job, output, metadata));
    ZSC_TRY(write_rows(job));
    ZSC_TRY(commit(job));
done:
    if (job) {
        zsc_h5_close(job->out);
        zsc_atomic_abandon(job->csv);
        zsc_sim_taxonomy_free(&job->taxonomy);
        zsc_sim_barcodes_free(&job->barcodes);
        for (size_t e = 0; e < job->encoders; e++) {
            zsc_sim_encoder_free(&job->encoder[e]);
            free(job->vector[e]);
        }
        zsc_sim_specimens_free(&job->specimens);
        free(job->barcode);
        free(job->id);
        free(job->label);
        free(job->split);
        free(job->pointer);
        free(job->letters);
        zsc_sim_errors_free(&job->errors);
        free(job);
    }
    return status;
}
