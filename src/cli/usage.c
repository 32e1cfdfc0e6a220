/* The failure of a command line. */
#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"
#include "cli/cli.h"

zsc_status cli_usage(const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return zsc_fail(ZSC_EUSAGE, "%s", text);
}
