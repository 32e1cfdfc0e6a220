/* A stand-in of a whole release (zsc_simulate_release): one simulation of all splits, written as the files of
 * release_files.h. Rows are functions of their number, so that each file is written in a pass of its own over the rows
 * of its split, block by block; in memory are the model, the numbers of the named rows, and one encoder (of CLIBD two).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/threads.h"
#include "io/files/atomic.h"
#include "io/files/written.h"
#include "io/h5/h5.h"
#include "io/npz_writer.h"
#include "simulate/barcodes.h"
#include "simulate/encoders.h"
#include "simulate/image_chunk.h"
#include "simulate/simulated_metadata.h"
#include "simulate/noise_image.h"
#include "simulate/release_files.h"
#include "zsc/simulate.h"

static const double whole_rows = 5150850, clibd_unseen_noise = 0.3;
static const char made_by[] = "Made by zsc simulate: simulated data";
enum { SPLITS = ZSC_SIM_OTHER_HELDOUT + 1, ID_SIZE = 16, BLOCK_BYTES = 8 << 20, BLOCK_ROWS = 8192, MOST_IMAGES = 4096 };
static const double ROW_OF_METADATA = 1000; /* numbers of embeddings that take as long, for progress */

void zsc_release_options_init(zsc_release_options *options, size_t size)
{
    const zsc_release_options whole = {.scale = 0.01};
    zsc_options_fill(options, size, &whole, sizeof whole);
}

typedef struct release {
    zsc_release_options options;
    zsc_simulate_options simulation;
    const char *folder;
    const zsc_exec *exec;
    int threads;
    zsc_sim_taxonomy taxonomy;
    zsc_sim_barcodes barcodes;
    zsc_sim_specimens specimens;
    size_t count[SPLITS], *row[SPLITS]; /* the rows of each split but pretrain, rising */
    bool *ambiguous;                    /* per row; known once the metadata are written */
    double done, total;                 /* numbers written, for progress */
} release;

static void id_of(size_t row, char id[ID_SIZE]) { snprintf(id, ID_SIZE, "SIM%09zu", row + 1); }

/* --- The model */
static zsc_status list_rows(release *r)
{
    zsc_status status = ZSC_OK;
    size_t named = 0;
    for (size_t row = 0; row < r->simulation.rows; row++)
        r->count[zsc_sim_split_of(&r->simulation, &r->specimens, row)]++;
    for (size_t s = 0; s < SPLITS; s++) {
        if (s == ZSC_SIM_PRETRAIN) continue;
        ZSC_NEW_RAW(r->row[s], r->count[s]);
        r->count[s] = 0;
    }
    for (size_t row = 0; row < r->simulation.rows; row++) {
        zsc_sim_split s = zsc_sim_split_of(&r->simulation, &r->specimens, row);
        if (s == ZSC_SIM_PRETRAIN) continue;
        r->row[s][r->count[s]++] = row;
        named++;
    }
    for (size_t s = 0; s < SPLITS; s++)
        if (r->count[s] == 0)
            return zsc_fail(ZSC_EUSAGE,
                            "of %zu rows, %zu of them of named species, none is of split %s: raise the scale above %g",
                            r->simulation.rows, named, zsc_sim_split_names[s], r->options.scale);
done:
    return status;
}

static zsc_status make_model(release *r)
{
    zsc_status status = ZSC_OK;
    zsc_simulate_options *o = &r->simulation;
    *o = zsc_simulate_defaults();
    o->rows = (size_t)round(whole_rows * r->options.scale);
    o->seed = r->options.seed;
    o->all_splits = true;
    o->image_encoders = o->dna_encoders = 0;
    ZSC_TRY(zsc_simulate_check(o));
    double nodes = 3.0 * (double)(o->taxa[ZSC_SIM_SPECIES] + o->unnamed_species);
    double bytes = 10.0 * (double)o->rows + nodes * ((double)o->barcode_length + 512 + 256) + 96e6;
    ZSC_TRY(zsc_memory_check(r->exec, (size_t)bytes, "the simulation"));
    ZSC_TRY(zsc_sim_taxonomy_make(o, &r->taxonomy));
    ZSC_TRY(zsc_sim_barcodes_make(o, &r->taxonomy, r->exec, &r->barcodes));
    ZSC_TRY(zsc_sim_specimens_draw(o, &r->taxonomy, r->exec, &r->specimens));
    ZSC_NEW(r->ambiguous, o->rows);
    status = list_rows(r);
done:
    return status;
}

static zsc_sim_specimen specimen_of(const release *r, size_t row, double unseen_noise)
{
    int32_t species = r->specimens.species[row], haplotype = r->specimens.haplotype[row];
    zsc_sim_specimen s = {
        species, haplotype,         zsc_sim_lineage_of(&r->barcodes, &r->taxonomy, species, haplotype),
        row,     r->ambiguous[row], 1};
    if (zsc_sim_species_unseen(&r->specimens, species)) s.noise += (float)unseen_noise;
    return s;
}

static zsc_status advance(release *r, double numbers)
{
    r->done += numbers;
    return zsc_progress(r->exec, "simulate", r->done, r->total) ? ZSC_OK : zsc_fail(ZSC_EINTERRUPTED, "interrupted");
}

/* --- Images: of every n-th row of the splits that retrieval takes, so that there are MOST_IMAGES at most */
typedef zsc_status (*image_fn)(release *r, size_t row, const char *path);

static zsc_status each_image(release *r, image_fn take)
{
    zsc_status status = ZSC_OK;
    size_t rows = 0, seen = 0;
    char id[ID_SIZE], chunk[ZSC_SIM_CHUNK_SIZE];
    for (size_t f = 0; f < ZSC_RELEASE_CLIBD_FILES; f++) rows += r->count[zsc_release_clibd_files[f].split];
    size_t every = (rows + MOST_IMAGES - 1) / MOST_IMAGES;
    for (size_t f = 0; f < ZSC_RELEASE_CLIBD_FILES; f++) {
        zsc_sim_split split = zsc_release_clibd_files[f].split;
        for (size_t i = 0; i < r->count[split]; i++) {
            if (seen++ % every != 0) continue;
            id_of(r->row[split][i], id);
            zsc_sim_image_chunk(id, split, chunk);
            char *path = zsc_release_image_path(r->folder, split, chunk, id);
            status = path ? take(r, r->row[split][i], path) : ZSC_EINTERNAL;
            free(path);
            if (status != ZSC_OK) return status;
        }
    }
    return status;
}

/* The folder of PATH is made. */
static zsc_status make_parent(const char *path)
{
    char *folder = zsc_strndup(path, (size_t)(strrchr(path, '/') - path));
    if (!folder) return ZSC_EINTERNAL;
    zsc_status status = zsc_make_folder(folder);
    free(folder);
    return status;
}

static zsc_status write_image(release *r, size_t row, const char *path)
{
    zsc_sim_specimen s = specimen_of(r, row, 0);
    zsc_status status = make_parent(path);
    if (status == ZSC_OK) status = zsc_sim_image_write(r->simulation.seed, &r->taxonomy, s.lineage, row, path);
    return status == ZSC_OK ? advance(r, 0) : status;
}

/* --- Whether what is there may be replaced, before anything is written */
static zsc_status check_path(const release *r, char *path) /* takes it over */
{
    zsc_status status = path ? zsc_check_replaceable(path, r->options.replace) : ZSC_EINTERNAL;
    free(path);
    return status;
}

static zsc_status check_image(release *r, size_t row, const char *path)
{
    (void)row;
    return zsc_check_replaceable(path, r->options.replace);
}

static zsc_status check_outputs(release *r)
{
    static const char *const single[] = {"README", "paper.yaml", ZSC_RELEASE_METADATA};
    zsc_status status = ZSC_OK;
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        ZSC_TRY(check_path(r, zsc_asprintf("%s/%s", r->folder, single[i])));
    for (size_t m = 0; m < ZSC_RELEASE_MODELS; m++) {
        const zsc_release_splits *splits = zsc_release_splits_of(m >= ZSC_RELEASE_IMAGE_MODELS);
        for (size_t s = 0; s < splits->count; s++)
            ZSC_TRY(check_path(r, zsc_release_embeddings_path(r->folder, m, splits->split[s])));
    }
    for (size_t a = 0; a < ZSC_RELEASE_ALIGNMENTS; a++)
        for (size_t f = 0; f < ZSC_RELEASE_CLIBD_FILES; f++)
            ZSC_TRY(check_path(r, zsc_release_clibd_path(r->folder, a, f)));
    status = each_image(r, check_image);
done:
    return status;
}

/* --- Metadata */
typedef struct metadata_block {
    char (*barcode)[1024];
    const char *(*label)[ZSC_SIM_LEVELS];
} metadata_block;

static void fill_metadata(release *r, metadata_block *b, size_t first, size_t count)
{
#pragma omp parallel for num_threads(r->threads) schedule(dynamic, 64)
    for (size_t i = 0; i < count; i++) {
        size_t row = first + i;
        int32_t species = r->specimens.species[row], haplotype = r->specimens.haplotype[row];
        int32_t lineage = zsc_sim_lineage_of(&r->barcodes, &r->taxonomy, species, haplotype);
        r->ambiguous[row] = zsc_sim_barcode_read(&r->barcodes, &r->taxonomy, species, haplotype, row, b->barcode[i]);
        zsc_sim_labels_of(&r->simulation, &r->taxonomy, row, lineage, b->label[i]);
    }
}

static void write_metadata_row(const release *r, size_t row, const metadata_block *b, size_t i, FILE *csv)
{
    char id[ID_SIZE], chunk[ZSC_SIM_CHUNK_SIZE];
    zsc_sim_place place;
    zsc_sim_split split = zsc_sim_split_of(&r->simulation, &r->specimens, row);
    id_of(row, id);
    zsc_sim_image_chunk(id, split, chunk);
    zsc_sim_place_of(&r->simulation, row, &place);
    zsc_sim_record record = {.id = id,
                             .barcode = b->barcode[i],
                             .split = zsc_sim_split_names[split],
                             .latitude = place.latitude,
                             .longitude = place.longitude};
    memcpy(record.label, b->label[i], sizeof record.label);
    zsc_sim_metadata_write(&r->simulation, row, &record, &place, chunk, csv);
    putc('\n', csv);
}

static zsc_status write_metadata(release *r)
{
    zsc_status status = ZSC_OK;
    metadata_block b = {0};
    zsc_atomic *file = NULL;
    char *path = zsc_asprintf("%s/%s", r->folder, ZSC_RELEASE_METADATA);
    if (!path) return ZSC_EINTERNAL;
    ZSC_NEW_RAW(b.barcode, BLOCK_ROWS);
    ZSC_NEW_RAW(b.label, BLOCK_ROWS);
    ZSC_TRY(make_parent(path));
    ZSC_TRY(zsc_atomic_open(path, &file));
    FILE *csv = zsc_atomic_stream(file);
    fprintf(csv, "%s\n", zsc_sim_metadata_header);
    for (size_t first = 0; first < r->simulation.rows; first += BLOCK_ROWS) {
        size_t rest = r->simulation.rows - first, count = rest < BLOCK_ROWS ? rest : BLOCK_ROWS;
        fill_metadata(r, &b, first, count);
        for (size_t i = 0; i < count; i++) write_metadata_row(r, first + i, &b, i, csv);
        ZSC_TRY(advance(r, ROW_OF_METADATA * (double)count));
    }
    status = zsc_atomic_commit(file);
    file = NULL;
done:
    zsc_atomic_abandon(file);
    free(path);
    free(b.barcode);
    free(b.label);
    return status;
}

/* --- Embeddings. One block at a time: COUNT rows of a split, from its FIRST */
static zsc_status encode(release *r, const zsc_sim_encoder *e, double unseen_noise, zsc_sim_split split, size_t first,
                         size_t count, float *out)
{
#pragma omp parallel for num_threads(r->threads) schedule(dynamic, 16)
    for (size_t i = 0; i < count; i++) {
        zsc_sim_specimen s = specimen_of(r, r->row[split][first + i], unseen_noise);
        zsc_sim_encode(e, &s, out + i * e->d);
    }
    return advance(r, (double)count * (double)e->d);
}

static size_t block_rows(size_t d) { return BLOCK_BYTES / (d * sizeof(float)); }

/* y_true of zs-ssl-clustering: the number of the species. */
static zsc_status write_classes(release *r, zsc_sim_split split, zsc_npz_writer *file)
{
    zsc_status status = ZSC_OK;
    int64_t *code = NULL;
    size_t n = r->count[split];
    ZSC_NEW_RAW(code, n);
    for (size_t i = 0; i < n; i++) code[i] = r->specimens.species[r->row[split][i]];
    ZSC_TRY(zsc_npz_begin(file, "y_true", 'i', sizeof *code, n, ZSC_NPZ_LIST));
    ZSC_TRY(zsc_npz_write(file, code, n * sizeof *code));
    ZSC_TRY(zsc_npz_end(file));
    ZSC_TRY(zsc_npz_begin(file, "simulated", 'i', sizeof *code, 1, ZSC_NPZ_LIST));
    ZSC_TRY(zsc_npz_write(file, &(int64_t){1}, sizeof *code));
    status = zsc_npz_end(file);
done:
    free(code);
    return status;
}

static zsc_status write_npz(release *r, const zsc_sim_encoder *e, size_t model, zsc_sim_split split, float *block)
{
    zsc_status status = ZSC_OK;
    zsc_npz_writer *file = NULL;
    size_t n = r->count[split], count;
    char *path = zsc_release_embeddings_path(r->folder, model, split);
    if (!path) return ZSC_EINTERNAL;
    ZSC_TRY(make_parent(path));
    ZSC_TRY(zsc_npz_create(path, made_by, &file));
    ZSC_TRY(zsc_npz_begin(file, "embeddings", 'f', sizeof *block, n, e->d));
    for (size_t first = 0; first < n; first += count) {
        count = n - first < block_rows(e->d) ? n - first : block_rows(e->d);
        ZSC_TRY(encode(r, e, 0, split, first, count, block));
        ZSC_TRY(zsc_npz_write(file, block, count * e->d * sizeof *block));
    }
    ZSC_TRY(zsc_npz_end(file));
    ZSC_TRY(write_classes(r, split, file));
    status = zsc_npz_commit(file);
    file = NULL;
done:
    zsc_npz_abandon(file);
    free(path);
    return status;
}

static zsc_status write_model(release *r, size_t model, float *block)
{
    zsc_status status = ZSC_OK;
    const zsc_release_model *m = &zsc_release_models[model];
    bool dna = model >= ZSC_RELEASE_IMAGE_MODELS;
    const zsc_release_splits *splits = zsc_release_splits_of(dna);
    zsc_sim_encoder e = {.seed = r->simulation.seed, .d = m->d, .weights = zsc_sim_encoder_weights_at(dna, m->quality)};
    zsc_sim_encoder_number(&e, dna, dna ? model - ZSC_RELEASE_IMAGE_MODELS : model, false);
    ZSC_TRY(zsc_sim_encoder_draw(&r->taxonomy, &r->specimens, r->exec, &e));
    for (size_t s = 0; s < splits->count; s++) ZSC_TRY(write_npz(r, &e, model, splits->split[s], block));
done:
    zsc_sim_encoder_free(&e);
    return status;
}

/* --- CLIBD: images and DNA of a split in one HDF5 file, with ids and labels */
static const struct {
    const char *object;
    size_t level;
} clibd_labels[] = {{"/order_list", ZSC_SIM_ORDER},
                    {"/family_list", ZSC_SIM_FAMILY},
                    {"/genus_list", ZSC_SIM_GENUS},
                    {"/species_list", ZSC_SIM_SPECIES}};
enum { CLIBD_LABELS = sizeof clibd_labels / sizeof *clibd_labels, IMAGE = 0, DNA, MODALITIES };
static const char *const clibd_features[MODALITIES] = {"/encoded_image_feature", "/encoded_dna_feature"};

static zsc_status write_clibd_texts(release *r, zsc_sim_split split, zsc_h5 *out)
{
    zsc_status status = ZSC_OK;
    size_t n = r->count[split];
    char(*id)[ID_SIZE] = NULL;
    const char *(*label)[ZSC_SIM_LEVELS] = NULL, **text = NULL;
    ZSC_NEW_RAW(id, n);
    ZSC_NEW_RAW(label, n);
    ZSC_NEW_RAW(text, n);
    for (size_t i = 0; i < n; i++) {
        size_t row = r->row[split][i];
        id_of(row, id[i]);
        text[i] = id[i];
        zsc_sim_labels_of(&r->simulation, &r->taxonomy, row, specimen_of(r, row, 0).lineage, label[i]);
    }
    ZSC_TRY(zsc_h5_write_strings(out, "/processid", text, n));
    for (size_t c = 0; c < CLIBD_LABELS; c++) {
        for (size_t i = 0; i < n; i++) {
            const char *name = label[i][clibd_labels[c].level];
            text[i] = *name ? name : "not_classified";
        }
        ZSC_TRY(zsc_h5_write_strings(out, clibd_labels[c].object, text, n));
    }
done:
    free(id);
    free(label);
    free(text);
    return status;
}

static zsc_status write_clibd_file(release *r, size_t alignment, size_t f, const zsc_sim_encoder e[MODALITIES],
                                   float *block)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *out = NULL;
    zsc_sim_split split = zsc_release_clibd_files[f].split;
    size_t n = r->count[split], count;
    char *path = zsc_release_clibd_path(r->folder, alignment, f);
    if (!path) return ZSC_EINTERNAL;
    ZSC_TRY(make_parent(path));
    ZSC_TRY(zsc_h5_create(path, &out));
    ZSC_TRY(zsc_h5_set_int(out, "/", "simulated", 1));
    ZSC_TRY(write_clibd_texts(r, split, out));
    for (size_t m = 0; m < MODALITIES; m++) {
        const size_t shape[2] = {n, e[m].d};
        ZSC_TRY(zsc_h5_make(out, clibd_features[m], ZSC_H5_F32, 2, shape));
        for (size_t first = 0; first < n; first += count) {
            count = n - first < block_rows(e[m].d) ? n - first : block_rows(e[m].d);
            ZSC_TRY(encode(r, &e[m], clibd_unseen_noise, split, first, count, block));
            ZSC_TRY(zsc_h5_write_rows(out, clibd_features[m], ZSC_H5_F32, first, count, block));
        }
    }
    status = zsc_h5_commit(out);
    out = NULL;
done:
    zsc_h5_close(out);
    free(path);
    return status;
}

/* Its encoders have numbers of their own, behind those of the models. */
static zsc_status write_alignment(release *r, size_t alignment, float *block)
{
    zsc_status status = ZSC_OK;
    zsc_sim_encoder e[MODALITIES];
    memset(e, 0, sizeof e);
    for (size_t m = 0; m < MODALITIES; m++) {
        size_t number = (m == DNA ? ZSC_RELEASE_DNA_MODELS : ZSC_RELEASE_IMAGE_MODELS) + alignment;
        e[m] = (zsc_sim_encoder){.seed = r->simulation.seed,
                                 .d = ZSC_RELEASE_CLIBD_COLUMNS,
                                 .weights = zsc_sim_encoder_weights_at(m == DNA, 0)};
        zsc_sim_encoder_number(&e[m], m == DNA, number, zsc_release_alignments[alignment].aligned);
        ZSC_TRY(zsc_sim_encoder_draw(&r->taxonomy, &r->specimens, r->exec, &e[m]));
    }
    for (size_t f = 0; f < ZSC_RELEASE_CLIBD_FILES; f++) ZSC_TRY(write_clibd_file(r, alignment, f, e, block));
done:
    for (size_t m = 0; m < MODALITIES; m++) zsc_sim_encoder_free(&e[m]);
    return status;
}

/* --- All of it */
static double numbers(const release *r)
{
    double sum = ROW_OF_METADATA * (double)r->simulation.rows;
    for (size_t m = 0; m < ZSC_RELEASE_MODELS; m++) {
        const zsc_release_splits *splits = zsc_release_splits_of(m >= ZSC_RELEASE_IMAGE_MODELS);
        for (size_t s = 0; s < splits->count; s++)
            sum += (double)r->count[splits->split[s]] * (double)zsc_release_models[m].d;
    }
    for (size_t f = 0; f < ZSC_RELEASE_CLIBD_FILES; f++)
        sum += (double)r->count[zsc_release_clibd_files[f].split] * ZSC_RELEASE_ALIGNMENTS * MODALITIES *
               ZSC_RELEASE_CLIBD_COLUMNS;
    return sum;
}

static zsc_status write_all(release *r)
{
    zsc_status status = ZSC_OK;
    float *block = NULL;
    ZSC_NEW_RAW(block, BLOCK_BYTES / sizeof *block);
    r->total = numbers(r);
    ZSC_TRY(zsc_make_folder(r->folder));
    ZSC_TRY(zsc_release_write_readme(r->folder, r->options.scale, r->options.seed));
    ZSC_TRY(write_metadata(r));
    for (size_t m = 0; m < ZSC_RELEASE_MODELS; m++) ZSC_TRY(write_model(r, m, block));
    for (size_t a = 0; a < ZSC_RELEASE_ALIGNMENTS; a++) ZSC_TRY(write_alignment(r, a, block));
    ZSC_TRY(each_image(r, write_image));
    status = zsc_release_write_configuration(r->folder, r->options.scale, r->options.seed);
done:
    free(block);
    return status;
}

zsc_status zsc_simulate_release(const zsc_release_options *options, const char *folder, const zsc_exec *exec)
{
    ZSC_OPTIONS(zsc_release_options, options, zsc_release_defaults());
    zsc_status status = ZSC_OK;
    release *r = NULL;
    if (!(options->scale > 0 && options->scale <= 1))
        return zsc_fail(ZSC_EUSAGE, "expected a scale above 0 and at most 1, not %g", options->scale);
    ZSC_NEW(r, 1);
    r->options = *options;
    r->folder = folder;
    r->exec = exec;
    r->threads = zsc_threads(exec);
    ZSC_TRY(make_model(r));
    ZSC_TRY(check_outputs(r));
    status = write_all(r);
done:
    if (r) {
        zsc_sim_taxonomy_free(&r->taxonomy);
        zsc_sim_barcodes_free(&r->barcodes);
        zsc_sim_specimens_free(&r->specimens);
        for (size_t s = 0; s < SPLITS; s++) free(r->row[s]);
        free(r->ambiguous);
        free(r);
    }
    return status;
}
