/* Encoder styles.
 *
 * Colours: seven hues (after Paul Tol's "muted" scheme) that remain distinct to people without red or green cones,
 * and whose lightness rises in steps, so that they remain distinct in grey print; tests/unit/report.c measures both. */
#include "report/figures/styles.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/value.h"
#include "io/text/csv.h"

#define BLACK "#000000"
#define INDIGO "#332288"
#define WINE "#A01A58"
#define GREEN "#1B7F3B"
#define TEAL "#2E9CA6"
#define AMBER "#E69F00"
#define SKY "#8CCBF0"

/* Shades of the same, 35 % of the way to white. */
#define LIGHT_BLACK "#595959"
#define LIGHT_INDIGO "#7A6FB2"
#define LIGHT_WINE "#C16A92"
#define LIGHT_GREEN "#6BAC80"
#define LIGHT_TEAL "#77BFC5"

enum { CIRCLE = 7, SQUARE = 5, TRIANGLE = 9, NABLA = 11, DIAMOND = 13, PENTAGON = 15 };

static const char *const colours[ZSC_STYLE_COLOURS] = {INDIGO, AMBER, WINE, TEAL, GREEN, SKY, BLACK};
static const int markers[ZSC_STYLE_MARKERS] = {CIRCLE, SQUARE, TRIANGLE, DIAMOND, NABLA, PENTAGON, 6, 4, 8, 12, 10, 14};

static const struct {
    const char *encoder, *label, *modality, *architecture, *method, *colour;
    int marker;
} built_in[] = {
    /* The encoders of BIOSCAN-5M, section 4.3, in the order of its table A16. Colour by pretraining; marker and shade
     * by architecture. */
    {"resnet50-xent", "ResNet-50 X-Ent.", "image", "ResNet-50", "X-Ent.", LIGHT_BLACK, CIRCLE},
    {"resnet50-mocov3", "ResNet-50 MoCo-v3", "image", "ResNet-50", "MoCo-v3", LIGHT_INDIGO, CIRCLE},
    {"resnet50-dino", "ResNet-50 DINO", "image", "ResNet-50", "DINO", LIGHT_WINE, CIRCLE},
    {"resnet50-vicreg", "ResNet-50 VICReg", "image", "ResNet-50", "VICReg", LIGHT_GREEN, CIRCLE},
    {"resnet50-clip", "ResNet-50 CLIP", "image", "ResNet-50", "CLIP", LIGHT_TEAL, CIRCLE},
    {"vitb-xent", "ViT-B X-Ent.", "image", "ViT-B", "X-Ent.", BLACK, TRIANGLE},
    {"vitb-mocov3", "ViT-B MoCo-v3", "image", "ViT-B", "MoCo-v3", INDIGO, TRIANGLE},
    {"vitb-dino", "ViT-B DINO", "image", "ViT-B", "DINO", WINE, TRIANGLE},
    {"vitb-mae-cls", "ViT-B MAE (CLS)", "image", "ViT-B", "MAE (CLS)", AMBER, TRIANGLE},
    {"vitb-mae-avg", "ViT-B MAE (avg)", "image", "ViT-B", "MAE (avg)", SKY, TRIANGLE},
    {"vitb-clip", "ViT-B CLIP", "image", "ViT-B", "CLIP", TEAL, TRIANGLE},
    {"barcodebert", "BarcodeBERT", "dna", "Transformer", "BarcodeBERT", INDIGO, DIAMOND},
    {"dnabert2", "DNABERT-2", "dna", "Transformer", "DNABERT-2", AMBER, DIAMOND},
    {"dnaberts", "DNABERT-S", "dna", "Transformer", "DNABERT-S", WINE, DIAMOND},
    {"hyenadna", "HyenaDNA", "dna", "Hyena", "HyenaDNA", GREEN, NABLA},
    {"nt", "NT", "dna", "Transformer", "NT", SKY, DIAMOND},
    /* zsc embed kmer */
    {"kmer2", "2-mers", "dna", "k-mer counts", "2-mers", BLACK, SQUARE},
    {"kmer3", "3-mers", "dna", "k-mer counts", "3-mers", SKY, SQUARE},
    {"kmer4", "4-mers", "dna", "k-mer counts", "4-mers", AMBER, SQUARE},
    {"kmer5", "5-mers", "dna", "k-mer counts", "5-mers", WINE, SQUARE},
    {"kmer6", "6-mers", "dna", "k-mer counts", "6-mers", INDIGO, SQUARE},
    {"kmer7", "7-mers", "dna", "k-mer counts", "7-mers", GREEN, SQUARE},
    {"kmer8", "8-mers", "dna", "k-mer counts", "8-mers", TEAL, SQUARE},
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

void zsc_looks_free(zsc_looks *looks)
{
    for (size_t i = 0; i < looks->count; i++) free(looks->item[i].encoders);
    free(looks->item);
    *looks = (zsc_looks){0};
}

void zsc_styles_free(zsc_styles *styles)
{
    for (size_t i = 0; i < styles->count; i++) style_clear(&styles->item[i]);
    for (size_t i = 0; i < styles->rules; i++) style_clear(&styles->rule[i]);
    free(styles->item);
    free(styles->rule);
    zsc_looks_free(&styles->looks);
    *styles = (zsc_styles){0};
}

/* Adds a copy of S, whose texts stay the caller's: to the rules if it names no encoder. */
static zsc_status style_add(zsc_styles *styles, const zsc_style *s)
{
    zsc_style copy = *s;
    copy.encoder = zsc_strdup(s->encoder);
    copy.label = zsc_strdup(s->label);
    copy.modality = zsc_strdup(s->modality);
    copy.architecture = zsc_strdup(s->architecture);
    copy.method = zsc_strdup(s->method);
    copy.colour = zsc_strdup(s->colour);
    bool rule = !*s->encoder;
    zsc_status status = !copy.encoder || !copy.label || !copy.modality || !copy.architecture || !copy.method ||
                                !copy.colour
                            ? ZSC_EINTERNAL
                        : rule ? zsc_grow(&styles->rule, &styles->rule_capacity, styles->rules + 1,
                                          sizeof *styles->rule, "styles")
                               : zsc_grow(&styles->item, &styles->capacity, styles->count + 1, sizeof *styles->item,
                                          "styles");
    if (status != ZSC_OK)
        style_clear(&copy);
    else if (rule)
        styles->rule[styles->rules++] = copy;
    else
        styles->item[styles->count++] = copy;
    return status;
}

static zsc_status add_built_in(zsc_styles *styles)
{
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++) {
        const zsc_style style = {.encoder = (char *)(uintptr_t)built_in[i].encoder,
                                 .label = (char *)(uintptr_t)built_in[i].label,
                                 .modality = (char *)(uintptr_t)built_in[i].modality,
                                 .architecture = (char *)(uintptr_t)built_in[i].architecture,
                                 .method = (char *)(uintptr_t)built_in[i].method,
                                 .colour = (char *)(uintptr_t)built_in[i].colour,
                                 .marker = built_in[i].marker,
                                 .order = 1000 + (int)i};
        zsc_status status = style_add(styles, &style);
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

enum { ENCODER, LABEL, MODALITY, ARCHITECTURE, METHOD, COLOUR, MARKER, LINE, ORDER, COLUMNS };

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

static int line_number(const char *text)
{
    static const char *const names[] = {"solid", "dashed", "dotted", "dash-dotted"};
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
        if (strcmp(names[i], text) == 0) return ZSC_LINE_SOLID + i;
    return 0;
}

/* The field, or what the built-in style has. */
static char *field_or(const char *field, const char *known) { return (char *)(uintptr_t)(*field ? field : known); }

/* What the line gives beside what is OLD. */
static unsigned own_parts(const char *const *f, const zsc_style *old)
{
    return (*f[COLOUR] ? ZSC_OWN_COLOUR : 0u) | (*f[MARKER] ? ZSC_OWN_MARKER : 0u) |
           (*f[LABEL] && strcmp(f[LABEL], old->label) != 0 ? ZSC_OWN_LABEL : 0u) |
           (*f[ARCHITECTURE] ? ZSC_OWN_ARCHITECTURE : 0u) | (*f[METHOD] ? ZSC_OWN_METHOD : 0u);
}

static zsc_status read_style(void *data, const zsc_csv_row *row)
{
    reading *r = data;
    const char *const *f = row->field;
    if (!*f[ENCODER] && !*f[ARCHITECTURE] && !*f[METHOD])
        return zsc_fail(ZSC_EINPUT, "%s, line %zu: a style needs the name of an encoder, an architecture or a method",
                        r->path, row->line);
    if (*f[COLOUR] && !is_colour(f[COLOUR]))
        return zsc_fail(ZSC_EINPUT, "%s, line %zu: expected a colour such as #0072B2, found '%s'", r->path, row->line,
                        f[COLOUR]);
    int marker = *f[MARKER] ? marker_number(f[MARKER]) : 0;
    if (*f[MARKER] && !marker)
        return zsc_fail(ZSC_EINPUT, "%s, line %zu: expected a marker from 1 to 15 or a name such as circle, found '%s'",
                        r->path, row->line, f[MARKER]);
    int line = *f[LINE] ? line_number(f[LINE]) : 0;
    if (*f[LINE] && !line)
        return zsc_fail(ZSC_EINPUT, "%s, line %zu: expected solid, dashed, dotted or dash-dotted as line, found '%s'",
                        r->path, row->line, f[LINE]);
    double order = 0;
    bool whole = !*f[ORDER] || (zsc_value_number(f[ORDER], &order) && order == floor(order));
    if (!whole || order < -100000 || order > 100000)
        return zsc_fail(ZSC_EINPUT, "%s, line %zu: expected a whole number as order, found '%s'", r->path, row->line,
                        f[ORDER]);
    static char empty[] = "";
    static const zsc_style none = {
        .label = empty, .modality = empty, .architecture = empty, .method = empty, .colour = empty};
    const zsc_style *old = *f[ENCODER] ? zsc_styles_find(r->known, f[ENCODER]) : NULL;
    if (!old) old = &none;
    const zsc_style style = {.encoder = field_or(f[ENCODER], ""),
                             .label = field_or(f[LABEL], *old->label ? old->label : f[ENCODER]),
                             .modality = field_or(f[MODALITY], old->modality),
                             .architecture = field_or(f[ARCHITECTURE], old->architecture),
                             .method = field_or(f[METHOD], old->method),
                             .colour = field_or(f[COLOUR], old->colour),
                             .marker = marker ? marker : old->marker,
                             .line = line,
                             .order = *f[ORDER] ? (int)order : (int)row->row,
                             .own = own_parts(f, old)};
    return style_add(r->own, &style);
}

zsc_status zsc_styles_load(const char *path, zsc_styles *out)
{
    static const char *const names[COLUMNS][3] = {{"encoder"},      {"label"},  {"modality"},
                                                  {"architecture"}, {"method"}, {"colour", "color"},
                                                  {"marker"},       {"line"},   {"order"}};
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
