/*
 * Host names, and internationalised ones: IDNA2008, RFC 5890 to 5893.
 *
 * libidn2 knows what a label may hold. Its "register" functions are the strict
 * ones: they refuse what is not in NFC, what is out of its context, and an
 * A-label (xn--) that is not what its own content is encoded as. They see one
 * label at a time, and leave the fourth condition of the Bidi rule out (one
 * kind of digits); that rule is checked here, for the whole name.
 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "schema/jsonschema/format/hostname.h"
#include "schema/base/text.h"

#include <idn2.h>
#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Octets in ASCII: RFC 1034, section 3.1, without the root's empty label. */
enum { MAX_LABEL = 63, MAX_NAME = 253 };

/*
 * Bytes of UTF-8: a label has no more characters than it has octets in ASCII,
 * and NFC makes one character of four at most. libidn2 looks at some labels in
 * a time that grows with the square of their length.
 */
enum { MAX_UNICODE = MAX_LABEL * 4 * 4 };

struct hostname {
	enum hostname_form form;
	struct text unicode; /* its labels as U-labels, a line each */
	bool all_ascii;      /* so far */
	size_t octets;       /* as ASCII, with the dots */
};

#define RTL     "\\p{bc:R}\\p{bc:AL}"
#define NEUTRAL "\\p{bc:ES}\\p{bc:CS}\\p{bc:ET}\\p{bc:ON}\\p{bc:BN}\\p{bc:NSM}"

/*
 * RFC 5893, section 2: either no label has a character written from right to
 * left, or each begins with a letter and keeps to one direction.
 */
static const char bidi_rule[] =
	"\\A(?:[^" RTL "\\p{bc:AN}]*+|"
	"((?:(?=[" RTL "])(?!.*\\p{bc:EN}.*\\p{bc:AN})"
	"(?!.*\\p{bc:AN}.*\\p{bc:EN})[" RTL NEUTRAL
	"\\p{bc:AN}\\p{bc:EN}]*[" RTL "\\p{bc:AN}\\p{bc:EN}]"
	"|(?=\\p{bc:L})[\\p{bc:L}\\p{bc:EN}" NEUTRAL
	"]*[\\p{bc:L}\\p{bc:EN}])\\p{bc:NSM}*+\\n)++)\\z";

static pcre2_code *bidi;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void compile(void)
{
	PCRE2_SIZE offset;
	int error;

	bidi = pcre2_compile((PCRE2_SPTR)bidi_rule, PCRE2_ZERO_TERMINATED,
		PCRE2_UTF, &error, &offset, NULL);
	if (!bidi)
		abort();
}

static bool obeys_bidi_rule(const struct text *unicode)
{
	pcre2_match_data *data;
	int result;

	pthread_once(&once, compile);
	data = pcre2_match_data_create(1, NULL);
	if (!data)
		abort();
	result = pcre2_match(bidi, (PCRE2_SPTR)unicode->data, unicode->length,
		0, 0, data, NULL);
	pcre2_match_data_free(data);
	return result >= 0;
}

static bool check_a_label(struct hostname *name, struct text *label)
{
	char *unicode = NULL;
	int status;

	for (char *at = label->data; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	status = idn2_register_u8(NULL, (uint8_t *)label->data, NULL, 0);
	if (status == IDN2_OK)
		status = idn2_to_unicode_8z8z(label->data, &unicode, 0);
	if (status == IDN2_MALLOC)
		abort();
	if (status == IDN2_OK)
		text_append(&name->unicode, unicode);
	idn2_free(unicode);
	name->all_ascii = false;
	return status == IDN2_OK;
}

/* Something of it is no letter of ASCII, no digit and no hyphen. */
static bool check_u_label(struct hostname *name, const struct text *label)
{
	const int flags = name->form == HOSTNAME_LOOKUP ? IDN2_NFC_INPUT : 0;
	uint8_t *ascii = NULL;
	bool encoded;
	int status;

	if (name->form == HOSTNAME_ASCII ||
		strlen(label->data) != label->length)
		return false;
	status = idn2_register_u8((uint8_t *)label->data, NULL, &ascii, flags);
	if (status == IDN2_MALLOC)
		abort();
	/* What is ASCII altogether is handed back as it is. */
	encoded = status == IDN2_OK && !strncmp((char *)ascii, "xn--", 4);
	if (encoded) {
		name->octets += strlen((char *)ascii);
		text_append(&name->unicode, label->data);
	}
	idn2_free(ascii);
	name->all_ascii = false;
	return encoded;
}

static bool is_ldh(const struct text *label)
{
	for (size_t i = 0; i < label->length; i++)
		if (!scan_is_alpha(label->data[i]) &&
			!scan_is_digit(label->data[i]) && label->data[i] != '-')
			return false;
	return true;
}

static bool check_ldh_label(struct hostname *name, struct text *label)
{
	const char *bytes = label->data;
	size_t length = label->length;

	name->octets += length;
	if (length > MAX_LABEL || bytes[0] == '-' || bytes[length - 1] == '-')
		return false;
	if (!strncasecmp(bytes, "xn--", 4))
		return check_a_label(name, label);
	text_append(&name->unicode, bytes);
	/* Reserved: RFC 5891, section 4.2.3.1. */
	return name->form == HOSTNAME_ASCII || length < 4 ||
	       memcmp(bytes + 2, "--", 2) != 0;
}

static bool check_label(struct hostname *name, const char *bytes, size_t length)
{
	AUTO(text) label = TEXT_INIT;
	bool good;

	if (!length || length > MAX_UNICODE)
		return false;
	text_append_bytes(&label, bytes, length);
	good = is_ldh(&label) ? check_ldh_label(name, &label)
			      : check_u_label(name, &label);
	text_append_char(&name->unicode, '\n');
	return good && name->octets <= MAX_NAME;
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

static bool check_labels(
	struct hostname *name, const char *bytes, size_t length)
{
	const char *end = bytes + length;
	const char *label = bytes;

	for (const char *at = bytes; at < end;) {
		size_t dot = separator(at, end, name->form != HOSTNAME_ASCII);

		if (!dot) {
			at++;
			continue;
		}
		if (!check_label(name, label, (size_t)(at - label)))
			return false;
		name->octets++;
		at += dot;
		label = at;
	}
	return check_label(name, label, (size_t)(end - label));
}

bool hostname_is_valid(
	const char *bytes, size_t length, enum hostname_form form)
{
	struct hostname name = {
		.form = form, .unicode = TEXT_INIT, .all_ascii = true};
	bool good = check_labels(&name, bytes, length) &&
		    (name.all_ascii || obeys_bidi_rule(&name.unicode));

	text_release(&name.unicode);
	return good;
}

bool format_hostname(const char *bytes, size_t length)
{
	return hostname_is_valid(bytes, length, HOSTNAME_ASCII);
}

bool format_idn_hostname(const char *bytes, size_t length)
{
	return hostname_is_valid(bytes, length, HOSTNAME_UNICODE);
}
