/* What Linux's control groups grant this process. */
#ifndef ZSC_BASE_CGROUP_H
#define ZSC_BASE_CGROUP_H

#include <stddef.h>

/* Processors that the CPU quotas of the process's control group and of all above it grant, rounded up, at least 1;
 * INT_MAX where there is no quota. Versions 1 (cpu.cfs_quota_us) and 2 (cpu.max). ROOT is put before every path: "", or
 * a folder in tests. */
int zsc_cgroup_cpus(const char *root);

/* Bytes that the memory limits of the process's control group and of all above it leave; SIZE_MAX where there is none.
 * Versions 1 (memory.limit_in_bytes) and 2 (memory.max); pages of files that the system can drop are not counted as
 * used. */
size_t zsc_cgroup_memory(const char *root);

#endif
