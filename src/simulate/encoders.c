/* Vectors as an encoder might give them.
 *
 *   z = sum over levels of clade[level] g(clade)  +  barcode g(haplotype)  +  row g(specimen)      32 numbers
 *   h = s(W1 z), s(u) = u / (1 + |u|)                                                              96 numbers
 *   x = W2 h + ambient noise                                                                       d numbers
 *
 * where g(.) are standard normal vectors, one for each clade, haplotype and specimen, W1 and W2 normal matrices. The
 * weights say how far an encoder tells things apart: those of images see orders and families well, species faintly, and
 * every specimen differs; the one of DNA sees all levels down to the haplotype, and nothing else.
 *
 * Encoders tell apart best what they were trained on: for species that are unseen the weights of haplotypes and
 * specimens, which blur species, are larger by the share unseen_noise.
 *
 * Encoders that are aligned share W1, W2 and most of g(clade), 0.92 g(clade) + 0.4 g(clade, encoder): they differ in
 * the rest, in weights, and in what is not of clades. Of species that are unseen, and their lineages, they share
 * nothing, only what lies above.
 *
 * The products are plain loops in one order, without a BLAS, whose sums depend on the processor: of other machines'
 * numbers only the last digit of log and cos may differ. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/threads.h"
#include "simulate/encoders.h"
#include "simulate/specimens.h"
#include "simulate/streams.h"

/* The best and the poorest encoder of each modality; those between them lie on the line. */
static const zsc_sim_encoder_weights image_weights[2] = {
    /* class order family subfamily genus species lineage */
    {{0.40f, 0.60f, 0.60f, 0.20f, 0.16f, 0.13f, 0}, 0, 0.42f, 0.05f},
    {{0.40f, 0.50f, 0.36f, 0.12f, 0.10f, 0.08f, 0}, 0, 0.58f, 0.12f},
};
static const zsc_sim_encoder_weights dna_weights[2] = {
    {{0.40f, 0.45f, 0.45f, 0.35f, 0.32f, 0.30f, 0.12f}, 0.34f, 0, 0},
    {{0.40f, 0.45f, 0.40f, 0.28f, 0.24f, 0.20f, 0.08f}, 0.50f, 0, 0},
};
enum { ALIGNED = 1 << 17 };   /* number of the space of all encoders that are aligned */
enum { FIRST_DNA = 1 << 16 }; /* numbers of DNA encoders, so that adding one of images leaves them alone */

zsc_sim_encoder_weights zsc_sim_encoder_weights_at(bool dna, float t)
{
    const zsc_sim_encoder_weights *ends = dna ? dna_weights : image_weights;
    zsc_sim_encoder_weights w = {0};
    for (size_t level = 0; level < ZSC_SIM_LEVELS; level++)
        w.clade[level] = (1 - t) * ends[0].clade[level] + t * ends[1].clade[level];
    w.barcode = (1 - t) * ends[0].barcode + t * ends[1].barcode;
    w.row = (1 - t) * ends[0].row + t * ends[1].row;
    w.ambient = (1 - t) * ends[0].ambient + t * ends[1].ambient;
    return w;
}

void zsc_sim_encoder_number(zsc_sim_encoder *e, bool dna, size_t i, bool aligned)
{
    e->number = dna ? FIRST_DNA + i : i;
    e->space = aligned ? ALIGNED : e->number;
}

static void describe(zsc_sim_encoder *e, bool dna, size_t i, size_t count, bool aligned)
{
    const char *kind = dna ? "DNA" : "image", *word = dna ? "dna" : "image";
    e->modality = word;
    e->architecture = dna ? "simulated transformer" : i % 2 ? "simulated ResNet" : "simulated ViT";
    e->weights = zsc_sim_encoder_weights_at(dna, count > 1 ? (float)i / (float)(count - 1) : 0);
    zsc_sim_encoder_number(e, dna, i, aligned);
    if (dna && count == 1) {
        snprintf(e->name, sizeof e->name, "sim_%s", word);
        snprintf(e->label, sizeof e->label, "Simulated %s", kind);
    } else {
        snprintf(e->name, sizeof e->name, "sim_%s_%zu", word, i + 1);
        snprintf(e->label, sizeof e->label, "Simulated %s %zu", kind, i + 1);
    }
}

static void add_normal(zsc_stream stream, float scale, float z[ZSC_SIM_LATENT])
{
    if (scale != 0)
        for (size_t i = 0; i < ZSC_SIM_LATENT; i++) z[i] += scale * (float)zsc_stream_normal(&stream);
}

/* What alignment leaves of an encoder's own view of a clade, so that queries find keys of their own modality best. */
static const float NOT_SHARED = 0.4f;

/* Two encoders of one modality see different things: clades' vectors are drawn anew for each space. */
static void place_lineage(const zsc_sim_specimens *specimens, const zsc_sim_encoder *e, const zsc_sim_taxonomy *t,
                          size_t lineage)
{
    float *z = e->latent + lineage * ZSC_SIM_LATENT;
    size_t clade = lineage;
    bool unseen = zsc_sim_species_unseen(specimens, t->parent[ZSC_SIM_LINEAGE][lineage]);
    memset(z, 0, ZSC_SIM_LATENT * sizeof *z);
    for (size_t level = ZSC_SIM_LEVELS; level-- > 0;) {
        float weight = e->weights.clade[level], own = 0;
        if (e->space != e->number) own = unseen && level >= ZSC_SIM_SPECIES ? weight : weight * NOT_SHARED;
        add_normal(zsc_sim_stream(e->seed, ZSC_SIM_CLADE_VECTOR, e->space * ZSC_SIM_LEVELS + level, clade),
                   sqrtf(weight * weight - own * own), z);
        add_normal(zsc_sim_stream(e->seed, ZSC_SIM_CLADE_VECTOR, e->number * ZSC_SIM_LEVELS + level, clade), own, z);
        if (level) clade = (size_t)t->parent[level][clade];
    }
}

static void draw_matrix(const zsc_sim_encoder *e, uint64_t which, size_t rows, size_t columns, float *out)
{
    double scale = 1 / sqrt((double)rows);
    for (size_t i = 0; i < rows * columns; i++) {
        zsc_stream stream = zsc_sim_stream(e->seed, ZSC_SIM_LIFT, e->space * 2 + which, i);
        out[i] = (float)(scale * zsc_stream_normal(&stream));
    }
}

zsc_status zsc_sim_encoder_draw(const zsc_sim_taxonomy *t, const zsc_sim_specimens *specimens, const zsc_exec *exec,
                                zsc_sim_encoder *e)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW_RAW(e->latent, t->count[ZSC_SIM_LINEAGE] * ZSC_SIM_LATENT);
    ZSC_NEW_RAW(e->in, ZSC_SIM_LATENT * ZSC_SIM_HIDDEN);
    ZSC_NEW_RAW(e->out, ZSC_SIM_HIDDEN * e->d);
    draw_matrix(e, 0, ZSC_SIM_LATENT, ZSC_SIM_HIDDEN, e->in);
    draw_matrix(e, 1, ZSC_SIM_HIDDEN, e->d, e->out);
#pragma omp parallel for num_threads(zsc_threads(exec)) schedule(static)
    for (size_t l = 0; l < t->count[ZSC_SIM_LINEAGE]; l++) place_lineage(specimens, e, t, l);
done:
    if (status != ZSC_OK) zsc_sim_encoder_free(e);
    return status;
}

zsc_status zsc_sim_encoder_make(const zsc_simulate_options *o, const zsc_sim_taxonomy *t,
                                const zsc_sim_specimens *specimens, bool dna, size_t i, const zsc_exec *exec,
                                zsc_sim_encoder *out)
{
    const size_t *each = dna ? o->dna_dims : o->image_dims;
    zsc_sim_encoder e = {.seed = o->seed, .d = each ? each[i] : dna ? o->dna_dim : o->image_dim};
    describe(&e, dna, i, dna ? o->dna_encoders : o->image_encoders, o->aligned);
    zsc_status status = zsc_sim_encoder_draw(t, specimens, exec, &e);
    if (status == ZSC_OK) *out = e;
    return status;
}

void zsc_sim_encoder_free(zsc_sim_encoder *e)
{
    free(e->latent);
    free(e->in);
    free(e->out);
    *e = (zsc_sim_encoder){0};
}

/* out = a' M, M rows x columns. */
static void multiply(const float *restrict a, const float *restrict m, size_t rows, size_t columns, float *restrict out)
{
    memset(out, 0, columns * sizeof *out);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) out[c] += a[r] * m[r * columns + c];
}

/* Even noise of unit variance, four numbers out of one draw: it is added to every coordinate of every row. */
static void add_noise(zsc_stream stream, float scale, size_t d, float *out)
{
    const float width = 3.4641016f * scale; /* sqrt(12) */
    for (size_t i = 0; i < d; i += 4) {
        uint64_t bits = zsc_stream_u64(&stream);
        for (size_t j = i; j < i + 4 && j < d; j++, bits >>= 16)
            out[j] += width * ((float)(bits & 0xffff) * 0x1p-16f - 0.5f);
    }
}

void zsc_sim_encode(const zsc_sim_encoder *e, const zsc_sim_specimen *s, float *out)
{
    float z[ZSC_SIM_LATENT], h[ZSC_SIM_HIDDEN];
    memcpy(z, e->latent + (size_t)s->lineage * ZSC_SIM_LATENT, sizeof z);
    uint64_t barcode = (uint64_t)s->species << 32 | (uint32_t)s->haplotype;
    add_normal(zsc_sim_stream(e->seed, ZSC_SIM_BARCODE_VECTOR, e->number, barcode), s->noise * e->weights.barcode, z);
    /* an encoder of barcodes sees a misread letter; one of images sees the specimen */
    float own = s->ambiguous && e->weights.barcode > 0 ? e->weights.row + 0.5f * e->weights.barcode : e->weights.row;
    add_normal(zsc_sim_stream(e->seed, ZSC_SIM_ROW_VECTOR, 2 * e->number, s->row), s->noise * own, z);
    multiply(z, e->in, ZSC_SIM_LATENT, ZSC_SIM_HIDDEN, h);
    for (size_t i = 0; i < ZSC_SIM_HIDDEN; i++) h[i] *= 2 / (1 + 2 * fabsf(h[i]));
    multiply(h, e->out, ZSC_SIM_HIDDEN, e->d, out);
    if (e->weights.ambient > 0)
        add_noise(zsc_sim_stream(e->seed, ZSC_SIM_ROW_VECTOR, 2 * e->number + 1, s->row), e->weights.ambient, e->d,
                  out);
}
