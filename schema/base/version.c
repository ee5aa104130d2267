#include "schema/base/version.h"

const char bridge_version[] = BRIDGE_VERSION;
