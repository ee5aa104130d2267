#include "schema/yaml/scalar.h"

#include <stdlib.h>
#include <string.h>

static bool equal(const char *bytes, size_t length, const char *word)
{
	return strlen(word) == length && !memcmp(bytes, word, length);
}

static bool one_of(const char *bytes, size_t length, const char *const *words)
{
	for (; *words; words++)
		if (equal(bytes, length, *words))
			return true;
	return false;
}

/* A number in the given base, as the whole text; -1 beyond int64_t. */
static int integer(
	int64_t *value, const char *digits, size_t length, int base, bool minus)
{
	uint64_t sum = 0;

	if (!length)
		return 0;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)digits[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : 99;

		if (digit >= base)
			return 0;
		if (__builtin_mul_overflow(sum, (uint64_t)base, &sum) ||
			__builtin_add_overflow(sum, (uint64_t)digit, &sum))
			return -1;
	}
	if (sum > (uint64_t)INT64_MAX + minus)
		return -1;
	*value = minus ? (int64_t)(0 - sum) : (int64_t)sum;
	return 1;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_float(const char *at, const char *end)
{
	size_t before = 0;
	size_t after = 0;

	if (at < end && (*at == '-' || *at == '+'))
		at++;
	for (; at < end && *at >= '0' && *at <= '9'; at++)
		before++;
	if (at < end && *at == '.')
		for (at++; at < end && *at >= '0' && *at <= '9'; at++)
			after++;
	if (!before && !after)
		return false;
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		if (at < end && (*at == '-' || *at == '+'))
			at++;
		if (at == end)
			return false;
		while (at < end && *at >= '0' && *at <= '9')
			at++;
	}
	return at == end;
}

static enum node_kind number(
	struct node *node, const char *bytes, size_t length)
{
	bool sign = bytes[0] == '-' || bytes[0] == '+';
	int found;

	if (length > 2 && bytes[0] == '0' && bytes[1] == 'o')
		found = integer(
			&node->integer, bytes + 2, length - 2, 8, false);
	else if (length > 2 && bytes[0] == '0' && bytes[1] == 'x')
		found = integer(
			&node->integer, bytes + 2, length - 2, 16, false);
	else
		found = integer(&node->integer, bytes + sign, length - sign, 10,
			bytes[0] == '-');
	if (found > 0)
		return node->kind = NODE_INT;
	if (length > 400 || (!found && !is_float(bytes, bytes + length)))
		return NODE_STRING;
	if (bytes[0] == '0' && length > 1 && bytes[1] == 'o')
		return NODE_STRING;
	node->number = strtod(bytes, NULL);
	return node->kind = NODE_FLOAT;
}

/* "false"; nothing that begins with a letter is longer. */
enum { LONGEST_WORD = 5 };

enum node_kind yaml_core_scalar(
	struct node *node, const char *bytes, size_t length)
{
	static const char *const nulls[] = {"null", "~", "Null", "NULL", NULL};
	static const char *const trues[] = {"true", "True", "TRUE", NULL};
	static const char *const falses[] = {"false", "False", "FALSE", NULL};
	static const char *const infinities[] = {".inf", ".Inf", ".INF", NULL};
	static const char *const nans[] = {".nan", ".NaN", ".NAN", NULL};
	unsigned char first = length ? (unsigned char)bytes[0] : 0;
	bool sign = first == '-' || first == '+';

	/* Most scalars are words, or numbers: decide by the first byte. */
	if (first >= '0' && first <= '9')
		return number(node, bytes, length);
	if (length && !strchr("nN~tTfF.-+", first))
		return NODE_STRING;
	if (length > LONGEST_WORD && first > '9')
		return NODE_STRING;
	if (!length || one_of(bytes, length, nulls))
		return node->kind = NODE_NULL;
	if (one_of(bytes, length, trues) || one_of(bytes, length, falses)) {
		node->boolean = first == 't' || first == 'T';
		return node->kind = NODE_BOOL;
	}
	if (one_of(bytes + sign, length - sign, infinities)) {
		node->number = first == '-' ? -__builtin_inf()
					    : __builtin_inf();
		return node->kind = NODE_FLOAT;
	}
	if (one_of(bytes, length, nans)) {
		node->number = __builtin_nan("");
		return node->kind = NODE_FLOAT;
	}
	if (strchr("nNtTfF~", first))
		return NODE_STRING;
	return number(node, bytes, length);
}

const char *yaml_1_1_reading(const char *bytes, size_t length)
{
	static const char *const booleans[] = {"yes", "Yes", "YES", "no", "No",
		"NO", "on", "On", "ON", "off", "Off", "OFF", NULL};
	bool sign;

	if (!length || length > 23)
		return NULL;
	if (bytes[0] > '9')
		return length <= 3 && one_of(bytes, length, booleans)
			       ? "a boolean"
			       : NULL;
	sign = bytes[0] == '-' || bytes[0] == '+';
	if (length - sign < 2 || bytes[sign] != '0')
		return NULL;
	for (size_t i = sign; i < length; i++)
		if (bytes[i] < '0' || bytes[i] > '7')
			return NULL;
	return "an octal number";
}
