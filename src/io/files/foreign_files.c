#include "io/files/foreign_files.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/error.h"
#include "io/files/source.h"

enum { LOOKED_AT = 4096 };

static const char pickle[] = "a Python pickle, which is a program and never run; in Python: numpy.save('x.npy', array)";
static const char image[] = "an image; zsc takes embeddings of images";

/* Formats by what stands at a place of the first bytes. */
typedef struct format_mark {
    size_t offset;
    const char *mark;
    size_t length;
    const char *what;
} format_mark;

#define MARK(offset, text, what)                                                                                       \
    {                                                                                                                  \
        offset, text, sizeof(text) - 1, what                                                                           \
    }
static const format_mark formats[] = {
    MARK(0, "version https://git-lfs", "a git-lfs pointer, not the file itself: git lfs pull fetches it"),
    MARK(0, "version https://hawser", "a git-lfs pointer, not the file itself: git lfs pull fetches it"),
    MARK(0, "/annex/objects/", "a git-annex pointer, not the file itself: git annex get fetches it"),
    MARK(0, "PAR1",
         "a Parquet file; python3 -c \"import pandas; pandas.read_parquet('x.parquet').to_csv('x.csv', index=False)\" "
         "converts one"),
    MARK(0, "ARROW1",
         "a Feather (Arrow) file; python3 -c \"import pandas; pandas.read_feather('x').to_csv('x.csv', index=False)\" "
         "converts one"),
    MARK(0, "ORC",
         "an ORC file; python3 -c \"import pandas; pandas.read_orc('x.orc').to_csv('x.csv', index=False)\" converts "
         "one"),
    MARK(0, "Obj\x01", "an Avro file; write the table as CSV"),
    MARK(0, "\x80\x02", pickle),
    MARK(0, "\x80\x03", pickle),
    MARK(0, "\x80\x04", pickle),
    MARK(0, "\x80\x05", pickle),
    MARK(0, "(dp0\n", pickle),
    MARK(0, "(lp0\n", pickle),
    MARK(0, "cnumpy", pickle),
    MARK(0, "ccopy_reg\n", pickle),
    MARK(0, "MATLAB 5.0 MAT-file",
         "a MATLAB file before version 7.3; in MATLAB: save('x.mat', 'x', '-v7.3'), in Octave: save -hdf5 x.h5 x"),
    MARK(0, "Octave-1-", "a binary file of Octave; in Octave: save -hdf5 x.h5 x"),
    MARK(0, "RDX2\n", "an R workspace; in R: write.csv(x, 'x.csv')"),
    MARK(0, "RDX3\n", "an R workspace; in R: write.csv(x, 'x.csv')"),
    MARK(0, "X\n\0\0\0", "an R object (.rds); in R: write.csv(readRDS('x.rds'), 'x.csv')"),
    MARK(0, "$FL", "an SPSS file; save it as CSV"),
    MARK(0, "<stata_dta>", "a Stata file; in Stata: export delimited x.csv"),
    MARK(0, "CDF\x01", "a NetCDF file before version 4; nccopy -k nc4 x.nc x.h5 makes an HDF5 file of it"),
    MARK(0, "CDF\x02", "a NetCDF file before version 4; nccopy -k nc4 x.nc x.h5 makes an HDF5 file of it"),
    MARK(0, "CDF\x05", "a NetCDF file before version 4; nccopy -k nc4 x.nc x.h5 makes an HDF5 file of it"),
    MARK(0, "SQLite format 3",
         "an SQLite database; sqlite3 -header -csv x.db 'select * from t' > x.csv converts a table"),
    MARK(0, "\xd0\xcf\x11\xe0", "a spreadsheet of Excel; save it as CSV"),
    MARK(0, "\x89PNG", "a PNG image; zsc takes embeddings of images"),
    MARK(0, "\xff\xd8\xff", "a JPEG image; zsc takes embeddings of images"),
    MARK(0, "GIF8", image),
    MARK(0, "II*\0", image),
    MARK(0, "MM\0*", image),
    MARK(0, "%PDF", "a PDF file"),
    MARK(0, "BAM\x01", "a BAM file of aligned reads"),
    MARK(257, "ustar", "a tar archive: tar -xf unpacks it"),
    MARK(0,
         "\xfd"
         "7zXZ",
         "compressed with xz: unxz unpacks it"),
    MARK(0, "BZh", "compressed with bzip2: bunzip2 unpacks it"),
    MARK(0, "7z\xbc\xaf", "a 7z archive: 7z x unpacks it"),
    MARK(0, "Rar!", "a RAR archive: unrar x unpacks it"),
    MARK(8, "{\"",
         "a safetensors file; in Python: numpy.save('x.npy', safetensors.numpy.load_file('x.safetensors')['x'])"),
    MARK(0, "\xff\xfe", "UTF-16, expected UTF-8: iconv -f UTF-16 -t UTF-8 converts it"),
    MARK(0, "\xfe\xff", "UTF-16, expected UTF-8: iconv -f UTF-16 -t UTF-8 converts it"),
};

/* What some readers take, and others do not. */
static const format_mark read_elsewhere[] = {
    MARK(0, "\x93NUMPY", "a NumPy array"),
    MARK(0, "\x89HDF", "an HDF5 file"),
    MARK(0, "MATLAB 7.3 MAT-file", "a file of MATLAB 7.3"),
    MARK(512, "\x89HDF\r\n", "an HDF5 file"),
    MARK(1024, "\x89HDF\r\n", "an HDF5 file"),
    MARK(2048, "\x89HDF\r\n", "an HDF5 file"),
};
#undef MARK

static const char *by_mark(const format_mark *format, size_t count, const char *start, size_t got)
{
    for (size_t i = 0; i < count; i++)
        if (got >= format[i].offset + format[i].length &&
            memcmp(start + format[i].offset, format[i].mark, format[i].length) == 0)
            return format[i].what;
    return NULL;
}

/* --- Formats of text */
/* What follows SKIP and blanks; "" where nothing does. */
static const char *behind(const char *text, size_t skip)
{
    text += skip;
    return text + strspn(text, " \t\r\n");
}

static const char *line_of(const char *text, int number)
{
    for (; number > 1 && *text; number--) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return text;
}

static bool is_sequence(const char *line)
{
    size_t length = strcspn(line, "\r\n"), letters = 0;
    while (letters < length && (isalpha((unsigned char)line[letters]) || strchr("-*", line[letters]))) letters++;
    return length > 3 && letters == length;
}

static const char *by_text(const char *start)
{
    const char *text = behind(start, strncmp(start, "\xef\xbb\xbf", 3) == 0 ? 3 : 0), *next = behind(text, *text != 0);
    if (*text == '{' && strchr("\"}", *next) && *next) return "JSON";
    if (*text == '[' && (isdigit((unsigned char)*next) || (*next && strchr("{[]\"-", *next)))) return "JSON";
    if (strncasecmp(text, "<!doctype", 9) == 0 || strncasecmp(text, "<html", 5) == 0)
        return "a web page, perhaps in place of a file that was not downloaded";
    if (strncmp(text, "<?xml", 5) == 0) return "XML; write the table as CSV";
    if (*text == '>' && is_sequence(line_of(text, 2)))
        return "a FASTA file, it seems; zsc embed kmer takes a table with the columns processid and dna_barcode";
    if (*text == '@' && is_sequence(line_of(text, 2)) && *line_of(text, 3) == '+')
        return "a FASTQ file; zsc embed kmer takes a table with the columns processid and dna_barcode";
    if (strncasecmp(text, "@relation", 9) == 0) return "an ARFF file; write the table as CSV";
    return NULL;
}

/* Zip archives by a name among their first members. */
static const struct {
    const char *member, *what;
} archives[] = {
    {"data.pkl", "a PyTorch file (a pickle), which is a program and never run; in Python: numpy.save('x.npy', "
                 "torch.load('x.pt', weights_only=True).numpy())"},
    {"xl/", "a spreadsheet of Excel; save it as CSV"},
    {"[Content_Types].xml", "a document of Microsoft Office; save a table as CSV"},
    {"mimetypeapplication/vnd.oasis", "a document of LibreOffice; save a table as CSV"},
    {".zgroup", "a Zarr store in a zip archive; in Python: numpy.save('x.npy', zarr.open('x.zip')[:])"},
};

static bool holds(const char *bytes, size_t length, const char *text)
{
    size_t size = strlen(text);
    for (const char *p = bytes; size <= length && p <= bytes + length - size; p++)
        if (memcmp(p, text, size) == 0) return true;
    return false;
}

/* What is read at any place of the file, and so not through gzip or zstd. */
static const struct {
    const char *mark, *what;
} unpacked_only[] = {
    {"\x89HDF",
     "an HDF5 file that is packed as a whole, which HDF5 cannot read: unpack it (gunzip, unzstd); HDF5 packs "
     "its datasets itself, in Python h5py's compression='gzip'"},
    {"MATLAB 7.3 MAT-file", "a file of MATLAB 7.3 that is packed as a whole, which HDF5 cannot read: unpack it "
                            "(gunzip, unzstd); MATLAB packs its arrays itself"},
    {"PK\x03\x04", "a zip archive, such as .npz, that is packed once more: unpack it (gunzip, unzstd); "
                   "numpy.savez_compressed packs the arrays themselves"},
};

static const char *packed_as_whole(const char *start, size_t got)
{
    for (size_t i = 0; i < sizeof unpacked_only / sizeof *unpacked_only; i++) {
        size_t length = strlen(unpacked_only[i].mark);
        if (got >= length && memcmp(start, unpacked_only[i].mark, length) == 0) return unpacked_only[i].what;
    }
    return NULL;
}

/* The length of the name of a zip archive's first member, which begins at byte 30; 0: it is damaged. */
static size_t first_member(const char *start, size_t got)
{
    size_t length = got > 30 ? (size_t)(unsigned char)start[26] + 256 * (size_t)(unsigned char)start[27] : 0;
    if (length > got - 30) return 0;
    for (size_t i = 0; i < length; i++)
        if (!isprint((unsigned char)start[30 + i])) return 0;
    return length;
}

static bool is_array(const char *start, size_t length)
{
    return length > 4 && memcmp(start + 30 + length - 4, ".npy", 4) == 0;
}

static const char *by_member(const char *start, size_t got)
{
    if (got < 4 || memcmp(start, "PK\x03\x04", 4) != 0) return NULL;
    for (size_t i = 0; i < sizeof archives / sizeof *archives; i++)
        if (holds(start, got, archives[i].member)) return archives[i].what;
    size_t length = first_member(start, got);
    return length && !is_array(start, length) ? "a zip archive: unzip unpacks it" : NULL;
}

static const char *foreign(const char *start, size_t got, bool packed)
{
    const char *what = by_member(start, got);
    if (!what && packed) what = packed_as_whole(start, got);
    if (!what) what = by_mark(formats, sizeof formats / sizeof *formats, start, got);
    return what ? what : by_text(start);
}

const char *zsc_foreign_file(const char *path)
{
    char start[LOOKED_AT + 1];
    bool packed = false;
    size_t got = zsc_source_start(path, start, LOOKED_AT, &packed);
    start[got] = '\0';
    return foreign(start, got, packed);
}

zsc_status zsc_refuse_foreign_start(const char *path, const char *start, size_t got, bool packed, const char *expected)
{
    const char *what = foreign(start, got, packed);
    if (what && strcmp(what, "JSON") != 0) return zsc_fail(ZSC_EINPUT, "'%s' is %s", path, what);
    if (!what) what = by_mark(read_elsewhere, sizeof read_elsewhere / sizeof *read_elsewhere, start, got);
    if (!what && got > 4 && memcmp(start, "PK\x03\x04", 4) == 0 && is_array(start, first_member(start, got)))
        what = "an archive of NumPy arrays (.npz)";
    return what ? zsc_fail(ZSC_EINPUT, "'%s' is %s, and %s is expected", path, what, expected) : ZSC_OK;
}

zsc_status zsc_refuse_foreign(const char *path, const char *expected)
{
    char start[LOOKED_AT + 1];
    bool packed = false;
    struct stat s;
    if (stat(path, &s) != 0 || !S_ISREG(s.st_mode)) return ZSC_OK;
    size_t got = zsc_source_start(path, start, LOOKED_AT, &packed);
    start[got] = '\0';
    zsc_error_clear(); /* whoever reads the file says that it cannot be read */
    return zsc_refuse_foreign_start(path, start, got, packed, expected);
}
