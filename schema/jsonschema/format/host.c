#include "schema/jsonschema/format/host.h"

#include "schema/jsonschema/format/hostname.h"

#include <string.h>
#include <strings.h>

bool format_ipv4(const char *bytes, size_t length)
{
	struct scan scan = {bytes, bytes + length};

	for (int i = 0; i < 4; i++) {
		const char *first;
		unsigned value = 0;

		if (i && !scan_char(&scan, '.'))
			return false;
		first = scan.at;
		while (scan.at < scan.end && scan_is_digit(*scan.at) &&
			scan.at - first < 3)
			value = value * 10 + (unsigned)(*scan.at++ - '0');
		if (scan.at == first || value > 255 ||
			(*first == '0' && scan.at - first > 1))
			return false;
	}
	return scan.at == scan.end;
}

bool format_ipv6(const char *bytes, size_t length)
{
	struct scan scan = {bytes, bytes + length};
	unsigned groups = 0;
	bool gap = false;

	if (length > 1 && bytes[0] == ':' && bytes[1] != ':')
		return false;
	while (scan.at < scan.end) {
		const char *first = scan.at;
		size_t digits = 0;

		if (first[0] == ':' && scan.end - first > 1 &&
			first[1] == ':') {
			if (gap)
				return false;
			gap = true;
			scan.at += 2;
			continue;
		}
		if (first > bytes && first[-1] != ':' && !scan_char(&scan, ':'))
			return false;
		first = scan.at;
		while (scan.at < scan.end && scan_is_hex(*scan.at) &&
			digits < 5) {
			scan.at++;
			digits++;
		}
		if (scan.at < scan.end && *scan.at == '.') {
			groups += 2;
			if (!format_ipv4(first, (size_t)(scan.end - first)))
				return false;
			break;
		}
		if (!digits || digits > 4)
			return false;
		groups++;
	}
	return gap ? groups < 8 : groups == 8;
}

/* RFC 5322, section 3.2.3: atext; RFC 6531 adds all that is not ASCII. */
static bool is_atext(char c, bool unicode)
{
	if (c & 0x80)
		return unicode;
	return c && (scan_is_alpha(c) || scan_is_digit(c) ||
			    strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool dot_string(struct scan *scan, bool unicode)
{
	do {
		const char *first = scan->at;

		while (scan->at < scan->end && is_atext(*scan->at, unicode))
			scan->at++;
		if (scan->at == first)
			return false;
	} while (scan_char(scan, '.'));
	return true;
}

/* Behind the quote. */
static bool quoted_string(struct scan *scan, bool unicode)
{
	while (scan->at < scan->end && *scan->at != '"') {
		if (*scan->at == '\\' && ++scan->at == scan->end)
			return false;
		if (*scan->at & 0x80 ? !unicode
				     : *scan->at < ' ' || *scan->at > '~')
			return false;
		scan->at++;
	}
	return scan_char(scan, '"');
}

/* [192.0.2.1] or [IPv6:2001:db8::1]; the tag's case does not count. */
static bool address_literal(const char *bytes, size_t length)
{
	if (length < 2 || bytes[length - 1] != ']')
		return false;
	if (length > 7 && !strncasecmp(bytes, "[IPv6:", 6))
		return format_ipv6(bytes + 6, length - 7);
	return format_ipv4(bytes + 1, length - 2);
}

static bool mailbox(const char *bytes, size_t length, bool unicode)
{
	enum { MAX_LOCAL_PART = 64 }; /* RFC 5321, section 4.5.3.1.1 */
	struct scan scan = {bytes, bytes + length};
	bool local = scan_char(&scan, '"') ? quoted_string(&scan, unicode)
					   : dot_string(&scan, unicode);
	size_t left;

	if (!local || scan.at - bytes > MAX_LOCAL_PART ||
		!scan_char(&scan, '@'))
		return false;
	left = (size_t)(scan.end - scan.at);
	if (left && *scan.at == '[')
		return address_literal(scan.at, left);
	return hostname_is_valid(
		scan.at, left, unicode ? HOSTNAME_LOOKUP : HOSTNAME_ASCII);
}

bool format_email(const char *bytes, size_t length)
{
	return mailbox(bytes, length, false);
}

bool format_idn_email(const char *bytes, size_t length)
{
	return mailbox(bytes, length, true);
}
