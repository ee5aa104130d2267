/*
 * A pattern and a subject, as a schema's `pattern` and `patternProperties`
 * use them. Whatever they are, the answer comes soon.
 */
#include "tests/fuzz/fuzz.h"

#include "schema/jsonschema/compiled.h"
#include "schema/utf8.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	AUTO(jsonschema_set) set = JSONSCHEMA_SET_INIT;
	struct part rest = {(const char *)bytes, length};
	const struct regex *regex;
	struct part pattern;
	struct part subject = {"", 0};
	const char *why = NULL;

	fuzz_part(&rest, &pattern);
	fuzz_part(&rest, &subject);
	/* Both come out of parsed documents. */
	if (utf8_valid_prefix(pattern.bytes, pattern.length) !=
			pattern.length ||
		utf8_valid_prefix(subject.bytes, subject.length) !=
			subject.length)
		return 0;
	regex = regex_compile(&set,
		arena_strndup(&set.arena, pattern.bytes, pattern.length),
		pattern.length, &why);
	if (!regex) {
		REQUIRE(why && *why);
		return 0;
	}
	REQUIRE(regex_text(regex));
	regex_match(regex, subject.bytes, subject.length);
	return 0;
}
