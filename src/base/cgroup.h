/* What Linux's control groups grant this process. */
#ifndef ZSC_BASE_CGROUP_H
#define ZSC_BASE_CGROUP_H

/* Processors that the CPU quotas of the process's control group and of all above it grant, rounded up, at least 1;
 * INT_MAX where there is no quota. Versions 1 (cpu.cfs_quota_us) and 2 (cpu.max). ROOT is put before every path: "", or
 * a folder in tests. */
int zsc_cgroup_cpus(const char *root);

#endif
