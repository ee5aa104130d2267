#include "schema/jsonschema/format/punycode.h"

#include <string.h>

/* RFC 3492, section 5 */
enum {
	BASE = 36,
	T_MIN = 1,
	T_MAX = 26,
	SKEW = 38,
	DAMP = 700,
	INITIAL_BIAS = 72,
	INITIAL_N = 128,
};

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta /= first ? DAMP : 2;
	delta += delta / points;
	for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static uint32_t threshold(uint32_t k, uint32_t bias)
{
	if (k <= bias + T_MIN)
		return T_MIN;
	return k >= bias + T_MAX ? T_MAX : k - bias;
}

static int digit_value(char c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	return c >= '0' && c <= '9' ? c - '0' + 26 : -1;
}

/* A generalised variable-length integer: section 3.3. */
static bool decode_delta(
	const char **at, const char *end, uint32_t bias, uint32_t *delta)
{
	uint64_t value = 0;
	uint64_t weight = 1;

	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = threshold(k, bias);
		int digit = *at < end ? digit_value(*(*at)++) : -1;

		if (digit < 0)
			return false;
		value += (uint64_t)digit * weight;
		if (value > INT32_MAX)
			return false;
		if ((uint32_t)digit < t)
			break;
		weight *= BASE - t;
		if (weight > INT32_MAX)
			return false;
	}
	*delta = (uint32_t)value;
	return true;
}

bool punycode_decode(uint32_t points[LABEL_MAX], size_t *count,
	const char *ascii, size_t length)
{
	const char *dash = memrchr(ascii, '-', length);
	const char *end = ascii + length;
	uint32_t bias = INITIAL_BIAS;
	uint32_t n = INITIAL_N;
	uint32_t i = 0;
	bool first = true;

	if (length > LABEL_MAX)
		return false;
	*count = 0;
	while (dash && ascii < dash)
		points[(*count)++] = (unsigned char)*ascii++;
	ascii += dash != NULL;
	while (ascii < end) {
		uint32_t delta;
		uint32_t next = (uint32_t)*count + 1;

		if (*count == LABEL_MAX ||
			!decode_delta(&ascii, end, bias, &delta))
			return false;
		bias = adapt(delta, next, first);
		first = false;
		i += delta;
		n += i / next;
		i %= next;
		if (n > 0x10ffff)
			return false;
		memmove(&points[i + 1], &points[i],
			(*count - i) * sizeof(*points));
		points[i++] = n;
		++*count;
	}
	return true;
}

static void encode_delta(struct text *out, uint32_t delta, uint32_t bias)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = threshold(k, bias);

		if (delta < t)
			break;
		text_append_char(out, digits[t + (delta - t) % (BASE - t)]);
		delta = (delta - t) / (BASE - t);
	}
	text_append_char(out, digits[delta]);
}

static uint32_t next_point(const uint32_t *points, size_t count, uint32_t n)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i < count; i++)
		if (points[i] >= n && points[i] < least)
			least = points[i];
	return least;
}

void punycode_encode(struct text *out, const uint32_t *points, size_t count)
{
	uint32_t bias = INITIAL_BIAS;
	uint32_t n = INITIAL_N;
	uint32_t delta = 0;
	uint32_t basic = 0;
	uint32_t handled;

	for (size_t i = 0; i < count; i++)
		if (points[i] < INITIAL_N) {
			text_append_char(out, (char)points[i]);
			basic++;
		}
	if (basic)
		text_append_char(out, '-');
	for (handled = basic; handled < count; n++, delta++) {
		uint32_t next = next_point(points, count, n);

		delta += (next - n) * (handled + 1);
		n = next;
		for (size_t i = 0; i < count; i++) {
			delta += points[i] < n;
			if (points[i] != n)
				continue;
			encode_delta(out, delta, bias);
			bias = adapt(delta, handled + 1, handled == basic);
			delta = 0;
			handled++;
		}
	}
}
