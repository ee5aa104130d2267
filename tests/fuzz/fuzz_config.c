/*
 * tunnels.yaml, and behind the cut the files of a catalog, if any. Whatever
 * resolves is good for ssh and survives its way to the supervisor.
 */
#include "catalog/resolve/resolve_all.h"
#include "tests/fuzz/fuzz.h"

#include "catalog/resolve/resolve.h"
#include "tunnel/ssh/argv.h"

#include <string.h>

static void check_bridge(const struct bridge *bridge)
{
	AUTO(diags) diags = DIAGS_INIT;
	const struct ssh_options options = {.old_ssh = false};
	json_auto_t *json = bridge_to_json(bridge, true);
	struct bridge again = BRIDGE_INIT;
	char **argv = NULL;

	REQUIRE(json);
	REQUIRE(bridge_from_json(&again, json, &diags));
	REQUIRE(bridge_same_definition(bridge, &again));
	REQUIRE(ssh_argv(&argv, &again, &options, &diags));
	ssh_argv_free(argv);
	bridge_release(&again);
}

static void resolve(struct resolver *resolver, struct diags *diags)
{
	AUTO(bridges) bridges = BRIDGES_INIT;
	bool good = resolve_all(resolver, NULL, &bridges, diags);
	size_t count;
	char **names = resolve_names(resolver, &count);

	fuzz_check_diags(diags, good);
	for (size_t i = 0; i < bridges.count; i++)
		check_bridge(&bridges.list[i]);
	for (size_t i = 0; i < count; i++) {
		struct bridge bridge = BRIDGE_INIT;
		bool found;

		good = resolve_bridge(
			resolver, names[i], &bridge, &found, diags);
		fuzz_check_diags(diags, good);
		bridge_release(&bridge);
		free(names[i]);
	}
	free(names);
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
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	struct part rest = {(const char *)bytes, length};
	struct part config;
	char path[128];
	bool good;

	fuzz_part(&rest, &config);
	snprintf(path, sizeof(path), "%s/tunnels.yaml", fuzz_folder());
	if (!fuzz_write("tunnels.yaml", config))
		return 0;
	good = config_load(&resolver.config, path, &diags);
	fuzz_check_diags(&diags, good);
	if (good && rest.bytes)
		good = catalog_open(
			&resolver.catalog, fuzz_revision(rest), &diags);
	fuzz_check_diags(&diags, good);
	if (good)
		resolve(&resolver, &diags);
	return 0;
}
