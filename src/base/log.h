/* The log: plain lines on stderr, progress with an estimate where stderr is a terminal, and a copy of it in a file. */
#ifndef ZSC_BASE_LOG_H
#define ZSC_BASE_LOG_H

#include <stdbool.h>
#include <stdio.h>

typedef enum zsc_log_level { ZSC_LOG_QUIET, ZSC_LOG_NOTE, ZSC_LOG_DETAIL } zsc_log_level;

void zsc_log_set(const char *command, zsc_log_level level); /* COMMAND: "zsc run"; kept, not copied */
/* From now on all lines also go to FILE, whatever the level, each with the local time; NULL: to stderr alone. */
void zsc_log_also(FILE *file);

/* "zsc run: ..." lines. Notes are shown unless quiet, warnings always, details and the times of all with --verbose. */
__attribute__((format(printf, 1, 2))) void zsc_note(const char *format, ...);
/* A note on how far the work is, with its time where stderr is no terminal. */
__attribute__((format(printf, 1, 2))) void zsc_note_progress(const char *format, ...);
/* A note that the thread has not just given: what is guessed of each of many inputs. */
__attribute__((format(printf, 1, 2))) void zsc_note_once(const char *format, ...);
__attribute__((format(printf, 1, 2))) void zsc_detail(const char *format, ...);
/* A warning, shown once by a command: an input is read in several passes and for several runs. */
__attribute__((format(printf, 1, 2))) void zsc_warn(const char *format, ...);
/* A warning of one run, cut or fit of several: shown once, and at the end of the command with their number. */
__attribute__((format(printf, 1, 2))) void zsc_warn_counted(const char *format, ...);
/* Shows the numbers of the counted warnings that came more than once, and forgets all warnings. */
void zsc_warn_end(void);
void zsc_log_error(const char *message); /* the one line of a failure; the same on stderr at each level */

/* Progress of one stage, for zsc_exec.progress: on a terminal one line that is written again in its width, with the
 * time that is left; elsewhere (also where TERM is "dumb"), and in the file, a line when a stage has run for 10 seconds
 * and then at growing intervals. No escape codes are written. DATA may point to a volatile sig_atomic_t: once that is
 * not zero, progress answers false. */
bool zsc_log_progress(void *data, const char *stage, double done, double total);

/* "12 s", "34 min", "5.6 h". */
enum { ZSC_SECONDS_TEXT = 24 };
const char *zsc_seconds_text(double seconds, char buffer[ZSC_SECONDS_TEXT]);

#endif
