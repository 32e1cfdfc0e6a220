#include "base/log.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"

static const char *command = "zsc";
static zsc_log_level shown = ZSC_LOG_NOTE;
static FILE *copy; /* NULL: none */

static const double LINES_APART = 30; /* seconds, of progress in the log, at most */

enum { WIDTH_MOST = 200, WIDTH_UNKNOWN = 80, NEVER = ZSC_LOG_DETAIL + 1 };

static struct {
    char stage[64];
    double started, next_state, next_line;
    int on_screen; /* columns of the line of progress on the terminal, which is wiped before anything else */
} progress;

void zsc_log_set(const char *name, zsc_log_level level)
{
    command = name;
    shown = level;
}

void zsc_log_also(FILE *file) { copy = file; }

/* Whether one line can be written over and over. */
static bool is_updated(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
}

/* The last column is left free: terminals differ in what they do after it. */
static int screen_width(void)
{
    struct winsize size;
    int columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : WIDTH_UNKNOWN;
    return columns - 1 < WIDTH_MOST ? columns - 1 : WIDTH_MOST;
}

/* By blanks, two more than were written: the terminal itself shows ^C. */
static void wipe(void)
{
    int width = screen_width(), columns = progress.on_screen + 2 < width ? progress.on_screen + 2 : width;
    if (progress.on_screen) fprintf(stderr, "\r%*s\r", columns, "");
    progress.on_screen = 0;
}

/* "2026-11-29T06:40:12 ", the local time. */
static void print_time(FILE *file)
{
    char text[32] = "";
    time_t now = time(NULL);
    struct tm local;
    if (!localtime_r(&now, &local)) return;
    if (strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S ", &local)) fputs(text, file);
}

__attribute__((format(printf, 4, 0))) static void print_to(FILE *file, bool timed, const char *kind, const char *format,
                                                           va_list args)
{
    if (timed) print_time(file);
    fprintf(file, "%s: %s", command, kind);
    vfprintf(file, format, args);
    fputc('\n', file);
}

typedef struct line {
    int level;  /* the least zsc_log_level at which it is on stderr */
    bool timed; /* where stderr is no terminal */
    const char *kind;
} line;

__attribute__((format(printf, 2, 0))) static void print(line l, const char *format, va_list args)
{
    if (copy) {
        va_list again;
        va_copy(again, args);
        print_to(copy, true, l.kind, format, again);
        va_end(again);
        fflush(copy);
    }
    if ((int)shown < l.level) return;
    fflush(stdout);
    wipe();
    print_to(stderr, shown >= ZSC_LOG_DETAIL || (l.timed && !is_updated()), l.kind, format, args);
}

#define PRINT(...)                                                                                                     \
    do {                                                                                                               \
        va_list args;                                                                                                  \
        va_start(args, format);                                                                                        \
        print((line){__VA_ARGS__}, format, args);                                                                      \
        va_end(args);                                                                                                  \
    } while (0)

void zsc_note(const char *format, ...) { PRINT(ZSC_LOG_NOTE, false, ""); }

void zsc_note_progress(const char *format, ...) { PRINT(ZSC_LOG_NOTE, true, ""); }

void zsc_note_once(const char *format, ...)
{
    static _Thread_local char last[1024];
    char text[sizeof last];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (strcmp(text, last) == 0) return;
    memcpy(last, text, sizeof last);
    zsc_note("%s", text);
}

void zsc_detail(const char *format, ...) { PRINT(ZSC_LOG_DETAIL, true, ""); }

/* --- Warnings, each once */
typedef struct warning {
    uint64_t hash; /* of its text; 0: the place is free */
    size_t times;
    char *text; /* of a counted one, else NULL */
} warning;

static struct {
    warning *place; /* a hash table, at most half full */
    size_t count, places;
    pthread_mutex_t lock;
} warnings = {.lock = PTHREAD_MUTEX_INITIALIZER};

static warning *find_warning(warning *table, size_t places, uint64_t hash)
{
    size_t i = hash & (places - 1);
    while (table[i].hash && table[i].hash != hash) i = (i + 1) & (places - 1);
    return &table[i];
}

static bool has_room_for_warning(void)
{
    if (2 * warnings.count < warnings.places) return true;
    size_t places = warnings.places ? 2 * warnings.places : 16;
    warning *larger = calloc(places, sizeof *larger);
    if (!larger) return false;
    for (size_t i = 0; i < warnings.places; i++)
        if (warnings.place[i].hash) *find_warning(larger, places, warnings.place[i].hash) = warnings.place[i];
    free(warnings.place);
    warnings.place = larger;
    warnings.places = places;
    return true;
}

/* Whether the text has not come before. Where memory runs out, it has not: better twice than never. */
static bool is_new_warning(const char *text, bool counted)
{
    uint64_t hash = zsc_hash64(text, strlen(text)) | 1;
    pthread_mutex_lock(&warnings.lock);
    warning *w = has_room_for_warning() ? find_warning(warnings.place, warnings.places, hash) : NULL;
    bool is_new = !w || w->times++ == 0;
    if (w && is_new) {
        w->hash = hash;
        w->text = counted ? strdup(text) : NULL;
        warnings.count++;
    }
    pthread_mutex_unlock(&warnings.lock);
    return is_new;
}

__attribute__((format(printf, 1, 2))) static void print_warning(const char *format, ...)
{
    PRINT(ZSC_LOG_QUIET, false, "warning: ");
}

__attribute__((format(printf, 2, 0))) static void warn_once(bool counted, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (!text) {
        print((line){ZSC_LOG_QUIET, false, "warning: "}, format, args);
        return;
    }
    vsnprintf(text, (size_t)length + 1, format, args);
    if (is_new_warning(text, counted)) print_warning("%s", text);
    free(text);
}

void zsc_warn(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    warn_once(false, format, args);
    va_end(args);
}

void zsc_warn_counted(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    warn_once(true, format, args);
    va_end(args);
}

void zsc_warn_end(void)
{
    for (size_t i = 0; i < warnings.places; i++) {
        const warning *w = &warnings.place[i];
        if (w->text && w->times > 1) print_warning("%zu times in all: %s", w->times, w->text);
        free(w->text);
    }
    free(warnings.place);
    warnings.place = NULL;
    warnings.count = warnings.places = 0;
}

void zsc_log_error(const char *message)
{
    if (copy) {
        print_time(copy);
        fprintf(copy, "%s\n", message);
        fflush(copy);
    }
    wipe();
    fprintf(stderr, "%s\n", message);
}

const char *zsc_seconds_text(double seconds, char buffer[ZSC_SECONDS_TEXT])
{
    if (seconds < 90)
        snprintf(buffer, ZSC_SECONDS_TEXT, "%.0f s", seconds);
    else if (seconds < 5400)
        snprintf(buffer, ZSC_SECONDS_TEXT, "%.0f min", seconds / 60);
    else
        snprintf(buffer, ZSC_SECONDS_TEXT, "%.1f h", seconds / 3600);
    return buffer;
}

/* A line of progress in the log: on stderr only where no line is updated there. */
__attribute__((format(printf, 2, 3))) static void print_line(bool updated, const char *format, ...)
{
    PRINT(updated ? NEVER : ZSC_LOG_NOTE, true, "");
}

/* The line of progress in place of the last one, cut to the terminal's width. */
static void print_state(const char *stage, double share, const char *left)
{
    char text[WIDTH_MOST + 1];
    int width = screen_width(),
        length = snprintf(text, sizeof text, "%s: %s %3.0f%%%s", command, stage, 100 * share, left);
    if (length < 0) return;
    if (length > width) length = width;
    fflush(stdout);
    fprintf(stderr, "\r%.*s%*s", length, text, progress.on_screen > length ? progress.on_screen - length : 0, "");
    fflush(stderr);
    progress.on_screen = length;
}

bool zsc_log_progress(void *data, const char *stage, double done, double total)
{
    const volatile sig_atomic_t *stop = data;
    if (stop && *stop) {
        wipe();
        return false;
    }
    bool updated = shown >= ZSC_LOG_NOTE && is_updated();
    if (shown == ZSC_LOG_QUIET && !copy) return true;
    double now = zsc_clock();
    if (strncmp(progress.stage, stage, sizeof progress.stage - 1) != 0) {
        snprintf(progress.stage, sizeof progress.stage, "%s", stage);
        progress.started = now;
        progress.next_state = now + 0.5;
        progress.next_line = now + 10;
    }
    double share = total > 0 ? done / total : 0, spent = now - progress.started;
    if (share >= 1) {
        wipe();
        progress.stage[0] = '\0';
        return true;
    }
    char left[32] = "";
    if (share > 0.01) {
        char text[ZSC_SECONDS_TEXT];
        snprintf(left, sizeof left, ", %s left", zsc_seconds_text(spent * (1 - share) / share, text));
    }
    if (now >= progress.next_line) {
        print_line(updated, "%s %.0f%%%s", stage, 100 * share, left);
        progress.next_line = now + (spent > 20 ? fmin(spent / 2, LINES_APART) : 10);
    }
    if (updated && now >= progress.next_state) {
        print_state(stage, share, left);
        progress.next_state = now + 0.2;
    }
    return true;
}
