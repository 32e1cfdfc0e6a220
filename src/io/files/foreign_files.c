#include "io/files/foreign_files.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include "io/files/source.h"

enum { LOOKED_AT = 4096 };

static const char pickle[] = "a Python pickle, which is a program and never run; in Python: numpy.save('x.npy', array)";

/* Formats by what stands at a place of the first bytes. */
static const struct {
    size_t offset;
    const char *mark;
    size_t length;
    const char *what;
} formats[] = {
#define MARK(offset, text, what)                                                                                       \
    {                                                                                                                  \
        offset, text, sizeof(text) - 1, what                                                                           \
    }
    MARK(0, "version https://git-lfs", "a git-lfs pointer, not the file itself: git lfs pull fetches it"),
    MARK(0, "version https://hawser", "a git-lfs pointer, not the file itself: git lfs pull fetches it"),
    MARK(0, "/annex/objects/", "a git-annex pointer, not the file itself: git annex get fetches it"),
    MARK(0, "PAR1",
         "a Parquet file; python3 -c \"import pandas; pandas.read_parquet('x.parquet').to_csv('x.csv', index=False)\" "
         "converts one"),
    MARK(0, "ARROW1",
         "a Feather (Arrow) file; python3 -c \"import pandas; pandas.read_feather('x').to_csv('x.csv', index=False)\" "
         "converts one"),
    MARK(0, "\x93NUMPY", /* seen where a table is read: embeddings may be arrays */
         "a NumPy array, and a table (CSV or TSV) is expected; labels of embeddings can be in one file with them, in "
         "Python: numpy.savez('x.npz', embeddings=x, y=y)"),
    MARK(0, "\x89HDF", "an HDF5 file, and a table (CSV or TSV) is expected"),
    MARK(0, "\x80\x02", pickle),
    MARK(0, "\x80\x03", pickle),
    MARK(0, "\x80\x04", pickle),
    MARK(0, "\x80\x05", pickle),
    MARK(0, "MATLAB 5.0 MAT-file", "a MATLAB file before version 7.3; in MATLAB: save('x.mat', 'x', '-v7.3')"),
    MARK(0, "RDX2\n", "an R workspace; in R: write.csv(x, 'x.csv')"),
    MARK(0, "RDX3\n", "an R workspace; in R: write.csv(x, 'x.csv')"),
    MARK(0, "SQLite format 3",
         "an SQLite database; sqlite3 -header -csv x.db 'select * from t' > x.csv converts a table"),
    MARK(0, "\xd0\xcf\x11\xe0", "a spreadsheet of Excel; save it as CSV"),
    MARK(0, "\x89PNG", "a PNG image; zsc takes embeddings of images"),
    MARK(0, "\xff\xd8\xff", "a JPEG image; zsc takes embeddings of images"),
    MARK(0, "%PDF", "a PDF file"),
    MARK(0, "{", "JSON, and a table (CSV or TSV) is expected"),
    MARK(0, "[\n", "JSON, and a table (CSV or TSV) is expected"),
    MARK(0, "<!DOCTYPE", "a web page, perhaps in place of a file that was not downloaded"),
    MARK(0, "<!doctype", "a web page, perhaps in place of a file that was not downloaded"),
    MARK(0, "<html", "a web page, perhaps in place of a file that was not downloaded"),
    MARK(0, ">", "a FASTA file, it seems; zsc embed kmer takes a table with the columns processid and dna_barcode"),
    MARK(257, "ustar", "a tar archive: tar -xf unpacks it"),
    MARK(0,
         "\xfd"
         "7zXZ",
         "compressed with xz: unxz unpacks it"),
    MARK(0, "BZh", "compressed with bzip2: bunzip2 unpacks it"),
#undef MARK
};

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

static const char *by_member(const char *start, size_t got)
{
    if (got < 4 || memcmp(start, "PK\x03\x04", 4) != 0) return NULL;
    for (size_t i = 0; i < sizeof archives / sizeof *archives; i++)
        if (holds(start, got, archives[i].member)) return archives[i].what;
    return NULL;
}

const char *zsc_foreign_file(const char *path)
{
    char start[LOOKED_AT];
    bool packed = false;
    size_t got = zsc_source_start(path, start, sizeof start, &packed);
    const char *what = by_member(start, got);
    if (!what && packed) what = packed_as_whole(start, got);
    for (size_t i = 0; i < sizeof formats / sizeof *formats && !what; i++)
        if (got >= formats[i].offset + formats[i].length &&
            memcmp(start + formats[i].offset, formats[i].mark, formats[i].length) == 0)
            what = formats[i].what;
    return what;
}
