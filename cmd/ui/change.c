#include "cmd/ui/change.h"

#include "cmd/ui/output.h"
#include "schema/base/json_line.h"

#include <string.h>

/* Two that are long and begin alike are shown from where they differ. */
static size_t where_they_differ(const char *old, const char *now, size_t most)
{
	enum { BEFORE = 10 };
	size_t same = 0;

	while (old[same] && old[same] == now[same])
		same++;
	while (same && (now[same] & 0xc0) == 0x80)
		same--;
	if (same <= BEFORE || (strlen(old) <= most && strlen(now) <= most))
		return 0;
	same -= BEFORE;
	while (same && (now[same] & 0xc0) == 0x80)
		same--;
	return same;
}

static void append_value(struct text *text, const json_t *value)
{
	if (json_is_null(value))
		text_append(text, "(none)");
	else
		output_value(text, value);
}

void change_append(struct text *text, const json_t *change, size_t most)
{
	AUTO(text) old = TEXT_INIT;
	AUTO(text) now = TEXT_INIT;
	size_t from;

	append_value(&old, json_object_get(change, "old"));
	append_value(&now, json_object_get(change, "new"));
	from = most ? where_they_differ(old.data, now.data, most) : 0;
	text_format(text, "%s: ", json_text(change, "field"));
	for (int i = 0; i < 2; i++) {
		const char *value = (i ? now.data : old.data) + from;
		size_t length = strlen(value);

		text_format(text, "%s%s", i ? " -> " : "", from ? "..." : "");
		text_append_bytes(
			text, value, most && length > most ? most : length);
	}
}
