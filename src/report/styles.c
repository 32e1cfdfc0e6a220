/* Encoder styles.
 *
 * Colours: seven hues (after Paul Tol's "muted" scheme) that remain distinct to people without red or green cones,
 * and whose lightness rises in steps, so that they remain distinct in grey print; tests/unit/report.c measures both. */
#include "report/styles.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/value.h"
#include "io/csv.h"

#define BLACK "#000000"
#define INDIGO "#332288"
#define WINE "#A01A58"
#define GREEN "#1B7F3B"
#define TEAL "#2E9CA6"
#define AMBER "#E69F00"
#define SKY "#8CCBF0"

enum { CIRCLE = 7, SQUARE = 5, TRIANGLE = 9, NABLA = 11, DIAMOND = 13, PENTAGON = 15 };

static const char *const colours[ZSC_STYLE_COLOURS] = {INDIGO, AMBER, WINE, TEAL, GREEN, SKY, BLACK};
static const int markers[] = {CIRCLE, SQUARE, TRIANGLE, DIAMOND, NABLA, PENTAGON, 6, 4, 8, 12};

static const struct {
    const char *encoder, *label, *modality, *architecture, *method, *colour;
    int marker;
} built_in[] = {
    /* The encoders of BIOSCAN-5M, section 4.3, in the order of its table A16. */
    {"resnet50-xent", "ResNet-50 X-Ent.", "image", "ResNet-50", "X-Ent.", BLACK, CIRCLE},
    {"resnet50-mocov3", "ResNet-50 MoCo-v3", "image", "ResNet-50", "MoCo-v3", INDIGO, CIRCLE},
    {"resnet50-dino", "ResNet-50 DINO", "image", "ResNet-50", "DINO", WINE, CIRCLE},
    {"resnet50-vicreg", "ResNet-50 VICReg", "image", "ResNet-50", "VICReg", GREEN, CIRCLE},
    {"resnet50-clip", "ResNet-50 CLIP", "image", "ResNet-50", "CLIP", TEAL, CIRCLE},
    {"vitb-xent", "ViT-B X-Ent.", "image", "ViT-B", "X-Ent.", BLACK, TRIANGLE},
    {"vitb-mocov3", "ViT-B MoCo-v3", "image", "ViT-B", "MoCo-v3", INDIGO, TRIANGLE},
    {"vitb-dino", "ViT-B DINO", "image", "ViT-B", "DINO", WINE, TRIANGLE},
    {"vitb-mae-cls", "ViT-B MAE (CLS)", "image", "ViT-B", "MAE (CLS)", AMBER, TRIANGLE},
    {"vitb-mae-avg", "ViT-B MAE (avg)", "image", "ViT-B", "MAE (avg)", SKY, TRIANGLE},
    {"vitb-clip", "ViT-B CLIP", "image", "ViT-B", "CLIP", TEAL, TRIANGLE},
    {"barcodebert", "BarcodeBERT", "dna", "Transformer", "BarcodeBERT", INDIGO, CIRCLE},
    {"dnabert2", "DNABERT-2", "dna", "Transformer", "DNABERT-2", AMBER, SQUARE},
    {"dnaberts", "DNABERT-S", "dna", "Transformer", "DNABERT-S", WINE, TRIANGLE},
    {"hyenadna", "HyenaDNA", "dna", "Hyena", "HyenaDNA", GREEN, DIAMOND},
    {"nt", "NT", "dna", "Transformer", "NT", SKY, NABLA},
    /* zsc embed kmer */
    {"kmer2", "2-mers", "dna", "k-mer counts", "2-mers", BLACK, PENTAGON},
    {"kmer3", "3-mers", "dna", "k-mer counts", "3-mers", SKY, NABLA},
    {"kmer4", "4-mers", "dna", "k-mer counts", "4-mers", AMBER, SQUARE},
    {"kmer5", "5-mers", "dna", "k-mer counts", "5-mers", WINE, TRIANGLE},
    {"kmer6", "6-mers", "dna", "k-mer counts", "6-mers", INDIGO, CIRCLE},
    {"kmer7", "7-mers", "dna", "k-mer counts", "7-mers", GREEN, DIAMOND},
    {"kmer8", "8-mers", "dna", "k-mer counts", "8-mers", TEAL, 6},
};

static const struct {
    const char *other, *encoder;
} aliases[] = {
    {"resnet50", "resnet50-xent"},
    {"resnet50-supervised", "resnet50-xent"},
    {"resnet50-crossentropy", "resnet50-xent"},
    {"resnet50-moco", "resnet50-mocov3"},
    {"resnet50-mocov3", "resnet50-mocov3"},
    {"mocov3-resnet50", "resnet50-mocov3"},
    {"dino-resnet50", "resnet50-dino"},
    {"vicreg", "resnet50-vicreg"},
    {"vicreg-resnet50", "resnet50-vicreg"},
    {"clip-resnet50", "resnet50-clip"},
    {"clip-rn50", "resnet50-clip"},
    {"vitb", "vitb-xent"},
    {"vitb16", "vitb-xent"},
    {"vitb16-xent", "vitb-xent"},
    {"mocov3-vitb", "vitb-mocov3"},
    {"mocov3-vit-base", "vitb-mocov3"},
    {"vitb16-mocov3", "vitb-mocov3"},
    {"dino-vitb", "vitb-dino"},
    {"dino-vitb16", "vitb-dino"},
    {"vitb16-dino", "vitb-dino"},
    {"dino", "vitb-dino"},
    {"vitb16-maecls", "vitb-mae-cls"},
    {"mae-vitb-cls", "vitb-mae-cls"},
    {"mae-cls", "vitb-mae-cls"},
    {"timm-vit-base-patch16-224.mae", "vitb-mae-cls"},
    {"mae-pretrain-vit-base-cls", "vitb-mae-cls"},
    {"mae-vitb-avg", "vitb-mae-avg"},
    {"mae-avg", "vitb-mae-avg"},
    {"mae-pretrain-vit-base-global", "vitb-mae-avg"},
    {"mae-pretrain-vit-base", "vitb-mae-avg"}, /* zs-ssl-clustering averages the tokens by default */
    {"vitb16-maeavg", "vitb-mae-avg"},
    {"clip-vitb", "vitb-clip"},
    {"clip-vitb16", "vitb-clip"},
    {"vitb16-clip", "vitb-clip"},
    {"nucleotidetransformer", "nt"},
    /* the checkpoints of the DNA encoders */
    {"bioscan-ml-barcodebert", "barcodebert"},
    {"dnabert-2-117m", "dnabert2"},
    {"zhihan1996-dnabert-2-117m", "dnabert2"},
    {"zhihan1996-dnabert-s", "dnaberts"},
    {"hyenadna-tiny-1k-seqlen-hf", "hyenadna"},
    {"hyenadna-tiny-1k-seqlen-d256-hf", "hyenadna"},
    {"longsafari-hyenadna-tiny-1k-seqlen-hf", "hyenadna"},
    {"longsafari-hyenadna-tiny-1k-seqlen-d256-hf", "hyenadna"},
    {"nucleotide-transformer-v2-50m-multi-species", "nt"},
    {"instadeepai-nucleotide-transformer-v2-50m-multi-species", "nt"},
};

/* By letters and digits only, in lower case: "ResNet-50 X-Ent." and "resnet50_xent" are the same name. Bytes beyond
 * ASCII count unchanged. */
static bool same_name(const char *a, const char *b)
{
    for (;;) {
        while (*a && !isalnum((unsigned char)*a) && !((unsigned char)*a & 0x80)) a++;
        while (*b && !isalnum((unsigned char)*b) && !((unsigned char)*b & 0x80)) b++;
        if (!*a || !*b) return *a == *b;
        if (tolower((unsigned char)*a++) != tolower((unsigned char)*b++)) return false;
    }
}

const zsc_style *zsc_styles_find(const zsc_styles *styles, const char *encoder)
{
    const char *name = encoder;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < styles->count; i++)
            if (same_name(styles->item[i].encoder, name)) return &styles->item[i];
        for (size_t i = 0; i < styles->count; i++)
            if (same_name(styles->item[i].label, name)) return &styles->item[i];
        size_t a = 0, n = sizeof aliases / sizeof *aliases;
        while (a < n && !same_name(aliases[a].other, encoder)) a++;
        if (a == n) break;
        name = aliases[a].encoder;
    }
    return NULL;
}

const char *zsc_style_colour(size_t i) { return colours[i % ZSC_STYLE_COLOURS]; }

int zsc_style_marker(size_t i) { return markers[i % (sizeof markers / sizeof *markers)]; }

static void style_clear(zsc_style *s)
{
    char *fields[] = {s->encoder, s->label, s->modality, s->architecture, s->method, s->colour};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) free(fields[i]);
}

void zsc_styles_free(zsc_styles *styles)
{
    for (size_t i = 0; i < styles->count; i++) style_clear(&styles->item[i]);
    free(styles->item);
    *styles = (zsc_styles){0};
}

static zsc_status style_add(zsc_styles *styles, const char *const text[6], int marker, int order)
{
    zsc_style s = {.encoder = zsc_strdup(text[0]),
                   .label = zsc_strdup(text[1]),
                   .modality = zsc_strdup(text[2]),
                   .architecture = zsc_strdup(text[3]),
                   .method = zsc_strdup(text[4]),
                   .colour = zsc_strdup(text[5]),
                   .marker = marker,
                   .order = order};
    zsc_status status = s.encoder && s.label && s.modality && s.architecture && s.method && s.colour
                            ? zsc_grow(&styles->item, &styles->capacity, styles->count + 1, sizeof *styles->item,
                                       "styles")
                            : ZSC_EINTERNAL;
    if (status == ZSC_OK)
        styles->item[styles->count++] = s;
    else
        style_clear(&s);
    return status;
}

static zsc_status add_built_in(zsc_styles *styles)
{
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++) {
        const char *const text[6] = {built_in[i].encoder,      built_in[i].label,  built_in[i].modality,
                                     built_in[i].architecture, built_in[i].method, built_in[i].colour};
        zsc_status status = style_add(styles, text, built_in[i].marker, 1000 + (int)i);
        if (status != ZSC_OK) return status;
    }
    return ZSC_OK;
}

/* --- A file of styles */
typedef struct reading {
    zsc_styles *own;
    const zsc_styles *known;
    const char *path;
} reading;

enum { ENCODER, LABEL, MODALITY, ARCHITECTURE, METHOD, COLOUR, MARKER, ORDER, COLUMNS };

static bool is_colour(const char *text)
{
    return text[0] == '#' && strlen(text) == 7 && strspn(text + 1, "0123456789abcdefABCDEF") == 6;
}

static int marker_number(const char *text)
{
    static const struct {
        const char *name;
        int number;
    } names[] = {{"circle", CIRCLE}, {"square", SQUARE},   {"triangle", TRIANGLE},
                 {"nabla", NABLA},   {"diamond", DIAMOND}, {"pentagon", PENTAGON},
                 {"open-circle", 6}, {"open-square", 4},   {"open-triangle", 8},
                 {"open-nabla", 10}, {"open-diamond", 12}, {"open-pentagon", 14},
                 {"plus", 1},        {"cross", 2},         {"star", 3}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].name, text) == 0) return names[i].number;
    uint64_t number = 0;
    return zsc_value_digits(text, &number) && number >= 1 && number <= 15 ? (int)number : 0;
}

static zsc_status read_style(void *data, const zsc_csv_row *row)
{
    reading *r = data;
    const char *const *f = row->field;
    if (!*f[ENCODER])
        return zsc_fail(ZSC_EINPUT, "%s, line %zu: a style needs the name of an encoder", r->path, row->line);
    if (*f[COLOUR] && !is_colour(f[COLOUR]))
        return zsc_fail(ZSC_EINPUT, "%s, line %zu: expected a colour such as #0072B2, found '%s'", r->path, row->line,
                        f[COLOUR]);
    int marker = *f[MARKER] ? marker_number(f[MARKER]) : 0;
    if (*f[MARKER] && !marker)
        return zsc_fail(ZSC_EINPUT, "%s, line %zu: expected a marker from 1 to 15 or a name such as circle, found '%s'",
                        r->path, row->line, f[MARKER]);
    double order = 0;
    bool whole = !*f[ORDER] || (zsc_value_number(f[ORDER], &order) && order == floor(order));
    if (!whole || order < -100000 || order > 100000)
        return zsc_fail(ZSC_EINPUT, "%s, line %zu: expected a whole number as order, found '%s'", r->path, row->line,
                        f[ORDER]);
    const zsc_style *old = zsc_styles_find(r->known, f[ENCODER]);
    const char *const text[6] = {f[ENCODER],
                                 *f[LABEL] ? f[LABEL]
                                 : old     ? old->label
                                           : f[ENCODER],
                                 *f[MODALITY] ? f[MODALITY]
                                 : old        ? old->modality
                                              : "",
                                 *f[ARCHITECTURE] ? f[ARCHITECTURE]
                                 : old            ? old->architecture
                                                  : "",
                                 *f[METHOD] ? f[METHOD]
                                 : old      ? old->method
                                            : "",
                                 *f[COLOUR] ? f[COLOUR]
                                 : old      ? old->colour
                                            : zsc_style_colour(r->own->count)};
    return style_add(r->own, text,
                     marker ? marker
                     : old  ? old->marker
                            : zsc_style_marker(r->own->count),
                     *f[ORDER] ? (int)order : (int)row->row);
}

zsc_status zsc_styles_load(const char *path, zsc_styles *out)
{
    static const char *const names[COLUMNS][3] = {{"encoder"}, {"label"},           {"modality"}, {"architecture"},
                                                  {"method"},  {"colour", "color"}, {"marker"},   {"order"}};
    zsc_csv_column columns[COLUMNS];
    zsc_status status = ZSC_OK;
    zsc_styles known = {0}, own = {0};
    for (int i = 0; i < COLUMNS; i++) columns[i] = (zsc_csv_column){.names = names[i], .required = i == ENCODER};
    ZSC_TRY(add_built_in(&known));
    if (path) {
        reading r = {.own = &own, .known = &known, .path = path};
        ZSC_TRY(zsc_csv_read(path, NULL, columns, COLUMNS, NULL, read_style, &r));
    }
    ZSC_TRY(add_built_in(&own));
    *out = own;
    own = (zsc_styles){0};
done:
    zsc_styles_free(&known);
    zsc_styles_free(&own);
    return status;
}
