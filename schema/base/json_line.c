#include "schema/base/json_line.h"

#include "schema/base/alloc.h"
#include "schema/base/text.h"

const char *json_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const char *json_text_or(
	const json_t *object, const char *key, const char *otherwise)
{
	const char *text = json_text(object, key);

	return text ? text : otherwise;
}

char *json_line(const json_t *object)
{
	AUTO(text) line = TEXT_INIT;
	AUTO_FREE char *dump = json_dumps(object, JSON_COMPACT);

	text_append(&line, dump ? dump : "{}");
	text_append_char(&line, '\n');
	return text_detach(&line);
}
