#include "report/figures/figure.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/files/atomic.h"
#include "io/files/read_file.h"
#include "report/figures/colour.h"
#include "report/escape.h"
#include "report/figures/text_width.h"
#include "zsc/zsc.h"

/* Widths in inches of one and two columns, and points: as in the proceedings where this experiment is published; half
 * of a slide of 16:9, and all of it; a third of a poster of A0, and two thirds. */
static const struct {
    double width[2], points;
} uses[] = {{{3.4, 7.0}, 8}, {{6.5, 13.3}, 15}, {{12, 24.5}, 28}};

void zsc_figure_text(zsc_figure *f, const char *value)
{
    if (!value) f->text.failed = true; /* its caller ran out of memory */
    if (f->text.failed) return;
    if (f->line_open) zsc_text_append(&f->text, "\t");
    f->line_open = true;
    zsc_text plain = {0};
    if (f->latex) {
        zsc_escape_latex(&plain, value);
        if (plain.failed) f->text.failed = true;
        value = plain.data ? plain.data : "";
    }
    if (*value)
        zsc_escape_gnuplot(&f->text, value);
    else
        zsc_text_append(&f->text, " "); /* an empty field is fine, but an empty line would end the block */
    free(plain.data);
}

void zsc_figure_number(zsc_figure *f, double value)
{
    if (f->line_open) zsc_text_append(&f->text, "\t");
    f->line_open = true;
    if (isfinite(value))
        zsc_text_printf(&f->text, "%.10g", value);
    else
        zsc_text_append(&f->text, "NaN");
}

void zsc_figure_rgb(zsc_figure *f, long rgb)
{
    zsc_figure_number(f, (double)(f->options->dark ? zsc_colour_on_dark(rgb) : rgb));
}

void zsc_figure_colour(zsc_figure *f, const char *colour) { zsc_figure_rgb(f, zsc_colour_rgb(colour)); }

void zsc_figure_end_line(zsc_figure *f)
{
    zsc_text_append(&f->text, "\n");
    f->line_open = false;
    f->block_lines++;
}

void zsc_figure_block(zsc_figure *f, const char *comment)
{
    if (f->line_open) zsc_figure_end_line(f);
    if (f->blocks && f->block_lines == 0)
        zsc_text_append(&f->text, "NaN\tNaN\tNaN\tNaN\tNaN\tNaN\n"); /* an index must not be skipped */
    if (f->blocks) zsc_text_append(&f->text, "\n\n");
    zsc_text_printf(&f->text, "# %s\n", comment);
    f->blocks++;
    f->block_lines = 0;
}

void zsc_figure_set_text(zsc_figure *f, const char *name, const char *value)
{
    if (!value) f->text.failed = true;
    if (f->text.failed || !*value) return; /* gnuplot misreads an empty last field; scripts start from empty texts */
    zsc_text_append(&f->text, name);
    f->line_open = true;
    zsc_figure_text(f, value);
    zsc_figure_end_line(f);
}

void zsc_figure_set(zsc_figure *f, const char *name, const char *format, ...)
{
    va_list args;
    char value[64];
    va_start(args, format);
    vsnprintf(value, sizeof value, format, args);
    va_end(args);
    zsc_text_printf(&f->text, "%s\t%s\n", name, value);
    f->block_lines++;
}

void zsc_figure_begin(zsc_figure *f, const zsc_figure_options *options, const char *kind)
{
    static const char *const names[] = {"pdf", "svg", "png", "eps", "tex", "dumb"};
    *f = (zsc_figure){.options = options, .latex = options->format == ZSC_FIGURE_TEX};
    zsc_text_printf(&f->text,
                    "# zsc %s, figure '%s'. Drawn again by: gnuplot -e \"data='THIS FILE'\" plots/%s.gp\n"
                    "# Fields are separated by tabs; blocks by two empty lines; the script says what each holds.\n",
                    zsc_version(), kind, kind);
    zsc_figure_block(f, "settings");
    zsc_figure_set_text(f, "default_format", names[options->format]);
    zsc_figure_set_text(f, "font", options->font ? options->font : "Sans");
    zsc_figure_set(f, "font_size", "%g", zsc_figure_points(options));
    zsc_figure_set(f, "dpi", "%zu", options->dpi);
    zsc_figure_set(f, "latex", "%d", f->latex);
    zsc_figure_set(f, "dark", "%d", options->dark);
    if (options->title) zsc_figure_set_text(f, "title", options->title);
}

/* --- Sizes */
/* On a terminal a character is a twelfth of an inch wide and as high as a line at 8 points. */
static const double CHARACTERS_PER_INCH = 12, CHARACTER_EM = 0.56, LINE_EM = 1.35, USUAL_POINTS = 8;

static bool is_dumb(const zsc_figure_options *o) { return o->format == ZSC_FIGURE_DUMB; }

double zsc_figure_width(const zsc_figure_options *o)
{
    if (is_dumb(o)) return (double)o->text_columns / CHARACTERS_PER_INCH;
    return o->width > 0 ? o->width : uses[o->use].width[o->columns == 2];
}

double zsc_figure_em(const zsc_figure_options *o)
{
    return is_dumb(o) ? 1 / CHARACTERS_PER_INCH / CHARACTER_EM : zsc_figure_points(o) / 72;
}

double zsc_figure_line(const zsc_figure_options *o)
{
    return LINE_EM * (is_dumb(o) ? USUAL_POINTS : zsc_figure_points(o)) / 72;
}

double zsc_figure_unit(const zsc_figure_options *o) { return is_dumb(o) ? 1 : zsc_figure_points(o) / USUAL_POINTS; }

double zsc_figure_points(const zsc_figure_options *o) { return o->font_size > 0 ? o->font_size : uses[o->use].points; }

bool zsc_figure_is_wide(const zsc_figure_options *o)
{
    enum { WIDE_EM = 41 }; /* between one and two columns of a page at 8 points */
    return !is_dumb(o) && zsc_figure_width(o) > WIDE_EM * zsc_figure_em(o);
}

double zsc_figure_text_em(const zsc_figure_options *o, const char *text)
{
    return is_dumb(o) ? CHARACTER_EM * (double)zsc_utf8_length(text) : zsc_text_em(text);
}

double zsc_figure_tick_step(double low, double high, double width_em)
{
    static const double DIGIT_EM = 0.64, steps[] = {1, 2, 5};
    double most = fmax(fabs(low), fabs(high)), range = high - low;
    if (!(range > 0) || !(width_em > 0)) return 1;
    for (int e = (int)floor(log10(range)) - 2;; e++)
        for (int i = 0; i < 3; i++) {
            double step = steps[i] * pow(10, e), whole = fmax(floor(log10(fmax(most, 1))) + 1, 1);
            double digits = whole + (e < 0 ? 0.5 - e : 0) + (low < 0) + 1; /* a point, a sign, a blank */
            if (step * width_em >= range * digits * DIGIT_EM || step >= range) return step;
        }
}

void zsc_figure_size(zsc_figure *f, double height_by_content, double least_height)
{
    const zsc_figure_options *o = f->options;
    f->height = o->height > 0 && !is_dumb(o) ? o->height : height_by_content;
    f->least_height = least_height;
    if (is_dumb(o)) {
        size_t lines = (size_t)ceil(f->height / zsc_figure_line(o));
        if (lines < o->text_rows) lines = o->text_rows;
        f->height = (double)lines * zsc_figure_line(o);
        zsc_figure_set(f, "text_columns", "%zu", o->text_columns);
        zsc_figure_set(f, "text_rows", "%zu", lines);
    }
    zsc_figure_set(f, "width", "%.4f", zsc_figure_width(o));
    zsc_figure_set(f, "height", "%.4f", f->height);
}

void zsc_figure_drop(zsc_figure *f)
{
    free(f->text.data);
    *f = (zsc_figure){0};
}

static zsc_status write_data(const zsc_text *text, const char *path)
{
    zsc_atomic *file = NULL;
    zsc_status status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    fwrite(text->data, 1, text->length, zsc_atomic_stream(file));
    return zsc_atomic_commit(file);
}

static char *data_path(const char *output)
{
    const char *slash = strrchr(output, '/'), *dot = strrchr(output, '.');
    size_t length = dot && dot > (slash ? slash + 1 : output) ? (size_t)(dot - output) : strlen(output);
    return zsc_asprintf("%.*s.dat", (int)length, output);
}

/* Into a pipe or device, which has no folder for the data file. */
static zsc_status draw_to_device(const zsc_text *text, const char *script, const zsc_figure_options *o)
{
    char *folder = NULL, *data = NULL;
    zsc_status status = zsc_temporary_folder(&folder);
    if (status != ZSC_OK) return status;
    if (!(data = zsc_asprintf("%s/figure.dat", folder))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(write_data(text, data));
    status = zsc_gnuplot_run(script, data, o->output, o->format);
done:
    if (data) unlink(data);
    rmdir(folder);
    free(folder);
    free(data);
    return status;
}

zsc_status zsc_figure_files(const char *output, zsc_figure_format format, zsc_list *paths)
{
    char *data = data_path(output), *pdf = zsc_asprintf("%.*spdf", (int)(strlen(output) - strlen("tex")), output);
    zsc_status status = data && pdf ? zsc_list_add(paths, data) : ZSC_EINTERNAL;
    if (status == ZSC_OK && format == ZSC_FIGURE_TEX) status = zsc_list_add(paths, pdf);
    free(data);
    free(pdf);
    return status;
}

/* For the terminal: data and drawing are files of a temporary folder. */
static zsc_status draw_dumb(const zsc_text *text, const char *script, char **dumb)
{
    char *folder = NULL, *data = NULL, *drawing = NULL;
    zsc_status status = zsc_temporary_folder(&folder);
    if (status != ZSC_OK) return status;
    data = zsc_asprintf("%s/figure.dat", folder);
    drawing = zsc_asprintf("%s/figure.txt", folder);
    if (!data || !drawing) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(write_data(text, data));
    ZSC_TRY(zsc_gnuplot_run(script, data, drawing, ZSC_FIGURE_DUMB));
    ZSC_TRY(zsc_read_file(drawing, dumb, NULL));
done:
    if (data) unlink(data);
    if (drawing) unlink(drawing);
    rmdir(folder);
    free(folder);
    free(data);
    free(drawing);
    return status;
}

zsc_status zsc_figure_finish(zsc_figure *f, const char *kind, char **dumb)
{
    zsc_status status = ZSC_OK;
    char *script = NULL, *data = NULL;
    const zsc_figure_options *o = f->options;
    zsc_figure_block(f, "end");
    if (f->height < f->least_height - 0.005) {
        status = zsc_fail(ZSC_EINPUT,
                          "a figure of %.3g inches in height has no space for its text, which needs %.2f: set --height "
                          "%.2f or leave --height out",
                          f->height, ceil(100 * f->least_height) / 100, ceil(100 * f->least_height) / 100);
        goto done;
    }
    if (f->text.failed) {
        status = zsc_fail_memory(f->text.length, 1, "the data of a figure");
        goto done;
    }
    ZSC_TRY(zsc_gnuplot_script(kind, &script));
    if (o->format == ZSC_FIGURE_DUMB) {
        status = draw_dumb(&f->text, script, dumb);
        goto done;
    }
    if (!zsc_output_is_file(o->output)) {
        status = draw_to_device(&f->text, script, o);
        goto done;
    }
    if (!(data = data_path(o->output))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(write_data(&f->text, data));
    status = zsc_gnuplot_run(script, data, o->output, o->format);
done:
    free(script);
    free(data);
    zsc_figure_drop(f);
    return status;
}
