/* Variables of Octave (save -hdf5): a group each, with the attribute OCTAVE_NEW_FORMAT. */
#ifndef ZSC_IO_H5_OCTAVE_H
#define ZSC_IO_H5_OCTAVE_H

#include <stdbool.h>

#include "base/text.h"
#include "io/h5/h5.h"

enum { ZSC_H5_CLASS = 48 };

/* Whether the group OBJECT is a variable. */
bool zsc_h5_is_octave(zsc_h5 *file, const char *object);
/* What MATLAB calls its class, and what holds its values, OBJECT/value; of cell arrays INFO is the shape alone. The
 * caller frees *values, also where it fails. */
zsc_status zsc_h5_octave_describe(zsc_h5 *file, const char *object, char **values, char class[ZSC_H5_CLASS],
                                  zsc_h5_info *info);
/* Of the class "char" (a text per row) or "cell" (an element each), without the blanks at their end. */
zsc_status zsc_h5_octave_texts(zsc_h5 *file, const char *values, const char *class, const zsc_h5_info *info,
                               zsc_list *out);

#endif
