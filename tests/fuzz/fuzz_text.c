/*
 * Bytes from anywhere made fit for a terminal and for JSON.
 */
#include "tests/fuzz/fuzz.h"

#include "schema/base/text.h"
#include "schema/base/utf8.h"

#include <jansson.h>
#include <string.h>

static void check_visible(const char *bytes, size_t length)
{
	AUTO(text) text = TEXT_INIT;

	text_append_visible(&text, bytes, length);
	REQUIRE(strlen(text.data) == text.length);
	for (size_t at = 0; at < text.length;) {
		uint32_t point;
		size_t size = utf8_decode(
			&point, text.data + at, text.length - at);

		REQUIRE(size && utf8_is_plain(point));
		at += size;
	}
}

static void check_json(const char *bytes, size_t length)
{
	AUTO(text) text = TEXT_INIT;
	json_auto_t *json = NULL;

	text_append_json(&text, bytes, length);
	json = json_loadb(
		text.data, text.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	REQUIRE(json_is_string(json));
	if (utf8_valid_prefix(bytes, length) != length)
		return;
	REQUIRE(json_string_length(json) == length);
	REQUIRE(!length || !memcmp(json_string_value(json), bytes, length));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes;
	size_t valid = utf8_valid_prefix(text, length);

	REQUIRE(valid <= length);
	REQUIRE(utf8_count(text, valid) <= valid);
	check_visible(text, length);
	check_json(text, length);
	return 0;
}
