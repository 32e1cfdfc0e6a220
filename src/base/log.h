/* The log: plain lines on stderr, and progress with an estimate where stderr is a terminal. */
#ifndef ZSC_BASE_LOG_H
#define ZSC_BASE_LOG_H

#include <stdbool.h>

typedef enum zsc_log_level { ZSC_LOG_QUIET, ZSC_LOG_NOTE, ZSC_LOG_DETAIL } zsc_log_level;

void zsc_log_set(const char *command, zsc_log_level level); /* COMMAND: "zsc run"; kept, not copied */

/* "zsc run: ..." lines. Notes are shown unless quiet, warnings always, details and times with --verbose. */
__attribute__((format(printf, 1, 2))) void zsc_note(const char *format, ...);
/* A note that the thread has not just given: what is guessed of each of many inputs. */
__attribute__((format(printf, 1, 2))) void zsc_note_once(const char *format, ...);
__attribute__((format(printf, 1, 2))) void zsc_detail(const char *format, ...);
__attribute__((format(printf, 1, 2))) void zsc_warn(const char *format, ...);

/* Progress of one stage, for zsc_exec.progress: on a terminal one line that is redrawn, with the time that is left; in
 * a log a line when a stage has run for 10 seconds and then at growing intervals. DATA may point to a
 * volatile sig_atomic_t: once that is not zero, progress answers false. */
bool zsc_log_progress(void *data, const char *stage, double done, double total);

/* "12 s", "34 min", "5.6 h". */
enum { ZSC_SECONDS_TEXT = 24 };
const char *zsc_seconds_text(double seconds, char buffer[ZSC_SECONDS_TEXT]);

#endif
