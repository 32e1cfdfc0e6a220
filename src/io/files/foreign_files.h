/* Files that people try and that zsc does not read: what they are, and what converts them. */
#ifndef ZSC_IO_FOREIGN_FILES_H
#define ZSC_IO_FOREIGN_FILES_H

/* A sentence such as "a Parquet file; to convert it: ...", by the first bytes of the file, or NULL. */
const char *zsc_foreign_file(const char *path);

#endif
