#include "catalog/git/repository_path.h"

#include "schema/base/text.h"

#include <errno.h>
#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Cut the last part off; false at the root. */
static bool cut_last_part(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || !path[1])
		return false;
	slash[slash == path] = '\0';
	return true;
}

static bool has_dot_parts(const char *path)
{
	for (; *path; path += strspn(path, "/")) {
		size_t length = strcspn(path, "/");

		if (path[0] == '.' && length <= 2 && path[length - 1] == '.')
			return true;
		path += length;
	}
	return false;
}

static char *absolute(const char *path)
{
	AUTO_FREE char *here = NULL;
	AUTO(text) whole = TEXT_INIT;

	if (path[0] != '/') {
		here = getcwd(NULL, 0);
		if (!here)
			return NULL;
		text_format(&whole, "%s/", here);
	}
	text_append(&whole, path);
	while (whole.length > 1 && whole.data[whole.length - 1] == '/')
		whole.data[--whole.length] = '\0';
	return text_detach(&whole);
}

char *repository_path_real(const char *path, struct diags *diags)
{
	AUTO_FREE char *whole = absolute(path);
	AUTO_FREE char *existing = whole ? own_strdup(whole) : NULL;
	AUTO(text) real = TEXT_INIT;

	while (existing) {
		AUTO_FREE char *found = realpath(existing, NULL);
		const char *rest = whole + strlen(existing);

		if (found) {
			rest += strspn(rest, "/");
			if (has_dot_parts(rest))
				break;
			text_append(&real, found);
			if (*rest)
				text_format(&real, "%s%s", found[1] ? "/" : "",
					rest);
			return text_detach(&real);
		}
		if ((errno != ENOENT && errno != ENOTDIR) ||
			!cut_last_part(existing))
			break;
		errno = ENOENT;
	}
	diag_errno(diags, NULL, RULE_IO_READ, "cannot reach '%s'", path);
	return NULL;
}

char *repository_path_existing(const char *real_path)
{
	char *folder = own_strdup(real_path);
	struct stat status;

	while (stat(folder, &status) || !S_ISDIR(status.st_mode))
		if (!cut_last_part(folder))
			break;
	return folder;
}

bool repository_path_looks_bare(const char *folder)
{
	static const char *const parts[] = {"HEAD", "objects", "refs"};

	for (size_t i = 0; i < COUNT(parts); i++) {
		AUTO(text) path = TEXT_INIT;

		text_format(&path, "%s/%s", folder, parts[i]);
		if (access(path.data, F_OK))
			return false;
	}
	return true;
}

char *repository_path_worktree_top(const char *real_path)
{
	AUTO_FREE char *folder = repository_path_existing(real_path);

	do {
		AUTO(text) git = TEXT_INIT;
		struct stat status;

		text_format(&git, "%s/.git", folder);
		if (!lstat(git.data, &status))
			return own_strdup(folder);
	} while (!repository_path_looks_bare(folder) && cut_last_part(folder));
	return NULL;
}

char *repository_path_owned_folder(const char *folder)
{
	char *top = repository_path_worktree_top(folder);
	git_buf found = {.ptr = NULL};

	if (!top && !git_repository_discover(&found, folder, 0, NULL))
		top = own_strndup(found.ptr, found.size - (found.size > 1));
	git_buf_dispose(&found);
	return top ? top : own_strdup(folder);
}
