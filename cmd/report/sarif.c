/*
 * SARIF 2.1.0 (OASIS), as GitHub's code scanning reads it: at most 25,000
 * results, so the least severe are left out first and a notification says so.
 */
#include "cmd/report/fingerprint.h"
#include "cmd/report/render.h"
#include "cmd/report/report.h"
#include "schema/base/version.h"
#include "schema/diag/explain.h"

#include <string.h>

enum { MAX_RESULTS = 25000 };

static const char *const levels[] = {
	[SEVERITY_NOTE] = "note",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error",
};

/* The rules that are named, in the table's order, and where each came to be. */
struct rules {
	json_t *list;
	int index[RULE_COUNT]; /* -1: not named */
};

static json_t *message(const char *text)
{
	return json_pack("{s:s}", "text", text);
}

static json_t *help(enum rule rule)
{
	AUTO(text) plain = TEXT_INIT;
	AUTO(text) markdown = TEXT_INIT;
	json_t *json;

	explain_text(&plain, rule);
	explain_markdown(&markdown, rule);
	json = json_pack(
		"{s:s, s:s}", "text", plain.data, "markdown", markdown.data);
	return json;
}

static json_t *descriptor(enum rule rule)
{
	const struct rule_row *row = &rule_rows[rule];

	return json_pack("{s:s, s:o, s:o, s:o, s:{s:s}}", "id", row->id,
		"shortDescription", message(row->title), "fullDescription",
		message(rule_explanations[rule].why), "help", help(rule),
		"defaultConfiguration", "level", levels[row->severity]);
}

static void collect_rules(struct rules *rules, const struct diags *diags)
{
	bool named[RULE_COUNT] = {false};

	rules->list = json_array();
	for (size_t i = 0; i < diags->count; i++)
		named[diags->list[i].rule] = true;
	for (int rule = 0; rule < RULE_COUNT; rule++) {
		rules->index[rule] = -1;
		if (!named[rule])
			continue;
		rules->index[rule] = (int)json_array_size(rules->list);
		json_array_append_new(rules->list, descriptor((enum rule)rule));
	}
}

/* RFC 3986: everything but unreserved characters and '/' is encoded. */
static json_t *uri(const char *path)
{
	AUTO(text) out = TEXT_INIT;

	for (; *path; path++) {
		bool letter = (*path >= 'a' && *path <= 'z') ||
			      (*path >= 'A' && *path <= 'Z');
		bool digit = *path >= '0' && *path <= '9';

		if (letter || digit || strchr("-._~/", *path))
			text_append_char(&out, *path);
		else
			text_format(&out, "%%%02X", (unsigned char)*path);
	}
	return json_string(out.data);
}

static json_t *location(const struct diag *diag)
{
	json_t *place = json_pack("{s:{s:o, s:s}}", "artifactLocation", "uri",
		uri(diag->path), "uriBaseId", "%SRCROOT%");

	if (diag->line)
		json_object_set_new(place, "region",
			json_pack("{s:i, s:i, s:i, s:i}", "startLine",
				(int)diag->line, "startColumn",
				(int)diag->column, "endLine",
				(int)diag->end_line, "endColumn",
				(int)diag->end_column));
	return json_pack("{s:o}", "physicalLocation", place);
}

static json_t *result(const struct diag *diag,
	const struct fingerprint *fingerprint, const struct rules *rules)
{
	json_t *json = json_pack("{s:s, s:i, s:s, s:o}", "ruleId",
		rule_rows[diag->rule].id, "ruleIndex", rules->index[diag->rule],
		"level", levels[diag->severity], "message",
		message(diag->message));

	if (diag->path)
		json_object_set_new(
			json, "locations", json_pack("[o]", location(diag)));
	json_object_set_new(json, "partialFingerprints",
		json_pack(
			"{s:s}", "primaryLocationLineHash", fingerprint->hex));
	return json;
}

/* The least severity that still fits. */
static enum severity least_shown(const struct diags *diags)
{
	if (diags->count <= MAX_RESULTS)
		return SEVERITY_NOTE;
	if (diags->errors + diags->warnings <= MAX_RESULTS)
		return SEVERITY_WARNING;
	return SEVERITY_ERROR;
}

static json_t *results(const struct diags *diags, const struct rules *rules)
{
	AUTO_FREE struct fingerprint *prints = fingerprints(diags);
	enum severity least = least_shown(diags);
	json_t *list = json_array();

	for (size_t i = 0; i < diags->count; i++)
		if (diags->list[i].severity >= least &&
			json_array_size(list) < MAX_RESULTS)
			json_array_append_new(list,
				result(&diags->list[i], &prints[i], rules));
	return list;
}

static json_t *invocation(const struct report *report, size_t left_out)
{
	json_t *json = json_pack("{s:b, s:i}", "executionSuccessful", true,
		"exitCode", report->valid ? 0 : 1);
	AUTO(text) words = TEXT_INIT;

	if (!left_out)
		return json;
	text_format(&words,
		"%zu findings are left out, the least severe first: code "
		"scanning takes %d",
		left_out, MAX_RESULTS);
	json_object_set_new(json, "toolExecutionNotifications",
		json_pack("[{s:s, s:o}]", "level", "warning", "message",
			message(words.data)));
	return json;
}

static json_t *driver(struct rules *rules)
{
	return json_pack("{s:s, s:s, s:s, s:o}", "name", "bridge-catalog",
		"version", bridge_version, "semanticVersion", bridge_version,
		"rules", rules->list);
}

void report_sarif(struct text *out, const struct report *report)
{
	struct rules rules;
	json_t *found;
	json_t *run;

	collect_rules(&rules, report->diags);
	found = results(report->diags, &rules);
	run = json_pack("{s:{s:o}, s:[o], s:s, s:{s:o, s:s}}", "tool", "driver",
		driver(&rules), "invocations",
		invocation(
			report, report->diags->count - json_array_size(found)),
		"columnKind", "unicodeCodePoints", "properties", "catalog",
		render_string(report->catalog), "revision", report->revision);
	json_object_set_new(run, "results", found);
	render_dump(
		out, json_pack("{s:s, s:s, s:[o]}", "$schema",
			     "https://json.schemastore.org/sarif-2.1.0.json",
			     "version", "2.1.0", "runs", run));
}
