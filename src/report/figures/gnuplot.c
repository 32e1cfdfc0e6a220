/* gnuplot as a child process.
 *
 * No shell is involved, and the only external text that gnuplot parses is two file names. They are
 * quoted by '...' (in which gnuplot interprets nothing), and made to start with / or ./, since gnuplot takes a name
 * that starts with | or < for a command and expands ~. Labels are in the data file, as data. */
#include "config.h"

#include "report/figures/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "io/files/atomic.h"
#include "io/files/read_file.h"
#include "io/files/written.h"
#include "report/escape.h"
#include "zsc/zsc.h"

extern char **environ;

enum { OLDEST_MAJOR = 5, OLDEST_MINOR = 4, MOST_OUTPUT = 65536 };

static const char *const format_names[] = {"pdf", "svg", "png", "eps", "tex", "dumb"};

static const char *ending(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    return dot && dot > (slash ? slash + 1 : path) ? dot : path + strlen(path);
}

zsc_status zsc_figure_format_of(const char *path, zsc_figure_format *out)
{
    const char *end = ending(path);
    for (int i = ZSC_FIGURE_PDF; i < ZSC_FIGURE_DUMB; i++)
        if (*end && strcmp(end + 1, format_names[i]) == 0) {
            *out = (zsc_figure_format)i;
            return ZSC_OK;
        }
    return zsc_fail(ZSC_EUSAGE, "the output '%s' must end in .pdf, .svg, .png, .eps or .tex", path);
}

/* --- Where the scripts are */
static char *try_script(const char *folder, const char *name, zsc_text *looked)
{
    char *path = zsc_asprintf("%s/%s.gp", folder, name);
    if (path && access(path, R_OK) == 0) return path;
    zsc_text_printf(looked, "%s%s", looked->length ? ", " : "", folder);
    free(path);
    return NULL;
}

zsc_status zsc_gnuplot_script(const char *name, char **out)
{
    static const char *const beside[] = {"plots", "../plots", "../share/zsc/plots", "../../plots"};
    const char *given = getenv("ZSC_PLOTS");
    zsc_text looked = {0};
    char *found = NULL;
    if (given && *given) {
        found = try_script(given, name, &looked);
    } else if (!(found = try_script(ZSC_PLOTS_DIR, name, &looked))) {
        char self[PATH_MAX];
        ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
        char *slash = length > 0 ? (self[length] = '\0', strrchr(self, '/')) : NULL;
        if (slash) *slash = '\0';
        for (size_t i = 0; slash && !found && i < sizeof beside / sizeof *beside; i++) {
            char *folder = zsc_asprintf("%s/%s", self, beside[i]);
            if (folder) found = try_script(folder, name, &looked);
            free(folder);
        }
    }
    zsc_status status =
        found ? ZSC_OK
              : zsc_fail(
                    ZSC_EINPUT,
                    "cannot find the plot script %s.gp (looked in %s); set ZSC_PLOTS to zsc's folder of plot scripts",
                    name, looked.data ? looked.data : "");
    free(looked.data);
    *out = found;
    return status;
}

/* --- The child */
typedef struct child {
    zsc_text output; /* stdout and stderr */
    int status;      /* of waitpid */
} child;

static void collect_output(int pipe_end, zsc_text *output)
{
    char buffer[4096];
    for (;;) {
        ssize_t n = read(pipe_end, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        if (output->length < MOST_OUTPUT) zsc_text_append_n(output, buffer, (size_t)n);
    }
}

/* Runs ARGV; *started is false when there is no such program. */
static zsc_status run_child(const char *const *argv, child *out, bool *started)
{
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) return zsc_fail(ZSC_EINTERNAL, "cannot create a pipe: %s", strerror(errno));
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    posix_spawnattr_init(&attributes); /* ignored signals stay ignored in children by default */
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t pid;
    int error = posix_spawnp(&pid, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    *started = error == 0;
    if (error == 0) {
        collect_output(ends[0], &out->output);
        while (waitpid(pid, &out->status, 0) < 0 && errno == EINTR) continue;
    }
    close(ends[0]);
    if (error && error != ENOENT && error != EACCES && error != ENOTDIR)
        return zsc_fail(ZSC_EINTERNAL, "cannot start '%s': %s", argv[0], strerror(error));
    return ZSC_OK;
}

static const char *program(void)
{
    const char *given = getenv("ZSC_GNUPLOT");
    return given && *given ? given : "gnuplot";
}

static zsc_status check_version(void)
{
    const char *argv[] = {program(), "--version", NULL};
    child c = {0};
    bool started = true;
    zsc_status status = run_child(argv, &c, &started);
    int major = 0, minor = 0;
    if (status != ZSC_OK) goto done;
    if (!started) {
        status = zsc_fail(ZSC_EINPUT,
                          "gnuplot is not installed ('%s' is not on PATH); install it (Debian package gnuplot-nox)",
                          program());
    } else if (!c.output.data || sscanf(c.output.data, "gnuplot %d.%d", &major, &minor) != 2) {
        status = zsc_fail(ZSC_EINPUT,
                          "'%s' is not gnuplot (by its --version); install gnuplot (Debian package gnuplot-nox)",
                          program());
    } else if (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR)) {
        status = zsc_fail(ZSC_EINPUT,
                          "gnuplot is too old: expected %d.%d or newer, found %d.%d (Debian package gnuplot-nox)",
                          OLDEST_MAJOR, OLDEST_MINOR, major, minor);
    }
done:
    free(c.output.data);
    return status;
}

/* gnuplot's message: its last line that is neither empty nor the mark ^ below a position. */
static void last_message(const char *output, char *buffer, size_t size)
{
    snprintf(buffer, size, "it gave no message");
    while (output && *output) {
        size_t length = strcspn(output, "\n"), start = strspn(output, " \t");
        if (start < length && output[start] != '^')
            snprintf(buffer, size, "%.*s", (int)(length - start), output + start);
        output += length + (output[length] == '\n');
    }
}

static void add_path(zsc_text *code, const char *name, const char *path)
{
    char *plain = zsc_asprintf("%s%s", *path == '/' ? "" : "./", path);
    if (!plain) code->failed = true;
    zsc_text_printf(code, "%s=", name);
    zsc_quote_gnuplot(code, plain ? plain : "");
    zsc_text_append(code, "; ");
    free(plain);
}

/* On a full disk, gnuplot exits with status 0 and leaves a truncated file. So the last bytes must hold the trailer of
 * the format. */
static zsc_status check_whole(const char *path, zsc_figure_format format)
{
    static const char *const trailers[] = {"%%EOF", "</svg>",     "IEND",
                                           "%%EOF", "\\endgroup", ""}; /* by format; text has none */
    enum { TAIL = 64 };
    char tail[TAIL];
    FILE *file = fopen(path, "rb");
    if (!file) return zsc_fail(ZSC_EINPUT, "cannot read '%s': %s", path, strerror(errno));
    bool read = fseek(file, 0, SEEK_END) == 0;
    long size = read ? ftell(file) : -1;
    read = size >= 0 && fseek(file, size > TAIL ? size - TAIL : 0, SEEK_SET) == 0;
    size_t length = read ? fread(tail, 1, TAIL, file) : 0;
    read = read && !ferror(file);
    fclose(file);
    if (!read) return zsc_fail(ZSC_EINPUT, "cannot read '%s'", path);
    const char *trailer = trailers[format];
    if (memmem(tail, length, trailer, strlen(trailer))) return ZSC_OK;
    return zsc_fail(ZSC_EINPUT, "the figure is truncated after %ld bytes: is the disk full?", size);
}

/* A comment after the end, by which zsc recognises its own figures (io/files/written.h). PNG has none. */
static zsc_status add_mark(const char *path, zsc_figure_format format)
{
    static const char *const before[] = {"% ", "<!-- ", NULL, "% ", "% ", NULL}, *const after[] = {"", " -->", NULL,
                                                                                                   "", "",     NULL};
    if (!before[format]) return ZSC_OK;
    FILE *file = fopen(path, "ab");
    if (!file) return zsc_fail(ZSC_EINPUT, "cannot write '%s': %s", path, strerror(errno));
    fprintf(file, "%s%s%s%s\n", before[format], ZSC_WRITTEN_WORDS, zsc_version(), after[format]);
    bool failed = ferror(file);
    if (fclose(file) != 0) failed = true;
    return failed ? zsc_fail(ZSC_EINPUT, "cannot write '%s': %s", path, strerror(errno)) : ZSC_OK;
}

static zsc_status draw(const char *script, const char *data, const char *output, zsc_figure_format format)
{
    zsc_text code = {0};
    child c = {0};
    bool started = true;
    zsc_status status = ZSC_OK;
    struct stat s;
    add_path(&code, "data", data);
    add_path(&code, "output", output);
    zsc_text_printf(&code, "format='%s'", format_names[format]);
    if (code.failed) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    const char *argv[] = {program(), "-d", "-e", code.data, script, NULL};
    ZSC_TRY(run_child(argv, &c, &started));
    char message[256];
    last_message(c.output.data, message, sizeof message);
    if (c.output.length) zsc_detail("gnuplot: %s", c.output.data);
    if (!started || !WIFEXITED(c.status) || WEXITSTATUS(c.status) != 0)
        status = zsc_fail(ZSC_EINPUT, "gnuplot failed on '%s': %s", script, message);
    else if (stat(output, &s) != 0 || s.st_size == 0)
        status = zsc_fail(ZSC_EINPUT, "gnuplot drew nothing with '%s': %s", script, message);
    else
        status = check_whole(output, format);
    if (status == ZSC_OK) status = add_mark(output, format);
done:
    free(code.data);
    free(c.output.data);
    return status;
}

/* --- LaTeX: gnuplot writes OUT.tex, which includes OUT.pdf by its name; both are written under temporary names. */
static zsc_status check_tex_name(const char *path)
{
    static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+";
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t length = (size_t)(ending(path) - name);
    if (length == 0 || strspn(name, good) != length)
        return zsc_fail(ZSC_EUSAGE, "LaTeX cannot include a figure named '%s': use letters, digits, - and _ only",
                        name);
    return ZSC_OK;
}

/* Writes the TeX of TEMPORARY to PATH with the temporary base name replaced by the final one. */
static zsc_status rename_tex(const char *temporary, const char *path)
{
    zsc_status status = ZSC_OK;
    zsc_atomic *file = NULL;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *tex = NULL;
    char *base = zsc_asprintf("%s%.*s", *temporary == '/' ? "" : "./", (int)(ending(temporary) - temporary), temporary);
    if (!base) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(zsc_read_file(temporary, &tex, NULL));
    ZSC_TRY(zsc_atomic_open(path, &file));
    FILE *out = zsc_atomic_stream(file);
    char *p = tex;
    for (char *hit; (hit = strstr(p, base)); p = hit + strlen(base))
        fprintf(out, "%.*s%.*s", (int)(hit - p), p, (int)(ending(path) - name), name);
    fputs(p, out);
    zsc_atomic *whole = file;
    file = NULL;
    status = zsc_atomic_commit(whole);
done:
    zsc_atomic_abandon(file);
    free(tex);
    free(base);
    return status;
}

static zsc_status draw_tex(const char *script, const char *data, const char *path)
{
    zsc_status status = ZSC_OK;
    const char *slash = strrchr(path, '/');
    char *folder = NULL, *tex = NULL, *pdf = NULL, *final_pdf = NULL;
    ZSC_TRY(check_tex_name(path));
    if (!(folder = zsc_asprintf("%.*szsc-figure-XXXXXX", slash ? (int)(slash + 1 - path) : 0, path)))
        return ZSC_EINTERNAL;
    if (!mkdtemp(folder)) {
        status = zsc_fail(ZSC_EINPUT, "cannot create '%s': %s", path, strerror(errno));
        free(folder);
        return status;
    }
    tex = zsc_asprintf("%s/figure.tex", folder);
    pdf = zsc_asprintf("%s/figure.pdf", folder);
    final_pdf = zsc_asprintf("%.*s.pdf", (int)(ending(path) - path), path);
    if (!tex || !pdf || !final_pdf) {
        status = ZSC_EINTERNAL;
        goto done;
    }
    ZSC_TRY(draw(script, data, tex, ZSC_FIGURE_TEX));
    ZSC_TRY(check_whole(pdf, ZSC_FIGURE_PDF));
    ZSC_TRY(zsc_atomic_rename(pdf, final_pdf));
    status = rename_tex(tex, path);
done:
    if (tex) unlink(tex);
    if (pdf) unlink(pdf);
    if (folder) rmdir(folder);
    free(folder);
    free(tex);
    free(pdf);
    free(final_pdf);
    return status;
}

zsc_status zsc_gnuplot_run(const char *script, const char *data, const char *output, zsc_figure_format format)
{
    char *temporary = NULL;
    zsc_status status = check_version();
    if (status == ZSC_OK && format == ZSC_FIGURE_TEX) {
        status = draw_tex(script, data, output);
    } else if (status == ZSC_OK && (status = zsc_atomic_name(output, true, &temporary)) == ZSC_OK) {
        status = draw(script, data, temporary, format);
        zsc_status renamed = status == ZSC_OK ? zsc_atomic_rename(temporary, output) : ZSC_OK;
        if (status == ZSC_OK)
            status = renamed;
        else
            zsc_atomic_drop(temporary);
    }
    free(temporary);
    if (status == ZSC_EINPUT)
        status = zsc_fail(status, "%s; kept: the data '%s' and the script '%s'", zsc_error_message(), data, script);
    return status;
}
