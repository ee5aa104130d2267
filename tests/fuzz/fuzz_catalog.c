/*
 * A whole catalog: every part is a file, its first line the path. It goes
 * through `validate` and is drawn, or every bridge is looked up and resolved.
 */
#include "catalog/resolve/resolve_all.h"
#include "catalog/rules/validate.h"
#include "tests/fuzz/fuzz.h"

#include "catalog/resolve/resolve.h"
#include "cmd/catalog/graph_draw.h"
#include "schema/base/utf8.h"

#include <string.h>

static bool open_catalog(
	struct catalog **catalog, struct part files, struct diags *diags)
{
	bool good = catalog_open(catalog, fuzz_revision(files), diags);

	fuzz_check_diags(diags, good);
	return good;
}

/* What a terminal may be given; the indent is of tabs. */
static void check_picture(const struct text *picture)
{
	for (size_t at = 0; at < picture->length;) {
		uint32_t point;
		size_t size = utf8_decode(
			&point, picture->data + at, picture->length - at);

		REQUIRE(size);
		REQUIRE(point == '\n' || point == '\t' || utf8_is_plain(point));
		at += size;
	}
}

static void draw(struct catalog *catalog, const struct diags *findings)
{
	AUTO(graph) graph = GRAPH_INIT;
	AUTO(text) dot = TEXT_INIT;
	AUTO(text) mermaid = TEXT_INIT;
	json_auto_t *json = json_object();

	graph_build(&graph, catalog, NULL, findings);
	graph_draw_dot(&dot, &graph);
	check_picture(&dot);
	graph_draw_mermaid(&mermaid, &graph);
	check_picture(&mermaid);
	graph_draw_json(json, &graph);
	REQUIRE(json_array_size(json_object_get(json, "nodes")) ==
		graph.node_count);
	REQUIRE(json_array_size(json_object_get(json, "edges")) ==
		graph.edge_count);
}

static void validate(struct part files)
{
	AUTO(diags) diags = DIAGS_INIT;
	struct catalog *catalog;
	size_t errors;
	bool good;

	if (!open_catalog(&catalog, files, &diags))
		return;
	errors = diags.errors;
	good = validate_catalog(catalog, &diags);
	fuzz_check_diags(&diags, good);
	REQUIRE(!good || diags.errors == errors);
	diags_sort(&diags);
	fuzz_check_diags(&diags, good || diags.errors);
	draw(catalog, &diags);
	catalog_close(catalog);
}

/* What is found in digests is what is found in whole trees. */
static void compare(struct part files)
{
	AUTO(diags) whole = DIAGS_INIT;
	AUTO(diags) digests = DIAGS_INIT;
	struct catalog *catalog;

	if (!open_catalog(&catalog, files, &whole))
		return;
	validate_catalog(catalog, &whole);
	catalog_close(catalog);
	diags_sort(&whole);
	REQUIRE(open_catalog(&catalog, files, &digests));
	catalog->digests = true;
	validate_catalog(catalog, &digests);
	catalog_close(catalog);
	diags_sort(&digests);
	REQUIRE(whole.count == digests.count);
	for (size_t i = 0; i < whole.count; i++)
		REQUIRE(!diag_compare(&whole.list[i], &digests.list[i]));
}

static void resolve_each(struct resolver *resolver)
{
	AUTO(diags) unheard = DIAGS_INIT;
	size_t count;
	char **names = resolve_names(resolver, &count);

	for (size_t i = 0; i < count; i++) {
		AUTO(diags) diags = DIAGS_INIT;
		struct bridge bridge = BRIDGE_INIT;
		bool found;
		bool good = resolve_bridge(
			resolver, names[i], &bridge, &found, &diags);

		fuzz_check_diags(&diags, good);
		if (good && found)
			REQUIRE(bridge_check(&bridge, &unheard));
		bridge_release(&bridge);
		free(names[i]);
	}
	free(names);
}

static void resolve(struct part files)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(bridges) bridges = BRIDGES_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	bool good;

	if (!open_catalog(&resolver.catalog, files, &diags))
		return;
	/* By ids alone first: nothing is listed then. */
	for (int kind = 0; kind < DOCUMENT_KINDS; kind++) {
		struct document *document;

		catalog_find(resolver.catalog, (enum document_kind)kind, "a",
			&document, &diags);
	}
	resolve_each(&resolver);
	good = resolve_all(&resolver, NULL, &bridges, &diags);
	fuzz_check_diags(&diags, good);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_folder();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct part files = {(const char *)bytes, length};

	/* Opening compiles schemas, which is what takes the time: one of them.
	 */
	switch (length % 4) {
	case 0:
		resolve(files);
		break;
	case 1:
		compare(files);
		break;
	default:
		validate(files);
	}
	return 0;
}
