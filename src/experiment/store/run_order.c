#include "experiment/store/run_order.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/names.h"
#include "experiment/settings/settings.h"
#include "experiment/store/run_index.h"
#include "experiment/store/store.h"
#include "io/files/atomic.h"
#include "io/files/read_file.h"

enum { DIGEST = ZSC_DIGEST_TEXT - 1 };

zsc_status zsc_run_order_keep(const char *output, const zsc_digest *settings, size_t count)
{
    char text[ZSC_DIGEST_TEXT];
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    char *folder = zsc_asprintf("%s/.plans", output);
    char *path = zsc_asprintf("%s/.plans/%s", output,
                              zsc_digest_text(zsc_hash_bytes(settings, count * sizeof *settings), text));
    if (!folder || !path) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    if (access(path, F_OK) == 0) goto done; /* the time of the file is that of the first sweep */
    ZSC_TRY(zsc_make_folder(folder));
    ZSC_TRY(zsc_atomic_open(path, &file));
    for (size_t i = 0; i < count; i++) fprintf(zsc_atomic_stream(file), "%s\n", zsc_digest_text(settings[i], text));
    status = zsc_atomic_commit(file);
done:
    free(folder);
    free(path);
    return status;
}

/* --- Places of the plans' runs */
typedef struct plan_file {
    char *path;
    struct timespec time;
} plan_file;

static int by_time(const void *a, const void *b)
{
    const plan_file *x = a, *y = b;
    if (x->time.tv_sec != y->time.tv_sec) return x->time.tv_sec < y->time.tv_sec ? -1 : 1;
    if (x->time.tv_nsec != y->time.tv_nsec) return x->time.tv_nsec < y->time.tv_nsec ? -1 : 1;
    return strcmp(x->path, y->path);
}

static int is_digest(const struct dirent *entry)
{
    return strlen(entry->d_name) == DIGEST && strspn(entry->d_name, "0123456789abcdef") == DIGEST;
}

/* The text of a file that was there a moment ago; NULL if it has gone or is no file. */
static zsc_status read_text(const char *path, char **text)
{
    struct stat s;
    *text = NULL;
    if (stat(path, &s) != 0 || !S_ISREG(s.st_mode)) return ZSC_OK;
    return zsc_read_file(path, text, NULL);
}

/* The files of OUTPUT/SUBFOLDER that are named by digests, by name; none where there is no such folder. */
static zsc_status list_digests(const char *output, const char *subfolder, zsc_list *paths)
{
    zsc_status status = ZSC_OK;
    struct dirent **entry = NULL;
    char *folder = zsc_asprintf("%s/%s", output, subfolder);
    int count = folder ? scandir(folder, &entry, is_digest, alphasort) : 0;
    if (!folder)
        status = ZSC_EINTERNAL;
    else if (count < 0 && errno != ENOENT && errno != ENOTDIR)
        status = zsc_fail(errno == ENOMEM ? ZSC_EINTERNAL : ZSC_EINPUT, "cannot read folder '%s': %s", folder,
                          strerror(errno));
    for (int i = 0; i < count; i++) {
        char *path = status == ZSC_OK ? zsc_asprintf("%s/%s", folder, entry[i]->d_name) : NULL;
        if (status == ZSC_OK) status = path ? zsc_list_add(paths, path) : ZSC_EINTERNAL;
        free(path);
        free(entry[i]);
    }
    free(entry);
    free(folder);
    return status;
}

/* Adds the digests of a plan's runs to PLACES, whose numbers are the places. */
static zsc_status add_plan(const char *path, zsc_names *places)
{
    char *text = NULL;
    zsc_status status = read_text(path, &text);
    for (const char *p = text; status == ZSC_OK && p && *p;) {
        int32_t number;
        size_t length = strcspn(p, "\n");
        status = zsc_names_add(places, p, length, &number, NULL);
        p += length + (p[length] == '\n');
    }
    free(text);
    return status;
}

static zsc_status read_plans(const char *output, zsc_names *places)
{
    zsc_status status = ZSC_OK;
    zsc_list paths = {0};
    plan_file *plan = NULL;
    struct stat s;
    ZSC_TRY(list_digests(output, ".plans", &paths));
    ZSC_NEW(plan, paths.count + 1);
    for (size_t i = 0; i < paths.count; i++)
        plan[i] = (plan_file){paths.item[i], stat(paths.item[i], &s) == 0 ? s.st_mtim : (struct timespec){0}};
    qsort(plan, paths.count, sizeof *plan, by_time);
    for (size_t i = 0; i < paths.count; i++) ZSC_TRY(add_plan(plan[i].path, places));
done:
    free(plan);
    zsc_list_free(&paths);
    return status;
}

/* An entry of the index: "key settings". PLACE[number of the key] is the place of the settings. */
static zsc_status add_entry(const char *path, const zsc_names *places, zsc_names *keys, size_t **place,
                            size_t *capacity)
{
    char *text = NULL;
    int32_t number, at = -1;
    int added = 0;
    zsc_status status = read_text(path, &text);
    if (status == ZSC_OK && text && strlen(text) > 2 * DIGEST && text[DIGEST] == ' ')
        at = zsc_names_find(places, text + DIGEST + 1, DIGEST);
    if (at >= 0) {
        status = zsc_names_add(keys, text, DIGEST, &number, &added);
        if (status == ZSC_OK) status = zsc_grow(place, capacity, keys->count, sizeof **place, "places of runs");
        if (status == ZSC_OK && (added || (size_t)at < (*place)[number])) (*place)[number] = (size_t)at;
    }
    free(text);
    return status;
}

/* --- Sorting */
typedef struct item {
    char *path;
    size_t place; /* SIZE_MAX: in no plan */
    char *text;   /* of those: what they are sorted by */
} item;

static int by_place(const void *a, const void *b)
{
    const item *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    if (!x->text != !y->text) return x->text ? 1 : -1;
    int order = x->text ? zsc_compare_numerically(x->text, y->text) : 0;
    return order ? order : strcmp(x->path, y->path);
}

/* Encoders, sources, settings in the order of the list of settings, seed. A result that cannot be read is a failure
 * here as it is for those who read it: another order must not come of it without a word. */
static zsc_status describe(item *t)
{
    zsc_result r = {0};
    zsc_text text = {0};
    zsc_status status = zsc_result_read(t->path, ZSC_RESULT_RETRIEVAL, &r);
    if (status != ZSC_OK) return status;
    json_t *config = json_loads(r.config ? r.config : "{}", 0, NULL);
    for (size_t m = 0; m < r.modalities; m++) zsc_text_printf(&text, "%s+", r.modality[m].encoder);
    for (size_t m = 0; m < r.modalities; m++) zsc_text_printf(&text, "|%s", r.modality[m].path);
    for (size_t i = 0; i < zsc_setting_count; i++) {
        const json_t *value = json_object_get(config, zsc_settings[i].name);
        zsc_text_append(&text, "\n");
        if (json_is_string(value)) zsc_text_append(&text, json_string_value(value));
        if (json_is_number(value)) zsc_text_printf(&text, "%.15g", json_number_value(value));
        if (json_is_boolean(value)) zsc_text_append(&text, json_is_true(value) ? "1" : "0");
    }
    zsc_text_printf(&text, "\n%llu", (unsigned long long)r.seed);
    json_decref(config);
    zsc_result_free(&r);
    t->text = text.data;
    return text.failed ? ZSC_EINTERNAL : ZSC_OK;
}

/* "r/0a1b....h5" */
static const char *key_of(const char *path)
{
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    return strspn(name, "0123456789abcdef") == DIGEST ? name : NULL;
}

static zsc_status sort(zsc_list *paths, const zsc_names *keys, const size_t *place)
{
    zsc_status status = ZSC_OK;
    item *all = NULL;
    ZSC_NEW(all, paths->count + 1);
    for (size_t i = 0; i < paths->count; i++) {
        const char *key = key_of(paths->item[i]);
        int32_t number = key ? zsc_names_find(keys, key, DIGEST) : -1;
        all[i] = (item){.path = paths->item[i], .place = number < 0 ? SIZE_MAX : place[number]};
        if (number < 0) ZSC_TRY(describe(&all[i]));
    }
    qsort(all, paths->count, sizeof *all, by_place);
    for (size_t i = 0; i < paths->count; i++) paths->item[i] = all[i].path;
done:
    for (size_t i = 0; all && i < paths->count; i++) free(all[i].text);
    free(all);
    return status;
}

zsc_status zsc_run_order_sort(const char *folder, zsc_list *paths)
{
    zsc_status status = ZSC_OK;
    zsc_names places = {0}, keys = {0};
    zsc_list entries = {0};
    size_t *place = NULL, capacity = 0;
    if (paths->count < 2) goto done;
    ZSC_TRY(read_plans(folder, &places));
    if (places.count) ZSC_TRY(list_digests(folder, ".index", &entries));
    for (size_t i = 0; i < entries.count; i++) ZSC_TRY(add_entry(entries.item[i], &places, &keys, &place, &capacity));
    status = sort(paths, &keys, place);
done:
    zsc_names_free(&places);
    zsc_names_free(&keys);
    zsc_list_free(&entries);
    free(place);
    return status;
}
