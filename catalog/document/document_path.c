#include "catalog/document/document_path.h"

#include "schema/base/alloc.h"

#include <string.h>

struct part {
	const char *at;
	size_t length;
};

/* The parts of a path from its end; those it does not have are empty. */
static void split(const char *path, struct part *parts, size_t count)
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

static bool is(const struct part *part, const char *name)
{
	return part->length == strlen(name) &&
	       !strncmp(part->at, name, part->length);
}

static bool cut_ending(struct part *part)
{
	static const char *const endings[] = {".yaml", ".yml"};

	for (size_t i = 0; i < COUNT(endings); i++) {
		size_t length = strlen(endings[i]);

		if (part->length <= length ||
			strncmp(part->at + part->length - length, endings[i],
				length))
			continue;
		part->length -= length;
		return true;
	}
	return false;
}

static bool fill(struct place *place, enum document_kind kind, const char *path,
	const struct part *top, const struct part *domain,
	const struct part *id)
{
	*place = (struct place){.kind = kind,
		.domain = domain ? domain->at : NULL,
		.domain_length = domain ? domain->length : 0,
		.id = id->at,
		.id_length = id->length,
		.root = path,
		.root_length = (size_t)(top->at - path)};
	return true;
}

bool place_of(struct place *place, const char *path)
{
	struct part parts[4];

	split(path, parts, COUNT(parts));
	if (!cut_ending(&parts[0]))
		return false;
	if (is(&parts[3], "domains") && is(&parts[1], "bridges"))
		return fill(place, DOCUMENT_BRIDGE, path, &parts[3], &parts[2],
			&parts[0]);
	if (is(&parts[3], "domains") && is(&parts[1], "targets"))
		return fill(place, DOCUMENT_TARGET, path, &parts[3], &parts[2],
			&parts[0]);
	if (is(&parts[2], "domains") && is(&parts[0], "domain"))
		return fill(place, DOCUMENT_DOMAIN, path, &parts[2], &parts[1],
			&parts[1]);
	if (is(&parts[1], "actors"))
		return fill(place, DOCUMENT_ACTOR, path, &parts[1], NULL,
			&parts[0]);
	return false;
}

bool place_has_id(const struct place *place, enum document_kind kind,
	const char *id, size_t length)
{
	return place->kind == kind && place->id_length == length &&
	       !memcmp(place->id, id, length);
}

bool place_has_root(const struct place *place, const char *root, size_t length)
{
	return place->root_length == length &&
	       !memcmp(place->root, root, length);
}
