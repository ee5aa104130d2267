#ifndef SCHEMA_JSONSCHEMA_FORMAT_HOST_H
#define SCHEMA_JSONSCHEMA_FORMAT_HOST_H

#include "schema/jsonschema/format/scan.h"

format_check format_email, format_idn_email, format_ipv4, format_ipv6;

#endif
