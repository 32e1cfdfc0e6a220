/* Opens files of embeddings in any format: the content tells which. The formats are io/formats;
 * what is asked of an open file is in io/formats/format.h. */
#ifndef ZSC_IO_EMBEDDINGS_H
#define ZSC_IO_EMBEDDINGS_H

#include "io/formats/format.h"

/* What PATH is, without reading it through. OTHER: neither embeddings nor HDF5; perhaps metadata. LAYOUT may be NULL.
 */
typedef enum zsc_embeddings_class { ZSC_CLASS_OTHER, ZSC_CLASS_EMBEDDINGS, ZSC_CLASS_HDF5 } zsc_embeddings_class;
zsc_status zsc_embeddings_recognise(const char *path, const zsc_file_layout *file_layout, zsc_embeddings_class *out);

/* Opens PATH and recognises its format. PATH may be a folder, or names joined with '+' (io/files/input_files.h): the
 * files in it that hold embeddings, in order of name, are one then. Files of a folder that are no embeddings are left
 * out, unless they cannot be read, or are called as the parts are (the same ending): that is ZSC_EINPUT. Files with the
 * same rows are encoders beside each other (io/embeddings_beside.h). LAYOUT may be NULL and must live on. */
zsc_status zsc_embeddings_open(const char *path, const zsc_file_layout *file_layout, zsc_embeddings **out);
/* The same for whoever wants ENCODER alone (NULL: any): of files that are named after their encoders as
 * zs-ssl-clustering does, only this encoder's are read. */
zsc_status zsc_embeddings_open_for(const char *path, const char *encoder, const zsc_file_layout *file_layout,
                                   zsc_embeddings **out);
/* Notes what a reader of the results should know: the files that a folder or a list stands for, what of the folder is
 * left out, and labels that cannot be read. */
void zsc_embeddings_note(const zsc_embeddings *file);
/* Whether the encoder has a row for each id, in each of the parts. */
zsc_status zsc_embeddings_check_rows(const zsc_embeddings *file, const zsc_encoder *encoder);
/* The encoder called NAME; with NULL the only one. The message lists those that are there. Checks its shape. */
zsc_status zsc_embeddings_encoder(zsc_embeddings *file, const char *name, const zsc_encoder **out);

/* Whether ENCODER is a pattern, with * ? or [, that stands for every encoder that matches. */
bool zsc_embeddings_is_pattern(const char *encoder);
/* Adds FILE:ENCODER to OUT for each encoder of FILE that matches SPEC's pattern; an encoder of just this name is alone
 * meant. A SPEC without a pattern is added as it is. ZSC_EINPUT: none matches. */
zsc_status zsc_embeddings_unfold(const char *spec, const zsc_file_layout *file_layout, zsc_list *out);
/* Whether an encoder of FILE is meant by PATTERN (NULL: all are). */
bool zsc_embeddings_matches(const zsc_embeddings *file, const zsc_encoder *encoder, const char *pattern);

/* Takes FILE[:ENCODER] apart: the longest FILE that exists, so that names with colons work. *encoder is NULL where none
 * is given. The caller frees both. */
zsc_status zsc_embeddings_split_name(const char *spec, char **path, char **encoder);

#endif
