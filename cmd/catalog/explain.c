/*
 * `bridge catalog explain`: what the rules say, from the table of
 * schema/diag/explain.def.
 */
#include "schema/diag/explain.h"
#include "cmd/context/command.h"
#include "cmd/ui/output.h"
#include "cmd/ui/table.h"
#include "schema/base/suggest.h"

#include <stdio.h>

static json_t *example_json(const struct example_file *files)
{
	AUTO(text) example = TEXT_INIT;

	if (!files)
		return json_null();
	explain_example(&example, files);
	return json_string(example.data);
}

static json_t *rule_json(enum rule rule)
{
	const struct rule_row *row = &rule_rows[rule];
	const struct rule_explanation *more = &rule_explanations[rule];

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "rule", row->id,
		"severity", severity_name(row->severity), "title", row->title,
		"advice", row->advice, "why", more->why, "wrong",
		example_json(more->wrong), "right", example_json(more->right));
}

static enum exit_status explain_all(const struct options *options)
{
	static const struct column columns[] = {
		{"RULE", 0, 0}, {"SEVERITY", 0, 1}, {"WHAT", 20, 0}};
	AUTO(table) table = TABLE_INIT;
	json_t *list;

	if (options->json) {
		list = json_array();
		for (int rule = 0; rule < RULE_COUNT; rule++)
			json_array_append_new(list, rule_json((enum rule)rule));
		output_json(json_pack("{s:o}", "rules", list));
		return EXIT_YES;
	}
	table_begin(&table, columns, COUNT(columns));
	for (int rule = 0; rule < RULE_COUNT; rule++) {
		table_add(&table, rule_rows[rule].id);
		table_add(&table, severity_name(rule_rows[rule].severity));
		table_add(&table, rule_rows[rule].title);
	}
	table_print(&table, stdout);
	return EXIT_YES;
}

static enum exit_status unknown_rule(const char *id)
{
	const char *ids[RULE_COUNT];
	const char *near;

	for (int rule = 0; rule < RULE_COUNT; rule++)
		ids[rule] = rule_rows[rule].id;
	near = suggest_nearest(id, ids, RULE_COUNT);
	if (near)
		output_error(
			"there is no rule '%s'; did you mean '%s'?", id, near);
	else
		output_error("there is no rule '%s'; `bridge catalog explain` "
			     "lists them",
			id);
	return EXIT_NO;
}

enum exit_status command_catalog_explain(const struct options *options)
{
	AUTO(text) words = TEXT_INIT;
	enum rule rule;

	if (!options->count)
		return explain_all(options);
	rule = rule_find(options->arguments[0]);
	if (rule == RULE_COUNT)
		return unknown_rule(options->arguments[0]);
	if (options->json) {
		output_json(rule_json(rule));
		return EXIT_YES;
	}
	explain_text(&words, rule);
	printf("%s (%s): %s\n\n%s", rule_rows[rule].id,
		severity_name(rule_rows[rule].severity), rule_rows[rule].title,
		words.data);
	return EXIT_YES;
}
