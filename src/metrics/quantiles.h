/* Quantiles of the normal and of Student's distribution, the same bits on every processor (base/elementary.h). */
#ifndef ZSC_METRICS_QUANTILES_H
#define ZSC_METRICS_QUANTILES_H

/* The z >= 0 with P(|Z| < z) = level, to 1e-13 of it; level: 0 .. 1 - 1e-9. */
double zsc_normal_quantile(double level);
/* The same of Student's T with `degrees` >= 1 of freedom up to some 1e4, to 1e-11. */
double zsc_student_quantile(double level, double degrees);

/* P(|Z| < z), z from 0 to 8, to 1e-13, and P(|T| < t), t from 0 to 1000, to 1e-10; beyond, of the end of that range. */
double zsc_normal_level(double z);
double zsc_student_level(double t, double degrees);

#endif
