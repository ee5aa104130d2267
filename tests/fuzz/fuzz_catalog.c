/*
 * A whole catalog: every part is a file, its first line the path. It goes
 * through `validate`, and then every bridge is looked up and resolved.
 */
#include "tests/fuzz/fuzz.h"

#include "catalog/resolve.h"

#include <string.h>

static bool open_catalog(
	struct catalog **catalog, struct part files, struct diags *diags)
{
	bool good = catalog_open(catalog, fuzz_revision(files), diags);

	fuzz_check_diags(diags, good);
	return good;
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
	good = catalog_validate(catalog, &diags);
	fuzz_check_diags(&diags, good);
	REQUIRE(!good || diags.errors == errors);
	diags_sort(&diags);
	fuzz_check_diags(&diags, good || diags.errors);
	catalog_close(catalog);
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

	/* Opening compiles schemas, which is what takes the time: one of two.
	 */
	if (length % 4)
		validate(files);
	else
		resolve(files);
	return 0;
}
