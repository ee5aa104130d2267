#include "catalog/resolve/resolver.h"

#include "catalog/git/repository_path.h"
#include "catalog/resolve/discover.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void resolver_release(struct resolver *resolver)
{
	catalog_close(resolver->catalog);
	free(resolver->catalog_path);
	config_release(&resolver->config);
	*resolver = (struct resolver)RESOLVER_INIT;
}

/* The revision someone asked for, or NULL. */
static const char *asked_revision(const struct resolver_options *options)
{
	const char *variable = getenv("BRIDGE_CATALOG_REV");

	if (options->revision)
		return options->revision;
	return variable && *variable ? variable : NULL;
}

/*
 * --catalog, catalog_path or what is found here; catalog_revision is about
 * catalog_path alone.
 */
static void choose_catalog(struct resolver *resolver,
	const struct resolver_options *options, const char **rev,
	bool *discovered)
{
	const struct config *config = &resolver->config;
	bool in_repository;

	*rev = asked_revision(options);
	*discovered = false;
	if (options->catalog) {
		resolver->catalog_path = config_expand_home(options->catalog);
	} else if (config->catalog_path) {
		resolver->catalog_path = own_strdup(config->catalog_path);
		if (!*rev)
			*rev = config->catalog_revision;
	} else if (options->discover) {
		*discovered = true;
		resolver->catalog_path = discover_catalog(
			*rev ? *rev : "HEAD", &in_repository);
		if (!*rev && !in_repository)
			*rev = "WORKTREE";
	}
	if (!*rev)
		*rev = "HEAD";
}

/* Who names a repository means the catalog in it. */
static bool open_below(struct resolver *resolver, const char *rev, bool strict,
	struct diags *diags)
{
	struct revision *revision;
	char *place;

	if (!revision_open(
		    &revision, resolver->catalog_path, rev, strict, diags))
		return false;
	place = discover_below(resolver->catalog_path, revision);
	if (place && strcmp(place, resolver->catalog_path) != 0) {
		revision_close(revision);
		free(resolver->catalog_path);
		resolver->catalog_path = place;
		if (!revision_open(&revision, place, rev, strict, diags))
			return false;
	} else {
		free(place);
	}
	if (!catalog_open(&resolver->catalog, revision, diags))
		return false;
	resolver->catalog->has_config = resolver->config.root != NULL;
	resolver->catalog->config_actors = node_get(
		resolver->config.root, "actors");
	return true;
}

static bool lacks_catalog(const struct diags *diags, size_t first)
{
	for (size_t i = first; i < diags->count; i++)
		if (diags->list[i].rule == RULE_CATALOG_MISSING)
			return true;
	return false;
}

/*
 * What was found on disk need not be there in the revision, which may have its
 * catalog elsewhere, or be the tree of a folder.
 */
static bool find_elsewhere(struct resolver *resolver, const char *rev)
{
	AUTO_FREE char *top = repository_path_worktree_top(
		resolver->catalog_path);
	char *place = top ? discover_in(top, rev) : NULL;

	if (!place)
		return false;
	free(resolver->catalog_path);
	resolver->catalog_path = place;
	return true;
}

/* A catalog that was only just made is not in any commit. */
static void say_where_it_is(const struct resolver *resolver, const char *rev,
	size_t before, struct diags *diags)
{
	AUTO_FREE char *place = NULL;

	if (strcmp(rev, "HEAD") != 0)
		return;
	place = discover_in(resolver->catalog_path, "WORKTREE");
	if (!place)
		return;
	diags_shorten(diags, before);
	diag_error(diags, NULL, RULE_CATALOG_MISSING,
		"the catalog in '%s' is not in revision '%s'; commit it, or "
		"use --rev WORKTREE",
		place, rev);
}

static bool open_catalog(struct resolver *resolver, const char *rev,
	bool discovered, bool strict, struct diags *diags)
{
	size_t before = diags->count;
	bool good = open_below(resolver, rev, strict, diags);

	if (!good && discovered && lacks_catalog(diags, before) &&
		find_elsewhere(resolver, rev)) {
		diags_shorten(diags, before);
		good = open_below(resolver, rev, strict, diags);
	}
	if (!good && lacks_catalog(diags, before))
		say_where_it_is(resolver, rev, before, diags);
	resolver->catalog_failed = !good;
	return good;
}

static bool no_catalog(const struct resolver *resolver,
	const struct resolver_options *options, struct diags *diags)
{
	AUTO_FREE char *here = getcwd(NULL, 0);

	if (resolver->config.root)
		return diag_error(diags, NULL, RULE_CATALOG_MISSING,
			"'%s' names no catalog; add catalog_path, or use "
			"--catalog",
			resolver->config.path);
	if (options->discover)
		return diag_error(diags, NULL, RULE_CATALOG_MISSING,
			"there is no catalog at or above '%s': no domains/ and "
			"no opscatalog/domains/; `bridge catalog init DIR` "
			"makes one",
			here ? here : ".");
	return diag_error(diags, NULL, RULE_CATALOG_MISSING,
		"no catalog is named; use --catalog");
}

static bool no_config(struct diags *diags)
{
	AUTO_FREE char *path = config_default_path();

	return diag_error(diags, NULL, RULE_CONFIG_MISSING,
		"there is no '%s' and no catalog; `bridge catalog init DIR` "
		"makes one, --catalog names one",
		path);
}

static bool has_tunnels(const struct config *config)
{
	const struct node *tunnels = config_tunnels(config);

	return tunnels && tunnels->kind == NODE_MAP && tunnels->map.count;
}

bool resolver_open(struct resolver *resolver,
	const struct resolver_options *options, struct diags *diags)
{
	const char *rev;
	bool discovered;

	if (!config_load(&resolver->config, options->config, diags) &&
		!options->catalog)
		return false;
	choose_catalog(resolver, options, &rev, &discovered);
	if (resolver->catalog_path)
		return open_catalog(resolver, rev, discovered, options->strict,
			       diags) ||
		       (!options->need_catalog &&
			       has_tunnels(&resolver->config));
	if (options->need_catalog)
		return no_catalog(resolver, options, diags);
	if (options->need_config && !resolver->config.root)
		return no_config(diags);
	return true;
}
