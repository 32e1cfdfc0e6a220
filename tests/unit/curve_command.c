/* zsc curve on files: what it prints and writes equals zsc_ami_curve; labels of the file itself, of another file
 * matched by id, of a CSV column, of a .npy; and a sentence for each file that does not fit. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "io/h5/h5.h"
#include "io/npy.h"
#include "zsc/metrics.h"
#include "zsc/ward.h"

enum { ROWS = 300, NAME = 24 };

static struct {
    char folder[64];
    double z[4 * (ROWS - 1)];
    int32_t coarse[ROWS], fine[ROWS];
    char id[ROWS][NAME], coarse_name[ROWS][NAME], fine_name[ROWS][NAME];
} data;

static const char *const *pointers(char (*names)[NAME])
{
    static const char *list[ROWS];
    for (size_t i = 0; i < ROWS; i++) list[i] = names[i];
    return list;
}

static char *in_folder(const char *name)
{
    static char path[4][256];
    static size_t next;
    char *p = path[next++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", data.folder, name);
    return p;
}

static void make_data(void)
{
    static float x[ROWS * 2];
    for (size_t i = 0; i < ROWS; i++) {
        zsc_stream r = zsc_stream_open(1, ZSC_RANDOM_TEST, i);
        data.fine[i] = i % 29 == 0 ? -1 : (int32_t)(i % 20);
        data.coarse[i] = (int32_t)(i % 20 / 5);
        for (size_t j = 0; j < 2; j++)
            x[2 * i + j] = (float)(10 * (double)(data.coarse[i] * (int32_t)(j + 1)) + 2 * (double)(i % 20) +
                                   zsc_stream_normal(&r));
        snprintf(data.id[i], NAME, "row%zu", i);
        snprintf(data.coarse_name[i], NAME, "order%d", data.coarse[i]);
        if (data.fine[i] >= 0) snprintf(data.fine_name[i], NAME, "species%d", data.fine[i]);
    }
    assert_int_equal(zsc_linkage(x, ROWS, 2, ZSC_WARD, NULL, data.z, NULL), ZSC_OK);
}

static int make_files(void **state)
{
    (void)state;
    snprintf(data.folder, sizeof data.folder, "/tmp/zsc-curve-XXXXXX");
    if (!mkdtemp(data.folder)) return 1;
    make_data();
    zsc_h5 *file = NULL;
    assert_int_equal(zsc_h5_create(in_folder("whole.h5"), &file), ZSC_OK);
    assert_int_equal(zsc_h5_write(file, "/linkage", ZSC_H5_F64, 2, (const size_t[]){ROWS - 1, 4}, data.z), ZSC_OK);
    assert_int_equal(zsc_h5_write_strings(file, "/id", pointers(data.id), ROWS), ZSC_OK);
    assert_int_equal(zsc_h5_write_strings(file, "/labels/species", pointers(data.fine_name), ROWS), ZSC_OK);
    assert_int_equal(zsc_h5_write_strings(file, "/labels/order", pointers(data.coarse_name), ROWS), ZSC_OK);
    assert_int_equal(zsc_h5_commit(file), ZSC_OK);
    assert_int_equal(zsc_h5_create(in_folder("bare.h5"), &file), ZSC_OK);
    assert_int_equal(zsc_h5_write(file, "/linkage", ZSC_H5_F64, 2, (const size_t[]){ROWS - 1, 4}, data.z), ZSC_OK);
    assert_int_equal(zsc_h5_commit(file), ZSC_OK);
    assert_int_equal(zsc_npy_write_i32(in_folder("fine.npy"), data.fine, ROWS), ZSC_OK);
    assert_int_equal(zsc_npy_write_i32(in_folder("short.npy"), data.fine, ROWS - 1), ZSC_OK);
    FILE *csv = fopen(in_folder("meta.csv"), "w"); /* backwards, and one row more */
    if (!csv) return 1;
    fprintf(csv, "processid,order,species\nnobody,order9,species99\n");
    for (size_t i = ROWS; i-- > 0;) fprintf(csv, "%s,%s,%s\n", data.id[i], data.coarse_name[i], data.fine_name[i]);
    return fclose(csv);
}

static int remove_files(void **state)
{
    (void)state;
    static const char *const names[] = {"whole.h5", "bare.h5", "fine.npy", "short.npy",
                                        "meta.csv", "out.csv", "out.h5"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) unlink(in_folder(names[i]));
    return rmdir(data.folder);
}

/* Runs zsc curve in the folder; what it printed, both streams, into OUT; the exit status. */
static int curve(const char *arguments, char *out, size_t size)
{
    char command[1024];
    const char *program = getenv("ZSC");
    if (!program) fail_msg("ZSC does not name the program");
    snprintf(command, sizeof command, "cd '%s' && '%s' curve -q %s 2>&1", data.folder, program, arguments);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t got = fread(out, 1, size - 1, pipe);
    out[got] = '\0';
    int code = pclose(pipe);
    return WIFEXITED(code) ? WEXITSTATUS(code) : -1;
}

/* The shortest of three texts that reads back. */
static const char *shortest(double value, char text[32])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    return text;
}

static void expected_line(const char *rank, const int32_t *labels, zsc_missing missing, char *line, size_t size)
{
    zsc_curve c;
    assert_int_equal(zsc_ami_curve(data.z, ROWS, labels, missing, NULL, &c), ZSC_OK);
    char ami[32], best[32];
    snprintf(line, size, "%s,%zu,%zu,%zu,%s,%zu,%s\n", rank, c.rows, c.missing, c.classes,
             shortest(c.ami[c.classes - 1], ami), c.best_clusters, shortest(c.best_ami, best));
    zsc_curve_free(&c);
}

static void expect(const char *arguments, const char *expected)
{
    char out[4096];
    if (curve(arguments, out, sizeof out) != 0) fail_msg("zsc curve %s: %s", arguments, out);
    const char *lines = strchr(out, '\n');
    assert_non_null(lines);
    assert_string_equal(lines + 1, expected);
}

static void test_summary(void **state)
{
    (void)state;
    char order[256], species[256], other[256], both[600];
    expected_line("order", data.coarse, ZSC_MISSING_DROP, order, sizeof order);
    expected_line("species", data.fine, ZSC_MISSING_DROP, species, sizeof species);
    snprintf(both, sizeof both, "%s%s", order, species);
    expect("--format csv whole.h5", both);
    expect("--format csv -t 3 whole.h5", both);
    expect("--format csv --ranks species whole.h5", species);
    expect("--format csv -l meta.csv:order -l meta.csv:species whole.h5", both);
    expect("--format csv -l whole.h5:/labels/species whole.h5", species);
    expected_line("fine.npy", data.fine, ZSC_MISSING_DROP, other, sizeof other);
    expect("--format csv -l fine.npy bare.h5", other);
    expected_line("species", data.fine, ZSC_MISSING_CLASS, other, sizeof other);
    expect("--format csv --missing class --ranks species whole.h5", other);
}

static void test_curves_as_hdf5(void **state)
{
    (void)state;
    char out[4096];
    static double found[ROWS];
    zsc_curve c;
    zsc_h5 *file = NULL;
    assert_int_equal(curve("whole.h5 -o out.h5", out, sizeof out), 0);
    assert_int_equal(zsc_ami_curve(data.z, ROWS, data.fine, ZSC_MISSING_DROP, NULL, &c), ZSC_OK);
    assert_int_equal(zsc_h5_open(in_folder("out.h5"), &file), ZSC_OK);
    assert_int_equal(zsc_h5_read(file, "/curve/species", ZSC_H5_F64, 1, (const size_t[]){ROWS}, found), ZSC_OK);
    assert_memory_equal(found, c.ami, sizeof found);
    int64_t best;
    assert_int_equal(zsc_h5_get_int(file, "/curve/species", "best_clusters", 0, &best), ZSC_OK);
    assert_int_equal(best, c.best_clusters);
    zsc_h5_close(file);
    zsc_curve_free(&c);
}

static void test_curves_as_csv(void **state)
{
    (void)state;
    char line[4096];
    zsc_curve order, species;
    assert_int_equal(curve("whole.h5 -o out.csv", line, sizeof line), 0);
    assert_int_equal(zsc_ami_curve(data.z, ROWS, data.coarse, ZSC_MISSING_DROP, NULL, &order), ZSC_OK);
    assert_int_equal(zsc_ami_curve(data.z, ROWS, data.fine, ZSC_MISSING_DROP, NULL, &species), ZSC_OK);
    FILE *file = fopen(in_folder("out.csv"), "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, "clusters,order,species\n");
    for (size_t k = 1; k <= ROWS; k++) {
        char expected[128], first[32], second[32];
        snprintf(expected, sizeof expected, "%zu,%s,%s\n", k, shortest(order.ami[k - 1], first),
                 shortest(species.ami[k - 1], second));
        assert_non_null(fgets(line, sizeof line, file));
        assert_string_equal(line, expected);
    }
    assert_null(fgets(line, sizeof line, file));
    fclose(file);
    zsc_curve_free(&order);
    zsc_curve_free(&species);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *arguments, *words;
        int code;
    } cases[] = {
        {"bare.h5", "'bare.h5' holds no /labels; give the true labels with --labels", 3},
        {"-l short.npy bare.h5", "has 300 rows and 'short.npy' has 299", 3},
        {"--ranks genus whole.h5", "no labels of rank 'genus'", 3},
        {"-l meta.csv:genus whole.h5", "genus", 3},
        {"absent.h5", "no such file", 3},
        {"fine.npy", "HDF5", 3},
        {"whole.h5 -o out.txt", "must end in .csv or .h5", 2},
        {"whole.h5 -o absent/out.csv", "cannot create", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[4096];
        int code = curve(cases[i].arguments, out, sizeof out);
        if (code != cases[i].code || !strstr(out, cases[i].words))
            fail_msg("zsc curve %s: status %d, %s", cases[i].arguments, code, out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_curves_as_hdf5),
        cmocka_unit_test(test_curves_as_csv),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests_name("zsc curve", tests, make_files, remove_files);
}
