/* HDF5's own messages, and ours. */
#include "io/h5/h5_internal.h"

#include <stdio.h>
#include <string.h>

#include "io/h5/h5_lzf.h"

static herr_t innermost(unsigned depth, const H5E_error2_t *entry, void *data)
{
    char *text = data;
    if (depth == 0 && entry->desc) snprintf(text, 256, "%s", entry->desc);
    return 0;
}

void zsc_h5_begin(void)
{
    static bool ready;
    if (ready) return;
    ready = true;
    H5open();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    zsc_h5_register_lzf();
}

const char *zsc_h5_reason(char text[256])
{
    text[0] = '\0';
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, innermost, text);
    static const char mark[] = "error message = '"; /* the system's, amid a line and a half of detail */
    const char *system = strstr(text, mark), *end = system ? strchr(system + sizeof mark - 1, '\'') : NULL;
    if (end) {
        size_t length = (size_t)(end - system) - (sizeof mark - 1);
        memmove(text, system + sizeof mark - 1, length);
        text[length] = '\0';
    }
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < ' ') *p = ' ';
    return *text ? text : "HDF5 gives no reason";
}

/* "memory allocation failed", "can't allocate space for buffer" and others: HDF5 has no one code for it, and space in
 * a file is allocated too. */
static herr_t find_memory(unsigned depth, const H5E_error2_t *entry, void *data)
{
    (void)depth;
    bool *found = data, allocation = entry->min_num == H5E_NOSPACE || entry->min_num == H5E_CANTALLOC;
    *found = *found || (entry->maj_num == H5E_RESOURCE && allocation && entry->desc && !strstr(entry->desc, "file"));
    return 0;
}

bool zsc_h5_lacks_memory(void)
{
    bool found = false;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, find_memory, &found);
    return found;
}

void zsc_h5_trouble(zsc_h5 *file)
{
    file->troubled = true;
    file->starved = file->starved || zsc_h5_lacks_memory();
}

zsc_status zsc_h5_fail(zsc_h5 *file, const char *object, const char *verb)
{
    char text[256];
    zsc_h5_trouble(file);
    if (file->failure) return zsc_h5_written(file);
    if (zsc_h5_lacks_memory())
        return zsc_fail(ZSC_EINTERNAL, "out of memory: '%s%s%s': HDF5 cannot %s: %s", file->path, object ? ":" : "",
                        object ? object : "", verb, zsc_h5_reason(text));
    if (!object) return zsc_fail(ZSC_EINPUT, "'%s': cannot %s: %s", file->path, verb, zsc_h5_reason(text));
    return zsc_fail(ZSC_EINPUT, "'%s:%s': cannot %s: %s", file->path, object, verb, zsc_h5_reason(text));
}

zsc_status zsc_h5_written(zsc_h5 *file)
{
    return file->failure ? zsc_fail(ZSC_EINPUT, "cannot write '%s': %s", file->path, strerror(file->failure)) : ZSC_OK;
}
