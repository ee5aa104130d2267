/*
 * What runs and how it is, as metrics: OpenMetrics 1.0 text, of gauges alone,
 * so that it is the text format of Prometheus 0.0.4 as well, which
 * node_exporter's textfile collector reads.
 */
#include "cmd/context/command.h"
#include "cmd/context/supervisor_query.h"
#include "cmd/ui/output.h"
#include "cmd/ui/write_file.h"
#include "schema/base/json_line.h"

#include <string.h>

/* The value a bridge has in a family; false: it has none. */
typedef bool value_of(const json_t *status, double *value);

static bool is_up(const json_t *status, double *value)
{
	const char *state = json_text_or(status, "state", "");

	*value = !strcmp(state, "connected") || !strcmp(state, "degraded");
	return true;
}

static bool number(const json_t *object, const char *key, double *value)
{
	const json_t *member = json_object_get(object, key);

	*value = json_number_value(member);
	return json_is_number(member);
}

static bool uptime(const json_t *status, double *value)
{
	return number(status, "uptime_seconds", value);
}

static bool attempts(const json_t *status, double *value)
{
	return number(status, "attempts", value);
}

static bool retry(const json_t *status, double *value)
{
	return number(status, "retry_in_seconds", value);
}

static bool health_ok(const json_t *status, double *value)
{
	const json_t *ok = json_object_get(
		json_object_get(status, "health"), "ok");

	*value = json_is_true(ok);
	return json_is_boolean(ok);
}

static bool health_latency(const json_t *status, double *value)
{
	bool known = number(
		json_object_get(status, "health"), "latency_ms", value);

	*value /= 1000;
	return known;
}

static bool health_failures(const json_t *status, double *value)
{
	return number(json_object_get(status, "health"), "failures", value);
}

static const struct family {
	const char *name, *unit, *help;
	value_of *value;
} families[] = {
	{"bridge_up", NULL, "Is the forward there?", is_up},
	{"bridge_uptime_seconds", "seconds",
		"How long the forward has been there.", uptime},
	{"bridge_failed_attempts", NULL, "Attempts that failed, in a row.",
		attempts},
	{"bridge_retry_in_seconds", "seconds",
		"Time to the next attempt, while waiting.", retry},
	{"bridge_health_ok", NULL, "Was the last health check fine?",
		health_ok},
	{"bridge_health_latency_seconds", "seconds",
		"How long the last health check took.", health_latency},
	{"bridge_health_failures", NULL, "Health checks that failed, in a row.",
		health_failures},
};

static const char *const states[] = {"stopped", "starting", "connected",
	"degraded", "reconnecting", "failed", "stopping"};

static void begin_family(
	struct text *out, const char *name, const char *unit, const char *help)
{
	text_format(out, "# TYPE %s gauge\n", name);
	if (unit)
		text_format(out, "# UNIT %s %s\n", name, unit);
	text_format(out, "# HELP %s %s\n", name, help);
}

/* Backslash, quote and newline: OpenMetrics 1.0, section "Escaping". */
static void append_label(struct text *out, const char *name, const char *value)
{
	AUTO(text) visible = TEXT_INIT;

	text_append_visible(&visible, value, strlen(value));
	text_format(out, "%s=\"", name);
	for (const char *at = visible.data; *at; at++) {
		if (*at == '\\' || *at == '"')
			text_append_char(out, '\\');
		text_append_char(out, *at);
	}
	text_append_char(out, '"');
}

/* What else there is to know of a bridge may change, or be unknown. */
static void append_name(struct text *out, const json_t *status)
{
	append_label(out, "bridge", json_text_or(status, "name", ""));
}

/* To be joined with the others, on its name. */
static void append_info(struct text *out, const json_t *bridges)
{
	size_t i;
	json_t *status;

	begin_family(out, "bridge_info", NULL,
		"Where a bridge leads, and whose it is.");
	json_array_foreach(bridges, i, status)
	{
		if (!*json_text_or(status, "host", ""))
			continue;
		text_append(out, "bridge_info{");
		append_name(out, status);
		text_append_char(out, ',');
		append_label(out, "host", json_text_or(status, "host", ""));
		text_append_char(out, ',');
		append_label(out, "actor", json_text_or(status, "actor", ""));
		text_append(out, "} 1\n");
	}
}

static void append_family(
	struct text *out, const struct family *family, const json_t *bridges)
{
	size_t i;
	json_t *status;

	begin_family(out, family->name, family->unit, family->help);
	json_array_foreach(bridges, i, status)
	{
		double value;

		if (!family->value(status, &value))
			continue;
		text_format(out, "%s{", family->name);
		append_name(out, status);
		text_format(out, "} %.15g\n", value);
	}
}

/* One of them is 1: to count bridges by state. */
static void append_states(struct text *out, const json_t *bridges)
{
	size_t i;
	json_t *status;

	begin_family(
		out, "bridge_state", NULL, "1 for the state a bridge is in.");
	json_array_foreach(bridges, i, status)
	{
		for (size_t k = 0; k < COUNT(states); k++) {
			text_append(out, "bridge_state{");
			append_name(out, status);
			text_format(out, ",state=\"%s\"} %d\n", states[k],
				!strcmp(json_text_or(status, "state", ""),
					states[k]));
		}
	}
}

static void append_all(struct text *out, const struct supervisor_query *query)
{
	begin_family(
		out, "bridge_supervisor_up", NULL, "Does the supervisor run?");
	text_format(out, "bridge_supervisor_up %d\n", query->client.fd >= 0);
	for (size_t i = 0; i < COUNT(families); i++)
		append_family(out, &families[i], query->bridges);
	append_states(out, query->bridges);
	append_info(out, query->bridges);
	text_append(out, "# EOF\n");
}

enum exit_status command_metrics(const struct options *options)
{
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(text) out = TEXT_INIT;
	enum exit_status status = EXIT_UNABLE;

	if (supervisor_query_open(&query, QUERY_LEFTOVERS, &diags)) {
		append_all(&out, &query);
		if (options->json)
			output_json(
				json_pack("{s:O}", "bridges", query.bridges));
		if (options->json || write_file(options->output, &out, &diags))
			status = EXIT_YES;
	} else if (!options->json) {
		/* An old file would go on saying that all is well. */
		append_all(&out, &query);
		write_file(options->output, &out, &diags);
	}
	output_diags(&diags, options->verbose);
	return status;
}
