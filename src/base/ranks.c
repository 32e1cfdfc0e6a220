#include "zsc/ranks.h"

const char *const zsc_rank_names[] = {"class", "order", "family", "subfamily", "genus", "species", "dna_bin"};
const size_t zsc_rank_count = sizeof zsc_rank_names / sizeof *zsc_rank_names;
