#include "io/h5/h5_variable.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/h5/h5_matlab.h"
#include "io/h5/h5_octave.h"

enum { DIGITS = 32 };
static const double exact = 9007199254740992.0; /* 2^53 */

void zsc_h5_variable_free(zsc_h5_variable *x)
{
    free(x->object);
    x->object = NULL;
}

const char *zsc_h5_variable_program(const zsc_h5_variable *x) { return x->octave ? "Octave" : "MATLAB"; }

/* The group of a variable of Octave that PATH names, or whose value it is; NULL: there is none, or no memory. */
static char *octave_group(zsc_h5 *file, const char *path)
{
    static const char value[] = "/value";
    size_t length = strlen(path), end = sizeof value - 1;
    char *group = zsc_strdup(path);
    if (group && zsc_h5_is_octave(file, group)) return group;
    if (group && length > end && strcmp(path + length - end, value) == 0) {
        group[length - end] = '\0';
        if (zsc_h5_is_octave(file, group)) return group;
    }
    free(group);
    return NULL;
}

zsc_status zsc_h5_variable_find(zsc_h5 *file, const char *path, zsc_h5_variable *out)
{
    zsc_status status = ZSC_OK;
    char *class = NULL, *group = octave_group(file, path);
    *out = (zsc_h5_variable){.octave = group != NULL};
    if (group) {
        status = zsc_h5_octave_describe(file, group, &out->object, out->class, &out->info);
        goto done;
    }
    ZSC_TRY(zsc_h5_stat(file, path, &out->info));
    if (!(out->object = zsc_strdup(path))) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_h5_get_text(file, path, "MATLAB_class", "", &class));
    snprintf(out->class, sizeof out->class, "%s", class);
done:
    free(group);
    free(class);
    return status;
}

bool zsc_h5_variable_is_text(const zsc_h5_variable *x)
{
    return strcmp(x->class, "char") == 0 || strcmp(x->class, "cell") == 0;
}

static bool is_number(const zsc_h5_variable *x)
{
    return *x->class && !zsc_h5_variable_is_text(x) && !zsc_h5_variable_conversion(x) && !x->info.is_group &&
           x->info.rank == 2 && (x->info.type == ZSC_H5_FLOAT || x->info.type == ZSC_H5_INTEGER);
}

bool zsc_h5_variable_is_matrix(const zsc_h5_variable *x)
{
    return is_number(x) && x->info.shape[0] > 1 && x->info.shape[1] > 1 && strcmp(x->class, "logical") != 0;
}

bool zsc_h5_variable_is_vector(const zsc_h5_variable *x)
{
    return is_number(x) && (x->info.shape[0] == 1 || x->info.shape[1] == 1);
}

const char *zsc_h5_variable_conversion(const zsc_h5_variable *x)
{
    static const struct {
        const char *class, *line;
    } objects[] = {
        {"string", "x = cellstr(x)"},   {"categorical", "x = cellstr(x)"},
        {"datetime", "x = cellstr(x)"}, {"table", "writetable(x, 'x.csv')"},
        {"range", "x = x(:)"},          {"timetable", "writetimetable(x, 'x.csv')"},
    };
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (strcmp(objects[i].class, x->class) == 0) return objects[i].line;
    return NULL;
}

size_t zsc_h5_variable_length(const zsc_h5_variable *x)
{
    if (x->info.rank != 2) return SIZE_MAX;
    if (strcmp(x->class, "char") == 0) return x->info.shape[1];
    size_t rows = x->info.shape[0], columns = x->info.shape[1];
    return rows <= 1 || columns <= 1 ? rows * columns : SIZE_MAX;
}

static zsc_status read_numbers(zsc_h5 *file, const zsc_h5_variable *x, bool labels, zsc_list *out)
{
    zsc_status status = ZSC_OK;
    size_t count = x->info.shape[0] * x->info.shape[1];
    double *value = NULL;
    ZSC_NEW_RAW(value, count);
    ZSC_TRY(zsc_h5_read(file, x->object, ZSC_H5_F64, 2, x->info.shape, value));
    for (size_t i = 0; i < count; i++) {
        char text[DIGITS] = "";
        bool missing = isnan(value[i]) || (labels && value[i] == -1);
        if (!missing && (value[i] != trunc(value[i]) || fabs(value[i]) > exact)) {
            status = zsc_fail(ZSC_EINPUT,
                              "'%s:%s': element %zu is %.9g, expected a whole number up to 2^53, since it names a %s",
                              zsc_h5_path(file), x->object, i + 1, value[i], labels ? "class" : "row");
            goto done;
        }
        if (!missing) snprintf(text, sizeof text, "%.0f", value[i] + 0.0);
        ZSC_TRY(zsc_list_add(out, text));
    }
done:
    free(value);
    return status;
}

zsc_status zsc_h5_variable_texts(zsc_h5 *file, const zsc_h5_variable *x, bool labels, char ***out)
{
    zsc_status status = ZSC_OK;
    zsc_list texts = {0};
    const char *program = zsc_h5_variable_program(x), *line = zsc_h5_variable_conversion(x);
    if (line)
        return zsc_fail(ZSC_EINPUT,
                        "'%s:%s' is a %s of %s, which is kept in a form of %s's own; in %s: %s, and save it again",
                        zsc_h5_path(file), x->object, x->class, program, program, program, line);
    if (!zsc_h5_variable_is_text(x) && !zsc_h5_variable_is_vector(x))
        return zsc_fail(ZSC_EINPUT, "'%s:%s' is a %s of %s, expected a cell array of texts, char or whole numbers",
                        zsc_h5_path(file), x->object, x->class, program);
    ZSC_TRY(!zsc_h5_variable_is_text(x) ? read_numbers(file, x, labels, &texts)
            : x->octave                 ? zsc_h5_octave_texts(file, x->object, x->class, &x->info, &texts)
                                        : zsc_h5_matlab_texts(file, x->object, x->class, &texts));
    status = zsc_strings_copy(texts.item, texts.count, out);
done:
    zsc_list_free(&texts);
    return status;
}
