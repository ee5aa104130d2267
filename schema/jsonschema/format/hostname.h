#ifndef SCHEMA_JSONSCHEMA_FORMAT_HOSTNAME_H
#define SCHEMA_JSONSCHEMA_FORMAT_HOSTNAME_H

#include "schema/jsonschema/format/scan.h"

format_check format_hostname, format_idn_hostname;

enum hostname_form {
	HOSTNAME_ASCII,   /* letters, digits, hyphens; A-labels */
	HOSTNAME_UNICODE, /* U-labels, too, and the ideographic full stops */
	/* U-labels that are not in NFC, too: RFC 5891, section 5.2. */
	HOSTNAME_LOOKUP,
};

bool hostname_is_valid(
	const char *bytes, size_t length, enum hostname_form form);

#endif
