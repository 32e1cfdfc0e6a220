#include "paper/paper_examples.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/files/atomic.h"
#include "io/files/read_file.h"
#include "io/text/csv.h"
#include "report/escape.h"

enum { DEEPEST = 3, MOST_FOLDERS = 100000 };

/* --- Pictures */
static zsc_status find_folders(const char *path, int depth, zsc_list *out)
{
    zsc_status status = zsc_list_add(out, path);
    DIR *entries = depth < DEEPEST ? opendir(path) : NULL;
    for (const struct dirent *e; status == ZSC_OK && entries && out->count < MOST_FOLDERS && (e = readdir(entries));) {
        if (e->d_name[0] == '.' || (e->d_type != DT_DIR && e->d_type != DT_UNKNOWN && e->d_type != DT_LNK)) continue;
        struct stat s;
        char *inner = zsc_asprintf("%s/%s", path, e->d_name);
        if (!inner)
            status = ZSC_EINTERNAL;
        else if (stat(inner, &s) == 0 && S_ISDIR(s.st_mode))
            status = find_folders(inner, depth + 1, out);
        free(inner);
    }
    if (entries) closedir(entries);
    return status;
}

/* FOLDER/NAME, or NAME with the ending of a picture, where there is such a file; the caller's, NULL: there is none. */
static char *find_in(const char *folder, const char *name)
{
    static const char *const ending[] = {"", ".jpg", ".jpeg", ".png", ".JPG", ".PNG"};
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        struct stat s;
        char *path = zsc_asprintf("%s/%s%s", folder, name, ending[i]);
        if (path && stat(path, &s) == 0 && S_ISREG(s.st_mode)) return path;
        free(path);
    }
    return NULL;
}

/* Whether an id can be the name of a file, and of no other folder's. */
static bool is_file_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/') && zsc_text_is_name(name);
}

static char *find_picture(const zsc_list *folders, const char *name, const char *id)
{
    bool named = *name && *name != '/' && !strstr(name, "..");
    for (size_t i = 0; i < folders->count; i++) {
        char *path = named ? find_in(folders->item[i], name) : NULL;
        if (!path && is_file_name(id)) path = find_in(folders->item[i], id);
        if (path) return path;
    }
    return NULL;
}

static zsc_status copy_picture(const char *from, const char *output, const char *id, char **relative)
{
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    char *bytes = NULL, *path = NULL;
    size_t length = 0;
    const char *dot = strrchr(from, '.');
    if (!(*relative = zsc_asprintf("pictures/%s%s", id, dot ? dot : "")) ||
        !(path = zsc_asprintf("%s/%s", output, *relative)))
        ZSC_TRY(ZSC_EINTERNAL);
    ZSC_TRY(zsc_read_file(from, &bytes, &length));
    ZSC_TRY(zsc_atomic_open(path, &file));
    fwrite(bytes, 1, length, zsc_atomic_stream(file));
    zsc_atomic *whole = file;
    file = NULL;
    status = zsc_atomic_commit(whole);
done:
    zsc_atomic_abandon(file);
    free(bytes);
    free(path);
    return status;
}

/* --- The page */
typedef struct writing {
    zsc_list folders;
    const char *output;
    FILE *out;
    size_t pictures, rows;
    char *query; /* of the row before */
    zsc_text text;
} writing;

static void put(writing *w, const char *before, const char *text, const char *after)
{
    w->text.length = 0;
    zsc_text_append(&w->text, "");
    zsc_escape_html(&w->text, text);
    fprintf(w->out, "%s%s%s", before, w->text.data ? w->text.data : "", after);
}

static zsc_status put_picture(writing *w, const char *name, const char *id)
{
    char *path = w->folders.count && is_file_name(id) ? find_picture(&w->folders, name, id) : NULL, *relative = NULL;
    zsc_status status = ZSC_OK;
    if (!path) return ZSC_OK;
    status = copy_picture(path, w->output, id, &relative);
    if (status == ZSC_OK) {
        w->pictures++;
        put(w, "<img loading=\"lazy\" src=\"", relative, "\" ");
        put(w, "alt=\"", id, "\"><br>");
    }
    free(path);
    free(relative);
    return status;
}

enum { QUERY, SPLIT, QUERY_LABEL, PLACE, KEY, KEY_LABEL, SHARED, DISTANCE, QUERY_IMAGE, KEY_IMAGE, COLUMNS };

static zsc_status write_row(void *data, const zsc_csv_row *row)
{
    writing *w = data;
    const char *const *f = row->field;
    zsc_status status = ZSC_OK;
    if (!w->query || strcmp(w->query, f[QUERY]) != 0) {
        fprintf(w->out, "%s<tr><td>", w->rows++ ? "</tr>\n" : "");
        ZSC_TRY(put_picture(w, f[QUERY_IMAGE], f[QUERY]));
        put(w, "<b>", *f[QUERY_LABEL] ? f[QUERY_LABEL] : "no label", "</b><br>");
        put(w, "<span class=\"soft\">", f[QUERY], " ");
        put(w, "", f[SPLIT], "</span></td>");
        free(w->query);
        w->query = zsc_strdup(f[QUERY]);
        if (!w->query) ZSC_TRY(ZSC_EINTERNAL);
    }
    fputs("<td>", w->out);
    ZSC_TRY(put_picture(w, f[KEY_IMAGE], f[KEY]));
    put(w, "", *f[KEY_LABEL] ? f[KEY_LABEL] : "no label", "<br>");
    put(w, "<span class=\"soft\">same ", *f[SHARED] ? f[SHARED] : "at no rank", "</span></td>");
done:
    return status;
}

zsc_status zsc_paper_examples_write(const char *path, const char *images, const char *output, FILE *out,
                                    size_t *pictures)
{
    static const char *const names[COLUMNS][2] = {{"query"},       {"split"},     {"query_label"}, {"place"},
                                                  {"key"},         {"key_label"}, {"shared_rank"}, {"distance"},
                                                  {"query_image"}, {"key_image"}};
    zsc_status status = ZSC_OK;
    zsc_csv_column columns[COLUMNS];
    char *folder = zsc_asprintf("%s/pictures", output);
    writing w = {.output = output, .out = out};
    if (!folder) return ZSC_EINTERNAL;
    for (int i = 0; i < COLUMNS; i++) columns[i] = (zsc_csv_column){names[i], i < QUERY_IMAGE};
    if (images) ZSC_TRY(find_folders(images, 0, &w.folders));
    if (images) ZSC_TRY(zsc_make_folder(folder));
    fputs("<div class=\"wide\"><table class=\"examples\"><thead><tr><th>Query</th><th>1</th><th>2</th><th>3</th>"
          "<th>4</th><th>5</th></tr></thead><tbody>\n",
          out);
    ZSC_TRY(zsc_csv_read(path, NULL, columns, COLUMNS, NULL, write_row, &w));
    fprintf(out, "%s</tbody></table></div>\n", w.rows ? "</tr>\n" : "");
    *pictures = w.pictures;
    if (w.text.failed) status = zsc_fail_memory(1, 1, "a text of the page");
done:
    zsc_list_free(&w.folders);
    free(w.query);
    free(w.text.data);
    free(folder);
    return status;
}
