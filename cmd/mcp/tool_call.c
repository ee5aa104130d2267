/*
 * One run of a tool: its arguments become the options of the command that it
 * is, and what the command knows becomes the answer.
 */
#include "cmd/mcp/tool_call.h"

#include "cmd/mcp/sanitize.h"
#include "schema/base/json_line.h"

#include <stdint.h>
#include <string.h>

enum {
	MOST_FINDINGS = 100, /* in an answer */
	MOST_NAMES = 100,    /* as the definitions have it */
};

struct run {
	const struct tool *tool;
	struct options options;
	char *names[MOST_NAMES + 1];
	struct diags diags;
};

static void set_names(struct run *run, const json_t *names)
{
	size_t i;
	json_t *name;

	json_array_foreach(names, i, name) if (run->options.count < MOST_NAMES)
		run->names[run->options.count++] = (char *)(uintptr_t)
		json_string_value(name);
}

static void set_text(const char **option, const json_t *value)
{
	if (json_is_string(value))
		*option = json_string_value(value);
}

static void set_number(unsigned *option, const json_t *value)
{
	/* 2.0 is an integer, too: JSON Schema, core 6.3. */
	if (json_is_number(value))
		*option = (unsigned)json_number_value(value);
}

/* The arguments have the types that the definition says. */
static void set_options(struct run *run, const json_t *arguments)
{
	struct options *options = &run->options;

	options->json = true;
	options->quiet = true;
	options->origins = (run->tool->is & TOOL_ORIGINS) != 0;
	options->wait_seconds = 10;
	options->lines = 100;
	options->arguments = run->names;
	options->count = 0;
	set_names(run, json_object_get(arguments, "bridges"));
	set_text((const char **)&run->names[0],
		json_object_get(arguments, "bridge"));
	set_text((const char **)&run->names[0],
		json_object_get(arguments, "id"));
	if (run->names[0] && !options->count)
		options->count = 1;
	set_text(&options->domain, json_object_get(arguments, "domain"));
	set_text(&options->rev, json_object_get(arguments, "revision"));
	set_text(&options->since, json_object_get(arguments, "since"));
	set_number(&options->wait_seconds,
		json_object_get(arguments, "wait_seconds"));
	set_number(&options->lines, json_object_get(arguments, "lines"));
	options->strict = json_is_true(json_object_get(arguments, "strict"));
}

static json_t *finding_json(const struct diag *diag)
{
	json_t *json = json_pack("{s:s, s:s, s:s}", "rule",
		rule_rows[diag->rule].id, "severity",
		severity_name(diag->severity), "message", diag->message);

	if (diag->path)
		json_object_set_new(json, "path", json_string(diag->path));
	if (diag->line)
		json_object_set_new(
			json, "line", json_integer((json_int_t)diag->line));
	return json;
}

/* All but the one that is the answer's error. */
static void add_findings(
	json_t *answer, const struct diags *diags, const struct diag *but)
{
	json_t *list = json_array();

	for (size_t i = 0; i < diags->count; i++)
		if (&diags->list[i] != but &&
			json_array_size(list) < MOST_FINDINGS)
			json_array_append_new(
				list, finding_json(&diags->list[i]));
	if (json_array_size(list))
		json_object_set(answer, "findings", list);
	json_decref(list);
}

static const struct diag *first_error(const struct diags *diags)
{
	for (size_t i = 0; i < diags->count; i++)
		if (diags->list[i].severity == SEVERITY_ERROR)
			return &diags->list[i];
	return NULL;
}

/* What may have been meant, for each name that is none. */
static json_t *candidates_of(const struct diags *diags)
{
	json_t *candidates = json_array();

	for (size_t i = 0; i < diags->count; i++) {
		const struct diag *diag = &diags->list[i];

		if (diag->rule == RULE_BRIDGE_UNKNOWN && diag->about)
			json_array_append_new(
				candidates, json_string(diag->about));
	}
	return candidates;
}

static json_t *error_of(const struct tool *tool, const struct diags *diags,
	const struct diag *diag)
{
	json_auto_t *candidates = candidates_of(diags);

	const char *hint = rule_rows[diag->rule].advice;
	json_t *error = json_pack("{s:s, s:s}", "code",
		rule_rows[diag->rule].id, "message", diag->message);

	if (diag->rule == RULE_BRIDGE_UNKNOWN && *tool->hint)
		hint = tool->hint;
	if (*hint)
		json_object_set_new(error, "hint", json_string(hint));
	if (json_array_size(candidates))
		json_object_set(error, "candidates", candidates);
	return error;
}

static json_t *wrong_arguments(const struct tool *tool, const char *message)
{
	AUTO(text) hint = TEXT_INIT;

	text_format(
		&hint, "see the inputSchema of %s in tools/list", tool->name);
	return json_pack("{s:s, s:s, s:s}", "code", "arguments/invalid",
		"message", message, "hint", hint.data);
}

static bool is_up(const json_t *bridge)
{
	const char *state = json_text(bridge, "state");

	return state &&
	       (!strcmp(state, "connected") || !strcmp(state, "degraded"));
}

/* Which of them did not come up; what happened is in the answer. */
static json_t *not_up(const json_t *answer)
{
	const json_t *bridges = json_object_get(answer, "bridges");
	AUTO(text) text = TEXT_INIT;
	size_t i;
	json_t *bridge;

	text_append(&text, "not connected:");
	json_array_foreach(bridges, i, bridge)
	{
		const char *name = json_text(bridge, "name");
		const char *why = json_text(bridge, "error");
		const json_t *last = json_object_get(bridge, "last_event");

		if (is_up(bridge))
			continue;
		if (!why)
			why = json_text(last, "detail");
		text_format(&text, " %s (%s)", name ? name : "",
			why && *why ? why : "no answer yet");
	}
	return json_pack("{s:s, s:s, s:s}", "code", "not-up", "message",
		text.data, "hint",
		"call bridge_logs for what has happened; the supervisor goes "
		"on trying, and bridge_status says when");
}

/* A report of everything may be long: its first findings, and that it is. */
static void shorten(json_t *answer)
{
	json_t *findings = json_object_get(answer, "findings");

	json_object_set_new(answer, "truncated",
		json_boolean(json_array_size(findings) > MOST_FINDINGS));
	while (json_array_size(findings) > MOST_FINDINGS)
		json_array_remove(findings, json_array_size(findings) - 1);
}

static json_t *finish_answer(struct run *run, enum exit_status status,
	json_t *answer, bool *is_error)
{
	const struct diag *wrong = first_error(&run->diags);

	*is_error = !answer ||
		    (status != EXIT_YES && !(run->tool->is & TOOL_JUDGES));
	if (!answer)
		answer = json_object();
	if (run->tool->is & TOOL_JUDGES && !*is_error)
		shorten(answer);
	else
		add_findings(answer, &run->diags, *is_error ? wrong : NULL);
	if (*is_error && wrong && status == EXIT_USAGE)
		json_object_set_new(answer, "error",
			wrong_arguments(run->tool, wrong->message));
	else if (*is_error && wrong)
		json_object_set_new(answer, "error",
			error_of(run->tool, &run->diags, wrong));
	else if (*is_error && run->tool->is & TOOL_SETTLES)
		json_object_set_new(answer, "error", not_up(answer));
	else if (*is_error)
		json_object_set_new(answer, "error",
			json_pack("{s:s, s:s}", "code", "failed", "message",
				"there is no answer"));
	return answer;
}

json_t *tool_call(const struct tool *tool, const struct options *options,
	const json_t *arguments, bool *is_error)
{
	struct run run = {.tool = tool, .options = *options};
	json_auto_t *answer = NULL;
	enum exit_status status = EXIT_USAGE;
	json_t *plain;

	if (tool_check(tool, arguments, &run.diags)) {
		set_options(&run, arguments);
		status = tool->answer(&run.options, &answer, &run.diags);
	}
	answer = finish_answer(&run, status, answer, is_error);
	plain = sanitize_json(answer);
	diags_release(&run.diags);
	return plain;
}
