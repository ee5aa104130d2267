/*
 * Paths of a revision as they are shown: they count from the repository's
 * root, in findings and in the sources that are read.
 */
#ifndef CATALOG_REVISION_PATH_H
#define CATALOG_REVISION_PATH_H

#include "schema/base/arena.h"
#include "schema/base/text.h"
#include "schema/diag/diag.h"

struct revision;

/* "the whole document at path", for a finding; `shown` holds its path. */
struct origin revision_path_origin(const struct revision *revision,
	const char *path, struct source *source, struct text *shown);

/* The three findings that every kind makes. All return false. */
bool revision_path_not_a_file(const struct revision *revision, const char *path,
	const char *what, struct diags *diags);

bool revision_path_too_large(
	const struct revision *revision, const char *path, struct diags *diags);

bool revision_path_git_error(const struct revision *revision, const char *path,
	const char *what, struct diags *diags);

/* A source in the arena with `length` + 1 bytes of room for its content. */
struct source *revision_path_source(const struct revision *revision,
	const char *path, struct arena *arena, size_t length, char **bytes);

/* The last part. */
const char *revision_path_name(const char *path);

#endif
