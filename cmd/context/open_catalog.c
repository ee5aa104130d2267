#include "cmd/context/open_catalog.h"

#include "cmd/context/bridge_names.h"
#include "cmd/ui/output.h"

#include <string.h>

bool open_catalog_quietly(struct resolver *resolver,
	const struct options *options, const char *path, bool strict,
	struct diags *diags)
{
	struct resolver_options sources = bridge_names_sources(options);

	if (path)
		sources.catalog = path;
	sources.need_catalog = true;
	sources.discover = true;
	sources.strict = strict;
	return resolver_open(resolver, &sources, diags);
}

void open_catalog_start_notice(struct worktree_status *check,
	const struct resolver *resolver, const struct options *options,
	bool strict)
{
	*check = (struct worktree_status){.started = false};
	/* Who names HEAD means it; the look takes as long as git status. */
	if (!options->quiet && !options->rev)
		worktree_status_start(check, resolver->catalog_path,
			resolver->catalog->revision, strict);
}

void open_catalog_finish_notice(struct worktree_status *check)
{
	if (worktree_status_finish(check))
		output_note("reading HEAD; the working tree differs from it "
			    "(--rev WORKTREE reads the files)");
}

bool open_catalog_with_notice(struct resolver *resolver,
	const struct options *options, const char *path, bool strict,
	struct diags *diags)
{
	struct worktree_status check;

	if (!open_catalog_quietly(resolver, options, path, strict, diags))
		return false;
	open_catalog_start_notice(&check, resolver, options, strict);
	open_catalog_finish_notice(&check);
	return true;
}

bool open_catalog_could_not_run(const struct diags *diags)
{
	for (size_t i = 0; i < diags->count; i++)
		switch (diags->list[i].rule) {
		case RULE_IO_READ:
		case RULE_GIT_REPOSITORY:
		case RULE_GIT_REVISION:
		case RULE_GIT_OBJECT:
		case RULE_CATALOG_MISSING:
			return true;
		default:
			break;
		}
	return false;
}

enum exit_status open_catalog_status(bool fine, const struct diags *diags)
{
	if (open_catalog_could_not_run(diags))
		return EXIT_UNABLE;
	return fine ? EXIT_YES : EXIT_NO;
}

json_t *open_catalog_json(const struct resolver *resolver)
{
	return json_pack("{s:s, s:s}", "catalog",
		resolver->catalog_path ? resolver->catalog_path : "",
		"revision", revision_id(resolver->catalog->revision));
}
