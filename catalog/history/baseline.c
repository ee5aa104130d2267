#include "catalog/history/baseline.h"

#include "catalog/rules/check_ports.h"

#include <stdlib.h>
#include <string.h>

/* Whether the bytes at a path differ; the last answer is remembered. */
struct comparison {
	struct revision *now, *then;
	const char *path;
	bool differs;
};

static int compare_mistakes(const void *a, const void *b)
{
	return diag_compare_mistakes(a, b);
}

static bool is_old(const struct diag *diag, const struct diags *old)
{
	const struct diag *same = old->count
					  ? bsearch(diag, old->list, old->count,
						    sizeof(*diag),
						    compare_mistakes)
					  : NULL;

	return same && same->severity == diag->severity;
}

/* A path of a finding, as its revision counts it; NULL outside the catalog. */
static const char *relative_path(
	const struct revision *revision, const char *path)
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
	const char *relative = relative_path(comparison->now, path);
	AUTO(diags) unreadable = DIAGS_INIT;

	if (comparison->path && !strcmp(comparison->path, path))
		return comparison->differs;
	comparison->path = path;
	comparison->differs = false;
	if (relative)
		compare_content(comparison, relative, &unreadable);
	return comparison->differs;
}

/* The findings of baseline_keep_new(), while clashes are turned round. */
struct turning {
	struct diags *findings;
	struct comparison *comparison;
	bool *drop; /* for each finding there was before */
	size_t count;
};

/* The finding that port_clash_report() has made. */
static size_t find_clash(
	const struct turning *turning, const struct port_clash *clash)
{
	const struct origin *at = &clash->second_port->at;
	size_t i;

	for (i = 0; i < turning->count; i++) {
		const struct diag *diag = &turning->findings->list[i];

		if (diag->rule == RULE_PORT_CLASH && diag->line == at->line &&
			diag->column == at->column &&
			!strcmp(diag->path, at->source->path) &&
			!strcmp(diag->about, clash->first->path))
			break;
	}
	return i;
}

/* The change is no mistake of the bridge that was there before. */
static void turn_clash(const struct port_clash *clash, void *data)
{
	struct turning *turning = data;
	size_t index;

	if (differs(turning->comparison, clash->second_port->at.source->path) ||
		!differs(turning->comparison,
			clash->first_port->at.source->path))
		return;
	index = find_clash(turning, clash);
	if (index == turning->count)
		return;
	turning->drop[index] = true;
	port_clash_report(&(struct port_clash){.first = clash->second,
				  .second = clash->first,
				  .first_port = clash->second_port,
				  .second_port = clash->first_port,
				  .host = clash->host},
		turning->findings);
}

static void turn_clashes(struct diags *findings, struct catalog *now,
	struct comparison *comparison)
{
	struct turning turning = {.findings = findings,
		.comparison = comparison,
		.count = findings->count};
	bool any = false;

	for (size_t i = 0; i < findings->count; i++)
		any = any || findings->list[i].rule == RULE_PORT_CLASH;
	if (!any)
		return;
	turning.drop = own_alloc(findings->count * 2 * sizeof(bool));
	port_clash_each(now, turn_clash, &turning);
	diags_drop(findings, 0, turning.drop);
	free(turning.drop);
}

static void drop_old(struct diags *findings, const struct diags *old,
	struct comparison *comparison)
{
	bool *drop = own_alloc(findings->count + 1);

	for (size_t i = 0; i < findings->count; i++) {
		const struct diag *diag = &findings->list[i];

		drop[i] = is_old(diag, old) &&
			  !(diag->path && differs(comparison, diag->path));
	}
	diags_drop(findings, 0, drop);
	free(drop);
}

void baseline_keep_new(struct diags *findings, struct catalog *now,
	struct diags *old, struct revision *then)
{
	struct comparison comparison = {.now = now->revision, .then = then};

	if (old->count)
		qsort(old->list, old->count, sizeof(*old->list),
			compare_mistakes);
	turn_clashes(findings, now, &comparison);
	drop_old(findings, old, &comparison);
	diags_sort(findings);
}
