/* Figures and tables: text in other languages, styles, tidy rows, series. */
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiment/series/results_table_read.h"
#include "experiment/series/results_table_filter.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/figures/colour.h"
#include "report/escape.h"
#include "report/figures/gnuplot.h"
#include "report/figures/series.h"
#include "report/figures/styles.h"
#include "report/tables/table.h"
#include "report/figures/text_width.h"
#include "experiment/series/confusion.h"
#include "experiment/series/taxon_scores.h"

/* --- Text */
typedef void (*escaper)(zsc_text *, const char *);

static void check_escape(escaper f, const char *text, const char *expected)
{
    zsc_text out = {0};
    f(&out, text);
    assert_string_equal(out.data, expected);
    free(out.data);
}

static void test_escape(void **state)
{
    (void)state;
    check_escape(zsc_escape_gnuplot, "a\"b\\c & 'x' `y`", "a&quot;b&#92;c &amp; 'x' `y`");
    check_escape(zsc_escape_gnuplot, "tab\tline\nend\x7f", "tab line end ");
    check_escape(zsc_quote_gnuplot, "it's `x` \"q\"", "'it''s `x` \"q\"'");
    check_escape(zsc_escape_latex, "50% of_a^b ~ {x} $y$ #1 & \\z",
                 "50\\% of\\_a\\textasciicircum{}b \\textasciitilde{} \\{x\\} \\$y\\$ \\#1 \\& \\textbackslash{}z");
    check_escape(zsc_escape_html, "<b a=\"1\" c='2'>&amp;", "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;");
    check_escape(zsc_escape_markdown, "a|b*c_d`e[f](g)<h>", "a\\|b\\*c\\_d\\`e\\[f\\](g)&lt;h&gt;");
    check_escape(zsc_escape_html, "", "");
}

/* What is not UTF-8 is replaced, byte by byte; what is stays. */
static void test_utf8(void **state)
{
    (void)state;
    check_escape(zsc_escape_html,
                 "\xc3\x91"
                 "and\xc3\xba \xe6\xbc\xa2 \xf0\x9f\x90\x9d",
                 "\xc3\x91"
                 "and\xc3\xba \xe6\xbc\xa2 \xf0\x9f\x90\x9d");
#define BAD "\xef\xbf\xbd"
    check_escape(zsc_escape_html,
                 "a\xff"
                 "b",
                 "a" BAD "b");
    check_escape(zsc_escape_html, "\xc0\x80", BAD BAD);                 /* overlong zero */
    check_escape(zsc_escape_html, "\xed\xa0\x80", BAD BAD BAD);         /* surrogate */
    check_escape(zsc_escape_html, "\xf4\x90\x80\x80", BAD BAD BAD BAD); /* beyond the last character */
    check_escape(zsc_escape_html, "cut\xe6\xbc", "cut" BAD BAD);
    assert_int_equal(zsc_utf8_length("\xc3\x91"
                                     "and\xc3\xba"),
                     5);
}

static void test_format(void **state)
{
    (void)state;
    zsc_figure_format f;
    assert_int_equal(zsc_figure_format_of("a/b.svg", &f), ZSC_OK);
    assert_int_equal(f, ZSC_FIGURE_SVG);
    assert_int_equal(zsc_figure_format_of("x.tex", &f), ZSC_OK);
    assert_int_equal(f, ZSC_FIGURE_TEX);
    assert_int_equal(zsc_figure_format_of("a.pdf/b", &f), ZSC_EUSAGE);
    assert_int_equal(zsc_figure_format_of(".pdf", &f), ZSC_EUSAGE);
    assert_int_equal(zsc_figure_format_of("x.PNGG", &f), ZSC_EUSAGE);
}

/* --- Colours: CIELAB distances as seen with normal, protan and deutan eyes (Machado et al. 2009, severity 1), and in
 * grey. */
static void lab_of(int rgb, const double m[9], double lab[3])
{
    static const double to_xyz[9] = {0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505};
    static const double white[3] = {0.9505, 1, 1.089};
    double linear[3], seen[3], f[3];
    for (int i = 0; i < 3; i++) {
        double c = (rgb >> (16 - 8 * i) & 255) / 255.0;
        linear[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
    }
    for (int i = 0; i < 3; i++) {
        double v = m[3 * i] * linear[0] + m[3 * i + 1] * linear[1] + m[3 * i + 2] * linear[2];
        seen[i] = fmin(1, fmax(0, v));
    }
    for (int i = 0; i < 3; i++) {
        double v = (to_xyz[3 * i] * seen[0] + to_xyz[3 * i + 1] * seen[1] + to_xyz[3 * i + 2] * seen[2]) / white[i];
        f[i] = v > 0.008856 ? cbrt(v) : 7.787 * v + 16.0 / 116;
    }
    lab[0] = 116 * f[1] - 16;
    lab[1] = 500 * (f[0] - f[1]);
    lab[2] = 200 * (f[1] - f[2]);
}

static void test_colours(void **state)
{
    (void)state;
    static const double eyes[3][9] = {
        {1, 0, 0, 0, 1, 0, 0, 0, 1},
        {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
        {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881}};
    for (int e = 0; e < 3; e++)
        for (size_t i = 0; i < ZSC_STYLE_COLOURS; i++)
            for (size_t j = 0; j < i; j++) {
                double a[3], b[3];
                lab_of((int)strtol(zsc_style_colour(i) + 1, NULL, 16), eyes[e], a);
                lab_of((int)strtol(zsc_style_colour(j) + 1, NULL, 16), eyes[e], b);
                double distance = sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
                                       (a[2] - b[2]) * (a[2] - b[2]));
                assert_true(distance > 20);                     /* 2.3 is just noticeable */
                if (e == 0) assert_true(fabs(a[0] - b[0]) > 7); /* lightness, of 100, is what grey print keeps */
            }
}

/* --- Styles */
static void test_styles(void **state)
{
    (void)state;
    zsc_styles s = {0};
    assert_int_equal(zsc_styles_load(NULL, &s), ZSC_OK);
    assert_string_equal(zsc_styles_find(&s, "vitb-dino")->label, "ViT-B DINO");
    assert_string_equal(zsc_styles_find(&s, "ViT-B DINO")->label, "ViT-B DINO");
    assert_string_equal(zsc_styles_find(&s, "HyenaDNA")->modality, "dna");
    assert_string_equal(zsc_styles_find(&s, "dnabert_2")->label, "DNABERT-2");
    assert_string_equal(zsc_styles_find(&s, "dino_vitb16")->encoder, "vitb-dino");
    assert_null(zsc_styles_find(&s, "nobody"));
    assert_null(zsc_styles_find(&s, ""));
    for (size_t i = 0; i < s.count; i++)
        for (size_t j = 0; j < i; j++) {
            const zsc_style *a = &s.item[i], *b = &s.item[j];
            assert_false(a->marker == b->marker && strcmp(a->colour, b->colour) == 0);
            if (strcmp(a->modality, b->modality) == 0) /* marker by architecture */
                assert_true((a->marker == b->marker) == (strcmp(a->architecture, b->architecture) == 0));
        }
    /* colour by pretraining, shade by architecture */
    assert_string_equal(zsc_styles_find(&s, "vitb-dino")->colour, "#A01A58");
    assert_string_equal(zsc_styles_find(&s, "resnet50-dino")->colour, "#C16A92");
    assert_int_equal(zsc_colour_rgb("#C16A92"), 0xc16a92);
    zsc_styles_free(&s);
}

/* --- Results made by hand */
static zsc_result make_result(const char *key, const char *encoder, const char *modality, const char *scale,
                              uint64_t seed, const double *ami, size_t ranks)
{
    static const char *const names[] = {"species", "class", "tribe"};
    zsc_result r = {.key = zsc_strdup(key),
                    .path = zsc_strdup(""),
                    .provenance = zsc_strdup("{}"),
                    .subset = zsc_strdup("all"),
                    .per_barcode = zsc_strdup("all"),
                    .scale = zsc_strdup(scale),
                    .reduce = zsc_strdup("umap"),
                    .linkage = zsc_strdup("ward"),
                    .clusters_rule = zsc_strdup("species"),
                    .rows = 100,
                    .dim = 8,
                    .seed = seed,
                    .modalities = 1,
                    .scores = ranks};
    r.config = zsc_asprintf("{\"neighbors\":30,\"seed\":%d,\"encoders\":[\"x\"]}", (int)seed);
    r.modality = zsc_calloc(1, sizeof *r.modality, "");
    r.modality[0] = (zsc_modality){.path = zsc_strdup("f.h5"),
                                   .encoder = zsc_strdup(encoder),
                                   .modality = zsc_strdup(modality),
                                   .label = zsc_strdup(""),
                                   .architecture = zsc_strdup(""),
                                   .d = 8};
    r.score = zsc_calloc(ranks, sizeof *r.score, "");
    for (size_t i = 0; i < ranks; i++) {
        r.score[i].rank = zsc_strdup(names[i]);
        r.score[i].scores.rows = 90;
        r.score[i].scores.ami[ZSC_ARITHMETIC] = ami[i];
    }
    return r;
}

static void add(zsc_results_table *rows, const char *key, const char *encoder, const char *modality, const char *scale,
                uint64_t seed, double species, double class)
{
    const double ami[] = {species, class};
    zsc_result r = make_result(key, encoder, modality, scale, seed, ami, 2);
    assert_int_equal(zsc_results_table_add(rows, &r), ZSC_OK);
    zsc_result_free(&r);
}

static void test_series(void **state)
{
    (void)state;
    zsc_results_table rows = {0};
    zsc_styles styles = {0};
    zsc_series_set set = {0};
    zsc_list ranks = {0};
    add(&rows, "1", "hyenadna", "dna", "none", 0, 0.80, 0.2);
    add(&rows, "2", "hyenadna", "dna", "none", 1, 0.84, NAN);
    add(&rows, "3", "vitb-dino", "image", "none", 0, 0.3, 0.1);
    add(&rows, "4", "hyenadna", "dna", "zscore", 0, 0.5, 0.1);
    assert_int_equal(zsc_styles_load(NULL, &styles), ZSC_OK);
    assert_int_equal(zsc_series_make(&rows, &styles, &ranks, &set), ZSC_OK);
    assert_int_equal(set.count, 3);
    assert_int_equal(set.ranks, 2);
    assert_string_equal(set.rank[0], "class");            /* coarse to fine, whatever the order of the results */
    assert_string_equal(set.item[0].label, "ViT-B DINO"); /* images first */
    assert_string_equal(set.item[1].label, "HyenaDNA (scale none)");
    assert_string_equal(set.item[2].label, "HyenaDNA (zscore)");
    assert_string_equal(set.item[1].look.colour, set.item[2].look.colour); /* one encoder, two settings */
    assert_true(set.item[1].look.marker != set.item[2].look.marker);
    const zsc_seed_mean *p = &set.item[1].runs.mean[1];
    assert_int_equal(p->n, 2);
    assert_true(fabs(p->mean - 0.82) < 1e-12 && fabs(p->sd - sqrt(0.0008)) < 1e-12);
    assert_int_equal(set.item[1].runs.mean[0].n, 1); /* no score is not a zero */
    zsc_series_free(&set);

    zsc_list where = {0}, encoders = {0};
    assert_int_equal(zsc_list_add(&where, "scale=none"), ZSC_OK);
    assert_int_equal(zsc_list_add(&encoders, "hyenadna"), ZSC_OK);
    assert_int_equal(zsc_results_table_filter(&rows, &where, &encoders, 0), ZSC_OK);
    assert_int_equal(rows.count, 4);
    assert_int_equal(zsc_results_table_filter(&rows, &where, &encoders, 2), ZSC_EINPUT);
    assert_int_equal(zsc_list_add(&where, "colour=red"), ZSC_OK);
    assert_int_equal(rows.count, 0);
    zsc_list_free(&where);
    zsc_list_free(&encoders);
    zsc_results_table_free(&rows);
    zsc_styles_free(&styles);
}

/* --- Looks */
static bool alike(const zsc_look *a, const zsc_look *b)
{
    return a->marker == b->marker && strcmp(a->colour, b->colour) == 0;
}

/* Any number of encoders, some with styles, some that have the same: no two look alike, and what is not shown does not
 * matter to what is. */
static void test_looks(void **state)
{
    (void)state;
    enum { MANY = 130 };
    static const char *const known[] = {"vitb-dino", "ViT-B DINO", "dino", "kmer5", "vitb-dino+kmer5"};
    zsc_results_table rows = {0};
    zsc_styles styles = {0};
    char name[32];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        add(&rows, known[i], known[i], "dna", "none", 0, 0.5, 0.5);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "encoder %d", i);
        add(&rows, name, name, "dna", "none", 0, 0.5, 0.5);
    }
    assert_int_equal(zsc_styles_load(NULL, &styles), ZSC_OK);
    assert_int_equal(zsc_looks_assign(&styles, &rows), ZSC_OK);
    assert_int_equal(styles.looks.count, MANY + 5);
    for (size_t i = 0; i < styles.looks.count; i++) {
        assert_true(styles.looks.item[i].marker >= 1 && styles.looks.item[i].marker <= 15);
        assert_int_equal(strspn(styles.looks.item[i].colour, "#0123456789ABCDEF"), 7);
        for (size_t j = 0; j < i; j++) assert_false(alike(&styles.looks.item[i], &styles.looks.item[j]));
    }
    zsc_looks_taken taken = {.looks = &styles.looks};
    zsc_look first, second, third;
    assert_int_equal(zsc_looks_take(&taken, "kmer5", &first), ZSC_OK);
    assert_string_equal(first.colour, zsc_styles_find(&styles, "kmer5")->colour);
    assert_int_equal(zsc_looks_take(&taken, "kmer5", &second), ZSC_OK); /* in another setting */
    assert_int_equal(zsc_looks_take(&taken, "kmer5", &third), ZSC_OK);
    assert_false(alike(&first, &second) || alike(&second, &third) || alike(&first, &third));
    free(taken.item);
    zsc_results_table_free(&rows);
    zsc_styles_free(&styles);
}

/* What a file says of architectures and methods reaches their encoders; what it says of an encoder comes first. */
static void test_style_rules(void **state)
{
    (void)state;
    char path[] = "style-XXXXXX.csv";
    int descriptor = mkstemps(path, 4);
    assert_true(descriptor >= 0);
    FILE *out = fdopen(descriptor, "w");
    fputs("encoder,architecture,method,colour,marker,line\n,ResNet-50,,,,dashed\n,,DINO,#112233,,\nvitb-xent,,,,star,"
          "dotted\n",
          out);
    fclose(out);
    zsc_results_table rows = {0};
    zsc_styles styles = {0};
    static const char *const names[] = {"resnet50-dino", "resnet50-xent", "vitb-dino", "vitb-xent"};
    for (size_t i = 0; i < 4; i++) add(&rows, names[i], names[i], "image", "none", 0, 0.5, 0.5);
    assert_int_equal(zsc_styles_load(path, &styles), ZSC_OK);
    assert_int_equal(zsc_looks_assign(&styles, &rows), ZSC_OK);
    const zsc_look *look = styles.looks.item; /* in order of names */
    assert_int_equal(look[0].line, ZSC_LINE_DASHED);
    assert_string_equal(look[0].colour, "#112233");
    assert_int_equal(look[1].line, ZSC_LINE_DASHED);
    assert_string_equal(look[1].colour, "#595959");
    assert_int_equal(look[2].line, ZSC_LINE_SOLID);
    assert_string_equal(look[2].colour, "#112233");
    assert_int_equal(look[3].line, ZSC_LINE_DOTTED);
    assert_int_equal(look[3].marker, 3);
    unlink(path);
    zsc_results_table_free(&rows);
    zsc_styles_free(&styles);
}

static void test_shorten(void **state)
{
    (void)state;
    char *whole = zsc_text_shorten("short", 10), *cut = zsc_text_shorten("encoder_number_1 (neighbors 15, cosine)", 12);
    assert_string_equal(whole, "short");
    assert_true(zsc_text_em(cut) <= 12 && zsc_text_em(cut) > 9);
    assert_int_equal(strncmp(cut, "encoder", 7), 0);
    assert_string_equal(cut + strlen(cut) - 7, "cosine)");
    assert_non_null(strstr(cut, "\xe2\x80\xa6"));
    free(whole);
    free(cut);
    cut = zsc_text_shorten("\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 3.5); /* between characters */
    assert_string_equal(cut, "\xe6\xbc\xa2\xe2\x80\xa6\xe6\xbc\xa2");
    free(cut);
}

/* On a dark background: light enough to be seen, in the same hue, with steps of lightness as before, in reverse order.
 */
static void test_dark(void **state)
{
    (void)state;
    for (size_t i = 0; i < ZSC_STYLE_COLOURS; i++) {
        long before = zsc_colour_rgb(zsc_style_colour(i)), after = zsc_colour_on_dark(before);
        double l = zsc_colour_lightness(after);
        assert_true(l > 45 && l < 93);
        assert_true(fabs(l - (92 - 0.55 * zsc_colour_lightness(before))) < 1.5);
        for (size_t j = 0; j < i; j++)
            assert_true(fabs(l - zsc_colour_lightness(zsc_colour_on_dark(zsc_colour_rgb(zsc_style_colour(j))))) > 3);
    }
}

static void add_of(zsc_results_table *rows, const char *key, uint64_t seed, double ami, const char *matrix)
{
    zsc_result r = make_result(key, "hyenadna", "dna", "none", seed, &ami, 1);
    r.matrix = matrix ? zsc_strdup(matrix) : NULL;
    assert_int_equal(zsc_results_table_add(rows, &r), ZSC_OK);
    zsc_result_free(&r);
}

/* Runs on two matrices under one path are two series, also where one without a digest (an older result) comes first. */
static void test_contents(void **state)
{
    (void)state;
    zsc_results_table rows = {0};
    zsc_styles styles = {0};
    zsc_series_set set = {0};
    zsc_list ranks = {0}, none = {0};
    add_of(&rows, "1", 0, 0.1, NULL);
    add_of(&rows, "2", 1, 0.3, "aaaaaaaa1");
    add_of(&rows, "3", 1, 0.9, "bbbbbbbb1");
    add_of(&rows, "4", 2, 0.5, "aaaaaaaa1");
    assert_int_equal(zsc_styles_load(NULL, &styles), ZSC_OK);
    assert_int_equal(zsc_results_table_filter(&rows, &none, &none, 0), ZSC_OK);
    assert_int_equal(rows.count, 4);
    assert_int_equal(zsc_series_make(&rows, &styles, &ranks, &set), ZSC_OK);
    assert_int_equal(set.count, 2);
    assert_int_equal(set.item[0].runs.mean[0].n, 3);
    assert_true(fabs(set.item[0].runs.mean[0].mean - 0.3) < 1e-12);
    assert_int_equal(set.item[1].runs.mean[0].n, 1);
    assert_string_equal(set.item[0].label, "HyenaDNA (matrix aaaaaaaa)");
    assert_string_equal(set.item[1].label, "HyenaDNA (matrix bbbbbbbb)");
    zsc_series_free(&set);
    zsc_results_table_free(&rows);
    zsc_styles_free(&styles);
}

/* What is written is read back, to the bit. */
static void test_tidy_csv(void **state)
{
    (void)state;
    zsc_results_table rows = {0}, again = {0};
    char path[] = "tidy-XXXXXX.csv";
    int descriptor = mkstemps(path, 4);
    assert_true(descriptor >= 0);
    add(&rows, "k1", "odd \"name\", with\nall", "dna", "none", UINT64_MAX, 0.1 + 0.2, NAN);
    FILE *out = fdopen(descriptor, "w");
    zsc_results_table_writer writer = {.out = out, .delimiter = ','};
    for (size_t i = 0; i < rows.count; i++) assert_int_equal(zsc_results_table_write(&writer, &rows.item[i]), ZSC_OK);
    assert_int_equal(zsc_results_table_finish(&writer), ZSC_OK);
    fclose(out);
    const char *paths[] = {path, path};
    assert_int_equal(zsc_results_table_read(paths, 2, &again), ZSC_OK); /* the second time is the same run */
    assert_int_equal(again.count, 2);
    assert_string_equal(again.item[0].encoders, "odd \"name\", with\nall");
    assert_true(again.item[0].ami == 0.1 + 0.2 && isnan(again.item[1].ami));
    assert_true(again.item[0].seed == UINT64_MAX);
    assert_string_equal(again.item[0].settings,
                        "{\"epochs\":500,\"knn\":\"exact\",\"neighbors\":30}"); /* what takes effect */
    assert_int_equal(again.item[0].scored, 90);
    unlink(path);
    zsc_results_table_free(&rows);
    zsc_results_table_free(&again);
}

/* --- Tables */
static void test_round(void **state)
{
    (void)state;
    assert_true(zsc_round_half_even(12.5, 0) == 12 && zsc_round_half_even(13.5, 0) == 14 &&
                zsc_round_half_even(-2.5, 0) == -2);
    assert_true(zsc_round_half_even(100 * 0.145, 0) == 14); /* 14.499999999999998 in binary: printed, it is a half */
    assert_true(fabs(zsc_round_half_even(0.25, 1) - 0.2) < 1e-12 && zsc_round_half_even(12.500001, 0) == 13);
}

static void test_marks(void **state)
{
    (void)state;
    zsc_cell cells[] = {{.value = 51.2}, {.value = 50.9}, {.value = 49.6}, {.value = NAN}, {.value = 10}};
    zsc_cell *list[] = {&cells[0], &cells[1], &cells[2], &cells[3], &cells[4], NULL};
    zsc_table_mark(list, 6);
    assert_int_equal(cells[0].mark, ZSC_MARK_BEST); /* 51 and 51 in print */
    assert_int_equal(cells[1].mark, ZSC_MARK_BEST);
    assert_int_equal(cells[2].mark, ZSC_MARK_SECOND);
    assert_int_equal(cells[3].mark, ZSC_MARK_NONE);
    assert_int_equal(cells[4].mark, ZSC_MARK_NONE);
}

/* Taxon a: 3 rows in cluster 7, 1 in 8; b: 1 row in 7, 1 in 9; one row without a label does not count. */
static void test_taxa(void **state)
{
    (void)state;
    char *levels[] = {(char[]){"a"}, (char[]){"b"}, (char[]){"unused"}};
    int32_t codes[] = {0, 0, 0, 0, 1, 1, -1}, clusters[] = {7, 7, 7, 8, 7, 9, 8};
    zsc_column c = {.code = codes, .level = levels, .levels = 3};
    zsc_taxon_score s[3];
    size_t count = 0;
    assert_int_equal(zsc_taxon_scores(&c, clusters, 7, s, &count), ZSC_OK);
    assert_int_equal(count, 2);
    assert_int_equal(s[0].rows, 4);
    assert_int_equal(s[0].clusters, 2);
    assert_true(fabs(s[0].completeness - (3 * 2 + 0) / (4.0 * 3)) < 1e-12); /* pairs of different rows */
    assert_true(fabs(s[0].homogeneity - (0.75 * 0.75 + 0.25)) < 1e-12);
    assert_int_equal(s[0].top[0], 7);
    assert_int_equal(s[0].top[2], -1);
    assert_int_equal(s[0].confused, 1);
    assert_true(fabs(s[0].confused_share - 0.75 * 0.25) < 1e-12);
    assert_true(s[1].completeness == 0);
    assert_int_equal(s[1].confused, 0);
    assert_true(fabs(s[1].confused_share - 0.5 * 0.75) < 1e-12);
}

/* A taxon of one row has no pair; one whose rows lie together has all of them, however few they are. */
static void test_taxa_of_few_rows(void **state)
{
    (void)state;
    char *levels[] = {(char[]){"pair"}, (char[]){"single"}, (char[]){"apart"}};
    int32_t codes[] = {0, 0, 1, 2, 2, 2}, clusters[] = {3, 3, 3, 0, 1, 2};
    zsc_column c = {.code = codes, .level = levels, .levels = 3};
    zsc_taxon_score s[3];
    size_t count = 0;
    assert_int_equal(zsc_taxon_scores(&c, clusters, 6, s, &count), ZSC_OK);
    assert_int_equal(count, 3); /* apart, pair, single: by rows */
    assert_true(s[0].completeness == 0);
    assert_true(s[1].completeness == 1);
    assert_true(isnan(s[2].completeness));
}

/* Cluster 7: a a a b; cluster 8: b a (a tie: the first by name), and a row without a label; cluster 9: c c a. */
static void test_confusion(void **state)
{
    (void)state;
    char *levels[] = {(char[]){"b"}, (char[]){"a"}, (char[]){"c"}};
    int32_t codes[] = {1, 1, 1, 0, 0, 1, -1, 2, 2, 1}, clusters[] = {7, 7, 7, 7, 8, 8, 8, 9, 9, 9};
    zsc_column column = {.code = codes, .level = levels, .levels = 3};
    zsc_confusion c;
    assert_int_equal(zsc_confusion_make(&column, clusters, 10, &c), ZSC_OK);
    assert_int_equal(c.labelled, 9);
    assert_int_equal(c.confused, 3);
    assert_int_equal(c.taxon_of[7], 1);
    assert_int_equal(c.taxon_of[8], 1);
    assert_int_equal(c.taxon_of[9], 2);
    assert_int_equal(c.taxon_of[0], -1);
    assert_int_equal(c.rows_of[1], 5);
    assert_int_equal(c.pairs, 2);
    assert_int_equal(c.pair[0].taxon, 0); /* b, in clusters of a: rows 3 and 4, of clusters 7 and 8 */
    assert_int_equal(c.pair[0].other, 1);
    assert_int_equal(c.pair[0].rows, 2);
    assert_int_equal(c.row[c.pair[0].first_row], 3);
    assert_int_equal(c.row[c.pair[0].first_row + 1], 4);
    assert_int_equal(c.pair[0].clusters, 2);
    assert_int_equal(c.cluster[c.pair[0].first_cluster], 7);
    assert_int_equal(c.pair[1].taxon, 1); /* a, in a cluster of c */
    assert_int_equal(c.pair[1].other, 2);
    assert_int_equal(c.row[c.pair[1].first_row], 9);
    zsc_confusion_free(&c);
    assert_int_equal(zsc_confusion_make(&column, clusters, 0, &c), ZSC_OK);
    assert_int_equal(c.pairs, 0);
    zsc_confusion_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escape),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_styles),
        cmocka_unit_test(test_series),
        cmocka_unit_test(test_contents),
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_taxa),
        cmocka_unit_test(test_taxa_of_few_rows),
        cmocka_unit_test(test_tidy_csv),
        cmocka_unit_test(test_confusion),
        cmocka_unit_test(test_looks),
        cmocka_unit_test(test_style_rules),
        cmocka_unit_test(test_shorten),
        cmocka_unit_test(test_dark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
