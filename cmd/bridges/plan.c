#include "cmd/bridges/plan.h"

#include "catalog/resolve/resolve_all.h"
#include "cmd/bridges/bring_up.h"
#include "cmd/bridges/take_down.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/key_file.h"
#include "cmd/context/open_catalog.h"
#include "cmd/ui/change.h"
#include "cmd/ui/output.h"
#include "cmd/ui/table.h"
#include "schema/base/json_line.h"
#include "tunnel/state/state_dir.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *word;
	enum paint paint;
} actions[PLAN_ACTIONS] = {
	[PLAN_START] = {"start", PAINT_GOOD},
	[PLAN_RESTART] = {"restart", PAINT_WARN},
	[PLAN_UPDATE] = {"update", PAINT_WARN},
	[PLAN_STOP] = {"stop", PAINT_BAD},
	[PLAN_FORGET] = {"forget", PAINT_DIM},
	[PLAN_LEAVE] = {"leave", PAINT_DIM},
	[PLAN_KEEP] = {"keep", PAINT_DIM},
};

/* A value in the plan's table; JSON has it whole. */
enum { MAX_SHOWN = 60 };

void plan_release(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct plan_row *row = &plan->rows[i];

		free(row->name);
		free(row->why);
		free(row->place);
		free(row->old_place);
		json_decref(row->changes);
		json_decref(row->definition);
	}
	free(plan->rows);
	*plan = (struct plan)PLAN_INIT;
}

static struct plan_row *add_row(struct plan *plan, const char *name)
{
	struct plan_row *row;

	plan->rows = own_grow(
		plan->rows, plan->count, &plan->capacity, sizeof(*plan->rows));
	row = &plan->rows[plan->count++];
	*row = (struct plan_row){.name = own_strdup(name)};
	return row;
}

static void decide_row(struct plan_row *row, enum plan_action action,
	const char *format, ...) PRINTF(3, 4);

static void decide_row(
	struct plan_row *row, enum plan_action action, const char *format, ...)
{
	AUTO(text) why = TEXT_INIT;
	va_list arguments;

	va_start(arguments, format);
	text_vformat(&why, format, arguments);
	va_end(arguments);
	row->action = action;
	row->why = text_detach(&why);
}

/* Two with the same place cannot listen at the same time. */
static char *place_of_bridge(const struct bridge *bridge)
{
	AUTO(text) text = TEXT_INIT;

	text_format(&text, "%s %u %s %u", bridge->host, bridge->ssh_port,
		bridge->remote_bind, bridge->remote_port);
	return text_detach(&text);
}

/* "remote_port: 1 -> 2; tags: (none) -> [...]" */
static void describe_changes(struct plan_row *row)
{
	AUTO(text) text = TEXT_INIT;
	size_t i;
	json_t *change;

	json_array_foreach(row->changes, i, change)
	{
		text_append(&text, i ? "; " : "");
		change_append(&text, change, MAX_SHOWN);
	}
	row->why = text_detach(&text);
}

/* The definition it runs with; its text came over the socket. */
static bool as_it_runs(struct bridge *bridge, const json_t *status)
{
	AUTO(diags) ignored = DIAGS_INIT;

	return bridge_from_json(
		bridge, json_object_get(status, "definition"), &ignored);
}

static bool is_in_state(const json_t *status, const char *state)
{
	const char *word = json_text(status, "state");

	return word && !strcmp(word, state);
}

static bool same_source(const struct bridge *a, const struct bridge *b)
{
	json_auto_t *x = bridge_to_json(a, false);
	json_auto_t *y = bridge_to_json(b, false);

	return json_equal(x, y);
}

/* It runs, and is defined and enabled. */
static void compare_with_running(
	struct plan_row *row, const struct bridge *bridge, const json_t *status)
{
	AUTO(bridge) runs = BRIDGE_INIT;

	if (!as_it_runs(&runs, status)) {
		decide_row(row, PLAN_RESTART,
			"it runs with an unknown definition");
		return;
	}
	row->old_place = place_of_bridge(&runs);
	row->changes = bridge_differences(&runs, bridge);
	if (!json_array_size(row->changes)) {
		row->action = PLAN_KEEP;
		row->moved = !same_source(&runs, bridge);
		if (is_in_state(status, "failed"))
			decide_row(row, PLAN_START, "it had failed");
		return;
	}
	row->action = bridge_same_connection(&runs, bridge) &&
				      !is_in_state(status, "failed")
			      ? PLAN_UPDATE
			      : PLAN_RESTART;
	describe_changes(row);
}

static void decide_start(struct plan_row *row, const struct bridge *bridge)
{
	AUTO(text) local = TEXT_INIT;

	output_local_end(&local, bridge->local_host, bridge->local_port);
	decide_row(row, PLAN_START, "%s:%u -> %s", bridge->host,
		bridge->remote_port, local.data);
}

static void plan_defined(struct plan *plan, const struct bridge *bridge,
	const json_t *status, struct diags *diags)
{
	struct plan_row *row;

	if (!bridge->enabled && !status)
		return;
	row = add_row(plan, bridge->name);
	if (!bridge->enabled) {
		decide_row(row, PLAN_STOP, "disabled by %s",
			bridge->set_by[BRIDGE_enabled]);
		return;
	}
	row->definition = bridge_to_json(bridge, false);
	row->place = place_of_bridge(bridge);
	if (status)
		compare_with_running(row, bridge, status);
	else
		decide_start(row, bridge);
	/* What runs would be lost for one that cannot. */
	if ((row->action == PLAN_START || row->action == PLAN_RESTART) &&
		!key_file_check(bridge, diags)) {
		plan->fine = false;
		free(row->why);
		decide_row(row, PLAN_LEAVE, "its %skey cannot be used",
			status ? "new " : "");
	}
}

static void plan_undefined(struct plan *plan, struct resolver *resolver,
	const char *name, bool prune)
{
	struct plan_row *row = add_row(plan, name);
	AUTO(bridge) bridge = BRIDGE_INIT;
	AUTO(diags) ignored = DIAGS_INIT;
	bool found = false;

	if (!resolve_bridge(resolver, name, &bridge, &found, &ignored)) {
		decide_row(row, PLAN_LEAVE, "its definition has errors");
		return;
	}
	decide_row(row, prune ? PLAN_STOP : PLAN_LEAVE, "%s%s",
		found ? "not selected by catalog_select" : "not defined",
		prune ? "" : "; --prune stops it");
}

static bool has_ended(int directory, const char *name)
{
	AUTO_FREE char *file = state_file(name, ".state");
	AUTO_FREE char *word = state_read(directory, file, 64);

	return word && (!strcmp(word, "stopped") || !strcmp(word, "failed"));
}

/*
 * What has stopped and is wanted no more; its log is kept. Nothing while it
 * cannot be told what was wanted.
 */
static void plan_forgotten(struct plan *plan, struct resolver *resolver,
	const struct supervisor_query *query)
{
	int directory = query->client.directory;
	bool damaged = state_desired_is_damaged(directory);
	json_auto_t *wanted = state_desired(directory);
	size_t count;
	char **names = state_names(directory, &count);

	for (size_t i = 0; i < count; i++) {
		AUTO(bridge) bridge = BRIDGE_INIT;
		AUTO(diags) ignored = DIAGS_INIT;
		bool found = true;

		if (damaged || supervisor_query_find(query, names[i]) ||
			json_object_get(wanted, names[i]) ||
			!has_ended(directory, names[i]) ||
			!resolve_bridge(resolver, names[i], &bridge, &found,
				&ignored) ||
			found)
			continue;
		decide_row(add_row(plan, names[i]), PLAN_FORGET,
			"not defined, and stopped; its log is kept");
	}
	bridge_names_free(names, count);
}

static const char *name_of(const json_t *status)
{
	const char *name = json_text(status, "name");

	return name ? name : "";
}

static int by_name(const void *a, const void *b)
{
	const struct plan_row *x = a;
	const struct plan_row *y = b;

	return strcmp(x->name, y->name);
}

static int by_bridge_name(const void *a, const void *b)
{
	const struct bridge *x = a;
	const struct bridge *y = b;

	return strcmp(x->name, y->name);
}

/* A bridge that is being stopped does not run any more. */
static const json_t *find_live(
	const struct supervisor_query *query, const char *name)
{
	const json_t *status = supervisor_query_find(query, name);

	return status && supervisor_query_is_live(status) &&
			       !is_in_state(status, "stopping")
		       ? status
		       : NULL;
}

static bool leaves(const struct plan_row *row)
{
	return row->action == PLAN_RESTART || row->action == PLAN_STOP;
}

static void find_collisions(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct plan_row *row = &plan->rows[i];

		for (size_t k = 0;
			row->action == PLAN_RESTART && k < plan->count; k++)
			if (k != i && leaves(&plan->rows[k]) &&
				plan->rows[k].old_place &&
				!strcmp(plan->rows[k].old_place, row->place))
				row->in_the_way = true;
	}
}

static void plan_all(struct plan *plan, struct resolver *resolver,
	struct bridges *defined, const struct supervisor_query *query,
	bool prune, struct diags *diags)
{
	size_t i;
	json_t *status;

	if (defined->count)
		qsort(defined->list, defined->count, sizeof(*defined->list),
			by_bridge_name);
	for (size_t k = 0; k < defined->count; k++)
		plan_defined(plan, &defined->list[k],
			find_live(query, defined->list[k].name), diags);
	json_array_foreach(query->bridges, i, status)
	{
		struct bridge key = {
			.name = (char *)(uintptr_t)name_of(status)};

		if (find_live(query, key.name) &&
			!(defined->count &&
				bsearch(&key, defined->list, defined->count,
					sizeof(*defined->list),
					by_bridge_name)))
			plan_undefined(plan, resolver, key.name, prune);
	}
	if (prune && query->client.directory >= 0)
		plan_forgotten(plan, resolver, query);
	if (plan->count)
		qsort(plan->rows, plan->count, sizeof(*plan->rows), by_name);
	find_collisions(plan);
}

bool plan_make(struct plan *plan, struct resolver *resolver,
	const struct supervisor_query *query, bool prune, struct diags *diags)
{
	AUTO(bridges) defined = BRIDGES_INIT;

	plan->fine = !resolver->catalog_failed;
	if (resolver->catalog_failed)
		return false;
	plan->fine = resolve_all(resolver, NULL, &defined, diags);
	if (open_catalog_could_not_run(diags))
		return false;
	if (prune && !defined.count && json_array_size(query->bridges))
		return diag_error(diags, NULL, RULE_BRIDGE_INCOMPLETE,
			"nothing is defined, so --prune would stop every "
			"bridge that runs; use `bridge down` if that is meant");
	plan_all(plan, resolver, &defined, query, prune, diags);
	return true;
}

bool plan_is_empty(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].action < PLAN_LEAVE)
			return false;
	return true;
}

void plan_print(const struct plan *plan, bool all)
{
	AUTO(table) table = TABLE_INIT;

	table.columns = 3;
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_row *row = &plan->rows[i];

		if (row->action == PLAN_KEEP && !all)
			continue;
		table_add_painted(&table, actions[row->action].word,
			actions[row->action].paint);
		table_add(&table, row->name);
		table_add(&table, row->why ? row->why : "");
	}
	table_print(&table, stdout);
}

json_t *plan_json(const struct plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_row *row = &plan->rows[i];

		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s?, s:o}", "action",
				actions[row->action].word, "name", row->name,
				"reason",
				json_array_size(row->changes) ? NULL : row->why,
				"changes",
				row->changes ? json_incref(row->changes)
					     : json_array()));
	}
	return list;
}

static json_t *requests(const struct plan *plan, enum plan_action action,
	bool (*which)(const struct plan_row *row))
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].action == action && which(&plan->rows[i]))
			json_array_append_new(
				list, json_pack("{s:O}", "bridge",
					      plan->rows[i].definition));
	return list;
}

static bool any(const struct plan_row *row)
{
	(void)row;
	return true;
}

static bool is_free(const struct plan_row *row)
{
	return !row->in_the_way;
}

static bool is_in_the_way(const struct plan_row *row)
{
	return row->in_the_way;
}

static bool has_moved(const struct plan_row *row)
{
	return row->moved;
}

static void remove_forgotten(const struct plan *plan, int directory)
{
	for (size_t i = 0; i < plan->count; i++) {
		AUTO_FREE char *state = state_file(
			plan->rows[i].name, ".state");
		AUTO_FREE char *pid = state_file(plan->rows[i].name, ".pid");

		if (plan->rows[i].action != PLAN_FORGET)
			continue;
		unlinkat(directory, state, 0);
		unlinkat(directory, pid, 0);
	}
}

static json_t *names_to_stop(const struct plan *plan)
{
	json_t *names = json_array();

	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].action == PLAN_STOP ||
			plan->rows[i].in_the_way)
			json_array_append_new(
				names, json_string(plan->rows[i].name));
	return names;
}

enum exit_status plan_carry_out(const struct plan *plan,
	struct supervisor_query *query, const struct options *options,
	json_t **bridges, struct diags *diags)
{
	json_auto_t *stops = names_to_stop(plan);
	json_auto_t *restarts = requests(plan, PLAN_RESTART, is_free);
	json_auto_t *updates = requests(plan, PLAN_UPDATE, any);
	json_auto_t *moved = requests(plan, PLAN_KEEP, has_moved);
	json_auto_t *starts = requests(plan, PLAN_START, any);
	json_auto_t *again = requests(plan, PLAN_RESTART, is_in_the_way);
	const struct bring_up_step steps[] = {
		{.op = CONTROL_UPDATE, .requests = moved, .silent = true},
		{.op = CONTROL_UPDATE, .requests = updates},
		{.op = CONTROL_RESTART, .requests = restarts},
		{.op = CONTROL_UP, .requests = starts},
	};

	if (json_array_size(stops) &&
		!take_down_bridges(&query->client, stops, diags))
		return EXIT_UNABLE;
	json_array_extend(starts, again);
	remove_forgotten(plan, query->client.directory);
	return bring_up_all(steps, COUNT(steps), options, bridges, diags);
}
