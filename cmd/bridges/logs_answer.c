/*
 * The last events of a bridge's audit log as JSON, for the tool bridge_logs and
 * the resource bridge://logs.
 */
#include "cmd/bridges/logs.h"
#include "cmd/context/answer.h"
#include "schema/base/json_line.h"
#include "tunnel/state/audit_log.h"
#include "tunnel/state/state_dir.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_BYTES = 256 * 1024 };

/* What others wrote may be no audit line: then it is left out. */
static json_t *event_of(const char *line, size_t length)
{
	json_t *event = json_loadb(line, length, 0, NULL);

	if (json_is_object(event))
		return event;
	json_decref(event);
	return NULL;
}

/* ts is a text that sorts as time does; `since` may be a part of one. */
static bool is_before(const json_t *event, const char *since)
{
	const char *ts = json_text(event, "ts");
	size_t length = since ? strcspn(since, "Z") : 0;

	return since && (!ts || strncmp(ts, since, length) < 0);
}

/* From the last line back, as many as fit. */
static json_t *last_events(
	char *lines, const struct options *options, bool *truncated)
{
	json_t *events = json_array();
	size_t length = strlen(lines);
	size_t left = MOST_BYTES;

	while (length) {
		size_t end = length - (lines[length - 1] == '\n');
		const char *before = end ? memrchr(lines, '\n', end) : NULL;
		size_t start = before ? (size_t)(before - lines) + 1 : 0;
		json_t *event = event_of(lines + start, end - start);

		length = start;
		if (!event)
			continue;
		if (is_before(event, options->since)) {
			json_decref(event);
			break;
		}
		if (end - start > left ||
			json_array_size(events) == options->lines) {
			*truncated = true;
			json_decref(event);
			break;
		}
		left -= end - start;
		json_array_insert_new(events, 0, event);
	}
	return events;
}

enum exit_status answer_logs(
	const struct options *options, json_t **answer, struct diags *diags)
{
	const char *name = options->arguments[0];
	AUTO(client) client = CLIENT_INIT;
	AUTO_FREE char *lines = NULL;
	bool truncated = false;
	json_t *events;

	if (!state_path(&client.path, diags))
		return EXIT_UNABLE;
	client.directory = state_open(client.path, false, diags);
	if (diags->errors)
		return EXIT_UNABLE;
	if (client.directory >= 0 && bridge_name_is_valid(name))
		lines = audit_log_tail(client.directory, name,
			(size_t)options->lines + 1, NULL);
	if (!lines && !logs_is_known(name, options, &client, diags))
		return EXIT_NO;
	events = lines ? last_events(lines, options, &truncated) : json_array();
	*answer = json_pack("{s:s, s:o, s:b}", "bridge", name, "events", events,
		"truncated", truncated);
	return EXIT_YES;
}
