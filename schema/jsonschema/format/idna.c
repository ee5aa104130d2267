#define PCRE2_CODE_UNIT_WIDTH 8

#include "schema/jsonschema/format/idna.h"
#include "schema/base/utf8.h"
#include "schema/jsonschema/format/formats.h"
#include "schema/jsonschema/format/punycode.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_OCTETS = 253 };

/* Letters and digits that NFKC changes: RFC 5892, section 2.2. */
#define UNSTABLE                                                               \
	"\\x{aa}-\\x{ba}\\x{133}\\x{140}\\x{1c6}-\\x{1cc}\\x{1f3}"             \
	"\\x{2b0}-\\x{2b8}\\x{2e0}-\\x{2e4}\\x{340}-\\x{341}"                  \
	"\\x{343}-\\x{344}\\x{374}\\x{37a}\\x{3f2}\\x{675}-\\x{678}"           \
	"\\x{958}-\\x{95f}\\x{9dc}-\\x{9df}\\x{a33}\\x{a36}"                   \
	"\\x{a59}-\\x{a5b}\\x{a5e}\\x{b5c}-\\x{b5d}\\x{e33}\\x{eb3}"           \
	"\\x{edc}-\\x{edd}\\x{f43}\\x{f4d}\\x{f52}\\x{f57}\\x{f5c}"            \
	"\\x{f69}\\x{f73}\\x{f75}-\\x{f79}\\x{f81}\\x{f93}\\x{f9d}"            \
	"\\x{fa2}\\x{fa7}\\x{fac}\\x{fb9}\\x{10fc}\\x{1d2c}-\\x{1d2e}"         \
	"\\x{1d30}-\\x{1d3a}\\x{1d3c}-\\x{1d4d}\\x{1d4f}-\\x{1d6a}"            \
	"\\x{1d78}\\x{1d9b}-\\x{1dbf}\\x{1f71}\\x{1f73}\\x{1f75}\\x{1f77}"     \
	"\\x{1f79}\\x{1f7b}\\x{1f7d}\\x{2071}-\\x{209c}"                       \
	"\\x{210a}-\\x{2149}\\x{2c7c}-\\x{2c7d}\\x{2d6f}\\x{309f}"             \
	"\\x{30ff}\\x{3131}-\\x{318e}\\x{a69c}-\\x{a69d}\\x{a770}"             \
	"\\x{a7f2}-\\x{a7f4}\\x{a7f8}-\\x{a7f9}\\x{ab5c}-\\x{ab5f}"            \
	"\\x{ab69}\\x{f900}-\\x{fa0d}\\x{fa10}\\x{fa12}"                       \
	"\\x{fa15}-\\x{fa1e}\\x{fa20}\\x{fa22}\\x{fa25}-\\x{fa26}"             \
	"\\x{fa2a}-\\x{fb1d}\\x{fb1f}-\\x{fdfb}\\x{fe70}-\\x{fe72}"            \
	"\\x{fe74}-\\x{ffdc}\\x{10781}-\\x{107ba}\\x{1d41a}-\\x{1d7ff}"        \
	"\\x{1ee00}-\\x{1fbf9}\\x{2f800}-\\x{2fa1d}"

/* Canonical combining class 9. */
#define VIRAMA                                                                 \
	"\\x{94d}\\x{9cd}\\x{a4d}\\x{acd}\\x{b4d}\\x{bcd}\\x{c4d}\\x{ccd}"     \
	"\\x{d3b}-\\x{d3c}\\x{d4d}\\x{dca}\\x{e3a}\\x{eba}\\x{f84}"            \
	"\\x{1039}-\\x{103a}\\x{1714}-\\x{1715}\\x{1734}\\x{17d2}"             \
	"\\x{1a60}\\x{1b44}\\x{1baa}-\\x{1bab}\\x{1bf2}-\\x{1bf3}"             \
	"\\x{2d7f}\\x{a806}\\x{a82c}\\x{a8c4}\\x{a953}\\x{a9c0}\\x{aaf6}"      \
	"\\x{abed}\\x{10a3f}\\x{11046}\\x{11070}\\x{1107f}\\x{110b9}"          \
	"\\x{11133}-\\x{11134}\\x{111c0}\\x{11235}\\x{112ea}\\x{1134d}"        \
	"\\x{11442}\\x{114c2}\\x{115bf}\\x{1163f}\\x{116b6}\\x{1172b}"         \
	"\\x{11839}\\x{1193d}-\\x{1193e}\\x{119e0}\\x{11a34}\\x{11a47}"        \
	"\\x{11a99}\\x{11c3f}\\x{11d44}-\\x{11d45}\\x{11d97}"

/* RFC 5892, section 2.6: exceptions, and what needs a context. */
#define ALWAYS  "\\x{df}\\x{3c2}\\x{6fd}\\x{6fe}\\x{f0b}\\x{3007}"
#define CONTEXT "\\x{b7}\\x{375}\\x{5f3}\\x{5f4}\\x{30fb}\\x{200c}\\x{200d}"
#define NEVER   "\\x{640}\\x{7fa}\\x{302e}\\x{302f}\\x{3031}-\\x{3035}\\x{303b}"

/* Sections 2.7 and 2.9: symbols' and musical marks, old Hangul. */
#define BLOCKS                                                                 \
	"\\x{20d0}-\\x{20ff}\\x{1d100}-\\x{1d24f}\\x{1100}-\\x{11ff}"          \
	"\\x{a960}-\\x{a97f}\\x{d7b0}-\\x{d7ff}"

/* Joining types of the Arabic block: UAX 9's neighbour, ArabicShaping.txt. */
#define DUAL                                                                   \
	"\\x{620}\\x{626}\\x{628}\\x{62a}-\\x{62e}\\x{633}-\\x{63f}"           \
	"\\x{641}-\\x{647}\\x{649}\\x{64a}\\x{66e}\\x{66f}\\x{678}-\\x{687}"   \
	"\\x{69a}-\\x{6bf}\\x{6c1}\\x{6c2}\\x{6cc}\\x{6ce}\\x{6d0}\\x{6d1}"    \
	"\\x{6fa}-\\x{6fc}\\x{6ff}"
#define RIGHT                                                                  \
	"\\x{622}-\\x{625}\\x{627}\\x{629}\\x{62f}-\\x{632}\\x{648}"           \
	"\\x{671}-\\x{673}\\x{675}-\\x{677}\\x{688}-\\x{699}\\x{6c0}"          \
	"\\x{6c3}-\\x{6cb}\\x{6cd}\\x{6cf}\\x{6d2}\\x{6d3}\\x{6d5}"            \
	"\\x{6ee}\\x{6ef}"

#define ARABIC_DIGITS   "[\\x{660}-\\x{669}]"
#define EXTENDED_DIGITS "[\\x{6f0}-\\x{6f9}]"
#define RTL             "\\p{bc:R}\\p{bc:AL}"
#define NEUTRAL         "\\p{bc:ES}\\p{bc:CS}\\p{bc:ET}\\p{bc:ON}\\p{bc:BN}\\p{bc:NSM}"

enum label_rule {
	ALLOWED,        /* every character is: RFC 5892, section 3 */
	OUT_OF_CONTEXT, /* appendix A.2 to A.9 */
	NON_JOINERS,    /* appendix A.1: all of them are right */
	BIDI,           /* makes the domain a Bidi one: RFC 5893, 1.4 */
	BIDI_FINE,      /* section 2 */
	RULES
};

/*
 * Labels are short, but come from outside: what repeats alternatives is
 * possessive, or a label that fails takes for ever.
 */
static const char *const patterns[RULES] = {
	[ALLOWED] = "\\A(?!\\p{M})(?:[a-z0-9-" ALWAYS CONTEXT
		    "]|(?![" UNSTABLE NEVER BLOCKS "\\p{CWCF}\\p{DI}])"
		    "[\\p{Ll}\\p{Lo}\\p{Lm}\\p{Mn}\\p{Mc}\\p{Nd}])++\\z",
	[OUT_OF_CONTEXT] =
		"(?<!l)\\x{b7}|\\x{b7}(?!l)|\\x{375}(?!\\p{sc:Greek})"
		"|(?<!\\p{sc:Hebrew})[\\x{5f3}\\x{5f4}]"
		"|\\A(?!.*[\\p{sc:Hira}\\p{sc:Kana}\\p{sc:Han}]).*\\x{30fb}"
		"|" ARABIC_DIGITS ".*" EXTENDED_DIGITS "|" EXTENDED_DIGITS
		".*" ARABIC_DIGITS "|(?<![" VIRAMA "])\\x{200d}",
	[NON_JOINERS] = "\\A(?:[" DUAL
			"]\\p{Mn}*\\x{200c}(?=\\p{Mn}*[" DUAL RIGHT
			"])|(?<=[" VIRAMA "])\\x{200c}|[^\\x{200c}])*+\\z",
	[BIDI] = "[" RTL "\\p{bc:AN}]",
	[BIDI_FINE] = "\\A(?:(?=[" RTL "])(?!.*\\p{bc:EN}.*\\p{bc:AN})"
		      "(?!.*\\p{bc:AN}.*\\p{bc:EN})[" RTL NEUTRAL
		      "\\p{bc:AN}\\p{bc:EN}]*[" RTL "\\p{bc:AN}\\p{bc:EN}]"
		      "|(?=\\p{bc:L})[\\p{bc:L}\\p{bc:EN}" NEUTRAL
		      "]*[\\p{bc:L}\\p{bc:EN}])\\p{bc:NSM}*\\z",
};

static pcre2_code *rules[RULES];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void compile(void)
{
	for (int i = 0; i < RULES; i++) {
		PCRE2_SIZE offset;
		int error;

		rules[i] = pcre2_compile((PCRE2_SPTR)patterns[i],
			PCRE2_ZERO_TERMINATED, PCRE2_UTF, &error, &offset,
			NULL);
		if (!rules[i])
			abort();
	}
}

static bool obeys(const struct text *label, enum label_rule rule)
{
	pcre2_match_data *data;
	int result;

	pthread_once(&once, compile);
	data = pcre2_match_data_create(1, NULL);
	if (!data)
		abort();
	result = pcre2_match(rules[rule], (PCRE2_SPTR)label->data,
		label->length, 0, 0, data, NULL);
	pcre2_match_data_free(data);
	return result >= 0;
}

struct domain {
	bool unicode;
	bool is_bidi;
	bool bidi_fine; /* every label so far */
	size_t octets;  /* as ASCII, with the dots */
};

/* Letters, digits, dashes inside. */
static bool is_ldh(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!is_alpha(bytes[i]) && !is_digit(bytes[i]) &&
			bytes[i] != '-')
			return false;
	return true;
}

static bool has_dashes_third(const char *bytes, size_t length)
{
	return length >= 4 && bytes[2] == '-' && bytes[3] == '-';
}

static bool check_unicode(struct domain *domain, const struct text *label)
{
	if (label->data[0] == '-' || label->data[label->length - 1] == '-' ||
		!obeys(label, ALLOWED) || obeys(label, OUT_OF_CONTEXT) ||
		!obeys(label, NON_JOINERS))
		return false;
	domain->is_bidi |= obeys(label, BIDI);
	domain->bidi_fine &= obeys(label, BIDI_FINE);
	return true;
}

/* Behind "xn--". It must be what its own content is encoded as. */
static bool check_a_label(
	struct domain *domain, const char *bytes, size_t length)
{
	uint32_t points[LABEL_MAX];
	AUTO(text) label = TEXT_INIT;
	AUTO(text) again = TEXT_INIT;
	bool ascii = true;
	size_t count;

	if (!punycode_decode(points, &count, bytes, length))
		return false;
	for (size_t i = 0; i < count; i++) {
		char character[4];

		if (points[i] >> 11 == 0xd800 >> 11)
			return false;
		ascii &= points[i] < 0x80;
		text_append_bytes(
			&label, character, utf8_encode(character, points[i]));
	}
	punycode_encode(&again, points, count);
	return count && !ascii && again.length == length &&
	       !strncasecmp(again.data, bytes, length) &&
	       !(count >= 4 && points[2] == '-' && points[3] == '-') &&
	       check_unicode(domain, &label);
}

static bool check_u_label(
	struct domain *domain, const char *bytes, size_t length)
{
	uint32_t points[LABEL_MAX];
	AUTO(text) label = TEXT_INIT;
	AUTO(text) ascii = TEXT_INIT;
	size_t count = 0;

	for (size_t i = 0; i < length; count++) {
		size_t size = count < LABEL_MAX ? utf8_decode(&points[count],
							  bytes + i, length - i)
						: 0;

		if (!size)
			return false;
		i += size;
	}
	if (count >= 4 && points[2] == '-' && points[3] == '-')
		return false;
	text_append_bytes(&label, bytes, length);
	punycode_encode(&ascii, points, count);
	domain->octets += 4 + ascii.length;
	return ascii.length + 4 <= LABEL_MAX && check_unicode(domain, &label);
}

static bool check_label(struct domain *domain, const char *bytes, size_t length)
{
	AUTO(text) label = TEXT_INIT;

	if (!length)
		return false;
	if (!is_ldh(bytes, length))
		return domain->unicode && check_u_label(domain, bytes, length);
	domain->octets += length;
	if (length > LABEL_MAX || bytes[0] == '-' || bytes[length - 1] == '-')
		return false;
	if (length >= 4 && !strncasecmp(bytes, "xn--", 4))
		return check_a_label(domain, bytes + 4, length - 4);
	if (domain->unicode && has_dashes_third(bytes, length))
		return false;
	text_append_bytes(&label, bytes, length);
	domain->bidi_fine &= obeys(&label, BIDI_FINE);
	return true;
}

/* The length of the separator that begins here: RFC 3490, section 3.1. */
static size_t separator(const char *at, const char *end, bool unicode)
{
	static const char *const dots[] = {
		"\xe3\x80\x82", "\xef\xbc\x8e", "\xef\xbd\xa1"};

	if (*at == '.')
		return 1;
	for (size_t i = 0; unicode && i < COUNT(dots); i++)
		if (end - at >= 3 && !memcmp(at, dots[i], 3))
			return 3;
	return 0;
}

bool idna_is_hostname(const char *bytes, size_t length, bool unicode)
{
	struct domain domain = {.unicode = unicode, .bidi_fine = true};
	const char *end = bytes + length;
	const char *label = bytes;

	for (const char *at = bytes; at < end;) {
		size_t dot = separator(at, end, unicode);

		if (!dot) {
			at++;
			continue;
		}
		if (!check_label(&domain, label, (size_t)(at - label)))
			return false;
		domain.octets++;
		if (domain.octets > NAME_MAX_OCTETS)
			return false;
		at += dot;
		label = at;
	}
	return check_label(&domain, label, (size_t)(end - label)) &&
	       domain.octets <= NAME_MAX_OCTETS &&
	       (!domain.is_bidi || domain.bidi_fine);
}
