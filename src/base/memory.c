#include "base/memory.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/cgroup.h"
#include "base/limits.h"
#include "base/program_memory.h"

enum {
    ALIGNMENT = 64,        /* a cache line, and one AVX-512 register */
    PAGE = 4096,           /* where pages are larger, the request fails, and nothing is lost */
    HUGE_LEAST = 16 << 20, /* bytes of an array that has huge pages: one that is partly used takes up to 2 MiB more */
    WORTH_ASKING = 4 << 20 /* bytes; the system answers from several files, and less is mostly there */
};

/* A large array gets huge pages where the system gives them to those who ask: a fault for every 2 MiB in place of every
 * 4 KiB, and addresses of random rows that are found at once. Only pages that lie wholly within the array are
 * huge, so that what takes more memory is only an array that is used in part. Results do not depend on it. */
static void ask_for_huge_pages(void *memory, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    const uintptr_t from = ((uintptr_t)memory + PAGE - 1) / PAGE * PAGE,
                    end = ((uintptr_t)memory + bytes) / PAGE * PAGE;
    if (bytes >= HUGE_LEAST) (void)madvise((char *)memory + (from - (uintptr_t)memory), end - from, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)bytes;
#endif
}

void *zsc_malloc(size_t count, size_t size, const char *what)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - ALIGNMENT) {
        zsc_fail_memory(count, size, what);
        return NULL;
    }
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *memory = aligned_alloc(ALIGNMENT, bytes ? bytes : ALIGNMENT);
    if (memory)
        ask_for_huge_pages(memory, bytes);
    else
        zsc_fail_memory(count, size, what);
    return memory;
}

void *zsc_calloc(size_t count, size_t size, const char *what)
{
    void *memory = zsc_malloc(count, size, what);
    if (memory) memset(memory, 0, count * size);
    return memory;
}

zsc_status zsc_grow(void *pointer, size_t *capacity, size_t need, size_t size, const char *what)
{
    if (need <= *capacity) return ZSC_OK;
    size_t target = *capacity + *capacity / 2 + 16, bytes;
    if (target < need) target = need;
    void *old, *new;
    memcpy(&old, pointer, sizeof old);
    if (__builtin_mul_overflow(target, size, &bytes) || !(new = realloc(old, bytes)))
        return zsc_fail_memory(target, size, what);
    ask_for_huge_pages(new, bytes);
    memcpy(pointer, &new, sizeof new);
    *capacity = target;
    return ZSC_OK;
}

char *zsc_strndup(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (!copy) {
        zsc_fail_memory(length, 1, "a string");
        return NULL;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *zsc_strdup(const char *text) { return zsc_strndup(text, strlen(text)); }
zsc_status zsc_copy_text(const char *text, char **out) { return (*out = zsc_strdup(text)) ? ZSC_OK : ZSC_EINTERNAL; }

char *zsc_asprintf(const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    else
        zsc_fail_memory(1, (size_t)length, "a string");
    va_end(again);
    return text;
}

/* --- What there is */
static size_t machine_memory(void)
{
    size_t available = SIZE_MAX;
    FILE *file = fopen("/proc/meminfo", "r");
    if (file) {
        char line[128];
        unsigned long long kib;
        while (fgets(line, sizeof line, file))
            if (sscanf(line, "MemAvailable: %llu", &kib) == 1) available = (size_t)kib * 1024;
        fclose(file);
    }
    return available;
}

static size_t group_memory(void) { return zsc_cgroup_memory(""); }

static const struct {
    size_t (*left)(void);
    const char *where; /* after an amount */
} bounds[] = {
    {machine_memory, "are free on this machine"},
    {group_memory, "are left within the memory limit of the process's control group"},
    {zsc_limits_address_space, "are left within the limit on address space (ulimit -v)"},
    {zsc_limits_data, "are left within the limit on data (ulimit -d)"},
};

static size_t least_bound(const char **where)
{
    size_t least = SIZE_MAX;
    *where = bounds[0].where;
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        size_t left = bounds[i].left();
        if (left >= least) continue;
        least = left;
        *where = bounds[i].where;
    }
    return least;
}

size_t zsc_memory_available(void)
{
    const char *where;
    return least_bound(&where);
}

zsc_status zsc_memory_refuse(size_t bytes, const char *what)
{
    char need[ZSC_BYTES_TEXT], have[ZSC_BYTES_TEXT];
    const char *where;
    size_t available = least_bound(&where);
    return zsc_fail(ZSC_EUSAGE, "%s needs about %s of memory, and %s %s", what, zsc_bytes_text((double)bytes, need),
                    zsc_bytes_text((double)available, have), where);
}

/* Not ru_maxrss first: in a process that was started by vfork and exec, as Python's subprocess does, it counts the
 * memory of the process that started it. */
size_t zsc_memory_peak(void)
{
    struct rusage usage;
    size_t peak = zsc_process_bytes("VmHWM:");
    if (peak) return peak;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (size_t)usage.ru_maxrss * 1024 : 0;
}

/* Refuses BYTES; says them, as --verbose does, and SAID, if it is more: what they may become when rows are known. */
static zsc_status check(const zsc_exec *exec, size_t bytes, size_t said, const char *what)
{
    char need[ZSC_BYTES_TEXT], most[ZSC_BYTES_TEXT], have[ZSC_BYTES_TEXT];
    size_t held = exec ? exec->memory_held : 0;
    if (said < bytes) said = bytes;
    if (exec && exec->memory_limit && zsc_memory_sum(bytes, held) > exec->memory_limit) {
        zsc_bytes_text((double)zsc_memory_sum(bytes, held), need);
        zsc_bytes_text((double)zsc_memory_sum(said, held), most);
        const bool range = strcmp(need, most) != 0;
        return zsc_fail(ZSC_EUSAGE, "%s needs %s %s%s%s of memory beside the program%s, more than the limit of %s",
                        what, range ? "between" : "about", need, range ? " and " : "", range ? most : "",
                        held ? ", counting what it already holds" : "",
                        zsc_bytes_text((double)exec->memory_limit, have));
    }
    return bytes >= WORTH_ASKING && bytes > zsc_memory_available() ? zsc_memory_refuse(said, what) : ZSC_OK;
}

bool zsc_memory_fits(const zsc_exec *exec, size_t bytes)
{
    size_t held = exec ? exec->memory_held : 0;
    if (exec && exec->memory_limit && zsc_memory_sum(bytes, held) > exec->memory_limit) return false;
    return bytes < WORTH_ASKING || bytes <= zsc_memory_available();
}

zsc_status zsc_memory_expect(const zsc_exec *exec, size_t least, size_t most, const char *what)
{
    return check(exec, least, most, what);
}

zsc_status zsc_memory_check(const zsc_exec *exec, size_t bytes, const char *what)
{
    zsc_status status = check(exec, bytes, bytes, what);
    zsc_program_memory_see(exec ? exec->memory_held : 0);
    if (!exec || !exec->memory_need) return status;
    size_t need = zsc_memory_sum(bytes, exec->memory_held);
    if (*exec->memory_need < need) *exec->memory_need = need;
    return status;
}

zsc_exec zsc_memory_hold(const zsc_exec *exec, size_t bytes)
{
    zsc_exec own = exec ? *exec : (zsc_exec){0};
    own.memory_held = zsc_memory_sum(own.memory_held, bytes);
    return own;
}

const char *zsc_bytes_text(double bytes, char buffer[ZSC_BYTES_TEXT])
{
    static const char *const unit[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    size_t i = 0;
    while (bytes >= 999.5 && i + 1 < sizeof unit / sizeof *unit) {
        bytes /= 1000;
        i++;
    }
    snprintf(buffer, ZSC_BYTES_TEXT, i && bytes < 99.95 ? "%.1f %s" : "%.0f %s", bytes, unit[i]);
    return buffer;
}

int zsc_bytes_parse(const char *text, size_t *bytes)
{
    char *end;
    errno = 0;
    double value = strtod(text, &end), scale = 1;
    if (end == text || errno || !isfinite(value) || strspn(text, "0123456789.eE+") < (size_t)(end - text)) return 0;
    while (*end == ' ') end++;
    static const char prefix[] = "KMGTP";
    const char *found = *end ? strchr(prefix, toupper((unsigned char)*end)) : NULL;
    if (found) {
        int binary = end[1] == 'i';
        for (const char *p = prefix; p <= found; p++) scale *= binary ? 1024 : 1000;
        end += 1 + binary;
    }
    if (*end && strcasecmp(end, "B") != 0) return 0;
    if (value * scale >= 0x1p63) return 0;
    *bytes = (size_t)(value * scale);
    return 1;
}
