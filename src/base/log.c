#include "base/log.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

static const char *command = "zsc";
static zsc_log_level shown = ZSC_LOG_NOTE;

static struct {
    char stage[64];
    double started, next;
    bool on_screen; /* a progress line stands on the terminal and must be wiped before anything else */
} progress;

void zsc_log_set(const char *name, zsc_log_level level)
{
    command = name;
    shown = level;
}

static void wipe(void)
{
    if (progress.on_screen) fputs("\r\033[K", stderr);
    progress.on_screen = false;
}

/* "2026-11-29T06:40:12 ", the local time, where details are shown. */
static void print_time(void)
{
    char text[32] = "";
    time_t now = time(NULL);
    struct tm local;
    if (shown < ZSC_LOG_DETAIL || !localtime_r(&now, &local)) return;
    if (strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S ", &local)) fputs(text, stderr);
}

__attribute__((format(printf, 2, 0))) static void print(const char *kind, const char *format, va_list args)
{
    fflush(stdout);
    wipe();
    print_time();
    fprintf(stderr, "%s: %s", command, kind);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

#define PRINT(kind)                                                                                                    \
    do {                                                                                                               \
        va_list args;                                                                                                  \
        va_start(args, format);                                                                                        \
        print(kind, format, args);                                                                                     \
        va_end(args);                                                                                                  \
    } while (0)

void zsc_note(const char *format, ...)
{
    if (shown >= ZSC_LOG_NOTE) PRINT("");
}

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

void zsc_detail(const char *format, ...)
{
    if (shown >= ZSC_LOG_DETAIL) PRINT("");
}

void zsc_warn(const char *format, ...) { PRINT("warning: "); }

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

bool zsc_log_progress(void *data, const char *stage, double done, double total)
{
    const volatile sig_atomic_t *stop = data;
    if (stop && *stop) {
        wipe();
        return false;
    }
    if (shown == ZSC_LOG_QUIET) return true;
    double now = zsc_clock();
    bool terminal = isatty(STDERR_FILENO);
    if (strncmp(progress.stage, stage, sizeof progress.stage - 1) != 0) {
        snprintf(progress.stage, sizeof progress.stage, "%s", stage);
        progress.started = now;
        progress.next = now + (terminal ? 0.5 : 10);
    }
    double share = total > 0 ? done / total : 0;
    if (share >= 1) {
        wipe();
        progress.stage[0] = '\0';
        return true;
    }
    if (now < progress.next) return true;
    double spent = now - progress.started;
    char left[32] = "";
    if (share > 0.01) {
        char text[ZSC_SECONDS_TEXT];
        snprintf(left, sizeof left, ", %s left", zsc_seconds_text(spent * (1 - share) / share, text));
    }
    if (terminal) {
        fflush(stdout);
        fprintf(stderr, "\r\033[K%s: %s %3.0f%%%s", command, stage, 100 * share, left);
        fflush(stderr);
        progress.on_screen = true;
        progress.next = now + 0.2;
    } else {
        zsc_note("%s %.0f%%%s", stage, 100 * share, left);
        progress.next = now + (spent > 20 ? spent / 2 : 10);
    }
    return true;
}
