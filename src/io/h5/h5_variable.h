/* A variable of MATLAB 7.3 or of Octave (save -hdf5), which both store matrices by columns: an n x d matrix is a
 * dataset [d, n]. MATLAB says by the attribute MATLAB_class of a dataset what it was. Octave makes a group with the
 * attribute OCTAVE_NEW_FORMAT of each variable, in which the dataset `type` says it and `value` holds it; a cell array
 * is a group of such groups there. */
#ifndef ZSC_IO_H5_VARIABLE_H
#define ZSC_IO_H5_VARIABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "io/h5/h5.h"
#include "io/h5/h5_octave.h"

typedef struct zsc_h5_variable {
    char *object;             /* the path of its values */
    char class[ZSC_H5_CLASS]; /* as MATLAB calls it: "double", "char", "cell"; "": it is of neither program */
    bool octave;
    zsc_h5_info info; /* of the values: [d, n]; of Octave's cell arrays the shape alone */
} zsc_h5_variable;

/* PATH is that of the variable, or of Octave's value. The caller frees it, whatever the class. */
zsc_status zsc_h5_variable_find(zsc_h5 *file, const char *path, zsc_h5_variable *out);
void zsc_h5_variable_free(zsc_h5_variable *variable);
const char *zsc_h5_variable_program(const zsc_h5_variable *variable); /* "MATLAB", "Octave" */

/* Numbers in at least two rows and two columns. */
bool zsc_h5_variable_is_matrix(const zsc_h5_variable *variable);
bool zsc_h5_variable_is_text(const zsc_h5_variable *variable);   /* char or cell */
bool zsc_h5_variable_is_vector(const zsc_h5_variable *variable); /* numbers in one row or one column */
/* What the program keeps in its own way, with the line that makes texts of it; NULL: it is none of these. */
const char *zsc_h5_variable_conversion(const zsc_h5_variable *variable);
/* How many texts or numbers it holds, one per row: of char its rows, of others their elements in one row or column.
 * SIZE_MAX: it is no list. */
size_t zsc_h5_variable_length(const zsc_h5_variable *variable);
/* These, as texts, without the blanks at their end; whole numbers in decimal, NaN is "", and -1 among labels. One
 * block; ZSC_EINPUT for what cannot be read as such. */
zsc_status zsc_h5_variable_texts(zsc_h5 *file, const zsc_h5_variable *variable, bool labels, char ***out);

#endif
