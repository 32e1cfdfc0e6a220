/* Memory of the program beside its computations, so that what computations need can be told as the peak of the process.
 * Of the program only: in a host, what is resident is the host's, and nothing is counted. */
#ifndef ZSC_BASE_PROGRAM_MEMORY_H
#define ZSC_BASE_PROGRAM_MEMORY_H

#include <stddef.h>

/* Bytes in a line of /proc/self/status, such as "VmHWM:"; 0 where there is none. */
size_t zsc_process_bytes(const char *field);

/* From here on; what is resident now is the program's. */
void zsc_program_memory_begin(void);

/* A computation begins, and HELD bytes of what is resident are its caller's (exec->memory_held). The first one counts:
 * what is resident beyond them are libraries, labels and metadata. */
void zsc_program_memory_see(size_t held);

/* Bytes: what is there beside computations at most, with pages that libraries touch later. 0 before begin. */
size_t zsc_program_memory(void);

#endif
