/* What libraries have to be told before they are initialised, hence in .preinit_array, where libraries are not yet to
 * be called: system calls only.
 *
 * OpenBLAS starts its threads, and maps 128 MiB for each, as the process starts, before main. Where address space or
 * data is limited, that fails, and OpenBLAS tries again forever. So a process that has such a limit starts anew with
 * OPENBLAS_NUM_THREADS=1 (zsc needs no more), in a new process, since getenv does not see yet what setenv does here.
 *
 * GNU's OpenMP lets a thread that waits for others spin for about a millisecond. Between the short loops of small
 * inputs, and where other programs use the processors too, that is several times what the loops take. It reads in its
 * constructor how long. Until libraries are initialised, the setting stands in the environment in place of a variable
 * that none of them reads. */
#include <stdbool.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined __has_attribute
#if __has_attribute(no_sanitize)
#define NO_SANITIZE __attribute__((no_sanitize("address", "undefined")))
#endif
#endif
#ifndef NO_SANITIZE
#define NO_SANITIZE
#endif

enum { MOST = 4096 }; /* variables */
static char setting[] = "OPENBLAS_NUM_THREADS=1";
enum { NAME = sizeof setting - 2 }; /* with the "=" */

NO_SANITIZE static bool is_limited(void)
{
    struct rlimit space, data;
    return (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY) ||
           (getrlimit(RLIMIT_DATA, &data) == 0 && data.rlim_cur != RLIM_INFINITY);
}

/* How many characters the two have in common, up to LENGTH. */
NO_SANITIZE static size_t common(const char *a, const char *b, size_t length)
{
    size_t i = 0;
    while (i < length && a[i] == b[i]) i++;
    return i;
}

NO_SANITIZE static void start_with_one_thread(int argc, char **argv, char **environment)
{
    static char *changed[MOST];
    size_t count = 0;
    (void)argc;
    if (!is_limited()) return;
    changed[count++] = setting;
    for (char **e = environment; *e; e++) {
        if (common(*e, setting, NAME) < NAME) {
            if (count + 1 == MOST) return;
            changed[count++] = *e;
        } else if (count == 1 + (size_t)(e - environment) && common(*e, setting, sizeof setting) == sizeof setting) {
            return; /* the first of its name, which counts, is as it should be: no second start */
        }
    }
    changed[count] = NULL;
    const char *path = (const char *)getauxval(AT_EXECFN); /* the path that this was started by */
    if (!getauxval(AT_BASE)) return;                       /* the loader was: it would take argv[1] for the program */
    if (path) execve(path, argv, changed);
    execve("/proc/self/exe", argv, changed); /* started by a descriptor */
}

/* --- Spinning */
extern char **environ;

static char spins[] = "GOMP_SPINCOUNT=100"; /* some microseconds */
static char *replaced;

NO_SANITIZE static bool has_name(const char *variable, const char *name)
{
    while (*name && *variable == *name) {
        variable++;
        name++;
    }
    return !*name && *variable == '=';
}

NO_SANITIZE static bool is_one_of(const char *variable, const char *const *names)
{
    while (*names && !has_name(variable, *names)) names++;
    return *names != NULL;
}

NO_SANITIZE static void spin_little(int argc, char **argv, char **environment)
{
    static const char *const told[] = {"GOMP_SPINCOUNT", "OMP_WAIT_POLICY", NULL};
    static const char *const unread[] = {"_",    "OLDPWD", "SHLVL", "PWD",  "LOGNAME",
                                         "USER", "SHELL",  "TERM",  "MAIL", NULL};
    char **place = NULL;
    (void)argc;
    (void)argv;
    for (char **e = environment; *e; e++) {
        if (is_one_of(*e, told)) return;
        if (!place && is_one_of(*e, unread)) place = e;
    }
    if (!place) return;
    replaced = *place;
    *place = spins;
}

/* After the libraries' constructors. */
__attribute__((constructor)) static void put_back(void)
{
    for (char **e = environ; e && *e && replaced; e++)
        if (*e == spins) *e = replaced;
}

NO_SANITIZE static void prepare(int argc, char **argv, char **environment)
{
    start_with_one_thread(argc, argv, environment);
    spin_little(argc, argv, environment);
}

/* One pointer and no array: compilers align arrays to 16 bytes, and a gap behind the entry that a sanitizer has there
 * would be called. */
__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(int, char **, char **) = prepare;
