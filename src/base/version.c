#include "config.h"
#include "zsc/zsc.h"

const char *zsc_version(void) { return PACKAGE_VERSION; }
