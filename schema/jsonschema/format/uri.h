#ifndef SCHEMA_JSONSCHEMA_FORMAT_URI_H
#define SCHEMA_JSONSCHEMA_FORMAT_URI_H

#include "schema/jsonschema/format/scan.h"

format_check format_uri, format_uri_reference, format_iri, format_iri_reference,
	format_uri_template;

#endif
