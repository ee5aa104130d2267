#include "schema/jsonschema/regex/ecma.h"

#include "schema/jsonschema/regex/property.h"

#include "schema/base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Deeper groups than this are refused: the parser is recursive. */
enum { MAX_NESTING = 100, MAX_NAMES = 100, MAX_REPEAT = 65535 };

struct name {
	const char *bytes;
	size_t length;
	unsigned group;
};

struct parser {
	struct text *out;
	const char *at, *end;
	const char *why;
	unsigned groups; /* in the whole pattern */
	unsigned depth;
	struct name names[MAX_NAMES];
	size_t name_count;
};

/* ECMA-262: WhiteSpace and LineTerminator, in order. */
static const uint32_t spaces[][2] = {
	{0x9, 0xd},
	{0x20, 0x20},
	{0xa0, 0xa0},
	{0x1680, 0x1680},
	{0x2000, 0x200a},
	{0x2028, 0x2029},
	{0x202f, 0x202f},
	{0x205f, 0x205f},
	{0x3000, 0x3000},
	{0xfeff, 0xfeff},
};

static bool refuse(struct parser *p, const char *why)
{
	if (!p->why)
		p->why = why;
	return false;
}

static bool more(const struct parser *p)
{
	return p->at < p->end;
}

static bool next_is(const struct parser *p, char c)
{
	return p->at < p->end && *p->at == c;
}

static bool take(struct parser *p, const char *text)
{
	size_t length = strlen(text);

	if ((size_t)(p->end - p->at) < length || memcmp(p->at, text, length))
		return false;
	p->at += length;
	return true;
}

static void put_point(struct parser *p, uint32_t point)
{
	text_format(p->out, "\\x{%x}", point);
}

/* The inside of a class that is \s, or all but \s. */
static void put_spaces(struct parser *p, bool negated)
{
	uint32_t from = 0;

	for (size_t i = 0; i < COUNT(spaces); i++) {
		if (!negated)
			text_format(p->out, "\\x{%x}-\\x{%x}", spaces[i][0],
				spaces[i][1]);
		else
			text_format(p->out, "\\x{%x}-\\x{%x}", from,
				spaces[i][0] - 1);
		from = spaces[i][1] + 1;
	}
	if (negated)
		text_format(p->out, "\\x{%x}-\\x{10ffff}", from);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool digits(struct parser *p, size_t count, uint32_t *value)
{
	*value = 0;
	for (size_t i = 0; i < count; i++, p->at++) {
		if (!more(p) || hex(*p->at) < 0)
			return refuse(p, "\\x takes two hexadecimal digits, "
					 "\\u four");
		*value = *value * 16 + (uint32_t)hex(*p->at);
	}
	return true;
}

/* Behind "\u": XXXX, a pair of surrogates, or {X...}. */
static bool unicode_escape(struct parser *p, uint32_t *point)
{
	uint32_t low;

	if (take(p, "{")) {
		const char *first = p->at;

		for (*point = 0; more(p) && hex(*p->at) >= 0; p->at++)
			if ((*point = *point * 16 + (uint32_t)hex(*p->at)) >
				0x10ffff)
				return refuse(p, "\\u{...} is beyond Unicode");
		return (p->at > first && take(p, "}")) ||
		       refuse(p, "\\u{ takes hexadecimal digits and a }");
	}
	if (!digits(p, 4, point))
		return false;
	if (*point >> 10 == 0xd800 >> 10 && p->end - p->at >= 6 &&
		!memcmp(p->at, "\\u", 2)) {
		const char *before = p->at;

		p->at += 2;
		if (hex(p->at[0]) >= 0 && digits(p, 4, &low) &&
			low >> 10 == 0xdc00 >> 10)
			*point = 0x10000 + ((*point & 0x3ff) << 10) +
				 (low & 0x3ff);
		else
			p->at = before;
	}
	return true;
}

/*
 * Behind a backslash: one character. False without a reason when it is none
 * of these.
 */
static bool character_escape(struct parser *p, bool in_class, uint32_t *point)
{
	static const char controls[] = "t\tn\nv\vf\fr\r";
	const char *control;
	char c = *p->at++;

	control = c ? strchr(controls, c) : NULL;
	if (control && (control - controls) % 2 == 0) {
		*point = (uint32_t)control[1];
		return true;
	}
	*point = (unsigned char)c;
	if (c == 'u')
		return unicode_escape(p, point);
	if (c == 'x')
		return digits(p, 2, point);
	if (c == 'c') {
		if (!more(p) || (*p->at | 0x20) < 'a' || (*p->at | 0x20) > 'z')
			return refuse(p, "\\c takes a letter");
		*point = (uint32_t)*p->at++ & 31;
		return true;
	}
	if (c == '0') {
		*point = 0;
		return !more(p) || *p->at < '0' || *p->at > '9' ||
		       refuse(p, "octal escapes are not known here");
	}
	if (in_class && c == 'b') {
		*point = '\b';
		return true;
	}
	if (c && strchr("^$\\.*+?()[]{}|/", c))
		return true;
	if (in_class && c == '-')
		return true;
	p->at--;
	return false;
}

/* \p{...}, behind the p */
static bool property(struct parser *p, char letter)
{
	const char *close = more(p) ? memchr(p->at, '}',
					      (size_t)(p->end - p->at))
				    : NULL;

	if (!take(p, "{") || !close)
		return refuse(p, "\\p takes a property in braces");
	if (close - p->at == 3 && !memcmp(p->at, "Any", 3)) {
		text_format(p->out, "\\%c{Any}", letter);
	} else if (close - p->at == 8 && !memcmp(p->at, "Assigned", 8)) {
		text_format(p->out, "\\%c{Cn}", letter == 'p' ? 'P' : 'p');
	} else {
		text_format(p->out, "\\%c{", letter);
		if (!property_translate(p->out, p->at, (size_t)(close - p->at)))
			return refuse(p, "no such Unicode property");
		text_append_char(p->out, '}');
	}
	p->at = close + 1;
	return true;
}

/*
 * Behind a backslash: a whole class of characters, as it stands inside
 * brackets. False without a reason when it is none.
 */
static bool class_escape(struct parser *p)
{
	char c = *p->at;

	if (!c || !strchr("dDwWsSpP", c))
		return false;
	p->at++;
	if (c == 'p' || c == 'P')
		return property(p, c);
	if (c == 's' || c == 'S')
		put_spaces(p, c == 'S');
	else
		text_format(p->out, "\\%c", c);
	return true;
}

static bool raw_point(struct parser *p, uint32_t *point)
{
	size_t length = utf8_decode(point, p->at, (size_t)(p->end - p->at));

	if (!length)
		return refuse(p, "the pattern is not UTF-8");
	p->at += length;
	return true;
}

/* One member of a class; *is_set when it is more than one character. */
static bool class_atom(struct parser *p, uint32_t *point, bool *is_set)
{
	*is_set = false;
	if (!take(p, "\\"))
		return raw_point(p, point);
	if (!more(p))
		return refuse(p, "a backslash ends the pattern");
	if (class_escape(p)) {
		*is_set = true;
		return true;
	}
	if (p->why)
		return false;
	return character_escape(p, true, point) ||
	       refuse(p, "an escape that ECMA-262 does not know");
}

/* Lone surrogates are in no UTF-8 text: they match nothing. */
static bool is_surrogate(uint32_t point)
{
	return point >> 11 == 0xd800 >> 11;
}

static void put_range(struct parser *p, uint32_t first, uint32_t last)
{
	if (is_surrogate(first))
		first = 0xe000;
	if (is_surrogate(last))
		last = 0xd7ff;
	if (first > last)
		return;
	put_point(p, first);
	if (last == first)
		return;
	text_append_char(p->out, '-');
	put_point(p, last);
}

static bool class_members(struct parser *p)
{
	while (more(p) && *p->at != ']') {
		uint32_t first;
		uint32_t last;
		bool is_set;

		if (!class_atom(p, &first, &is_set))
			return false;
		last = first;
		if (next_is(p, '-') && p->end - p->at > 1 && p->at[1] != ']') {
			bool upper_is_set;

			p->at++;
			if (!class_atom(p, &last, &upper_is_set))
				return false;
			if (is_set || upper_is_set)
				return refuse(p, "a class is no end of a "
						 "range");
			if (first > last)
				return refuse(p, "a range runs backwards");
		}
		if (!is_set)
			put_range(p, first, last);
	}
	return true;
}

/* Behind the opening bracket. */
static bool class(struct parser *p)
{
	bool negated = take(p, "^");
	size_t start = p->out->length;
	size_t empty;

	text_append(p->out, negated ? "[^" : "[");
	empty = p->out->length;
	if (!class_members(p))
		return false;
	if (!take(p, "]"))
		return refuse(p, "a [ is not closed");
	if (p->out->length > empty) {
		text_append_char(p->out, ']');
		return true;
	}
	/* [] is nothing, [^] is anything. */
	p->out->length = start;
	p->out->data[start] = '\0';
	text_append(p->out, negated ? "[\\x{0}-\\x{10ffff}]" : "(?!)");
	return true;
}

static bool number(struct parser *p, unsigned *value)
{
	const char *first = p->at;

	for (*value = 0; more(p) && *p->at >= '0' && *p->at <= '9'; p->at++)
		if (*value <= MAX_REPEAT)
			*value = *value * 10 + (unsigned)(*p->at - '0');
	return p->at > first;
}

/* {n}, {n,}, {n,m}, behind the brace */
static bool braces(struct parser *p)
{
	unsigned least;
	unsigned most;

	if (!number(p, &least))
		return refuse(p, "a { is no repetition; write \\{");
	text_format(p->out, "{%u", least);
	most = least;
	if (take(p, ",")) {
		text_append_char(p->out, ',');
		if (number(p, &most))
			text_format(p->out, "%u", most);
	}
	text_append_char(p->out, '}');
	if (!take(p, "}"))
		return refuse(p, "a { is no repetition; write \\{");
	if (most < least && p->at[-2] != ',')
		return refuse(p, "a repetition runs backwards");
	return true;
}

static bool quantifier(struct parser *p)
{
	if (next_is(p, '*') || next_is(p, '+') || next_is(p, '?'))
		text_append_char(p->out, *p->at++);
	else if (!take(p, "{"))
		return true;
	else if (!braces(p))
		return false;
	if (take(p, "?"))
		text_append_char(p->out, '?');
	return true;
}

/* A name and its '>', behind the '<'. ID_Start and so on are not checked. */
static bool group_name(struct parser *p, struct name *name)
{
	name->bytes = p->at;
	while (more(p) && *p->at != '>') {
		unsigned char c = (unsigned char)*p->at;
		bool digit = c >= '0' && c <= '9';

		if (c < 0x80 && c != '$' && c != '_' &&
			((c | 0x20) < 'a' || (c | 0x20) > 'z') &&
			(!digit || p->at == name->bytes))
			return refuse(p, "a group's name is no identifier");
		p->at++;
	}
	name->length = (size_t)(p->at - name->bytes);
	return (name->length && take(p, ">")) ||
	       refuse(p, "a group's name is no identifier");
}

static const struct name *find_name(
	const struct parser *p, const struct name *wanted)
{
	for (size_t i = 0; i < p->name_count; i++)
		if (p->names[i].length == wanted->length &&
			!memcmp(p->names[i].bytes, wanted->bytes,
				wanted->length))
			return &p->names[i];
	return NULL;
}

/* \1 and \k<name>, behind the backslash; false without a reason if none. */
static bool back_reference(struct parser *p)
{
	struct name name = {.group = 0};
	const struct name *known;

	if (*p->at >= '1' && *p->at <= '9') {
		number(p, &name.group);
		if (name.group > p->groups)
			return refuse(p, "there is no group of that number");
		text_format(p->out, "\\g{%u}", name.group);
		return true;
	}
	if (*p->at != 'k')
		return false;
	p->at++;
	if (!take(p, "<"))
		return refuse(p, "\\k takes a group's name: \\k<name>");
	if (!group_name(p, &name))
		return false;
	known = find_name(p, &name);
	if (!known)
		return refuse(p, "there is no group of that name");
	text_format(p->out, "\\g{%u}", known->group);
	return true;
}

/* Behind a backslash outside of a class. */
static bool escape(struct parser *p)
{
	uint32_t point;
	bool set;

	if (!more(p))
		return refuse(p, "a backslash ends the pattern");
	set = *p->at == 's' || *p->at == 'S';
	if (set)
		text_append_char(p->out, '[');
	if (class_escape(p)) {
		text_append(p->out, set ? "]" : "");
		return true;
	}
	if (p->why || back_reference(p))
		return !p->why;
	if (p->why || !character_escape(p, false, &point))
		return refuse(p, "an escape that ECMA-262 does not know");
	if (is_surrogate(point))
		text_append(p->out, "(?!)");
	else
		put_point(p, point);
	return true;
}

static bool disjunction(struct parser *p);

/* Behind the parenthesis; *look when it is a lookaround. */
static bool group(struct parser *p, bool *look)
{
	static const char *const plain[] = {"?:", "?=", "?!", "?<=", "?<!"};
	struct name ignored;
	size_t i;

	text_append_char(p->out, '(');
	for (i = 0; i < COUNT(plain) && !take(p, plain[i]); i++)
		continue;
	*look = i > 0 && i < COUNT(plain);
	if (i < COUNT(plain))
		text_append(p->out, plain[i]);
	else if (take(p, "?<") && !group_name(p, &ignored))
		return false;
	else if (next_is(p, '?'))
		return refuse(p, "a (? that ECMA-262 does not know");
	if (++p->depth > MAX_NESTING)
		return refuse(p, "groups are nested too deeply");
	if (!disjunction(p))
		return false;
	p->depth--;
	text_append_char(p->out, ')');
	return take(p, ")") || refuse(p, "a ( is not closed");
}

static bool literal(struct parser *p)
{
	uint32_t point;

	if (strchr("*+?{", *p->at) && *p->at)
		return refuse(p, "there is nothing to repeat");
	if (next_is(p, ']') || next_is(p, '}'))
		return refuse(p, "a lone ] or }; put a backslash before it");
	if (!raw_point(p, &point))
		return false;
	put_point(p, point);
	return true;
}

static bool dot(struct parser *p)
{
	text_append(p->out, "[^\\n\\r\\x{2028}\\x{2029}]");
	return true;
}

/* An assertion, or an atom with how often it is repeated. */
static bool term(struct parser *p)
{
	bool look = false;
	bool good;

	if (next_is(p, '^') || next_is(p, '$')) {
		text_append_char(p->out, *p->at++);
		return true;
	}
	if (take(p, "\\b") || take(p, "\\B")) {
		text_format(p->out, "\\%c", p->at[-1]);
		return true;
	}
	if (take(p, "("))
		good = group(p, &look);
	else if (take(p, "["))
		good = class(p);
	else if (take(p, "\\"))
		good = escape(p);
	else if (take(p, "."))
		good = dot(p);
	else
		good = literal(p);
	/* In Unicode mode a lookaround is not repeated. */
	return good && (look || quantifier(p));
}

static bool disjunction(struct parser *p)
{
	while (more(p) && *p->at != ')') {
		if (take(p, "|"))
			text_append_char(p->out, '|');
		else if (!term(p))
			return false;
	}
	return true;
}

/* Number the groups before \2 and \k<name> refer to them. */
static bool find_groups(struct parser *p)
{
	const char *first = p->at;
	bool in_class = false;

	for (; more(p); p->at++) {
		struct name name = {.group = 0};

		if (*p->at == '\\') {
			p->at += p->end - p->at > 1;
			continue;
		}
		if (*p->at == '[' || *p->at == ']')
			in_class = *p->at == '[';
		if (*p->at != '(' || in_class)
			continue;
		if (p->end - p->at > 1 && p->at[1] == '?') {
			if (p->end - p->at < 4 || p->at[2] != '<' ||
				p->at[3] == '=' || p->at[3] == '!')
				continue;
			p->at += 3;
			if (!group_name(p, &name))
				return false;
			p->at--;
		}
		name.group = ++p->groups;
		if (!name.bytes)
			continue;
		if (find_name(p, &name))
			return refuse(p, "two groups have the same name");
		if (p->name_count == MAX_NAMES)
			return refuse(p, "too many named groups");
		p->names[p->name_count++] = name;
	}
	p->at = first;
	return true;
}

bool ecma_translate(
	struct text *out, const char *pattern, size_t length, const char **why)
{
	struct parser p = {.out = out, .at = pattern, .end = pattern + length};
	bool good = find_groups(&p) && disjunction(&p);

	if (good && more(&p))
		good = refuse(&p, "a ) was never opened");
	*why = p.why;
	return good;
}
