#include "cmd/bridges/status_choose.h"

#include "cmd/context/bridge_names.h"
#include "cmd/context/defined.h"

/*
 * What is configured and has never run is stopped, and is no mistake; what is
 * wrong with it otherwise goes to `diags`.
 */
static json_t *configured(
	const struct options *options, const char *name, struct diags *diags)
{
	AUTO(resolver) resolver = RESOLVER_INIT;
	AUTO(diags) findings = DIAGS_INIT;
	AUTO(bridge) bridge = BRIDGE_INIT;
	bool found = false;

	if (!bridge_names_open(&resolver, options, &findings))
		return NULL;
	if (!resolve_bridge(&resolver, name, &bridge, &found, &findings)) {
		if (found)
			diags_move(diags, &findings);
		return NULL;
	}
	if (!found)
		return NULL;
	return defined_status(&bridge);
}

bool status_choose(json_t **chosen, const struct supervisor_query *query,
	const struct options *options, struct diags *diags)
{
	bool fine = true;

	*chosen = json_array();
	for (size_t i = 0; i < options->count; i++) {
		const char *name = options->arguments[i];
		json_t *status = json_incref(
			supervisor_query_find(query, name));
		unsigned before = diags->errors;
		size_t count;
		char **known;

		if (bridge_names_is_repeated(options, i)) {
			json_decref(status);
			continue;
		}
		if (!status)
			status = configured(options, name, diags);
		if (status) {
			json_array_append_new(*chosen, status);
			continue;
		}
		if (diags->errors > before) {
			fine = false;
			continue;
		}
		known = supervisor_query_names(query, options, &count);
		fine = bridge_names_unknown(diags, "bridge", name,
			(const char *const *)known, count);
		bridge_names_free(known, count);
	}
	return fine;
}
