#include "cmd/names.h"

#include "schema/nearest.h"

#include <stdlib.h>
#include <string.h>

struct resolver_options names_sources(const struct options *options)
{
	return (struct resolver_options){
		.config = options->config,
		.catalog = options->catalog,
		.revision = options->rev,
	};
}

bool names_open(struct resolver *resolver, const struct options *options,
	struct diags *diags)
{
	struct resolver_options sources = names_sources(options);

	sources.need_config = true;
	return resolver_open(resolver, &sources, diags);
}

bool names_unknown(struct diags *diags, const char *what, const char *name,
	const char *const *known, size_t count)
{
	const char *near = nearest(name, known, count);

	if (near) {
		diag_error(diags, NULL, RULE_BRIDGE_UNKNOWN,
			"no %s is called '%.100s'; did you mean '%s'?", what,
			name, near);
		diag_about(diags, near);
		return false;
	}
	return diag_error(diags, NULL, RULE_BRIDGE_UNKNOWN,
		"no %s is called '%.100s'; `bridge %s` lists them", what, name,
		strcmp(what, "target") ? "catalog list" : "targets");
}

void names_free(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

static bool is_there(const struct bridges *bridges, const char *name)
{
	for (size_t i = 0; i < bridges->count; i++)
		if (!strcmp(bridges->list[i].name, name))
			return true;
	return false;
}

bool names_resolve(struct resolver *resolver, const struct options *options,
	struct bridges *bridges, bool *unknown, struct diags *diags)
{
	bool fine = true;

	*unknown = false;
	if (!options->count)
		return resolve_all(resolver, options->domain, bridges, diags);
	for (size_t i = 0; i < options->count; i++) {
		const char *name = options->arguments[i];
		AUTO(bridge) bridge = BRIDGE_INIT;
		bool found;

		if (is_there(bridges, name))
			continue;
		if (!resolve_bridge(resolver, name, &bridge, &found, diags)) {
			fine = false;
			continue;
		}
		if (!found) {
			size_t count;
			char **known = resolve_names(resolver, &count);

			names_unknown(diags, "bridge", name,
				(const char *const *)known, count);
			names_free(known, count);
			*unknown = true;
			fine = false;
			continue;
		}
		*bridges_add(bridges) = bridge;
		bridge = (struct bridge)BRIDGE_INIT;
	}
	return fine;
}
