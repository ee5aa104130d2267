#include "cmd/report/render.h"

#include "schema/base/utf8.h"

#include <stdlib.h>
#include <string.h>

void render_line(struct text *out, const struct diag *diag)
{
	if (diag->path) {
		text_append_visible(out, diag->path, strlen(diag->path));
		if (diag->line)
			text_format(out, ":%u:%u", diag->line, diag->column);
		text_append(out, ": ");
	}
	text_format(out, "%s: %s [%s]", severity_name(diag->severity),
		diag->message, rule_rows[diag->rule].id);
}

json_t *render_string(const char *string)
{
	AUTO(text) visible = TEXT_INIT;
	size_t length = strlen(string);

	if (utf8_valid_prefix(string, length) == length)
		return json_stringn_nocheck(string, length);
	text_append_visible(&visible, string, length);
	return json_stringn_nocheck(visible.data, visible.length);
}

void render_dump(struct text *out, json_t *json)
{
	AUTO_FREE char *dump = json_dumps(json, JSON_INDENT(2));

	json_decref(json);
	text_append_json_visible(out, dump ? dump : "null");
	text_append_char(out, '\n');
}
