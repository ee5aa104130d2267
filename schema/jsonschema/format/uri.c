#include "schema/jsonschema/format/uri.h"
#include "schema/base/utf8.h"
#include "schema/jsonschema/format/host.h"

#include <string.h>

/* A URI reference, or one with Unicode in it. */
struct uri_scan {
	struct scan scan;
	bool unicode;
};

#define UNRESERVED "-._~"
#define SUB_DELIMS "!$&'()*+,;="

/* RFC 3987, section 2.2: ucschar and, in a query, iprivate. */
static bool is_unicode(uint32_t point, bool private)
{
	if (point >= 0xe000 && point <= 0xf8ff)
		return private;
	if (point >= 0xf0000)
		return private && (point & 0xffff) <= 0xfffd;
	if (point < 0xa0 || (point >= 0xfdd0 && point <= 0xfdef) ||
		(point >= 0xfff0 && point <= 0xffff))
		return false;
	return point < 0x10000 ||
	       ((point & 0xffff) <= 0xfffd &&
		       (point < 0xe0000 || point >= 0xe1000));
}

static bool unicode_char(struct uri_scan *uri, bool private)
{
	struct scan *scan = &uri->scan;
	uint32_t point;
	size_t length;

	if (!uri->unicode || scan->at == scan->end)
		return false;
	length = utf8_decode(&point, scan->at, (size_t)(scan->end - scan->at));
	if (!length || !is_unicode(point, private))
		return false;
	scan->at += length;
	return true;
}

static bool percent(struct scan *scan)
{
	if (scan->end - scan->at < 3 || scan->at[0] != '%' ||
		!scan_is_hex(scan->at[1]) || !scan_is_hex(scan->at[2]))
		return false;
	scan->at += 3;
	return true;
}

/* One of what is unreserved, escaped, or among the others. */
static bool one(struct uri_scan *uri, const char *others, bool private)
{
	struct scan *scan = &uri->scan;

	if (scan->at == scan->end)
		return false;
	if (scan_is_alpha(*scan->at) || scan_is_digit(*scan->at)) {
		scan->at++;
		return true;
	}
	return scan_any(scan, UNRESERVED) || scan_any(scan, others) ||
	       percent(scan) || unicode_char(uri, private);
}

static void some(struct uri_scan *uri, const char *others, bool private)
{
	while (one(uri, others, private))
		continue;
}

/* [IPv6] or [v1.future], behind the bracket */
static bool literal(struct uri_scan *uri)
{
	struct scan *scan = &uri->scan;
	const char *first = scan->at;
	const char *close = memchr(first, ']', (size_t)(scan->end - first));

	if (!close)
		return false;
	if (scan_any(scan, "vV")) {
		const struct uri_scan inner = {{scan->at, close}, false};
		struct uri_scan future = inner;

		while (future.scan.at < close && scan_is_hex(*future.scan.at))
			future.scan.at++;
		if (future.scan.at == inner.scan.at ||
			!scan_char(&future.scan, '.') ||
			future.scan.at == close)
			return false;
		while (future.scan.at < close && *future.scan.at != '%' &&
			one(&future, SUB_DELIMS ":", false))
			continue;
		if (future.scan.at != close)
			return false;
	} else if (!format_ipv6(first, (size_t)(close - first))) {
		return false;
	}
	scan->at = close + 1;
	return true;
}

/* Behind the two slashes. */
static bool authority(struct uri_scan *uri)
{
	struct scan *scan = &uri->scan;
	const char *first = scan->at;

	some(uri, SUB_DELIMS ":", false);
	if (!scan_char(scan, '@'))
		scan->at = first;
	if (scan_char(scan, '[')) {
		if (!literal(uri))
			return false;
	} else {
		some(uri, SUB_DELIMS, false);
	}
	if (scan_char(scan, ':'))
		while (scan->at < scan->end && scan_is_digit(*scan->at))
			scan->at++;
	return scan->at == scan->end || strchr("/?#", *scan->at) != NULL;
}

static bool scheme(struct scan *scan)
{
	const char *at = scan->at;

	if (at == scan->end || !scan_is_alpha(*at))
		return false;
	while (at < scan->end &&
		(scan_is_alpha(*at) || scan_is_digit(*at) || *at == '+' ||
			*at == '-' || *at == '.'))
		at++;
	if (at == scan->end || *at != ':')
		return false;
	scan->at = at + 1;
	return true;
}

/*
 * RFC 3987, section 4.1: an IRI has no characters that format its direction:
 * U+200E, U+200F and U+202A to U+202E. ucschar has them all the same.
 */
static bool formats_direction(const char *bytes, size_t length)
{
	for (size_t i = 0; i + 3 <= length; i++) {
		unsigned char last = (unsigned char)bytes[i + 2];

		if (!memcmp(bytes + i, "\xe2\x80", 2) &&
			(last == 0x8e || last == 0x8f ||
				(last >= 0xaa && last <= 0xae)))
			return true;
	}
	return false;
}

static bool reference(
	const char *bytes, size_t length, bool unicode, bool relative)
{
	struct uri_scan uri = {{bytes, bytes + length}, unicode};
	struct scan *scan = &uri.scan;
	bool absolute = scheme(scan);

	if ((!absolute && !relative) || formats_direction(bytes, length))
		return false;
	if (scan->end - scan->at >= 2 && !memcmp(scan->at, "//", 2)) {
		scan->at += 2;
		if (!authority(&uri))
			return false;
	} else if (!absolute) {
		/* A colon in the first segment would be a scheme's. */
		some(&uri, SUB_DELIMS "@", false);
		if (scan->at < scan->end && *scan->at == ':')
			return false;
	}
	some(&uri, SUB_DELIMS ":@/", false);
	if (scan_char(scan, '?'))
		some(&uri, SUB_DELIMS ":@/?", true);
	if (scan_char(scan, '#'))
		some(&uri, SUB_DELIMS ":@/?", false);
	return scan->at == scan->end;
}

bool format_uri(const char *bytes, size_t length)
{
	return reference(bytes, length, false, false);
}

bool format_uri_reference(const char *bytes, size_t length)
{
	return reference(bytes, length, false, true);
}

bool format_iri(const char *bytes, size_t length)
{
	return reference(bytes, length, true, false);
}

bool format_iri_reference(const char *bytes, size_t length)
{
	return reference(bytes, length, true, true);
}

static bool variable_char(struct scan *scan)
{
	if (scan->at < scan->end &&
		(scan_is_alpha(*scan->at) || scan_is_digit(*scan->at) ||
			*scan->at == '_')) {
		scan->at++;
		return true;
	}
	return percent(scan);
}

/* A name, and :length or *. RFC 6570, sections 2.3 and 2.4. */
static bool variable(struct scan *scan)
{
	if (!variable_char(scan))
		return false;
	while (variable_char(scan) ||
		(scan_char(scan, '.') && variable_char(scan)))
		continue;
	if (scan->at[-1] == '.')
		return false;
	if (scan_char(scan, ':')) {
		const char *first = scan->at;

		while (scan->at < scan->end && scan_is_digit(*scan->at))
			scan->at++;
		return scan->at > first && scan->at - first <= 4 &&
		       *first != '0';
	}
	scan_char(scan, '*');
	return true;
}

/* Behind the brace. */
static bool expression(struct scan *scan)
{
	scan_any(scan, "+#./;?&=,!@|");
	do {
		if (!variable(scan))
			return false;
	} while (scan_char(scan, ','));
	return scan_char(scan, '}');
}

/* RFC 6570, section 2; its erratum 6937 adds the apostrophe. */
bool format_uri_template(const char *bytes, size_t length)
{
	struct uri_scan uri = {{bytes, bytes + length}, true};
	struct scan *scan = &uri.scan;

	while (scan->at < scan->end) {
		if (scan_char(scan, '{')) {
			if (!expression(scan))
				return false;
		} else if (!one(&uri, "!#$&'()*+,/:;=?@[]", true)) {
			return false;
		}
	}
	return true;
}
