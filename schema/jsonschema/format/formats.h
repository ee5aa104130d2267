/*
 * The formats of JSON Schema 2020-12, validation section 7.3, asserted: a
 * table of names and functions. A text with anything before or behind the
 * form, a line break too, is not of that form. Private to this folder.
 *
 *	date-time, date, time   RFC 3339, section 5.6; leap seconds in UTC
 *	duration                RFC 3339, appendix A
 *	email, idn-email        RFC 5321, section 4.1.2; RFC 6531, section 3.3
 *	hostname                RFC 1123, section 2.1; A-labels by RFC 5890
 *	idn-hostname            RFC 5890 to 5893
 *	ipv4, ipv6              RFC 2673, section 3.2; RFC 4291, section 2.2
 *	uri, uri-reference      RFC 3986
 *	iri, iri-reference      RFC 3987
 *	uri-template            RFC 6570
 *	uuid                    RFC 4122, section 3, without urn:uuid:
 *	json-pointer            RFC 6901, section 5
 *	relative-json-pointer   draft-bhutton-relative-json-pointer-00
 *	regex                   ECMA-262; see regex/ecma.h
 */
#ifndef SCHEMA_JSONSCHEMA_FORMAT_H
#define SCHEMA_JSONSCHEMA_FORMAT_H

#include "schema/jsonschema/format/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct format {
	const char *name;
	format_check *check;
	const char *words; /* "a date such as 2024-05-31" */
};

/* NULL when there is none of that name. */
const struct format *format_find(const char *name);

/* The table's rows, one by one; NULL behind the last. */
const struct format *format_at(size_t index);

/* The nearest name, or NULL. */
const char *format_nearest(const char *name);

#endif
