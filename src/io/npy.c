/* Reading and writing .npy.
 *
 * A file is "\x93NUMPY", two bytes of version, the header's length (two bytes, little-endian; four from version 2 on),
 * a Python dict literal such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }, and the elements. */
#include "io/npy.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/files/atomic.h"
#include "io/half.h"
#include "io/text/number_width.h"
#include "io/labels/label_codes.h"

enum { LONGEST_HEADER = 1 << 16, BLOCK = 1 << 18 };

static zsc_status not_npy(const char *name) { return zsc_fail(ZSC_EINPUT, "'%s' is not a NumPy array (.npy)", name); }
static zsc_status cut_short(const char *name)
{
    return zsc_fail(ZSC_EINPUT, "'%s' is truncated: it has fewer bytes than its shape asks for", name);
}

/* --- Header */
/* What follows KEY and its colon in the dict, or NULL. Of a key that comes twice, the last counts, as in Python. */
static const char *value_of(const char *dict, const char *key)
{
    const char *found = NULL;
    for (const char *p = dict; (p = strstr(p, key)); p++) {
        char quote = p > dict ? p[-1] : '\0';
        const char *after = p + strlen(key);
        if ((quote != '\'' && quote != '"') || *after != quote) continue;
        for (after++; *after == ' '; after++) continue;
        if (*after != ':') continue;
        for (after++; *after == ' '; after++) continue;
        found = after;
    }
    return found;
}

static zsc_status parse_type(const char *text, const char *name, zsc_npy *out)
{
    bool little = true;
    const uint16_t one = 1;
    unsigned char first_byte;
    memcpy(&first_byte, &one, 1);
    if (*text == '[' || *text == '(')
        return zsc_fail(ZSC_EINPUT, "'%s' is a structured array, expected an array of one type", name);
    if (*text != '\'' && *text != '"') return not_npy(name);
    text++;
    if (*text == '<' || *text == '>' || *text == '|' || *text == '=') {
        little = *text == '=' ? first_byte == 1 : *text != '>';
        text++;
    }
    out->kind = *text;
    char *end = NULL;
    unsigned long size = isdigit((unsigned char)text[1]) ? strtoul(text + 1, &end, 10) : 0;
    if (out->kind == 'O')
        return zsc_fail(ZSC_EINPUT,
                        "'%s' is an array of Python objects (a pickle), which zsc never loads: save it as numbers "
                        "or strings",
                        name);
    /* NumPy's longdouble is C's, on the machine that wrote it; a file says no more than its size */
    bool extended = out->kind == 'f' && size == sizeof(long double) && size == 16 && little == (first_byte == 1);
    bool number = (out->kind == 'f' && (size == 2 || size == 4 || size == 8 || extended)) ||
                  ((out->kind == 'i' || out->kind == 'u') && (size == 1 || size == 2 || size == 4 || size == 8)) ||
                  (out->kind == 'b' && size == 1);
    bool string = (out->kind == 'S' || out->kind == 'U') && size < 1 << 20;
    if (!end || (!number && !string))
        return zsc_fail(ZSC_EINPUT, "'%s' has elements of type %.*s, expected floats, integers or strings", name,
                        (int)strcspn(text, "'\""), text);
    out->size = out->kind == 'U' ? 4 * size : size;
    out->swap = little != (first_byte == 1);
    const char *const words[] = {"float", "int", "uint", "bool", "bytes", "text"};
    const char *word = words[strchr("fiubSU", out->kind) - "fiubSU"];
    snprintf(out->type_name, sizeof out->type_name, "%s%lu%s", word, number ? 8 * size : size,
             little || size == 1 ? "" : " big-endian");
    return ZSC_OK;
}

static zsc_status parse_shape(const char *text, const char *name, zsc_npy *out)
{
    if (*text++ != '(') return not_npy(name);
    for (;;) {
        while (*text == ' ' || *text == ',') text++;
        if (*text == ')') break;
        if (!isdigit((unsigned char)*text)) return not_npy(name);
        char *end;
        unsigned long long extent = strtoull(text, &end, 10);
        if (out->rank == 8) return zsc_fail(ZSC_EINPUT, "'%s' has more than 8 dimensions", name);
        out->shape[out->rank++] = (size_t)extent;
        text = end + (*end == 'L'); /* Python 2 */
    }
    size_t elements = out->size ? out->size : 1;
    for (int i = 0; i < out->rank; i++)
        if (__builtin_mul_overflow(elements, out->shape[i] ? out->shape[i] : 1, &elements) || elements > SIZE_MAX / 16)
            return zsc_fail(ZSC_EINPUT, "'%s' is damaged: its shape is impossibly large", name);
    return ZSC_OK;
}

static zsc_status read_exactly(zsc_source *source, const char *name, void *buffer, size_t size)
{
    size_t got = 0;
    zsc_status status = zsc_source_read(source, buffer, size, &got);
    return status != ZSC_OK ? status : got < size ? cut_short(name) : ZSC_OK;
}

/* OTHER: NULL where an array of another type is an error. */
static zsc_status read_header(zsc_source *source, const char *name, zsc_npy *out, bool *other)
{
    zsc_status status = ZSC_OK;
    unsigned char start[8], length_bytes[4] = {0};
    char *dict = NULL;
    zsc_npy array = {0};
    size_t got = 0;
    ZSC_TRY(zsc_source_read(source, start, sizeof start, &got));
    if (got < sizeof start || memcmp(start, "\x93NUMPY", 6) != 0 || start[6] < 1 || start[6] > 3) {
        status = not_npy(name);
        goto done;
    }
    ZSC_TRY(read_exactly(source, name, length_bytes, start[6] == 1 ? 2 : 4));
    size_t length = length_bytes[0] | (size_t)length_bytes[1] << 8 | (size_t)length_bytes[2] << 16 |
                    (size_t)length_bytes[3] << 24;
    if (length > LONGEST_HEADER) {
        status = zsc_fail(ZSC_EINPUT, "'%s' is damaged: a header of %zu bytes", name, length);
        goto done;
    }
    ZSC_NEW(dict, length + 1);
    ZSC_TRY(read_exactly(source, name, dict, length));
    const char *type = value_of(dict, "descr"), *order = value_of(dict, "fortran_order"),
               *shape = value_of(dict, "shape");
    if (!type || !order || !shape || (*order != 'T' && *order != 'F')) {
        status = not_npy(name);
        goto done;
    }
    array.fortran = *order == 'T';
    status = parse_type(type, name, &array);
    if (status == ZSC_EINPUT && other) {
        *other = true;
        zsc_error_clear();
        status = ZSC_OK;
        goto done;
    }
    ZSC_TRY(status);
    ZSC_TRY(parse_shape(shape, name, &array));
    size_t bytes = array.size, whole = zsc_source_size(source);
    for (int i = 0; i < array.rank; i++) bytes *= array.shape[i];
    if (whole != SIZE_MAX && bytes > whole) {
        status = cut_short(name);
        goto done;
    }
    *out = array;
done:
    free(dict);
    return status;
}

zsc_status zsc_npy_header(zsc_source *source, const char *name, zsc_npy *out)
{
    return read_header(source, name, out, NULL);
}

zsc_status zsc_npy_header_of_any(zsc_source *source, const char *name, zsc_npy *out, bool *other)
{
    *other = false;
    return read_header(source, name, out, other);
}

/* --- Elements */
static void swap_bytes(unsigned char *data, size_t count, size_t size)
{
    for (size_t i = 0; i < count; i++, data += size)
        for (size_t a = 0, b = size - 1; a < b; a++, b--) {
            unsigned char held = data[a];
            data[a] = data[b];
            data[b] = held;
        }
}

static double to_real(const zsc_npy *array, const unsigned char *element)
{
    if (array->kind == 'f' && array->size == 4) {
        float value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    if (array->kind == 'f' && array->size == 8) {
        double value;
        memcpy(&value, element, sizeof value);
        return value;
    }
    if (array->kind == 'f' && array->size == sizeof(long double)) {
        long double value;
        memcpy(&value, element, sizeof value);
        return (double)value;
    }
    if (array->kind == 'f') {
        uint16_t value;
        memcpy(&value, element, sizeof value);
        return zsc_half_to_float(value);
    }
    return 0;
}

static int64_t to_integer(const zsc_npy *array, const unsigned char *element)
{
    uint64_t value = 0;
    uint8_t one;
    uint16_t two;
    uint32_t four;
    switch (array->size) {
    case 1: memcpy(&one, element, 1), value = one; break;
    case 2: memcpy(&two, element, 2), value = two; break;
    case 4: memcpy(&four, element, 4), value = four; break;
    default: memcpy(&value, element, 8);
    }
    if (array->kind == 'i' && array->size < 8) { /* extend the sign */
        uint64_t sign = UINT64_C(1) << (8 * array->size - 1);
        value = (value ^ sign) - sign;
    }
    return (int64_t)value;
}

/* Where elements go. */
typedef struct sink {
    const zsc_npy *array;
    float *floats; /* one of the three is set */
    double *doubles;
    int64_t *integers;
    size_t n, d;
    bool too_large;
    double beyond; /* a finite number that is beyond floats, and goes into them; 0: there is none */
} sink;

static void take(sink *s, const unsigned char *block, size_t first, size_t count)
{
    bool real = s->array->kind == 'f';
    for (size_t i = 0; i < count; i++) {
        const unsigned char *element = block + i * s->array->size;
        size_t at = first + i;
        if (s->array->fortran && s->d > 1) at = at % s->n * s->d + at / s->n;
        if (s->integers) {
            s->integers[at] = to_integer(s->array, element);
            if (s->array->kind == 'u' && s->integers[at] < 0) s->too_large = true;
        } else {
            int64_t integer = real ? 0 : to_integer(s->array, element);
            double value = real                    ? to_real(s->array, element)
                           : s->array->kind == 'u' ? (double)(uint64_t)integer
                                                   : (double)integer;
            if (s->doubles)
                s->doubles[at] = value;
            else
                s->floats[at] = (float)value;
            if (s->floats && isinf(s->floats[at]) && !isinf(value)) s->beyond = value;
        }
    }
}

static zsc_status read_elements(zsc_source *source, const char *name, sink *s)
{
    zsc_status status = ZSC_OK;
    unsigned char *block = NULL;
    size_t size = s->array->size, piece = BLOCK / size, elements = s->n * s->d;
    ZSC_NEW_RAW(block, BLOCK);
    for (size_t i = 0; i < elements; i += piece) {
        size_t count = elements - i < piece ? elements - i : piece;
        ZSC_TRY(read_exactly(source, name, block, count * size));
        if (s->array->swap) swap_bytes(block, count, size);
        take(s, block, i, count);
    }
    status = zsc_source_end(source, "its array");
done:
    free(block);
    return status;
}

/* Checks that the array is a matrix of numbers. */
static zsc_status check_matrix(const char *name, const zsc_npy *array, size_t *n, size_t *d)
{
    if (array->kind == 'S' || array->kind == 'U')
        return zsc_fail(ZSC_EINPUT, "'%s' holds %s, expected numbers", name, array->type_name);
    if (array->rank != 1 && array->rank != 2)
        return zsc_fail(ZSC_EINPUT, "'%s' has %d dimensions, expected rows and columns", name, array->rank);
    *n = array->shape[0];
    *d = array->rank == 2 ? array->shape[1] : 1;
    if (*n > 0 && *d == 0) return zsc_fail(ZSC_EINPUT, "'%s' has no columns, and %zu rows", name, *n);
    return ZSC_OK;
}

/* Into s->floats, or into s->doubles where `wide`. */
static zsc_status read_matrix(zsc_source *source, const char *name, const zsc_npy *array, bool wide, sink *s)
{
    *s = (sink){.array = array};
    zsc_status status = check_matrix(name, array, &s->n, &s->d);
    if (status != ZSC_OK) return status;
    /* Packed data do not tell their size beforehand: the header's word is not taken for more than the machine has. */
    size_t bytes;
    if (__builtin_mul_overflow(s->n * s->d, wide ? sizeof *s->doubles : sizeof *s->floats, &bytes)) bytes = SIZE_MAX;
    if (zsc_memory_check(NULL, bytes, "the array that it announces") != ZSC_OK)
        return zsc_context(ZSC_EINPUT, "'%s'", name);
    if (wide)
        ZSC_NEW_RAW(s->doubles, s->n * s->d);
    else
        ZSC_NEW_RAW(s->floats, s->n * s->d);
    status = read_elements(source, name, s);
done:
    if (status != ZSC_OK) {
        free(s->floats);
        free(s->doubles);
    }
    return status;
}

zsc_status zsc_npy_find_rows(zsc_source *source, const char *name, const zsc_npy *array, zsc_npy_rows *out)
{
    *out = (zsc_npy_rows){
        .array = *array, .wide = zsc_is_wide(array->kind == 'f', array->size), .offset = zsc_source_plain(source)};
    zsc_status status = check_matrix(name, array, &out->n, &out->d);
    if (status != ZSC_OK) return status;
    bool fortran = array->fortran && out->d > 1 && out->n > 1;
    if (fortran || out->offset == SIZE_MAX) return ZSC_OK;
    size_t end = out->offset + out->n * out->d * array->size, whole = zsc_source_size(source);
    if (end > whole) return cut_short(name);
    if (end < whole)
        return zsc_fail(ZSC_EINPUT,
                        "'%s' goes on after its array, expected its end: it is damaged, or two files were "
                        "joined",
                        name);
    out->in_place = true;
    return ZSC_OK;
}

zsc_status zsc_npy_rows_read(const zsc_source *source, const zsc_npy_rows *rows, size_t first, size_t count, void *out)
{
    zsc_status status = ZSC_OK;
    unsigned char *block = NULL;
    size_t size = rows->array.size, piece = BLOCK / size, elements = count * rows->d;
    size_t offset = rows->offset + first * rows->d * size;
    sink s = {.array = &rows->array, .n = count, .d = rows->d};
    if (rows->wide)
        s.doubles = out;
    else
        s.floats = out;
    bool as_it_is = !rows->array.swap && rows->array.kind == 'f' &&
                    size == (rows->wide ? sizeof(double) : sizeof(float));
    if (as_it_is) return zsc_source_read_at(source, offset, out, elements * size);
    ZSC_NEW_RAW(block, BLOCK);
    for (size_t i = 0; i < elements; i += piece) {
        size_t some = elements - i < piece ? elements - i : piece;
        ZSC_TRY(zsc_source_read_at(source, offset + i * size, block, some * size));
        if (rows->array.swap) swap_bytes(block, some, size);
        take(&s, block, i, some);
    }
done:
    free(block);
    return status;
}

zsc_status zsc_npy_read_numbers(zsc_source *source, const char *name, const zsc_npy *array, zsc_npy_numbers *out)
{
    sink s;
    zsc_status status = read_matrix(source, name, array, zsc_is_wide(array->kind == 'f', array->size), &s);
    if (status == ZSC_OK) *out = (zsc_npy_numbers){s.floats, s.doubles, s.n, s.d};
    return status;
}

static zsc_status check_list(const char *name, const zsc_npy *array)
{
    if (array->rank == 1 || (array->rank == 2 && array->shape[1] == 1)) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "'%s' has %d dimensions, expected one", name, array->rank);
}

zsc_status zsc_npy_integers(zsc_source *source, const char *name, const zsc_npy *array, int64_t **data, size_t *n)
{
    zsc_status status = ZSC_OK;
    sink s = {.array = array, .d = 1};
    if (!strchr("iub", array->kind))
        return zsc_fail(ZSC_EINPUT, "'%s' holds %s, expected integers", name, array->type_name);
    ZSC_TRY(check_list(name, array));
    s.n = array->shape[0];
    ZSC_NEW_RAW(s.integers, s.n);
    ZSC_TRY(read_elements(source, name, &s));
    if (s.too_large) {
        status = zsc_fail(ZSC_EINPUT, "'%s' holds integers above 2^63", name);
        goto done;
    }
    *data = s.integers;
    *n = s.n;
    s.integers = NULL;
done:
    free(s.integers);
    return status;
}

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) return out[0] = (char)c, 1;
    if (c < 0x800) return out[0] = (char)(0xc0 | c >> 6), out[1] = (char)(0x80 | (c & 63)), 2;
    if (c < 0x10000)
        return out[0] = (char)(0xe0 | c >> 12), out[1] = (char)(0x80 | (c >> 6 & 63)), out[2] = (char)(0x80 | (c & 63)),
               3;
    out[0] = (char)(0xf0 | c >> 18), out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63)), out[3] = (char)(0x80 | (c & 63));
    return 4;
}

/* Whether a zero stands before the last letter: NumPy fills up with zeros, and a name would be cut at the first. */
static bool has_inner_zero(const zsc_npy *array, const unsigned char *element)
{
    size_t unit = array->kind == 'S' ? 1 : 4;
    bool zero = false;
    for (size_t i = 0; i < array->size; i += unit) {
        bool empty = true;
        for (size_t b = 0; b < unit; b++) empty = empty && element[i + b] == 0;
        if (zero && !empty) return true;
        zero = zero || empty;
    }
    return false;
}

/* One element to letters at OUT, zero-terminated; their count. */
static size_t decode(const zsc_npy *array, const unsigned char *element, char *out)
{
    size_t length = 0;
    if (array->kind == 'S') {
        length = strnlen((const char *)element, array->size);
        memcpy(out, element, length);
    } else {
        for (size_t i = 0; i < array->size / 4; i++) {
            uint32_t c;
            memcpy(&c, element + 4 * i, 4);
            if (c == 0) break;
            length += put_utf8(out + length, c > 0x10ffff ? 0xfffd : c);
        }
    }
    out[length] = '\0';
    return length;
}

zsc_status zsc_npy_strings(zsc_source *source, const char *name, const zsc_npy *array, char ***data, size_t *n)
{
    zsc_status status = ZSC_OK;
    unsigned char *element = NULL;
    char **strings = NULL, *letters = NULL;
    size_t used = 0, capacity = 0, *offset = NULL, count = 0;
    if (array->kind != 'S' && array->kind != 'U')
        return zsc_fail(ZSC_EINPUT, "'%s' holds %s, expected strings", name, array->type_name);
    ZSC_TRY(check_list(name, array));
    count = array->shape[0];
    if (array->size == 0 && count > 0) { /* no byte of the file stands for them: there could be any number */
        status = zsc_fail(ZSC_EINPUT, "'%s' holds %zu strings of no letters, expected one letter or more", name, count);
        goto done;
    }
    ZSC_NEW(element, array->size + 1);
    ZSC_NEW(offset, count);
    for (size_t i = 0; i < count; i++) {
        ZSC_TRY(read_exactly(source, name, element, array->size));
        if (array->swap && array->kind == 'U') swap_bytes(element, array->size / 4, 4);
        if (has_inner_zero(array, element)) {
            status = zsc_fail(ZSC_EINPUT, "'%s': row %zu holds a zero byte within its text", name, i + 1);
            goto done;
        }
        ZSC_TRY(zsc_grow(&letters, &capacity, used + array->size + 1, 1, "strings"));
        offset[i] = used;
        used += decode(array, element, letters + used) + 1;
    }
    ZSC_TRY(zsc_source_end(source, "its array"));
    if (!(strings = malloc(count * sizeof *strings + used + 1))) {
        status = zsc_fail_memory(count, sizeof *strings, "strings");
        goto done;
    }
    if (used) memcpy(strings + count, letters, used);
    for (size_t i = 0; i < count; i++) strings[i] = (char *)(strings + count) + offset[i];
    *data = strings;
    *n = count;
done:
    free(element);
    free(letters);
    free(offset);
    return status;
}

/* --- Files */
zsc_status zsc_npy_read_f32(const char *path, float **data, size_t *n, size_t *d)
{
    zsc_status status = ZSC_OK;
    zsc_source *source = NULL;
    zsc_npy array;
    sink s;
    ZSC_TRY(zsc_source_open(path, &source));
    ZSC_TRY(zsc_npy_header(source, path, &array));
    ZSC_TRY(read_matrix(source, path, &array, false, &s));
    if (s.beyond != 0) {
        free(s.floats);
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' holds numbers beyond single precision, such as %.3g; divide it by a constant", path,
                          s.beyond);
        goto done;
    }
    *data = s.floats;
    *n = s.n;
    *d = s.d;
done:
    zsc_source_close(source);
    return status;
}

zsc_status zsc_npy_read_f64(const char *path, double **data, size_t *n, size_t *d)
{
    zsc_status status = ZSC_OK;
    zsc_source *source = NULL;
    zsc_npy array;
    sink s;
    ZSC_TRY(zsc_source_open(path, &source));
    ZSC_TRY(zsc_npy_header(source, path, &array));
    ZSC_TRY(read_matrix(source, path, &array, true, &s));
    *data = s.doubles;
    *n = s.n;
    *d = s.d;
done:
    zsc_source_close(source);
    return status;
}

static zsc_status narrow(const char *path, const int64_t *wide, size_t n, int32_t *out)
{
    for (size_t i = 0; i < n; i++) {
        if (wide[i] > INT32_MAX || wide[i] < INT32_MIN)
            return zsc_fail(ZSC_EINPUT, "'%s': label %lld of row %zu is beyond 32 bits", path, (long long)wide[i],
                            i + 1);
        out[i] = (int32_t)wide[i];
    }
    return ZSC_OK;
}

zsc_status zsc_npy_labels(zsc_source *source, const char *name, const zsc_npy *array, const zsc_missing_labels *missing,
                          int32_t **data, size_t *n, bool *text)
{
    zsc_status status = ZSC_OK;
    char **strings = NULL;
    int64_t *wide = NULL;
    int32_t *labels = NULL;
    size_t count = 0;
    bool names = array->kind == 'S' || array->kind == 'U';
    ZSC_TRY(names ? zsc_npy_strings(source, name, array, &strings, &count)
                  : zsc_npy_integers(source, name, array, &wide, &count));
    ZSC_NEW_RAW(labels, count);
    ZSC_TRY(names ? zsc_label_codes(strings, count, missing, labels) : narrow(name, wide, count, labels));
    if (text) *text = names;
    *data = labels;
    *n = count;
    labels = NULL;
done:
    free(strings);
    free(wide);
    free(labels);
    return status;
}

zsc_status zsc_npy_read_labels(const char *path, const zsc_missing_labels *missing, int32_t **data, size_t *n,
                               bool *text)
{
    zsc_source *source = NULL;
    zsc_npy array;
    zsc_status status = zsc_source_open(path, &source);
    if (status == ZSC_OK) status = zsc_npy_header(source, path, &array);
    if (status == ZSC_OK) status = zsc_npy_labels(source, path, &array, missing, data, n, text);
    zsc_source_close(source);
    return status;
}

/* --- Writing */
size_t zsc_npy_make_header(char kind, size_t size, size_t n, size_t d, char header[ZSC_NPY_HEADER])
{
    char shape[64];
    const uint16_t one = 1;
    unsigned char first_byte;
    memcpy(&first_byte, &one, 1);
    snprintf(shape, sizeof shape, d == SIZE_MAX ? "(%zu,)" : "(%zu, %zu)", n, d);
    memset(header, 0, ZSC_NPY_HEADER);
    memcpy(header, "\x93NUMPY\x01", 7);
    size_t used = 10; /* before the text: the mark, the version, the text's length */
    used += (size_t)snprintf(header + used, ZSC_NPY_HEADER - used,
                             "{'descr': '%c%c%zu', 'fortran_order': False, 'shape': %s, }", first_byte ? '<' : '>',
                             kind, size, shape);
    size_t total = (used + 1 + 63) / 64 * 64; /* with a line end; the data is aligned */
    memset(header + used, ' ', total - used);
    header[8] = (char)((total - 10) & 255);
    header[9] = (char)((total - 10) >> 8);
    header[total - 1] = '\n';
    return total;
}

static zsc_status write_array(const char *path, char kind, size_t size, const void *data, size_t n, size_t d)
{
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    char header[ZSC_NPY_HEADER];
    size_t total = zsc_npy_make_header(kind, size, n, d, header);
    ZSC_TRY(zsc_atomic_open(path, &file));
    FILE *stream = zsc_atomic_stream(file);
    fwrite(header, 1, total, stream);
    fwrite(data, size, d == SIZE_MAX ? n : n * d, stream);
    status = zsc_atomic_commit(file); /* sees what went wrong above */
done:
    return status;
}

zsc_status zsc_npy_write_f32(const char *path, const float *data, size_t n, size_t d)
{
    return write_array(path, 'f', sizeof *data, data, n, d);
}

zsc_status zsc_npy_write_f64(const char *path, const double *data, size_t n, size_t d)
{
    return write_array(path, 'f', sizeof *data, data, n, d);
}

zsc_status zsc_npy_write_i32(const char *path, const int32_t *data, size_t n)
{
    return write_array(path, 'i', sizeof *data, data, n, SIZE_MAX);
}

zsc_status zsc_npy_write_i32_rows(const char *path, const int32_t *data, size_t n, size_t d)
{
    return write_array(path, 'i', sizeof *data, data, n, d);
}
