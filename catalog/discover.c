#include "catalog/discover.h"

#include "catalog/repository.h"
#include "catalog/revision.h"

#include "schema/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Below each folder that is looked at. */
static const char *const places[] = {"", "/opscatalog"};

static bool has_domains(const char *folder)
{
	AUTO(text) path = TEXT_INIT;
	struct stat status;

	text_format(&path, "%s/domains", folder);
	return !stat(path.data, &status) && S_ISDIR(status.st_mode);
}

static char *look_at(const char *folder)
{
	for (size_t i = 0; i < COUNT(places); i++) {
		AUTO(text) place = TEXT_INIT;

		text_format(&place, "%s%s", folder, places[i]);
		if (has_domains(place.data))
			return text_detach(&place);
	}
	return NULL;
}

static char *look_into_bare(const char *folder, const char *rev)
{
	static const char *const names[] = {"domains", "opscatalog/domains"};
	AUTO(diags) unheard = DIAGS_INIT;
	struct revision *revision;
	bool found = false;
	char *place = NULL;

	if (!revision_open(&revision, folder, rev, false, &unheard))
		return NULL;
	for (size_t i = 0; !found && i < COUNT(names); i++) {
		struct revision_entry entry;
		AUTO(text) path = TEXT_INIT;

		if (!revision_lookup(
			    revision, names[i], &entry, &found, &unheard))
			break;
		text_format(&path, "%s%s", folder, places[i]);
		if (found)
			place = text_detach(&path);
	}
	revision_close(revision);
	return place;
}

char *discover_catalog(const char *rev, bool *in_repository)
{
	AUTO_FREE char *folder = getcwd(NULL, 0);
	AUTO_FREE char *top = folder ? revision_worktree_top(folder) : NULL;
	bool bare = folder && repository_looks_bare(folder);

	*in_repository = top || bare;
	if (!folder)
		return NULL;
	if (bare)
		return look_into_bare(folder, rev);
	while (true) {
		char *slash = strrchr(folder, '/');
		char *found = look_at(folder);

		if (found || !top || !strcmp(folder, top))
			return found;
		*slash = '\0';
	}
}
