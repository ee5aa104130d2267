#include "schema/explain.h"

#include <string.h>

const struct rule_explanation rule_explanations[RULE_COUNT] = {
#define EXPLAIN(name, why, wrong, right) [RULE_##name] = {why, wrong, right},
#include "schema/explain.def"
#undef EXPLAIN
};

static void append_indented(struct text *out, const char *lines)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");

		text_append(out, "    ");
		text_append_bytes(out, lines, length);
		text_append_char(out, '\n');
		lines += length + (lines[length] == '\n');
	}
}

void explain_text(struct text *out, enum rule rule)
{
	const struct rule_explanation *row = &rule_explanations[rule];

	text_format(out, "%s\n\n%s\n", row->why, rule_rows[rule].advice);
	if (!row->wrong)
		return;
	text_append(out, "\nWrong:\n\n");
	append_indented(out, row->wrong);
	text_append(out, "\nRight:\n\n");
	append_indented(out, row->right);
}

void explain_markdown(struct text *out, enum rule rule)
{
	const struct rule_explanation *row = &rule_explanations[rule];

	text_format(out, "%s\n\n%s\n", row->why, rule_rows[rule].advice);
	if (row->wrong)
		text_format(out,
			"\n**Wrong**\n\n```yaml\n%s\n```\n\n"
			"**Right**\n\n```yaml\n%s\n```\n",
			row->wrong, row->right);
}
