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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes are UTF-8 and may hold NULs. */
typedef bool format_check(const char *bytes, size_t length);

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

/* time.c */
format_check format_date_time, format_date, format_time, format_duration;

/* format_host.c */
format_check format_email, format_idn_email, format_ipv4, format_ipv6;

/* format_hostname.c */
format_check format_hostname, format_idn_hostname;

enum hostname_form {
	HOSTNAME_ASCII,   /* letters, digits, hyphens; A-labels */
	HOSTNAME_UNICODE, /* U-labels, too, and the ideographic full stops */
	/* U-labels that are not in NFC, too: RFC 5891, section 5.2. */
	HOSTNAME_LOOKUP,
};

bool is_hostname(const char *bytes, size_t length, enum hostname_form form);

/* uri.c */
format_check format_uri, format_uri_reference, format_iri, format_iri_reference,
	format_uri_template;

/* token.c */
format_check format_uuid, format_json_pointer, format_relative_json_pointer,
	format_regex;

/* What is left of a text; the functions below move on when they say yes. */
struct scan {
	const char *at, *end;
};

bool scan_char(struct scan *scan, char c);

/* One of the characters; not the NUL behind them. */
bool scan_any(struct scan *scan, const char *characters);

/* Exactly count ASCII digits. */
bool scan_digits(struct scan *scan, unsigned count, unsigned *value);

bool is_digit(char c);
bool is_hex(char c);
bool is_alpha(char c);

#endif
