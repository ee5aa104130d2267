#include "cmd/context/defined.h"

#include "catalog/resolve/resolve_all.h"
#include "catalog/store/list.h"
#include "cmd/context/bridge_names.h"
#include "cmd/context/open_catalog.h"
#include "tunnel/control/client.h"

#include <string.h>

enum { FRESH_MS = 2000 };

void defined_release(struct defined *defined)
{
	bridge_names_free(defined->names, defined->count);
	diags_release(&defined->diags);
	resolver_release(&defined->resolver);
	*defined = (struct defined)DEFINED_INIT;
}

static void keep_errors(struct defined *defined, struct diags *found)
{
	AUTO_FREE bool *drop = own_alloc(found->count + 1);

	for (size_t i = 0; i < found->count; i++)
		drop[i] = found->list[i].severity != SEVERITY_ERROR;
	diags_drop(found, 0, drop);
	diags_move(&defined->diags, found);
}

/* What is wrong with a single name is for `bridge catalog validate` to say. */
static void list_names(struct defined *defined)
{
	struct catalog *catalog = defined->resolver.catalog;
	AUTO(diags) found = DIAGS_INIT;

	if (catalog && !list_catalog(catalog, &found) &&
		open_catalog_could_not_run(&found))
		keep_errors(defined, &found);
	defined->names = resolve_names(&defined->resolver, &defined->count);
}

static void read_definitions(
	struct defined *defined, const struct options *options)
{
	struct resolver_options sources = bridge_names_sources(options);
	AUTO(diags) found = DIAGS_INIT;

	resolver_open(&defined->resolver, &sources, &found);
	keep_errors(defined, &found);
	list_names(defined);
	defined->read_errors = defined->diags.count;
	defined->read_at = client_now();
}

void defined_begin(struct defined *defined, const struct options *options)
{
	void (*take)(const json_t *status, void *data) = defined->take;
	void *data = defined->data;

	if (!defined->read_at || client_now() - defined->read_at >= FRESH_MS) {
		defined_release(defined);
		defined->take = take;
		defined->data = data;
		read_definitions(defined, options);
	}
	diags_shorten(&defined->diags, defined->read_errors);
	defined->at = 0;
	defined->shown = 0;
}

json_t *defined_status(const struct bridge *bridge)
{
	json_t *status = bridge_to_json(bridge, false);

	json_object_set_new(status, "state", json_string("stopped"));
	json_object_set_new(status, "uptime_seconds", json_null());
	json_object_set_new(status, "pid", json_null());
	json_object_set_new(status, "supervisor_pid", json_null());
	json_object_set_new(status, "last_event", json_object());
	return status;
}

static void take_defined(struct defined *defined, const char *name)
{
	AUTO(bridge) bridge = BRIDGE_INIT;
	AUTO(diags) diags = DIAGS_INIT;
	bool found;

	if (resolve_selected(
		    &defined->resolver, name, &bridge, &found, &diags) &&
		found) {
		json_auto_t *status = defined_status(&bridge);

		defined->shown++;
		defined->take(status, defined->data);
		return;
	}
	keep_errors(defined, &diags);
}

static void take_before(struct defined *defined, const char *name)
{
	for (; defined->at < defined->count; defined->at++) {
		int order = name ? strcmp(defined->names[defined->at], name)
				 : -1;

		if (order > 0)
			return;
		if (order < 0)
			take_defined(defined, defined->names[defined->at]);
	}
}

void defined_take(const json_t *status, void *data)
{
	struct defined *defined = data;
	const char *name = json_string_value(json_object_get(status, "name"));

	if (name)
		take_before(defined, name);
	defined->take(status, defined->data);
}

void defined_end(struct defined *defined)
{
	take_before(defined, NULL);
}
