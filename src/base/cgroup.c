/* CPU quotas. /proc/self/cgroup names the process's group in each hierarchy, "0::/a/b" (version 2) or
 * "4:cpu,cpuacct:/a/b" (version 1); the least quota from there up to the mount point counts. In a container the named
 * folders may not be there, and the mount point itself is the container's. */
#include "base/cgroup.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
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

/* The least quota from MOUNT/GROUP up to MOUNT. */
static double least_above(const char *mount, const char *group)
{
    char folder[PATH];
    double least = INFINITY;
    size_t top = strlen(mount);
    if (snprintf(folder, sizeof folder, "%s%s", mount, group) >= PATH) return least;
    for (;;) {
        least = fmin(least, quota_of(folder));
        char *slash = strrchr(folder, '/');
        if (strlen(folder) <= top || !slash || slash < folder + top) return least;
        *slash = '\0';
    }
}

static bool lists_cpu(const char *controllers)
{
    for (const char *p = controllers; *p; p += strcspn(p, ","), p += *p == ',')
        if (strcspn(p, ",") == 3 && strncmp(p, "cpu", 3) == 0) return true;
    return false;
}

int zsc_cgroup_cpus(const char *root)
{
    static const char *const version1[] = {"cpu", "cpu,cpuacct", "cpuacct,cpu"};
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
            least = fmin(least, least_above(mount, group));
        }
        for (size_t i = 0; lists_cpu(controllers) && i < sizeof version1 / sizeof *version1; i++) {
            snprintf(mount, sizeof mount, "%s/sys/fs/cgroup/%s", root, version1[i]);
            least = fmin(least, least_above(mount, group));
        }
    }
    if (file) fclose(file);
    return least < INT_MAX ? (int)fmax(ceil(least), 1) : INT_MAX;
}
