/* Texts of MATLAB 7.3. */
#ifndef ZSC_IO_H5_MATLAB_H
#define ZSC_IO_H5_MATLAB_H

#include "base/text.h"
#include "io/h5/h5.h"

/* Of an array of the class "char" (a text per row) or "cell" (an element each), without the blanks at their end. */
zsc_status zsc_h5_matlab_texts(zsc_h5 *file, const char *object, const char *class, zsc_list *out);

#endif
