/*
 * `bridge catalog graph`: the catalog as a picture.
 */
#include "catalog/rules/validate.h"
#include "cmd/catalog/graph_draw.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/command.h"
#include "cmd/context/open_catalog.h"
#include "cmd/ui/output.h"
#include "cmd/ui/write_file.h"

#include <stdio.h>
#include <string.h>

static size_t count_broken(const struct catalog *catalog)
{
	size_t broken = 0;

	for (int kind = 0; kind < DOCUMENT_KINDS; kind++)
		for (size_t i = 0; i < catalog->of[kind].count; i++)
			broken += !catalog->of[kind].list[i]->valid;
	return broken;
}

static void say_what_is_wrong(
	const struct catalog *catalog, const struct diags *findings)
{
	size_t broken = count_broken(catalog);

	if (findings->errors)
		output_note(
			"%zu document%s broken, %zu error%s in all; `bridge "
			"catalog validate` names them",
			broken, broken == 1 ? " is" : "s are", findings->errors,
			findings->errors == 1 ? "" : "s");
}

static void append_json(struct text *out, const struct resolver *resolver,
	const struct graph *graph)
{
	json_auto_t *json = open_catalog_json(resolver);
	AUTO_FREE char *dump = NULL;

	graph_draw_json(json, graph);
	dump = json_dumps(json, JSON_INDENT(2));
	text_format(out, "%s\n", dump ? dump : "null");
}

static bool draw(const struct resolver *resolver, const struct options *options,
	const struct diags *findings, struct diags *diags)
{
	const char *format = options->json      ? "json"
			     : options->picture ? options->picture
						: "dot";
	AUTO(graph) graph = GRAPH_INIT;
	AUTO(text) out = TEXT_INIT;

	graph_build(&graph, resolver->catalog, options->domain, findings);
	if (!strcmp(format, "json"))
		append_json(&out, resolver, &graph);
	else if (!strcmp(format, "mermaid"))
		graph_draw_mermaid(&out, &graph);
	else
		graph_draw_dot(&out, &graph);
	return write_file(options->output, &out, diags);
}

static enum exit_status read_and_draw(struct resolver *resolver,
	const struct options *options, struct diags *diags)
{
	AUTO(diags) findings = DIAGS_INIT;
	struct worktree_status check;

	open_catalog_start_notice(&check, resolver, options, true);
	validate_catalog(resolver->catalog, &findings);
	open_catalog_finish_notice(&check);
	if (open_catalog_could_not_run(&findings) ||
		open_catalog_could_not_run(diags)) {
		diags_move(diags, &findings);
		return EXIT_UNABLE;
	}
	if (!bridge_names_check_domain(
		    resolver->catalog, options->domain, diags))
		return EXIT_NO;
	if (!draw(resolver, options, &findings, diags))
		return EXIT_UNABLE;
	say_what_is_wrong(resolver->catalog, &findings);
	if (options->verbose)
		diags_move(diags, &findings);
	return EXIT_YES;
}

enum exit_status command_catalog_graph(const struct options *options)
{
	const char *path = options->count ? options->arguments[0] : NULL;
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	enum exit_status status = EXIT_UNABLE;

	if (open_catalog_quietly(&resolver, options, path, true, &diags))
		status = read_and_draw(&resolver, options, &diags);
	output_diags(&diags, options->verbose);
	return status;
}
