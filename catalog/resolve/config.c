#include "catalog/resolve/config.h"

#include "catalog/document/schemas.h"
#include "catalog/document/secrets.h"

#include "schema/base/text.h"
#include "schema/yaml/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void config_release(struct config *config)
{
	arena_release(&config->arena);
	*config = (struct config)CONFIG_INIT;
}

char *config_expand_home(const char *path)
{
	const char *home = getenv("HOME");
	AUTO(text) expanded = TEXT_INIT;

	if (path[0] != '~' || (path[1] && path[1] != '/') || !home || !*home)
		return own_strdup(path);
	text_format(&expanded, "%s%s", home, path + 1);
	return text_detach(&expanded);
}

static char *join_path(const char *folder, const char *rest)
{
	AUTO(text) path = TEXT_INIT;

	text_format(&path, "%s/%s", folder, rest);
	return text_detach(&path);
}

char *config_default_path(void)
{
	const char *xdg = getenv("XDG_CONFIG_HOME");
	AUTO_FREE char *first = NULL;
	char *second = config_expand_home("~/.config/bridge/tunnels.yaml");

	/* The XDG specification: relative paths are to be ignored. */
	if (!xdg || *xdg != '/')
		return second;
	first = join_path(xdg, "bridge/tunnels.yaml");
	if (access(first, F_OK) && !access(second, F_OK))
		return second;
	free(second);
	second = first;
	first = NULL;
	return second;
}

/* Which file, and whether someone named it. */
static char *choose_path(const char *explicit_path, bool *named)
{
	const char *variable = getenv("BRIDGE_CONFIG");

	*named = true;
	if (explicit_path)
		return own_strdup(explicit_path);
	if (variable && *variable)
		return config_expand_home(variable);
	*named = false;
	return config_default_path();
}

static bool read_tunnels(struct config *config, const char *path, bool named,
	struct diags *diags)
{
	AUTO(text) content = TEXT_INIT;
	struct source *source;
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && !named && (errno == ENOENT || errno == ENOTDIR))
		return true;
	if (fd < 0 && errno == ENOENT)
		return diag_error(diags, NULL, RULE_CONFIG_MISSING,
			"there is no file '%s'; see --config and BRIDGE_CONFIG",
			path);
	if (fd < 0)
		return diag_errno(
			diags, NULL, RULE_IO_READ, "cannot open '%s'", path);
	if (!text_read(&content, fd, YAML_MAX_BYTES))
		return diag_errno(
			diags, NULL, RULE_IO_READ, "cannot read '%s'", path);
	source = arena_alloc(&config->arena, sizeof(*source));
	source->path = config->path = arena_strdup(&config->arena, path);
	source->length = content.length;
	source->bytes = arena_strndup(
		&config->arena, content.data, content.length);
	config->source = source;
	return true;
}

/*
 * A document with nothing but this tunnel: whether the schema's findings are
 * about it, wherever aliases and merges have taken its parts from.
 */
static bool tunnel_is_valid(struct config *config,
	const struct schemas *schemas, const struct member *tunnel)
{
	struct arena *arena = &config->arena;
	const struct member *tunnels = node_member(config->root, "tunnels");
	struct node *inner = node_new(arena, NODE_MAP, NULL);
	struct node *outer = node_new(arena, NODE_MAP, NULL);
	AUTO(diags) unheard = DIAGS_INIT;

	inner->map.members = arena_alloc(arena, sizeof(*tunnel));
	inner->map.members[0] = *tunnel;
	inner->map.count = 1;
	node_index(arena, inner);
	outer->map.members = arena_alloc(arena, sizeof(*tunnel));
	outer->map.members[0] = (struct member){
		.key = tunnels->key, .value = inner};
	outer->map.count = 1;
	node_index(arena, outer);
	return schemas_validate(schemas, DOCUMENT_TUNNELS, outer, &unheard);
}

static void find_broken(struct config *config, const struct schemas *schemas)
{
	const struct node *tunnels = config_tunnels(config);

	if (!tunnels || tunnels->kind != NODE_MAP)
		return;
	config->broken = arena_alloc(
		&config->arena, tunnels->map.count * sizeof(*config->broken));
	for (size_t i = 0; i < tunnels->map.count; i++)
		config->broken[i] = !tunnel_is_valid(
			config, schemas, &tunnels->map.members[i]);
}

static bool check_config(struct config *config, struct diags *diags)
{
	AUTO(schemas) schemas = SCHEMAS_INIT;

	if (!schemas_prepare(&schemas, DOCUMENT_TUNNELS, diags))
		return false;
	config->valid = schemas_validate(
		&schemas, DOCUMENT_TUNNELS, config->root, diags);
	if (!config->valid)
		find_broken(config, &schemas);
	secrets_check(config->root, diags);
	return true;
}

/* A relative catalog_path counts from the file's folder. */
static const char *find_catalog_path(struct config *config)
{
	const char *path = node_string(node_get(config->root, "catalog_path"));
	AUTO_FREE char *expanded = path ? config_expand_home(path) : NULL;
	AUTO_FREE char *real = NULL;
	AUTO_FREE char *whole = NULL;
	char *slash;

	if (!path || !*path)
		return NULL;
	if (*expanded == '/')
		return arena_strdup(&config->arena, expanded);
	real = realpath(config->path, NULL);
	if (!real)
		return NULL;
	slash = strrchr(real, '/');
	*slash = '\0';
	whole = join_path(real, expanded);
	return arena_strdup(&config->arena, whole);
}

bool config_load(
	struct config *config, const char *explicit_path, struct diags *diags)
{
	bool named;
	AUTO_FREE char *path = choose_path(explicit_path, &named);

	if (!read_tunnels(config, path, named, diags))
		return false;
	if (!config->source)
		return true;
	config->root = yaml_parse(&config->arena, config->source, diags);
	if (!config->root || !check_config(config, diags))
		return false;
	config->catalog_path = find_catalog_path(config);
	config->catalog_revision = node_string(
		node_get(config->root, "catalog_revision"));
	return true;
}

const struct node *config_tunnels(const struct config *config)
{
	return node_get(config->root, "tunnels");
}

const struct member *config_tunnel(
	const struct config *config, const char *name, bool *usable)
{
	const struct node *tunnels = config_tunnels(config);
	const struct member *member = node_member(tunnels, name);

	if (member)
		*usable = !config->broken ||
			  !config->broken[member - tunnels->map.members];
	return member;
}
