#include "cmd/catalog.h"

#include "cmd/names.h"
#include "cmd/output.h"

#include <string.h>

bool catalog_from_options(struct resolver *resolver,
	const struct options *options, const char *path, bool strict,
	struct diags *diags)
{
	struct resolver_options sources = names_sources(options);
	struct revision *revision;

	if (path)
		sources.catalog = path;
	sources.need_catalog = true;
	sources.discover = true;
	sources.strict = strict;
	if (!resolver_open(resolver, &sources, diags))
		return false;
	revision = resolver->catalog->revision;
	if (!options->quiet && !strcmp(revision_name(revision), "HEAD") &&
		revision_is_dirty(revision))
		output_note("reading HEAD; the working tree differs from it "
			    "(--rev WORKTREE reads the files)");
	return true;
}

json_t *catalog_json(const struct resolver *resolver)
{
	return json_pack("{s:s, s:s}", "catalog",
		resolver->catalog_path ? resolver->catalog_path : "",
		"revision", revision_id(resolver->catalog->revision));
}
