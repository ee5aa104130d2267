/*
 * Values of every format that is known, chosen from its RFC: what stands at
 * the edge of its grammar, on both sides.
 */
#include "schema/jsonschema/format/hostname.h"
#include "tests/unit/unit.h"

#include "schema/jsonschema/format/formats.h"

#include <time.h>

struct value {
	const char *bytes; /* NULL behind the last */
	size_t length;
};

#define V(text)                                                                \
	{                                                                      \
		text, sizeof(text) - 1                                         \
	}

enum { LEAST = 10, MOST = 32 };

#define A9  "aaaaaaaaa"
#define A21 A9 A9 "aaa"
#define A61 A21 A21 A9 A9 "a"
#define A63 A61 "aa"
/* As an A-label it has 63 octets. */
#define U_LABEL A21 A21 A9 "aaaa\u00fc"

static const struct rows {
	const char *format;
	struct value right[MOST + 1], wrong[MOST + 1];
} table[] = {
	{"date-time",
		{V("2000-02-29T00:00:00Z"), V("0000-01-01T00:00:00Z"),
			V("9999-12-31T23:59:59Z"), V("2016-12-31t23:59:60z"),
			V("2017-01-01T05:29:60+05:30"),
			V("2015-06-30T16:59:60.25-07:00"),
			V("2024-02-29T12:00:00.000000001-00:00"),
			V("2024-07-01T00:00:00+23:59"),
			V("2024-07-01T00:00:00.1-23:59"),
			V("1911-03-10T23:50:39+00:09"),
			V("2024-04-30T23:59:59Z")},
		{V("1900-02-29T00:00:00Z"), V("2024-04-31T00:00:00Z"),
			V("2024-00-10T00:00:00Z"), V("2024-07-01 00:00:00Z"),
			V("2024-07-01T24:00:00Z"), V("2024-07-01T00:60:00Z"),
			V("2016-12-31T23:59:61Z"), V("2016-12-31T22:59:60Z"),
			/* A leap second ends a month: RFC 3339, section 5.7. */
			V("2024-05-15T23:59:60Z"),
			V("2017-01-02T05:29:60+05:30"),
			V("2015-06-29T16:59:60-07:00"),
			V("2024-07-01T00:00:00"), V("2024-07-01T00:00:00+0530"),
			V("2024-07-01T00:00:00.Z"), V("2024-07-01T00:00:00,5Z"),
			V("2024-07-01T00:00Z"), V("2024-07-01T00:00:00+24:00"),
			V("12024-07-01T00:00:00Z"), V("2024-07-01"),
			V("2024-07-01T00:00:00Z\n"),
			V("2024-07-01T00:00:00Z\0")}},
	{"date",
		{V("0000-02-29"), V("0001-01-01"), V("1582-10-10"),
			V("1999-12-31"), V("2000-02-29"), V("2023-02-28"),
			V("2024-01-31"), V("2024-04-30"), V("2400-02-29"),
			V("9999-12-31")},
		{V(""), V("2100-02-29"), V("2024-02-30"), V("2024-06-31"),
			V("2024-13-01"), V("2024-01-00"), V("2024-01-32"),
			V("2024-1-01"), V("20240101"), V("2024-W01-1"),
			V("2024-366"), V("+2024-01-01"), V("-001-01-01"),
			V("2024/01/01"), V("2024-01-01Z"), V(" 2024-01-01"),
			V("\uff12024-01-01"), V("2024-01")}},
	{"time",
		{V("00:00:00Z"), V("23:59:59.999999999Z"), V("23:59:60Z"),
			V("23:59:60.5z"), V("00:59:60+01:00"),
			V("09:44:60-14:15"), V("06:29:60+06:30"),
			V("12:00:00-00:00"), V("12:00:00+23:59"),
			V("12:00:00.0+00:00")},
		{V("24:00:00Z"), V("23:60:00Z"), V("23:59:61Z"), V("00:59:60Z"),
			V("23:59:60+01:00"), V("12:00:00"), V("12:00Z"),
			V("12:00:00.Z"), V("12:00:00+1:00"), V("12:00:00+01"),
			V("12:00:00+0100"), V("12:00:00+01:60"),
			V("12:00:00-24:00"), V("1:00:00Z"), V("12:00:00 Z"),
			V("12:00:00UTC"), V("120000Z"), V("-1:00:00Z")}},
	{"duration",
		{V("P1Y"), V("P1M"), V("P0D"), V("P4W"), V("PT36H"), V("PT0S"),
			V("PT5M6S"), V("PT1H30M"), V("P1Y2M3D"), V("P2MT1S"),
			V("P1YT1M"), V("P1Y2M3DT4H5M6S"),
			V("P999999999999999999999D")},
		{V(""), V("P"), V("PT"), V("P1"), V("1D"), V("P1S"), V("PT1D"),
			V("P1DT"), V("P1DT1D"), V("P1Y2D"), V("PT1H2S"),
			V("P1M1Y"), V("P1D2D"), V("P1W2D"), V("P1Y2W"),
			V("P1WT1H"), V("P-1D"), V("+P1D"), V("P1.5D"),
			V("PT0,5S"), V("P 1D"), V("P1Y2M3"), V("PT1H2")}},
	{"email",
		{V("a@b"), V("a.b.c@xn--bcher-kva.example"),
			V("!#$%&'*+-/=?^_`{|}~@example.net"),
			V("\"a b\"@example.net"), V("\"\\\"\\ \"@example.net"),
			V("\"@\"@example.net"), V("\"\"@example.net"),
			V("x@[192.0.2.7]"), V("x@[IPv6:2001:db8::7]"),
			V("x@[ipv6:::]"), V("x@[IPv6:::ffff:192.0.2.128]"),
			V("1@2.example"), V("a" A63 "@example.net")},
		{V(""), V("a"), V("a@"), V("@example.net"), V("a@@b"),
			V(".a@b"), V("a.@b"), V("a..b@c"), V("a b@c"),
			V("\"a@b"), V("\"a\\"), V("\"a\"b@c"), V("\"a\n\"@b"),
			V("\"\u00fc\"@b"), V("\u00fc@example.net"),
			V("a@-b.example"), V("a@b_c.example"), V("a@b."),
			V("a@b\0"), V("a\0b@c"), V("a@b\u00fccher.example"),
			V("a@[192.0.2.256]"), V("a@[192.0.2.1"),
			V("a@[2001:db8::1]"), V("a@[IPv6:]"), V("a@[]"),
			V("a@["), V("<a@b>"), V("a(comment)@b"),
			V("aa" A63 "@example.net")}},
	{"idn-email",
		{V("a@b"), V("\u00fc@example.net"), V("a@b\u00fccher.example"),
			V("\u03b4.\u03b4@example.gr"),
			V("\"\u00fc \u00fc\"@example.net"),
			V("\u7528\u6237@\u4f8b\u5b50.example"),
			V("\U0001f600@example.net"),
			V("a+\u00fc@xn--bcher-kva.example"),
			V("\u00fc@[192.0.2.7]"),
			V("\u00fc.\u00f6@[IPv6:2001:db8::7]"),
			V("a@bu\u0308cher.example"),
			V("\u00fca" A61 "@example.net")},
		{V(""), V("\u00fc"), V("\u00fc@"), V("@b\u00fccher.example"),
			V(".\u00fc@example.net"), V("\u00fc.@example.net"),
			V("\u00fc \u00fc@example.net"),
			V("\"\u00fc@example.net"),
			V("\"\u00fc\"\u00fc@example.net"),
			V("\u00fc@-b\u00fccher.example"),
			V("\u00fc@b\u00fccher..example"),
			V("\u00fc@b\u00fc cher.example"),
			V("\u00fc@b\u00fccher_1.example"),
			V("\u00fc@xn--a.example"), V("\u00fc@[\u00fc]"),
			V("\u00fcaa" A61 "@example.net")}},
	{"hostname",
		{V("a"), V("1"), V("3com.example"), V("a-b"), V("a--b"),
			V("ab--c"), V("EXAMPLE.org"),
			V("xn--bcher-kva.example"), V("XN--BCHER-KVA.example"),
			V("0.xn--bcher-kva"), V("a.xn--4dbc"), V(A63),
			V(A63 "." A63 "." A63 "." A61)},
		{V(""), V("."), V("a."), V("a..b"), V(".a"), V("-a"), V("a-"),
			V("a.-b"), V("a_b"), V("a b"), V("a/b"), V("a:80"),
			V("[::1]"), V("a\0b"), V("b\u00fccher.example"),
			V("a\u3002b"), V("xn--"), V("xn--a"), V("xn--abc-"),
			V("xn--bcher-kva-.example"), V("xn--bcher-\u00fc"),
			/* Digits in front, and a label from right to left. */
			V("0.xn--4dbc"), V("a" A63),
			V(A63 "." A63 "." A63 "." A61 "a")}},
	{"idn-hostname",
		{V("a-b.example"), V("b\u00fccher.example"),
			V("xn--bcher-kva.example"), V("stra\u00dfe"),
			V("\u03b5\u03bb\u03bb\u03ac\u03c2"),
			V("\u4f8b\u3048.\u30c6\u30b9\u30c8"),
			V("b\u00fccher\uff0eexample"),
			/* From right to left, with digits behind. */
			V("\u05d0\u05d11.example"),
			V("\u0628\u0661.\u0628\u06f1.b\u00fccher"),
			/* Joiners in their context: Persian, Tamil. */
			V("\u0646\u0627\u0645\u0647\u200c\u0627\u06cc"),
			V("\u0b95\u0bcd\u200d\u0bb7"), V("\u30ab\u30fb\u30ca"),
			V("col\u00b7lectiu"), V("0.b\u00fccher"), V(U_LABEL)},
		{V(""), V("\u00fc."), V("\u00fc..\u00e4"), V("-\u00fc"),
			V("\u00fc-"), V("ab--\u00fc"), V("ab--c"),
			V("B\u00fccher"),
			/* not in NFC */
			V("bu\u0308cher"), V("\u0308a"), V("\u2665.example"),
			/* NFKC would change these. */
			V("\ufb01n"), V("\u2460"), V("\uff41\uff42"),
			V("a\u200db"), V("\u0646\u200c"), V("co\u00b7op"),
			V("a\u30fbb"), V("\u0628\u06f1\u0661"), V("1\u05d0"),
			V("\u05d0a"), V("a\u05d0"), V("0.\u05d0"),
			V("\u06f1.\u05d0"),
			/* one kind of digits: RFC 5893, section 2, condition 4
			 */
			V("\u05d01\u0661"), V("xn--b\u00fccher"), V("xn--a"),
			V("\u00fc\0"), V("\u00fc$"), V("a$"), V("a" U_LABEL)}},
	{"ipv4",
		{V("0.0.0.0"), V("255.255.255.255"), V("1.2.3.4"),
			V("10.0.0.1"), V("127.0.0.1"), V("192.0.2.1"),
			V("100.64.0.0"), V("9.99.199.249"),
			V("250.249.200.199"), V("224.0.0.251")},
		{V(""), V("256.0.0.1"), V("1.2.3.1000"), V("1.2.3"),
			V("1.2.3.4.5"), V("1.2.3."), V(".1.2.3"), V("1..2.3"),
			V("01.2.3.4"), V("1.2.3.00"), V("0x7f.0.0.1"),
			V("2130706433"), V("1.2.3.-4"), V("1.2.3.4/24"),
			V("1.2.3.4:80"), V(" 1.2.3.4"), V("1.2.3.4\n"),
			V("\uff11.2.3.4")}},
	{"ipv6",
		{V("::"), V("::1"), V("1::"), V("1::8"), V("FE80::A"),
			V("0000:0000::"), V("2001:db8:0:0:0:0:0:1"),
			V("1:2:3:4:5:6:7:8"), V("::2:3:4:5:6:7:8"),
			V("1:2:3:4:5:6:7::"), V("::ffff:192.0.2.128"),
			V("64:ff9b::192.0.2.33"), V("1:2:3:4:5:6:192.0.2.1")},
		{V(""), V(":"), V(":::"), V("1"), V("1:"), V("1::2:"),
			V(":1::"), V("1:2:3:4:5:6:7"), V("1:2:3:4:5:6:7:8:9"),
			V("1:2:3:4:5:6:7:8::"), V("::1:2:3:4:5:6:7:8"),
			V("1::2::3"), V("1:::2"), V("12345::"), V("g::"),
			V("::1.2.3"), V("::1.2.3.256"), V("::01.2.3.4"),
			V("1.2.3.4::"), V("::1.2.3.4:5"),
			V("1:2:3:4:5:6:7:192.0.2.1"), V("192.0.2.1"),
			/* RFC 4007 adds zones to the text, not to the address.
			 */
			V("fe80::1%eth0"), V("[::1]"), V("::1/128"),
			V(" ::1")}},
	{"uri",
		{V("a:"), V("x+1.y-2:z"), V("urn:isbn:0-395-36341-1"),
			V("mailto:a@b.example"), V("tel:+1-201-555-0123"),
			V("file:///etc/hosts"), V("http://user:p%40w@h:/?q#f"),
			V("http://[2001:db8::7]:8080/"),
			V("http://[v1F.fe:d$]/"), V("http://h/%41%e4"),
			V("h://%20"), V("http://a?b?/c#d?/e"),
			V("http://h/;p=1,2!$&'()*+:@"), V("foo://?")},
		{V(""), V("//h/p"), V("/p"), V("1a:b"), V(":a"), V("^a:b"),
			V("http://h/ p"), V("http://h/%4"), V("http://h/%zz"),
			V("http://h/\u00fc"), V("http://[2001:db8::7"),
			V("http://[::1]a/"), V("http://[1.2.3.4]/"),
			/* RFC 9844 took RFC 6874 back. */
			V("http://[fe80::1%25eth0]/"), V("http://[v1.]/"),
			V("http://[v.x]/"), V("http://[v1x]/"),
			V("http://[v1.a%41]/"), V("http://h:8o/"),
			V("http://a@b@c/"), V("a:b#c#d"), V("a:[b]"),
			V("http://h\\p"), V("http://h/{x}"), V("http://h/<x>"),
			V("http://h\0/"), V("http")}},
	{"uri-reference",
		{V(""), V("#"), V("?"), V("//"), V("//h:80"), V("/a/b"),
			V("../a"), V("./a:b"), V("a/b:c"), V("a@b;c=d"),
			V("#a/b?c"), V("?a/?#b"), V("%2e"), V("http://h")},
		{V("a b"), V("1:b"), V(":a"), V("%"), V("%4g"), V("a#b#c"),
			V("//[::1"), V("//h:p"), V("//a@b@c"), V("a\\b"),
			V("\u00fc"), V("a[b]"), V("<a>"), V("a\n"), V("\0")}},
	{"iri",
		{V("http://b\u00fccher.example/\u00e4"),
			V("http://\u4f8b.\u30c6/\u30d1?\u30af#\u65ad"),
			V("urn:\u00fc"), V("http://\u00fc:\u00fc@h/"),
			V("http://h/\u00a0"),
			V("http://h/\uffef\U00010000\U000e1000"),
			V("http://h/%C3%BC"), V("http://h/?\ue000\uf8ff"),
			V("http://h/?\U000f0000\U0010fffd"),
			V("http://[2001:db8::7]/\u00fc"), V("a:b")},
		{V(""), V("/\u00fc"), V("\u00fc:b"), V("http://h/\ue000"),
			V("http://h/#\ue000"), V("http://h/\xc2\x85"),
			V("http://h/\ufdd0"), V("http://h/\ufff0"),
			V("http://h/\U0001fffe"), V("http://h/\U000e0001"),
			V("http://h/?\U000ffffe"), V("http://h/\u00fc \u00fc"),
			V("http://[\u00fc]/"), V("http://[v1.\u00fc]/"),
			V("http://h:\u0663/"),
			/* RFC 3987, section 4.1: no formatting for direction.
			 */
			V("http://h/\u200e"), V("http://h/?\u202e"),
			V("http://h/\u00fc%")}},
	{"iri-reference",
		{V(""), V("a"), V("\u00fc"), V("/\u00fc?\u00f6#\u00e4"),
			V("//b\u00fccher.example"), V("#\u00fc"), V("?\ue000"),
			V("../\u00fc"), V("\u00fc/a:b"), V("\u00fc%20\u00fc"),
			V("http://b\u00fccher.example")},
		{V("\u00fc:b"), V("\u00fc b"), V("/\ue000"), V("#\ue000"),
			V("\xc2\x85"), V("%\u00fc"), V("//[\u00fc]"),
			V("//\u00fc:x"), V("\u200f"), V("\u202a\u00fc"),
			V("\ufffe"), V("a\\\u00fc"), V("\u00fc#\u00fc#")}},
	{"uri-template",
		{V(""), V("/users/{id}"), V("{+path}/here"),
			V("{#frag}{.ext}{/seg*}"), V("{;a,b}{?q,lang}{&x:3}"),
			V("{=x}{,x}{!x}{@x}{|x}"), V("{v:1}{v:9999}"),
			V("{a.b_c}{1}{_}"), V("{%41b}"),
			V("http://h/\u00fc\ue000/%41"), V("it's"),
			V("~!#$&()*+,-./:;=?@[]_"), V("{a}{b}")},
		{V("{"), V("}"), V("{}"), V("a}b"), V("{a"), V("{{a}}"),
			V("{a b}"), V("{a-b}"), V("{-a}"), V("{a:0}"),
			V("{a:10000}"), V("{a:}"), V("{a*:3}"), V("{a:3*}"),
			V("{.}"), V("{a.}"), V("{a..b}"), V("{a,}"), V("{%4}"),
			V("{\u00fc}"), V("%4"), V("a b"), V("<a>"), V("a\\b"),
			V("a|b"), V("\"a\"")}},
	{"uuid",
		{V("00000000-0000-0000-0000-000000000000"),
			V("ffffffff-ffff-ffff-ffff-ffffffffffff"),
			V("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"),
			V("6BA7b810-9dAD-11d1-80B4-00c04FD430c8"),
			V("01234567-89ab-1def-8123-456789abcdef"),
			V("01234567-89ab-2def-9123-456789abcdef"),
			V("01234567-89ab-3def-a123-456789abcdef"),
			V("01234567-89ab-5def-b123-456789abcdef"),
			V("01234567-89ab-8def-0123-456789abcdef"),
			V("01234567-89ab-fdef-f123-456789abcdef")},
		{V(""), V("01234567-89ab-4def-8123-456789abcde"),
			V("01234567-89ab-4def-8123-456789abcdef0"),
			V("01234567-89ab-4def-8123-456789abcdeg"),
			V("0123456789ab4def8123456789abcdef"),
			V("0123-456789ab-4def-8123-456789abcdef"),
			V("012345678-9ab-4def-8123-456789abcdef"),
			V("01234567--9ab-4def-8123-456789abcdef"),
			V("01234567_89ab_4def_8123_456789abcdef"),
			V("{1234567-89ab-4def-8123-456789abcde}"),
			V("{01234567-89ab-4def-8123-456789abcdef}"),
			V("urn:uuid:01234567-89ab-4def-8123-456789abcdef"),
			V("01234567-89ab-4def-8123-456789abcde\n")}},
	{"json-pointer",
		{V(""), V("/"), V("//"), V("/a/b"), V("/~0"), V("/~1"),
			V("/~01"), V("/ "), V("/\u00fc"), V("/a%20b"),
			V("/\"\\"), V("/-"), V("/a\0b")},
		{V("a"), V("a/b"), V("/~"), V("/~2"), V("/~~"), V("/a~"),
			V("/~/a"), V("#"), V("#/a"), V("~0"), V("0"), V(" /a"),
			V("./a")}},
	{"relative-json-pointer",
		{V("0"), V("10"), V("0#"), V("120#"), V("1/"), V("1/a"),
			V("2/0/~1"), V("0/a b"), V("0+1"), V("1-2/a"),
			V("0+10#"), V("0-1#")},
		{V(""), V("/a"), V("#"), V("-1/a"), V("+1/a"), V("01"),
			V("00#"), V("0##"), V("0#/a"), V("0a"), V("0/~2"),
			V("0+"), V("0-#"), V("0+01"), V("0+1-1"), V("1.5"),
			V(" 0")}},
	{"regex",
		{V(""), V("^\\d{2,}$"), V("[^\\]]"), V("(?:a|b)*?"),
			V("(?<n>a)\\k<n>"), V("(a)\\1"), V("\\u{1F600}"),
			V("\\uD83D\\uDE00"), V("\\p{Lu}\\P{L}"),
			V("(?=a)(?!b)"), V("(?<!a)b"), V("[\\b\\-]"),
			V("\\cA\\x41\\0"), V("a{0}"), V("[]|[^]")},
		{V("("), V(")"), V("["), V("{"), V("}"), V("]"), V("\\"),
			V("*a"), V("a**"), V("a++"), V("a{2,1}"), V("[z-a]"),
			V("[\\d-z]"), V("[[:alpha:]]"), V("(?<n>a)(?<n>b)"),
			V("(?P<n>a)"), V("(?i)a"), V("\\k<n>"), V("\\1"),
			V("\\p{Nonsense}"), V("\\u{110000}"), V("\\xg"),
			V("\\a"), V("\\A"), V("\\-")}},
};

static void report(const char *format, const struct value *value, bool right)
{
	AUTO_FREE char *shown = NULL;
	size_t size;
	FILE *out = open_memstream(&shown, &size);

	for (size_t i = 0; i < value->length; i++)
		fprintf(out,
			value->bytes[i] >= ' ' && value->bytes[i] <= '~'
				? "%c"
				: "\\x%02x",
			(unsigned char)value->bytes[i]);
	fclose(out);
	print_error("%s: \"%s\" is %s\n", format, shown,
		right ? "right, and refused" : "wrong, and taken");
}

/* How many there are; those that the format judges otherwise are counted. */
static size_t judge(const struct format *format, const struct value *values,
	bool right, size_t *failures)
{
	size_t count = 0;

	for (; values[count].bytes; count++) {
		const struct value *value = &values[count];

		if (format->check(value->bytes, value->length) == right)
			continue;
		report(format->name, value, right);
		++*failures;
	}
	return count;
}

static void every_value_is_judged_as_its_rfc_says(void **state)
{
	size_t failures = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		const struct format *format = format_find(table[i].format);

		if (!format)
			fail_msg("no such format: %s", table[i].format);
		judge(format, table[i].right, true, &failures);
		judge(format, table[i].wrong, false, &failures);
	}
	assert_int_equal(failures, 0);
}

static const struct rows *rows_of(const char *format)
{
	for (size_t i = 0; i < COUNT(table); i++)
		if (!strcmp(table[i].format, format))
			return &table[i];
	fail_msg("the format '%s' has no values here", format);
	return NULL;
}

static void every_format_has_ten_right_and_ten_wrong_values(void **state)
{
	const struct format *format;
	size_t ignored = 0;

	(void)state;
	for (size_t i = 0; (format = format_at(i)); i++) {
		const struct rows *rows = rows_of(format->name);

		if (judge(format, rows->right, true, &ignored) < LEAST ||
			judge(format, rows->wrong, false, &ignored) < LEAST)
			fail_msg("'%s' has too few values", format->name);
	}
}

static void a_format_that_nobody_knows_has_a_nearest_one(void **state)
{
	(void)state;
	assert_null(format_find("hostnam"));
	assert_string_equal(format_nearest("hostnam"), "hostname");
	assert_null(format_nearest("colour"));
}

static void a_long_label_fails_quickly(void **state)
{
	enum { COUNT_OF_DOTS = 40000 };
	AUTO_FREE char *label = own_alloc(3 * COUNT_OF_DOTS + 3);
	const clock_t before = clock();

	(void)state;
	/* Each dot looks for a Kana in all of the label: ten seconds. */
	for (size_t i = 0; i < COUNT_OF_DOTS; i++)
		memcpy(label + 3 * i, "\u30fb", 3);
	memcpy(label + 3 * COUNT_OF_DOTS, "\u3042", 3);
	assert_false(format_idn_hostname(label, 3 * COUNT_OF_DOTS + 3));

	assert_true(clock() - before < 5 * CLOCKS_PER_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_is_judged_as_its_rfc_says),
		cmocka_unit_test(
			every_format_has_ten_right_and_ten_wrong_values),
		cmocka_unit_test(a_format_that_nobody_knows_has_a_nearest_one),
		cmocka_unit_test(a_long_label_fails_quickly),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
