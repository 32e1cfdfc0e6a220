/* Clocks: wall time and processor time in seconds. */
#ifndef ZSC_BASE_CLOCK_H
#define ZSC_BASE_CLOCK_H

double zsc_clock(void);     /* seconds of wall time from some fixed moment */
double zsc_cpu_clock(void); /* seconds of processor time of this process, all threads */

#endif
