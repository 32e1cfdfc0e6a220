/* A library to be preloaded that lets one call of the system fail, for tests/fault/walk.sh.
 *
 *   ZSC_FAULT=KIND:K     the K-th call of this kind fails, counted from 1 and from the beginning of main
 *   ZSC_FAULT=KIND:K+    it and all later ones fail: the memory, or the disk, stays full
 *   ZSC_FAULT_COUNT=FILE how many calls of each kind there were, one "KIND N" a line, written when main returns or
 * exits ZSC_FAULT_ALL=1      calls made by other libraries count too (HDF5, libyaml, libzip, ...), not the program's
 * alone ZSC_FAULT_TRACE=1    the stack at the call that fails, on stderr ZSC_FAULT_LEAK=1     some memory is lost, to
 * see that LeakSanitizer, preloaded after this library, is awake ZSC_FAULT_KILL=1     instead of failing, the call
 * kills the process (SIGKILL): crash safety at every such moment
 *
 * Kinds: alloc (malloc, calloc, realloc, aligned_alloc, posix_memalign), open, read-short, read-eintr, read-eio,
 * write-short, write-eintr, write-eio, write-enospc, fsync, close, rename, truncate, mkdir. Streams opened by the
 * program, and stdout, are led through read, write and close here, so that stdio meets the same faults. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum kind {
    ALLOC,
    OPEN,
    READ_SHORT,
    READ_EINTR,
    READ_EIO,
    WRITE_SHORT,
    WRITE_EINTR,
    WRITE_EIO,
    WRITE_ENOSPC,
    FSYNC,
    CLOSE,
    RENAME,
    TRUNCATE,
    MKDIR,
    KINDS
};
static const char *const names[KINDS] = {"alloc",       "open",        "read-short", "read-eintr",   "read-eio",
                                         "write-short", "write-eintr", "write-eio",  "write-enospc", "fsync",
                                         "close",       "rename",      "truncate",   "mkdir"};
static unsigned long count[KINDS], wanted;
static int kind = -1;
static bool armed, sticky, everyone, trace, deadly;
static const char *count_file;
static uintptr_t program, program_end; /* where the program itself is loaded */

/* The allocator behind: LeakSanitizer's, where it is preloaded after this library, else the C library's. */
static void *(*next_malloc)(size_t), *(*next_calloc)(size_t, size_t), *(*next_realloc)(void *, size_t),
    *(*next_memalign)(size_t, size_t);

static void find_allocator(void)
{
    static const char *const symbols[] = {"calloc", "realloc", "aligned_alloc", "malloc"};
    void *found[4] = {NULL};
    for (int i = 0; i < 4; i++) found[i] = dlsym(RTLD_NEXT, symbols[i]); /* does not allocate when it finds */
    memcpy(&next_calloc, &found[0], sizeof found[0]);
    memcpy(&next_realloc, &found[1], sizeof found[1]);
    memcpy(&next_memalign, &found[2], sizeof found[2]);
    memcpy(&next_malloc, &found[3], sizeof found[3]);
}

static bool ours(const void *caller)
{
    return everyone || ((uintptr_t)caller >= program && (uintptr_t)caller < program_end);
}

static void show_stack(void)
{
    void *frame[40];
    armed = false;
    int depth = backtrace(frame, 40);
    backtrace_symbols_fd(frame, depth, 2);
    armed = true;
}

/* Whether this call, made from CALLER, is the one. */
static bool strike(enum kind k, const void *caller)
{
    if (!armed || !ours(caller)) return false;
    unsigned long n = __atomic_add_fetch(&count[k], 1, __ATOMIC_RELAXED);
    if ((int)k != kind || (sticky ? n < wanted : n != wanted)) return false;
    if (deadly) kill(getpid(), SIGKILL);
    if (trace) show_stack();
    return true;
}
#define STRIKE(k) strike(k, __builtin_return_address(0))

/* --- Memory */
#define FAIL_MEMORY                                                                                                    \
    do {                                                                                                               \
        if (STRIKE(ALLOC)) {                                                                                           \
            errno = ENOMEM;                                                                                            \
            return NULL;                                                                                               \
        }                                                                                                              \
        if (!next_malloc) find_allocator();                                                                            \
    } while (0)
EXPORT void *malloc(size_t size)
{
    FAIL_MEMORY;
    return next_malloc(size);
}
EXPORT void *calloc(size_t n, size_t size)
{
    FAIL_MEMORY;
    return next_calloc(n, size);
}
EXPORT void *realloc(void *old, size_t size)
{
    FAIL_MEMORY;
    return next_realloc(old, size);
}
EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    FAIL_MEMORY;
    return next_memalign(alignment, size);
}
EXPORT int posix_memalign(void **out, size_t alignment, size_t size)
{
    if (STRIKE(ALLOC)) return ENOMEM;
    if (!next_malloc) find_allocator();
    return (*out = next_memalign(alignment, size)) ? 0 : ENOMEM;
}

/* --- Descriptors */
static bool fail_read(const void *caller, size_t *size)
{
    if (strike(READ_SHORT, caller) && *size > 1) *size = (*size + 1) / 2;
    errno = EINTR;
    if (strike(READ_EINTR, caller)) return true;
    errno = EIO;
    return strike(READ_EIO, caller);
}

static bool fail_write(const void *caller, size_t *size)
{
    if (strike(WRITE_SHORT, caller) && *size > 1) *size = (*size + 1) / 2;
    errno = EINTR;
    if (strike(WRITE_EINTR, caller)) return true;
    errno = EIO;
    if (strike(WRITE_EIO, caller)) return true;
    errno = ENOSPC;
    return strike(WRITE_ENOSPC, caller);
}

#define READ(call)                                                                                                     \
    do {                                                                                                               \
        if (fail_read(__builtin_return_address(0), &size)) return -1;                                                  \
        return call;                                                                                                   \
    } while (0)
#define WRITE(call)                                                                                                    \
    do {                                                                                                               \
        if (fail_write(__builtin_return_address(0), &size)) return -1;                                                 \
        return call;                                                                                                   \
    } while (0)
EXPORT ssize_t read(int d, void *to, size_t size) { READ(syscall(SYS_read, d, to, size)); }
EXPORT ssize_t __read_chk(int d, void *to, size_t size, size_t capacity)
{
    (void)capacity;
    READ(syscall(SYS_read, d, to, size));
}
EXPORT ssize_t pread(int d, void *to, size_t size, off_t at) { READ(syscall(SYS_pread64, d, to, size, at)); }
EXPORT ssize_t pread64(int d, void *to, size_t size, off64_t at) { READ(syscall(SYS_pread64, d, to, size, at)); }
EXPORT ssize_t __pread_chk(int d, void *to, size_t size, off_t at, size_t capacity)
{
    (void)capacity;
    READ(syscall(SYS_pread64, d, to, size, at));
}
EXPORT ssize_t __pread64_chk(int d, void *to, size_t size, off64_t at, size_t capacity)
{
    (void)capacity;
    READ(syscall(SYS_pread64, d, to, size, at));
}
EXPORT ssize_t write(int d, const void *from, size_t size) { WRITE(syscall(SYS_write, d, from, size)); }
EXPORT ssize_t pwrite(int d, const void *from, size_t size, off_t at)
{
    WRITE(syscall(SYS_pwrite64, d, from, size, at));
}
EXPORT ssize_t pwrite64(int d, const void *from, size_t size, off64_t at)
{
    WRITE(syscall(SYS_pwrite64, d, from, size, at));
}

#define FAIL(k, number)                                                                                                \
    do {                                                                                                               \
        if (STRIKE(k)) {                                                                                               \
            errno = number;                                                                                            \
            return -1;                                                                                                 \
        }                                                                                                              \
    } while (0)
EXPORT int fsync(int d)
{
    FAIL(FSYNC, EIO);
    return (int)syscall(SYS_fsync, d);
}
EXPORT int fdatasync(int d)
{
    FAIL(FSYNC, EIO);
    return (int)syscall(SYS_fdatasync, d);
}
EXPORT int rename(const char *from, const char *to)
{
    FAIL(RENAME, EIO);
    return (int)syscall(SYS_rename, from, to);
}
EXPORT int ftruncate(int d, off_t size)
{
    FAIL(TRUNCATE, ENOSPC);
    return (int)syscall(SYS_ftruncate, d, size);
}
EXPORT int ftruncate64(int d, off64_t size)
{
    FAIL(TRUNCATE, ENOSPC);
    return (int)syscall(SYS_ftruncate, d, size);
}
EXPORT int mkdir(const char *path, mode_t mode)
{
    FAIL(MKDIR, EACCES);
    return (int)syscall(SYS_mkdir, path, mode);
}
EXPORT int close(int d) /* closed all the same, as on Linux */
{
    bool fail = STRIKE(CLOSE);
    int result = (int)syscall(SYS_close, d);
    if (fail) errno = EIO;
    return fail ? -1 : result;
}

static int open_at(const char *path, int flags, mode_t mode)
{
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
#define OPEN_BODY                                                                                                      \
    {                                                                                                                  \
        va_list args;                                                                                                  \
        va_start(args, flags);                                                                                         \
        mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;                                                      \
        va_end(args);                                                                                                  \
        FAIL(OPEN, EMFILE);                                                                                            \
        return open_at(path, flags, mode);                                                                             \
    }
EXPORT int open(const char *path, int flags, ...) OPEN_BODY EXPORT
    int open64(const char *path, int flags, ...) OPEN_BODY EXPORT int __open_2(const char *path, int flags)
{
    FAIL(OPEN, EMFILE);
    return open_at(path, flags, 0);
}
EXPORT int __open64_2(const char *path, int flags)
{
    FAIL(OPEN, EMFILE);
    return open_at(path, flags, 0);
}

/* --- Streams of the program: cookies over read, write, close with the same faults, charged to the program */
static const void *charge;

static ssize_t cookie_read(void *cookie, char *to, size_t size)
{
    if (fail_read(charge, &size)) return -1;
    return syscall(SYS_read, (int)(intptr_t)cookie, to, size);
}
static ssize_t cookie_write(void *cookie, const char *from, size_t size)
{
    if (fail_write(charge, &size)) return 0; /* 0 is a cookie's way of failing */
    ssize_t put = syscall(SYS_write, (int)(intptr_t)cookie, from, size);
    return put < 0 ? 0 : put;
}
static int cookie_seek(void *cookie, off64_t *at, int whence)
{
    off64_t result = syscall(SYS_lseek, (int)(intptr_t)cookie, *at, whence);
    if (result < 0) return -1;
    *at = result;
    return 0;
}
static int cookie_close(void *cookie)
{
    bool fail = strike(CLOSE, charge);
    int result = (int)syscall(SYS_close, (int)(intptr_t)cookie);
    if (fail) errno = EIO;
    return fail ? -1 : result;
}
static const cookie_io_functions_t cookie_functions = {cookie_read, cookie_write, cookie_seek, cookie_close};

static FILE *open_stream(const char *path, const char *mode, const void *caller, const char *function)
{
    if (!armed || !ours(caller) || everyone) { /* other libraries want streams that have a descriptor */
        FILE *(*next)(const char *, const char *);
        void *symbol = dlsym(RTLD_NEXT, function);
        memcpy(&next, &symbol, sizeof next);
        return next(path, mode);
    }
    if (strike(OPEN, caller)) {
        errno = EMFILE;
        return NULL;
    }
    int flags = *mode == 'r' ? O_RDONLY : O_WRONLY | O_CREAT | (*mode == 'w' ? O_TRUNC : O_APPEND);
    if (strchr(mode, '+')) flags = (flags & ~(O_WRONLY | O_RDONLY)) | O_RDWR;
    int d = open_at(path, flags | O_CLOEXEC, 0666);
    if (d < 0) return NULL;
    FILE *stream = fopencookie((void *)(intptr_t)d, mode, cookie_functions);
    if (!stream) syscall(SYS_close, d);
    return stream;
}
EXPORT FILE *fopen(const char *path, const char *mode)
{
    return open_stream(path, mode, __builtin_return_address(0), "fopen");
}
EXPORT FILE *fopen64(const char *path, const char *mode)
{
    return open_stream(path, mode, __builtin_return_address(0), "fopen64");
}

/* --- Beginning and end */
static void write_counts(void)
{
    armed = false;
    if (!count_file) return;
    int d = open_at(count_file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    for (int k = 0; d >= 0 && k < KINDS; k++) {
        char line[64];
        int length = snprintf(line, sizeof line, "%s %lu\n", names[k], count[k]);
        if (syscall(SYS_write, d, line, (size_t)length) < 0) break;
    }
    if (d >= 0) syscall(SYS_close, d);
}

static int (*real_main)(int, char **, char **);

static void lose_memory(void)
{
    for (int i = 0; i < 100; i++) { /* the stack may keep the last of them */
        volatile char *lost = malloc(100);
        if (lost) *lost = 1;
    }
}

static int find_program(struct dl_phdr_info *info, size_t size, void *data) /* the first is the program itself */
{
    (void)size;
    (void)data;
    program = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        uintptr_t end = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
        if (info->dlpi_phdr[i].p_type == PT_LOAD && end > program_end) program_end = end;
    }
    return 1;
}

static int begin(int argc, char **argv, char **environment)
{
    const char *fault = getenv("ZSC_FAULT");
    void *symbol;
    memcpy(&symbol, &real_main, sizeof symbol);
    dl_iterate_phdr(find_program, NULL);
    charge = symbol;
    count_file = getenv("ZSC_FAULT_COUNT");
    everyone = getenv("ZSC_FAULT_ALL") != NULL;
    trace = getenv("ZSC_FAULT_TRACE") != NULL;
    deadly = getenv("ZSC_FAULT_KILL") != NULL;
    const char *colon = fault ? strchr(fault, ':') : NULL;
    for (int k = 0; colon && k < KINDS; k++)
        if (strlen(names[k]) == (size_t)(colon - fault) && strncmp(names[k], fault, strlen(names[k])) == 0) kind = k;
    if (colon) {
        char *end;
        wanted = strtoul(colon + 1, &end, 10);
        sticky = *end == '+';
    }
    unsetenv("LD_PRELOAD"); /* programs that this one starts are left alone */
    if (getenv("ZSC_FAULT_LEAK")) lose_memory();
    if (trace) { /* backtrace loads a library the first time */
        void *frame[1];
        backtrace(frame, 1);
    }
    FILE *out = fopencookie((void *)(intptr_t)1, "w", cookie_functions);
    if (out) stdout = out;
    atexit(write_counts);
    armed = true;
    int status = real_main(argc, argv, environment);
    armed = false;
    return status;
}

EXPORT int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                             void (*fini)(void), void (*rtld_fini)(void), void *stack_end);
EXPORT int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                             void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
    int (*next)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void), void (*)(void), void *);
    void *symbol = dlsym(RTLD_NEXT, "__libc_start_main");
    memcpy(&next, &symbol, sizeof next);
    real_main = main;
    return next(begin, argc, argv, init, fini, rtld_fini, stack_end);
}
