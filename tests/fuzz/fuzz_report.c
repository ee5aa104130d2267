/*
 * Every format that `catalog validate` can report in, fed with findings whose
 * texts come from anywhere. The first line's bytes are flags; every part is a
 * finding: a line of numbers, the path, the message, the source.
 */
#include "cmd/report/formats.h"
#include "schema/base/alloc.h"
#include "schema/base/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <jansson.h>
#include <string.h>

enum { MAX_FINDINGS = 20 };

static unsigned number(struct part line, size_t at)
{
	return at < line.length ? (unsigned char)line.bytes[at] : 0;
}

static void find(struct diags *diags, struct part part)
{
	struct part numbers = fuzz_line(&part);
	AUTO_FREE char *path = fuzz_string(fuzz_line(&part));
	AUTO_FREE char *message = fuzz_string(fuzz_line(&part));
	const struct source source = {.revision = "WORKTREE",
		.path = path,
		.bytes = part.bytes,
		.length = utf8_valid_prefix(part.bytes, part.length)};
	const struct origin at = {.source = &source,
		.line = number(numbers, 1),
		.column = number(numbers, 2),
		.end_line = number(numbers, 3),
		.end_column = number(numbers, 4)};

	diag_report(diags, *path ? &at : NULL,
		(enum rule)(number(numbers, 0) % RULE_COUNT), "%s", message);
}

/* What a terminal may be given. */
static void check_bytes(const struct text *out)
{
	for (size_t at = 0; at < out->length;) {
		uint32_t point;
		size_t size = utf8_decode(
			&point, out->data + at, out->length - at);

		REQUIRE(size);
		REQUIRE(point == '\n' || utf8_is_plain(point));
		at += size;
	}
}

static bool is_json(const char *format)
{
	static const char *const names[] = {"json", "sarif", "gitlab"};

	for (size_t i = 0; i < COUNT(names); i++)
		if (!strcmp(format, names[i]))
			return true;
	return false;
}

/* Nothing is lost: every finding has its path, or null. */
static void check_findings(const json_t *json, const struct diags *diags)
{
	const json_t *findings = json_object_get(json, "findings");

	REQUIRE(json_array_size(findings) == diags->count);
	for (size_t i = 0; i < diags->count; i++)
		REQUIRE(json_object_get(json_array_get(findings, i), "path"));
}

static void write_all(const struct report *report)
{
	for (size_t i = 0; i < report_format_count; i++) {
		const struct report_format *format = &report_formats[i];
		AUTO(text) out = TEXT_INIT;
		json_auto_t *json = NULL;

		format->write(&out, report);
		check_bytes(&out);
		if (!is_json(format->name))
			continue;
		json = json_loadb(out.data, out.length, 0, NULL);
		REQUIRE(json);
		if (!strcmp(format->name, "json"))
			check_findings(json, report->diags);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct part rest = {(const char *)bytes, length};
	unsigned flags = number(fuzz_line(&rest), 0);
	AUTO(diags) diags = DIAGS_INIT;
	struct part part;
	static const char *const paths[] = {
		"domains/a/domain.yaml", "p\xff\x1b"};
	const struct report report = {.catalog = "ops",
		.revision = "WORKTREE",
		.documents = 3,
		.valid = flags & 1,
		.for_terminal = flags & 2,
		.quiet = flags & 4,
		.notes = flags & 8,
		.strict = flags & 16,
		.since = flags & 32 ? "0123456789" : NULL,
		.paths = paths,
		.path_count = COUNT(paths),
		.diags = &diags};

	while (diags.count < MAX_FINDINGS && fuzz_part(&rest, &part))
		find(&diags, part);
	diags_sort(&diags);
	fuzz_check_diags(&diags, true);
	write_all(&report);
	return 0;
}
