/* A column of names, such as the family of each row: a type that datasets, figures and file formats share.
 * Module: src/base
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ZSC_COLUMN_H
#define ZSC_COLUMN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A column of names: a code per row, -1 where missing; level[code] is the name. Levels in order of first appearance. */
typedef struct zsc_column {
    char *name;
    int32_t *code;
    char **level;
    size_t levels;
} zsc_column;

#ifdef __cplusplus
}
#endif
#endif
