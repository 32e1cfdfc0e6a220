/* Several embeddings files with the same rows, each with encoders of its own: a folder of one .npz per model. The first
 * of them has the ids and the columns of text; the encoders of the others are added to its own. */
#ifndef ZSC_IO_EMBEDDINGS_BESIDE_H
#define ZSC_IO_EMBEDDINGS_BESIDE_H

#include "io/formats/format.h"

/* Groups the open files FILE[0 .. *count - 1], which it takes over: each that has the rows of an earlier one goes
 * beside it, and *count is what is left, in order. Files have the same rows if none of their encoders share a name, and
 *   - the ids in them are the same, in one order; or
 *   - they have no ids, each is named after its only encoder, and the names say the same split, or there are several
 *     folders with files of the same names in each.
 * Numbered files (part1.npy, part2.npy) without ids are parts of one embedding, not encoders. */
zsc_status zsc_embeddings_group(zsc_embeddings **file, size_t *count);

#endif
