/* What is wrong with a file, as sentences. */
#ifndef ZSC_INSPECT_PROBLEMS_H
#define ZSC_INSPECT_PROBLEMS_H

#include "base/text.h"
#include "zsc/status.h"

__attribute__((format(printf, 2, 3))) zsc_status zsc_problems_add(zsc_list *problems, const char *format, ...);

#endif
