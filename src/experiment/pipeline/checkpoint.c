#include "experiment/pipeline/checkpoint.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "experiment/pipeline/knn_cache.h"
#include "io/files/atomic.h"
#include "io/h5/h5.h"

enum { FORMAT = 1 };

static const char *const kinds[] = {"search", "graph", "layout", "merges", "linkage"};
enum { SEARCH, GRAPH, LAYOUT, MERGES, LINKAGE, KINDS };
enum { COST = 20 }; /* a stage goes on for so many times the seconds that its last file took */

static char *path_of(const zsc_checkpoint *c, const char *kind, zsc_digest key)
{
    char text[ZSC_DIGEST_TEXT];
    return zsc_asprintf("%s/%s-%s.h5", c->folder, kind, zsc_digest_text(key, text));
}

/* --- The folder */
static bool is_checkpoint(const char *name)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strncmp(name, kinds[i], strlen(kinds[i])) == 0 && name[strlen(kinds[i])] == '-' &&
            zsc_text_ends(name, ".h5"))
            return true;
    return strncmp(name, "knn-", 4) == 0 && zsc_text_ends(name, ".h5");
}

/* Checkpoints in the folder, and how many of them carry one of the keys. */
static void count_files(const zsc_checkpoint *c, const zsc_digest *key, size_t keys, size_t *all, size_t *own)
{
    DIR *entries = opendir(c->folder);
    char text[ZSC_DIGEST_TEXT];
    *all = *own = 0;
    for (const struct dirent *e; entries && (e = readdir(entries));) {
        if (!is_checkpoint(e->d_name)) continue;
        ++*all;
        for (size_t i = 0; i < keys; i++)
            if (strstr(e->d_name, zsc_digest_text(key[i], text))) {
                ++*own;
                break;
            }
    }
    if (entries) closedir(entries);
}

/* A file that is there of this run's rows and settings is the run's, also where a later stage makes it needless. */
static zsc_status take_if_there(zsc_checkpoint *c, const char *kind, zsc_digest key)
{
    char *path = path_of(c, kind, key);
    if (!path) return ZSC_EINTERNAL;
    zsc_status status = access(path, R_OK) == 0 ? zsc_list_add_once(&c->inputs, path, NULL) : ZSC_OK;
    free(path);
    return status;
}

zsc_status zsc_checkpoint_begin(zsc_checkpoint *c, const zsc_run_options *o, const zsc_dataset *data)
{
    zsc_status status = ZSC_OK;
    if (!c) return ZSC_OK;
    size_t all, own;
    zsc_digest key[4];
    ZSC_TRY(zsc_make_folder(c->folder));
    key[0] = zsc_stage_key_knn_of(o, data);
    key[1] = zsc_stage_key_graph(o, key[0]);
    ZSC_TRY(zsc_stage_key_reduced(o, data, &key[2]));
    ZSC_TRY(zsc_stage_key_tree(o, data, &key[3]));
    count_files(c, key, 4, &all, &own);
    if (all && !own)
        zsc_note_once("the checkpoints in '%s' are of other rows, settings or seeds, and stay: this run begins at the "
                      "beginning",
                      c->folder);
    ZSC_TRY(take_if_there(c, kinds[SEARCH], key[0]));
    ZSC_TRY(take_if_there(c, "knn", key[0]));
    ZSC_TRY(take_if_there(c, kinds[GRAPH], key[1]));
    c->written = zsc_clock();
    c->cost = 0;
done:
    return status;
}

static void remove_all(zsc_list *list)
{
    for (size_t i = 0; i < list->count; i++) unlink(list->item[i]);
    zsc_list_free(list);
    *list = (zsc_list){0};
}

void zsc_checkpoint_remove(zsc_checkpoint *c, bool all)
{
    if (!c) return;
    remove_all(&c->runs);
    if (all) remove_all(&c->inputs);
}

void zsc_checkpoint_free(zsc_checkpoint *c)
{
    zsc_list_free(&c->inputs);
    zsc_list_free(&c->runs);
}

bool zsc_checkpoint_due(const zsc_checkpoint *c)
{
    const double past = zsc_clock() - c->written;
    return c->interval <= 0 || (past >= c->interval && past >= COST * c->cost);
}

/* Removes a file that another stands for. */
static void remove_kind(const zsc_checkpoint *c, size_t kind, zsc_digest key)
{
    char *path = path_of(c, kinds[kind], key);
    if (path) unlink(path);
    free(path);
}

/* STATUS of writing PATH since BEGAN: what fails is said once, and the run goes on. */
static zsc_status written(zsc_checkpoint *c, const char *path, double began, zsc_status status)
{
    if (status == ZSC_OK) zsc_detail("checkpoint '%s': %.2f s", path, zsc_clock() - began);
    if (status == ZSC_OK || status == ZSC_EINTERRUPTED) return status;
    if (!c->failed) zsc_warn("no checkpoint is kept: %s; the run goes on", zsc_error_message());
    c->failed = true;
    return ZSC_OK;
}

/* The same of a file that is written again and again, and goes to LIST. */
static zsc_status written_again(zsc_checkpoint *c, const char *path, double began, zsc_status status, zsc_list *list)
{
    status = written(c, path, began, status);
    c->written = zsc_clock();
    c->cost = c->written - began;
    return status == ZSC_OK ? zsc_list_add_once(list, path, NULL) : status;
}

/* STATUS of reading PATH: what is damaged counts as not there. */
static zsc_status read_or_left(const char *path, zsc_status status)
{
    if (status == ZSC_OK || status == ZSC_EINTERRUPTED) return status;
    zsc_warn("the checkpoint '%s' is not taken: %s; what it holds is computed again", path, zsc_error_message());
    return ZSC_OK;
}

/* --- What the files share: format, key, seconds */
static zsc_status create(const char *path, zsc_digest key, const zsc_stage_list *seconds, zsc_h5 **out)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    char text[ZSC_DIGEST_TEXT], name[64];
    ZSC_TRY(zsc_h5_create(path, &file));
    ZSC_TRY(zsc_h5_set_int(file, "/", "zsc_checkpoint", FORMAT));
    ZSC_TRY(zsc_h5_set_text(file, "/", "key", zsc_digest_text(key, text)));
    ZSC_TRY(zsc_h5_set_int(file, "/stages", "count", (int64_t)seconds->count));
    for (size_t i = 0; i < seconds->count; i++) {
        snprintf(name, sizeof name, "/stages/%zu", i);
        ZSC_TRY(zsc_h5_set_text(file, name, "stage", seconds->item[i].stage));
        ZSC_TRY(zsc_h5_set_double(file, name, "seconds", seconds->item[i].seconds));
    }
    *out = file;
    file = NULL;
done:
    zsc_h5_close(file);
    return status;
}

/* With the checksums of OBJECTS (separated by blanks); *FILE is closed, also on failure. */
static zsc_status commit(zsc_h5 **file, const char *objects)
{
    zsc_status status = ZSC_OK;
    zsc_list list = {0};
    zsc_h5 *whole = *file;
    ZSC_TRY(zsc_list_split(&list, objects, " "));
    ZSC_TRY(zsc_h5_checksums_write(whole, &list));
    *file = NULL;
    status = zsc_h5_commit(whole);
done:
    zsc_list_free(&list);
    return status;
}

static zsc_status open_checked(const char *path, zsc_digest key, zsc_h5 **out)
{
    zsc_status status = ZSC_OK;
    char text[ZSC_DIGEST_TEXT], *own = NULL;
    int64_t format;
    zsc_h5 *file = NULL;
    ZSC_TRY(zsc_h5_open(path, &file));
    ZSC_TRY(zsc_h5_get_int(file, "/", "zsc_checkpoint", -1, &format));
    ZSC_TRY(zsc_h5_get_text(file, "/", "key", "", &own));
    if (format != FORMAT)
        status = zsc_fail(ZSC_EINPUT, "it is of another version of zsc (format %lld, expected %d)", (long long)format,
                          FORMAT);
    else if (strcmp(own, zsc_digest_text(key, text)) != 0)
        status = zsc_fail(ZSC_EINPUT, "it carries another key than its name");
    else if (!zsc_h5_checksums_present(file))
        status = zsc_fail(ZSC_EINPUT, "it has no checksums");
    if (status != ZSC_OK) goto done;
    *out = file;
    file = NULL;
done:
    free(own);
    zsc_h5_close(file);
    return status;
}

static zsc_status read_seconds(zsc_h5 *file, zsc_stage_list *out)
{
    zsc_status status = ZSC_OK;
    int64_t count;
    char name[64], *stage = NULL;
    ZSC_TRY(zsc_h5_get_int(file, "/stages", "count", 0, &count));
    for (int64_t i = 0; i < count; i++) {
        double seconds;
        snprintf(name, sizeof name, "/stages/%lld", (long long)i);
        free(stage);
        stage = NULL;
        ZSC_TRY(zsc_h5_get_text(file, name, "stage", "", &stage));
        ZSC_TRY(zsc_h5_get_double(file, name, "seconds", 0, &seconds));
        ZSC_TRY(zsc_stage_add(out, stage, seconds));
    }
done:
    free(stage);
    return status;
}

/* --- A search that is not finished */
static zsc_status read_search(const char *path, zsc_digest key, zsc_knn_state *s, zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    int64_t round, improved;
    const size_t shape[] = {s->n, s->k};
    ZSC_TRY(open_checked(path, key, &file));
    ZSC_TRY(zsc_h5_get_int(file, "/", "round", 0, &round));
    ZSC_TRY(zsc_h5_get_int(file, "/", "improved", 0, &improved));
    ZSC_TRY(zsc_h5_read(file, "/index", ZSC_H5_I32, 2, shape, s->index));
    ZSC_TRY(zsc_h5_read(file, "/distance", ZSC_H5_F32, 2, shape, s->distance));
    ZSC_TRY(zsc_h5_read(file, "/new", ZSC_H5_U8, 2, shape, s->new));
    ZSC_TRY(read_seconds(file, seconds));
    s->round = (size_t)round;
    s->improved = (size_t)improved;
done:
    zsc_h5_close(file);
    return status;
}

zsc_status zsc_checkpoint_find_search(zsc_checkpoint *c, zsc_digest key, zsc_knn_state *s, zsc_stage_list *seconds,
                                      bool *found)
{
    zsc_status status = ZSC_OK;
    if (!c) return ZSC_OK;
    char *path = path_of(c, kinds[SEARCH], key);
    if (!path) return ZSC_EINTERNAL;
    if (access(path, R_OK) != 0) goto done;
    ZSC_TRY(zsc_list_add_once(&c->inputs, path, NULL));
    status = read_search(path, key, s, seconds);
    *found = status == ZSC_OK;
    ZSC_TRY(read_or_left(path, status));
    if (*found) zsc_note("resumed before round %zu of the search for neighbours, from '%s'", s->round + 1, path);
done:
    free(path);
    return status;
}

static zsc_status write_search(const char *path, zsc_digest key, const zsc_knn_state *s, const zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    const size_t shape[] = {s->n, s->k};
    ZSC_TRY(create(path, key, seconds, &file));
    ZSC_TRY(zsc_h5_set_int(file, "/", "round", (int64_t)s->round));
    ZSC_TRY(zsc_h5_set_int(file, "/", "improved", (int64_t)s->improved));
    ZSC_TRY(zsc_h5_write(file, "/index", ZSC_H5_I32, 2, shape, s->index));
    ZSC_TRY(zsc_h5_write(file, "/distance", ZSC_H5_F32, 2, shape, s->distance));
    ZSC_TRY(zsc_h5_write(file, "/new", ZSC_H5_U8, 2, shape, s->new));
    status = commit(&file, "/index /distance /new");
done:
    zsc_h5_close(file);
    return status;
}

zsc_status zsc_checkpoint_keep_search(zsc_checkpoint *c, zsc_digest key, const zsc_knn_state *s,
                                      const zsc_stage_list *seconds)
{
    if (!c) return ZSC_OK;
    char *path = path_of(c, kinds[SEARCH], key);
    if (!path) return ZSC_EINTERNAL;
    const double began = zsc_clock();
    zsc_status status = written_again(c, path, began, write_search(path, key, s, seconds), &c->inputs);
    free(path);
    return status;
}

/* --- Neighbours */
static char *knn_path(const zsc_checkpoint *c, zsc_digest key) { return path_of(c, "knn", key); }

zsc_status zsc_checkpoint_find_knn(zsc_checkpoint *c, const zsc_run_options *o, const zsc_dataset *data,
                                   zsc_keyed_knn *out)
{
    zsc_status status = ZSC_OK;
    char *path = NULL;
    if (!c || out->knn.index) return ZSC_OK;
    ZSC_TRY(zsc_knn_cache_find(c->folder, o, data, out));
    if (!out->knn.index) goto done;
    if (!(path = knn_path(c, out->key))) return ZSC_EINTERNAL;
    ZSC_TRY(zsc_list_add_once(&c->inputs, path, NULL));
    remove_kind(c, SEARCH, out->key);
    zsc_note("resumed after the neighbours, from '%s'", path);
done:
    free(path);
    return status;
}

zsc_status zsc_checkpoint_keep_knn(zsc_checkpoint *c, zsc_keyed_knn *knn)
{
    zsc_status status = ZSC_OK;
    char *path = NULL;
    if (!c || knn->on_disk) return ZSC_OK;
    if (!(path = knn_path(c, knn->key))) return ZSC_EINTERNAL;
    const double began = zsc_clock();
    ZSC_TRY(written(c, path, began, zsc_knn_cache_store(c->folder, knn)));
    if (access(path, R_OK) == 0) remove_kind(c, SEARCH, knn->key);
    status = zsc_list_add_once(&c->inputs, path, NULL);
done:
    free(path);
    return status;
}

/* --- The graph */
static zsc_status read_graph(const char *path, zsc_digest key, size_t n, zsc_graph *out, zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    zsc_graph g = {.n = n};
    zsc_h5_info info;
    uint64_t *offset = NULL;
    ZSC_TRY(open_checked(path, key, &file));
    ZSC_TRY(zsc_h5_stat(file, "/column", &info));
    size_t edges = info.rank == 1 ? info.shape[0] : 0;
    ZSC_NEW_RAW(offset, n + 1);
    ZSC_NEW_RAW(g.offset, n + 1);
    ZSC_NEW_RAW(g.column, edges);
    ZSC_NEW_RAW(g.weight, edges);
    ZSC_TRY(zsc_h5_read(file, "/offset", ZSC_H5_U64, 1, (const size_t[]){n + 1}, offset));
    ZSC_TRY(zsc_h5_read(file, "/column", ZSC_H5_I32, 1, &edges, g.column));
    ZSC_TRY(zsc_h5_read(file, "/weight", ZSC_H5_F32, 1, &edges, g.weight));
    for (size_t i = 0; i <= n; i++) g.offset[i] = (size_t)offset[i];
    if (g.offset[n] != edges) {
        status = zsc_fail(ZSC_EINPUT, "its graph has %zu edges, and %zu columns", g.offset[n], edges);
        goto done;
    }
    ZSC_TRY(zsc_graph_check(&g));
    ZSC_TRY(read_seconds(file, seconds));
    *out = g;
    g = (zsc_graph){0};
done:
    zsc_h5_close(file);
    zsc_graph_free(&g);
    free(offset);
    return status;
}

zsc_status zsc_checkpoint_find_graph(zsc_checkpoint *c, zsc_digest key, size_t n, zsc_keyed_graph *out,
                                     zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    if (!c) return ZSC_OK;
    char *path = path_of(c, kinds[GRAPH], key);
    if (!path) return ZSC_EINTERNAL;
    if (access(path, R_OK) != 0) goto done;
    ZSC_TRY(zsc_list_add_once(&c->inputs, path, NULL));
    ZSC_TRY(read_or_left(path, read_graph(path, key, n, &out->graph, seconds)));
    if (!out->graph.offset) goto done;
    out->key = key;
    zsc_note("resumed after the graph, from '%s'", path);
done:
    free(path);
    return status;
}

static zsc_status write_graph(const char *path, const zsc_keyed_graph *keyed, const zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    const zsc_graph *g = &keyed->graph;
    const size_t offsets = g->n + 1, edges = g->offset[g->n];
    static_assert(sizeof *g->offset == sizeof(uint64_t), "offsets are written as they are");
    zsc_h5 *file = NULL;
    ZSC_TRY(create(path, keyed->key, seconds, &file));
    ZSC_TRY(zsc_h5_write(file, "/offset", ZSC_H5_U64, 1, &offsets, g->offset));
    ZSC_TRY(zsc_h5_write(file, "/column", ZSC_H5_I32, 1, &edges, g->column));
    ZSC_TRY(zsc_h5_write(file, "/weight", ZSC_H5_F32, 1, &edges, g->weight));
    status = commit(&file, "/offset /column /weight");
done:
    zsc_h5_close(file);
    return status;
}

zsc_status zsc_checkpoint_keep_graph(zsc_checkpoint *c, const zsc_keyed_graph *graph, const zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    if (!c) return ZSC_OK;
    char *path = path_of(c, kinds[GRAPH], graph->key);
    if (!path) return ZSC_EINTERNAL;
    const double began = zsc_clock();
    ZSC_TRY(written(c, path, began, write_graph(path, graph, seconds)));
    if (access(path, R_OK) == 0) remove_all(&c->inputs); /* the neighbours, which it stands for */
    status = zsc_list_add_once(&c->inputs, path, NULL);
done:
    free(path);
    return status;
}

/* --- The layout */
static zsc_status read_layout(const char *path, zsc_checkpoint_layout *l, float *y, zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    int64_t epoch, epochs, converged;
    ZSC_TRY(open_checked(path, l->key, &file));
    ZSC_TRY(zsc_h5_get_int(file, "/", "epoch", -1, &epoch));
    ZSC_TRY(zsc_h5_get_int(file, "/", "epochs", -1, &epochs));
    ZSC_TRY(zsc_h5_get_int(file, "/", "converged", 1, &converged));
    if (epoch < 0 || epoch > epochs || (size_t)epochs != l->epochs) {
        status = zsc_fail(ZSC_EINPUT, "it is before epoch %lld of %lld, expected 0 to %zu", (long long)epoch,
                          (long long)epochs, l->epochs);
        goto done;
    }
    ZSC_TRY(zsc_h5_read(file, "/layout", ZSC_H5_F32, 2, (const size_t[]){l->n, l->dim}, y));
    ZSC_TRY(read_seconds(file, seconds));
    l->epoch = (size_t)epoch;
    l->converged = converged != 0;
    l->found = true;
done:
    zsc_h5_close(file);
    return status;
}

zsc_status zsc_checkpoint_find_layout(zsc_checkpoint *c, zsc_checkpoint_layout *l, float *y, zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    if (!c) return ZSC_OK;
    char *path = path_of(c, kinds[LAYOUT], l->key);
    if (!path) return ZSC_EINTERNAL;
    if (access(path, R_OK) != 0) goto done;
    ZSC_TRY(zsc_list_add_once(&c->runs, path, NULL));
    ZSC_TRY(read_or_left(path, read_layout(path, l, y, seconds)));
    if (l->found) zsc_note("resumed at epoch %zu of %zu of the layout, from '%s'", l->epoch, l->epochs, path);
done:
    free(path);
    return status;
}

static zsc_status write_layout(const char *path, const zsc_checkpoint_layout *l, const float *y,
                               const zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    ZSC_TRY(create(path, l->key, seconds, &file));
    ZSC_TRY(zsc_h5_set_int(file, "/", "epoch", (int64_t)l->epoch));
    ZSC_TRY(zsc_h5_set_int(file, "/", "epochs", (int64_t)l->epochs));
    ZSC_TRY(zsc_h5_set_int(file, "/", "converged", l->converged));
    ZSC_TRY(zsc_h5_write(file, "/layout", ZSC_H5_F32, 2, (const size_t[]){l->n, l->dim}, y));
    status = commit(&file, "/layout");
done:
    zsc_h5_close(file);
    return status;
}

zsc_status zsc_checkpoint_keep_layout(zsc_checkpoint *c, const zsc_checkpoint_layout *l, const float *y,
                                      const zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    if (!c) return ZSC_OK;
    char *path = path_of(c, kinds[LAYOUT], l->key);
    if (!path) return ZSC_EINTERNAL;
    const double began = zsc_clock();
    status = written_again(c, path, began, write_layout(path, l, y, seconds), &c->runs);
    free(path);
    return status;
}

/* --- A linkage that is not finished */
static zsc_status read_merges(const char *path, zsc_digest key, size_t n, zsc_ward_state *out, zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    zsc_ward_state s = {0};
    zsc_h5_info merges, nearest;
    ZSC_TRY(open_checked(path, key, &file));
    ZSC_TRY(zsc_h5_stat(file, "/merges", &merges));
    ZSC_TRY(zsc_h5_stat(file, "/nearest", &nearest));
    s.merges = merges.rank == 2 ? merges.shape[0] : n;
    s.live = nearest.rank == 1 ? nearest.shape[0] : n;
    if (s.live > n || s.merges > n - s.live) {
        status = zsc_fail(ZSC_EINPUT, "it has %zu merges and %zu clusters, of %zu rows", s.merges, s.live, n);
        goto done;
    }
    ZSC_NEW_RAW(s.pair, 2 * s.merges);
    ZSC_NEW_RAW(s.nearest, s.live);
    if (s.merges) ZSC_TRY(zsc_h5_read(file, "/merges", ZSC_H5_I32, 2, (const size_t[]){s.merges, 2}, s.pair));
    ZSC_TRY(zsc_h5_read(file, "/nearest", ZSC_H5_I32, 1, &s.live, s.nearest));
    ZSC_TRY(read_seconds(file, seconds));
    *out = s;
    s = (zsc_ward_state){0};
done:
    zsc_h5_close(file);
    zsc_ward_state_free(&s);
    return status;
}

zsc_status zsc_checkpoint_find_merges(zsc_checkpoint *c, zsc_digest key, size_t n, zsc_ward_state *out,
                                      zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    if (!c) return ZSC_OK;
    char *path = path_of(c, kinds[MERGES], key);
    if (!path) return ZSC_EINTERNAL;
    if (access(path, R_OK) != 0) goto done;
    ZSC_TRY(zsc_list_add_once(&c->runs, path, NULL));
    ZSC_TRY(read_or_left(path, read_merges(path, key, n, out, seconds)));
    if (out->pair) zsc_note("resumed after %zu merges of the dendrogram, from '%s'", out->merges, path);
done:
    free(path);
    return status;
}

static zsc_status write_merges(const char *path, zsc_digest key, const zsc_ward_state *s, const zsc_stage_list *seconds)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    ZSC_TRY(create(path, key, seconds, &file));
    ZSC_TRY(zsc_h5_write(file, "/merges", ZSC_H5_I32, 2, (const size_t[]){s->merges, 2}, s->pair));
    ZSC_TRY(zsc_h5_write(file, "/nearest", ZSC_H5_I32, 1, &s->live, s->nearest));
    status = commit(&file, "/merges /nearest");
done:
    zsc_h5_close(file);
    return status;
}

zsc_status zsc_checkpoint_keep_merges(zsc_checkpoint *c, zsc_digest key, const zsc_ward_state *s,
                                      const zsc_stage_list *seconds)
{
    if (!c) return ZSC_OK;
    char *path = path_of(c, kinds[MERGES], key);
    if (!path) return ZSC_EINTERNAL;
    const double began = zsc_clock();
    zsc_status status = written_again(c, path, began, write_merges(path, key, s, seconds), &c->runs);
    free(path);
    return status;
}

/* --- The dendrogram */
static zsc_status read_linkage(const char *path, zsc_digest key, size_t n, zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    double *z = NULL;
    ZSC_TRY(open_checked(path, key, &file));
    ZSC_NEW_RAW(z, 4 * (n - 1));
    ZSC_TRY(zsc_h5_read(file, "/linkage", ZSC_H5_F64, 2, (const size_t[]){n - 1, 4}, z));
    ZSC_TRY(read_seconds(file, &tree->clustering_seconds));
    tree->linkage = z;
    z = NULL;
done:
    zsc_h5_close(file);
    free(z);
    return status;
}

zsc_status zsc_checkpoint_find_linkage(zsc_checkpoint *c, zsc_digest key, size_t n, zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    if (!c) return ZSC_OK;
    char *path = path_of(c, kinds[LINKAGE], key);
    if (!path) return ZSC_EINTERNAL;
    if (access(path, R_OK) != 0) goto done;
    ZSC_TRY(zsc_list_add_once(&c->runs, path, NULL));
    ZSC_TRY(read_or_left(path, read_linkage(path, key, n, tree)));
    if (tree->linkage) {
        remove_kind(c, MERGES, key);
        zsc_note("resumed after the dendrogram, from '%s'", path);
    }
done:
    free(path);
    return status;
}

static zsc_status write_linkage(const char *path, zsc_digest key, size_t n, const zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    zsc_h5 *file = NULL;
    ZSC_TRY(create(path, key, &tree->clustering_seconds, &file));
    ZSC_TRY(zsc_h5_write(file, "/linkage", ZSC_H5_F64, 2, (const size_t[]){n - 1, 4}, tree->linkage));
    status = commit(&file, "/linkage");
done:
    zsc_h5_close(file);
    return status;
}

zsc_status zsc_checkpoint_keep_linkage(zsc_checkpoint *c, size_t n, const zsc_tree *tree)
{
    zsc_status status = ZSC_OK;
    if (!c || !tree->linkage) return ZSC_OK;
    char *path = path_of(c, kinds[LINKAGE], tree->key);
    if (!path) return ZSC_EINTERNAL;
    const double began = zsc_clock();
    ZSC_TRY(written(c, path, began, write_linkage(path, tree->key, n, tree)));
    if (access(path, R_OK) == 0) remove_kind(c, MERGES, tree->key);
    status = zsc_list_add_once(&c->runs, path, NULL);
done:
    free(path);
    return status;
}
