/* Quotas and limits of control groups. /proc/self/cgroup names the process's group in each hierarchy, "0::/a/b"
 * (version 2) or "4:cpu,cpuacct:/a/b" (version 1); the least from there up to the mount point counts. In a container
 * the named folders may not be there, and the mount point itself is the container's. */
#include "base/cgroup.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 4096 };

/* The first line of ROOT/FOLDER/NAME; false where there is none. */
static bool read_line(const char *folder, const char *name, char *line, int size)
{
    char path[PATH];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= PATH) return false;
    FILE *file = fopen(path, "r");
    bool found = file && fgets(line, size, file);
    if (file) fclose(file);
    return found;
}

static double ratio(double quota, double period) { return quota > 0 && period > 0 ? quota / period : INFINITY; }

/* Processors that one folder grants; infinity where it sets no bound. */
static double quota_of(const char *folder)
{
    char line[128], period[128], *end;
    if (read_line(folder, "cpu.max", line, sizeof line)) { /* "200000 100000", or "max 100000" */
        double quota = strtod(line, &end);
        return end == line ? INFINITY : ratio(quota, strtod(end, NULL));
    }
    if (read_line(folder, "cpu.cfs_quota_us", line, sizeof line) &&
        read_line(folder, "cpu.cfs_period_us", period, sizeof period))
        return ratio(strtod(line, NULL), strtod(period, NULL)); /* -1: none */
    return INFINITY;
}

static double number(const char *folder, const char *name)
{
    char line[128], *end;
    if (!read_line(folder, name, line, sizeof line)) return NAN;
    double value = strtod(line, &end);
    return end == line ? INFINITY : value; /* "max" */
}

/* Bytes of files' pages in FOLDER/memory.stat, of the group and those below it: "inactive_file 1234". */
static double pages_of_files(const char *folder)
{
    static const char *const names[2][2] = {{"total_inactive_file", "total_active_file"}, /* version 1 */
                                            {"inactive_file", "active_file"}};
    char path[PATH], line[128], name[64];
    double sum[2] = {0}, value;
    if (snprintf(path, sizeof path, "%s/memory.stat", folder) >= PATH) return 0;
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        for (size_t v = 0; v < 2 && sscanf(line, "%63s %lf", name, &value) == 2; v++)
            if (strcmp(name, names[v][0]) == 0 || strcmp(name, names[v][1]) == 0) sum[v] += value;
    if (file) fclose(file);
    return sum[0] > 0 ? sum[0] : sum[1];
}

/* Bytes that one folder leaves; infinity where it sets no bound. */
static double memory_left(const char *folder)
{
    double limit = number(folder, "memory.max"), used = number(folder, "memory.current");
    if (isnan(limit)) {
        limit = number(folder, "memory.limit_in_bytes");
        used = number(folder, "memory.usage_in_bytes");
    }
    if (!isfinite(limit) || !isfinite(used) || limit >= 0x1p62) return INFINITY; /* version 1 writes "none" so */
    return fmax(0, limit - fmax(0, used - pages_of_files(folder)));
}

/* The least of MOUNT/GROUP and all above it up to MOUNT. */
static double least_above(const char *mount, const char *group, double (*of)(const char *folder))
{
    char folder[PATH];
    double least = INFINITY;
    size_t top = strlen(mount);
    if (snprintf(folder, sizeof folder, "%s%s", mount, group) >= PATH) return least;
    for (;;) {
        least = fmin(least, of(folder));
        char *slash = strrchr(folder, '/');
        if (strlen(folder) <= top || !slash || slash < folder + top) return least;
        *slash = '\0';
    }
}

/* A controller, and where version 1 mounts it. */
typedef struct controller {
    const char *name, *mounts[3];
    double (*of)(const char *folder);
} controller;

static bool lists(const char *controllers, const char *name)
{
    for (const char *p = controllers; *p; p += strcspn(p, ","), p += *p == ',')
        if (strcspn(p, ",") == strlen(name) && strncmp(p, name, strlen(name)) == 0) return true;
    return false;
}

static double least_of(const char *root, const controller *c)
{
    char path[PATH], line[PATH], mount[PATH];
    double least = INFINITY;
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        char *controllers = strchr(line, ':'), *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!group) continue;
        *controllers++ = *group++ = '\0';
        group[strcspn(group, "\n")] = '\0';
        if (*controllers == '\0') { /* version 2, alone or beside version 1 */
            snprintf(mount, sizeof mount, "%s/sys/fs/cgroup", root);
            least = fmin(least, least_above(mount, group, c->of));
        }
        for (size_t i = 0; lists(controllers, c->name) && i < 3 && c->mounts[i]; i++) {
            snprintf(mount, sizeof mount, "%s/sys/fs/cgroup/%s", root, c->mounts[i]);
            least = fmin(least, least_above(mount, group, c->of));
        }
    }
    if (file) fclose(file);
    return least;
}

int zsc_cgroup_cpus(const char *root)
{
    static const controller cpu = {"cpu", {"cpu", "cpu,cpuacct", "cpuacct,cpu"}, quota_of};
    double least = least_of(root, &cpu);
    return least < INT_MAX ? (int)fmax(ceil(least), 1) : INT_MAX;
}

size_t zsc_cgroup_memory(const char *root)
{
    static const controller memory = {"memory", {"memory"}, memory_left};
    double least = least_of(root, &memory);
    return least < 0x1p62 ? (size_t)least : SIZE_MAX;
}
