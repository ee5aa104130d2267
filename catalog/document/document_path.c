#include "catalog/document/document_path.h"

#include <string.h>

const char *const document_path_endings[DOCUMENT_PATH_ENDINGS] = {
	".yaml", ".yml"};

const char *document_path_folder(enum document_kind kind)
{
	return kind == DOCUMENT_BRIDGE ? "bridges" : "targets";
}

void document_path_append(struct text *path, enum document_kind kind,
	const char *domain, const char *id)
{
	switch (kind) {
	case DOCUMENT_ACTOR:
		text_format(path, DOCUMENT_PATH_ACTORS "/%s", id);
		break;
	case DOCUMENT_DOMAIN:
		text_format(path, DOCUMENT_PATH_DOMAINS "/%s/domain", id);
		break;
	case DOCUMENT_TARGET:
	case DOCUMENT_BRIDGE:
		text_format(path, DOCUMENT_PATH_DOMAINS "/%s/%s/%s", domain,
			document_path_folder(kind), id);
		break;
	case DOCUMENT_CATALOG:
	case DOCUMENT_TUNNELS:
	case DOCUMENT_KINDS:
		text_append(path, id);
		break;
	}
}

static bool ends_in(const char *path, size_t length, const char *ending)
{
	size_t size = strlen(ending);

	return length >= size && !strncmp(path + length - size, ending, size);
}

/* Without its ending; 0 when it has none of ours, or nothing else. */
static size_t stem_length(const char *name, size_t length)
{
	for (size_t i = 0; i < DOCUMENT_PATH_ENDINGS; i++)
		if (ends_in(name, length, document_path_endings[i]))
			return length - strlen(document_path_endings[i]);
	return 0;
}

size_t document_path_id_length(const char *name)
{
	return stem_length(name, strlen(name));
}

bool document_path_is_domain(const char *name)
{
	static const char stem[] = "domain";

	return document_path_id_length(name) == strlen(stem) &&
	       !strncmp(name, stem, strlen(stem));
}

/* A new folder, as `git status` shows it, ends in a slash. */
static bool has_read_ending(const char *path)
{
	size_t length = strlen(path);

	return stem_length(path, length) || ends_in(path, length, ".json") ||
	       ends_in(path, length, "/");
}

bool document_path_is_read(const char *path)
{
	static const char *const places[] = {DOCUMENT_PATH_DOMAINS "/",
		DOCUMENT_PATH_ACTORS "/", DOCUMENT_PATH_SCHEMAS "/",
		"catalog.y"};

	for (size_t i = 0; has_read_ending(path) && i < COUNT(places); i++)
		if (!strncmp(path, places[i], strlen(places[i])))
			return true;
	return false;
}

struct part {
	const char *at;
	size_t length;
};

/* The parts of a path from its end; those it does not have are empty. */
static void split_path(const char *path, struct part *parts, size_t count)
{
	const char *end = path + strlen(path);

	for (size_t i = 0; i < count; i++) {
		const char *at = end;

		while (at > path && at[-1] != '/')
			at--;
		parts[i] = (struct part){at, (size_t)(end - at)};
		end = at > path ? at - 1 : path;
	}
}

static bool part_is(const struct part *part, const char *name)
{
	return part->length == strlen(name) &&
	       !strncmp(part->at, name, part->length);
}

static bool fill_path(struct document_path *place, enum document_kind kind,
	const char *path, const struct part *top, const struct part *domain,
	const struct part *id)
{
	*place = (struct document_path){.kind = kind,
		.domain = domain ? domain->at : NULL,
		.domain_length = domain ? domain->length : 0,
		.id = id->at,
		.id_length = id->length,
		.root = path,
		.root_length = (size_t)(top->at - path)};
	return true;
}

bool document_path_parse(struct document_path *place, const char *path)
{
	struct part parts[4];

	split_path(path, parts, COUNT(parts));
	parts[0].length = stem_length(parts[0].at, parts[0].length);
	if (!parts[0].length)
		return false;
	if (part_is(&parts[3], DOCUMENT_PATH_DOMAINS) &&
		part_is(&parts[1], document_path_folder(DOCUMENT_BRIDGE)))
		return fill_path(place, DOCUMENT_BRIDGE, path, &parts[3],
			&parts[2], &parts[0]);
	if (part_is(&parts[3], DOCUMENT_PATH_DOMAINS) &&
		part_is(&parts[1], document_path_folder(DOCUMENT_TARGET)))
		return fill_path(place, DOCUMENT_TARGET, path, &parts[3],
			&parts[2], &parts[0]);
	if (part_is(&parts[2], DOCUMENT_PATH_DOMAINS) &&
		part_is(&parts[0], "domain"))
		return fill_path(place, DOCUMENT_DOMAIN, path, &parts[2],
			&parts[1], &parts[1]);
	if (part_is(&parts[1], DOCUMENT_PATH_ACTORS))
		return fill_path(place, DOCUMENT_ACTOR, path, &parts[1], NULL,
			&parts[0]);
	return false;
}

bool document_path_has_id(const struct document_path *place,
	enum document_kind kind, const char *id, size_t length)
{
	return place->kind == kind && place->id_length == length &&
	       !memcmp(place->id, id, length);
}

bool document_path_has_root(
	const struct document_path *place, const char *root, size_t length)
{
	return place->root_length == length &&
	       !memcmp(place->root, root, length);
}
