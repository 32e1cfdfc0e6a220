/* Memory: checked allocation, what the machine has, what this process used. */
#ifndef ZSC_BASE_MEMORY_H
#define ZSC_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/error.h"
#include "zsc/exec.h"

/* COUNT x SIZE bytes, 64-byte aligned, zeroed; freed with free(). NULL with the message set when memory runs out or
 * the product overflows. COUNT 0 gives a valid pointer. */
void *zsc_calloc(size_t count, size_t size, const char *what);

/* The same, not zeroed. */
void *zsc_malloc(size_t count, size_t size, const char *what);

/* Grows *POINTER (any pointer type) to hold at least NEED items of SIZE bytes; *CAPACITY is in items. Contents are
 * kept; on failure nothing changes. Not for memory from zsc_malloc on processors where alignment matters. */
zsc_status zsc_grow(void *pointer, size_t *capacity, size_t need, size_t size, const char *what);

/* Copies; NULL with the message set when memory runs out. */
char *zsc_strdup(const char *text);
char *zsc_strndup(const char *text, size_t length);
zsc_status zsc_copy_text(const char *text, char **out); /* zsc_strdup for those who want a status */
__attribute__((format(printf, 1, 2))) char *zsc_asprintf(const char *format, ...);

#define ZSC_NEW(pointer, count)                                                                                        \
    do {                                                                                                               \
        if (((pointer) = zsc_calloc((count), sizeof *(pointer), #pointer)) == NULL) {                                  \
            status = ZSC_EINTERNAL;                                                                                    \
            goto done;                                                                                                 \
        }                                                                                                              \
    } while (0)

#define ZSC_NEW_RAW(pointer, count)                                                                                    \
    do {                                                                                                               \
        if (((pointer) = zsc_malloc((count), sizeof *(pointer), #pointer)) == NULL) {                                  \
            status = ZSC_EINTERNAL;                                                                                    \
            goto done;                                                                                                 \
        }                                                                                                              \
    } while (0)

/* Bytes that can be had now: the least of the system's estimate and of what the control groups' memory limits and the
 * process's limits on address space and data leave. */
size_t zsc_memory_available(void);
size_t zsc_memory_peak(void); /* bytes: this process's largest resident set */

/* --- What a computation needs, beside exec->memory_held. Three steps: before it begins, `least` is certain and `most`
 * is what any rows of that shape may need; once its rows have been looked at, and before they take memory, it is known
 * to the buffer (zsc_memory_check, once or at each stage), and *exec->memory_need is raised to that. */

/* What threads' stacks, pages that are not full and small things take, in any computation. */
enum { ZSC_MEMORY_REST = 640 * 1024 };

/* Refuses when BYTES exceed the machine or, with what is held, exec->memory_limit. */
zsc_status zsc_memory_check(const zsc_exec *exec, size_t bytes, const char *what);
/* Whether zsc_memory_check would accept. */
bool zsc_memory_fits(const zsc_exec *exec, size_t bytes);
/* Refuses when even `least` does, and says both: a limit of `most` is never refused. */
zsc_status zsc_memory_expect(const zsc_exec *exec, size_t least, size_t most, const char *what);
/* EXEC (NULL: all defaults) with so many bytes more that are held. */
zsc_exec zsc_memory_hold(const zsc_exec *exec, size_t bytes);
static inline size_t zsc_memory_sum(size_t a, size_t b) { return a < SIZE_MAX - b ? a + b : SIZE_MAX; }
/* The refusal itself: WHAT needs BYTES, and there are fewer. */
zsc_status zsc_memory_refuse(size_t bytes, const char *what);

/* "1.5 GB" into BUFFER; returns BUFFER. */
enum { ZSC_BYTES_TEXT = 16 };
const char *zsc_bytes_text(double bytes, char buffer[ZSC_BYTES_TEXT]);

/* "1.5G", "300 MB", "1000000" -> bytes; false if it is not a size. */
int zsc_bytes_parse(const char *text, size_t *bytes);

#endif
