/* Samples of rows, and medians over them. What is taken from a sample decides speed alone, never a result. */
#ifndef ZSC_KNN_SAMPLE_H
#define ZSC_KNN_SAMPLE_H

#include <stddef.h>

/* The s-th row of a sample of `sample` rows of n, drawn with repeats; all of them in order where n <= sample. */
size_t zsc_sample_row(size_t s, size_t sample, size_t n);
void zsc_sample_sort(double *values, size_t count);
double zsc_sample_median(double *values, size_t count); /* sorts them; count is at least 1 */

#endif
