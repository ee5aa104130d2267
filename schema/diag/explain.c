#include "schema/diag/explain.h"

#include <string.h>

#define EXAMPLE(kind, path, lines)                                             \
	{                                                                      \
		EXAMPLE_##kind, path, lines                                    \
	}
#define EXAMPLES(...)                                                          \
	(const struct example_file[])                                          \
	{                                                                      \
		__VA_ARGS__, EXAMPLE(END, NULL, NULL)                          \
	}
#define PART(path, lines)  EXAMPLE(PART, path, lines)
#define WHOLE(path, lines) EXAMPLE(WHOLE, path, lines)
#define PLACE(path)        EXAMPLE(PLACE, path, NULL)
#define LINK(path, to)     EXAMPLE(LINK, path, to)
#define WRONG(...)         .wrong = EXAMPLES(__VA_ARGS__)
#define RIGHT(...)         .right = EXAMPLES(__VA_ARGS__)

const struct rule_explanation rule_explanations[RULE_COUNT] = {
#define EXPLAIN(name, ...) [RULE_##name] = {.why = __VA_ARGS__},
#include "schema/diag/explain.def"
#undef EXPLAIN
};

void explain_example(struct text *out, const struct example_file *files)
{
	for (const struct example_file *file = files; file->kind; file++) {
		if (file > files)
			text_append_char(out, '\n');
		switch (file->kind) {
		case EXAMPLE_PART:
		case EXAMPLE_WHOLE:
			text_format(out, "# %s\n%s", file->path, file->lines);
			break;
		case EXAMPLE_PLACE:
			text_append(out, file->path);
			break;
		case EXAMPLE_LINK:
			text_format(out, "%s -> %s", file->path, file->lines);
			break;
		case EXAMPLE_END:
			break;
		}
	}
}

static void append_indented(
	struct text *out, const char *title, const struct example_file *files)
{
	AUTO(text) example = TEXT_INIT;
	const char *lines;

	explain_example(&example, files);
	text_format(out, "\n%s:\n\n", title);
	for (lines = example.data; *lines;) {
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
	append_indented(out, "Wrong", row->wrong);
	append_indented(out, "Right", row->right);
}

static void append_fenced(
	struct text *out, const char *title, const struct example_file *files)
{
	text_format(out, "\n**%s**\n\n```yaml\n", title);
	explain_example(out, files);
	text_append(out, "\n```\n");
}

void explain_markdown(struct text *out, enum rule rule)
{
	const struct rule_explanation *row = &rule_explanations[rule];

	text_format(out, "%s\n\n%s\n", row->why, rule_rows[rule].advice);
	if (!row->wrong)
		return;
	append_fenced(out, "Wrong", row->wrong);
	append_fenced(out, "Right", row->right);
}
