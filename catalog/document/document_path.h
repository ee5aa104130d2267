/*
 * Where the documents of a catalog lie: from a kind and an id to a path, and
 * back.
 *
 *	catalog.yaml
 *	actors/<id>.yaml
 *	domains/<id>/domain.yaml
 *	domains/<domain>/targets/<id>.yaml
 *	domains/<domain>/bridges/<id>.yaml
 *	schemas/<kind>.schema.yaml, .json: see custom_schemas.h
 *
 * .yml is as good as .yaml.
 */
#ifndef CATALOG_DOCUMENT_PATH_H
#define CATALOG_DOCUMENT_PATH_H

#include "schema/base/text.h"
#include "schema/embedded.h"

#include <stdbool.h>
#include <stddef.h>

#define DOCUMENT_PATH_DOMAINS "domains"
#define DOCUMENT_PATH_ACTORS  "actors"
#define DOCUMENT_PATH_SCHEMAS "schemas"

enum { DOCUMENT_PATH_ENDINGS = 2 };

/* The first is preferred. */
extern const char *const document_path_endings[DOCUMENT_PATH_ENDINGS];

/*
 * Append the path without its ending. Of a bridge or target the domain is
 * named, too.
 */
void document_path_append(struct text *path, enum document_kind kind,
	const char *domain, const char *id);

/* In its domain's folder, a bridge's or target's: "bridges" or "targets". */
const char *document_path_folder(enum document_kind kind);

/* How long the id is in a file's name "<id>.yaml"; 0 of any other name. */
size_t document_path_id_length(const char *name);

/* Is it the name of a domain's own document? */
bool document_path_is_domain(const char *name);

/*
 * Would a catalog read what lies at this path below its root? That of a folder
 * that may hold such files ends in a slash.
 */
bool document_path_is_read(const char *path);

/* What a path says of the definition that lies at it. */
struct document_path {
	enum document_kind kind; /* a domain, target, bridge or actor */
	const char *domain, *id; /* inside the path; the domain may be NULL */
	size_t domain_length, id_length;
	const char *root;   /* the catalog's, in front of the rest: "ops/" */
	size_t root_length; /* of it */
};

/*
 * The path counts from the repository's root, and the catalog's root may be
 * any folder. False for a path that no definition has.
 */
bool document_path_parse(struct document_path *place, const char *path);

/* Of the same kind, with the same id. */
bool document_path_has_id(const struct document_path *place,
	enum document_kind kind, const char *id, size_t length);

/* Of the same catalog; a repository can hold several. */
bool document_path_has_root(
	const struct document_path *place, const char *root, size_t length);

#endif
