#include "inspect/problems.h"

#include <stdarg.h>
#include <stdio.h>

zsc_status zsc_problems_add(zsc_list *problems, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return zsc_list_add(problems, text);
}
