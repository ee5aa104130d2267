#include "cmd/context/bridge_names.h"

#include "catalog/resolve/resolve_all.h"
#include "catalog/store/list.h"
#include "schema/base/suggest.h"

#include <stdlib.h>
#include <string.h>

struct resolver_options bridge_names_sources(const struct options *options)
{
	return (struct resolver_options){
		.config = options->config,
		.catalog = options->catalog,
		.revision = options->rev,
	};
}

bool bridge_names_open(struct resolver *resolver, const struct options *options,
	struct diags *diags)
{
	struct resolver_options sources = bridge_names_sources(options);

	sources.need_config = true;
	return resolver_open(resolver, &sources, diags);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All there are where they fit into a line, else the command that lists them.
 */
enum { LISTED = 8 };

static void list_known(struct text *text, const char *what,
	const char *const *known, size_t count)
{
	AUTO_FREE const char **names = own_alloc((count + 1) * sizeof(*names));
	size_t kept = 0;

	if (count)
		memcpy(names, known, count * sizeof(*names));
	qsort(names, count, sizeof(*names), by_bytes);
	for (size_t i = 0; i < count; i++)
		if (!kept || strcmp(names[kept - 1], names[i]) != 0)
			names[kept++] = names[i];
	if (!kept)
		text_append(text, ", and there is none; `bridge catalog init "
				  "DIR` makes a first one");
	else if (kept > LISTED)
		text_format(text, "; `bridge %s` lists the %zu there are",
			!strcmp(what, "target")   ? "targets"
			: !strcmp(what, "domain") ? "catalog list"
						  : "catalog list --json",
			kept);
	for (size_t i = 0; i < kept && kept <= LISTED; i++)
		text_format(text, "%s%s",
			i           ? ", "
			: kept == 1 ? "; there is "
				    : "; there are ",
			names[i]);
}

bool bridge_names_unknown(struct diags *diags, const char *what,
	const char *name, const char *const *known, size_t count)
{
	const char *near = suggest_nearest(name, known, count);
	AUTO(text) others = TEXT_INIT;

	if (near) {
		diag_error(diags, NULL, RULE_BRIDGE_UNKNOWN,
			"no %s is called '%.100s'; did you mean '%s'?", what,
			name, near);
		diag_about(diags, near);
		return false;
	}
	list_known(&others, what, known, count);
	return diag_error(diags, NULL, RULE_BRIDGE_UNKNOWN,
		"no %s is called '%.100s'%s", what, name, others.data);
}

bool bridge_names_disabled(const struct bridge *bridge, struct diags *diags)
{
	return diag_error(diags, NULL, RULE_BRIDGE_INCOMPLETE,
		"bridge '%s' is disabled by %s; set enabled: true to bring it "
		"up",
		bridge->name, bridge->set_by[BRIDGE_enabled]);
}

bool bridge_names_is_repeated(const struct options *options, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!strcmp(options->arguments[i], options->arguments[at]))
			return true;
	return false;
}

void bridge_names_free(char **names, size_t count)
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

bool bridge_names_check_domain(
	const struct catalog *catalog, const char *domain, struct diags *diags)
{
	const struct documents *domains = &catalog->of[DOCUMENT_DOMAIN];
	AUTO_FREE const char **names = own_alloc(
		(domains->count + 1) * sizeof(*names));

	if (!domain)
		return true;
	for (size_t i = 0; i < domains->count; i++) {
		names[i] = domains->list[i]->id;
		if (!strcmp(names[i], domain))
			return true;
	}
	return bridge_names_unknown(
		diags, "domain", domain, names, domains->count);
}

/* What cannot be listed is said when it is resolved. */
static bool domain_is_there(
	struct resolver *resolver, const char *domain, struct diags *diags)
{
	AUTO(diags) ignored = DIAGS_INIT;

	if (!domain || !resolver->catalog ||
		!list_catalog(resolver->catalog, &ignored))
		return true;
	return bridge_names_check_domain(resolver->catalog, domain, diags);
}

bool bridge_names_resolve(struct resolver *resolver,
	const struct options *options, struct bridges *bridges, bool *unknown,
	struct diags *diags)
{
	bool fine = true;

	*unknown = false;
	if (!domain_is_there(resolver, options->domain, diags)) {
		*unknown = true;
		return false;
	}
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

			bridge_names_unknown(diags, "bridge", name,
				(const char *const *)known, count);
			bridge_names_free(known, count);
			*unknown = true;
			fine = false;
			continue;
		}
		*bridges_add(bridges) = bridge;
		bridge = (struct bridge)BRIDGE_INIT;
	}
	return fine;
}
