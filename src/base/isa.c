#include "base/isa.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"

static const char *const names[] = {"plain", "avx2", "avx512"};

static zsc_isa best(void)
{
#ifdef ZSC_HAVE_X86_KERNELS
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
            return ZSC_ISA_AVX512;
        return ZSC_ISA_AVX2;
    }
#endif
    return ZSC_ISA_PLAIN;
}

static int active = -1; /* written once with the same value by whoever comes first */

zsc_isa zsc_isa_active(void)
{
    int isa = __atomic_load_n(&active, __ATOMIC_RELAXED);
    if (isa >= 0) return (zsc_isa)isa;
    isa = (int)best();
    const char *wanted = getenv("ZSC_ISA");
    for (int i = 0; wanted && i < isa; i++)
        if (strcmp(wanted, names[i]) == 0) isa = i;
    __atomic_store_n(&active, isa, __ATOMIC_RELAXED);
    return (zsc_isa)isa;
}

zsc_status zsc_isa_check(void)
{
    const char *wanted = getenv("ZSC_ISA");
    zsc_isa limit = best();
    if (!wanted || !*wanted) return ZSC_OK;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(wanted, names[i]) != 0) continue;
        if (i > (size_t)limit)
            zsc_warn("ZSC_ISA asks for %s, which this processor or this build lacks: %s is used", wanted, names[limit]);
        return ZSC_OK;
    }
    return zsc_fail(ZSC_EUSAGE,
                    "the environment variable ZSC_ISA is '%s'; expected plain, avx2 or avx512, or nothing for the best "
                    "that there is",
                    wanted);
}

void zsc_isa_force(zsc_isa isa)
{
    zsc_isa limit = best();
    __atomic_store_n(&active, (int)(isa < limit ? isa : limit), __ATOMIC_RELAXED);
}

const char *zsc_isa_name(zsc_isa isa) { return names[isa]; }
