#include "catalog/git/open_error.h"

#include "catalog/git/libgit2_init.h"
#include "catalog/git/repository_path.h"
#include "catalog/git/shell_quote.h"

#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first of these that is somebody else's; `top` when none is. */
static const char *first_foreign(
	const char *top, const char *link, const char *git, uid_t *owner)
{
	const char *const paths[] = {top, link, git};
	struct stat status = {.st_uid = 0};

	for (size_t i = 0; i < COUNT(paths); i++)
		if (paths[i] && !stat(paths[i], &status) &&
			status.st_uid != geteuid()) {
			*owner = status.st_uid;
			return paths[i];
		}
	*owner = status.st_uid;
	return top;
}

/* Of a linked working tree, the repository elsewhere may be the foreign one. */
static bool foreign_owner(const char *folder, struct diags *diags)
{
	AUTO_FREE char *top = repository_path_owned_folder(folder);
	AUTO(text) link = TEXT_INIT;
	AUTO(text) command = TEXT_INIT;
	git_buf git = {.ptr = NULL};
	const struct passwd *user;
	const char *foreign;
	char number[64];
	uid_t owner;

	text_format(&link, "%s/.git", top);
	git_repository_discover(&git, folder, 0, NULL);
	foreign = first_foreign(top, link.data, git.ptr, &owner);
	user = getpwuid(owner);
	snprintf(number, sizeof(number), "uid %u", (unsigned)owner);
	text_append(&command, "git config --global --add safe.directory ");
	shell_quote(&command, top);
	diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"'%s' belongs to %s, not to you; if you trust it: %s", foreign,
		user ? user->pw_name : number, command.data);
	git_buf_dispose(&git);
	return false;
}

/* What still reads files where libgit2 reads no objects. */
static void append_files(struct text *out, const char *folder,
	const char *before, const char *after)
{
	AUTO_FREE char *top = repository_path_worktree_top(folder);

	if (top)
		text_format(out, "%suse --rev WORKTREE to read the files%s",
			before, after);
}

static bool unknown_hash(const char *folder, struct diags *diags)
{
	AUTO(text) export = TEXT_INIT;
	AUTO(text) files = TEXT_INIT;

	append_files(&files, folder, "", ", or ");
	text_append(&export, "git -C ");
	shell_quote(&export, folder);
	text_append(&export, " fast-export --signed-tags=strip --all");
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"the repository of '%s' has SHA-256 object ids, which libgit2 "
		"cannot read; %sname a copy with SHA-1 ids: git init --bare "
		"COPY && %s | git -C COPY fast-import",
		folder, files.data, export.data);
}

static bool unknown_references(const char *folder, struct diags *diags)
{
	AUTO(text) migrate = TEXT_INIT;
	AUTO(text) files = TEXT_INIT;

	append_files(&files, folder, "", ", or ");
	text_append(&migrate, "git -C ");
	shell_quote(&migrate, folder);
	text_append(&migrate, " refs migrate --ref-format=files");
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"the repository of '%s' keeps its references as reftable, "
		"which libgit2 cannot read; %suse git 2.46 or newer: %s",
		folder, files.data, migrate.data);
}

static const struct format {
	const char *extension;
	const char *usual, *known;
	bool (*refuse)(const char *folder, struct diags *diags);
} formats[] = {
	{"extensions.objectformat", "sha1", "sha256", unknown_hash},
	{"extensions.refstorage", "files", "reftable", unknown_references},
};

static bool unknown_format(const struct format *format, const char *value,
	const char *folder, struct diags *diags)
{
	AUTO(text) files = TEXT_INIT;

	if (!strcmp(value, format->known))
		return format->refuse(folder, diags);
	append_files(&files, folder, "; ", "");
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"the repository of '%s' has %s '%.100s', which libgit2 cannot "
		"read%s",
		folder, format->extension, value, files.data);
}

static bool check_formats(
	git_config *local, const char *folder, struct diags *diags)
{
	bool good = true;

	for (size_t i = 0; good && i < COUNT(formats); i++) {
		const struct format *format = &formats[i];
		git_buf value = {.ptr = NULL};

		if (!git_config_get_string_buf(
			    &value, local, format->extension) &&
			strcmp(value.ptr, format->usual) != 0)
			good = unknown_format(format, value.ptr, folder, diags);
		git_buf_dispose(&value);
	}
	return good;
}

bool open_error_format(
	git_repository *repository, const char *folder, struct diags *diags)
{
	git_config *config = NULL;
	git_config *local = NULL;
	bool good = true;

	/* What a user's own configuration says of it, Git does not hear. */
	if (!git_repository_config(&config, repository) &&
		!git_config_open_level(&local, config, GIT_CONFIG_LEVEL_LOCAL))
		good = check_formats(local, folder, diags);
	git_config_free(local);
	git_config_free(config);
	return good;
}

/* What linked working trees share: gitrepository-layout(5), "commondir". */
static void append_common(struct text *out, const char *git)
{
	AUTO(text) file = TEXT_INIT;
	AUTO(text) common = TEXT_INIT;
	AUTO_CLOSE int fd = -1;

	text_format(&file, "%scommondir", git);
	fd = open(file.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || !text_read(&common, fd, PATH_MAX)) {
		text_append(out, git);
		return;
	}
	common.data[strcspn(common.data, "\n")] = '\0';
	if (*common.data != '/')
		text_append(out, git);
	text_format(out, "%s/", common.data);
}

/*
 * The same of one that could not be opened: from 1.7 on libgit2 refuses a hash
 * that it does not know itself, in fewer words.
 */
static bool check_unopened(const char *folder, struct diags *diags)
{
	git_buf git = {.ptr = NULL};
	git_config *local = NULL;
	AUTO(text) file = TEXT_INIT;
	bool good = true;

	if (!git_repository_discover(
		    &git, folder, 0, getenv("GIT_CEILING_DIRECTORIES"))) {
		append_common(&file, git.ptr);
		text_append(&file, "config");
		if (!git_config_open_ondisk(&local, file.data))
			good = check_formats(local, folder, diags);
	}
	git_config_free(local);
	git_buf_dispose(&git);
	return good;
}

bool open_error_is_foreign(int code)
{
	return code == GIT_EOWNER || strstr(libgit2_error(), "safe.directory");
}

bool open_error_explain(const char *folder, const char *real_path, int code,
	struct diags *diags)
{
	AUTO_FREE char *error = own_strdup(libgit2_error());
	AUTO(text) files = TEXT_INIT;

	if (open_error_is_foreign(code))
		return foreign_owner(folder, diags);
	if (code == GIT_ENOTFOUND && access(real_path, F_OK))
		return diag_error(diags, NULL, RULE_IO_READ,
			"there is no '%s'; name the catalog's folder, or its "
			"repository",
			real_path);
	if (code == GIT_ENOTFOUND)
		return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
			"'%s' is in no Git repository; use --rev WORKTREE to "
			"read the files as they are",
			folder);
	if (!check_unopened(folder, diags))
		return false;
	append_files(&files, folder, "; ", "");
	return diag_error(diags, NULL, RULE_GIT_REPOSITORY,
		"cannot open the repository of '%s': %s%s", folder, error,
		files.data);
}
