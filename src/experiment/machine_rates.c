#include "experiment/machine_rates.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/isa.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "base/version.h"
#include "io/files/atomic.h"
#include "io/files/read_file.h"
#include "zsc/core.h"

static const char *const NAMES[ZSC_WORKS] = {"search", "start", "layout", "trees"};

/* Processor seconds of the problem below where estimate.c has its rates from (AMD EPYC, Zen 5, AVX-512, one thread). */
static const double REFERENCE[ZSC_WORKS] = {0.1755, 0.0905, 0.0785, 0.029};

/* --- The problem: rows in clusters, as embeddings are */
enum { ROWS = 6000, COLUMNS = 256, CLUSTER = 12, NEIGHBORS = 15, COMPONENTS = 50, EPOCHS = 60, TIMES = 2 };

static void make_rows(float *x)
{
    for (size_t i = 0; i < ROWS; i++) {
        zsc_stream centre = zsc_stream_open(0, ZSC_RANDOM_SPEED, i / CLUSTER);
        zsc_stream row = zsc_stream_open(1, ZSC_RANDOM_SPEED, i);
        for (size_t c = 0; c < COLUMNS; c++)
            x[i * COLUMNS + c] = (float)(zsc_stream_normal(&centre) / (double)(1 + c / 16) +
                                         0.2 * zsc_stream_normal(&row));
    }
}

typedef struct problem {
    float *x, *y; /* ROWS x COLUMNS, ROWS x COMPONENTS */
    double *z;    /* the linkage matrix */
    zsc_knn knn;
    zsc_graph graph;
} problem;

static void problem_free(problem *p)
{
    zsc_knn_free(&p->knn);
    zsc_graph_free(&p->graph);
    free(p->x);
    free(p->y);
    free(p->z);
}

static zsc_status problem_make(problem *p)
{
    zsc_status status = ZSC_OK;
    ZSC_NEW_RAW(p->x, (size_t)ROWS * COLUMNS);
    ZSC_NEW_RAW(p->y, (size_t)ROWS * COMPONENTS);
    ZSC_NEW_RAW(p->z, (size_t)(ROWS - 1) * 4);
    make_rows(p->x);
done:
    return status;
}

/* Each kind needs what the one before has made. */
static zsc_status do_work(problem *p, zsc_work work, const zsc_exec *exec)
{
    zsc_knn_options search = zsc_knn_defaults();
    zsc_umap_options umap = zsc_umap_defaults();
    search.neighbors = umap.n_neighbors = NEIGHBORS;
    umap.n_components = COMPONENTS;
    umap.n_epochs = 200;
    switch (work) {
    case ZSC_WORK_SEARCH: zsc_knn_free(&p->knn); return zsc_knn_search(p->x, ROWS, COLUMNS, &search, exec, &p->knn);
    case ZSC_WORK_START: {
        zsc_graph_free(&p->graph);
        zsc_status status = zsc_fuzzy_simplicial_set(&p->knn, 1, 1, exec, NULL, NULL, &p->graph);
        return status ? status : zsc_umap_initialise(&p->graph, p->x, COLUMNS, &umap, exec, p->y, NULL);
    }
    case ZSC_WORK_LAYOUT: return zsc_umap_layout(&p->graph, &umap, 0, EPOCHS, exec, p->y);
    case ZSC_WORK_TREES:
    case ZSC_WORKS: break;
    }
    return zsc_linkage(p->y, ROWS, COMPONENTS, ZSC_WARD, exec, p->z, NULL);
}

static zsc_status measure(const zsc_exec *caller, zsc_machine_rates *out)
{
    zsc_status status = ZSC_OK;
    const zsc_exec one = {.threads = 1, .progress = caller->progress, .progress_data = caller->progress_data};
    problem p = {0};
    ZSC_TRY(problem_make(&p));
    for (int work = 0; work < ZSC_WORKS; work++) {
        double least = INFINITY;
        for (int time = 0; time < TIMES; time++) {
            double began = zsc_cpu_clock();
            ZSC_TRY(do_work(&p, (zsc_work)work, &one));
            least = fmin(least, zsc_cpu_clock() - began);
        }
        out->times[work] = least / REFERENCE[work];
    }
done:
    problem_free(&p);
    return status;
}

/* --- The file: lines of a name and a value */
/* The folder, the caller's; NULL: the user has none. */
static char *cache_folder(void)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    zsc_text path = {0};
    if (cache && cache[0] == '/') /* others are not valid (XDG Base Directory Specification) */
        zsc_text_printf(&path, "%s/zsc", cache);
    else if (home && home[0] == '/')
        zsc_text_printf(&path, "%s/.cache/zsc", home);
    return path.failed ? NULL : path.data;
}

/* "AMD EPYC 9B45", or what kind of machine it is where the system does not say more. */
static void append_processor(zsc_text *text)
{
    struct utsname system;
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[512];
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file))
        if (strncmp(line, "model name", 10) == 0 && strchr(line, ':')) {
            line[strcspn(line, "\n")] = '\0';
            zsc_text_append(text, strchr(line, ':') + 1 + strspn(strchr(line, ':') + 1, " "));
            found = true;
        }
    if (file) fclose(file);
    if (!found) zsc_text_append(text, uname(&system) == 0 ? system.machine : "unknown");
}

/* The lines that say what the rates are of. */
static void append_machine(zsc_text *text)
{
    zsc_text_printf(text, "zsc %s %s\nprocessor ", zsc_version(), zsc_revision());
    append_processor(text);
    zsc_text_printf(text, "\nkernels %s\n", zsc_isa_name(zsc_isa_active()));
}

/* False: it is of another machine or zsc, or is no such file. */
static bool parse(const char *text, const char *machine, zsc_machine_rates *out)
{
    size_t length = strlen(machine);
    if (strncmp(text, machine, length) != 0) return false;
    text += length;
    for (int work = 0; work < ZSC_WORKS; work++) {
        char name[16];
        int used = 0;
        if (sscanf(text, "%15s %lf\n%n", name, &out->times[work], &used) != 2 || used == 0) return false;
        if (strcmp(name, NAMES[work]) != 0 || !(out->times[work] > 0.001 && out->times[work] < 1000)) return false;
        text += used;
    }
    return *text == '\0';
}

static bool read_rates(const char *path, const char *machine, zsc_machine_rates *out)
{
    char *text = NULL;
    zsc_status status = zsc_read_file(path, &text, NULL);
    bool is = status == ZSC_OK && parse(text, machine, out);
    if (status != ZSC_OK) zsc_error_clear();
    free(text);
    return is;
}

static zsc_status write_rates(const char *folder, const char *path, const char *machine, const zsc_machine_rates *rates)
{
    zsc_atomic *file = NULL;
    zsc_status status = zsc_make_folder(folder);
    if (status == ZSC_OK) status = zsc_atomic_open(path, &file);
    if (status != ZSC_OK) return status;
    fputs(machine, zsc_atomic_stream(file));
    for (int work = 0; work < ZSC_WORKS; work++)
        fprintf(zsc_atomic_stream(file), "%s %.3f\n", NAMES[work], rates->times[work]);
    return zsc_atomic_commit(file);
}

zsc_status zsc_machine_rates_get(const zsc_exec *exec, zsc_machine_rates *out)
{
    zsc_status status = ZSC_OK;
    char *folder = cache_folder();
    zsc_text machine = {0}, path = {0};
    zsc_machine_rates rates;
    append_machine(&machine);
    if (folder) zsc_text_printf(&path, "%s/rates", folder);
    if (machine.failed || path.failed) {
        status = zsc_fail_memory(1, 256, "the rates of this machine");
        goto done;
    }
    if (folder && read_rates(path.data, machine.data, &rates)) {
        zsc_detail("rates of this machine: %s", path.data);
        *out = rates;
        goto done;
    }
    ZSC_TRY(measure(exec, &rates));
    bool kept = folder && write_rates(folder, path.data, machine.data, &rates) == ZSC_OK;
    if (folder && !kept) zsc_error_clear();
    if (!kept)
        zsc_detail("the rates of this machine were measured; they cannot be kept in %s", folder ? path.data : "$HOME");
    else
        zsc_detail("the rates of this machine were measured; %s keeps them", path.data);
    *out = rates;
done:
    free(folder);
    free(machine.data);
    free(path.data);
    return status;
}
