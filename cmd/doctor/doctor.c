/*
 * `bridge doctor`: what stands between a definition and a working tunnel, a
 * line for each thing, and how to fix it.
 */
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/open_catalog.h"
#include "cmd/doctor/checks.h"
#include "cmd/doctor/run_probe.h"
#include "cmd/ui/output.h"
#include "cmd/ui/table.h"
#include "schema/base/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOOL_MS = 5000 };

struct examination {
	const struct options *options;
	bool unanswered; /* by the supervisor */
	json_t *list;    /* of checks, of what is being looked at */
	struct table table;
	bool failed;
};

static enum paint paint_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_OK:
		return PAINT_GOOD;
	case VERDICT_WARNING:
		return PAINT_WARN;
	case VERDICT_FAILURE:
		return PAINT_BAD;
	case VERDICT_SKIPPED:
		break;
	}
	return PAINT_DIM;
}

static void add_check(struct examination *report, const char *check,
	enum verdict verdict, const struct text *found, const struct text *fix)
{
	AUTO(text) how = TEXT_INIT;
	const char *what = found->length ? found->data : "";

	report->failed |= verdict == VERDICT_FAILURE;
	json_array_append_new(report->list,
		json_pack("{s:s, s:s, s:s, s:s?}", "check", check, "status",
			verdict_name(verdict), "found", what, "mend",
			fix->length ? fix->data : NULL));
	table_add_painted(
		&report->table, verdict_name(verdict), paint_of(verdict));
	table_add(&report->table, check);
	table_add(&report->table, what);
	if (!fix->length || verdict == VERDICT_SKIPPED)
		return;
	text_format(&how, "-> %s", fix->data);
	table_add(&report->table, "");
	table_add(&report->table, "");
	table_add(&report->table, how.data);
}

static void begin_table(struct examination *report)
{
	report->list = json_array();
	report->table = (struct table)TABLE_INIT;
	report->table.columns = 3;
}

/* A title, and what has been added since begin_table(). */
static json_t *end_table(struct examination *report, const char *title)
{
	json_t *list = report->list;

	if (!report->options->json) {
		AUTO(text) visible = TEXT_INIT;

		text_append_visible(&visible, title, strlen(title));
		printf("%s\n", visible.data);
		table_print(&report->table, stdout);
		fflush(stdout);
	}
	table_release(&report->table);
	report->list = NULL;
	return list;
}

static void check_ssh(struct examination *report)
{
	static const char *const argv[] = {"ssh", "-V", NULL};
	AUTO(probe) probe = PROBE_INIT;
	AUTO(text) found = TEXT_INIT;
	AUTO(text) fix = TEXT_INIT;

	probe.argv = argv;
	probe.timeout_ms = TOOL_MS;
	probe_run(&probe);
	if (probe.started && probe.err.length) {
		text_append_visible(&found, probe.err.data,
			strcspn(probe.err.data, "\r\n"));
		add_check(report, "ssh", VERDICT_OK, &found, &fix);
		return;
	}
	text_append(&found, "there is no ssh in PATH");
	text_append(&fix, "apt install openssh-client");
	add_check(report, "ssh", VERDICT_FAILURE, &found, &fix);
}

static void append_diags(struct text *found, const struct diags *diags)
{
	for (size_t i = 0; i < diags->count; i++)
		if (diags->list[i].severity == SEVERITY_ERROR) {
			text_append(found, diags->list[i].message);
			return;
		}
}

/* What can be opened can be checked; else the rule's own advice. */
static void append_fix(struct text *fix, const struct diags *diags)
{
	for (size_t i = 0; i < diags->count; i++)
		if (diags->list[i].severity == SEVERITY_ERROR &&
			open_catalog_could_not_run(diags)) {
			text_append(fix, rule_rows[diags->list[i].rule].advice);
			return;
		}
	text_append(fix, "bridge catalog validate");
}

static void check_definitions(struct examination *report,
	const struct resolver *resolver, bool opened, const struct diags *diags)
{
	const struct config *config = &resolver->config;
	const struct revision *revision = resolver->catalog
						  ? resolver->catalog->revision
						  : NULL;
	bool broken = config->path && !config->valid;
	AUTO(text) found = TEXT_INIT;
	AUTO(text) fix = TEXT_INIT;

	text_append(&found, config->path ? config->path : "no tunnels.yaml");
	if (broken || (!opened && !resolver->catalog_failed)) {
		text_append(&found, ": ");
		append_diags(&found, diags);
		broken = true;
	}
	if (broken && !config->path)
		text_append(&fix, "bridge catalog init DIR");
	add_check(report, "config", broken ? VERDICT_FAILURE : VERDICT_OK,
		&found, &fix);
	text_clear(&found);
	text_clear(&fix);
	if (resolver->catalog_failed) {
		append_diags(&found, diags);
		append_fix(&fix, diags);
		add_check(report, "catalog", VERDICT_FAILURE, &found, &fix);
		return;
	}
	if (revision)
		text_format(&found, "%s at %.12s", resolver->catalog_path,
			revision_id(revision));
	else
		text_append(&found, "none is configured");
	add_check(report, "catalog", revision ? VERDICT_OK : VERDICT_SKIPPED,
		&found, &fix);
}

/* The first error; all are on stderr. */
static void check_bridges(struct examination *report,
	const struct bridges *bridges, const struct diags *diags)
{
	AUTO(text) found = TEXT_INIT;
	AUTO(text) fix = TEXT_INIT;
	size_t errors = 0;

	for (size_t i = 0; i < diags->count; i++)
		errors += diags->list[i].severity == SEVERITY_ERROR;
	if (!errors) {
		text_format(&found, "%zu bridge%s", bridges->count,
			bridges->count == 1 ? "" : "s");
		add_check(report, "definitions", VERDICT_OK, &found, &fix);
		return;
	}
	text_format(&found, "%zu error%s: ", errors, errors == 1 ? "" : "s");
	append_diags(&found, diags);
	append_fix(&fix, diags);
	add_check(report, "definitions", VERDICT_FAILURE, &found, &fix);
}

/* One that does not answer is no reason to look at nothing. */
static void check_supervisor(struct examination *report,
	const struct supervisor_query *query, const struct diags *unreachable)
{
	const struct client *client = &query->client;
	AUTO(text) found = TEXT_INIT;
	AUTO(text) fix = TEXT_INIT;

	if (unreachable->count) {
		append_diags(&found, unreachable);
		text_format(&fix,
			"kill -CONT $(cat %s/*.pid | head -n 1); if that does "
			"not help, kill it, then bridge up --resume",
			client->path);
		add_check(report, "supervisor", VERDICT_FAILURE, &found, &fix);
		return;
	}
	if (client->fd < 0) {
		text_append(&found, "none runs");
		add_check(report, "supervisor", VERDICT_SKIPPED, &found, &fix);
		return;
	}
	text_format(&found, "pid %ld, version %s", client->supervisor_pid,
		client->supervisor_version);
	if (!strcmp(client->supervisor_version, bridge_version)) {
		add_check(report, "supervisor", VERDICT_OK, &found, &fix);
		return;
	}
	text_format(&found, "; this is %s", bridge_version);
	text_append(&fix, "bridge supervise --upgrade");
	add_check(report, "supervisor", VERDICT_WARNING, &found, &fix);
}

static json_t *examine_bridge(struct examination *report,
	const struct bridge *bridge, const struct supervisor_query *query,
	json_t *ways)
{
	struct subject subject = {.bridge = bridge,
		.query = query,
		.ways = ways,
		.unanswered = report->unanswered};

	begin_table(report);
	subject.status = supervisor_query_find(query, bridge->name);
	if (subject.status && !supervisor_query_is_live(subject.status))
		subject.status = NULL;
	for (size_t i = 0; i < check_count; i++) {
		AUTO(text) found = TEXT_INIT;
		AUTO(text) fix = TEXT_INIT;
		enum verdict verdict = check_run(
			&checks[i], &subject, &found, &fix);

		add_check(report, checks[i].name, verdict, &found, &fix);
	}
	subject_release(&subject);
	return json_pack("{s:s, s:o}", "name", bridge->name, "checks",
		end_table(report, bridge->name));
}

static json_t *examine_bridges(struct examination *report,
	const struct bridges *bridges, const struct supervisor_query *query)
{
	json_auto_t *ways = json_object();
	json_t *list = json_array();

	for (size_t i = 0; i < bridges->count; i++)
		if (bridges->list[i].enabled || report->options->count)
			json_array_append_new(
				list, examine_bridge(report, &bridges->list[i],
					      query, ways));
	return list;
}

enum exit_status command_doctor(const struct options *options)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(supervisor_query) query = SUPERVISOR_QUERY_INIT;
	AUTO(bridges) bridges = BRIDGES_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	AUTO(diags) found = DIAGS_INIT; /* in the definitions */
	AUTO(diags) unreachable = DIAGS_INIT;
	struct examination report = {.options = options};
	bool opened = bridge_names_open(&resolver, options, &diags);
	bool unknown = false;
	bool fine = true;
	json_t *general;
	json_t *list;

	report.unanswered = !supervisor_query_open(
		&query, QUERY_LIVE | QUERY_DEFINITIONS, &unreachable);
	if (opened)
		fine = bridge_names_resolve(
			&resolver, options, &bridges, &unknown, &found);
	begin_table(&report);
	check_ssh(&report);
	check_definitions(&report, &resolver, opened, &diags);
	if (opened)
		check_bridges(&report, &bridges, &found);
	check_supervisor(&report, &query, &unreachable);
	general = end_table(&report, "bridge");
	/* Why nothing could be opened stands in the table already. */
	diags_move(&diags, &found);
	if (opened)
		output_diags(&diags, options->verbose);
	list = examine_bridges(&report, &bridges, &query);
	fine = fine && opened && !unknown && !report.failed;
	if (options->json)
		output_json(json_pack("{s:b, s:o, s:o}", "ok", fine, "general",
			general, "bridges", list));
	else {
		json_decref(general);
		json_decref(list);
	}
	return fine ? EXIT_YES : EXIT_NO;
}
