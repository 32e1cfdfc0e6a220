/* Baseline JPEG (ITU-T T.81) of noise whose amplitude falls as 1 / frequency. The format holds the coefficients of a
 * cosine transform of blocks of 8 x 8 pixels, so that they are drawn, and nothing is transformed: the mean of each
 * block and the AC_COUNT lowest frequencies of Y, the first CHROMA_AC of Cb and Cr.
 *
 * One quantisation table, all QUANTUM; Huffman codes of one length: of DC 12 codes of 4 bits, of AC the end of block
 * and pairs of run and size, 6 bits each. */
#include "simulate/noise_image.h"

#include <math.h>
#include <string.h>

#include "io/files/atomic.h"
#include "simulate/streams.h"

enum {
    QUANTUM = 8,
    COMPONENTS = 3,
    ACROSS = ZSC_SIM_IMAGE_WIDTH / 8,
    DOWN = ZSC_SIM_IMAGE_HEIGHT / 8,
    AC_COUNT = 9,
    CHROMA_AC = 3,
    MOST_SIZE = 6, /* bits of an AC value */
    DC_CODES = 12,
    DC_LENGTH = 4,
    AC_CODES = 1 + AC_COUNT * MOST_SIZE,
    AC_LENGTH = 6
};

/* What a second index of a stream is of, beside ranks. */
enum { OF_ROW = ZSC_SIM_LEVELS };

typedef struct bits {
    FILE *out;
    uint32_t held;
    int count;
} bits;

static void put_bits(bits *b, uint32_t value, int length)
{
    for (int i = length - 1; i >= 0; i--) {
        b->held = b->held << 1 | (value >> i & 1);
        if (++b->count < 8) continue;
        putc((int)(b->held & 0xff), b->out);
        if ((b->held & 0xff) == 0xff) putc(0, b->out); /* 0xff alone begins a marker */
        b->held = 0;
        b->count = 0;
    }
}

static int size_of(int value)
{
    int size = 0;
    for (unsigned rest = (unsigned)(value < 0 ? -value : value); rest; rest >>= 1) size++;
    return size;
}

static void put_value(bits *b, int value, int size)
{
    put_bits(b, (uint32_t)(value < 0 ? value + (1 << size) - 1 : value), size);
}

/* coefficient[0]: the mean, of which the difference to the block before is written; then AC_COUNT others. */
static void put_block(bits *b, const int coefficient[1 + AC_COUNT], int *before)
{
    int difference = coefficient[0] - *before, size = size_of(difference), run = 0;
    *before = coefficient[0];
    put_bits(b, (uint32_t)size, DC_LENGTH);
    put_value(b, difference, size);
    for (int i = 1; i <= AC_COUNT; i++) {
        size = size_of(coefficient[i]);
        if (size == 0) {
            run++;
            continue;
        }
        put_bits(b, (uint32_t)(1 + run * MOST_SIZE + size - 1), AC_LENGTH);
        put_value(b, coefficient[i], size);
        run = 0;
    }
    put_bits(b, 0, AC_LENGTH);
}

/* --- Segments before the coefficients */
static void begin_segment(FILE *out, int marker, int length) /* LENGTH without the marker, with its own two bytes */
{
    putc(0xff, out);
    putc(marker, out);
    putc(length >> 8, out);
    putc(length & 0xff, out);
}

/* COUNT symbols, all of LENGTH bits. */
static void put_huffman_table(FILE *out, int number, int length, int count, const unsigned char *symbol)
{
    begin_segment(out, 0xc4, 3 + 16 + count);
    putc(number, out);
    for (int i = 1; i <= 16; i++) putc(i == length ? count : 0, out);
    fwrite(symbol, 1, (size_t)count, out);
}

static void put_tables(FILE *out)
{
    unsigned char symbol[AC_CODES];
    begin_segment(out, 0xdb, 3 + 64);
    putc(0, out);
    for (int i = 0; i < 64; i++) putc(QUANTUM, out);
    for (int i = 0; i < DC_CODES; i++) symbol[i] = (unsigned char)i;
    put_huffman_table(out, 0x00, DC_LENGTH, DC_CODES, symbol);
    symbol[0] = 0;
    for (int i = 0; i < AC_COUNT * MOST_SIZE; i++)
        symbol[1 + i] = (unsigned char)((i / MOST_SIZE) << 4 | (i % MOST_SIZE + 1));
    put_huffman_table(out, 0x10, AC_LENGTH, AC_CODES, symbol);
}

static void put_headers(FILE *out)
{
    static const char comment[] = "Made by zsc simulate: a simulated image, coloured noise";
    static const unsigned char jfif[] = {'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0};
    fwrite("\xff\xd8", 1, 2, out);
    begin_segment(out, 0xe0, 2 + (int)sizeof jfif);
    fwrite(jfif, 1, sizeof jfif, out);
    begin_segment(out, 0xfe, 2 + (int)sizeof comment - 1);
    fwrite(comment, 1, sizeof comment - 1, out);
    put_tables(out);
    const unsigned char frame[] = {8, 0, ZSC_SIM_IMAGE_HEIGHT, 0, ZSC_SIM_IMAGE_WIDTH, COMPONENTS};
    begin_segment(out, 0xc0, 2 + (int)sizeof frame + 3 * COMPONENTS);
    fwrite(frame, 1, sizeof frame, out);
    for (int c = 1; c <= COMPONENTS; c++) fwrite((const unsigned char[]){(unsigned char)c, 0x11, 0}, 1, 3, out);
    begin_segment(out, 0xda, 6 + 2 * COMPONENTS);
    putc(COMPONENTS, out);
    for (int c = 1; c <= COMPONENTS; c++) fwrite((const unsigned char[]){(unsigned char)c, 0x00}, 1, 2, out);
    fwrite((const unsigned char[]){0, 63, 0}, 1, 3, out);
}

/* --- What is drawn */
static int limited(double value, int most)
{
    double v = round(value);
    return (int)(v > most ? most : v < -most ? -most : v);
}

/* Of the specimen's body, as means of blocks, -128 .. 127: the sum of its clades'. */
static void draw_body(uint64_t seed, const zsc_sim_taxonomy *t, size_t lineage, double body[COMPONENTS])
{
    static const double share[ZSC_SIM_LEVELS] = {0, 26, 20, 0, 14, 12, 0};
    size_t clade = lineage;
    body[0] = -40;
    body[1] = body[2] = 0;
    for (size_t level = ZSC_SIM_LEVELS; level-- > 0;) {
        zsc_stream stream = zsc_sim_stream(seed, ZSC_SIM_IMAGES, level, clade);
        for (size_t c = 0; c < COMPONENTS; c++) body[c] += share[level] * (2 * zsc_stream_uniform(&stream) - 1);
        if (level) clade = (size_t)t->parent[level][clade];
    }
}

static void draw_block(zsc_stream *stream, const double mean[COMPONENTS], double noise, int before[COMPONENTS], bits *b)
{
    static const int frequency[AC_COUNT] = {1, 1, 2, 2, 2, 3, 3, 3, 3}; /* sums of both, in the order of the format */
    for (int c = 0; c < COMPONENTS; c++) {
        int coefficient[1 + AC_COUNT] = {limited(mean[c] + noise * zsc_stream_normal(stream), 127)};
        for (int i = 0; i < (c ? CHROMA_AC : AC_COUNT); i++)
            coefficient[1 + i] = limited(noise * zsc_stream_normal(stream) / frequency[i], (1 << MOST_SIZE) - 1);
        put_block(b, coefficient, &before[c]);
    }
}

static void draw_image(uint64_t seed, const zsc_sim_taxonomy *t, size_t lineage, size_t row, FILE *out)
{
    static const double background[COMPONENTS] = {70, 0, 0};
    double body[COMPONENTS];
    int before[COMPONENTS] = {0};
    bits b = {.out = out};
    zsc_stream stream = zsc_sim_stream(seed, ZSC_SIM_IMAGES, OF_ROW, row);
    draw_body(seed, t, lineage, body);
    double length = 4 + 3 * zsc_stream_uniform(&stream), width = 2.5 + 2 * zsc_stream_uniform(&stream);
    for (int y = 0; y < DOWN; y++)
        for (int x = 0; x < ACROSS; x++) {
            double u = (x - (ACROSS - 1) / 2.0) / length, v = (y - (DOWN - 1) / 2.0) / width;
            bool inside = u * u + v * v < 1;
            draw_block(&stream, inside ? body : background, inside ? 10 : 2, before, &b);
        }
    while (b.count) put_bits(&b, 1, 1); /* the last byte is filled with ones */
}

zsc_status zsc_sim_image_write(uint64_t seed, const zsc_sim_taxonomy *taxonomy, int32_t lineage, size_t row,
                               const char *path)
{
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    FILE *out = zsc_atomic_stream(file);
    put_headers(out);
    draw_image(seed, taxonomy, (size_t)lineage, row, out);
    fwrite("\xff\xd9", 1, 2, out);
    return zsc_atomic_commit_unflushed(file);
}
