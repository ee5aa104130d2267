#ifndef SCHEMA_JSONSCHEMA_FORMAT_TOKEN_H
#define SCHEMA_JSONSCHEMA_FORMAT_TOKEN_H

#include "schema/jsonschema/format/scan.h"

format_check format_uuid, format_json_pointer, format_relative_json_pointer,
	format_regex;

#endif
