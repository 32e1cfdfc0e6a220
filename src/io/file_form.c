#include "io/file_form.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/text.h"
#include "io/files/source.h"
#include "io/h5/h5.h"

/* By the ending of the name, where there is no content to ask. */
static zsc_file_form by_name(const char *path)
{
    static const struct {
        const char *ending;
        zsc_file_form form;
    } known[] = {{".h5", ZSC_FORM_HDF5}, {".hdf5", ZSC_FORM_HDF5}, {".he5", ZSC_FORM_HDF5}, {".npy", ZSC_FORM_NPY},
                 {".npz", ZSC_FORM_NPZ}, {".csv", ZSC_FORM_TEXT},  {".tsv", ZSC_FORM_TEXT}};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t ending = strlen(known[i].ending);
        if (length > ending && strcasecmp(path + length - ending, known[i].ending) == 0) return known[i].form;
    }
    return ZSC_FORM_NONE;
}

/* Whether an array is among the members of a zip archive. */
static bool holds_arrays(const char *path)
{
    zsc_archive *archive = NULL;
    bool found = false;
    if (zsc_archive_open(path, &archive) != ZSC_OK) {
        zsc_error_clear();
        return false;
    }
    for (size_t i = 0; i < zsc_archive_count(archive) && !found; i++)
        found = zsc_text_ends(zsc_archive_name(archive, i), ".npy");
    zsc_archive_close(archive);
    return found;
}

static zsc_file_form by_start(const char *start, size_t size)
{
    static const char npy[] = "\x93NUMPY";
    bool utf16 = size >= 2 && (memcmp(start, "\xff\xfe", 2) == 0 || memcmp(start, "\xfe\xff", 2) == 0);
    if (size >= sizeof npy - 1 && memcmp(start, npy, sizeof npy - 1) == 0) return ZSC_FORM_NPY;
    return size > 0 && (utf16 || !memchr(start, '\0', size)) ? ZSC_FORM_TEXT : ZSC_FORM_NONE;
}

zsc_status zsc_file_form_find(const char *path, zsc_file_form *out)
{
    enum { LOOKED_AT = 4096 };
    char start[LOOKED_AT];
    size_t got = 0;
    struct stat s;
    bool hdf5 = false;
    zsc_source *source = NULL;
    *out = by_name(path);
    if (stat(path, &s) != 0 || !S_ISREG(s.st_mode)) return ZSC_OK;
    zsc_status status = zsc_h5_is_hdf5(path, &hdf5);
    if (status != ZSC_OK) return status;
    if (hdf5) {
        *out = ZSC_FORM_HDF5;
        return ZSC_OK;
    }
    status = zsc_source_open(path, &source);
    if (status == ZSC_OK) status = zsc_source_read(source, start, sizeof start, &got);
    zsc_file_form found = status == ZSC_OK ? by_start(start, got) : ZSC_FORM_NONE;
    zsc_source_close(source);
    if (status != ZSC_OK && status != ZSC_EINPUT) return status;
    if (got >= 4 && memcmp(start, "PK\x03\x04", 4) == 0) found = holds_arrays(path) ? ZSC_FORM_NPZ : ZSC_FORM_NONE;
    if (status != ZSC_OK) zsc_error_clear(); /* whoever reads the file says what is wrong with it */
    if (found != ZSC_FORM_NONE) *out = found;
    return ZSC_OK;
}
