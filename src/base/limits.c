#include "base/limits.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

static size_t limit_of(int resource)
{
    struct rlimit limit;
    bool set = getrlimit((__typeof__(RLIMIT_AS))resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    return set && limit.rlim_cur < SIZE_MAX ? (size_t)limit.rlim_cur : SIZE_MAX;
}

bool zsc_limits_are_set(void) { return limit_of(RLIMIT_AS) != SIZE_MAX || limit_of(RLIMIT_DATA) != SIZE_MAX; }

bool zsc_limits_allow(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    munmap(memory, bytes);
    return true;
}

/* What /proc/self/status says of FIELD ("VmSize:"), in bytes; 0 where it cannot be asked. */
static size_t used(const char *field)
{
    char line[256];
    unsigned long long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, field, strlen(field)) == 0) {
            kib = strtoull(line + strlen(field), NULL, 10);
            break;
        }
    if (file) fclose(file);
    return (size_t)kib * 1024;
}

static size_t left(size_t limit, const char *field)
{
    if (limit == SIZE_MAX) return SIZE_MAX;
    size_t mapped = used(field);
    return mapped < limit ? limit - mapped : 0;
}

size_t zsc_limits_address_space(void) { return left(limit_of(RLIMIT_AS), "VmSize:"); }
size_t zsc_limits_data(void) { return left(limit_of(RLIMIT_DATA), "VmData:"); }
