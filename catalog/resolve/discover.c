#include "catalog/resolve/discover.h"

#include "catalog/document/document_path.h"
#include "catalog/git/repository_path.h"
#include "catalog/git/revision.h"

#include "schema/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Below each folder that is looked at. */
static const char *const places[] = {"", "opscatalog"};

static char *below(const char *folder, const char *place)
{
	size_t length = strlen(folder);
	bool bare = !length || folder[length - 1] == '/';
	AUTO(text) path = TEXT_INIT;

	text_format(&path, "%s%s%s", folder, bare || !*place ? "" : "/", place);
	return text_detach(&path);
}

static bool has_domains(const char *folder)
{
	AUTO(text) path = TEXT_INIT;
	struct stat status;

	text_format(&path, "%s/" DOCUMENT_PATH_DOMAINS, folder);
	return !stat(path.data, &status) && S_ISDIR(status.st_mode);
}

static char *look_at_folder(const char *folder)
{
	for (size_t i = 0; i < COUNT(places); i++) {
		char *place = below(folder, places[i]);

		if (has_domains(place))
			return place;
		free(place);
	}
	return NULL;
}

char *discover_below(const char *path, struct revision *revision)
{
	AUTO(diags) unheard = DIAGS_INIT;

	for (size_t i = 0; i < COUNT(places); i++) {
		AUTO_FREE char *domains = below(
			places[i], DOCUMENT_PATH_DOMAINS);
		struct revision_entry entry;
		bool found;

		if (!revision_lookup(
			    revision, domains, &entry, &found, &unheard))
			return NULL;
		if (found && entry.kind == ENTRY_FOLDER)
			return below(path, places[i]);
	}
	return NULL;
}

char *discover_in(const char *folder, const char *rev)
{
	AUTO(diags) unheard = DIAGS_INIT;
	struct revision *revision;
	char *place;

	if (!revision_open(&revision, folder, rev, false, &unheard))
		return NULL;
	place = discover_below(folder, revision);
	revision_close(revision);
	return place;
}

char *discover_catalog(const char *rev, bool *in_repository)
{
	AUTO_FREE char *folder = getcwd(NULL, 0);
	AUTO_FREE char *top = folder ? repository_path_worktree_top(folder)
				     : NULL;
	bool bare = folder && repository_path_looks_bare(folder);

	*in_repository = top || bare;
	if (!folder)
		return NULL;
	if (bare)
		return discover_in(folder, rev);
	while (true) {
		char *slash = strrchr(folder, '/');
		char *found = look_at_folder(folder);

		if (found || !top)
			return found;
		if (!strcmp(folder, top))
			return discover_in(top, rev);
		*slash = '\0';
	}
}
