#include "catalog/since.h"

#include <stdlib.h>
#include <string.h>

/* Whether the bytes at a path differ; the last answer is remembered. */
struct comparison {
	struct revision *now, *then;
	const char *path;
	bool differs;
};

static int compare(const void *a, const void *b)
{
	return diag_compare(a, b);
}

static bool is_old(const struct diag *diag, const struct diags *old)
{
	const struct diag *same = old->count
					  ? bsearch(diag, old->list, old->count,
						    sizeof(*diag), compare)
					  : NULL;

	return same && same->severity == diag->severity;
}

/* A path of a finding, as its revision counts it; NULL outside the catalog. */
static const char *inside(const struct revision *revision, const char *path)
{
	const char *prefix = revision_prefix(revision);
	size_t length = strlen(prefix);

	return strncmp(path, prefix, length) ? NULL : path + length;
}

static bool compare_content(
	struct comparison *comparison, const char *path, struct diags *diags)
{
	AUTO(arena) arena = ARENA_INIT;
	const struct source *now;
	const struct source *then;

	if (!revision_read(comparison->now, path, &arena, &now, diags) ||
		!revision_read(comparison->then, path, &arena, &then, diags))
		return false;
	comparison->differs = !now != !then ||
			      (now && (now->length != then->length ||
					      memcmp(now->bytes, then->bytes,
						      now->length)));
	return true;
}

/*
 * A folder, a link or a file that is too large cannot be read: a finding that
 * was the same before counts as old.
 */
static bool differs(struct comparison *comparison, const char *path)
{
	const char *relative = inside(comparison->now, path);
	AUTO(diags) unreadable = DIAGS_INIT;

	if (comparison->path && !strcmp(comparison->path, path))
		return comparison->differs;
	comparison->path = path;
	comparison->differs = false;
	if (relative)
		compare_content(comparison, relative, &unreadable);
	return comparison->differs;
}

void since_keep(struct diags *findings, struct revision *now,
	const struct diags *old, struct revision *then)
{
	struct comparison comparison = {.now = now, .then = then};
	bool *drop = own_alloc(findings->count + 1);

	for (size_t i = 0; i < findings->count; i++) {
		const struct diag *diag = &findings->list[i];

		drop[i] = is_old(diag, old) &&
			  !(diag->path && differs(&comparison, diag->path));
	}
	diags_drop(findings, drop);
	free(drop);
}
