/* Status codes and the message that goes with a failure. Defined in error.c.
 * Module: src/base
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_STATUS_H
#define ZSC_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Option structs grow at their end. The first member of each, `size`, says how much of it the caller has:
 * zsc_..._defaults(), which is compiled into the caller, sets it; where there is none, and in a struct that the caller
 * makes with braces, it may be 0, which stands for the fields of zsc 0.1.0. A library that is newer than the caller
 * takes its defaults for fields that the caller does not have; one that is older refuses (ZSC_EUSAGE). zsc_exec, which
 * is all zeros by default, has spare members instead. Structs that zsc fills change with the library's soname alone. */
#define ZSC_API __attribute__((visibility("default")))

/* Every function that can fail returns one of these. The values are the program's exit statuses. */
typedef enum zsc_status {
    ZSC_OK = 0,
    ZSC_EINTERNAL = 1,     /* a fault of zsc itself, or memory ran out */
    ZSC_EUSAGE = 2,        /* an argument or option is wrong */
    ZSC_EINPUT = 3,        /* a file or its content is wrong, or cannot be read or written */
    ZSC_ENUMERIC = 4,      /* a computation cannot be carried out on these numbers */
    ZSC_EPARTIAL = 5,      /* some runs of a sweep failed, or a strict check found faults */
    ZSC_EINTERRUPTED = 130 /* the caller's progress function, or a signal, asked to stop */
} zsc_status;

/* One sentence, without a full stop, on the last failure in the calling thread: what was expected and what was
 * found. Never NULL; "" after no failure. Valid until the next zsc call in this thread. */
ZSC_API const char *zsc_error_message(void);

/* The number that messages give to the first row, column or neighbour of an array: 0, as indices are, unless a program
 * says otherwise before it computes: 1 where its users see lines of files (the program zsc) or count from 1 (R). Of the
 * whole process. Messages of functions that read files count the rows, lines and columns of these from 1. */
ZSC_API void zsc_count_from(int first);

#ifdef __cplusplus
}
#endif
#endif
