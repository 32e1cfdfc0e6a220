/* HDF5, CSV and NumPy files: what is written is read back; what is wrong with a file is said in one sentence. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "io/text/csv.h"
#include "io/h5/h5.h"
#include "io/npy.h"
#include "io/files/read_file.h"
#include "../folder.h"

#define OK(call) assert_int_equal((call), ZSC_OK)
static void fails(zsc_status status, const char *words)
{
    assert_int_equal(status, ZSC_EINPUT);
    if (!strstr(zsc_error_message(), words)) fail_msg("expected '%s' in: %s", words, zsc_error_message());
    assert_null(strchr(zsc_error_message(), '\n'));
}

/* --- HDF5 */
static void test_h5_numbers(void **state)
{
    (void)state;
    size_t shape[2] = {37, 5};
    float x[185], y[185];
    double z[185];
    int32_t codes[3] = {-1, 0, 7}, codes_back[3];
    uint16_t halves[4] = {0x3c00, 0xc000, 0x0001, 0x7bff}; /* 1, -2, the smallest, the largest */
    float widened[4];
    size_t four = 4, three = 3;
    zsc_h5 *file;
    zsc_h5_info info;
    for (size_t i = 0; i < 185; i++) x[i] = (float)i / 7 - 3;
    OK(zsc_h5_create(in_folder("n.h5"), &file));
    OK(zsc_h5_write(file, "/a/b/x", ZSC_H5_F32, 2, shape, x));
    OK(zsc_h5_make(file, "/half", ZSC_H5_F16, 2, shape));
    OK(zsc_h5_write_rows(file, "/half", ZSC_H5_F32, 0, 20, x));
    OK(zsc_h5_write_rows(file, "/half", ZSC_H5_F32, 20, 17, x + 100));
    OK(zsc_h5_write(file, "/bits", ZSC_H5_F16, 1, &four, halves));
    OK(zsc_h5_write(file, "/codes", ZSC_H5_I32, 1, &three, codes));
    OK(zsc_h5_set_text(file, "/a/b/x", "modality", "dna"));
    OK(zsc_h5_set_double(file, "/", "pi", 3.25));
    OK(zsc_h5_set_int(file, "/made/on/the/way", "count", -5));
    OK(zsc_h5_commit(file));

    OK(zsc_h5_open(in_folder("n.h5"), &file));
    OK(zsc_h5_stat(file, "/a/b/x", &info));
    assert_true(info.rank == 2 && info.shape[0] == 37 && info.shape[1] == 5 && info.type == ZSC_H5_FLOAT);
    assert_string_equal(info.type_name, "float32");
    OK(zsc_h5_read(file, "/a/b/x", ZSC_H5_F32, 2, shape, y));
    assert_memory_equal(x, y, sizeof x);
    OK(zsc_h5_read(file, "/a/b/x", ZSC_H5_F64, 2, shape, z));
    for (size_t i = 0; i < 185; i++) assert_true(z[i] == (double)x[i]);
    OK(zsc_h5_read_rows(file, "/a/b/x", ZSC_H5_F32, 30, 7, 5, y));
    assert_memory_equal(x + 150, y, 35 * sizeof *x);
    OK(zsc_h5_read(file, "/half", ZSC_H5_F32, 2, shape, y));
    for (size_t i = 0; i < 185; i++) assert_true(y[i] - x[i] < 0x1p-6 && x[i] - y[i] < 0x1p-6); /* 11 bits of 32 */
    OK(zsc_h5_read(file, "/half", ZSC_H5_F64, 2, shape, z)); /* HDF5's conversion and ours agree */
    for (size_t i = 0; i < 185; i++) assert_true(z[i] == (double)y[i]);
    OK(zsc_h5_read(file, "/bits", ZSC_H5_F32, 1, &four, widened));
    assert_true(widened[0] == 1 && widened[1] == -2 && widened[2] == 0x1p-24f && widened[3] == 65504);
    OK(zsc_h5_read(file, "/codes", ZSC_H5_I32, 1, &three, codes_back));
    assert_memory_equal(codes, codes_back, sizeof codes);

    char *text = NULL;
    double number = 0;
    int64_t whole = 0;
    OK(zsc_h5_get_text(file, "/a/b/x", "modality", "", &text));
    assert_string_equal(text, "dna");
    free(text);
    OK(zsc_h5_get_text(file, "/a/b/x", "nothing", "other", &text));
    assert_string_equal(text, "other");
    free(text);
    OK(zsc_h5_get_double(file, "/", "pi", 0, &number));
    assert_true(number == 3.25);
    OK(zsc_h5_get_int(file, "/made/on/the/way", "count", 0, &whole));
    assert_int_equal(whole, -5);
    OK(zsc_h5_get_int(file, "/nowhere", "count", 9, &whole));
    assert_int_equal(whole, 9);
    fails(zsc_h5_get_double(file, "/a/b/x", "modality", 0, &number), "not a number");

    fails(zsc_h5_read(file, "/nope", ZSC_H5_F32, 2, shape, y), "has no /nope");
    fails(zsc_h5_read(file, "/a", ZSC_H5_F32, 2, shape, y), "is a group");
    fails(zsc_h5_read_rows(file, "/a/b/x", ZSC_H5_F32, 30, 8, 5, y), "has 37 rows, expected 38");
    fails(zsc_h5_read_rows(file, "/a/b/x", ZSC_H5_F32, SIZE_MAX, 2, 5, y), "has 37 rows");
    fails(zsc_h5_read_rows(file, "/a/b/x", ZSC_H5_F32, 0, 2, 4, y), "has 5 numbers per row, expected 4");
    fails(zsc_h5_read_rows(file, "/codes", ZSC_H5_I32, 0, 3, 2, codes_back), "has 1 numbers per row, expected 2");
    fails(zsc_h5_read(file, "/a/b/x", ZSC_H5_F32, 2, (const size_t[]){5, 37}, y), "is 37 x 5, expected 5 x 37");
    fails(zsc_h5_read(file, "/a/b/x", ZSC_H5_F32, 1, (const size_t[]){185}, y), "is 37 x 5, expected a list of 185");
    fails(zsc_h5_read(file, "/codes", ZSC_H5_I32, 0, NULL, codes_back), "is a list of 3, expected a single value");
    char **strings = NULL;
    size_t count = 0;
    fails(zsc_h5_read_all_strings(file, "/codes", &strings, &count), "holds int32, expected strings");
    assert_true(zsc_h5_has(file, "/a/b") && !zsc_h5_has(file, "/a/c/d"));
    zsc_list names = {0};
    OK(zsc_h5_children(file, "/", &names));
    assert_int_equal(names.count, 5);
    assert_string_equal(names.item[0], "a");
    zsc_list_free(&names);
    zsc_h5_close(file);
}

static void test_h5_strings(void **state)
{
    (void)state;
    enum { MANY = 30000 };
    const char *few[] = {"a", "", "Gynaephora grœnlandica ", "ccc"};
    char **many = calloc(MANY, sizeof *many), **back = NULL;
    size_t count = 0;
    zsc_h5 *file;
    for (size_t i = 0; i < MANY; i++) many[i] = zsc_asprintf("id%zu", i * i);
    OK(zsc_h5_create(in_folder("s.h5"), &file));
    OK(zsc_h5_write_strings(file, "/few", few, 4));
    OK(zsc_h5_write_strings(file, "/none", few, 0));
    OK(zsc_h5_write_strings(file, "/many", (const char *const *)many, MANY)); /* packed */
    OK(zsc_h5_make_strings(file, "/pieces", 4, 30));
    OK(zsc_h5_write_string_rows(file, "/pieces", 2, 2, few + 2));
    OK(zsc_h5_write_string_rows(file, "/pieces", 0, 2, few));
    char *big = malloc(70001);
    memset(big, 'x', 70000);
    big[70000] = '\0';
    OK(zsc_h5_set_text(file, "/", "big", big)); /* above what an attribute holds */
    OK(zsc_h5_set_text(file, "/", "empty", ""));
    OK(zsc_h5_commit(file));
    OK(zsc_h5_open(in_folder("s.h5"), &file));
    for (int pass = 0; pass < 2; pass++) {
        OK(zsc_h5_read_all_strings(file, pass ? "/pieces" : "/few", &back, &count));
        assert_int_equal(count, 4);
        for (size_t i = 0; i < 4; i++) assert_string_equal(back[i], few[i]);
        free(back);
    }
    OK(zsc_h5_read_all_strings(file, "/none", &back, &count));
    assert_int_equal(count, 0);
    free(back);
    OK(zsc_h5_read_all_strings(file, "/many", &back, &count));
    assert_int_equal(count, MANY);
    for (size_t i = 0; i < MANY; i++) assert_string_equal(back[i], many[i]);
    free(back);
    OK(zsc_h5_read_string_rows(file, "/many", 12345, 10, &back));
    for (size_t i = 0; i < 10; i++) assert_string_equal(back[i], many[12345 + i]);
    free(back);
    char *text = NULL;
    OK(zsc_h5_get_text(file, "/", "big", NULL, &text));
    assert_string_equal(text, big);
    free(text);
    OK(zsc_h5_get_text(file, "/", "empty", "x", &text));
    assert_string_equal(text, "");
    free(text);
    zsc_h5_close(file);
    free(big);
    for (size_t i = 0; i < MANY; i++) free(many[i]);
    free(many);
}

static void test_h5_bad_files(void **state)
{
    (void)state;
    zsc_h5 *file = NULL;
    fails(zsc_h5_open(in_folder("nowhere.h5"), &file), "no such file");
    fails(zsc_h5_open(folder(), &file), "it is a folder");
    fails(zsc_h5_open(write_file("empty.h5", "", 0), &file), "is empty");
    fails(zsc_h5_open(write_file("text.h5", "processid\nA1\n", 13), &file), "is not an HDF5 file");
    /* cut at every eighth of the file */
    float x[4000] = {0};
    size_t n = 4000, size;
    OK(zsc_h5_create(in_folder("whole.h5"), &file));
    OK(zsc_h5_write(file, "/x", ZSC_H5_F32, 1, &n, x));
    OK(zsc_h5_commit(file));
    FILE *whole = fopen(in_folder("whole.h5"), "rb");
    char *bytes = malloc(1 << 16);
    size = fread(bytes, 1, 1 << 16, whole);
    fclose(whole);
    for (size_t cut = size / 8; cut < size; cut += size / 8) {
        file = NULL;
        fails(zsc_h5_open(write_file("cut.h5", bytes, cut), &file), "is truncated: it has");
        assert_null(file);
    }
    free(bytes);
}

/* A file size limit stands for a full disk: the same path through the driver. */
static void test_h5_full_disk(void **state)
{
    (void)state;
    clear_folder();
    struct rlimit old, low;
    zsc_h5 *file;
    static float x[100000];
    size_t shape[2] = {1000, 100};
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    for (rlim_t bytes = 0; bytes < 2000000; bytes = bytes * 3 + 1000) {
        low = (struct rlimit){bytes, old.rlim_max};
        setrlimit(RLIMIT_FSIZE, &low);
        zsc_status status = zsc_h5_create(in_folder("full.h5"), &file);
        if (status == ZSC_OK) {
            status = zsc_h5_write(file, "/x", ZSC_H5_F32, 2, shape, x);
            if (status == ZSC_OK) status = zsc_h5_set_text(file, "/x", "label", "X");
            if (status == ZSC_OK)
                status = zsc_h5_commit(file);
            else
                zsc_h5_close(file);
        }
        setrlimit(RLIMIT_FSIZE, &old);
        if (bytes < 400000)
            fails(status, "cannot write");
        else
            OK(status);
        assert_int_equal(files_in_folder(), bytes >= 400000);
    }
    OK(zsc_h5_open(in_folder("full.h5"), &file)); /* and HDF5 works as before */
    zsc_h5_close(file);
    OK(zsc_h5_create(in_folder("dropped.h5"), &file));
    zsc_h5_close(file); /* not committed: not there */
    assert_int_equal(files_in_folder(), 1);
    fails(zsc_h5_create(in_folder("no/where.h5"), &file), "cannot create");
}

/* --- CSV */
typedef struct table {
    char text[4096];
    size_t rows;
} table;

static zsc_status collect(void *data, const zsc_csv_row *row)
{
    table *t = data;
    size_t used = strlen(t->text);
    assert_int_equal(strlen(row->field[0]), row->length[0]);
    assert_int_equal(row->row, ++t->rows);
    snprintf(t->text + used, sizeof t->text - used, "%zu:%s|%.20s|%s;", row->line, row->field[0], row->field[1],
             row->field[2]);
    return ZSC_OK;
}

static const char *const ids[] = {"processid", "id", NULL}, *const species[] = {"species", NULL},
                         *const bins[] = {"dna_bin", "bin_uri", NULL};
static const zsc_csv_column asked[] = {{ids, true}, {species, true}, {bins, false}};

static zsc_status read_text(const char *text, size_t size, table *t)
{
    *t = (table){0};
    return zsc_csv_read(write_file("t.csv", text, size), NULL, asked, 3, NULL, collect, t);
}

#define CSV(text_) read_text(text_, sizeof(text_) - 1, &t)

static void test_csv(void **state)
{
    (void)state;
    static const struct {
        const char *text, *rows;
    } good[] = {
        {"processid,species\nA,x\nB,y\n", "2:A|x|;3:B|y|;"},
        {"species,other,id,bin_uri\nx,1,A,b\n", "2:A|x|b;"},
        {"processid,species\r\nA,x\r\nB,y", "2:A|x|;3:B|y|;"},
        {"\xef\xbb\xbfprocessid,species\nA,x\n", "2:A|x|;"},
        {"\xef\xbb\xbf\"processid\",\"species\"\r\n\"A\",x\r\n", "2:A|x|;"},
        {"processid,species\nA,\"x, y\"\nB,\"say \"\"hi\"\"\"\n", "2:A|x, y|;3:B|say \"hi\"|;"},
        {"processid,species\nA,\"x\ny\"\n\nB, spaces stay \n", "2:A|x\ny|;5:B| spaces stay |;"},
        {"processid,species\n\"A\",x\nB,y\n\"\",\"\"\n", "2:A|x|;3:B|y|;4:||;"},
        {"processid,species\n", ""},
        {"processid,species\rA,x\rB,y\r", NULL}, /* the line ends of old Macintoshes */
        {"processid\tspecies\nA\t5\" long\nB\t\"\n", "2:A|5\" long|;3:B|\"|;"},
        {"processid,dna_bin,bin_uri,species\nA,b,c,x\n", "2:A|x|b;"},
        {"processid,species\nA,Gyn\xc3\xa9\n", "2:A|Gyn\xc3\xa9|;"},
    };
    table t;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        OK(read_text(good[i].text, strlen(good[i].text), &t));
        if (good[i].rows)
            assert_string_equal(t.text, good[i].rows);
        else
            assert_int_equal(t.rows, 2);
    }
    fails(CSV("sampleid,species\nA,x\n"), "has no column processid; it has: sampleid, species");
    fails(CSV("processid,processid,species\nA,B,x\n"), "two columns named processid");
    fails(CSV("processid,species\nA,x\nB,\"torn\nC,z\nD,w\n"), "line 3: an unterminated quote in field 2");
    fails(CSV("processid,species\nA,x\nB,\"torn\"y\nC,z\n"), "line 3: an unterminated quote in field 2");
    fails(CSV("processid,species\nA,x\nB,to\"rn\nC,z\n"), "line 3: an unterminated quote in field 2");
    fails(CSV("processid,\"species\n"), "line 1: an unterminated quote in field 2");
    fails(CSV("processid,species\nA,x\nB,\0y\n"), "line 3: a zero byte");
    fails(CSV("processid,species\nA,x\nB\n"), "line 3: 1 fields, expected 2");
    fails(CSV("processid,species\nA,x\n\"B\",y,z\n"), "line 3: 3 fields, expected 2");
    fails(CSV("processid,species\nA,x\nB,y,\n"), "line 3: 3 fields, expected 2");
    fails(CSV("processid,species\nA,caf\xe9\n"), "line 2, column species: not UTF-8");
    fails(CSV("processid,species\n\"A\",caf\xe9\n"), "line 2, column species: not UTF-8");
    fails(CSV("\xff\xfep\0r\0"), "is UTF-16");
    fails(CSV(""), "is empty");
    fails(CSV("\n\n"), "has no header");
    fails(zsc_csv_read(in_folder("nowhere.csv"), NULL, asked, 3, NULL, collect, &t), "no such file");
    fails(zsc_csv_read(folder(), NULL, asked, 3, NULL, collect, &t), "it is a folder");
    zsc_list header = {0};
    OK(zsc_csv_header(write_file("t.csv", "a,\"b c\",\n1,2,3\n", 15), NULL, &header, NULL));
    assert_int_equal(header.count, 3);
    assert_string_equal(header.item[1], "b c");
    zsc_list_free(&header);
}

static void test_csv_long_fields(void **state)
{
    (void)state;
    table t;
    size_t size = 3 << 20;
    char *text = malloc(size + 100);
    for (int quoted = 0; quoted < 2; quoted++) {
        int used = sprintf(text, "processid,species\nA,%s", quoted ? "\"" : "");
        memset(text + used, 'A', size);
        memcpy(text + (size_t)used + size, quoted ? "\"\n" : " \n", 3);
        fails(read_text(text, (size_t)used + size + 2, &t), "field 2 is longer than 262144 bytes");
    }
    /* lines that straddle the blocks the file is read in, each 3 bytes short of a third of a block or so */
    size_t used = (size_t)sprintf(text, "species,processid\n"), rows = 0;
    while (used < size) {
        size_t length = 1 + rows * 37 % 100000;
        memset(text + used, 'b', length);
        used += length;
        used += (size_t)sprintf(text + used, ",%06zu\n", rows++);
        if (used + 100100 > size) break;
    }
    OK(read_text(text, used, &t));
    assert_int_equal(t.rows, rows);
    free(text);
}

static void test_csv_packed(void **state)
{
    (void)state;
    size_t rows = 40000, used = 0, capacity = 1 << 20;
    char *text = malloc(capacity), *packed = malloc(capacity);
    used += (size_t)sprintf(text, "processid,species\n");
    for (size_t i = 0; i < rows; i++) used += (size_t)sprintf(text + used, "A%zu,s%zu\n", i, i % 7);
    table t = {0};
    size_t half = used / 2;
    gzFile gz = gzopen(in_folder("t.csv.gz"), "wb"); /* two members: as of `cat a.gz b.gz` */
    gzwrite(gz, text, (unsigned)half);
    gzclose(gz);
    gz = gzopen(in_folder("t.csv.gz"), "ab");
    gzwrite(gz, text + half, (unsigned)(used - half));
    gzclose(gz);
    OK(zsc_csv_read(in_folder("t.csv.gz"), NULL, asked, 3, NULL, collect, &t));
    assert_int_equal(t.rows, rows);
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1); /* as the zstd program does */
    size_t size = ZSTD_compress2(zstd, packed, capacity, text, used);
    ZSTD_freeCCtx(zstd);
    assert_false(ZSTD_isError(size));
    t = (table){0};
    OK(zsc_csv_read(write_file("t.csv.zst", packed, size), NULL, asked, 3, NULL, collect, &t));
    assert_int_equal(t.rows, rows);
    for (size_t cut = 20; cut < size; cut += size / 5) {
        t = (table){0};
        zsc_status status = zsc_csv_read(write_file("cut.zst", packed, cut), NULL, asked, 3, NULL, collect, &t);
        fails(status, "truncated");
    }
    packed[size / 2] ^= 0x55;
    t = (table){0};
    assert_int_equal(zsc_csv_read(write_file("bad.zst", packed, size), NULL, asked, 3, NULL, collect, &t), ZSC_EINPUT);
    FILE *file = fopen(in_folder("t.csv.gz"), "rb");
    size = fread(packed, 1, capacity, file);
    fclose(file);
    t = (table){0};
    fails(zsc_csv_read(write_file("cut.gz", packed, size / 3), NULL, asked, 3, NULL, collect, &t), "truncated");
    packed[size / 3] ^= 0x55;
    packed[size / 3 + 1] ^= 0x55;
    t = (table){0};
    assert_int_equal(zsc_csv_read(write_file("bad.gz", packed, size), NULL, asked, 3, NULL, collect, &t), ZSC_EINPUT);
    free(text);
    free(packed);
}

/* --- NumPy */
static const char *write_npy(const char *dict, const void *data, size_t size)
{
    char buffer[4096] = "\x93NUMPY\x01";
    size_t length = (size_t)snprintf(buffer + 10, sizeof buffer - 10, "%s", dict);
    buffer[8] = (char)(length & 255);
    buffer[9] = (char)(length >> 8);
    memcpy(buffer + 10 + length, data, size);
    return write_file("t.npy", buffer, 10 + length + size);
}

static void test_npy(void **state)
{
    (void)state;
    float x[6] = {1, 2, 3, 4.5f, -5, 6}, *back = NULL;
    double z[2] = {0.5, -2};
    int32_t codes[3] = {5, -1, 5}, *labels = NULL;
    size_t n = 0, d = 0;
    OK(zsc_npy_write_f32(in_folder("x.npy"), x, 2, 3));
    OK(zsc_npy_read_f32(in_folder("x.npy"), &back, &n, &d));
    assert_true(n == 2 && d == 3);
    assert_memory_equal(back, x, sizeof x);
    free(back);
    OK(zsc_npy_write_f64(in_folder("z.npy"), z, 1, 2));
    OK(zsc_npy_read_f32(in_folder("z.npy"), &back, &n, &d));
    assert_true(n == 1 && d == 2 && back[0] == 0.5f && back[1] == -2);
    free(back);
    OK(zsc_npy_write_i32(in_folder("l.npy"), codes, 3));
    OK(zsc_npy_read_labels(in_folder("l.npy"), NULL, &labels, &n, NULL));
    assert_int_equal(n, 3);
    assert_memory_equal(labels, codes, sizeof codes);
    free(labels);
    OK(zsc_npy_read_f32(write_npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n", x, sizeof x), &back,
                        &n, &d));
    assert_true(n == 2 && d == 3 && back[0] == 1 && back[1] == 3 && back[2] == -5 && back[3] == 2);
    free(back);
    OK(zsc_npy_read_f32(write_npy("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }\n", "\x01\x02\xff\xfe", 4),
                        &back, &n, &d));
    assert_true(n == 2 && d == 1 && back[0] == 258 && back[1] == -2);
    free(back);
    OK(zsc_npy_read_labels(write_npy("{'descr': '|S2', 'fortran_order': False, 'shape': (4,), }\n", "bba\0bbcc", 8),
                           NULL, &labels, &n, NULL));
    assert_true(n == 4 && labels[0] == 0 && labels[1] == 1 && labels[2] == 0 && labels[3] == 2);
    free(labels);
    OK(zsc_npy_read_labels(write_npy("{'descr': '|S1', 'fortran_order': False, 'shape': (4,), }\n", "\0b\0a", 4), NULL,
                           &labels, &n, NULL));
    assert_true(n == 4 && labels[0] == -1 && labels[1] == 0 && labels[2] == -1 && labels[3] == 1); /* "": missing */
    free(labels);
    OK(zsc_npy_read_labels(
        write_npy("{'descr': '<U1', 'fortran_order': False, 'shape': (2,), }\n", "\xe9\0\0\0z\0\0\0", 8), NULL, &labels,
        &n, NULL));
    assert_true(n == 2 && labels[0] == 0 && labels[1] == 1);
    free(labels);

    fails(zsc_npy_read_f32(write_file("t.npy", "not numpy", 9), &back, &n, &d), "is not a NumPy array");
    fails(zsc_npy_read_f32(write_npy("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }\n", "\x80\x04K", 3),
                           &back, &n, &d),
          "pickle");
    fails(zsc_npy_read_f32(write_npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }\n", x, 8),
                           &back, &n, &d),
          "structured");
    fails(zsc_npy_read_f32(write_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }\n", x, sizeof x),
                           &back, &n, &d),
          "truncated");
    fails(zsc_npy_read_f32(
              write_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 8), }\n", x, 24),
              &back, &n, &d),
          "impossibly large");
    fails(
        zsc_npy_read_f32(write_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 8), }\n", x, 24),
                         &back, &n, &d),
        "truncated");
    fails(
        zsc_npy_read_f32(write_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 0), }\n", x, 24),
                         &back, &n, &d),
        "no columns");
    fails(zsc_npy_read_labels(write_npy("{'descr': '|S3', 'fortran_order': False, 'shape': (2,), }\n", "ab\0a\0b", 6),
                              NULL, &labels, &n, NULL),
          "row 2 holds a zero byte");
    fails(zsc_npy_read_labels(
              write_npy("{'descr': '<U3', 'fortran_order': False, 'shape': (1,), }\n", "a\0\0\0\0\0\0\0b\0\0\0", 12),
              NULL, &labels, &n, NULL),
          "row 1 holds a zero byte");
    fails(zsc_npy_read_labels(write_npy("{'descr': '<U0', 'fortran_order': False, 'shape': (99999999,), }\n", x, 24),
                              NULL, &labels, &n, NULL),
          "no letters");
    fails(zsc_npy_read_f32(write_npy("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }\n", x, 24), &back, &n,
                           &d),
          "type c8");
    fails(zsc_npy_read_f32(write_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), }\n", x, 24), &back,
                           &n, &d),
          "3 dimensions");
    fails(zsc_npy_read_labels(write_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }\n", x, 24), NULL,
                              &labels, &n, NULL),
          "expected integers");
    int64_t wide = INT64_C(1) << 40;
    fails(zsc_npy_read_labels(write_npy("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }\n", &wide, 8), NULL,
                              &labels, &n, NULL),
          "beyond 32 bits");
}

/* --- Whole files */
static void test_read_file(void **state)
{
    (void)state;
    char *text = NULL, big[20000];
    size_t length = 7;
    memset(big, 'x', sizeof big);
    big[100] = '\0';
    FILE *file = fopen(in_folder("whole"), "wb");
    fwrite(big, 1, sizeof big, file);
    fclose(file);
    OK(zsc_read_file(in_folder("whole"), &text, &length));
    assert_int_equal(length, sizeof big);
    assert_memory_equal(text, big, sizeof big);
    assert_int_equal(text[length], 0);
    free(text);
    fclose(fopen(in_folder("nothing"), "wb"));
    OK(zsc_read_file(in_folder("nothing"), &text, &length));
    assert_true(length == 0 && *text == '\0');
    free(text);
    fails(zsc_read_file(in_folder("absent"), &text, &length), "no such file");
    assert_int_equal(mkdir(in_folder("folder"), 0700), 0);
    fails(zsc_read_file(in_folder("folder"), &text, &length), "a folder");
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    fails(zsc_read_file(in_folder("pipe"), &text, NULL), "a pipe or a device");
    fails(zsc_read_file("/dev/zero", &text, NULL), "a pipe or a device");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_h5_numbers),   cmocka_unit_test(test_h5_strings), cmocka_unit_test(test_h5_bad_files),
        cmocka_unit_test(test_h5_full_disk), cmocka_unit_test(test_csv),        cmocka_unit_test(test_csv_long_fields),
        cmocka_unit_test(test_csv_packed),   cmocka_unit_test(test_npy),        cmocka_unit_test(test_read_file),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder();
    return failed;
}
