#include "base/isa.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"

static const char *const names[] = {"plain", "avx2", "avx512", "neon"};
enum { SETS = sizeof names / sizeof *names };

static bool is_there(zsc_isa isa)
{
#ifdef ZSC_HAVE_X86_KERNELS
    __builtin_cpu_init();
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == ZSC_ISA_AVX2) return avx2;
    if (isa == ZSC_ISA_AVX512)
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#elif defined ZSC_HAVE_NEON_KERNELS /* every processor has it */
    if (isa == ZSC_ISA_NEON) return true;
#endif
    return isa == ZSC_ISA_PLAIN;
}

static zsc_isa best(void)
{
    int isa = SETS - 1;
    while (!is_there((zsc_isa)isa)) isa--;
    return (zsc_isa)isa;
}

static int active = -1; /* written once with the same value by whoever comes first */

zsc_isa zsc_isa_active(void)
{
    int isa = __atomic_load_n(&active, __ATOMIC_RELAXED);
    if (isa >= 0) return (zsc_isa)isa;
    isa = (int)best();
    const char *wanted = getenv("ZSC_ISA");
    for (int i = 0; wanted && i < SETS; i++)
        if (strcmp(wanted, names[i]) == 0 && is_there((zsc_isa)i)) isa = i;
    __atomic_store_n(&active, isa, __ATOMIC_RELAXED);
    return (zsc_isa)isa;
}

zsc_status zsc_isa_check(void)
{
    const char *wanted = getenv("ZSC_ISA");
    if (!wanted || !*wanted) return ZSC_OK;
    for (int i = 0; i < SETS; i++) {
        if (strcmp(wanted, names[i]) != 0) continue;
        if (!is_there((zsc_isa)i))
            zsc_warn("ZSC_ISA asks for %s, which this processor or this build lacks: %s is used", wanted,
                     names[best()]);
        return ZSC_OK;
    }
    return zsc_fail(ZSC_EUSAGE,
                    "the environment variable ZSC_ISA is '%s'; expected plain, avx2, avx512 or neon, or nothing for "
                    "the best that there is",
                    wanted);
}

void zsc_isa_force(zsc_isa isa) { __atomic_store_n(&active, (int)(is_there(isa) ? isa : best()), __ATOMIC_RELAXED); }

const char *zsc_isa_name(zsc_isa isa) { return names[isa]; }
