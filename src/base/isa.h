/* Instruction sets: kernels are compiled several times, and one copy is chosen at run time.
 *
 * A file of kernels, src/<module>/kernels*, is compiled once with no flags and, on x86-64, again for AVX2+FMA and for
 * AVX-512, on aarch64 for NEON; the macro ZSC_SIMD(name) gives each copy its own names (name_plain, name_avx2,
 * name_avx512, name_neon), and each copy ends in one constant table of function pointers. The module's header declares
 * the tables with ZSC_SIMD_DECLARE and callers take the one that suits this processor with ZSC_SIMD_PICK. */
#ifndef ZSC_BASE_ISA_H
#define ZSC_BASE_ISA_H

#include "config.h"
#include "zsc/status.h"

typedef enum zsc_isa { ZSC_ISA_PLAIN, ZSC_ISA_AVX2, ZSC_ISA_AVX512, ZSC_ISA_NEON } zsc_isa;

/* The best set that processor and build have, or what the environment variable ZSC_ISA (plain, avx2, avx512, neon) asks
 * for where there is that. Constant during a process unless zsc_isa_force was called. */
zsc_isa zsc_isa_active(void);
/* ZSC_EUSAGE: ZSC_ISA is no set that zsc knows. A warning where this processor, or this build, lacks it. */
zsc_status zsc_isa_check(void);
const char *zsc_isa_name(zsc_isa isa);
void zsc_isa_force(zsc_isa isa); /* for tests; the best where processor or build lack it */

#define ZSC_PASTE_(a, b) a##b
#define ZSC_PASTE(a, b) ZSC_PASTE_(a, b)
#ifndef ZSC_SIMD_SUFFIX
#define ZSC_SIMD_SUFFIX _plain
#endif
#define ZSC_SIMD(name) ZSC_PASTE(name, ZSC_SIMD_SUFFIX)

/* ZSC_SIMD_DECLARE(zsc_ward_kernels, zsc_ward_kernels) declares the copies of a constant table zsc_ward_kernels of type
 * zsc_ward_kernels; ZSC_SIMD_PICK(zsc_ward_kernels) points to the active copy. */
#ifdef ZSC_HAVE_X86_KERNELS
#define ZSC_SIMD_DECLARE(type, name) extern const type name##_plain, name##_avx2, name##_avx512
#define ZSC_SIMD_PICK(name)                                                                                            \
    (zsc_isa_active() == ZSC_ISA_AVX512 ? &name##_avx512                                                               \
     : zsc_isa_active() == ZSC_ISA_AVX2 ? &name##_avx2                                                                 \
                                        : &name##_plain)
#elif defined ZSC_HAVE_NEON_KERNELS
#define ZSC_SIMD_DECLARE(type, name) extern const type name##_plain, name##_neon
#define ZSC_SIMD_PICK(name) (zsc_isa_active() == ZSC_ISA_NEON ? &name##_neon : &name##_plain)
#else
#define ZSC_SIMD_DECLARE(type, name) extern const type name##_plain
#define ZSC_SIMD_PICK(name) (&name##_plain)
#endif

#endif
