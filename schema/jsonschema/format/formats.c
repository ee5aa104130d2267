#include "schema/jsonschema/format/formats.h"
#include "schema/jsonschema/format/host.h"
#include "schema/jsonschema/format/hostname.h"
#include "schema/jsonschema/format/time.h"
#include "schema/jsonschema/format/token.h"
#include "schema/jsonschema/format/uri.h"

#include "schema/base/alloc.h"
#include "schema/base/suggest.h"

#include <string.h>

static const struct format formats[] = {
	{"date-time", format_date_time,
		"a date and time such as 2024-05-31T12:00:00Z"},
	{"date", format_date, "a date such as 2024-05-31"},
	{"time", format_time, "a time with its zone such as 12:00:00Z"},
	{"duration", format_duration, "a duration such as P1DT12H"},
	{"email", format_email, "an e-mail address"},
	{"idn-email", format_idn_email, "an e-mail address"},
	{"hostname", format_hostname, "a host name"},
	{"idn-hostname", format_idn_hostname, "a host name"},
	{"ipv4", format_ipv4, "an IPv4 address such as 192.0.2.1"},
	{"ipv6", format_ipv6, "an IPv6 address such as 2001:db8::1"},
	{"uri", format_uri, "a URI with its scheme"},
	{"uri-reference", format_uri_reference,
		"a URI or a relative reference"},
	{"iri", format_iri, "an IRI with its scheme"},
	{"iri-reference", format_iri_reference,
		"an IRI or a relative reference"},
	{"uri-template", format_uri_template,
		"a URI template such as /users/{id}"},
	{"uuid", format_uuid,
		"a UUID such as 2eb8aa08-aa98-11ea-b4aa-73b441d16380"},
	{"json-pointer", format_json_pointer, "a JSON pointer such as /a/0"},
	{"relative-json-pointer", format_relative_json_pointer,
		"a relative JSON pointer such as 1/a"},
	{"regex", format_regex, "a regular expression of ECMA-262"},
};

const struct format *format_find(const char *name)
{
	for (size_t i = 0; i < COUNT(formats); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

const struct format *format_at(size_t index)
{
	return index < COUNT(formats) ? &formats[index] : NULL;
}

const char *format_nearest(const char *name)
{
	const char *names[COUNT(formats)];

	for (size_t i = 0; i < COUNT(formats); i++)
		names[i] = formats[i].name;
	return suggest_nearest(name, names, COUNT(names));
}
